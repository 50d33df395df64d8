"""Who wrote the article and what they declare in; the words that would tell who they are, out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from press.journals.check import PLACEHOLDER
from press.submit.answers import codes, details
from press.submit.declared import Declaration
from press.submit.spelling import code_hits, hits, initial_hits, plain

FAMILY, PART, GIVEN = "family name", "part of the family name", "given name"
INITIALS, STOPPED = "initials", "initials with stops"
CODE = "number in"
AUTHOR, EMAIL, ORCID = "author", "email", "orcid"
NEVER_ALLOWED = (AUTHOR, EMAIL, ORCID, "phone", "fax", "url")
"""What is no other word, so that no reason lets it stand."""
_PARTICLES = ("Van", "Von", "Der", "Den", "Del", "Dos", "Das", "San", "Santa", "Saint", "Junior")
_LONG_GIVEN, _LONG_PART = 4, 3
"""Letters from which on a given name, and half of a family name, are looked for alone."""
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_ADDRESS = re.compile(rf"[\w.+-]+@[\w.-]+\.\w+|https?://[^\s,;]+|{_ORCID.pattern}")


@dataclass(frozen=True)
class Name:
    """Words by which a reviewer would know an author.

    Some may be words that mean something else (`is_word`): a family name alone, initials, a city.
    Their case counts, and what the writer of a file calls its styles is not searched for them.
    """

    words: str
    what: str
    is_word: bool = False

    def count(self, text: str, *, fold: bool = False) -> int:
        """How often it stands in a text; with `fold` in any case."""
        if self.what in (INITIALS, STOPPED):
            return initial_hits(self.words, text, has_stops=self.what == STOPPED)
        if self.what.startswith(CODE):
            return code_hits(self.words, text)
        return hits(self.words, text, fold=fold or not self.is_word)


def names_of(
    authors: Iterable[dict[str, Any]],
    affiliations: Iterable[dict[str, Any]],
    declared: Iterable[Declaration],
    explained: Collection[str] = (),
) -> tuple[Name, ...]:
    """The names, addresses and identifiers of the authors and of where they work.

    Initials that are an abbreviation, `explained` by the article, are looked for with their stops.
    """
    affiliations = [_known(place) for place in affiliations]
    found = [name for author in authors for name in _author(_known(author))]
    found += [name for place in affiliations for name in _affiliation(place)]
    spared = {plain(name.words) for name in found} | {plain(word) for word in explained}
    spared |= {plain(str(place.get("country") or "")) for place in affiliations}
    for declaration in declared:
        if declaration.identifies and declaration.text:
            label = declaration.label.lower()
            for words in _ADDRESS.findall(declaration.text):
                found += _address(words.rstrip("."), label)
            found += [name for name in _details(declaration.text, label)
                      if plain(name.words) not in spared]  # fmt: skip
    found = [Name(name.words, STOPPED, is_word=True)
             if name.what == INITIALS and name.words in explained else name
             for name in found]  # fmt: skip
    return tuple(dict.fromkeys(name for name in found if name.words))


def _details(answer: str, label: str) -> Iterator[Name]:
    """What an answer says beside addresses; what is yet to be completed is none of it."""
    said = PLACEHOLDER.sub(";", _ADDRESS.sub(";", answer))
    for words in details(said):
        yield Name(words, f"words of {label}", is_word=True)
    for words in codes(said):
        yield Name(words, f"{CODE} {label}")


def _known(entry: dict[str, Any]) -> dict[str, Any]:
    """An author or affiliation without what is yet to be completed."""
    return {key: value for key, value in entry.items() if not PLACEHOLDER.search(str(value))}


def _author(author: dict[str, Any]) -> Iterator[Name]:
    name = author.get("name") or {}
    family, given = name.get("family") or "", name.get("given") or ""
    literal = name.get("literal") or family
    yield _words(literal, AUTHOR, FAMILY)
    if family and given:
        yield Name(f"{family} {given}", AUTHOR)
        yield Name(family, FAMILY, is_word=True)
        first = _first_letters(given)
        for words in (f"{family} {first}", f"{first} {family}"):
            yield Name(words, "name with initials", is_word=True)
        lead = _first_letters(name.get("non-dropping-particle") or "")
        for letters in _initials(first, lead, _first_letters(family)):
            yield Name(letters.upper(), INITIALS, is_word=True)
        yield from _alone(given, family)
    for key in (ORCID, EMAIL, "phone", "fax", "url"):
        if author.get(key):
            yield from _address(str(author[key]).removeprefix("https://orcid.org/"), key)


def _first_letters(words: str) -> str:
    return "".join(part[0] for part in re.split(r"[\s.-]+", words) if part)


def _initials(first: str, lead: str, last: str) -> tuple[str, ...]:
    """All letters, and those of one or all given names with one or all parts of the family name."""
    ends = dict.fromkeys((last, last[0], last[-1]))
    return f"{first}{lead}{last}", *(start + end for start in (first, first[0]) for end in ends)


def _alone(given: str, family: str) -> Iterator[Name]:
    """Given names, and the parts of a double family name, which may be words that mean another."""
    for part in re.split(r"[\s.-]+", given):
        if len(part) >= _LONG_GIVEN:
            yield Name(part, GIVEN, is_word=True)
    parts = re.split(r"[\s-]+", family)
    for part in parts if len(parts) > 1 else ():
        if len(part) >= _LONG_PART and part[0].isupper() and part not in _PARTICLES:
            yield Name(part, PART, is_word=True)


def _affiliation(place: dict[str, Any]) -> Iterator[Name]:
    """Its name, whole and in parts, what it is called for short, and its city; not its country."""
    for key in ("name", "department", "group", "address"):
        said = str(place.get(key) or "")
        for part in dict.fromkeys((said, *re.split(r"\s*[(),;]\s*", said))):
            if part:
                yield _words(part, "affiliation", "affiliation")
    first = re.split(r"[(),;]", str(place.get("name") or ""))[0]
    short = "".join(word[0] for word in re.findall(r"\w+", first) if word[0].isupper())
    if len(short) > 2:
        yield Name(short, "short name of an affiliation", is_word=True)
    for key in ("city", "region"):
        if len(str(place.get(key) or "")) > 2:
            yield Name(str(place[key]), key, is_word=True)
    if place.get("url"):
        yield Name(re.sub(r"^https?://(www\.)?|/.*$", "", str(place["url"])), "affiliation")


def _words(said: str, what: str, alone: str) -> Name:
    """A name of several words; a word alone may mean something else."""
    is_word = not re.search(r"[\s-]", said.strip())
    return Name(said, alone if is_word else what, is_word=is_word)


def _address(words: str, what: str) -> Iterator[Name]:
    if "@" in words:
        yield Name(words, EMAIL)
        yield Name(words.partition("@")[2], "domain of an e-mail")
    else:
        yield Name(words, ORCID if _ORCID.fullmatch(words) else what)
