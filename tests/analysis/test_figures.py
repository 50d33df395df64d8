"""The figures show the cohort's values, obey its privacy, and are the same bytes each time."""

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from analysis import figures
from analysis.cohort import Cohort, build_cohort
from analysis.figures_places import side_by_side, spread
from analysis.paired import paired_ratio, paired_t
from analysis.study import DTYPES, TYPES, Privacy, Study
from analysis.style import DIAGNOSIS_LOOKS, GREY, MARKER_PT, PATIENT_LOOKS, Look
from tests.analysis.drawn import svg, texts

pytestmark = pytest.mark.filterwarnings("error")

DIAGNOSES = ("PM", "DM", "IBM")
OPEN = Privacy(("age_band", "sex", "diagnosis"), 10)
WITHHELD = Privacy(("age_band", "sex"), 10)
LOST = {1: 3, 2: None}


def table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows as a table of a study, typed as a validated one."""
    columns = TYPES[name]
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.astype({column: DTYPES.get(kind, "string") for column, kind in columns.items()})


def visit(i: int, cycle: int) -> dict[str, Any]:
    """Cycle 5 falls on the middle of the follow-up window, day 183."""
    return {
        "patient_id": f"P{i:04}", "visit_day": [0, 45, 90, 137, 183][cycle - 1], "cycle": cycle,
        "mrc_sum_score": 30 + (7 * i + (3 + i % 3) * cycle) % 31, "ck_u_l": 2000.0 / cycle + 10 * i,
        "ldh_u_l": 300.0, "prednisone_mg_day": 30.0 - 5 * cycle,
    }  # fmt: skip


def patient(i: int) -> dict[str, Any]:
    """A row of patients.csv."""
    return {
        "patient_id": f"P{i:04}", "diagnosis": DIAGNOSES[i % 3], "criteria_certainty": "definite",
        "sex": "female", "age_years": 50, "first_ivig_year": 2005, "disease_duration_months": 12,
        "ck_upper_limit_u_l": 200.0, "ldh_upper_limit_u_l": 250.0,
    }  # fmt: skip


def event(i: int, grade: int, serious: bool) -> dict[str, Any]:
    """A row of adverse_events.csv, on day 1."""
    return {
        "patient_id": f"P{i:04}", "cycle": 1, "onset_day": 1, "term": f"event {grade}",
        "ctcae_grade": grade, "serious": serious, "led_to_discontinuation": False,
    }  # fmt: skip


def study(n: int, **changes: Any) -> Study:
    """A study of `n` patients with five cycles; `changes` replace its fields."""
    ids = range(1, n + 1)
    visits = [visit(i, cycle) for i in ids for cycle in range(1, 6)]
    cycles = [
        {"patient_id": row["patient_id"], "cycle": row["cycle"], "start_day": row["visit_day"],
         "infusion_days": 5, "dose_g_kg": 2.0}
        for row in visits
    ]  # fmt: skip
    events = [event(i, grade, grade > 2) for i in ids if i < 3 for grade in range(1, 6)]
    made = Study(
        table("patients", [patient(i) for i in ids]), table("visits", visits),
        table("cycles", cycles), table("adverse_events", events), version="1.0.0",
        provenance="simulated", data_hash="", is_recorded=True, privacy=OPEN, dictionary=(),
    )  # fmt: skip
    return replace(made, **changes)


@cache
def cohort(n: int, **changes: Any) -> Cohort:
    """The cohort of such a study."""
    return build_cohort(study(n, **changes))


def paired_change(of: Cohort) -> Any:
    """The figure of the change with the cohort's own results."""
    strength = paired_t(before=of.before("mrc_sum_score"), after=of.after("mrc_sum_score"))
    ck = paired_ratio(before=of.before("ck_u_l"), after=of.after("ck_u_l"))
    return figures.paired_change(of, strength=strength, ck=ck)


