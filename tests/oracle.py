"""Raw CSV tables in, what is true of them out: the judge of the sentences that the article shows.

It knows the rules of the Methods and English words, neither the analysis nor claims.yml: pandas
reads the tables, scipy gives the intervals. A sentence is taken apart into statements (a direction,
a count, an interval, a grade); each is compared with the tables, and a numeral or loaded word that
no statement covers is a fault, so that no claim passes unread.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
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
        return "rose" if found[0] > zero else "fell" if found[1] < zero else "did not clearly change"

    def without(self, patient: str) -> "Change":
        """The others."""
        return Change(self.differences.drop(patient), self.is_ratio)

    def stands(self) -> bool | None:
        """Whether sign and interval stay without any one patient; None: it cannot be told."""
        others = [self.without(patient) for patient in self.differences.index]
        mean = self.differences.mean() if self.n else 0.0
        told: list[bool | None] = []
        for other in others:
            left = other.differences.mean() if other.n else math.nan
            if left * mean <= 0:
                told.append(False)
            else:
                told.append(self._same(other, mean) if other.is_tested else None)
        return False if False in told else None if None in told or not told else True

    @staticmethod
    def _same(other: "Change", mean: float) -> bool:
        return other.direction() == ("rose" if mean > 0 else "fell")

    def left_out(self) -> tuple[float, float] | None:
        """Smallest and largest estimate without one patient."""
        found = [self.without(patient).estimate() for patient in self.differences.index]
        known = [value for value in found if value is not None]
        return (min(known), max(known)) if known else None

    def _shown(self, value: float) -> float:
        return math.exp(value) if self.is_ratio else value


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

    @cached_property
    def follow_up(self) -> pd.DataFrame:
        """The pre-infusion visit nearest day 183, at most 45 days off, of two the earlier."""
        near = self.visits[self.visits["cycle"].notna()].copy()
        near["off"] = (near["visit_day"] - 183).abs()
        near = near[near["off"] <= 45].sort_values(["off", "visit_day"])
        return near.groupby("patient_id").head(1).set_index("patient_id")

    def change(self, subject: str, *, without: str = "") -> Change:
        """The change of an outcome, on request without a diagnosis."""
        column = MEASURES[subject]
        before, after = self.base[column], self.follow_up[column]
        if subject in RATIOS:
            before, after = np.log(before), np.log(after)
        differences = (after - before).dropna()
        if without:
            is_it = self.patients["diagnosis"] == without
            excluded = self.patients.loc[is_it, "patient_id"]
            differences = differences[~differences.index.isin(excluded)]
        return Change(differences, subject in RATIOS)

    def diagnoses(self) -> set[str]:
        """The diagnoses in the main analysis."""
        known = self.patients["patient_id"].isin(self.change("strength").differences.index)
        return set(self.patients.loc[known, "diagnosis"])

    @property
    def rescued(self) -> int:
        """Patients in whom a drug had failed."""
        return int(self.patients["failed_immunosuppressants"].fillna("").str.strip().ne("").sum())

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
            if math.isnan(start) or last < 4 or max(scores.values(), default=0) <= start or not late:
                continue
            found[str(patient)] = next((k for k in late if is_lost(scores, start, k)), None)
        return found

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


# Statements -----------------------------------------------------------------------------------

NUMBER = r"((?:[<>] )?[+−]?\d+(?:\.\d+)?)"
VALUE = rf"(?:{NUMBER}|not estimable)"
ESTIMATE = rf"{VALUE}(?: points| mg/day)?(?: \(95% CI {VALUE}(?: to {NUMBER})?\))?"
QUANTITY = r"(all \d+|none of \d+|\d+ of \d+)"
Groups = tuple[str | None, ...]
Judge = Callable[[Truth, str, Groups], bool]


def agrees(printed: str | None, true: float | None) -> bool:
    """Whether a printed number is the true one, to its last digit; None is not estimable."""
    if printed is None or true is None or math.isnan(true):
        return printed is None and true is None
    sign, _, digits = printed.rpartition(" ")
    number = float(digits.replace("−", "-"))
    if sign:
        return true < number if sign == "<" else true > number
    return abs(number - true) <= 0.5 * 10.0 ** -len(digits.partition(".")[2]) + NOISE


def is_part(printed: str | None, part: int, whole: int) -> bool:
    """Whether "all 6", "5 of 6", "none of 6" is that part of the whole."""
    words = str(printed).split()
    said = {"all": int(words[-1]), "none": 0}.get(words[0])
    return (int(words[0]) if said is None else said, int(words[-1])) == (part, whole)


def subject_of(sentence: str) -> str:
    """What a sentence is about."""
    for pattern, subject in (("CK", "ck"), ("LDH", "ldh"), ("prednisone|dose", "prednisone")):
        if re.search(rf"\b(?:{pattern})\b", sentence):
            return subject
    return "strength"


def is_estimate(change: Change, said: Groups) -> bool:
    """Estimate and limits as printed; "not estimable" stands where there is none."""
    low, high = change.interval() or (None, None)
    return agrees(said[0], change.estimate()) and agrees(said[1], low) and agrees(said[2], high)


def _rest(truth: Truth, about: str, said: Groups) -> bool:
    return is_estimate(truth.change("strength", without="IBM"), said[1:]) and agrees(
        said[0], truth.change("strength", without="IBM").n
    )


def _left_out(truth: Truth, about: str, said: Groups) -> bool:
    low, high = truth.change(about).left_out() or (None, None)
    return agrees(said[0], low) and agrees(said[1] or said[0], high)


def _lost(truth: Truth, about: str, said: Groups) -> bool:
    return is_part(said[0], len(truth.lost_at), len(truth.losses))


def _lost_share(truth: Truth, about: str, said: Groups) -> bool:
    low, high = truth.share(len(truth.lost_at), len(truth.losses))
    return _lost(truth, about, said) and agrees(said[1], low) and agrees(said[2], high)


def _lost_when(truth: Truth, about: str, said: Groups) -> bool:
    at = truth.lost_at
    one, median, low, high = said
    if one:
        return set(at) == {int(one)}
    return agrees(median, float(np.median(at))) and (int(str(low)), int(str(high))) == (
        min(at),
        max(at),
    )


def _is_mild(truth: Truth, limit: int) -> bool:
    return 0 < truth.worst <= limit and not truth.flagged("serious")


def _pairs(truth: Truth, about: str) -> int:
    return truth.change(about).n


STATEMENTS: tuple[tuple[str, Judge], ...] = (
    ("In these simulated patients", lambda t, a, g: t.is_simulated),
    ("In this series", lambda t, a, g: not t.is_simulated),
    # The main analysis and who is in it.
    (rf"without it, in {NUMBER} patients?, the mean change in strength was {ESTIMATE}", _rest),
    ("The main analysis pools inclusion body myositis with diseases in which an effect is",
     lambda t, a, g: "IBM" in t.diagnoses() and len(t.diagnoses()) > 1),
    ("The main analysis holds no patient with inclusion body myositis",
     lambda t, a, g: bool(t.diagnoses()) and "IBM" not in t.diagnoses()),
    ("The main analysis holds patients with inclusion body myositis alone",
     lambda t, a, g: t.diagnoses() == {"IBM"}),
    (rf"The main analysis holds {NUMBER} patients?, so that nothing is pooled",
     lambda t, a, g: agrees(g[0], _pairs(t, a)) and not t.diagnoses()),
    (rf"The main analysis holds {QUANTITY} treated patients",
     lambda t, a, g: is_part(g[0], _pairs(t, a), t.n)),
    ("so that no missing score biases it", lambda t, a, g: _pairs(t, a) == t.n > 0),
    ("those who stopped before the follow-up window or lack a score are left out",
     lambda t, a, g: _pairs(t, a) < t.n),
    ("and says nothing about the change in strength", lambda t, a, g: _pairs(t, a) == 0),
    (rf"With {NUMBER} patients? treated, (?:the main analysis is empty|nothing can be said of)",
     lambda t, a, g: agrees(g[0], t.n) and t.n == 0),
    # Directions, estimates, tests.
    ("did not clearly change|rose|fell",
     lambda t, a, g: t.change(a).direction() == g[-1]),
    ("could not be tested|No interval or test of the change|no interval of its change can be given"
     "|No interval of the change",
     lambda t, a, g: t.change(a).direction() == "untested"),
    (rf"(?:leaving|Leaving) out each(?: patient)? in turn, (?:it|the ratio|the mean change(?: in "
     rf"the dose)?) was {NUMBER}(?: to {NUMBER})?", _left_out),
    (rf"(?:mean change|mean ratio of follow-up to baseline|the ratio) was {ESTIMATE}",
     lambda t, a, g: is_estimate(t.change(a), g)),
    (rf"\bP (?:= )?{VALUE}", lambda t, a, g: agrees(g[0], t.change(a).p_value())),
    ("an interval that includes no change|The interval of the .* includes no change with all "
     "patients in",
     lambda t, a, g: t.change(a).direction() == "did not clearly change"),
    (rf"known at both visits in {NUMBER} patients?", lambda t, a, g: agrees(g[0], _pairs(t, a))),
    (rf"{NUMBER} patients? whose [\w ]+ is known at both visits",
     lambda t, a, g: agrees(g[0], _pairs(t, a))),
    (rf"(?i)higher at follow-up in {QUANTITY} patients",
     lambda t, a, g: is_part(g[0], int((t.change(a).differences > 0).sum()), _pairs(t, a))),
    (rf"equal: {NUMBER}", lambda t, a, g: agrees(g[0], (t.change(a).differences == 0).sum())),
    (rf"lower: {NUMBER}", lambda t, a, g: agrees(g[0], (t.change(a).differences < 0).sum())),
    (rf"known for {QUANTITY} patients, so that nobody can be called stronger or weaker",
     lambda t, a, g: is_part(g[0], 0, t.n) and _pairs(t, a) == 0),
    # One patient left out.
    ("Without any one patient the .* (?:keeps its sign and its interval excludes no change|stays on "
     "the same side of no change and so does its interval)",
     lambda t, a, g: t.change(a).stands() is True),
    ("hangs on a single patient",
     lambda t, a, g: t.change(a).stands() is False and t.change(a).direction() in ("rose", "fell")),
    ("at least once (?:its sign turned|it changed sides) or its interval included no change",
     lambda t, a, g: t.change(a).stands() is False),
    (rf"hangs on one patient cannot be told with {NUMBER} pairs? of",
     lambda t, a, g: agrees(g[0], _pairs(t, a))
     and (t.change(a).stands() is None or not t.change(a).is_tested)),
    # Loss of response.
    (rf"A loss of response met the definition in {QUANTITY} patients in whom it could be judged "
     rf"\(95% CI {NUMBER}% to {NUMBER}%\)", _lost_share),
    (rf"later lost, by the definition used here, in {QUANTITY} patients", _lost),
    (rf"at (?:cycle {NUMBER}|a median of cycle {NUMBER} \(range {NUMBER} to {NUMBER}\))",
     _lost_when),
    ("nobody in whom a loss of response can be judged|later lost could be judged in nobody",
     lambda t, a, g: not t.losses),
    # Adverse events; mild is grade 1, moderate grade 2 in the dictionary of the data.
    ("adverse events were mild or moderate", lambda t, a, g: _is_mild(t, 2) and t.worst == 2),
    ("adverse events were mild", lambda t, a, g: _is_mild(t, 1)),
    ("not mild throughout", lambda t, a, g: t.worst > 1 or t.flagged("serious") > 0),
    (rf"highest grade {NUMBER}", lambda t, a, g: agrees(g[0], t.worst)),
    (rf"serious events: {NUMBER}", lambda t, a, g: agrees(g[0], t.flagged("serious"))),
    (rf"led to discontinuation: {NUMBER}",
     lambda t, a, g: agrees(g[0], t.flagged("led_to_discontinuation"))),
    (rf"no adverse event recorded, severity cannot be described; the upper limit of the interval "
     rf"for patients with an event is (?:{NUMBER}%|not estimable)",
     lambda t, a, g: not len(t.events) and agrees(g[0], t.share(0, t.n)[1] if t.n else None)),
    # Drugs that failed.
    (rf"failed before the first cycle in {QUANTITY} patients",
     lambda t, a, g: is_part(g[0], t.rescued, t.n)),
    ("so that treatment counts as rescue in these and not in the others",
     lambda t, a, g: 0 < t.rescued < t.n),
    ("so that treatment counts as rescue", lambda t, a, g: 0 < t.rescued == t.n),
    ("so that treatment does not count as rescue", lambda t, a, g: t.rescued == 0),
)  # fmt: skip
LOADED = re.compile(
    r"\S*\d\S*|\b(?:rose|fell|higher|lower|equal|stronger|weaker|better|worse(?= was)|improved|all|"
    r"none|nobody|alone|half|only|mild|moderate|severe|serious|grade|significant(?:ly)?|lost|"
    r"failed|hangs|stands|not estimable)\b"
)
"""What a claim may not say unless a statement covers it."""


@dataclass
class Judgement:
    """How many statements of a sentence were compared, and which do not hold."""

    statements: int = 0
    faults: list[str] = field(default_factory=list)


def judge(sentence: str, truth: Truth) -> Judgement:
    """Compare every statement of a sentence with the tables."""
    text = " ".join(sentence.split())
    about, found = subject_of(text), Judgement()
    rest = text
    for pattern, holds in STATEMENTS:
        for match in list(re.finditer(pattern, rest)):
            found.statements += 1
            if not holds(truth, about, match.groups() or (match[0],)):
                found.faults.append(f"“{match[0]}” is not what the tables say")
            rest = rest[: match.start()] + "·" * len(match[0]) + rest[match.end() :]
    found.faults += [f"nothing judges “{word}”" for word in LOADED.findall(rest)]
    if not found.statements:
        found.faults.append("nothing in it can be judged")
    found.faults = [f"{fault}: {text}" for fault in found.faults]
    return found
