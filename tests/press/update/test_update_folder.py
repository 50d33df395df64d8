"""`press update` with a data package's folder: what is taken from it, and what is refused."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from press.errors import PressError
from press.update.stage import read_package
from press.update.update import update
from tests.press.update.updates import accepted, state


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
    """A file that is no table, another place of a table, kind and older version: all are told."""
    folder = new_folder(project, provenance={"kind": "simulated"}, version="1.1.9")
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
    assert "files in the folder: 1 is no table of this package" in said
    assert "datapackage.json, resources.visits.path: not as in the current package in" in said
    assert "datapackage.json, version: lower than 1.2.0 of the current package" in said
    assert "provenance.kind: another kind than 'observed' of the current package in" in said
    assert state(project) == before


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "privacy.age_band_years": lambda of: of["privacy"].update(age_band_years=1),
    "privacy.patient_characteristics": lambda of: of["privacy"].update(
        patient_characteristics=["sex"]
    ),
    "time_origin": lambda of: of.pop("time_origin"),
    "provenance.patients": lambda of: of["provenance"].update(patients="six"),
    "resources.visits.schema.fields.score.constraints.maximum": lambda of: of["resources"][2][
        "schema"
    ]["fields"][2].update(constraints={"maximum": 90}),
    "resources.persons.schema.fields.born": lambda of: of["resources"][0]["schema"][
        "fields"
    ].append({"name": "born", "type": "string"}),
}


def test_what_no_update_changes(project: Path) -> None:
    """What may be shown and how tables are read is changed by hand: each key is refused by name."""
    file = project / "data/datapackage.json"
    descriptor = json.loads(file.read_bytes())
    descriptor["privacy"] = {"age_band_years": 10, "patient_characteristics": []}
    file.write_text(json.dumps(descriptor), encoding="utf-8")
    folder = new_folder(project)
    for change in CHANGES.values():
        change(descriptor)
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    before = state(project)
    with pytest.raises(PressError) as error:
        accepted(project, folder)
    _, *faults = str(error.value).splitlines()
    told = {fault.split(": ")[0].removeprefix("datapackage.json, ") for fault in faults}
    assert told == set(CHANGES)
    assert len(faults) == len(CHANGES)
    assert all("change it there by hand, in a commit of its own" in fault for fault in faults)
    assert state(project) == before


def test_what_a_package_says_of_itself(project: Path) -> None:
    """Version, title and the text on provenance are the new package's, the rest the current's."""
    told = {"kind": "observed", "description": "the cut of spring", "source": "the registry"}
    given = {"version": "1.2.1", "title": "Spring", "created": "2024-04-01", "provenance": told}
    current = json.loads((project / "data/datapackage.json").read_bytes())
    assert accepted(project, new_folder(project, **given)) == 0
    taken = json.loads((project / "data/datapackage.json").read_bytes())
    assert {key: taken[key] for key in given} == given
    assert taken["time_origin"] == current["time_origin"]
    assert taken["resources"][2]["hash"] != current["resources"][2]["hash"]


def test_a_date_in_what_a_package_says(project: Path) -> None:
    """A date in a text, key, version or file name of a package is told by its key, never shown."""
    date, told = "12.03.1994", {"kind": "observed", "description": "of Rossi, born 12.03.1994"}
    told |= {"source": "visit of 12.03.1994", "data_hash": "12.03.1994", date: "x"}
    given = {"title": date, "version": date, "created": f"2024-04-01, {date}", "provenance": told}
    folder = new_folder(project, **given)
    (folder / f"{date}.txt").write_text("", encoding="utf-8")
    with pytest.raises(PressError) as error:
        accepted(project, folder)
    _, *faults = str(error.value).splitlines()
    assert {fault.split(": ")[0].removeprefix("datapackage.json, ") for fault in faults} == {
        *("title", "version", "created", "provenance.description", "provenance.source"),
        *("provenance.data_hash", "files in the folder", "provenance.key 5"),
    }
    assert date not in str(error.value)


def test_names_of_people_are_not_told(project: Path) -> None:
    """File names, keys and paths that the current package does not have are counted, not shown."""
    folder = new_folder(project)
    (folder / "Mueller").mkdir()
    for name in ("Rossi_Maria_CV.txt", "Mueller/scan\x1b[2J\nfake.pdf"):
        (folder / name).write_text("", encoding="utf-8")
    descriptor = json.loads((folder / "datapackage.json").read_bytes())
    descriptor |= {"Rossi Maria": 1, "contributors\x1b": 1, "sources": []}
    descriptor["resources"].append({"name": "Rossi", "path": "Rossi.csv", "schema": {"fields": []}})
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(PressError) as error:
        accepted(project, folder)
    said = str(error.value)
    assert said.splitlines()[1].startswith("files in the folder: 2 are no table of this package")
    number = len(descriptor) - 2
    for key in ("resources.key 4", f"key {number}", f"key {number + 1}", "sources"):
        assert f"datapackage.json, {key}: not as in the current package" in said
    assert not [word for word in ("Rossi", "Mueller", "fake", "\x1b") if word in said]


def test_a_table_that_is_missing(project: Path) -> None:
    """A table that the folder does not have is told once, with the folder as the place for it."""
    folder = new_folder(project)
    (folder / "visits.csv").unlink()
    with pytest.raises(PressError) as error:
        accepted(project, folder)
    assert [line for line in str(error.value).splitlines() if line.startswith("visits.csv")] == [
        "visits.csv: there is no such table in the folder; put it there"
    ]


@pytest.mark.parametrize("version", ["1.120355.0", "\uff12.0.0", "2.0", "2.0.0\n"])
def test_versions_that_are_none(version: str, project: Path) -> None:
    """A version is three numbers in ASCII digits, each of at most four."""
    with pytest.raises(PressError, match=r"version: not of the form 1\.0\.0, each number of at m"):
        accepted(project, new_folder(project, version=version))


def recorded_resources(folder: Path, algorithm: str) -> list[dict[str, Any]]:
    """The folder's resources with size and checksum of the tables as they lie there."""
    resources = json.loads((folder / "datapackage.json").read_bytes())["resources"]
    for resource in resources:
        content = (folder / resource["path"]).read_bytes()
        digest = hashlib.new(algorithm, content).hexdigest()
        resource |= {"bytes": len(content), "hash": f"{algorithm}:{digest}"}
    return list(resources)


