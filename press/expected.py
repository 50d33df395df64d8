"""Pandoc's tree of the executed document in; the blocks that one format of it must hold out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import html

from press.executed_tree import ExecutedTree, Node, leaves
from press.read_back import html_blocks
from press.tokens import APART, CELL, ROW, Block, Token, Writer, show, tokenise

NAMED = {"fig": "Figure", "tbl": "Table", "sec": "Section"}
OPEN, MIDDLE, CLOSE, SPACE = "\ue000", "\ue001", "\ue002", "\ue003"
_MARK = re.compile(f"({OPEN}[^{MIDDLE}]*{MIDDLE}|{CLOSE})")
_UNREAD = (
    *("bibliography", "csl", "lang", "labels", "press-references", "header-includes"),
    "number-prefix",
)
_HEAD_ONLY = ("description", "subject", "pagetitle", "abstract-title", "keywords")


@dataclass
class Expected:
    """What a format must hold: `front` in an order that its template chooses, then `body`.

    `known` are texts that may stand anywhere around the article: names, keywords, headings, heads
    of tables (again on a further page) and the parts of the front; `identifiers` those of the
    authors; `spans` the text of each key, in the order of the document.
    """

    format: str
    front: list[list[Block]]
    body: list[Block]
    notes: list[Block]
    known: list[tuple[str, ...]]
    identifiers: list[tuple[str, ...]]
    spans: list[tuple[str, str]]


@dataclass
class _Walker(Writer):
    """Writes blocks from pandoc's tree as `format` orders them."""

    format: str = "html"
    sources: list[str] = field(default_factory=list)
    open_spans: list[tuple[str, list[str]]] = field(default_factory=list)
    spans: list[tuple[str, str]] = field(default_factory=list)
    notes: list[Node] = field(default_factory=list)
    heads: list[tuple[str, ...]] = field(default_factory=list)
    numbering: str = ""

    def text(self, text: str) -> None:
        """Text with marks of sources in it."""
        for piece in _MARK.split(text) if OPEN in text or CLOSE in text else (text,):
            if piece.startswith(OPEN):
                kind, _, key = piece[1:-1].replace(SPACE, " ").partition(" ")
                self.sources.append(f"literal: {key}" if kind == "literal" else f"receipt {key}")
                self.open_spans.append((key if kind != "literal" else "", []))
            elif piece == CLOSE:
                self.sources.pop()
                key, pieces = self.open_spans.pop()
                self.spans += [(key, "".join(pieces))] if key else []
            elif piece:
                for _, pieces in self.open_spans:
                    pieces.append(piece)
                self.add(piece, self.sources[-1] if self.sources else "text")

    def within(self, source: str, node: Any) -> None:
        """Inlines whose own text comes from `source`."""
        self.sources.append(source)
        self.inlines(node)
        self.sources.pop()

    def inlines(self, nodes: list[Node]) -> None:
        """A run of inlines."""
        for node in nodes:
            self.inline(node["t"], node.get("c"))

    def inline(self, kind: str, content: Any) -> None:
        """One inline."""
        if kind == "Str":
            self._numbered(content)
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            self.text(" " if kind != "LineBreak" else "\n")
        elif kind in ("Emph", "Strong", "Strikeout", "SmallCaps", "Underline"):
            self.inlines(content)
        elif kind in ("Superscript", "Subscript"):
            self.add(APART)
            self.inlines(content)
            self.add(APART)
        elif kind == "Quoted":
            mark = "'" if content[0]["t"] == "SingleQuote" else '"'
            self.text(mark)
            self.inlines(content[1])
            self.text(mark)
        elif kind == "Cite":
            self.within("citation", content[1])
        elif kind == "Link":
            is_reference = "quarto-xref" in content[0][1]
            self.within("cross-reference", content[1]) if is_reference else self.inlines(content[1])
        elif kind == "Image":
            self._image(content)
        elif kind in ("Code", "Math"):
            self.text(content[1])
        elif kind == "Span":
            self.inlines(content[1])
        elif kind == "Note":
            self._note(content)
        elif kind == "RawInline":
            self._raw(content)

    def _numbered(self, text: str) -> None:
        """A string; the one that numbers a caption or heading says so."""
        if self.numbering:
            self.add(text, self.numbering)
            self.numbering = ""
        else:
            self.text(text)

    def _image(self, content: Any) -> None:
        kept, self._pieces = self._pieces, []
        self.inlines(content[1])
        alt, self._pieces = self._pieces, kept
        self._after.append(Block("alt", tokenise(alt)))

    def _note(self, content: list[Node]) -> None:
        self.notes.append({"t": "Div", "c": [["", [], []], content]})
        if self.format != "docx":
            self.add(f"{APART}{len(self.notes)}{APART}", "number of a note")

    def _raw(self, content: list[str]) -> None:
        if self.format == "html" and content[0] == "html" and content[1].strip():
            for block in html_blocks(html.fragment_fromstring(content[1], create_parent=True)):
                self.add(show(block.tokens), "raw HTML")

    def walk(self, nodes: list[Node]) -> None:
        """A run of blocks."""
        for number, node in enumerate(nodes):
            following = nodes[number + 1] if number + 1 < len(nodes) else {}
            if self.format == "jats" and node["t"] == "Header" and _is_references(following):
                continue
            self.block(node["t"], node.get("c"))

    def block(self, kind: str, content: Any) -> None:
        """One block."""
        if kind in ("Para", "Plain"):
            self.inlines(content)
            self.end()
        elif kind == "Header":
            self.inlines(content[2])
            self.end("heading")
        elif kind == "Div":
            self._div(content)
        elif kind == "Figure":
            self._figure(content)
        elif kind == "Table":
            self._table(content)
        elif kind == "BlockQuote":
            self.walk(content)
        elif kind in ("BulletList", "OrderedList"):
            for item in content if kind == "BulletList" else content[1]:
                self.walk(item)
        elif kind == "DefinitionList":
            for term, definitions in content:
                self.inlines(term)
                self.end()
                for definition in definitions:
                    self.walk(definition)
        elif kind == "LineBlock":
            for line in content:
                self.inlines(line)
                self.add("\n")
            self.end()
        elif kind == "CodeBlock":
            self.text(content[1])
            self.end()
        elif kind == "RawBlock":
            self._raw(content)
            self.end()

    def _div(self, content: Any) -> None:
        (name, classes, _), inner = content
        if name == "refs" and self.format == "jats":
            return
        if "csl-entry" in classes:
            self.sources.append(f"reference {name.removeprefix('ref-')}")
            self.walk(inner)
            self.sources.pop()
        else:
            self.walk(inner)

    def _figure(self, content: Any) -> None:
        (name, _, _), (_, caption), inner = content
        first = self.format in ("jats", "typst") or name.startswith("tbl-")
        for is_caption in (first, not first):
            if is_caption and name[:3] in NAMED:
                self.numbering = f"number of {name}"
            self.walk(caption if is_caption else inner)

    def _table(self, content: Any) -> None:
        _, (_, caption), _, head, bodies, foot = content
        self.walk(caption)
        rows = [*head[1]]
        for body in bodies:
            rows += [*body[2], *body[3]]
        rows += foot[1]
        start = len(self.blocks)
        is_grid = sum(len(row[1]) for row in rows) > 1
        for number, row in enumerate(rows):
            if number == len(head[1]):
                words = [token.text for token in texts(self.blocks[start:])]
                self.heads.append(tuple(word for word in words if word not in (CELL, ROW)))
            if is_grid:
                self.mark(ROW)
            for cell in row[1]:
                if is_grid:
                    self.mark(CELL)
                self.walk(cell[4])


