"""New files and the places of the old ones in; all of them replaced, or none.

The old files are kept in a folder until the last new one is in place. A process that ends before
leaves that folder, and the next one puts everything back (`take_back`).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from press.errors import PressError

KEPT = "unfinished-update"
_LIST = "list.json"


def replace_all(files: Mapping[Path, Path], cache: Path) -> None:
    """Put each new file (a value) in the place of its key; on any failure all is as before."""
    beside = {goal: goal.with_name(f".{goal.name}.new") for goal in files}
    try:
        for goal, new in files.items():
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(new, beside[goal])
            _sync(beside[goal])
        _keep(files, cache)
        for goal, path in beside.items():
            path.replace(goal)
        (cache / KEPT / _LIST).unlink()  # from here on the new files stand
    except BaseException:
        take_back(cache)
        raise
    finally:
        for path in beside.values():
            path.unlink(missing_ok=True)
    shutil.rmtree(cache / KEPT)


def _keep(files: Mapping[Path, Path], cache: Path) -> None:
    """Copy the old files; their list, which makes them count, is written last."""
    kept = cache / KEPT
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    entries = []
    for number, (goal, new) in enumerate(files.items()):
        old = None
        if goal.is_file():
            old = shutil.copyfile(goal, kept / str(number)).name
            _sync(kept / str(number))
        entries.append({"place": str(goal), "old": old, "new": _hash(new)})
    part = kept / f"{_LIST}.part"
    part.write_text(json.dumps(entries), encoding="utf-8")
    _sync(part)
    part.replace(kept / _LIST)


def _sync(path: Path) -> None:
    """Have a file on the disk before anything relies on it."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _hash(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def take_back(cache: Path) -> bool:
    """Put back what an unfinished replacement began to change; whether there was one.

    Raises PressError, and changes nothing, when a file was edited since.
    """
    kept = cache / KEPT
    if not (kept / _LIST).is_file():
        shutil.rmtree(kept, ignore_errors=True)
        return False
    entries = json.loads((kept / _LIST).read_text(encoding="utf-8"))
    for entry in entries:
        known = {entry["new"], _hash(kept / entry["old"]) if entry["old"] else None}
        if _hash(Path(entry["place"])) not in known:
            raise PressError(
                f"{entry['place']}: edited after an update that was broken off; put it right by "
                f"hand (the old files are in {kept}), then delete that folder"
            )
    for entry in entries:
        _put_back(kept, entry)
    (kept / _LIST).unlink()
    shutil.rmtree(kept)
    return True


def _put_back(kept: Path, entry: Mapping[str, Any]) -> None:
    goal = Path(entry["place"])
    beside = goal.with_name(f".{goal.name}.new")
    beside.unlink(missing_ok=True)
    if entry["old"] is None:
        goal.unlink(missing_ok=True)
    else:
        shutil.copyfile(kept / entry["old"], beside)
        beside.replace(goal)
