"""A validated study in, the cohort out: who is analysed, at which visits, who is not and why.

This is the only place that drops rows; every drop is counted with its reason in `Cohort.flow`.
Patients are numbered 1..n in the order of their `patient_id`; the id itself goes no further.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.study import Study

PREDNISONE = "predniso"  # prednisone, prednisolone and methylprednisolone
LISTED_PATIENTS = 30  # a larger cohort is tabled by diagnosis, not patient by patient
MEASURES = ("mrc_sum_score", "ck_u_l", "ldh_u_l", "prednisone_mg_day")


@dataclass(frozen=True)
class Rules:
    """The rules of the main analysis, in days from the first infusion (day 0).

    Baseline is the last visit from `baseline_earliest_day` to day 0. Follow-up is the
    pre-infusion visit nearest `follow_up_day`, at most `follow_up_window_days` away; of two
    equally near, the earlier.
    """

    baseline_earliest_day: int = -28
    follow_up_day: int = 183
    follow_up_window_days: int = 45


@dataclass(frozen=True)
class FlowStep:
    """Patients that remain after a step, and those excluded by it with the reason."""

    label: str
    n: int
    n_excluded: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Cohort:
    """The analysed patients and their records, with patients numbered 1..n (`patient`).

    `patients` has a row a patient: the raw columns, `age_band`, `baseline_day`,
    `follow_up_day` and, for each of `MEASURES`, `<measure>_baseline` and
    `<measure>_follow_up` (float, NaN where missing), `n_cycles`, `last_day` (the last recorded
    visit, cycle or event). `visits`, `cycles` (with `interval_days` since the start of the
    previous cycle and what the pre-infusion visit measured) and `adverse_events` are sorted by
    patient and day.
    """

    study: Study
    rules: Rules
    patients: pd.DataFrame
    visits: pd.DataFrame
    cycles: pd.DataFrame
    adverse_events: pd.DataFrame
    flow: tuple[FlowStep, ...]

    @property
    def is_listed(self) -> bool:
        """Whether the patients are few enough to be listed one by one."""
        return len(self.patients) <= LISTED_PATIENTS

    @property
    def may_single_out_ibm(self) -> bool:
        """Whether results without IBM may be shown: beside listed patients they say who has it."""
        return "diagnosis" in self.study.privacy.patient_characteristics or not self.is_listed

    def before(self, measure: str) -> np.ndarray:
        """Baseline values of `measure`, a float a patient, NaN where missing."""
        return self.patients[f"{measure}_baseline"].to_numpy(float)

    def after(self, measure: str) -> np.ndarray:
        """Follow-up values of `measure`, a float a patient, NaN where missing."""
        return self.patients[f"{measure}_follow_up"].to_numpy(float)


def build_cohort(study: Study, rules: Rules | None = None) -> Cohort:
    """The cohort of `study` under `rules` (those of the main analysis by default)."""
    rules = rules or Rules()
    treated = study.patients[study.patients["patient_id"].isin(study.cycles["patient_id"])]
    treated = treated.sort_values("patient_id", ignore_index=True)
    number = {identifier: i + 1 for i, identifier in enumerate(treated["patient_id"])}
    visits = _numbered(study.visits, number, ["patient", "visit_day"])
    cycles = _with_intervals(_numbered(study.cycles, number, ["patient", "cycle"]), visits)
    events = _numbered(study.adverse_events, number, ["patient", "onset_day", "term"])
    patients = treated.drop(columns="patient_id")
    patients.insert(0, "patient", np.arange(1, len(patients) + 1))
    patients["age_band"] = _age_bands(patients["age_years"], study.privacy.age_band_years)
    patients = patients.join(_baseline(visits, rules), on="patient")
    patients = patients.join(_follow_up(visits, rules), on="patient")
    patients["n_cycles"] = patients["patient"].map(cycles.groupby("patient").size()).astype(int)
    patients["last_day"] = patients["patient"].map(_last_days(visits, cycles, events)).astype(int)
    flow = _flow(len(study.patients), patients)
    return Cohort(study, rules, patients, visits, cycles, events, flow)


def failed_drugs(patients: pd.DataFrame) -> "pd.Series[int]":
    """How many immunosuppressants had failed, a number a patient.

    Prednisone is not counted, nor is what is given in its place (`PREDNISONE` in the name).
    """
    named = patients["failed_immunosuppressants"].fillna("").astype(str).str.lower()
    lists = [[drug.strip() for drug in drugs.split(";")] for drugs in named]
    numbers = [sum(drug != "" and PREDNISONE not in drug for drug in drugs) for drugs in lists]
    return pd.Series(numbers, index=patients.index, dtype=int)


def _numbered(table: pd.DataFrame, number: dict[str, int], order: list[str]) -> pd.DataFrame:
    kept = table[table["patient_id"].isin(number)].copy()
    kept.insert(0, "patient", kept["patient_id"].map(number).astype(int))
    for measure in MEASURES:
        if measure in kept:
            kept[measure] = kept[measure].astype("Float64").to_numpy(float, na_value=np.nan)
    return kept.drop(columns="patient_id").sort_values(order, ignore_index=True)


def _with_intervals(cycles: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """The cycles with days since the previous start and the pre-infusion measurements."""
    cycles["interval_days"] = cycles.groupby("patient")["start_day"].diff().astype(float)
    columns = ["patient", "cycle", "mrc_sum_score", "ck_u_l", "prednisone_mg_day"]
    at_cycle = visits[visits["cycle"].notna()][columns]
    return cycles.merge(at_cycle, on=["patient", "cycle"], how="left", validate="one_to_one")


def _age_bands(age_years: pd.Series, width: int) -> pd.Series:
    lower = age_years.astype(int) // width * width
    return lower.astype(str) + "–" + (lower + width - 1).astype(str)


def _baseline(visits: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    in_window = visits["visit_day"].between(rules.baseline_earliest_day, 0)
    chosen = visits[in_window].groupby("patient").tail(1)
    return _as_columns(chosen, "baseline")


def _follow_up(visits: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    distance = (visits["visit_day"].astype(int) - rules.follow_up_day).abs()
    in_window = visits["cycle"].notna() & (distance <= rules.follow_up_window_days)
    near = visits.assign(distance=distance)[in_window]
    near = near.sort_values(["patient", "distance", "visit_day"])
    return _as_columns(near.groupby("patient").head(1), "follow_up")


def _as_columns(chosen: pd.DataFrame, moment: str) -> pd.DataFrame:
    renamed = {measure: f"{measure}_{moment}" for measure in MEASURES}
    columns = chosen.rename(columns=renamed | {"visit_day": f"{moment}_day"})
    columns[f"{moment}_day"] = columns[f"{moment}_day"].astype(float)
    return columns.set_index("patient")[[f"{moment}_day", *renamed.values()]]


def _last_days(visits: pd.DataFrame, cycles: pd.DataFrame, events: pd.DataFrame) -> pd.Series:
    days = [
        visits.rename(columns={"visit_day": "day"})[["patient", "day"]],
        cycles.rename(columns={"start_day": "day"})[["patient", "day"]],
        events.rename(columns={"onset_day": "day"})[["patient", "day"]],
    ]
    return pd.concat(days).groupby("patient")["day"].max()


def _flow(n_recorded: int, patients: pd.DataFrame) -> tuple[FlowStep, ...]:
    n_treated = len(patients)
    has_baseline = patients["mrc_sum_score_baseline"].notna()
    has_visit = has_baseline & patients["follow_up_day"].notna()
    complete = has_visit & patients["mrc_sum_score_follow_up"].notna()
    counts = [n_treated, int(has_baseline.sum()), int(has_visit.sum()), int(complete.sum())]
    labels = [
        ("treated", "no recorded IVIg cycle"),
        ("baseline", "no strength score at baseline"),
        ("follow_up", "no pre-infusion visit in the follow-up window"),
        ("analysed", "no strength score at the follow-up visit"),
    ]
    steps = [FlowStep("recorded", n_recorded)]
    for (label, reason), n in zip(labels, counts, strict=True):
        steps.append(FlowStep(label, n, steps[-1].n - n, reason))
    return tuple(steps)
