# The second route to the numbers of the article and its supplement: their Methods' words in base R,
# from data/*.csv to article.csv, a line a receipt of results.json.
#
#     Rscript tests/reference/article.R [DATA_FOLDER [OUTPUT_CSV]]
#
# value: 17 significant digits, or text; empty where it is missing, withheld or not estimable.
# n: the patients, cycles or events behind it, empty where that has no second route.
# tolerance: absolute; empty for an exact value (relative 1e-9).
# exempt: why receipts whose id begins so (`rules.*`) have no second route; they have no value.
# data.md5, no receipt, says of which tables the values are.

file_argument <- grep("^--file=", commandArgs(), value = TRUE)
here <- dirname(sub("^--file=", "", file_argument[1]))
arguments <- commandArgs(trailingOnly = TRUE)
folder <- if (length(arguments) >= 1) arguments[1] else file.path(here, "..", "..", "data")
output <- if (length(arguments) >= 2) arguments[2] else file.path(here, "article.csv")

EXEMPT <- c(
  "rules.*" = "decided, not computed",
  "claim.*" = "a verdict with its sentence; tests/sentences.py judges them by its own oracle",
  "software.*" = "a version in use",
  "data.version" = "a field of datapackage.json",
  "witness.p11" = "a conclusion, which no table decides; it counts as one that cannot be told"
)

# The decided numbers, as the Methods print them.
BASELINE_FROM <- -28
FOLLOW_UP_DAY <- 183
WINDOW <- c(main = 45, narrower = 30, wider = 60)
LEVEL <- 0.95
POWER <- 0.8
LOSS <- list(first_cycle = 3, minimum_cycles = 4, points = 4, one_in = 5)  # a fifth of the gain
FALLS <- c(3, 4, 5, 6, 8)  # that could have been asked for
ERRORS <- c(1, 1.5, 2, 3)  # SD of the error of a measured score
DRAWN <- list(in_all = 60000, at_least = 100)  # courses, by the analysis; for the tolerance only
EXACT_LIMIT <- list(rank = 1000, flip = 20)
LISTED_PATIENTS <- 30
SCORE <- c(lowest = 0, highest = 60)
FEWEST_SHOWN <- 5  # of fewer patients nothing is shown that may not be shown of one

# --- Receipts ---

receipts <- new.env()
receipts$rows <- list()
number <- function(x) if (length(x) != 1 || is.na(x)) "" else sprintf("%.17g", x)

put <- function(id, value, n = NA, tolerance = NA) {
  text <- if (is.character(value)) (if (is.na(value)) "" else value) else number(value)
  row <- data.frame(id = id, value = text, n = number(n), tolerance = number(tolerance), exempt = "")
  receipts$rows[[length(receipts$rows) + 1]] <- row
}
put_all <- function(id, values, n = NA) {
  for (name in names(values)) put(paste0(id, ".", name), values[[name]], n)
}
put_share <- function(id, count, of) {
  put(paste0(id, ".n"), count, of)
  put(paste0(id, ".percent"), if (of > 0) 100 * count / of else NA, of)
}
put_interval <- function(id, count, of) {
  put_share(id, count, of)
  limits <- if (of > 0) 100 * binom.test(count, of, conf.level = LEVEL)$conf.int else c(NA, NA)
  put_all(id, list(ci_low = limits[1], ci_high = limits[2]), of)
}
STATISTICS <- c("mean", "sd", "q1", "median", "q3", "minimum", "maximum")
put_summary <- function(id, x, statistics = STATISTICS) {
  known <- x[!is.na(x)]
  n <- length(known)
  quartiles <- if (n) quantile(known, c(0.25, 0.5, 0.75), type = 7, names = FALSE) else rep(NA, 3)
  found <- list(mean = if (n) mean(known) else NA, sd = if (n > 1) sd(known) else NA,
                q1 = quartiles[1], median = quartiles[2], q3 = quartiles[3],
                minimum = if (n) min(known) else NA, maximum = if (n) max(known) else NA)
  put_all(id, c(found[statistics], list(n = n, n_missing = sum(is.na(x)))), n)
}
RANGE <- c("median", "minimum", "maximum")

# --- Tables ---

read_table <- function(name) {
  path <- file.path(folder, paste0(name, ".csv"))
  read.csv(path, colClasses = "character", na.strings = "", encoding = "UTF-8")
}
with_numbers <- function(table, columns) {
  table[columns] <- lapply(table[columns], as.numeric)
  table
}
recorded <- read_table("patients")
all_cycles <- with_numbers(read_table("cycles"), c("cycle", "start_day", "infusion_days", "dose_g_kg"))
MEASURES <- c(strength = "mrc_sum_score", ck = "ck_u_l", ldh = "ldh_u_l", prednisone = "prednisone_mg_day")
all_visits <- with_numbers(read_table("visits"), c("visit_day", "cycle", MEASURES))
all_events <- with_numbers(read_table("adverse_events"), c("cycle", "onset_day", "ctcae_grade"))

