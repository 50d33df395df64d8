"""The supplement's figures show the results as they are, or say in words that there are none."""

import io
import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from analysis import figures
from analysis.cohort import build_cohort
from analysis.figures_effects import CK
from analysis.results import Results, compute
from analysis.study import Privacy
from analysis.style import DIAGNOSIS_LOOKS, PATIENT_LOOKS, SMALL_PT, WIDTH_IN
from tests.analysis.cohorts import (
    Tables,
    cohort_of,
    nobody_at_follow_up,
    null_effect,
    study_of,
    two_and_two,
)

pytestmark = pytest.mark.filterwarnings("error")

WITHHELD = Privacy(("age_band", "sex"), 10)
# A figure is Any here: the types of matplotlib's getters are unions of all that setters take.
Draw = Callable[[Results], Any]
FIGURES: dict[str, Draw] = {
    "sensitivity": figures.sensitivity,
    "differences": lambda of: figures.differences(of.cohort, of.strength.change, of.ck.change),
    "treatment": lambda of: figures.treatment_by_cycle(of.cohort, of.loss.cycles),
}
sensitivity, differences, treatment = FIGURES.values()
every_figure = pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
every_size = pytest.mark.parametrize("n", [0, 1, 2, 6, 8, 40])


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


def rows_of(of: Results) -> dict[str, tuple[Any, Any]]:
    """The rows wanted in the figure of sensitivity: strength and CK by label."""
    other = of.sensitivity
    wanted = {
        "Main analysis (paired t)": (of.strength.change, of.ck.change),
        "Hodges-Lehmann estimate": (of.strength.location, of.ck.location),
        "Follow-up within 30 days of day 183": (other.narrower.strength, other.narrower.ck),
        "Follow-up within 60 days of day 183": (other.wider.strength, other.wider.ck),
        "Complete cases": (other.complete_cases.strength, other.complete_cases.ck),
        "Without inclusion body myositis": (of.strength.without_ibm, of.ck.without_ibm),
    }
    if len(of.cohort.patients) <= 8:
        cks = {left.label: left for left in of.ck.left_out}
        for left in of.strength.left_out:
            diagnosis = of.cohort.patients["diagnosis"][int(left.label) - 1]
            label = f"Without patient {left.label} ({diagnosis})"
            wanted[label] = (left, cks.get(left.label))
    return wanted


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
    """No text is small, reaches beyond the sheet (a tight save's margin apart) or meets another."""
    figure = draw(results(n))
    found = seen(figure)
    canvas: Any = FigureCanvasAgg(figure)
    renderer = canvas.get_renderer()
    boxes = [(one.get_text(), one.get_window_extent(renderer)) for one in found]
    width, height = figure.bbox.size
    assert figure.get_size_inches()[0] == WIDTH_IN
    for text, box in boxes:
        assert -10 <= box.x0 <= box.x1 <= width + 10, text
        assert -10 <= box.y0 <= box.y1 <= height + 10, text
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


def test_without_ibm_would_tell_who_has_it() -> None:
    """The analysis without IBM is left out where it could be matched with one without a patient."""
    label = "Without inclusion body myositis"
    assert label in texts(sensitivity(results(6)))
    assert label not in texts(sensitivity(results(6, privacy=WITHHELD)))
    assert label in texts(sensitivity(results(40, privacy=WITHHELD)))


