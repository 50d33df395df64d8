"""New files and the places of the old ones in; all of them replaced or none, also when killed.

The new files are kept in a folder, with their list. Once the list is there the replacement is
decided, and whoever finds it carries it out (`finish`), as often as that is broken off. Forward
and not back, since a place may have got its new content by other means (a render writes
results.json, which is then committed): forward such a place is done, back it would be lost. Where
all places hold the old content still, or again after a `git checkout`, the list is dropped.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from press.errors import PressError
from press.hold import DECIDED

_LIST = DECIDED.name


@dataclass(frozen=True)
class _Entry:
    """A place and the SHA-256 of what it holds before and after; None where there is no file."""

    place: str
    old: str | None
    new: str | None

    @property
    def beside(self) -> Path:
        """Where the new content waits, on the disk of its place."""
        return Path(self.place).with_name(f".{Path(self.place).name}.new")


def replace_all(files: Mapping[Path, Path], cache: Path) -> None:
    """Put each new file (a value) in the place of its key; on any failure all is as before."""
    kept = (cache / DECIDED).parent
    before = {goal: goal.read_bytes() if goal.is_file() else None for goal in files}
    entries = [_Entry(str(goal), _hash(goal), _hash(new)) for goal, new in files.items()]
    kept.mkdir(parents=True, mode=0o700)
    try:
        _keep(kept, entries, list(files.values()))
        _carry_out(kept, entries)
        (kept / _LIST).unlink()  # from here on nothing is left to be done
    except BaseException:
        _undo(kept, entries, list(before.values()))
        raise
    _forget(kept, entries)


def finish(cache: Path) -> str:
    """Carry out a replacement that was decided and broken off; what was done, in a sentence.

    Raises PressError, and changes nothing, when a file was edited since.
    """
    kept = (cache / DECIDED).parent
    if not (kept / _LIST).is_file():
        shutil.rmtree(kept, ignore_errors=True)  # broken off before it was decided
        return ""
    entries = [_Entry(**entry) for entry in json.loads((kept / _LIST).read_text(encoding="utf-8"))]
    found = {entry: _hash(Path(entry.place)) for entry in entries}
    edited = [of.place for of, content in found.items() if content not in (None, of.old, of.new)]
    if edited:
        raise PressError(
            f"{', '.join(edited)}: edited since an update that was broken off; to finish it, move "
            "the edited away and run the command again; to give the update up, put right what "
            f"holds the new data and delete {kept}"
        )
    is_begun = any(content != entry.old for entry, content in found.items())
    if is_begun:
        _carry_out(kept, entries)
    _forget(kept, entries)
    if is_begun:
        return "an update that was accepted and broken off has been finished"
    return "an update was broken off before it changed anything, and was not taken in"


def _keep(kept: Path, entries: Sequence[_Entry], news: Sequence[Path]) -> None:
    """Copy the new files; their list, which makes them count, is written last."""
    for number, new in enumerate(news):
        _sync(Path(shutil.copyfile(new, kept / str(number))))
    part = kept / f"{_LIST}.part"
    part.write_text(json.dumps([asdict(entry) for entry in entries]), encoding="utf-8")
    _sync(part)
    _sync_folder(kept)
    part.replace(kept / _LIST)
    _sync_folder(kept)
    _sync_folder(kept.parent)


def _carry_out(kept: Path, entries: Sequence[_Entry]) -> None:
    """Give every place its new content; a full disk shows before the first is changed."""
    left = [
        (number, entry)
        for number, entry in enumerate(entries)
        if _hash(Path(entry.place)) != entry.new
    ]
    for number, entry in left:
        entry.beside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(kept / str(number), entry.beside)
        _settle(entry)
    for _, entry in left:
        entry.beside.replace(entry.place)
    for folder in {Path(entry.place).parent for _, entry in left}:
        _sync_folder(folder)


def _undo(kept: Path, entries: Sequence[_Entry], before: Sequence[bytes | None]) -> None:
    """Give every place that holds the new content the old one; then nothing is decided any more."""
    try:
        for entry, content in zip(entries, before, strict=True):
            if entry.old == entry.new or _hash(Path(entry.place)) != entry.new:
                continue
            if content is None:
                Path(entry.place).unlink()
            else:
                entry.beside.write_bytes(content)
                _settle(entry)
                entry.beside.replace(entry.place)
        _forget(kept, entries)
    except OSError as error:
        why = f"the update failed halfway and could not be taken back ({error})"
        raise PressError(f"{why}; put that right, and the next press command finishes it") from None


def _forget(kept: Path, entries: Sequence[_Entry]) -> None:
    """Delete what waits, then the list, then the rest."""
    for entry in entries:
        entry.beside.unlink(missing_ok=True)
    (kept / _LIST).unlink(missing_ok=True)
    shutil.rmtree(kept, ignore_errors=True)


def _settle(entry: _Entry) -> None:
    """Let what waits be read by those who may read its place, and have it on the disk."""
    if Path(entry.place).is_file():
        shutil.copymode(entry.place, entry.beside)
    _sync(entry.beside)


def _sync(path: Path) -> None:
    """Have a file on the disk before anything relies on it."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    """Have the names in a folder on the disk; Windows opens no folders."""
    if sys.platform != "win32":
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _hash(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
