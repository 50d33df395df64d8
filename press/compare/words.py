"""Two rendered articles in, what happened to each paragraph, caption, table and reference out.

Blocks are matched by what they share, words by the longest common stretches (difflib). Tried and
left: lxml.html.diff breaks tables and knows no moves, diff-match-patch cuts numbers in two,
redlines reads plain text alone.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from press.compare import likeness
from press.compare.page import Part, Token, read_parts
from press.compare.renumbered import renumbered

UNCHANGED, INSERTED, DELETED, CHANGED, MOVED, MOVED_AND_CHANGED = (
    "unchanged", "inserted", "deleted", "changed", "moved", "moved and changed"
)  # fmt: skip
_MOVED_ALIKE = 0.8
_LEAST_WORDS = 5
"""A shorter block that is deleted here and inserted there is not said to have moved."""


@dataclass(frozen=True)
class Piece:
    """A stretch of words; `kind` is "" for what both have, "ins" or "del"."""

    kind: str
    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        """How it reads."""
        return _text(self.tokens)


@dataclass(frozen=True)
class Cell:
    """A cell of a table in both versions, or in one."""

    state: str
    pieces: tuple[Piece, ...]
    is_header: bool = False


@dataclass(frozen=True)
class Block:
    """A block of either version; `came_from` are the headings that a moved one stood under.

    `levels` are the old and the new one of a heading that is now on another.
    """

    kind: str
    path: tuple[str, ...]
    state: str
    pieces: tuple[Piece, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    came_from: tuple[str, ...] = ()
    number: str = ""
    levels: tuple[int, int] | None = None


@dataclass(frozen=True)
class Words:
    """The blocks in the order of the new article.

    `renumbered` says which numbers moved, and whether citations are printed otherwise.
    """

    blocks: tuple[Block, ...]
    renumbered: tuple[str, ...]

    def count(self, state: str) -> int:
        """How many blocks have a state."""
        return sum(block.state == state for block in self.blocks)


def compare_words(old: Path, new: Path) -> Words:
    """What is new, gone, changed and moved between two rendered articles."""
    ours, theirs = read_parts(old), read_parts(new)
    pairs = _with_headings(ours, theirs, _pairs(ours, theirs))
    moved = _find_moves(ours, theirs, pairs)
    blocks = []
    for i, j in pairs:
        if j is not None:
            blocks.append(_block(ours, theirs, moved.get(j, i), j, is_moved=j in moved))
        elif i not in moved.values():
            blocks.append(_block(ours, theirs, i, None))
    return Words(tuple(blocks), tuple(renumbered(ours, theirs)))


def _pairs(old: list[Part], new: list[Part]) -> list[likeness.Pair]:
    counts_old, counts_new = [_count(part) for part in old], [_count(part) for part in new]

    def alike(i: int, j: int) -> float:
        if old[i].kind != new[j].kind:
            return 0.0
        if old[i].id and new[j].id:
            return float(old[i].id == new[j].id)
        return likeness.likeness(counts_old[i], counts_new[j])

    return likeness.pair([_key(part) for part in old], [_key(part) for part in new], alike)


def _with_headings(
    old: list[Part], new: list[Part], pairs: list[likeness.Pair]
) -> list[likeness.Pair]:
    """The pairs with each heading whose place another one took, between the same neighbours."""
    stands = {i: j for i, j in pairs if i is not None and j is not None}
    stands |= {-1: -1, len(old): len(new)}
    taken = {
        i: j
        for i, part in enumerate(old)
        if part.kind == "heading" and i not in stands
        and (j := stands.get(i - 1, len(new)) + 1) < len(new)
        and stands.get(i + 1) == j + 1 and new[j].kind == "heading"
    }  # fmt: skip
    come = set(taken.values())
    return [(i, taken.get(i, j) if i is not None else j) for i, j in pairs
            if i is not None or j not in come]  # fmt: skip


def _key(part: Part) -> Hashable:
    keys = tuple(token.key for token in part.tokens)
    return part.kind, part.id, keys, tuple(tuple(map(_text, row)) for row in part.rows)


def _count(part: Part) -> Counter[Hashable]:
    cells = [cell for row in part.rows for cell in row]
    tokens = [token for cell in (part.tokens, *cells) for token in cell]
    return Counter(token.key for token in tokens if any(map(str.isalnum, token.text)))


def _text(tokens: Iterable[Token]) -> str:
    return "".join(token.text for token in tokens)


def _find_moves(old: list[Part], new: list[Part], pairs: list[likeness.Pair]) -> dict[int, int]:
    """Of what is gone here and new there, which is the same: by its name, or nearly by its words.

    Gives the old position of each new one.
    """
    gone = {i: _count(old[i]) for i, j in pairs if j is None and i is not None}
    found: dict[int, int] = {}
    for j in [j for i, j in pairs if i is None and j is not None]:
        counted = _count(new[j])
        worth = {
            i: _worth(old[i], new[j], words, counted)
            for i, words in gone.items()
            if i not in found.values()
        }
        best = max(worth, key=lambda i: worth[i], default=None)
        if best is not None and worth[best] >= _MOVED_ALIKE:
            found[j] = best
    return found


def _worth(old: Part, new: Part, ours: Counter[Hashable], theirs: Counter[Hashable]) -> float:
    if old.kind != new.kind:
        return 0.0
    if old.id or new.id:
        return float(old.id == new.id)
    return likeness.likeness(ours, theirs) if theirs.total() >= _LEAST_WORDS else 0.0


def _block(
    old: list[Part], new: list[Part], i: int | None, j: int | None, *, is_moved: bool = False
) -> Block:
    if i is None or j is None:
        kind, state = ("ins", INSERTED) if i is None else ("del", DELETED)
        part = new[j or 0] if i is None else old[i]
        rows = tuple(tuple(Cell(state, _whole(cell, kind), n < part.headers) for cell in row)
                     for n, row in enumerate(part.rows))  # fmt: skip
        pieces = _whole(part.tokens, kind)
        return Block(part.kind, part.path, state, pieces, rows, number=part.number)
    ours, theirs = old[i], new[j]
    pieces, rows = _merge(ours.tokens, theirs.tokens), _merge_table(ours, theirs)
    is_changed = any(piece.kind for piece in pieces) or any(
        cell.state != UNCHANGED for row in rows for cell in row
    )
    levels = (ours.level, theirs.level) if ours.level != theirs.level else None
    is_changed = is_changed or levels is not None
    block = Block(theirs.kind, theirs.path, CHANGED if is_changed else UNCHANGED, pieces, rows,
                  number=theirs.number, levels=levels)  # fmt: skip
    if is_moved and theirs.kind != "reference":  # of references only the number moves
        state = MOVED_AND_CHANGED if is_changed else MOVED
        return dataclasses.replace(block, state=state, came_from=ours.path)
    return block


def _whole(tokens: Sequence[Token], kind: str) -> tuple[Piece, ...]:
    return (Piece(kind, tuple(tokens)),) if tokens else ()


def _merge(old: Sequence[Token], new: Sequence[Token]) -> tuple[Piece, ...]:
    """The words of both, what is deleted before what stands in its place."""
    found: list[Piece] = []
    keys = [token.key for token in old], [token.key for token in new]
    for tag, i, end, j, stop in likeness.opcodes(*keys):
        if tag == "equal":
            found.append(Piece("", tuple(new[j:stop])))
        else:
            found += [Piece("del", tuple(old[i:end])), Piece("ins", tuple(new[j:stop]))]
    found = [piece for piece in found if piece.text]
    return tuple(
        Piece(kind, tuple(token for piece in run for token in piece.tokens))
        for kind, run in groupby(found, key=lambda piece: piece.kind)
    )


def _merge_table(old: Part, new: Part) -> tuple[tuple[Cell, ...], ...]:
    """The rows of both by their first cells, the columns by their heads."""
    columns = _columns(old, new)
    words_old = [_count(dataclasses.replace(old, rows=(row,))) for row in old.rows]
    words_new = [_count(dataclasses.replace(new, rows=(row,))) for row in new.rows]

    def alike(i: int, j: int) -> float:
        if (i < old.headers) != (j < new.headers):
            return 0.0
        labels = [_text(row[0]) if row else "" for row in (old.rows[i], new.rows[j])]
        share = likeness.likeness(words_old[i], words_new[j])
        return 1 + share if labels[0] and labels[0] == labels[1] else share * (not labels[0])

    texts = [[tuple(map(_text, row)) for row in part.rows] for part in (old, new)]
    pairs = likeness.pair(texts[0], texts[1], alike)
    return tuple(tuple(_cells(old, new, i, j, columns)) for i, j in pairs)


def _columns(old: Part, new: Part) -> list[likeness.Pair]:
    """Which column stands for which: by the heads' words, else by place."""
    heads = [part.rows[0] if part.rows else () for part in (old, new)]
    counts = [[Counter(token.key for token in cell) for cell in head] for head in heads]

    def alike(i: int, j: int) -> float:
        return likeness.likeness(counts[0][i], counts[1][j])  # type: ignore[arg-type]

    return likeness.pair(list(map(_text, heads[0])), list(map(_text, heads[1])), alike, 0.3)


