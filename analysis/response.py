"""Strength over the cycles in, loss of response, its chance by measurement error, and slopes out.

Strength is the MRC sum score (0 to 60 points) at each cycle's pre-infusion visit; the first value
of a sequence is that of cycle 1. A missing value is None or NaN.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from analysis.describe import Floats, Values, as_floats
from analysis.paired import PairedT, paired_t

MRC_RANGE = (0, 60)  # points
FIRST_CYCLE = 3  # the earliest cycle at which a response can be lost
MINIMUM_CYCLES = 4
MINIMUM_FALL_POINTS = 4.0
GAIN_DIVISOR = 5  # a fall of a fifth, 20%, of the best gain

Status = Literal["lost", "not_lost", "not_estimable"]
Reason = Literal["", "no_baseline", "fewer_than_4_cycles", "no_gain", "no_confirmable_cycle"]
Flags: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class LossOfResponse:
    """Whether and at which cycle the response was lost.

    `best_gain` is the highest pre-infusion strength of any cycle minus baseline, in points (None
    without baseline or strength); `reason` says why the status is "not_estimable", else "".
    """

    status: Status
    cycle: int | None
    best_gain: float | None
    reason: Reason


def loss_of_response(
    strength_by_cycle: Values,
    *,
    baseline: float | None,
    minimum_fall_points: float = MINIMUM_FALL_POINTS,
) -> LossOfResponse:
    """The first cycle at which response was lost, and lost still at the next cycle.

    Response is lost at cycle k >= 3 when strength has fallen below the patient's best value of
    the earlier cycles by at least `minimum_fall_points` (4, unless the definition itself is in
    question) and at least 20% of the gain that this best value was over `baseline` (points), and
    at cycle k + 1 strength is again that far below that best value. What comes later never
    decides what was lost at k: best value and gain are those reached before k, and without a gain
    before k nothing can be lost at k.

    Missing values are read literally. A cycle without strength neither loses nor confirms, so a
    fall at k with nothing recorded at k + 1 is unconfirmed even if k + 2 is low; cycles keep
    their numbers. Not estimable, in this order: no baseline; fewer than 4 cycles (recorded
    strength or not); no cycle above baseline; no two cycles k >= 3 and k + 1 with strength.

    References: the study's own definition (Methods); no published one counts cycles.
    """
    strength = as_floats(strength_by_cycle)
    start = float("nan") if baseline is None else float(baseline)
    judged = _judge(strength[:, np.newaxis], np.array([start]), minimum_fall_points)
    best_gain = None if np.isnan(judged.best_gain[0]) else float(judged.best_gain[0])
    reason: Reason = ""
    if np.isnan(start):
        reason = "no_baseline"
    elif len(strength) < MINIMUM_CYCLES:
        reason = "fewer_than_4_cycles"
    elif not judged.has_gain[0]:
        reason = "no_gain"
    elif not judged.is_confirmable[0]:
        reason = "no_confirmable_cycle"
    if reason:
        return LossOfResponse("not_estimable", None, best_gain, reason)
    cycle = int(judged.lost_at[0])
    return LossOfResponse("lost" if cycle else "not_lost", cycle or None, best_gain, "")


def false_loss_rate(
    is_scored: Sequence[bool],
    *,
    baseline: float,
    plateau: float,
    error_sd: float,
    rng: np.random.Generator,
    n_draws: int = 10_000,
) -> float | None:
    """The share of simulated courses without a true loss in which `loss_of_response` finds one.

    True strength is `baseline` at cycle 1 and `plateau` at every later cycle (points). The score
    measured is the true one plus a normal error with SD `error_sd` points, rounded to whole points
    and kept within the scale; `is_scored` says at which cycles there is one. The share is among
    those of `n_draws` courses in which loss can be judged, which wants a measured gain; None
    without such a course.

    Raises ValueError for a negative `error_sd`.
    """
    if error_sd < 0:
        raise ValueError(f"an SD of 0 points or more was wanted, {error_sd} came; correct it")
    n_cycles = len(is_scored)
    if n_cycles < MINIMUM_CYCLES:
        return None
    true = np.full((n_cycles, 1), float(plateau))
    true[0] = baseline
    measured = np.rint(true + error_sd * rng.standard_normal((n_cycles, n_draws)))
    measured = measured.clip(*MRC_RANGE)
    start = measured[0].copy()
    measured[~np.asarray(is_scored, dtype=bool)] = np.nan
    judged = _judge(measured, start, MINIMUM_FALL_POINTS)
    estimable = judged.has_gain & judged.is_confirmable
    return float((judged.lost_at[estimable] > 0).mean()) if estimable.any() else None


def slope_per_cycle(strength_by_cycle: Values) -> float | None:
    """The least-squares slope of strength on the cycle number, in points a cycle.

    Missing cycles are left out and the others keep their numbers. None below two known values.
    """
    strength = as_floats(strength_by_cycle)
    known = ~np.isnan(strength)
    if known.sum() < 2:
        return None
    cycle, points, n = np.flatnonzero(known) + 1.0, strength[known], int(known.sum())
    # Sums of whole numbers are exact, so that float noise sets no equal slopes apart.
    covered = n * (cycle @ points) - cycle.sum() * points.sum()
    return float(covered / (n * (cycle @ cycle) - cycle.sum() ** 2))


def slopes_summary(slopes: Values, *, confidence_level: float = 0.95) -> PairedT:
    """Student's one-sample t over patients: mean slope (points a cycle), interval, P against 0.

    One slope a patient, so that repeated cycles are not taken for patients. `n` counts the
    patients with a slope, `n_missing` those without.

    References: Matthews et al. 1990, BMJ 300:230-235 (summary measures of serial data).
    """
    values = as_floats(slopes)
    return paired_t(before=np.zeros(len(values)), after=values, confidence_level=confidence_level)


@dataclass(frozen=True)
class _Judged:
    """What the definition says, an entry a patient; `lost_at` is the cycle, 0 for not lost."""

    best_gain: Floats
    has_gain: Flags
    is_confirmable: Flags
    lost_at: npt.NDArray[np.int_]


def _judge(strength: Floats, baseline: Floats, minimum_fall: float) -> _Judged:
    """The definition of loss, a row a cycle and a column a patient; NaN meets no condition."""
    n_cycles, n_patients = strength.shape
    known = ~np.isnan(strength)
    best = np.fmax.accumulate(strength, axis=0)  # of this and the earlier cycles
    best_gain = best[-1] - baseline if n_cycles else np.full(n_patients, np.nan)
    late = known[FIRST_CYCLE - 1 :]
    lost_at = np.zeros(n_patients, dtype=int)
    for cycle in range(n_cycles - 1, FIRST_CYCLE - 1, -1):  # backwards: the first one stays
        lost_at[_is_lost(strength, best[cycle - 2], baseline, cycle, minimum_fall)] = cycle
    is_confirmable = np.any(late[:-1] & late[1:], axis=0)
    return _Judged(best_gain, best_gain > 0, is_confirmable, lost_at)


def _is_lost(
    strength: Floats, best_earlier: Floats, baseline: Floats, cycle: int, minimum_fall: float
) -> Flags:
    """Who lost response at `cycle`, which has a next one, and has it confirmed there."""
    gain = best_earlier - baseline
    fall = best_earlier - strength[cycle - 1 : cycle + 1]  # at this cycle and the next
    is_far = fall >= np.maximum(minimum_fall, gain / GAIN_DIVISOR)
    return (gain > 0) & is_far[0] & is_far[1]
