"""A cohort and its losses of response in, the figure of strength over the cycles out."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from analysis.cohort import Cohort
from analysis.figures_parts import (
    GAP_IN,
    LEFT_IN,
    LOSS_EDGE,
    STRENGTH_LABEL,
    Floats,
    Person,
    by_patient,
    empty_figure,
    groups,
    heading,
    is_named,
    key,
    label_ends,
    loss_key,
    people,
    round_ticks,
    sheet,
    strength_axis,
    thin_lines,
)
from analysis.style import HEADER_IN, LOSS_MARKER, MARKER_PT, WIDTH_IN, Sheet, in_style

LABELS_IN = 0.6
HEIGHT_IN = 2.25

Lines = Mapping[int, tuple[Floats, ...]]


def strength_by_cycle(cohort: Cohort, losses: Mapping[int, int | None]) -> Figure:
    """Strength before the infusion of each cycle, a line a patient.

    `losses` maps a patient's number to the cycle at which response was lost, or None; that
    cycle is marked. Above eight patients there is a panel a diagnosis and a thin line a patient.
    """
    if cohort.patients.empty:
        return empty_figure(cohort)
    lines = by_patient(cohort.cycles, "cycle", "mrc_sum_score")
    with in_style():
        figure = sheet(cohort, HEADER_IN + HEIGHT_IN + 0.72)
        panels = [people(cohort)] if is_named(cohort) else [g.people for g in groups(cohort)]
        axes = _panels(figure, lines, columns=len(panels))
        if is_named(cohort):
            _draw_named(axes[0], panels[0], lines)
        else:
            _draw_groups(axes, cohort, lines)
        marked = [
            _mark_losses(own, some, lines, losses) for own, some in zip(axes, panels, strict=True)
        ]
        if any(marked):
            key(figure, [loss_key()], columns=1)
    return figure


def _panels(figure: Sheet, lines: Lines, *, columns: int) -> list[Axes]:
    """Axes side by side with the same limits, from the first to the last cycle with a score."""
    room = WIDTH_IN - LEFT_IN - (LABELS_IN if columns == 1 else 0.1) - (columns - 1) * GAP_IN
    width = room / columns
    last = max(cycles[np.isfinite(scores)].max(initial=2) for cycles, scores in lines.values())
    scores = np.concatenate([scores for _, scores in lines.values()])
    panels = []
    for i in range(columns):
        axes = figure.panel(LEFT_IN + i * (width + GAP_IN), HEADER_IN, width, HEIGHT_IN)
        strength_axis(axes, scores)
        axes.set_xlim(0.7, last + 0.3)
        round_ticks(axes.xaxis, 12 // columns)
        axes.set_xlabel("Cycle")
        axes.tick_params("y", labelleft=i == 0)
        panels.append(axes)
    panels[0].set_ylabel(f"Strength before infusion,\n{STRENGTH_LABEL}")
    return panels


def _draw_named(axes: Axes, everyone: Sequence[Person], lines: Lines) -> None:
    ends = []
    for one in everyone:
        cycles, scores = lines[one.number]
        there = np.flatnonzero(np.isfinite(scores))
        if len(there):
            look = one.look
            axes.plot(
                cycles, scores, look.marker, linestyle=look.dash, color=look.colour,
                label=one.label, markersize=MARKER_PT * look.size, markeredgecolor="white",
                clip_on=False,
            )  # fmt: skip
            ends.append((one, float(cycles[there[-1]]), float(scores[there[-1]])))
    label_ends(axes, ends, at=1.03)
    axes.set_title(heading("", [lines[one.number] for one in everyone]))


def _draw_groups(panels: Sequence[Axes], cohort: Cohort, lines: Lines) -> None:
    for axes, group in zip(panels, groups(cohort), strict=True):
        own = [lines[one.number] for one in group.people]
        axes.set_title(heading(group.label, own))
        thin_lines(axes, own, group.look, label=group.label)


def _mark_losses(
    axes: Axes, some: Sequence[Person], lines: Lines, losses: Mapping[int, int | None]
) -> bool:
    """Mark the cycles at which response was lost, just above the line; whether there are any."""
    size = 6.0 if len(lines) <= 12 else 4.5 if len(lines) <= 100 else 3.0
    above = ScaledTranslation(0, size / 72, axes.figure.dpi_scale_trans)
    colours = {one.look.colour for one in some}
    marked = False
    for colour in sorted(colours):
        own = [one for one in some if one.look.colour == colour]
        points = [
            point
            for one in own
            for point in np.column_stack(lines[one.number])
            if point[0] == losses.get(one.number) and np.isfinite(point[1])
        ]
        if points:
            marked = True
            axes.plot(
                *np.transpose(points), LOSS_MARKER, linestyle="none", markerfacecolor=colour,
                markersize=size, label="Loss of response", transform=axes.transData + above,
                clip_on=False, **LOSS_EDGE,
            )  # fmt: skip
    return marked
