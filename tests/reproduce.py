"""A repository in; whether two machines would make the same bytes of its commit, out.

    python -m tests.reproduce [--journal PROFILE]

The last commit is cloned into two folders, and in each the four formats are rendered and a package
is rehearsed, under another time zone, locale, hash seed and umask. Every file is compared. It ends
with 1 where one differs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUTPUTS = ("_manuscript", "_submission")
OWN = ("STUDY_DATA", "STUDY_RESULTS", "PYTHONPATH")


@dataclass(frozen=True)
class Place:
    """A folder and what may differ from one machine to another."""

    folder: str
    zone: str
    locale: str
    seed: str
    umask: int


PLACES = (
    Place("a", "Pacific/Kiritimati", "C", "1", 0o022),
    Place("another folder/deeper", "America/Anchorage", "de_DE.UTF-8", "4711", 0o077),
)


def run(place: Place, folder: Path, commands: Sequence[Sequence[str]]) -> None:
    """Run press commands in a folder as if on another machine; SystemExit where one fails."""
    kept = {name: value for name, value in os.environ.items() if name not in OWN}
    changed = {
        "TZ": place.zone, "LC_ALL": place.locale, "LANG": place.locale,
        "PYTHONHASHSEED": place.seed, "PYTHONPATH": str(ROOT),
        "GIT_COMMITTER_NAME": "Somebody", "GIT_COMMITTER_EMAIL": "somebody@example.org",
    }  # fmt: skip
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "press.cli", *command],
            cwd=folder,
            env=kept | changed,
            umask=place.umask,
            capture_output=True,
            text=True,
            errors="replace",
        )
        if done.returncode:
            sys.exit(f"press {' '.join(command)} in {folder}:\n{done.stdout}{done.stderr}")


def differing(folders: Sequence[Path]) -> tuple[int, list[str]]:
    """The number of files in the outputs of two folders, and the names of those that differ."""
    found = [
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for output in OUTPUTS
            for path in sorted((folder / output).rglob("*"))
            if path.is_file()
        }
        for folder in folders
    ]
    names = sorted(found[0] | found[1])
    return len(names), [name for name in names if found[0].get(name) != found[1].get(name)]


def build_twice(
    repository: Path, target: Path, commands: Sequence[Sequence[str]]
) -> tuple[int, list[str]]:
    """Run the commands in two clones of a repository; the number of files, and what differs."""
    folders = [target / place.folder for place in PLACES]
    for folder in folders:
        folder.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["git", "clone", "-q", str(repository), str(folder)], check=True)
    with ThreadPoolExecutor() as pool:
        list(pool.map(run, PLACES, folders, [commands] * len(PLACES)))
    return differing(folders)


def main() -> int:
    """Build the article and its package twice; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--journal", metavar="PROFILE", default="strict")
    options = parser.parse_args()
    commands = [["render"], ["submit", "--journal", options.journal, "--rehearsal"]]
    with tempfile.TemporaryDirectory(prefix="reproduce-") as target:
        count, names = build_twice(ROOT, Path(target), commands)
    for name in names:
        print(f"differs: {name}")
    print(f"{count - len(names)} of {count} files have the same bytes in both")
    return 1 if names or not count else 0


if __name__ == "__main__":
    sys.exit(main())
