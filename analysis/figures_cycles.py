"""A cohort and its losses of response in, the figure of strength over the cycles out."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.cohort import Cohort
from analysis.figures_parts import (
    GAP_IN,
    LEFT_IN,
    STRENGTH_LABEL,
    Lines,
    Person,
    by_patient,
    draw_line,
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
    strength_axis,
    thin_lines,
)
from analysis.figures_places import label_ends, side_by_side
from analysis.style import HEADER_IN, WIDTH_IN, Sheet, in_style

LABELS_IN = 0.6
HEIGHT_IN = 2.25


def strength_by_cycle(cohort: Cohort, losses: Mapping[int, int | None]) -> Figure:
    """Strength before the infusion of each cycle, a line a patient.

    Markers of patients with the same score at a cycle stand side by side.
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
            lines = side_by_side(axes[0], lines)
            _draw_named(axes[0], panels[0], lines)
        else:
            _draw_groups(axes, cohort, lines)
        marked = [
            mark_losses(own, some, lines, losses) for own, some in zip(axes, panels, strict=True)
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
            draw_line(axes, one, cycles, scores)
            ends.append((one, float(cycles[there[-1]]), float(scores[there[-1]])))
    label_ends(axes, ends, at=1.03)
    axes.set_title(heading("", [lines[one.number] for one in everyone]))


def _draw_groups(panels: Sequence[Axes], cohort: Cohort, lines: Lines) -> None:
    for axes, group in zip(panels, groups(cohort), strict=True):
        own = [lines[one.number] for one in group.people]
        axes.set_title(heading(group.label, own))
        thin_lines(axes, own, group.look, label=group.label)
