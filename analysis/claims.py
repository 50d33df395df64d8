"""Results in, verdicts out: whether the data bear out each statement that claims.yml words.

A predicate is a statement, named as it would read if true. Of a change it is `supported` where
the estimate has the stated sign and the t interval excludes no effect, `weaker` where the interval
includes no effect, `contrary` where the sign is the opposite one, `not_estimable` without estimate
or interval. What the states of a count mean, its predicate says.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from analysis.cohort import failed_drugs
from analysis.paired import Estimated, LeaveOneOut, PairedRatio, PairedT, Scale, survives
from analysis.results import SIGNIFICANCE_LEVEL, Outcome, Results
from analysis.rounding import NOT_ESTIMABLE

State = Literal["supported", "weaker", "contrary", "not_estimable"]
STATES: tuple[State, ...] = ("supported", "weaker", "contrary", "not_estimable")
MODERATE = 2  # the CTCAE grade above mild
STANDS = {True: "stands", False: "does not stand", None: "cannot be told"}
NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True)
class Verdict:
    """The state of a statement, the `values` looked at, and the patients that went in.

    `without_one` says whether the finding survives dropping any one patient: "stands", "does not
    stand", "cannot be told", or, where there is no estimate with an interval, "not applicable".
    """

    state: State
    values: Mapping[str, float | int | None]
    n: int
    n_missing: int = 0
    without_one: str = NOT_APPLICABLE

    @property
    def account(self) -> str:
        """The values looked at, as words."""
        shown = {
            name: NOT_ESTIMABLE if value is None else f"{value:.6g}"
            for name, value in self.values.items()
        }
        return ", ".join(f"{name} {value}" for name, value in shown.items())


Predicate = Callable[[Results], Verdict]


def strength_rose(results: Results) -> Verdict:
    """The MRC sum score rose from baseline to follow-up."""
    return _rose(results.strength.change, results.strength.left_out)


def ck_fell(results: Results) -> Verdict:
    """CK fell from baseline to follow-up."""
    return _fell(results.ck.change, results.ck.left_out)


def ldh_fell(results: Results) -> Verdict:
    """LDH fell from baseline to follow-up."""
    return _fell(results.ldh.change, results.ldh.left_out)


def prednisone_fell(results: Results) -> Verdict:
    """The prednisone dose fell from baseline to follow-up."""
    return _fell(results.prednisone.change, results.prednisone.left_out)


def prednisone_fell_and_stands(results: Results) -> Verdict:
    """The dose fell, also without any one patient; `weaker`: the latter is not known to hold.

    `contrary`: it did not fall by its interval.
    """
    verdict = prednisone_fell(results)
    if verdict.state == "supported" and verdict.without_one != STANDS[True]:
        return replace(verdict, state="weaker")
    return replace(verdict, state="contrary") if verdict.state == "weaker" else verdict


def strength_rose_in_all(results: Results) -> Verdict:
    """Strength was higher at follow-up in all; `weaker`: in some, `contrary`: in none."""
    return _in_all(results.strength.directions.n_higher, results.strength.change.n)


def response_was_lost_in_all(results: Results) -> Verdict:
    """All in whom it can be judged lost the response; `weaker`: some, `contrary`: none."""
    return _in_all(results.loss.lost.events, results.loss.lost.n)


def a_drug_had_failed_in_all(results: Results) -> Verdict:
    """An immunosuppressant had failed in all; `weaker`: in some, `contrary`: in none."""
    drugs = failed_drugs(results.cohort.patients)
    return _in_all(int((drugs > 0).sum()), len(drugs))


def all_are_analysed(results: Results) -> Verdict:
    """All treated patients are in the main analysis; `weaker`: some, `contrary`: none."""
    return _in_all(results.strength.change.n, len(results.cohort.patients))


def adverse_events_were_mild(results: Results) -> Verdict:
    """All events were of grade 1; `weaker`: up to 2; not if one was serious or ended treatment."""
    found = results.safety
    worst, n = found.maximum_grade, found.any_event.n_events
    serious, ended = found.serious.n_events, found.led_to_discontinuation.n_events
    values = {"events": n, "highest grade": worst, "serious": serious, "discontinued": ended}
    if worst is None:
        state: State = "not_estimable"
    elif serious or ended or worst > MODERATE:
        state = "contrary"
    else:
        state = "weaker" if worst == MODERATE else "supported"
    return Verdict(state, values, n=found.any_event.patients.n)


def strength_does_not_hang_on_one(results: Results) -> Verdict:
    """The change in strength stands without any one patient; `weaker`: nor with all of them."""
    return _without_one(results.strength)


def ck_does_not_hang_on_one(results: Results) -> Verdict:
    """The change in CK stands without any one patient; `weaker`: nor with all of them."""
    return _without_one(results.ck)


def prednisone_does_not_hang_on_one(results: Results) -> Verdict:
    """The change in prednisone stands without any one patient; `weaker`: nor with all of them."""
    return _without_one(results.prednisone)


def strength_stands_in_every_analysis(results: Results) -> Verdict:
    """The change in strength stands by other rules too; `weaker`: nor by those of the study."""
    return _robust(results.strength.change, results.strength_variants)


def ck_stands_in_every_analysis(results: Results) -> Verdict:
    """The change in CK stands by other rules too; `weaker`: nor by those of the study."""
    return _robust(results.ck.change, results.ck_variants)


def ranks_of_the_family_can_be_significant(results: Results) -> Verdict:
    """Holm's signed-rank tests can reach significance; `weaker`: not all, `contrary`: none."""
    floors, n = results.family.rank_floors, results.strength.ranks.n_ranked
    can = [floor <= SIGNIFICANCE_LEVEL for floor in floors]
    state: State = "supported" if all(can) else "weaker" if any(can) else "contrary"
    values = {"smallest adjusted P": min(floors, default=None)}
    return Verdict(state if floors else "not_estimable", values, n=n)


