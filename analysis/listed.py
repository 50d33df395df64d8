"""Results in, the receipts of a line a patient or, in a large cohort, of a line a diagnosis out."""

from functools import partial

import numpy as np
import pandas as pd

from analysis import rounding
from analysis.cohort import build_cohort
from analysis.describe import summary
from analysis.ledger import Ledger
from analysis.response import loss_of_response
from analysis.results import Results

LISTED_PATIENTS = 30  # a larger cohort is tabled by diagnosis, not patient by patient

DIAGNOSES = ("PM", "DM", "IBM")


def patients(ledger: Ledger, results: Results) -> None:
    """A patient's outcomes and treatment, and of who it is what the privacy policy permits."""
    cohort = results.cohort
    recorded = partial(ledger.enter, n=1, function=build_cohort)
    computed = partial(ledger.enter, n=1, function=patients)
    for name in cohort.study.privacy.patient_characteristics:
        for patient, value in zip(cohort.patients["patient"], cohort.patients[name], strict=True):
            recorded(f"patient.{patient}.{name}", str(value), str(value), method="as recorded")
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
            enter = computed if name.startswith("ck_multiple") else recorded
            enter(
                f"patient.{patient}.{name}",
                value,
                text,
                unit=unit,
                n_missing=int(value is None),
                method="recorded value",
            )
        number = f"patient.{patient}.number"
        recorded(number, patient, str(patient), method="order of the patient ids")
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
            function=loss_of_response,
        )


def diagnosis_groups(ledger: Ledger, results: Results) -> None:
    """Of each diagnosis its cycles, its complete pairs of each outcome and its losses."""
    cohort = results.cohort
    for diagnosis in DIAGNOSES:
        is_it = (cohort.patients["diagnosis"] == diagnosis).to_numpy(bool)
        id = f"group.{diagnosis.lower()}"
        cycles = summary(cohort.patients["n_cycles"].to_numpy(float)[is_it])
        ledger.summary(f"{id}.cycles", cycles, None, unit="cycles", only="median")
        limit = cohort.patients["ck_upper_limit_u_l"].to_numpy(float)
        for name, measure, scale, unit, statistic in (
            ("strength", "mrc_sum_score", 1.0, "points", "mean"),
            ("ck_multiple", "ck_u_l", limit, "upper limits of normal", "median"),
            ("prednisone", "prednisone_mg_day", 1.0, "mg/day", "mean"),
        ):
            before, after = cohort.before(measure) / scale, cohort.after(measure) / scale
            is_paired = is_it & ~np.isnan(before) & ~np.isnan(after)
            for moment, values in (("baseline", before), ("follow_up", after)):
                of = summary(values[is_paired])
                ledger.summary(f"{id}.{name}.{moment}", of, 1, unit=unit, only=statistic)
        numbers = cohort.patients["patient"].to_numpy(int)[is_it]
        states = [results.loss.by_patient[int(number)].status for number in numbers]
        judged = len(states) - states.count("not_estimable")
        ledger.count(
            f"{id}.lost",
            states.count("lost"),
            of=judged,
            method="loss of response",
            function=diagnosis_groups,
        )
        ledger.enter(
            f"{id}.judged.n",
            judged,
            str(judged),
            unit="patients",
            n=len(states),
            method="judged",
            function=diagnosis_groups,
        )
