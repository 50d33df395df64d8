"""Paired t tests and estimates against R, closed forms and published values."""

import math
from dataclasses import asdict
from fractions import Fraction
from math import factorial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.paired import (
    NCT_LIMIT,
    LeaveOneOut,
    leave_one_out,
    overturning,
    paired_ratio,
    paired_t,
    small_sample_factor,
    standardised_change,
    survives,
)
from analysis.ranks import hodges_lehmann, signed_rank
from tests.analysis.paired_cases import Found, Row, agree, change, known, numbers, steady

# t tests, ratio, d_z


def test_t_procedures_are_those_of_r() -> None:
    """t.test on differences and logs, d_z, g_z and its interval agree with R."""

    def procedures(row: Row) -> Found:
        pairs: dict[str, Any] = {
            "before": numbers(row["before"]),
            "after": numbers(row["after"]),
            "confidence_level": float(row["level"]),
        }
        t, ratio, size = paired_t(**pairs), paired_ratio(**pairs), standardised_change(**pairs)
        assert t.n == ratio.n == size.n == int(row["n"])
        assert t.n_missing == len(pairs["before"]) - t.n
        return {
            **{k: v for k, v in asdict(t).items() if k in row},
            "ratio": ratio.estimate,
            "log_sd": ratio.log_sd,
            "ratio_low": ratio.ci_low,
            "ratio_high": ratio.ci_high,
            "ratio_statistic": ratio.statistic,
            "ratio_p_value": ratio.p_value,
            "d_z": size.d_z,
            "g_z": size.g_z,
            "d_z_low": size.ci_low,
            "d_z_high": size.ci_high,
        }

    agree("paired_t.csv", procedures)


@pytest.mark.parametrize(
    ("t", "p", "decimals"), [(2.571, 0.05, 4), (4.032, 0.01, 5), (6.869, 0.001, 6)]
)
def test_critical_t_of_six_pairs(t: float, p: float, decimals: int) -> None:
    """The critical values of t with 5 degrees of freedom, as tabled.

    Fisher and Yates 1963, Statistical Tables, table III.
    """
    spread = np.array([-2, -1, -0.5, 0.5, 1, 2])
    differences = spread + t * spread.std(ddof=1) / math.sqrt(6)
    found = paired_t(**change(differences.tolist()))
    assert found.statistic == pytest.approx(t, abs=1e-12)
    assert found.p_value == pytest.approx(p, abs=10.0**-decimals)


def test_small_p_keeps_its_digits() -> None:
    """P of t with 2 degrees of freedom is 1 - t / sqrt(t^2 + 2), also far out in the tail."""
    found = paired_t(**change([1_000_000, 1_000_001, 1_000_002]))
    assert found.statistic is not None
    root = math.hypot(found.statistic, math.sqrt(2))
    assert found.p_value == pytest.approx(2 / (root * (root + found.statistic)), rel=1e-9)


@pytest.mark.parametrize("step", [0.1, 7, 1e6])
def test_no_spread_gives_no_test(step: float) -> None:
    """Equal differences, float noise apart, give estimate and SD 0 and nothing to test by."""
    before = [0.3, 11.7, 1.1, 29.9]
    pairs: dict[str, Any] = {"before": before, "after": [value + step for value in before]}
    found = paired_t(**pairs)
    assert found.estimate == pytest.approx(step)
    assert (found.sd, found.df) == (0.0, 3)
    assert found.ci_low is found.ci_high is found.statistic is found.p_value is None
    assert standardised_change(**pairs).d_z is None


def test_ratio_without_spread_gives_no_test() -> None:
    """All values halved give the ratio 0.5 and no interval."""
    found = paired_ratio(before=[840.2, 97.1, 33.3], after=[420.1, 48.55, 16.65])
    assert found.estimate == pytest.approx(0.5)
    assert (found.log_sd, found.ci_low, found.p_value) == (0.0, None, None)


def test_missing_sides_are_dropped_and_counted() -> None:
    """A pair with one or both sides missing changes nothing but the count of missing."""
    before, after = [1.0, None, 4.0, 5.0, math.nan], [3.0, 2.0, None, 9.0, math.nan]
    for function in (paired_t, signed_rank, hodges_lehmann, standardised_change, paired_ratio):
        whole = asdict(function(before=[1.0, 5.0], after=[3.0, 9.0]))
        assert asdict(function(before=before, after=after)) == whole | {"n_missing": 3}


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_pairs_give_none(n: int) -> None:
    """One pair has an estimate and no spread; none has nothing; the counts are always there."""
    pairs: dict[str, Any] = {"before": [*[4.0][:n], None], "after": [*[6.0][:n], 1.0]}
    estimate = {0: None, 1: 2.0}[n]
    nothing = dict.fromkeys(("sd", "ci_low", "ci_high", "statistic", "df", "p_value"))
    level = {"confidence_level": 0.95}
    counts = {"n": n, "n_missing": 1}
    assert asdict(paired_t(**pairs)) == {"estimate": estimate, **nothing, **level, **counts}
    assert asdict(standardised_change(**pairs)) == (
        dict.fromkeys(("d_z", "g_z", "ci_low", "ci_high")) | level | counts
    )
    location = hodges_lehmann(**pairs)
    assert (location.estimate, location.ci_low, location.attained_level) == (estimate, None, None)
    ratio = paired_ratio(**pairs)
    assert ratio.estimate == (None if n == 0 else pytest.approx(1.5))
    assert (ratio.ci_low, ratio.p_value, ratio.n, ratio.n_missing) == (None, None, n, 1)
    ranks = signed_rank(**pairs)
    assert (ranks.p_value, ranks.n, ranks.n_missing) == ((None, 1.0)[n], n, 1)


