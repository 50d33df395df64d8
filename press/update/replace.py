"""New files and the places of the old ones in; all of them replaced or none, also when killed.

The new files are kept in a folder, with their list. Once the list is there the replacement is
decided, and whoever finds it carries it out (`finish`), as often as that is broken off. Forward
and not back, since a place may have got its new content by other means (a render writes
results.json, which is then committed): forward such a place is done, back it would be lost. Where
all places hold the old content still, or again after a `git checkout`, the list is dropped.
Places in the project are listed relative to it, so that it may be moved. A folder that is gone, as
on a drive that is not mounted, is not made: what it holds is unknown.
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
    """A place and the SHA-256 of what it holds before and after; None where there is no file.

    In the list, a place in the project is relative to it.
    """

    place: str
    old: str | None
    new: str | None

    @property
    def beside(self) -> Path:
        """Where the new content waits, on the disk of its place."""
        return Path(self.place).with_name(f".{Path(self.place).name}.new")


def replace_all(files: Mapping[Path, Path], cache: Path) -> None:
    """Put each new file (a value) in the place of its key; on any failure all is as before.

    Raises PressError when a file cannot be written.
    """
    kept = (cache / DECIDED).parent
    before = {goal: goal.read_bytes() if goal.is_file() else None for goal in files}
    entries = [_Entry(str(goal), _hash(goal), _hash(new)) for goal, new in files.items()]
    kept.mkdir(parents=True, mode=0o700)
    try:
        for goal in files:  # before anything is decided; `finish` makes no folders
            goal.parent.mkdir(parents=True, exist_ok=True)
        _keep(kept, entries, list(files.values()))
        _carry_out(kept, entries)
        (kept / _LIST).unlink()  # from here on nothing is left to be done
    except BaseException as error:
        _undo(kept, entries, list(before.values()))
        if isinstance(error, OSError):
            why = f"the new data could not be put in place ({error}), and nothing is changed"
            raise PressError(f"{why}; put that right, and run it again") from None
        raise
    _forget(kept, entries)


def finish(cache: Path) -> str:
    """Carry out a replacement that was decided and broken off; what was done, in a sentence.

    Raises PressError, and changes nothing, when a folder is gone or a file was edited since.
    """
    kept = (cache / DECIDED).parent
    if not (kept / _LIST).is_file():
        shutil.rmtree(kept, ignore_errors=True)  # broken off before it was decided
        return ""
    try:
        return _finish(kept, _listed(kept))
    except OSError as error:
        why = f"an update that was accepted and broken off cannot be finished ({error})"
        raise PressError(f"{why}; put that right, and run the command again") from None


def _finish(kept: Path, entries: Sequence[_Entry]) -> str:
    """Carry out what was decided, where it was begun; what was done, in a sentence."""
    found = {entry: _hash(Path(entry.place)) for entry in entries}
    give_up = f"to give the update up, put right what holds the new data and delete {kept}"
    if gone := _gone(found, _root(kept)):
        raise PressError(
            f"{', '.join(gone)}: not there, or without its files, and an update of it was broken "
            "off; mount its drive or put the folder back, and run the command again to finish the "
            f"update; {give_up}"
        )
    edited = [of.place for of, content in found.items() if content not in (None, of.old, of.new)]
    if edited:
        raise PressError(
            f"{', '.join(edited)}: edited since an update that was broken off; to finish it, move "
            f"the edited away and run the command again; {give_up}"
        )
    is_begun = any(content != entry.old for entry, content in found.items())
    if is_begun:
        _carry_out(kept, entries)
    _forget(kept, entries)
    if is_begun:
        return "an update that was accepted and broken off has been finished"
    return "an update was broken off before it changed anything, and was not taken in"


def _gone(found: Mapping[_Entry, str | None], root: Path) -> list[str]:
    """The folders that are not there, or have lost every file of the list that was in them.

    Of an unmounted drive an empty folder is left. The project itself is there: it has the list.
    """
    held: dict[Path, list[bool]] = {}
    for entry, content in found.items():
        files = held.setdefault(Path(entry.place).parent, [])
        if (entry.old, content) != (None, None):
            files.append(content is not None)
    return [
        str(folder)
        for folder, files in held.items()
        if folder != root and (not folder.is_dir() or (files and not any(files)))
    ]


def _root(kept: Path) -> Path:
    """The project whose `.cache` has the folder of what is kept."""
    return kept.parent.parent


def _listed(kept: Path) -> list[_Entry]:
    """The entries of the list, their places where the project is now."""
    listed = json.loads((kept / _LIST).read_text(encoding="utf-8"))
    return [_Entry(**entry | {"place": str(_root(kept) / entry["place"])}) for entry in listed]


def _keep(kept: Path, entries: Sequence[_Entry], news: Sequence[Path]) -> None:
    """Copy the new files; their list, which makes them count, is written last."""
    for number, new in enumerate(news):
        _sync(Path(shutil.copyfile(new, kept / str(number))))
    part = kept / f"{_LIST}.part"
    root = _root(kept)
    listed = [asdict(entry) | {"place": _relative(Path(entry.place), root)} for entry in entries]
    part.write_text(json.dumps(listed), encoding="utf-8")
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
        if entry.beside.exists():  # a read-only drive refuses also to delete what is not there
            entry.beside.unlink()
    (kept / _LIST).unlink(missing_ok=True)
    shutil.rmtree(kept, ignore_errors=True)


def _relative(place: Path, root: Path) -> str:
    """A place in the project as seen from there; another one as it is."""
    return str(place.relative_to(root) if place.is_relative_to(root) else place)


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
