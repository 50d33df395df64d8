"""Values of the same patients before and after in, t tests and estimates of the change out.

Every difference is after minus before, every ratio after over before. `analysis.pairs` says how
`before` and `after` are given and which differences count as equal; `n_missing` counts the pairs
left out for a missing side. What cannot be estimated is None.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy.special import gammainc, gammaln, nctdtr, ndtri, stdtr, stdtrit

from analysis.describe import Values, check_confidence_level
from analysis.pairs import as_pairs, complete_differences, logs

NCT_LIMIT = 1000.0  # |t| up to which scipy's noncentral t is reliable

Scale = Literal["difference", "ratio"]


@dataclass(frozen=True)
class PairedT:
    """Mean difference (unit of the values), SD of the differences, t interval and test."""

    estimate: float | None
    sd: float | None
    ci_low: float | None
    ci_high: float | None
    confidence_level: float
    statistic: float | None
    df: int | None
    p_value: float | None
    n: int
    n_missing: int


@dataclass(frozen=True)
class PairedRatio:
    """Geometric mean ratio, its t interval and test; `log_sd` is the SD of the log ratios."""

    estimate: float | None
    log_sd: float | None
    ci_low: float | None
    ci_high: float | None
    confidence_level: float
    statistic: float | None
    df: int | None
    p_value: float | None
    n: int
    n_missing: int


@dataclass(frozen=True)
class StandardisedChange:
    """d_z = mean over SD of the differences, its interval, and g_z without small-sample bias."""

    d_z: float | None
    g_z: float | None
    ci_low: float | None
    ci_high: float | None
    confidence_level: float
    n: int
    n_missing: int


@dataclass(frozen=True)
class LeaveOneOut:
    """The estimate (difference or ratio) from the `n` pairs without the patient `label`."""

    label: int | str
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    n: int


def paired_t(*, before: Values, after: Values, confidence_level: float = 0.95) -> PairedT:
    """The mean difference with Student's t interval and two-sided test of no difference.

    One pair gives the estimate alone. Differences without spread give no interval and no test:
    `sd` is then 0.

    References: Student 1908, Biometrika 6:1-25.
    """
    check_confidence_level(confidence_level)
    differences, noise, n_missing = complete_differences(before=before, after=after)
    n = len(differences)
    if n == 0:
        return PairedT(None, None, None, None, confidence_level, None, None, None, 0, n_missing)
    mean = float(differences.mean())
    if n == 1:
        return PairedT(mean, None, None, None, confidence_level, None, None, None, 1, n_missing)
    df = n - 1
    if np.ptp(differences) <= noise:
        return PairedT(mean, 0.0, None, None, confidence_level, None, df, None, n, n_missing)
    sd = float(differences.std(ddof=1))
    standard_error = sd / math.sqrt(n)
    margin = float(stdtrit(df, (1 + confidence_level) / 2)) * standard_error
    t = mean / standard_error
    p = min(1.0, 2 * float(stdtr(df, -abs(t))))
    return PairedT(mean, sd, mean - margin, mean + margin, confidence_level, t, df, p, n, n_missing)


def paired_ratio(*, before: Values, after: Values, confidence_level: float = 0.95) -> PairedRatio:
    """The geometric mean ratio: `paired_t` on natural logarithms, estimate and limits taken back.

    A limit beyond the range of a float is None. Raises ValueError for a value of 0 or below.

    References: Bland and Altman 1996, BMJ 312:1153 (transformed comparisons).
    """
    t = paired_t(before=logs(before), after=logs(after), confidence_level=confidence_level)
    estimate, ci_low, ci_high = _exp(t.estimate), _exp(t.ci_low), _exp(t.ci_high)
    tail = (confidence_level, t.statistic, t.df, t.p_value, t.n, t.n_missing)
    return PairedRatio(estimate, t.sd, ci_low, ci_high, *tail)


def standardised_change(
    *, before: Values, after: Values, confidence_level: float = 0.95
) -> StandardisedChange:
    """d_z (the standardiser is the SD of the differences) with its noncentral t interval.

    The interval is for d_z. g_z = J(n - 1) d_z with the exact gamma factor J, and needs three
    pairs. All are None below two pairs and for differences without spread.

    References: Cohen 1988, p. 48 (d_z); Hedges 1981, J Educ Stat 6:107-128, eq. 6e (J); Cumming
    and Finch 2001, Educ Psychol Meas 61:532-574 (interval).
    """
    t = paired_t(before=before, after=after, confidence_level=confidence_level)
    if t.statistic is None or t.df is None:
        nothing = (None, None, None, None)
        return StandardisedChange(*nothing, confidence_level, t.n, t.n_missing)
    root_n = math.sqrt(t.n)
    d_z, tail = t.statistic / root_n, (1 - confidence_level) / 2
    g_z = d_z * small_sample_factor(t.df) if t.df > 1 else None
    size = abs(t.statistic)
    limits = [_noncentrality(size, t.df, p) / root_n for p in (tail, 1 - tail)]
    ci_low, ci_high = limits if t.statistic >= 0 else (-limits[1], -limits[0])
    return StandardisedChange(d_z, g_z, ci_low, ci_high, confidence_level, t.n, t.n_missing)


def small_sample_factor(df: int) -> float:
    """Hedges' exact J(df), which takes the bias from a standardised mean; `df` of 2 or more."""
    return math.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / math.sqrt(df / 2)


