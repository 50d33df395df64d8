"""Two sequences of words in, the cheapest alignment out: which word stands for which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Pair = tuple[int | None, int | None]
"""Positions that stand for each other; None where one sequence has nothing."""
MOST_EDITS = 1500


def align(wanted: Sequence[str], found: Sequence[str], *, most: int = MOST_EDITS) -> list[Pair]:
    """The positions of both sequences side by side, with the fewest words changed, added, left out.

    Ukkonen's algorithm (Information and Control 1985;64:100-118): it takes time for the length and
    for the square of the number of differences. With more than `most` of these nothing is aligned.
    """
    furthest = _search(wanted, found, most)
    if furthest is None:
        return [(i, None) for i in range(len(wanted))] + [(None, j) for j in range(len(found))]
    return list(_trace(furthest, len(wanted), len(found)))[::-1]


def _search(wanted: Sequence[str], found: Sequence[str], most: int) -> list[dict[int, int]] | None:
    """For each number of edits and each diagonal (found - wanted), how far `wanted` is read."""
    rows: list[dict[int, int]] = []
    goal = len(found) - len(wanted)
    for edits in range(most + 1):
        row: dict[int, int] = {}
        for diagonal in range(-min(edits, len(wanted)), min(edits, len(found)) + 1):
            start = _start(rows[-1], diagonal) if rows else 0
            start = min(start, len(wanted), len(found) - diagonal)
            if start >= max(0, -diagonal):
                row[diagonal] = _slide(wanted, found, start, diagonal)
        rows.append(row)
        if row.get(goal, -1) == len(wanted):
            return rows
    return None


def _start(row: dict[int, int], diagonal: int) -> int:
    """How far one more edit gets: a word changed, left out, or added."""
    changed, left_out = row.get(diagonal, -2) + 1, row.get(diagonal + 1, -2) + 1
    return max(changed, left_out, row.get(diagonal - 1, -1))


def _slide(wanted: Sequence[str], found: Sequence[str], i: int, diagonal: int) -> int:
    end = min(len(wanted), len(found) - diagonal)
    while i < end and wanted[i] == found[i + diagonal]:
        i += 1
    return i


def _trace(rows: list[dict[int, int]], i: int, j: int) -> Iterator[Pair]:
    """The pairs from the end to the beginning."""
    for edits in range(len(rows) - 1, -1, -1):
        diagonal = j - i
        start = _start(rows[edits - 1], diagonal) if edits else 0
        while i > start:
            i, j = i - 1, j - 1
            yield i, j
        if not edits:
            break
        row = rows[edits - 1]
        if i and j and row.get(diagonal, -2) + 1 == i:
            i, j = i - 1, j - 1
            yield i, j
        elif row.get(diagonal + 1, -2) + 1 == i:
            i -= 1
            yield i, None
        else:
            j -= 1
            yield None, j