patients <- recorded[recorded$patient_id %in% all_cycles$patient_id, ]
patients <- patients[order(patients$patient_id, method = "radix"), ]
figures <- c("age_years", "first_ivig_year", "disease_duration_months", "ck_upper_limit_u_l")
patients <- with_numbers(patients, figures)
ids <- patients$patient_id
n_treated <- length(ids)
of_patient <- function(table, day) lapply(ids, function(id) {
  rows <- table[table$patient_id == id, ]
  rows[order(rows[[day]]), ]
})
visits <- of_patient(all_visits, "visit_day")
cycles <- of_patient(all_cycles, "cycle")
events <- all_events[all_events$patient_id %in% ids, ]
given <- do.call(rbind, cycles)
n_cycles <- NROW(given)

# What the privacy policy of the data lets appear about one patient.
descriptor <- readLines(file.path(folder, "datapackage.json"), warn = FALSE, encoding = "UTF-8")
descriptor <- paste(descriptor, collapse = " ")
shown <- sub('.*"patient_characteristics"\\s*:\\s*\\[([^]]*)\\].*', "\\1", descriptor)
band <- as.numeric(sub('.*"age_band_years"\\s*:\\s*([0-9]+).*', "\\1", descriptor))
may_show <- function(name) grepl(paste0('"', name, '"'), shown, fixed = TRUE)

# --- Baseline and follow-up, a row a patient ---

one_row_each <- function(choose) {  # a patient without such a visit has an empty row
  none <- all_visits[0, c("visit_day", MEASURES)]
  found <- do.call(rbind, c(list(none), lapply(visits, function(table) choose(table)[1, names(none)])))
  found$ck_multiple <- found$ck_u_l / patients$ck_upper_limit_u_l
  found
}
baseline <- one_row_each(function(table) {
  tail(table[table$visit_day >= BASELINE_FROM & table$visit_day <= 0, ], 1)
})
earlier <- one_row_each(function(table) tail(table[table$visit_day < BASELINE_FROM, ], 1))
follow_up_within <- function(window) one_row_each(function(table) {
  distance <- abs(table$visit_day - FOLLOW_UP_DAY)
  near <- !is.na(table$cycle) & distance <= window
  table[near, ][order(distance[near], table$visit_day[near]), ]  # the nearest, then the earlier
})
follow_up <- follow_up_within(WINDOW["main"])
last_known <- function(name) sapply(visits, function(table) {
  known <- table[[name]][table$visit_day > 0 & !is.na(table[[name]])]
  if (length(known)) tail(known, 1) else NA_real_
})

# --- Procedures ---

# Differences that only the rounding of computer arithmetic tells apart are made equal.
tidy <- function(d) round(d, 10)
differ <- function(d) length(d) > 1 && diff(range(tidy(d))) > 0
T_NAMES <- c("mean", "sd", "ci_low", "ci_high", "t", "df", "p_value")

paired_t <- function(d) {
  found <- setNames(as.list(rep(NA, 7)), T_NAMES)
  if (length(d)) found$mean <- mean(d)
  if (length(d) > 1) found[c("sd", "df")] <- list(0, length(d) - 1)  # without spread
  if (!differ(d)) return(found)
  test <- t.test(d, conf.level = LEVEL)
  list(mean = mean(d), sd = sd(d), ci_low = test$conf.int[1], ci_high = test$conf.int[2],
       t = unname(test$statistic), df = unname(test$parameter), p_value = test$p.value)
}
as_ratio <- function(found) {
  found[c("mean", "ci_low", "ci_high")] <- lapply(found[c("mean", "ci_low", "ci_high")], exp)
  found[names(found) != "sd"]
}
# The sums of positive weights over all assignments of signs, with the share of each.
all_sums <- function(weights) {
  sums <- 0
  for (weight in weights) sums <- c(sums, sums + weight)
  sums
}
counted_shares <- function(whole) {  # the same by convolution, of whole weights
  shares <- c(1, rep(0, sum(whole)))
  for (weight in whole) shares <- (shares + c(rep(0, weight), head(shares, -weight))) / 2
  shares
}
as_far <- function(sums, observed, centre) abs(sums - centre) >= abs(observed - centre) - 1e-9
floor_of <- function(n) if (n) 2 / 2^n else NA

