"""A comparison in; the report for a terminal, in two parts, out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from press.compare.claims import Claims, stands
from press.compare.comparison import Comparison
from press.compare.data import DataChange, TableChange
from press.compare.documents import DocumentChange
from press.compare.figures import FigureChange
from press.compare.phrases import (
    GROUNDS,
    REWORDED,
    absolute_of,
    grouped,
    how_of,
    none_of,
    relative_of,
    unit_of,
    what_of,
)
from press.compare.receipts import Changed, Flag, Numbers
from press.compare.shown import Shown

_NAMED = 3
"""So many ids are named of those to which the same happened."""
_LONGEST = 160


def head(comparison: Comparison) -> str:
    """What is compared with what; data, claims and numbers as far as they are compared."""
    notes = [f"note: {note}" for note in comparison.notes]
    first = f"{comparison.old.label} -> {comparison.new.label}"
    return "\n".join([first, *notes, *_records(comparison)])


def records(comparison: Comparison) -> str:
    """Data, claims and numbers, as far as they are compared."""
    return "\n".join(_records(comparison))


def rest(begun: Comparison, done: Comparison) -> str:
    """What the renders add to what was known before them, and what came out."""
    lines = list(_new_records(begun, done)) + list(_pages(done))
    if done.is_changed:
        last = "changes found" + ("" if done.is_whole else ", and not all could be compared")
    else:
        last = "no change" if done.is_whole else "not all could be compared; no change in the rest"
    return "\n".join([*lines, last])


def _records(comparison: Comparison) -> Iterator[str]:
    if comparison.data is not None:
        yield from _data(comparison.data)
    yield from _receipts(comparison)


def _receipts(comparison: Comparison) -> Iterator[str]:
    """The claims first: what they say matters more than hundreds of numbers, and is shorter."""
    if comparison.claims is not None:
        yield from _claims(comparison.claims)
    if comparison.numbers is not None:
        yield from _numbers(comparison.numbers)
        yield from _flags(comparison.numbers.flags)


def _new_records(begun: Comparison, done: Comparison) -> Iterator[str]:
    if begun.numbers is None:
        yield from _receipts(done)
    yield from (f"note: {note}" for note in done.notes[len(begun.notes) :])


def _pages(comparison: Comparison) -> Iterator[str]:
    if comparison.figures:
        yield "Figures"
        yield from (f"  {_figure(change)}" for change in comparison.figures)
    if comparison.documents:
        yield "Words"
        yield from (line for change in comparison.documents for line in _document(change))
    yield from _places("Where readers meet what changed", comparison, is_gone=False)
    yield from _places("Where readers met what is no longer shown", comparison, is_gone=True)
    if comparison.faults:
        yield "Faults"
        yield from (f"  {_indented(fault)}" for fault in comparison.faults.values())


# Data -------------------------------------------------------------------------------------------


def _data(data: DataChange) -> Iterator[str]:
    yield f"Data (row values are {'shown' if data.rows else 'hidden; --rows shows them'})"
    if not data.is_changed:
        yield f"  {none_of(data)}"
    for table in data.tables:
        yield f"  {_table(table)}"
        yield from (f"    {line}" for line in _rows(table))
    yield from (f"  schema: {_short(line)}" for line in data.schema)
    yield from (f"  package: {_short(line)}" for line in data.package)
    yield from (f"  note: {note}" for note in data.notes)


def _table(table: TableChange) -> str:
    counts = f"{table.added} added, {table.removed} removed, {table.changed} changed"
    fields = ", ".join(f"{name} {count}" for name, count in table.fields.items())
    by = f" by {', '.join(table.key)}" if table.key else ""
    cells = f"; changed cells: {fields}" if fields else ""
    return f"{table.name}: rows{by}: {counts}{cells}" + "".join(f" ({n})" for n in table.notes)


def _rows(table: TableChange) -> Iterator[str]:
    for word, rows in (("added", table.added_rows), ("removed", table.removed_rows)):
        for row in rows:
            cells = (f"{name} {value or '(empty)'}" for name, value in row.items())
            yield f"{word}: {', '.join(cells)}"
    for cell in table.cells:
        old, new = (value or "(empty)" for value in (cell.old, cell.new))
        yield f"{', '.join(cell.key)}: {cell.field} {old} -> {new}"


# Claims and numbers -----------------------------------------------------------------------------


def _numbers(numbers: Numbers) -> Iterator[str]:
    lists = (numbers.moved, numbers.unprinted, numbers.reworded, numbers.added, numbers.removed)
    words = ("printed otherwise", "moved without a printed change",
             REWORDED, "added", "removed")  # fmt: skip
    yield "Numbers"
    yield f"  {', '.join(f'{len(of)} {word}' for of, word in zip(lists, words, strict=True))}"
    width = max((len(change.id) for change in numbers.moved), default=0)
    yield from (f"  {change.id:{width}}  {_moved(change)}" for change in numbers.moved)
    yield from (f"  added: {of.id}  {of.text} ({of.method})" for of in numbers.added)
    yield from (f"  removed: {of.id}  {of.text} ({of.method})" for of in numbers.removed)
    yield from _how(REWORDED, numbers.reworded)


def _how(what: str, changes: Iterable[Changed]) -> Iterator[str]:
    """How numbers or claims were got, those together that were got in the same ways."""
    same: dict[str, list[str]] = {}
    for change in changes:
        same.setdefault(" -> ".join(how_of(change)), []).append(change.id)
    yield from (f"  {what}: {_named(ids)}: {text}" for text, ids in same.items())


def _moved(change: Changed) -> str:
    said = [f"{change.old.text} -> {change.new.text}", unit_of(change)]
    sizes = ", ".join(filter(None, (absolute_of(change), relative_of(change))))
    return " ".join(filter(None, said)) + (f"  {sizes}" if sizes else "")


def _flags(flags: Iterable[Flag]) -> Iterator[str]:
    """Flags by kind; those of the same text together, since an n changes in many places at once."""
    for meaning, same in grouped(flags):
        yield f"Flagged: {meaning}"
        yield from (f"  {_named(ids)}: {text}" for text, ids in same.items())


def _claims(claims: Claims) -> Iterator[str]:
    yield "Claims and verdicts"
    lists = (claims.turned, claims.reworded, claims.grounds, claims.added, claims.removed)
    words = ("in another state", "worded otherwise in the same state", GROUNDS, "added", "removed")
    yield f"  {', '.join(f'{len(of)} {word}' for of, word in zip(lists, words, strict=True))}"
    for change in claims.turned + claims.reworded:
        states = dict.fromkeys([str(change.old.value), str(change.new.value)])
        yield f"  {change.id}: {' -> '.join(states)}"
        yield f"    - {change.old.text}"
        yield f"    + {change.new.text}"
    for change in claims.leaning:
        change_of = f"{stands(change.old) or '(nothing)'} -> {stands(change.new) or '(nothing)'}"
        yield f"  {change.id}, without any one patient: {change_of}"
    yield from _how(GROUNDS, claims.grounds)
    yield from (f"  added: {of.id} {of.value}: {of.text}" for of in claims.added)
    yield from (f"  removed: {of.id} {of.value}: {of.text}" for of in claims.removed)
    yield from _flags(claims.flags)


# Pages ------------------------------------------------------------------------------------------


def _figure(change: FigureChange) -> str:
    figure = change.figure
    target = f" ({figure.target})" if figure.target else ""
    return f"{figure.document}, {figure.label}{target}: {what_of(change)}"


def _document(change: DocumentChange) -> Iterator[str]:
    yield f"  {change.name}: {change.said}"
    done = change.redline
    if done is None:
        return
    if done.passed:
        yield f"    redline marked {done.engine}: {done.counted}; it passed its gate"
    else:
        yield "    no redline is delivered: none passed the gate"
    yield from (f"    {_short(line)}" for line in (*done.differences, *done.untracked))


def _places(heading: str, comparison: Comparison, *, is_gone: bool) -> Iterator[str]:
    """The places in their order, each once with the ids that it shows, or of which it shows one."""
    places: dict[Shown, dict[tuple[str, ...], None]] = {}
    for id, shown in comparison.shown.items():
        for place in (place for place in shown if place.is_gone == is_gone):
            places.setdefault(replace(place, one_of=()), {})[place.one_of or (id,)] = None
    yield from [heading] if places else []
    for place, found in sorted(places.items(), key=lambda item: (item[0].document, item[0].line)):
        yield f"  {place}"
        known = [ids[0] for ids in found if len(ids) == 1]
        yield from [f"    {', '.join(known)}"] if known else []
        yield from (f"    one of {_named(ids)}" for ids in found if len(ids) > 1)


def _named(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + more


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")
