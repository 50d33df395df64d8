"""The parts of a comparison in, their sections of the page out, as lines of HTML."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from press.compare import fragment
from press.compare.claims import Claims, stands
from press.compare.data import DataChange, TableChange
from press.compare.documents import DocumentChange
from press.compare.figures import LABEL, FigureChange
from press.compare.phrases import (
    GROUNDS,
    absolute_of,
    counted,
    grouped,
    how_of,
    none_of,
    relative_of,
    unit_of,
    what_of,
)
from press.compare.receipts import Changed, Flag, Numbers
from press.compare.redline import Redline
from press.compare.shown import Figure, Shown
from press.results import Receipt

Places = Mapping[str, tuple[Shown, ...]]
"""Where readers meet a number or claim, by its id."""
_FEW = 6
"""More ids than these, of which the same is said, are folded away."""


# Claims and numbers -----------------------------------------------------------------------------


def claims_of(claims: Claims, shown: Places) -> Iterator[str]:
    """Each claim with its states and both its wordings, those in another state first."""
    yield '<section id="claims" aria-labelledby="h-claims">'
    yield '<h2 id="h-claims">Claims and verdicts</h2>'
    yield from _none(claims.is_changed)
    for heading, changes in (("In another state", claims.turned),
                             ("Worded otherwise in the same state", claims.reworded)):  # fmt: skip
        yield from [f"<h3>{heading}</h3>"] if changes else []
        for change in changes:
            yield from _claim(change, shown.get(change.id, ()))
    yield from ["<h3>Without any one patient</h3>"] if claims.leaning else []
    for change in claims.leaning:
        words = (stands(of) or "(nothing)" for of in (change.old, change.new))
        yield f"<p>{_code(change.id)}: {escape(' → '.join(words))}</p>"
    yield from _how("Claims and verdicts " + GROUNDS, claims.grounds)
    for word, found in (("Added", claims.added), ("Removed", claims.removed)):
        yield from (
            f"<p>{word}: {_code(of.id)} {escape(f'{of.value}: {of.text}')}</p>" for of in found
        )
    yield from _flags(claims.flags, "claim")
    yield "</section>"


def _claim(change: Changed, places: Sequence[Shown]) -> Iterator[str]:
    states = dict.fromkeys([str(change.old.value), str(change.new.value)])
    yield f'<div class="claim"><p class="state">{_code(change.id)}: '
    yield f"{escape(' → '.join(states))}</p>"
    yield f"<p>{_deleted(change.old.text)}</p>\n<p>{_inserted(change.new.text)}</p>"
    yield f"{_places(places) if places else ''}</div>"


def numbers_of(numbers: Numbers, shown: Places) -> Iterator[str]:
    """What the changes mean, then every number that moved; what nobody reads is folded away."""
    seen, gone, rest = _by_place(numbers.moved, shown)
    yield '<section id="numbers" aria-labelledby="h-numbers">\n<h2 id="h-numbers">Numbers</h2>'
    yield from _none(numbers.is_changed)
    yield from _flags(numbers.flags, "number")
    yield from _moved("Numbers that readers see otherwise", seen, numbers.flags, shown)
    yield from _moved("Numbers that moved and are no longer shown", gone, numbers.flags, shown)
    for caption, changes in (
        ("Numbers of results.json that no document is known to show", rest),
        ("Numbers that moved below the printed digits", numbers.unprinted),
    ):
        yield from _folded(caption, len(changes), _moved(caption, changes, numbers.flags, shown))
    for word, found in (("Added", numbers.added), ("Removed", numbers.removed)):
        yield from _receipts(f"{word} numbers", found)
    yield from _how("The same number by another method, unit or n", numbers.reworded)
    yield "</section>"


def _by_place(
    moved: Sequence[Changed], shown: Places
) -> tuple[list[Changed], list[Changed], list[Changed]]:
    """Numbers that a document shows, those that one showed before, and those that none is known to.

    Without a place of any number, as where nothing was rendered, all of them may be shown.
    """
    places = {change.id: shown.get(change.id, ()) for change in moved}
    seen = [of for of in moved if not shown or any(p.is_certain for p in places[of.id])]
    rest = [of for of in moved if of not in seen]
    gone = [of for of in rest if any(p.is_gone for p in places[of.id])]
    return seen, gone, [of for of in rest if of not in gone]


def _flags(flags: Sequence[Flag], of: str) -> Iterator[str]:
    """The flags by kind, those of the same words together."""
    for meaning, same in grouped(flags):
        yield f"<h3>{escape(meaning[0].upper() + meaning[1:])}</h3>\n<ul>"
        for text, ids in same.items():
            said, named = escape(text.replace("->", "→")), ", ".join(map(_code, ids))
            if len(ids) > _FEW:
                count = counted(len(ids), of)
                said = f"<details><summary>{said}: {count}</summary>{named}</details>"
            else:
                said = f"{said}: {named}"
            yield f"<li>{said}</li>"
        yield "</ul>"


def _moved(
    caption: str, changes: Sequence[Changed], flags: Sequence[Flag], shown: Places
) -> Iterator[str]:
    heads = ("Number", "Old", "New", "Unit", "Change", "Relative", "Flags", "Shown in")
    rows = []
    for change in changes:
        kinds = dict.fromkeys(f.kind for f in flags if change.id in (f.id, *_bounds(f.id)))
        sizes = [size.replace("-", "−") for size in (absolute_of(change), relative_of(change))]
        cells = (unit_of(change).replace("->", "→"), *sizes, ", ".join(kinds))
        texts = _deleted(change.old.text), _inserted(change.new.text)
        places = _places(shown.get(change.id, ()))
        rows.append((_code(change.id), *texts, *map(escape, cells), places))
    if rows:
        yield table(heads, rows, caption=caption)


def _bounds(id: str) -> tuple[str, str]:
    return f"{id}.ci_low", f"{id}.ci_high"


def _places(places: Sequence[Shown]) -> str:
    if not places:
        return "no place found"
    items = "".join(f"<li>{escape(str(place))}</li>" for place in places)
    count = counted(len(places), "place")
    gone = ", no longer shown" if all(place.is_gone for place in places) else ""
    return f"<details><summary>{count}{gone}</summary><ul>{items}</ul></details>"


def _receipts(caption: str, receipts: Sequence[Receipt]) -> Iterator[str]:
    if receipts:
        rows = [(_code(of.id), escape(of.text), escape(of.method))
                for of in receipts]  # fmt: skip
        yield table(("Number", "Value", "Method"), rows, caption=caption)


def _how(caption: str, changes: Sequence[Changed]) -> Iterator[str]:
    """Numbers of the same value and text, or claims, that rest on something else."""
    rows = [(_code(of.id), *map(escape, how_of(of))) for of in changes]
    shown = table(("Number or claim", "Old", "New"), rows, caption=caption)
    yield from _folded(caption, len(rows), [shown])


# Data and figures -------------------------------------------------------------------------------


def data_of(data: DataChange) -> Iterator[str]:
    """Rows by table, their values where these are to be shown, then schema and package."""
    yield '<section id="data" aria-labelledby="h-data">\n<h2 id="h-data">Data</h2>'
    yield f"<p>Row values are {'shown' if data.rows else 'hidden'} on this page.</p>"
    yield from [] if data.is_changed else [f"<p>{none_of(data).capitalize()}.</p>"]
    rows = [
        (escape(of.name), *map(str, (of.added, of.removed, of.changed)),
         escape(", ".join(f"{name} {count}" for name, count in of.fields.items())))
        for of in data.tables
    ]  # fmt: skip
    if rows:
        heads = ("Table", "Rows added", "Rows removed", "Rows changed", "Changed cells by field")
        yield table(heads, rows, caption="Rows by table and key")
    yield from (line for of in data.tables for line in _rows(of))
    tables = [f"{of.name}: {note}" for of in data.tables for note in of.notes]
    for said in (*data.schema, *data.package, *tables, *data.notes):
        yield f"<p>{escape(said.replace('->', '→'))}</p>"
    yield "</section>"


def _rows(of: TableChange) -> Iterator[str]:
    for caption, found in (
        (f"Rows added to {of.name}", of.added_rows),
        (f"Rows removed from {of.name}", of.removed_rows),
    ):
        if found:
            heads = tuple(dict.fromkeys(name for row in found for name in row))
            cells = [[escape(row.get(name, "") or "(empty)") for name in heads] for row in found]
            yield table(heads, cells, caption=caption)
    rows = [
        (escape(", ".join(cell.key)), escape(cell.field),
         _deleted(cell.old or "(empty)"), _inserted(cell.new or "(empty)"))
        for cell in of.cells
    ]  # fmt: skip
    if rows:
        heads = (", ".join(of.key) or "Row", "Field", "Old", "New")
        yield table(heads, rows, caption=f"Changed cells of {of.name}")


def figures_of(changes: Sequence[FigureChange]) -> Iterator[str]:
    """The old figure beside the new one, unless its number is all that differs."""
    yield '<section id="figures" aria-labelledby="h-figures">\n<h2 id="h-figures">Figures</h2>'
    yield from _none(bool(changes))
    for change in changes:
        of = change.figure
        yield f"<h3>{escape(of.document)}, {escape(of.label)}</h3>"
        yield f'<p class="state">{escape(what_of(change))}</p>'
        if change.parts == (LABEL,):
            continue
        yield '<div class="pair">'
        for word, figure in (("Old", change.old), ("New", change.new)):
            yield from _figure(word, figure) if figure else [f"<p>{word}: none</p>"]
        yield "</div>"
    yield "</section>"


def _figure(word: str, figure: Figure) -> Iterator[str]:
    data = base64.b64encode(figure.image).decode("ascii")
    source = f"data:{figure.media_type};base64,{data}"
    yield f'<figure><img src="{source}" alt="{escape(figure.alt)}">'
    yield f"<figcaption>{word}. {escape(figure.caption)}</figcaption></figure>"


# Words ------------------------------------------------------------------------------------------


def words_of(changes: Sequence[DocumentChange]) -> Iterator[str]:
    """A section a document, with the Word file that tracks the changes."""
    for change in changes:
        name = escape(change.name)
        yield f'<section id="words-{name}" aria-labelledby="h-words-{name}">'
        yield f'<h2 id="h-words-{name}">Words of {name}</h2>'
        yield from _redline(change.redline, change.target)
        if change.words is None:
            yield f"<p>{escape(change.said)}.</p>"
        elif change.is_reworded:
            yield fragment.to_html(change.words)
        else:
            yield f"<p>{escape(change.said.capitalize())}.</p>"
        yield "</section>"


def _redline(redline: Redline | None, target: Path | None) -> Iterator[str]:
    """Where the Word file with tracked changes is, or why there is none."""
    if redline is None or target is None:
        return
    if redline.passed:
        yield f'<p>Word file with tracked changes: <a href="{escape(target.name)}">'
        yield f"{escape(target.name)}</a>, marked {redline.engine}: {redline.counted}. "
        yield "It was tested: with all "
        yield "changes accepted it is the new file, with all rejected the old one.</p>"
    else:
        yield "<p>No Word file with tracked changes: what was made is not the new file with all "
        yield "changes accepted and the old one with all rejected, or nothing could be made.</p>"
    yield from (f"<p>{escape(said)}</p>" for said in (*redline.differences, *redline.untracked))


# Pieces -----------------------------------------------------------------------------------------


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str) -> str:
    """A table whose cells are HTML already, in a region that scrolls by itself."""
    head = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    lines = [
        f'<div class="table-region" tabindex="0" role="group" aria-label="{escape(caption)}">',
        f"<table><caption>{escape(caption)}</caption>",
        f"<thead><tr>{head}</tr></thead>",
        "<tbody>",
    ]
    for row in rows:
        cells = [f'<th scope="row">{row[0]}</th>', *(f"<td>{cell}</td>" for cell in row[1:])]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</tbody></table></div>"])


def _folded(what: str, count: int, lines: Iterable[str]) -> Iterator[str]:
    if count:
        yield f"<details><summary>{escape(what)}: {count}</summary>"
        yield from lines
        yield "</details>"


def _code(id: str) -> str:
    """An id, which may go on in the next line behind a point."""
    return f"<code>{escape(id).replace('.', '.<wbr>')}</code>"


def _deleted(text: str) -> str:
    return f'<del><span class="visually-hidden">[deleted] </span>{escape(text)}</del>'


def _inserted(text: str) -> str:
    return f'<ins><span class="visually-hidden">[inserted] </span>{escape(text)}</ins>'


def _none(is_changed: bool) -> Iterator[str]:
    if not is_changed:
        yield "<p>No change.</p>"
