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

from press import replace as replacing
from press.cli import main
from press.errors import PressError
from press.replace import KEPT, replace_all, take_back
from press.stage import raised, read_package, write_table
from press.update import update
from tests.press.workbooks import make_book, make_dated_book, write_package

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = """\
project:
  render: [paper.qmd]
  pre-render: [receipts.py]
data-record: record.py
format:
  docx: default
"""
RECORD = """\
import csv, hashlib, json, sys
from pathlib import Path
folder = Path(sys.argv[1])
package = json.loads((folder / "datapackage.json").read_text())
persons = {row["person_id"] for row in csv.DictReader((folder / "persons.csv").open())}
faults = []
for number, row in enumerate(csv.DictReader((folder / "visits.csv").open()), 2):
    place = f"visits.csv row {number}"
    if row["score"].isdecimal() and int(row["score"]) > 60:
        faults.append(f"{place}, score: found {row['score']}, expected 0 to 60")
    if row["person_id"] not in persons:
        faults.append(f"{place}, person_id, visit_day: expected a row of persons.csv")
    if "\\x1a" in "".join(row.values()):
        faults.append(f"{place}, dose_mg: found what could not be read")
if faults:
    sys.exit("\\n".join([f"{len(faults)} faults in the data package {folder}:", *faults]))
for resource in package["resources"]:
    resource["hash"] = hashlib.sha256((folder / resource["path"]).read_bytes()).hexdigest()
(folder / "datapackage.json").write_text(json.dumps(package, indent=2) + "\\n")
(folder / "README.md").write_text("Version " + package["version"] + "\\n")
"""
RECEIPTS = """\
import csv, json, os
from pathlib import Path
folder = Path(os.environ.get("STUDY_DATA") or "data")
rows = list(csv.DictReader((folder / "visits.csv").open()))
scores = [int(row["score"]) for row in rows if row["score"]]
if not scores:
    raise SystemExit("claims.yml has no wording for a study without scores")
version = json.loads((folder / "datapackage.json").read_text())["version"]
mean = sum(scores) / len(scores)
receipts = [{"id": "score.mean", "value": mean, "text": f"{mean:.1f}", "unit": "points"}]
receipts += [{"id": "claim.high", "value": mean > 45, "text": f"High: {mean > 45}.", "unit": "1"}]
lines = [{"schema_version": 1, "data_version": version, "data_hash": ""}]
lines += [{**receipt, "n": len(scores), "n_missing": 0, "method": "mean"} for receipt in receipts]
text = "".join(json.dumps(line) + "\\n" for line in lines)
Path(os.environ["STUDY_RESULTS"]).write_text(text)
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a recorded package in data/ and its results.json, after two updates."""
    root = tmp_path_factory.mktemp("recorded") / "project"
    write_package(root / "data")
    files = {"_quarto.yml": SETTINGS, "record.py": RECORD, "receipts.py": RECEIPTS, "paper.qmd": ""}
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    for book in (changed_book("C2", 41), make_book()):
        assert accepted(root, saved(book, root.parent)) == 0
    assert read_package(root / "data").version == "1.2.0"
    return root


@pytest.fixture
def project(recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project to change; the working directory."""
    monkeypatch.delenv("STUDY_DATA", raising=False)
    shutil.copytree(recorded, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def saved(book: Any, folder: Path) -> Path:
    """A workbook as a file."""
    book.save(folder / "new.xlsx")
    return folder / "new.xlsx"


def accepted(root: Path, new: Path) -> int:
    """The status of an update that is taken in, its report left out."""
    return update(root, new, data=root / "data", accept=True, say=lambda line: None)


def state(root: Path) -> dict[str, bytes]:
    """Every file of the project."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.*"))
            if path.is_file()}  # fmt: skip


def changed_book(place: str = "C3", value: Any = 60) -> Any:
    """The workbook with one changed visit."""
    book = make_book()
    book["visits"][place] = value
    return book


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
    assert list((project / ".cache").iterdir()) == []


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


