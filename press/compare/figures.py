"""The figures of two renders in; those that changed, and the numbers in their words, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from press.align import align
from press.compare.receipts import Changed
from press.compare.shown import Figure, Page, Shown
from press.tokens import tokenise

LABEL = "label"
Figures = Mapping[tuple[str, str, int], Figure]
"""Drawings by document, id of the figure, and which of its drawings it is."""


@dataclass(frozen=True)
class FigureChange:
    """A figure that is new (`old` is None), gone (`new` is None) or changed in some `parts`."""

    old: Figure | None
    new: Figure | None
    parts: tuple[str, ...] = ()

    @property
    def figure(self) -> Figure:
        """The figure as it is now, or was before it went."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a change of no figure")
        return found


def drawings(pages: Iterable[Page]) -> Figures:
    """The drawings of all pages; a figure may have several, and a table one in a cell."""
    found: dict[tuple[str, str, int], Figure] = {}
    for figure in (figure for page in pages for figure in page.figures):
        count = sum(key[:2] == (figure.document, figure.target) for key in found)
        found[figure.document, figure.target, count] = figure
    return found


def compare_figures(old: Figures, new: Figures) -> tuple[FigureChange, ...]:
    """The figures that differ: those of the new version in its order, then those that are gone.

    Of pictures without a label those that both versions have are left out, and the rest compared by
    their order, for they have no name.
    """
    old, new = _apart(old, new), _apart(new, old)
    changes = []
    for key, figure in new.items():
        before = old.get(key)
        parts = _parts(before, figure) if before else ()
        if before is None or parts:
            changes.append(FigureChange(before, figure, parts))
    changes += [FigureChange(figure, None) for key, figure in old.items() if key not in new]
    return tuple(changes)


def _apart(these: Figures, those: Figures) -> Figures:
    """The drawings without the unlabelled ones that the other version has as well."""
    found = {key: of for key, of in these.items() if key[1]}
    both = Counter(_content(of) for key, of in those.items() if not key[1])
    for (document, target, _), figure in these.items():
        if target:
            continue
        if both[_content(figure)]:
            both[_content(figure)] -= 1
            continue
        count = sum(key[:2] == (document, target) for key in found)
        found[document, target, count] = figure
    return found


def _content(figure: Figure) -> tuple[str, str, bytes]:
    return figure.document, figure.alt, figure.image


def _parts(old: Figure, new: Figure) -> tuple[str, ...]:
    compared = (
        ("drawing", old.image, new.image),
        (LABEL, old.label, new.label),
        ("caption", old.caption.removeprefix(old.label), new.caption.removeprefix(new.label)),
        ("alternative text", old.alt, new.alt),
    )
    return tuple(name for name, before, after in compared if before != after)


def in_alternative_texts(
    changes: Iterable[FigureChange], moved: Iterable[Changed]
) -> dict[str, tuple[Shown, ...]]:
    """Where alternative texts say the moved numbers.

    They are plain text without ids. A number is taken to be said where the old text has the old
    number opposite the new one in the new text; of several that moved alike, one is, and which
    cannot be told.
    """
    by_texts: dict[tuple[str, str], list[str]] = {}
    for change in moved:
        pair = _numeral(change.old.text), _numeral(change.new.text)
        if pair[0] and pair[1] and pair[0] != pair[1]:
            by_texts.setdefault(pair, []).append(change.id)
    found: dict[str, tuple[Shown, ...]] = {}
    for figure in changes:
        place = _shown(figure.figure)
        for ids in sorted(by_texts[pair] for pair in _replaced(figure) & by_texts.keys()):
            shown = replace(place, one_of=tuple(ids) if len(ids) > 1 else ())
            found |= {id: (*found.get(id, ()), shown) for id in ids}
    return found


def _shown(of: Figure) -> Shown:
    kind = "alternative text"
    return Shown(of.document, of.line, of.section, kind, of.label, of.target, kind, of.alt)


def _numeral(text: str) -> str:
    """The numeral of a text that has one and no more."""
    numerals = [token.text for token in tokenise([(text, "")]) if token.is_numeral]
    return numerals[0] if len(numerals) == 1 else ""


def _replaced(change: FigureChange) -> set[tuple[str, str]]:
    """The pairs of words that stand for each other in the two alternative texts and differ."""
    if change.old is None or change.new is None:
        return set()
    old, new = ([t.text for t in tokenise([(f.alt, "")])] for f in (change.old, change.new))
    pairs = align(old, new)
    return {(old[i], new[j]) for i, j in pairs if i is not None and j is not None} - {
        (word, word) for word in old
    }
