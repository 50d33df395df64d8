"""Results in, the receipts of every paired change out: the main analyses and what varies them."""

from functools import partial

from analysis import rounding
from analysis.ledger import Ledger
from analysis.multiplicity import holm
from analysis.paired import PairedRatio, PairedT, leave_one_out, paired_ratio, paired_t
from analysis.power import detectable_change
from analysis.results import FAMILY, POWER, Change, Outcome, Results, compute
from analysis.sensitivity import raised_before_baseline, sensitivity

DIFFERENCE = "paired t-test, follow-up minus baseline"
RATIO = "paired t-test on logarithms, follow-up over baseline"


def enter_all(ledger: Ledger, results: Results) -> None:
    """Enter strength, CK, LDH and prednisone, and the sensitivity of the first two."""
    _difference(ledger, "strength", results.strength, 1, "points")
    _ratio(ledger, "ck", results.ck, "U/L")
    for moment, of in (
        ("before", results.ck_multiple_before),
        ("after", results.ck_multiple_after),
    ):
        ledger.summary(f"ck.multiple.{moment}", of, 1, unit="upper limits of normal")
    _ratio(ledger, "ldh", results.ldh, "U/L")
    _difference(ledger, "prednisone", results.prednisone, 1, "mg/day")
    _sensitivity(ledger, results)
    _variants(ledger, results)
    _limits(ledger, results)
    _family(ledger, results)


def _outcome(ledger: Ledger, id: str, of: Outcome[Change], decimals: int, unit: str) -> None:
    n, n_missing = of.change.n, of.change.n_missing
    ledger.enter(
        f"{id}.pairs.n",
        n,
        str(n),
        unit="patients",
        n=n + n_missing,
        n_missing=n_missing,
        method="patients with both values",
        function=paired_ratio if isinstance(of.change, PairedRatio) else paired_t,
    )
    ledger.summary(f"{id}.before", of.before, decimals, unit=unit)
    ledger.summary(f"{id}.after", of.after, decimals, unit=unit)
    directions = {"higher": "n_higher", "equal": "n_equal", "lower": "n_lower"}
    count = partial(ledger.count, of=n, function=compute)
    for word, field in directions.items():
        count(f"{id}.{word}", getattr(of.directions, field), method=f"{word} at follow-up")
    ledger.ranks(f"{id}.rank", of.ranks, zeros="dropped")
    ledger.ranks(f"{id}.rank_pratt", of.ranks_pratt, zeros="ranked")
    ledger.flips(f"{id}.flip", of.flips)
    ledger.size(f"{id}.size", of.size)
    ledger.enter(
        f"{id}.detectable",
        of.detectable,
        rounding.fixed(of.detectable, 2),
        unit="SDs of the differences",
        n=n,
        method=f"true change that a t-test finds with {rounding.percent(POWER)} power",
        function=detectable_change,
    )


def _difference(ledger: Ledger, id: str, of: Outcome[PairedT], decimals: int, unit: str) -> None:
    _outcome(ledger, id, of, decimals, unit)
    method = DIFFERENCE
    ledger.paired(f"{id}.change", of.change, decimals, unit=unit, method=method)
    ledger.paired(
        f"{id}.without_ibm",
        of.without_ibm,
        decimals,
        unit=unit,
        method=f"{method}, without inclusion body myositis",
    )
    ledger.location(f"{id}.location", of.location, decimals, unit=unit)
    _left_out(ledger, id, of, decimals, unit)


def _ratio(ledger: Ledger, id: str, of: Outcome[PairedRatio], unit: str) -> None:
    _outcome(ledger, id, of, 0, unit)
    method = RATIO
    ledger.paired(f"{id}.ratio", of.change, 2, unit="ratio", method=method)
    ledger.paired(
        f"{id}.without_ibm",
        of.without_ibm,
        2,
        unit="ratio",
        method=f"{method}, without inclusion body myositis",
    )
    ledger.location(f"{id}.location", of.location, 2, unit="ratio")
    _left_out(ledger, id, of, 2, "ratio")


