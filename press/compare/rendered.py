"""A version in; its HTML and Word files out, rendered by its own code in its own environment."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from press.child import run_followed
from press.compare.versions import RESULTS_FILE, Version, content_key, walked
from press.errors import PressError

FORMATS = ("html", "docx")
LOCK_FILE = "requirements.lock"
_STOPPED = (130, -signal.SIGINT)
_CACHE = Path(".cache") / "compare"
_ENVIRONMENTS = Path(".cache") / "environments"
_MAKING = Lock()
"""Two versions that are rendered at a time may want the same environment."""
_OWN = ("STUDY_DATA", "STUDY_RESULTS", "QUARTO_PROJECT_OUTPUT_DIR", "QUARTO_PROJECT_OUTPUT_FILES")
"""Variables by which a render is told what a comparison decides by itself."""


@dataclass(frozen=True)
class Rendered:
    """A version's files in `folder`, named after their documents, with its results.json.

    `error` is why the render failed, which `is_quoted` where it is what the version itself said;
    the folder is then None, unless the files were written and only a check after the render found
    a fault.
    """

    folder: Path | None
    error: str = ""
    is_quoted: bool = False

    def files(self, ending: str) -> list[Path]:
        """The documents of one format, such as `html`, in the order of their names."""
        return sorted(self.folder.glob(f"*.{ending}")) if self.folder else []

    @property
    def results(self) -> bytes | None:
        """The results.json that this render wrote."""
        file = self.folder / RESULTS_FILE if self.folder else None
        return file.read_bytes() if file and file.is_file() else None


def render_version(version: Version, home: Path, *, package: Path | None = None) -> Rendered:
    """Render a version, on another data package when one is given; nothing of it is touched.

    Files rendered before are taken from `.cache/compare` of `home`, where they lie by the content
    of the version and the package. The environment is that of `home` where both have the same
    lock file, else one made from the version's own.
    """
    names = [version.key, *([content_key(walked(package))] if package else []), *FORMATS]
    goal = home / _CACHE / hashlib.sha256("\n".join(names).encode()).hexdigest()
    if goal.is_dir():
        return Rendered(goal)
    try:
        python = _interpreter(version, home)
        goal.parent.mkdir(parents=True, exist_ok=True)
        with version.files() as tree:
            return _render(tree, python, package, goal)
    except PressError as error:
        return Rendered(None, str(error))


def _render(tree: Path, python: Path, package: Path | None, goal: Path) -> Rendered:
    """Render a folder that is ours alone and keep what it wrote as `goal`."""
    if not (tree / "press" / "cli.py").is_file():
        raise PressError("it has no press/cli.py, so that nothing in it renders the article")
    beside = tempfile.TemporaryDirectory(
        prefix=f"{goal.name[:12]}-", dir=goal.parent, ignore_cleanup_errors=True
    )
    with beside as name:
        return _run(tree, python, package, Path(name), goal)


def _run(tree: Path, python: Path, package: Path | None, out: Path, goal: Path) -> Rendered:
    """Render into `out`, which becomes `goal` if there is a page in it."""
    module = ["press.cli", "render", "--to", ",".join(FORMATS)]
    module += ["--output", str(out)] + (["--data", str(package.resolve())] if package else [])
    done = run_followed(str(python), module, folder=tree, env=environment(tree))
    if done.returncode in _STOPPED:
        raise PressError("the render was stopped")
    error = _quoted(done, tree) if done.returncode else ""
    if not any(out.glob("*.html")):
        return Rendered(None, error or "the render wrote no page", is_quoted=bool(error))
    if not (out / RESULTS_FILE).is_file() and (tree / RESULTS_FILE).is_file():
        shutil.copyfile(tree / RESULTS_FILE, out / RESULTS_FILE)
    if error:  # kept, but never taken for a good render
        goal = goal.with_name(f"{goal.name}-faulty")
        shutil.rmtree(goal, ignore_errors=True)
    with suppress(OSError):  # another process has meanwhile rendered the same
        out.rename(goal)
    return Rendered(goal, error, is_quoted=bool(error))


def environment(tree: Path, *behind: Path) -> dict[str, str]:
    """Of a copy's commands: nothing names other data, its own packages come before others.

    Packages are looked for in the folders `behind` where the copy has none.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _OWN}
    found = os.pathsep.join(map(str, (tree, *behind)))
    return {**kept, "PYTHONPATH": found, "PYTHONUTF8": "1"}


def _quoted(done: subprocess.CompletedProcess[str], tree: Path) -> str:
    """What a failed render said, with its temporary folder left out."""
    said = (done.stderr.strip() or done.stdout.strip()).replace(f"{tree}{os.sep}", "")
    return said.removeprefix("press: ") or f"the render ended with status {done.returncode}"


def _interpreter(version: Version, home: Path) -> Path:
    """The Python whose packages are those of the version's lock file."""
    lock = version.read(LOCK_FILE)
    ours = home / LOCK_FILE
    if version.commit is None or lock == (ours.read_bytes() if ours.is_file() else None):
        return Path(sys.executable)
    if lock is None:
        raise PressError(f"it has no {LOCK_FILE}, which would say what it is rendered with")
    return _make_environment(lock, home)


def _make_environment(lock: bytes, home: Path) -> Path:
    """The Python of an environment made from a lock file, kept by the file's content."""
    folder = home / _ENVIRONMENTS / hashlib.sha256(lock).hexdigest()
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    with _MAKING:
        if not (folder / "ready").is_file():
            _install(lock, folder, python)
    return python


def _install(lock: bytes, folder: Path, python: Path) -> None:
    copy = folder.with_suffix(".lock")
    folder.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(lock)
    install = ("pip", "-qq", "--disable-pip-version-check", "install", "--no-compile")
    commands = [
        [sys.executable, "-m", "venv", "--clear", str(folder)],
        [str(python), "-m", *install, "--require-hashes", "-r", str(copy)],
    ]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        if done.returncode:
            said = " ".join((done.stderr.strip() or done.stdout.strip()).split("\n")[-3:])
            raise PressError(f"its environment could not be made from its {LOCK_FILE}: {said}")
    (folder / "ready").touch()
