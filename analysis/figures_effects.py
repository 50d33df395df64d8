"""A change of an outcome in, what figures of changes share out: its axis, interval and words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.markers import CARETDOWN, CARETLEFT, CARETRIGHT, CARETUP
from matplotlib.ticker import NullLocator

from analysis.figures_parts import STRENGTH_MAXIMUM, round_ticks
from analysis.style import GREY, INK, SMALL_PT, Sheet

MARGIN = 0.05  # of the axis, at both ends
LABELLED = (  # digits of every so many decades, from the most labels to the fewest
    ((1.0, 2.0, 3.0, 5.0, 7.0), 1), ((1.0, 2.0, 5.0), 1), ((1.0,), 1), ((1.0,), 2), ((1.0,), 4),
)  # fmt: skip


@dataclass(frozen=True)
class Effect:
    """How the change of an outcome is drawn, and what it and its mean are called on the axis.

    `least` is always within the limits, `most` is how far an interval can widen them: a difference
    of strength cannot be larger than its scale.
    """

    title: str
    mean: str
    label: str
    mean_label: str
    is_ratio: bool
    least: tuple[float, float]
    most: tuple[float, float]

    @property
    def no_effect(self) -> float:
        """The value that means no change."""
        return 1.0 if self.is_ratio else 0.0


STRENGTH = Effect(
    title="Strength",
    mean="Mean",
    label="Difference, follow-up minus baseline (points)",
    mean_label="Mean difference, follow-up\nminus baseline (points)",
    is_ratio=False,
    least=(-1.0, 1.0),
    most=(-STRENGTH_MAXIMUM, STRENGTH_MAXIMUM),
)
CK = Effect(
    title="Creatine kinase (CK)",
    mean="Geometric mean",
    label="Ratio, follow-up over baseline",
    mean_label="Geometric mean ratio,\nfollow-up over baseline",
    is_ratio=True,
    least=(0.5, 1.25),
    most=(0.01, 100.0),
)


def effect_axis(
    axes: Axes, effect: Effect, values: Iterable[float | None], limits: Iterable[float | None]
) -> None:
    """The horizontal axis of a change: all `values` and no change, `limits` as far as `most`.

    The axes get a line at no change; ratios are on a logarithmic axis. What is None is left out.
    """
    far = np.clip([limit for limit in limits if limit is not None], *effect.most)
    ends = np.array([*(value for value in values if value is not None), *far, *effect.least])
    low, high = float(ends.min()), float(ends.max())
    if effect.is_ratio:
        margin = (high / low) ** MARGIN
        logarithmic(axes.xaxis, low / margin, high * margin, most=6)
    else:
        margin = (high - low) * MARGIN
        axes.set_xlim(low - margin, high + margin)
        round_ticks(axes.xaxis, 6)
    axes.axvline(effect.no_effect, color=GREY, linewidth=0.7, zorder=0.6, label="No change")


def logarithmic(axis: Axis, low: float, high: float, *, most: int) -> None:
    """A logarithmic axis with labels at the most digits of a decade that give at most `most`."""
    decades = np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    for digits, step in LABELLED:
        every = decades[decades % step == 0]
        ticks = np.array([digit * 10.0**decade for decade in every for digit in digits])
        ticks = ticks[(ticks >= low) & (ticks <= high)]
        if len(ticks) <= most:
            break
    axes: Any = axis.axes
    name = "x" if axis is axes.xaxis else "y"
    axes.set(**{f"{name}scale": "log", f"{name}lim": (low, high)})
    axis.set_minor_locator(NullLocator())
    axis.set_ticks(ticks, [f"{tick:g}" for tick in ticks])


def draw_interval(
    axes: Axes, at: float, ci_low: float, ci_high: float, *, is_upright: bool = False
) -> None:
    """An interval at a height, upright at an x; an arrowhead where it goes on beyond the axes."""
    low, high = axes.get_ylim() if is_upright else axes.get_xlim()
    ends = [max(ci_low, low), min(ci_high, high)]
    marks = (CARETDOWN, CARETUP, "_") if is_upright else (CARETLEFT, CARETRIGHT, "|")

    def plot(values: list[float], **look: Any) -> None:
        across = [at] * len(values)
        axes.plot(*((across, values) if is_upright else (values, across)), color=INK, **look)

    plot(ends, linewidth=1.0, label="interval")
    for end, mark, goes_on in zip(ends, marks, (ci_low < low, ci_high > high), strict=False):
        plot(
            [end], marker=mark if goes_on else marks[-1], markersize=5 if goes_on else 6.5,
            markeredgewidth=1.0, clip_on=False, label="limit",
        )  # fmt: skip


def lettered(figure: Sheet, left_in: float, letter: str, title: str) -> None:
    """The heading of a panel, in the sheet's top row: its letter and title."""
    figure.write(left_in, 0, letter, weight="bold", va="top")
    figure.write(left_in + 0.15, 0, title, va="top")


def in_words(axes: Axes, y: float, words: str, effect: Effect | None = None) -> None:
    """Words at the height `y` where nothing can be drawn: in the middle, or clear of no change."""
    side, x = "center", 0.5
    if effect is not None:
        at = axes.transAxes.inverted().transform(axes.transData.transform((effect.no_effect, y)))
        side, x = ("right", 0.98) if at[0] < 0.55 else ("left", 0.02)
    axes.text(
        x, y, words, ha=side, va="center_baseline", color=GREY, fontsize=SMALL_PT,
        transform=axes.get_yaxis_transform(),
    )  # fmt: skip


def no_change_key() -> Line2D:
    """The key's entry for the line at no change."""
    return Line2D([], [], color=GREY, linewidth=0.7, label="No change")
