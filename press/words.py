"""A passage in; the numerals, number words and verdict words typed into it out."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from press.errors import refuse
from press.located import COMPUTED_SIGN, State
from press.marked import read_yaml

WORDS_FILE = Path(__file__).parent / "words.yml"
_RUN = re.compile(rf"[^\s{COMPUTED_SIGN}]+")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]*]*\s+")
_ENTRY = re.compile(r"[^\W\d_]+(?:[ '][^\W\d_]+)*\*?")
_MARKS = ".,;:!?()[]{}\"'“”‘’*|/"


@dataclass(frozen=True)
class Passage:
    """Text as it is printed; of every character, where it stands in the source and its state."""

    text: str
    places: Sequence[int]
    states: Sequence[State]

    def sentence(self, at: int) -> str:
        """The sentence around a character, on one line; what is computed shows as `…`."""
        start, end = 0, len(self.text)
        for stop in _SENTENCE_END.finditer(self.text):
            if stop.end() <= at:
                start = stop.end()
            elif stop.start() >= at:
                end = stop.end()
                break
        text = re.sub(f"{COMPUTED_SIGN}+", "…", self.text[start:end])
        return " ".join(text.split())


@functools.cache
def words_pattern(groups: tuple[str, ...] = ()) -> re.Pattern[str]:
    """The words and phrases of words.yml, or of some groups of it, as whole words, in any case."""
    marked = read_yaml(WORDS_FILE.read_text(encoding="utf-8"), file="press/words.yml")
    entries: list[str] = []
    for group in groups or marked.value:
        for i, entry in enumerate(marked.value[group]):
            if not _ENTRY.fullmatch(str(entry)):
                place = marked.place((group, i))
                raise refuse(place, f"{entry!r}: words are wanted, a * at the end at most")
            entries.append(entry)
    forms = [_form(entry) for entry in sorted(entries, key=len, reverse=True)]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(forms)})(?![^\W_])", re.IGNORECASE)


def _form(entry: str) -> str:
    """One entry as a pattern: blanks may be hyphens, a `*` any rest of a word."""
    whole = r"[\s-]+".join(re.escape(word) for word in entry.removesuffix("*").split(" "))
    return whole.replace("'", "['’]") + (r"[^\W\d_]*" if entry.endswith("*") else "")


def typed(passage: Passage, groups: tuple[str, ...] = ()) -> Iterator[tuple[int, str]]:
    """Each numeral and listed word that is neither computed, cited nor declared: where, what.

    The words are all of words.yml, or those of some groups of it.
    """
    taken: list[tuple[int, int]] = []
    for run in _RUN.finditer(passage.text):
        numeric = [i for i in range(*run.span()) if passage.text[i].isnumeric()]
        if not numeric:
            continue
        if any(passage.states[i] is State.FREE for i in numeric):
            taken.append(run.span())
            token = run[0].strip(_MARKS)
            yield run.start() + run[0].index(token), token
    for word in words_pattern(groups).finditer(passage.text):
        start, end = word.span()
        inside_numeral = any(first <= start < last for first, last in taken)
        if not inside_numeral and State.FREE in passage.states[start:end]:
            yield start, " ".join(word[0].split())
