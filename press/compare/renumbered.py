"""The parts of two articles in; sentences on what only has another number or form now, out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from press.compare.page import CITE, Part
from press.compare.phrases import counted

_NUMBERS = re.compile(r"\d+(?:\s*[,;\u2013-]\s*\d+)*")


def renumbered(old: list[Part], new: list[Part]) -> Iterator[str]:
    """Which references, tables and figures have another number, and citations another form."""
    for kind, what in (("reference", "References"), ("caption", "Tables and figures")):
        before = {part.id: part.number for part in old if part.kind == kind and part.number}
        after = {part.id: part.number for part in new if part.kind == kind and part.number}
        moved = [f"{before[id]} is now {number}" for id, number in after.items()
                 if before.get(id, number) != number]  # fmt: skip
        if moved:
            yield f"{what} renumbered: {'; '.join(moved)}."
    if places := _printed_otherwise(old, new):
        yield f"Citations are printed otherwise ({counted(places, 'place')})."


def _printed_otherwise(old: list[Part], new: list[Part]) -> int:
    """How many citations of the same works are in another form, be their numbers what they are."""
    ours, theirs = _citations(old), _citations(new)
    gone, come = ours - theirs, theirs - ours
    works = Counter(key for key, _ in gone.elements())
    return (works & Counter(key for key, _ in come.elements())).total()


def _citations(parts: list[Part]) -> Counter[tuple[str, str]]:
    """How often each citation is printed in which form; a series of numbers is one."""
    rows = (row for part in parts for row in ((part.tokens,), *part.rows))
    tokens = (token for row in rows for cell in row for token in cell)
    return Counter((token.key, _NUMBERS.sub("1", token.text))
                   for token in tokens if token.key.startswith(CITE))  # fmt: skip
