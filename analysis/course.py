"""A diagnosis and a random generator in, the simulated course of one patient out.

Strength rises towards a plateau with the first cycles, CK falls, prednisone is tapered; around
`waning_day` the effect is slowly lost, prednisone is raised in most and IVIg stopped a few cycles
later. Every number here is invented; the sizes follow published series (strength 67 to 81 points
and CK 1287 to 613 U/L in Hara 2003; prednisone at entry 19.5 mg/day, SD 15.3; no lasting effect in
inclusion body myositis).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

CK_UPPER_LIMIT_U_L = {"female": 210.0, "male": 300.0}
PREDNISONE_STEPS_MG_DAY = np.array([0, 2.5, 5, 7.5, 10, 12.5, 15, 20, 25, 30, 40, 50, 60])


@dataclass(frozen=True)
class Traits:
    """How a cohort differs from patient to patient: probabilities, except where said otherwise."""

    has_each_diagnosis: bool
    all_respond: bool
    earliest_waning_day: int
    lost_early: float
    untreated: float
    no_failed_drug: float
    baseline_ck_missing: float
    ctcae_grades: tuple[float, ...]


PUBLISHED = Traits(True, True, 220, 0, 0, 0, 0, (1,))
VARIED = Traits(False, False, 120, 0.08, 0.02, 0.08, 0.05, (0.70, 0.22, 0.07, 0.01))


@dataclass(frozen=True)
class Disease:
    """Means and standard deviations of a diagnosis before treatment, and of the full effect.

    `no_effect` is the share of patients without one, unless all respond.
    """

    is_female: float
    age_years: tuple[float, float]
    mrc_sum_score: tuple[float, float]
    gain_points: tuple[float, float]
    log_ck_over_limit: tuple[float, float]
    log_ck_fall: tuple[float, float]
    progression_points_a_year: float
    no_effect: float
    antibodies: Mapping[str, float]


DISEASES = {
    "PM": Disease(
        *(0.65, (52, 14), (42, 6), (11, 3), (1.8, 0.5), (1.0, 0.3), 0, 0.2),
        {"none": 0.55, "anti-Jo-1": 0.25, "anti-SRP": 0.1, "other": 0.1},
    ),
    "DM": Disease(
        *(0.65, (50, 14), (43, 6), (11, 3), (1.6, 0.5), (1.1, 0.3), 0, 0.2),
        {"none": 0.45, "anti-Mi-2": 0.25, "anti-TIF1-gamma": 0.15, "anti-Jo-1": 0.15},
    ),
    "IBM": Disease(
        *(0.3, (66, 6), (40, 5), (3, 0.5), (0.9, 0.3), (0.4, 0.1), 1.5, 0.8),
        {"none": 0.9, "other": 0.1},
    ),
}


@dataclass(frozen=True)
class Course:
    """What makes one patient's course; days count from the first infusion."""

    disease: Disease
    mrc_sum_score: float
    gain_points: float
    ck_u_l: float
    ck_upper_limit_u_l: float
    log_ck_fall: float
    prednisone_mg_day: float
    prednisone_share_before: float
    prednisone_share_later: float
    prednisone_share_raised: float
    raised_day: float
    waning_day: float
    interval_days: int
    n_cycles: int
    dose_g_kg: float
    event_probability: float

    def strength(self, day: float) -> float:
        """The MRC sum score without measurement error; it falls before the rescue treatment."""
        before_rescue = self.disease.gain_points[0] / 4 * max(-day, 0) / 90
        natural = self.mrc_sum_score - self.disease.progression_points_a_year * day / 365.25
        return float(natural + before_rescue + self.gain_points * effect(day, self.waning_day))

    def ck(self, day: float) -> float:
        """CK in U/L without measurement error."""
        return float(self.ck_u_l * np.exp(-self.log_ck_fall * effect(day, self.waning_day)))

    def prednisone(self, day: float) -> float:
        """The step nearest to the wanted dose: raised before rescue, tapered, raised again."""
        share = self.prednisone_share_later
        share += (1 - share) * np.exp(-max(day, 0) / 120)
        if day < -42:
            share = self.prednisone_share_before
        if day >= self.raised_day:
            share = max(share, self.prednisone_share_raised)
        nearest = np.abs(PREDNISONE_STEPS_MG_DAY - self.prednisone_mg_day * share).argmin()
        return float(PREDNISONE_STEPS_MG_DAY[nearest])


