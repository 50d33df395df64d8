"""Results in, the figure of the main analyses beside the same under other rules out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.cohort import Cohort
from analysis.figures_effects import (
    CK,
    STRENGTH,
    Effect,
    draw_interval,
    effect_axis,
    in_words,
    lettered,
    no_change_key,
)
from analysis.figures_parts import (
    Floats,
    empty_figure,
    is_named,
    key,
    people,
    sheet,
)
from analysis.paired import LeaveOneOut, PairedRatio, PairedT
from analysis.ranks import HodgesLehmann
from analysis.results import Outcome, Results
from analysis.rounding import NOT_ESTIMABLE, level
from analysis.sensitivity import NARROWER_WINDOW_DAYS, WIDER_WINDOW_DAYS
from analysis.style import GREY, HAIRLINE, HEADER_IN, INK, SMALL_PT, WIDTH_IN, Sheet, in_style

ROW_IN = 0.19
LABELS_IN = 2.0
COUNTS_IN = 0.85  # right of each panel: n, and the level of an interval that has its own
PANEL_IN = (WIDTH_IN - LABELS_IN - 2 * COUNTS_IN - 0.1) / 2
FOOT_IN = 0.95
GAP = 0.5  # rows, below the main analysis and above what leaves one patient out
NO_PAIR = "no complete pair"
MAIN: dict[str, Any] = {"marker": "o", "color": INK, "linestyle": "none", "markersize": 5.0}
OTHER = MAIN | {"markerfacecolor": "white", "markeredgewidth": 1.0}
RANGE: dict[str, Any] = {  # ticks as high as the bar, so that a narrow one is seen
    "color": GREY, "linewidth": 6.0, "solid_capstyle": "butt", "linestyle": "solid",
    "marker": "|", "markersize": 6.0, "markeredgewidth": 1.2,
}  # fmt: skip
MAIN_LINE: dict[str, Any] = {
    "color": HAIRLINE, "linewidth": 0.8, "linestyle": (0, (4, 2)), "zorder": 0.5,
}  # fmt: skip

Change = PairedT | PairedRatio


@dataclass(frozen=True)
class EstimateRange:
    """The smallest and the largest of several estimates from `n` pairs each, None without any."""

    low: float | None
    high: float | None
    n: int


Estimated = Change | HodgesLehmann | LeaveOneOut | EstimateRange | None


@dataclass(frozen=True)
class Row:
    """An analysis of both outcomes; None where the patient it leaves out is in no pair."""

    label: str
    strength: Estimated
    ck: Estimated
    space_above: float = 0.0


def sensitivity(results: Results) -> Figure:
    """The main analyses, and below them the same ones by other methods, visits and patients.

    A row an analysis, with the mean difference in strength (points) and the geometric mean ratio
    of CK (logarithmic axis). Up to eight patients are left out one by one, of more the range of
    these estimates is drawn. Where the diagnosis of named patients is withheld so is the analysis
    without IBM: beside those without one patient it would tell who has it.
    """
    if results.cohort.patients.empty:
        return empty_figure(results.cohort)
    rows = _rows(results)
    y = np.cumsum([1 + row.space_above for row in rows]) - 1
    height = (y[-1] + 1.5) * ROW_IN
    with in_style():
        confidence = level(results.strength.change.confidence_level)
        header = f"With {confidence} CI unless stated"
        figure = sheet(results.cohort, HEADER_IN + height + FOOT_IN, header)
        left = LABELS_IN
        for letter, effect, cells in (
            ("A", STRENGTH, [row.strength for row in rows]),
            ("B", CK, [row.ck for row in rows]),
        ):
            lettered(figure, left, letter, effect.title)
            axes = figure.panel(left, HEADER_IN, PANEL_IN, height)
            _frame(axes, effect, cells, y)
            _draw_cells(axes, cells, y, effect)
            left += PANEL_IN + COUNTS_IN + 0.1
        _label_rows(figure.axes[0], rows, y)
        _key(figure, rows)
    return figure


def _rows(results: Results) -> list[Row]:
    strength, ck, other = results.strength, results.ck, results.sensitivity
    day = results.cohort.rules.follow_up_day
    rows = [
        Row("Main analysis (paired t)", strength.change, ck.change),
        Row("Hodges-Lehmann estimate", strength.location, ck.location, space_above=GAP),
    ]
    for days, found in (NARROWER_WINDOW_DAYS, other.narrower), (WIDER_WINDOW_DAYS, other.wider):
        rows.append(Row(f"Follow-up within {days} days of day {day}", found.strength, found.ck))
    complete = other.complete_cases
    rows.append(Row("Complete cases", complete.strength, complete.ck))
    if results.cohort.may_single_out_ibm:
        without = strength.without_ibm, ck.without_ibm
        rows.append(Row("Without inclusion body myositis", *without))
    if is_named(results.cohort):
        return rows + _each_left_out(results.cohort, strength.left_out, ck.left_out)
    label = "Without any one patient\n(range of estimates)"
    return [*rows, Row(label, _range(strength), _range(ck), space_above=2 * GAP)]


def _each_left_out(
    cohort: Cohort, strength: Sequence[LeaveOneOut], ck: Sequence[LeaveOneOut]
) -> list[Row]:
    """A row for each patient who is in a pair of either outcome."""
    strengths, cks = ({left.label: left for left in of} for of in (strength, ck))
    left_out = [one for one in people(cohort) if one.number in strengths.keys() | cks.keys()]
    return [
        Row(
            f"Without patient {one.label}",
            strengths.get(one.number),
            cks.get(one.number),
            space_above=0.0 if i else GAP,
        )
        for i, one in enumerate(left_out)
    ]


def _range(of: Outcome[PairedT] | Outcome[PairedRatio]) -> EstimateRange:
    known = [left.estimate for left in of.left_out if left.estimate is not None]
    n = max(0, of.change.n - 1)
    return EstimateRange(min(known), max(known), n) if known else EstimateRange(None, None, n)


def _values(cell: Estimated) -> list[float]:
    """The estimate, or the ends of a range of estimates; none where nothing can be estimated."""
    if cell is None:
        return []
    values = (cell.low, cell.high) if isinstance(cell, EstimateRange) else (cell.estimate,)
    return [value for value in values if value is not None]


def _limits(cell: Estimated) -> tuple[float | None, ...]:
    return () if cell is None or isinstance(cell, EstimateRange) else (cell.ci_low, cell.ci_high)


def _frame(axes: Axes, effect: Effect, cells: Sequence[Estimated], y: Floats) -> None:
    """Limits that show every estimate, and the lines at no change and at the main estimate."""
    values = [value for cell in cells for value in _values(cell)]
    effect_axis(axes, effect, values, [limit for cell in cells for limit in _limits(cell)])
    axes.set_ylim(y[-1] + 0.9, -0.6)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(effect.mean_label)
    for main in _values(cells[0]):
        axes.axvline(main, label="Estimate of the main analysis", **MAIN_LINE)


def _draw_cells(axes: Axes, cells: Sequence[Estimated], y: Floats, effect: Effect) -> None:
    for i, (cell, at) in enumerate(zip(cells, y, strict=True)):
        if cell is None:
            in_words(axes, at, NO_PAIR, effect)
            continue
        axes.text(1.08, at, _count(cell), va="center_baseline", fontsize=SMALL_PT,
                  transform=axes.get_yaxis_transform())  # fmt: skip
        if not _values(cell):
            in_words(axes, at, NOT_ESTIMABLE, effect)
        elif isinstance(cell, EstimateRange):
            axes.plot(_values(cell), [at, at], label="range", **RANGE)
        else:
            _draw_estimate(axes, cell, at, is_main=i == 0)


def _draw_estimate(
    axes: Axes, cell: Change | HodgesLehmann | LeaveOneOut, y: float, *, is_main: bool
) -> None:
    """A marker with its interval, alone where there is none."""
    if cell.ci_low is not None and cell.ci_high is not None:
        draw_interval(axes, y, cell.ci_low, cell.ci_high)
    look = MAIN if is_main else OTHER
    axes.plot(_values(cell), [y], label="estimate", **look)


def _count(cell: Change | HodgesLehmann | LeaveOneOut | EstimateRange) -> str:
    """The pairs, and what the interval is if not the usual one."""
    if cell.n and not isinstance(cell, EstimateRange) and cell.ci_low is None:
        return f"n = {cell.n}, no CI"
    if isinstance(cell, HodgesLehmann) and cell.attained_level is not None:
        return f"n = {cell.n}, {level(cell.attained_level)}"
    return f"n = {cell.n}"


def _label_rows(axes: Axes, rows: Sequence[Row], y: Floats) -> None:
    """The labels of the analyses at the left edge of the sheet."""
    axes.set_yticks(y, [row.label for row in rows], ha="left")
    axes.tick_params("y", length=0, pad=LABELS_IN * 72)


def _key(figure: Sheet, rows: Sequence[Row]) -> None:
    cells = [cell for row in rows for cell in (row.strength, row.ck)]
    entries = [
        Line2D([], [], label="Main analysis", **MAIN),
        Line2D([], [], label="Other analysis", **OTHER),
        Line2D([], [], label="Estimate of the main analysis", **MAIN_LINE),
        no_change_key(),
    ]
    if any(isinstance(cell, EstimateRange) and cell.low is not None for cell in cells):
        entries.insert(2, Line2D([], [], label="Range of estimates, not an interval", **RANGE))
    key(figure, entries, columns=3)