signed_rank <- function(d, zeros_ranked) {
  d <- tidy(d)
  if (!zeros_ranked) d <- d[d != 0]
  ranks <- rank(abs(d))[d != 0]
  signs <- d[d != 0] > 0
  n <- length(ranks)
  if (!n) return(list(statistic = NA, p_value = NA, floor = NA, ranked.n = 0))
  w <- sum(ranks[signs])
  if (n > EXACT_LIMIT$rank) {
    z <- max(0, abs(w - sum(ranks) / 2) - 0.5) / sqrt(sum(ranks^2) / 4)
    return(list(statistic = w, p_value = min(1, 2 * pnorm(-z)), floor = NA, ranked.n = n))
  }
  p <- if (n <= EXACT_LIMIT$flip) {
    mean(as_far(all_sums(ranks), w, sum(ranks) / 2))
  } else {
    shares <- counted_shares(2 * ranks)
    sum(shares[as_far(seq_along(shares) - 1, 2 * w, sum(ranks))])
  }
  list(statistic = w, p_value = p, floor = floor_of(n), ranked.n = n)
}
sign_flip <- function(d) {
  d <- tidy(d)[tidy(d) != 0]  # the sign of a zero changes no mean
  n <- length(d)
  if (!n) return(list(p_value = NA, floor = NA))
  if (n > EXACT_LIMIT$flip) return(list(p_value = 2 * pnorm(-abs(sum(d)) / sqrt(sum(d^2))), floor = NA))
  sums <- all_sums(abs(d))  # as in the signed-rank test, with the differences for their ranks
  far <- as_far(sums, sum(d[d > 0]), sum(abs(d)) / 2)
  list(p_value = mean(far), floor = floor_of(n))
}
hodges_lehmann <- function(d) {
  n <- length(d)
  if (!n) return(list(estimate = NA, ci_low = NA, ci_high = NA, level = NA))
  means <- outer(d, d, "+")[lower.tri(diag(n), diag = TRUE)] / 2
  means <- sort(means)
  if (n == 1) return(list(estimate = means, ci_low = NA, ci_high = NA, level = NA))
  tail <- (1 - LEVEL) / 2
  at <- qsignrank(tail, n)  # the smallest q with P(W+ <= q) >= tail
  at <- max(1, if (psignrank(at, n) > tail) at else at + 1)
  list(estimate = median(means), ci_low = means[at], ci_high = means[length(means) + 1 - at],
       level = 100 * (1 - 2 * psignrank(at - 1, n)))
}
# P(T > t) of the noncentral t, over the density of the standard deviation s: R's own pt(ncp =) is
# good to 1e-12, and not above a noncentrality of 37.
upper_tail <- function(t, df, ncp) {
  constant <- log(2) + (df / 2) * log(df / 2) - lgamma(df / 2)
  density <- function(s) exp(constant - df * s^2 / 2) * s^(df - 1)
  at <- function(s) pnorm(t * s - ncp, lower.tail = FALSE) * density(s)
  cuts <- sqrt(qchisq(c(1e-300, 1e-12, 1e-4, 0.1, 0.5, 0.9, 1 - 1e-4), df) / df)
  cuts <- c(0, cuts, max(cuts) + c(1, 40) / sqrt(df))
  part <- function(from, to) {
    integrate(at, from, to, rel.tol = 1e-12, abs.tol = 1e-15, subdivisions = 1000)$value
  }
  sum(mapply(part, head(cuts, -1), tail(cuts, -1)))
}
noncentrality <- function(t, df, tail) {
  reach <- 10 + 10 * abs(t)
  uniroot(function(ncp) upper_tail(t, df, ncp) - tail, c(t - reach, t + reach), tol = 1e-13,
          maxiter = 10000)$root
}
standardised <- function(d) {
  n <- length(d)
  if (!differ(d)) return(list(d_z = NA, g_z = NA, ci_low = NA, ci_high = NA))
  d_z <- mean(d) / sd(d)
  df <- n - 1
  t <- d_z * sqrt(n)
  tail <- (1 - LEVEL) / 2
  j <- if (df > 1) exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2) else NA
  list(d_z = d_z, g_z = j * d_z, ci_low = noncentrality(t, df, tail) / sqrt(n),
       ci_high = noncentrality(t, df, 1 - tail) / sqrt(n))
}
detectable <- function(n) {
  if (n < 2) return(NA)
  power.t.test(n = n, sd = 1, sig.level = 1 - LEVEL, power = POWER, type = "paired", strict = TRUE,
               tol = 1e-13)$delta
}
no_change <- function(is_ratio) if (is_ratio) 1 else 0
# Whether an estimate has another sign than the main one, or its interval includes no change; where
# there is no estimate or no interval, that cannot fail.
fails <- function(found, main, none) {
  other_sign <- main == none || sign(found$mean - none) != sign(main - none)
  isTRUE(other_sign) || isTRUE(found$ci_low <= none && found$ci_high >= none)
}
put_set <- function(id, analyses, main, none) {
  n <- length(analyses)
  means <- as.numeric(unlist(lapply(analyses, function(found) found$mean)))
  means <- means[!is.na(means)]
  failing <- sum(vapply(analyses, fails, NA, main = main, none = none))
  put_all(id, list(n = n, failing.n = failing), n)
  range_of <- if (length(means)) range(means) else c(NA, NA)
  put_all(id, list(minimum = range_of[1], maximum = range_of[2]), length(means))
}

# --- The four outcomes ---

floors <- p_t <- p_rank <- n_pairs <- list()
complete <- complete.cases(baseline[MEASURES], follow_up[MEASURES])

