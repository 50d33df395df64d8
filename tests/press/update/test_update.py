"""`press update` on a small project with scripts of its own, and once on the article's."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from press.cli import main
from press.errors import PressError
from press.update.stage import raised, read_package, write_table
from press.update.update import update
from tests.press.update.updates import SETTINGS, accepted, changed_book, saved, state
from tests.press.update.workbooks import make_book, make_dated_book

ROOT = Path(__file__).resolve().parents[3]
WORKBOOK = "a workbook, taken in by press update"


@pytest.mark.parametrize("make", [make_book, make_dated_book])
def test_the_same_data_change_nothing(
    make: Callable[[], Any], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A workbook of the current tables, with days or dates, ends with 0 and writes nothing."""
    before = state(project)
    assert main(["update", str(saved(make(), project.parent)), "--accept"]) == 0
    assert capsys.readouterr().out == "Nothing changes.\n"
    assert state(project) == before


def test_changes_are_shown_and_nothing_is_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --accept the changed cell, number and claim are shown; the status is 1."""
    before = state(project)
    assert main(["update", str(saved(changed_book(), project.parent))]) == 1
    said = capsys.readouterr().out
    assert said.startswith("data 1.2.0 -> ")
    assert "A, 30: score 44 -> 60" in said
    assert "score.mean  44.7 -> 50.0 points" in said
    assert "claim.high: False -> True" in said
    places = [said.index(what) for what in ("A, 30: score", "claim.high: ", "score.mean  ")]
    assert places == sorted(places)
    assert said.endswith("Nothing is changed yet; --accept takes the new data in.\n")
    assert state(project) == before


def test_accepted_data_replace_the_current(project: Path) -> None:
    """With --accept tables, checksums, version, README and results.json are the new ones."""
    assert main(["update", str(saved(changed_book(), project.parent)), "--accept"]) == 0
    package = json.loads((project / "data/datapackage.json").read_bytes())
    visits = (project / "data/visits.csv").read_bytes()
    assert b"A,30,60,,false\n" in visits
    assert package["version"] == "1.3.0"
    assert package["resources"][2]["hash"] == hashlib.sha256(visits).hexdigest()
    assert (project / "data/README.md").read_text(encoding="utf-8") == "Version 1.3.0\n"
    assert '"text": "50.0"' in (project / "results.json").read_text(encoding="utf-8")
    assert [path.name for path in (project / ".cache").iterdir()] == ["lock"]


def test_every_fault_is_in_one_report(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the workbook and what the rules of the study say stand together, in order of places."""
    book = changed_book("D3", "<160")
    book["visits"]["C2"] = 99
    book["visits"]["A5"] = "Z"
    before = state(project)
    file = saved(book, project.parent)
    assert main(["update", str(file), "--accept"]) == 2
    heading, *lines = capsys.readouterr().err.splitlines()
    assert heading == f"3 faults in {file}, nothing is changed:"
    assert lines[0] == "visits!C2: found 99, expected 0 to 60"
    assert lines[1].startswith("visits!D3: '<160' is not a number but a comparison; write the meas")
    assert lines[2] == "visits!A5: person_id, visit_day: expected a row of persons"
    assert state(project) == before


def test_a_workbook_without_a_sheet(project: Path) -> None:
    """Without all sheets and columns the rules are not tried, and the report says so."""
    book = changed_book("C2", 99)
    del book["persons"]
    with pytest.raises(PressError) as error:
        accepted(project, saved(book, project.parent))
    assert str(error.value).splitlines()[1:] == [
        "persons: there is no such sheet; add it, or correct its name",
        "(the values were not checked against the rules of the study: put this right first)",
    ]


def test_a_cell_that_was_not_read_is_never_taken_in(project: Path) -> None:
    """A year that no date gives stops the update, even if no rule of the study sees it."""
    book = make_dated_book()
    book["persons"].append(["D", None, None])
    book["infusions"].append(["C", dt.date(2006, 4, 2)])
    before = state(project)
    with pytest.raises(PressError, match="persons!B4: first_year is not read; write it again"):
        accepted(project, saved(book, project.parent))
    assert state(project) == before


def test_data_without_a_wording(project: Path) -> None:
    """What stops the computing of the new data is told with the user's name of them."""
    book = make_book()
    for row in range(2, 6):
        book["visits"].cell(row, 3).value = None
    with pytest.raises(PressError, match="no wording for a study without scores"):
        accepted(project, saved(book, project.parent))


