"""The receipts of two results.json in; the numbers that moved, with what that means, out.

Nothing of a study is known here: what a receipt is, its id says (`x.ci_low` and `x.ci_high`,
`x.p_value`, `x.percent`), and its unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from press.results import Receipt, Receipts

NO_EFFECT_RATIO, NO_EFFECT = 1.0, 0.0
_DIGITS = 12
"""Those that results.json has: 1 - 0.95 is a little more than 0.05, and P = 0.05 not below that."""


@dataclass(frozen=True)
class Changed:
    """One receipt in its old and its new form."""

    old: Receipt
    new: Receipt

    @property
    def id(self) -> str:
        """Their common id."""
        return self.new.id

    @property
    def absolute(self) -> float | None:
        """New minus old value; None unless both are numbers of the same unit."""
        old, new = self.old.number, self.new.number
        if old is None or new is None or self.old.unit != self.new.unit:
            return None
        return new - old

    @property
    def relative(self) -> float | None:
        """The absolute change as a share of the old value's size; None where that is 0."""
        old = self.old.number
        return self.absolute / abs(old) if self.absolute is not None and old else None

    @property
    def is_printed(self) -> bool:
        """Whether readers see another number."""
        return self.old.text != self.new.text

    @property
    def is_moved(self) -> bool:
        """Whether the value is another one, printed or not."""
        return self.old.value != self.new.value


@dataclass(frozen=True)
class Flag:
    """What a moved number means; `id` is the number's, or the stem of an interval."""

    id: str
    kind: str
    text: str


KINDS = {
    "sign": "the sign or the side of no effect turned",
    "interval": "an interval now excludes or includes no effect",
    "threshold": "P is on the other side of the declared threshold",
    "estimable": "a number that was none has a value now, or has none any more",
    "unit": "the unit changed",
    "n": "the n or the number of missing values changed",
}


