"""The rendered files of two versions in; their words compared and their redlines written, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from press.compare.page import KINDS
from press.compare.redline import NONE, Redline, redline
from press.compare.rendered import Rendered
from press.compare.words import (
    CHANGED,
    DELETED,
    INSERTED,
    MOVED,
    MOVED_AND_CHANGED,
    UNCHANGED,
    Words,
    compare_words,
)
from press.errors import PressError

STATES = (CHANGED, INSERTED, DELETED, MOVED, MOVED_AND_CHANGED)
AUTHOR = "press compare"
WORDLESS = "no word changed, only formatting, pictures or running heads"


@dataclass(frozen=True)
class DocumentChange:
    """What became of one document: `words` is None where only one version has it.

    `redline` is None until it was asked for; `target` is then the file that holds it.
    """

    name: str
    old: Rendered
    new: Rendered
    words: Words | None
    redline: Redline | None = None
    target: Path | None = None

    @property
    def is_reworded(self) -> bool:
        """Whether any word, cell or reference differs, or the document is new or gone."""
        return (
            self.words is None
            or any(block.state != UNCHANGED for block in self.words.blocks)
            or bool(self.words.renumbered)
        )

    @property
    def is_changed(self) -> bool:
        """Whether the words differ or, as far as a redline was asked for, anything in Word."""
        return self.is_reworded or (self.redline is not None and self.redline.is_changed)

    @property
    def said(self) -> str:
        """What changed, by kinds of blocks, in words."""
        if self.words is None:
            return "new document" if self.is_new else "the document is gone"
        said = [
            ", ".join(f"{count} {what}" for count, what in _counted(kind, states))
            for kind, states in self.counts.items()
        ]
        renumbered = [text.partition(":")[0].lower().rstrip(".") for text in self.words.renumbered]
        return "; ".join((*said, *renumbered)) or (WORDLESS if self.is_changed else "no change")

    @property
    def is_new(self) -> bool:
        """Whether the old version has no such document."""
        return all(path.stem != self.name for path in self.old.files("html"))

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many blocks of each kind are changed, inserted, deleted, moved or both."""
        blocks = self.words.blocks if self.words else ()
        found = Counter((block.kind, block.state) for block in blocks)
        kinds = dict.fromkeys(block.kind for block in blocks if block.state != UNCHANGED)
        return {
            kind: {state: found[kind, state] for state in STATES if found[kind, state]}
            for kind in kinds
        }


def _counted(kind: str, states: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    """What happened to so many of a kind, which is named once."""
    one, many = KINDS[kind]
    for n, (state, count) in enumerate(states.items()):
        name = "" if n else f"{one if count == 1 else many} "
        yield count, f"{name}{state}"


def compare_documents(old: Rendered, new: Rendered) -> tuple[DocumentChange, ...]:
    """The words of every document, in the order of their names; nothing where a render failed."""
    if not (old.folder and new.folder):
        return ()
    ours, theirs = ({path.stem: path for path in of.files("html")} for of in (old, new))
    return tuple(
        DocumentChange(
            name,
            old,
            new,
            compare_words(ours[name], theirs[name]) if name in ours and name in theirs else None,
        )
        for name in sorted(ours.keys() | theirs.keys())
    )


def write_redlines(changes: Iterable[DocumentChange], folder: Path) -> tuple[DocumentChange, ...]:
    """Write `<document>-redline.docx` for each Word file that changed, if it passes its gate."""
    return tuple(_with_redline(of, folder) for of in changes)


def _with_redline(change: DocumentChange, folder: Path) -> DocumentChange:
    old, new = (
        next((path for path in of.files("docx") if path.stem == change.name), None)
        for of in (change.old, change.new)
    )
    if change.words is None or (not change.is_reworded and _content(old) == _content(new)):
        return change
    target = folder / f"{change.name}-redline.docx"
    if old is None or new is None:
        fault = "it takes a Word file of both versions, and one has none"
        return replace(change, redline=Redline(False, NONE, (fault,), 0, 0), target=target)
    try:
        done = redline(old, new, target, author=AUTHOR)
    except PressError as error:  # a file that is no Word file
        done = Redline(False, NONE, (str(error),), 0, 0)
    return replace(change, redline=done, target=target)


def _content(path: Path | None) -> bytes | None:
    return None if path is None else path.read_bytes()
