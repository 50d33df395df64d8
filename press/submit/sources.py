"""A copy of the project in; the lines from which files for reviewers are made, with places, out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from press.citations import COMPUTED_TEXTS
from press.journals.checklists import CHECKLISTS
from press.response import LETTER_FILE
from press.submit.archive import PACKAGE
from press.submit.declared import read_declared
from press.submit.tree import IDENTIFYING, MADE

_LEFT_OUT = re.compile(
    rf"^(?:{'|'.join(IDENTIFYING)}):.*\n(?:(?:[ \t-].*)?\n)*?(?=[^\s-]|---)", re.MULTILINE
)
"""The keys of a front matter that no blinded copy has, each with all of its lines."""


def read_sources(tree: Path, documents: Iterable[str], data: Path) -> list[tuple[str, str]]:
    """Lines of documents, letter, claims, checklists and code, and declarations that are printed.

    Of the code those with a quote are given: nothing else of it is printed. Of the data, in a
    folder that may lie elsewhere, it is what their package says of them.
    """
    written = (*documents, LETTER_FILE, COMPUTED_TEXTS[1])
    files = [tree / name for name in written if (tree / name).is_file()]
    files += sorted((tree / CHECKLISTS).glob("*.yml"))
    files += [data / PACKAGE] if (data / PACKAGE).is_file() else []
    found = [line for file in files for line in _lines(tree, file)]
    found += [(entry.place, entry.text) for entry in read_declared(tree)
              if entry.text and not entry.identifies]  # fmt: skip
    others = (*MADE, "press", "tests")
    for file in sorted(tree.rglob("*.py")):
        if file.relative_to(tree).parts[0] not in others:
            found += [(at, line) for at, line in _lines(tree, file) if re.search("[\"']", line)]
    return found


def _lines(tree: Path, file: Path) -> Iterator[tuple[str, str]]:
    name = file.relative_to(tree).as_posix() if file.is_relative_to(tree) else str(file)
    text = file.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
    kept = _LEFT_OUT.sub(lambda found: "\n" * found[0].count("\n"), text)
    for number, line in enumerate(kept.split("\n"), start=1):
        yield f"{name}:{number}", line
