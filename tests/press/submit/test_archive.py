"""What the archive of data and code holds, and which tracked files it refuses."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from press.submit.archive import write_archive
from press.submit.package import submit
from tests.press.submit.projects import commit, make_repository, project

ROWS = "patient_id,score\nP01,5\n"


@pytest.fixture(scope="module")
def root(git: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with tables of observed and of simulated patients in many places."""
    assert git
    keys = (
        {"schema": {"primaryKey": ["patient_id", "day"]}},
        {"schema": {"primaryKey": "patient_id"}},
    )
    package = {"provenance": {"kind": "observed"}, "resources": keys}
    simulated = json.dumps({"provenance": {"kind": "simulated"}})
    root = make_repository(tmp_path_factory.mktemp("archive") / "study")
    commit(root, {
        "data/datapackage.json": json.dumps(package),
        "data/notes.txt": "P01 is known",
        "records/datapackage.json": json.dumps({"provenance": {"kind": "observed"}}),
        "records/deep/visits.csv": ROWS,
        "unsaid/datapackage.json": "{",
        "unsaid/visits.csv": ROWS,
        "made/datapackage.json": simulated,
        "made/visits.csv": ROWS,
        "study.XLSX": "not read",
        "loose.csv": '\ufeff"Patient_ID";"age"\nP01;50\n',
        "tests/reference/paired.csv": "n,score\n1,2\n",
    })  # fmt: skip
    return root


def archive(root: Path, target: Path, data: str | None = None) -> tuple[set[str], list[str], str]:
    """What is in the archive of a project, the places of its faults, and its ARCHIVE.txt."""
    faults = write_archive(root, target, is_external=data is not None, data=data)
    with zipfile.ZipFile(target) as made:
        names = {name.removeprefix("data-and-code/") for name in made.namelist()}
        text = made.read("data-and-code/ARCHIVE.txt").decode()
    return names, [fault.place for fault in faults], text


def test_tables_of_patients_are_refused_wherever_git_tracks_them(
    root: Path, tmp_path: Path
) -> None:
    """A package that is not simulated, a workbook, a table by patient: none is in the archive."""
    names, places, _ = archive(root, tmp_path / "a.zip")
    assert sorted(places) == ["loose.csv", "records/", "study.XLSX", "unsaid/"]
    assert not {
        name for name in names if name.startswith(("records", "unsaid", "loose", "study.X"))
    }
    assert {"made/visits.csv", "tests/reference/paired.csv", "data/datapackage.json"} <= names
    assert not {"data/visits.csv", "data/notes.txt"} & names


def test_the_folder_that_the_data_come_from_is_refused_whole(root: Path, tmp_path: Path) -> None:
    """Also where git does not know its description; how to rebuild the article is told."""
    names, places, text = archive(root, tmp_path / "a.zip", data="tests/reference")
    assert "tests/reference/" in places
    assert "tests/reference/paired.csv" not in names
    assert "STUDY_DATA=FOLDER make" in text


def test_tracked_tables_stop_a_submission(git: str, tmp_path: Path) -> None:
    """The data named are in the project and tracked: a fault with the remedy, and no package."""
    assert git
    records = {"records/datapackage.json": json.dumps({"provenance": {"kind": "observed"}}),
               "records/visits.csv": ROWS}  # fmt: skip
    root = make_repository(tmp_path / "study", project() | records)
    done = submit(root, "tests", data=root / "records")
    (fault,) = done.faults
    assert fault.place == "records/"
    assert "keep it in data-observed/" in fault.text
    assert done.folder is None