def ibm_is_pooled_with_others(results: Results) -> Verdict:
    """The main analysis mixes IBM with others; `weaker`: it has no IBM, `contrary`: IBM alone."""
    n, patients = results.strength.change.n, results.cohort.patients
    both = [f"mrc_sum_score_{moment}" for moment in ("baseline", "follow_up")]
    is_analysed = patients[both].notna().all(axis=1)
    n_others = int((is_analysed & (patients["diagnosis"] != "IBM")).sum())
    state: State = "supported" if 0 < n_others < n else "weaker" if n_others else "contrary"
    values = {"analysed": n, "with another diagnosis": n_others}
    return Verdict(state if n else "not_estimable", values, n=n)


PREDICATES: Mapping[str, Predicate] = {
    predicate.__name__: predicate
    for predicate in (
        strength_rose,
        ck_fell,
        ldh_fell,
        prednisone_fell,
        prednisone_fell_and_stands,
        strength_rose_in_all,
        response_was_lost_in_all,
        a_drug_had_failed_in_all,
        all_are_analysed,
        adverse_events_were_mild,
        strength_does_not_hang_on_one,
        ck_does_not_hang_on_one,
        prednisone_does_not_hang_on_one,
        strength_stands_in_every_analysis,
        ck_stands_in_every_analysis,
        ranks_of_the_family_can_be_significant,
        ibm_is_pooled_with_others,
    )
}


def _rose(change: PairedT | PairedRatio, left_out: tuple[LeaveOneOut, ...]) -> Verdict:
    return _changed(change, left_out, sign=1)


def _fell(change: PairedT | PairedRatio, left_out: tuple[LeaveOneOut, ...]) -> Verdict:
    return _changed(change, left_out, sign=-1)


def _changed(
    change: PairedT | PairedRatio, left_out: tuple[LeaveOneOut, ...], *, sign: int
) -> Verdict:
    scale = _scale(change)
    no_effect = 0.0 if scale == "difference" else 1.0
    values = {"estimate": change.estimate, "ci_low": change.ci_low, "ci_high": change.ci_high}
    if change.estimate is None or change.ci_low is None or change.ci_high is None:
        state: State = "not_estimable"
    elif sign * (change.estimate - no_effect) < 0:
        state = "contrary"
    else:
        state = "supported" if _excludes(change, no_effect) else "weaker"
    stands = survives(change.estimate, left_out, scale=scale)
    without_one = NOT_APPLICABLE if state == "not_estimable" else STANDS[stands]
    return Verdict(state, values, change.n, change.n_missing, without_one)


def _robust(change: PairedT | PairedRatio, others: Sequence[Estimated]) -> Verdict:
    scale = _scale(change)
    no_effect = 0.0 if scale == "difference" else 1.0
    estimates = [row.estimate for row in others if row.estimate is not None]
    values = {
        "smallest": min(estimates, default=None),
        "largest": max(estimates, default=None),
    }
    stands = survives(change.estimate, others, scale=scale)
    if change.ci_low is None or change.ci_high is None or stands is None:
        state: State = "not_estimable"
    elif not _excludes(change, no_effect):
        state = "weaker"
    else:
        state = "supported" if stands else "contrary"
    return Verdict(state, values, change.n, change.n_missing)


def _without_one(of: Outcome[PairedT] | Outcome[PairedRatio]) -> Verdict:
    verdict = _robust(of.change, of.left_out)
    if of.change.ci_low is None:
        return verdict
    stands = survives(of.change.estimate, of.left_out, scale=_scale(of.change))
    return replace(verdict, without_one=STANDS[stands])


def _scale(change: PairedT | PairedRatio) -> Scale:
    return "ratio" if isinstance(change, PairedRatio) else "difference"


def _excludes(change: PairedT | PairedRatio, no_effect: float) -> bool:
    if change.ci_low is None or change.ci_high is None:
        return False
    return change.ci_low > no_effect or change.ci_high < no_effect


def _in_all(part: int, whole: int) -> Verdict:
    state: State = "supported" if part == whole else "weaker" if part else "contrary"
    return Verdict(state if whole else "not_estimable", {"patients": part, "of": whole}, n=whole)