def test_dates_of_people_are_not_simulated(project: Path) -> None:
    """A workbook with dates is not taken into a package whose rows are of nobody."""
    text = (project / "data/datapackage.json").read_text(encoding="utf-8")
    simulated = text.replace('"observed"', '"simulated"')
    (project / "data/datapackage.json").write_text(simulated, encoding="utf-8")
    book = make_dated_book()
    book["visits"]["B3"] = dt.date(2006, 4, 2)
    before = state(project)
    with pytest.raises(PressError, match="keep people's data as a package of its own"):
        accepted(project, saved(book, project.parent))
    assert state(project) == before


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


def failing_at(number: int, function: Callable[..., Any], calls: list[int]) -> Callable[..., Any]:
    """The function, with a failure at the call of that number."""

    def call(*arguments: Any) -> Any:
        calls.append(len(calls) + 1)
        if calls[-1] == number:
            raise OSError("the disk is full")
        return function(*arguments)

    return call


def test_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever file operation of the replacement fails, every file is as it was before."""
    names = ["a", "b", "c"]
    for name in names:
        (tmp_path / f"{name}.new.csv").write_text("new", encoding="utf-8")
    for name in names[:2]:
        (tmp_path / f"{name}.csv").write_text("old", encoding="utf-8")
    files = {tmp_path / f"{name}.csv": tmp_path / f"{name}.new.csv" for name in names}
    before, copy, rename = state(tmp_path), shutil.copyfile, Path.replace
    for number in range(1, 10):  # three new files, two kept, a list, three renamed
        calls: list[int] = []
        monkeypatch.setattr("shutil.copyfile", failing_at(number, copy, calls))
        monkeypatch.setattr(Path, "replace", failing_at(number, rename, calls))
        with pytest.raises(OSError, match="the disk is full"):
            replace_all(files, tmp_path / ".cache")
        assert calls[:number] == list(range(1, number + 1))
        assert state(tmp_path) == before
    calls = []
    monkeypatch.setattr("shutil.copyfile", failing_at(10, copy, calls))
    monkeypatch.setattr(Path, "replace", failing_at(10, rename, calls))
    replace_all(files, tmp_path / ".cache")
    assert len(calls) == 9
    assert {path.read_text(encoding="utf-8") for path in files} == {"new"}


def test_a_failed_update_leaves_all_as_it_was(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a file cannot be put in place, the whole package and results.json are old."""
    before, rename = state(project), Path.replace
    calls: list[int] = []
    monkeypatch.setattr(Path, "replace", failing_at(4, rename, calls))
    assert main(["update", str(saved(changed_book(), project.parent)), "--accept"]) == 2
    assert len(calls) > 4
    assert state(project) == before


def test_an_ended_process_is_taken_back(tmp_path: Path) -> None:
    """What a process that ended between two files left is put back by the next one."""
    olds, news = [tmp_path / "a", tmp_path / "b"], [tmp_path / "na", tmp_path / "nb"]
    olds[0].write_text("old a", encoding="utf-8")
    for new in news:
        new.write_text("new", encoding="utf-8")
    files = dict(zip(olds, news, strict=True))
    replacing._keep(files, tmp_path)
    shutil.copyfile(news[0], olds[0])  # and here the process ends
    assert take_back(tmp_path)
    assert olds[0].read_text(encoding="utf-8") == "old a"
    assert not olds[1].exists()
    assert not take_back(tmp_path)
    replace_all(files, tmp_path)
    assert [old.read_text(encoding="utf-8") for old in olds] == ["new", "new"]
    assert not (tmp_path / KEPT).exists()


def test_an_edit_after_an_ended_process_is_kept(tmp_path: Path) -> None:
    """Nothing is put back over a file that somebody edited since."""
    old, new = tmp_path / "a", tmp_path / "new"
    old.write_text("old", encoding="utf-8")
    new.write_text("new", encoding="utf-8")
    replacing._keep({old: new}, tmp_path)
    old.write_text("by hand", encoding="utf-8")
    with pytest.raises(PressError, match="edited after an update that was broken off"):
        take_back(tmp_path)
    assert old.read_text(encoding="utf-8") == "by hand"


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
    assert said[-1].endswith("is now version 1.1.0.")


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
