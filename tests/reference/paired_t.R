# Expected values for test_paired.py, test_response.py (slopes) and test_power.py. Writes
# - paired_t.csv: t.test of pairs and of their logarithms (geometric mean ratio), d_z, Hedges' g by
#   the gamma function, and the limits of d_z: `oracle` says by what;
# - slope.csv: coefficients of lm(strength ~ cycle) with missing cycles;
# - slopes.csv: t.test of one slope a patient, some missing;
# - detectable_change.csv: power.t.test(type = "paired", strict = TRUE).
# R's pt(ncp = ) is good up to a noncentrality of 37.62 and no further (?pt). Where a root lies
# beyond, noncentral t is integrated over the SD, its definition: `oracle` is "integral".
source("cases.R")
set.seed(2013)
NCP_LIMIT <- 37.6

exceeds <- function(t, df, ncp, oracle) {  # P(T > t)
  if (oracle == "pt") return(pt(t, df, ncp, lower.tail = FALSE))
  half <- df / 2
  at <- function(c) exp((df - 1) * log(c) - c^2 / 2 - (half - 1) * log(2) - lgamma(half)) *
    pnorm(ncp - t * c / sqrt(df))
  low <- max(0, sqrt(df) - 12); high <- sqrt(df) + 12
  bend <- min(max(ncp * sqrt(df) / abs(t), low), high); width <- 10 * sqrt(df) / abs(t)
  cuts <- sort(unique(pmin(pmax(c(low, bend - width, bend, bend + width, sqrt(df), high), low), high)))
  sum(mapply(function(a, b) integrate(at, a, b, rel.tol = 1e-13, abs.tol = 0, subdivisions = 2000,
                                      stop.on.error = FALSE)$value, head(cuts, -1), cuts[-1]))
}
root <- function(f, low, high) uniroot(f, c(low, high), tol = 1e-14, maxiter = 10000)$root
d_z_limits <- function(t, df, tail) {
  limit <- function(p, oracle) {
    reach <- if (oracle == "pt") 37.62 else abs(t) * 8 + 60
    if (oracle == "pt" && prod(sapply(c(-reach, reach), function(x) exceeds(t, df, x, "pt") - p)) > 0) return(Inf)
    root(function(x) exceeds(t, df, x, oracle) - p, -reach, reach)
  }
  limits <- c(limit(tail, "pt"), limit(1 - tail, "pt"))
  if (abs(t) < NCP_LIMIT && max(abs(limits)) < NCP_LIMIT) return(list(limits = limits, oracle = "pt"))
  turn <- sign(t); t <- abs(t)  # the integral is sharper for t above 0
  limits <- c(limit(tail, "integral"), limit(1 - tail, "integral"))
  list(limits = if (turn > 0) limits else -rev(limits), oracle = "integral")
}

t_columns <- function(d, level, flat) {
  d <- d[!is.na(d)]; n <- length(d)
  a <- list(estimate = if (n > 0) mean(d) else NA, sd = NA, low = NA, high = NA, t = NA, p = NA)
  if (n > 1 && flat) a$sd <- 0
  if (n > 1 && !flat) {
    fit <- t.test(d, conf.level = level)
    a <- list(estimate = unname(fit$estimate), sd = sd(d), low = fit$conf.int[1], high = fit$conf.int[2],
              t = unname(fit$statistic), p = fit$p.value)
  }
  a
}
pair_case <- function(n, kind, level) {
  repeat {  # t.test wants spread where the case is not about its absence
    pairs <- pairs_of(n, kind); d <- pairs$after - pairs$before; r <- log(pairs$after / pairs$before)
    flat <- kind == "equal" || all(d[!is.na(d)] == 0); flat_ratio <- kind == "doubled" || all(d[!is.na(d)] == 0)
    enough <- function(x) sum(!is.na(x)) < 2 || diff(range(x, na.rm = TRUE)) > 1e-9
    if ((flat || enough(d)) && (flat_ratio || enough(r))) break
  }
  a <- t_columns(d, level, flat); b <- t_columns(r, level, flat_ratio)
  m <- sum(!is.na(d)); df <- m - 1; d_z <- a$t / sqrt(m)
  j <- if (df > 1) gamma(df / 2) / (sqrt(df / 2) * gamma((df - 1) / 2)) else NA
  size <- if (is.na(a$t)) list(limits = c(NA, NA), oracle = "") else d_z_limits(a$t, df, (1 - level) / 2)
  data.frame(kind, before = text(pairs$before), after = text(pairs$after), level, n = m,
             estimate = number(a$estimate), sd = number(a$sd), ci_low = number(a$low), ci_high = number(a$high),
             statistic = number(a$t), p_value = number(a$p), ratio = number(exp(b$estimate)),
             log_sd = number(b$sd), ratio_low = number(exp(b$low)), ratio_high = number(exp(b$high)),
             ratio_statistic = number(b$t), ratio_p_value = number(b$p), d_z = number(d_z), g_z = number(j * d_z),
             d_z_low = number(size$limits[1] / sqrt(m)), d_z_high = number(size$limits[2] / sqrt(m)),
             oracle = size$oracle)
}
levels <- rep(c(0.95, 0.95, 0.9, 0.99), length.out = length(sizes))
write_table(do.call(rbind, Map(pair_case, sizes, kinds, levels)), "paired_t.csv")

slope_case <- function(n) {
  strength <- round(rnorm(n, 45, 6))
  if (n > 3) strength[sample(n, rbinom(1, n - 2, 0.25))] <- NA
  if (n %% 9 == 0) strength[] <- 43
  data.frame(strength = text(strength), slope = number(coef(lm(strength ~ seq_len(n)))[[2]]))
}
write_table(do.call(rbind, lapply(c(rep(2:20, 10), 21:40), slope_case)), "slope.csv")

slopes_case <- function(n, level) {
  slopes <- signif(rnorm(n, 0.2, 0.7), 6)
  slopes[runif(n) < 0.15] <- NA
  if (n %% 10 == 0) slopes[] <- 0.3
  a <- t_columns(slopes, level, n %% 10 == 0)
  data.frame(slopes = text(slopes), level, estimate = number(a$estimate), sd = number(a$sd), ci_low = number(a$low),
             ci_high = number(a$high), statistic = number(a$t), p_value = number(a$p))
}
write_table(do.call(rbind, Map(slopes_case, rep(1:40, 6), rep(c(0.95, 0.9, 0.99), each = 80))), "slopes.csv")

power_case <- function(n, power, level) {
  oracle <- "pt"
  found <- suppressWarnings(try(power.t.test(n = n, power = power, sig.level = level, type = "paired",
                                             strict = TRUE, tol = 1e-14)$delta, silent = TRUE))
  if (inherits(found, "try-error") || found * sqrt(n) > NCP_LIMIT) {
    oracle <- "integral"; critical <- qt(level / 2, n - 1, lower.tail = FALSE)
    found <- root(function(x) exceeds(critical, n - 1, x, "integral") + 1 - exceeds(-critical, n - 1, x, "integral") -
                    power, 0, 8 * critical + 20) / sqrt(n)
  }
  data.frame(n, power, significance_level = level, change = number(found), oracle)
}
demands <- rbind(expand.grid(n = 2:40, power = c(0.8, 0.9), level = c(0.05, 0.01)),
                 expand.grid(n = c(2:20, 60, 200, 1000), power = c(0.3, 0.95), level = c(0.1, 0.001)))
write_table(do.call(rbind, Map(power_case, demands$n, demands$power, demands$level)), "detectable_change.csv")
