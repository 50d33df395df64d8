"""A cohort in, what its cycles say of strength out: a slope a patient, and the loss of response.

Beside the loss stand dose, interval and prednisone, so that a smaller dose or a longer interval
cannot pass for a loss of effect.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort import Cohort
from analysis.describe import Proportion, Summary, proportion, summary
from analysis.paired import PairedT, paired_t
from analysis.response import LossOfResponse, false_loss_rate, loss_of_response, slope_per_cycle

ERROR_SDS_POINTS = (1, 2, 3)  # of one measured score; no published value is taken for it
GAIN_POINTS = 10.0
SEED = 2013


@dataclass(frozen=True)
class Beside:
    """A treatment at the loss of response and the mean of the patient's earlier cycles."""

    earlier: float | None
    at_loss: float | None


@dataclass(frozen=True)
class FalseLoss:
    """The mean chance of a false loss over the `n` judged patients, by the error of the score."""

    error_sd_points: int
    share: float | None
    n: int


@dataclass(frozen=True)
class Loss:
    """Loss of response over the cycles.

    `by_patient` holds each patient's verdict, `lost` the patients with a loss-of-response cycle
    among those in whom it can be judged, `cycle` the number of that cycle. `interval_days` and
    `prednisone_mg_day` compare that cycle with the patient's earlier ones, `dose_g_kg` the cycle
    before it, the last one before that strength, with those before it; each change is its paired
    t. `by_chance` says how often the definition finds a loss where there is none.
    """

    by_patient: dict[int, LossOfResponse]
    lost: Proportion
    cycle: Summary
    dose_g_kg: Mapping[int, Beside]
    interval_days: Mapping[int, Beside]
    prednisone_mg_day: Mapping[int, Beside]
    by_chance: tuple[FalseLoss, ...]

    @property
    def cycles(self) -> dict[int, int | None]:
        """Patient to the number of the loss-of-response cycle, None where there is none."""
        return {patient: verdict.cycle for patient, verdict in self.by_patient.items()}

    @property
    def dose_change_g_kg(self) -> PairedT:
        """Dose before the loss minus the mean of the earlier doses."""
        return _change(self.dose_g_kg)

    @property
    def interval_change_days(self) -> PairedT:
        """Interval before the cycle of loss minus the mean of the earlier intervals."""
        return _change(self.interval_days)

    @property
    def prednisone_change_mg_day(self) -> PairedT:
        """Prednisone at the cycle of loss minus the mean of the earlier cycles."""
        return _change(self.prednisone_mg_day)


def slopes(cohort: Cohort) -> dict[int, float | None]:
    """Patient to the slope of pre-infusion strength, points a cycle; None where there is none."""
    return {p: slope_per_cycle(scores) for p, scores in _strength_by_cycle(cohort).items()}


def loss(cohort: Cohort) -> Loss:
    """Each patient's loss of response, and what changed beside it."""
    before = cohort.before("mrc_sum_score")
    baseline = dict(zip(cohort.patients["patient"], before, strict=True))
    verdicts = {
        patient: loss_of_response(
            strengths,
            baseline=None if np.isnan(baseline[patient]) else float(baseline[patient]),
        )
        for patient, strengths in _strength_by_cycle(cohort).items()
    }
    judged = [p for p, verdict in verdicts.items() if verdict.status != "not_estimable"]
    at = {patient: verdict.cycle for patient, verdict in verdicts.items() if verdict.cycle}
    return Loss(
        by_patient=verdicts,
        lost=proportion(events=len(at), n=len(judged)),
        cycle=summary([float(cycle) for cycle in at.values()]),
        dose_g_kg=_beside(cohort, at, "dose_g_kg", lag=1),
        interval_days=_beside(cohort, at, "interval_days"),
        prednisone_mg_day=_beside(cohort, at, "prednisone_mg_day"),
        by_chance=_by_chance(cohort, judged),
    )


def _strength_by_cycle(cohort: Cohort) -> dict[int, list[float | None]]:
    """Patient to the pre-infusion strength of cycles 1, 2, ..., None where it is missing."""
    return {
        int(patient): [None if pd.isna(score) else float(score) for score in rows["mrc_sum_score"]]
        for patient, rows in cohort.cycles.groupby("patient")
    }


def _beside(
    cohort: Cohort, at: Mapping[int, int], column: str, *, lag: int = 0
) -> dict[int, Beside]:
    """The value `lag` cycles before the loss, and the mean of the cycles before that one."""
    patients = cohort.cycles["patient"]
    cycle, values = (cohort.cycles[name].astype(float) for name in ("cycle", column))
    looked_at = patients.map(at).astype(float) - lag  # NaN, and so no cycle, without a loss
    earlier = values[cycle < looked_at].groupby(patients).mean()
    then = values[cycle == looked_at].groupby(patients).mean()
    return {
        patient: Beside(*(_number(means.get(patient)) for means in (earlier, then)))
        for patient in at
    }


def _number(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else float(value)


def _change(beside: Mapping[int, Beside]) -> PairedT:
    return paired_t(
        before=[each.earlier for each in beside.values()],
        after=[each.at_loss for each in beside.values()],
    )


def _by_chance(cohort: Cohort, judged: list[int]) -> tuple[FalseLoss, ...]:
    """The rates depend on a patient's number of cycles alone, each with a seed of its own."""
    is_judged = cohort.patients["patient"].isin(judged)
    counts = Counter(int(n) for n in cohort.patients["n_cycles"][is_judged])
    found = []
    for sd in ERROR_SDS_POINTS:
        rates = {
            n: false_loss_rate(
                n, gain=GAIN_POINTS, error_sd=sd, rng=np.random.default_rng([SEED, sd, n])
            )
            for n in sorted(counts)
        }
        total = sum((rates[n] or 0.0) * count for n, count in sorted(counts.items()))
        found.append(FalseLoss(sd, total / len(judged) if judged else None, len(judged)))
    return tuple(found)
