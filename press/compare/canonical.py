"""A piece of a DOCX in, a text out that is the same for two pieces which a reader sees alike.

Left out is what a writer numbers anew in each file: ids of bookmarks, drawings, relationships and
lists, revision ids, how text is cut into runs, and the order of running heads. A picture stands for
its content, a link for where it leads, a note for its text, an empty running head for none.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator

from lxml import etree

from press.compare.package import DOCUMENT, NOTES, Element, Package, R, W

_IGNORED = {
    f"{W}{name}" for name in "proofErr lastRenderedPageBreak bookmarkStart bookmarkEnd".split()
}
_NO_PROPERTY = {f"{W}{name}" for name in "rPr sectPr ins del moveFrom moveTo".split()}
_HEADS = {f"{W}headerReference", f"{W}footerReference"}
_SEEN = [f"{W}{name}" for name in "r fldSimple tbl sdt pBdr shd".split()]
_UNSEEN = ("rsid", "paraId", "textId")
_NUMBERED = ("docPr", "cNvPr")
NUMBERS = "word/numbering.xml"


class Canonical:
    """Writes the elements of one part of a package as texts to be compared."""

    def __init__(self, package: Package, part: str) -> None:
        """Read relationships, notes and lists from the package."""
        self.package, self.part = package, part

    def of(self, element: Element) -> str:
        """The text of an element; of a paragraph, all its runs without their cutting."""
        return "".join(self._walk(element))

    def properties(self, element: Element | None) -> str:
        """The text of properties, nothing where there are none; tracked marks count for nothing."""
        children = [] if element is None else list(element)
        return "".join(self.of(child) for child in children if child.tag not in _NO_PROPERTY)

    def mark(self, paragraph: Element) -> str:
        """The formatting of a paragraph's mark."""
        return self.properties(paragraph.find(f"{W}pPr/{W}rPr"))

    def _walk(self, element: Element) -> Iterator[str]:
        if not isinstance(element.tag, str) or element.tag in _IGNORED:
            return
        name = etree.QName(element).localname
        if name.endswith("Pr") and not len(element) and not element.attrib:
            return  # no property is no properties
        if element.tag == f"{W}p":
            yield from self._paragraph(element)
        elif element.tag == f"{W}numId":
            yield f"<list {numbering(self.package, element.get(f'{W}val'))}>"
        elif name in ("footnoteReference", "endnoteReference"):
            note = find_note(self.package, name.removesuffix("Reference"), element)
            if note is None:
                yield f"<{name} nowhere>"
                return
            inside = Canonical(self.package, NOTES[name.removesuffix("Reference")])
            yield f"<{name}>{''.join(inside.of(child) for child in note)}</{name}>"
        else:
            yield f"<{name}{self._attributes(element, name)}>"
            yield (element.text or "") if not len(element) and name in _TEXTS else ""
            is_section = element.tag == f"{W}sectPr"
            for child in self._of_section(element) if is_section else element:
                yield from self._walk(child)
            yield f"</{name}>"

    def _of_section(self, section: Element) -> list[Element]:
        """What a section has, its heads by kind and type.

        An empty head of the first section is as none; a later one without a head repeats the last.
        """
        heads = [child for child in section if child.tag in _HEADS]
        rest = [child for child in section if child.tag not in _HEADS]
        if next(self.package.trees[DOCUMENT].iter(f"{W}sectPr"), None) is section:
            heads = [head for head in heads if not self._is_empty(head)]
        return sorted(heads, key=lambda head: (head.tag, head.get(f"{W}type"))) + rest

    def _is_empty(self, head: Element) -> bool:
        """Whether nothing shows of a head: no run, table or frame, and no border or shade."""
        id = head.get(f"{R}id")
        if id not in self.package.related(self.part):
            return False
        tree = self.package.trees.get(self.package.target(self.part, id))
        return tree is not None and next(tree.iter(*_SEEN), None) is None

    def _paragraph(self, element: Element) -> Iterator[str]:
        """Properties, then text and objects with their formatting, equal neighbours joined."""
        yield f"<p {self.properties(element.find(f'{W}pPr'))}|{self.mark(element)}>"
        last = ""
        for place, formatting, content in self._pieces(element, ""):
            look = f"<{place}|{formatting}>"
            yield (look if look != last else "") + content
            last = look
        yield "</p>"

    def _pieces(self, element: Element, place: str) -> Iterator[tuple[str, str, str]]:
        for child in element.iterchildren("*"):
            if child.tag == f"{W}r":
                formatting = self.properties(child.find(f"{W}rPr"))
                for part in child:
                    if part.tag == f"{W}t":
                        if part.text:
                            yield place, formatting, part.text
                    elif part.tag != f"{W}rPr" and part.tag not in _IGNORED:
                        yield place, formatting, self.of(part)
            elif child.tag == f"{W}hyperlink":
                yield from self._pieces(child, f"{place}/link {self.destination(child)}")
            elif child.tag == f"{W}fldSimple":
                yield from self._pieces(as_complex(child), place)
            elif child.tag not in (f"{W}pPr", *_IGNORED):
                yield place, "", self.of(child)

    def destination(self, link: Element) -> str:
        """Where a link leads: an address, or what stands at the bookmark."""
        id = link.get(f"{R}id")
        address = self.package.content(self.part, id)[1] if id else ""
        anchor = link.get(f"{W}anchor")
        return address if anchor is None else f"{address}#{anchor.removesuffix(OLD)}"

    def _attributes(self, element: Element, name: str) -> str:
        pairs = []
        for key, value in sorted(element.attrib.items()):
            local = etree.QName(key).localname
            if local.startswith(_UNSEEN) or (name in _NUMBERED and local in ("id", "name")):
                continue
            if name == "cNvPr" and local == "descr":
                continue  # pandoc writes the path of the file here
            if key.startswith(R):
                value = self._related(value)
            pairs.append(f" {local}={value}")
        return "".join(pairs)

    def _related(self, id: str) -> str:
        kind, target, data = self.package.content(self.part, id)
        if data is None:
            return f"{kind} {target}"
        part = self.package.target(self.part, id)
        if part in self.package.trees:
            return f"{kind} {Canonical(self.package, part).of(self.package.trees[part])}"
        return f"{kind} {hashlib.sha256(data).hexdigest()}"


