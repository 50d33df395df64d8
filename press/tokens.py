"""Text with its sources in, tokens out: the numerals, words and marks that a reader sees.

White space, the shape of quotation marks, ligatures and soft hyphens are typography and make no
difference; every digit, sign, letter and mark of punctuation does.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

APART = "\u2063"
"""Stands where text is raised or lowered: digits on its two sides are two numerals, not one."""
CELL, ROW = "|cell|", "|row|"
"""Tokens that begin a table's cell and row, so that a value cannot move to another column."""
_QUOTES = dict.fromkeys(map(ord, "“”„‟«»"), '"') | dict.fromkeys(map(ord, "‘’‚‛"), "'")
_DROPPED = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff\u200d"), "")
_RAISED = re.compile("[⁰¹²³⁴-⁹₀-₉]+")
_TOKEN = re.compile(
    rf"""\b\d{{4}}(?:-\d{{4}}){{2}}-\d{{3}}[\dX]\b        # an ORCID is one numeral
    |(?<![\w.,)\]%\u2212+-])[+\u2212-]\d+(?:\.\d+)*   # a sign belongs to its number
    |\d+(?:\.\d+)*
    |[^\W\d_]+(?:{APART}+[^\W\d_]+)*
    |[^\s{APART}]""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """A numeral, word or mark; `source` says where the executed document has it from."""

    text: str
    source: str = ""
    spaced: bool = True

    @property
    def is_numeral(self) -> bool:
        """Whether it has a digit (a word never has one)."""
        return self.text[-1].isdigit() or self.text[0].isdigit()


@dataclass(frozen=True)
class Block:
    """A paragraph, caption, cell, note or other run of tokens; `kind` is one of KINDS."""

    kind: str
    tokens: tuple[Token, ...]
    name: str = ""


KINDS = {
    "text": "a paragraph, caption or cell",
    "heading": "a heading",
    "alt": "the alternative text of a figure",
    "note": "a footnote",
    "reference": "an entry of the list of references",
    "front": "a part of the title block",
    "furniture": "metadata, running heads, page numbers, contents",
}


@dataclass
class Writer:
    """Collects text in pieces and gives it out as blocks."""

    blocks: list[Block] = field(default_factory=list)
    _pieces: list[tuple[str, str]] = field(default_factory=list)
    _after: list[Block] = field(default_factory=list)

    def add(self, text: str, source: str = "") -> None:
        """Text that continues the block."""
        self._pieces.append((text, source))

    def later(self, kind: str, text: str, source: str = "") -> None:
        """A block of its own, such as an alternative text, behind the one that is being written."""
        self._after.append(Block(kind, tokenise([(text, source)])))

    def end(self, kind: str = "text", name: str = "") -> None:
        """The block ends here; an empty one is none."""
        tokens = tokenise(self._pieces)
        self._pieces = []
        if tokens:
            self.blocks.append(Block(kind, tokens, name))
        self.blocks += [block for block in self._after if block.tokens]
        self._after = []

    def mark(self, mark: str) -> None:
        """The beginning of a cell or row."""
        self.end()
        self.blocks.append(Block("text", (Token(mark),)))


def tokenise(pieces: list[tuple[str, str]]) -> tuple[Token, ...]:
    """The tokens of a text given in pieces, each piece with its source."""
    text, starts, sources = "", [], []
    for piece, source in pieces:
        starts.append(len(text))
        sources.append(source)
        text += normalise(piece)
    tokens = []
    for found in _TOKEN.finditer(text):
        source = sources[bisect_right(starts, found.start()) - 1]
        word = found.group().replace(APART, "")
        if len(word) > 1 and word[0] == "-":
            word = "\u2212" + word[1:]
        spaced = found.start() == 0 or text[found.start() - 1].isspace()
        tokens.append(Token(word, source, spaced))
    return tuple(tokens)


def normalise(text: str) -> str:
    """Text without what is only typography."""
    if text.isascii():
        return text
    text = _RAISED.sub(lambda found: f"{APART}{found.group()}{APART}", text)
    return unicodedata.normalize("NFKC", text.translate(_DROPPED)).translate(_QUOTES)


def count_numerals(tokens: Sequence[Token]) -> int:
    """How many of the tokens are numerals."""
    return sum(token.is_numeral for token in tokens)


def show(tokens: list[Token] | tuple[Token, ...]) -> str:
    """Tokens as text again, with a space where there was one."""
    pieces = []
    for token in tokens:
        if token.text in (CELL, ROW):
            pieces.append(" | " if token.text == CELL else " / ")
        else:
            pieces.append((" " if token.spaced else "") + token.text)
    return re.sub(r"\s+", " ", "".join(pieces)).strip(" ")
