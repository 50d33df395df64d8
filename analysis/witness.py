"""Results in, the published abstract as a witness out: eleven facts, and what these data say.

The facts P1 to P11 are those of Sunzini et al., International Trends in Immunity 2013;1:40-43. A
fact is met, not met, or cannot be told from the data at hand; nothing else in the analysis depends
on it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analysis import rounding
from analysis.cohort import failed_drugs
from analysis.ledger import Ledger
from analysis.listed import DIAGNOSES
from analysis.paired import PairedRatio, PairedT
from analysis.receipts import Receipt
from analysis.results import Results

VERDICTS = ("agrees", "differs", "cannot be told")
Verdict = Literal["agrees", "differs", "cannot be told"]
FIRST_YEAR, LAST_YEAR = 2004, 2012
N_PATIENTS = 6
DOSES_G_KG = (1.0, 2.0)
INFUSION_DAYS = 5
STRENGTH_P, ENZYME_P = 0.01, 0.05
MILD_GRADE = 1
DAYS_A_YEAR = 365
PUBLISHED: Mapping[int, str] = {
    1: "a retrospective series from a single centre, 2004 to 2012",
    2: "six patients",
    3: "polymyositis, dermatomyositis or inclusion body myositis",
    4: "IVIg as rescue therapy in all patients",
    5: "1 to 2 g/kg given over 5 days, periodically",
    6: "muscle strength better in all patients, P < 0.01",
    7: "muscle enzymes lower, P < 0.05",
    8: "adverse events mild and tolerable",
    9: "steroid-sparing after other immunosuppressants had failed",
    10: "a progressive loss of response in all patients, after a variable number of cycles",
    11: "an effective rescue therapy; larger controlled studies are needed",
}


@dataclass(frozen=True)
class Finding:
    """What these data say to one published fact, in plain words, and whether they agree."""

    verdict: Verdict
    found: str
    n: int


def findings(results: Results) -> Mapping[int, Finding]:
    """The finding on every fact, by its number."""
    witnesses = (_years, _size, _diagnoses, _rescue, _doses, _strength, _enzymes)
    later = (_adverse_events, _prednisone, _loss, _conclusion)
    return {i: ask(results) for i, ask in enumerate((*witnesses, *later), start=1)}


def witness_receipts(results: Results) -> Mapping[str, Receipt]:
    """A receipt a fact, `witness.p1` and so on, and how many agree, differ or cannot be told."""
    ledger = Ledger()
    found = findings(results)
    for i, one in found.items():
        published = f"published: {PUBLISHED[i]}"
        id = f"witness.p{i}"
        ledger.enter(id, one.verdict, one.found, n=one.n, method=published, function=findings)
    for name, verdict in zip(("agrees", "differs", "untold"), VERDICTS, strict=True):
        count = sum(one.verdict == verdict for one in found.values())
        ledger.count(
            f"witness.{name}",
            count,
            of=len(found),
            unit="facts",
            method=f"published facts: {verdict}",
            function=findings,
        )
    return ledger.receipts


def _told(is_met: bool | None) -> Verdict:
    return "cannot be told" if is_met is None else "agrees" if is_met else "differs"


def _n(results: Results) -> int:
    return len(results.cohort.patients)


def _count(n: int, one: str, more: str) -> str:
    return f"{n} {one if n == 1 else more}"


def _years(results: Results) -> Finding:
    """First and last record of every patient; the day of the year is not known, so at worst."""
    patients, n = results.cohort.patients, _n(results)
    if not n:
        return Finding("cannot be told", "no patient", 0)
    first_day = results.cohort.visits.groupby("patient")["visit_day"].min().astype(float)
    start_day = patients["patient"].map(first_day).fillna(0.0).clip(upper=0.0)
    years = patients["first_ivig_year"].astype(int)
    first, last = years + start_day / DAYS_A_YEAR, years + patients["last_day"] / DAYS_A_YEAR
    earliest, latest = math.floor(first.min()), math.ceil(last.max())
    is_certain = earliest >= FIRST_YEAR and latest <= LAST_YEAR
    is_outside = math.ceil(first.min()) < FIRST_YEAR or math.floor(last.max()) > LAST_YEAR
    start = f"{years.min()}" if years.min() == years.max() else f"{years.min()} to {years.max()}"
    found = f"first infusions {start}, records at most from {earliest} to {latest}"
    return Finding(_told(True if is_certain else False if is_outside else None), found, n)


def _size(results: Results) -> Finding:
    n = _n(results)
    return Finding(_told(n == N_PATIENTS), _count(n, "patient", "patients"), n)


def _diagnoses(results: Results) -> Finding:
    """Read as it naturally is: all three occur, and no other."""
    found = results.cohort.patients["diagnosis"].value_counts().to_dict()
    shown = ", ".join(f"{name} {found.get(name, 0)}" for name in DIAGNOSES)
    is_met = set(found) == set(DIAGNOSES) if found else None
    return Finding(_told(is_met), shown, _n(results))


def _rescue(results: Results) -> Finding:
    n = _n(results)
    had = int((failed_drugs(results.cohort.patients) > 0).sum())
    found = f"a failed immunosuppressant recorded in {had} of {n} patients"
    return Finding(_told(had == n if n else None), found, n)


def _doses(results: Results) -> Finding:
    cycles, n = results.cohort.cycles, len(results.cohort.cycles)
    if not n:
        return Finding("cannot be told", "no cycle", 0)
    low, high = DOSES_G_KG
    is_as_published = cycles["dose_g_kg"].between(low, high) & (
        cycles["infusion_days"] == INFUSION_DAYS
    )
    repeated = int((results.cohort.patients["n_cycles"] > 1).sum())
    found = (
        f"{rounding.fixed(low, 0)} to {rounding.fixed(high, 0)} g/kg over {INFUSION_DAYS} days in "
        f"{int(is_as_published.sum())} of {n} cycles; more than one cycle in {repeated} of "
        f"{_n(results)} patients"
    )
    return Finding(_told(bool(is_as_published.all()) and repeated == _n(results)), found, n)


def _strength(results: Results) -> Finding:
    change, higher = results.strength.change, results.strength.directions.n_higher
    found = f"higher in {higher} of {change.n} patients, {_p(change)}"
    is_met = False if higher < change.n else _below(change, STRENGTH_P)
    is_known_of_all = change.n == _n(results)
    return Finding(_told(None if is_met and not is_known_of_all else is_met), found, change.n)


def _enzymes(results: Results) -> Finding:
    change = results.ck.change
    ratio = rounding.ratio(change.estimate, 2)
    ldh = results.ldh.change
    found = (
        f"CK in {_count(change.n, 'patient', 'patients')}: ratio {ratio}, {_p(change)} (LDH in "
        f"{ldh.n}: {rounding.ratio(ldh.estimate, 2)}, {_p(ldh)})"
    )
    if change.estimate is not None and change.estimate >= 1:
        return Finding("differs", found, change.n)
    return Finding(_told(_below(change, ENZYME_P)), found, change.n)


def _adverse_events(results: Results) -> Finding:
    found = results.safety
    worst, n = found.maximum_grade, found.any_event.patients.n
    if worst is None:
        return Finding("cannot be told", "no adverse event recorded", n)
    serious, ended = found.serious.n_events, found.led_to_discontinuation.n_events
    shown = f"highest grade {worst}, {serious} serious, {ended} leading to discontinuation"
    return Finding(_told(worst <= MILD_GRADE and not serious and not ended), shown, n)


def _prednisone(results: Results) -> Finding:
    """The number of patients is not published: the mean fell, clearly or in more than rose."""
    change, directions = results.prednisone.change, results.prednisone.directions
    lower = directions.n_lower
    mean = rounding.signed(change.estimate, 1) + (" mg/day" if change.n else "")
    found = f"prednisone lower in {lower} of {change.n} patients, mean change {mean}"
    nobody_has_any = not (results.cohort.before("prednisone_mg_day") > 0).any()
    if change.estimate is None or nobody_has_any:
        return Finding("cannot be told", found, change.n)
    is_clear = change.ci_high is not None and change.ci_high < 0
    is_met = change.estimate < 0 and (is_clear or lower > directions.n_higher)
    is_known_of_all = change.n == _n(results)
    return Finding(_told(None if is_met and not is_known_of_all else is_met), found, change.n)


def _loss(results: Results) -> Finding:
    loss, n = results.loss, _n(results)
    at = sorted({cycle for cycle in loss.cycles.values() if cycle is not None})
    found = f"lost in {loss.lost.events} of {loss.lost.n} patients in whom it can be judged"
    if at:
        found += f", at cycle {at[0]}" + (f" to {at[-1]}" if len(at) > 1 else "")
    if loss.lost.events < loss.lost.n:
        return Finding("differs", found, n)
    if loss.lost.n < n or loss.lost.n < 2:
        return Finding("cannot be told", found, n)
    return Finding(_told(len(at) > 1), found, n)


def _conclusion(results: Results) -> Finding:
    """Of efficacy no cohort without controls can tell."""
    found = "no control group, so whether IVIg is effective is open; the Conclusion makes the call"
    return Finding("cannot be told", found, _n(results))


def _below(change: PairedT | PairedRatio, threshold: float) -> bool | None:
    return None if change.p_value is None else change.p_value < threshold


def _p(change: PairedT | PairedRatio) -> str:
    text = rounding.p_value(change.p_value)
    return f"paired t-test, P {'= ' if text[0].isdigit() else ''}{text}"