def _left_out(ledger: Ledger, id: str, of: Outcome[Change], decimals: int, unit: str) -> None:
    ledger.others(
        f"{id}.left_out",
        of.left_out,
        decimals,
        unit=unit,
        estimate=of.change.estimate,
        what="analyses that leave out one patient",
        function=leave_one_out,
    )


def _sensitivity(ledger: Ledger, results: Results) -> None:
    of = results.sensitivity
    variants = {
        "window_narrower": (of.narrower, "with a narrower window"),
        "window_wider": (of.wider, "with a wider window"),
        "complete_cases": (of.complete_cases, "patients without a missing value"),
    }
    for name, (changes, how) in variants.items():
        enter = partial(ledger.paired, function=sensitivity)
        method = f"{DIFFERENCE}, {how}"
        enter(f"strength.{name}", changes.strength, 1, unit="points", method=method)
        enter(f"ck.{name}", changes.ck, 2, unit="ratio", method=f"{RATIO}, {how}")
    last = "paired t-test, last known value after the first infusion minus baseline"
    for id, change, unit, method in (
        ("strength.run_in", of.run_in, "points",
         "paired t-test, baseline minus the last visit before its window"),
        ("strength.from_earlier", of.from_earlier, "points",
         "paired t-test, follow-up minus that visit"),
        ("strength.last", of.last, "points", last),
        ("prednisone.run_in", of.prednisone_run_in, "mg/day",
         "paired t-test, baseline minus the last visit before its window"),
        ("prednisone.last", of.prednisone_last, "mg/day", last),
    ):  # fmt: skip
        ledger.paired(id, change, 1, unit=unit, method=method, function=sensitivity)
    ledger.count(
        "prednisone.raised",
        raised_before_baseline(results.cohort),
        of=of.prednisone_run_in.n,
        method="dose at baseline above that at the last visit before its window",
        function=raised_before_baseline,
    )
    for name, n_same in (("narrower", of.n_same_narrower), ("wider", of.n_same_wider)):
        ledger.count(
            f"cohort.same_visit_{name}",
            n_same,
            of=len(results.cohort.patients),
            method=f"patients with the same follow-up visit, or none, in the {name} window",
            function=sensitivity,
        )
    method = f"{DIFFERENCE}, CK not on its logarithm"
    ledger.paired("ck.raw", of.ck_u_l, 0, unit="U/L", method=method, function=sensitivity)


def _variants(ledger: Ledger, results: Results) -> None:
    enter = partial(
        ledger.others,
        what="analyses by other rules than the main one",
        function=compute,
    )
    strength, ck = results.strength.change.estimate, results.ck.change.estimate
    variants = results.strength_variants
    enter("strength.variants", variants, 1, unit="points", estimate=strength)
    enter("ck.variants", results.ck_variants, 2, unit="ratio", estimate=ck)


def _limits(ledger: Ledger, results: Results) -> None:
    limits, n = results.limits, results.strength.change.n
    for end in ("lowest", "highest"):
        for moment in ("before", "after"):
            ledger.count(
                f"strength.{end}_{moment}",
                getattr(limits, f"n_{end}_{moment}"),
                of=n,
                method=f"{end} possible score",
                function=compute,
            )


def _family(ledger: Ledger, results: Results) -> None:
    family = results.family
    method = f"Holm, as if the {len(FAMILY)} outcomes were a family of main outcomes"
    for i, id in enumerate(FAMILY):
        for kind, values in (("t_test", family.t), ("rank_test", family.ranks)):
            p = values[i]
            text = rounding.p_value(p)
            n = results.strength.change.n if id == "strength" else results.ck.change.n
            ledger.enter(f"{id}.holm.{kind}", p, text, n=n, method=method, function=holm)
    smallest = min(family.rank_floors, default=None)
    ledger.enter(
        "family.rank.floor",
        smallest,
        rounding.p_value(smallest),
        n=min(results.strength.ranks.n_ranked, results.ck.ranks.n_ranked),
        method=f"{method}: the smallest P that exact signed-rank tests can give",
        function=holm,
    )