@pytest.mark.parametrize("n", [1, 2, 6, 8, 40])
def test_sensitivity_is_the_results(n: int) -> None:
    """Each row has its estimate, interval and n; what has no estimate or interval has no mark."""
    of = results(n)
    figure = sensitivity(of)
    rows = labels(figure.axes[0])
    wanted = rows_of(of)
    many = ["Without any one patient\n(range of estimates)"] if n > 8 else []
    assert list(rows) == [*wanted, *many]
    assert list(rows.values()) == sorted(rows.values())
    for panel, axes in enumerate(figure.axes):
        estimates, intervals = drawn(axes, "estimate"), drawn(axes, "interval")
        counts = [one for one in axes.texts if one.get_text().startswith("n = ")]
        said = {float(one.get_position()[1]): one.get_text() for one in counts}
        low, high = axes.get_xlim()
        for label, cells in wanted.items():
            cell, y = cells[panel], rows[label]
            if cell is None or cell.estimate is None:
                assert y not in estimates
                assert y not in intervals
                continue
            assert estimates.pop(y) == [cell.estimate]
            if cell.ci_low is None:
                assert y not in intervals
            else:
                assert intervals.pop(y) == [max(low, cell.ci_low), min(high, cell.ci_high)]
            assert said[y].split(",")[0] == f"n = {cell.n}"
            assert low < cell.estimate < high
        assert not estimates
        assert not intervals
        assert drawn(axes, "No change")[0] == [panel] * 2  # a difference of 0, a ratio of 1
        main = wanted["Main analysis (paired t)"][panel].estimate
        assert drawn(axes, "Estimate of the main analysis")[0] == [main] * 2
    assert [axes.get_xscale() for axes in figure.axes] == ["linear", "log"]


def test_hodges_lehmann_has_its_level() -> None:
    """The interval that attains a level of its own says so beside its n, in each panel."""
    said = texts(sensitivity(results(8)))
    assert {"n = 8, 96.094%", "n = 7, 95.313%", "With 95% CI unless stated"} <= set(said)


def test_a_patient_in_no_pair_is_left_out_of_nothing() -> None:
    """Where a patient has no pair of values the row says so, and has no n."""
    of = results(8)
    assert np.isnan(of.cohort.after("ck_u_l")[5] + of.cohort.before("ck_u_l")[5])
    figure = sensitivity(of)
    y = labels(figure.axes[0])["Without patient 6 (IBM)"]
    beside = [one.get_text() for one in figure.axes[1].texts if one.get_position()[1] == y]
    assert beside == ["no complete pair"]


def test_many_are_left_out_as_a_range() -> None:
    """Above eight patients a bar without an interval goes from the lowest to the highest."""
    of = results(40)
    outcomes: list[Any] = [of.strength, of.ck]
    for axes, outcome in zip(sensitivity(of).axes, outcomes, strict=True):
        estimates = [left.estimate for left in outcome.left_out]
        assert list(drawn(axes, "range").values()) == [[min(estimates), max(estimates)]]
        assert outcome.left_out[0].n == outcome.change.n - 1
        (count,) = [one for one in axes.texts if one.get_position()[1] in drawn(axes, "range")]
        assert count.get_text() == f"n = {outcome.change.n - 1}"
    assert "Range of estimates, not an interval" in texts(sensitivity(of))


@pytest.mark.parametrize("n", [8, 40])
def test_row_labels_end_before_the_panel(n: int) -> None:
    """The labels of the analyses stand at the left edge and do not reach into the first panel."""
    figure = sensitivity(results(n))
    names = list(labels(figure.axes[0]))
    boxes = [one.get_window_extent() for one in seen(figure) if one.get_text() in names]
    assert len(boxes) == len(names)
    assert all(box.x0 == pytest.approx(0, abs=5) for box in boxes)
    assert max(box.x1 for box in boxes) < figure.axes[0].bbox.x0


def test_the_main_analysis_has_a_marker_of_its_own() -> None:
    """The main analysis is filled and all others are open."""
    for axes in sensitivity(results(6)).axes:
        faces = [
            line.get_markerfacecolor() for line in axes.lines if line.get_label() == "estimate"
        ]
        assert len(faces) == 12
        assert "white" not in faces[:1]
        assert set(faces[1:]) == {"white"}


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


