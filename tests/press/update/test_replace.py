"""Replacing files, all or none: under failures, under kills, and while others are at work."""

from __future__ import annotations

import errno
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from press.errors import PressError
from press.hold import DECIDED, hold
from press.render import new_staging
from press.update import replace as replacing
from press.update.replace import finish, replace_all

ROOT = Path(__file__).resolve().parents[3]
NAMES = ["a.csv", "b.csv", "c.csv"]
EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}
KILLED_AT = """\
import os, signal, sys
from pathlib import Path
from press.update.replace import replace_all
root, number = Path(sys.argv[1]), int(sys.argv[2])
events, count = set(sys.argv[3:]), 0
def hook(event, arguments):
    global count
    if event in events:
        count += 1
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
names = sorted(path.name for path in (root / "new").iterdir())
files = {root / name: root / "new" / name for name in names}
sys.addaudithook(hook)
replace_all(files, root / ".cache")
"""
HOLDER = """\
import sys
from pathlib import Path
from press.hold import DECIDED, hold
from press.render import new_staging
with hold(Path(sys.argv[1]), alone=False, say=print):
    (new_staging(Path(sys.argv[1])) / "visits.csv").write_text("A,30,44")
    print("at work", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[Path, Path]:
    """Three places, the last without a file yet, and the new content of each."""
    (tmp_path / "new").mkdir()
    for name in NAMES:
        (tmp_path / "new" / name).write_text("new", encoding="utf-8")
    for name in NAMES[:2]:
        (tmp_path / name).write_text("old", encoding="utf-8")
    return {tmp_path / name: tmp_path / "new" / name for name in NAMES}


OLD: list[str | None] = ["old", "old", None]
NEW: list[str | None] = ["new", "new", "new"]


def found(files: dict[Path, Path]) -> list[str | None]:
    """What the places hold."""
    return [path.read_text(encoding="utf-8") if path.is_file() else None for path in files]


def left(root: Path) -> list[str]:
    """The files that a replacement leaves besides those in their places."""
    return sorted(
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".csv" and path.name != "lock"
    )


def failing_at(number: int, function: Callable[..., Any], calls: list[int]) -> Callable[..., Any]:
    """The function, with a failure at the call of that number."""

    def call(*arguments: Any, **named: Any) -> Any:
        calls.append(len(calls) + 1)
        if calls[-1] == number:
            raise PermissionError("the file is open elsewhere")
        return function(*arguments, **named)

    return call


def test_a_failure_leaves_all_as_it_was(
    files: dict[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever file operation of the replacement fails, every file is as it was before."""
    for number in range(1, 20):
        calls: list[int] = []
        with monkeypatch.context() as patch:
            for owner, name in ((shutil, "copyfile"), (Path, "replace"), (replacing, "_sync")):
                patch.setattr(owner, name, failing_at(number, getattr(owner, name), calls))
            if number == 18:  # 7 for what is kept, then a copy, a sync and a rename of each
                replace_all(files, tmp_path / ".cache")
                assert len(calls) == 17
                break
            with pytest.raises(PressError, match=r"open elsewhere.*nothing is changed"):
                replace_all(files, tmp_path / ".cache")
        assert found(files) == OLD
        assert left(tmp_path) == []
    assert found(files) == NEW


@pytest.mark.slow
def test_a_kill_anywhere_leaves_all_or_nothing(files: dict[Path, Path], tmp_path: Path) -> None:
    """Killed before any of its file operations, a replacement is finished or never began."""
    ends = []
    for number in range(1, 1000):
        root = tmp_path / str(number)
        root.mkdir()
        for path in (*files, tmp_path / "new"):
            if path.exists():
                (shutil.copytree if path.is_dir() else shutil.copyfile)(path, root / path.name)
        command = [sys.executable, "-c", KILLED_AT, str(root), str(number), *EVENTS]
        done = subprocess.run(command, cwd=ROOT, check=False)
        here = {root / path.name: new for path, new in files.items()}
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
        with hold(root, alone=False, say=lambda line: None):
            ends.append(found(here))
        assert left(root) == []
    assert len(ends) > 30
    turn = ends.index(NEW)
    assert ends == [OLD] * turn + [NEW] * (len(ends) - turn)