for (name in names(MEASURES)) {
  column <- MEASURES[[name]]
  is_ratio <- name %in% c("ck", "ldh")
  scale <- if (is_ratio) log else identity
  none <- no_change(is_ratio)
  analysed <- function(d) {
    found <- if (is_ratio) as_ratio(paired_t(d)) else paired_t(d)
    c(found, n = length(d))
  }
  changes <- function(after = follow_up) scale(after[[column]]) - scale(baseline[[column]])
  put_analysis <- function(id, d) put_all(paste0(name, ".", id), analysed(d), length(d))

  all_changes <- changes()
  paired <- !is.na(all_changes)
  d <- all_changes[paired]
  n <- length(d)
  put(paste0(name, ".pairs.n"), n, n_treated)
  put_summary(paste0(name, ".before"), baseline[[column]][paired])
  put_summary(paste0(name, ".after"), follow_up[[column]][paired])
  main <- analysed(d)
  put_analysis(if (is_ratio) "ratio" else "change", d)
  put_analysis("without_ibm", d[patients$diagnosis[paired] != "IBM"])

  counts <- c(higher = sum(tidy(d) > 0), equal = sum(tidy(d) == 0), lower = sum(tidy(d) < 0))
  for (way in names(counts)) put_share(paste0(name, ".", way), counts[[way]], n)
  ranks <- signed_rank(d, FALSE)
  put_all(paste0(name, ".rank"), ranks, n)
  put_all(paste0(name, ".rank_pratt"), signed_rank(d, TRUE), n)
  put_all(paste0(name, ".flip"), sign_flip(d), n)
  location <- hodges_lehmann(d)
  if (is_ratio) location[1:3] <- lapply(location[1:3], exp)
  put_all(paste0(name, ".location"), location, n)
  put_all(paste0(name, ".size"), standardised(d), n)
  put(paste0(name, ".detectable"), detectable(n), n)

  left_out <- lapply(seq_len(n), function(i) analysed(d[-i]))
  put_set(paste0(name, ".left_out"), left_out, main$mean, none)
  if (name %in% c("strength", "ck")) {
    if (n_treated <= LISTED_PATIENTS) for (i in seq_len(n)) {
      one <- left_out[[i]][c("n", "mean", "ci_low", "ci_high")]
      put_all(paste0(name, ".left_out.patient_", which(paired)[i]), one, n - 1)
    }
    variants <- list(window_narrower = changes(follow_up_within(WINDOW["narrower"])),
                     window_wider = changes(follow_up_within(WINDOW["wider"])),
                     complete_cases = all_changes[complete])
    variants <- lapply(variants, function(x) x[!is.na(x)])
    for (id in names(variants)) put_analysis(id, variants[[id]])
    rest <- d[patients$diagnosis[paired] != "IBM"]
    if (length(rest) > 0 && length(rest) < n) variants$without_ibm <- rest
    put_set(paste0(name, ".variants"), lapply(variants, analysed), main$mean, none)
    floors[[name]] <- ranks$floor
    p_t[[name]] <- main$p_value
    p_rank[[name]] <- ranks$p_value
    n_pairs[[name]] <- n
  }
  if (name == "strength") for (end in names(SCORE)) {
    for (time in c("before", "after")) {
      score <- (if (time == "before") baseline else follow_up)$mrc_sum_score[paired]
      put_share(paste0("strength.", end, "_", time), sum(score == SCORE[[end]]), n)
    }
  }
  if (name == "strength") {
    for (id in c("run_in", "from_earlier")) {
      change <- if (id == "run_in") baseline[[column]] - earlier[[column]] else
        follow_up[[column]] - earlier[[column]]
      put_analysis(id, change[!is.na(change)])
    }
  }
  if (name %in% c("strength", "prednisone")) {
    change <- last_known(column) - baseline[[column]]
    put_analysis("last", change[!is.na(change)])
  }
  if (name == "prednisone") {
    raised <- baseline[[column]] - earlier[[column]]
    put_analysis("run_in", raised[!is.na(raised)])
    put_share("prednisone.raised", sum(raised > 0, na.rm = TRUE), sum(!is.na(raised)))
  }
  if (name == "ck") {
    put_summary("ck.multiple.before", baseline$ck_multiple[paired])
    put_summary("ck.multiple.after", follow_up$ck_multiple[paired])
    raw <- (follow_up$ck_u_l - baseline$ck_u_l)[paired]
    put_all("ck.raw", c(paired_t(raw), n = n), n)
  }
}
for (end in c("narrower", "wider")) {
  days <- list(follow_up$visit_day, follow_up_within(WINDOW[end])$visit_day)
  same <- ifelse(is.na(days[[1]]) | is.na(days[[2]]), is.na(days[[1]]) == is.na(days[[2]]),
                 days[[1]] == days[[2]])
  put_share(paste0("cohort.same_visit_", end), sum(same), n_treated)
}
put("family.rank.floor", min(p.adjust(unlist(floors), "holm")))
for (name in names(floors)) {
  adjusted <- list(t_test = p.adjust(unlist(p_t), "holm")[[name]],
                   rank_test = p.adjust(unlist(p_rank), "holm")[[name]])
  put_all(paste0(name, ".holm"), adjusted, n_pairs[[name]])
}

