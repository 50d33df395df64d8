"""A piece of the old package in, the same piece as it must be written in the new package out."""

from __future__ import annotations

import copy

from lxml import etree

from press.compare.canonical import NUMBERS, find_note, numbering
from press.compare.package import NOTES, Element, Package, R, W

_FOREIGN = ("rsid", "paraId", "textId")
_UNNAMED = [f"{W}{name}" for name in "bookmarkStart bookmarkEnd proofErr".split()]
_NOT_RECORDED = {"pPr": ("rPr", "sectPr"), "sectPr": ("headerReference", "footerReference")}
_BEFORE = {
    "pPr": (), "rPr": ("sectPr", "pPrChange"), "tblPr": (), "tblGrid": (), "tblPrEx": (),
    "trPr": (), "tcPr": (),
}  # fmt: skip


class Adopter:
    """Brings what only the old package has into the new one: links, pictures, lists, notes."""

    def __init__(self, old: Package, new: Package, parts: tuple[str, str]) -> None:
        """`parts` are the old and the new part that a piece is taken from and written to."""
        self.old, self.new = old, new
        self.old_part, self.new_part = parts

    def adopted(self, element: Element) -> Element:
        """A copy that says the same in the new part; bookmarks are left to the caller."""
        element = copy.deepcopy(element)
        for mark in list(element.iter(*_UNNAMED)):
            mark.getparent().remove(mark)
        for child in element.iter("*"):
            for key, value in child.attrib.items():
                if key.startswith(R):
                    id = self.new.adopt(self.new_part, self.old, self.old_part, value)
                    child.set(key, id)
            if child.tag == f"{W}numId":
                child.set(f"{W}val", self._number(child.get(f"{W}val")))
        return element

    def _number(self, id: str) -> str:
        """The id here of a list that is numbered as one of the old package."""
        wanted = numbering(self.old, id)
        if wanted in ("none", numbering(self.new, id)) or NUMBERS not in self.new.trees:
            return id
        tree = self.new.trees[NUMBERS]
        for number in tree.iter(f"{W}num"):
            if numbering(self.new, number.get(f"{W}numId")) == wanted:
                return str(number.get(f"{W}numId"))
        old = self.old.trees[NUMBERS]
        number = copy.deepcopy(old.find(f"{W}num[@{W}numId='{id}']"))
        link = number.find(f"{W}abstractNumId")
        wanted = link.get(f"{W}val")
        abstract = copy.deepcopy(old.find(f"{W}abstractNum[@{W}abstractNumId='{wanted}']"))
        new_abstract = _free(tree.iter(f"{W}abstractNum"), "abstractNumId")
        new = _free(tree.iter(f"{W}num"), "numId")
        abstract.set(f"{W}abstractNumId", new_abstract)
        link.set(f"{W}val", new_abstract)
        number.set(f"{W}numId", new)
        tree.insert(len(tree.findall(f"{W}abstractNum")), abstract)
        last = tree.findall(f"{W}num")
        (last[-1].addnext(number) if last else tree.append(number))
        return new

    def add_note(self, reference: Element) -> None:
        """Add the old note that a deleted reference names, and let the reference name it here."""
        kind = etree.QName(reference).localname.removesuffix("Reference")
        note = find_note(self.old, kind, reference)
        tree = self.new.trees.get(NOTES[kind])
        if note is None or tree is None:
            return
        inside = Adopter(self.old, self.new, (NOTES[kind], NOTES[kind]))
        copied = inside.adopted(note)
        copied.set(f"{W}id", _free(tree, "id"))
        reference.set(f"{W}id", copied.get(f"{W}id"))
        tree.append(copied)


def _free(elements: object, name: str) -> str:
    used = [int(element.get(f"{W}{name}")) for element in elements]  # type: ignore[attr-defined]
    return str(max(used, default=0) + 1)


def bookmark(name: str) -> list[Element]:
    """A bookmark of no length; its id is given at the end."""
    start, end = etree.Element(f"{W}bookmarkStart"), etree.Element(f"{W}bookmarkEnd")
    start.set(f"{W}name", name)
    start.set(f"{W}id", f"old {name}")
    end.set(f"{W}id", f"old {name}")
    return [start, end]


def properties_of(parent: Element, name: str) -> Element:
    """The properties of an element, added in their place where there are none."""
    found = parent.find(f"{W}{name}")
    if found is not None:
        return found
    made = etree.Element(f"{W}{name}")
    if name == "rPr":
        late = [child for child in parent if child.tag in (f"{W}sectPr", f"{W}pPrChange")]
        at = parent.index(late[0]) if late else len(parent)
    else:
        before = {"trPr": f"{W}tblPrEx", "tblGrid": f"{W}tblPr"}.get(name)
        at = sum(child.tag == before for child in parent)
    parent.insert(at, made)
    return made


def mark_tracked(properties: Element, kind: str) -> None:
    """Mark a paragraph's end or a row as inserted or deleted, where the schema has it."""
    mark = etree.Element(f"{W}{kind}")
    if properties.tag == f"{W}rPr":
        properties.insert(0, mark)
        return
    change = properties.find(f"{W}trPrChange")
    properties.insert(len(properties) if change is None else properties.index(change), mark)


def record(properties: Element, old: Element | None) -> None:
    """Note what the properties were before."""
    name = etree.QName(properties).localname
    for change in properties.findall(f"{W}{name}Change"):
        properties.remove(change)
    change = etree.SubElement(properties, f"{W}{name}Change")
    before = etree.SubElement(change, f"{W}{name}")
    skipped = [f"{W}{part}" for part in _NOT_RECORDED.get(name, ())] + [f"{W}ins", f"{W}del"]
    for child in () if old is None else old:
        if child.tag not in skipped:
            before.append(copy.deepcopy(child))
