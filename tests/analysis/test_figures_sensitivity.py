"""The figure of the other analyses shows the results as they are."""

from typing import Any

import numpy as np
import pytest

from analysis.results import Results
from tests.analysis.cohorts import (
    null_effect,
)
from tests.analysis.drawn import (
    WITHHELD,
    drawn,
    labels,
    results,
    results_of,
    seen,
    sensitivity,
    texts,
)

pytestmark = pytest.mark.filterwarnings("error")


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
    assert all(box.x0 == pytest.approx(figure.dpi / 20, abs=5) for box in boxes)
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


def test_nothing_changes() -> None:
    """Where nobody changed the markers stand at no change, on axes with room on both sides."""
    for axes, at in zip(sensitivity(results_of(null_effect())).axes, (0, 1), strict=True):
        assert {x for xs in drawn(axes, "estimate").values() for x in xs} == {at}
        low, high = axes.get_xlim()
        assert low < at < high
