"""Loss of response case by case from its definition; slopes against R's lm and t.test."""

import itertools
import math
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.response import (
    LossOfResponse,
    false_loss_rate,
    loss_of_response,
    slope_per_cycle,
    slopes_summary,
)
from tests.analysis.paired_cases import Found, Row, agree, numbers

steady = settings(derandomize=True, deadline=None, max_examples=100)
strengths = st.lists(st.none() | st.integers(0, 60), max_size=12)


@pytest.mark.parametrize(
    ("strength", "cycle"),
    [
        ([40, 50, 46, 46], 3),  # 4 points is at least max(4, 20% of 10 = 2)
        ([40, 50, 47, 46], None),  # 3 points at cycle 3, and cycle 4 has no next one
        ([40, 50, 47, 46, 46], 4),
        ([40, 50, 46, 47], None),  # not confirmed
        ([40, 50, 46, 47, 45, 44], 5),  # the first that is confirmed
        ([40, 50, 44, 44, 56, 56], 3),  # what comes later does not undo it
        ([50, 45, 45, 45, 45], 3),  # the best value may be that of cycle 1
        ([30, 60, 55, 55, 55], None),  # 20% of 30 is 6: 5 points are too few
        ([30, 60, 54, 54, 54], 3),  # 6 of 6
        ([30, 55, 50, 50], 3),  # 20% of 25 is 5: 5 of 5
        ([40, 50, 52, 48, 48], 4),  # the best earlier value rises to 52
        ([40, 46, 40, 40], 3),
        ([40, 45, 50, 55, 60, 60], None),
    ],
)
def test_first_confirmed_fall_is_the_loss(strength: list[float], cycle: int | None) -> None:
    """Lost is the first cycle k >= 3 at least max(4, 20% of gain) below the best, as is k + 1.

    Baseline is 30 points, or 40 where the cycles begin at 40 or 50: worked by hand.
    """
    baseline = 30 if strength[0] == 30 else 40
    found = loss_of_response(strength, baseline=baseline)
    assert found.status == ("lost" if cycle else "not_lost")
    assert (found.cycle, found.best_gain) == (cycle, max(strength) - baseline)


def test_fall_at_the_second_cycle_is_no_loss() -> None:
    """Cycle 2 cannot be the loss; cycle 3 can, by the same fall."""
    assert loss_of_response([50, 40, 40, 40], baseline=40).cycle == 3


def test_later_gain_does_not_raise_the_threshold() -> None:
    """5 points below a gain of 10 are lost at cycle 3, though the gain is 30 at cycle 5."""
    assert loss_of_response([30, 40, 35, 35, 60], baseline=30).cycle == 3


def test_nothing_is_lost_before_there_is_a_gain() -> None:
    """A fall below a best value that is not above baseline is no loss of response."""
    found = loss_of_response([40, 40, 35, 35, 45], baseline=40)
    assert found == LossOfResponse("not_lost", None, 5, "")


@pytest.mark.parametrize(
    ("strength", "cycle"),
    [
        ([40, 50, 44, None, 44, 44], 5),  # unconfirmed at 3; cycle 5 confirmed by 6
        ([40, 50, 44, None, 44], None),
        ([None, 50, 44, 44], 3),
        ([40, None, 44, 40, 40], 4),  # cycles keep their numbers
        ([None, None, 50, 45, 45], 4),
        ([40, 50, math.nan, 44, 44], 4),
    ],
)
def test_missing_strength_neither_loses_nor_confirms(
    strength: list[float | None], cycle: int | None
) -> None:
    """A cycle without strength is no loss and no confirmation, and the rest keep their numbers."""
    if cycle is None:
        strength = [*strength, 60, 60]  # cycles 6 and 7 make it estimable
    assert loss_of_response(strength, baseline=40).cycle == cycle


@pytest.mark.parametrize(
    ("strength", "baseline", "best_gain", "reason"),
    [
        ([40, 50, 44, 44], None, None, "no_baseline"),
        ([40, 50, 44, 44], math.nan, None, "no_baseline"),
        ([], 40, None, "fewer_than_4_cycles"),
        ([40, 50, 44], 40, 10, "fewer_than_4_cycles"),
        ([40, 40, 30, 30], 40, 0, "no_gain"),
        ([38, 39, 30, 30], 40, -1, "no_gain"),
        ([None] * 5, 40, None, "no_gain"),
        ([40, 50, 44, None], 40, 10, "no_confirmable_cycle"),
        ([40, 50, 44, None, 44, None], 40, 10, "no_confirmable_cycle"),
    ],
)
def test_what_cannot_be_judged_says_why(
    strength: list[float | None], baseline: float | None, best_gain: float | None, reason: str
) -> None:
    """Without baseline, four cycles, a gain or two cycles in a row, loss is not estimable."""
    found = loss_of_response(strength, baseline=baseline)
    assert asdict(found) == {
        "status": "not_estimable",
        "cycle": None,
        "best_gain": best_gain,
        "reason": reason,
    }


