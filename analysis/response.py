"""One patient's strength over the cycles in, loss of response and slope out; slopes over patients.

Strength is the MRC sum score (0 to 60 points) at each cycle's pre-infusion visit; the first value
of a sequence is that of cycle 1. A missing value is None or NaN.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.describe import Floats, Values, as_floats
from analysis.paired import PairedT, paired_t

FIRST_CYCLE = 3  # the earliest cycle at which a response can be lost
MINIMUM_CYCLES = 4
MINIMUM_FALL_POINTS = 4.0
GAIN_DIVISOR = 5  # a fall of a fifth, 20%, of the best gain

Status = Literal["lost", "not_lost", "not_estimable"]
Reason = Literal["", "no_baseline", "fewer_than_4_cycles", "no_gain", "no_confirmable_cycle"]


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


def loss_of_response(strength_by_cycle: Values, *, baseline: float | None) -> LossOfResponse:
    """The first cycle at which response was lost, and lost still at the next cycle.

    Response is lost at cycle k >= 3 when strength has fallen below the patient's best value of
    the earlier cycles by at least 4 points and at least 20% of the gain that this best value
    was over `baseline` (points), and at cycle k + 1 strength is again that far below that
    best value. What comes later never decides what was lost at k: best value and gain are those
    reached before k, and without a gain before k nothing can be lost at k.

    Missing values are read literally. A cycle without strength neither loses nor confirms, so a
    fall at k with nothing recorded at k + 1 is unconfirmed even if k + 2 is low; cycles keep
    their numbers. Not estimable, in this order: no baseline; fewer than 4 cycles (recorded
    strength or not); no cycle above baseline; no two cycles k >= 3 and k + 1 with strength.

    References: the study's own definition (Methods); no published one counts cycles.
    """
    strength = as_floats(strength_by_cycle)
    known = strength[~np.isnan(strength)]
    has_baseline = baseline is not None and not np.isnan(baseline)
    start = float(baseline) if baseline is not None and has_baseline else None
    best_gain = None if start is None or len(known) == 0 else float(known.max()) - start
    reason = _not_estimable(strength, start, best_gain)
    if start is None or reason:
        return LossOfResponse("not_estimable", None, best_gain, reason)
    for cycle in range(FIRST_CYCLE, len(strength)):
        if _is_lost(strength, start, cycle):
            return LossOfResponse("lost", cycle, best_gain, "")
    return LossOfResponse("not_lost", None, best_gain, "")


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


def _not_estimable(strength: Floats, baseline: float | None, best_gain: float | None) -> Reason:
    known = ~np.isnan(strength)
    if baseline is None:
        return "no_baseline"
    if len(strength) < MINIMUM_CYCLES:
        return "fewer_than_4_cycles"
    if best_gain is None or best_gain <= 0:
        return "no_gain"
    late = known[FIRST_CYCLE - 1 :]
    return "" if (late[:-1] & late[1:]).any() else "no_confirmable_cycle"


def _is_lost(strength: Floats, baseline: float, cycle: int) -> bool:
    """Whether response is lost at `cycle`, which has a next one, and confirmed there."""
    earlier = strength[: cycle - 1]
    best_earlier = float(np.max(earlier, where=~np.isnan(earlier), initial=-np.inf))
    gain = best_earlier - baseline
    if gain <= 0:
        return False
    fall = best_earlier - strength[cycle - 1 : cycle + 1]  # at this cycle and the next; NaN: no
    return bool((fall >= max(MINIMUM_FALL_POINTS, gain / GAIN_DIVISOR)).all())
