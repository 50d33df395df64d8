"""What a format must hold and what its file holds in; every numeral traced, or a fault, out.

A numeral is traced only when the alignment of the whole file with the executed document puts it
opposite the same numeral: that the same figure is right elsewhere proves nothing. Words and marks
are compared in the same way, since a sentence that was edited by hand is no longer the document's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from press.align import align
from press.errors import Fault
from press.expected import Expected, texts
from press.read_back import LINE_NUMBERS, Finished
from press.tokens import CELL, ROW, Block, Token, count_numerals, show

_WORDS_AROUND = 5
_SHOWN = 14
LIKE = 0.3
"""At least this share of words in common makes a block a changed form of another."""
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
Side = list[Token]


@dataclass
class Traced:
    """The numerals of one file: how many were traced, by source; and the faults."""

    place: str
    sources: Counter[str] = field(default_factory=Counter)
    untraced: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All numerals, traced or not, missing ones included."""
        return sum(self.sources.values()) + self.untraced

    def fault(self, text: str, numerals: int = 0) -> None:
        """Note a fault, which leaves so many numerals untraced."""
        self.untraced += numerals
        self.faults.append(Fault(self.place, text))


@dataclass
class Sequences:
    """Both sides as tokens; in the wanted one the headings by their place, and the `seams`.

    A template may have words of its own at a seam: around the parts of the title block, and behind
    the article.
    """

    wanted: Side
    found: Side
    headings: dict[int, str]
    seams: set[int]


def trace(expected: Expected, finished: Finished, place: str) -> Traced:
    """Trace every numeral of one file."""
    traced = Traced(place)
    is_jats = expected.format == "jats"
    body = _without_lost_alts(expected.body, finished, traced, is_jats=is_jats)
    front, around, text = fit(expected.front, body, finished.text)
    sides = _sequences(front, body, expected.notes, text + finished.notes)
    pairs = align([t.text for t in sides.wanted], [t.text for t in sides.found])
    if all(None in pair for pair in pairs):
        numerals = max(count_numerals(sides.wanted), count_numerals(sides.found))
        traced.fault("is not this document, or that of an earlier state; render it again", numerals)
        return traced
    position = 0
    for is_same, run in groupby(pairs, lambda pair: _is_same(pair, sides)):
        group = list(run)
        if is_same:
            for i, j in group:
                _match(sides.wanted[i], sides.found[j], traced)  # type: ignore[index]
            position = group[-1][0] + 1  # type: ignore[operator]
            continue
        _judge(group, sides, expected, traced, position)
    for block in around + finished.furniture:
        _explain(block.tokens, block.name or "around the article", expected, traced)
    _check_orcids(texts(around), expected, traced)
    return traced


def _is_same(pair: tuple[int | None, int | None], sides: Sequences) -> bool:
    i, j = pair
    return i is not None and j is not None and sides.wanted[i].text == sides.found[j].text


def _match(wanted: Token, found: Token, traced: Traced) -> None:
    """Two equal tokens opposite each other; a key beside the number is to be the same as well."""
    if not wanted.is_numeral:
        return
    traced.sources[wanted.source.split(" ")[0] or "text"] += 1
    both = wanted.source.startswith("receipt ") and found.source.startswith("receipt ")
    if both and wanted.source != found.source:
        names = f"{found.source!r} instead of {wanted.source!r}"
        traced.fault(f'"{wanted.text}" refers to {names}')


def _without_lost_alts(
    blocks: list[Block], finished: Finished, traced: Traced, *, is_jats: bool
) -> list[Block]:
    """Without alternative texts where the file has none at all, which is one fault, not many."""
    count = sum(block.kind == "alt" for block in blocks)
    if not count or finished.images_without_alt < count:
        return blocks
    if not is_jats:  # where Quarto writes none unless a filter asks for it
        traced.fault("no figure has an alternative text")
    return [block for block in blocks if block.kind != "alt"]


def fit(
    front: list[list[Block]], body: list[Block], found: list[Block]
) -> tuple[list[list[Block]], list[Block], list[Block]]:
    """The title block's parts in the order in which the file has them.

    Beside them, the file's blocks that are around the article, and those that are to be aligned
    with these parts and the body. A template may order and repeat parts as it likes.
    """
    words = [_words(block) for block in found]
    start = _locate(body[:3], words, set())[1] if body else len(found)
    places: list[tuple[int, list[Block]]] = []
    taken: set[int] = set()
    for part in sorted(front, key=len, reverse=True):
        likeness, place = _locate(part, words[:start], taken)
        taken |= set(range(place, min(start, place + len(part)))) if likeness > LIKE else set()
        places.append((place if likeness > LIKE else start, part))
    ordered = [part for _, part in sorted(places, key=lambda item: item[0])]
    around = [block for place, block in enumerate(found[:start]) if place not in taken]
    return ordered, around, [found[place] for place in sorted(taken)] + found[start:]


def _words(block: Block) -> Counter[str]:
    return Counter(token.text for token in block.tokens)


