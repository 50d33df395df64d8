"""What changed in, the words by which terminal and page say it alike, out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from press.compare.data import DataChange
from press.compare.figures import LABEL, FigureChange
from press.compare.receipts import KINDS, Changed, Flag

REWORDED = "with another method, unit or n"
GROUNDS = "resting on other numbers, n or method"
"""What is said of numbers, and of claims, whose text may be the same."""
_DECIMALS = re.compile(r"\d\.(\d+)")
_SILENT = ("1", "%")
"""Units that are not written behind a number: none, and the one that its text has."""


def unit_of(change: Changed) -> str:
    """The unit to write beside a number; both where it changed."""
    units = dict.fromkeys((change.old.unit, change.new.unit))
    if len(units) > 1:
        return " -> ".join(units)
    return "" if change.new.unit in _SILENT else change.new.unit


def absolute_of(change: Changed) -> str:
    """New minus old, to one digit more than is printed; nothing where they are no numbers."""
    if change.absolute is None:
        return ""
    if not change.is_moved:
        return "same value"
    found = [_DECIMALS.search(of.text) for of in (change.old, change.new)]
    decimals = 1 + max(len(match[1]) if match else 0 for match in found)
    rounded = f"{change.absolute:+.{decimals}f}".rstrip("0").rstrip(".")
    size = f"{change.absolute:+.1g}" if rounded in ("+", "-", "+0", "-0") else rounded
    return f"{size} percentage points" if change.new.unit == "%" else size


def relative_of(change: Changed) -> str:
    """The change as a percentage of the old value's size; nothing where one of these is 0."""
    if change.relative is None or not change.is_moved:
        return ""
    return f"{100 * change.relative:+.1f}%"


def how_of(change: Changed) -> tuple[str, str]:
    """What differs in how a number or claim was got: method, unit, n and missing values."""
    pairs = [(f"{word} " if word else "", getattr(change.old, name), getattr(change.new, name))
             for word, name in (("", "method"), ("unit", "unit"), ("n", "n"),
                                ("missing", "n_missing"))]  # fmt: skip
    apart = [(word, old, new) for word, old, new in pairs if old != new]
    old, new = ("; ".join(f"{of[0]}{of[side]}" for of in apart) for side in (1, 2))
    return old, new


def counted(count: int, one: str) -> str:
    """A count and what it counts, by its first word: `1 row changed`, `2 rows changed`."""
    first, blank, rest = one.partition(" ")
    return f"{count} {first}{'' if count == 1 else 's'}{blank}{rest}"


def grouped(flags: Iterable[Flag]) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """The flags by what their kind means: of each text, the ids that it is said of."""
    flags = list(flags)
    for kind, meaning in KINDS.items():
        same: dict[str, list[str]] = {}
        for flag in flags:
            if flag.kind == kind:
                same.setdefault(flag.text, []).append(flag.id)
        if same:
            yield meaning, same


def none_of(data: DataChange) -> str:
    """That nothing differs in the data, as far as they could be compared."""
    return "no change" if data.is_whole else "no change in what could be compared"


def what_of(change: FigureChange) -> str:
    """What became of a figure."""
    if change.old is None:
        return "new"
    if change.new is None:
        return "gone"
    if change.parts == (LABEL,):
        return f"renumbered: it was {change.old.label}"
    return f"changed: {', '.join(change.parts)}"
