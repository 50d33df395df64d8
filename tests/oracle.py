"""Raw CSV tables in, what is true of them out: the second opinion of the mutation proof.

It knows the rules of the Methods and not the analysis: pandas reads the tables, scipy gives the
intervals. `tests.sentences` judges by it what the article says.
"""

import json
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

MEASURES = {
    "strength": "mrc_sum_score",
    "ck": "ck_u_l",
    "ldh": "ldh_u_l",
    "prednisone": "prednisone_mg_day",
}
RATIOS = ("ck", "ldh")
PREDNISONE = ("", "prednisone", "prednisolone", "methylprednisolone")
NOISE = 1e-9


@dataclass(frozen=True)
class Change:
    """Differences a patient (of logarithms for a ratio), and what a 95% t interval says of them."""

    differences: "pd.Series[float]"
    is_ratio: bool = False

    @property
    def n(self) -> int:
        """Patients with both values."""
        return len(self.differences)

    def estimate(self) -> float | None:
        """Mean difference or geometric mean ratio."""
        return self._shown(float(self.differences.mean())) if self.n else None

    @cached_property
    def is_tested(self) -> bool:
        """Whether there is an interval: two patients who differ."""
        return self.n > 1 and float(np.ptp(self.differences)) > NOISE

    @property
    def is_ranked(self) -> bool:
        """Whether there is a difference that a signed-rank test can rank."""
        return bool((self.differences.abs() > NOISE).any())

    def interval(self) -> tuple[float, float] | None:
        """The 95% t interval."""
        if not self.is_tested:
            return None
        low, high = stats.ttest_1samp(self.differences, 0).confidence_interval(0.95)
        return self._shown(low), self._shown(high)

    def p_value(self) -> float | None:
        """Two-sided, of the t-test."""
        return float(stats.ttest_1samp(self.differences, 0).pvalue) if self.is_tested else None

    def direction(self) -> str:
        """What may be said: rose, fell, did not clearly change, untested."""
        found, zero = self.interval(), 1 if self.is_ratio else 0
        if found is None:
            return "untested"
        return (
            "rose" if found[0] > zero else "fell" if found[1] < zero else "did not clearly change"
        )

    def without(self, patient: str) -> "Change":
        """The others."""
        return Change(self.differences.drop(patient), self.is_ratio)

    def each_stands(self) -> list[bool | None]:
        """Whether sign and interval stay without each patient in turn; None: it cannot be told."""
        others = [self.without(patient) for patient in self.differences.index]
        mean = float(self.differences.mean()) if self.n else 0.0
        return [self.same(other, mean) for other in others]

    def stands(self) -> bool | None:
        """Whether sign and interval stay without any one patient."""
        told = self.each_stands()
        return False if False in told else None if None in told or not told else True

    def is_too_little_without_one(self) -> bool:
        """Whether some patient's removal leaves no interval, or there is nobody to remove."""
        others = [self.without(patient) for patient in self.differences.index]
        return not all(other.is_tested for other in others) or not others

    @staticmethod
    def same(other: "Change", mean: float) -> bool | None:
        """Whether another change has the sign of a mean and an interval that excludes no change."""
        if mean == 0 or (other.n and float(other.differences.mean()) * mean <= 0):
            return False
        is_told = other.is_tested
        return other.direction() == ("rose" if mean > 0 else "fell") if is_told else None

    def left_out(self) -> tuple[float, float] | None:
        """Smallest and largest estimate without one patient."""
        found = [self.without(patient).estimate() for patient in self.differences.index]
        known = [value for value in found if value is not None]
        return (min(known), max(known)) if known else None

    def _shown(self, value: float) -> float:
        return math.exp(value) if self.is_ratio else value


@dataclass(frozen=True)
class Shares:
    """A simulated share and the standard error of its difference to another simulation."""

    mean: float
    standard_error: float


def _measured(true: float, error_sd: float, rng: np.random.Generator) -> float:
    """A whole score from 0 to 60."""
    return float(min(60, max(0, round(true + error_sd * rng.standard_normal()))))


