"""Simulated cohorts, as they are or changed by hand, for the tests of claims and witness."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.article import Article
from analysis.cohort import build_cohort
from analysis.results import compute
from analysis.simulate import simulate
from analysis.study import Privacy, Study

Tables = dict[str, pd.DataFrame]
MEASURES = ["mrc_sum_score", "ck_u_l", "ldh_u_l", "prednisone_mg_day"]


def study_of(tables: Tables, provenance: str = "observed") -> Study:
    """The study of four tables."""
    return Study(
        **tables,
        version="1",
        provenance=provenance,
        data_hash="",
        is_recorded=True,
        privacy=Privacy(("age_band", "sex", "diagnosis"), 10),
        dictionary=(),
    )


def article_of(tables: Tables, provenance: str = "observed") -> Article:
    """The article of four tables."""
    return Article(compute(build_cohort(study_of(tables, provenance))))


def cohort_of(n_patients: int, seed: int = 7) -> Tables:
    """A simulated cohort; six patients are those of the default seed."""
    return simulate() if n_patients == 6 else simulate(n_patients=n_patients, seed=seed)


def _is_baseline(visits: pd.DataFrame) -> pd.Series:
    return (visits["visit_day"] <= 0).astype(bool)


def reversed_effect() -> Tables:
    """Strength after the first infusion mirrored at its baseline, CK and prednisone likewise."""
    tables = cohort_of(6)
    visits = tables["visits"]
    for measure in MEASURES:
        base = visits[_is_baseline(visits)].groupby("patient_id")[measure].last()
        first = visits["patient_id"].map(base).astype("Float64")
        values = visits[measure].astype("Float64")
        is_sum = measure == "mrc_sum_score"
        mirrored = (2 * first - values).clip(0, 60) if is_sum else first * first / values
        if measure == "prednisone_mg_day":
            mirrored = (2 * first - values).clip(lower=0)
        visits[measure] = values.where(_is_baseline(visits), mirrored)
    visits["mrc_sum_score"] = visits["mrc_sum_score"].round().astype("Int64")
    return tables


def null_effect() -> Tables:
    """Every value after the first infusion is that of the baseline."""
    tables = cohort_of(6)
    visits = tables["visits"]
    for measure in MEASURES:
        base = visits[_is_baseline(visits)].groupby("patient_id")[measure].last()
        visits[measure] = visits["patient_id"].map(base).astype(visits[measure].dtype)
    return tables


def alternating_effect() -> Tables:
    """As the null effect, with strength up by 3 in every other patient and down by 3 else."""
    tables = null_effect()
    visits = tables["visits"]
    turn = visits["patient_id"].str[-1].astype(int) % 2 * 6 - 3
    changed = (visits["mrc_sum_score"] + turn).clip(0, 60)
    visits["mrc_sum_score"] = visits["mrc_sum_score"].where(_is_baseline(visits), changed)
    return tables


def without_events() -> Tables:
    """The default cohort without any adverse event."""
    tables = cohort_of(6)
    tables["adverse_events"] = tables["adverse_events"].iloc[:0]
    return tables


def one_diagnosis(diagnosis: str) -> Callable[[], Tables]:
    """The default cohort, all patients with the same diagnosis."""

    def tables() -> Tables:
        changed = cohort_of(6)
        changed["patients"]["diagnosis"] = pd.array([diagnosis] * 6, dtype="string")
        return changed

    return tables


def nobody_at_follow_up() -> Tables:
    """The default cohort without a visit after the first infusion."""
    tables = cohort_of(6)
    visits = tables["visits"]
    tables["visits"] = visits[_is_baseline(visits)].reset_index(drop=True)
    return tables


def two_and_two() -> Tables:
    """Two patients with equal differences, so that no interval can be given."""
    tables = cohort_of(2)
    visits = tables["visits"]
    visits["mrc_sum_score"] = pd.array(np.where(_is_baseline(visits), 40, 45), dtype="Int64")
    return tables


def without_prednisone() -> Tables:
    """The default cohort, nobody of it ever on prednisone."""
    tables = cohort_of(6)
    visits = tables["visits"]
    dose = visits["prednisone_mg_day"]
    visits["prednisone_mg_day"] = dose.where(dose.isna(), 0.0).astype(dose.dtype)
    return tables


def without_loss() -> Tables:
    """The default cohort with strength that never falls below the best value so far."""
    tables = cohort_of(6)
    visits = tables["visits"].sort_values(["patient_id", "visit_day"], ignore_index=True)
    best = visits.groupby("patient_id")["mrc_sum_score"].cummax()
    visits["mrc_sum_score"] = visits["mrc_sum_score"].where(visits["mrc_sum_score"].isna(), best)
    tables["visits"] = visits
    return tables


COHORTS: dict[str, Callable[[], Tables]] = {
    "nobody": lambda: cohort_of(0),
    "one": lambda: cohort_of(1),
    "one more": lambda: cohort_of(1, seed=1),
    "two": lambda: cohort_of(2),
    "two alike": two_and_two,
    "three": lambda: cohort_of(3),
    "default": lambda: cohort_of(6),
    "forty": lambda: cohort_of(40),
    "reversed": reversed_effect,
    "null": null_effect,
    "alternating": alternating_effect,
    "without events": without_events,
    "without prednisone": without_prednisone,
    "without a loss": without_loss,
    "PM alone": one_diagnosis("PM"),
    "IBM alone": one_diagnosis("IBM"),
    "nobody at follow-up": nobody_at_follow_up,
}
