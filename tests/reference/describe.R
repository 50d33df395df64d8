# Expected values for test_describe.py. Writes
# - describe_summary.csv: mean, sd, quantile type 7 and range of values with ties and gaps;
# - describe_proportion.csv: binom.test.
source("cases.R")
set.seed(2013)

summary_case <- function(n, kind) {
  x <- switch(kind,
    scores = round(rnorm(n, 40, 9)),
    enzyme = round(rlnorm(n, 6, 1), 1),
    gaps = ifelse(runif(n) < 0.3, NA, round(rnorm(n, 0, 5), 2)),
    equal = rep(round(runif(1, -50, 50), 1), n),
    ties = sample(c(0, 0, 1, 5, 30), n, TRUE))
  known <- x[!is.na(x)]; m <- length(known)
  if (m == 0) known <- NA
  q <- quantile(known, c(0.25, 0.5, 0.75), type = 7, names = FALSE, na.rm = TRUE)
  data.frame(values = text(x), n = m, n_missing = n - m, mean = number(mean(known)),
             sd = if (kind == "equal" && m > 1) "0" else number(sd(known)), q1 = number(q[1]), median = number(q[2]),
             q3 = number(q[3]), minimum = number(min(known)), maximum = number(max(known)))
}
kinds <- rep(c("scores", "enzyme", "gaps", "equal", "ties", "gaps"), length.out = length(sizes))
write_table(do.call(rbind, Map(summary_case, sizes, kinds)), "describe_summary.csv")

cases <- rbind(expand.grid(n = 1:12, events = 0:12, level = c(0.9, 0.95, 0.99)),
               expand.grid(n = c(20, 40), events = c(0, 1, 7, 13, 19, 20), level = c(0.95, 0.99)),
               data.frame(n = c(123, 1000, 1000, 1000), events = c(96, 0, 517, 1000), level = 0.95))
cases <- cases[cases$events <= cases$n, ]
limits <- mapply(function(x, n, level) binom.test(x, n, conf.level = level)$conf.int,
                 cases$events, cases$n, cases$level)
write_table(data.frame(cases, ci_low = number(limits[1, ]), ci_high = number(limits[2, ])), "describe_proportion.csv")