# A figure is Any here: the types of matplotlib's getters are unions of all that setters take.
Draw = Callable[[Cohort], Any]
FIGURES: dict[str, Draw] = {
    "paired_change": paired_change,
    "time_courses": figures.time_courses,
    "strength_by_cycle": lambda of: figures.strength_by_cycle(of, LOST),
    "timeline": lambda of: figures.timeline(of, LOST),
}
time_courses, strength_by_cycle, timeline = list(FIGURES.values())[1:]
every_figure = pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)


def renderer_of(figure: Any) -> Any:
    """What measures the figure's texts."""
    canvas: Any = FigureCanvasAgg(figure)
    return canvas.get_renderer()


def lines(figure: Any, panel: int, label: str) -> Any:
    """The points of the one line with `label` in a panel of the figure."""
    (line,) = [line for line in figure.axes[panel].lines if line.get_label() == label]
    return line.get_xydata()


def thin(figure: Any, panel: int) -> list[Any]:
    """The sets of thin lines in a panel of the figure."""
    found = figure.axes[panel].collections
    return [
        one for one in found if isinstance(one, LineCollection) and one.get_label() in DIAGNOSES
    ]


@every_figure
@pytest.mark.parametrize("n", [0, 1, 9, 13])
def test_any_number_of_patients(draw: Draw, n: int) -> None:
    """A cohort of any size is drawn without a warning; without patients the figure says so."""
    figure = draw(cohort(n))
    assert svg(figure)
    assert ("no patient" in texts(figure)) == (n == 0)


@every_figure
def test_simulated_data_are_named(draw: Draw) -> None:
    """Simulated data are named as such on every figure, observed data are not."""
    for n in (0, 6, 13):
        assert texts(draw(cohort(n))).count("Simulated data") == 1
        assert not any("imulated" in text for text in texts(draw(cohort(n, provenance="observed"))))


@every_figure
def test_diagnosis_is_withheld(draw: Draw) -> None:
    """No diagnosis stands on a figure, in its file or in its colours where policy withholds it."""
    for n in (6, 13):
        shown, withheld = draw(cohort(n)), draw(cohort(n, privacy=WITHHELD))
        assert any("DM" in text for text in texts(shown))
        assert not any(name in text for text in texts(withheld) for name in DIAGNOSES)
        labels = [str(artist.get_label()) for artist in withheld.findobj()]
        assert not any(name in label for label in labels for name in DIAGNOSES)
        if n > 8:
            saved = svg(withheld).decode().upper()
            assert not any(look.colour in saved for look in DIAGNOSIS_LOOKS.values())


@every_figure
def test_same_bytes(draw: Draw) -> None:
    """The same cohort gives the same bytes, whatever matplotlib's settings of the moment."""
    first = svg(draw(cohort(6)))
    with mpl.rc_context({"font.size": 20, "svg.hashsalt": "other", "lines.linewidth": 9}):
        assert svg(draw(cohort(6))) == first


@every_figure
@pytest.mark.parametrize("n", [2, 12, 40])
def test_everything_is_on_the_sheet(draw: Draw, n: int) -> None:
    """Nothing reaches beyond the sheet, which is 170 mm wide as saved; no text is below 7 pt."""
    figure = draw(cohort(n))
    saved = re.search(rb'<svg [^>]*\bwidth="([\d.]+)pt"', svg(figure))
    assert saved
    assert float(saved[1]) / 72 * 25.4 == pytest.approx(170, abs=0.1)
    needed = Figure.get_tightbbox(figure, renderer_of(figure))
    width, height = figure.get_size_inches()
    assert width * 25.4 == pytest.approx(170)
    assert 0 <= needed.x0 < needed.x1 <= width
    assert 0 <= needed.y0 < needed.y1 <= height
    sizes = [one.get_fontsize() for one in figure.findobj(Text) if one.get_text()]
    assert min(sizes) >= 7


