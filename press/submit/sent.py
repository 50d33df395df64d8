"""What was rendered for a package in; the same, for the next one to be marked up against, out.

The data of a version that was sent may since be cut anew, and its libraries be gone, so that its
commit renders to other bytes. What was rendered for it is therefore kept, and trusted only where
every file has the checksum that the version's tag holds.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Collection
from pathlib import Path

from press.compare.rendered import FORMATS, Rendered
from press.errors import Fault
from press.render import RESULTS_FILE
from press.submit.files import files_in
from press.submit.tags import KEPT_RESULTS, Tag

OUTPUT = "_submission"
SENT = "sent"
"""The folder of `_submission` in which each tag has one with its name."""


def collect(rendered: Path, results: Path, target: Path) -> None:
    """Copy pages, Word files and results.json of what is sent into a new folder."""
    target.mkdir()
    for ending in FORMATS:
        for path in rendered.glob(f"*.{ending}"):
            shutil.copyfile(path, target / path.name)
    shutil.copyfile(results, target / RESULTS_FILE)


def keep(files: Path, root: Path, tag: str) -> None:
    """Move collected files to where `find` looks for those of the tag."""
    goal = root / OUTPUT / SENT / tag
    shutil.rmtree(goal, ignore_errors=True)
    goal.parent.mkdir(parents=True, exist_ok=True)
    files.rename(goal)


def find(root: Path, tag: Tag, wanted: Collection[str]) -> Rendered | None:
    """What was kept with a tag; None unless it is whole, and has Word files of these checksums."""
    folder = root / OUTPUT / SENT / tag.name
    kept = {f"{SENT}/{path.name}": checksum(path) for path in files_in(folder)}
    named = {name: of for name, of in tag.checksums.items() if name.startswith(f"{SENT}/")}
    is_whole = bool(named) and kept == named and set(wanted) <= set(kept.values())
    return Rendered(folder) if is_whole else None


def check_cut(root: Path, tag: Tag | None, new: str, place: str) -> list[Fault]:
    """A fault where the data, of version `new`, are older than those that were sent with a tag.

    None is known of versions that are no numbers with stops, and where nothing names the old one.
    """
    old = _data_version(root, tag) if tag else ""
    if tag is None or not _is_below(new, old):
        return []
    fault = f"version is {new}, and {tag.name} was sent with {old}; name the folder of the latest"
    undo = f"or, if {tag.name} was never uploaded, git tag -d {tag.name}"
    return [Fault(place, f"{fault} data in STUDY_DATA or --data {undo}")]


def _data_version(root: Path, tag: Tag) -> str:
    """What the tag says, else the first line of the results.json that was kept with it."""
    file = root / OUTPUT / SENT / tag.name / RESULTS_FILE
    if tag.data_version or not file.is_file() or checksum(file) != tag.checksums.get(KEPT_RESULTS):
        return tag.data_version
    return str(json.loads(file.read_text(encoding="utf-8").split("\n")[0]).get("data_version", ""))


def _is_below(new: str, old: str) -> bool:
    are_numbers = all(re.fullmatch(r"\d+(\.\d+)*", version) for version in (new, old))
    return are_numbers and [*map(int, new.split("."))] < [*map(int, old.split("."))]


def checksum(path: Path) -> str:
    """The SHA-256 of a file, as a manifest has it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
