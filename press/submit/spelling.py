"""A name and a text in; how often it stands there, however it is spelt, out."""

from __future__ import annotations

import functools
import re
import unicodedata

from text_unidecode import unidecode

LONG = 9
"""Letters from which on a name is found without its blanks, as where a line breaks in it."""
DIGRAPHS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"}
"""Letters that Germans and Scandinavians write as two; other lands leave the second one out."""
_SPELT = str.maketrans(
    {**DIGRAPHS, **{sign.upper(): two.capitalize() for sign, two in DIGRAPHS.items()}}
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_LINK = re.compile(r"\S+@\S+|\S+://\S+|www\.\S+|[\w-]+(?:\.[\w-]+)+/\S*")
_SHORTEST = 3
"""Initials have so many letters at least to be told by themselves; two are any abbreviation."""
_BY = re.compile(r"\bby\s+(?:both\s+)?\Z", re.IGNORECASE)
_OPENS, _CLOSES = re.compile(r"[(\[][^()\[\]]*\Z"), re.compile(r"[^()\[\]]*[)\]]")
_AND = r"(?:\s*[,;/&]\s*(?:and\s+)?|\s+and\s+)"
_BEFORE, _AFTER = (
    re.compile(rf"\b[A-Z]{{2,3}}{_AND}\Z"),
    re.compile(rf"{_AND}[A-Z]{{2,3}}(?![\w-])"),
)
_NEAR = 200
"""Letters on either side of initials in which their brackets are looked for."""


def hits(name: str, text: str, *, fold: bool = True) -> int:
    """How often a name stands in a text, its signs and accents aside, as words or across a line.

    With `fold` in any case; without in its own and in capitals, and in any case in a link.
    """
    if not fold:
        cased = {name, name.upper()}
        return sum(_count(words, text, fold=False) for words in cased) + hits(name, links(text))
    return _count(name, text, fold=True)


@functools.lru_cache(maxsize=32)
def links(text: str) -> str:
    """The addresses in a text, a line each."""
    return "\n".join(_LINK.findall(text))


def initial_hits(letters: str, text: str, *, has_stops: bool = False) -> int:
    """How often initials stand in a text, each with its stop or, unless `has_stops`, all without.

    Two without stops are initials in brackets, after `by` and beside others.
    """
    said = _in_ascii(text)
    letters = re.sub(r"[^A-Za-z]", "", unidecode(letters))
    if not letters:
        return 0
    spaced = r"\.[\s-]*".join(letters)
    stopped = len(re.findall(rf"(?<![\w.]){spaced}\.(?!\w)", said))
    if has_stops:
        return stopped
    alone = list(re.finditer(rf"(?<![\w.]){letters}(?!\w|-[a-z\d])", said))
    if len(letters) < _SHORTEST:
        alone = [found for found in alone if _is_person(said, *found.span())]
    return stopped + len(alone)


@functools.lru_cache(maxsize=32)
def _in_ascii(text: str) -> str:
    return unidecode(unicodedata.normalize("NFC", text))


def _is_person(text: str, start: int, end: int) -> bool:
    """Whether two letters stand where a paper has the initials of whoever did something."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if _OPENS.search(before) and _CLOSES.match(after):
        return True
    return any((_BY.search(before), _BEFORE.search(before), _AFTER.match(after)))


def code_hits(code: str, text: str) -> int:
    """How often a number such as `EK 12/345` stands in a text, in any case and with any hyphens."""
    said = _in_ascii(text)
    signs = re.findall(r"\w+|[^\w\s-]", unidecode(code))
    wanted = r"[\s-]*".join(map(re.escape, signs))
    return len(re.findall(rf"(?<![\w/]){wanted}(?![\w/])", said, re.IGNORECASE))


def _count(name: str, text: str, *, fold: bool) -> int:
    wanted, bare = _pattern(name, fold=fold), plain(name).replace(" ", "")
    if not bare:
        return 0
    is_long = len(bare) >= LONG and not any(len(word) == 1 for word in plain(name).split())
    counts = []
    for has_digraphs in (False, True):
        said = plain(text, fold=fold, has_digraphs=has_digraphs)
        counts.append(len(re.findall(rf"(?<!\w){wanted}(?!\w)", said)))
        if is_long:
            counts.append(len(re.findall(wanted.replace(" ", ""), said.replace(" ", ""))))
    return max(counts)


def _pattern(name: str, *, fold: bool) -> str:
    """The name as a pattern of plain letters; the second of a digraph may be missing."""
    signs = []
    for sign in unicodedata.normalize("NFC", name.casefold() if fold else name):
        two = DIGRAPHS.get(sign.lower())
        letters = unidecode(sign)
        signs.append(
            f"{letters[0]}[{two[1]}{two[1].upper()}]?"
            if two
            else re.sub(r"[^A-Za-z0-9]", " ", letters)
        )
    return " ".join("".join(signs).split())


@functools.lru_cache(maxsize=32)
def plain(text: str, *, fold: bool = True, has_digraphs: bool = False) -> str:
    """The words of a text in letters without accents; with digraphs, `ü` is `ue` and not `u`."""
    letters = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    letters = unidecode(letters.translate(_SPELT) if has_digraphs else letters)
    letters = letters.casefold() if fold else letters
    return " ".join(re.findall(r"[^\W_]+", letters))
