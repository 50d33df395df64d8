"""A cohort and its two paired results in, the figure of how the changes are distributed out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.cohort import Cohort
from analysis.figures_effects import (
    CK,
    STRENGTH,
    Effect,
    draw_interval,
    effect_axis,
    in_words,
    lettered,
)
from analysis.figures_parts import Floats, Person, empty_figure, is_named, n_of, people, sheet
from analysis.paired import PairedRatio, PairedT
from analysis.rounding import NOT_ESTIMABLE, level
from analysis.style import (
    COMMON_LOOK,
    HEADER_IN,
    INK,
    MARKER_PT,
    SMALL_PT,
    WIDTH_IN,
    Sheet,
    in_style,
)

ROW_IN = 0.2
BARS_IN = 1.6
STRIP_IN = 0.42  # for the mean, below the patients
FOOT_IN = 0.42
LABELS_IN = 0.85
BLOCK_IN = (WIDTH_IN - 0.15) / 2
MOST_BARS = 40
POINTS = (1, 3, 5)  # widths of a bar: odd, so that no whole number is on an edge and 0 is a middle
DOUBLINGS = (0.25, 0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Changes:
    """The change of one outcome: a value a patient, NaN where missing, and the paired result."""

    effect: Effect
    values: Floats
    result: PairedT | PairedRatio

    @property
    def known(self) -> Floats:
        """The changes that are not missing."""
        return self.values[np.isfinite(self.values)]


def differences(cohort: Cohort, strength: PairedT, ck: PairedRatio) -> Figure:
    """The change of each patient in strength (points) and CK (ratio, logarithmic axis).

    Up to eight patients have a row and a marker each, so that equal changes are all seen; more are
    counted in bars of equal width, the middle one at no change. Below are `strength` (mean) and
    `ck` (geometric mean) with their intervals.
    """
    if cohort.patients.empty:
        return empty_figure(cohort)
    points = cohort.after("mrc_sum_score") - cohort.before("mrc_sum_score")
    ratios = cohort.after("ck_u_l") / cohort.before("ck_u_l")
    everyone = people(cohort) if is_named(cohort) else []
    height = len(everyone) * ROW_IN if everyone else BARS_IN
    with in_style():
        figure = sheet(cohort, HEADER_IN + height + STRIP_IN + FOOT_IN)
        _block(figure, 0.0, "A", Changes(STRENGTH, points, strength), everyone, height)
        _block(figure, BLOCK_IN + 0.15, "B", Changes(CK, ratios, ck), everyone, height)
    return figure


def _block(
    figure: Sheet,
    left_in: float,
    letter: str,
    changes: Changes,
    everyone: Sequence[Person],
    height_in: float,
) -> None:
    """The changes of `everyone`, or of patients without a name, and below them their mean."""
    counts = n_of(len(changes.known), len(changes.values))
    lettered(figure, left_in, letter, f"{changes.effect.title}, {counts}")
    edges, step = _edges(changes)
    reach = changes.known if everyone else edges
    above, below = _axes(figure, left_in, height_in, changes, reach)
    if everyone:
        _draw_rows(above, everyone, changes)
    else:
        _draw_bars(above, changes, edges, step)
    _draw_mean(below, changes)


def _axes(
    figure: Sheet, left_in: float, height_in: float, changes: Changes, reach: Floats
) -> tuple[Axes, Axes]:
    """Axes for the patients and, below, for the mean; their scale is the same."""
    left, width = left_in + LABELS_IN, BLOCK_IN - LABELS_IN - 0.08
    above = figure.panel(left, HEADER_IN, width, height_in)
    below = figure.panel(left, HEADER_IN + height_in, width, STRIP_IN)
    result = changes.result
    for axes in (above, below):
        limits = (result.ci_low, result.ci_high)
        effect_axis(axes, changes.effect, [*reach, result.estimate], limits)
        axes.spines["left"].set_visible(False)
        axes.tick_params("y", pad=6)
    above.spines["bottom"].set_visible(False)
    above.tick_params("x", length=0, labelbottom=False)
    below.set_xlabel(changes.effect.label)
    return above, below


def _draw_rows(axes: Axes, everyone: Sequence[Person], changes: Changes) -> None:
    """A row a patient, with a marker at the change."""
    for row, (one, value) in enumerate(zip(everyone, changes.values, strict=True)):
        if np.isfinite(value):
            axes.plot(
                [value], [row], one.look.marker, linestyle="none", color=one.look.colour,
                markersize=1.25 * MARKER_PT * one.look.size, label=one.label,
                markeredgecolor="white", clip_on=False,
            )  # fmt: skip
        else:
            in_words(axes, row, "missing", changes.effect)
    axes.set_ylim(len(everyone) - 0.5, -0.5)
    axes.set_yticks(range(len(everyone)), [one.label for one in everyone])
    axes.tick_params("y", length=0)


def _draw_bars(axes: Axes, changes: Changes, edges: Floats, step: str) -> None:
    """How many patients changed by how much, in bars of equal width."""
    axes.spines["left"].set_visible(True)
    axes.set_ylabel(f"Patients per {step}")
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    if len(changes.known):
        axes.hist(
            changes.known, list(edges), color=COMMON_LOOK.colour, alpha=0.6, edgecolor="white",
            linewidth=0.4,
        )  # fmt: skip
    else:
        in_words(axes, 0.5, "no patient with\nboth values", changes.effect)
        axes.set_yticks([])


def _edges(changes: Changes) -> tuple[Floats, str]:
    """The edges of at most `MOST_BARS` bars, and their width in words."""
    is_ratio = changes.effect.is_ratio
    steps = np.log2(changes.known) if is_ratio else changes.known
    for width in DOUBLINGS if is_ratio else POINTS:
        middles = np.rint(steps / width)
        first, last = middles.min(initial=0), middles.max(initial=0)
        if last - first < MOST_BARS:
            break
    edges = (np.arange(first, last + 2) - 0.5) * width
    if is_ratio:
        return np.exp2(edges), f"factor of {2**width:.2f}"
    return edges, "point" if width == 1 else f"{width} points"


def _draw_mean(axes: Axes, changes: Changes) -> None:
    """The mean and its interval, in words where there is none."""
    result, label = changes.result, changes.effect.mean
    axes.set_ylim(-0.8, 1.2)
    axes.tick_params("y", length=0)
    if result.estimate is None:
        in_words(axes, 0, NOT_ESTIMABLE, changes.effect)
    else:
        axes.plot([result.estimate], [0], "o", color=INK, markersize=4, label="estimate")
    if result.ci_low is not None and result.ci_high is not None:
        draw_interval(axes, 0, result.ci_low, result.ci_high)
        label += f",\n{level(result.confidence_level)} CI"
    elif result.estimate is not None:
        label += "\n(one pair: no CI)" if result.n == 1 else "\n(no CI)"
    axes.set_yticks([0], [label], fontsize=SMALL_PT)
