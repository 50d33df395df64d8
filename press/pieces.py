"""The inlines of one block in; its pieces out, in the order in which the source has them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from press.errors import PressError
from press.located import Piece, State
from press.words import COMPUTED_SIGN

Node = dict[str, Any]
TEXT_ATTRIBUTES = (
    *("fig-alt", "alt", "fig-cap", "tbl-cap", "title", "description", "keyword", "aria-label"),
)
"""Attributes whose values people read or hear."""
WRAPPERS = (*("Emph", "Underline", "Strong", "Strikeout", "Superscript", "Subscript", "SmallCaps"),)
CROSS_REFERENCES = ("fig", "tbl", "sec")


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
