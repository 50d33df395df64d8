"""A markdown text in; its passages as pandoc's own parser reads them, with their places, out."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from press.document import Prose
from press.errors import PressError
from press.located import (
    COMPUTED_SIGN,
    Locator,
    Node,
    Piece,
    State,
    attributes,
    collect,
    is_comment,
)
from press.pandoc import run_pandoc
from press.words import Passage

READER = "markdown-smart"
"""Pandoc's markdown with quotes and dashes left as they were typed, so that they are found."""
TEXTS = "press-texts"


@dataclass(frozen=True)
class Mark:
    """What a text holds beside words; `kind` says what, `at` is its offset in the source."""

    kind: str
    at: int
    value: Any


def parse(markdown: str, texts: Sequence[str], *, file: str) -> tuple[list[Node], list[Node]]:
    """The tree of a markdown text and those of single texts, by one call of pandoc."""
    block = json.dumps({TEXTS: list(texts)}, ensure_ascii=False)
    text = f"---\n{block}\n---\n\n{markdown}"
    done = run_pandoc([f"--from={READER}", "--to=json"], text, place=file)
    tree = json.loads(done.stdout)
    others = sorted(set(tree["meta"]) - {TEXTS})
    if others:
        fault = f"a second block of metadata sets {', '.join(others)}; keep one, at the top"
        raise PressError(f"{file}: {fault}")
    return tree["blocks"], tree["meta"][TEXTS]["c"]