def test_two_pairs_have_no_g_z() -> None:
    """J(1) is not defined: two pairs have a d_z and no g_z."""
    found = standardised_change(**change([1, 2]))
    assert found.d_z == pytest.approx(1.5 / math.sqrt(0.5))
    assert found.g_z is None


def test_hedges_factor() -> None:
    """J(2) = 1 / sqrt(pi), J(4) = sqrt(2 / pi), J(5) = 0.75 sqrt(pi / 2.5) = 0.841.

    Hedges 1981, J Educ Stat 6:107-128, equation 6e, with gamma(1/2) = sqrt(pi).
    """
    assert small_sample_factor(2) == pytest.approx(1 / math.sqrt(math.pi), rel=1e-12)
    assert small_sample_factor(4) == pytest.approx(math.sqrt(2 / math.pi), rel=1e-12)
    assert small_sample_factor(5) == pytest.approx(0.75 * math.sqrt(math.pi / 2.5), rel=1e-12)
    assert small_sample_factor(5) == pytest.approx(0.841, abs=5e-4)


def test_hedges_factor_is_the_quotient_of_factorials() -> None:
    """For 2 to 400 degrees of freedom J is the quotient of gamma functions in whole numbers.

    gamma(k) = (k - 1)! and gamma(k + 1/2) = (2k)! sqrt(pi) / (4^k k!).
    """
    for df in range(2, 401):
        k = df // 2
        half = Fraction(factorial(2 * k), 4**k * factorial(k))  # gamma(k + 1/2) / sqrt(pi)
        if df % 2:
            quotient = float(half / factorial(k - 1)) * math.sqrt(math.pi)
        else:
            quotient = float(factorial(k - 1) / (half / Fraction(2 * k - 1, 2))) / math.sqrt(
                math.pi
            )
        expected = quotient / math.sqrt(df / 2)
        assert small_sample_factor(df) == pytest.approx(expected, rel=1e-12), df


def test_interval_of_a_huge_change_is_that_of_the_sd() -> None:
    """With hardly any spread the limits over d_z are sqrt(chi-squared quantile / df).

    Chi-squared quantiles with 5 degrees of freedom: 0.831 and 12.833 (Fisher and Yates 1963,
    table IV).
    """
    found = standardised_change(**change([1e6 + k for k in range(6)]))
    d_z = known(found.d_z)
    assert known(found.ci_low) / d_z == pytest.approx(math.sqrt(0.8312 / 5), rel=1e-4)
    assert known(found.ci_high) / d_z == pytest.approx(math.sqrt(12.8325 / 5), rel=1e-4)


@pytest.mark.parametrize("n", [2, 6, 40, 1000])
def test_noncentral_t_has_no_seam(n: int) -> None:
    """On both sides of the change of algorithm the limits are the same share of d_z."""
    spread = np.linspace(-1, 1, n)
    unit = spread.std(ddof=1) / math.sqrt(n)
    shares = []
    for t in (NCT_LIMIT * 0.9999, NCT_LIMIT * 1.0001):
        found = standardised_change(**change((spread + t * unit).tolist()))
        d_z = known(found.d_z)
        shares.append((known(found.ci_low) / d_z, known(found.ci_high) / d_z))
    assert shares[0] == pytest.approx(shares[1], rel=1e-6)


@steady
@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500)), min_size=2, max_size=40))
def test_direction_turns_every_estimate(pairs: list[tuple[int, int]]) -> None:
    """Exchanging before and after negates differences, inverts ratios, and keeps P."""
    before, after = [b for b, _ in pairs], [a for _, a in pairs]
    for function, turn in ((paired_t, float.__neg__), (paired_ratio, lambda x: 1 / x)):
        found = function(before=before, after=after)
        swapped = function(before=after, after=before)
        assert swapped.estimate == pytest.approx(turn(known(found.estimate)), rel=1e-9)
        assert (found.p_value is None) == (swapped.p_value is None)
        if found.p_value is not None:
            assert swapped.p_value == pytest.approx(found.p_value, rel=1e-9)
            assert swapped.ci_high == pytest.approx(turn(known(found.ci_low)), rel=1e-9, abs=1e-9)
    size = standardised_change(before=before, after=after)
    if size.d_z is not None:
        assert known(size.ci_low) < size.d_z < known(size.ci_high)


