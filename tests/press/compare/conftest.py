"""A small repository with two versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.press.compare.repositories import commit, project, run_git


@pytest.fixture
def repository(tmp_path: Path, git: str) -> Path:
    """A repository with two versions: `v1` reports +8.0 points, `v2` +7.5."""
    assert git
    folder = tmp_path / "study"
    folder.mkdir()
    run_git(folder, "init", "-q")
    commit(folder, {**project(8.0, "+8.0"), ".gitignore": ".cache/\n"}, "v1")
    commit(folder, project(7.5, "+7.5"), "v2")
    return folder
