"""A comparison in, one self-contained page out: claims, numbers, data, figures and words."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

from press.compare import fragment
from press.compare.claims import Claims, stands
from press.compare.comparison import Comparison
from press.compare.data import DataChange, TableChange
from press.compare.documents import DocumentChange, write_redlines
from press.compare.figures import FigureChange
from press.compare.receipts import KINDS, Changed, Flag, Numbers, Receipt
from press.compare.redline import Redline
from press.compare.shown import Figure, Shown

COMPARISON_FOLDER = "_comparison"
PAGE = "comparison.html"
_STYLE = Path(__file__).with_name("report.css")


def deliver(comparison: Comparison, folder: Path) -> Comparison:
    """Write the redlines and the page into a folder; the comparison with what became of them."""
    folder.mkdir(parents=True, exist_ok=True)
    done = replace(comparison, documents=write_redlines(comparison.documents, folder))
    (folder / PAGE).write_text(to_page(done), encoding="utf-8", newline="\n")
    return done


def to_page(comparison: Comparison) -> str:
    """The whole page; nothing in it is fetched from elsewhere."""
    title = f"{comparison.old.label} → {comparison.new.label}"
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>What changed: {escape(title)}</title>",
            f"<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n<main>",
            f"<h1>What changed</h1>\n<p>{escape(title)}</p>",
            *_head(comparison),
            *_claims(comparison.claims),
            *_numbers(comparison),
            *_data(comparison.data),
            *_figures(comparison.figures),
            *_documents(comparison.documents),
            "</main>\n</body>\n</html>\n",
        ]
    )


def _head(comparison: Comparison) -> Iterator[str]:
    yield from (f'<p class="notice">{escape(notice)}</p>' for notice in comparison.notices)
    if comparison.faults:
        yield '<section class="faults" aria-label="Not compared">\n<h2>Not as it should be</h2>'
        for fault in comparison.faults.values():
            yield f"<pre>{escape(fault)}</pre>"
        yield "</section>"
    yield from (f'<p class="note">Note: {escape(note)}.</p>' for note in comparison.notes)
    rows = list(_summary(comparison))
    yield _table(("Part", "Changes"), rows, caption="Summary")


def _summary(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """A row a part: what changed in it, or that it was not compared."""
    claims, numbers, data = comparison.claims, comparison.numbers, comparison.data
    yield _link("claims", "Claims and verdicts"), "not compared" if claims is None else _counted(
        (len(claims.turned), "in another state"), (len(claims.reworded), "worded otherwise"),
        (len(claims.leaning), "that lean on one patient otherwise than before"),
        (len(claims.added), "added"), (len(claims.removed), "removed"),
    )  # fmt: skip
    yield _link("numbers", "Numbers"), "not compared" if numbers is None else _counted(
        (len(numbers.moved), "printed otherwise"), (len(numbers.added), "added"),
        (len(numbers.removed), "removed"), (len(numbers.flags), "flags"),
        (len(numbers.unprinted), "moved below the printed digits"),
        (len(numbers.reworded), "with another method, unit or n"),
    )  # fmt: skip
    yield _link("data", "Data"), "not compared" if data is None else _counted(
        (sum(table.added for table in data.tables), "rows added"),
        (sum(table.removed for table in data.tables), "rows removed"),
        (sum(table.changed for table in data.tables), "rows changed"),
        (len(data.schema), "changes of the schema"), (len(data.package), "of the package"),
    )  # fmt: skip
    is_rendered = bool(comparison.documents)
    counted = _counted((len(comparison.figures), "changed, new or gone"))
    yield _link("figures", "Figures"), counted if is_rendered else "not compared"
    for change in comparison.documents:
        yield _link(f"words-{change.name}", f"Words of {change.name}"), escape(change.said)
    if not is_rendered:
        yield _link("words", "Words"), "not compared"


def _counted(*counts: tuple[int, str]) -> str:
    return ", ".join(f"{count} {what}" for count, what in counts if count) or "none"


# Claims and numbers -----------------------------------------------------------------------------


def _claims(claims: Claims | None) -> Iterator[str]:
    if claims is None:
        return
    yield '<section id="claims" aria-labelledby="h-claims">'
    yield '<h2 id="h-claims">Claims and verdicts</h2>'
    yield from _none(claims.is_changed)
    for change in (*claims.turned, *claims.reworded):
        yield f"<h3><code>{escape(change.id)}</code></h3>"
        states = dict.fromkeys([str(change.old.value), str(change.new.value)])
        yield f'<p class="state">{escape(" → ".join(states))}</p>'
        yield f"<p><del>{_said('deleted')}{escape(change.old.text)}</del></p>"
        yield f"<p><ins>{_said('inserted')}{escape(change.new.text)}</ins></p>"
    for change in claims.leaning:
        words = (stands(of) or "(nothing)" for of in (change.old, change.new))
        yield f"<p><code>{escape(change.id)}</code>, without any one patient: "
        yield f"{escape(' → '.join(words))}.</p>"
    for word, found in (("added", claims.added), ("removed", claims.removed)):
        yield from (
            f"<p>{word}: <code>{escape(of.id)}</code> {escape(f'{of.value}: {of.text}')}</p>"
            for of in found
        )
    yield "</section>"


def _numbers(comparison: Comparison) -> Iterator[str]:
    numbers = comparison.numbers
    if numbers is None:
        return
    yield '<section id="numbers" aria-labelledby="h-numbers">\n<h2 id="h-numbers">Numbers</h2>'
    yield from _none(numbers.is_changed)
    yield from _flags(numbers.flags)
    if numbers.moved:
        heads = ("Number", "Old", "New", "Change", "Relative", "Flags", "Shown in")
        rows = [_moved(change, comparison) for change in numbers.moved]
        caption = "Numbers that are printed otherwise"
        yield _table(heads, rows, caption=caption)
    for word, found in (("Added", numbers.added), ("Removed", numbers.removed)):
        yield from _receipts(f"{word} numbers", found)
    yield from _methods(numbers)
    yield "</section>"


def _flags(flags: Sequence[Flag]) -> Iterator[str]:
    """The flags by kind, those of the same words together."""
    for kind, meaning in KINDS.items():
        same: dict[str, list[str]] = {}
        for flag in flags:
            if flag.kind == kind:
                same.setdefault(flag.text, []).append(flag.id)
        if not same:
            continue
        yield f'<h3 class="flag">{escape(meaning[0].upper() + meaning[1:])}</h3>\n<ul>'
        for text, ids in same.items():
            named = ", ".join(f"<code>{escape(id)}</code>" for id in ids)
            yield f"<li>{escape(text)}: {named}</li>"
        yield "</ul>"


def _moved(change: Changed, comparison: Comparison) -> tuple[str, ...]:
    unit = "" if change.new.unit in ("1", "%") else f" {change.new.unit}"
    absolute = "" if change.absolute is None else f"{change.absolute:+.6g}{unit}".replace("-", "−")
    relative = "" if change.relative is None else f"{100 * change.relative:+.1f}%".replace("-", "−")
    flags = comparison.numbers.flags if comparison.numbers else ()
    kinds = dict.fromkeys(f.kind for f in flags if change.id in (f.id, *_bounds(f.id)))
    return (
        f"<code>{escape(change.id)}</code>",
        f"<del>{_said('deleted')}{escape(change.old.text)}</del>",
        f"<ins>{_said('inserted')}{escape(change.new.text)}</ins>",
        escape(absolute),
        escape(relative),
        escape(", ".join(kinds)),
        _places(comparison.shown.get(change.id, ())),
    )


def _bounds(id: str) -> tuple[str, str]:
    return f"{id}.ci_low", f"{id}.ci_high"


def _places(places: Sequence[Shown]) -> str:
    if not places:
        return "results.json alone"
    items = "".join(f"<li>{escape(str(place))}</li>" for place in places)
    word = "place" if len(places) == 1 else "places"
    return f"<details><summary>{len(places)} {word}</summary><ul>{items}</ul></details>"


def _receipts(caption: str, receipts: Sequence[Receipt]) -> Iterator[str]:
    if receipts:
        rows = [(f"<code>{escape(of.id)}</code>", escape(of.text), escape(of.method))
                for of in receipts]  # fmt: skip
        yield _table(("Number", "Value", "Method"), rows, caption=caption)


def _methods(numbers: Numbers) -> Iterator[str]:
    """Numbers of the same value and text, got in another way or from another n."""
    rows = [
        (f"<code>{escape(of.id)}</code>", escape(_how(of.old)), escape(_how(of.new)))
        for of in numbers.reworded
    ]
    if rows:
        caption = "The same number by another method, unit or n"
        yield _table(("Number", "Old", "New"), rows, caption=caption)


def _how(of: Receipt) -> str:
    return f"{of.method}; unit {of.unit}; n {of.n}, missing {of.n_missing}"


# Data and figures -------------------------------------------------------------------------------


def _data(data: DataChange | None) -> Iterator[str]:
    if data is None:
        return
    yield '<section id="data" aria-labelledby="h-data">\n<h2 id="h-data">Data</h2>'
    yield f"<p>Row values are {'shown' if data.rows else 'hidden'} on this page.</p>"
    yield from _none(data.is_changed)
    rows = [
        (escape(table.name), *map(str, (table.added, table.removed, table.changed)),
         escape(", ".join(f"{name} {count}" for name, count in table.fields.items())))
        for table in data.tables if table.is_changed
    ]  # fmt: skip
    if rows:
        heads = ("Table", "Rows added", "Rows removed", "Rows changed", "Changed cells by field")
        yield _table(heads, rows, caption="Rows by table and key")
    yield from (line for table in data.tables for line in _rows(table))
    for said in (*data.schema, *data.package, *data.notes):
        yield f"<p>{escape(said)}</p>"
    yield "</section>"


def _rows(table: TableChange) -> Iterator[str]:
    for word, keys in (("Added", table.added_keys), ("Removed", table.removed_keys)):
        if keys:
            said = "; ".join(", ".join(key) for key in keys)
            yield f"<p>{word} in {escape(table.name)}: {escape(said)}.</p>"
    rows = [
        (escape(", ".join(cell.key)), escape(cell.field),
         f"<del>{_said('deleted')}{escape(cell.old or '(empty)')}</del>",
         f"<ins>{_said('inserted')}{escape(cell.new or '(empty)')}</ins>")
        for cell in table.cells
    ]  # fmt: skip
    if rows:
        heads = (", ".join(table.key) or "Row", "Field", "Old", "New")
        yield _table(heads, rows, caption=f"Changed cells of {table.name}")


def _figures(changes: Sequence[FigureChange]) -> Iterator[str]:
    if not changes:
        return
    yield '<section id="figures" aria-labelledby="h-figures">\n<h2 id="h-figures">Figures</h2>'
    for change in changes:
        of = change.figure
        what = "new" if change.old is None else "gone" if change.new is None else ""
        what = what or f"changed: {', '.join(change.parts)}"
        yield f"<h3>{escape(of.document)}, {escape(of.label)}</h3>"
        yield f'<p class="state">{escape(what)}</p>\n<div class="pair">'
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


def _documents(changes: Sequence[DocumentChange]) -> Iterator[str]:
    for change in changes:
        name = escape(change.name)
        yield f'<section id="words-{name}" aria-labelledby="h-words-{name}">'
        yield f'<h2 id="h-words-{name}">Words of {name}</h2>'
        yield from _redline(change.redline, change.target)
        if change.words is None:
            yield f"<p>{escape(change.said)}.</p>"
        elif change.is_changed:
            yield fragment.to_html(change.words)
        else:
            yield from _none(False)
        yield "</section>"


def _redline(redline: Redline | None, target: Path | None) -> Iterator[str]:
    """Where the Word file with tracked changes is, or why there is none."""
    if redline is None or target is None:
        return
    if redline.passed:
        yield f'<p>Word file with tracked changes: <a href="{escape(target.name)}">'
        yield f"{escape(target.name)}</a>, marked {redline.engine}: {redline.insertions} "
        yield f"insertions, {redline.deletions} deletions. All accepted it is the new file, all "
        yield "rejected the old one.</p>"
    else:
        yield "<p>No Word file with tracked changes: none would be the new file with all changes "
        yield "accepted and the old one with all rejected.</p>"
    yield from (f"<p>{escape(said)}</p>" for said in (*redline.differences, *redline.untracked))


# Pieces -----------------------------------------------------------------------------------------


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str) -> str:
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


def _link(target: str, text: str) -> str:
    return f'<a href="#{escape(target)}">{escape(text)}</a>'


def _said(word: str) -> str:
    return f'<span class="visually-hidden">[{word}] </span>'


def _none(is_changed: bool) -> Iterator[str]:
    if not is_changed:
        yield "<p>No change.</p>"