def test_another_current_package(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--data, or STUDY_DATA, names the package to replace; results.json of data/ stays."""
    results = (project / "results.json").read_bytes()
    shipped = (project / "data/visits.csv").read_bytes()
    for number, name in enumerate(["one", "two"]):
        shutil.copytree(project / "data", project / name)
        arguments = ["update", str(saved(changed_book(value=58 + number), project.parent))]
        if number:
            monkeypatch.setenv("STUDY_DATA", name)
        assert main([*arguments, "--accept", *([] if number else ["--data", name])]) == 0
        assert f"A,30,{58 + number},".encode() in (project / name / "visits.csv").read_bytes()
    assert (project / "results.json").read_bytes() == results
    assert (project / "data/visits.csv").read_bytes() == shipped


def test_a_link_to_a_table_is_refused(project: Path) -> None:
    """A table that is a link to a protected folder stays one, and nothing is written beside it."""
    (project / "secure").mkdir()
    (project / "data/visits.csv").rename(project / "secure/visits.csv")
    (project / "data/visits.csv").symlink_to(project / "secure/visits.csv")
    before = state(project)
    with pytest.raises(PressError, match=r"data: visits\.csv: a link to a file elsewhere"):
        accepted(project, saved(changed_book(), project.parent))
    assert state(project) == before
    assert (project / "data/visits.csv").is_symlink()


BEFORE_AND_AFTER: list[tuple[dict[str, str], dict[str, str]]] = [
    (
        {"kind": "observed", "description": "charts", "source": "the registry", "patients": "six"},
        {"kind": "observed", "description": "charts", "source": f"the registry; {WORKBOOK}",
         "patients": "six"},
    ),
    ({"kind": "observed", "description": "charts"},
     {"kind": "observed", "description": "charts", "source": WORKBOOK}),
    (
        {"kind": "observed", "description": "charts", "source": "simulate", "data_hash": "0"},
        {"kind": "observed", "description": "charts", "source": WORKBOOK},
    ),
    (
        {"kind": "simulated", "description": "of seed 1", "source": "simulate", "data_hash": "0"},
        {"kind": "simulated", "source": WORKBOOK, "description": "Simulated, not observed: no row "
         f"describes a person. The tables are from {WORKBOOK}."},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), BEFORE_AND_AFTER)
def test_provenance_after_a_workbook(
    before: dict[str, str], after: dict[str, str], project: Path
) -> None:
    """A workbook is told once, the kind stays, and no program is said to have made its rows."""
    file = project / "data/datapackage.json"
    package = json.loads(file.read_bytes()) | {"provenance": before}
    file.write_text(json.dumps(package), encoding="utf-8")
    for value in (58, 59):
        assert accepted(project, saved(changed_book(value=value), project.parent)) == 0
        assert json.loads(file.read_bytes())["provenance"] == after


def test_a_first_cut(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with a datapackage.json alone gets its tables."""
    (project / "observed").mkdir()
    shutil.copyfile(project / "data/datapackage.json", project / "observed/datapackage.json")
    new = str(saved(make_book(), project.parent))
    assert main(["update", new, "--accept", "--data", "observed"]) == 0
    said = capsys.readouterr().out
    assert "There are no current numbers and claims to compare with" in said
    for name in ("persons", "infusions", "visits"):
        path = f"{name}.csv"
        assert (project / "observed" / path).read_bytes() == (project / "data" / path).read_bytes()


def test_the_cut_before_is_kept(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A package that is not `data/` is copied beside itself; what lies there is not replaced."""
    shutil.copytree(project / "data", project / "observed")
    old, version = state(project / "observed"), read_package(project / "observed").version
    new = str(saved(changed_book("C2", 42), project.parent))
    kept = project / f"observed-{version}"
    kept.mkdir()
    assert main(["update", new, "--accept", "--data", "observed"]) == 2
    assert f"{kept}: another package lies where" in capsys.readouterr().err
    assert state(project / "observed") == old
    kept.rmdir()
    assert main(["update", new, "--accept", "--data", "observed"]) == 0
    assert f"; version {version} is kept in observed-{version}." in capsys.readouterr().out
    assert state(kept) == old
    assert state(project / "observed") != old


def test_dates_of_people_are_not_simulated(project: Path) -> None:
    """A workbook with dates is not taken into a package whose rows are of nobody."""
    text = (project / "data/datapackage.json").read_text(encoding="utf-8")
    simulated = text.replace('"observed"', '"simulated"')
    (project / "data/datapackage.json").write_text(simulated, encoding="utf-8")
    book = make_dated_book()
    book["visits"]["B3"] = dt.date(2006, 4, 2)
    before = state(project)
    for accept in (False, True):
        with pytest.raises(PressError, match="keep people's data as a package of its own"):
            update(project, saved(book, project.parent), accept=accept, say=lambda line: None)
    assert state(project) == before


def test_what_becomes_simulated_is_told(project: Path) -> None:
    """Rows taken into a simulated package are announced as such, with the licence, beforehand."""
    file = project / "data/datapackage.json"
    package = json.loads(file.read_bytes()) | {"licenses": [{"name": "CC0-1.0"}]}
    package["provenance"]["kind"] = "simulated"
    file.write_text(json.dumps(package), encoding="utf-8")
    said: list[str] = []
    assert update(project, saved(changed_book(), project.parent), say=said.append) == 1
    assert said[-2] == (
        "ATTENTION: data holds simulated data: what is taken in is published as simulated, under "
        "CC0-1.0. Observed data go into a package of their own, named with --data or STUDY_DATA."
    )


def test_dates_hide_no_other_fault(project: Path) -> None:
    """Dates where none may be and what breaks the rules of the study are in one report."""
    text = (project / "data/datapackage.json").read_text(encoding="utf-8")
    simulated = text.replace('"observed"', '"simulated"')
    (project / "data/datapackage.json").write_text(simulated, encoding="utf-8")
    book = make_dated_book()
    book["visits"]["C2"], book["visits"]["D3"] = 99, dt.date(2006, 4, 2)
    with pytest.raises(PressError) as error:
        accepted(project, saved(book, project.parent))
    heading, *lines = str(error.value).splitlines()
    assert heading.startswith("3 faults in ")
    assert lines[0] == "visits!C2: found 99, expected 0 to 60"
    assert lines[1].startswith("visits!D3: a date or time where a number in mg")
    assert lines[2].startswith("the workbook has dates, as of people, and ")


@pytest.mark.usefixtures("project")
def test_the_current_package_is_not_new() -> None:
    """The package itself, and what does not exist, are refused."""
    for new in ("data", "nothing.xlsx"):
        assert main(["update", new]) == 2


def test_a_project_that_records_nothing(project: Path) -> None:
    """A project without data-record cannot be updated."""
    settings = SETTINGS.replace("data-record: record.py\n", "")
    (project / "_quarto.yml").write_text(settings, encoding="utf-8")
    with pytest.raises(PressError, match="update needs data-record"):
        accepted(project, saved(changed_book(), project.parent))


def test_versions() -> None:
    """The middle number is raised and the last begins anew; another form is refused."""
    assert raised("1.4.2") == "1.5.0"
    with pytest.raises(PressError, match="cannot be raised"):
        raised("2024-05")


# The article's own data ---------------------------------------------------------------------------


def shipped_book(folder: Path) -> Any:
    """The shipped tables as a workbook, as a person would type them."""
    package, book = read_package(folder), Workbook()
    book.remove(book.active)
    for name, fields in package.fields.items():
        lines = (folder / package.files[name]).read_text(encoding="utf-8").splitlines()
        book.create_sheet(name).append(lines[0].split(","))
        for line in lines[1:]:
            cells = zip(line.split(","), fields.values(), strict=True)
            book[name].append([typed(cell, field["type"]) for cell, field in cells])
    return book


def typed(cell: str, kind: str) -> Any:
    """A cell of a table as Excel has it."""
    if cell == "":
        return None
    if kind == "boolean":
        return cell == "true"
    return int(cell) if kind == "integer" else float(cell) if kind == "number" else cell


def test_the_shipped_tables_come_back_as_bytes(tmp_path: Path) -> None:
    """A workbook written from the shipped tables gives the same package, byte for byte."""
    new, data = saved(shipped_book(ROOT / "data"), tmp_path), tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    (data / "visits.csv").write_bytes(
        (data / "visits.csv").read_bytes().replace(b",40\n", b",41\n")
    )
    said: list[str] = []
    assert update(ROOT, new, data=data, accept=True, say=said.append) == 0
    for path in (ROOT / "data").glob("*.csv"):
        assert (data / path.name).read_bytes() == path.read_bytes()
    assert "1.0.0 -> " in said[0]
    assert "is now version 1.1.0;" in said[-1]
    readme = (data / "README.md").read_text(encoding="utf-8")
    assert "No row describes a person" in readme
    assert "The tables are from a workbook, taken in by press update." in readme
    assert not [word for word in ("analysis.simulate", "seed", "new.xlsx") if word in readme]


def test_the_rules_of_the_study_name_cells(tmp_path: Path) -> None:
    """A value that only the study's own validation refuses is told with its cell."""
    book = shipped_book(ROOT / "data")
    book["visits"]["D14"], book["visits"]["E15"] = 61, "<160"
    with pytest.raises(PressError) as error:
        update(ROOT, saved(book, tmp_path), say=lambda line: None)
    lines = str(error.value).splitlines()[1:]
    assert lines[0].startswith('visits!D14: found "61", expected a whole number: 0 to 60 points')
    assert lines[1].startswith("visits!E15: '<160' is not a number but a comparison")
    assert len(lines) == 2


def test_a_table_is_written_as_one(tmp_path: Path) -> None:
    """Cells with commas or quotation marks are quoted, missing ones empty."""
    write_table(tmp_path / "a.csv", [["x", "y"], ['a "b"', "c, d"], ["", ""]])
    assert (tmp_path / "a.csv").read_bytes() == b'x,y\n"a ""b""","c, d"\n,\n'
