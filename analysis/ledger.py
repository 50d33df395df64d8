"""Estimates in, receipts out: how each kind of statistic becomes receipts under one prefix."""

from collections.abc import Callable, Sequence
from functools import partial

from analysis import describe, rounding
from analysis.describe import Proportion, Summary
from analysis.paired import (
    Estimated,
    PairedRatio,
    PairedT,
    StandardisedChange,
    overturning,
    paired_ratio,
    paired_t,
    standardised_change,
)
from analysis.permutation import SignFlip, sign_flip
from analysis.ranks import HodgesLehmann, SignedRank, Zeros, hodges_lehmann, signed_rank
from analysis.receipts import Receipt, dotted

SUMMARY_METHODS = {
    "mean": "arithmetic mean",
    "sd": "sample standard deviation",
    "median": "median",
    "q1": "first quartile (type 7)",
    "q3": "third quartile (type 7)",
    "minimum": "minimum",
    "maximum": "maximum",
}
COUNT_METHODS = {"n": "values known", "n_missing": "values missing"}

Function = Callable[..., object]
"""What computed a number; an estimate's type tells it where one function makes that type."""


class Ledger:
    """The receipts entered so far, by id; an id is entered once."""

    def __init__(self) -> None:
        """Start empty."""
        self.receipts: dict[str, Receipt] = {}

    def enter(
        self,
        id: str,
        value: float | int | str | None,
        text: str,
        *,
        unit: str = "1",
        n: int,
        n_missing: int = 0,
        method: str,
        function: Function,
    ) -> None:
        """Enter one receipt; a second one of the same id is an error of the program."""
        if id in self.receipts:
            raise ValueError(f"the receipt {id!r} is entered twice")
        self.receipts[id] = Receipt(id, value, text, unit, n, n_missing, method, dotted(function))

    def count(
        self,
        id: str,
        value: int,
        *,
        of: int,
        method: str,
        function: Function,
        unit: str = "patients",
    ) -> None:
        """Enter a number of patients (or of `unit`) among `of`, and its percentage of them."""
        enter = partial(self.enter, n=of)
        number = int(value)
        enter(f"{id}.n", number, str(number), unit=unit, method=method, function=function)
        share = value / of if of else None
        text = rounding.percent(share)
        percentage = None if share is None else 100 * share
        how = f"share of {of} {unit}"
        enter(f"{id}.percent", percentage, text, unit="%", method=how, function=Ledger.count)

    def rule(self, id: str, value: float, text: str, *, unit: str, function: Function) -> None:
        """Enter a number that was decided, not computed; `function` is what goes by it."""
        method = "rule of the analysis"
        self.enter(id, value, text, unit=unit, n=0, method=method, function=function)

    def summary(
        self,
        id: str,
        of: Summary,
        decimals: int | None,
        *,
        unit: str,
        only: str = "",
        what: str = "patients",
    ) -> None:
        """Enter the statistics of a summary (`only` those named, separated by spaces).

        `decimals` None is for whole numbers, whose quartiles may need one decimal.
        """
        enter = partial(self.enter, n=of.n, n_missing=of.n_missing, function=describe.summary)
        for name, method in COUNT_METHODS.items():
            value = getattr(of, name)
            enter(f"{id}.{name}", value, str(value), unit=what, method=method)
        for name in only.split() or SUMMARY_METHODS:
            value = getattr(of, name)
            enter(
                f"{id}.{name}",
                value,
                rounding.counted(value) if decimals is None else rounding.fixed(value, decimals),
                unit=unit,
                method=f"{SUMMARY_METHODS[name]} over {what}",
            )

    def paired(
        self,
        id: str,
        of: PairedT | PairedRatio,
        decimals: int,
        *,
        unit: str,
        method: str,
        function: Function | None = None,
    ) -> None:
        """Enter a paired t-test: estimate, interval, level, statistic, degrees of freedom, P."""
        is_ratio = isinstance(of, PairedRatio)
        shown = rounding.ratio if is_ratio else rounding.difference
        function = function or (paired_ratio if is_ratio else paired_t)
        enter = partial(
            self.enter, n=of.n, n_missing=of.n_missing, method=method, function=function
        )
        estimates = {"mean": of.estimate, "ci_low": of.ci_low, "ci_high": of.ci_high}
        for name, value in estimates.items():
            enter(f"{id}.{name}", value, shown(value, decimals), unit=unit)
        if isinstance(of, PairedT):
            text = rounding.fixed(of.sd, decimals)
            enter(f"{id}.sd", of.sd, text, unit=unit)
        enter(f"{id}.n", of.n, str(of.n), unit="patients")
        enter(f"{id}.t", of.statistic, rounding.fixed(of.statistic, 2))
        enter(f"{id}.df", of.df, rounding.fixed(of.df, 0))
        enter(f"{id}.p_value", of.p_value, rounding.p_value(of.p_value))

    def ranks(self, id: str, of: SignedRank, *, zeros: Zeros) -> None:
        """Enter a signed-rank test: W+, P, the smallest P attainable, pairs ranked."""
        method = f"{of.method} signed-rank test, zeros {zeros}, mid-ranks"
        enter = partial(
            self.enter, n=of.n, n_missing=of.n_missing, method=method, function=signed_rank
        )
        enter(f"{id}.statistic", of.statistic, rounding.fixed(of.statistic, 1))
        enter(f"{id}.p_value", of.p_value, rounding.p_value(of.p_value))
        enter(f"{id}.floor", *_floor(of))
        enter(f"{id}.ranked.n", of.n_ranked, str(of.n_ranked), unit="pairs")

    def flips(self, id: str, of: SignFlip) -> None:
        """Enter a sign-flip permutation test: P and the smallest P attainable."""
        method = f"{of.method} sign-flip permutation test of the mean"
        enter = partial(
            self.enter, n=of.n, n_missing=of.n_missing, method=method, function=sign_flip
        )
        enter(f"{id}.p_value", of.p_value, rounding.p_value(of.p_value))
        enter(f"{id}.floor", *_floor(of))

    def size(self, id: str, of: StandardisedChange) -> None:
        """Enter a standardised change: d_z with its interval, and g_z."""
        enter = partial(
            self.enter, n=of.n, n_missing=of.n_missing, unit="SDs", function=standardised_change
        )
        method = "mean difference over the SD of the differences, noncentral t interval"
        for name in ("d_z", "ci_low", "ci_high"):
            value = getattr(of, name)
            enter(f"{id}.{name}", value, rounding.fixed(value, 2), method=method)
        method = "d_z without its small-sample bias"
        enter(f"{id}.g_z", of.g_z, rounding.fixed(of.g_z, 2), method=method)

    def location(self, id: str, of: HodgesLehmann, decimals: int, *, unit: str) -> None:
        """Enter a Hodges-Lehmann estimate with its exact interval and the level it attains."""
        method = f"Hodges-Lehmann estimate, {of.method} interval"
        enter = partial(
            self.enter, n=of.n, n_missing=of.n_missing, method=method, function=hodges_lehmann
        )
        shown = rounding.ratio if unit == "ratio" else rounding.difference
        for name in ("estimate", "ci_low", "ci_high"):
            value = getattr(of, name)
            enter(f"{id}.{name}", value, shown(value, decimals), unit=unit)
        percentage = None if of.attained_level is None else 100 * of.attained_level
        text = rounding.level(of.attained_level)
        enter(f"{id}.level", percentage, text, unit="%")

    def proportion(
        self,
        id: str,
        of: Proportion,
        *,
        unit: str = "patients",
        method: str,
        function: Function = describe.proportion,
    ) -> None:
        """Enter a count that `function` made, its percentage and Clopper-Pearson interval."""
        self.count(id, of.events, of=of.n, method=method, function=function, unit=unit)
        for name, value in (("ci_low", of.ci_low), ("ci_high", of.ci_high)):
            percentage = None if value is None else 100 * value
            text = rounding.percent(value)
            how = "Clopper-Pearson interval"
            self.enter(
                f"{id}.{name}",
                percentage,
                text,
                unit="%",
                n=of.n,
                method=how,
                function=describe.proportion,
            )

    def others(
        self,
        id: str,
        of: Sequence[Estimated],
        decimals: int,
        *,
        unit: str,
        estimate: float | None,
        what: str,
        function: Function,
    ) -> None:
        """Enter the smallest and largest estimate of other analyses, and how many overturn it.

        `estimate` is that of the main analysis; `what` says what the others are.
        """
        failing = overturning(estimate, of, scale="ratio" if unit == "ratio" else "difference")
        count = partial(self.enter, unit="analyses", n=len(of))
        count(f"{id}.n", len(of), str(len(of)), method=what, function=function)
        how = f"{what}: the sign turns or the interval includes no effect"
        count(f"{id}.failing.n", failing, str(failing), method=how, function=overturning)
        estimates = [each.estimate for each in of if each.estimate is not None]
        enter = partial(self.enter, unit=unit, n=len(estimates), function=function)
        shown = rounding.ratio if unit == "ratio" else rounding.difference
        for name, pick in (("minimum", min), ("maximum", max)):
            value = pick(estimates) if estimates else None
            text = shown(value, decimals)
            enter(f"{id}.{name}", value, text, method=f"{name} of {what}")


def _floor(of: SignedRank | SignFlip) -> tuple[float | None, str]:
    """The smallest P attainable and its text; a normal approximation has none."""
    if of.method != "exact":
        return None, rounding.NOT_APPLICABLE
    return of.p_value_floor, rounding.p_value(of.p_value_floor)
