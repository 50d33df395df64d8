"""A project's documents in; every fault of their source out, in the order of the places.

No number and no verdict is typed: each is computed, part of a citation, or declared where it
stands, `[six]{.literal reason="movements of the MRC sum score"}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from press.citations import Keys, check_cited, check_links, check_uncited, read_bibliography
from press.config import Project, format_settings
from press.document import Document, Prose, read_document
from press.errors import Fault
from press.located import Locator
from press.marked import Marked, Steps, as_list
from press.plain_code import check_chunk, check_inline
from press.reading import Mark, Reader, parse
from press.words import Passage, typed

TEXT_KEYS = (
    *("title", "subtitle", "author", "affiliations", "keywords", "description", "subject"),
    *("abstract-title", "toc-title"),
)
"""The settings that are printed, in the front matter and in _quarto.yml."""
NOT_READ = frozenset(
    "id ref url email orcid fax phone postal-code isni ringgold ror corresponding".split()
)
"""Keys of authors and affiliations that identify and say nothing."""
CAPTIONS = ("fig-cap", "tbl-cap", "fig-alt")


@dataclass(frozen=True)
class Text:
    """A text outside the body: its file and the line at which it begins there."""

    value: str
    file: str
    line: int
    is_plain: bool = False


@dataclass(frozen=True)
class Source:
    """What was found in one document, and what it cites from which bibliography."""

    faults: list[Fault]
    keys: Keys
    bibliography: tuple[str, ...]


def check_project(project: Project) -> list[Fault]:
    """The faults of every document, and the references that no document cites."""
    sources = [_read(project, name) for name in project.documents]
    known: dict[str, str] = {}
    faults: list[Fault] = []
    for source in sources:
        own = read_bibliography(project.root, source.bibliography)
        known |= own
        faults += [*source.faults, *check_cited(own, source.keys)]
    cited = {key for source in sources for key in source.keys.cited}
    return sorted({*faults, *check_uncited(known, cited, project.root)})


def _read(project: Project, name: str) -> Source:
    text = (project.root / name).read_text(encoding="utf-8").replace("\r\n", "\n")
    document = read_document(text, file=name)
    settings = next(iter(format_settings(project, document.front).values()))
    texts = list(_texts(project, document))
    body = body_of(text, document)
    blocks, values = parse(body, [item.value for item in texts], file=name)
    codes = [(line, match) for part in _proses(document) for line, match in part.inlines()]
    reader = Reader(Locator(body), [f"{{python}} {match['code'].strip()}" for _, match in codes])
    reader.read_blocks(blocks)
    place = Places(name, text)
    faults = [*_typed(reader.passages, place), *marked_faults(reader.marks, place)]
    for item, value in zip(texts, values, strict=True):
        faults += _read_text(project, item, value)
    for line, match in codes:
        at = f"{name}:{line}:{match.end('before') + 1}"
        faults += check_inline(match["code"].strip(), place=at)
    for chunk in document.chunks:
        faults += check_chunk(chunk, file=name)
    chunks = {
        str(chunk.options["label"]): f"{name}:{chunk.line}"
        for chunk in document.chunks
        if "label" in chunk.options
    }
    keys = Keys.of(reader.marks, place, chunks)
    faults += check_links(keys, project.root)
    return Source(faults, keys, tuple(as_list(settings.get("bibliography"))))


class Places:
    """Offsets in a file's text in; `file:line:column` out, both counted from one."""

    def __init__(self, file: str, text: str) -> None:
        """Remember the text of the file."""
        self.file, self.text = file, text

    def __call__(self, at: int) -> str:
        """The place of the character at an offset."""
        line = self.text.count("\n", 0, at) + 1
        return f"{self.file}:{line}:{at - self.text.rfind(chr(10), 0, at)}"

    def start_of(self, line: int) -> int:
        """The offset at which a line begins."""
        return sum(len(text) + 1 for text in self.text.split("\n")[: line - 1])


def _proses(document: Document) -> list[Prose]:
    return [part for part in document.parts if isinstance(part, Prose)]


def body_of(text: str, document: Document) -> str:
    """The text with blanks in place of front matter and chunks, every character in its place."""
    lines = [" " * len(line) for line in text.split("\n")]
    for part in _proses(document):
        for i, line in enumerate(part.text.removesuffix("\n").split("\n")):
            lines[part.line - 1 + i] = line
    return "\n".join(lines)


def _texts(project: Project, document: Document) -> Iterator[Text]:
    """The printed texts of the front matter, of _quarto.yml and of the chunks' options."""
    formats: list[Steps] = [("format", name) for name in project.formats]
    for marked, paths in ((document.front, [()]), (project.settings, [(), *formats])):
        for path in paths:
            value = marked.value
            for step in path:
                value = value[step]
            if isinstance(value, dict):
                for key in TEXT_KEYS:
                    yield from _leaves(marked, (*path, key), value.get(key))
    for chunk in document.chunks:
        for key in CAPTIONS:
            if key in chunk.options:
                text = str(chunk.options[key])
                yield Text(text, document.file, chunk.line, is_plain=key == "fig-alt")


def _leaves(marked: Marked, path: Steps, value: Any) -> Iterator[Text]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in NOT_READ:
                yield from _leaves(marked, (*path, key), item)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _leaves(marked, (*path, i), item)
    elif value is not None and not isinstance(value, bool):
        line = int(marked.place(path).rpartition(":")[2])
        yield Text(str(value), marked.file, line)


def _read_text(project: Project, item: Text, value: dict[str, Any]) -> Iterator[Fault]:
    text = (project.root / item.file).read_text(encoding="utf-8").replace("\r\n", "\n")
    place = Places(item.file, text)
    reader = Reader(Locator(text, place.start_of(item.line)), ())
    if item.is_plain:
        reader.read_plain(item.value)
    else:
        reader.read_value(value)
    yield from _typed(reader.passages, place)
    yield from marked_faults(reader.marks, place)


def _typed(passages: Sequence[Passage], place: Places) -> Iterator[Fault]:
    for passage in passages:
        for at, word in typed(passage):
            fault = f'"{word}" is neither computed nor declared: {passage.sentence(at)}'
            yield Fault(place(passage.places[at]), fault)


def marked_faults(marks: Sequence[Mark], place: Places) -> Iterator[Fault]:
    """The faults that marks of the reader stand for."""
    for mark in marks:
        if mark.kind in _MARKED:
            yield Fault(place(mark.at), _MARKED[mark.kind].format(mark.value))


_MARKED = {
    "raw": "raw {} is not checked; write it as markdown",
    "start": '"{}" is neither computed nor declared: the number at which this list begins',
    "reasonless": 'the literal "{}" has no reason; add reason="..."',
    "computed literal": 'the literal "{}" holds inline code; declare the typed words alone',
}
