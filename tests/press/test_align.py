"""The alignment of two sequences against the textbook's table of edit distances."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from press.align import align

words = st.lists(st.sampled_from("ab1 2"), max_size=12)


def distance(one: list[str], other: list[str]) -> int:
    """Levenshtein's distance, row by row (Wagner and Fischer, J ACM 1974;21:168-173)."""
    row = list(range(len(other) + 1))
    for i, word in enumerate(one, start=1):
        above, row[0] = row[0], i
        for j, letter in enumerate(other, start=1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (word != letter))
    return row[-1]


@given(words, words)
def test_the_alignment_has_as_few_edits_as_any(one: list[str], other: list[str]) -> None:
    """Words changed, added and left out are as many as the edit distance."""
    pairs = align(one, other)
    edits = sum(i is None or j is None or one[i] != other[j] for i, j in pairs)
    assert edits == distance(one, other)


@given(words, words)
def test_the_alignment_holds_every_word_once_in_order(one: list[str], other: list[str]) -> None:
    """Nothing is lost and nothing changes its place."""
    pairs = align(one, other)
    assert [i for i, _ in pairs if i is not None] == list(range(len(one)))
    assert [j for _, j in pairs if j is not None] == list(range(len(other)))


def test_swapped_numbers_stand_opposite_each_other() -> None:
    """A swap is two numbers changed, not one that moved."""
    one, other = "from 5 to 9 points".split(), "from 9 to 5 points".split()
    assert align(one, other) == [(i, i) for i in range(5)]


def test_sequences_that_differ_everywhere_are_not_aligned() -> None:
    """With more than the most edits allowed, nothing is said to be the same."""
    pairs = align(["a"] * 20, ["b"] * 20, most=10)
    assert len(pairs) == 40
    assert all(None in pair for pair in pairs)
