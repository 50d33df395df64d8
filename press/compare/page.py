"""A rendered article in HTML in, its headings, paragraphs, captions, tables, lists, notes out.

Citations and cross-references are read by what they name, not by the number they happen to have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lxml import etree, html

from press.compare.likeness import words
from press.compare.package import Element
from press.errors import PressError

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_SKIPPED = {"script", "style", "template", "nav", "svg", "button"}
_LABEL = re.compile(r"^\s*([^\W\d_]+)\s+([A-Z]?\d+)\s*:")
KINDS = {
    "title": "title", "byline": "title block", "abstract": "abstract", "heading": "heading",
    "paragraph": "paragraph", "caption": "caption", "alt": "alternative text of a figure",
    "table": "table", "item": "list item", "note": "note", "reference": "reference",
}  # fmt: skip


class Token(NamedTuple):
    """A word, number, mark, blank, citation or cross-reference: what it is, and how it reads."""

    key: str
    text: str


@dataclass(frozen=True)
class Part:
    """A block of the article under its headings; `id` is that of the reference or float."""

    kind: str
    path: tuple[str, ...]
    tokens: tuple[Token, ...] = ()
    id: str = ""
    rows: tuple[tuple[tuple[Token, ...], ...], ...] = ()
    headers: int = 0
    number: str = ""


@dataclass
class _State:
    path: list[tuple[int, str]] = field(default_factory=list)

    def enter(self, level: int, text: str) -> None:
        self.path = [item for item in self.path if item[0] < level] + [(level, text)]

    def names(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.path)


def read_page(path: Path) -> list[Part]:
    """The blocks of an article in their order."""
    try:
        page = html.document_fromstring(path.read_bytes(), html.HTMLParser(encoding="utf-8"))
    except (OSError, etree.ParserError) as error:
        raise PressError(f"{path}: not a page that can be read ({error})") from error
    state = _State()
    parts = [part for element in page.xpath("//header[contains(@class, 'title-block')]")
             for part in _parts(element, state, "byline")]  # fmt: skip
    main = page.find(".//main")
    if main is None:
        raise PressError(f"{path}: an article of this project has its text in <main>; none found")
    state.path = []
    return parts + list(_parts(main, state, "paragraph"))


def _parts(element: Element, state: _State, kind: str) -> Iterator[Part]:
    for child in element.iterchildren("*"):
        tag, classes = child.tag, (child.get("class") or "").split()
        if tag in _SKIPPED or "provenance-bar" in classes:
            continue
        if tag in _HEADINGS:
            yield _heading(child, state)
        elif "csl-entry" in classes:
            yield _reference(child, state)
        elif tag == "table":
            yield _table(child, state)
        elif tag == "figcaption":
            yield _caption(child, state)
        elif tag == "p" or (tag == "li" and child.find("p") is None):
            yield from _text(child, state, "item" if tag == "li" and kind != "note" else kind)
        elif tag == "img":
            yield from _alt(child, state)
        else:
            yield from _parts(child, state, _kind_inside(tag, classes, kind))


def _kind_inside(tag: str, classes: list[str], kind: str) -> str:
    if tag == "section" and "abstract" in classes:
        return "abstract"
    if "footnotes" in classes:
        return "note"
    return "item" if tag == "li" and kind != "note" else kind


def _heading(element: Element, state: _State) -> Part:
    tokens = _tokens(element)
    if "title" in (element.get("class") or "").split():
        return Part("title", (), tokens)
    state.enter(int(element.tag[1]), "".join(token.text for token in tokens))
    return Part("heading", state.names()[:-1], tokens)


def _text(element: Element, state: _State, kind: str) -> Iterator[Part]:
    tokens = _tokens(element)
    if tokens:
        yield Part(kind, state.names(), tokens)
    for image in element.iter("img"):
        yield from _alt(image, state)


def _alt(image: Element, state: _State) -> Iterator[Part]:
    tokens = _split(image.get("alt") or image.get("aria-label") or "")
    if tokens:
        yield Part("alt", state.names(), tuple(tokens), id=_float(image))


def _reference(element: Element, state: _State) -> Part:
    margin = element.find(".//div[@class='csl-left-margin']")
    number = "" if margin is None else margin.text_content().strip(" .[]\n")
    body = element.find(".//div[@class='csl-right-inline']")
    tokens = _tokens(element if body is None else body)
    return Part("reference", state.names(), tokens, element.get("id") or "", number=number)


def _caption(element: Element, state: _State) -> Part:
    tokens = _tokens(element)
    label = _LABEL.match("".join(token.text for token in tokens))
    number = f"{label[1]} {label[2]}" if label else ""
    read = 0
    while label and tokens and (read < label.end() or tokens[0].key == " "):
        read += len(tokens[0].text)
        tokens = tokens[1:]
    return Part("caption", state.names(), tokens, _float(element), number=number)


def _table(element: Element, state: _State) -> Part:
    rows = list(element.iter("tr"))
    cells = tuple(tuple(_tokens(cell) for cell in row.iterchildren("th", "td")) for row in rows)
    headers = sum(row.getparent().tag == "thead" for row in rows)
    return Part("table", state.names(), (), _float(element), cells, headers)


def _float(element: Element) -> str:
    """The id of the table or figure that a part belongs to."""
    for parent in element.iterancestors("div"):
        if parent.get("id"):
            return str(parent.get("id"))
    return ""


def _tokens(element: Element) -> tuple[Token, ...]:
    """The tokens of an element, blanks as one, none at its beginning and end."""
    tokens: list[Token] = []
    for token in _inline(element):
        if not (token.key == " " and (not tokens or tokens[-1].key == " ")):
            tokens.append(token)
    while tokens and tokens[-1].key == " ":
        tokens.pop()
    return tuple(tokens)


def _inline(element: Element) -> Iterator[Token]:
    """The words of an element in runs that no tag cuts."""
    text = ""
    for piece in _pieces(element):
        if isinstance(piece, Token):
            yield from _split(text)
            yield piece
            text = ""
        else:
            text += piece
    yield from _split(text)


def _pieces(element: Element) -> Iterator[Token | str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SKIPPED:
            cited = child.get("data-cites")
            if cited:
                names = " ".join(sorted(cited.split()))
                yield Token(f"cite {names}", " ".join(child.text_content().split()))
            elif "quarto-xref" in (child.get("class") or "").split():
                yield Token(f"xref {child.get('href')}", " ".join(child.text_content().split()))
            elif "footnote-ref" in (child.get("class") or "").split():
                yield Token("note", child.text_content().strip())
            elif "footnote-back" not in (child.get("class") or "").split():
                yield from _pieces(child)
        yield child.tail or ""


def _split(text: str) -> list[Token]:
    pieces = words(text)
    return [Token(" ", " ") if piece.isspace() and "\u00a0" not in piece else Token(piece, piece)
            for piece in pieces]  # fmt: skip
