"""Files of a blinded set and names in; where they name an author, and what may stand, out."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.errors import Fault
from press.response import LETTER_FILE
from press.submit.declared import DECLARATIONS, Allowed
from press.submit.names import FAMILY, GIVEN, NEVER_ALLOWED, PART, Name
from press.submit.spelling import plain
from press.submit.texts import Text, texts

FILE_NAMES = ("file name", "names of parts")


@dataclass(frozen=True)
class Comment:
    """A reviewer's comment, which a letter gives letter for letter: its place, tag and words."""

    place: str
    tag: str
    words: str


def search(
    folder: Path,
    files: Iterable[Path],
    names: Sequence[Name],
    *,
    cited: Iterable[str],
    allowed: Sequence[Allowed] = (),
    comments: Collection[Comment] = (),
    made: Collection[str] = (),
    sources: Sequence[tuple[str, str]] = (),
    documents: Mapping[str, str] | None = None,
) -> tuple[list[Fault], list[str]]:
    """Where the files of a blinded set name an author: faults, and what is to be known.

    In the list of references names are looked for by `self_references`; a family name of an author
    who is `cited` there may stand in the prose as that of a work. The letter to the reviewers gives
    their `comments` as they came, so that what they say of authors is told and stays. What is
    `allowed` stands, and is told with every place. `made` are the strings of the look,
    `sources` the lines of what the files are made from, each with its place, and `documents` the
    source of each document by what the name of its files begins with.
    """
    faults, notes = [], []
    families = {plain(part) for family in cited for part in (family, *re.split(r"[\s-]+", family))}
    stands: defaultdict[Allowed, list[str]] = defaultdict(list)
    lines = functools.cache(lambda name: [at for at, line in sources if name.count(line)])
    for path in files:
        file = path.relative_to(folder).as_posix()
        quoted = "\n".join(c.words for c in comments) if file.startswith("3-response") else ""
        for text in (Text("file name", path.name), *texts(path, made)):
            for name in _told(text, names, quoted, _let(allowed, stands, f"{file} ({text.where})")):
                said = f"{text.where} has the {name.what} “{name.words}”"
                is_person = name.what in (FAMILY, PART, GIVEN) and text.where == "text"
                if is_person and plain(name.words) in families:
                    notes.append(f"{file}: {said}, that of a cited work; name it as any other's")
                else:
                    places = _made_from(file, lines(name), documents or {})
                    faults.append(Fault(file, f"{said}; {_remedy(name, places)}"))
    notes += [_exception(entry, stands[entry]) for entry in allowed]
    return faults, [*notes, *_named_by_reviewers(comments, names)]


def _made_from(file: str, places: list[str], documents: Mapping[str, str]) -> list[str]:
    """The places from which a file can have a name: its own document first, no other document."""
    own = documents.get(file.partition("-blinded")[0])
    if own is None:
        return places
    others = {*documents.values(), LETTER_FILE} - {own}
    found = [at for at in places if at.partition(":")[0] not in others]
    return sorted(found, key=lambda at: at.partition(":")[0] != own)


def _told(
    text: Text, names: Iterable[Name], quoted: str, let: Callable[[Name], bool]
) -> list[Name]:
    """The names in a text without those that may stand, and without parts of others."""
    found = _found(text, names, quoted)
    may = [name for name in found if let(name)]
    return _longest([name for name in found
                     if name not in may and not _stands_in(name, may, text)])  # fmt: skip


def _let(
    allowed: Iterable[Allowed], stands: dict[Allowed, list[str]], where: str
) -> Callable[[Name], bool]:
    """Whether a name may stand; it is written down where it does."""
    entries = {_key(entry.words): entry for entry in allowed}

    def let(name: Name) -> bool:
        entry = entries.get(_key(name.words)) if name.what not in NEVER_ALLOWED else None
        if entry:
            stands[entry].append(where)
        return entry is not None

    return let


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


def _remedy(name: Name, lines: Sequence[str]) -> str:
    remedy = f"take it out of {', '.join(lines) or 'what it is made from'}"
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


def _stands_in(name: Name, longer: Iterable[Name], text: Text) -> bool:
    """Whether a name stands nowhere but within one of the longer ones."""
    own = f" {plain(name.words)} "
    counts = [one.count(text.words) for one in longer if own in f" {plain(one.words)} "]
    return bool(counts) and max(counts) >= name.count(text.words)


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