def _is_references(node: Node) -> bool:
    return node.get("t") == "Div" and node["c"][0][0] == "refs"


def expect(executed: ExecutedTree, form: str) -> Expected:
    """What the format `form` of an executed document must hold."""
    meta = executed.tree["meta"]
    spans: list[tuple[str, str]] = []
    front = []
    for key, value in meta.items():
        walker = _Walker(format=form, spans=spans)
        if key in _UNREAD or key in _HEAD_ONLY or not _walk_meta(walker, value):
            continue
        has_numeral = any(token.is_numeral for block in walker.blocks for token in block.tokens)
        if walker.blocks and (key in ("title", "abstract") or has_numeral):
            front.append([Block("front", b.tokens, key) for b in walker.blocks])
    walker = _Walker(format=form, spans=spans)
    walker.walk(executed.tree["blocks"])
    body, notes = walker.blocks, walker.notes
    known = {tuple(t.text for t in block.tokens) for part in front for block in part}
    known |= {tuple(t.text for t in b.tokens) for b in body if b.kind == "heading"}
    known |= set(walker.heads)
    texts_of = list(leaves({k: v for k, v in meta.items() if k not in _UNREAD}))
    said = [(key, tuple(t.text for t in tokenise([(text, "")]))) for key, text in texts_of]
    known |= {words for _, words in said if any(word.isalpha() for word in words)}
    identifiers = [words for key, words in said if key == "orcid" and words]
    ordered = sorted({*known, *identifiers} - {()}, key=len, reverse=True)
    return Expected(form, front, body, _notes(notes, form, spans), ordered, identifiers, spans)


def _walk_meta(walker: _Walker, value: Node) -> bool:
    """Write a text among the metadata; whether it is one that stands in the article."""
    if value["t"] == "MetaInlines":
        walker.inlines(value["c"])
        walker.end("front")
    elif value["t"] == "MetaBlocks":
        walker.walk(value["c"])
    return value["t"] in ("MetaInlines", "MetaBlocks")


def _notes(nodes: list[Node], form: str, spans: list[tuple[str, str]]) -> list[Block]:
    walker = _Walker(format=form, spans=spans)
    for number, node in enumerate(nodes, start=1):
        if form in ("typst", "jats"):
            walker.add(f"{number}{APART}", "number of a note")
        walker.walk([node])
    return [Block("note", block.tokens) for block in walker.blocks]


def texts(blocks: list[Block]) -> list[Token]:
    """The tokens of several blocks, one after the other."""
    return [token for block in blocks for token in block.tokens]
