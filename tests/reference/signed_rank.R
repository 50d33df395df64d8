# Expected values for test_ranks.py and test_permutation.py. Writes
# - signed_rank.csv: W+ and exact P by coin with zeros dropped (zero.method = "Wilcoxon") and ranked
#   ("Pratt"), by exactRankTests with zeros dropped, and P of the normal approximation with
#   continuity correction: by wilcox.test(exact = FALSE) and, ranked, from coin's mean and variance;
# - hodges_lehmann.csv: median of the Walsh averages, the interval by qsignrank and psignrank, and,
#   without ties and where the level can be reached, both by exactRankTests;
# - walsh_rank.csv: c and attained level for 2 to 1,000 pairs from qsignrank and psignrank;
# - sign_flip.csv: perm.test of exactRankTests on whole numbers, exact to 20 and normal above;
#   up to 12 pairs also all sign assignments.
# wilcox.test is no oracle for the exact P with ties or zeros: it falls back on the normal
# approximation. Its continuity correction passes the mean where W+ is less than half a rank away
# (P just below 1); there the test wants P = 1.
suppressMessages({library(coin); suppressWarnings(library(exactRankTests))})
source("cases.R")
set.seed(2013)

coin_test <- function(d, zeros, distribution) {
  wilcoxsign_test(d ~ rep(0, length(d)), distribution = distribution, zero.method = zeros)
}
normal_p <- function(fit) {
  distance <- abs(as.numeric(statistic(fit, "linear") - expectation(fit)))
  2 * pnorm(-max(0, distance - 0.5) / sqrt(as.numeric(variance(fit))))
}
w_plus <- function(d, zeros) {
  if (zeros == "Wilcoxon") d <- d[d != 0]
  sum(rank(abs(d))[d > 0])
}
rank_case <- function(d) {
  known <- d[!is.na(d)]
  row <- data.frame(differences = text(d), w_plus = NA, p_value = NA, p_value_exactRankTests = NA, p_normal = NA,
                    w_plus_ranked = NA, p_value_ranked = NA, p_normal_ranked = NA)
  if (any(known != 0)) {
    exact <- function(zeros) as.numeric(pvalue(coin_test(known, zeros, "exact")))
    row[2:8] <- list(
      w_plus(known, "Wilcoxon"), exact("Wilcoxon"), suppressWarnings(wilcox.exact(known, exact = TRUE)$p.value),
      suppressWarnings(wilcox.test(known, exact = FALSE, correct = TRUE)$p.value),
      w_plus(known, "Pratt"), exact("Pratt"), normal_p(coin_test(known, "Pratt", "asymptotic")))
  }
  row[2:8] <- lapply(row[2:8], number)
  row
}
differences_of <- function(n, kind) { p <- pairs_of(n, kind); round(p$after - p$before, 2) }
kinds <- rep(c("scores", "skewed", "equal", "missing", "still", "scores", "still"), length.out = length(sizes))
drawn <- Map(differences_of, c(sizes, 300, 400), c(kinds, "scores", "still"))
write_table(do.call(rbind, lapply(drawn, rank_case)), "signed_rank.csv")

untied <- function(d) {
  walsh <- outer(d, d, "+")
  !any(d == 0) && !anyDuplicated(abs(d)) && !anyDuplicated(walsh[upper.tri(walsh, diag = TRUE)])
}
rank_of <- function(n, level) {  # c of the c-th smallest Walsh average
  tail <- (1 - level) / 2
  at <- qsignrank(tail, n)  # the smallest q with P(W+ <= q) >= tail
  pmax(1, ifelse(psignrank(at, n) > tail, at, at + 1))
}
attained <- function(n, c) number(1 - 2 * psignrank(c - 1, n))
interval_case <- function(d, level) {
  known <- d[!is.na(d)]; n <- length(known)
  row <- data.frame(differences = text(d), level, estimate = NA, ci_low = NA, ci_high = NA, attained_level = NA,
                    estimate_exact = NA, ci_low_exact = NA, ci_high_exact = NA)
  if (n > 0) {
    walsh <- outer(known, known, "+") / 2
    walsh <- sort(walsh[upper.tri(walsh, diag = TRUE)])
    row$estimate <- median(walsh)
  }
  if (n > 1) {
    c <- rank_of(n, level)
    row[4:6] <- list(walsh[c], rev(walsh)[c], 1 - 2 * psignrank(c - 1, n))
  }
  if (n > 1 && n < 50 && 2^(1 - n) <= 1 - level && untied(known)) {
    fit <- wilcox.exact(known, exact = TRUE, conf.int = TRUE, conf.level = level)
    row[7:9] <- list(fit$estimate, fit$conf.int[1], fit$conf.int[2])
  }
  row[3:9] <- lapply(row[3:9], number)
  row
}
smooth_of <- function(n) repeat { d <- round(rnorm(n, 5, 8), 6); if (untied(d)) return(d) }
smooth <- lapply(c(rep(6:25, 3), 30, 40, 49), smooth_of)
drawn <- c(smooth, Map(differences_of, c(sizes[1:195], 60), c(kinds[1:195], "scores")))
levels <- rep(c(0.95, 0.9, 0.95, 0.8, 0.95, 0.99, 0.95), length.out = length(drawn))
write_table(do.call(rbind, Map(interval_case, drawn, levels)), "hodges_lehmann.csv")

ranks <- rbind(expand.grid(n = c(2:60, 100, 200), level = c(0.8, 0.9, 0.95, 0.99)),
               data.frame(n = 1000, level = 0.95))
c <- rank_of(ranks$n, ranks$level)
write_table(data.frame(ranks, c, attained_level = attained(ranks$n, c)), "walsh_rank.csv")

enumerated <- function(d) {
  signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), length(d))))
  mean(abs(signs %*% d) >= abs(sum(d)))
}
flip_case <- function(d) {
  known <- round(100 * d[!is.na(d)])  # whole numbers: perm.test rounds others
  moved <- known[known != 0]; n <- length(moved)
  p <- if (n > 0) perm.test(moved, exact = n <= 20)$p.value else NA
  all <- if (n > 0 && length(known) <= 12) enumerated(known) else NA
  data.frame(differences = text(d), estimate = number(if (length(known) > 0) mean(known) / 100 else NA),
             p_value = number(p), p_value_enumerated = number(all), method = if (n <= 20) "exact" else "asymptotic")
}
kinds <- rep(c("scores", "skewed", "equal", "missing", "still", "doubled", "scores"), length.out = length(sizes))
drawn <- Map(differences_of, sizes, kinds)
write_table(do.call(rbind, lapply(drawn, flip_case)), "sign_flip.csv")
