# Expected values for tests/analysis/test_describe.py: `Rscript describe.R` in this folder writes
# describe_summary.csv (quantile type 7, mean, sd) and describe_proportion.csv (binom.test).
set.seed(2013)
text <- function(x) paste(sprintf("%.15g", x), collapse = " ")
number <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))

rows <- lapply(c(1:12, 25, 100), function(n) {
  x <- if (n %% 2) round(rnorm(n, 40, 9)) else round(rlnorm(n, 6, 1), 1)
  q <- quantile(x, c(0.25, 0.5, 0.75), type = 7, names = FALSE)
  data.frame(values = text(x), n = n, mean = number(mean(x)), sd = number(sd(x)), q1 = number(q[1]),
             median = number(q[2]), q3 = number(q[3]), minimum = number(min(x)), maximum = number(max(x)))
})
write.csv(do.call(rbind, rows), "describe_summary.csv", row.names = FALSE, quote = FALSE)

cases <- rbind(expand.grid(n = 1:8, events = 0:8, level = c(0.95, 0.99)),
               data.frame(n = c(40, 123, 1000, 1000, 1000), events = c(13, 96, 0, 517, 1000), level = 0.95))
cases <- cases[cases$events <= cases$n, ]
limits <- mapply(function(x, n, level) binom.test(x, n, conf.level = level)$conf.int,
                 cases$events, cases$n, cases$level)
write.csv(data.frame(cases, ci_low = number(limits[1, ]), ci_high = number(limits[2, ])),
          "describe_proportion.csv", row.names = FALSE, quote = FALSE)
