"""A cohort and its losses of response in, the figure of dose and interval over the cycles out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.cohort import Cohort
from analysis.figures_effects import in_words
from analysis.figures_parts import (
    GAP_IN,
    LEFT_IN,
    Floats,
    Group,
    Lines,
    Person,
    by_patient,
    counted,
    empty_figure,
    groups,
    heading,
    is_named,
    key,
    loss_key,
    mark_losses,
    people,
    round_ticks,
    sheet,
    sign,
    thin_lines,
)
from analysis.style import HAIRLINE, HEADER_IN, INK, LOSS_MARKER, SHADE, WIDTH_IN, Sheet, in_style

TITLE_IN = 0.2
STRIP_IN = 1.15
BETWEEN_IN = 0.26  # the strips, with room for a title
AXIS_IN = 0.44
KEY_IN = 0.28
DOT_PT = 3.5  # across one patient's dot, less where the dot of most patients were too large
LARGEST_DOT_PT = 8.0

Losses = Mapping[int, int | None]


@dataclass(frozen=True)
class Column:
    """The panels of one patient or group, one above the other, with the values by cycle."""

    people: tuple[Person, ...]
    dose: Axes
    doses: Lines
    interval: Axes
    intervals: Lines

    @property
    def strips(self) -> tuple[tuple[Axes, Lines, str], ...]:
        """Each panel with all patients' values and what they are."""
        return (self.dose, self.doses, "dose"), (self.interval, self.intervals, "interval")


def treatment_by_cycle(cohort: Cohort, losses: Losses) -> Figure:
    """Dose of IVIg (g/kg, above) and days since the previous cycle (below) by cycle.

    Many doses are equal and would hide each other in one panel: up to eight patients have a
    column of panels each. Above eight there is a column a diagnosis and a thin line a patient, and
    the area of a dot is the number of patients with that dose. `losses` maps a patient's number
    to the cycle at which response was lost, or None; the strength that showed it was measured
    before that cycle's infusion, so the dose before it is that of the previous cycle.
    """
    if cohort.patients.empty:
        return empty_figure(cohort)
    has_losses = any(cycle is not None for cycle in losses.values())
    has_key = has_losses or not is_named(cohort)
    with in_style():
        height = HEADER_IN + TITLE_IN + 2 * STRIP_IN + BETWEEN_IN + AXIS_IN + has_key * KEY_IN
        figure = sheet(cohort, height, _header(cohort))
        columns = _columns(figure, cohort)
        if is_named(cohort):
            entries = _draw_named(columns, losses)
        else:
            entries = _draw_groups(columns, groups(cohort), losses)
        if has_losses:
            entries.append(loss_key("Loss of response, measured before that cycle's infusion"))
        if has_key:
            key(figure, entries, columns=3)
    return figure


def _header(cohort: Cohort) -> str:
    n_doses, n_intervals = cohort.cycles[["dose_g_kg", "interval_days"]].count()
    counts = counted(int(n_doses), "dose"), counted(int(n_intervals), "interval")
    return ", ".join([counted(len(cohort.patients), "patient"), *counts])


