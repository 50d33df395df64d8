# What the other scripts share: the form of the tables and the generated cases. The tables here were
# written with R 4.2.2, coin 1.4-2 and exactRankTests 0.8-35, each by `Rscript name.R` in this folder.
# A table has one case a row, the numbers of a case in one cell, NA for a missing value and an empty
# cell where there is nothing to estimate. Tests read the tables and need no R.
text <- function(x) paste(ifelse(is.na(x), "NA", sprintf("%.15g", x + 0)), collapse = " ")
number <- function(x) ifelse(is.na(x), "", sprintf("%.13g", x))
write_table <- function(rows, name) write.csv(rows, name, row.names = FALSE, quote = FALSE)

# Sizes 1 to 40 and three larger ones, seven kinds of pairs in turn, values above 0.
sizes <- c(rep(1:20, 11), rep(21:40, 3), 60, 100, 200)
kinds <- rep(c("scores", "skewed", "equal", "missing", "large", "still", "doubled"), length.out = length(sizes))
pairs_of <- function(n, kind) {
  before <- round(runif(n, 20, 50))
  ck <- round(rlnorm(n, 6.5, 0.9), 1)
  pairs <- switch(kind,
    scores = list(before, before + pmax(round(rnorm(n, 2, 4)), -15)),        # ties and zeros
    skewed = list(ck, round(ck * exp(0.4 - rexp(n)), 1) + 0.1),              # enzyme
    equal = list(before, before + sample(c(-3, 0, 7), 1)),                   # no spread
    missing = list(ifelse(runif(n) < 0.25, NA, before), ifelse(runif(n) < 0.25, NA, before + round(rexp(n, 0.2)))),
    large = list(before, round(before + 2500 + runif(1, 2, 400) * rnorm(n), 2)),  # far from no change
    still = list(before, before + rbinom(n, 1, 0.4) * sample(c(-2, -1, 1, 2, 3), n, TRUE)),  # mostly zeros
    doubled = list(ck, 2 * ck))                                              # one ratio for all
  names(pairs) <- c("before", "after")
  pairs
}
