"""Who wrote the article in; where a file names them, and where they cite themselves, out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.errors import Fault
from press.journal_check import PLACEHOLDER
from press.submit.declared import Declaration
from press.submit.texts import Text, texts

LONG = 9
"""Letters from which on a name is found without its blanks, as where a line breaks in it."""
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\.\w+|https?://[^\s,;]+|\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


@dataclass(frozen=True)
class Name:
    """Words by which a reviewer would know an author; a family name alone may be a cited one."""

    words: str
    what: str
    is_family: bool = False


def names_of(
    authors: Iterable[dict[str, Any]],
    affiliations: Iterable[dict[str, Any]],
    declared: Iterable[Declaration],
) -> tuple[Name, ...]:
    """The names, addresses and identifiers of the authors and of where they work."""
    found = [name for author in authors for name in _author(author)]
    for place in affiliations:
        found += [
            Name(place[key], "affiliation") for key in ("name", "department") if place.get(key)
        ]
    for declaration in declared:
        if declaration.identifies and declaration.text:
            said = _ADDRESS.findall(declaration.text)
            found += [Name(words.rstrip("."), declaration.label.lower()) for words in said]
    return tuple(dict.fromkeys(name for name in found if not PLACEHOLDER.search(name.words)))


def _author(author: dict[str, Any]) -> Iterator[Name]:
    name = author.get("name") or {}
    family, given = name.get("family") or "", name.get("given") or ""
    yield Name(name.get("literal") or family, "author")
    if family and given:
        initials = "".join(part[0] for part in re.split(r"[\s.-]+", given) if part)
        for words in (f"{family} {given}", f"{family} {initials}", f"{initials} {family}"):
            yield Name(words, "author")
        yield Name(family, "family name", is_family=True)
    for key in ("orcid", "email", "phone", "fax", "url"):
        if author.get(key):
            yield Name(str(author[key]).removeprefix("https://orcid.org/"), key)


def search(
    folder: Path, files: Iterable[Path], names: Iterable[Name], *, cited: Iterable[str]
) -> tuple[list[Fault], list[str]]:
    """Where the files of a blinded set name an author: faults, and names that are cited ones.

    In the list of references names are looked for by `self_references`; a family name of an author
    who is `cited` there may stand in the prose as that of a work.
    """
    faults, notes = [], []
    names, families = tuple(names), {_plain(family) for family in cited}
    for path in files:
        file = path.relative_to(folder).as_posix()
        for text in (Text("file name", path.name), *texts(path)):
            for name in _found(text, names):
                said = f"{text.where} has the {name.what} “{name.words}”"
                if name.is_family and text.where == "text" and _plain(name.words) in families:
                    notes.append(f"{file}: {said}, that of a cited work; name it as any other's")
                else:
                    faults.append(Fault(file, f"{said}; take it out of what it is made from"))
    return faults, notes


def _found(text: Text, names: Iterable[Name]) -> list[Name]:
    """The names in a text outside the list of references; of one in another, the longer."""
    found = []
    for name in names:
        fold = not name.is_family or text.where == "file name"
        count = hits(name.words, text.words, fold=fold)
        if count > hits(name.words, text.cited, fold=fold):
            found.append(name)
    said = [f" {_plain(name.words)} " for name in found]
    return [name for name, own in zip(found, said, strict=True)
            if not any(own != other and own in other for other in said)]  # fmt: skip


def hits(name: str, text: str, *, fold: bool = True) -> int:
    """How often a name stands in a text, its signs and accents aside, as words or across a line."""
    wanted, said = _plain(name, fold=fold), _plain(text, fold=fold)
    bare = wanted.replace(" ", "")
    if not bare:
        return 0
    count = len(re.findall(rf"(?<!\w){re.escape(wanted)}(?!\w)", said))
    has_initials = any(len(word) == 1 for word in wanted.split())
    if len(bare) < LONG or has_initials:
        return count
    return max(count, said.replace(" ", "").count(bare))


def _plain(text: str, *, fold: bool = True) -> str:
    letters = unicodedata.normalize("NFKD", text)
    letters = "".join(sign for sign in letters if not unicodedata.combining(sign))
    letters = letters.casefold() if fold else letters
    return " ".join(re.findall(r"[^\W_]+", letters))


def self_references(
    references: Iterable[dict[str, Any]], names: Iterable[Name], file: str, source: str
) -> list[str]:
    """The cited works of the authors' own, each with the line that first cites it."""
    families = {_plain(name.words) for name in names if name.is_family}
    lines = source.split("\n")
    found = []
    for reference in references:
        own = [a for a in reference.get("author", ()) if _plain(a.get("family", "")) in families]
        if own:
            cited = re.compile(rf"@{re.escape(reference['id'])}(?![\w-])")
            line = next((i for i, text in enumerate(lines, start=1) if cited.search(text)), 1)
            by = ", ".join(author["family"] for author in own)
            said = f"cites {reference['id']}, of {by}: a reference to the authors' own work"
            found.append(f"{file}:{line}: {said}; word it as any other's")
    return found
