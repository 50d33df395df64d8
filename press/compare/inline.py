"""Two versions of a paragraph's content in, one with tracked insertions and deletions out."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from press.compare import likeness
from press.compare.canonical import Canonical, as_complex
from press.compare.package import Element, W
from press.errors import PressError

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_LEFT_OUT = {f"{W}{name}" for name in "pPr bookmarkStart bookmarkEnd proofErr".split()}
_DELETED = {f"{W}t": f"{W}delText", f"{W}instrText": f"{W}delInstrText"}
NOTE = "\ufffcnote"


@dataclass(frozen=True)
class Atom:
    """A word, blank, mark or object of a paragraph; `link` is the link that it stands in."""

    key: str
    look: str
    elements: tuple[Element, ...]
    properties: Element | None = None
    text: str | None = None
    link: Element | None = None


def atoms(paragraph: Element, canonical: Canonical) -> list[Atom]:
    """The content of a paragraph, word by word; what is not known here is refused by name."""
    return list(_atoms(paragraph, canonical, None))


def _atoms(parent: Element, canonical: Canonical, link: Element | None) -> Iterator[Atom]:
    inside = "" if link is None else f"\0{canonical.destination(link)}"
    field: list[Element] = []
    depth = 0
    for child in parent.iterchildren("*"):
        if child.tag == f"{W}r":
            depth += _field_depth(child)
            if field or depth:
                field.append(child)
                if not depth:
                    yield Atom(_key(field, canonical) + inside, "", tuple(field), link=link)
                    field = []
            else:
                yield from _run(child, canonical, link, inside)
        elif child.tag == f"{W}fldSimple" and not field:
            yield from _atoms(as_complex(child), canonical, link)
        elif child.tag == f"{W}hyperlink" and link is None and not field:
            yield from _atoms(child, canonical, child)
        elif child.tag.startswith(_MATH) and not field:
            yield Atom(canonical.of(child) + inside, "", (child,), link=link)
        elif child.tag not in _LEFT_OUT:
            name = etree.QName(child).localname
            raise PressError(f"{canonical.part}: {name!r} in a paragraph cannot be tracked here")
    if field:
        raise PressError(f"{canonical.part}: a field goes on beyond its paragraph")


def _field_depth(run: Element) -> int:
    kinds = [mark.get(f"{W}fldCharType") for mark in run.iter(f"{W}fldChar")]
    return kinds.count("begin") - kinds.count("end")


def _key(elements: Sequence[Element], canonical: Canonical) -> str:
    return "".join(canonical.of(element) for element in elements)


def _run(run: Element, canonical: Canonical, link: Element | None, inside: str) -> Iterator[Atom]:
    properties = run.find(f"{W}rPr")
    look = canonical.properties(properties)
    for part in run.iterchildren("*"):
        if part.tag == f"{W}t":
            for word in likeness.words(part.text or ""):
                yield Atom(word + inside, look, (), properties, word, link)
        elif part.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            yield Atom(NOTE, look, (part,), properties, None, link)
        elif part.tag not in (f"{W}rPr", f"{W}lastRenderedPageBreak"):
            yield Atom(canonical.of(part) + inside, look, (part,), properties, None, link)


@dataclass(frozen=True)
class Placed:
    """An atom in the redline; `kind` is "" for what both have, `before` its old version there."""

    kind: str
    atom: Atom
    before: Atom | None = None


def merge(old: Sequence[Atom], new: Sequence[Atom]) -> list[Placed]:
    """Both versions in one line, deletions before the insertions that replace them."""
    placed: list[Placed] = []
    codes = likeness.opcodes([atom.key for atom in old], [atom.key for atom in new])
    for tag, i, end, j, stop in codes:
        if tag == "equal":
            placed += [Placed("", b, a) for a, b in zip(old[i:end], new[j:stop], strict=True)]
        else:
            placed += [Placed("del", atom) for atom in old[i:end]]
            placed += [Placed("ins", atom) for atom in new[j:stop]]
    return placed


def write(placed: Sequence[Placed]) -> list[Element]:
    """The children of the paragraph; equal neighbours are one run, one change, one link."""
    written: list[Element] = []
    last: tuple[Any, ...] = ()
    for item in placed:
        link = item.atom.link
        look = (item.kind, id(link), item.atom.look, item.before and item.before.look)
        if item.atom.text is not None and last and look == last[0] and last[1] is not None:
            last[1].text += item.atom.text
            continue
        container = _container(written, item, link, last[0] if last else None)
        text = _append(container, item)
        last = (look, text)
    return written


def _container(
    written: list[Element], item: Placed, link: Element | None, last: tuple[Any, ...] | None
) -> Any:
    """What the next run goes into: the paragraph, a link, an insertion or a deletion."""
    goes_on = last is not None and last[1] == id(link)
    target: Any = written
    if link is not None:
        if not goes_on:
            written.append(_shell(link))
        target = written[-1]
    if not item.kind:
        return target
    if goes_on and last is not None and last[0] == item.kind:
        return target[-1]
    change = etree.Element(f"{W}{item.kind}")
    target.append(change)
    return change


def _shell(link: Element) -> Element:
    shell = etree.Element(link.tag)
    for key, value in link.attrib.items():
        shell.set(key, value)
    return shell


def _append(container: Any, item: Placed) -> Element | None:
    """Add the run of an atom; the text element is given back so that more can be added to it."""
    atom = item.atom
    first = atom.elements[0].tag if atom.elements else ""
    if first == f"{W}r" or first.startswith(_MATH):
        container.extend(_deleted(element, item.kind) for element in atom.elements)
        return None
    run = etree.Element(f"{W}r")
    _add_properties(run, item)
    container.append(run)
    if atom.text is None:
        run.append(_deleted(atom.elements[0], item.kind))
        return None
    text = etree.SubElement(run, f"{W}delText" if item.kind == "del" else f"{W}t")
    text.set(_SPACE, "preserve")
    text.text = atom.text
    return text


def _add_properties(run: Element, item: Placed) -> None:
    properties = item.atom.properties
    changed = item.before is not None and item.before.look != item.atom.look
    if properties is None and not changed:
        return
    written = etree.Element(f"{W}rPr") if properties is None else copy.deepcopy(properties)
    run.append(written)
    if changed and item.before is not None:
        change = etree.SubElement(written, f"{W}rPrChange")
        old = item.before.properties
        change.append(etree.Element(f"{W}rPr") if old is None else copy.deepcopy(old))


def _deleted(element: Element, kind: str) -> Element:
    written = copy.deepcopy(element)
    written.tail = None
    if kind == "del":
        for text in written.iter(*_DELETED):
            text.tag = _DELETED[text.tag]
    return written