def _columns(figure: Sheet, cohort: Cohort) -> list[Column]:
    """A column of panels for each patient, or for each group of a large cohort."""
    drawn: list[tuple[Person, ...]] = [group.people for group in groups(cohort)]
    if is_named(cohort):
        drawn = [(one,) for one in people(cohort)]
    doses = by_patient(cohort.cycles, "cycle", "dose_g_kg")
    intervals = by_patient(cohort.cycles, "cycle", "interval_days")
    width = (WIDTH_IN - LEFT_IN - 0.1 - (len(drawn) - 1) * GAP_IN) / len(drawn)
    columns = []
    for i, some in enumerate(drawn):
        left, top = LEFT_IN + i * (width + GAP_IN), HEADER_IN + TITLE_IN
        dose = figure.panel(left, top, width, STRIP_IN)
        interval = figure.panel(left, top + STRIP_IN + BETWEEN_IN, width, STRIP_IN)
        columns.append(Column(some, dose, doses, interval, intervals))
        _share_limits(columns[-1], most_ticks=max(3, 12 // len(drawn)), is_first=i == 0)
    return columns


def _share_limits(column: Column, *, most_ticks: int, is_first: bool) -> None:
    """The same limits in every column: all cycles, and from zero to the highest value."""
    last = max(cycles.max(initial=2) for cycles, _ in column.doses.values())
    for axes, lines, _ in column.strips:
        highest = np.nanmax([1.0, *np.concatenate([values for _, values in lines.values()])])
        axes.set_xlim(max(0.3, 1 - 0.06 * last), last * 1.06)
        axes.set_ylim(0, highest * 1.18)
        round_ticks(axes.xaxis, most_ticks)
        axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        axes.tick_params("y", labelleft=is_first)
    column.dose.tick_params("x", labelbottom=False)
    column.interval.set_xlabel("Cycle")
    if is_first:
        column.dose.set_ylabel("IVIg dose (g/kg)")
        column.interval.set_ylabel("Days since the\nprevious cycle")


def _draw_named(columns: Sequence[Column], losses: Losses) -> list[Line2D]:
    """A patient a column, with a line through both panels at the loss; no entries for the key."""
    columns[0].dose.annotate(
        "Patient", (0, 1), xytext=(-LEFT_IN * 72, 5), textcoords="offset points",
        xycoords="axes fraction",
    )  # fmt: skip
    for column in columns:
        (one,) = column.people
        column.dose.set_title(one.label)
        lost_at = losses.get(one.number)
        for axes, lines, what in column.strips:
            if lost_at is not None:
                axes.axvline(lost_at, color=HAIRLINE, linewidth=0.6, zorder=0.5)
            if np.isfinite(lines[one.number][1]).any():
                axes.plot(
                    *lines[one.number], one.look.marker, linestyle="solid", linewidth=1.0,
                    color=one.look.colour, markersize=2.6 * one.look.size, label=one.label,
                    markeredgewidth=0,
                )  # fmt: skip
            else:
                in_words(axes, sum(axes.get_ylim()) / 2, f"no {what}")
            mark_losses(axes, [one], lines, losses)
    return []


def _draw_groups(columns: Sequence[Column], drawn: Sequence[Group], losses: Losses) -> list[Line2D]:
    """A group a column; the entries of the key for the dots."""
    most = max(int(_tally(column)[1].max(initial=1)) for column in columns)
    one_pt = min(DOT_PT, LARGEST_DOT_PT / math.sqrt(most))
    for column, group in zip(columns, drawn, strict=True):
        for axes, lines, what in column.strips:
            own = [lines[one.number] for one in group.people]
            axes.set_title(heading(group.label if what == "dose" else "", own))
            thin_lines(axes, own, group.look, label=group.label)
        _draw_dots(column, group, losses, one_pt)
        mark_losses(column.interval, column.people, column.intervals, losses)
    return [
        sign("o", counted(n, "patient"), markersize=one_pt * math.sqrt(n), markeredgewidth=0.4,
             markerfacecolor=SHADE)
        for n in sorted({1, most})
    ]  # fmt: skip


def _draw_dots(column: Column, group: Group, losses: Losses, one_pt: float) -> None:
    """Dots at the doses, and on them triangles for the losses with the same area a patient."""
    style: dict[str, Any] = {"zorder": 2, "clip_on": False}
    for marker, (points, n), area, face, edge in (
        ("o", _tally(column), 1.0, _tint(group.look.colour), group.look.colour),
        (LOSS_MARKER, _tally(column, losses), math.pi / 2, INK, "none"),
    ):
        column.dose.scatter(
            points[:, 0], points[:, 1], s=n * area * one_pt**2, marker=marker, facecolor=face,
            edgecolor=edge, linewidths=0.4, **style,
        )  # fmt: skip


def _tint(colour: str) -> tuple[float, ...]:
    """The colour mixed with as much white, on which ink is seen."""
    return tuple((1 + share) / 2 for share in to_rgb(colour))


def _tally(column: Column, losses: Losses | None = None) -> tuple[Floats, Floats]:
    """The (cycle, dose) of the column's patients, each once, and of how many patients it is.

    With `losses` the cycles at which response was lost alone.
    """
    points = [
        point
        for one in column.people
        for point in np.column_stack(column.doses[one.number])
        if np.isfinite(point[1]) and (losses is None or losses.get(one.number) == point[0])
    ]
    found, n = np.unique(np.reshape(points, (-1, 2)), axis=0, return_counts=True)
    return found, n.astype(float)