@pytest.mark.parametrize("n", [1, 2, 6, 8])
def test_differences_are_the_cohorts(n: int) -> None:
    """Each patient with both values has a marker at their change, in a row of their own."""
    of = results(n)
    figure = differences(of)
    changes = (
        of.cohort.after("mrc_sum_score") - of.cohort.before("mrc_sum_score"),
        of.cohort.after("ck_u_l") / of.cohort.before("ck_u_l"),
    )
    for panel, values in enumerate(changes):
        axes = figure.axes[2 * panel]
        for i, value in enumerate(values):
            label = f"{i + 1} ({of.cohort.patients['diagnosis'][i]})"
            wanted = {} if math.isnan(value) else {i: [value]}
            assert drawn(axes, label) == wanted
            looks = [line for line in axes.lines if line.get_label() == label]
            assert all(line.get_marker() == PATIENT_LOOKS[i].marker for line in looks)
        assert len(axes.lines) == 1 + np.isfinite(values).sum()
        low, high = axes.get_xlim()
        assert low < np.nanmin(values) <= np.nanmax(values) < high
        assert not axes.patches


@pytest.mark.parametrize("n", [1, 2, 6, 8, 40])
def test_the_mean_is_the_result(n: int) -> None:
    """Mean and interval are those passed in, on the scale of the changes, with their n."""
    of = results(n)
    figure = differences(of)
    changes: list[Any] = [of.strength.change, of.ck.change]
    for panel, result in enumerate(changes):
        above, below = figure.axes[2 * panel : 2 * panel + 2]
        assert above.get_xlim() == below.get_xlim()
        assert above.get_xscale() == below.get_xscale() == ("linear", "log")[panel]
        assert drawn(below, "estimate") == {0: [result.estimate]}
        low, high = below.get_xlim()
        if result.ci_low is None:
            assert drawn(below, "interval") == {}
        else:
            limits = [max(low, result.ci_low), min(high, result.ci_high)]
            assert drawn(below, "interval") == {0: limits}
        n_all = len(of.cohort.patients)
        counts = f"n = {result.n}" + (f" of {n_all}" if result.n < n_all else "")
        title = ("Strength", "Creatine kinase (CK)")[panel]
        assert f"{title}, {counts}" in texts(figure)


def test_bars_count_the_patients() -> None:
    """Bars of one width hold every patient once; the middle of one of them is no change."""
    for of in (results(40), results_of(null_effect_of_many())):
        figure = differences(of)
        changes = (
            of.cohort.after("mrc_sum_score") - of.cohort.before("mrc_sum_score"),
            np.log2(of.cohort.after("ck_u_l") / of.cohort.before("ck_u_l")),
        )
        for panel, values in enumerate(changes):
            axes = figure.axes[2 * panel]
            ends = np.array([[bar.get_x(), bar.get_x() + bar.get_width()] for bar in axes.patches])
            ends = np.log2(ends) if panel else ends
            low, high = np.log2(axes.get_xlim()) if panel else axes.get_xlim()
            assert low < ends.min() < ends.max() < high
            assert ends[:, 1] - ends[:, 0] == pytest.approx((1, 0.25)[panel])
            assert np.abs(ends.mean(axis=1)).min() == pytest.approx(0)
            counts = [int(((a <= values) & (values < b)).sum()) for a, b in ends]
            assert [bar.get_height() for bar in axes.patches] == counts
            assert sum(counts) == np.isfinite(values).sum() > 0


def null_effect_of_many() -> Tables:
    """Forty patients in whom nothing changes."""
    tables = cohort_of(40)
    for measure in ("mrc_sum_score", "ck_u_l"):
        visits = tables["visits"]
        visits[measure] = pd.array([40] * len(visits), dtype=visits[measure].dtype)
    return tables


def test_nothing_changes() -> None:
    """Where nobody changed the markers stand at no change, on axes with room on both sides."""
    for axes, at in zip(sensitivity(results_of(null_effect())).axes, (0, 1), strict=True):
        assert {x for xs in drawn(axes, "estimate").values() for x in xs} == {at}
        low, high = axes.get_xlim()
        assert low < at < high


