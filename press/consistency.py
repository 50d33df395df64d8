"""The receipts of results.json in; what does not follow from each other in them, as faults, out.

Nothing of a study is known here: receipts with one stem belong together and say by their last word
what they are (`x.n`, `x.percent`, `x.ci_low`, `x.t`, `x.df`, `x.p_value`, …).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from press.errors import Fault
from press.tokens import tokenise

Receipt = Mapping[str, Any]
Group = Mapping[str, Receipt]
"""The receipts of one stem by their last word."""
PRECISION = 1e-9
"""Relative; results.json holds twelve significant digits."""
_ORDERS = (
    ("minimum", "q1", "median", "q3", "maximum"),
    ("minimum", "mean", "maximum"),
    *(("ci_low", name, "ci_high") for name in ("mean", "estimate", "percent", "median")),
)
"""Words whose values never fall from left to right."""
_PARTS = (("higher", "equal", "lower"), ("known", "missing"))
"""Words that share out the same patients among them wherever they stand side by side."""


def check_receipts(receipts: Mapping[str, Receipt], place: str) -> list[Fault]:
    """Every fault in the receipts, which come by their ids."""
    groups: dict[str, dict[str, Receipt]] = {}
    for key, receipt in receipts.items():
        stem, _, word = key.rpartition(".")
        groups.setdefault(stem, {})[word] = receipt
    faults = [Fault(place, text) for key, of in receipts.items() for text in _text(key, of)]
    for stem, group in groups.items():
        for check in (_orders, _share, _test, _numbers):
            faults += [Fault(place, f"{stem}: {text}") for text in check(group)]
    faults += [Fault(place, text) for text in _sums(groups)]
    return sorted(faults)


def _value(group: Group, word: str) -> float | None:
    """A number of a group; None where it has none or nothing could be estimated."""
    value = group[word]["value"] if word in group else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value is not None else None


def _is_close(one: float, other: float, *, precision: float = PRECISION) -> bool:
    return math.isclose(one, other, rel_tol=precision, abs_tol=PRECISION)


def _text(key: str, receipt: Receipt) -> Iterator[str]:
    """A text with one number in it prints the value, rounded to the digits it shows."""
    value = _value({"": receipt}, "")
    tokens = [token.text for token in tokenise([(str(receipt["text"]), "")])]
    numbers = [word for word in tokens if word[-1].isdigit()]
    if value is None or len(numbers) != 1:
        return
    printed = float(numbers[0].replace("\u2212", "-"))
    half = 0.5 * 10.0 ** -len(numbers[0].partition(".")[2])
    if "<" in tokens or ">" in tokens:
        is_right = value < printed if "<" in tokens else value > printed
    else:
        is_right = abs(value - printed) <= half * (1 + 1e-6)
    if not is_right:
        yield f'{key}: the text "{receipt["text"]}" does not print the value {value:g}'


def _orders(group: Group) -> Iterator[str]:
    """Quartiles rise and an interval holds its estimate."""
    for words in _ORDERS:
        known = [(word, value) for word in words if (value := _value(group, word)) is not None]
        for (low, one), (high, other) in pairwise(known):
            if one > other and not _is_close(one, other):
                yield f"{low} {one:g} is above {high} {other:g}"


def _share(group: Group) -> Iterator[str]:
    """A percentage is that of its count."""
    count, percent = _value(group, "n"), _value(group, "percent")
    if count is None or percent is None:
        return
    total = group["percent"]["n"]
    if not 0 <= count <= total:
        yield f"n is {count:g} of {total}"
    elif total and not _is_close(percent, 100 * count / total):
        yield f"{percent:g}% is not {count:g} of {total}"


def _test(group: Group) -> Iterator[str]:
    """P is two-sided and that of t and df; t is that of mean, standard deviation and n."""
    t, df, p = (_value(group, word) for word in ("t", "df", "p_value"))
    if t is not None and df is not None and p is not None:
        from scipy.special import stdtr

        wanted = 2 * float(stdtr(df, -abs(t)))
        if not _is_close(p, wanted, precision=1e-6):
            yield f"P is {p:g}; t = {t:g} on {df:g} degrees of freedom gives {wanted:g}"
        if not 0 < df < group["t"]["n"]:
            yield f"{df:g} degrees of freedom do not come from n = {group['t']['n']}"
    mean, sd, n = (_value(group, word) for word in ("mean", "sd", "n"))
    if t is not None and mean is not None and sd and n:
        wanted = mean * math.sqrt(n) / sd
        if not _is_close(t, wanted, precision=1e-6):
            yield f"t is {t:g}; mean {mean:g}, SD {sd:g} and n = {n:g} give {wanted:g}"


def _numbers(group: Group) -> Iterator[str]:
    """A summary is of as many values as its own count says."""
    for word, about in (("n", "n"), ("n_missing", "n_missing")):
        count = _value(group, word)
        for name in ("mean", "median", "sd", "t") if count is not None else ():
            if name in group and group[name][about] != count:
                yield f"{word} is {count:g}, but {name} is said to be of {group[name][about]}"


def _sums(groups: Mapping[str, Group]) -> Iterator[str]:
    """Counts that share out the same patients add up to them."""
    children: dict[str, list[str]] = {}
    for stem in groups:
        parent, _, word = stem.rpartition(".")
        children.setdefault(parent, []).append(word)
    for parent, words in children.items():
        sets: list[tuple[str, ...]] = [names for names in _PARTS if set(names) <= set(words)]
        if parent and len(words) > 1 and _is_shared_out(parent, words, groups):
            sets.append(tuple(words))
        for names in sets:
            counts = {name: groups[f"{parent}.{name}"] for name in names}
            yield from _sum(parent, counts)


def _is_shared_out(parent: str, words: list[str], groups: Mapping[str, Group]) -> bool:
    """Whether a stem has nothing but counts of the same total, such as those of each sex."""
    below = [groups[f"{parent}.{word}"] for word in words]
    if parent in groups or any(set(group) != {"n", "percent"} for group in below):
        return False
    prefix = f"{parent}."
    is_deeper = any(stem.startswith(prefix) and "." in stem[len(prefix) :] for stem in groups)
    return not is_deeper and len({group["n"]["n"] for group in below}) == 1


def _sum(parent: str, counts: Mapping[str, Group]) -> Iterator[str]:
    values = {name: _value(group, "n") for name, group in counts.items()}
    totals = {group["n"]["n"] for group in counts.values() if "n" in group}
    known = [value for value in values.values() if value is not None]
    if len(known) == len(values) and len(totals) == 1 and sum(known) != (total := totals.pop()):
        said = ", ".join(f"{name} {value:g}" for name, value in values.items())
        yield f"{parent}: {said} do not add up to {total}"
