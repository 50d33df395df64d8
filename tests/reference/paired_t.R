# Expected values for tests/analysis/test_paired.py and test_response.py: `Rscript paired_t.R` in
# this folder writes
# - paired_t.csv: t.test of pairs, of their logarithms (geometric mean ratio), d_z, Hedges' J and
#   the limits of d_z by uniroot on R's noncentral pt (noncentrality below 37.6, where pt is good);
# - slope.csv: coefficients of lm(strength ~ cycle) with missing cycles.
set.seed(2013)
text <- function(x) paste(sprintf("%.15g", x), collapse = " ")
number <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))

limit <- function(t, df, upper_tail) {
  f <- function(ncp) pt(t, df, ncp, lower.tail = FALSE) - upper_tail
  uniroot(f, c(-37, 37), tol = 1e-13)$root
}
pair_case <- function(n, level) {
  before <- round(rlnorm(n, 6.5, 0.8), 1)
  after <- round(before * rlnorm(n, -0.4, 0.5), 1)
  a <- t.test(after, before, paired = TRUE, conf.level = level)
  b <- t.test(log(after), log(before), paired = TRUE, conf.level = level)
  t <- unname(a$statistic); df <- n - 1; tail <- (1 - level) / 2
  d_z <- mean(after - before) / sd(after - before)
  j <- if (df > 1) gamma(df / 2) / (sqrt(df / 2) * gamma((df - 1) / 2)) else NA
  data.frame(before = text(before), after = text(after), level = level,
             estimate = number(a$estimate), sd = number(sd(after - before)), ci_low = number(a$conf.int[1]),
             ci_high = number(a$conf.int[2]), statistic = number(t), p_value = number(a$p.value),
             ratio = number(exp(b$estimate)), ratio_low = number(exp(b$conf.int[1])),
             ratio_high = number(exp(b$conf.int[2])), ratio_statistic = number(b$statistic),
             ratio_p_value = number(b$p.value), d_z = number(d_z), g_z = number(j * d_z),
             d_z_low = number(limit(t, df, tail) / sqrt(n)), d_z_high = number(limit(t, df, 1 - tail) / sqrt(n)))
}
cases <- expand.grid(n = c(2:12, 20, 40, 100), level = c(0.9, 0.95))
write.csv(do.call(rbind, Map(pair_case, cases$n, cases$level)), "paired_t.csv", row.names = FALSE, quote = FALSE)

rows <- lapply(c(2:12, 18), function(n) {
  strength <- round(rnorm(n, 45, 6))
  if (n > 4) strength[sample(n, 2)] <- NA
  data.frame(strength = text(strength), slope = number(coef(lm(strength ~ seq_len(n)))[[2]]))
})
write.csv(do.call(rbind, rows), "slope.csv", row.names = FALSE, quote = FALSE)
