"""A Word part with tracked changes in, the same part with all accepted or all rejected out.

ECMA-376 part 1, 17.13.5, says what each element means. One that is not known here is refused by
its name, so that no change is taken for text that stands.
"""

from __future__ import annotations

import copy

from lxml import etree

from press.compare.package import Element, Package, W, stories
from press.errors import PressError

_PROPERTIES = "rPr pPr tblPr tblPrEx tblGrid trPr tcPr sectPr".split()
_CHANGES = {f"{W}{name}Change": f"{W}{name}" for name in _PROPERTIES}
_ADDED, _TAKEN = {f"{W}ins", f"{W}moveTo"}, {f"{W}del", f"{W}moveFrom"}
_MARKS = {f"{W}{side}Range{end}" for side in ("moveFrom", "moveTo") for end in ("Start", "End")}
_DELETED_TEXT = {f"{W}delText": f"{W}t", f"{W}delInstrText": f"{W}instrText"}
_KEPT_BESIDE = {
    f"{W}pPr": (f"{W}rPr", f"{W}sectPr"),
    f"{W}rPr": (*_ADDED, *_TAKEN),
    f"{W}trPr": (*_ADDED, *_TAKEN),
    f"{W}sectPr": (f"{W}headerReference", f"{W}footerReference"),
}
"""What a record of old properties leaves out, and the new properties therefore keep."""


def resolve(package: Package, *, accept: bool) -> Package:
    """The package with all changes accepted, or all rejected, in every part that has text."""
    resolved = package.copy()
    for name in stories(resolved):
        tree = resolved.trees[name]
        _restore_properties(tree, accept)
        _remove_rows(tree, accept)
        _resolve_runs(tree, accept)
        _join_paragraphs(tree, accept)
        _refuse_unknown(tree, f"{package.name}, {name}")
    return resolved


def _restore_properties(tree: Element, accept: bool) -> None:
    for change in list(tree.iter(*_CHANGES)):
        properties = change.getparent()
        if properties is None:
            continue
        old = change.find(_CHANGES[change.tag])
        properties.remove(change)
        if accept or old is None:
            continue
        kept = _KEPT_BESIDE.get(properties.tag, ())
        rest = [child for child in properties if child.tag in kept]
        for child in list(properties):
            properties.remove(child)
        restored = list(copy.deepcopy(old))
        first = properties.tag in (f"{W}rPr", f"{W}sectPr")
        properties.extend(rest + restored if first else restored + rest)


def _is_gone(element: Element | None, accept: bool) -> bool:
    """Whether the properties of a mark, row or cell say that it is not part of this version."""
    gone = _TAKEN if accept else _ADDED
    return element is not None and any(child.tag in gone for child in element)


def _remove_rows(tree: Element, accept: bool) -> None:
    gone_cell = f"{W}cellDel" if accept else f"{W}cellIns"
    for cell in list(tree.iter(f"{W}tc")):
        if cell.find(f"{W}tcPr/{gone_cell}") is not None:
            cell.getparent().remove(cell)
    for mark in list(tree.iter(f"{W}cellDel", f"{W}cellIns")):
        mark.getparent().remove(mark)
    for row in list(tree.iter(f"{W}tr")):
        if _is_gone(row.find(f"{W}trPr"), accept):
            row.getparent().remove(row)
    for table in list(tree.iter(f"{W}tbl")):
        if table.find(f"{W}tr") is None:
            table.getparent().remove(table)
    for properties in tree.iter(f"{W}trPr"):
        for mark in [child for child in properties if child.tag in _ADDED | _TAKEN]:
            properties.remove(mark)


def _resolve_runs(tree: Element, accept: bool) -> None:
    gone, stays = (_TAKEN, _ADDED) if accept else (_ADDED, _TAKEN)
    for element in list(tree.iter(*gone)):
        if element.getparent().tag != f"{W}rPr":
            _drop(element)
    for element in list(tree.iter(*stays)):
        if element.getparent().tag != f"{W}rPr":
            _unwrap(element)
    for element in list(tree.iter(*_MARKS)):
        element.getparent().remove(element)
    if not accept:
        for text in tree.iter(*_DELETED_TEXT):
            text.tag = _DELETED_TEXT[text.tag]


def _drop(element: Element) -> None:
    """Take an element out, with the link around it if nothing else is left of that."""
    parent = element.getparent()
    parent.remove(element)
    if parent.tag == f"{W}hyperlink" and len(parent) == 0:
        _drop(parent)


def _unwrap(element: Element) -> None:
    parent, at = element.getparent(), element.getparent().index(element)
    parent[at : at + 1] = list(element)


def _join_paragraphs(tree: Element, accept: bool) -> None:
    """Paragraphs whose mark is gone run on into the next one, which keeps its own properties."""
    for paragraph in list(tree.iter(f"{W}p")):
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        is_gone = _is_gone(mark, accept)
        if mark is not None:
            for child in [child for child in mark if child.tag in _ADDED | _TAKEN]:
                mark.remove(child)
        if is_gone:
            _join(paragraph)


def _join(paragraph: Element) -> None:
    content = [child for child in paragraph if child.tag != f"{W}pPr"]
    following = paragraph.getnext()
    while following is not None and following.tag in (f"{W}bookmarkStart", f"{W}bookmarkEnd"):
        following = following.getnext()
    if following is not None and following.tag == f"{W}p":
        at = 1 if following.find(f"{W}pPr") is not None else 0
        following[at:at] = content
        paragraph.getparent().remove(paragraph)
    elif following is not None and following.tag == f"{W}tbl" and not content:
        paragraph.getparent().remove(paragraph)


def _refuse_unknown(tree: Element, place: str) -> None:
    """Whatever still names an author, or is called a change, is not understood here."""
    for element in tree.iter("*"):
        name = etree.QName(element).localname
        is_change = any(etree.QName(key).localname == "author" for key in element.attrib)
        if is_change and name != "comment":
            raise PressError(f"{place}: the tracked change {name!r} is not known to the gate")
        if name in ("delText", "delInstrText") or name.startswith(("customXmlIns", "customXmlDel")):
            raise PressError(f"{place}: {name!r} outside of a deletion is not known to the gate")
