"""A cohort in, every result of the study out, unrounded.

Differences are follow-up minus baseline, ratios follow-up over baseline.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np
import pandas as pd

from analysis.cohort import Cohort
from analysis.describe import Proportion, Summary, proportion, summary
from analysis.paired import (
    LeaveOneOut,
    PairedRatio,
    PairedT,
    Scale,
    StandardisedChange,
    leave_one_out,
    paired_ratio,
    paired_t,
    standardised_change,
)
from analysis.ranks import HodgesLehmann, SignedRank, hodges_lehmann, signed_rank
from analysis.response import LossOfResponse, loss_of_response, slope_per_cycle, slopes_summary
from analysis.safety import Safety, safety

CONFIDENCE_LEVEL = 0.95

Change = TypeVar("Change", PairedT, PairedRatio)


@dataclass(frozen=True)
class Directions:
    """How many of the pairs are higher, equal and lower at follow-up than at baseline."""

    n_higher: int
    n_equal: int
    n_lower: int


@dataclass(frozen=True)
class Outcome(Generic[Change]):
    """An outcome at baseline and follow-up; `before` and `after` summarise complete pairs.

    `change` is a paired t-test on the differences, or on the log ratios where
    it is a `PairedRatio`, and so are `ranks`, `location` (turned back into a ratio) and `size`.
    """

    before: Summary
    after: Summary
    change: Change
    ranks: SignedRank
    location: HodgesLehmann
    size: StandardisedChange
    directions: Directions
    left_out: tuple[LeaveOneOut, ...]
    without_ibm: Change


@dataclass(frozen=True)
class Loss:
    """Loss of response over the cycles.

    `by_patient` holds each patient's verdict, `lost` the patients with a loss-of-response cycle
    among those in whom it can be judged, `cycle` the number of that cycle. The changes compare
    interval and prednisone at that cycle with the mean of the patient's earlier ones, and the dose
    of the cycle before it, the last one before that strength, with the mean of those before it.
    """

    by_patient: dict[int, LossOfResponse]
    lost: Proportion
    cycle: Summary
    dose_change_g_kg: PairedT
    interval_change_days: PairedT
    prednisone_change_mg_day: PairedT

    @property
    def cycles(self) -> dict[int, int | None]:
        """Patient to the number of the loss-of-response cycle, None where there is none."""
        return {patient: verdict.cycle for patient, verdict in self.by_patient.items()}


@dataclass(frozen=True)
class Results:
    """Every result, for one cohort."""

    cohort: Cohort
    strength: Outcome[PairedT]
    ck: Outcome[PairedRatio]
    ck_multiple_before: Summary
    ck_multiple_after: Summary
    ldh: Outcome[PairedRatio]
    prednisone: Outcome[PairedT]
    cycles_per_patient: Summary
    dose_g_kg: Summary
    interval_days: Summary
    slope: PairedT
    loss: Loss
    safety: Safety


def compute(cohort: Cohort) -> Results:
    """All results of `cohort`."""
    limit = cohort.patients["ck_upper_limit_u_l"].to_numpy(float)
    ck_before, ck_after = _pairs(cohort.before("ck_u_l") / limit, cohort.after("ck_u_l") / limit)
    cycles = cohort.cycles
    return Results(
        cohort=cohort,
        strength=_outcome(cohort, "mrc_sum_score", "difference", paired_t),
        ck=_outcome(cohort, "ck_u_l", "ratio", paired_ratio),
        ck_multiple_before=summary(ck_before),
        ck_multiple_after=summary(ck_after),
        ldh=_outcome(cohort, "ldh_u_l", "ratio", paired_ratio),
        prednisone=_outcome(cohort, "prednisone_mg_day", "difference", paired_t),
        cycles_per_patient=summary(cohort.patients["n_cycles"].to_numpy(float)),
        dose_g_kg=summary(cycles["dose_g_kg"].to_numpy(float)),
        interval_days=summary(cycles["interval_days"].dropna().to_numpy(float)),
        slope=slopes_summary([slope_per_cycle(s) for s in _strength_by_cycle(cohort).values()]),
        loss=_loss(cohort),
        safety=_safety(cohort),
    )


def _pairs(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    complete = ~(np.isnan(before) | np.isnan(after))
    return before[complete], after[complete]


def _outcome(
    cohort: Cohort, measure: str, scale: Scale, test: Callable[..., Change]
) -> Outcome[Change]:
    before, after = cohort.before(measure), cohort.after(measure)
    is_ibm = (cohort.patients["diagnosis"] == "IBM").to_numpy(bool)
    x, y = (np.log(before), np.log(after)) if scale == "ratio" else (before, after)
    labels = cohort.patients["patient"].tolist()
    paired_before, paired_after = _pairs(before, after)
    return Outcome(
        before=summary(paired_before),
        after=summary(paired_after),
        change=test(before=before, after=after),
        ranks=signed_rank(before=x, after=y),
        location=_location(hodges_lehmann(before=x, after=y), scale),
        size=standardised_change(before=x, after=y),
        directions=Directions(
            n_higher=int(np.sum(paired_after > paired_before)),
            n_equal=int(np.sum(paired_after == paired_before)),
            n_lower=int(np.sum(paired_after < paired_before)),
        ),
        left_out=leave_one_out(before=before, after=after, labels=labels, scale=scale),
        without_ibm=test(before=before[~is_ibm], after=after[~is_ibm]),
    )


def _location(found: HodgesLehmann, scale: Scale) -> HodgesLehmann:
    """`found` itself, or, found on logarithms, turned back into a ratio."""
    if scale == "difference":
        return found
    return replace(
        found,
        estimate=_exp(found.estimate),
        ci_low=_exp(found.ci_low),
        ci_high=_exp(found.ci_high),
    )


def _exp(value: float | None) -> float | None:
    return None if value is None else math.exp(value)


def _strength_by_cycle(cohort: Cohort) -> dict[int, list[float | None]]:
    """Patient to the pre-infusion strength of cycles 1, 2, ..., None where it is missing."""
    return {
        int(patient): [None if pd.isna(score) else float(score) for score in rows["mrc_sum_score"]]
        for patient, rows in cohort.cycles.groupby("patient")
    }


def _loss(cohort: Cohort) -> Loss:
    baseline = dict(
        zip(cohort.patients["patient"], cohort.before("mrc_sum_score"), strict=True),
    )
    verdicts = {
        patient: loss_of_response(
            strengths,
            baseline=None if np.isnan(baseline[patient]) else float(baseline[patient]),
        )
        for patient, strengths in _strength_by_cycle(cohort).items()
    }
    estimable = [verdict for verdict in verdicts.values() if verdict.status != "not_estimable"]
    at = {patient: verdict.cycle for patient, verdict in verdicts.items() if verdict.cycle}
    return Loss(
        by_patient=verdicts,
        lost=proportion(events=len(at), n=len(estimable)),
        cycle=summary([float(cycle) for cycle in at.values()]),
        dose_change_g_kg=_against_earlier(cohort, at, "dose_g_kg", lag=1),
        interval_change_days=_against_earlier(cohort, at, "interval_days"),
        prednisone_change_mg_day=_against_earlier(cohort, at, "prednisone_mg_day"),
    )


def _against_earlier(cohort: Cohort, at: dict[int, int], column: str, *, lag: int = 0) -> PairedT:
    """The value `lag` cycles before the loss against the mean of the cycles before that one."""
    earlier, then = [], []
    for patient, lost_at in at.items():
        cycle = lost_at - lag
        rows = cohort.cycles[cohort.cycles["patient"] == patient]
        earlier.append(rows[rows["cycle"] < cycle][column].astype(float).mean())
        then.append(rows[rows["cycle"] == cycle][column].astype(float).mean())
    return paired_t(before=np.array(earlier), after=np.array(then))


def _safety(cohort: Cohort) -> Safety:
    return safety(
        patients=cohort.patients["patient"].tolist(),
        cycles_per_patient=cohort.patients["n_cycles"].tolist(),
        events=cohort.adverse_events.to_dict("records"),
    )
