"""A cohort in, the figure of its cycles and adverse events in time out (a swimmer plot)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.cohort import Cohort
from analysis.figures_parts import (
    DAYS_LABEL,
    Floats,
    Person,
    by_patient,
    counted,
    empty_figure,
    groups,
    is_named,
    key,
    loss_key,
    people,
    round_ticks,
    sheet,
    sign,
)
from analysis.style import (
    GRADE_MARKERS,
    GREY,
    HEADER_IN,
    INK,
    LOSS_MARKER,
    WIDTH_IN,
    in_style,
)

ROW_IN = 0.34
MOST_IN = 7.4  # height of all rows together
LABELLED_IN = 0.125  # rows at least this high have their patient's label
LANES = (0.26, 0.42)  # below the row's middle, in rows: events too near each other alternate
KEY_COLUMNS = 4


@dataclass(frozen=True)
class Rows:
    """Who is drawn in which row, from the top, and how high a row is."""

    order: tuple[Person, ...]
    row_in: float

    @property
    def of(self) -> dict[int, int]:
        """A patient's number to the row."""
        return {one.number: i for i, one in enumerate(self.order)}

    @property
    def is_labelled(self) -> bool:
        """Whether a row is high enough for its patient's label."""
        return self.row_in >= LABELLED_IN

    def thick(self, share: float) -> float:
        """The line width in points that fills a `share` of a row."""
        return self.row_in * 72 * share

    @property
    def marker_pt(self) -> float:
        """The size of a sign in points."""
        return float(np.clip(self.row_in * 72 * 0.26, 1.8, 5.5))


