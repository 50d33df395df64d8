"""Results in, the receipts of a line a patient or, in a large cohort, of a line a diagnosis out."""

from functools import partial

import numpy as np
import pandas as pd

from analysis import rounding
from analysis.cohort import Cohort, build_cohort
from analysis.cycles import loss as loss_of_cohort
from analysis.describe import summary
from analysis.ledger import Ledger
from analysis.paired import leave_one_out
from analysis.response import loss_of_response, slope_per_cycle
from analysis.results import Results

COMPUTED = {
    "ck_multiple": "recorded value over the patient's upper limit",
    "cycles": "cycles given",
    "events": "events recorded",
}
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
        "ldh.baseline": (cohort.patients["ldh_u_l_baseline"], 0, "U/L"),
        "ldh.follow_up": (cohort.patients["ldh_u_l_follow_up"], 0, "U/L"),
        "day.baseline": (cohort.patients["baseline_day"], 0, "days"),
        "day.follow_up": (cohort.patients["follow_up_day"], 0, "days"),
        "events": (_events(cohort), 0, "events"),
    }
    for row, patient in enumerate(cohort.patients["patient"]):
        for name, (column, decimals, unit) in shown.items():
            number = column.iloc[row]
            value = None if pd.isna(number) else float(number)
            text = "missing" if value is None else rounding.fixed(value, decimals)
            method = COMPUTED.get(name.partition(".")[0], "recorded value")
            enter = recorded if method == "recorded value" else computed
            enter(
                f"patient.{patient}.{name}",
                value,
                text,
                unit=unit,
                n_missing=int(value is None),
                method=method,
            )
        number = f"patient.{patient}.number"
        recorded(number, patient, str(patient), method="order of the patient ids")
        _cycles(ledger, results, int(patient))


def _events(cohort: Cohort) -> "pd.Series[int]":
    counts = cohort.adverse_events.groupby("patient").size()
    return cohort.patients["patient"].map(counts).fillna(0)


def _cycles(ledger: Ledger, results: Results, patient: int) -> None:
    """What a patient's cycles say: slope, best gain, loss, and the treatment beside the loss."""
    loss = results.loss
    verdict, id = loss.by_patient[patient], f"patient.{patient}"
    enter = partial(ledger.enter, n=1)
    lost = partial(enter, function=loss_of_response)
    text = {"not_lost": "none", "not_estimable": rounding.NOT_ESTIMABLE}
    shown = text.get(verdict.status, str(verdict.cycle))
    lost(f"{id}.loss_cycle", verdict.cycle, shown, unit="cycle", method="loss of response")
    gain = verdict.best_gain
    method = "best pre-infusion strength minus baseline"
    lost(f"{id}.gain", gain, rounding.signed(gain, 0), unit="points", method=method)
    below = loss.below_best.get(patient)
    method = "best pre-infusion strength minus the last one"
    text_below = rounding.fixed(below, 0)
    enter(
        f"{id}.below_best", below, text_below, unit="points", method=method, function=loss_of_cohort
    )
    slope = results.slopes.get(patient)
    text_of_slope = rounding.signed(slope, 2)
    enter(
        f"{id}.slope",
        slope,
        text_of_slope,
        unit="points per cycle",
        method="least-squares slope on the cycle number",
        function=slope_per_cycle,
    )
    for name, of, decimals, unit, moments in (
        (
            "dose_g_kg",
            loss.dose_g_kg,
            1,
            "g/kg",
            ("the cycle before the loss", "cycles before that"),
        ),
        ("interval_days", loss.interval_days, 0, "days", ("the cycle of loss", "earlier cycles")),
        (
            "prednisone_mg_day",
            loss.prednisone_mg_day,
            1,
            "mg/day",
            ("the cycle of loss", "earlier cycles"),
        ),
    ):
        beside = of.get(patient)
        if beside is None:
            continue
        for moment, value, method in (
            ("at_loss", beside.at_loss, moments[0]),
            ("earlier", beside.earlier, f"mean of the {moments[1]}"),
        ):
            enter(
                f"{id}.{name}.{moment}",
                value,
                rounding.fixed(value, decimals),
                unit=unit,
                method=method,
                function=loss_of_cohort,
            )


def left_out(ledger: Ledger, results: Results) -> None:
    """The main analyses without each patient in turn."""
    for id, of, decimals, unit in (
        ("strength", results.strength.left_out, 1, "points"),
        ("ck", results.ck.left_out, 2, "ratio"),
    ):
        shown = rounding.ratio if unit == "ratio" else rounding.difference
        for row in of:
            stem = f"{id}.left_out.patient_{row.label}"
            enter = partial(ledger.enter, n=row.n, function=leave_one_out)
            enter(f"{stem}.n", row.n, str(row.n), unit="patients", method="patients left")
            estimates = {"mean": row.estimate, "ci_low": row.ci_low, "ci_high": row.ci_high}
            for name, value in estimates.items():
                text, method = shown(value, decimals), "paired t-test without this patient"
                enter(f"{stem}.{name}", value, text, unit=unit, method=method)


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
