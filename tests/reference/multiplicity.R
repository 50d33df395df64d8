# Expected values for test_multiplicity.py. Writes holm.csv: p.adjust(method = "holm"), which leaves
# a missing P missing and does not count it.
source("cases.R")
set.seed(1979)
family <- function(m) {
  p <- signif(rbeta(m, 0.5, 2), 6)
  if (m > 2 && m %% 3 == 0) p[sample(m, 2)] <- p[1]  # ties
  if (m %% 4 == 0) p[runif(m) < 0.3] <- NA
  data.frame(p_values = text(p), adjusted = text(p.adjust(p, "holm")))
}
write_table(do.call(rbind, lapply(rep(1:20, 12), family)), "holm.csv")