# --- The cohort ---

flow <- list(recorded = rep(TRUE, nrow(recorded)), treated = recorded$patient_id %in% ids)
treated_with <- function(has) recorded$patient_id %in% ids[has]
with_baseline <- !is.na(baseline$mrc_sum_score)
with_visit <- with_baseline & !is.na(follow_up$visit_day)
flow$baseline <- treated_with(with_baseline)
flow$follow_up <- treated_with(with_visit)
flow$analysed <- treated_with(with_visit & !is.na(follow_up$mrc_sum_score))
sizes <- vapply(flow, sum, 0)
for (step in seq_along(flow)) {
  id <- paste0("cohort.", names(flow)[step])
  before <- sizes[[max(1, step - 1)]]
  put(paste0(id, ".n"), sizes[[step]], before)
  if (step > 1) put(paste0(id, ".excluded.n"), before - sizes[[step]], before)
}
LEVELS <- list(diagnosis = c("PM", "DM", "IBM"), sex = c("female", "male"),
               criteria_certainty = c("definite", "probable", "possible"))
are_enough <- n_treated >= FEWEST_SHOWN
put_withheld <- function(id, names) put_all(id, setNames(rep(list(NA), length(names)), names), n_treated)
for (column in names(LEVELS)) for (value in LEVELS[[column]]) {
  id <- paste("cohort", sub("criteria_", "", column), tolower(value), sep = ".")
  if (are_enough || may_show(column)) put_share(id, sum(patients[[column]] == value), n_treated)
  else put_withheld(id, c("n", "percent"))
}
put_known <- function(id, is_so) {
  if (!are_enough) return(put_withheld(id, c("n", "percent", "known.n", "missing.n")))
  put(paste0(id, ".known.n"), sum(!is.na(is_so)), n_treated)
  put(paste0(id, ".missing.n"), sum(is.na(is_so)), n_treated)
  put_share(id, sum(is_so, na.rm = TRUE), sum(!is.na(is_so)))
}
put_known("cohort.antibody", patients$myositis_antibody != "none")
put_known("cohort.biopsy", patients$biopsy_supportive == "true")
failed <- lapply(strsplit(patients$failed_immunosuppressants, "; ", fixed = TRUE), setdiff,
                 c(NA, "prednisone", "prednisolone", "methylprednisolone"))
put_share("cohort.rescue", sum(lengths(failed) > 0), n_treated)
put_share("cohort.two_drugs", sum(lengths(failed) > 1), n_treated)

for (column in c("age_years", "disease_duration_months")) {  # whole numbers are all that is kept
  x <- patients[[column]]
  whole <- function(x) if (are_enough) floor(x + 0.5) else NA
  put_all(paste0("cohort.", column), list(mean = whole(mean(x)), sd = whole(sd(x))), n_treated)
}
put_summary("cohort.first_ivig_year", patients$first_ivig_year, c("minimum", "maximum"))
last_day <- vapply(seq_along(ids), function(i) {
  onsets <- events$onset_day[events$patient_id == ids[i]]
  max(visits[[i]]$visit_day, cycles[[i]]$start_day, onsets)
}, 0)
put_summary("cohort.observed_days", last_day, RANGE)
for (name in c("strength", "ck", "prednisone")) {
  put_summary(paste0("cohort.", name), baseline[[MEASURES[[name]]]])
}
put_summary("cohort.ck_multiple", baseline$ck_multiple)

# --- Treatment and the course over the cycles ---

put("treatment.cycles.n", n_cycles, n_cycles)
put_summary("treatment.cycles_per_patient", vapply(cycles, nrow, 0L), RANGE)
put_summary("treatment.dose_g_kg", given$dose_g_kg, RANGE)
put_summary("treatment.infusion_days", given$infusion_days, RANGE)
intervals <- lapply(cycles, function(table) diff(table$start_day))
put_summary("treatment.interval_days", unlist(intervals), RANGE)

before_infusion <- function(i, column) {
  visits[[i]][[column]][match(cycles[[i]]$cycle, visits[[i]]$cycle)]
}
scores <- lapply(seq_along(ids), before_infusion, column = "mrc_sum_score")
doses_of_prednisone <- lapply(seq_along(ids), before_infusion, column = "prednisone_mg_day")
slope_from <- function(first) vapply(scores, function(score) {
  score[seq_along(score) < first] <- NA
  if (sum(!is.na(score)) < 2) NA_real_ else unname(coef(lm(score ~ seq_along(score)))[2])
}, 0)
slopes <- slope_from(1)
put_slopes <- function(id, x) {
  known <- x[!is.na(x)]
  put_all(id, c(paired_t(known), n = length(known)), length(known))
}
put_slopes("slope.change", slopes)
put_slopes("slope.later", slope_from(2))

