"""What changed in, the words by which terminal and page say it alike, out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from press.compare.data import DataChange
from press.compare.figures import FigureChange
from press.compare.receipts import KINDS, Changed, Flag

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
    found = [_DECIMALS.search(of.text) for of in (change.old, change.new)]
    decimals = 1 + max(len(match[1]) if match else 0 for match in found)
    rounded = f"{change.absolute:+.{decimals}f}".rstrip("0").rstrip(".")
    return f"{change.absolute:+.1g}" if rounded in ("+", "-", "+0", "-0") else rounded


def relative_of(change: Changed) -> str:
    """The change as a percentage of the old value's size; nothing where that is 0."""
    return "" if change.relative is None else f"{100 * change.relative:+.1f}%"


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
    return "gone" if change.new is None else f"changed: {', '.join(change.parts)}"
