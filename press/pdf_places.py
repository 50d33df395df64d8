"""A finished PDF in; what stands under each of its labels, and on which page, out.

A section is known by the name of its heading's destination, or by its words where it has none; a
figure or table by the number that its caption begins with. Text is compared by its letters and
digits alone, since lines are broken and hyphenated anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from press.errors import refuse
from press.read_pdf import _Page, _Reader

TITLE = "title"
CAPTIONS = {"fig": "Figure", "tbl": "Table"}
_HEADING = re.compile(r"/H(\d)")


@dataclass(frozen=True)
class Piece:
    """A stretch of text in logical order: its page and height there, its tag and its block."""

    page: int
    tag: str
    block: int
    text: str
    height: float = 0.0


@dataclass(frozen=True)
class Region:
    """What stands under a label: the words that name it, and its text."""

    name: str
    pieces: tuple[Piece, ...]

    def page_of(self, phrase: str) -> int | None:
        """The page on which a phrase begins, None where it does not stand here."""
        found = self.ends_of(phrase)
        return found[0].page if found else None

    def ends_of(self, phrase: str) -> tuple[Piece, Piece] | None:
        """The pieces in which a phrase begins and ends, None where it does not stand here."""
        letters = [(letter, piece) for piece in self.pieces for letter in bare(piece.text)]
        wanted = bare(phrase)
        at = "".join(letter for letter, _ in letters).find(wanted)
        if at < 0 or not letters:
            return None
        return letters[at][1], letters[max(at, at + len(wanted) - 1)][1]


def bare(text: str) -> str:
    """The letters and digits of a text, in lower case."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def read_regions(path: Path) -> dict[str, Region]:
    """The sections of a tagged PDF by label, and its figures and tables as `Figure 1`."""
    with pikepdf.open(path) as pdf:
        if "/StructTreeRoot" not in pdf.Root:
            raise refuse(str(path), "this PDF has no structure tree; render it again")
        numbers = {page.objgen: i for i, page in enumerate(pdf.pages, start=1)}
        walker = _Walker(numbers, {page.objgen: _Reader(page).read() for page in pdf.pages})
        pieces = list(walker.walk(pdf.Root.StructTreeRoot.K, "", (0, 0)))
        labels = _labels(pdf)
    title = tuple(piece for piece in pieces if piece.tag == "/Title")
    return {TITLE: Region(TITLE, title), **_sections(pieces, labels), **_floats(pieces)}


class _Walker:
    """Walks the structure tree; a block is an element right under the document."""

    def __init__(self, numbers: dict[Any, int], pages: dict[Any, _Page]) -> None:
        self._numbers, self._pages, self._block = numbers, pages, 0

    def walk(self, node: Any, tag: str, page: Any, depth: int = 0) -> Iterator[Piece]:
        """The text of a node of the tree, in order."""
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from self.walk(child, tag, page, depth)
        elif not isinstance(node, pikepdf.Dictionary):
            yield from self._content(tag, page, int(node))
        elif node.get("/Type") == "/MCR":
            yield from self._content(tag, node.Pg.objgen if "/Pg" in node else page, int(node.MCID))
        elif node.get("/Type") != "/OBJR":
            kind = str(node.get("/S", ""))
            self._block += depth == 1
            is_named = kind in ("/Title", "/Caption") or _HEADING.fullmatch(kind)
            page = node.Pg.objgen if "/Pg" in node else page
            yield from self.walk(node.get("/K", []), kind if is_named else tag, page, depth + 1)

    def _content(self, tag: str, page: Any, number: int) -> Iterator[Piece]:
        run = self._pages[page].runs.get(number) if page in self._pages else None
        if run and run.text:
            yield Piece(self._numbers[page], tag, self._block, run.text, run.first or 0.0)


def _labels(pdf: pikepdf.Pdf) -> list[tuple[str, str]]:
    """The label and words of each heading, in the order of the outline."""
    names = {}
    if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names:
        for name, found in pikepdf.NameTree(pdf.Root.Names.Dests).items():
            at = found.D if isinstance(found, pikepdf.Dictionary) else found
            names[_spot(at)] = str(name)
    with pdf.open_outline() as outline:
        entries = list(_flat(outline.root))
    return [
        (names.get(_spot(entry.destination)) or _slug(entry.title), str(entry.title))
        for entry in entries
    ]


def _flat(entries: Sequence[Any]) -> Iterator[Any]:
    for entry in entries:
        yield entry
        yield from _flat(entry.children)


def _spot(destination: Any) -> tuple[Any, str, str]:
    """Page and place of a destination."""
    return destination[0].objgen, str(destination[2]), str(destination[3])


def _slug(words: str) -> str:
    return re.sub(r"[^\w]+", "-", words.casefold()).strip("-")


def _sections(pieces: list[Piece], labels: list[tuple[str, str]]) -> dict[str, Region]:
    """What stands under each heading, up to the next of its level or above."""
    starts = _starts(pieces)
    found = {}
    for label, words in labels:
        i = next((i for i, start in enumerate(starts) if start[2] == bare(words)), None)
        if i is None:
            continue
        at, level, _ = starts[i]
        ends = (start for start, other, _ in starts[i + 1 :] if other <= level)
        found[label] = Region(words, tuple(pieces[at : next(ends, len(pieces))]))
        del starts[i]
        starts.insert(i, (at, level, ""))  # a later heading may have the same words
    return found


def _starts(pieces: list[Piece]) -> list[tuple[int, int, str]]:
    """Where each heading begins, its level and its letters."""
    starts: list[tuple[int, int, str]] = []
    for i, piece in enumerate(pieces):
        heading = _HEADING.fullmatch(piece.tag)
        if not heading:
            continue
        goes_on = i > 0 and (pieces[i - 1].block, pieces[i - 1].tag) == (piece.block, piece.tag)
        if goes_on:
            at, level, words = starts.pop()
            starts.append((at, level, words + bare(piece.text)))
        else:
            starts.append((i, int(heading[1]), bare(piece.text)))
    return starts


def _floats(pieces: list[Piece]) -> dict[str, Region]:
    """What stands in the block of each caption that has a number."""
    captions: dict[int, str] = {}
    for piece in pieces:
        if piece.tag == "/Caption":
            captions[piece.block] = captions.get(piece.block, "") + piece.text
    found = {}
    for block, text in captions.items():
        number = re.match(rf"({'|'.join(CAPTIONS.values())})\s*(\w+)", text)
        if number:
            inside = tuple(piece for piece in pieces if piece.block == block)
            found[f"{number[1]} {number[2]}"] = Region(f"{number[1]} {number[2]}", inside)
    return found