@steady
@given(strengths, st.none() | st.integers(0, 60), st.integers(-20, 20))
def test_verdict_is_whole_and_knows_no_origin(
    strength: list[int | None], baseline: int | None, shift: int
) -> None:
    """Only a loss has a cycle, 3 or later with a next one; a shifted scale changes nothing."""
    found = loss_of_response(strength, baseline=baseline)
    assert (found.status == "lost") == (found.cycle is not None)
    assert (found.status == "not_estimable") == (found.reason != "")
    if found.cycle is not None:
        assert 3 <= found.cycle < len(strength)
    moved = [None if value is None else value + shift for value in strength]
    moved_baseline = None if baseline is None else baseline + shift
    assert loss_of_response(moved, baseline=moved_baseline) == found


@steady
@given(strengths, st.integers(0, 60), st.lists(st.integers(0, 60), max_size=4))
def test_later_cycles_never_undo_a_loss(
    strength: list[int | None], baseline: int, later: list[int]
) -> None:
    """Once lost, the cycle stays the same whatever follows."""
    found = loss_of_response(strength, baseline=baseline)
    if found.status == "lost":
        assert loss_of_response([*strength, *later], baseline=baseline).cycle == found.cycle


def worded(strength: list[float | None], baseline: float | None) -> tuple[str, int | None]:
    """Status and cycle, straight from the wording: cycle by cycle, no array, no shared line."""
    at = {k: x for k, x in enumerate(strength, start=1) if x is not None and not math.isnan(x)}
    if baseline is None or len(strength) < 4 or not any(x > baseline for x in at.values()):
        return "not_estimable", None
    if not any(k in at and k + 1 in at for k in range(3, len(strength))):
        return "not_estimable", None
    for k in sorted(at):
        earlier = [at[j] for j in at if j < k]
        if k < 3 or k + 1 not in at or not earlier or max(earlier) <= baseline:
            continue
        best = max(earlier)
        needed = max(4, (best - baseline) / 5)
        if best - at[k] >= needed and best - at[k + 1] >= needed:
            return "lost", k
    return "not_lost", None


def test_loss_is_that_of_the_wording() -> None:
    """2,000 generated courses, some with missing cycles, have the wording's status and cycle."""
    rng = np.random.default_rng(2013)
    verdicts = []
    for case in range(2000):
        lowest = int(rng.integers(0, 50))
        strength: list[float | None] = rng.integers(lowest, 61, case % 19).tolist()
        if case % 3:
            missing = rng.random(len(strength)) < rng.choice([0.1, 0.4])
            strength = [None if gone else x for x, gone in zip(strength, missing, strict=True)]
        baseline = None if case % 40 == 0 else int(rng.integers(lowest, 55))
        found = loss_of_response(strength, baseline=baseline)
        assert (found.status, found.cycle) == worded(strength, baseline), (strength, baseline)
        verdicts.append(found.status)
    assert {verdicts.count(status) > 200 for status in set(verdicts)} == {True}
    assert len(set(verdicts)) == 3


# Loss by measurement error alone

START = 20  # a baseline far from both ends of the scale


def rate_of(
    n_cycles: int, gain: float, error_sd: float, seed: int = 1, n_draws: int = 10_000
) -> Any:
    """The rate of courses with a score at each cycle, away from the ends of the scale."""
    return false_loss_rate(
        [True] * n_cycles,
        baseline=START,
        plateau=START + gain,
        error_sd=error_sd,
        rng=np.random.default_rng(seed),
        n_draws=n_draws,
    )


@pytest.mark.parametrize(("n_cycles", "gain", "error_sd"), [(4, 6, 3), (9, 14, 2), (18, 3, 5)])
def test_false_loss_is_judged_as_a_patients(n_cycles: int, gain: float, error_sd: float) -> None:
    """The rate is the share of the same simulated scores that `loss_of_response` calls lost."""
    found = rate_of(n_cycles, gain, error_sd, seed=5, n_draws=400)
    errors = np.random.default_rng(5).standard_normal((n_cycles, 400)).T * error_sd
    scores = [[round(e[0]), *(round(gain + x) for x in e[1:])] for e in errors.tolist()]
    verdicts = [loss_of_response(s, baseline=s[0]).status for s in scores]
    judged = [v for v in verdicts if v != "not_estimable"]
    assert 0 < judged.count("lost") < len(judged)
    assert found == judged.count("lost") / len(judged)


def test_false_loss_of_four_cycles_is_the_sum_over_scores() -> None:
    """With error SD 1.2 and gain 2 the rate is the probability summed over all whole scores."""
    sd, gain, draws = 1.2, 2, 200_000
    points = range(-7, 8)
    chance = [
        (math.erf((x + 0.5) / sd / 2**0.5) - math.erf((x - 0.5) / sd / 2**0.5)) / 2 for x in points
    ]
    lost = judged = 0.0
    for errors in itertools.product(zip(points, chance, strict=True), repeat=4):
        weight = math.prod(p for _, p in errors)
        (first, *later) = (x for x, _ in errors)
        status, _ = worded([first, *(gain + x for x in later)], first)
        judged += weight * (status != "not_estimable")
        lost += weight * (status == "lost")
    found = rate_of(4, gain, sd, seed=2013, n_draws=draws)
    rate = lost / judged
    assert found == pytest.approx(rate, abs=5 * math.sqrt(rate / draws))
    assert 0.001 < rate < 0.1


