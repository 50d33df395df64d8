"""A review copy (PDF) in; the page and the numbered lines on which a passage stands out.

Typst sets each line of text in marked content of its own and the line's number, at the same height,
outside the structure. Lines are numbered through the document from 1; captions and tables are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pikepdf

from press.errors import refuse
from press.pdf_places import TITLE, Piece, read_regions
from press.read_pdf import _Reader
from press.response.passages import NotFoundError, Quoted
from press.response.reviews import nearest

_SAME_LINE = 6.0
"""Points; lines of a review copy are 24 apart, raised letters less than this above theirs."""
_DASH = "\u2013"


@dataclass(frozen=True)
class Spot:
    """A page and the number of a line on it, if it has one."""

    page: int
    line: int | None


class ReviewCopy:
    """A PDF with numbered lines."""

    def __init__(self, path: Path) -> None:
        """Read it; PressError where its lines are not numbered."""
        self._file = path.name
        self._regions = read_regions(path)
        with pikepdf.open(path) as pdf:
            self._numbers = _numbers([_Outside(page).strings() for page in pdf.pages])
        if not any(self._numbers):
            remedy = "render it with review-copy: true"
            raise refuse(str(path), f"the lines of this PDF are not numbered; {remedy}")

    def place_of(self, quoted: Quoted) -> str:
        """`page 3, lines 52–53`; NotFoundError where the passage is not there."""
        region = self._regions.get(quoted.name if quoted.float else quoted.label)
        if region is None:
            hint = nearest(quoted.label, [name for name in self._regions if name != TITLE])
            raise NotFoundError(f"{self._file} has no {quoted.label}; {hint}")
        ends = region.ends_of(quoted.text.chars)
        if ends is None:
            remedy = "render both from the same state"
            raise NotFoundError(
                f"{self._file} does not have this passage of the web page; {remedy}"
            )
        return say_place(*(self._spot(piece) for piece in ends))

    def _spot(self, piece: Piece) -> Spot:
        here = self._numbers[piece.page - 1]
        near = min(here, key=lambda line: abs(here[line] - piece.height), default=None)
        if near is None or abs(here[near] - piece.height) > _SAME_LINE:
            return Spot(piece.page, None)
        return Spot(piece.page, near)


def say_place(first: Spot, last: Spot) -> str:
    """The place in words."""
    one_page = first.page == last.page
    pages = f"page {first.page}" if one_page else f"pages {first.page}{_DASH}{last.page}"
    if first.line is None or last.line is None:
        return pages
    one_line = first.line == last.line
    lines = f"line {first.line}" if one_line else f"lines {first.line}{_DASH}{last.line}"
    return f"{pages}, {lines}"


def _numbers(pages: list[list[tuple[str, float]]]) -> list[dict[int, float]]:
    """The line numbers of each page with their heights: those that go on from page to page."""
    found, following = [], 1
    for strings in pages:
        heights: dict[str, float] = {}
        for text, height in strings:
            heights.setdefault(text, height)
        here: dict[int, float] = {}
        while str(following) in heights:
            here[following] = heights[str(following)]
            following += 1
        found.append(here)
    return found


class _Outside(_Reader):
    """Reads what stands on a page outside the structure, string by string, with its height."""

    def strings(self) -> list[tuple[str, float]]:
        """The strings of the page and their heights."""
        self._strings: list[tuple[str, float]] = []
        self.read()
        return self._strings

    def _write(self, text: str) -> None:
        if all(number is None for _, number, _ in self._marks):
            height = self._matrix[5] + self._matrix[3] * self._line
            if self._has_moved or not self._strings:
                self._strings.append(("", height))
            self._strings[-1] = (self._strings[-1][0] + text, self._strings[-1][1])
        super()._write(text)
