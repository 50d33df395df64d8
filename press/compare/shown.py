"""A rendered page in; for each number and claim where a reader meets it, and its figures, out."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from lxml import etree

from press.compare.page import parse

Tree = Any
"""An element of lxml."""
Cell = tuple[str, str, str]
"""Where a cell stands: the document, the id of the table, the words that head row and column."""
_BLOCK_TAGS = "p li td th figcaption caption dd dt h1 h2 h3 h4 h5 h6".split()
_BLOCKS = f"ancestor::*[{' or '.join(f'self::{tag}' for tag in _BLOCK_TAGS)}][1]"
_FLOAT = "ancestor::*[starts-with(@id, 'tbl-') or starts-with(@id, 'fig-')][last()]"
UNLABELLED = "a picture without a label"
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_IN_ARTICLE = "ancestor::main"
_STOP = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])")


@dataclass(frozen=True)
class Shown:
    """One place where a page shows something.

    `kind` is `sentence`, `cell`, `caption` or `alternative text`; `label` and `target` are the
    printed label and the id of the table or figure around it, `where` the row and column of a cell,
    and `text` the sentence or cell, `before` that of the cell in the old version where it is known.
    `line` is that of the page's source where the block begins. What `is_gone` is of the old version
    and not in the new one; of the ids in `one_of` it shows one, and nothing says which.
    """

    document: str
    line: int
    section: tuple[str, ...]
    kind: str
    label: str
    target: str
    where: str
    text: str
    before: str = ""
    is_gone: bool = False
    one_of: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether readers of the new version meet the number or claim here for sure."""
        return not self.is_gone and not self.one_of

    def __str__(self) -> str:
        place = " > ".join(self.section) or "title block"
        one_of = f"one of {len(self.one_of)} numbers that moved alike" if self.one_of else ""
        gone = "no longer shown" if self.is_gone else ""
        parts = [f"{self.document}, {place}", self.label, self.where, one_of, gone]
        return f"{', '.join(filter(None, parts))}: {self._said}"

    @property
    def _said(self) -> str:
        """The text in quotation marks; a cell may hold an arrow that is no change."""
        if self.kind != "cell" or self.is_gone:
            return f"“{self.text}”"
        return f"shows “{self.text}”" + (f", before “{self.before}”" if self.before else "")


@dataclass(frozen=True)
class Figure:
    """One figure of a page: its label, id, caption and alternative text, and the drawing.

    A picture outside of tables and figures is `UNLABELLED` and has neither id nor caption.
    """

    document: str
    line: int
    section: tuple[str, ...]
    label: str
    target: str
    caption: str
    alt: str
    media_type: str
    image: bytes


@dataclass(frozen=True)
class Page:
    """What a page shows: the places of each id of results.json, its figures, and its notice.

    The notice says that the data are simulated or unrecorded; it is empty where they are neither.
    """

    shown: dict[str, tuple[Shown, ...]]
    figures: tuple[Figure, ...]
    notice: str


def where_shown(
    ids: Iterable[str], old: Sequence[Page], new: Sequence[Page]
) -> dict[str, tuple[Shown, ...]]:
    """Where the new pages show each id, cells with their old text; else where the old ones did.

    Nothing where there are no new pages, since nothing is known to be gone then.
    """
    found = {}
    before, after = _cells(old), _cells(new)
    for id in ids if new else ():
        were, are = ([place for page in of for place in page.shown.get(id, ())]
                     for of in (old, new))  # fmt: skip
        gone = tuple(replace(place, is_gone=True) for place in were)
        found[id] = tuple(_with_before(place, before, after) for place in are) or gone
    return {id: places for id, places in found.items() if places}


def _cells(pages: Iterable[Page]) -> dict[Cell, set[tuple[int, str]]]:
    """The cells that show anything, each as its line and text, by where they stand."""
    cells: dict[Cell, set[tuple[int, str]]] = {}
    places = (place for page in pages for of in page.shown.values() for place in of)
    for place in places:
        if place.kind == "cell":
            cells.setdefault(_at_cell(place), set()).add((place.line, place.text))
    return cells


def _at_cell(place: Shown) -> Cell:
    return place.document, place.target, place.where


def _with_before(
    place: Shown,
    before: Mapping[Cell, set[tuple[int, str]]],
    after: Mapping[Cell, set[tuple[int, str]]],
) -> Shown:
    """A cell with its old text, where both versions have one such cell and no more."""
    at = _at_cell(place)
    were = before.get(at, set())
    if place.kind != "cell" or len(were) != 1 or len(after[at]) != 1:
        return place
    ((_, text),) = were
    return replace(place, before="" if text == place.text else text)