def test_without_error_nothing_is_lost() -> None:
    """A gain measured without error is kept; without a measured gain nobody can be judged."""
    assert rate_of(18, 10, 0) == 0
    assert rate_of(18, 0, 0) is None
    assert rate_of(3, 10, 2) is None
    with pytest.raises(ValueError, match="0 points or more was wanted, -1 came"):
        rate_of(18, 10, -1)


def test_false_loss_grows_with_error_and_cycles() -> None:
    """The seed gives the rate; more error or more cycles give more false losses."""
    rates = [rate_of(n, 10, sd) for n, sd in ((6, 1), (6, 2), (12, 2), (12, 3), (12, 3))]
    assert rates[3] == rates[4]
    assert rates[0] < rates[1] < rates[2] < rates[3]


def test_false_loss_keeps_to_the_scale_and_to_the_scored_cycles() -> None:
    """Scores end at 60, and a cycle without a score neither loses nor confirms."""
    is_scored = [True, True, True, False, True, True, True, False]
    found = false_loss_rate(
        is_scored,
        baseline=50,
        plateau=60,
        error_sd=4,
        rng=np.random.default_rng(3),
        n_draws=600,
    )
    errors = np.random.default_rng(3).standard_normal((len(is_scored), 600)).T * 4
    verdicts = []
    for course in errors.tolist():
        true = [50, *[60] * (len(is_scored) - 1)]
        measured = [min(60, max(0, round(t + e))) for t, e in zip(true, course, strict=True)]
        scores = [m if s else None for m, s in zip(measured, is_scored, strict=True)]
        verdicts.append(worded(scores, measured[0])[0])
    judged = [verdict for verdict in verdicts if verdict != "not_estimable"]
    assert 0 < judged.count("lost") < len(judged)
    assert found == judged.count("lost") / len(judged)


# Slopes


def test_slope_is_that_of_r() -> None:
    """The slope over the cycles, some missing, is R's lm(strength ~ cycle)."""
    agree(
        "slope.csv", lambda row: {"slope": slope_per_cycle(numbers(row["strength"]))}, noise=1e-12
    )


def test_slopes_summary_is_that_of_r() -> None:
    """Mean slope, interval and P over patients are R's t.test of one slope a patient."""

    def procedure(row: Row) -> Found:
        slopes = numbers(row["slopes"])
        found = slopes_summary(slopes, confidence_level=float(row["level"]))
        assert found.n + found.n_missing == len(slopes)
        return {k: v for k, v in asdict(found).items() if k in row}

    agree("slopes.csv", procedure)


@pytest.mark.parametrize("strength", [[], [40], [None, 40, None]])
def test_one_value_has_no_slope(strength: list[float | None]) -> None:
    """Below two known values there is no slope."""
    assert slope_per_cycle(strength) is None


def test_slopes_are_tested_over_patients() -> None:
    """Student's own example, Gosset's extra sleep of ten patients: mean 2.33, t = 3.68, P .005.

    Student 1908, Biometrika 6:20, drug 2; R: t.test(sleep$extra[11:20]) gives t = 3.6799,
    P = 0.005076, interval 0.8976775 to 3.7623225.
    """
    hours = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = slopes_summary([None, *hours])
    assert (found.n, found.n_missing, found.df) == (10, 1, 9)
    assert found.estimate == pytest.approx(2.33, abs=1e-12)
    assert found.statistic == pytest.approx(3.6799, abs=5e-5)
    assert found.p_value == pytest.approx(0.005076, abs=5e-7)
    assert found.ci_low == pytest.approx(0.8976775, abs=5e-8)
    assert found.ci_high == pytest.approx(3.7623225, abs=5e-8)


def test_no_slopes_have_no_mean() -> None:
    """Without a slope there is no mean slope; the patients without are counted."""
    found = slopes_summary([None, None])
    assert (found.estimate, found.p_value, found.n, found.n_missing) == (None, None, 0, 2)


def test_equal_slopes_are_equal_floats() -> None:
    """The slope of 1, 2, 4 and that of 0, 3, 9 on cycles 1, 2, 4 are exactly 1 and 3; flat is 0."""
    assert slope_per_cycle([1, 2, None, 4]) == 1.0
    assert slope_per_cycle([0, 3, None, 9]) == 3.0
    assert slope_per_cycle([43, 43, None, 43, None, None, 43]) == 0.0
    zigzag = slope_per_cycle([44, 41, None, 43, None, 44])  # cycles 1, 2, 4, 6
    assert zigzag == (4 * 562 - 13 * 172) / (4 * 57 - 13**2)