# At each cycle, whether the score is below the best earlier one by enough.
is_below <- function(score, start, points) vapply(seq_along(score), function(k) {
  earlier <- score[seq_len(k - 1)]
  if (k < LOSS$first_cycle || is.na(score[k]) || all(is.na(earlier))) return(FALSE)
  best <- max(earlier, na.rm = TRUE)
  best > start && best - score[k] >= points && LOSS$one_in * (best - score[k]) >= best - start
}, NA)
highest <- function(score) if (all(is.na(score))) NA else max(score, na.rm = TRUE)
gains <- vapply(scores, highest, 0) - baseline$mrc_sum_score
can_judge <- vapply(seq_along(ids), function(i) {
  score <- scores[[i]]
  known <- !is.na(score)
  pairs <- seq_along(score) >= LOSS$first_cycle & known & c(known[-1], FALSE)
  !is.na(gains[i]) && gains[i] > 0 && length(score) >= LOSS$minimum_cycles && any(pairs)
}, NA)
loss_by <- function(points) vapply(seq_along(ids), function(i) {
  below <- is_below(scores[[i]], baseline$mrc_sum_score[i], points)
  if (can_judge[i]) which(below & c(below[-1], FALSE))[1] else NA_integer_
}, 0L)
loss_cycle <- loss_by(LOSS$points)
lost <- which(!is.na(loss_cycle))
put("loss.judged.n", sum(can_judge), n_treated)
put_interval("loss.lost", length(lost), sum(can_judge))
put_summary("loss.cycle", loss_cycle[lost], RANGE)
put_summary("loss.day", vapply(lost, function(i) cycles[[i]]$start_day[loss_cycle[i]], 0), RANGE)
put_share("loss.small_gain", sum(gains[can_judge] < LOSS$points), sum(can_judge))
for (points in FALLS) {
  id <- paste0("loss.fall_", points)
  at <- loss_by(points)
  put_interval(id, sum(!is.na(at)), sum(can_judge))
  put_summary(paste0(id, ".cycle"), at[!is.na(at)], RANGE)
}
below_best <- vapply(scores, highest, 0) - vapply(scores, function(x) tail(c(NA, x[!is.na(x)]), 1), 0)
put_summary("loss.below_best", below_best, RANGE)

mean_known <- function(x) if (all(is.na(x))) NA else mean(x, na.rm = TRUE)
at_loss_and_earlier <- function(series, at) {  # series: a value a cycle, at: cycle by patient
  as.data.frame(do.call(rbind, lapply(seq_along(ids), function(i) {
    k <- at[i]
    if (is.na(k)) return(c(at_loss = NA, earlier = NA))
    c(at_loss = series[[i]][k], earlier = mean_known(series[[i]][seq_len(k - 1)]))
  })))
}
beside_loss <- list(
  dose_g_kg = at_loss_and_earlier(lapply(cycles, function(table) table$dose_g_kg), loss_cycle - 1),
  interval_days = at_loss_and_earlier(lapply(intervals, function(x) c(NA, x)), loss_cycle),
  prednisone_mg_day = at_loss_and_earlier(doses_of_prednisone, loss_cycle)
)
for (name in names(beside_loss)) {
  d <- beside_loss[[name]]$at_loss - beside_loss[[name]]$earlier
  d <- d[!is.na(d)]
  id <- paste0("loss.", sub("_.*", "", name), "_change")
  put_all(id, c(paired_t(d), n = length(d)), length(d))
}

# The chance of a loss in a patient who lost nothing: not from random draws, but summed over every
# course of the scores. True strength is the own baseline at cycle 1 and the own best score later;
# a score has a normal error, is rounded, stays within the scale, and is missing where the own is.
# States are the best score so far and whether the last score was below it by enough. Divided by the
# chance of a measured gain, without which a loss cannot be judged.
POSSIBLE <- seq(SCORE[["lowest"]], SCORE[["highest"]])
chance_of_scores <- function(true, sd) {
  up_to <- pnorm(POSSIBLE + 0.5, true, sd)
  up_to[length(up_to)] <- 1
  diff(c(0, up_to))
}
false_loss <- function(i, sd) {
  is_scored <- !is.na(scores[[i]])
  at_start <- chance_of_scores(baseline$mrc_sum_score[i], sd)
  later <- chance_of_scores(highest(scores[[i]]), sd)
  no_gain <- sum(at_start * cumsum(later)^sum(is_scored[-1]))
  chances <- vapply(which(at_start > 1e-18), function(start) {
    at_start[start] * false_loss_from(POSSIBLE[start], later, is_scored)
  }, 0)
  sum(chances) / (1 - no_gain)
}
deficit <- outer(POSSIBLE, POSSIBLE, "-")  # the best score (row) minus the next one (column)
is_new_best <- deficit <= 0
false_loss_from <- function(start, chance, is_scored) {
  first <- if (is_scored[1]) start else POSSIBLE[1]  # without a score, any next one is the best
  held <- as.numeric(POSSIBLE == first)  # chance of each best score, the last score not below
  below <- 0 * held                      # the same, the last score below
  lost <- 0
  is_enough <- deficit >= LOSS$points & LOSS$one_in * deficit >= POSSIBLE - start & POSSIBLE > start
  for (k in seq_along(is_scored)[-1]) {
    if (!is_scored[k]) {
      held <- held + below
      below <- 0 * held
      next
    }
    counts <- is_enough & k >= LOSS$first_cycle
    falls <- as.vector(counts %*% chance)
    stays <- as.vector((!counts & !is_new_best) %*% chance)
    lost <- lost + sum(below * falls)
    rises <- colSums((held + below) * is_new_best) * chance
    next_held <- (held + below) * stays + rises
    below <- held * falls
    held <- next_held
  }
  lost
}
for (sd in ERRORS) {
  p <- vapply(which(can_judge), false_loss, 0, sd = sd)
  n <- length(p)
  draws <- max(DRAWN$at_least, DRAWN$in_all %/% max(1, n))
  error <- 100 * sqrt(sum(p * (1 - p)) / draws) / n
  put(paste0("loss.false.sd_", sub(".", "_", sd, fixed = TRUE)), if (n) 100 * mean(p) else NA, n,
      if (n) 4 * error else NA)
}

