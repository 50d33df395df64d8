"""The figure of the differences shows every patient's and the results' means."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.style import PATIENT_LOOKS
from tests.analysis.cohorts import (
    Tables,
    cohort_of,
)
from tests.analysis.drawn import (
    differences,
    drawn,
    results,
    results_of,
    texts,
)

pytestmark = pytest.mark.filterwarnings("error")


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
