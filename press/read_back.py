"""A finished HTML, Word or JATS file in; the blocks a reader meets out, in the logical order.

Nothing is left out silently: what stands outside the article (metadata, running heads, contents)
is given as furniture, to be explained by whoever checks it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree, html

from press.tokens import APART, CELL, ROW, Block, Writer, tokenise

Tree = Any
"""An element of lxml."""
Fields = list[tuple[str, str]]
"""The fields of a reference, each with its text."""
LINE_NUMBERS = "line numbers"
"""The name of the furniture that numbers the lines of a review copy."""


@dataclass
class Finished:
    """What a finished file holds."""

    text: list[Block]
    notes: list[Block] = field(default_factory=list)
    furniture: list[Block] = field(default_factory=list)
    references: list[tuple[str, Fields]] = field(default_factory=list)
    embedded: str = ""
    images_without_alt: int = 0


# HTML -----------------------------------------------------------------------------------------

_INLINE = set("a abbr b bdi bdo cite code data del dfn em i ins kbd label mark q s samp small "
              "span strike strong sub sup time tt u var wbr".split())  # fmt: skip
_SKIPPED = {"script", "style", "template", "noscript", "svg", "head"}


def read_html(path: Path) -> Finished:
    """The blocks of a page; alternative texts behind the block their image stands in."""
    page = html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    finished = Finished(html_blocks(page))
    for item in page.xpath("//*[contains(@class, 'footnotes')]//li"):
        finished.notes += [Block("note", block.tokens) for block in html_blocks(item, inside=True)]
    for name, text in _head_texts(page):
        finished.furniture.append(Block("furniture", tokenise([(text, "")]), name))
    finished.images_without_alt = len(page.xpath("//img[not(@alt) or @alt='']"))
    finished.embedded = "".join(page.xpath("//script[@id='receipts']/text()"))
    return finished


def html_blocks(element: Tree, *, inside: bool = False) -> list[Block]:
    """The blocks of an element, footnotes aside unless it is `inside` them."""
    writer = Writer()
    _walk_html(element, writer, "", inside)
    writer.end()
    return writer.blocks


def _walk_html(element: Tree, writer: Writer, key: str, inside: bool) -> None:
    tag = element.tag if isinstance(element.tag, str) else "#"
    classes = (element.get("class") or "").split() if tag != "#" else []
    is_away = tag in _SKIPPED or tag in ("nav", "#") or "footnote-back" in classes
    if is_away or ("footnotes" in classes and not inside):
        return
    key = f"receipt {element.get('data-key')}" if element.get("data-key") else key
    is_block = tag not in _INLINE and tag not in ("img", "br")
    if is_block:
        writer.end()
    if (
        tag in ("tr", "td", "th")
        and len(element.xpath("ancestor::table[1]//*[self::td or self::th]")) > 1
    ):
        writer.mark(ROW if tag == "tr" else CELL)
    if tag in ("sub", "sup"):
        writer.add(APART)
    if tag == "br":
        writer.add("\n")
    if tag == "img":
        writer.later("alt", element.get("alt") or "")
        if element.get("aria-label") not in (None, element.get("alt")):
            writer.later("alt", element.get("aria-label"))
    writer.add(element.text or "", key)
    for child in element:
        _walk_html(child, writer, key, inside)
        writer.add(child.tail or "", key)
    if tag in ("sub", "sup"):
        writer.add(APART)
    if is_block:
        writer.end("heading" if tag in ("h1", "h2", "h3", "h4", "h5", "h6") else "text")


def _head_texts(page: Tree) -> Iterator[tuple[str, str]]:
    """Title, metadata and contents: texts that repeat parts of the article."""
    for element in page.xpath("//head/title"):
        yield "title", element.text_content()
    for element in page.xpath("//head/meta[@name | @property][@content]"):
        name = element.get("name") or element.get("property")
        if name not in ("viewport", "generator", "color-scheme", "robots"):
            yield f"meta {name}", element.get("content")
    for element in page.xpath("//nav//a"):
        yield "contents", element.text_content()


# Word -----------------------------------------------------------------------------------------

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CORE = {"title", "subject", "description", "creator", "keywords"}


def read_docx(path: Path) -> Finished:
    """The blocks of a Word file with its notes; headers, footers and properties as furniture."""
    with zipfile.ZipFile(path) as package:
        parts = {name: etree.fromstring(package.read(name)) for name in package.namelist()
                 if name.startswith(("word/", "docProps/")) and name.endswith(".xml")}  # fmt: skip
    finished = Finished(_docx_blocks(parts["word/document.xml"]))
    finished.images_without_alt = sum(
        not picture.get("descr") for picture in parts["word/document.xml"].iter("{*}docPr")
    )
    for name in ("word/footnotes.xml", "word/endnotes.xml"):
        for note in parts[name].iter(f"{W}footnote", f"{W}endnote") if name in parts else ():
            finished.notes += [Block("note", block.tokens) for block in _docx_blocks(note)]
    for name, part in parts.items():
        if name.startswith(("word/header", "word/footer")):
            finished.furniture += [Block("furniture", b.tokens, name) for b in _docx_blocks(part)]
    for element in parts.get("docProps/core.xml", ()):
        if etree.QName(element).localname in _CORE and element.text:
            name = f"property {etree.QName(element).localname}"
            finished.furniture.append(Block("furniture", tokenise([(element.text, "")]), name))
    return finished


def _docx_blocks(part: Tree) -> list[Block]:
    writer = Writer()
    _walk_docx(part, writer)
    writer.end()
    return writer.blocks


def _walk_docx(element: Tree, writer: Writer) -> None:
    tag = element.tag
    if tag in (
        f"{W}pPr",
        f"{W}tblPr",
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    ):
        return
    if tag in (f"{W}tr", f"{W}tc") and _is_grid(element):
        writer.mark(ROW if tag == f"{W}tr" else CELL)
    if tag in (f"{W}t", f"{W}noBreakHyphen", f"{W}tab", f"{W}br", f"{W}cr"):
        writer.add({f"{W}t": element.text or "", f"{W}noBreakHyphen": "-"}.get(tag, "\n"))
    elif tag.endswith("}docPr"):
        writer.later("alt", element.get("descr") or "")
    is_raised = tag == f"{W}r" and element.find(f"{W}rPr/{W}vertAlign") is not None
    if is_raised:
        writer.add(APART)
    for child in element.iterchildren("*"):
        _walk_docx(child, writer)
    if is_raised:
        writer.add(APART)
    if tag == f"{W}p":
        style = element.find(f"{W}pPr/{W}pStyle")
        is_heading = style is not None and str(style.get(f"{W}val")).startswith("Heading")
        writer.end("heading" if is_heading else "text")


def _is_grid(element: Tree) -> bool:
    """Whether it is part of a table with several cells, which no layout table has."""
    table = next(element.iterancestors(f"{W}tbl"))
    cells = table.findall(f"{W}tr/{W}tc")
    return len(cells) > 1


# JATS -----------------------------------------------------------------------------------------

_JATS_INLINE = set("bold italic monospace sub sup sc strike underline named-content styled-content "
                   "xref ext-link email inline-formula uri roman overline given-names "
                   "surname".split())  # fmt: skip


def read_jats(path: Path) -> Finished:
    """The blocks of an article, notes and the fields of its references apart."""
    article = etree.parse(path).getroot()
    writer = Writer()
    _walk_jats(article, writer)
    writer.end()
    finished = Finished(writer.blocks)
    finished.images_without_alt = sum(
        not image.findtext("alt-text") for image in article.iter("graphic", "inline-graphic")
    )
    for note in article.iter("fn-group"):
        noted = Writer()
        _walk_jats(note, noted, inside=True)
        finished.notes += [Block("note", block.tokens) for block in noted.blocks]
    for title in article.iterfind(".//ref-list/title"):
        tokens = tokenise([("".join(title.itertext()), "")])
        finished.furniture.append(Block("furniture", tokens, "title of the references"))
    for entry in article.iter("ref"):
        finished.references.append((entry.get("id", ""), list(_fields(entry))))
    return finished


def _walk_jats(element: Tree, writer: Writer, *, inside: bool = False) -> None:
    tag = element.tag
    if (
        tag in ("ref-list", "permissions")
        or (tag == "fn-group" and not inside)
        or not isinstance(tag, str)
    ):
        return
    if tag == "alt-text":
        writer.later("alt", element.text or "")
        return
    inside = inside and tag == "fn-group"
    is_block = tag not in _JATS_INLINE and not (tag == "label" and element.getparent().tag == "fn")
    if is_block and not _is_run_in(element.getprevious()):
        writer.end()
    if (
        tag in ("tr", "td", "th")
        and len(element.xpath("ancestor::table[1]//*[self::td or self::th]")) > 1
    ):
        writer.mark(ROW if tag == "tr" else CELL)
    is_raised = tag in ("sub", "sup") or element.get("ref-type") == "fn"
    writer.add(APART if is_raised else "")
    writer.add(element.text or "")
    for child in element:
        _walk_jats(child, writer)
        writer.add(child.tail or "")
    writer.add(APART if is_raised else "")
    if is_block and not _is_run_in(element):
        writer.end("heading" if tag == "title" else "text")


def _is_run_in(element: Tree | None) -> bool:
    """Whether it heads a section of the abstract, in print a paragraph's first words."""
    if element is None or element.tag != "title" or element.getparent().tag != "sec":
        return False
    return next(element.iterancestors("abstract"), None) is not None


def _fields(entry: Tree) -> Iterator[tuple[str, str]]:
    """Each field of a reference that has text of its own."""
    for element in entry.iter("*"):
        if element.text and element.text.strip():
            kind = element.get("pub-id-type")
            yield f"{element.tag} {kind}" if kind else element.tag, "".join(element.itertext())
