"""Who wrote the article in; where a file names them, and where they cite themselves, out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.errors import Fault
from press.journals.check import PLACEHOLDER
from press.submit.declared import DECLARATIONS, Allowed, Declaration
from press.submit.spelling import hits, initial_hits, plain
from press.submit.texts import Text, texts

FAMILY, INITIALS = "family name", "initials"
AUTHOR, EMAIL, ORCID = "author", "email", "orcid"
NEVER_ALLOWED = (AUTHOR, EMAIL, ORCID, "phone", "fax", "url")
"""What is no other word, so that no reason lets it stand."""
FILE_NAMES = ("file name", "names of parts")
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
        if self.what == INITIALS:
            return initial_hits(self.words, text)
        return hits(self.words, text, fold=fold or not self.is_word)


@dataclass(frozen=True)
class Comment:
    """A reviewer's comment, which a letter gives letter for letter: its place, tag and words."""

    place: str
    tag: str
    words: str


def names_of(
    authors: Iterable[dict[str, Any]],
    affiliations: Iterable[dict[str, Any]],
    declared: Iterable[Declaration],
) -> tuple[Name, ...]:
    """The names, addresses and identifiers of the authors and of where they work."""
    found = [name for author in authors for name in _author(_known(author))]
    found += [name for place in affiliations for name in _affiliation(_known(place))]
    for declaration in declared:
        if declaration.identifies and declaration.text:
            for words in _ADDRESS.findall(declaration.text):
                found += _address(words.rstrip("."), declaration.label.lower())
    return tuple(dict.fromkeys(name for name in found if name.words))


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
        first = "".join(part[0] for part in re.split(r"[\s.-]+", given) if part)
        for words in (f"{family} {first}", f"{first} {family}"):
            yield Name(words, "name with initials", is_word=True)
        last = "".join(part[0] for part in re.split(r"[\s-]+", family) if part)
        for letters in (first + last, first + last[-1], first[0] + last[-1]):
            yield Name(letters.upper(), INITIALS, is_word=True)
    for key in (ORCID, EMAIL, "phone", "fax", "url"):
        if author.get(key):
            yield from _address(str(author[key]).removeprefix("https://orcid.org/"), key)


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


def search(
    folder: Path,
    files: Iterable[Path],
    names: Sequence[Name],
    *,
    cited: Iterable[str],
    allowed: Sequence[Allowed] = (),
    comments: Collection[Comment] = (),
    made: Collection[str] = (),
) -> tuple[list[Fault], list[str]]:
    """Where the files of a blinded set name an author: faults, and what is to be known.

    In the list of references names are looked for by `self_references`; a family name of an author
    who is `cited` there may stand in the prose as that of a work. The letter to the reviewers gives
    their `comments` as they came, so that what they say of authors is told and stays. What is
    `allowed` stands, and is told with every place. `made` are the strings of the look.
    """
    faults, notes = [], []
    families = {plain(family) for family in cited}
    let = {_key(entry.words): entry for entry in allowed}
    stands: defaultdict[Allowed, list[str]] = defaultdict(list)
    for path in files:
        file = path.relative_to(folder).as_posix()
        quoted = "\n".join(c.words for c in comments) if file.startswith("3-response") else ""
        for text in (Text("file name", path.name), *texts(path, made)):
            found = _found(text, names, quoted)
            may = [n for n in found if n.what not in NEVER_ALLOWED and _key(n.words) in let]
            for name in may:
                stands[let[_key(name.words)]].append(f"{file} ({text.where})")
            for name in _longest([name for name in found if name not in may]):
                said = f"{text.where} has the {name.what} “{name.words}”"
                if name.what == FAMILY and text.where == "text" and plain(name.words) in families:
                    notes.append(f"{file}: {said}, that of a cited work; name it as any other's")
                else:
                    faults.append(Fault(file, f"{said}; {_remedy(name)}"))
    notes += [_exception(entry, stands[entry]) for entry in allowed]
    return faults, [*notes, *_named_by_reviewers(comments, names)]


def check_allowed(allowed: Iterable[Allowed], names: Iterable[Name]) -> Iterator[Fault]:
    """Exceptions for what has none, and for what is no name of an author."""
    kinds = {_key(name.words): name.what for name in names}
    whole = [plain(name.words) for name in names if name.what in NEVER_ALLOWED]
    for entry in allowed:
        what = kinds.get(_key(entry.words))
        if what in NEVER_ALLOWED or plain(entry.words) in whole:
            remedy = "take the exception out, and the words where a fault finds them"
            yield Fault(entry.place, f"“{entry.words}” names an author and nothing else; {remedy}")
        elif what is None:
            remedy = "write the words between the quotes of a fault, or take the exception out"
            fault = f"“{entry.words}” is neither name nor place of an author"
            yield Fault(entry.place, f"{fault}; {remedy}")


def _key(words: str) -> str:
    """Words by their letters, in their case."""
    return plain(words, fold=False).replace(" ", "")


def _remedy(name: Name) -> str:
    remedy = "take it out of what it is made from"
    if name.what in NEVER_ALLOWED:
        return remedy
    return f"{remedy} or, where it means something else, say so under blinding in {DECLARATIONS}"


def _exception(entry: Allowed, places: list[str]) -> str:
    where = ", ".join(dict.fromkeys(places)) or "nowhere"
    said = f"“{entry.words}” is let stand in what reviewers get, because: {entry.because}"
    return f"{entry.place}: {said}; it stands in: {where}"


def _named_by_reviewers(comments: Iterable[Comment], names: Iterable[Name]) -> Iterator[str]:
    for comment in comments:
        for name in _longest(_found(Text("comment", comment.words), names)):
            said = f"{comment.tag} has the {name.what} “{name.words}”"
            yield f"{comment.place}: {said}; the letter gives it, as the reviewer's own words"


def _found(text: Text, names: Iterable[Name], quoted: str = "") -> list[Name]:
    """The names in a text outside references and comments."""
    found = []
    is_file = text.where in FILE_NAMES
    for name in names:
        words = text.words if name.is_word else f"{text.words}\n{text.made}"
        known = name.count(text.cited) + name.count(quoted)
        if name.count(words, fold=is_file) > known:
            found.append(name)
    return found


def _longest(found: list[Name]) -> list[Name]:
    """Names without those that are part of another one."""
    said = [f" {plain(name.words)} " for name in found]
    return [name for name, own in zip(found, said, strict=True)
            if not any(own != other and own in other for other in said)]  # fmt: skip


def self_references(
    references: Iterable[dict[str, Any]], names: Iterable[Name], file: str, source: str
) -> list[str]:
    """The cited works of the authors' own, each with the line that first cites it."""
    families = {plain(name.words) for name in names if name.what == FAMILY}
    lines = source.split("\n")
    found = []
    for reference in references:
        own = [a for a in reference.get("author", ()) if plain(a.get("family", "")) in families]
        if own:
            cited = re.compile(rf"@{re.escape(reference['id'])}(?![\w-])")
            line = next((i for i, text in enumerate(lines, start=1) if cited.search(text)), 1)
            by = ", ".join(author["family"] for author in own)
            said = f"cites {reference['id']}, of {by}: a reference to the authors' own work"
            found.append(f"{file}:{line}: {said}; word it as any other's")
    return found
