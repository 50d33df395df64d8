"""`press update --accept` takes in all or nothing: when it fails, is killed or meets an edit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from press.cli import main
from press.errors import PressError
from press.update.update import update
from tests.press.update.updates import changed_book, saved, state

ROOT = Path(__file__).resolve().parents[3]
KILLED = """\
import os, signal, sys
from press.cli import main
number, count = int(sys.argv[1]), 0
def hook(event, arguments):
    global count
    if event == "os.rename":
        count += 1
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
main(["update", sys.argv[2], "--accept"])
"""


def test_a_failed_update_leaves_all_as_it_was(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a file cannot be put in place, the whole package and results.json are old."""
    before, rename, calls = state(project), Path.replace, []

    def fails(path: Path, goal: Any) -> Any:
        calls.append(path)
        if len(calls) == 4:
            raise PermissionError("the file is open elsewhere")
        return rename(path, goal)

    monkeypatch.setattr(Path, "replace", fails)
    assert main(["update", str(saved(changed_book(), project.parent)), "--accept"]) == 2
    assert len(calls) > 4
    assert state(project) == before


def killed_at(number: int, new: Path) -> None:
    """An update that is taken in and killed before it renames its file of that number."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(number), str(new)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL


RENAMED = ["list.json", "visits.csv", "README.md", "datapackage.json", "results.json"]
"""What an update of the visits renames, in this order."""


@pytest.mark.parametrize("number", range(1, len(RENAMED) + 1))
def test_a_killed_update_is_finished_or_never_began(
    number: int, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a kill before any rename the next command works on the whole old or new package."""
    new, before = saved(changed_book(), project.parent), state(project)
    killed_at(number, new)
    assert main(["update", str(new)]) == (0 if number > 2 else 1)
    said = capsys.readouterr()
    if number > 2:  # the first table is in its place
        assert said.out == "Nothing changes.\n"
        assert said.err == "press: an update that was accepted and broken off has been finished\n"
        assert '"text": "50.0"' in (project / "results.json").read_text(encoding="utf-8")
    else:
        assert "score 44 -> 60" in said.out
        assert {name: of for name, of in state(project).items() if name in before} == before
    assert [path.name for path in (project / ".cache").iterdir()] == ["lock"]
    assert not list(project.rglob("*.new"))


def test_committed_data_are_not_taken_back(project: Path) -> None:
    """After a kill before results.json, a render and an update leave the new data as they are."""
    killed_at(RENAMED.index("results.json") + 1, saved(changed_book(), project.parent))
    front = "---\ntitle: A paper\nexecute:\n  echo: false\n---\n"
    (project / "paper.qmd").write_text(front, encoding="utf-8")
    assert main(["render"]) == 0
    committed = state(project)
    assert '"text": "50.0"' in committed["results.json"].decode()
    assert main(["update", str(saved(changed_book("C2", 41), project.parent))]) == 1
    assert state(project) == committed


def test_an_edit_during_an_update_is_kept(project: Path) -> None:
    """A table edited by hand while its update is computed is not replaced."""
    edited = project / "data/visits.csv"

    def edit(line: str) -> None:
        if line.startswith("data "):
            edited.write_text(edited.read_text(encoding="utf-8").replace("A,-7,40", "A,-7,42"))

    new = saved(changed_book(), project.parent)
    with pytest.raises(PressError, match="data was edited during this update"):
        update(project, new, accept=True, say=edit)
    assert b"A,-7,42" in edited.read_bytes()
    assert b"A,30,44" in edited.read_bytes()