def _cells(
    old: Part, new: Part, i: int | None, j: int | None, columns: list[likeness.Pair]
) -> Iterator[Cell]:
    """The cells of a row of both versions, or of one; rows with joined cells by place."""
    ours = () if i is None else old.rows[i]
    theirs = () if j is None else new.rows[j]
    is_header = j < new.headers if j is not None else (i or 0) < old.headers
    is_joined = (i is not None and len(ours) != len(old.rows[0])) or (
        j is not None and len(theirs) != len(new.rows[0])
    )
    if is_joined:
        columns = [(n, n) for n in range(max(len(ours), len(theirs)))]
    for a, b in columns:
        before = ours[a] if a is not None and a < len(ours) else None
        after = theirs[b] if b is not None and b < len(theirs) else None
        yield _cell(before, after, is_header=is_header, is_new=i is None)


def _cell(
    before: tuple[Token, ...] | None,
    after: tuple[Token, ...] | None,
    *,
    is_header: bool,
    is_new: bool,
) -> Cell:
    if before is None and after is None:
        return Cell(INSERTED if is_new else DELETED, (), is_header)
    if before is None:
        return Cell(INSERTED, _whole(after or (), "ins"), is_header)
    if after is None:
        return Cell(DELETED, _whole(before, "del"), is_header)
    pieces = _merge(before, after)
    state = CHANGED if any(piece.kind for piece in pieces) else UNCHANGED
    return Cell(state, pieces, is_header)
