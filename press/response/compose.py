"""A letter and what it calls for in; the blocks of the whole letter out.

Each comment is a div of class `review-comment`, each quote one of class `review-quote`, whose first
paragraph is its place, the closing one of class `review-closing`; how they look is
the journal's (journal/article.lua).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from press.located import Node
from press.response.letter import CALL, Letter, walk
from press.response.passages import Quoted
from press.response.reviews import Comment, Reviews

_LEVELS = {"sup": "Superscript", "sub": "Subscript"}


@dataclass(frozen=True)
class Quote:
    """A passage with its place in a review copy: what is said of it, and the file of that copy."""

    quoted: Quoted
    what: str
    place: str
    file: str


def compose_letter(
    letter: Letter,
    reviews: Reviews,
    said: Sequence[str | Quote],
    floats: Mapping[str, str],
    notice: tuple[str, str],
) -> list[Node]:
    """The notice if the article has one, the opening, each comment with its answer, the closing."""
    filled = _Filled(said, floats)
    blocks = _notice(*notice)
    files = sorted({quote.file for quote in said if isinstance(quote, Quote)})
    where = f" Pages and lines are those of {' and '.join(files)}." if files else ""
    blocks.append(_paragraph(_inlines(f"Review round {reviews.round}.{where}")))
    blocks += filled.blocks(letter.opening)
    answers = {answer.to: answer for answer in letter.answers}
    who = ""
    for comment in reviews.comments:
        if comment.who != who:
            who = comment.who
            blocks.append(_header(1, who))
        blocks += [_header(2, comment.tag), _comment(comment), _header(3, "Response")]
        blocks += filled.blocks(answers[comment.tag].blocks)
    closing = list(filled.blocks(letter.closing))
    blocks += [_div("review-closing", closing)] if closing else []
    if any(node["t"] == "Cite" for node in walk(blocks)):
        blocks.append(_header(1, "References of this letter"))
        blocks.append({"t": "Div", "c": [["refs", [], []], []]})
    return blocks


def _notice(text: str, keyword: str) -> list[Node]:
    if not text:
        return []
    attributes = [["keyword", keyword.removesuffix(":")]] if keyword else []
    return [_div("notice", [_paragraph(_inlines(text))], attributes)]


def _comment(comment: Comment) -> Node:
    """The paragraphs of a comment, each as one string, so that no blank of it is lost."""
    paragraphs = [_paragraph([{"t": "Str", "c": text}]) for text in comment.paragraphs]
    return _div("review-comment", paragraphs)


class _Filled:
    """Puts into blocks what they call for: a number in its line, a quote as a block of its own."""

    def __init__(self, said: Sequence[str | Quote], floats: Mapping[str, str]) -> None:
        self._said, self._floats = said, floats

    def blocks(self, blocks: Sequence[Node]) -> Iterator[Node]:
        for block in blocks:
            if block["t"] in ("Para", "Plain"):
                yield from self._paragraph(block)
            else:
                yield self._inside(block)

    def _inside(self, node: Any) -> Any:
        """A node with its calls filled; lists of blocks in it may grow by quotes."""
        if isinstance(node, list):
            is_blocks = any(isinstance(n, dict) and n.get("t") in ("Para", "Plain") for n in node)
            return list(self.blocks(node)) if is_blocks else [self._inside(n) for n in node]
        if isinstance(node, dict):
            found = self._inline(node)
            return found or {key: self._inside(value) for key, value in node.items()}
        return node

    def _paragraph(self, block: Node) -> Iterator[Node]:
        """The paragraph, cut where quotes stand in it."""
        line: list[Node] = []
        for inline in block["c"]:
            said = self._called(inline)
            if said is None or isinstance(said, str):
                line.append(self._inside(inline))
                continue
            if _has_words(line):
                yield {"t": block["t"], "c": line}
            yield _quote(said)
            line = []
        if _has_words(line):
            yield {"t": block["t"], "c": line}

    def _called(self, inline: Node) -> str | Quote | None:
        is_call = inline["t"] == "Code" and inline["c"][1].startswith(CALL)
        return self._said[int(inline["c"][1].removeprefix(CALL))] if is_call else None

    def _inline(self, node: Node) -> Node | None:
        """A number or the name of a figure or table; None for any other node."""
        if node.get("t") == "Code":
            said = self._called(node)
            return _span(_inlines(said)) if isinstance(said, str) else None
        if node.get("t") == "Cite":
            names = [citation["citationId"] for citation in node["c"][0]]
            if all(name in self._floats for name in names):
                return _span(_inlines(", ".join(self._floats[name] for name in names)))
        return None


def _has_words(line: Sequence[Node]) -> bool:
    return any(inline["t"] not in ("Space", "SoftBreak", "LineBreak") for inline in line)


def _quote(quote: Quote) -> Node:
    place = f"{quote.what}, {quote.quoted.name}, {quote.place}:"
    words: list[Node] = []
    for level, text in quote.quoted.text.pieces():
        inlines = _inlines(text)
        words += [{"t": _LEVELS[level], "c": inlines}] if level else inlines
    inside = [_paragraph(_inlines(place)), {"t": "BlockQuote", "c": [_paragraph(words)]}]
    return _div("review-quote", inside)


def _header(level: int, text: str) -> Node:
    return {"t": "Header", "c": [level, ["", [], []], _inlines(text)]}


def _div(name: str, blocks: list[Node], attributes: list[list[str]] | None = None) -> Node:
    return {"t": "Div", "c": [["", [name], attributes or []], blocks]}


def _span(inlines: list[Node]) -> Node:
    return {"t": "Span", "c": [["", [], []], inlines]}


def _paragraph(inlines: list[Node]) -> Node:
    return {"t": "Para", "c": inlines}


def _inlines(text: str) -> list[Node]:
    """Words and blanks as pandoc has them; a no-break space is part of a word."""
    inlines: list[Node] = []
    for i, word in enumerate(text.split(" ")):
        inlines += [{"t": "Space"}] * (i > 0) + ([{"t": "Str", "c": word}] if word else [])
    return inlines
