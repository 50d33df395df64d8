"""Rank test and estimate against R, full enumeration and a published example."""

import itertools
import random
from dataclasses import asdict
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ranks import EXACT_LIMIT, HodgesLehmann, Zeros, hodges_lehmann, signed_rank
from tests.analysis.paired_cases import (
    Found,
    Row,
    agree,
    change,
    known,
    numbers,
    reference,
    steady,
)

scores = st.integers(0, 60)
pairs_of_scores = st.lists(st.tuples(scores, scores), min_size=1, max_size=30)


def generated_scores(n_cases: int, largest_n: int) -> list[list[int]]:
    """Integer differences with many ties and zeros, the same on every machine."""
    rng = np.random.default_rng(2013)
    return [rng.integers(-3, 6, 1 + case % largest_n).tolist() for case in range(n_cases)]


def enumerated_signed_rank(
    differences: list[int], zeros: Zeros = "dropped"
) -> tuple[Fraction, Fraction] | None:
    """W+ and two-sided P over all sign assignments, in fractions; mid-ranks, zeros as said."""
    sizes = [abs(d) for d in differences if d or zeros == "ranked"]
    ranked = [d for d in differences if d]
    if not ranked:
        return None
    ranks = [
        sum((Fraction(s < abs(d)) for s in sizes), Fraction(sizes.count(abs(d)) + 1, 2))
        for d in ranked
    ]
    centre = sum(ranks, Fraction(0)) / 2
    found = sum(r for r, d in zip(ranks, ranked, strict=True) if d > 0)
    sums = [
        sum(itertools.compress(ranks, signs), Fraction(0))
        for signs in itertools.product((0, 1), repeat=len(ranks))
    ]
    extreme = sum(abs(s - centre) >= abs(found - centre) for s in sums)
    return Fraction(found), Fraction(extreme, len(sums))


