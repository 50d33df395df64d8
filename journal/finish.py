"""The written Word and JATS files in; the same files, with what pandoc cannot write, out.

A step after the render, for Quarto and press alike. In Word, rows stay whole and short tables on
one page, floats stand free of the frames that Quarto puts around them, and `review-copy: true`
numbers the lines and doubles their spacing. What is done to JATS is in `jats.py`.
No word of the text changes; a file that is finished stays as it is.
"""

from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lxml import etree

Tree = Any
"""An element of lxml."""

W_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{W_SPACE}}}"
PARTS = ("word/document.xml", "word/styles.xml")
CORE, CUSTOM = "docProps/core.xml", "docProps/custom.xml"
REVIEW = "review-copy"

MOST_ROWS_KEPT = 30
"""Tables of up to so many rows are kept on one page; a longer one needs its page break."""
BELOW_TABLE = 200
"""The space between a table and what follows, in 20ths of a point."""
FLUSH = ("BodyText", "FirstParagraph", "CaptionedFigure")
"""Styles with too little space above for that; headings and captions bring enough."""
SINGLE, DOUBLE = 240, 480
"""Line spacing in Word's unit, 240ths of a line."""
SINGLE_SPACED = ("Title", "Subtitle", "Author", "Date", "Notice", "Header", "Footer", "Compact")
"""The styles that keep their spacing in a review copy; every other follows Normal."""


def finish_docx(path: Path) -> None:
    """Finish a Word file in its place."""
    with zipfile.ZipFile(path) as package:
        parts = [(entry, package.read(entry)) for entry in package.infolist()]
    content = {entry.filename: data for entry, data in parts}
    document, styles = (etree.fromstring(content[name]) for name in PARTS)
    free_floats(document)
    for table in document.iter(f"{W}tbl"):
        keep_rows(table)
        space_below(table)
    if is_review(content.get(CUSTOM)):
        number_lines(document)
        space_lines(styles)
    finished = {name: _write(tree) for name, tree in zip(PARTS, (document, styles), strict=True)}
    finished |= fill_heads(content)
    if CUSTOM in content:
        finished[CUSTOM] = only_review(content[CUSTOM])
    beside = path.with_name(f".{path.name}.new")
    with zipfile.ZipFile(beside, "w") as package:
        for entry, data in parts:
            package.writestr(entry, finished.get(entry.filename, data))
    beside.replace(path)


def _write(tree: Tree) -> bytes:
    written: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def fill_heads(content: dict[str, bytes]) -> dict[str, bytes]:
    """The running heads with the document's subject, for readers that compute no fields."""
    core = etree.fromstring(content[CORE]) if CORE in content else ()
    subject = "".join(text for item in core if item.tag.endswith("}subject")
                      for text in item.itertext())  # fmt: skip
    filled = {}
    for name in sorted(content):
        if not (name.startswith("word/header") and name.endswith(".xml")):
            continue
        tree = etree.fromstring(content[name])
        for field in tree.iter(f"{W}fldSimple"):
            if (field.get(f"{W}instr") or "").strip() == "SUBJECT":
                for text in field.iter(f"{W}t"):
                    text.text = subject
        filled[name] = _write(tree)
    return filled


def free_floats(document: Tree) -> None:
    """Take figures and tables out of the one-celled tables in which Quarto frames them."""
    for frame in list(document.iter(f"{W}tbl")):
        cells = frame.findall(f"{W}tr/{W}tc")
        is_float = cells and any(
            (mark.get(f"{W}name") or "").startswith(("fig-", "tbl-"))
            for mark in cells[0].iterchildren(f"{W}bookmarkStart")
        )
        if len(cells) != 1 or not is_float:
            continue
        is_table = cells[0].find(f"{W}tbl") is not None
        for child in list(cells[0]):
            is_filler = child.tag == f"{W}p" and not len(child)
            if child.tag == f"{W}tcPr" or is_filler:
                continue
            for paragraph in child.iter(f"{W}p"):
                _settle_paragraph(paragraph, is_table=is_table)
            frame.addprevious(child)
        frame.getparent().remove(frame)


