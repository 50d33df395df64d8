"""Results in, the receipts of a line a patient or, in a large cohort, of a line a diagnosis out."""

import pandas as pd

from analysis import rounding
from analysis.describe import summary
from analysis.ledger import Ledger
from analysis.results import Results

LISTED_PATIENTS = 30  # a larger cohort is tabled by diagnosis, not patient by patient

DIAGNOSES = ("PM", "DM", "IBM")


def patients(ledger: Ledger, results: Results) -> None:
    """A patient's outcomes and treatment, and of who it is what the privacy policy permits."""
    cohort = results.cohort
    for name in cohort.study.privacy.patient_characteristics:
        for patient, value in zip(cohort.patients["patient"], cohort.patients[name], strict=True):
            ledger.enter(
                f"patient.{patient}.{name}", str(value), str(value), n=1, method="as recorded"
            )
    ck_multiple = {
        moment: cohort.patients[f"ck_u_l_{moment}"]
        / cohort.patients["ck_upper_limit_u_l"].astype(float)
        for moment in ("baseline", "follow_up")
    }
    shown = {
        "cycles": (cohort.patients["n_cycles"], 0, "cycles"),
        "strength.baseline": (cohort.patients["mrc_sum_score_baseline"], 0, "points"),
        "strength.follow_up": (cohort.patients["mrc_sum_score_follow_up"], 0, "points"),
        "ck_multiple.baseline": (ck_multiple["baseline"], 1, "upper limits of normal"),
        "ck_multiple.follow_up": (ck_multiple["follow_up"], 1, "upper limits of normal"),
        "prednisone.baseline": (cohort.patients["prednisone_mg_day_baseline"], 1, "mg/day"),
        "prednisone.follow_up": (cohort.patients["prednisone_mg_day_follow_up"], 1, "mg/day"),
    }
    for row, patient in enumerate(cohort.patients["patient"]):
        for name, (column, decimals, unit) in shown.items():
            number = column.iloc[row]
            value = None if pd.isna(number) else float(number)
            text = "missing" if value is None else rounding.fixed(value, decimals)
            ledger.enter(
                f"patient.{patient}.{name}",
                value,
                text,
                unit=unit,
                n=1,
                n_missing=int(value is None),
                method="recorded value",
            )
        number = f"patient.{patient}.number"
        ledger.enter(number, patient, str(patient), n=1, method="order of the patient ids")
        verdict = results.loss.by_patient[patient]
        text = {"not_lost": "none", "not_estimable": rounding.NOT_ESTIMABLE}.get(
            verdict.status, str(verdict.cycle)
        )
        ledger.enter(
            f"patient.{patient}.loss_cycle",
            verdict.cycle,
            text,
            unit="cycle",
            n=1,
            method="loss of response",
        )


def diagnosis_groups(ledger: Ledger, results: Results) -> None:
    """Of each diagnosis its cycles, outcomes and losses of response."""
    cohort = results.cohort
    for diagnosis in DIAGNOSES:
        is_it = (cohort.patients["diagnosis"] == diagnosis).to_numpy(bool)
        id = f"group.{diagnosis.lower()}"
        cycles = summary(cohort.patients["n_cycles"].to_numpy(float)[is_it])
        ledger.summary(f"{id}.cycles", cycles, None, unit="cycles", only="median")
        for name, measure in (("strength", "mrc_sum_score"), ("prednisone", "prednisone_mg_day")):
            for moment, values in (
                ("baseline", cohort.before(measure)),
                ("follow_up", cohort.after(measure)),
            ):
                unit = "points" if name == "strength" else "mg/day"
                of = summary(values[is_it])
                ledger.summary(f"{id}.{name}.{moment}", of, 1, unit=unit, only="mean sd")
        limit = cohort.patients["ck_upper_limit_u_l"].to_numpy(float)[is_it]
        for moment, values in (
            ("baseline", cohort.before("ck_u_l")),
            ("follow_up", cohort.after("ck_u_l")),
        ):
            of = summary(values[is_it] / limit)
            ledger.summary(
                f"{id}.ck_multiple.{moment}", of, 1, unit="upper limits of normal", only="median"
            )
        numbers = cohort.patients["patient"].to_numpy(int)[is_it]
        lost = sum(results.loss.by_patient[int(number)].status == "lost" for number in numbers)
        ledger.count(f"{id}.lost", lost, of=len(numbers), method="loss of response")
