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
_LABELLED = ("table", "alt")
"""Kinds whose number is said above them; a caption and a reference begin with theirs."""


def to_html(words: Words) -> str:
    """The redline: what changed in full, stretches of unchanged blocks folded away."""
    lines = ['<div class="redline">']
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
    return "\n".join([*lines, "</div>"]) + "\n"


def _where(path: Sequence[str]) -> str:
    return escape(" \u203a ".join(path))


def _block(block: Block) -> Iterator[str]:
    state = block.state
    yield f'<div class="block {block.kind} {state}">'
    if state != UNCHANGED:
        yield f'<p class="state">{_named(block)} {state}{_came(block)}{_level(block)}</p>'
    number = f"{escape(block.number)}. " if block.number and block.kind not in _LABELLED else ""
    if block.rows:
        yield f'<div class="table-region" tabindex="0" role="group" aria-label="{_named(block)}">'
        yield "<table>"
        for row in block.rows:
            yield f"<tr>{''.join(map(_cell, row))}</tr>"
        yield "</table></div>"
    else:
        yield f"<p>{number}{_pieces(block.pieces)}</p>"
    yield "</div>"


def _named(block: Block) -> str:
    """The kind of a block, with the label of the table or figure that it belongs to."""
    kind = KINDS[block.kind][0].capitalize()
    if not block.number or block.kind not in _LABELLED:
        return kind
    return escape(block.number if block.kind == "table" else f"{kind} of {block.number}")


def _came(block: Block) -> str:
    if not block.came_from:
        return ""
    if block.came_from == block.path:
        return f" within {_where(block.path)}"
    return f" here from {_where(block.came_from)}"


def _level(block: Block) -> str:
    return ": level {} \u2192 {}".format(*block.levels) if block.levels else ""


def _cell(cell: Cell) -> str:
    tag = 'th scope="col"' if cell.is_header else "td"
    state = "" if cell.state == UNCHANGED else f' class="{cell.state}"'
    empty = ""
    if cell.state in (INSERTED, DELETED) and not cell.pieces:
        empty = f'<span class="visually-hidden">{cell.state} empty cell</span>'
    return f"<{tag}{state}>{empty}{_pieces(cell.pieces)}</{tag[:2]}>"


def _pieces(pieces: Sequence[Piece]) -> str:
    """The words, with a blank between what is deleted and what stands in its place."""
    return "".join(map(_piece, pieces)).replace("</del><ins>", "</del> <ins>")


def _piece(piece: Piece) -> str:
    if not piece.kind:
        return _words(piece)
    said = f'<span class="visually-hidden">[{_SAID[piece.kind]}: </span>'
    end = '<span class="visually-hidden">]</span>'
    return f"<{piece.kind}>{said}{_words(piece)}{end}</{piece.kind}>"


def _words(piece: Piece) -> str:
    """The words, raised and lowered as they are; of changed ones the address that they lead to."""
    written = []
    for inside, run in groupby(piece.tokens, key=lambda token: token.inside):
        plain = "".join(token.text for token in run)
        text = escape(plain)
        for name in reversed(inside):
            if name in ("sup", "sub"):
                text = f"<{name}>{text}</{name}>"
            elif piece.kind and name != plain:
                text += f" ({escape(name)})"
        written.append(text)
    return "".join(written)
