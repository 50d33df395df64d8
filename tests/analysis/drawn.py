"""Results in; the supplement's figures of them, and what can be read off a figure, out."""

import io
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from analysis import figures
from analysis.cohort import build_cohort
from analysis.results import Results, compute
from analysis.study import Privacy
from tests.analysis.cohorts import (
    Tables,
    cohort_of,
    study_of,
)

WITHHELD = Privacy(("age_band", "sex"), 10)
# A figure is Any here: the types of matplotlib's getters are unions of all that setters take.
Draw = Callable[[Results], Any]
SUPPLEMENT: dict[str, Draw] = {
    "sensitivity": figures.sensitivity,
    "differences": lambda of: figures.differences(of.cohort, of.strength.change, of.ck.change),
    "treatment": lambda of: figures.treatment_by_cycle(of.cohort, of.loss.cycles),
}
sensitivity, differences, treatment = SUPPLEMENT.values()


def results_of(tables: Tables, **changes: Any) -> Results:
    """The results of four tables; `changes` replace fields of the study."""
    return compute(build_cohort(replace(study_of(tables, "simulated"), **changes)))


@cache
def results(n: int, **changes: Any) -> Results:
    """The results of a simulated cohort."""
    return results_of(cohort_of(n), **changes)


def seen(figure: Any) -> list[Any]:
    """Every text that is drawn: not those of ticks beyond the limits."""
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    beyond: list[Text] = []
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = [tick for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high]
            beyond += [tick.label1 for tick in ticks]
    found = figure.findobj(lambda one: isinstance(one, Text) and one.get_visible())
    return [one for one in found if one.get_text().strip() and one not in beyond]


def texts(figure: Any) -> list[str]:
    """What every text says."""
    return [one.get_text() for one in seen(figure)]


def svg(figure: Any) -> bytes:
    """The figure as a notebook saves it, without the date."""
    stream = io.BytesIO()
    figure.savefig(stream, format="svg", bbox_inches="tight", metadata={"Date": None})
    return stream.getvalue()


def drawn(axes: Any, label: str) -> dict[float, list[float]]:
    """The x of the lines with `label` by their y."""
    found: dict[float, list[float]] = {}
    for line in axes.lines:
        if line.get_label() == label:
            found.setdefault(float(line.get_ydata()[0]), []).extend(map(float, line.get_xdata()))
    return found


def labels(axes: Any) -> dict[str, float]:
    """The label of each row to its y."""
    names = [one.get_text() for one in axes.get_yticklabels()]
    return dict(zip(names, map(float, axes.get_yticks()), strict=True))