class Reader:
    """Walks a tree beside its source and collects `passages` and `marks`."""

    def __init__(self, locator: Locator, computed: Iterable[str]) -> None:
        """Begin where the locator stands; `computed` is the inline code that is run."""
        self.locator = locator
        self.computed = frozenset(" ".join(code.split()) for code in computed)
        self.passages: list[Passage] = []
        self.marks: list[Mark] = []
        self._row: int | None = None

    def read_value(self, value: Node) -> None:
        """Read one text that pandoc had as a metadata value."""
        if value["t"] == "MetaBlocks":
            self.read_blocks(value["c"])
        elif value["t"] == "MetaInlines":
            self.read_inlines(value["c"])

    def read_plain(self, text: str) -> None:
        """Read a text that is printed as it is typed, without markdown."""
        at = self.locator.at
        self.passages.append(self._plain(text, max(self.locator.text.find(text, at), at)))

    def read_blocks(self, blocks: Sequence[Node], state: State = State.FREE) -> None:
        """Read blocks in their order; `state` is that of the words that nothing else covers."""
        for block in blocks:
            kind: str = block["t"]
            content: Any = block.get("c")
            if kind in ("Para", "Plain"):
                self.read_inlines(content, state)
            elif kind == "Header":
                self.read_inlines([*content[2], {"t": "Space"}], state, attr=content[1])
                self.locator.skip_line()
            elif kind == "CodeBlock":
                self.read_inlines(_as_inlines(content[1]), state)
            elif kind == "RawBlock" and not is_comment(content[1]):
                self._read_pieces([Piece("", State.HIDDEN, content[1], [("raw", content[0])])])
            elif kind == "Div":
                self._read_div(content, state)
            elif kind == "Figure":
                self._read_figure(content, state)
            elif kind == "Table":
                self._read_table(content, state)
            elif kind not in ("HorizontalRule", "RawBlock"):
                self._read_lines(kind, content, state)

    def _read_lines(self, kind: str, content: Any, state: State) -> None:
        """Read what is made of lines or items."""
        if kind == "BlockQuote":
            self.read_blocks(content, state)
        elif kind == "LineBlock":
            for line in content:
                self.read_inlines(line, state)
        elif kind == "BulletList":
            for item in content:
                self.read_blocks(item, state)
        elif kind == "OrderedList":
            if content[0][0] != 1 and content[0][1]["t"] != "Example":
                self._mark_start(str(content[0][0]))
            for item in content[1]:
                self.read_blocks(item, state)
        elif kind == "DefinitionList":
            for term, definitions in content:
                self.read_inlines(term, state)
                for definition in definitions:
                    self.read_blocks(definition, state)
        else:
            raise PressError(f"pandoc's {kind} is not known to the check")

    def _mark_start(self, number: str) -> None:
        """Note a list that begins at another number than one: that is typed, too."""
        at = self.locator.text.find(f"\n{number}", self.locator.at) + 1
        self.marks.append(Mark("start", at or self.locator.at, number))

    def _read_div(self, content: Any, state: State) -> None:
        attr, blocks = content
        self._read_attributes(attr)
        self.locator.enter_div(attr[0], attr[1])
        self.read_blocks(blocks, State.CITED if attr[0] == "refs" else state)

    def _read_figure(self, content: Any, state: State) -> None:
        """Read a figure's caption once; the image inside repeats it."""
        attr, caption, blocks = content
        for block in caption[1]:
            self.read_inlines(block["c"], state, attr=attr)
        for block in blocks:
            inlines = block["c"] if block["t"] in ("Plain", "Para") else []
            for inline in inlines:
                if inline["t"] == "Image":
                    self._read_attributes(inline["c"][0])

    def _read_table(self, content: Any, state: State) -> None:
        attr, caption, _, head, bodies, foot = content
        start = self.locator.at
        rows = list(head[1])
        for body in bodies:
            rows += [*body[2], *body[3]]
        for row in [*rows, *foot[1]]:
            self._row = self.locator.at
            for cell in row[1]:
                self.read_blocks(cell[4], state)
        self._row = start  # a caption may stand above
        self.read_blocks(caption[1], state)
        self._row = None
        self._read_attributes(attr)

    def _read_attributes(self, attr: Sequence[Any]) -> None:
        """Read attributes that stand anywhere before the next words."""
        at = self.locator.at
        for piece in attributes(attr):
            piece.at = max(self.locator.text.find(piece.source, at), at)
            self._take_marks(piece)

    def read_inlines(
        self, inlines: Sequence[Node], state: State = State.FREE, attr: Sequence[Any] | None = None
    ) -> None:
        """Read the inlines of one block, with the attributes behind it, as one passage."""
        pieces = collect(inlines, state, self.computed)
        self._read_pieces(pieces + (attributes(attr) if attr else []))

    def _read_pieces(self, pieces: list[Piece]) -> None:
        self.locator.place(pieces, row=self._row)
        for piece in pieces:
            self._take_marks(piece)
        self.passages.append(_passage(pieces))
        for piece in pieces:
            if piece.notes:
                self._read_note(piece)

    def _read_note(self, piece: Piece) -> None:
        resume, row = self.locator.at, self._row
        self._row = None
        self.locator.at = start = self.locator.note_at(piece.at)
        self.read_blocks(piece.notes)
        self.locator.blank_out(start, self.locator.at)
        self.locator.at, self._row = resume, row

    def _take_marks(self, piece: Piece) -> None:
        for kind, value in piece.marks:
            if kind == "text":
                self.passages.append(self._plain(value, piece.at))
            else:
                self.marks.append(Mark(kind, piece.at, value))

    @staticmethod
    def _plain(text: str, at: int) -> Passage:
        """An attribute's value, where nothing can be declared; inline code in it is run."""
        states = [State.FREE] * len(text)
        for _, match in Prose(1, text.replace("\n", " ")).inlines():
            start = match.end("before")
            states[start : match.end()] = [State.COMPUTED] * (match.end() - start)
            gap = COMPUTED_SIGN * (match.end() - start)
            text = text[:start] + gap + text[match.end() :]
        return Passage(text, [at + i for i in range(len(text))], states)


def _as_inlines(text: str) -> list[Node]:
    """The lines of code that is only shown, as words."""
    inlines: list[Node] = []
    for word in text.split():
        inlines += [{"t": "Str", "c": word}, {"t": "Space"}]
    return inlines


def _passage(pieces: Sequence[Piece]) -> Passage:
    """The text of pieces; signs that print nothing cannot part a word."""
    text: list[str] = []
    places: list[int] = []
    states: list[State] = []
    for piece in pieces:
        for i, sign in enumerate(piece.text if piece.state is not State.HIDDEN else ""):
            if unicodedata.category(sign) == "Cf":
                continue
            text.append(sign)
            places.append(piece.place_of(i))
            states.append(piece.state)
    return Passage("".join(text), places, states)
