"""Every kind of bad table, put into a small simulated package, and the report that it gets."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.load import SHIPPED_DATA, data_folder
from analysis.simulate import write_package
from analysis.validate import read_study
from tests.analysis.packages import (
    CYCLES,
    TABLES,
    VISITS,
    change_descriptor,
    faults,
    field,
    places,
    read_or_refuse,
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


def empty(folder: Path, table: str) -> None:
    """Leave the header of a table alone."""
    file = folder / f"{table}.csv"
    file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


def test_there_may_be_no_adverse_event(folder: Path) -> None:
    """A header without rows says that nobody had an event, with the types of the columns."""
    empty(folder, "adverse_events")
    study = read_study(folder)
    assert len(study.adverse_events) == 0
    assert study.adverse_events["ctcae_grade"].dtype == "Int64"


@pytest.mark.parametrize("table", ["patients", "visits", "cycles"])
def test_a_study_has_patients_who_were_treated_and_seen(folder: Path, table: str) -> None:
    """Patients, visits or cycles without a row are one fault, not repeated by rows elsewhere."""
    empty(folder, table)
    (fault,) = faults(folder)
    assert str(fault) == (
        f"{table}.csv row 1: expected at least one row below the header; add the rows"
    )


def test_changed_table_is_not_recorded(folder: Path) -> None:
    """A table that differs from its checksum is read all the same, but not as recorded."""
    study = read_study(folder)
    assert not study.is_recorded
    write_package(folder, n_patients=2)
    recorded = read_study(folder)
    assert recorded.is_recorded
    assert recorded.data_hash != study.data_hash


ONE_FAULT = [
    # table, what stands there, what comes instead; the fault's row, column and value if shown
    ("visits", "800", "-3", 4, "ck_u_l", "-3"),
    ("visits", "800", "200001", 4, "ck_u_l", "200001"),
    ("visits", "800", "8e99", 4, "ck_u_l", None),
    ("visits", "800", "n/a", 4, "ck_u_l", None),
    ("visits", "800", "NaN", 4, "ck_u_l", None),
    ("visits", "800", "-inf", 4, "ck_u_l", None),
    ("visits", "800", "1_000", 4, "ck_u_l", None),
    ("visits", "800", " 800", 4, "ck_u_l", " 800"),
    ("visits", "800", "٨٠٠", 4, "ck_u_l", "٨٠٠"),
    ("visits", "800", '"1,200"', 4, "ck_u_l", "1,200"),
    ("visits", "800", '"1.200,5"', 4, "ck_u_l", None),
    ("visits", "800", "1.200.500", 4, "ck_u_l", None),
    ("visits", "2,46", "2,46.5", 4, "mrc_sum_score", "46.5"),
    ("visits", "2,46", "2,61", 4, "mrc_sum_score", "61"),
    ("visits", "2,46", "2," + "9" * 40, 4, "mrc_sum_score", None),
    ("visits", "35,2", "36,2", 4, "visit_day", "36"),
    ("visits", "35,2", "0,2", 4, "patient_id, visit_day", "A1, 0"),
    ("visits", "35,2", "-1,2", 4, "visit_day", "-1"),
    ("visits", "35,2", "35,4", 4, "cycle", "4"),
    ("visits", "-90,,", "-90,1,", 3, "cycle", "1"),
    ("visits", "B2,-3", "C3,-3", 5, "patient_id", "C3"),
    ("visits", "B2,-3", ",-3", 5, "patient_id", ""),
    ("patients", "PM", "pm", 2, "diagnosis", None),
    ("patients", "true", "yes", 2, "biopsy_supportive", None),
    ("patients", "true", "TRUE", 2, "biopsy_supportive", None),
    ("patients", "possible", "", 3, "criteria_certainty", ""),
    ("patients", "52", "17", 2, "age_years", "17"),
    ("patients", "methotrexate; a", "Methotrexate, a", 2, None, "13 cells"),
    ("patients", "methotrexate; a", "Methotrexate; a", 2, "failed_immunosuppressants", None),
    ("cycles", "A1,2,35", "A1,1,35", 3, "patient_id, cycle", "A1, 1"),
    ("cycles", "A1,3,70", "A1,4,70", 4, "cycle", "4"),
    ("cycles", "A1,3,70", "A1,3,35", 4, "start_day", "35"),
    ("cycles", "B2,1,0", "B2,1,1", 5, "start_day", "1"),
    ("cycles", "A1,3,70,5", "A1,3,70,15", 4, "infusion_days", "15"),
    ("cycles", "A1,3,70,5", "A1,3,70", 4, None, "4 cells"),
    ("cycles", "\nA1,3", "\n\nA1,3", 4, None, ""),
    ("cycles", "\nA1,3", "\n,,,,\nA1,3", 4, None, ""),
    ("adverse_events", "2,36", "2,34", 2, "onset_day", "34"),
    ("adverse_events", "2,36", "9,36", 2, "patient_id, cycle", "A1, 9"),
    ("adverse_events", "headache,1", "headache,6", 2, "ctcae_grade", "6"),
    ("adverse_events", "headache", "x" * 61, 2, "term", None),
    ("adverse_events", "headache", "head\x07ache", 2, "term", None),
    ("adverse_events", "headache", '"head\nache"', 2, "term", None),
    *(
        ("adverse_events", "headache", text, 2, "term", None)
        for text in (
            "headache\u200e",
            "head\u00adache",
            "headache\u2060",
            "headache\u200d",
            "he\u0430dache",
            "h\uff45adache",
            "headache\ue000",
            "head\u2028ache",
            "head  ache",
            "headache ",
            " headache",
            "headache\u00a0",
            "head\u2009ache",
            "rash on 5 May",
            "rash 12/3",
            "geb.120355",
        )
    ),
    ("adverse_events", "1,false,false", "1,false,0", 2, "led_to_discontinuation", None),
]


@pytest.mark.parametrize(("table", "old", "new", "row", "column", "value"), ONE_FAULT)
def test_one_fault_is_named(
    folder: Path, table: str, old: str, new: str, row: int, column: str | None, value: str | None
) -> None:
    """One thing wrong gives one fault with its place; a value only if measured or a pseudonym."""
    replace(folder, table, old, new)
    found = [fault for fault in faults(folder) if fault.file == f"{table}.csv"]
    assert (found[0].row, found[0].column) == (row, column)
    assert found[0].value == value
    assert len(faults(folder)) == 1
    assert found[0].expected
    assert found[0].remedy


def test_the_case_of_letters_makes_no_other_event(folder: Path) -> None:
    """The rarer of two spellings of one text is a fault that names the row of the other."""
    rows = ["A1,2,37,Headache,1,false,false", "A1,2,38,headache,1,false,false"]
    rows.append("A1,2,39,headache \u03b2,1,false,false")
    file = folder / "adverse_events.csv"
    file.write_text(file.read_text(encoding="utf-8") + "\n".join(rows), encoding="utf-8")
    (fault,) = faults(folder)
    assert (fault.row, fault.column, fault.value) == (3, "term", None)
    assert fault.expected.startswith("the spelling of row 2")


def test_blank_rows_that_follow_each_other_are_one_fault(folder: Path) -> None:
    """Rows of commas below a table, as a spreadsheet program leaves them, are told once."""
    with (folder / "visits.csv").open("a", encoding="utf-8") as file:
        file.write(",,,,,,\n" * 300)
    replace(folder, "visits", "\nA1,35", "\n,,,,,,\nA1,35")
    first, second = faults(folder)
    assert (first.row, first.remedy) == (4, "delete the empty line")
    assert (second.row, second.remedy) == (7, "delete the empty lines 7 to 306")


def test_row_numbers_are_lines_of_the_file(folder: Path) -> None:
    """After a cell that runs over two lines, rows are still counted as an editor counts lines."""
    replace(folder, "visits", "A1,-90,,45,900,", 'A1,-90,,45,900,"4\n2"')
    replace(folder, "visits", "800", "-3")
    assert places(folder) == [
        ("visits.csv", 2, "ldh_u_l", None),
        ("visits.csv", 5, "ck_u_l", "-3"),
    ]


def test_all_faults_at_once_in_fixed_order(folder: Path) -> None:
    """Faults of all tables come in one report, ordered by file, row and column."""
    replace(folder, "visits", "800", "-3")
    replace(folder, "visits", "2,46", "2,66")
    replace(folder, "visits", "A1,-90", "Z9,-90")
    replace(folder, "patients", "B2,IBM", "B2,sIBM")
    replace(folder, "cycles", "A1,3,70", "A1,4,70")
    (folder / "adverse_events.csv").unlink()
    change_descriptor(folder, lambda d: d["provenance"].update(kind="real"))
    assert [(f.file, f.row, f.column) for f in faults(folder)] == [
        ("adverse_events.csv", None, None),
        ("cycles.csv", 4, "cycle"),
        ("datapackage.json", None, "provenance.kind"),
        ("patients.csv", 3, "diagnosis"),
        ("visits.csv", 2, "patient_id"),
        ("visits.csv", 4, "ck_u_l"),
        ("visits.csv", 4, "mrc_sum_score"),
    ]


def test_a_fault_reads_as_one_sentence(folder: Path) -> None:
    """The report names file, row, column, value, expectation and remedy, one line a fault."""
    replace(folder, "visits", "800", "-3")
    with pytest.raises(DataError) as refusal:
        read_study(folder)
    assert str(refusal.value) == (
        f"1 fault in the data package {folder}:\n"
        'visits.csv row 4, ck_u_l: found "-3", expected a number with a decimal point and no '
        "thousands separator: 1 to 200000 U/L; correct the cell, or leave it empty if the value "
        "is not known"
    )


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


WRONG_IDS = [
    # table, what stands there, what comes instead; file, row, columns of each fault
    ("visits", "A1,0,1", "Z9,0,1", [("visits", 3, "patient_id")]),
    ("visits", "A1,0,1", "a1,0,1", [("visits", 3, "patient_id")]),
    ("visits", "A1,0,1", "A1 ,0,1", [("visits", 3, "patient_id")]),
    ("visits", "A1,0,1", ",0,1", [("visits", 3, "patient_id")]),
    ("cycles", "A1,1,0", "Z9,1,0", [("cycles", 2, "patient_id")]),
    ("cycles", "A1,2,35", "Z9,2,35", [("cycles", 3, "patient_id")]),
    ("cycles", "A1,2,35", "A1 ,2,35", [("cycles", 3, "patient_id")]),
    ("cycles", "A1,2,35", ",2,35", [("cycles", 3, "patient_id")]),
    ("cycles", "A1,2,35", "A1,x,35", [("cycles", 3, "cycle")]),
    ("cycles", "A1,2,35", "A1,1,35", [("cycles", 3, "patient_id, cycle")]),
    ("adverse_events", "A1,2,36", "Z9,2,36", [("adverse_events", 2, "patient_id")]),
    ("patients", "A1,PM", "B2,PM", [("patients", 3, "patient_id")]),
    ("patients", "A1,PM", ",PM", [("patients", 2, "patient_id")]),
    ("patients", "A1,PM", "A1 ,PM", [("patients", 2, "patient_id")]),
    ("patients", "A1,PM", "a1,PM", [("visits", 2, "patient_id")]),
    ("patients", "A1,PM", "Z9,PM", [("visits", 2, "patient_id")]),
]


@pytest.mark.parametrize(("table", "old", "new", "where"), WRONG_IDS)
def test_a_wrong_id_is_told_once(
    folder: Path, table: str, old: str, new: str, where: list[tuple[str, int, str]]
) -> None:
    """One wrong id is one fault: rows left without theirs, gaps and unknown cycles are not told."""
    replace(folder, table, old, new)
    assert [(f.file, f.row, f.column) for f in faults(folder)] == [
        (f"{file}.csv", row, column) for file, row, column in where
    ]


def test_all_rows_of_an_unknown_participant_are_one_fault(folder: Path) -> None:
    """It stands at the first row, counts the others by table, and names the id that is meant."""
    replace(folder, "patients", "A1,PM", "a1,PM")
    (fault,) = faults(folder)
    assert fault.value == "A1"
    assert fault.remedy == (
        "correct the row, or add what it names to patients.csv (rows that name the same besides: "
        "2 in visits.csv, 3 in cycles.csv, 1 in adverse_events.csv); did you mean a1?"
    )


def test_two_unknown_participants_are_two_faults(folder: Path) -> None:
    """More unknown ids than rows of patients at fault are all told."""
    replace(folder, "visits", "A1,-90", "Z8,-90")
    replace(folder, "visits", "A1,0", "Z9,0")
    assert places(folder) == [
        ("visits.csv", 2, "patient_id", "Z8"),
        ("visits.csv", 3, "patient_id", "Z9"),
    ]


SECRETS = [
    # table, what stands there, what comes instead; the fault's row and column
    ("adverse_events", "headache", "headache on 12 March 2006", 2, "term"),
    ("adverse_events", "headache", "3/12/2006", 2, "term"),
    ("adverse_events", "headache", "Rossi " * 12, 2, "term"),
    ("patients", "methotrexate; a", "seit 4. m\u00e4rz 2006; a", 2, "failed_immunosuppressants"),
    ("patients", "A1,PM", "Mario Rossi,PM", 2, "patient_id"),
    ("patients", "A1,PM", "2006-03-12,PM", 2, "patient_id"),
    ("patients", "A1,PM", "Rossi_Maria,PM", 2, "patient_id"),
    ("patients", "A1,PM", "JS12031955,PM", 2, "patient_id"),
    ("patients", "A1,PM", "MR550312,PM", 2, "patient_id"),
    ("patients", "A1,PM", "7561234567897,PM", 2, "patient_id"),
    ("patients", "A1,PM", "RSSMRA55C12F205X,PM", 2, "patient_id"),
    ("patients", ",52,", ",550312,", 2, "age_years"),
    ("visits", "800", "7561234567897", 4, "ck_u_l"),
    ("patients", "2006", "38777", 2, "first_ivig_year"),
    ("patients", "2006", "20060312", 2, "first_ivig_year"),
    ("visits", "A1,-90", "A1,38777", 2, "visit_day"),
    ("visits", "A1,-90", "A1,2006-03-12", 2, "visit_day"),
    ("visits", "A1,-90", "A1,12.3.06", 2, "visit_day"),
    ("visits", "2,46", "2,38777", 4, "mrc_sum_score"),
    ("visits", "800", "Rossi", 4, "ck_u_l"),
    ("patients", "true", "Rossi", 2, "biopsy_supportive"),
    ("patients", "definite", "Rossi", 2, "criteria_certainty"),
]


@pytest.mark.parametrize(("table", "old", "new", "row", "column"), SECRETS)
def test_no_report_shows_a_date_or_a_name(
    folder: Path, table: str, old: str, new: str, row: int, column: str
) -> None:
    """What may be a date, a name or a hospital number is told by its place and not shown."""
    replace(folder, table, old, new)
    (fault,) = faults(folder)
    assert (fault.file, fault.row, fault.column) == (f"{table}.csv", row, column)
    assert "found" not in str(fault)
    assert not re.search(
        "2006|38777|Rossi|March|m\u00e4rz|12.3.06|3/12|1955|5503|7561|RSSMRA", str(fault)
    )


def test_no_report_shows_a_header(folder: Path) -> None:
    """A table whose first line is a row, or with a column of a person's, is told without it."""
    text = VISITS.replace("cycle,", "Rossi 2006-03-12,", 1)
    (folder / "visits.csv").write_text(text, encoding="utf-8")
    (folder / "cycles.csv").write_text("Rossi,2006-03-12\n", encoding="utf-8")
    said = [str(fault) for fault in faults(folder)]
    assert [line.partition(":")[0] for line in said] == [
        "cycles.csv row 1",
        "visits.csv row 1, column 3",
        "visits.csv row 1, cycle",
    ]
    assert not re.search("2006|Rossi", "".join(said))


