"""An executed article and its source in; what journals count in it, with its places, out.

Words are what stands between blanks in the text as its readers get it, as a word processor counts
them: computed numbers, headings, citation marks and notes are words. Not in the count of the text
are the abstract, tables, figures, captions, the list of references and the sections behind the
conclusion (`BACK_MATTER`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from press.document import Document, Prose
from press.executed_tree import ExecutedTree, Node, unmarked

BACK_MATTER = frozenset(
    "abstract references bibliography declarations statements acknowledgements acknowledgments "
    "funding competing-interests conflicts-of-interest author-contributions data-availability "
    "ethics ethics-approval abbreviations".split()
)
"""The sections that are no text of an article, by the id that pandoc makes of their heading."""
DISPLAY_ITEMS = ("fig-", "tbl-")
_SKIPPED = {"Table", "Figure", "Image", "RawBlock", "RawInline"}
_BLOCKS = {"Para", "Plain", "Header", "CodeBlock", "LineBlock", "DefinitionList"}
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*(?:\{[^}]*\})?[ \t]*$")
_LEAD_END = ".: \n\u00a0"


@dataclass(frozen=True)
class Part:
    """A piece of the article that stands under one heading or bold lead, and where it begins."""

    heading: str
    text: str
    place: str

    @property
    def words(self) -> int:
        """The number of words, those of the heading with them."""
        return len(self.text.split())


@dataclass(frozen=True)
class Item:
    """A figure or table of the article, by its label, and where it stands."""

    label: str
    place: str


@dataclass(frozen=True)
class Counts:
    """What journals count in an article; `statements` are what its declarations may be found in."""

    title: Part
    running_title: Part
    abstract: Part
    abstract_headings: tuple[str, ...]
    keywords: tuple[str, ...]
    keywords_place: str
    text: tuple[Part, ...]
    items: tuple[Item, ...]
    references: int
    references_place: str
    statements: tuple[Part, ...]


class Source:
    """The places of an article's headings, bold leads and labels in its file."""

    def __init__(self, document: Document) -> None:
        """Read the lines of prose; code to be executed holds no heading."""
        self._file, self._front = document.file, document.front
        self._labels = {
            str(chunk.options["label"]): chunk.line
            for chunk in document.chunks
            if "label" in chunk.options
        }
        self._lines = [
            (part.line + offset, text)
            for part in document.parts
            if isinstance(part, Prose)
            for offset, text in enumerate(part.text.split("\n"))
        ]
        self._at = 0

    def front(self, key: str) -> str:
        """The line of a key of the front matter."""
        return self._front.place((key,))

    def heading(self, words: str) -> str:
        """The line of the next heading of these words; an earlier one if none follows."""
        lines = [(number, _HEADING.match(text)) for number, text in self._lines]
        found = [number for number, match in lines if match and _plain(match[1]) == _plain(words)]
        self._at = next((number for number in found if number > self._at), self._at)
        return f"{self._file}:{self._at or 1}"

    def lead(self, words: str) -> str:
        """The line of the next paragraph that begins with these words in bold."""
        start = f"**{words}"
        lines = (number for number, text in self._lines if text.strip().startswith(start))
        return f"{self._file}:{next((n for n in lines if n >= self._at), self._at or 1)}"

    def label(self, label: str) -> str:
        """The line on which a figure or table gets its label."""
        given = re.compile(rf"#{re.escape(label)}(?![\w-])")
        lines = (number for number, text in self._lines if given.search(text))
        return f"{self._file}:{self._labels.get(label) or next(lines, 1)}"


def count(executed: ExecutedTree, document: Document) -> Counts:
    """What journals count in an executed article, whose source is `document`."""
    meta, blocks = executed.tree["meta"], executed.tree["blocks"]
    source = Source(document)
    abstract, headings = _abstract(meta, blocks, source)
    parts = list(_parts(blocks, source))
    title = text_of(meta.get("title", {}).get("c", []))
    running = text_of(meta.get("short-title", {}).get("c", [])) or title.partition(":")[0]
    place = source.front("title")
    ends = [part.place for _, part in parts if part.heading.lower() == "references"]
    return Counts(
        title=Part("title", title.strip(), place),
        running_title=Part("running title", running.strip(), place),
        abstract=abstract,
        abstract_headings=headings,
        keywords=tuple(_keywords(meta)),
        keywords_place=source.front("keywords"),
        text=tuple(part for is_text, part in parts if is_text),
        items=tuple(Item(label, source.label(label)) for label in _labels(blocks)),
        references=len(executed.references),
        references_place=ends[0] if ends else f"{document.file}:1",
        statements=tuple(_statements(blocks, document)),
    )


