"""`press update` with a data package's folder: what is taken from it, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from press.errors import PressError
from press.stage import read_package
from tests.press.updates import accepted, state


def new_folder(project: Path, **properties: Any) -> Path:
    """A package in a folder, with one changed visit, written as on Windows."""
    folder = project.parent / "cut"
    shutil.copytree(project / "data", folder)
    text = (folder / "visits.csv").read_text(encoding="utf-8").replace("A,30,44", "A,30,60")
    (folder / "visits.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    descriptor = json.loads((folder / "datapackage.json").read_bytes()) | properties
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


@pytest.mark.parametrize(("given", "version"), [("1.2.0", "1.3.0"), ("2.0.0", "2.0.0")])
def test_a_folder_is_taken_in(given: str, version: str, project: Path) -> None:
    """A package gives what a workbook gives; another version is kept, the same one is raised."""
    assert accepted(project, new_folder(project, version=given)) == 0
    assert b"A,30,60,,false\n" in (project / "data/visits.csv").read_bytes()
    assert b"\r" not in (project / "data/visits.csv").read_bytes()
    assert read_package(project / "data").version == version


def test_a_folder_with_faults(project: Path) -> None:
    """A file that is no table, another place of a table, another kind of data: all are told."""
    folder = new_folder(project, provenance={"kind": "simulated"})
    (folder / "names.xlsx").write_bytes(b"")
    (folder / "visits.csv").rename(folder / "v.csv")
    descriptor = json.loads((folder / "datapackage.json").read_bytes())
    descriptor["resources"][2]["path"] = "v.csv"
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (folder / "visits.csv").write_text("", encoding="utf-8")
    before = state(project)
    with pytest.raises(PressError) as error:
        accepted(project, folder)
    said = str(error.value)
    assert "names.xlsx: no table of this package" in said
    assert "datapackage.json, visits.path: v.csv, where the current package has visits.csv" in said
    assert "provenance.kind: 'simulated', where the current package in" in said
    assert state(project) == before