def effect(day: Any, waning_day: float) -> Any:
    """The share of the full effect on a day or days: 0 before, a plateau, then a slow loss."""
    onset = 1 - np.exp(-np.maximum(day, 0) / 55)
    return onset / (1 + np.exp((day - waning_day) / 45))


def draw_course(rng: np.random.Generator, traits: Traits, disease: Disease, sex: str) -> Course:
    """A patient's course, drawn around the means of the disease."""
    has_effect = traits.all_respond or rng.random() >= disease.no_effect
    start = float(np.clip(rng.normal(*disease.mrc_sum_score), 26, 52))
    gain = float(np.clip(rng.normal(*disease.gain_points), 2, 59 - start)) if has_effect else 0.0
    interval = int(rng.choice([28, 35, 42, 49, 56], p=[0.2, 0.15, 0.25, 0.2, 0.2]))
    waning_day = float(rng.uniform(traits.earliest_waning_day, 16 * interval - 60))
    loss_day = _loss_day(disease, gain, waning_day)
    is_raised = has_effect and rng.random() < 0.8
    stay = rng.uniform(2, 4 if is_raised else 3) * interval
    last_day = loss_day + stay if has_effect else rng.uniform(170, 300)
    is_lost_early = rng.random() < traits.lost_early
    n_cycles = rng.integers(1, 4) if is_lost_early else np.clip(last_day // interval + 1, 6, 18)
    dose = float(np.clip(np.exp(rng.normal(3.0, 0.45)), 10, 50))
    return Course(
        disease=disease,
        mrc_sum_score=start,
        gain_points=gain,
        ck_u_l=float(np.exp(rng.normal(*disease.log_ck_over_limit)) * CK_UPPER_LIMIT_U_L[sex]),
        ck_upper_limit_u_l=CK_UPPER_LIMIT_U_L[sex],
        log_ck_fall=float(rng.normal(*disease.log_ck_fall)) if has_effect else 0.0,
        prednisone_mg_day=dose,
        prednisone_share_before=float(rng.uniform(0.4, 0.8)) if rng.random() < 0.6 else 1.0,
        prednisone_share_later=float(rng.uniform(*((0.1, 0.65) if has_effect else (0.5, 1.3)))),
        prednisone_share_raised=max(float(rng.uniform(0.7, 1.4)), 15 / dose),
        raised_day=loss_day + float(rng.uniform(0.3, 1.3)) * interval if is_raised else np.inf,
        waning_day=waning_day,
        interval_days=interval,
        n_cycles=int(n_cycles),
        dose_g_kg=float(rng.choice([1.0, 1.2, 1.6, 2.0], p=[0.25, 0.2, 0.15, 0.4])),
        event_probability=float(rng.beta(2, 8)) if rng.random() < 0.45 else 0.005,
    )


def _loss_day(disease: Disease, gain_points: float, waning_day: float) -> float:
    """The first day on which strength is 3 points below its best, soon after waning if never.

    Measured, that is a fall of about 4 points: the best of several scores is too high by chance.
    """
    days = np.arange(1200.0)
    strength = gain_points * effect(days, waning_day)
    strength -= disease.progression_points_a_year * days / 365.25
    is_lost = np.maximum.accumulate(strength) - strength >= 3
    return float(days[is_lost][0]) if is_lost.any() else waning_day + 90


def draw_certainty(rng: np.random.Generator, diagnosis: str, *, has_biopsy: bool) -> str:
    """How certain a diagnosis is, by Griggs for IBM, else by Bohan and Peter.

    Everyone has weakness and raised enzymes. To be definite PM needs biopsy and electromyography
    as well, DM (with its rash) one of them.
    """
    if diagnosis == "IBM":
        return "definite" if rng.random() < 0.7 else "possible"
    items = int(has_biopsy) + int(rng.random() < 0.75) + int(diagnosis == "DM")
    return ("possible", "probable", "definite")[min(items, 2)]
