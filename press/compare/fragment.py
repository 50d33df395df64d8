"""A comparison of two articles' words in, its piece of a page out: semantic HTML without a style.

`ins` and `del` say what they are to the eye; for a screen reader, words of the class
`visually-hidden` say it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from press.compare.page import KINDS
from press.compare.words import DELETED, INSERTED, UNCHANGED, Block, Cell, Piece, Words

_SAID = {"ins": "inserted", "del": "deleted"}


def to_html(words: Words) -> str:
    """The redline: what changed in full, stretches of unchanged blocks folded away."""
    lines = ['<section class="redline" aria-label="Words that changed">']
    lines += [f'<p class="renumbered">{escape(text)}</p>' for text in words.renumbered]
    path: tuple[str, ...] = ()
    for is_unchanged, run in groupby(words.blocks, key=lambda block: block.state == UNCHANGED):
        blocks = list(run)
        if is_unchanged:
            what = "block" if len(blocks) == 1 else "blocks"
            lines.append(f"<details><summary>{len(blocks)} unchanged {what}</summary>")
        for block in blocks:
            if block.path != path:
                path = block.path
                lines += [f'<p class="where">{_where(path)}</p>'] if path else []
            lines += _block(block)
        if is_unchanged:
            lines.append("</details>")
    return "\n".join([*lines, "</section>"]) + "\n"


def _where(path: Sequence[str]) -> str:
    return escape(" \u203a ".join(path))


def _block(block: Block) -> Iterator[str]:
    state = block.state
    yield f'<div class="block {block.kind} {state}">'
    if state != UNCHANGED:
        came = f", from {_where(block.came_from)}" if block.came_from else ""
        yield f'<p class="state">{KINDS[block.kind].capitalize()} {state}{came}</p>'
    number = f"{escape(block.number)}. " if block.number else ""
    if block.rows:
        yield '<div class="table-region" tabindex="0" role="group" aria-label="Table"><table>'
        for row in block.rows:
            yield f"<tr>{''.join(map(_cell, row))}</tr>"
        yield "</table></div>"
    else:
        yield f"<p>{number}{_pieces(block.pieces)}</p>"
    yield "</div>"


def _cell(cell: Cell) -> str:
    tag = 'th scope="col"' if cell.is_header else "td"
    state = "" if cell.state == UNCHANGED else f' class="{cell.state}"'
    empty = ""
    if cell.state in (INSERTED, DELETED) and not cell.pieces:
        empty = f'<span class="visually-hidden">{cell.state} empty cell</span>'
    return f"<{tag}{state}>{empty}{_pieces(cell.pieces)}</{tag[:2]}>"


def _pieces(pieces: Sequence[Piece]) -> str:
    return "".join(map(_piece, pieces))


def _piece(piece: Piece) -> str:
    text = escape(piece.text)
    if not piece.kind:
        return text
    said = f'<span class="visually-hidden">[{_SAID[piece.kind]}: </span>'
    end = '<span class="visually-hidden">]</span>'
    return f"<{piece.kind}>{said}{text}{end}</{piece.kind}>"