def _locate(part: list[Block], found: list[Counter[str]], taken: set[int]) -> tuple[float, int]:
    """How alike, and where, the words of blocks are that a part of the document resembles most."""
    wanted = [_words(block) for block in part]
    best, place = 0.0, 0
    for start in range(len(found)):
        likeness = sum(map(_likeness, wanted, found[start : start + len(part)])) / len(part)
        if start not in taken and likeness > best:
            best, place = likeness, start
    return best, place


def _likeness(wanted: Counter[str], found: Counter[str]) -> float:
    common = sum(min(wanted[word], found[word]) for word in wanted.keys() & found.keys())
    return common / max(wanted.total(), found.total())


def _sequences(
    front: list[list[Block]], body: list[Block], notes: list[Block], found: list[Block]
) -> Sequences:
    blocks, seams = [block for part in front for block in part] + body + notes, {0}
    for part in front:
        seams.add(max(seams) + len(texts(part)))
    headings, position = {}, 0
    for block in blocks:
        if block.kind == "heading":
            headings[position] = show(block.tokens)
        position += len(block.tokens)
    return Sequences(texts(blocks), texts(found), headings, seams | {position})


def _judge(
    group: list[tuple[int | None, int | None]],
    sides: Sequences,
    expected: Expected,
    traced: Traced,
    position: int,
) -> None:
    """A stretch in which the two sides differ."""
    wanted = [sides.wanted[i] for i, _ in group if i is not None]
    places = [j for _, j in group if j is not None]
    found = [sides.found[j] for j in places]
    if not wanted and position in sides.seams:
        _explain(tuple(found), "around the article", expected, traced)
        return
    around = sides.wanted[:position], sides.wanted[position + len(wanted) :]
    if found:
        around = sides.found[: places[0]], sides.found[places[-1] + 1 :]
    _say(wanted, found, around, _section(sides, position), traced)


def _section(sides: Sequences, position: int) -> str:
    above = [place for place in sides.headings if place <= position]
    return f"under {sides.headings[max(above)]!r}, " if above else ""


def _say(
    wanted: Side, found: Side, around: tuple[Side, Side], section: str, traced: Traced
) -> None:
    """The fault of a stretch: what stands there, between which words, and what should."""
    before, behind = show(around[0][-_WORDS_AROUND:]), show(around[1][:_WORDS_AROUND])
    context = f"{section}between “{before}” and “{behind}”"
    numerals = max(count_numerals(wanted), count_numerals(found))
    source = next((f" ({t.source})" for t in wanted if t.is_numeral and t.source), "")
    if wanted and found:
        text = f"“{_short(found)}” instead of “{_short(wanted)}”{source}"
    elif found:
        text = f"“{_short(found)}” is not in the executed document"
    else:
        text = f"“{_short(wanted)}”{source} is missing"
    traced.fault(f"{context}: {text}", numerals)


def _short(tokens: Side) -> str:
    if len(tokens) > _SHOWN:
        return f"{show(tokens[: _SHOWN // 2])} … {show(tokens[-_SHOWN // 2 :])}"
    text = show(tokens)
    return text or ("a cell" if tokens[-1].text in (CELL, ROW) else "")


def _explain(tokens: tuple[Token, ...], where: str, expected: Expected, traced: Traced) -> None:
    """Text around the article: a numeral in it has to be part of a text that is known whole.

    On a page its own number may stand, and behind it the number of pages; beside its lines theirs.
    """
    if where == LINE_NUMBERS:
        traced.sources["line"] += count_numerals(list(tokens))
        return
    page = re.fullmatch(r"page (\d+) of (\d+)", where)
    numbers = list(page.groups()) if page else []
    for token, is_known in _cover(tokens, expected.known):
        if not token.is_numeral:
            continue
        if numbers[:1] == [token.text] and not is_known:
            numbers.pop(0)
            traced.sources["page"] += 1
        elif is_known:
            traced.sources["furniture"] += 1
        else:
            text = f'{where}: "{token.text}" in "{_short(list(tokens))}" is not in the '
            traced.fault(f"{text}executed document", 1)


def _cover(tokens: tuple[Token, ...], known: list[tuple[str, ...]]) -> Iterator[tuple[Token, bool]]:
    """Each token and whether it belongs to a known text, the longest first."""
    position = 0
    said = tuple(token.text for token in tokens)
    while position < len(tokens):
        fits = (len(k) for k in known if said[position : position + len(k)] == k)
        length = next(fits, 0)
        for token in tokens[position : position + max(1, length)]:
            yield token, length > 0
        position += max(1, length)


def _check_orcids(found: Side, expected: Expected, traced: Traced) -> None:
    """Identifiers of authors stand in the authors' order."""
    names = dict.fromkeys(words[0] for words in expected.identifiers)
    wanted = [name for name in names if _ORCID.fullmatch(name)]
    seen = [token.text for token in found if _ORCID.fullmatch(token.text)]
    first = list(dict.fromkeys(seen))
    if first != [name for name in wanted if name in first] and set(first) <= set(wanted):
        traced.fault(f"the ORCIDs {', '.join(first)} are not in the order of the authors")
