"""A number of pairs in, the change that a paired t-test of so many can find out.

A statement about the number of patients, made without their data: no post-hoc power.
"""

import math

from scipy.special import nctdtr, stdtrit


def detectable_change(
    n: int, *, power: float = 0.8, significance_level: float = 0.05
) -> float | None:
    """The smallest true mean difference, in SDs of the differences, that `n` pairs can find.

    Found is a difference of which a two-sided paired t-test at `significance_level` has P below
    it with probability `power`, differences being normal; a rejection in the wrong direction
    counts as well, as in R's power.t.test(type = "paired", strict = TRUE). None below two pairs.

    Raises ValueError unless 0 < `significance_level` < `power` < 1.

    References: Cohen 1988, Statistical Power Analysis for the Behavioral Sciences, chapter 2;
    Johnson, Kotz and Balakrishnan 1995, Continuous Univariate Distributions 2, chapter 31
    (noncentral t).
    """
    if not 0 < significance_level < power < 1:
        raise ValueError(
            "0 < significance level < power < 1 was wanted, "
            f"{significance_level} and {power} came; give 80% as 0.8"
        )
    if n < 2:
        return None
    critical_t = float(stdtrit(n - 1, 1 - significance_level / 2))
    low, high = 0.0, critical_t + 1
    while _power(high, n - 1, critical_t) < power:
        high *= 2
    while low < (middle := (low + high) / 2) < high:  # down to adjacent floats
        if _power(middle, n - 1, critical_t) < power:
            low = middle
        else:
            high = middle
    return middle / math.sqrt(n)


def _power(noncentrality: float, df: int, critical_t: float) -> float:
    """P(|T| > `critical_t`) of noncentral t.

    scipy's nctdtr is good to 1e-13 here, but NaN for some lower tails below 1e-15: those are
    taken as 0. Its ncfdtr, both tails at once, fails at one degree of freedom and very small
    significance levels; its nctdtrinc inverts one tail alone.
    """
    expected_side = 1 - float(nctdtr(df, noncentrality, critical_t))
    wrong_side = float(nctdtr(df, noncentrality, -critical_t))
    return expected_side if math.isnan(wrong_side) else expected_side + wrong_side
