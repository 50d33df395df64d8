"""The small package of `packages`, written into a folder."""

from pathlib import Path

import pytest

from analysis.simulate import write_package
from tests.analysis.packages import TABLES


@pytest.fixture(scope="module")
def descriptor(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The datapackage.json of a simulated package."""
    folder = tmp_path_factory.mktemp("empty")
    write_package(folder, n_patients=1)
    return (folder / "datapackage.json").read_bytes()


@pytest.fixture
def folder(tmp_path: Path, descriptor: bytes) -> Path:
    """A valid package of two patients, four visits, four cycles and one adverse event."""
    for table, text in TABLES.items():
        (tmp_path / f"{table}.csv").write_text(text, encoding="utf-8", newline="")
    (tmp_path / "datapackage.json").write_bytes(descriptor)
    return tmp_path
