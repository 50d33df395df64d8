"""The sign-flip test against full enumeration in fractions, R and scipy's permutation test."""

import itertools
import math
import random
from dataclasses import asdict
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import permutation_test

from analysis.permutation import EXACT_LIMIT, SignFlip, sign_flip
from tests.analysis.paired_cases import Found, Row, agree, change, known, numbers, steady

scores = st.integers(0, 60)
pairs_of_scores = st.lists(st.tuples(scores, scores), max_size=14)


def enumerated(differences: list[int]) -> Fraction:
    """The share of all 2^n sign assignments, zeros included, whose sum is as far from 0."""
    signs = itertools.product((-1, 1), repeat=len(differences))
    sums = [abs(sum(map(int.__mul__, s, differences))) for s in signs]
    return Fraction(sum(s >= abs(sum(differences)) for s in sums), len(sums))


def test_p_is_the_full_enumeration() -> None:
    """With ties and zeros P is the share of all sign assignments, for 250 sets of scores."""
    rng = np.random.default_rng(1935)
    for case in range(250):
        differences = rng.integers(-4, 7, 1 + case % 11).tolist()
        found = sign_flip(**change(differences))
        assert found.n_zero == differences.count(0)
        assert found.estimate == pytest.approx(sum(differences) / len(differences), abs=1e-12)
        if any(differences):
            assert found.p_value == float(enumerated(differences)), differences
            assert found.p_value_floor == 2.0 ** (1 - len(differences) + found.n_zero)
        else:
            assert (found.p_value, found.p_value_floor) == (None, None)


def test_p_is_that_of_r() -> None:
    """Estimate and P are those of exactRankTests, exact to 20 differences and normal above."""

    def procedure(row: Row) -> Found:
        found = sign_flip(**change(numbers(row["differences"])))
        assert found.method == row["method"]
        columns = {"estimate": found.estimate, "p_value": found.p_value}
        return columns | ({"p_value_enumerated": columns["p_value"]} if 0 < found.n <= 12 else {})

    agree("sign_flip.csv", procedure, cases=130)  # 130 small enough for all sign assignments


def test_scipy_finds_the_same_p() -> None:
    """Where no two sums tie scipy's permutation test, all 2^n assignments, has the same P."""
    rng = np.random.default_rng(1937)
    for case in range(200):
        differences = rng.normal(1, 3, 2 + case % 11)
        scipys = permutation_test(
            (differences,),
            lambda x, axis: np.mean(x, axis=axis),
            permutation_type="samples",
            n_resamples=np.inf,
            vectorized=True,
        )
        found = sign_flip(**change(differences.tolist()))
        assert found.p_value == pytest.approx(scipys.pvalue, rel=1e-12)


def test_fisher_on_darwins_maize() -> None:
    """Fisher's own example: 15 pairs of plants, 863 of 2^14 sums (of one sign) as large or larger.

    Fisher 1935, The Design of Experiments, section 21: differences in eighths of an inch, 1,726
    of 32,768 sums, P 5.267%.
    """
    eighths = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    found = sign_flip(**change([d / 8 for d in eighths]))
    assert found.p_value == 1726 / 32768


def test_float_noise_breaks_no_ties() -> None:
    """Halvings and doublings are equal log ratios at every level, so that P is that of signs."""
    rng = np.random.default_rng(1937)
    for case in range(200):
        n = 2 + case % 11
        ck = rng.integers(30, 9000, n) / 10
        doublings = rng.integers(-2, 3, n)
        found = sign_flip(before=np.log(ck), after=np.log(ck * 2.0**doublings))
        assert found.p_value == sign_flip(**change(doublings.tolist())).p_value


def test_normal_approximation_above_the_limit() -> None:
    """With 21 non-zero differences z is the sum over the root of the sum of squares."""
    assert EXACT_LIMIT == 20
    differences = [*range(-8, 0), *range(1, 14)]
    z = sum(differences) / math.sqrt(sum(d * d for d in differences))
    found = sign_flip(**change([0, *differences]))
    assert (found.method, found.n, found.n_zero) == ("asymptotic", 22, 1)
    assert found.p_value == pytest.approx(math.erfc(z / math.sqrt(2)), rel=1e-12)
    assert sign_flip(**change([0, *differences[1:]])).method == "exact"


@pytest.mark.parametrize(("n", "floor"), [(1, 1.0), (5, 0.0625), (6, 0.03125), (20, 2.0**-19)])
def test_smallest_attainable_p(n: int, floor: float) -> None:
    """Signs alike give the floor 2 / 2^n of the n non-zero differences: n = 6 gives 2/64."""
    found = sign_flip(**change([0, *range(1, n + 1)]))
    assert (found.p_value, found.p_value_floor) == (floor, floor)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ({"before": [], "after": []}, SignFlip(None, None, None, "exact", 0, 0, 0)),
        ({"before": [None, 2], "after": [1, None]}, SignFlip(None, None, None, "exact", 0, 2, 0)),
        ({"before": [3, 4], "after": [3, 4]}, SignFlip(0.0, None, None, "exact", 2, 0, 2)),
        ({"before": [3, None], "after": [5, 4]}, SignFlip(2.0, 1.0, 1.0, "exact", 1, 1, 0)),
    ],
)
def test_few_pairs(pairs: dict[str, Any], expected: SignFlip) -> None:
    """No pair has no estimate; no change has no P; missing sides are counted."""
    assert sign_flip(**pairs) == expected


@steady
@given(pairs_of_scores, st.randoms(use_true_random=False))
def test_symmetry(pairs: list[tuple[int, int]], rng: random.Random) -> None:
    """Neither order nor direction moves P, within [floor, 1]; direction turns the estimate."""
    before, after = [b for b, _ in pairs], [a for _, a in pairs]
    found = asdict(sign_flip(before=before, after=after))
    swapped = asdict(sign_flip(before=after, after=before))
    rng.shuffle(pairs)
    assert asdict(sign_flip(before=[b for b, _ in pairs], after=[a for _, a in pairs])) == found
    assert found.pop("estimate") == (-swapped["estimate"] if pairs else None)
    assert swapped | found == swapped
    if found["p_value"] is not None:
        assert known(found["p_value_floor"]) <= found["p_value"] <= 1
