"""The inlines of a parsed text in; its pieces out, and where each stands in the source.

Pandoc's markdown reader tells no positions. Its tree holds the words in the order of the source,
so both are walked side by side, and a position never goes back: within a paragraph each piece is
looked for behind the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from press.errors import PressError

Node = dict[str, Any]
TEXT_ATTRIBUTES = (
    *("fig-alt", "alt", "fig-cap", "tbl-cap", "title", "description", "keyword", "aria-label"),
)
"""Attributes whose values people read or hear."""
WRAPPERS = (*("Emph", "Underline", "Strong", "Strikeout", "Superscript", "Subscript", "SmallCaps"),)
CROSS_REFERENCES = ("fig", "tbl", "sec")
COMPUTED_SIGN = "\ufffc"
"""Stands in a text for what inline code will print."""
_ENTITY = r"&#?\w+;"
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


class State(Enum):
    """Where a piece of text comes from; `HIDDEN` stands in the source and not in the text."""

    FREE = "typed"
    DECLARED = "declared"
    COMPUTED = "computed"
    CITED = "cited"
    BLANK = "blank"
    HIDDEN = "hidden"


@dataclass
class Piece:
    """One inline of the tree: what it prints, what stands for it in the source, where (`at`)."""

    text: str
    state: State
    source: str = ""
    marks: list[tuple[str, Any]] = field(default_factory=list)
    notes: list[Any] = field(default_factory=list)
    at: int = 0
    places: list[int] = field(default_factory=list)

    @property
    def wanted(self) -> str:
        """What to look for in the source."""
        return self.source or self.text

    def place_of(self, i: int) -> int:
        """Where a character of the text stands, as nearly as it was found."""
        return self.places[i] if i < len(self.places) else self.at


def is_label(id: str) -> bool:
    """Whether an id is one that Quarto numbers: `fig-change`."""
    return id.partition("-")[0].lower() in CROSS_REFERENCES and "-" in id


def is_comment(raw: str) -> bool:
    """Whether raw text is an HTML comment and nothing else."""
    return raw.startswith("<!--") and raw.rstrip().endswith("-->") and raw.count("-->") == 1


def collect(inlines: Sequence[Node], state: State, computed: Collection[str]) -> list[Piece]:
    """The pieces of inlines; `computed` is the inline code that is run, as Code has it."""
    pieces: list[Piece] = []
    for inline in inlines:
        kind: str = inline["t"]
        content: Any = inline.get("c")
        if kind == "Str":
            pieces.append(Piece(content, state))
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            pieces.append(Piece(" ", State.BLANK))
        elif kind in WRAPPERS:
            pieces += collect(content, state, computed)
        elif kind == "Quoted":
            pieces += collect(content[1], state, computed)
        elif kind == "Code":
            is_run = " ".join(content[1].split()) in computed
            text, now = (COMPUTED_SIGN, State.COMPUTED) if is_run else (content[1], state)
            pieces += [Piece(text, now, source=content[1]), *attributes(content[0])]
        elif kind == "Math":
            pieces.append(Piece(content[1], state))
        elif kind == "RawInline":
            marks = [] if is_comment(content[1]) else [("raw", content[0])]
            pieces.append(Piece("", State.HIDDEN, source=content[1], marks=marks))
        elif kind == "Note":
            pieces.append(Piece("", State.BLANK, notes=content))
        elif kind == "Cite":
            pieces += _cite(content, state, computed)
        elif kind == "Span":
            pieces += _span(content, state, computed)
        elif kind in ("Link", "Image"):
            pieces += _link(content, state, computed)
        else:
            raise PressError(f"pandoc's {kind} is not known to the check")
    return pieces


def attributes(attr: Sequence[Any]) -> list[Piece]:
    """What stands between the braces; values that people read are marked as `text`."""
    name, classes, values = attr
    pieces = [Piece("", State.HIDDEN, source=f"#{name}", marks=[("id", name)])] if name else []
    pieces += [Piece("", State.HIDDEN, source=f".{word}") for word in classes]
    for key, value in values:
        marks = [("text", value)] if key in TEXT_ATTRIBUTES else []
        pieces.append(Piece("", State.HIDDEN, source=value, marks=marks))
    return pieces


def _cite(content: Any, state: State, computed: Collection[str]) -> list[Piece]:
    """A citation is cited as a whole; the words beside a cross-reference's key are prose."""
    citations, inlines = content
    pieces = collect(inlines, state, computed)
    is_reference = any(is_label(citation["citationId"]) for citation in citations)
    for piece in pieces:
        if piece.state is State.FREE and (not is_reference or "@" in piece.text):
            piece.state = State.CITED
    pieces[0].marks.append(("cite", citations))
    return pieces


def _span(content: Any, state: State, computed: Collection[str]) -> list[Piece]:
    attr, inlines = content
    if "literal" not in attr[1]:
        return collect(inlines, state, computed) + attributes(attr)
    reason = str(dict(attr[2]).get("reason", "")).strip()
    pieces = collect(inlines, State.DECLARED, computed)
    words = "".join(piece.text for piece in pieces).replace(COMPUTED_SIGN, "…")
    faults = [] if reason else [("reasonless", words)]
    if any(piece.state is State.COMPUTED for piece in pieces):
        faults.append(("computed literal", words))
    return [Piece("", State.HIDDEN, source="[", marks=[*faults]), *pieces, *attributes(attr)]