def test_treatment_is_the_cohorts() -> None:
    """A patient has a column with their doses and intervals by cycle, and the loss of response."""
    of = results(6)
    figure = treatment(of)
    cycles = of.cohort.cycles
    assert len(figure.axes) == 12
    for i, diagnosis in enumerate(of.cohort.patients["diagnosis"]):
        own = cycles[cycles["patient"] == i + 1]
        for axes, column in zip(
            figure.axes[2 * i : 2 * i + 2], ("dose_g_kg", "interval_days"), strict=True
        ):
            wanted = own[["cycle", column]].to_numpy(float)
            (line,) = [one for one in axes.lines if one.get_label() == f"{i + 1} ({diagnosis})"]
            np.testing.assert_array_equal(line.get_xydata(), wanted)
            (loss,) = [one for one in axes.lines if one.get_label() == "Loss of response"]
            (marked,) = loss.get_xydata().tolist()
            lost_at = of.loss.cycles[i + 1]
            assert lost_at is not None
            assert marked == wanted[lost_at - 1].tolist()
    assert len({axes.get_xlim() for axes in figure.axes}) == 1
    for row in (0, 1):
        assert len({axes.get_ylim() for axes in figure.axes[row::2]}) == 1
        assert figure.axes[row].get_ylim()[0] == 0
    doses, intervals = int(cycles["dose_g_kg"].count()), int(cycles["interval_days"].count())
    assert f"6 patients, {doses} doses, {intervals} intervals" in texts(figure)


def test_without_a_loss_none_is_marked() -> None:
    """Without a loss of response there is neither a marker nor a key."""
    of = results(1)
    figure = figures.treatment_by_cycle(of.cohort, {1: None})
    assert not any("Loss" in text for text in texts(figure))
    assert not figure.legends
    assert not any(line.get_label() == "Loss of response" for line in figure.axes[0].lines)


def test_a_patient_with_one_cycle_has_no_interval() -> None:
    """A single cycle has a dose and no interval, which the figure says."""
    tables = cohort_of(2)
    cycles, visits = tables["cycles"], tables["visits"]
    kept = (cycles["patient_id"] != "P01") | (cycles["cycle"] == 1)
    tables["cycles"] = cycles[kept.astype(bool)].reset_index(drop=True)
    is_later = (visits["patient_id"] == "P01") & (visits["visit_day"] > 0)
    tables["visits"] = visits[~is_later.astype(bool)].reset_index(drop=True)
    events = tables["adverse_events"]
    tables["adverse_events"] = events[(events["patient_id"] != "P01").astype(bool)]
    figure = treatment(results_of(tables))
    assert [one.get_text() for one in figure.axes[1].texts] == ["no interval"]
    assert not figure.axes[1].lines
    assert len(figure.axes[0].lines) == 1


def test_equal_doses_are_counted() -> None:
    """In a large cohort the area of a dot is the number of patients with that dose and cycle."""
    of = results(40)
    figure = treatment(of)
    cycles = of.cohort.cycles.merge(of.cohort.patients[["patient", "diagnosis"]], on="patient")
    is_lost = cycles["patient"].map(of.loss.cycles).to_numpy(float) == cycles["cycle"]
    areas = set()
    for axes, diagnosis in zip(figure.axes[::2], DIAGNOSIS_LOOKS, strict=True):
        lines, dots, lost = axes.collections
        own = cycles[cycles["diagnosis"] == diagnosis]
        assert len(lines.get_paths()) == own["patient"].nunique()
        assert axes.get_title("left") == f"{diagnosis}, n = {own['patient'].nunique()}"
        for drawn_dots, rows in ((dots, own), (lost, own[is_lost[own.index]])):
            wanted = rows.groupby(["cycle", "dose_g_kg"]).size()
            at = [(float(x), float(y)) for x, y in drawn_dots.get_offsets()]
            assert at == [(float(x), float(y)) for x, y in wanted.index]
            areas |= set(np.round(drawn_dots.get_sizes() / wanted.to_numpy(), 6))
    assert len(areas) == 2  # one for circles, one for triangles
    assert max(areas) / min(areas) == pytest.approx(math.pi / 2)
    most = int(cycles.groupby(["diagnosis", "cycle", "dose_g_kg"]).size().max())
    assert {"1 patient", f"{most} patients"} <= set(texts(figure))


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
