"""The supplement's figures show the results as they are, or say in words that there are none."""

import itertools
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.figures_effects import CK
from analysis.style import DIAGNOSIS_LOOKS, SMALL_PT
from tests.analysis.cohorts import (
    Tables,
    cohort_of,
    nobody_at_follow_up,
    two_and_two,
)
from tests.analysis.drawn import (
    SUPPLEMENT,
    WITHHELD,
    Draw,
    differences,
    drawn,
    labels,
    results,
    results_of,
    seen,
    sensitivity,
    svg,
    texts,
    treatment,
)

pytestmark = pytest.mark.filterwarnings("error")
every_figure = pytest.mark.parametrize("draw", SUPPLEMENT.values(), ids=SUPPLEMENT)
every_size = pytest.mark.parametrize("n", [0, 1, 2, 6, 8, 40])


@every_figure
@every_size
def test_any_number_of_patients(draw: Draw, n: int) -> None:
    """A cohort of any size is drawn, is named as simulated, and says so when it is empty."""
    said = texts(draw(results(n)))
    assert said.count("Simulated data") == 1
    assert ("no patient" in said) == (n == 0)
    assert not any("imulated" in text for text in texts(draw(results(n, provenance="observed"))))


@every_figure
@pytest.mark.parametrize("n", [1, 2, 6, 8, 40])
def test_texts_are_on_the_sheet_and_apart(draw: Draw, n: int) -> None:
    """No text is small, reaches beyond the sheet of 170 mm or meets another."""
    figure = draw(results(n))
    found = seen(figure)
    canvas: Any = FigureCanvasAgg(figure)
    renderer = canvas.get_renderer()
    boxes = [(one.get_text(), one.get_window_extent(renderer)) for one in found]
    width, height = figure.bbox.size
    assert figure.get_size_inches()[0] * 25.4 == pytest.approx(170)
    for text, box in boxes:
        assert 0 <= box.x0 <= box.x1 <= width, text
        assert 0 <= box.y0 <= box.y1 <= height, text
    for (text, box), (other, other_box) in itertools.combinations(boxes, 2):
        assert not box.overlaps(other_box), (text, other)
    assert min(one.get_fontsize() for one in found) >= SMALL_PT


@every_figure
def test_same_bytes(draw: Draw) -> None:
    """The same results give the same bytes, whatever matplotlib's settings of the moment."""
    for n in (0, 6, 40):
        first = svg(draw(results(n)))
        with mpl.rc_context({"font.size": 20, "svg.hashsalt": "other", "lines.linewidth": 9}):
            assert svg(draw(results(n))) == first


@every_figure
def test_diagnosis_is_withheld(draw: Draw) -> None:
    """No diagnosis stands on a figure, in its labels or its colours where policy withholds it."""
    for n in (6, 40):
        withheld = draw(results(n, privacy=WITHHELD))
        said = texts(withheld) + [str(artist.get_label()) for artist in withheld.findobj()]
        assert not any(name in text for text in said for name in DIAGNOSIS_LOOKS)
        saved = svg(withheld).decode().upper()
        if n > 8:
            assert not any(look.colour in saved for look in DIAGNOSIS_LOOKS.values())
    assert any("(IBM)" in text for text in texts(draw(results(6))))


def test_nothing_is_drawn_for_nobody_at_follow_up() -> None:
    """Without a pair there is no estimate, interval or line at one: every row says so."""
    for tables in (nobody_at_follow_up(), early(cohort_of(40))):
        of = results_of(tables)
        figure = sensitivity(of)
        for axes in figure.axes:
            assert {line.get_label() for line in axes.lines} == {"No change"}
        assert texts(figure).count("not estimable") == 2 * len(labels(figure.axes[0]))
        figure = differences(of)
        assert texts(figure).count("not estimable") == 2
        assert {line.get_label() for axes in figure.axes for line in axes.lines} == {"No change"}
        assert not any(axes.patches for axes in figure.axes)
        n = len(of.cohort.patients)
        assert f"Strength, n = 0 of {n}" in texts(figure)
        words, times = ("missing", 2 * n) if n <= 8 else ("no patient with\nboth values", 2)
        assert texts(figure).count(words) == times


def early(tables: Tables) -> Tables:
    """The tables without visits after the first infusion."""
    visits = tables["visits"]
    kept = visits[(visits["visit_day"] <= 0).astype(bool)].reset_index(drop=True)
    return {**tables, "visits": kept}


def test_an_estimate_without_an_interval_is_a_marker_alone() -> None:
    """Equal differences have no interval: the figures say so and draw none."""
    of = results_of(two_and_two())
    figure = sensitivity(of)
    assert list(drawn(figure.axes[0], "interval")) == [
        labels(figure.axes[0])["Hodges-Lehmann estimate"]
    ]
    assert "n = 2, no CI" in texts(figure)
    figure = differences(of)
    assert drawn(figure.axes[1], "estimate") == {0: [5]}
    assert drawn(figure.axes[1], "interval") == {}
    assert "Mean\n(no CI)" in texts(figure)
    assert "Mean\n(one pair: no CI)" in texts(differences(results(1)))


def test_an_interval_beyond_the_axes_ends_in_arrowheads() -> None:
    """Two patients have a CK interval over seven decades: it ends in arrowheads at the limits."""
    of = results(2)
    assert of.ck.change.ci_low is not None
    assert of.ck.change.ci_low < CK.most[0]
    for axes, y in ((sensitivity(of).axes[1], 0), (differences(of).axes[3], 0)):
        ends = {
            line.get_xdata()[0]: line.get_marker()
            for line in axes.lines
            if line.get_label() == "limit" and line.get_ydata()[0] == y
        }
        low, high = axes.get_xlim()
        assert ends == {low: mpl.markers.CARETLEFT, high: mpl.markers.CARETRIGHT}


def test_axes_name_quantity_and_unit() -> None:
    """Every axis with numbers names its quantity and its unit, a change also its direction."""
    of = results(6)
    assert [axes.get_xlabel() for axes in sensitivity(of).axes] == [
        "Mean difference, follow-up\nminus baseline (points)",
        "Geometric mean ratio,\nfollow-up over baseline",
    ]
    assert [axes.get_xlabel() for axes in differences(of).axes[1::2]] == [
        "Difference, follow-up minus baseline (points)",
        "Ratio, follow-up over baseline",
    ]
    assert [axes.get_ylabel() for axes in differences(results(40)).axes[::2]] == [
        "Patients per point",
        "Patients per factor of 1.19",
    ]
    assert [axes.get_ylabel() for axes in treatment(of).axes[:2]] == [
        "IVIg dose (g/kg)",
        "Days since the\nprevious cycle",
    ]
    assert {axes.get_xlabel() for axes in treatment(of).axes[1::2]} == {"Cycle"}
