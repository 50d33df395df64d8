"""A body, cell or note in, its paragraphs and tables with their bookmarks out."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field

from lxml import etree

from press.compare import likeness
from press.compare.package import Element, W
from press.errors import PressError

MARKS = (f"{W}bookmarkStart", f"{W}bookmarkEnd")
_SHELL = {f"{W}{name}" for name in "tcPr sectPr".split()}


@dataclass
class Block:
    """A paragraph, table or frame (such as a table of contents) and the bookmarks before it."""

    element: Element
    marks: list[Element] = field(default_factory=list)

    @functools.cached_property
    def names(self) -> set[str]:
        """The names of the bookmarks that begin here."""
        inside = [*self.marks, *self.element.iter(f"{W}bookmarkStart")]
        return {mark.get(f"{W}name") for mark in inside if mark.tag == f"{W}bookmarkStart"}

    @functools.cached_property
    def own(self) -> set[str]:
        """Of these names those of the block itself: one before another is of more blocks than it.

        The bookmark of the list of references begins at whichever is the first.
        """
        before = [mark.get(f"{W}name") for mark in self.marks if mark.tag == f"{W}bookmarkStart"]
        return self.names - set(before[:-1])

    @functools.cached_property
    def words(self) -> Counter[Hashable]:
        """How often it has each word."""
        text = " ".join(part.text or "" for part in self.element.iter(f"{W}t"))
        return Counter(word for word in likeness.words(text) if not word.isspace())


def blocks_of(container: Element) -> list[Block]:
    """The paragraphs, tables and frames of a body, cell or note with the bookmarks before them."""
    blocks: list[Block] = []
    marks: list[Element] = []
    for child in container.iterchildren("*"):
        if child.tag in MARKS:
            marks.append(child)
        elif child.tag in (f"{W}p", f"{W}tbl", f"{W}sdt"):
            blocks.append(Block(child, marks))
            marks = []
        elif child.tag not in _SHELL:
            name = etree.QName(child).localname
            raise PressError(f"{name!r} between paragraphs cannot be tracked here")
    return blocks


def label(row: Element) -> str:
    """The words of a row's first cell."""
    first = row.find(f"{W}tc")
    return "" if first is None else "".join(text.text or "" for text in first.iter(f"{W}t"))
