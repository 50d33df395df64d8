"""Two texts or two sequences in; their words, how alike they are, and what stands for what out."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence

Pair = tuple[int | None, int | None]
Opcode = tuple[str, int, int, int, int]
_WORD = re.compile(
    r"""(?<![\w)\]%])[+\u2212\u2013-]?\d+(?:[.,:/]\d+)*%?  # a number with its sign and per cent
    |\d+(?:[.,:/]\d+)*%?
    |[^\W\d_]+(?:['’\u2010\u2011-][^\W\d_]+)*             # a word, with its hyphens
    |\s+
    |.""",
    re.VERBOSE | re.DOTALL,
)
ALIKE = 0.5
"""Two blocks share at least this part of their words to be two versions of one."""


def words(text: str) -> list[str]:
    """The words, numbers, marks and blanks of a text; joined they are the text again."""
    return _WORD.findall(text)


def likeness(old: Counter[Hashable], new: Counter[Hashable]) -> float:
    """The part of the words that two texts share (Dice), from 0 to 1."""
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 1.0


def opcodes(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Opcode]:
    """What is equal, deleted, inserted and replaced; no blank alone stands between two changes."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    merged: list[Opcode] = []
    codes = matcher.get_opcodes()
    for n, (tag, i, end, j, stop) in enumerate(codes):
        is_inner = 0 < n < len(codes) - 1
        if tag == "equal" and is_inner and all(map(_is_blank, old[i:end])):
            tag = "replace"
        if merged and tag != "equal" and merged[-1][0] != "equal":
            merged[-1] = ("replace", merged[-1][1], end, merged[-1][3], stop)
        else:
            merged.append((tag, i, end, j, stop))
    return merged


def _is_blank(token: Hashable) -> bool:
    return isinstance(token, str) and token.isspace()


def pair(
    old: Sequence[Hashable],
    new: Sequence[Hashable],
    alike: Callable[[int, int], float],
    least: float = ALIKE,
) -> list[Pair]:
    """The positions of both sequences in their order, equal or alike ones side by side."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    pairs: list[Pair] = []
    for tag, i, end, j, stop in matcher.get_opcodes():
        if tag == "equal":
            pairs += zip(range(i, end), range(j, stop), strict=True)
        else:
            pairs += _pair_alike(range(i, end), range(j, stop), alike, least)
    return pairs


def _pair_alike(
    old: range, new: range, alike: Callable[[int, int], float], least: float
) -> Iterator[Pair]:
    """Of two stretches, the pairs in order whose likenesses have the largest sum."""
    worth = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    value = [[alike(i, j) for j in new] for i in old]
    for a in range(len(old) - 1, -1, -1):
        for b in range(len(new) - 1, -1, -1):
            both = value[a][b] + worth[a + 1][b + 1] if value[a][b] >= least else 0.0
            worth[a][b] = max(both, worth[a + 1][b], worth[a][b + 1])
    a = b = 0
    while a < len(old) or b < len(new):
        if a == len(old):
            yield None, new[b]
            b += 1
        elif b == len(new):
            yield old[a], None
            a += 1
        elif value[a][b] >= least and worth[a][b] == value[a][b] + worth[a + 1][b + 1]:
            yield old[a], new[b]
            a, b = a + 1, b + 1
        elif worth[a][b] == worth[a + 1][b]:
            yield old[a], None
            a += 1
        else:
            yield None, new[b]
            b += 1