def _settle_paragraph(paragraph: Tree, *, is_table: bool) -> None:
    """One set of properties for a paragraph of a frame, where Quarto wrote two or contrary ones."""
    first, *others = paragraph.findall(f"{W}pPr")
    if others:
        paragraph.remove(first)
        for item in list(others[0]):
            others[0].remove(item)
        name = "TableCaption" if is_table else "ImageCaption"
        etree.SubElement(others[0], f"{W}pStyle").set(f"{W}val", name)
    elif next(paragraph.iter("{*}drawing"), None) is not None:
        for item in list(first):
            first.remove(item)
        etree.SubElement(first, f"{W}pStyle").set(f"{W}val", "CaptionedFigure")
    for surplus in first.findall(f"{W}jc")[1:]:
        first.remove(surplus)


def keep_rows(table: Tree) -> None:
    """No row is split between pages, and no short table either."""
    rows = table.findall(f"{W}tr")
    for row in rows:
        properties = row.find(f"{W}trPr")
        if properties is None:
            properties = etree.Element(f"{W}trPr")
            row.insert(0, properties)
        if properties.find(f"{W}cantSplit") is None:
            properties.insert(0, etree.Element(f"{W}cantSplit"))
    if len(rows) <= MOST_ROWS_KEPT:
        for row in rows[:-1]:
            for paragraph in row.iter(f"{W}p"):
                _keep_with_next(paragraph)


def _keep_with_next(paragraph: Tree) -> None:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    if properties.find(f"{W}keepNext") is None:
        has_style = properties.find(f"{W}pStyle") is not None
        properties.insert(1 if has_style else 0, etree.Element(f"{W}keepNext"))


def space_below(table: Tree) -> None:
    """What follows a table stands off from it: Word knows no space below a table."""
    following = table.getnext()
    while following is not None and following.tag in (f"{W}bookmarkEnd", f"{W}bookmarkStart"):
        following = following.getnext()
    style = None if following is None else following.find(f"{W}pPr/{W}pStyle")
    if style is None or style.get(f"{W}val") not in FLUSH:
        return
    properties = style.getparent()
    if properties.find(f"{W}spacing") is None:
        after = properties.find(f"{W}keepNext")
        spacing = etree.Element(f"{W}spacing")
        spacing.set(f"{W}before", str(BELOW_TABLE))
        (style if after is None else after).addnext(spacing)


def is_review(custom: bytes | None) -> bool:
    """Whether the metadata, which pandoc keeps as Word's custom properties, ask for it."""
    properties = etree.fromstring(custom) if custom else ()
    return any(
        item.get("name") == REVIEW and "".join(item.itertext()).lower() == "true"
        for item in properties
    )


def only_review(custom: bytes) -> bytes:
    """Custom properties without the authors, paths and abstract that pandoc keeps there."""
    properties = etree.fromstring(custom)
    for item in list(properties):
        if item.get("name") != REVIEW:
            properties.remove(item)
    return _write(properties)


def number_lines(document: Tree) -> None:
    """Lines are numbered through, in the margin."""
    for margins in document.iter(f"{W}pgMar"):
        if margins.getparent().find(f"{W}lnNumType") is None:
            number = etree.Element(f"{W}lnNumType")
            number.set(f"{W}countBy", "1")
            number.set(f"{W}restart", "continuous")
            margins.addnext(number)


def space_lines(styles: Tree) -> None:
    """Text, references and captions are double spaced; tables and the title are not."""
    for style in styles.iter(f"{W}style"):
        name = style.find(f"{W}name").get(f"{W}val")
        spacing = style.find(f"{W}pPr/{W}spacing")
        if spacing is not None and (name == "Normal" or name.title() in SINGLE_SPACED):
            spacing.set(f"{W}line", str(DOUBLE if name == "Normal" else SINGLE))
            spacing.set(f"{W}lineRule", "auto")


def finish_jats(path: Path) -> None:
    """Finish a JATS file in its place."""
    from journal.jats import finished

    xml = path.read_text(encoding="utf-8")
    new = finished(xml)
    if new != xml:
        path.write_text(new, encoding="utf-8")


FINISH = {".docx": finish_docx, ".xml": finish_jats}


def finish(paths: Iterable[Path]) -> None:
    """Finish those of the files that need it."""
    for path in paths:
        if path.suffix in FINISH:
            FINISH[path.suffix](path)


if __name__ == "__main__":
    # Run as a file, it finds the package beside it, installed or not.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    written = os.environ.get("QUARTO_PROJECT_OUTPUT_FILES", "").splitlines()
    finish(Path(line) for line in written if line)
