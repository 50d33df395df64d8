"""A redlined DOCX and the two versions in; what is wrong with the redline out, in sentences.

The redline must become the new version when all its changes are accepted and the old one when all
are rejected, as a structure: text, formatting, tables, notes, pictures by content, links with what
stands where they lead, headers and footers.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from press.compare.canonical import OLD, Canonical
from press.compare.package import DOCUMENT, Element, Package, W, read_package
from press.compare.tracked import resolve

_SHOWN = 60
_CONTAINERS = {f"{W}tbl": "table", f"{W}tr": "row", f"{W}tc": "cell"}
_MARKS = (f"{W}bookmarkStart", f"{W}bookmarkEnd")


class Line(NamedTuple):
    """A paragraph, or the beginning of a table, row or cell: where, how it reads, its text."""

    place: str
    form: str
    text: str


def judge(redline: Path, old: Path, new: Path) -> tuple[str, ...]:
    """What stands between a redline and its two versions; nothing when it is right."""
    package = read_package(redline)
    accepted = differences(resolve(package, accept=True), read_package(new))
    rejected = differences(resolve(package, accept=False), read_package(old))
    found = [f"all accepted, {text}" for text in accepted]
    return (*found, *(f"all rejected, {text}" for text in rejected))


def compare(found: Path, wanted: Path) -> list[str]:
    """Where a DOCX is not what another one is."""
    return differences(read_package(found), read_package(wanted))


def differences(found: Package, wanted: Package) -> list[str]:
    """Where a package differs from the one that is wanted, in the order of the document."""
    ours, theirs = list(lines(found)), list(lines(wanted))
    matcher = difflib.SequenceMatcher(
        None, [line.form for line in ours], [line.form for line in theirs], autojunk=False
    )
    said = []
    for tag, i, end, j, stop in matcher.get_opcodes():
        if tag != "equal":
            said += list(_sentences(ours[i:end], theirs[j:stop]))
    return said + list(_misled(found, wanted))


def _sentences(ours: list[Line], theirs: list[Line]) -> Iterator[str]:
    for our, their in zip(ours, theirs, strict=False):
        if our.text != their.text:
            what = f"{_around(our.text, their.text)} instead of {_around(their.text, our.text)}"
        else:
            what = f"{_around(our.form, their.form)} instead of {_around(their.form, our.form)}"
            what = f"other formatting in {our.text[:_SHOWN]!r}: {what}"
        yield f"{their.place}: {what}"
    for their in theirs[len(ours) :]:
        yield f"{their.place}: {their.text[:_SHOWN]!r} is missing"
    for our in ours[len(theirs) :]:
        yield f"{our.place}: {our.text[:_SHOWN]!r} is too much"


def _around(text: str, other: str) -> str:
    """A text from shortly before it differs from the other."""
    pairs = zip(text, other, strict=False)
    same = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(text), len(other)))
    start = max(same - 20, 0)
    return repr(("…" if start else "") + text[start : start + _SHOWN])


def lines(package: Package) -> Iterator[Line]:
    """The document line by line; headers and footers with its sections, notes where they stand."""
    canonical = Canonical(package, DOCUMENT)
    body = package.trees[DOCUMENT].find(f"{W}body")
    yield from _lines(body, canonical, "")


def _lines(container: Element, canonical: Canonical, inside: str) -> Iterator[Line]:
    counts: dict[str, int] = {}
    for child in container.iterchildren("*"):
        if child.tag in _MARKS or child.tag in (f"{W}tblPr", f"{W}tblGrid", f"{W}trPr", f"{W}tcPr"):
            continue
        kind = _CONTAINERS.get(child.tag, "paragraph" if child.tag == f"{W}p" else "section")
        counts[kind] = counts.get(kind, 0) + 1
        place = f"{inside}{kind} {counts[kind]}"
        if kind in ("paragraph", "section"):
            yield Line(place, _section(child, canonical) + canonical.of(child), read(child))
            continue
        parts = (child.find(f"{W}{name}") for name in ("tblPr", "tblGrid", "trPr", "tcPr"))
        form = "".join(canonical.of(part) for part in parts if part is not None)
        yield Line(place, f"{kind} {form}", "")
        yield from _lines(child, canonical, f"{place}, ")


def _section(paragraph: Element, canonical: Canonical) -> str:
    """A section that ends with a paragraph is a property of it."""
    section = paragraph.find(f"{W}pPr/{W}sectPr")
    return "" if section is None else canonical.of(section)


def read(element: Element) -> str:
    """The words of a piece of a document."""
    return "".join(text.text or "" for text in element.iter(f"{W}t", f"{W}delText"))


def _misled(found: Package, wanted: Package) -> Iterator[str]:
    """Links inside the document whose bookmark is gone or stands at something else."""
    ours, theirs = destinations(found), destinations(wanted)
    for name in sorted(theirs):
        if theirs[name] is not None and ours.get(name) != theirs[name]:
            leads = "nowhere" if ours.get(name) is None else f"to {(ours[name] or '')[:_SHOWN]!r}"
            yield f"links to {name}: they lead {leads} instead of {(theirs[name] or '')[:_SHOWN]!r}"


def destinations(package: Package) -> dict[str, str | None]:
    """Of each bookmark that a link uses, the words that begin there; None where it is missing."""
    tree = package.trees[DOCUMENT]
    used = {link.get(f"{W}anchor") for link in tree.iter(f"{W}hyperlink")} - {None}
    marks = {mark.get(f"{W}name"): mark for mark in tree.iter(f"{W}bookmarkStart")}
    return {
        name.removesuffix(OLD): _beginning(marks[name]) if name in marks else None for name in used
    }


def _beginning(mark: Element) -> str:
    """The words of the paragraph that a bookmark stands in or before."""
    block = next(mark.iterancestors(f"{W}p"), None)
    if block is None:
        block = mark.getnext()
        while block is not None and block.tag in _MARKS:
            block = block.getnext()
    return "" if block is None else read(block)
