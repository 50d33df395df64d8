"""Summaries and proportions against R's quantile and binom.test, and published values."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.describe import Proportion, Summary, proportion, summary
from tests.analysis.paired_cases import Found, Row, agree, numbers, steady


def test_summary_is_that_of_r() -> None:
    """Mean, SD, type 7 quartiles and range are R's; the SD of one value is not estimable."""

    def procedure(row: Row) -> Found:
        found = summary(numbers(row["values"]))
        assert (found.n, found.n_missing) == (int(row["n"]), int(row["n_missing"]))
        columns = ("mean", "sd", "q1", "median", "q3", "minimum", "maximum")
        return {column: getattr(found, column) for column in columns}

    agree("describe_summary.csv", procedure, noise=1e-12)


def test_missing_values_are_counted_and_left_out() -> None:
    """None and NaN are missing; the rest is summarised without them."""
    found = summary([None, 2.0, math.nan, 4.0])
    assert found == Summary(2, 2, 3.0, math.sqrt(2), 3.0, 2.5, 3.5, 2.0, 4.0)


@pytest.mark.parametrize("values", [[], [None, math.nan]])
def test_no_value_gives_nothing(values: list[float | None]) -> None:
    """Without a value every statistic is None and the missing ones are counted."""
    assert summary(values) == Summary(0, len(values), *[None] * 7)


def test_array_is_left_as_it_was() -> None:
    """Summarising neither sorts nor fills the caller's array."""
    values = np.array([3.0, np.nan, 1.0])
    summary(values)
    np.testing.assert_array_equal(values, [3.0, np.nan, 1.0])


@pytest.mark.parametrize("values", [[1.0, math.inf], [[1.0, 2.0]]])
def test_values_that_are_none_are_refused(values: list[float | None]) -> None:
    """An infinite value and a table are refused, not summarised."""
    with pytest.raises(ValueError, match="wanted"):
        summary(values)


@steady
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50))
def test_order_statistics_are_in_order(values: list[float]) -> None:
    """Minimum, quartiles and maximum ascend, whatever the values and their order."""
    found, turned = summary(values), summary(values[::-1])
    ladder = [found.minimum, found.q1, found.median, found.q3, found.maximum]
    assert ladder == sorted(ladder)  # type: ignore[type-var]
    assert [turned.minimum, turned.q1, turned.median, turned.q3, turned.maximum] == ladder


def test_proportion_interval_is_that_of_r() -> None:
    """The limits are those of R's binom.test, for 1 to 1,000 patients."""

    def procedure(row: Row) -> Found:
        events, n, level = int(row["events"]), int(row["n"]), float(row["level"])
        found = proportion(events=events, n=n, confidence_level=level)
        assert found.estimate == events / n
        return {"ci_low": found.ci_low, "ci_high": found.ci_high}

    agree("describe_proportion.csv", procedure)


def test_all_and_none_of_six() -> None:
    """6/6 is 54.1 to 100%, 0/6 is 0 to 45.9%: closed form (alpha / 2)^(1/6).

    Clopper and Pearson 1934, Biometrika 26:404-413.
    """
    everyone, nobody = proportion(events=6, n=6), proportion(events=0, n=6)
    assert everyone.ci_low == pytest.approx(0.025 ** (1 / 6), rel=1e-12)
    assert everyone.ci_low == pytest.approx(0.541, abs=5e-4)
    assert (everyone.ci_high, nobody.ci_low) == (1.0, 0.0)
    assert nobody.ci_high == pytest.approx(0.459, abs=5e-4)


def test_nobody_at_all_has_no_proportion() -> None:
    """0 of 0 is not estimable, and not 0%."""
    assert proportion(events=0, n=0) == Proportion(0, 0, None, None, None, 0.95)


@pytest.mark.parametrize(("events", "n"), [(7, 6), (-1, 6), (1, 0)])
def test_impossible_counts_are_refused(events: int, n: int) -> None:
    """More events than patients, or fewer than none, are refused with both numbers."""
    with pytest.raises(ValueError, match=f"n = {n} events were wanted, {events} came"):
        proportion(events=events, n=n)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_confidence_level_is_a_proportion(level: float) -> None:
    """95 for 95% is refused, as are 0 and 1."""
    with pytest.raises(ValueError, match=r"give 95% as 0\.95"):
        proportion(events=1, n=2, confidence_level=level)


@steady
@given(st.integers(0, 1000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_proportion_of_the_others_is_the_mirror(counts: tuple[int, int]) -> None:
    """The interval of those without the event is one minus that of those with it."""
    events, n = counts
    found, others = proportion(events=events, n=n), proportion(events=n - events, n=n)
    if found.estimate is None or found.ci_low is None or found.ci_high is None:
        assert n == 0
        return
    assert others.ci_low == pytest.approx(1 - found.ci_high, abs=1e-12)
    assert others.ci_high == pytest.approx(1 - found.ci_low, abs=1e-12)
    assert 0 <= found.ci_low <= found.estimate <= found.ci_high <= 1
