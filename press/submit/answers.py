"""A declared answer in; the words of it by which a reviewer would know who wrote, out."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SMALL = {"of", "the", "for", "de", "del", "della", "der", "des", "di", "du", "für", "la", "le"}
"""Words in the middle of a name."""
_SHORTENED = re.compile(r"\b(St|Dr|Mt|Prof|[A-Z])\.(?=\s)")
_PARTS = re.compile(r"[^\w\s’'&.-]+|\.(?=\s|\Z)")
_PLACE = ("in", "at", "by", "from", "of", "near")
_TITLES = ("dr", "prof", "professor", "mr", "mrs", "ms")
_LEADING = (*_PLACE, *_TITLES, "the", "a", "an", "all", "our", "this", "we")
_PHONE = r"\+\d[\d ()/-]{6,}\d"
_CODE = re.compile(rf"{_PHONE}|(?<!\w)(?:[A-Z]{{2,}}[ -])?\w*\d(?:[\w./-]*\w)?")
_YEARS = re.compile(r"(?:[A-Z]+[ -])?(?:19|20)\d\d(?:[-–/](?:19|20)\d\d)?")
_DIGITS = 3, 5
"""So many digits has a number with letters, and one without, by which something is filed."""
_KNOWN = re.compile(
    "|".join((
        r"(?:World Medical Association )?Declaration of Helsinki", "World Medical Association",
        "Good Clinical Practice", "General Data Protection Regulation", r"\b2016/679\b",
        "Creative Commons(?: Attribution)?", r"CC[ -]BY(?:-\w+)*(?:[ -]\d\.0)?",
        "International Committee of Medical Journal Editors", "European Union",
        "Original Draft", "Review & Editing", "Formal Analysis", "Data Curation",
        "Funding Acquisition", "Project Administration",
    )),
    re.IGNORECASE,
)  # fmt: skip
"""What many declare in the same words; last the roles of CRediT."""
_COMMON = frozenset(
    """the a an all no none not our we this these both each it data code patients dr prof professor
    mr mrs ms md phd he she they written informed supported approved funded
    ethics ethical committee commission institutional review board research medical clinical
    university hospital clinic institute department division centre center faculty school college
    national regional local cantonal ministry foundation fund grant number trial trials register
    registry medicine health science sciences education internal neurology rheumatology pathology
    immunology pharmacology dermatology conceptualization methodology software validation
    investigation resources writing visualization supervision
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday english python excel github gitlab
    use agreement sharing access zenodo dryad figshare osf credit icmje icmjes""".split()
)
"""Words of which a name may be made, and which name nobody without another one."""


def details(answer: str) -> Iterator[str]:
    """Its names of several words, single ones where a place or giver stands; not what all write."""
    text = _SHORTENED.sub(r"\1", _KNOWN.sub(";", answer))
    for part in _PARTS.split(text):
        words = [re.sub(r"[’']s?\Z", "", word.rstrip(".")) for word in part.split()]
        found = [*_names(words), *_places(words)]
        yield from (name for name in found if _is_own(name))


def codes(answer: str) -> Iterator[str]:
    """Its numbers by which something is filed, as of a vote or a grant, and of a telephone."""
    for said in _CODE.findall(_KNOWN.sub(";", answer)):
        for code in dict.fromkeys((said, re.sub(r"\A[A-Z]+[ -]", "", said))):
            has_letters = any(map(str.isalpha, code))
            is_long = sum(map(str.isdigit, code)) >= _DIGITS[not has_letters]
            if is_long and not _YEARS.fullmatch(code):
                yield code


def _names(words: list[str]) -> Iterator[str]:
    """Runs of two capitalised words and more, whole and between their small words."""
    run: list[str] = []
    for word in [*words, ""]:
        if word[:1].isupper() or (run and word in _SMALL):
            run.append(word)
            continue
        while run and run[0].lower() in _LEADING:
            run = run[1:]
        while run and run[-1] in _SMALL:
            run.pop()
        pieces = re.split(rf" (?:{'|'.join(_SMALL)})(?= )", " ".join(run))
        pieces += [re.sub(r" [A-Z]\Z", "", piece) for piece in pieces]  # a hospital of Umberto I
        yield from (name for name in dict.fromkeys((" ".join(run), *map(str.strip, pieces)))
                    if " " in name)  # fmt: skip
        run = []


def _places(words: list[str]) -> Iterator[str]:
    """Single capitalised words after in, at, by, from, of and near."""
    kept = [word for word in words if word.lower() != "the"]
    for before, word, after in zip(kept, kept[1:], [*kept[2:], ""], strict=False):
        is_single = word[:1].isupper() and not after[:1].isupper()
        if before.lower() in _PLACE and is_single and len(word) > 2 and "." not in word:
            yield word


def _is_own(name: str) -> bool:
    """Whether a name has a word that is not everybody's."""
    words = (word.lower() for word in name.split() if word not in _SMALL)
    return any(word not in _COMMON and len(word) > 1 for word in words)
