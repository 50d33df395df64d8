"""A cohort and its two paired results in, the figure of the change in each patient out."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.cohort import Cohort
from analysis.figures_effects import draw_interval, lettered, logarithmic
from analysis.figures_parts import (
    STRENGTH_LABEL,
    Floats,
    Group,
    Person,
    draw_line,
    empty_figure,
    groups,
    is_named,
    n_of,
    people,
    round_ticks,
    sheet,
    strength_axis,
    thin_lines,
)
from analysis.figures_places import label_ends, side_by_side
from analysis.paired import PairedRatio, PairedT
from analysis.rounding import level
from analysis.style import GREY, INK, SMALL_PT, Sheet, in_style

STEP = 1.5  # from one diagnosis to the next, where baseline to follow-up is 1


@dataclass(frozen=True)
class Pairs:
    """An outcome of every patient at baseline and at follow-up, NaN where missing."""

    before: Floats
    after: Floats
    is_ratio: bool

    @property
    def values(self) -> Floats:
        """A row a patient: the value at baseline and that at follow-up."""
        return np.column_stack([self.before, self.after])

    @property
    def is_complete(self) -> np.ndarray:
        """Which patients have both values."""
        return np.isfinite(self.before) & np.isfinite(self.after)

    @property
    def centre_before(self) -> float:
        """The mean at baseline of the complete pairs, the geometric mean for a ratio."""
        before = self.before[self.is_complete]
        return float(np.exp(np.log(before).mean()) if self.is_ratio else before.mean())


def paired_change(
    cohort: Cohort, *, strength: PairedT | None = None, ck: PairedRatio | None = None
) -> Figure:
    """Each patient's strength and CK at baseline and follow-up, with the change and its interval.

    CK is in multiples of the patient's upper limit of normal, on a logarithmic axis. `strength`
    (mean difference, points) and `ck` (geometric mean ratio) are drawn beside the pairs on axes
    of the same scale, zero or one at the mean baseline of the patients with both values. Markers
    that would hide each other stand side by side.
    """
    if cohort.patients.empty:
        return empty_figure(cohort)
    limit = cohort.patients["ck_upper_limit_u_l"].to_numpy(float)
    points = Pairs(cohort.before("mrc_sum_score"), cohort.after("mrc_sum_score"), is_ratio=False)
    multiples = Pairs(
        cohort.before("ck_u_l") / limit, cohort.after("ck_u_l") / limit, is_ratio=True
    )
    with in_style():
        figure = sheet(cohort, 2.9)
        axes, change = _block(figure, 0.0, "A", "Strength", points)
        strength_axis(axes, np.concatenate([points.before, points.after]))
        axes.set_ylabel(STRENGTH_LABEL)
        _draw_pairs(axes, cohort, points)
        _draw_change(change, axes, points, strength, "Difference (points)")
        axes, change = _block(figure, 3.3, "B", "Creatine kinase (CK)", multiples)
        _ck_axis(axes, np.concatenate([multiples.before, multiples.after]))
        _draw_pairs(axes, cohort, multiples)
        _draw_change(change, axes, multiples, ck, "Ratio")
    return figure


def _block(figure: Sheet, left: float, letter: str, title: str, pairs: Pairs) -> tuple[Axes, Axes]:
    """Axes for the pairs and for the change, `left` inches from the edge, and their heading."""
    counts = n_of(int(pairs.is_complete.sum()), len(pairs.before))
    lettered(figure, left, letter, f"{title}, {counts}")
    return figure.panel(left + 0.42, 0.34, 1.42, 2.1), figure.panel(left + 2.36, 0.34, 0.34, 2.1)


def _draw_pairs(axes: Axes, cohort: Cohort, pairs: Pairs) -> None:
    if is_named(cohort):
        _named_pairs(axes, people(cohort), pairs)
    else:
        _grouped_pairs(axes, groups(cohort), pairs)


def _named_pairs(axes: Axes, everyone: list[Person], pairs: Pairs) -> None:
    left, right = [], []
    for one, before, after in zip(everyone, pairs.before, pairs.after, strict=True):
        if np.isfinite(after):
            right.append((one, 1.0, float(after)))
        elif np.isfinite(before):
            left.append((one, 0.0, float(before)))
    axes.set_xlim(-0.62 if left else -0.2, 1.1)
    axes.set_xticks([0, 1], ["Baseline", "Follow-up"])
    moments = np.array([0.0, 1.0])
    lines = {one.number: (moments, pair) for one, pair in zip(everyone, pairs.values, strict=True)}
    for one, line in zip(everyone, side_by_side(axes, lines).values(), strict=True):
        if np.isfinite(line[1]).any():
            draw_line(axes, one, *line)
    label_ends(axes, right, at=1.06)
    if left:
        inner = axes.transAxes.inverted().transform(axes.transData.transform((-0.1, 1.0)))[0]
        label_ends(axes, left, at=float(inner), side="right")


def _grouped_pairs(axes: Axes, drawn: list[Group], pairs: Pairs) -> None:
    labels = []
    for i, group in enumerate(drawn):
        rows = np.array([one.number - 1 for one in group.people])
        x = np.array([0.0, 1.0]) + i * STEP
        lines = [(x, pair) for pair in pairs.values[rows]]
        thin_lines(axes, lines, group.look, label=group.label)
        n = int(pairs.is_complete[rows].sum())
        labels.append(f"{group.label}\nn = {n}" if len(drawn) > 1 else "")
    axes.set_xlim(-0.3, (len(drawn) - 1) * STEP + 1.3)
    if len(drawn) > 1:
        axes.set_xticks([i * STEP + 0.5 for i in range(len(drawn))], labels)
        axes.tick_params("x", length=0)
        axes.set_xlabel("Baseline (left) and follow-up (right)", fontsize=SMALL_PT)
    else:
        axes.set_xticks([0, 1], ["Baseline", "Follow-up"])


def _ck_axis(axes: Axes, multiples: Floats) -> None:
    there = multiples[np.isfinite(multiples)]
    low, high = (there.min(), there.max()) if len(there) else (0.5, 20.0)
    logarithmic(axes.yaxis, min(0.8, low / 1.15), max(2.5, high * 1.15), most=6)
    axes.set_ylabel("CK (multiples of the upper limit)")
    axes.axhline(1, color=GREY, linewidth=0.6, linestyle=(0, (1, 2)), zorder=0.5)


def _draw_change(
    axes: Axes, beside: Axes, pairs: Pairs, change: PairedT | PairedRatio | None, label: str
) -> None:
    """The estimate and its interval, on the scale of the axes `beside`."""
    axes.set_xlim(-1, 1)
    axes.set_xticks([])
    if change is None or change.estimate is None or not pairs.is_complete.any():
        axes.set_axis_off()
        axes.text(0, 0.5, "change not\nestimable", ha="center", color=GREY, fontsize=SMALL_PT,
                  transform=axes.get_xaxis_transform())  # fmt: skip
        return
    _same_scale(axes, beside, pairs)
    axes.axhline(1 if pairs.is_ratio else 0, color=GREY, linewidth=0.6, zorder=0.5)
    axes.plot([0], [change.estimate], "o", color=INK, markersize=4)
    kind = "Geometric\nmean ratio" if pairs.is_ratio else "Mean\ndifference"
    if change.ci_low is not None and change.ci_high is not None:
        kind += f",\n{level(change.confidence_level)} CI"
        draw_interval(axes, 0, change.ci_low, change.ci_high, is_upright=True)
    axes.set_xlabel(kind, fontsize=SMALL_PT)
    axes.set_ylabel(label)


def _same_scale(axes: Axes, beside: Axes, pairs: Pairs) -> None:
    """As far from no change on `axes` as from the mean baseline on `beside`; scale on the right."""
    low, high = beside.get_ylim()
    axes.yaxis.set_label_position("right")
    axes.yaxis.tick_right()
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.spines["right"].set_visible(True)
    if pairs.is_ratio:
        logarithmic(axes.yaxis, low / pairs.centre_before, high / pairs.centre_before, most=6)
    else:
        axes.set_ylim(low - pairs.centre_before, high - pairs.centre_before)
        round_ticks(axes.yaxis, 5)
