"""A folder and the words of a git command in; what git said out."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from press.errors import PressError

_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX")
"""Variables, as git sets them for its hooks, by which a command leaves its folder for another."""


def git_text(folder: Path, *arguments: str) -> str:
    """What a command printed, names of files so that they can be opened; PressError on failure."""
    done = run_git(folder, *arguments)
    if done.returncode:
        raise PressError(f"git {arguments[0]} failed: {said_by(done)}")
    return os.fsdecode(done.stdout).removesuffix("\n")


def said_by(done: subprocess.CompletedProcess[bytes]) -> str:
    """What a command that failed said, on one line."""
    said = done.stderr.decode(errors="replace")
    return " ".join(said.split()).removeprefix("fatal: ")


def run_git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command on the repository of a folder, in English; PressError without a git."""
    kept = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    environment = {**kept, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        return subprocess.run(
            ["git", *arguments], cwd=folder, env=environment, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise PressError(
            "git is not installed, and revisions are read with it; install it, or compare two data "
            "packages with press compare --data OLD NEW"
        ) from None
