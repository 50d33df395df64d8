"""A rendered article in HTML in, its headings, paragraphs, captions, tables, lists, notes out.

Citations and cross-references are read by what they name and the words around it, not by the
number they happen to have.
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
_BLOCKS = (
    *("p", "li", "ul", "ol", "dl", "dt", "dd", "pre", "div", "section", "blockquote"),
    *("table", "figure", "figcaption", "details", "summary", "hr", "article", "aside"),
    *("header", "footer", "address", *sorted(_HEADINGS)),
)
_SKIPPED = {"script", "style", "template", "nav", "svg", "button"}
_LABEL = re.compile(r"^\s*([^\W\d_]+)\s+([A-Z]?\d+)\s*:")
_XREF_NUMBER = re.compile(r"\s*\(?([A-Z]|[A-Z]?\d+(\.\d+)*)\)?(\s*\([a-z]\))?$")
_AROUND = "descendant::text()[not(ancestor::a[starts-with(@href, '#ref-')])]"
_PARTING = set("[](){}.,;\u2013-")
"""Marks of a citation that its style sets, and that change where its numbers do."""
KINDS = {
    "title": ("title", "titles"),
    "byline": ("line of the title block", "lines of the title block"),
    "abstract": ("paragraph of the abstract", "paragraphs of the abstract"),
    "heading": ("heading", "headings"),
    "paragraph": ("paragraph", "paragraphs"),
    "caption": ("caption", "captions"),
    "alt": ("alternative text", "alternative texts"),
    "table": ("table", "tables"),
    "item": ("list item", "list items"),
    "note": ("note", "notes"),
    "reference": ("reference", "references"),
}
"""The kinds of parts, in the singular and the plural."""
CITE = "cite "
"""Begins the key of a citation."""


class Token(NamedTuple):
    """A word, number, mark, blank, citation or cross-reference: what it is, and how it reads.

    `inside` are the elements that make another word of it: `sup`, `sub`, and the address of a link.
    """

    key: str
    text: str
    inside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A block of the article under its headings; `id` is that of the reference or float.

    `number` is that of a reference, the label (`Table 2`) of what belongs to a float; `level` that
    of a heading below the title, as in the source and in Word.
    """

    kind: str
    path: tuple[str, ...]
    tokens: tuple[Token, ...] = ()
    id: str = ""
    rows: tuple[tuple[tuple[Token, ...], ...], ...] = ()
    headers: int = 0
    number: str = ""
    level: int = 0


@dataclass
class _State:
    path: list[tuple[int, str]] = field(default_factory=list)

    def enter(self, level: int, text: str) -> None:
        self.path = [item for item in self.path if item[0] < level] + [(level, text)]

    def names(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.path)


def parse(path: Path) -> Element:
    """The tree of a page; raises PressError where it is no article."""
    try:
        page = html.document_fromstring(path.read_bytes(), html.HTMLParser(encoding="utf-8"))
    except (OSError, etree.ParserError) as error:
        raise PressError(f"{path.name} is no page that can be read: {error}") from None
    if page.find(".//main") is None:
        raise PressError(f"{path.name} has no <main>, in which an article's text is looked for")
    return page


def read_parts(path: Path) -> list[Part]:
    """The blocks of an article in their order."""
    page, state = parse(path), _State()
    parts = [part for element in page.xpath("//header[contains(@class, 'title-block')]")
             for part in _parts(element, state, "byline")]  # fmt: skip
    state.path = []
    return parts + list(_parts(page.find(".//main"), state, "paragraph"))


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
            yield from (_caption(caption, state) for caption in child.iterchildren("caption"))
            yield _table(child, state)
            yield from _alts(child, state)
        elif tag == "figcaption":
            yield _caption(child, state)
        elif tag == "img":
            yield from _alt(child, state)
        elif _has_text(child) or next(child.iterdescendants(*_BLOCKS), None) is None:
            yield from _text(child, state, _kind_inside(tag, classes, kind))
        else:
            yield from _parts(child, state, _kind_inside(tag, classes, kind))


