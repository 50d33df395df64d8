"""Arguments for pandoc and a text in; what pandoc said out, or one error in its own words."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Sequence
from pathlib import Path

from press.child import fixed_environment
from press.errors import PressError


class PandocError(PressError):
    """Pandoc could not do its task for the text at a place; `said` is what it wrote to stderr."""

    def __init__(self, said: str, *, task: str, place: str) -> None:
        """Say place, task and pandoc's words."""
        super().__init__(f"{place}: pandoc could not {task}: {said.strip()}")
        self.said = said


def find_pandoc() -> str:
    """The pandoc that the package pypandoc_binary brings."""
    found = importlib.util.find_spec("pypandoc")
    for folder in (found.submodule_search_locations or []) if found else []:
        for name in ("pandoc", "pandoc.exe"):
            if (Path(folder) / "files" / name).is_file():
                return str(Path(folder) / "files" / name)
    raise PressError("pandoc is missing; it comes with `pip install pypandoc_binary`")


def run_pandoc(
    arguments: Sequence[str],
    text: str = "",
    *,
    place: str,
    task: str = "read it",
    folder: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run pandoc in a folder with a text as its input; its stdout and stderr."""
    done = subprocess.run(
        [find_pandoc(), *arguments],
        cwd=folder,
        env=fixed_environment(),
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise PandocError(done.stderr, task=task, place=place)
    return done
