"""A package in; the same in its place, described, zipped and tagged, out: all or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from press.errors import Fault, PressError
from press.response import LETTER_FILE, REVIEWS_FILE
from press.submit.build import Build
from press.submit.contents import README, readme
from press.submit.files import MANIFEST, files_in, manifest, zip_folder
from press.submit.gate import Inspection
from press.submit.sent import OUTPUT, SENT, collect, keep
from press.submit.tags import REHEARSAL, SUBMISSION, Tag, delete_tag, write_tag


@dataclass(frozen=True)
class Submission:
    """What came of it: every fault, what is to be known, the package and tag if there is one."""

    faults: tuple[Fault, ...]
    notes: tuple[str, ...] = ()
    folder: Path | None = None
    zip: Path | None = None
    tag: str = ""

    def show(self, say: Callable[[str], None] = print) -> int:
        """Say faults and notes, a line each, then where the package is; the exit status."""
        for line in (*map(str, self.faults), *(f"note: {note}" for note in self.notes)):
            say(line)
        count = len(self.faults)
        number = f"{count} {'fault' if count == 1 else 'faults'}" if count else "no fault"
        if self.folder is None:
            say(f"{number}; nothing was written")
            return 1
        say(f"{number}; wrote {self.folder} and {self.zip}")
        undo = f"; if it is never uploaded, git tag -d {self.tag}"
        undo = undo if self.tag.startswith(SUBMISSION) else ""
        say(f"tagged {self.tag}{undo}" if self.tag else "not tagged")
        return 0


def deliver(build: Build, inspection: Inspection, tags: list[Tag], commit: str) -> Submission:
    """Write what describes the package, then move it into place and tag it: all or nothing."""
    names = [build.within(path) for path in files_in(build.folder)]
    title = inspection.article.counts.title.text
    text = readme(
        names, profile=build.profile, title=title, commit=commit, notes=build.notes,
        is_blinded=bool(build.mark), is_rehearsal=build.is_rehearsal,
    )  # fmt: skip
    (build.folder / README).write_text(text, encoding="utf-8", newline="\n")
    listed = manifest(build.folder)
    (build.folder / MANIFEST).write_text(listed, encoding="utf-8", newline="\n")
    packed = build.work / f"{build.name}.zip"
    zip_folder(build.folder, packed, build.name)
    kind = REHEARSAL if build.is_rehearsal else SUBMISSION
    collect(build.copy(build.mark), build.results, build.work / SENT)
    kept = "".join(f"{SENT}/{line}\n" for line in manifest(build.work / SENT).splitlines())
    what = "the files of the package, and those that the next one is compared with"
    data = f"data version {build.data_version}\n\n" if build.data_version else ""
    message = f"{build.profile.name}: {what}\n\n{data}{listed}{kept}"
    new = Tag(kind, build.profile.id, 0, commit, message)
    before = {tag.name for tag in tags}
    name = _tagged(build, tags, new)
    try:
        if name:
            keep(build.work / SENT, build.root, name)
        folder, zipped = _move(build.folder, packed, build.root / OUTPUT)
    except OSError as error:
        if name and name not in before:
            delete_tag(build.root, name)
        raise PressError(f"the package could not be moved into place: {error}") from None
    faults = tuple(sorted(set(build.faults)))
    return Submission(faults, tuple(build.notes), folder, zipped, name)


def _tagged(build: Build, tags: list[Tag], new: Tag) -> str:
    """The tag's name; none for a rehearsal that nobody could tag, or with faults of its letter.

    The next rehearsal, with the letter mended, is held against the version before this one.
    """
    letter = (LETTER_FILE, REVIEWS_FILE, "3-response")
    if build.is_rehearsal and any(fault.place.startswith(letter) for fault in build.faults):
        return ""
    try:
        return write_tag(build.root, tags, new)
    except PressError:
        if build.is_rehearsal:
            return ""
        raise


def _move(folder: Path, packed: Path, output: Path) -> tuple[Path, Path]:
    """Move folder and zip to where they are looked for; what lay there stays if that fails."""
    output.mkdir(exist_ok=True)
    goal, old = output / folder.name, output / f".{folder.name}.old"
    shutil.rmtree(old, ignore_errors=True)
    if goal.exists():
        goal.rename(old)
    try:
        folder.rename(goal)
        packed.replace(output / packed.name)
    except OSError:
        shutil.rmtree(goal, ignore_errors=True)
        if old.exists():
            old.rename(goal)
        raise
    shutil.rmtree(old, ignore_errors=True)
    return goal, output / packed.name