@dataclass(frozen=True)
class Numbers:
    """The differences between two results.json, claims and verdicts aside.

    `moved` print another number, `unprinted` moved below the digits that are printed, `reworded`
    have another method, unit or n with the same value and text.
    """

    moved: tuple[Changed, ...]
    unprinted: tuple[Changed, ...]
    reworded: tuple[Changed, ...]
    added: tuple[Receipt, ...]
    removed: tuple[Receipt, ...]
    flags: tuple[Flag, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything at all differs."""
        lists = (self.moved, self.unprinted, self.reworded, self.added, self.removed)
        return any(lists)


def compare_numbers(old: Receipts, new: Receipts) -> Numbers:
    """The numbers that differ, by id; the flags in the order of KINDS."""
    both = [Changed(old[id], new[id]) for id in sorted(old.keys() & new.keys())]
    moved = tuple(change for change in both if change.is_printed)
    unprinted = tuple(c for c in both if not c.is_printed and c.is_moved)
    reworded = tuple(c for c in both if not c.is_printed and not c.is_moved and c.old != c.new)
    added = tuple(new[id] for id in sorted(new.keys() - old.keys()))
    removed = tuple(old[id] for id in sorted(old.keys() - new.keys()))
    return Numbers(moved, unprinted, reworded, added, removed, tuple(_flags(both, old, new)))


def _flags(both: list[Changed], old: Receipts, new: Receipts) -> Iterator[Flag]:
    yield from (flag for change in both for flag in _sign(change))
    yield from _intervals(old, new)
    yield from _thresholds(both, old, new)
    yield from (flag for change in both for flag in _estimable(change))
    yield from (flag for change in both for flag in _unit(change))
    yield from (flag for change in both for flag in counts_of(change))


def _no_effect(receipt: Receipt) -> float:
    """The value that means no effect: 1 for a ratio, 0 for a difference."""
    return NO_EFFECT_RATIO if receipt.unit == "ratio" else NO_EFFECT


def _side(receipt: Receipt) -> int:
    """-1 below no effect, 1 above it, 0 at it or where there is no number."""
    number = receipt.number
    none = _no_effect(receipt)
    return 0 if number is None else (number > none) - (number < none)


def _sign(change: Changed) -> Iterator[Flag]:
    """An estimate that is now on the other side, each by its own unit; bounds are no estimates."""
    sides = _side(change.old), _side(change.new)
    is_bound = change.id.endswith((".ci_low", ".ci_high"))
    if sides[0] * sides[1] < 0 and not is_bound:
        yield Flag(change.id, "sign", f"{change.old.text} -> {change.new.text}")


def _intervals(old: Receipts, new: Receipts) -> Iterator[Flag]:
    for id in sorted(old.keys() & new.keys()):
        stem, _, word = id.rpartition(".")
        before, after = (_interval(stem, of) if word == "ci_low" else None for of in (old, new))
        if before is not None and after is not None and before != after:
            texts = (f"{of[id].text} to {of[f'{stem}.ci_high'].text}" for of in (old, new))
            turned = "lies on the other side of" if before * after else "excludes"
            word = turned if after else "includes"
            yield Flag(stem, "interval", f"{' -> '.join(texts)}: now {word} no effect")


def _interval(stem: str, receipts: Receipts) -> int | None:
    """-1 where an interval lies below no effect, 1 above it, 0 around it or up to it.

    None where there is no interval, and for a share, of which no value means no effect.
    """
    bounds = [receipts[id] for end in ("ci_low", "ci_high") if (id := f"{stem}.{end}") in receipts]
    numbers = [bound.number for bound in bounds]
    if len(numbers) < 2 or None in numbers or f"{stem}.percent" in receipts:
        return None
    low, high = map(_side, bounds)
    return low if low == high else 0


def thresholds(receipts: Receipts) -> dict[str, float]:
    """The declared thresholds of P by the id of the receipt that declares them.

    They are the receipts named `significance_level`; where there is none, what the receipts named
    `confidence_level` leave to 1. Both are percentages.
    """
    for word, sign in (("significance_level", 1), ("confidence_level", -1)):
        found = {id: of.number for id, of in receipts.items() if id.split(".")[-1] == word}
        levels = {id: level / 100 for id, level in found.items() if level is not None}
        if levels:
            left = {id: level if sign > 0 else 1 - level for id, level in levels.items()}
            return {id: round(level, _DIGITS) for id, level in left.items()}
    return {}


def _thresholds(both: list[Changed], old: Receipts, new: Receipts) -> Iterator[Flag]:
    """P values now on the other side: the old by the old thresholds, the new by the new."""
    levels = _paired(thresholds(old), thresholds(new))
    for change in both:
        before, after = change.old.number, change.new.number
        if not _is_p(change.id) or before is None or after is None:
            continue
        for first, level in levels:
            if (before < first) != (after < level):
                said = "now below" if after < level else "now not below"
                was = "" if first == level else f", where the threshold was {first:.12g}"
                texts = f"P {change.old.text} -> {change.new.text}"
                yield Flag(change.id, "threshold", f"{texts}: {said} {level:.12g}{was}")


def _paired(old: dict[str, float], new: dict[str, float]) -> list[tuple[float, float]]:
    """Each threshold of the new version, once, after what it was before.

    That is the one of the same id, else the only one that there was. Where nothing says what it
    was, both versions are judged by the new one.
    """
    only = next(iter(old.values())) if len(old) == 1 else None
    return sorted({(old.get(id, level if only is None else only), level)
                   for id, level in new.items()})  # fmt: skip


def _is_p(id: str) -> bool:
    """Whether a receipt is a P value, plain or adjusted by Holm's method."""
    words = id.split(".")
    return words[-1] == "p_value" or "holm" in words


def _estimable(change: Changed) -> Iterator[Flag]:
    if (change.old.value is None) != (change.new.value is None):
        yield Flag(change.id, "estimable", f"{change.old.text} -> {change.new.text}")


def _unit(change: Changed) -> Iterator[Flag]:
    if change.old.unit != change.new.unit:
        yield Flag(change.id, "unit", f"{change.old.unit} -> {change.new.unit}")


def counts_of(change: Changed) -> Iterator[Flag]:
    """The flag of another n or number of missing values."""
    parts = [("n", change.old.n, change.new.n),
             ("missing", change.old.n_missing, change.new.n_missing)]  # fmt: skip
    said = [f"{word} {old} -> {new}" for word, old, new in parts if old != new]
    if said:
        yield Flag(change.id, "n", ", ".join(said))
