# Expected values for tests/analysis/test_ranks.py: `Rscript signed_rank.R` in this folder writes
# - signed_rank.csv: exact two-sided P from coin (zeros dropped, mid-ranks, exact distribution) and
#   from exactRankTests, W+; and the normal approximation with continuity and tie correction of
#   stats::wilcox.test above 1,000 pairs;
# - hodges_lehmann.csv: pseudo-median and exact interval without ties from exactRankTests;
# - walsh_rank.csv: c and attained level for 2 to 1,000 pairs from stats::qsignrank and psignrank.
suppressMessages({library(coin); suppressWarnings(library(exactRankTests))})
set.seed(2013)
text <- function(x) paste(sprintf("%.15g", x), collapse = " ")
number <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))
w_plus <- function(d) { d <- d[d != 0]; sum(rank(abs(d))[d > 0]) }

coin_p <- function(d) {
  zero <- rep(0, length(d))
  as.numeric(pvalue(wilcoxsign_test(d ~ zero, distribution = "exact", zero.method = "Wilcoxon")))
}
exact_case <- function(d) {
  by_shift <- suppressWarnings(wilcox.exact(d, exact = TRUE)$p.value)
  data.frame(differences = text(d), method = "exact", w_plus = number(w_plus(d)),
             p_value = number(coin_p(d)), p_value_exactRankTests = number(by_shift))
}
asymptotic_case <- function(d) {
  p <- suppressWarnings(wilcox.test(d, exact = FALSE, correct = TRUE)$p.value)
  data.frame(differences = text(d), method = "asymptotic", w_plus = number(w_plus(d)),
             p_value = number(p), p_value_exactRankTests = "")
}
shifts <- rep(c(0, 1, 3), 25)
sizes <- c(2:20, 22, 25, 30, 40, 60, rep(6, 12), rep(10, 12), rep(15, 12), 100, 150, 199)
scores <- lapply(seq_along(sizes), function(i) {
  d <- round(rnorm(sizes[i], shifts[i], 4))  # integer scores: ties and zeros
  if (all(d == 0)) d[1] <- 2
  d
})
large <- lapply(c(300, 400, 1000), function(n) round(rnorm(n, 0.3, 4)))
larger <- lapply(c(1200, 2000), function(n) round(rnorm(n, 0.3, 4)))
rows <- c(lapply(scores, exact_case), lapply(large, exact_case), lapply(larger, asymptotic_case))
write.csv(do.call(rbind, rows), "signed_rank.csv", row.names = FALSE, quote = FALSE)

untied <- function(d) {
  walsh <- outer(d, d, "+")
  !any(d == 0) && !anyDuplicated(abs(d)) && !anyDuplicated(walsh[upper.tri(walsh, diag = TRUE)])
}
interval_case <- function(n, level) {
  repeat { d <- round(rnorm(n, 5, 8), 6); if (untied(d)) break }
  fit <- wilcox.exact(d, exact = TRUE, conf.int = TRUE, conf.level = level)
  data.frame(differences = text(d), level = level, estimate = number(fit$estimate),
             ci_low = number(fit$conf.int[1]), ci_high = number(fit$conf.int[2]))
}
cases <- expand.grid(n = c(6:24, 30, 40, 49), level = c(0.9, 0.95, 0.99))
cases <- cases[2^(1 - cases$n) <= 1 - cases$level, ]
write.csv(do.call(rbind, Map(interval_case, cases$n, cases$level)), "hodges_lehmann.csv",
          row.names = FALSE, quote = FALSE)

ranks <- rbind(expand.grid(n = c(2:60, 100, 200), level = c(0.9, 0.95, 0.99)),
               data.frame(n = 1000, level = 0.95))
tail <- (1 - ranks$level) / 2
at <- qsignrank(tail, ranks$n)  # the smallest q with P(W+ <= q) >= tail
c_rank <- pmax(1, ifelse(psignrank(at, ranks$n) > tail, at, at + 1))
write.csv(data.frame(ranks, c = c_rank, attained_level = number(1 - 2 * psignrank(c_rank - 1, ranks$n))),
          "walsh_rank.csv", row.names = FALSE, quote = FALSE)
