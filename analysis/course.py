"""A diagnosis and a random generator in, the simulated course of one patient out.

Strength rises towards a plateau with the first cycles, CK falls, prednisone is tapered; around
`waning_day` the effect is slowly lost. Every number here is invented; the sizes follow published
series (strength 67 to 81 points and CK 1287 to 613 U/L in Hara 2003; prednisone at entry
19.5 mg/day, SD 15.3; no lasting effect in inclusion body myositis).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

CK_UPPER_LIMIT_U_L = {"female": 210.0, "male": 300.0}
PREDNISONE_STEPS_MG_DAY = np.array([0, 2.5, 5, 7.5, 10, 12.5, 15, 20, 25, 30, 40, 50, 60])


@dataclass(frozen=True)
class Traits:
    """How a cohort differs from patient to patient: probabilities, except where said otherwise."""

    has_each_diagnosis: bool
    no_effect: float
    lost_early: float
    untreated: float
    no_failed_drug: float
    baseline_ck_missing: float
    ctcae_grades: tuple[float, ...]


PUBLISHED = Traits(True, 0, 0, 0, 0, 0, (1,))
VARIED = Traits(False, 0.2, 0.08, 0.02, 0.08, 0.05, (0.70, 0.22, 0.07, 0.01))


@dataclass(frozen=True)
class Disease:
    """Means and standard deviations of a diagnosis before treatment, and of the full effect."""

    is_female: float
    age_years: tuple[float, float]
    mrc_sum_score: tuple[float, float]
    gain_points: tuple[float, float]
    log_ck_over_limit: tuple[float, float]
    log_ck_fall: tuple[float, float]
    progression_points_a_year: float
    antibodies: Mapping[str, float]


DISEASES = {
    "PM": Disease(
        *(0.65, (52, 11), (43, 3), (9.5, 1.5), (1.8, 0.4), (1.0, 0.2), 0),
        {"none": 0.55, "anti-Jo-1": 0.25, "anti-SRP": 0.1, "other": 0.1},
    ),
    "DM": Disease(
        *(0.65, (50, 12), (44, 3), (10, 1.5), (1.6, 0.4), (1.1, 0.2), 0),
        {"none": 0.45, "anti-Mi-2": 0.25, "anti-TIF1-gamma": 0.15, "anti-Jo-1": 0.15},
    ),
    "IBM": Disease(
        *(0.3, (66, 6), (40, 3), (7, 0.8), (0.9, 0.3), (0.4, 0.1), 1.5),
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
    prednisone_floor: float
    waning_day: float
    interval_days: int
    n_cycles: int
    dose_g_kg: float
    event_probability: float

    def effect(self, day: float) -> float:
        """The share of the full effect on `day`: 0 before, a plateau, then a slow loss."""
        onset = 1 - np.exp(-max(day, 0) / 55)
        return float(onset / (1 + np.exp((day - self.waning_day) / 45)))

    def strength(self, day: float) -> float:
        """The MRC sum score without measurement error; it falls before the rescue treatment."""
        natural = self.mrc_sum_score - self.disease.progression_points_a_year * day / 365.25
        before_rescue = 2.5 * max(-day, 0) / 90
        return natural + before_rescue + self.gain_points * self.effect(day)

    def ck(self, day: float) -> float:
        """CK in U/L without measurement error."""
        return float(self.ck_u_l * np.exp(-self.log_ck_fall * self.effect(day)))

    def prednisone(self, day: float) -> float:
        """The prescribed step nearest to a taper that is partly taken back as the effect wanes."""
        tapered = self.prednisone_floor + (1 - self.prednisone_floor) * np.exp(-max(day, 0) / 120)
        taken_back = 0.2 / (1 + np.exp(-(day - self.waning_day - 60) / 30))
        wanted = self.prednisone_mg_day * (tapered + taken_back)
        nearest = np.abs(PREDNISONE_STEPS_MG_DAY - wanted).argmin()
        return float(PREDNISONE_STEPS_MG_DAY[nearest])


def draw_course(rng: np.random.Generator, traits: Traits, disease: Disease, sex: str) -> Course:
    """A patient's course, drawn around the means of the disease."""
    has_effect = rng.random() >= traits.no_effect
    interval = int(rng.choice([28, 35, 42, 49, 56], p=[0.3, 0.2, 0.3, 0.1, 0.1]))
    waning_day = min(rng.uniform(260, 470), 16 * interval - 130)
    n_cycles = int(np.clip((waning_day + rng.uniform(130, 200)) / interval + 1, 6, 18))
    ck_over_limit = np.exp(rng.normal(*disease.log_ck_over_limit))
    return Course(
        disease=disease,
        mrc_sum_score=float(np.clip(rng.normal(*disease.mrc_sum_score), 34, 49)),
        gain_points=float(rng.normal(*disease.gain_points)) if has_effect else 0.0,
        ck_u_l=float(ck_over_limit * CK_UPPER_LIMIT_U_L[sex]),
        ck_upper_limit_u_l=CK_UPPER_LIMIT_U_L[sex],
        log_ck_fall=float(rng.normal(*disease.log_ck_fall)) if has_effect else 0.0,
        prednisone_mg_day=float(np.clip(np.exp(rng.normal(3.1, 0.4)), 10, 50)),
        prednisone_floor=float(rng.uniform(0.1, 0.65)),
        waning_day=float(waning_day),
        interval_days=interval,
        n_cycles=int(rng.integers(1, 4)) if rng.random() < traits.lost_early else n_cycles,
        dose_g_kg=float(rng.choice([1.0, 1.2, 1.6, 2.0], p=[0.25, 0.2, 0.15, 0.4])),
        event_probability=float(rng.beta(2, 8)) if rng.random() < 0.45 else 0.005,
    )
