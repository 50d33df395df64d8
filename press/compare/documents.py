"""The rendered files of two versions in; their words compared and their redlines written, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from press.compare.redline import NONE, Redline, redline
from press.compare.rendered import Rendered
from press.compare.words import CHANGED, DELETED, INSERTED, MOVED, UNCHANGED, Words, compare_words
from press.errors import PressError

STATES = (CHANGED, INSERTED, DELETED, MOVED)
AUTHOR = "press compare"


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
    def is_changed(self) -> bool:
        """Whether any word, cell or reference differs, or the document is new or gone."""
        return (
            self.words is None
            or any(block.state != UNCHANGED for block in self.words.blocks)
            or bool(self.words.renumbered)
        )

    @property
    def said(self) -> str:
        """What changed, by kinds of blocks, in words."""
        if self.words is None:
            return "new document" if self.is_new else "the document is gone"
        said = [
            f"{kind}: {', '.join(f'{count} {state}' for state, count in states.items())}"
            for kind, states in self.counts.items()
        ]
        return "; ".join((*said, *self.words.renumbered)) or "no change"

    @property
    def is_new(self) -> bool:
        """Whether the old version has no such document."""
        return all(path.stem != self.name for path in self.old.files("html"))

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many blocks of each kind are changed, inserted, deleted, moved."""
        blocks = self.words.blocks if self.words else ()
        found = Counter((block.kind, block.state) for block in blocks)
        kinds = dict.fromkeys(block.kind for block in blocks if block.state != UNCHANGED)
        return {
            kind: {state: found[kind, state] for state in STATES if found[kind, state]}
            for kind in kinds
        }


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
    """Write `<document>-redline.docx` for each document that changed, if it passes its gate."""
    for path in folder.glob("*-redline.docx"):
        path.unlink()
    return tuple(_with_redline(of, folder) if of.is_changed else of for of in changes)


def _with_redline(change: DocumentChange, folder: Path) -> DocumentChange:
    old, new = (
        next((path for path in of.files("docx") if path.stem == change.name), None)
        for of in (change.old, change.new)
    )
    if old is None or new is None:
        return change
    target = folder / f"{change.name}-redline.docx"
    try:
        done = redline(old, new, target, author=AUTHOR)
    except PressError as error:  # a file that is no Word file
        done = Redline(False, NONE, (str(error),), 0, 0)
    return replace(change, redline=done, target=target)
