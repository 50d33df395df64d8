"""Values of the same patients before and after in, rank test and estimate of the change out.

Every difference is after minus before. `analysis.pairs` says how `before` and `after` are given
and which differences count as equal; `n_missing` counts the pairs left out for a missing side.
What cannot be estimated is None.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from analysis.describe import Floats, Values, check_confidence_level
from analysis.pairs import complete_differences

EXACT_LIMIT = 1000  # pairs; the exact signed-rank distribution up to here, the normal one above

Method = Literal["exact", "asymptotic"]
Zeros = Literal["dropped", "ranked"]


@dataclass(frozen=True)
class SignedRank:
    """W+ and two-sided P; `n` pairs less `n_zero` zero differences are the `n_ranked` ranked."""

    statistic: float | None
    p_value: float | None
    p_value_floor: float | None
    method: Method
    n: int
    n_missing: int
    n_zero: int
    n_ranked: int


@dataclass(frozen=True)
class HodgesLehmann:
    """Pseudo-median of the differences, its interval and the level that interval attains."""

    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    attained_level: float | None
    confidence_level: float
    method: Method
    n: int
    n_missing: int


def signed_rank(*, before: Values, after: Values, zeros: Zeros = "dropped") -> SignedRank:
    """Wilcoxon's signed-rank test of differences symmetric about 0: W+ and the two-sided P.

    Tied differences get mid-ranks. Zero differences are `zeros`: "dropped" before ranking
    (Wilcoxon's way), or "ranked" as the smallest with the others and their ranks then dropped
    (Pratt's way: an unchanged patient makes the other changes weigh more alike). Up to
    `EXACT_LIMIT` differences in the ranking P is exact given ties and zeros: the share of all
    sign assignments whose W+ lies at least as far from its mean. Above, it is the normal
    approximation with tie and continuity correction, the variance being a quarter of the sum of
    the squared ranks. `p_value_floor` is the smallest P that these ranks can give,
    2 / 2^n_ranked (with all signs alike; neither ties nor zeros change that). Without a
    difference other than zero statistic and P are None.

    scipy.stats.wilcoxon is not used: its exact P takes tied ranks for untied ones and its
    asymptotic P falls below the floor.

    References: Wilcoxon 1945, Biometrics Bull 1:80-83; Pratt 1959, JASA 54:655-667 (zeros);
    Hollander and Wolfe 1973, Nonparametric Statistical Methods, pp. 27-33 (mid-ranks, normal
    approximation).
    """
    differences, noise, n_missing = complete_differences(before=before, after=after)
    sizes = np.abs(differences)
    is_zero = sizes <= noise
    in_ranking = ~is_zero if zeros == "dropped" else np.full(len(sizes), True)
    ranks = _mid_ranks(sizes[in_ranking], noise)[~is_zero[in_ranking]]
    n, n_ranked = len(differences), len(ranks)
    method: Method = "exact" if in_ranking.sum() <= EXACT_LIMIT else "asymptotic"
    counts = (n, n_missing, n - n_ranked, n_ranked)
    if n_ranked == 0:
        return SignedRank(None, None, None, method, *counts)
    w_plus = float(ranks[differences[~is_zero] > 0].sum())
    p = _exact_p(ranks, w_plus) if method == "exact" else _asymptotic_p(ranks, w_plus)
    return SignedRank(w_plus, p, 2.0 ** (1 - n_ranked), method, *counts)


def hodges_lehmann(
    *, before: Values, after: Values, confidence_level: float = 0.95
) -> HodgesLehmann:
    """The median of the Walsh averages of the differences and the interval of Tukey.

    The limits are the c-th smallest and c-th largest Walsh average, with c from the null
    distribution of W+ without ties: exact up to `EXACT_LIMIT` pairs, normal above. The interval is
    the shortest whose `attained_level` is not below `confidence_level`; where none reaches it,
    the widest one, [smallest, largest difference] (five pairs: 93.75%). Ties and zero differences
    stay in; they can only raise the coverage of the closed interval. One pair has no interval.

    References: Hodges and Lehmann 1963, Ann Math Stat 34:598-611; Bauer 1972, JASA 67:687-690
    (interval); Noether 1967, JASA 62:184-188 (ties).
    """
    check_confidence_level(confidence_level)
    differences, _, n_missing = complete_differences(before=before, after=after)
    n = len(differences)
    method: Method = "exact" if n <= EXACT_LIMIT else "asymptotic"
    tail = (confidence_level, method, n, n_missing)
    if n == 0:
        return HodgesLehmann(None, None, None, None, *tail)
    walsh = _walsh_averages(differences)
    estimate = float(np.median(walsh))
    if n == 1:
        return HodgesLehmann(estimate, None, None, None, *tail)
    c, attained_level = _walsh_rank(n, confidence_level)
    walsh.partition([c - 1, len(walsh) - c])
    return HodgesLehmann(estimate, float(walsh[c - 1]), float(walsh[-c]), attained_level, *tail)


def _walsh_averages(differences: Floats) -> Floats:
    """The means of all pairs of differences, each with itself too; 400 MB for 10,000 of them."""
    n = len(differences)
    averages, start = np.empty(n * (n + 1) // 2), 0
    for i in range(n):
        averages[start : start + n - i] = (differences[i] + differences[i:]) / 2
        start += n - i
    return averages


def _mid_ranks(sizes: Floats, noise: float) -> Floats:
    """Ranks 1..n of `sizes`; those within `noise` of their neighbour share the mean rank."""
    order = np.argsort(sizes, kind="stable")
    is_new = np.diff(sizes[order], prepend=-np.inf) > noise
    group = np.cumsum(is_new) - 1
    group_size = np.bincount(group)
    last_rank = np.cumsum(group_size)
    ranks = np.empty(len(sizes))
    ranks[order] = (last_rank - (group_size - 1) / 2)[group]
    return ranks


def _null_distribution(weights: Iterable[int], largest: int) -> Floats:
    """P(sum = 0), ..., P(sum = largest) of the weights that get a plus when signs are tossed.

    Convolution of the two-point distributions: the full enumeration without its 2^n steps.
    """
    probability = np.zeros(largest + 1)
    probability[0] = 1.0
    top = 0
    for weight in weights:
        top = min(top + weight, largest)
        reached = probability[: top + 1]
        reached[weight:] += reached[: max(0, top + 1 - weight)].copy()
        reached /= 2
    return probability


def _exact_p(ranks: Floats, w_plus: float) -> float:
    doubled = np.rint(2 * ranks).astype(int)  # mid-ranks are halves
    plus = round(2 * w_plus)
    nearer_tail = min(plus, int(doubled.sum()) - plus)
    return min(1.0, 2 * float(_null_distribution(doubled, nearer_tail).sum()))


def _asymptotic_p(ranks: Floats, w_plus: float) -> float:
    distance = max(0.0, abs(w_plus - ranks.sum() / 2) - 0.5)
    return 2 * float(ndtr(-distance / math.sqrt((ranks**2).sum() / 4)))


@lru_cache(maxsize=64)
def _walsh_rank(n: int, confidence_level: float) -> tuple[int, float]:
    """The c of the c-th smallest Walsh average as lower limit, and the level it attains."""
    tail = (1 - confidence_level) / 2
    if n <= EXACT_LIMIT:
        below = np.cumsum(_null_distribution(range(1, n + 1), n * (n + 1) // 4))
        c = max(1, int(np.searchsorted(below, tail, side="right")))
        return c, 1 - 2 * float(below[c - 1])  # P(W+ <= c - 1)
    mean, sd = n * (n + 1) / 4, math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    c = max(1, math.floor(mean + 0.5 + float(ndtri(tail)) * sd))
    return c, 1 - 2 * float(ndtr((c - 0.5 - mean) / sd))
