"""The figure of the treatment shows every dose and interval."""

import math

import numpy as np
import pytest

from analysis import figures
from analysis.style import DIAGNOSIS_LOOKS
from tests.analysis.cohorts import (
    cohort_of,
)
from tests.analysis.drawn import (
    results,
    results_of,
    texts,
    treatment,
)

pytestmark = pytest.mark.filterwarnings("error")


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