def rewrite(folder: Path, **properties: Any) -> None:
    """Change the folder's descriptor."""
    file = folder / "datapackage.json"
    text = json.dumps(json.loads(file.read_bytes()) | properties)
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_a_table_that_was_cut_off_on_the_way(algorithm: str, project: Path) -> None:
    """A table with its recorded checksum is taken; one without its last rows is refused."""
    folder = new_folder(project)
    rewrite(folder, resources=recorded_resources(folder, algorithm))
    whole = (folder / "visits.csv").read_bytes()
    (folder / "visits.csv").write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    before = state(project)
    with pytest.raises(PressError, match=r"visits\.csv, checksum: .* send it again, or where it w"):
        accepted(project, folder)
    assert state(project) == before
    (folder / "visits.csv").write_bytes(whole)
    said: list[str] = []
    assert update(project, folder, accept=True, say=said.append) == 0
    assert "no checksum" not in "\n".join(said)


def test_an_edited_table_beside_a_copied_descriptor(project: Path) -> None:
    """It is taken with a note that nothing shows whether it is whole; cut in a line it is not."""
    folder = new_folder(project)
    said: list[str] = []
    whole = (folder / "visits.csv").read_bytes()
    (folder / "visits.csv").write_bytes(whole.rstrip())
    with pytest.raises(PressError, match=r"visits\.csv, last line: without a line end"):
        accepted(project, folder)
    (folder / "visits.csv").write_bytes(whole)
    assert update(project, folder, accept=True, say=said.append) == 0
    assert said[-2].startswith("visits.csv: the folder records no checksum of what is there now")
    assert said[-2].endswith(f"record them: python record.py {folder}")


def test_the_years_of_the_study_are_no_dates(project: Path) -> None:
    """Years alone pass, and so does a date that the current package says as well."""
    file = project / "data/datapackage.json"
    descriptor = json.loads(file.read_bytes()) | {"title": "The cut of 1 April 2024"}
    file.write_text(json.dumps(descriptor), encoding="utf-8")
    told = {"kind": "observed", "description": "charts of 2004-2012 (from 2004 to 2012)"}
    assert accepted(project, new_folder(project, provenance=told)) == 0


def test_what_a_package_says_hides_no_fault_of_its_rows(project: Path) -> None:
    """A date in a cell, one in a text and a broken bound are in one report, each told once."""
    folder = new_folder(project, title="12.03.1994")
    text = (folder / "visits.csv").read_text(encoding="utf-8-sig")
    text = text.replace("A,30,60", "A,30,12.03.1994").replace("B,14,50", "B,14,61")
    (folder / "visits.csv").write_text(text, encoding="utf-8")
    with pytest.raises(PressError) as error:
        accepted(project, folder)
    _, *faults = str(error.value).splitlines()
    assert [fault.split(": ")[0] for fault in faults] == [
        "datapackage.json, title",
        "visits.csv row 3, score",
        "visits.csv row 5, score",
    ]


@pytest.mark.parametrize("date", ["1994-03-12", "12.03.1994", "3/12/1994", "March 12 1994"])
@pytest.mark.parametrize("place", ["drug", "person_id", "score", "header"])
def test_a_date_in_a_folder(date: str, place: str, project: Path) -> None:
    """A calendar date in any cell of a table is told by its place, and never shown."""
    folder = new_folder(project, version="2.0.0")
    table, old, new, where = {
        "drug": ("persons", "methotrexate", date, "row 2, drug"),
        "person_id": ("infusions", "B,0", f"{date},0", "row 4, person_id"),
        "score": ("visits", "A,30,60", f"A,30,{date}", "row 3, score"),
        "header": ("persons", "drug", date, "row 1, column 3"),
    }[place]
    file = folder / f"{table}.csv"
    text = file.read_text(encoding="utf-8-sig")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PressError) as error:
        accepted(project, folder)
    lines = str(error.value).splitlines()
    assert lines[1].startswith(f"{table}.csv {where}: a calendar date, which identifies people")
    assert date not in str(error.value)


def test_a_measured_number_is_no_date(project: Path) -> None:
    """In a column of numbers a decimal number is taken for what it is, also 3.2012."""
    folder = new_folder(project, version="2.0.0")
    text = (folder / "visits.csv").read_text(encoding="utf-8-sig").replace("12.5", "3.2012")
    (folder / "visits.csv").write_text(text, encoding="utf-8")
    assert accepted(project, folder) == 0
    assert b"A,-7,40,3.2012,true\n" in (project / "data/visits.csv").read_bytes()