def leave_one_out(
    *,
    before: Values,
    after: Values,
    labels: Sequence[int | str],
    scale: Scale,
    confidence_level: float = 0.95,
) -> tuple[LeaveOneOut, ...]:
    """The estimate and t interval without each patient in turn, in the order of `labels`.

    `scale` "difference" is `paired_t`, "ratio" `paired_ratio`. A patient with an incomplete pair
    is in no estimate and gets no row.
    """
    pairs = as_pairs(before=before, after=after)
    if len(labels) != len(pairs):
        raise ValueError(
            f"a label a patient was wanted, {len(labels)} came for {len(pairs)}; give one each"
        )
    estimator = paired_t if scale == "difference" else paired_ratio
    rows = []
    for i in np.flatnonzero(~np.isnan(pairs).any(axis=1)):
        kept = np.delete(pairs, i, axis=0)
        left = estimator(before=kept[:, 0], after=kept[:, 1], confidence_level=confidence_level)
        rows.append(LeaveOneOut(labels[int(i)], left.estimate, left.ci_low, left.ci_high, left.n))
    return tuple(rows)


Estimated: TypeAlias = LeaveOneOut | PairedT | PairedRatio


def survives(estimate: float | None, others: Iterable[Estimated], *, scale: Scale) -> bool | None:
    """True if the finding stands in every other analysis, False if in some one it does not.

    The others may be those without each patient in turn, or with other rules. It stands where the
    estimate lies on the same side of no effect (a difference of 0, a ratio of 1) as `estimate`,
    that of the main analysis, and the t interval excludes no effect. None where that cannot be
    told: no estimate, no other analysis, or an interval that is not estimable while no other
    analysis overturns the finding.
    """
    stands = _each_stands(estimate, others, scale)
    if estimate is None or not stands:
        return None
    if False in stands:
        return False
    return None if None in stands else True


def overturning(estimate: float | None, others: Iterable[Estimated], *, scale: Scale) -> int:
    """In how many other analyses the finding does not stand, as `survives` has it."""
    return _each_stands(estimate, others, scale).count(False)


def _each_stands(
    estimate: float | None, others: Iterable[Estimated], scale: Scale
) -> list[bool | None]:
    no_effect = 0.0 if scale == "difference" else 1.0
    return [_stands(row, no_effect, estimate) for row in others]


def _stands(row: Estimated, no_effect: float, estimate: float | None) -> bool | None:
    if estimate == no_effect:
        return False
    if row.estimate is None or estimate is None:
        return None
    is_rise = estimate > no_effect
    if row.estimate == no_effect or (row.estimate > no_effect) != is_rise:
        return False
    if row.ci_low is None or row.ci_high is None:
        return None
    return row.ci_low > no_effect if is_rise else row.ci_high < no_effect


def _exp(value: float | None) -> float | None:
    try:
        return None if value is None else math.exp(value)
    except OverflowError:
        return None


def _noncentrality(t: float, df: int, upper_tail: float) -> float:
    """The noncentrality at which a noncentral t exceeds `t` >= 0 with chance `upper_tail`.

    Bisection down to adjacent floats; the chance rises with the noncentrality. For t of 0 it is
    the normal quantile of `upper_tail`, for t above 0 more: where scipy's nctdtr is nan, at
    noncentralities far below 0, it is never asked.
    """
    low, high = float(ndtri(upper_tail)), t + 1.0
    while _noncentral_t_exceeds(t, df, high) < upper_tail:
        high *= 2
    while low < (middle := (low + high) / 2) < high:
        if _noncentral_t_exceeds(t, df, middle) < upper_tail:
            low = middle
        else:
            high = middle
    return middle


def _noncentral_t_exceeds(t: float, df: int, noncentrality: float) -> float:
    """P(T >= t), beyond `NCT_LIMIT` as the mean over Z of P(chi <= (Z + noncentrality) / t)."""
    if t <= NCT_LIMIT:
        return 1 - float(nctdtr(df, noncentrality, t))
    z = np.linspace(-9, 9, 1441)
    chi_squared = df * (np.maximum(z + noncentrality, 0) / t) ** 2
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return float((density * gammainc(df / 2, chi_squared / 2)).sum() * (z[1] - z[0]))