OLD = "-old"
"""Ends the name of a bookmark of the old version whose name the new one uses elsewhere."""
_TEXTS = ("t", "instrText")


def as_complex(field: Element) -> Element:
    """A simple field with the runs of a complex one, which an insertion or deletion may hold."""
    written = etree.Element(field.tag)
    for kind in ("begin", "", "separate", *field, "end"):
        if not isinstance(kind, str):
            written.append(copy.deepcopy(kind))
            continue
        run = etree.SubElement(written, f"{W}r")
        if kind:
            etree.SubElement(run, f"{W}fldChar").set(f"{W}fldCharType", kind)
        else:
            etree.SubElement(run, f"{W}instrText").text = (field.get(f"{W}instr") or "").strip()
    return written


def find_note(package: Package, kind: str, reference: Element) -> Element | None:
    """The note that a reference names."""
    tree = package.trees.get(NOTES[kind])
    for note in () if tree is None else tree:
        if note.get(f"{W}id") == reference.get(f"{W}id"):
            return note
    return None


def numbering(package: Package, id: str | None) -> str:
    """How a list is numbered, without the id that the file gives it."""
    tree = package.trees.get(NUMBERS)
    if tree is None or (number := tree.find(f"{W}num[@{W}numId='{id}']")) is None:
        return "none"
    wanted = number.find(f"{W}abstractNumId").get(f"{W}val")
    abstract = copy.deepcopy(tree.find(f"{W}abstractNum[@{W}abstractNumId='{wanted}']"))
    for child in abstract.findall(f"{W}nsid") + abstract.findall(f"{W}tmpl"):
        abstract.remove(child)
    abstract.attrib.clear()
    overrides = [etree.tostring(item) for item in number.iter(f"{W}lvlOverride")]
    written = etree.tostring(abstract, method="c14n") + b"".join(overrides)
    return hashlib.sha256(written).hexdigest()[:12]
