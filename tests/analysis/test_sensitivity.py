"""The analyses by other rules against an oracle that reads the raw tables by itself."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.article import Article
from analysis.cohort import build_cohort
from analysis.paired import PairedRatio, PairedT
from analysis.results import Results, compute
from analysis.simulate import write_package
from analysis.validate import read_study
from tests.analysis.cohorts import COHORTS, article_of, cohort_of
from tests.oracle import Change, Truth

COHORT_SEEDS = [(2, 1), (3, 5), (6, 11), (12, 12), (40, 40)]


def results_of(folder: Path) -> Results:
    """The results of a data package."""
    return compute(build_cohort(read_study(folder)))


def is_same(ours: PairedT | PairedRatio, true: Change) -> bool:
    """Whether n, estimate, interval and P are those of the oracle."""
    found = [ours.estimate, *(() if ours.ci_low is None else (ours.ci_low, ours.ci_high))]
    wanted = [true.estimate(), *(true.interval() or ())]
    assert ours.n == true.n
    assert ours.p_value == (None if true.p_value() is None else pytest.approx(true.p_value()))
    return found == [None if value is None else pytest.approx(value) for value in wanted]


@pytest.mark.parametrize(("n_patients", "seed"), COHORT_SEEDS)
def test_variants_are_those_of_the_oracle(n_patients: int, seed: int, tmp_path: Path) -> None:
    """Windows, complete cases and patients without IBM give the changes that pandas finds."""
    write_package(tmp_path / "data", n_patients=n_patients, seed=seed)
    results, truth = results_of(tmp_path / "data"), Truth(tmp_path / "data")
    for ours, true in zip(results.strength_variants, truth.variants("strength"), strict=True):
        assert is_same(ours, true)
    for ratio, true in zip(results.ck_variants, truth.variants("ck"), strict=True):
        assert is_same(ratio, true)


def test_the_window_decides_who_is_in() -> None:
    """A visit 40 days off is out by the narrower window, one 50 days off in by the wider alone."""
    tables = cohort_of(6)
    visits = tables["visits"].copy()
    day = visits["visit_day"].astype(int)
    late = visits["cycle"].notna() & day.between(100, 260)
    kept = visits[~late]
    first = visits[late].groupby("patient_id").head(1).copy()
    first["visit_day"] = [183, 183, 183, 183, 223, 233]
    tables["visits"] = pd.concat([kept, first]).sort_values(
        ["patient_id", "visit_day"], ignore_index=True
    )
    results = article_of(tables).results
    of = results.sensitivity
    assert results.strength.change.n == 5
    assert (of.narrower.strength.n, of.wider.strength.n) == (4, 6)


def test_raw_ck_is_a_difference() -> None:
    """CK in U/L changes by the mean of the differences, not by the ratio of the means."""
    results = article_of(cohort_of(6)).results
    patients = results.cohort.patients
    differences = patients["ck_u_l_follow_up"] - patients["ck_u_l_baseline"]
    assert results.sensitivity.ck_u_l.estimate == pytest.approx(differences.mean())
    assert results.sensitivity.ck_u_l.n == len(differences.dropna())


@pytest.mark.parametrize("name", COHORTS)
def test_every_table_of_the_supplement_can_be_made(name: str) -> None:
    """From nobody to forty patients no table shows a bare None or nan, or an empty estimate."""
    article: Article = article_of(COHORTS[name]())
    tables = [
        article.table_sensitivity,
        article.table_tests,
        article.table_sizes,
        article.table_false_losses,
        article.table_safety_intervals,
        article.table_visits,
        article.table_cycles,
        article.table_witness,
    ]
    for table in map(str, tables):
        assert "nan" not in table
        assert "None" not in table
        assert table.count("\n") >= 2
