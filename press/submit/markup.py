"""What was sent last and what is sent now in; a copy with the changes marked, or why not, out."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from press.compare.redline import redline
from press.compare.rendered import Rendered, render_version
from press.compare.versions import Version, read_version
from press.config import read_project
from press.journals.profiles import Profile
from press.submit.sent import OUTPUT, SENT, find
from press.submit.tags import REHEARSAL, Tag
from press.submit.tree import adapt, asks_for_lines, blind, is_review

AUTHOR = "Authors"
"""Who changed it, in Word: a name would tell a reviewer."""


@dataclass(frozen=True, kw_only=True)
class Sent(Version):
    """A version as it was prepared for a journal; its files are a copy of its commit."""

    profile: Profile
    is_rehearsal: bool
    is_blinded: bool

    @contextmanager
    def files(self) -> Iterator[Path]:
        """A folder of its own with the version's files as they were sent."""
        with super().files() as tree:
            lines = is_review(tree, self.profile)
            adapt(tree, is_review=lines, is_rehearsal=self.is_rehearsal)
            if self.is_blinded:
                hidden = tree.with_name(f"{tree.name}-blinded")
                blind(tree, hidden, read_project(tree))
                try:
                    yield hidden
                finally:
                    shutil.rmtree(hidden, ignore_errors=True)
            else:
                yield tree


@dataclass(frozen=True)
class MarkedUp:
    """Whether there is a marked-up copy, what is to be said of it, and the version of then."""

    is_made: bool
    notes: tuple[str, ...]
    old: Rendered | None = None


def mark_up(
    root: Path, tag: Tag, new: Path, target: Path, *, profile: Profile, is_blinded: bool,
    data: Path | None,
) -> MarkedUp:  # fmt: skip
    """Redline the manuscript `new` against what the tag names, as it was kept or renders anew."""
    name = f"{Path(read_project(root).documents[0]).stem}.docx"
    rendered = find(root, tag, name)
    if rendered is None:
        sent = _sent(root, tag, profile, is_blinded=is_blinded)
        rendered = render_version(sent, root, package=data)
    old = rendered.folder / name if rendered.folder else None
    if old is None or not old.is_file():
        said = f"does not render: {_one_line(rendered.error)}"
    elif hashlib.sha256(old.read_bytes()).hexdigest() != tag.checksum(new.name):
        said = f"renders to other bytes than {new.name} had then, with other data or libraries"
    else:
        said = ""
    if old is None or said:
        return MarkedUp(False, (f"no marked-up copy: {tag.name} {said}; {_remedy(tag)}",))
    made = redline(old, new, target, author=AUTHOR)
    if not made.passed:
        notes = tuple(f"no marked-up copy: {text}" for text in made.differences)
        return MarkedUp(False, notes, rendered)
    said = f"changes marked against {tag.name}: {made.counted}; {_undo(tag)}"
    return MarkedUp(True, (said, *made.untracked), rendered)


def _sent(root: Path, tag: Tag, profile: Profile, *, is_blinded: bool) -> Sent:
    found = read_version(root, tag.name)
    is_rehearsal = tag.kind == REHEARSAL
    marks = f"{asks_for_lines(profile)} {is_rehearsal} {is_blinded}"
    return Sent(
        label=tag.name, folder=root, commit=found.commit,
        key=hashlib.sha256(f"{found.key} {marks}".encode()).hexdigest(),
        profile=profile, is_rehearsal=is_rehearsal, is_blinded=is_blinded,
    )  # fmt: skip


def _remedy(tag: Tag) -> str:
    return f"take {OUTPUT}/{SENT}/{tag.name}, unchanged, from where it was built"


def _undo(tag: Tag) -> str:
    return f"if it was never uploaded, git tag -d {tag.name} and build again"


def _one_line(text: str) -> str:
    return " ".join(text.split())
