"""Two packages in, the new one with its differences from the old one as tracked changes out."""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import dataclass

from lxml import etree

from press.compare import inline, likeness
from press.compare.adopt import Adopter, bookmark, mark_tracked, properties_of, record
from press.compare.blocks import MARKS, Block, blocks_of, label
from press.compare.canonical import Canonical, find_note
from press.compare.package import DOCUMENT, NOTES, Element, Package, W
from press.errors import PressError


@dataclass
class Item:
    """A block of the redline; `kind` is "" for what both have, then `old` and `new` are there."""

    kind: str
    old: Block | None = None
    new: Block | None = None


class Merger:
    """Writes tracked changes into the new package, in one pair of parts at a time."""

    def __init__(
        self, old: Package, new: Package, *, by_word: bool, parts: tuple[str, str]
    ) -> None:
        """`by_word` marks words; without it a changed paragraph or row is replaced whole."""
        self.adopter = Adopter(old, new, parts)
        self.by_word = by_word
        self.old, self.new = Canonical(old, parts[0]), Canonical(new, parts[1])
        tree = new.trees[DOCUMENT]
        self.new_names = {mark.get(f"{W}name") for mark in tree.iter(f"{W}bookmarkStart")}
        links = old.trees[DOCUMENT].iter(f"{W}hyperlink")
        self.led_to = {link.get(f"{W}anchor") for link in links}

    def merge_containers(self, old: Element, new: Element) -> None:
        """Make the blocks of `new` those of both; what is no block stays as it is."""
        ours, theirs = blocks_of(old), blocks_of(new)
        items = self._items(ours, theirs)
        pieces = [self._write(item) for item in items]
        self._shift_marks(items, [piece[-1] for piece in pieces])
        written = [element for piece in pieces for element in piece]
        for block in theirs:
            for element in (*block.marks, block.element):
                new.remove(element)
        first = sum(child.tag == f"{W}tcPr" for child in new)
        new[first:first] = written

    def _items(self, old: list[Block], new: list[Block]) -> list[Item]:
        def alike(i: int, j: int) -> float:
            a, b = old[i], new[j]
            if a.element.tag != b.element.tag:
                return 0.0
            return 1.0 if a.own & b.own else likeness.likeness(a.words, b.words)

        keys_old = [self.old.of(block.element) for block in old]
        keys_new = [self.new.of(block.element) for block in new]
        items = []
        for i, j in likeness.pair(keys_old, keys_new, alike):
            a, b = None if i is None else old[i], None if j is None else new[j]
            is_kept = a is not None and b is not None
            is_paragraph = is_kept and b is not None and b.element.tag == f"{W}p"
            if is_paragraph and not self.by_word and keys_old[i or 0] != keys_new[j or 0]:
                items += [Item("del", old=a), Item("ins", new=b)]
            else:
                items.append(Item("" if is_kept else "ins" if a is None else "del", a, b))
        return _mend_tail(items)

    # Blocks -------------------------------------------------------------------------------

    def _write(self, item: Item) -> list[Element]:
        marks = copy.deepcopy(item.new.marks) if item.new else []
        if item.old and item.new and not item.kind:
            same = self.old.of(item.old.element) == self.new.of(item.new.element)
            element = copy.deepcopy(item.new.element)
            if not same and element.tag == f"{W}p":
                element = self._paragraph(item.old.element, item.new.element)
            elif not same and element.tag == f"{W}tbl":
                element = self._table(item.old.element, item.new.element)
            elif not same:
                raise _untrackable(element)
        elif item.new and item.kind == "ins":
            element = self._whole(item.new.element, "ins")
        elif item.old:
            element = self._whole(self.adopter.adopted(item.old.element), "del")
        return [*marks, *self._old_marks(item.old, element), element]

    def _old_marks(self, old: Block | None, element: Element) -> list[Element]:
        """The bookmarks that the old links need and the new version lacks, put into a paragraph.

        Those of another block are given back. With one before a deleted paragraph LibreOffice 7.4
        ends when all changes are accepted.
        """
        lost = sorted((old.names & self.led_to) - self.new_names) if old else []
        marks = [mark for name in lost for mark in bookmark(name)]
        if element.tag == f"{W}p":
            at = sum(child.tag == f"{W}pPr" for child in element)
            element[at:at], marks = marks, []
        return marks

    def _shift_marks(self, items: list[Item], written: list[Element]) -> None:
        """The last mark of a story cannot be tracked: track that of the last paragraph in both.

        What is inserted behind it begins with that mark and leaves the last one as it was; the
        last paragraph therefore has the properties of what it ends in each version.
        """
        kept = max((n for n, item in enumerate(items) if not item.kind), default=-1)
        chain = written[kept:]
        if kept in (-1, len(items) - 1) or any(element.tag != f"{W}p" for element in chain):
            return
        body, tail, kind = items[kept], items[-1], items[-1].kind
        old, new = (body.old, tail.new) if kind == "ins" else (tail.old, body.new)
        mark_tracked(properties_of(properties_of(chain[0], "pPr"), "rPr"), kind)
        last = chain[-1]
        for properties in last.findall(f"{W}pPr"):
            last.remove(properties)
        if old and new:
            properties = new.element.find(f"{W}pPr")
            if properties is not None:
                last.insert(0, copy.deepcopy(properties))
            self._record_paragraph(last, old.element)

    def _paragraph(self, old: Element, new: Element) -> Element:
        """One paragraph from two, changed word by word."""
        merged = etree.Element(f"{W}p")
        properties = new.find(f"{W}pPr")
        if properties is not None:
            merged.append(copy.deepcopy(properties))
        self._record_paragraph(merged, old)
        merged.extend(copy.deepcopy(mark) for mark in new.iter(*MARKS))
        ours, theirs = self._old_atoms(old), inline.atoms(new, self.new)
        if self.by_word:
            placed = inline.merge(ours, theirs)
        else:
            placed = [inline.Placed("del", atom) for atom in ours]
            placed += [inline.Placed("ins", atom) for atom in theirs]
        for item in placed:
            if item.atom.key == inline.NOTE and item.kind != "ins":
                self._merge_note(item)
        merged.extend(inline.write(placed))
        return merged

    def _old_atoms(self, old: Element) -> list[inline.Atom]:
        """The words of the old paragraph, compared as in their own file, written as in the new."""
        here = inline.atoms(self.adopter.adopted(old), self.new)
        there = inline.atoms(old, self.old)
        return [
            dataclasses.replace(b, key=a.key, look=a.look) for a, b in zip(there, here, strict=True)
        ]

    def _merge_note(self, item: inline.Placed) -> None:
        """The text of a note that both versions have, changed by word; a deleted one is added."""
        if item.before is None:
            self.adopter.add_note(item.atom.elements[0])
            return
        kind = etree.QName(item.atom.elements[0]).localname.removesuffix("Reference")
        old = find_note(self.adopter.old, kind, item.before.elements[0])
        new = find_note(self.adopter.new, kind, item.atom.elements[0])
        if old is not None and new is not None:
            parts = NOTES[kind], NOTES[kind]
            inside = Merger(self.adopter.old, self.adopter.new, by_word=self.by_word, parts=parts)
            inside.merge_containers(old, new)

    def _record_paragraph(self, merged: Element, old: Element) -> None:
        """Note the old properties where they were others, of the paragraph and of its mark."""
        if self.old.mark(old) != self.new.mark(merged):
            mark = properties_of(properties_of(merged, "pPr"), "rPr")
            record(mark, old.find(f"{W}pPr/{W}rPr"))
        ours, theirs = old.find(f"{W}pPr"), merged.find(f"{W}pPr")
        if self.old.properties(ours) != self.new.properties(theirs):
            before = None if ours is None else self.adopter.adopted(ours)
            record(properties_of(merged, "pPr"), before)

    def _whole(self, element: Element, kind: str) -> Element:
        """A block that one version alone has, all of it marked."""
        element = copy.deepcopy(element)
        if element.tag == f"{W}tbl":
            for row in element.iter(f"{W}tr"):
                self._whole_row(row, kind)
            return element
        if element.tag != f"{W}p":
            raise _untrackable(element)
        self._whole_paragraph(element, kind)
        mark_tracked(properties_of(properties_of(element, "pPr"), "rPr"), kind)
        return element

    def _whole_paragraph(self, paragraph: Element, kind: str) -> None:
        properties = paragraph.find(f"{W}pPr")
        marks = [copy.deepcopy(mark) for mark in paragraph.iter(*MARKS)] if kind == "ins" else []
        placed = [inline.Placed(kind, atom) for atom in inline.atoms(paragraph, self.new)]
        if kind == "del":
            for item in placed:
                if item.atom.key == inline.NOTE:
                    self.adopter.add_note(item.atom.elements[0])
        for child in list(paragraph):
            if child is not properties:
                paragraph.remove(child)
        paragraph.extend(marks + inline.write(placed))

    # Tables -------------------------------------------------------------------------------

    def _table(self, old: Element, new: Element) -> Element:
        """One table from two: rows that stand for each other cell by cell, others whole."""
        merged = etree.Element(f"{W}tbl")
        for name in ("tblPr", "tblGrid"):
            self._carry(merged, old, new, name)
        ours, theirs = old.findall(f"{W}tr"), new.findall(f"{W}tr")
        words_old, words_new = [Block(row) for row in ours], [Block(row) for row in theirs]
        labels_old, labels_new = [label(row) for row in ours], [label(row) for row in theirs]

        def alike(i: int, j: int) -> float:
            share = likeness.likeness(words_old[i].words, words_new[j].words)
            return 1 + share if labels_old[i] and labels_old[i] == labels_new[j] else share

        keys_old, keys_new = (
            [self.old.of(row) for row in ours],
            [self.new.of(row) for row in theirs],
        )
        for i, j in likeness.pair(keys_old, keys_new, alike):
            if i is not None and j is not None and keys_old[i] == keys_new[j]:
                merged.append(copy.deepcopy(theirs[j]))
            elif i is not None and j is not None and self._same_cells(ours[i], theirs[j]):
                merged.append(self._row(ours[i], theirs[j]))
            else:
                for row in () if i is None else (self.adopter.adopted(ours[i]),):
                    merged.append(self._whole_row(row, "del"))
                for row in () if j is None else (copy.deepcopy(theirs[j]),):
                    merged.append(self._whole_row(row, "ins"))
        return merged

    def _same_cells(self, old: Element, new: Element) -> bool:
        """Whether two rows have the same cells, and these are to be compared one by one."""

        def spans(row: Element) -> list[str | None]:
            found = (cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc"))
            return [None if span is None else span.get(f"{W}val") for span in found]

        return self.by_word and spans(old) == spans(new)

    def _row(self, old: Element, new: Element) -> Element:
        row = etree.Element(f"{W}tr")
        for name in ("tblPrEx", "trPr"):
            self._carry(row, old, new, name)
        for ours, theirs in zip(old.findall(f"{W}tc"), new.findall(f"{W}tc"), strict=True):
            if self.old.of(ours) == self.new.of(theirs):
                row.append(copy.deepcopy(theirs))
                continue
            cell = etree.SubElement(row, f"{W}tc")
            self._carry(cell, ours, theirs, "tcPr")
            content = copy.deepcopy(theirs)
            self.merge_containers(ours, content)
            cell.extend(child for child in content if child.tag != f"{W}tcPr")
        return row

    def _carry(self, merged: Element, old: Element, new: Element, name: str) -> None:
        """Take over the new properties of a table, row or cell and note the old, if others."""
        ours, theirs = old.find(f"{W}{name}"), new.find(f"{W}{name}")
        if theirs is not None:
            merged.append(copy.deepcopy(theirs))
        if self.old.properties(ours) != self.new.properties(theirs):
            record(properties_of(merged, name), ours)

    def _whole_row(self, row: Element, kind: str) -> Element:
        mark_tracked(properties_of(row, "trPr"), kind)
        for cell in row.findall(f"{W}tc"):
            blocks = [child for child in cell if child.tag in (f"{W}p", f"{W}tbl")]
            for block in blocks:
                if block.tag == f"{W}p":
                    self._whole_paragraph(block, kind)
                else:
                    for inner in block.findall(f"{W}tr"):
                        self._whole_row(inner, kind)
                if block is not blocks[-1] and block.tag == f"{W}p":
                    mark_tracked(properties_of(properties_of(block, "pPr"), "rPr"), kind)
        return row


def _untrackable(element: Element) -> PressError:
    name = etree.QName(element).localname
    return PressError(f"{name!r} between paragraphs cannot be tracked where it changes")


def _mend_tail(items: list[Item]) -> list[Item]:
    """The last mark of a story cannot be tracked, so that a last paragraph always is in both.

    Where the last ones are deleted and inserted, these two are made one, changed.
    """
    kept = max((n for n, item in enumerate(items) if not item.kind), default=-1)
    tail = items[kept + 1 :]
    gone = [item for item in tail if item.kind == "del"]
    come = [item for item in tail if item.kind == "ins"]
    if gone and come and gone[-1].old and come[-1].new:
        both = Item("", gone[-1].old, come[-1].new)
        if both.old and both.new and both.old.element.tag == both.new.element.tag:
            return [*items[: kept + 1], *gone[:-1], *come[:-1], both]
    return items