class Truth:
    """What the tables of a data package say."""

    def __init__(self, folder: Path) -> None:
        """Read the four tables and the kind of the data."""
        read = {path.stem: pd.read_csv(path, dtype=str) for path in folder.glob("*.csv")}
        text = ("patient_id", "diagnosis", "criteria_certainty", "sex", "biopsy_supportive",
                "myositis_antibody", "failed_immunosuppressants", "term", "serious",
                "led_to_discontinuation")  # fmt: skip
        for table in read.values():
            for column in table.columns.difference(text):
                table[column] = pd.to_numeric(table[column]).astype(float)
        descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        self.is_simulated = descriptor["provenance"]["kind"] == "simulated"
        self.cycles = read["cycles"]
        treated = set(self.cycles["patient_id"])
        self.patients = read["patients"][read["patients"]["patient_id"].isin(treated)]
        self.visits = read["visits"][read["visits"]["patient_id"].isin(treated)]
        self.events = read["adverse_events"]
        self.events = self.events[self.events["patient_id"].isin(treated)]

    @property
    def n(self) -> int:
        """Treated patients."""
        return len(self.patients)

    @cached_property
    def base(self) -> pd.DataFrame:
        """The last visit from 28 days before the first infusion to its day, a row a patient."""
        near = self.visits[self.visits["visit_day"].between(-28, 0)].sort_values("visit_day")
        return near.groupby("patient_id").tail(1).set_index("patient_id")

    def follow_up(self, window: int = 45) -> pd.DataFrame:
        """The pre-infusion visit nearest day 183, so many days off at most, of two the earlier."""
        near = self.visits[self.visits["cycle"].notna()].copy()
        near["off"] = (near["visit_day"] - 183).abs()
        near = near[near["off"] <= window].sort_values(["off", "visit_day"])
        return near.groupby("patient_id").head(1).set_index("patient_id")

    def change(
        self, subject: str, *, without: str = "", window: int = 45, complete: bool = False
    ) -> Change:
        """The change of an outcome, on request without a diagnosis or of complete cases."""
        column, late = MEASURES[subject], self.follow_up(window)
        before, after = self.base[column], late[column]
        if subject in RATIOS:
            before, after = np.log(before), np.log(after)
        differences = (after - before).dropna()
        if without:
            is_it = self.patients["diagnosis"] == without
            excluded = self.patients.loc[is_it, "patient_id"]
            differences = differences[~differences.index.isin(excluded)]
        if complete:
            columns = list(MEASURES.values())
            whole = set(self.base[columns].dropna().index) & set(late[columns].dropna().index)
            differences = differences[differences.index.isin(whole)]
        return Change(differences, subject in RATIOS)

    def has_ibm_and_others(self, subject: str) -> bool:
        """Whether the main analysis mixes inclusion body myositis with others."""
        return 0 < self.change(subject, without="IBM").n < self.change(subject).n

    def variants(self, subject: str) -> list[Change]:
        """The change by other rules: windows of 30 and 60 days, complete cases, without IBM."""
        found = [
            self.change(subject, window=30),
            self.change(subject, window=60),
            self.change(subject, complete=True),
        ]
        is_mixed = self.has_ibm_and_others(subject)
        return [*found, self.change(subject, without="IBM")] if is_mixed else found

    def variants_stand(self, subject: str) -> list[bool | None]:
        """Whether sign and interval of the main analysis stay in each of them."""
        main = self.change(subject)
        mean = float(main.differences.mean()) if main.n else 0.0
        return [Change.same(other, mean) for other in self.variants(subject)]

    def smallest_holm(self) -> float | None:
        """The smallest Holm-adjusted P of exact signed-rank tests of strength and CK."""
        ranked = self._ranked()
        if not all(0 < n <= 1000 for n in ranked):
            return None
        return min(1.0, 2 * min(2.0 ** (1 - n) for n in ranked))

    def largest_floor(self) -> float:
        """The smallest P of the test that has fewer ranks, which Holm does not multiply."""
        return max(2.0 ** (1 - n) for n in self._ranked())

    def _ranked(self) -> list[int]:
        return [int((self.change(s).differences.abs() > NOISE).sum()) for s in ("strength", "ck")]

    def diagnoses(self) -> set[str]:
        """The diagnoses in the main analysis."""
        known = self.patients["patient_id"].isin(self.change("strength").differences.index)
        return set(self.patients.loc[known, "diagnosis"])

    @property
    def rescued(self) -> int:
        """Patients in whom a drug other than prednisone and its like had failed."""
        named = self.patients["failed_immunosuppressants"].fillna("").str.split("; ")
        return sum(any(drug not in PREDNISONE for drug in drugs) for drugs in named)

    @cached_property
    def losses(self) -> dict[str, int | None]:
        """The cycle at which each patient in whom it can be judged lost the response, or None."""
        found = {}
        at_cycle = self.visits[self.visits["cycle"].notna() & self.visits["mrc_sum_score"].notna()]
        for patient, own in self.cycles.groupby("patient_id"):
            mine = at_cycle[at_cycle["patient_id"] == patient]
            scores = dict(zip(mine["cycle"].astype(int), mine["mrc_sum_score"], strict=True))
            start = self.base["mrc_sum_score"].get(patient, math.nan)
            last = len(own)
            late = [k for k in range(3, last) if k in scores and k + 1 in scores]
            if (
                math.isnan(start)
                or last < 4
                or max(scores.values(), default=0) <= start
                or not late
            ):
                continue
            found[str(patient)] = next((k for k in late if is_lost(scores, start, k)), None)
        return found

    def false_losses(self, error_sd: float) -> Shares:
        """How often a course that stays at its best is judged lost, drawn one score at a time."""
        rng = np.random.default_rng(7)
        draws = max(20, 1200 // max(1, len(self.losses)))
        at_cycle = self.visits[self.visits["cycle"].notna() & self.visits["mrc_sum_score"].notna()]
        means = []
        for patient in self.losses:
            mine = at_cycle[at_cycle["patient_id"] == patient]
            cycles = [int(cycle) for cycle in mine["cycle"]]
            start, best = self.base["mrc_sum_score"][patient], mine["mrc_sum_score"].max()
            last = int((self.cycles["patient_id"] == patient).sum())
            judged = lost = 0
            for _ in range(draws):
                first = _measured(start, error_sd, rng)
                scores = {k: first if k == 1 else _measured(best, error_sd, rng) for k in cycles}
                if max(scores.values()) > first:
                    judged += 1
                    late = [k for k in range(3, last) if k in scores and k + 1 in scores]
                    lost += any(is_lost(scores, first, k) for k in late)
            if judged:
                means.append(lost / judged)
        n = draws * len(means)
        mean = sum(means) / len(means) if means else math.nan
        spread = math.sqrt(max(mean * (1 - mean), 0.05) * (1 / n + 1 / 6000)) if n else math.nan
        return Shares(mean, spread)

    @property
    def lost_at(self) -> list[int]:
        """The cycles of loss."""
        return [cycle for cycle in self.losses.values() if cycle is not None]

    @property
    def worst(self) -> float:
        """The highest grade; 0 without an event."""
        return float(self.events["ctcae_grade"].max()) if len(self.events) else 0.0

    def flagged(self, column: str) -> int:
        """Events that are serious, or that led to discontinuation."""
        return int((self.events[column] == "true").sum())

    def share(self, k: int, n: int) -> tuple[float, float]:
        """Clopper-Pearson limits in per cent."""
        limits = stats.binomtest(k, n).proportion_ci(0.95, method="exact")
        return 100 * float(limits.low), 100 * float(limits.high)


def is_lost(scores: dict[int, float], start: float, cycle: int) -> bool:
    """At this cycle and the next at least 4 points and a fifth of the gain below the best."""
    best = max((score for k, score in scores.items() if k < cycle), default=-1.0)
    falls = [best - scores[cycle], best - scores[cycle + 1]]
    return best > start and all(fall >= 4 and 5 * fall >= best - start for fall in falls)
