"""The coverage run on few studies: what must hold holds within chance, and the page is whole."""

import math
import re
from functools import cache

import numpy as np
import pytest

from bench.coverage import PAGE, PAIRS, REPLICATES, run
from bench.coverage_page import page
from bench.coverage_runs import GRID, Cell, clopper_pearson_coverage, laws, simulate

FEW = 300
AT_MOST_BY_CHANCE = 4.5  # standard errors


@cache
def cell(law: str, n: int) -> Cell:
    """Few studies of this distribution and size."""
    return simulate(law, n, FEW)


def is_near(percent: float, expected: float, replicates: int = FEW) -> bool:
    """Whether a simulated percentage differs from the expected one by no more than chance may."""
    share = min(max(expected / 100, 0.02), 0.98)
    error = 100 * math.sqrt(share * (1 - share) / replicates)
    return abs(percent - expected) <= AT_MOST_BY_CHANCE * error


def rows_of(text: str, law: str) -> dict[int, list[float]]:
    """The table under a distribution's caption, by number of pairs."""
    section = text.split(f"\n\n{law.capitalize()} (", 1)[1].split("\n\n")[1]
    cells = [line.strip("| ").split(" | ") for line in section.splitlines()[2:]]
    return {int(first): [float(value) for value in rest] for first, *rest in cells}


@pytest.mark.parametrize("n", [3, 6, 11])
def test_normal_differences_keep_the_nominal_level(n: int) -> None:
    """Normal: t and d_z intervals hold 95%, Hodges-Lehmann its level; the t test rejects 5%."""
    found = cell("normal", n)
    assert is_near(found.percent("t_covers"), 95)
    assert is_near(found.percent("d_z_covers"), 95)
    assert is_near(found.percent("t_rejects"), 5)
    assert is_near(found.percent("hl_covers"), 100 * found.hl_level)


def test_signed_rank_rejects_as_its_distribution_says() -> None:
    """Of untied symmetric differences it rejects 2/64 with 6 pairs, 4.2% with 11 (psignrank)."""
    assert is_near(cell("normal", 6).percent("dropped_rejects"), 100 * 2 / 64)
    assert is_near(cell("normal", 11).percent("dropped_rejects"), 100 * (1 - 0.9580078125))


def test_exact_tests_keep_the_level() -> None:
    """Of symmetric differences at most 5% are rejected, of three pairs none whatever the law."""
    for law in laws():
        for count in ("dropped_rejects", "ranked_rejects", "sign_flip_rejects"):
            assert cell(law.name, 3).percent(count) == 0
            if law.is_symmetric:
                rate = cell(law.name, 11).percent(count)
                assert rate < 5 or is_near(rate, 5)


def test_skewness_costs_the_t_interval_coverage() -> None:
    """Of lognormal differences six pairs' t interval holds the mean far less often than 95%."""
    assert cell("lognormal", 6).percent("t_covers") < 90


def test_a_mean_the_t_interval_holds_is_one_the_test_keeps() -> None:
    """Each study with an interval either covers 0 or rejects it; without spread it does neither."""
    for law in laws():
        found = cell(law.name, 3)
        assert found.t_covers + found.t_rejects == found.t_intervals <= FEW
        assert (found.t_intervals < FEW) == law.has_zeros


def test_laws_have_their_moments() -> None:
    """Each distribution has mean 0, the SD it says, and half of the pair means below its median."""
    for place, law in enumerate(laws()):
        drawn = law.draw(np.random.default_rng(place), 400_000)
        assert abs(drawn.mean()) < 5 * law.sd / math.sqrt(len(drawn))
        assert drawn.std() == pytest.approx(law.sd, rel=0.05)
        means = (drawn[::2] + drawn[1::2]) / 2
        below = (means < law.pseudo_median).mean()
        above = (means > law.pseudo_median).mean()
        assert max(below, above) < 0.5 + 0.005


def test_exact_intervals_of_two_patients() -> None:
    """Two patients' intervals are 0 to 0.842, 0.013 to 0.987 and 0.158 to 1: coverage by hand.

    Limits: 0.025^(1/2) = 0.1581, 1 - sqrt(0.975) = 0.0126 (Clopper and Pearson 1934).
    """
    coverage = dict(zip(GRID.round(3).tolist(), clopper_pearson_coverage(2), strict=True))
    assert coverage[0.5] == pytest.approx(1)
    assert coverage[0.01] == pytest.approx(0.99**2)
    assert coverage[0.1] == pytest.approx(1 - 0.1**2)
    assert coverage[0.9] == pytest.approx(1 - 0.1**2)


@pytest.mark.parametrize("n", [3, 6, 20])
def test_exact_intervals_never_fall_short(n: int) -> None:
    """Whatever the true proportion, the interval of Clopper and Pearson holds it in 95% or more."""
    assert clopper_pearson_coverage(n).min() >= 0.95


def test_page_has_the_cells_of_its_run() -> None:
    """A table for each distribution, a row for each number of pairs, each number from its cell."""
    cells = run((3, 6), 40)
    text = page(cells)
    for law in laws():
        rows = rows_of(text, law.name)
        assert list(rows) == [3, 6]
        for found in (c for c in cells if c.law == law.name):
            row = rows[found.n]
            assert len(row) == (9 if law.has_zeros else 7)
            assert row[0] == pytest.approx(found.percent("t_covers"), abs=0.051)
            assert row[1] == pytest.approx(found.percent("hl_covers"), abs=0.051)
            assert row[2] == pytest.approx(100 * found.hl_level, abs=0.051)
    assert cells == run((3, 6), 40, processes=1)


def test_written_page_is_that_of_these_procedures() -> None:
    """The numbers of docs/coverage.md differ from a few studies' by no more than chance may."""
    text = PAGE.read_text(encoding="utf-8")
    assert f"{REPLICATES:,} studies" in text
    for law in laws():
        rows = rows_of(text, law.name)
        assert list(rows) == list(PAIRS)
        for n in (3, 6, 11):
            found = cell(law.name, n)
            t, location, level, d_z, t_test = rows[n][:5]
            assert is_near(found.percent("t_covers"), t, found.t_intervals)
            assert is_near(found.percent("hl_covers"), location)
            assert 100 * found.hl_level == pytest.approx(level, abs=0.051)
            assert is_near(found.percent("d_z_covers"), d_z, found.t_intervals)
            assert is_near(found.percent("t_rejects"), t_test)


def test_every_number_in_the_text_is_finite() -> None:
    """No share is of nothing: the page has neither nan nor inf."""
    assert not re.search(r"\b(nan|inf)\b", page(run((3,), 30)))
