"""A cohort in, every result of the study out, unrounded.

Differences are follow-up minus baseline, ratios follow-up over baseline.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np

from analysis.cohort import Cohort
from analysis.cycles import Loss, loss
from analysis.cycles import slopes as slopes_by_patient
from analysis.describe import Summary, summary
from analysis.multiplicity import holm
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
from analysis.permutation import SignFlip, sign_flip
from analysis.power import detectable_change
from analysis.ranks import HodgesLehmann, SignedRank, hodges_lehmann, signed_rank
from analysis.response import MRC_RANGE, slopes_summary
from analysis.safety import Safety, safety
from analysis.sensitivity import Sensitivity, sensitivity

CONFIDENCE_LEVEL = 0.95
SIGNIFICANCE_LEVEL, POWER = 0.05, 0.80  # of the detectable change
FAMILY = ("strength", "ck")

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
    it is a `PairedRatio`, and so are `ranks`, `ranks_pratt` (zeros ranked), `flips`, `location`
    (turned back into a ratio) and `size`. `detectable` is the true change, in SDs of the
    differences, that a t-test of so many pairs finds with 80% power.
    """

    before: Summary
    after: Summary
    change: Change
    ranks: SignedRank
    ranks_pratt: SignedRank
    flips: SignFlip
    location: HodgesLehmann
    size: StandardisedChange
    detectable: float | None
    directions: Directions
    left_out: tuple[LeaveOneOut, ...]
    without_ibm: Change


@dataclass(frozen=True)
class Limits:
    """How many of the pairs lie at the lowest and at the highest score, before and after."""

    n_lowest_before: int
    n_highest_before: int
    n_lowest_after: int
    n_highest_after: int


@dataclass(frozen=True)
class Family:
    """P values of `FAMILY` adjusted by Holm, as if all were main outcomes.

    `rank_floors` are the smallest adjusted P values that the signed-rank tests can give with the
    ranks at hand; there are none where one of them is not exact or has no rank.
    """

    t: tuple[float | None, ...]
    ranks: tuple[float | None, ...]
    rank_floors: tuple[float, ...]


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
    slopes: dict[int, float | None]
    slope: PairedT
    later_slope: PairedT
    loss: Loss
    safety: Safety
    sensitivity: Sensitivity
    limits: Limits
    family: Family

    @property
    def strength_variants(self) -> tuple[PairedT, ...]:
        """Strength by another follow-up window, of complete cases, without IBM (see `_rest`)."""
        of = self.sensitivity
        variants = (of.narrower.strength, of.wider.strength, of.complete_cases.strength)
        return (*variants, *_rest(self.strength))

    @property
    def ck_variants(self) -> tuple[PairedRatio, ...]:
        """CK by another follow-up window, of complete cases, without IBM (see `_rest`)."""
        of = self.sensitivity
        variants = (of.narrower.ck, of.wider.ck, of.complete_cases.ck)
        return (*variants, *_rest(self.ck))


def _rest(of: Outcome[Change]) -> tuple[Change, ...]:
    """The analysis without IBM, unless nobody or everybody in the main analysis has it."""
    return (of.without_ibm,) if 0 < of.without_ibm.n < of.change.n else ()


def compute(cohort: Cohort) -> Results:
    """All results of `cohort`."""
    limit = cohort.patients["ck_upper_limit_u_l"].to_numpy(float)
    ck_before, ck_after = _pairs(cohort.before("ck_u_l") / limit, cohort.after("ck_u_l") / limit)
    cycles = cohort.cycles
    strength = _outcome(cohort, "mrc_sum_score", "difference", paired_t)
    ck = _outcome(cohort, "ck_u_l", "ratio", paired_ratio)
    slopes = slopes_by_patient(cohort)
    return Results(
        cohort=cohort,
        strength=strength,
        ck=ck,
        ck_multiple_before=summary(ck_before),
        ck_multiple_after=summary(ck_after),
        ldh=_outcome(cohort, "ldh_u_l", "ratio", paired_ratio),
        prednisone=_outcome(cohort, "prednisone_mg_day", "difference", paired_t),
        cycles_per_patient=summary(cohort.patients["n_cycles"].to_numpy(float)),
        dose_g_kg=summary(cycles["dose_g_kg"].to_numpy(float)),
        interval_days=summary(cycles["interval_days"].dropna().to_numpy(float)),
        slopes=slopes,
        slope=slopes_summary(list(slopes.values())),
        later_slope=slopes_summary(list(slopes_by_patient(cohort, first=2).values())),
        loss=loss(cohort),
        safety=_safety(cohort),
        sensitivity=sensitivity(cohort),
        limits=_limits(cohort),
        family=_family(strength, ck),
    )


def _pairs(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    complete = ~(np.isnan(before) | np.isnan(after))
    return before[complete], after[complete]


def _outcome(
    cohort: Cohort, measure: str, scale: Scale, test: Callable[..., Change]
) -> Outcome[Change]:
    before, after = cohort.before(measure), cohort.after(measure)
    is_shown = (cohort.patients["diagnosis"] != "IBM").to_numpy(bool) & cohort.may_single_out_ibm
    x, y = (np.log(before), np.log(after)) if scale == "ratio" else (before, after)
    labels = cohort.patients["patient"].tolist()
    paired_before, paired_after = _pairs(before, after)
    return Outcome(
        before=summary(paired_before),
        after=summary(paired_after),
        change=test(before=before, after=after),
        ranks=signed_rank(before=x, after=y),
        ranks_pratt=signed_rank(before=x, after=y, zeros="ranked"),
        flips=sign_flip(before=x, after=y),
        location=_location(hodges_lehmann(before=x, after=y), scale),
        size=standardised_change(before=x, after=y),
        detectable=detectable_change(
            len(paired_before), power=POWER, significance_level=SIGNIFICANCE_LEVEL
        ),
        directions=Directions(
            n_higher=int(np.sum(paired_after > paired_before)),
            n_equal=int(np.sum(paired_after == paired_before)),
            n_lower=int(np.sum(paired_after < paired_before)),
        ),
        left_out=leave_one_out(before=before, after=after, labels=labels, scale=scale),
        without_ibm=test(before=before[is_shown], after=after[is_shown]),
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


def _limits(cohort: Cohort) -> Limits:
    before, after = _pairs(cohort.before("mrc_sum_score"), cohort.after("mrc_sum_score"))
    low, high = MRC_RANGE
    counts = [int((values == end).sum()) for values in (before, after) for end in (low, high)]
    return Limits(*counts)


def _family(strength: Outcome[PairedT], ck: Outcome[PairedRatio]) -> Family:
    ranks = (strength.ranks, ck.ranks)
    floors = [each.p_value_floor for each in ranks if each.method == "exact"]
    adjusted = holm(floors) if len(floors) == len(ranks) and None not in floors else ()
    return Family(
        t=holm([strength.change.p_value, ck.change.p_value]),
        ranks=holm([each.p_value for each in ranks]),
        rank_floors=tuple(floor for floor in adjusted if floor is not None),
    )


def _safety(cohort: Cohort) -> Safety:
    return safety(
        patients=cohort.patients["patient"].tolist(),
        cycles_per_patient=cohort.patients["n_cycles"].tolist(),
        events=cohort.adverse_events.to_dict("records"),
    )
