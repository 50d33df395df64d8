"""Two rendered versions of a document in; whether a passage of the new one is in the redline out.

The redline is what `press.compare` says of the two: a citation or table that only has another
number now is not changed.
"""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

from press.compare.words import MOVED, MOVED_AND_CHANGED, Block, compare_words
from press.pdf_places import bare
from press.response.passages import Quoted, read_article


class Redline:
    """What differs between the version that was submitted last, if it had the document, and now."""

    def __init__(self, old: Path, new: Path) -> None:
        """Compare two pages."""
        self._old = read_article(old) if old.is_file() else None
        self._blocks = compare_words(old, new).blocks if old.is_file() else ()

    def shows(self, quoted: Quoted) -> bool:
        """Whether anything in the passage is marked: inserted, deleted, replaced or moved."""
        if self._old is None:
            return True
        if quoted.float:
            return not self._old.has_same(quoted)
        wanted = bare(quoted.text.chars)
        found = [block for block in self._blocks if wanted in _letters(block)]
        here = [block for block in found if quoted.name in block.path[-1:]]
        return any(_is_marked(block, wanted) for block in here or found)

    def kind_of(self, quoted: Quoted) -> str:
        """What changed or did not: the text, the caption, or only the figure or table above it."""
        if not quoted.float:
            return "text"
        if self._old is None or not self._old.has_caption(quoted) or self._old.has_same(quoted):
            return "caption"
        return "table" if quoted.label.startswith("tbl-") else "figure"


def _letters(block: Block) -> str:
    """The letters and digits that a block has now."""
    return "".join(bare(piece.text) for piece in block.pieces if piece.kind != "del")


def _is_marked(block: Block, wanted: str) -> bool:
    if block.state in (MOVED, MOVED_AND_CHANGED):
        return True
    letters = _letters(block)
    start = letters.find(wanted)
    end = start + len(wanted)
    lengths = [len(bare(piece.text)) if piece.kind != "del" else 0 for piece in block.pieces]
    for piece, length, stop in zip(block.pieces, lengths, accumulate(lengths), strict=True):
        if not piece.kind:
            continue
        if length and stop > start and stop - length < end:
            return True
        at_edge = stop == start == 0 or stop == end == len(letters)
        if not length and (start < stop < end or at_edge):
            return True
    return False
