"""Values of the same patients before and after in, the sign-flip test of their mean change out.

The difference is after minus before. `analysis.pairs` says how `before` and `after` are given and
which differences count as equal; `n_missing` counts the pairs left out for a missing side.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from analysis.describe import Floats, Values
from analysis.pairs import complete_differences
from analysis.ranks import Method

EXACT_LIMIT = 20  # non-zero differences; all 2^n sign assignments up to here, the normal above


@dataclass(frozen=True)
class SignFlip:
    """Mean difference of `n` pairs (unit of the values) and two-sided P; `n_zero` are zero."""

    estimate: float | None
    p_value: float | None
    p_value_floor: float | None
    method: Method
    n: int
    n_missing: int
    n_zero: int


def sign_flip(*, before: Values, after: Values) -> SignFlip:
    """The sign-flip permutation test of differences symmetric about 0: mean and two-sided P.

    The sizes of the differences are held fixed and their signs tossed. Up to `EXACT_LIMIT`
    non-zero differences P is exact: the share of all sign assignments whose sum is at least as
    far from 0, where sums that float noise alone tells apart count as equal. Above, it is the
    normal approximation with z = sum(d) / sqrt(sum(d^2)), the sum over its SD under tossed signs.
    A zero difference has no sign and changes no P. `p_value_floor` is the smallest P that these
    sizes can give, 2 / 2^m with m non-zero differences all of one sign. Without a non-zero
    difference P is None, without a pair the estimate too. For ratios give logarithms.

    scipy.stats.permutation_test agrees where no sums tie (and is a second witness in the tests).
    It is not used: its tolerance, 1e-14 of the sum found, lets the noise of logarithms and
    decimals break ties, and 18 pairs take it more than a second.

    References: Fisher 1935, The Design of Experiments, section 21; Pitman 1937, Suppl J R Stat
    Soc 4:119-130.
    """
    differences, noise, n_missing = complete_differences(before=before, after=after)
    moved = differences[np.abs(differences) > noise]
    n, n_moved = len(differences), len(moved)
    method: Method = "exact" if n_moved <= EXACT_LIMIT else "asymptotic"
    counts = (n, n_missing, n - n_moved)
    estimate = float(differences.mean()) if n else None
    if n_moved == 0:
        return SignFlip(estimate, None, None, method, *counts)
    p = _exact_p(moved, noise) if method == "exact" else _asymptotic_p(moved)
    return SignFlip(estimate, p, 2.0 ** (1 - n_moved), method, *counts)


def _exact_p(differences: Floats, noise: float) -> float:
    """Each sum of the first half's signs is counted with the sorted sums of the second half's.

    All 2^n sums are looked at, and 2^(n/2) held. A sum and its opposite are equally far from 0.
    """
    half = len(differences) // 2
    first, second = _signed_sums(differences[:half]), np.sort(_signed_sums(differences[half:]))
    far = abs(differences.sum()) - noise * len(differences)  # noise of the sum
    n_nearer = int(np.searchsorted(second, far - first).sum())
    return min(1.0, 2 * (1 - n_nearer / 2 ** len(differences)))


def _signed_sums(differences: Floats) -> Floats:
    sums = np.zeros(1)
    for difference in differences:
        sums = np.concatenate([sums - difference, sums + difference])
    return sums


def _asymptotic_p(differences: Floats) -> float:
    z = differences.sum() / math.sqrt((differences**2).sum())
    return 2 * float(ndtr(-abs(z)))