def test_axes_name_quantity_and_unit() -> None:
    """Every axis with numbers names its quantity and its unit or scale."""
    six = cohort(6)
    labels = {axes.get_ylabel() for axes in paired_change(six).axes}
    assert labels == {
        "MRC sum score (points, 0–60)", "Difference (points)",
        "CK (multiples of the upper limit)", "Ratio",
    }  # fmt: skip
    courses = time_courses(six)
    assert courses.axes[0].get_ylabel() == "MRC sum score\n(points, 0–60)"
    assert courses.axes[1].get_ylabel() == "Prednisone\n(mg/day)"
    assert "Days since the first infusion" in texts(courses)
    (cycles,) = strength_by_cycle(six).axes
    assert cycles.get_xlabel() == "Cycle"
    assert "points, 0–60" in cycles.get_ylabel()
    assert timeline(six).axes[0].get_xlabel() == "Days since the first infusion"


def test_counts() -> None:
    """Every figure says how many patients it shows, and of how many when values are missing."""
    visits = study(6).visits
    visits.loc[visits["patient_id"] == "P0002", "mrc_sum_score"] = pd.NA
    gaps = build_cohort(study(6, visits=visits))
    assert {"Strength, n = 5 of 6", "Creatine kinase (CK), n = 6"} <= set(
        texts(paired_change(gaps))
    )
    assert "n = 5 of 6" in texts(strength_by_cycle(gaps))
    assert "6 patients" in texts(time_courses(gaps))
    assert "no strength score" in texts(time_courses(gaps))
    assert "6 patients, 30 cycles, 10 adverse events" in texts(timeline(gaps))
    assert "DM, n = 14" in texts(time_courses(cohort(40)))


def test_pairs_are_the_cohorts() -> None:
    """The pairs are baseline and follow-up, CK over the patient's own upper limit."""
    six = cohort(6)
    figure = paired_change(six)
    for i, diagnosis in enumerate(six.patients["diagnosis"]):
        strength = lines(figure, 0, f"{i + 1} ({diagnosis})")
        assert strength.tolist() == [
            [0, six.before("mrc_sum_score")[i]],
            [1, six.after("mrc_sum_score")[i]],
        ]
        ck = lines(figure, 2, f"{i + 1} ({diagnosis})")
        assert ck[:, 1] == pytest.approx(
            [six.before("ck_u_l")[i] / 200, six.after("ck_u_l")[i] / 200]
        )


def test_change_is_on_the_scale_of_the_pairs() -> None:
    """The estimate stands as high as the mean at follow-up; its interval is the one passed in."""
    six = cohort(6)
    before, after = six.before("mrc_sum_score"), six.after("mrc_sum_score")
    result = replace(paired_t(before=before, after=after), ci_low=1.0, ci_high=8.0)
    pairs, change = figures.paired_change(six, strength=result).axes[:2]
    drawn: list[Any] = [list(np.ravel(line.get_ydata())) for line in change.lines]
    assert [result.estimate] in drawn
    assert [1, 8] in drawn
    estimate = change.transData.transform((0, (after - before).mean()))[1]
    assert estimate == pytest.approx(pairs.transData.transform((0, after.mean()))[1])


def test_nobody_at_follow_up() -> None:
    """Without a follow-up visit the baselines are drawn and the change is called not estimable."""
    visits = study(6).visits
    early = build_cohort(study(6, visits=visits[visits["visit_day"] < 100].reset_index(drop=True)))
    figure = paired_change(early)
    assert "Strength, n = 0 of 6" in texts(figure)
    assert texts(figure).count("change not\nestimable") == 2
    assert lines(figure, 0, "1 (DM)")[0, 1] == early.before("mrc_sum_score")[0]
    assert np.isnan(lines(figure, 0, "1 (DM)")[1, 1])


def test_an_interval_beyond_the_axes_ends_in_arrowheads() -> None:
    """An interval wider than the scale stays on the sheet (two patients: df = 1)."""
    change = paired_change(cohort(2)).axes[1]
    low, high = change.get_ylim()
    ends = [float(line.get_ydata()[0]) for line in change.lines if len(line.get_ydata()) == 1]
    assert {low, high} < set(ends)


