"""Versions rendered by their own code: environment, data, folder, and what is kept of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from press.compare.comparison import compare, start
from press.errors import PressError
from tests.press.compare.repositories import (
    Run,
    commit,
    project,
    run_git,
    write,
)


def test_a_version_is_rendered_in_its_own_environment(press: Run, repository: Path) -> None:
    """One is made from its lock file; what pip says of a lock that it cannot install is quoted."""
    commit(repository, {"requirements.lock": "no requirement\n"}, "v3")
    (repository / "requirements.lock").unlink()
    commit(repository, {}, "v4")
    status, out, _ = press("v3", "v4")
    assert status == 2
    assert "its environment could not be made from its requirements.lock" in out
    assert "Invalid requirement" in out
    write(repository, {"requirements.lock": ""})
    assert "it has no requirements.lock, which would say what it is" in press("v2", "v1")[1]


def test_a_version_without_a_press_is_said(press: Run, repository: Path) -> None:
    """There may have been none in the beginning."""
    run_git(repository, "rm", "-q", "-r", "press")
    commit(repository, {}, "v3")
    assert "it has no press/cli.py, so that nothing in it renders the article" in press("v3")[1]


def test_what_was_rendered_is_kept_by_its_content(press: Run, repository: Path) -> None:
    """A commit and a working tree with the same files are one render."""
    press("v2")
    kept = list((repository / ".cache" / "compare").iterdir())
    assert len(kept) == 1
    write(repository, {"notes.txt": "new"})
    for ignored in ("1", "2"):
        write(repository, {".cache/ignored.txt": ignored})
        press("v2")
    assert len(list((repository / ".cache" / "compare").iterdir())) == 2


def test_versions_are_rendered_with_their_own_data(
    press: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever package the environment names, which is said where it is another one."""
    monkeypatch.setenv("STUDY_DATA", "elsewhere")
    status, out, _ = press("v1", "v2")
    assert (status, "does not render" in out) == (1, False)
    note = "STUDY_DATA (elsewhere) counts for no revision: compared are the data in data/ of each"
    assert out.splitlines()[1].startswith(f"note: {note}; ")
    page = (repository / "_comparison" / "comparison.html").read_text(encoding="utf-8")
    assert (out.count(note), page.count(note)) == (1, 1)
    monkeypatch.setenv("STUDY_DATA", "data")
    assert "STUDY_DATA" not in press("v1", "v2")[1]


def test_a_project_may_lie_in_a_folder_of_its_repository(tmp_path: Path, git: str) -> None:
    """Revisions are then read and rendered there."""
    assert git
    run_git(tmp_path, "init", "-q")
    inside: dict[str, Any] = {f"study/{name}": text for name, text in project(8.0, "+8.0").items()}
    commit(tmp_path, inside, "v1")
    found = compare(write(tmp_path / "study", project(9.0, "+9.0")), "v1")
    assert found.numbers
    assert [of.id for of in found.numbers.moved] == ["a.mean"]
    assert found.shown["a.mean"][0].text == "The change was +9.0 points."
    assert not found.faults


def test_a_project_that_was_moved_is_told_as_such(repository: Path) -> None:
    """What git says of the folder would name no remedy."""
    (repository / "moved").mkdir()
    run_git(repository, "mv", "-k", "_quarto.yml", "press", "paper.html", "data", "moved")
    commit(repository, {}, "v3")
    short = run_git(repository, "rev-parse", "--short", "v1").strip()
    with pytest.raises(PressError) as raised:
        start(repository / "moved", "v1")
    assert str(raised.value) == (
        f"v1 ({short}) has no folder moved/, where the project lies now; check it out elsewhere "
        f"(git worktree add FOLDER {short}), and compare the data of both with "
        "press compare --data OLD NEW"
    )
