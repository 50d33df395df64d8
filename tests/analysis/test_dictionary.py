"""The README of a data package against its descriptor, and the recording of checksums."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from analysis.dictionary import main, readme, record
from analysis.errors import DataError
from analysis.load import SHIPPED_DATA, read_descriptor
from analysis.simulate import write_package
from analysis.study import TABLES, TYPES
from analysis.validate import read_study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A recorded package of six simulated patients."""
    write_package(tmp_path, n_patients=6)
    return tmp_path


def section(text: str, title: str) -> str:
    """The text under a heading, up to the next one."""
    return text.split(f" {title}\n")[1].split("\n#")[0]


def change(folder: Path, **properties: Any) -> None:
    """Set properties of datapackage.json."""
    file = folder / "datapackage.json"
    descriptor = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(descriptor | properties), encoding="utf-8")


def test_shipped_readme_is_fresh() -> None:
    """data/README.md is what its datapackage.json gives; `python -m analysis.dictionary data`."""
    shipped = (SHIPPED_DATA / "README.md").read_text(encoding="utf-8")
    assert shipped == readme(read_descriptor(SHIPPED_DATA))


def test_every_field_is_described_once(folder: Path) -> None:
    """Each field has one line in its table's dictionary, with type, unit and allowed values."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    for table in TABLES:
        lines = section(text, f"`{table}.csv`").splitlines()
        named = [line.split("`")[1] for line in lines if line.startswith("| `")]
        assert named == list(TYPES[table])
    visits = section(text, "`visits.csv`")
    line = next(line for line in visits.splitlines() if line.startswith("| `ck_u_l`"))
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[1:6] == ["Creatine kinase (CK)", "number", "U/L", "`1 to 200000`", "yes"]


def test_days_that_may_be_dates_are_named(folder: Path) -> None:
    """The README says which columns of a workbook may hold dates, if the package declares any."""
    descriptor = read_descriptor(folder)
    line = next(line for line in readme(descriptor).splitlines() if "may hold dates" in line)
    days = ("visits.visit_day", "cycles.start_day", "adverse_events.onset_day")
    assert all(f"`{name}`" in line for name in days)
    assert "`patients.first_ivig_year` may be left empty" in line
    del descriptor["time_origin"]
    assert "may hold dates" not in readme(descriptor)


def test_a_bar_in_a_cell_does_not_break_the_table(folder: Path) -> None:
    """A vertical bar in a description stays text within its cell."""
    descriptor = read_descriptor(folder)
    descriptor["resources"][0]["schema"]["fields"][0]["description"] = "a | b"
    assert "a \\| b" in readme(descriptor)


def test_simulated_data_say_so(folder: Path) -> None:
    """Of simulated data the README says so first; of observed data it does not say it."""
    assert "simulated" in (folder / "README.md").read_text(encoding="utf-8").split("## ")[0]
    change(folder, provenance={"kind": "observed", "description": "Chart review", "source": ""})
    record(folder)
    observed = (folder / "README.md").read_text(encoding="utf-8")
    assert "These data are simulated" not in observed
    assert "Chart review" in observed


def test_recorded_checksums_are_those_of_the_files(folder: Path) -> None:
    """After an edit the data are unrecorded; recording writes size and SHA-256 of each table."""
    file = folder / "adverse_events.csv"
    file.write_bytes(file.read_bytes().splitlines(keepends=True)[0])
    assert not read_study(folder).is_recorded
    assert main([str(folder)]) == 0
    assert read_study(folder).is_recorded
    for resource in read_descriptor(folder)["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()


def test_edited_simulated_tables_say_so(folder: Path) -> None:
    """Only of unedited simulated tables the README says that they can be written again."""
    assert "byte for byte" in (folder / "README.md").read_text(encoding="utf-8")
    file = folder / "adverse_events.csv"
    file.write_bytes(file.read_bytes().splitlines(keepends=True)[0])
    record(folder)
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert "byte for byte" not in text
    assert text.count("--seed 2982`, then edited |") == len(TABLES)


def test_tables_of_no_program_have_no_command(folder: Path) -> None:
    """Simulated tables without `data_hash` are of no known program, and no command is given."""
    provenance = {"kind": "simulated", "description": "Of nobody.", "source": "a workbook"}
    change(folder, provenance=provenance)
    record(folder)
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert "These data are simulated" in text
    assert text.count("`a workbook`") == len(TABLES)
    assert "Of nobody." in section(text, "Provenance")
    assert not [word for word in ("simulator", "Simulation", "analysis.simulate") if word in text]


def test_recording_changes_nothing_else(folder: Path) -> None:
    """Recording an unchanged package leaves every file byte for byte as it was."""
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    record(folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_a_faulty_package_is_not_recorded(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing table, or a row that breaks the schema, ends with status 2 and records nothing."""
    (folder / "cycles.csv").write_text("patient_id\n", encoding="utf-8")
    before = (folder / "datapackage.json").read_bytes()
    assert main([str(folder)]) == 2
    (folder / "cycles.csv").unlink()
    assert main([str(folder)]) == 2
    assert "cycles.csv" in capsys.readouterr().err
    assert (folder / "datapackage.json").read_bytes() == before


def test_recording_without_a_package(tmp_path: Path) -> None:
    """A folder without datapackage.json cannot be recorded."""
    with pytest.raises(DataError):
        record(tmp_path)