def _link(content: Any, state: State, computed: Collection[str]) -> list[Piece]:
    """A link or an image; an address that stands for itself is no prose."""
    attr, inlines, (target, title) = content
    is_address = "".join(str(inline.get("c", "")) for inline in inlines) == target
    pieces = collect(inlines, State.CITED if is_address else state, computed)
    pieces.append(Piece("", State.HIDDEN, source=target, marks=[("link", target)]))
    marks = [("text", title)] if title else []
    return [*pieces, Piece("", State.HIDDEN, source=title, marks=marks), *attributes(attr)]


class Locator:
    """A source text and how far it has been walked."""

    def __init__(self, text: str, start: int = 0) -> None:
        """Begin at the offset `start`."""
        self.text, self.at = text, start

    def place(self, pieces: Sequence[Piece], *, row: int | None = None) -> None:
        """Set `at` of the pieces of one block.

        The block stands in the paragraph that is being walked or in one behind it: in the first
        that holds all pieces, else in the one that holds most. A cell of a table may also begin
        anywhere behind `row`, where its row begins, since its lines stand beside its neighbours'.
        """
        counted = [_counts(piece) for piece in pieces]
        if not any(counted):
            counted = [bool(piece.wanted.strip()) for piece in pieces]
        best, best_end = -1, self.at
        found: list[list[int]] = []
        for start, limit in self._paragraphs(row):
            places, end = self._match(pieces, start, limit)
            count = sum(bool(at) and counts for at, counts in zip(places, counted, strict=True))
            if count > best:
                best, best_end, found = count, end, places
            if count == sum(counted):
                break
        at = next((places[0] for places in found if places), self.at)
        for piece, places_found in zip(pieces, found, strict=True):
            piece.places = places_found
            piece.at = at = places_found[0] if places_found else at
        self.at = max(self.at, best_end)

    def enter_div(self, name: str, classes: Sequence[str]) -> None:
        """Go behind the next opening fence, if it is that of a div of that id or these classes."""
        at = self.at
        while at < len(self.text):
            end = self._line_end(at)
            line = self.text[at:end].strip(" >\t")
            if line.startswith(":::") and line.strip(":"):
                is_this = any(word in line for word in [name, *classes] if word)
                self.at = end if is_this else self.at
                return
            at = end + 1

    def skip_line(self) -> None:
        """Go behind the line, where a heading's attributes stand."""
        self.at = self._line_end(self.at)

    def note_at(self, start: int) -> int:
        """Where the footnote behind `start` begins: its text, or its definition elsewhere."""
        inline, named = (self.text.find(sign, start) for sign in ("^[", "[^"))
        if named < 0 or 0 <= inline < named:
            return max(inline, start)
        name = self.text[named : self.text.find("]", named) + 1]
        return max(self.text.find(f"{name}:"), start)

    def blank_out(self, start: int, end: int) -> None:
        """Take out what has been placed and does not stand in the order of the tree."""
        lines = "".join(" " if c != "\n" else c for c in self.text[start:end])
        self.text = self.text[:start] + lines + self.text[end:]

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def _paragraphs(self, row: int | None) -> Iterator[tuple[int, int]]:
        yield self.at, self._paragraph_end(self.at)
        at = self._paragraph_end(self.at) if row is None else row
        while at < len(self.text):
            end = self._paragraph_end(at + 1)
            yield at, end
            at = end

    def _paragraph_end(self, at: int) -> int:
        blank = _BLANK_LINE.search(self.text, at)
        return blank.end() - 1 if blank else len(self.text)

    def _match(
        self, pieces: Sequence[Piece], start: int, limit: int
    ) -> tuple[list[list[int]], int]:
        """The places of each piece's characters, none where it is not found, and the end."""
        places: list[list[int]] = []
        at = start
        for piece in pieces:
            if piece.notes:
                places.append([at])
                if self.text.startswith("^[", at):
                    at = self._closing_bracket(at + 1, limit)
                continue
            is_blank = piece.state is State.BLANK or not piece.wanted
            found = [] if is_blank else self._find(piece.wanted, at, limit)
            places.append(found[:-1])
            at = found[-1] if found else at
        return places, at

    def _find(self, wanted: str, start: int, limit: int) -> list[int]:
        """Where each character stands, and the end; some may be escaped or be entities."""
        at = self.text.find(wanted, start, limit)
        while at >= 0 and not self._is_whole(at, at + len(wanted)):
            at = self.text.find(wanted, at + 1, limit)
        if at >= 0:
            return list(range(at, at + len(wanted) + 1))
        if not any(sign in self.text[start:limit] for sign in "\\&"):
            return []
        signs = wanted.replace("\u00a0", " ")
        escaped = "".join(rf"(?:\\?{re.escape(sign)}|{_ENTITY})" for sign in signs)
        found = re.compile(escaped).search(self.text, start, limit)
        if not found:
            return []
        parts = re.compile(rf"\\?(?:{_ENTITY}|.)").finditer(self.text, *found.span())
        return [*(part.end() - len(part[0].removeprefix("\\")) for part in parts), found.end()]

    def _is_whole(self, start: int, end: int) -> bool:
        """Whether no word is cut at either end."""
        text = self.text
        cut_before = start > 0 and text[start].isalnum() and text[start - 1].isalnum()
        cut_behind = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
        return not (cut_before or cut_behind)

    def _closing_bracket(self, at: int, limit: int) -> int:
        depth = 0
        for i in range(at, limit):
            depth += {"[": 1, "]": -1}.get(self.text[i], 0)
            if depth == 0:
                return i + 1
        return limit


def _counts(piece: Piece) -> bool:
    return piece.state not in (State.BLANK, State.HIDDEN)