def timeline(cohort: Cohort, losses: Mapping[int, int | None]) -> Figure:
    """A bar a patient from the first infusion to the last record, in days.

    Ticks are cycles; adverse events have a shape by CTCAE grade and are filled if serious;
    `losses` maps a patient's number to the cycle at which response was lost, or None. Above eight
    patients the rows are sorted by diagnosis, and by the length of the record.
    """
    if cohort.patients.empty:
        return empty_figure(cohort)
    order = _order(cohort)
    rows = Rows(tuple(order), min(ROW_IN, MOST_IN / len(order)))
    signs = _key(cohort, losses)
    foot = 0.5 + 0.17 * -(-len(signs) // KEY_COLUMNS)
    height = len(order) * rows.row_in
    with in_style():
        figure = sheet(cohort, HEADER_IN + height + foot, _header(cohort))
        axes = figure.panel(LEFT_IN, HEADER_IN, WIDTH_IN - LEFT_IN - 0.15, height)
        _frame(axes, cohort, rows)
        _draw_bars(axes, cohort, rows)
        _draw_events(axes, cohort, rows)
        _draw_losses(axes, cohort, rows, losses)
        key(figure, signs, columns=KEY_COLUMNS)
    return figure


LEFT_IN = 0.72


def _header(cohort: Cohort) -> str:
    return ", ".join(
        [
            counted(len(cohort.patients), "patient"),
            counted(len(cohort.cycles), "cycle"),
            counted(len(cohort.adverse_events), "adverse event"),
        ]
    )


def _order(cohort: Cohort) -> list[Person]:
    if is_named(cohort):
        return people(cohort)
    last_day = dict(zip(cohort.patients["patient"], cohort.patients["last_day"], strict=True))
    return [
        one
        for group in groups(cohort)
        for one in sorted(group.people, key=lambda one: (-last_day[one.number], one.number))
    ]


def _frame(axes: Axes, cohort: Cohort, rows: Rows) -> None:
    last = max(1, int(cohort.patients["last_day"].max()))
    axes.set_xlim(-0.015 * last, last * 1.02)
    axes.set_ylim(len(rows.order) - 0.5, -0.5)
    round_ticks(axes.xaxis, 8)
    axes.set_xlabel(DAYS_LABEL)
    axes.spines["left"].set_visible(False)
    axes.tick_params("y", length=0)
    if rows.is_labelled:
        axes.set_yticks(range(len(rows.order)), [one.label for one in rows.order])
        axes.set_ylabel("Patient")
        return
    drawn = groups(cohort)
    sizes = [len(group.people) for group in drawn]
    starts = np.cumsum([0, *sizes[:-1]])
    middles = [start + (size - 1) / 2 for start, size in zip(starts, sizes, strict=True)]
    labels = [f"{group.label}\nn = {len(group.people)}" for group in drawn]
    axes.set_yticks(middles, labels)
    axes.hlines(starts[1:] - 0.5, *axes.get_xlim(), color=GREY, linewidth=0.5)


def _draw_bars(axes: Axes, cohort: Cohort, rows: Rows) -> None:
    """Bars with a cap at the end of the record, and the cycles as ticks on them."""
    last_day = cohort.patients["last_day"].to_numpy(float)[[one.number - 1 for one in rows.order]]
    y = np.arange(len(rows.order), dtype=float)
    colours = [one.look.colour for one in rows.order]
    bars = [[(0.0, row), (end, row)] for row, end in zip(y, last_day, strict=True)]
    _segments(
        axes, bars, colours, rows.thick(0.24 if rows.is_labelled else 1.0), "records", alpha=0.3
    )
    ends = [[(end, row - 0.2), (end, row + 0.2)] for row, end in zip(y, last_day, strict=True)]
    _segments(axes, ends, colours, min(1.6, rows.thick(0.3)), "ends")
    starts = by_patient(cohort.cycles, "start_day")
    half = 0.12 if rows.is_labelled else 0.5
    ticks, tick_colours = [], []
    for row, one in enumerate(rows.order):
        for day in starts[one.number][0]:
            ticks.append([(day, row - half), (day, row + half)])
            tick_colours.append(one.look.colour)
    _segments(axes, ticks, tick_colours, 1.3 if is_named(cohort) else 0.7, "cycles")


def _segments(
    axes: Axes,
    segments: Sequence[Sequence[tuple[float, float]]],
    colours: Sequence[str],
    width: float,
    label: str,
    alpha: float | None = None,
) -> None:
    lines = LineCollection(
        segments, colors=colours, linewidths=width, label=label, alpha=alpha, capstyle="butt"
    )
    axes.add_collection(lines, autolim=False)


def _draw_events(axes: Axes, cohort: Cohort, rows: Rows) -> None:
    """Adverse events below the bars: one set of markers for each grade and seriousness."""
    events = cohort.adverse_events
    if events.empty:
        return
    width_days = rows.marker_pt * np.ptp(axes.get_xlim()) / (WIDTH_IN - LEFT_IN) / 72
    below = LANES if rows.is_labelled else (0.0, 0.0)
    y = events["patient"].map(rows.of).to_numpy(float)
    y += np.array(below)[_lanes(events, width_days)]
    for (grade, serious), chosen in _kinds(events):
        axes.plot(
            events["onset_day"].to_numpy(float)[chosen], y[chosen], GRADE_MARKERS[grade],
            linestyle="none", markersize=rows.marker_pt, markeredgewidth=0.7, clip_on=False,
            markeredgecolor=INK, markerfacecolor=INK if serious else "white",
            label=_grade_label(grade, serious),
        )  # fmt: skip


def _lanes(events: pd.DataFrame, width_days: float) -> list[int]:
    """The lane of each event: the second where the one before it in the row is too near."""
    lanes: list[int] = []
    previous = (0, -np.inf)
    for patient, day in zip(events["patient"], events["onset_day"].astype(float), strict=True):
        is_near = patient == previous[0] and day - previous[1] < width_days
        lanes.append(1 - lanes[-1] if is_near else 0)
        previous = (patient, day)
    return lanes


def _kinds(events: pd.DataFrame) -> list[tuple[tuple[int, bool], Floats]]:
    """The grades that occur, not serious before serious, with the positions of their events."""
    kinds = events.groupby(["ctcae_grade", "serious"]).indices.items()
    return sorted(((int(grade), bool(serious)), rows) for (grade, serious), rows in kinds)


def _draw_losses(axes: Axes, cohort: Cohort, rows: Rows, losses: Mapping[int, int | None]) -> None:
    cycles = cohort.cycles
    lost = cycles["patient"].map(losses).to_numpy(float) == cycles["cycle"].to_numpy(float)
    row, look = rows.of, {one.number: one.look for one in rows.order}
    if lost.any():
        who = [int(number) for number in cycles["patient"][lost]]
        axes.scatter(
            cycles["start_day"][lost].to_numpy(float),
            [row[number] - 0.3 for number in who],
            s=max(rows.marker_pt, 2.5) ** 2,
            c=[look[number].colour for number in who],
            marker=LOSS_MARKER,
            edgecolors=INK,
            linewidths=0.8,
            label="Loss of response",
            clip_on=False,
            zorder=3,
        )


def _grade_label(grade: int, serious: bool) -> str:
    return f"Adverse event, grade {grade}" + (", serious" if serious else "")


def _key(cohort: Cohort, losses: Mapping[int, int | None]) -> list[Line2D]:
    signs = [sign("|", "Start of a cycle", markersize=5, markeredgewidth=1.3)]
    signs.append(sign("|", "End of the record", markersize=9, markeredgewidth=1.6))
    if any(cycle is not None for cycle in losses.values()):
        signs.append(loss_key())
    for (grade, serious), _ in _kinds(cohort.adverse_events):
        face = INK if serious else "white"
        label = _grade_label(grade, serious)
        signs.append(sign(GRADE_MARKERS[grade], label, markerfacecolor=face, markeredgewidth=0.7))
    return signs
