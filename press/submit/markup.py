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
from press.profiles import Profile
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
    """Redline the manuscript `new` against what the tag names, if that renders as it was sent."""
    found = read_version(root, tag.name)
    is_rehearsal = tag.kind == REHEARSAL
    marks = f"{asks_for_lines(profile)} {is_rehearsal} {is_blinded}"
    key = hashlib.sha256(f"{found.key} {marks}".encode()).hexdigest()
    sent = Sent(
        label=tag.name, folder=root, commit=found.commit, key=key,
        profile=profile, is_rehearsal=is_rehearsal, is_blinded=is_blinded,
    )  # fmt: skip
    rendered = render_version(sent, root, package=data)
    old = rendered.folder / f"{_stem(root)}.docx" if rendered.folder else None
    if old is None or not old.is_file():
        return MarkedUp(
            False, (f"no marked-up copy: {tag.name} does not render: {_one_line(rendered.error)}",)
        )
    if hashlib.sha256(old.read_bytes()).hexdigest() != tag.checksum(new.name):
        remedy = "with the data and libraries of then it would; compare the two files in Word"
        return MarkedUp(False, (f"no marked-up copy: {tag.name} renders to other bytes than "
                                f"{new.name} had then; {remedy}",))  # fmt: skip
    made = redline(old, new, target, author=AUTHOR)
    if not made.passed:
        said = tuple(f"no marked-up copy: {text}" for text in made.differences)
        return MarkedUp(False, said, rendered)
    count = f"{made.insertions} insertions, {made.deletions} deletions"
    return MarkedUp(
        True, (f"changes marked against {tag.name}: {count}", *made.untracked), rendered
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _stem(root: Path) -> str:
    return Path(read_project(root).documents[0]).stem
