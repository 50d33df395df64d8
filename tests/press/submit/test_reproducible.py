"""The same commit gives the same package, wherever and by whomever it is built."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.press.submit.projects import make_repository
from tests.reproduce import build_twice


@pytest.mark.proof
def test_two_machines_make_the_same_bytes(git: str, tmp_path: Path) -> None:
    """Folder, time zone, locale, hash seed and umask leave no trace in any file, the zips too."""
    assert git
    root = make_repository(tmp_path / "study")
    count, names = build_twice(root, tmp_path / "built", [["submit", "--journal", "tests"]])
    assert names == []
    assert count == 23  # seventeen files and the zip, and five that are kept
