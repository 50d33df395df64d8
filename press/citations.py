"""A document's citations, references and labels in; faults where they do not meet out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.errors import Fault
from press.located import is_label
from press.pandoc import run_pandoc
from press.reading import Mark

COMPUTED_TEXTS = ("results.json", "claims.yml")
"""Files whose words inline code prints: they may cite, too."""


@dataclass(frozen=True)
class Keys:
    """What a document cites, links to and can be referred to by; places are `file:line:column`."""

    cites: list[tuple[str, list[dict[str, Any]]]]
    links: list[tuple[str, str]]
    ids: dict[str, str]

    @classmethod
    def of(cls, marks: Sequence[Mark], place: Callable[[int], str], chunks: dict[str, str]) -> Keys:
        """The keys among marks, and the labels of chunks with their places."""
        return cls(
            [(place(mark.at), mark.value) for mark in marks if mark.kind == "cite"],
            [(place(mark.at), mark.value) for mark in marks if mark.kind == "link"],
            {mark.value: place(mark.at) for mark in marks if mark.kind == "id"} | chunks,
        )

    @property
    def cited(self) -> set[str]:
        """The keys of the references that the document cites."""
        keys = {citation["citationId"] for _, citations in self.cites for citation in citations}
        return {key for key in keys if not is_label(key)}


def check_links(keys: Keys, root: Path) -> Iterator[Fault]:
    """Cross-references to nothing or with lost words, and labels nobody refers to."""
    referred = {target.removeprefix("#") for _, target in keys.links}
    for place, citations in keys.cites:
        labels = [c["citationId"] for c in citations if is_label(c["citationId"])]
        for label in labels:
            id = label[0].lower() + label[1:]
            referred.add(id)
            if id not in keys.ids:
                yield Fault(place, f"@{label} refers to nothing; no label is {id}")
        if labels:
            yield from _check_brackets(place, citations)
    for place, target in keys.links:
        if target.startswith("#") and target[1:] not in keys.ids:
            yield Fault(place, f"the link to {target} leads to nothing; no id is {target[1:]}")
    for id, place in keys.ids.items():
        if is_label(id) and id not in referred and not _is_computed(id, root):
            yield Fault(place, f"nothing refers to {id}; write @{id} in the text")


def _check_brackets(place: str, citations: list[dict[str, Any]]) -> Iterator[Fault]:
    """Behind `@tbl-a` pandoc takes `[@smith]` for a part of the reference, and it is dropped."""
    first = citations[0]
    swallowed = [f"@{c['citationId']}" for c in citations if not is_label(c["citationId"])]
    if swallowed and first["citationMode"]["t"] == "AuthorInText" and is_label(first["citationId"]):
        fault = f"is swallowed by @{first['citationId']}; put words between them"
        yield Fault(place, f"{' and '.join(swallowed)} {fault}")
    elif swallowed:
        fault = "stands in one bracket with a cross-reference; part them"
        yield Fault(place, f"{' and '.join(swallowed)} {fault}")
    for citation in citations:
        if citation["citationSuffix"]:
            key = f"@{citation['citationId']}"
            yield Fault(place, f"the words behind {key} in the brackets are lost; put them outside")


def check_cited(known: dict[str, str], keys: Keys) -> Iterator[Fault]:
    """Citations of what is not in the bibliography."""
    for place, citations in keys.cites:
        for citation in citations:
            key = citation["citationId"]
            if not is_label(key) and key not in known:
                yield Fault(place, f"@{key} is not in the bibliography")


def check_uncited(known: dict[str, str], cited: set[str], root: Path) -> Iterator[Fault]:
    """References that no document cites."""
    for key, place in known.items():
        if key not in cited and not _is_computed(key, root):
            yield Fault(place, f"no document cites {key}; cite it or take it out")


def read_bibliography(root: Path, files: Sequence[str]) -> dict[str, str]:
    """The key of every reference in the bibliography, and its place."""
    known: dict[str, str] = {}
    for file in files:
        done = run_pandoc([file, "--to=csljson"], place=file, folder=root)
        lines = (root / file).read_text(encoding="utf-8").split("\n")
        for reference in json.loads(done.stdout):
            key = str(reference["id"])
            line = next((n for n, text in enumerate(lines, 1) if _names(text, key)), 1)
            known[key] = f"{file}:{line}"
    return known


def _names(line: str, key: str) -> bool:
    """Whether a line of a bibliography gives a reference its key: BibTeX, JSON or YAML."""
    line = line.strip()
    return f"{{{key}," in line or line.removesuffix(",").endswith((f'"{key}"', f": {key}"))


def _is_computed(key: str, root: Path) -> bool:
    """Whether the words that inline code prints refer to a key."""
    for name in COMPUTED_TEXTS:
        text = (root / name).read_text(encoding="utf-8") if (root / name).is_file() else ""
        for rest in text.split(f"@{key}")[1:]:
            if not (rest[:1].isalnum() or rest[:1] in ("-", "_", ":")):
                return True
    return False
