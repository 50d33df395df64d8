"""Holm's adjustment against its definition by rejections, R's p.adjust and known cases."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.multiplicity import holm
from tests.analysis.paired_cases import CASES, numbers, reference, steady

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def rejected(p_values: list[float], level: float) -> list[bool]:
    """Holm's procedure as he words it: step down from the smallest P until one is not rejected."""
    verdicts = [False] * len(p_values)
    for step, i in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        if p_values[i] > level / (len(p_values) - step):
            break
        verdicts[i] = True
    return verdicts


def test_adjusted_by_hand() -> None:
    """0.01, 0.02, 0.03 and 0.04 become 0.04, 0.06, 0.06 and 0.06."""
    assert holm([0.03, 0.01, None, 0.04, 0.02]) == (0.06, 0.04, None, 0.06, 0.06)


def test_adjusted_p_is_that_of_r() -> None:
    """Families of 1 to 20 tests, some tied and some not made, are adjusted as by p.adjust."""
    rows = reference("holm.csv")
    for row in rows:
        expected = [
            p if p is None else pytest.approx(p, rel=1e-9) for p in numbers(row["adjusted"])
        ]
        assert list(holm(numbers(row["p_values"]))) == expected, row["p_values"]
    assert len(rows) >= CASES


def test_adjusted_p_at_most_the_level_is_holms_rejection() -> None:
    """For 300 families the tests whose adjusted P is at most the level are those he rejects."""
    rng = np.random.default_rng(1979)
    for case in range(300):
        family = (rng.integers(1, 400, 1 + case % 9) ** 2 / 400**2).tolist()
        found = holm(family)
        for level in (0.0099, 0.0499, 0.0999, 0.2501):
            assert [p is not None and p <= level for p in found] == rejected(family, level)


@pytest.mark.parametrize("nothing", [[], [None], [None, None]])
def test_no_test_made(nothing: list[None]) -> None:
    """Without a P there is none to adjust."""
    assert holm(nothing) == tuple(nothing)


@steady
@given(p_values, st.lists(st.none(), max_size=3), st.permutations(range(15)))
def test_order_and_absent_tests_are_nothing(
    made: list[float], absent: list[None], order: list[int]
) -> None:
    """Each P keeps its adjusted value wherever it stands and whatever could not be tested."""
    family = [*made, *absent]
    places = [i for i in order if i < len(family)]
    alone = holm(made)
    shuffled = holm([family[i] for i in places])
    assert [shuffled[places.index(i)] for i in range(len(made))] == list(alone)
    assert all(p <= q <= 1 for p, q in zip(made, alone, strict=True) if q is not None)


def test_two_exact_tests_of_six_pairs_never_reach_the_level() -> None:
    """Two signed-rank tests of six pairs give 2 x 2/64 = 0.0625 at best, one gives 0.03125."""
    assert holm([0.03125, 0.03125]) == (0.0625, 0.0625)
    assert holm([0.03125]) == (0.03125,)


@steady
@given(p_values)
def test_no_family_falls_below_its_floors(floors: list[float]) -> None:
    """With larger P values no adjusted one lies below that of the smallest possible P values."""
    at_floor = [p for p in holm(floors) if p is not None]
    above = [p for p in holm([(p + 1) / 2 for p in floors]) if p is not None]
    assert min(above) >= min(at_floor)


@pytest.mark.parametrize("bad", [-0.01, 1.01, math.nan])
def test_what_is_no_p_is_refused(bad: float) -> None:
    """A P outside 0 to 1, and NaN, are refused."""
    with pytest.raises(ValueError, match="give None for a test not made"):
        holm([0.5, bad])