def test_courses_are_the_cohorts() -> None:
    """Each panel has its patient's scores, and doses until the next visit; a gap where missing."""
    visits = study(6).visits
    visits.loc[1, ["mrc_sum_score", "prednisone_mg_day"]] = pd.NA
    six = build_cohort(study(6, visits=visits))
    figure = time_courses(six)
    assert len(figure.axes) == 12
    for i, diagnosis in enumerate(six.patients["diagnosis"]):
        own = six.visits[six.visits["patient"] == i + 1]
        course = lines(figure, 2 * i, f"{i + 1} ({diagnosis})")
        wanted = own[["visit_day", "mrc_sum_score"]].to_numpy(float)
        np.testing.assert_array_equal(course, wanted)
        dose = lines(figure, 2 * i + 1, f"{i + 1} ({diagnosis})")
        days, doses = own["visit_day"].to_numpy(float), own["prednisone_mg_day"].to_numpy(float)
        np.testing.assert_array_equal(dose[::2], np.column_stack([days, doses]))
        np.testing.assert_array_equal(dose[1::2], np.column_stack([days[1:], doses[:-1]]))
    assert np.isnan(lines(figure, 0, "1 (DM)")[1, 1])
    assert len({axes.get_xlim() for axes in figure.axes}) == 1
    assert len({axes.get_ylim() for axes in figure.axes[::2]}) == 1


def test_cycles_are_the_cohorts() -> None:
    """Each patient with a score has a line by cycle; the loss stands at its cycle and score."""
    six = cohort(6)
    figure = strength_by_cycle(six)
    labels = [str(line.get_label()) for line in figure.axes[0].lines]
    assert sum("(" in label for label in labels) == 6
    own = six.cycles[six.cycles["patient"] == 1]
    wanted = own[["cycle", "mrc_sum_score"]].to_numpy(float)
    shown = lines(figure, 0, "1 (DM)")
    np.testing.assert_array_equal(np.round(shown, 0), wanted)
    assert lines(figure, 0, "Loss of response").tolist() == [shown[2].tolist()]


def test_timeline_is_the_cohorts() -> None:
    """Bars end at the last day, and each event stands at its day with the shape of its grade."""
    six = cohort(6)
    axes = timeline(six).axes[0]
    bars, ends, cycles = axes.collections[:3]
    assert [path.vertices[1, 0] for path in bars.get_paths()] == list(six.patients["last_day"])
    assert len(ends.get_paths()) == 6
    assert len(cycles.get_paths()) == len(six.cycles)
    events = [line for line in axes.lines if "grade" in str(line.get_label())]
    assert len({line.get_marker() for line in events}) == 5
    assert all((line.get_xdata() == 1).all() for line in events)
    serious = {str(line.get_label()) for line in events if line.get_markerfacecolor() != "white"}
    assert serious == {f"Adverse event, grade {grade}, serious" for grade in (3, 4, 5)}
    (loss,) = [one for one in axes.collections if one.get_label() == "Loss of response"]
    assert loss.get_offsets()[:, 0].tolist() == [90]


def test_many_patients_are_drawn_by_diagnosis() -> None:
    """In a large cohort each patient is still one line, in the panel of the diagnosis."""
    many = cohort(40)
    sizes = many.patients["diagnosis"].value_counts()
    for figure, panels in (
        (paired_change(many), [[0], [2]]),
        (time_courses(many), [[0, 2, 4], [1, 3, 5]]),
        (strength_by_cycle(many), [[0, 1, 2]]),
    ):
        for together in panels:
            drawn = [one for panel in together for one in thin(figure, panel)]
            counts = {str(one.get_label()): len(one.get_paths()) for one in drawn}
            assert counts == sizes.to_dict()
            colours = {DIAGNOSIS_LOOKS[name].colour for name in counts}
            assert {mpl.colors.to_hex(one.get_color()[0]).upper() for one in drawn} == colours


def test_a_lone_value_is_seen() -> None:
    """A score between two missing ones is drawn as a dot where lines are thin."""
    visits = study(9).visits
    visits.loc[[1, 3], "mrc_sum_score"] = pd.NA
    nine = build_cohort(study(9, visits=visits))
    dots = strength_by_cycle(nine).axes[1].lines[0]
    own = nine.cycles[nine.cycles["patient"] == 1]["mrc_sum_score"].to_numpy(float)
    assert dots.get_xydata().tolist() == [[1, own[0]], [3, own[2]], [5, own[4]]]