# --- Adverse events ---

n_patients_with <- function(rows) length(unique(rows$patient_id))
n_cycles_with <- function(rows) nrow(unique(rows[c("patient_id", "cycle")]))
put_counts <- function(id, of_patients, of_cycles) {
  put_interval(paste0(id, "patients"), n_patients_with(of_patients), n_treated)
  put_share(paste0(id, "cycles"), n_cycles_with(of_cycles), n_cycles)
}
KINDS <- list(serious = events$serious == "true", discontinued = events$led_to_discontinuation == "true")
put("safety.events.n", nrow(events), nrow(events))
put_counts("safety.", events, events)
for (kind in names(KINDS)) {
  own <- events[KINDS[[kind]], ]
  put(paste0("safety.", kind, ".n"), nrow(own), nrow(own))
  put_counts(paste0("safety.", kind, "."), own, own)
}
worst_by <- function(group) if (nrow(events)) ave(events$ctcae_grade, group, FUN = max) else numeric()
by_patient <- worst_by(events$patient_id)
by_cycle <- worst_by(paste(events$patient_id, events$cycle))
for (grade in 1:5) {
  id <- paste0("safety.grade.", grade, ".")
  count <- sum(events$ctcae_grade == grade)
  put(paste0(id, "grade"), grade, nrow(events))
  put(paste0(id, "n"), count, count)
  put_counts(id, events[by_patient == grade, ], events[by_cycle == grade, ])
}
put("safety.maximum_grade", if (nrow(events)) max(events$ctcae_grade) else NA, nrow(events))
by_term <- split(events, events$term)
most_first <- order(-vapply(by_term, n_patients_with, 0L), -vapply(by_term, nrow, 0L), names(by_term),
                    method = "radix")
for (i in seq_along(by_term)) {
  own <- by_term[[most_first[i]]]
  put(paste0("safety.term.", i, ".n"), nrow(own), nrow(own))
  put_counts(paste0("safety.term.", i, "."), own, own)
}

# --- The patients, where they are few enough to be listed ---

if (n_treated <= LISTED_PATIENTS) for (i in seq_along(ids)) {
  id <- paste0("patient.", i)
  from <- band * (patients$age_years[i] %/% band)
  age_band <- paste0(from, "\u2013", from + band - 1)
  put_all(id, list(number = i, cycles = nrow(cycles[[i]]), events = sum(events$patient_id == ids[i]),
                   gain = gains[i], below_best = below_best[i], slope = slopes[i],
                   loss_cycle = loss_cycle[i]), 1)
  characteristics <- list(age_band = age_band, sex = patients$sex[i], diagnosis = patients$diagnosis[i])
  put_all(id, characteristics[vapply(names(characteristics), may_show, NA)], 1)
  for (time in c("baseline", "follow_up")) {
    visit <- if (time == "baseline") baseline[i, ] else follow_up[i, ]
    found <- list(day = visit$visit_day, strength = visit$mrc_sum_score, ck_multiple = visit$ck_multiple,
                  ldh = visit$ldh_u_l, prednisone = visit$prednisone_mg_day)
    for (name in names(found)) put(paste(id, name, time, sep = "."), found[[name]], 1)
  }
  if (i %in% lost) for (name in names(beside_loss)) {
    put_all(paste(id, name, sep = "."), beside_loss[[name]][i, ], 1)
  }
}

