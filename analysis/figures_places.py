"""Markers and labels that would hide each other in, the places where all of them are seen out."""

import itertools
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from analysis.figures_parts import Floats, Lines, Person
from analysis.style import HAIRLINE, MARKER_PT, SMALL_PT


def side_by_side(axes: Axes, lines: Lines) -> dict[int, tuple[Floats, ...]]:
    """Lines on whole x with the x moved where markers would hide each other, to stand in a row."""
    pt = 72 / axes.figure.dpi
    unit_pt = float(axes.bbox.width) * pt / float(np.ptp(axes.get_xlim()))
    heights = {number: axes.transData.transform(np.column_stack(line))[:, 1] * pt
               for number, line in lines.items()}  # fmt: skip
    moved: dict[int, tuple[Floats, ...]] = {
        number: (x.astype(float), y) for number, (x, y) in lines.items()
    }
    for at in np.unique(np.concatenate([x for x, _ in lines.values()])):
        here = sorted(
            (float(heights[number][i]), number, i)
            for number, (x, y) in lines.items()
            for i in np.flatnonzero((x == at) & np.isfinite(y))
        )
        ends = [i for i in range(1, len(here)) if here[i][0] - here[i - 1][0] > MARKER_PT / 2]
        for first, last in itertools.pairwise([0, *ends, len(here)]):
            step = min(1.2 * MARKER_PT / unit_pt, 0.8 / (last - first)) if here else 0.0
            for rank, (_, number, i) in enumerate(sorted(here[first:last], key=lambda of: of[1])):
                moved[number][0][i] += (rank - (last - first - 1) / 2) * step
    return moved


def spread(positions: Floats, gap: float) -> Floats:
    """Positions moved as little as possible (least squares) until they are `gap` apart."""
    order = np.argsort(positions, kind="stable")
    blocks: list[tuple[float, int]] = []
    for rank, position in enumerate(positions[order]):
        blocks.append((float(position) - rank * gap, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (left, n_left), (right, n_right) = blocks[-2:]
            n = n_left + n_right
            blocks[-2:] = [((left * n_left + right * n_right) / n, n)]
    moved = np.empty(len(positions))
    means = np.concatenate([np.full(n, mean) for mean, n in blocks] or [np.empty(0)])
    moved[order] = means + np.arange(len(positions)) * gap
    return moved


def label_ends(
    axes: Axes, ends: Sequence[tuple[Person, float, float]], *, at: float, side: str = "left"
) -> None:
    """The label of each patient beside the axes at the height of its line's end (x, y).

    Labels stand at `at` in fractions of the axes' width, aligned to their `side`, and are
    moved apart where they would overlap; a hairline leads to a label away from its end.
    """
    if not ends:
        return
    to_axes = axes.transData + axes.transAxes.inverted()
    points = to_axes.transform([(x, y) for _, x, y in ends])
    height_pt = axes.bbox.height / axes.figure.dpi * 72
    heights = spread(points[:, 1], 1.3 * SMALL_PT / height_pt)
    heights += min(0.0, 1.02 - heights.max(initial=0.0))
    hairlines = []
    for (one, _, _), (x, y), height in zip(ends, points, heights, strict=True):
        axes.text(
            at, height, one.label, ha=side, va="center_baseline", transform=axes.transAxes,
            color=one.look.text_colour, fontsize=SMALL_PT,
        )  # fmt: skip
        edge = at - 0.012 if side == "left" else at + 0.012
        if abs(edge - x) > 0.08 or abs(height - y) * height_pt > 2:
            hairlines.append([(x, y), (edge, height)])
    axes.add_collection(
        LineCollection(
            hairlines, colors=HAIRLINE, linewidths=0.35, clip_on=False,
            transform=axes.transAxes, zorder=1,
        ),
        autolim=False,
    )  # fmt: skip
