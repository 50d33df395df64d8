"""A text in; the abbreviations that it explains itself, out."""

from __future__ import annotations

import re

_IN_BRACKETS = re.compile(
    r"(?P<words>(?:[^\W\d_][\w’'-]*[ \n]+){1,9})\((?P<short>[^\W\d_]{2,6})[),;]"
)
_IN_LEGEND = re.compile(
    r"(?:(?<![^\n])|(?<=[;.:] ))(?P<short>[^\W\d_]{2,6})(?:,|:| =) (?P<words>[^;.,:()\n]+)"
    r"(?=[;.\n]|\Z)"
)
_SMALL = ("of", "the", "and", "in", "for", "to", "with", "by", "a", "an")
_PERSON = re.compile(
    r"(?:ist|ian|author|doctor|nurse|er|or|student|resident|fellow|colleague|surgeon)s?\Z"
)
"""How words for somebody end, who may be told by initials."""


def defined(text: str) -> frozenset[str]:
    """The abbreviations that a text explains: `creatine kinase (CK)`, or `CK, creatine kinase;`.

    Letters behind a word for somebody, as in `a second reader (SR)`, may be initials and are none.
    """
    found = set()
    for match in _IN_BRACKETS.finditer(text):
        words = _words(match["words"])
        tails = [words[-count:] for count in range(1, len(match["short"]) + 1)]
        if any(_stands_for(match["short"], tail) for tail in tails):
            found.add(match["short"])
    for match in _IN_LEGEND.finditer(text):
        if _stands_for(match["short"], _words(match["words"])):
            found.add(match["short"])
    return frozenset(found)


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]+", text.lower()) if word not in _SMALL]


def _stands_for(short: str, words: list[str]) -> bool:
    """Whether the words have its letters in their order, the first of each word among them."""
    if sum(map(str.isupper, short)) < 2 or not words or _PERSON.search(words[-1]):
        return False
    letters, initials = short.lower(), [word[0] for word in words]
    is_first = letters[0] == initials[0]
    return is_first and _is_within(initials, letters) and _is_within(letters, "".join(words))


def _is_within(some: list[str] | str, all_of: str) -> bool:
    """Whether letters stand in a text in this order."""
    rest = iter(all_of)
    return all(letter in rest for letter in some)