def decided(files: dict[Path, Path], cache: Path) -> None:
    """A replacement that was killed after it was decided, before it changed anything."""
    kept = (cache / DECIDED).parent
    kept.mkdir(parents=True)
    entries = [
        replacing._Entry(str(p), replacing._hash(p), replacing._hash(files[p])) for p in files
    ]
    replacing._keep(kept, entries, list(files.values()))


def test_what_is_done_by_other_means_stays(files: dict[Path, Path], tmp_path: Path) -> None:
    """A place that got its new content otherwise is done, and the others follow."""
    decided(files, tmp_path)
    (tmp_path / "b.csv").write_text("new", encoding="utf-8")
    assert finish(tmp_path) == "an update that was accepted and broken off has been finished"
    assert found(files) == NEW
    assert finish(tmp_path) == ""
    assert left(tmp_path) == []


def test_what_was_brought_back_stays(files: dict[Path, Path], tmp_path: Path) -> None:
    """Where all places hold the old content again, as after git checkout, nothing is replaced."""
    decided(files, tmp_path)
    assert finish(tmp_path).endswith("broken off before it changed anything, and was not taken in")
    assert found(files) == OLD
    assert left(tmp_path) == []


def test_an_edit_after_a_kill_is_kept(files: dict[Path, Path], tmp_path: Path) -> None:
    """Nothing replaces a file edited since; moved away it does not stand in the way any more."""
    decided(files, tmp_path)
    edited = tmp_path / "a.csv"
    edited.write_text("by hand", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(PressError, match=r"a\.csv: edited since .* move the edited away"):
            finish(tmp_path)
    assert found(files) == ["by hand", "old", None]
    edited.rename(tmp_path / "mine.csv")
    finish(tmp_path)
    assert found(files) == NEW
    assert (tmp_path / "mine.csv").read_text(encoding="utf-8") == "by hand"


@pytest.mark.parametrize("is_mount_point", [False, True])
def test_a_folder_that_is_gone_is_not_made(is_mount_point: bool, tmp_path: Path) -> None:
    """Nothing is written where a drive is not mounted; mounted again, its update is finished."""
    drive, elsewhere, cache = tmp_path / "drive", tmp_path / "elsewhere", tmp_path / "study/.cache"
    drive.mkdir()
    for name, text in (("a.csv", "old"), ("b.csv", "old"), ("new", "new")):
        (drive / name if text == "old" else tmp_path / name).write_text(text, encoding="utf-8")
    goals = {drive / name: tmp_path / "new" for name in ("a.csv", "b.csv")}
    decided(goals, cache)
    shutil.copyfile(tmp_path / "new", drive / "a.csv")
    drive.rename(elsewhere)
    if is_mount_point:
        drive.mkdir()
    for _ in range(2):
        with pytest.raises(PressError, match=f"{drive}: not there.*mount its drive or put the fol"):
            finish(cache)
    assert not list(drive.glob("*"))
    assert (cache / DECIDED).is_file()
    shutil.rmtree(drive, ignore_errors=True)
    elsewhere.rename(drive)
    assert finish(cache) == "an update that was accepted and broken off has been finished"
    assert found(goals) == ["new", "new"]


@pytest.mark.usefixtures("files")
def test_a_moved_project_finishes_itself(tmp_path: Path) -> None:
    """An update of a project's own data is finished where the project is, not where it was."""
    study, moved = tmp_path / "study", tmp_path / "moved"
    (study / "data").mkdir(parents=True)
    for name in NAMES[:2]:
        shutil.copyfile(tmp_path / name, study / "data" / name)
    decided({study / "data" / name: tmp_path / "new" / name for name in NAMES}, study / ".cache")
    shutil.copyfile(tmp_path / "new/a.csv", study / "data/a.csv")
    study.rename(moved)
    finish(moved / ".cache")
    assert found({moved / "data" / name: Path() for name in NAMES}) == NEW
    assert not study.exists()
    assert left(moved) == []


def test_a_folder_that_cannot_be_written(
    files: dict[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a drive that refuses all writing and deleting, nothing changes and nothing is left."""
    copy, delete = shutil.copyfile, Path.unlink

    def refused(place: Path) -> None:
        if place.parent == tmp_path:
            raise OSError(errno.EROFS, "Read-only file system", str(place))

    def copyfile(source: Path, goal: Path) -> Any:
        refused(goal)
        return copy(source, goal)

    def unlink(path: Path, **named: bool) -> None:
        refused(path)
        delete(path, **named)

    monkeypatch.setattr(shutil, "copyfile", copyfile)
    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(PressError, match=r"Read-only file system: .*, and nothing is changed"):
        replace_all(files, tmp_path / ".cache")
    assert found(files) == OLD
    assert left(tmp_path) == []
    assert finish(tmp_path / ".cache") == ""


def test_a_failure_that_cannot_be_taken_back(
    files: dict[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the old files cannot be put back either, the error says so, and the next finishes."""
    rename, calls = Path.replace, []

    def fails(path: Path, goal: Any) -> Any:
        calls.append(path)
        if len(calls) > 2:  # the list, a.csv, then b.csv and the way back
            raise OSError("the disk is gone")
        return rename(path, goal)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fails)
        with pytest.raises(PressError, match="the next press command finishes it"):
            replace_all(files, tmp_path / ".cache")
    assert found(files) == ["new", "old", None]
    finish(tmp_path / ".cache")
    assert found(files) == NEW


def test_who_may_read_a_file(files: dict[Path, Path], tmp_path: Path) -> None:
    """A table that only its owner may read stays so."""
    (tmp_path / "a.csv").chmod(0o600)
    replace_all(files, tmp_path / ".cache")
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o600


def at_work(root: Path) -> subprocess.Popen[str]:
    """A process that holds the project and has staged a table."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(root)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    return process


def test_others_at_work(tmp_path: Path) -> None:
    """A living process keeps its staged files and nobody replaces data; a killed one keeps none."""
    process = at_work(tmp_path)
    staged = next((tmp_path / ".cache").glob("press-*/visits.csv"))
    try:
        with hold(tmp_path, alone=False, say=print):
            assert staged.is_file()
        with (
            pytest.raises(PressError, match="another press command is at work"),
            hold(tmp_path, alone=True, say=print),
        ):
            pass
    finally:
        process.kill()
        process.communicate()
    assert staged.is_file()
    with hold(tmp_path, alone=True, say=print):
        assert [path.name for path in (tmp_path / ".cache").iterdir()] == ["lock"]


def test_a_drive_without_locks(
    files: dict[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands work there, a broken off update is finished, and no staged file is deleted."""

    def refuse(*_: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    staged = tmp_path / ".cache" / "press-1"
    staged.mkdir(parents=True)
    decided(files, tmp_path / ".cache")
    (tmp_path / "a.csv").write_text("new", encoding="utf-8")
    monkeypatch.setattr("fcntl.flock", refuse)
    with hold(tmp_path, alone=True, say=print):
        assert found(files) == NEW
        assert staged.is_dir()
        assert new_staging(tmp_path).is_dir()


def test_staged_files_outlive_a_command_that_does_not_hold(tmp_path: Path) -> None:
    """A folder of staged files is kept while its process lives, also where only it is held."""
    made = new_staging(tmp_path)
    with hold(tmp_path, alone=True, say=print):
        assert made.is_dir()


def test_an_update_that_is_broken_off_while_another_waits(
    files: dict[Path, Path], tmp_path: Path
) -> None:
    """A command that cannot be alone does not work on half an update."""
    decided(files, tmp_path / ".cache")
    shutil.copyfile(files[tmp_path / "a.csv"], tmp_path / "a.csv")
    process = subprocess.Popen(
        [sys.executable, "-c",
         "import fcntl, sys\nfile = open(sys.argv[1], 'ab')\nfcntl.flock(file, fcntl.LOCK_SH)\n"
         "print('held', flush=True)\nsys.stdin.read()", str(tmp_path / ".cache" / "lock")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    with (
        pytest.raises(PressError, match="run this command again"),
        hold(tmp_path, alone=False, say=print),
    ):
        pass
    process.communicate("")
    with hold(tmp_path, alone=False, say=print):
        assert found(files) == NEW
    assert left(tmp_path) == []
