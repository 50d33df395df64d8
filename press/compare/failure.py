"""What a version said when it did not render in; what may be shown of it out.

Code that has read the tables can put a row's value into any text. So, unless row values are to be
shown, a text is quoted only where it is about the sources of the article: each of its lines begins
with the place in such a file, with no chunk or inline code that was run there and no exception, or
says of a file that it is not Python, and has no cell of the version's tables but for what stands
in that file or the public part of the descriptor too. Whom a row is of is told in no case.
Of any other text the files of the package, the places, the labels of chunks and the names of
exceptions are shown.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath

from press.compare.rendered import Rendered
from press.compare.schemas import shared_key, without_rows
from press.compare.tables import DESCRIPTOR, Package

HIDDEN = "the error's text is hidden, since it may hold row values; --rows shows it"
_SOURCE = re.compile(r"(?P<file>[\w./-]+\.(?:qmd|md|ya?ml|bib|csl))(?::\d+){0,2}: (?P<text>.+)")
_NO_PYTHON = re.compile(r"(?P<file>[\w./-]+\.py):\d+: this is not Python: (?P<text>.+)")
_PLACE = re.compile(r"([\w./-]+\.(?:qmd|md|ya?ml|py)(?::\d+)*(?:, chunk [\w.-]+|, inline)?)[: ]")
_MEANT = re.compile(r"\bin ([\w./-]+\.(?:qmd|ya?ml):\d+)\b")
"""Where a sentence says that something is to be put right."""
_FRAME = re.compile(r'\s*File "([\w.-][\w./-]*\.py)", line (\d+)')
_RAISED = re.compile(r"\(raised in ([\w./-]+\.py:\d+)\)$")
_EXCEPTION = re.compile(
    r"(?:^|: )((?:\w+\.)*[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Iteration))(?=:|$)"
)
_LINE = re.compile(r"\bline \d+")
Read = Callable[[str], bytes | None]
"""Gives a file of the version; None where there is none."""


def failure(rendered: Rendered, package: Package | None, read: Read, *, rows: bool) -> str:
    """A failed render in words; `package` is what it read, None where that is not known."""
    begin = "renders, with a fault" if rendered.folder else "does not render"
    lines = [
        line.strip().removeprefix("press: ") for line in rendered.error.split("\n") if line.strip()
    ]
    if (
        rows
        or not rendered.is_quoted
        or (package and all(_is_of_source(line, package, read) for line in lines))
    ):
        return f"{begin}: {rendered.error}"
    ids = _identifiers(package) if package else set()
    places = (of for of in dict.fromkeys(_places(lines)) if not any(_has(of, id) for id in ids))
    left = [*_files(lines, package), *places]
    first = f"{begin}: {left[0]}" if left else begin
    return "\n".join([first, *left[1:], HIDDEN])


# Quoted -----------------------------------------------------------------------------------------


def _is_of_source(line: str, package: Package, read: Read) -> bool:
    found = _SOURCE.fullmatch(line) or _NO_PYTHON.fullmatch(line)
    if found is None or _EXCEPTION.search(found["text"]):
        return False
    said = _LINE.sub("", found["text"])
    source = (read(found["file"]) or b"").decode("utf-8", errors="replace")
    public = source + json.dumps(without_rows(package.descriptor), ensure_ascii=False)
    hidden = (cell for cell in _cells(package) if not _has(public, cell))
    return not any(_has(said, cell) for cell in (*_identifiers(package), *hidden))


def _has(text: str, words: str) -> bool:
    return words in text and bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text))


def _identifiers(package: Package) -> set[str]:
    """The texts in the columns that are in every table's key."""
    names = shared_key(package.schemas.values())
    rows = (row for table in package.tables.values() for row in table.rows)
    return {text for row in rows for name in names if len(text := row.get(name, "").strip()) > 1}


def _cells(package: Package) -> set[str]:
    """The texts of cells, and the numbers in them; one sign by itself tells nothing.

    A column that the descriptor does not name may be a cell, where a file lost its first line.
    """
    texts: set[str] = set()
    for name, table in package.tables.items():
        texts |= set(table.columns) - set(package.names(name))
        texts.update(text.strip() for row in table.rows for text in row.values())
    numbers = {word for text in texts for word in re.findall(r"\w*\d\w*", text)}
    return {text for text in texts | numbers if len(text) > 1}


# Left of what is not quoted ---------------------------------------------------------------------


def _files(lines: Iterable[str], package: Package | None) -> Iterator[str]:
    """The files of the package that lines name, with the number of these lines."""
    tables = package.tables.values() if package else ()
    known = {DESCRIPTOR, *(PurePosixPath(table.file).name for table in tables)}
    named = (next((w for w in re.findall(r"[\w.-]+\w", line) if w in known), "") for line in lines)
    for name, count in Counter(filter(None, named)).items():
        yield f"{name}: {count} fault{'' if count == 1 else 's'}"


def _places(lines: Iterable[str]) -> Iterator[str]:
    """Where what was run failed, and the exception; of a traceback its last line of the version."""
    frame = ""
    for line in lines:
        if found := _FRAME.match(line):
            frame = f"{found[1]}:{found[2]}"
            continue
        place, name, raised = _PLACE.match(line), _EXCEPTION.search(line), _RAISED.search(line)
        said = [of[1] for of in (place, name) if of]
        if frame and name and not place:
            said, frame = [frame, *said], ""
        if said:
            yield ": ".join(said) + (f" (raised in {raised[1]})" if raised else "")
        yield from _MEANT.findall(line)