def text_of(node: Any) -> str:
    """The text of pandoc's inlines and blocks as it is read; of floats and tables, nothing."""
    return unmarked(_text(node))


def _text(node: Any) -> str:
    if isinstance(node, list):
        return "".join(map(_text, node))
    if not isinstance(node, dict):
        return ""
    kind: Any = node.get("t")
    content: Any = node.get("c")
    if kind in _SKIPPED or (kind == "Div" and content[0][0] == "refs"):
        return ""
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind == "Str":
        return str(content)
    if kind in ("Code", "CodeBlock", "Math"):
        return f"{content[1]}\n" if kind == "CodeBlock" else str(content[1])
    if kind == "Note":
        return f" {_text(content)} "
    if kind in ("LineBlock", "DefinitionList"):
        return "".join(f"{_text(item)}\n" for item in content)
    text = _text(content[1] if kind == "Cite" else content)
    return f"{text}\n" if kind in _BLOCKS else text


def _plain(words: str) -> str:
    return re.sub(r"[*_`]|\s+", " ", words).strip().casefold()


def _keywords(meta: Node) -> Iterator[str]:
    """The keywords that the author gave; a notice that was added to them is none."""
    added = text_of(meta.get("notice-keyword", {}).get("c", []))
    for item in meta.get("keywords", {}).get("c", []):
        text = text_of(item.get("c", []))
        if text != added:
            yield text


def _abstract(meta: Node, blocks: Sequence[Node], source: Source) -> tuple[Part, tuple[str, ...]]:
    """The abstract, lifted into the metadata by a filter or still a section, and its headings."""
    inner = list(meta.get("abstract", {}).get("c", [])) or _section(blocks, "abstract")
    title = text_of(meta.get("abstract-title", {}).get("c", [])) or "Abstract"
    headings = tuple(_lead(block) for block in inner if _lead(block))
    return Part(title, text_of(inner), source.heading(title)), headings


def _section(blocks: Sequence[Node], name: str) -> list[Node]:
    """The blocks under a heading of the first level, by its id."""
    inside, found = False, []
    for block in blocks:
        if _level(block) == 1:
            inside = block["c"][1][0] == name
        elif inside:
            found.append(block)
    return found


def _level(block: Node) -> int:
    return int(block["c"][0]) if block["t"] == "Header" else 0


def _lead(block: Node) -> str:
    """The words in bold with which a paragraph begins, or those of a heading."""
    if block["t"] == "Header":
        return text_of(block["c"][2]).strip()
    if block["t"] in ("Para", "Plain") and block["c"] and block["c"][0]["t"] == "Strong":
        return text_of(block["c"][0]["c"]).rstrip(_LEAD_END)
    return ""


def _parts(blocks: Sequence[Node], source: Source) -> Iterator[tuple[bool, Part]]:
    """What stands under each heading, and whether it belongs to the text that journals count."""
    is_text, start = True, 0
    cuts = [i for i, block in enumerate(blocks) if _level(block)]
    for start, end in zip([0, *cuts], [*cuts, len(blocks)], strict=True):
        head = blocks[start] if start < len(blocks) and _level(blocks[start]) else None
        if head and _level(head) == 1:
            is_text = head["c"][1][0] not in BACK_MATTER
        heading = text_of(head["c"][2]).strip() if head else ""
        if end > start:
            place = source.heading(heading)
            yield is_text, Part(heading, text_of(blocks[start:end]), place)


def _labels(node: Any) -> Iterator[str]:
    """The labels of the figures and tables, in their order."""
    if isinstance(node, list):
        for item in node:
            yield from _labels(item)
    elif isinstance(node, dict):
        content: Any = node.get("c")
        if node.get("t") in ("Figure", "Div") and content[0][0].startswith(DISPLAY_ITEMS):
            yield content[0][0]
        else:
            yield from _labels(content)


def _statements(blocks: Sequence[Node], document: Document) -> Iterator[Part]:
    """Every section, and in those behind the text every paragraph with a bold lead."""
    source, is_back = Source(document), False
    for i, block in enumerate(blocks):
        level, lead = _level(block), _lead(block)
        if level == 1:
            is_back = block["c"][1][0] in BACK_MATTER
        if not lead or not (level or is_back):
            continue
        ends = (j for j in range(i + 1, len(blocks)) if _ends(blocks[j], level))
        inner = blocks[i : next(ends, len(blocks))]
        place = source.heading(lead) if level else source.lead(lead)
        text = text_of(inner).strip().removeprefix(lead).strip(_LEAD_END)
        yield Part(lead, text, place)


def _ends(block: Node, level: int) -> bool:
    """Whether a block ends what a heading of a level, or (0) a bold lead, began."""
    found = _level(block)
    return 0 < found <= level if level else bool(_lead(block))