def test_a_number_of_a_date_says_what_it_may_be(folder: Path) -> None:
    """A day out of bounds that is one of Excel's numbers of dates has that in its remedy."""
    replace(folder, "visits", "A1,-90", "A1,38777")
    assert faults(folder)[0].remedy.startswith("this may be the number by which Excel holds a date")


def test_a_boolean_is_wanted_by_its_names(folder: Path) -> None:
    """The words for true and false are those of datapackage.json."""
    change_descriptor(
        folder, lambda d: field(d, "patients", "biopsy_supportive").update(trueValues=["ja"])
    )
    (fault,) = faults(folder)
    assert fault.expected == "ja or false"
    assert fault.remedy == ("write ja or false, or leave it empty if the value is not known")


def test_no_such_folder(tmp_path: Path) -> None:
    """A folder that does not exist is a fault with a remedy."""
    assert "STUDY_DATA" in faults(tmp_path / "nowhere")[0].remedy


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_cell_is_read_or_refused(folder: Path, data: st.DataObject) -> None:
    """Whatever stands in a cell, the package is read or refused with a report; it never crashes."""
    table = data.draw(st.sampled_from(sorted(TABLES)))
    lines = [line.split(",") for line in TABLES[table].splitlines()]
    row = data.draw(st.integers(0, len(lines) - 1))
    column = data.draw(st.integers(0, len(lines[0]) - 1))
    lines[row][column] = data.draw(st.text(max_size=8) | st.integers().map(str))
    text = "\n".join(",".join(cells) for cells in lines)
    original = (folder / f"{table}.csv").read_bytes()
    (folder / f"{table}.csv").write_text(text, encoding="utf-8", errors="replace", newline="")
    try:
        read_or_refuse(folder)
    finally:
        (folder / f"{table}.csv").write_bytes(original)


def test_study_data_names_the_folder() -> None:
    """STUDY_DATA names the data folder; without it, or empty, it is the shipped one."""
    assert data_folder({"STUDY_DATA": "elsewhere"}) == Path("elsewhere")
    assert data_folder({}) == SHIPPED_DATA
    assert data_folder({"STUDY_DATA": ""}) == SHIPPED_DATA
