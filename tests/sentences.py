"""A sentence of the article and the truth of the tables in, what of it does not hold out.

A sentence is taken apart into statements (a direction, a count, an interval, a grade); each is
compared with the tables by `tests.oracle`; nothing here knows the analysis or claims.yml. A numeral
or loaded word that no statement covers is a fault, so that no claim passes unread: a new wording
needs a new statement here.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from tests.oracle import NOISE, Change, Truth

NUMBER = r"((?:[<>] )?[+−]?\d+(?:\.\d+)?)"
VALUE = rf"(?:{NUMBER}|not estimable)"
ESTIMATE = rf"{VALUE}(?: points| mg/day)?(?: \(95% CI {VALUE}(?: to {NUMBER})?\))?"
RULES = (
    "(with another follow-up window(?:, in complete cases and without inclusion body myositis|"
    " and in complete cases))"
)
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


def _rest(truth: Truth, _: str, said: Groups) -> bool:
    return is_estimate(truth.change("strength", without="IBM"), said[1:]) and agrees(
        said[0], truth.change("strength", without="IBM").n
    )


def _left_out(truth: Truth, about: str, said: Groups) -> bool:
    low, high = truth.change(about).left_out() or (None, None)
    return agrees(said[0], low) and agrees(said[1] or said[0], high)


def _variants(truth: Truth, about: str, said: Groups) -> bool:
    said = said[-2:]
    found = [value for each in truth.variants(about) if (value := each.estimate()) is not None]
    low, high = (min(found), max(found)) if found else (None, None)
    return agrees(said[0], low) and agrees(said[1] or said[0], high)


def _variants_fail(truth: Truth, about: str, said: Groups) -> bool:
    told = truth.variants_stand(about)
    return _rules(truth, about, said) and is_part(said[1], told.count(False), len(told))


def _rules(truth: Truth, about: str, said: Groups) -> bool:
    """Whether inclusion body myositis is left out just where that leaves some patients."""
    return ("inclusion" in str(said[0])) == truth.has_ibm_and_others(about)


def _false_losses(truth: Truth, _: str, said: Groups) -> bool:
    """The chances by draws of our own, within four standard errors of both simulations."""
    return all(
        abs(float(str(share)) / 100 - found.mean) <= 4 * found.standard_error + 0.01
        for sd, share in ((said[0], said[2]), (said[1], said[3]))
        for found in [truth.false_losses(float(str(sd)))]
    )


def _variants_untold(truth: Truth, about: str) -> bool:
    told = truth.variants_stand(about)
    return truth.change(about).direction() == "untested" or (None in told and False not in told)


def _lost(truth: Truth, _: str, said: Groups) -> bool:
    return is_part(said[0], len(truth.lost_at), len(truth.losses))


def _lost_share(truth: Truth, _: str, said: Groups) -> bool:
    low, high = truth.share(len(truth.lost_at), len(truth.losses))
    return _lost(truth, _, said) and agrees(said[1], low) and agrees(said[2], high)


def _lost_when(truth: Truth, _: str, said: Groups) -> bool:
    at = truth.lost_at
    one, median, low, high = said
    if one or not at:
        return set(at) == {int(one or 0)}
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
    # The main analyses by other rules.
    (rf"{RULES} the (?:mean change|ratio) was {NUMBER}(?: to {NUMBER})?(?: points)?(?=\.$)",
     _variants),
    (r"(?:(?<=: there)|(?<=sign turned;)|(?<=changed sides;)) the (?:mean change|ratio) was "
     rf"{NUMBER}(?: to {NUMBER})?(?: points)?(?=[.,])", _variants),
    (rf"The finding for \w+ also stands {RULES}",
     lambda t, a, g: set(t.variants_stand(a)) == {True} and _rules(t, a, g)),
    ("each time with an interval that excludes (?:zero|one)",
     lambda t, a, g: set(t.variants_stand(a)) == {True}),
    (r"The interval of the .* includes (?:zero|one) in the main analysis",
     lambda t, a, g: t.change(a).direction() == "did not clearly change"),
    ("does not stand in every analysis",
     lambda t, a, g: t.change(a).direction() in ("rose", "fell")),
    (rf"of the analyses {RULES}, in {QUANTITY} the interval included (?:zero|one) or the "
     "(?:sign|ratio)", _variants_fail),
    (rf"Whether the finding for \w+ also stands {RULES} cannot be told",
     lambda t, a, g: _variants_untold(t, a) and _rules(t, a, g)),
    (rf"the smallest P value that they could give, whatever the signs of the changes, is {NUMBER}",
     lambda t, a, g: agrees(g[0], t.smallest_holm())),
    (r"can never reach the 5% level after Holm’s adjustment",
     lambda t, a, g: (t.smallest_holm() or 0) > 0.05),
    (rf"could after Holm’s adjustment give a P value as small as {NUMBER}",
     lambda t, a, g: agrees(g[0], t.smallest_holm())),
    ("but not each of them a P value within the 5% level",
     lambda t, a, g: (t.smallest_holm() or 1) <= 0.05 < t.largest_floor()),
    ("there are not both exact signed-rank tests", lambda t, a, g: t.smallest_holm() is None),
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
    ("those without a baseline score, without a pre-infusion visit in the follow-up window, or "
     "without a score at that visit are left out",
     lambda t, a, g: _pairs(t, a) < t.n),
    ("and says nothing about the change in strength", lambda t, a, g: _pairs(t, a) == 0),
    (rf"With {NUMBER} patients? treated, (?:the main analysis is empty|nothing can be said of)",
     lambda t, a, g: agrees(g[0], t.n) and t.n == 0),
    # Directions, estimates, tests.
    ("a finding that does not stand without every patient",
     lambda t, a, g: t.change(a).direction() == "fell" and t.change(a).stands() is False),
    ("a finding that cannot be tested without every patient",
     lambda t, a, g: t.change(a).direction() == "fell" and t.change(a).stands() is None),
    (rf"the score was higher at follow-up in {NUMBER}, equal in {NUMBER} and lower in {NUMBER}",
     lambda t, a, g: [int(str(x)) for x in g] == [
         int(found.sum()) for d in [t.change(a).differences] for found in (d > 0, d == 0, d < 0)]),
    ("did not clearly change|rose|fell",
     lambda t, a, g: t.change(a).direction() == g[-1]),
    ("could not be t-tested|No t interval and no t-test of the change|No t interval of the change|"
     "no t interval of its change can be given",
     lambda t, a, g: t.change(a).direction() == "untested"),
    (rf"(?:leaving|Leaving) out each(?: patient)? in turn, (?:it|the ratio|the mean change(?: in "
     rf"the dose)?) was {NUMBER}(?: to {NUMBER})?", _left_out),
    (rf"(?:mean change|mean ratio of follow-up to baseline|the ratio) was {ESTIMATE}",
     lambda t, a, g: is_estimate(t.change(a), g)),
    (rf"\bP (?:= )?{VALUE}", lambda t, a, g: agrees(g[0], t.change(a).p_value())),
    ("an interval that includes (?:zero|one)|The interval of the .* includes (?:zero|one) with all "
     "patients in",
     lambda t, a, g: t.change(a).direction() == "did not clearly change"),
    (rf"known at both visits in {NUMBER} patients?", lambda t, a, g: agrees(g[0], _pairs(t, a))),
    (rf"{NUMBER} patients? whose [\w ]+ is known at both visits",
     lambda t, a, g: agrees(g[0], _pairs(t, a))),
    (rf"(?i)higher at follow-up in {QUANTITY} patients",
     lambda t, a, g: is_part(g[0], int((t.change(a).differences > 0).sum()), _pairs(t, a))),
    (rf", equal in {NUMBER} and lower in {NUMBER}",
     lambda t, a, g: [int(str(x)) for x in g] == [
         int(found.sum()) for d in [t.change(a).differences] for found in (d == 0, d < 0)]),
    (rf"known for {QUANTITY} patients, so that nobody can be called stronger or weaker",
     lambda t, a, g: is_part(g[0], 0, t.n) and _pairs(t, a) == 0),
    # One patient left out.
    ("Without any one patient the .* (?:keeps its sign and its interval excludes zero|stays "
     "on the same side of one and so does its interval)",
     lambda t, a, g: t.change(a).stands() is True),
    ("does not stand without every patient",
     lambda t, a, g: t.change(a).stands() is False and t.change(a).direction() in ("rose", "fell")),
    (rf"in {QUANTITY} removals its interval included (?:zero|one) or (?:its sign turned|the ratio "
     "changed sides)",
     lambda t, a, g: is_part(g[0], t.change(a).each_stands().count(False), _pairs(t, a))),
    (rf"hangs on one patient cannot be told: with {NUMBER} pairs? of \w+, what is left without a "
     "patient is too little, or without spread, for an interval",
     lambda t, a, g: agrees(g[0], _pairs(t, a))
     and t.change(a).is_too_little_without_one()),
    # Loss of response.
    ("in how many by error of measurement alone is not known", lambda t, a, g: bool(t.lost_at)),
    (rf"errors of measurement of {NUMBER} to {NUMBER} points \(standard deviation\), a range "
     r"assumed and not known, would alone meet it in (?:[<>] )?(\d+)% to (?:[<>] )?(\d+)% of such "
     "courses", _false_losses),
    (rf"A loss of response met the definition in {QUANTITY} patients in whom it could be judged "
     rf"\(95% CI {NUMBER}% to {NUMBER}%\)", _lost_share),
    (rf"The response was lost, by the definition used here, in {QUANTITY} patients", _lost),
    (rf"at (?:cycle {NUMBER}|a median of cycle {NUMBER} \(range {NUMBER} to {NUMBER}\))",
     _lost_when),
    ("nobody in whom a loss of response can be judged|"
     "Whether a response was lost could be judged in nobody",
     lambda t, a, g: not t.losses),
    # Adverse events; mild is grade 1, moderate grade 2 in the dictionary of the data.
    ("adverse events were mild or moderate", lambda t, a, g: _is_mild(t, 2) and t.worst == 2),
    ("adverse events were mild", lambda t, a, g: _is_mild(t, 1)),
    ("not all mild and without consequence",
     lambda t, a, g: t.worst > 1 or t.flagged("serious") + t.flagged("led_to_discontinuation") > 0),
    (rf"the highest grade was {NUMBER}", lambda t, a, g: agrees(g[0], t.worst)),
    (rf"{NUMBER} of them counted as serious", lambda t, a, g: agrees(g[0], t.flagged("serious"))),
    (rf"and {NUMBER} led to discontinuation",
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
Holds = Callable[[Truth], bool]
WITNESS: dict[str, Holds] = {
    "P2": lambda t: t.n == 6,
    "P3": lambda t: set(t.patients["diagnosis"]) == {"PM", "DM", "IBM"},
    "P4": lambda t: t.rescued == t.n > 0,
    "P6": lambda t: (
        bool((t.change("strength").differences > 0).all())
        and (t.change("strength").p_value() or 1) < 0.01
    ),
    "P7": lambda t: (t.change("ck").estimate() or 1) < 1 and (t.change("ck").p_value() or 1) < 0.05,
    "P8": lambda t: _is_mild(t, 1) and not t.flagged("led_to_discontinuation"),
    "P9": lambda t: (t.change("prednisone").estimate() or 0) < 0,
    "P10": lambda t: len(set(t.lost_at)) > 1 and len(t.lost_at) == t.n,
}
"""The facts of the published abstract that the tables can meet: stronger in all, P < 0.01, ..."""
SURE: dict[str, Holds] = {"P9": lambda t: t.change("prednisone").direction() == "fell"}
"""Where a mean alone does not settle it: what must not be called a difference."""
LOADED = re.compile(
    r"\S*\d\S*|\b(?:rose|fell|higher|lower|equal|stronger|weaker|better|worse(?= was)|improved|all|"
    r"none|nobody|alone|half|only|mild|moderate|severe|serious|grade|significant(?:ly)?|lost|"
    r"failed|hangs|stands|not estimable)\b"
)
"""What a claim may not say unless a statement covers it."""


def is_witness_right(number: str, verdict: str, truth: Truth) -> bool:
    """Whether the tables bear out "agrees" or "differs"; no table contradicts "cannot be told"."""
    if verdict == "differs":
        return not SURE.get(number, WITNESS[number])(truth)
    return verdict != "agrees" or WITNESS[number](truth)


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