def test_a_patient_looks_the_same_everywhere() -> None:
    """Colour and marker of a patient are the same in the three figures with lines."""
    six = cohort(6)
    drawn = [
        line
        for draw in (paired_change, time_courses, strength_by_cycle)
        for axes in draw(six).axes[::2]
        for line in axes.lines
    ]
    for i, look in enumerate(PATIENT_LOOKS[:6]):
        label = f"{i + 1} ({DIAGNOSES[(i + 1) % 3]})"
        own = [line for line in drawn if line.get_label() == label]
        assert len(own) == 4
        assert {(line.get_color(), line.get_marker()) for line in own} == {
            (look.colour, look.marker)
        }


def luminance(colour: str) -> float:
    """Relative luminance as defined by WCAG 2.1 (w3.org/TR/WCAG21/#dfn-relative-luminance)."""
    shares = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_looks_can_be_told_apart() -> None:
    """Markers differ, lines contrast 3:1 with white, and text 4.5:1 (WCAG 2.1, 1.4.11, 1.4.3)."""
    looks: list[Look] = [*PATIENT_LOOKS, *DIAGNOSIS_LOOKS.values()]
    assert len({look.marker for look in PATIENT_LOOKS}) == len(PATIENT_LOOKS)
    assert len({look.marker for look in DIAGNOSIS_LOOKS.values()}) == 3
    assert all(1.05 / (luminance(look.colour) + 0.05) >= 3 for look in looks)
    text = [GREY, *(look.text_colour for look in looks)]
    assert all(1.05 / (luminance(colour) + 0.05) >= 4.5 for colour in text)


def test_labels_do_not_overlap() -> None:
    """Labels of patients who end alike are moved apart, and as little as that takes."""
    visits = study(8).visits
    visits["mrc_sum_score"] = pd.array([60] * len(visits), dtype="Int64")
    figure = strength_by_cycle(build_cohort(study(8, visits=visits)))
    svg(figure)
    renderer = renderer_of(figure)
    boxes = [
        text.get_window_extent(renderer) for text in figure.axes[0].texts if "(" in text.get_text()
    ]
    assert len(boxes) == 8
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))


def test_no_marker_hides_another() -> None:
    """Markers at one point stand side by side about it, nearer to it than to the next cycle."""
    axes = strength_by_cycle(cohort(6)).axes[0]
    x, apart, gap = np.array([1.0, 2.0]), np.array([40.0, 50.0]), np.array([np.nan, 50.0])
    moved = side_by_side(axes, {1: (x, apart), 2: (x, gap), 3: (x, np.array([40.0, 55.0]))})
    pt = [axes.transData.transform(np.column_stack(line)) * 72 / axes.figure.dpi for line in
          moved.values()]  # fmt: skip
    assert pt[1][1, 0] - pt[0][1, 0] >= MARKER_PT
    assert pt[2][0, 0] - pt[0][0, 0] >= MARKER_PT
    assert moved[1][0][0] + moved[3][0][0] == pytest.approx(2)
    assert moved[1][0][1] + moved[2][0][1] == pytest.approx(4)
    assert moved[3][0][1] == 2
    many = side_by_side(axes, dict.fromkeys(range(1, 9), (x, apart)))
    reach = np.ptp([line[0] for line in many.values()], axis=0)
    assert (reach < 0.8).all()
    assert len({float(line[0][0]) for line in many.values()}) == 8


def test_spread() -> None:
    """Positions far enough apart stay; others part about their mean; order and number are kept."""
    assert spread(np.array([0.0, 5.0, 2.0]), 1.0).tolist() == [0, 5, 2]
    assert spread(np.array([2.0, 2.0, 2.0]), 1.0).tolist() == [1, 2, 3]
    assert spread(np.array([]), 1.0).tolist() == []