@pytest.mark.parametrize("bad", [0.0, -3.0])
def test_ratio_needs_values_above_zero(bad: float) -> None:
    """A value of 0 or below has no logarithm and is refused, even beside a missing one."""
    with pytest.raises(ValueError, match=f"above 0 were wanted for a ratio, {bad} came"):
        paired_ratio(before=[None, 2.0], after=[bad, 3.0])


def test_unequal_lengths_are_refused() -> None:
    """Three values before and two after are no pairs."""
    with pytest.raises(ValueError, match="3 and 2 came"):
        paired_t(before=[1, 2, 3], after=[1, 2])
    with pytest.raises(ValueError, match="1 came for 2"):
        leave_one_out(before=[1, 2], after=[2, 4], labels=["A"], scale="difference")


def test_limit_beyond_a_float_is_none() -> None:
    """Two contrary ratios at 99.9% give an upper limit that no float holds: None, not infinity."""
    found = paired_ratio(before=[1, 2e5], after=[2e5, 1], confidence_level=0.999)
    assert found.estimate == pytest.approx(1)
    assert (found.ci_low, found.ci_high) == (0.0, None)


# Leave one out


def test_each_patient_is_left_out_once() -> None:
    """Each row is the estimate of the others; an incomplete pair has none."""
    before, after, labels = [30, 41, None, 35], [44, 50, 60, 47], ["A", "B", "C", "D"]
    rows = leave_one_out(before=before, after=after, labels=labels, scale="difference")
    without_b = paired_t(before=[30, 35], after=[44, 47])
    assert [row.label for row in rows] == ["A", "B", "D"]
    assert rows[1] == LeaveOneOut("B", 13.0, without_b.ci_low, without_b.ci_high, 2)
    ratios = leave_one_out(before=before, after=after, labels=labels, scale="ratio")
    assert ratios[0].estimate == pytest.approx(math.sqrt(50 / 41 * 47 / 35))


def test_nobody_to_leave_out() -> None:
    """Without patients there are no rows; with one, the rest has no estimate."""
    assert leave_one_out(before=[], after=[], labels=[], scale="ratio") == ()
    rows = leave_one_out(before=[1], after=[2], labels=[7], scale="difference")
    assert rows == (LeaveOneOut(7, None, None, None, 0),)


def rows_of(*limits: tuple[float | None, float | None]) -> list[LeaveOneOut]:
    """Rows with these limits, and an estimate in their middle (1 where there are none)."""
    return [
        LeaveOneOut(i, 1.0 if low is None or high is None else (low + high) / 2, low, high, 5)
        for i, (low, high) in enumerate(limits)
    ]


@pytest.mark.parametrize(
    ("estimate", "limits", "scale", "expected"),
    [
        (5.0, [(1, 9), (2, 8)], "difference", True),
        (-5.0, [(-9, -1), (-8, -2)], "difference", True),
        (5.0, [(1, 9), (-1, 8)], "difference", False),
        (5.0, [(1, 9), (0, 8)], "difference", False),
        (5.0, [(1, 9), (-8, -2)], "difference", False),
        (0.5, [(0.2, 0.9), (0.3, 0.8)], "ratio", True),
        (0.5, [(0.2, 0.9), (0.3, 1.1)], "ratio", False),
        (0.5, [(0.2, 0.9), (1.2, 2.1)], "ratio", False),
        (5.0, [(1, 9), (None, None)], "difference", None),
        (5.0, [(-1, 9), (None, None)], "difference", False),
        (-5.0, [(None, None)], "difference", False),
        (0.0, [(1, 9)], "difference", False),
        (0.0, [(-9, -1)], "difference", False),
        (5.0, [], "difference", None),
        (None, [(1, 9)], "difference", None),
    ],
)
def test_survival_of_a_finding(
    estimate: float | None, limits: list[Any], scale: Any, expected: bool | None
) -> None:
    """A finding survives if without any one patient sign and exclusion of no effect remain."""
    assert survives(estimate, rows_of(*limits), scale=scale) is expected


@pytest.mark.parametrize(
    ("estimate", "limits", "scale", "expected"),
    [
        (5.0, [(1, 9), (2, 8)], "difference", 0),
        (5.0, [(1, 9), (-1, 8), (-8, -2)], "difference", 2),
        (0.5, [(0.2, 0.9), (0.3, 1.1), (1.2, 2.1)], "ratio", 2),
        (5.0, [(-1, 9), (None, None)], "difference", 1),
        (0.0, [(1, 9), (-9, -1)], "difference", 2),
        (None, [(1, 9)], "difference", 0),
    ],
)
def test_how_many_overturn_a_finding(
    estimate: float | None, limits: list[Any], scale: Any, expected: int
) -> None:
    """Counted are those without whom the sign turns or the interval includes no effect."""
    assert overturning(estimate, rows_of(*limits), scale=scale) == expected
