"""What was sent last and what is sent now in; copies with the changes marked, or why not, out."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from press.compare.redline import redline
from press.compare.rendered import Rendered, render_version
from press.compare.versions import Version, read_version
from press.config import read_project
from press.journals.profiles import Profile
from press.submit.sent import OUTPUT, SENT, checksum, find
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
    """The marked-up copies, what is to be said of them, and the version of then.

    Without the version `missing` says why it cannot be had; it is one of the notes.
    """

    made: tuple[Path, ...]
    notes: tuple[str, ...]
    old: Rendered | None = None
    missing: str = ""


def mark_up(
    root: Path, tag: Tag, targets: Mapping[Path, Path], *, profile: Profile, is_blinded: bool,
    data: Path | None,
) -> MarkedUp:  # fmt: skip
    """Redline each new Word file, a key of `targets`, against the file of its name in the tag.

    What the tag names is taken as it was kept, or rendered anew, once for all of them.
    """
    known = tag.checksums
    notes = [f"no marked-up copy of {new.name}: {tag.name} has no such file"
             for new in targets if new.name not in known]  # fmt: skip
    wanted = {new: known[new.name] for new in targets if new.name in known}
    rendered = find(root, tag, wanted.values())
    if rendered is None:
        sent = _sent(root, tag, profile, is_blinded=is_blinded)
        rendered = render_version(sent, root, package=data)
    found = {checksum(path): path for path in rendered.files("docx")}
    said = _unlike(rendered, [new.name for new, old in wanted.items() if old not in found])
    if said:
        missing = f"no marked-up copy: {tag.name} {said}; {_remedy(tag)}"
        return MarkedUp((), (*notes, missing), missing=missing)
    made = [new for new in wanted if _redline(found[wanted[new]], new, targets[new], notes)]
    if made:
        notes.insert(0, f"changes are marked against {tag.name}{_undo(tag)}")
    return MarkedUp(tuple(targets[new] for new in made), tuple(notes), rendered)


def _unlike(rendered: Rendered, others: list[str]) -> str:
    """Why a version that was rendered is not the one that was sent."""
    if rendered.folder is None:
        return f"does not render: {_one_line(rendered.error)}"
    if not others:
        return ""
    return f"renders to other bytes than {', '.join(others)} had then, with other data or libraries"


def _redline(old: Path, new: Path, target: Path, notes: list[str]) -> bool:
    """Write a marked-up copy and note what is to be known of it; whether there is one."""
    made = redline(old, new, target, author=AUTHOR)
    if made.passed:
        notes += [f"{target.name}: {text}" for text in (made.counted, *made.untracked)]
    else:
        notes += [f"no marked-up copy of {new.name}: {text}" for text in made.differences]
    return made.passed


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
    """The way out where a submission was built only; a rehearsal is never uploaded."""
    undo = f"; if it was never uploaded, git tag -d {tag.name} and build again"
    return "" if tag.kind == REHEARSAL else undo


def _one_line(text: str) -> str:
    return " ".join(text.split())
