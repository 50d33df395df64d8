"""What must hold of tests and estimates for any pairs: order, shift, unit, bounds."""

import math
import random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.describe import summary
from analysis.paired import paired_ratio, paired_t, standardised_change
from analysis.permutation import sign_flip
from analysis.ranks import hodges_lehmann, signed_rank
from tests.analysis.paired_cases import are_close, change, known, steady

scores = st.integers(0, 60)
pairs_of_scores = st.lists(st.tuples(scores, scores), min_size=2, max_size=30)
rises = st.integers(1, 20)


def sides(pairs: list[tuple[int, int]]) -> dict[str, Any]:
    """The keyword arguments of pairs, before and after."""
    return {"before": [b for b, _ in pairs], "after": [a for _, a in pairs]}


@steady
@given(pairs_of_scores, rises)
def test_who_rises_more_has_a_higher_estimate(pairs: list[tuple[int, int]], rise: int) -> None:
    """Points added to every value after move each estimate and limit up by as many."""
    higher = [(b, a + rise) for b, a in pairs]
    for function in (paired_t, hodges_lehmann, sign_flip):
        found, moved = function(**sides(pairs)), function(**sides(higher))
        for name in {"estimate", "ci_low", "ci_high"} & vars(found).keys():
            if getattr(found, name) is not None:
                expected = getattr(found, name) + rise
                assert getattr(moved, name) == pytest.approx(expected, abs=1e-9), name
    assert paired_t(**sides(higher)).sd == pytest.approx(paired_t(**sides(pairs)).sd)


@steady
@given(pairs_of_scores, rises)
def test_ranked_zeros_keep_w_plus_from_falling(pairs: list[tuple[int, int]], rise: int) -> None:
    """Points added to every value after never lower W+ where zero differences are ranked."""
    found, moved = (
        signed_rank(**sides(p), zeros="ranked") for p in (pairs, [(b, a + rise) for b, a in pairs])
    )
    assert (moved.statistic or 0) >= (found.statistic or 0)


@steady
@given(pairs_of_scores, rises)
def test_without_zeros_w_plus_does_not_fall(pairs: list[tuple[int, int]], rise: int) -> None:
    """Nor where they are dropped, if there is no zero difference before or after the shift."""
    assume(all(a - b not in (0, -rise) for b, a in pairs))
    found, moved = (signed_rank(**sides(p)) for p in (pairs, [(b, a + rise) for b, a in pairs]))
    assert known(moved.statistic) >= known(found.statistic)


def test_dropped_zeros_can_lower_w_plus() -> None:
    """One point more for everyone turns -1, 2, 3 into 0, 3, 4 and W+ from 5 into 3, dropped.

    Pratt's reason to rank the zeros (1959, JASA 54:655-667): ranked, W+ stays 5.
    """
    assert [signed_rank(**change(d)).statistic for d in ([-1, 2, 3], [0, 3, 4])] == [5, 3]
    ranked = [signed_rank(**change(d), zeros="ranked") for d in ([-1, 2, 3], [0, 3, 4])]
    assert [r.statistic for r in ranked] == [5, 5]


@steady
@given(pairs_of_scores, st.randoms(use_true_random=False))
def test_patients_have_no_order(pairs: list[tuple[int, int]], rng: random.Random) -> None:
    """Every result is the same in whatever order the patients come."""
    shuffled = rng.sample(pairs, len(pairs))
    for function in (paired_t, standardised_change, hodges_lehmann, sign_flip, signed_rank):
        found, again = vars(function(**sides(pairs))), vars(function(**sides(shuffled)))
        for name, value in found.items():
            assert are_close(again[name], value, noise=1e-12), (function, name)


@steady
@given(pairs_of_scores, st.sampled_from([0.01, 1 / 3, 1000.0]))
def test_the_unit_is_nothing_to_a_test(pairs: list[tuple[int, int]], scale: float) -> None:
    """In another unit each P, d_z and ratio is the same, and differences are in that unit."""
    positive = [(b + 1, a + 1) for b, a in pairs]
    scaled: dict[str, Any] = {
        side: [scale * x for x in values] for side, values in sides(positive).items()
    }
    for function in (paired_t, sign_flip, signed_rank, paired_ratio):
        found, other = function(**sides(positive)), function(**scaled)
        assert are_close(other.p_value, found.p_value, noise=1e-9), function
    unit = known(hodges_lehmann(**sides(positive)).estimate) * scale
    assert hodges_lehmann(**scaled).estimate == pytest.approx(unit, abs=1e-9)
    ratio = known(paired_ratio(**sides(positive)).estimate)
    assert paired_ratio(**scaled).estimate == pytest.approx(ratio)
    size, other_size = standardised_change(**sides(positive)), standardised_change(**scaled)
    assert are_close(other_size.d_z, size.d_z, noise=1e-9)


@steady
@given(pairs_of_scores, st.sampled_from([0.9, 0.95, 0.99]))
def test_interval_and_p_say_the_same(pairs: list[tuple[int, int]], level: float) -> None:
    """The t interval excludes 0 exactly where P is below 1 - level; every P lies in 0 to 1."""
    found = paired_t(**sides(pairs), confidence_level=level)
    if found.p_value is None:
        assert found.ci_low is found.ci_high is None
        return
    assert 0 < found.p_value <= 1
    assume(not math.isclose(found.p_value, 1 - level, rel_tol=1e-9))
    low, high = known(found.ci_low), known(found.ci_high)
    assert low <= known(found.estimate) <= high
    assert (low > 0 or high < 0) == (found.p_value < 1 - level)


@steady
@given(pairs_of_scores)
def test_changes_that_are_all_missing_count_for_nothing(pairs: list[tuple[int, int]]) -> None:
    """A patient with a missing side changes no result but the count of missing."""
    gap: dict[str, Any] = {side: [None, *values] for side, values in sides(pairs).items()}
    for function in (paired_t, standardised_change, hodges_lehmann, sign_flip, signed_rank):
        whole = vars(function(**sides(pairs)))
        assert vars(function(**gap)) == whole | {"n_missing": 1}, function


@steady
@given(st.lists(scores, min_size=2, max_size=30), st.integers(-20, 20))
def test_a_summary_moves_with_the_values(values: list[int], shift: int) -> None:
    """A constant added moves every location by it and leaves the SD."""
    found, moved = summary(values), summary([v + shift for v in values])
    for name in ("mean", "median", "q1", "q3", "minimum", "maximum"):
        assert getattr(moved, name) == pytest.approx(getattr(found, name) + shift, abs=1e-9), name
    assert moved.sd == pytest.approx(found.sd, abs=1e-9)
