"""Every kind of bad value and row in a small simulated package, and the report that it gets."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.simulate import write_package
from analysis.validate import read_study
from tests.analysis.packages import (
    TABLES,
    change_descriptor,
    faults,
    field,
    places,
    read_or_refuse,
    replace,
)


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


def test_a_boolean_is_wanted_by_its_names(folder: Path) -> None:
    """The words for true and false are those of datapackage.json."""
    change_descriptor(
        folder, lambda d: field(d, "patients", "biopsy_supportive").update(trueValues=["ja"])
    )
    (fault,) = faults(folder)
    assert fault.expected == "ja or false"
    assert fault.remedy == ("write ja or false, or leave it empty if the value is not known")


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
