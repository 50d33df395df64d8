"""Documents in; authors who are open, not the same in each, or have a mistyped ORCID, out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from press.config import Project, format_settings
from press.document import Document
from press.errors import Fault
from press.journals.check import PLACEHOLDER
from press.marked import as_list
from press.submit.word import read_authors

_ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")
_ATTRIBUTES = {"email": "e-mail", "orcid": "ORCID", "degrees": "degrees"}


def check_authors(project: Project, documents: tuple[Document, ...]) -> Iterator[Fault]:
    """Every fault of how the documents name their authors; the first is what others go by."""
    for document in documents:
        yield from _open(document)
        yield from _orcids(document)
    for document in documents[1:]:
        yield from _unlike(project, documents[0], document)


def _open(document: Document) -> Iterator[Fault]:
    authors = as_list((document.front.value or {}).get("author"))
    if not authors:
        yield Fault(document.front.place(()), "it names no author; list them under author")
    for i, author in enumerate(authors):
        if PLACEHOLDER.search(str(author)):
            yield Fault(document.front.place(("author", i)), "the authors are to be completed; "
                        "list each with name, affiliations, ORCID and, of one, email and "
                        "corresponding")  # fmt: skip


def _orcids(document: Document) -> Iterator[Fault]:
    for i, author in enumerate(as_list((document.front.value or {}).get("author"))):
        orcid = author.get("orcid") if isinstance(author, dict) else None
        if orcid and not PLACEHOLDER.search(str(orcid)) and not is_orcid(str(orcid)):
            fault = f"{orcid} is no ORCID: its last sign is not the check digit of those before"
            place = document.front.place(("author", i, "orcid"))
            yield Fault(place, f"{fault}, or one is missing; copy it from orcid.org")


def is_orcid(text: str) -> bool:
    """Whether a text is an ORCID whose check digit is right.

    References: ISO 7064, MOD 11-2, as in orcid.org, "Structure of the ORCID Identifier".
    """
    found = _ORCID.fullmatch(text)
    if not found:
        return False
    signs = found[1].replace("-", "")
    total = 0
    for digit in signs[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == signs[-1]


def _unlike(project: Project, first: Document, other: Document) -> Iterator[Fault]:
    """What one document says of its authors and the other does not, each with both lines."""
    fronts = [dict(document.front.value or {}) for document in (first, other)]
    if any(not front.get("author") or PLACEHOLDER.search(str(front["author"])) for front in fronts):
        return
    if all(fronts[0].get(key) == fronts[1].get(key) for key in ("author", "affiliations")):
        return
    ours, theirs = (_said(project, document) for document in (first, other))
    for i, (one, two) in enumerate(zip_longest(ours, theirs)):
        if one != two:
            lines = f"{other.front.place(('author', i))}: it has {two or 'no such author'}"
            place = first.front.place(("author", i))
            fault = f"author {i + 1} is {one or 'missing'}; {lines}; write the same in both"
            yield Fault(place, fault)


def _said(project: Project, document: Document) -> list[str]:
    """What a document says of each author, in the words of its title block."""
    settings = next(iter(format_settings(project, document.front).values()))
    return [_author(author) for author in read_authors(settings, document.file)["authors"]]


def _author(author: dict[str, Any]) -> str:
    attributes = author.get("attributes") or {}
    parts = [str((author.get("name") or {}).get("literal") or "")]
    for key, what in _ATTRIBUTES.items():
        value = author.get(key)
        parts += [f"{what} {' '.join(map(str, as_list(value)))}"] if value else []
    parts += ["corresponding"] if attributes.get("corresponding") == "true" else []
    return ", ".join([*parts, *(f"of {_place(of)}" for of in author.get("affiliations") or [])])


def _place(place: dict[str, Any]) -> str:
    kept = ("group", "department", "name", "address", "city", "region", "state", "postal-code",
            "country")  # fmt: skip
    return " ".join(str(place[key]) for key in kept if place.get(key))
