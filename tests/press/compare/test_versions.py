"""Versions that git names, in repositories and with settings of all sorts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from press.compare.comparison import compare
from press.compare.versions import listed, read_version, working_tree
from press.errors import PressError
from press.hold import hold
from tests.press.compare.repositories import commit, project, run_git, write

KILLED = """\
import sys
from pathlib import Path
from press.compare.versions import read_version
with read_version(Path(sys.argv[1]), "v1").files() as one:
    print(one, flush=True)
    with read_version(Path(sys.argv[1]), "v2").files() as other:
        print(other, flush=True)
        sys.stdin.read()
"""


def test_a_file_may_have_any_name(repository: Path) -> None:
    """One that is no UTF-8, or begins with a blank, is a file of the working tree as any other."""
    names = [" first.md", "café.txt", os.fsdecode(b"caf\xe9.txt")]
    try:
        write(repository, dict.fromkeys(names, ""))
    except OSError:
        pytest.skip("this file system has no such names")
    assert {name for name, _ in listed(repository)} >= set(names)
    found = compare(repository, "HEAD")
    assert (found.status, found.faults, found.new.version.is_dirty) == (0, {}, True)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("status.showUntrackedFiles", "no"),
        ("status.relativePaths", "false"),
        ("core.quotePath", "false"),
        ("color.ui", "always"),
        ("status.branch", "true"),
    ],
)
def test_settings_of_git_hide_no_change(repository: Path, setting: str, value: str) -> None:
    """A tree as it was committed is called so, and one with a further file is not."""
    run_git(repository, "config", setting, value)
    clean = read_version(repository, None)
    assert (clean.is_dirty, clean.key) == (False, read_version(repository, "HEAD").key)
    write(repository, {"sections/new é.md": "A further section."})
    assert read_version(repository, None).is_dirty


@pytest.mark.parametrize("mark", ["--assume-unchanged", "--skip-worktree"])
def test_a_file_that_git_does_not_look_at_is_looked_at(repository: Path, mark: str) -> None:
    """`git status` then calls a tree clean that has other data than its commit."""
    run_git(repository, "update-index", mark, "data/visits.csv")
    write(repository, {"data/visits.csv": "id,score\nP01,5\n"})
    assert run_git(repository, "status", "--porcelain") == ""
    version = read_version(repository, None)
    assert version.is_dirty
    assert version.key != read_version(repository, "HEAD").key


def test_variables_of_a_hook_lead_to_no_other_repository(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git sets them for its hooks; a comparison reads the repository of its folder."""
    other = tmp_path / "other"
    other.mkdir()
    run_git(other, "init", "-q")
    commit(other, project(1.0, "+1.0"), "v1")
    wanted = read_version(repository, "v1")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    assert read_version(repository, "v1") == wanted
    assert compare(repository, "v1", "v2").faults == {}


def test_a_worktree_that_is_not_there_now_is_left_to_its_owner(
    repository: Path, tmp_path: Path
) -> None:
    """It may lie on a drive that is not mounted; the one that a comparison makes is gone."""
    theirs, away = tmp_path / "theirs", tmp_path / "away"
    run_git(repository, "worktree", "add", "-q", str(theirs), "v1")
    theirs.rename(away)
    assert compare(repository, "v1", "v2").faults == {}
    away.rename(theirs)
    assert run_git(theirs, "status", "--porcelain") == ""
    assert len(run_git(repository, "worktree", "list").splitlines()) == 2


def test_what_a_killed_command_checked_out_is_deleted_and_forgotten(
    repository: Path, tmp_path: Path
) -> None:
    """The next command deletes it; git forgets it, and no other worktree."""
    theirs = tmp_path / "theirs"
    run_git(repository, "worktree", "add", "-q", str(theirs), "v1")
    theirs.rename(tmp_path / "away")
    before = run_git(repository, "worktree", "list")
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(repository)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    trees = [Path(process.stdout.readline().strip()) for _ in range(2)]
    process.kill()
    process.communicate()
    assert all((tree / "paper.html").is_file() for tree in trees)
    with hold(repository, alone=False, say=print):
        assert not any(tree.exists() or tree.parent.exists() for tree in trees)
    assert run_git(repository, "worktree", "list") == before
    assert [path.name for path in (repository / ".cache").iterdir()] == ["lock"]


def test_a_copy_is_no_part_of_the_project(repository: Path) -> None:
    """While a version's files are there the project has the files that it had."""
    before = listed(repository)
    with read_version(repository, "v1").files() as tree, working_tree(repository).files():
        assert tree.is_relative_to(repository / ".cache")
        assert listed(repository) == before


def test_a_version_without_settings_is_not_taken_for_the_project_around_it(
    repository: Path,
) -> None:
    """A folder without _quarto.yml lies in one that has it, which is another version."""
    run_git(repository, "rm", "-q", "_quarto.yml")
    run_git(repository, "commit", "-q", "-m", "v3")
    run_git(repository, "tag", "v3")
    run_git(repository, "checkout", "-q", "v1")
    with (
        pytest.raises(PressError, match=r"it has no _quarto\.yml"),
        read_version(repository, "v3").files(),
    ):
        pass