if (n_treated > LISTED_PATIENTS) for (diagnosis in unique(patients$diagnosis)) {
  own <- patients$diagnosis == diagnosis
  id <- paste0("group.", tolower(diagnosis))
  put_summary(paste0(id, ".cycles"), vapply(cycles, nrow, 0L)[own], "median")
  put(paste0(id, ".judged.n"), sum(can_judge[own]), sum(own))
  put_share(paste0(id, ".lost"), sum(own[lost]), sum(can_judge[own]))
  columns <- c(strength = "mrc_sum_score", ck_multiple = "ck_multiple", prednisone = "prednisone_mg_day")
  for (name in names(columns)) {
    before <- baseline[[columns[name]]]
    after <- follow_up[[columns[name]]]
    both <- own & !is.na(before) & !is.na(after)
    statistic <- if (name == "ck_multiple") "median" else "mean"
    put_summary(paste(id, name, "baseline", sep = "."), before[both], statistic)
    put_summary(paste(id, name, "follow_up", sep = "."), after[both], statistic)
  }
}

# --- The published abstract ---

agreement <- function(is_so) {
  if (length(is_so) != 1 || is.na(is_so)) "cannot be told" else if (is_so) "agrees" else "differs"
}
known_change <- function(column) {
  d <- follow_up[[column]] - baseline[[column]]
  d[!is.na(d)]
}
strength_changes <- known_change("mrc_sum_score")
ck_test <- paired_t(log(follow_up$ck_u_l / baseline$ck_u_l)[!is.na(follow_up$ck_u_l + baseline$ck_u_l)])
prednisone_changes <- tidy(known_change("prednisone_mg_day"))
prednisone_test <- paired_t(prednisone_changes)
prednisone_fell <- prednisone_test$mean < 0 &&
  (isTRUE(prednisone_test$ci_high < 0) || sum(prednisone_changes < 0) > sum(prednisone_changes > 0))
strength_rose <- all(strength_changes > 0) && paired_t(strength_changes)$p_value < 0.01
if_known_of_all <- function(is_so, changes) if (isTRUE(is_so) && length(changes) < n_treated) NA else is_so

# The day of the year of a first infusion is not known: records are inside the years at every day, or
# outside them at every day, or it cannot be told.
first_day <- vapply(visits, function(table) min(0, table$visit_day), 0)
on <- function(day) as.Date(paste0(patients$first_ivig_year, day, recycle0 = TRUE))
is_inside <- all(on("-01-01") + first_day >= as.Date("2004-01-01"),
                 on("-12-31") + last_day <= as.Date("2012-12-31"))
is_outside <- any(on("-12-31") + first_day < as.Date("2004-01-01"),
                  on("-01-01") + last_day > as.Date("2012-12-31"))
VERDICTS <- list(
  p1 = if (is_inside) TRUE else if (is_outside) FALSE else NA,
  p2 = n_treated == 6,
  p3 = setequal(patients$diagnosis, c("PM", "DM", "IBM")),
  p4 = all(lengths(failed) > 0),
  p5 = all(given$dose_g_kg >= 1 & given$dose_g_kg <= 2 & given$infusion_days == 5) &&
    all(vapply(cycles, nrow, 0L) > 1),
  p6 = if_known_of_all(strength_rose, strength_changes),
  p7 = ck_test$mean < 0 && ck_test$p_value < 0.05,
  p8 = if (nrow(events)) all(events$ctcae_grade <= 1) && !any(unlist(KINDS)) else NA,
  p9 = if (!length(prednisone_changes) || !any(baseline$prednisone_mg_day > 0, na.rm = TRUE)) NA else
    if_known_of_all(prednisone_fell, prednisone_changes),
  p10 = if (any(can_judge & is.na(loss_cycle))) FALSE else
    if (!all(can_judge) || n_treated < 2) NA else length(unique(loss_cycle)) > 1
)
if (!n_treated) VERDICTS[names(VERDICTS) != "p2"] <- NA
verdicts <- vapply(VERDICTS, agreement, "")
for (name in names(verdicts)) put(paste0("witness.", name), verdicts[[name]])
ANSWERS <- c(agrees = "agrees", differs = "differs", untold = "cannot be told")
for (name in names(ANSWERS)) {
  put_share(paste0("witness.", name), sum(c(verdicts, "cannot be told") == ANSWERS[[name]]),
            length(verdicts) + 1)
}

# --- article.csv ---

tables <- file.path(folder, paste0(c("patients", "visits", "cycles", "adverse_events"), ".csv"))
read <- data.frame(id = "data.md5", value = paste(tools::md5sum(tables), collapse = " "), n = "",
                   tolerance = "", exempt = "")
exempt <- data.frame(id = names(EXEMPT), value = "", n = "", tolerance = "", exempt = EXEMPT)
rows <- do.call(rbind, receipts$rows)
rows <- rbind(read, exempt, rows[order(rows$id, method = "radix"), ])
quoted <- function(x) ifelse(grepl("[,\"]", x), paste0('"', gsub('"', '""', x), '"'), x)
lines <- c(paste(names(rows), collapse = ","), do.call(paste, c(lapply(rows, quoted), sep = ",")))
connection <- file(output, open = "wb")
writeLines(enc2utf8(lines), connection, useBytes = TRUE)
close(connection)