def read_page(path: Path) -> Page:
    """Read one rendered document; raises PressError where it is no article."""
    tree = parse(path)
    shown: dict[str, dict[Shown, None]] = {}
    figures: list[Figure] = []
    for element, section in _in_sections(tree):
        if element.get("data-key") and element.tag == "span":
            place = _place(element, path.stem, section)
            shown.setdefault(element.get("data-key"), {})[place] = None
        elif element.tag == "img" and element.xpath(_IN_ARTICLE):
            figures.append(_figure(element, path.stem, section))
    notice = next(map(_plain, tree.find_class("data-notice")), "")
    return Page({key: tuple(places) for key, places in shown.items()}, tuple(figures), notice)


def _in_sections(tree: Tree) -> Iterator[tuple[Tree, tuple[str, ...]]]:
    """Every element of the article with the headings it stands under; the title is none."""
    headings: list[tuple[int, str]] = []
    for element in tree.iter(etree.Element):
        level = _HEADINGS.get(element.tag)
        if level and "title" not in (element.get("class") or "").split():
            headings = [item for item in headings if item[0] < level]
            headings.append((level, _plain(element)))
        yield element, tuple(text for _, text in headings)


def _place(element: Tree, document: str, section: tuple[str, ...]) -> Shown:
    block = (element.xpath(_BLOCKS) or [element])[0]
    around = element.xpath(_FLOAT)
    label, target = (_label(around[0]), around[0].get("id")) if around else ("", "")
    place = partial(Shown, document, block.sourceline, section)
    if block.tag in ("td", "th"):
        return place("cell", label, target, _cell(block), _plain(block))
    kind = "caption" if block.tag in ("figcaption", "caption") else "sentence"
    text = _plain(element) if "claim" in element.classes else _sentence(block, element)
    return place(kind, label, target, "", text)


def _sentence(block: Tree, element: Tree) -> str:
    """The sentence of a block in which an element stands."""
    text, at = block.text_content(), len(_before(block, element))
    start, end = 0, len(text)
    for stop in _STOP.finditer(text):
        if stop.end() <= at:
            start = stop.end()
        elif stop.start() >= at:
            end = stop.end()
            break
    return " ".join(text[start:end].split())


def _before(block: Tree, element: Tree) -> str:
    """The text of a block up to an element in it."""
    text = ""
    for event, node in etree.iterwalk(block, events=("start", "end")):
        if event == "start" and node is element:
            break
        text += (node.text if event == "start" else node is not block and node.tail) or ""
    return text


def _cell(cell: Tree) -> str:
    """The row and column of a cell, by the words that head them."""
    row = cell.getparent()
    column = sum(int(before.get("colspan", 1)) for before in cell.itersiblings(preceding=True))
    table = next(cell.iterancestors("table"))
    heads = [_at(head, column) for head in table.xpath(".//thead/tr")] if column else []
    named = [("row", " > ".join(_row_names(row))), ("column", " ".join(filter(None, heads)))]
    if row.getparent().tag == "thead":
        named = [("column", _plain(cell))]
    return ", ".join(f"{word} {name}" for word, name in named if name)


def _row_names(row: Tree) -> list[str]:
    """The first cell of a row, below that of the group it is indented under."""
    first = row[0].text_content()
    names = [_plain(row[0])]
    if first[:1].isspace():
        groups = (above[0] for above in row.itersiblings(preceding=True) if len(above))
        names = [_plain(g) for g in groups if not g.text_content()[:1].isspace()][:1] + names
    return names


def _at(row: Tree, column: int) -> str:
    """The text of a row's cell over a column."""
    start = 0
    for cell in row:
        start += int(cell.get("colspan", 1))
        if column < start:
            return _plain(cell)
    return ""


def _label(around: Tree) -> str:
    """The label of a table or figure, as its caption begins: `Table 2`."""
    return _caption(around).partition(":")[0]


def _caption(around: Tree) -> str:
    return next((_plain(caption) for caption in around.iter("figcaption")), "")


def _figure(image: Tree, document: str, section: tuple[str, ...]) -> Figure:
    around = next(iter(image.xpath(_FLOAT)), None)
    content = image.get("alt") or "", *_content(image.get("src") or "")
    if around is None:
        return Figure(document, image.sourceline, section, UNLABELLED, "", "", *content)
    figure = partial(Figure, document, around.sourceline, section, _label(around), around.get("id"))
    return figure(_caption(around), *content)


def _content(source: str) -> tuple[str, bytes]:
    """The media type and the bytes of an embedded image; none of one that lies elsewhere."""
    head, _, data = source.partition(",")
    if not head.startswith("data:"):
        return "", b""
    content = unquote_to_bytes(data)
    is_base64 = head.endswith(";base64")
    return head[5:].partition(";")[0], base64.b64decode(content) if is_base64 else content


def _plain(element: Tree) -> str:
    return " ".join(element.text_content().split())
