"""A cohort in, what its cycles say of strength out: a slope a patient, and the loss of response.

Beside the loss stand dose, interval and prednisone, so that a smaller dose or a longer interval
cannot pass for a loss of effect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from analysis.cohort import Cohort
from analysis.describe import Proportion, Summary, proportion, summary
from analysis.paired import PairedT, paired_t
from analysis.response import (
    MINIMUM_FALL_POINTS,
    LossOfResponse,
    false_loss_rate,
    loss_of_response,
    slope_per_cycle,
)

ERROR_SDS_POINTS = (1.0, 1.5, 2.0, 3.0)  # of one measured score; no published value is taken
FALLS_POINTS = (3.0, 4.0, 5.0, 6.0, 8.0)  # that could have been asked for in place of 4
DRAWS, FEWEST_DRAWS = 60_000, 100  # courses drawn in all, and of each patient at least
SEED = 2013

Scores: TypeAlias = Mapping[int, Sequence[float | None]]
"""Patient to the pre-infusion strength of cycles 1, 2, ..., None where it is missing."""


@dataclass(frozen=True)
class Beside:
    """A treatment at the loss of response and the mean of the patient's earlier cycles."""

    earlier: float | None
    at_loss: float | None


@dataclass(frozen=True)
class FalseLoss:
    """The mean chance of a false loss over the `n` judged patients, by the error of the score."""

    error_sd_points: float
    share: float | None
    n: int


@dataclass(frozen=True)
class AtFall:
    """Loss of response, were a fall of so many points asked for."""

    points: float
    lost: Proportion
    cycle: Summary


@dataclass(frozen=True)
class Loss:
    """Loss of response over the cycles.

    `by_patient` holds each patient's verdict, `lost` the patients with a loss-of-response cycle
    among those in whom it can be judged, `cycle` the number of that cycle and `day` its first day.
    `below_best` is how far a patient's last score lies below the best one, in points;
    `n_small_gain` counts the judged whose best gain is smaller than the fall that is a loss;
    `at_falls` varies that fall. `interval_days` and
    `prednisone_mg_day` compare that cycle with the patient's earlier ones, `dose_g_kg` the cycle
    before it, the last one before that strength, with those before it; each change is its paired
    t. `by_chance` says how often the definition finds a loss where there is none.
    """

    by_patient: dict[int, LossOfResponse]
    lost: Proportion
    cycle: Summary
    day: Summary
    below_best: Mapping[int, float | None]
    n_small_gain: int
    at_falls: tuple[AtFall, ...]
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


def slopes(cohort: Cohort, *, first: int = 1) -> dict[int, float | None]:
    """Patient to the slope of pre-infusion strength from cycle `first` on, in points a cycle."""
    by_cycle = _strength_by_cycle(cohort)
    return {patient: slope_per_cycle(scores[first - 1 :]) for patient, scores in by_cycle.items()}


def loss(cohort: Cohort) -> Loss:
    """Each patient's loss of response, and what changed beside it."""
    by_cycle = _strength_by_cycle(cohort)
    verdicts = _verdicts(cohort, by_cycle, MINIMUM_FALL_POINTS)
    judged = [p for p, verdict in verdicts.items() if verdict.status != "not_estimable"]
    at = {patient: verdict.cycle for patient, verdict in verdicts.items() if verdict.cycle}
    gains = [verdicts[patient].best_gain or 0.0 for patient in judged]
    return Loss(
        by_patient=verdicts,
        lost=proportion(events=len(at), n=len(judged)),
        cycle=summary([float(cycle) for cycle in at.values()]),
        day=summary(_days(cohort, at)),
        below_best={p: _below_best(scores) for p, scores in by_cycle.items()},
        n_small_gain=sum(gain < MINIMUM_FALL_POINTS for gain in gains),
        at_falls=tuple(_at_fall(cohort, by_cycle, points) for points in FALLS_POINTS),
        dose_g_kg=_beside(cohort, at, "dose_g_kg", lag=1),
        interval_days=_beside(cohort, at, "interval_days"),
        prednisone_mg_day=_beside(cohort, at, "prednisone_mg_day"),
        by_chance=_by_chance(cohort, by_cycle, judged),
    )


def _verdicts(
    cohort: Cohort, by_cycle: Scores, minimum_fall_points: float
) -> dict[int, LossOfResponse]:
    before = cohort.before("mrc_sum_score")
    baseline = dict(zip(cohort.patients["patient"], before, strict=True))
    return {
        patient: loss_of_response(
            strengths,
            baseline=None if np.isnan(baseline[patient]) else float(baseline[patient]),
            minimum_fall_points=minimum_fall_points,
        )
        for patient, strengths in by_cycle.items()
    }


def _at_fall(cohort: Cohort, by_cycle: Scores, points: float) -> AtFall:
    verdicts = _verdicts(cohort, by_cycle, points).values()
    cycles = [float(verdict.cycle) for verdict in verdicts if verdict.cycle]
    judged = sum(verdict.status != "not_estimable" for verdict in verdicts)
    return AtFall(points, proportion(events=len(cycles), n=judged), summary(cycles))


def _days(cohort: Cohort, at: Mapping[int, int]) -> list[float]:
    """The first days of the cycles of loss."""
    cycles = cohort.cycles
    is_it = cycles["cycle"].astype(float) == cycles["patient"].map(at).astype(float)
    return [float(day) for day in cycles["start_day"][is_it]]


def _below_best(scores: Sequence[float | None]) -> float | None:
    known = [score for score in scores if score is not None]
    return max(known) - known[-1] if known else None


def _strength_by_cycle(cohort: Cohort) -> Scores:
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


def _by_chance(cohort: Cohort, by_cycle: Scores, judged: list[int]) -> tuple[FalseLoss, ...]:
    """Each patient is given the own baseline, the best score as plateau, and the own gaps."""
    baseline = dict(
        zip(cohort.patients["patient"], cohort.before("mrc_sum_score"), strict=True),
    )
    n_draws = max(FEWEST_DRAWS, DRAWS // max(1, len(judged)))
    found = []
    for sd in ERROR_SDS_POINTS:
        rates = [
            false_loss_rate(
                [score is not None for score in by_cycle[patient]],
                baseline=float(baseline[patient]),
                plateau=max(score for score in by_cycle[patient] if score is not None),
                error_sd=sd,
                rng=np.random.default_rng([SEED, round(10 * sd), patient]),
                n_draws=n_draws,
            )
            for patient in judged
        ]
        known = [rate for rate in rates if rate is not None]
        share = sum(known) / len(known) if known else None
        found.append(FalseLoss(sd, share, len(known)))
    return tuple(found)
