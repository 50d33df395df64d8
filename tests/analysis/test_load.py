"""Files that are read as they were written, and those that are no table of the study."""

from pathlib import Path

import pytest

from analysis.load import SHIPPED_DATA, data_folder
from analysis.validate import read_study
from tests.analysis.packages import (
    CYCLES,
    VISITS,
    faults,
    places,
    replace,
)


def test_values_arrive_as_written(folder: Path) -> None:
    """Numbers, booleans, text and missing values are those of the files, sorted by key."""
    study = read_study(folder)
    visits = study.visits
    assert visits["visit_day"].tolist() == [-90, 0, 35, -3]
    assert visits["cycle"].isna().tolist() == [True, False, False, False]
    assert visits["ck_u_l"].tolist() == [900, 1250.5, 800, 500]
    assert study.patients["biopsy_supportive"].isna().tolist() == [False, True]
    assert study.patients["failed_immunosuppressants"][0] == "methotrexate; azathioprine"
    assert study.adverse_events["serious"].tolist() == [False]
    entries = {(entry.table, entry.field): entry for entry in study.dictionary}
    assert entries["visits", "ck_u_l"].unit == "U/L"
    assert entries["visits", "ck_u_l"].meaning == "Creatine kinase (CK). In serum"
    assert study.privacy.age_band_years == 10


def test_rows_are_sorted_and_columns_in_any_order(folder: Path) -> None:
    """The order of rows and columns in a file means nothing."""
    expected = read_study(folder).cycles
    lines = [line.split(",") for line in CYCLES.splitlines()]
    turned = [",".join(reversed(cells)) for cells in [lines[0], *reversed(lines[1:])]]
    (folder / "cycles.csv").write_text("\n".join(turned), encoding="utf-8")
    assert read_study(folder).cycles.equals(expected)


def test_text_is_kept(folder: Path) -> None:
    """Markdown, HTML and typst in a cell, commas and quotation marks included, stay as they are."""
    term = '*x* <script>, #read("y") "z" | ü'
    quoted = '"' + term.replace('"', '""') + '"'
    replace(folder, "adverse_events", "headache", quoted)
    assert read_study(folder).adverse_events["term"].tolist() == [term]


def test_byte_order_mark_and_windows_line_ends(folder: Path) -> None:
    """A table saved on Windows, with a byte order mark and CRLF, reads the same."""
    expected = read_study(folder).visits
    windows = b"\xef\xbb\xbf" + VISITS.replace("\n", "\r\n").encode()
    (folder / "visits.csv").write_bytes(windows)
    assert read_study(folder).visits.equals(expected)


@pytest.mark.parametrize("table", ["patients", "visits", "cycles", "adverse_events"])
@pytest.mark.parametrize(
    ("content", "row"),
    [
        (None, None),
        (b"", 1),
        (b"\n\n", 1),
        (b"A1,2,3\n", 1),
        (b"a;b;c\n1;2;3\n", 1),
        (b'patient_id,"cycle\n', 1),
        (b"patient_id,cycle\nM\xfcller,1\n", 2),
        (b"\x00\xff\xfe", 1),
    ],
)
def test_unreadable_table(folder: Path, table: str, content: bytes | None, row: int | None) -> None:
    """No file, no content, no header, another separator, an open quote, not UTF-8: each is said."""
    file = folder / f"{table}.csv"
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    found = [fault for fault in faults(folder) if fault.file == file.name]
    assert [fault.row for fault in found] == [row]


def test_a_folder_in_place_of_a_table(folder: Path) -> None:
    """A folder with the name of a table is a fault, not a crash."""
    (folder / "cycles.csv").unlink()
    (folder / "cycles.csv").mkdir()
    assert ("cycles.csv", None, None) in [(f.file, f.row, f.column) for f in faults(folder)]


def test_missing_and_unexpected_columns(folder: Path) -> None:
    """A misspelt column is missing and unexpected, with the meant name; other faults still show."""
    replace(folder, "visits", "ck_u_l", "ck_ul")
    replace(folder, "visits", "420", "-420")
    found = faults(folder)
    assert [(f.row, f.column) for f in found] == [(1, "ck_u_l"), (1, "column 5"), (3, "ldh_u_l")]
    assert "did you mean ck_u_l?" in found[1].remedy


def test_a_column_twice(folder: Path) -> None:
    """A column that stands twice in the header is a fault."""
    text = "".join(line + ",1\n" for line in CYCLES.splitlines())
    header = "patient_id,cycle,start_day,infusion_days,dose_g_kg"
    text = text.replace(header + ",1", header + ",cycle")
    (folder / "cycles.csv").write_text(text, encoding="utf-8")
    assert places(folder) == [("cycles.csv", 1, "cycle", "cycle")]


def test_missing_key_column(folder: Path) -> None:
    """Without its patient_id a table is refused for that, and its other columns still checked."""
    replace(folder, "patients", "patient_id,", "name,")
    replace(folder, "patients", "A1,PM", "A1,XX")
    found = [(f.file, f.row, f.column) for f in faults(folder) if f.file == "patients.csv"]
    expected = [(1, "column 1"), (1, "patient_id"), (2, "diagnosis")]
    assert found == [("patients.csv", row, column) for row, column in expected]


def test_no_such_folder(tmp_path: Path) -> None:
    """A folder that does not exist is a fault with a remedy."""
    assert "STUDY_DATA" in faults(tmp_path / "nowhere")[0].remedy


def test_study_data_names_the_folder() -> None:
    """STUDY_DATA names the data folder; without it, or empty, it is the shipped one."""
    assert data_folder({"STUDY_DATA": "elsewhere"}) == Path("elsewhere")
    assert data_folder({}) == SHIPPED_DATA
    assert data_folder({"STUDY_DATA": ""}) == SHIPPED_DATA
