"""A .qmd file in; its front matter, prose and chunks out, each with its line in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.errors import refuse
from press.keys import CHUNK, check_keys
from press.marked import Marked, read_yaml
from press.unsupported import check_prose

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<ticks>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$")
_ENGINE = re.compile(r"^\{\s*(?P<language>[A-Za-z][\w-]*)(?P<rest>[^}]*)\}")
_INLINE = re.compile(r"(?P<before>^|[^`])`\{python\}[ \t](?P<code>[^`]+)`")


@dataclass(frozen=True)
class Prose:
    """Markdown between chunks; `line` is the line of its first character."""

    line: int
    text: str

    def inlines(self) -> Iterator[tuple[int, re.Match[str]]]:
        """Each inline expression as Quarto finds it, with its line."""
        for offset, text in enumerate(self.text.split("\n")):
            for match in _INLINE.finditer(text):
                yield self.line + offset, match


@dataclass(frozen=True)
class Chunk:
    """A {python} chunk: where it begins, its options and its code from `code_line` on."""

    number: int
    line: int
    code_line: int
    code: str
    options: dict[str, Any]

    @property
    def name(self) -> str:
        """How messages call the chunk: by its label, else by its number."""
        return str(self.options.get("label") or f"number {self.number}")


@dataclass(frozen=True)
class Document:
    """A .qmd file taken apart; putting the parts together again gives the whole text."""

    file: str
    front: Marked
    parts: tuple[Prose | Chunk, ...]

    @property
    def stem(self) -> str:
        """The name of its outputs, without an ending."""
        return Path(self.file).stem

    @property
    def chunks(self) -> list[Chunk]:
        """The chunks in the order in which they are executed."""
        return [part for part in self.parts if isinstance(part, Chunk)]


def read_document(text: str, *, file: str) -> Document:
    """The parts of a .qmd text; what the engine does not support is refused with its line."""
    lines = text.replace("\r\n", "\n").split("\n")
    front, start = _read_front(lines, file)
    parts: list[Prose | Chunk] = []
    prose_start = start
    for begin, end in _find_chunks(lines, start, file):
        if begin > prose_start:
            prose = "\n".join(lines[prose_start:begin]) + "\n"
            parts.append(Prose(prose_start + 1, prose))
        number = sum(isinstance(part, Chunk) for part in parts) + 1
        parts.append(_read_chunk(lines[begin + 1 : end], begin + 1, number, file))
        prose_start = end + 1
    if prose_start < len(lines):
        parts.append(Prose(prose_start + 1, "\n".join(lines[prose_start:])))
    document = Document(file, front, tuple(parts))
    _check(document)
    return document


def _find_chunks(lines: list[str], start: int, file: str) -> Iterator[tuple[int, int]]:
    """The first and last line of each chunk, counted from 0; code to be shown is passed over."""
    fence, number = "", start
    while number < len(lines):
        found = _FENCE.match(lines[number])
        if fence:
            closes = found and found["ticks"].startswith(fence) and not found["info"].strip()
            fence = "" if closes else fence
        elif found:
            engine = _ENGINE.match(found["info"])
            if engine:
                _check_engine(found, engine, f"{file}:{number + 1}")
                end = _chunk_end(lines, number, found["ticks"], file)
                yield number, end
                number = end
            else:
                fence = found["ticks"]
        number += 1


def _read_front(lines: list[str], file: str) -> tuple[Marked, int]:
    if not lines or lines[0].rstrip() != "---":
        return read_yaml("", file=file), 0
    end = next((i for i, line in enumerate(lines) if i and line.rstrip() in ("---", "...")), None)
    if end is None:
        raise refuse(f"{file}:1", "the front matter has no closing ---")
    return read_yaml("\n".join(lines[1:end]), file=file, first_line=2), end + 1


def _check_engine(fence: re.Match[str], engine: re.Match[str], place: str) -> None:
    if engine["language"] != "python":
        raise refuse(place, f"chunks in {engine['language']} are not supported; write {{python}}")
    if engine["rest"].strip():
        options = engine["rest"].strip()
        raise refuse(place, f"chunk options go on #| lines, not behind {{python}}: {options}")
    if fence["indent"] or fence["ticks"][0] == "~":
        raise refuse(place, "a chunk begins with ``` at the margin")


def _chunk_end(lines: list[str], start: int, ticks: str, file: str) -> int:
    for number in range(start + 1, len(lines)):
        line = lines[number].rstrip()
        if line.startswith(ticks) and not line.strip("`"):
            return number
    raise refuse(f"{file}:{start + 1}", "this chunk is never closed; end it with ```")


def _read_chunk(body: list[str], line: int, number: int, file: str) -> Chunk:
    count = next((i for i, text in enumerate(body) if not text.startswith("#|")), len(body))
    marked = read_yaml(
        "\n".join(text[2:].removeprefix(" ") for text in body[:count]),
        file=file,
        first_line=line + 1,
    )
    if marked.value is not None:
        check_keys(marked, (), CHUNK, "chunk option")
    options = marked.value or {}
    for key in ("fig-cap", "fig-alt", "tbl-cap"):
        if "`{python}" in str(options.get(key, "")):
            fault = f"{key}: inline code in an option is not evaluated by Quarto; use a float div"
            raise refuse(marked.place((key,)), fault)
    return Chunk(number, line, line + 1 + count, "\n".join(body[count:]), options)


def _check(document: Document) -> None:
    labels: dict[str, int] = {}
    for part in document.parts:
        if isinstance(part, Prose):
            check_prose(part.text, file=document.file, first_line=part.line)
            continue
        place = f"{document.file}:{part.line}"
        label = part.options.get("label")
        if label in labels:
            raise refuse(place, f"label {label} is already in use on line {labels[label]}")
        if label:
            labels[str(label)] = part.line
        for kind in ("fig", "tbl"):
            labelled = str(label or "").startswith(f"{kind}-")
            if labelled != (f"{kind}-cap" in part.options):
                fault = f"a label that begins with {kind}- and the option {kind}-cap go together"
                raise refuse(place, fault)