def _has_text(element: Element) -> bool:
    """Whether words stand in it and in no element within it, so that they are read with it."""
    texts = (element.text, *(child.tail for child in element))
    return any(text and not text.isspace() for text in texts)


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
    level = int(element.tag[1])
    state.enter(level, "".join(token.text for token in tokens))
    return Part("heading", state.names()[:-1], tokens, level=level - 1)


def _text(element: Element, state: _State, kind: str) -> Iterator[Part]:
    tokens = _tokens(element)
    if tokens:
        yield Part(kind, state.names(), tokens)
    yield from _alts(element, state)


def _alts(element: Element, state: _State) -> Iterator[Part]:
    """The alternative texts of the pictures in a paragraph or in the cells of a table."""
    return (part for image in element.iter("img") for part in _alt(image, state))


def _alt(image: Element, state: _State) -> Iterator[Part]:
    tokens = tuple(_split(image.get("alt") or image.get("aria-label") or "", ()))
    if tokens:
        yield Part("alt", state.names(), tokens, _float(image), number=_number(image))


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
    number = _number(element)
    return Part("table", state.names(), (), _float(element), cells, headers, number)


def _float(element: Element) -> str:
    """The id of the table or figure that a part belongs to."""
    for parent in element.iterancestors("div"):
        if parent.get("id"):
            return str(parent.get("id"))
    return ""


def _number(element: Element) -> str:
    """The label of the table or figure that a part belongs to, as its caption has it."""
    for parent in element.iterancestors("div"):
        if parent.get("id"):
            caption = parent.find(".//figcaption")
            label = None if caption is None else _LABEL.match(caption.text_content())
            return f"{label[1]} {label[2]}" if label else ""
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
    """The words of an element in runs that no tag cuts but those that make other words of them."""
    text = ""
    within: tuple[str, ...] = ()
    for piece, inside in _pieces(element, ()):
        if isinstance(piece, Token):
            yield from _split(text, within)
            yield piece
            text = ""
        elif inside == within or not piece:
            text += piece
        else:
            yield from _split(text, within)
            text, within = piece, inside
    yield from _split(text, within)


def _pieces(
    element: Element, inside: tuple[str, ...]
) -> Iterator[tuple[Token | str, tuple[str, ...]]]:
    yield element.text or "", inside
    for child in element:
        classes = (child.get("class") or "").split()
        gap = " " if child.tag in (*_BLOCKS, "br") else ""
        yield gap, inside
        if isinstance(child.tag, str) and child.tag not in _SKIPPED:
            if named := _name(child, classes):
                yield Token(named, " ".join(child.text_content().split())), inside
            elif "footnote-back" not in classes:
                yield from _pieces(child, (*inside, *_makes(child)))
        yield gap + (child.tail or ""), inside


def _name(element: Element, classes: list[str]) -> str:
    """What a citation or cross-reference refers to, in which words, and whether it is a note's."""
    if cited := element.get("data-cites"):
        around = (word for text in element.xpath(_AROUND) for word in words(text))
        said = (word for word in around if not (word.isspace() or word in _PARTING))
        return f"{CITE}{' '.join(sorted(cited.split()))}\0{' '.join(said)}"
    if "quarto-xref" in classes:
        named = _XREF_NUMBER.sub("", " ".join(element.text_content().split()))
        return f"xref {element.get('href')}\0{named}"
    return "note" if "footnote-ref" in classes else ""


def _makes(element: Element) -> tuple[str, ...]:
    """What an element makes of its words, if it makes others of them."""
    if element.tag in ("sup", "sub"):
        return (element.tag,)
    address = element.get("href") if element.tag == "a" else None
    return (address,) if address else ()


def _split(text: str, inside: tuple[str, ...]) -> Iterator[Token]:
    within = "".join(f"\0{name}" for name in inside)
    for piece in words(text):
        if piece.isspace() and "\u00a0" not in piece:
            yield Token(" ", " ", inside)
        else:
            yield Token(piece + within, piece, inside)