def enumerated_interval(differences: list[int], level: Fraction) -> tuple[float, float, Fraction]:
    """Limits and attained level of the pseudo-median from all 2^n rank sums."""
    n = len(differences)
    walsh = sorted((a + b) / 2 for a, b in itertools.combinations_with_replacement(differences, 2))
    ranks = range(1, n + 1)
    sums = [sum(itertools.compress(ranks, s)) for s in itertools.product((0, 1), repeat=n)]

    def attained(c: int) -> Fraction:
        return 1 - Fraction(2 * sum(s < c for s in sums), len(sums))

    c = max([1, *(c for c in range(1, len(walsh) // 2 + 1) if attained(c) >= level)])
    return walsh[c - 1], walsh[-c], attained(c)


# Signed-rank test


def test_signed_rank_is_that_of_r() -> None:
    """W+ and P agree with coin, zeros dropped or ranked, and with exactRankTests."""

    def procedures(row: Row) -> Found:
        differences = change(numbers(row["differences"]))
        dropped, ranked = signed_rank(**differences), signed_rank(**differences, zeros="ranked")
        assert dropped.method == ranked.method == "exact"
        return {
            "w_plus": dropped.statistic,
            "p_value": dropped.p_value,
            "p_value_exactRankTests": dropped.p_value,
            "w_plus_ranked": ranked.statistic,
            "p_value_ranked": ranked.p_value,
        }

    agree("signed_rank.csv", procedures)


def test_normal_approximation_is_that_of_r(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit, here 0, P is wilcox.test's; ranked zeros have coin's mean and variance.

    Less than half a rank from its mean W+ has P = 1, where wilcox.test passes the mean.
    """
    monkeypatch.setattr("analysis.ranks.EXACT_LIMIT", 0)

    def procedures(row: Row) -> Found:
        differences = change(numbers(row["differences"]))
        dropped, ranked = signed_rank(**differences), signed_rank(**differences, zeros="ranked")
        found = {"p_normal_ranked": ranked.p_value}
        if dropped.statistic is not None:
            assert dropped.method == ranked.method == "asymptotic"
            mean = dropped.n_ranked * (dropped.n_ranked + 1) / 4
            if abs(dropped.statistic - mean) < 0.5:
                assert (dropped.p_value, float(row["p_normal"]) > 0.9) == (1, True)
                return found
        return found | {"p_normal": dropped.p_value}

    agree("signed_rank.csv", procedures)


@pytest.mark.parametrize("zeros", ["dropped", "ranked"])
def test_signed_rank_is_the_full_enumeration(zeros: Zeros) -> None:
    """With ties and zeros P is the share of all 2^n sign assignments at least as extreme."""
    for differences in generated_scores(250, 10):
        found = signed_rank(**change(differences), zeros=zeros)
        expected = enumerated_signed_rank(differences, zeros)
        if expected is None:
            assert (found.statistic, found.p_value, found.p_value_floor) == (None, None, None)
        else:
            assert (found.statistic, found.p_value) == tuple(map(float, expected)), differences
        assert found.n_zero == differences.count(0)
        assert found.n_ranked == len(differences) - found.n_zero


def test_pratts_ranks_count_from_the_zeros() -> None:
    """Behind two zeros five changes have the ranks 3 to 7, without them 1 to 5; P is 4/32 by both.

    A fall of the smallest size leaves W- = 3 or 1, which one other sum, 0, is further out than.
    """
    ranked = signed_rank(**change([0, -1, 2, 3, 4, 5, 0]), zeros="ranked")
    assert (ranked.statistic, ranked.p_value, ranked.p_value_floor) == (22, 4 / 32, 2 / 32)
    dropped = signed_rank(**change([0, -1, 2, 3, 4, 5, 0]))
    assert (dropped.statistic, dropped.p_value, dropped.p_value_floor) == (14, 4 / 32, 2 / 32)
    assert (ranked.n, ranked.n_zero, ranked.n_ranked) == (7, 2, 5)


def test_zeros_ranked_can_change_p() -> None:
    """For -4, 1, 2, 3 only the sums 1 + 4 and 2 + 3 lie nearer the mean: P = 14/16.

    Behind three zeros the ranks are 4 to 7 and all six sums of two ranks lie nearer: P = 10/16.
    """
    differences = [0, 0, 0, -4, 1, 2, 3]
    assert signed_rank(**change(differences)).p_value == 14 / 16
    assert signed_rank(**change(differences), zeros="ranked").p_value == 10 / 16


def test_zeros_in_the_ranking_count_for_the_limit() -> None:
    """1,000 ranked differences are exact; with a zero ranked beside them they are not."""
    differences = [0, *range(1, EXACT_LIMIT + 1)]
    assert signed_rank(**change(differences)).method == "exact"
    assert signed_rank(**change(differences), zeros="ranked").method == "asymptotic"


def test_published_signed_rank_example() -> None:
    """Hollander and Wolfe's depression scale: nine pairs, W+ = 5, two-sided P = 20/512.

    Hollander and Wolfe 1973, Nonparametric Statistical Methods, 29f. (R: ?wilcox.test).
    """
    before = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
    after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    found = signed_rank(before=before, after=after)
    assert (found.statistic, found.p_value) == (5, 20 / 512)
    assert hodges_lehmann(before=before, after=after).estimate == pytest.approx(-0.46)


@pytest.mark.parametrize(("n", "floor"), [(1, 1.0), (5, 0.0625), (6, 0.03125)])
@pytest.mark.parametrize("tied", [False, True])
def test_smallest_attainable_p(n: int, floor: float, tied: bool) -> None:
    """Signs alike give the floor 2 / 2^n of the n non-zero, tied or not: n = 6 gives 2/64."""
    found = signed_rank(**change([0, *([7] * n if tied else range(1, n + 1))]))
    assert (found.p_value, found.p_value_floor) == (floor, floor)


@pytest.mark.parametrize("scale", [0.1, 1 / 3, 1e-9, 1e9])
def test_float_noise_breaks_no_ties(scale: float) -> None:
    """Scores in another unit give the P of the scores, though their differences carry noise."""
    rng = np.random.default_rng(2013)
    before = rng.integers(1, 400, 150)
    after = before + rng.integers(-6, 9, 150)
    found = asdict(signed_rank(before=before * scale, after=after * scale))
    assert found == asdict(signed_rank(before=before, after=after))


def test_float_noise_of_logarithms_breaks_no_ties() -> None:
    """Halving is one and the same log ratio at every level, a rise to the double its opposite."""
    ck = np.array([4213.7, 97.1, 333.3, 1287.0, 610.9, 55.3, 871.0])
    after = ck * np.array([0.5, 0.5, 2, 0.5, 2, 0.5, 0.5])
    found = signed_rank(before=np.log(ck), after=np.log(after))
    assert asdict(found) == asdict(signed_rank(**change([-1, -1, 1, -1, 1, -1, -1])))


def test_noise_around_zero_is_a_zero() -> None:
    """0.3 is no rise from 0.1 + 0.2."""
    found = signed_rank(before=[0.1 + 0.2, 1.0], after=[0.3, 2.0])
    assert (found.n_zero, found.n_ranked) == (1, 1)


@steady
@given(pairs_of_scores, st.sampled_from(["dropped", "ranked"]), st.randoms(use_true_random=False))
def test_signed_rank_symmetry(
    pairs: list[tuple[int, int]], zeros: Zeros, rng: random.Random
) -> None:
    """Neither the patients' order nor exchanging before and after moves P, within [floor, 1]."""
    before, after = [b for b, _ in pairs], [a for _, a in pairs]
    found, swapped = (
        signed_rank(before=before, after=after, zeros=zeros),
        signed_rank(before=after, after=before, zeros=zeros),
    )
    rng.shuffle(pairs)
    shuffled = signed_rank(before=[b for b, _ in pairs], after=[a for _, a in pairs], zeros=zeros)
    assert found == shuffled
    assert found.p_value == swapped.p_value
    if found.n_ranked:
        assert known(found.p_value_floor) <= known(found.p_value) <= 1
        both = known(found.statistic) + known(swapped.statistic)
        below = found.n_zero if zeros == "ranked" else 0
        assert both == found.n_ranked * (2 * below + found.n_ranked + 1) / 2


# Hodges-Lehmann


def interval_of(row: Row) -> HodgesLehmann:
    """The interval of a row at its level."""
    level = float(row["level"])
    return hodges_lehmann(**change(numbers(row["differences"])), confidence_level=level)


def test_hodges_lehmann_is_that_of_r() -> None:
    """Estimate, limits and level are the median and order statistics by R's qsignrank."""
    columns = ("estimate", "ci_low", "ci_high", "attained_level")
    agree("hodges_lehmann.csv", lambda row: {c: asdict(interval_of(row))[c] for c in columns})


def test_hodges_lehmann_without_ties_is_that_of_exact_rank_tests() -> None:
    """Without ties estimate and limits are those of exactRankTests."""

    def procedure(row: Row) -> Found:
        if not row["estimate_exact"]:
            return {}
        columns = ("estimate", "ci_low", "ci_high")
        return {f"{c}_exact": asdict(interval_of(row))[c] for c in columns}

    agree("hodges_lehmann.csv", procedure, cases=80)


def test_hodges_lehmann_is_the_enumeration() -> None:
    """With ties and zeros limits and level follow from the 2^n rank sums, at two levels."""
    levels = (Fraction(95, 100), Fraction(80, 100))
    for differences, level in itertools.product(generated_scores(110, 9), levels):
        found = hodges_lehmann(**change(differences), confidence_level=float(level))
        if len(differences) == 1:
            assert (found.ci_low, found.ci_high, found.attained_level) == (None, None, None)
            continue
        low, high, attained = enumerated_interval(differences, level)
        assert (found.ci_low, found.ci_high) == (low, high), differences
        assert found.attained_level == pytest.approx(float(attained), abs=1e-15)


def test_attained_level_is_that_of_r() -> None:
    """For 2 to 1,000 pairs (of the differences 1, 4, 9, ...) rank and level are psignrank's."""
    for row in reference("walsh_rank.csv"):
        n = int(row["n"])
        squares = [k * k for k in range(1, n + 1)]
        found = hodges_lehmann(**change(squares), confidence_level=float(row["level"]))
        walsh = sorted(map(sum, itertools.combinations_with_replacement(squares, 2)))
        c = int(row["c"])
        assert (found.ci_low, found.ci_high) == (walsh[c - 1] / 2, walsh[-c] / 2), row
        assert found.attained_level == pytest.approx(float(row["attained_level"]), abs=1e-12)


@pytest.mark.parametrize(("n", "level"), [(2, 0.5), (5, 0.9375), (6, 0.96875)])
def test_few_pairs_give_the_whole_range_at_its_level(n: int, level: float) -> None:
    """Up to six pairs the 95% interval is [smallest, largest difference], at its own level."""
    found = hodges_lehmann(**change([3, 8, 9, 14, 20, 21][:n]))
    assert (found.ci_low, found.ci_high) == (3, [3, 8, 9, 14, 20, 21][n - 1])
    assert (found.attained_level, found.confidence_level) == (level, 0.95)


def test_a_level_met_exactly_is_enough() -> None:
    """Seven pairs attain 1 - 4/128 = 96.875% with the second Walsh average; it is not passed by."""
    found = hodges_lehmann(**change([1, 4, 9, 16, 25, 36, 49]), confidence_level=0.96875)
    assert (found.ci_low, found.attained_level) == ((1 + 4) / 2, 0.96875)


@pytest.mark.parametrize("n", [8, 30, 150, 400, 1100])
def test_interval_holds_what_the_test_does_not_reject(n: int) -> None:
    """A shift just inside a limit has P above 1 - attained level, just outside not above it."""
    differences = np.random.default_rng(n).normal(3, 10, n)
    found = hodges_lehmann(**change(differences.tolist()))
    assert known(found.attained_level) >= 0.95
    alpha = 1 - known(found.attained_level)
    for limit, outwards in ((known(found.ci_low), -1), (known(found.ci_high), 1)):
        inside, outside = (
            known(signed_rank(**change((differences - limit - step).tolist())).p_value)
            for step in (-outwards * 1e-9, outwards * 1e-9)
        )
        assert outside <= alpha * (1 + 1e-9) < inside


@steady
@given(pairs_of_scores)
def test_hodges_lehmann_changes_sign_with_direction(pairs: list[tuple[int, int]]) -> None:
    """Exchanging before and after turns estimate and limits to their opposites."""
    before, after = [b for b, _ in pairs], [a for _, a in pairs]
    found, swapped = (
        hodges_lehmann(before=before, after=after),
        hodges_lehmann(before=after, after=before),
    )
    assert swapped.estimate == -known(found.estimate)
    if len(pairs) > 1:
        low, high = known(found.ci_low), known(found.ci_high)
        assert (swapped.ci_low, swapped.ci_high) == (-high, -low)
        assert low <= known(found.estimate) <= high
