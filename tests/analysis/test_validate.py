"""Every kind of bad data, put into a small simulated package, and the report that it gets."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import DataError, Fault
from analysis.load import SHIPPED_DATA, data_folder, load_package
from analysis.schema import descriptor_faults
from analysis.simulate import write_package
from analysis.validate import read_study

PATIENTS = """\
patient_id,diagnosis,criteria_certainty,sex,age_years,first_ivig_year,disease_duration_months,\
biopsy_supportive,myositis_antibody,failed_immunosuppressants,ck_upper_limit_u_l,ldh_upper_limit_u_l
A1,PM,definite,female,52,2006,30,true,anti-Jo-1,methotrexate; azathioprine,210,250
B2,IBM,possible,male,70,2008,60,,,,300,250
"""
VISITS = """\
patient_id,visit_day,cycle,mrc_sum_score,ck_u_l,ldh_u_l,prednisone_mg_day
A1,-90,,45,900,,20
A1,0,1,42,1250.5,420,20
A1,35,2,46,800,350,15
B2,-3,1,40,500,260,10
"""
CYCLES = """\
patient_id,cycle,start_day,infusion_days,dose_g_kg
A1,1,0,5,2
A1,2,35,5,1.6
A1,3,70,5,1.6
B2,1,0,5,1
"""
EVENTS = """\
patient_id,cycle,onset_day,term,ctcae_grade,serious,led_to_discontinuation
A1,2,36,headache,1,false,false
"""


@pytest.fixture(scope="module")
def descriptor(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The datapackage.json of a simulated package without patients."""
    folder = tmp_path_factory.mktemp("empty")
    write_package(folder, n_patients=0)
    return (folder / "datapackage.json").read_bytes()


@pytest.fixture
def folder(tmp_path: Path, descriptor: bytes) -> Path:
    """A valid package of two patients, four visits, four cycles and one adverse event."""
    texts = {"patients": PATIENTS, "visits": VISITS, "cycles": CYCLES, "adverse_events": EVENTS}
    for table, text in texts.items():
        (tmp_path / f"{table}.csv").write_text(text, encoding="utf-8", newline="")
    (tmp_path / "datapackage.json").write_bytes(descriptor)
    return tmp_path


def faults(folder: Path) -> tuple[Fault, ...]:
    """The faults for which the package in `folder` is refused."""
    with pytest.raises(DataError) as refusal:
        read_study(folder)
    assert str(refusal.value).count("\n") == len(refusal.value.faults)
    return refusal.value.faults


def read_or_refuse(folder: Path) -> None:
    """Read the package in `folder`; any error but a DataError gets through."""
    with suppress(DataError):
        read_study(folder)


def places(folder: Path) -> list[tuple[str, int | None, str | None, str | None]]:
    """File, row, column and value of each fault."""
    return [(fault.file, fault.row, fault.column, fault.value) for fault in faults(folder)]


def replace(folder: Path, table: str, old: str, new: str) -> None:
    """Put `new` in the place of the only `old` in a table."""
    file = folder / f"{table}.csv"
    text = file.read_bytes().decode()
    assert text.count(old) == 1
    file.write_bytes(text.replace(old, new).encode())


def change_descriptor(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Apply `change` to the content of datapackage.json."""
    file = folder / "datapackage.json"
    descriptor = json.loads(file.read_text(encoding="utf-8"))
    change(descriptor)
    file.write_text(json.dumps(descriptor), encoding="utf-8")


def field(descriptor: dict[str, Any], table: str, name: str) -> dict[str, Any]:
    """The field `name` of `table` in a descriptor."""
    fields = next(r for r in descriptor["resources"] if r["name"] == table)["schema"]["fields"]
    return next(f for f in fields if f["name"] == name)


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


@pytest.mark.parametrize("empty", ["adverse_events", "visits cycles adverse_events", "all"])
def test_tables_without_rows(folder: Path, empty: str) -> None:
    """A header without rows is valid: no adverse event, no visit, nobody at all."""
    all_tables = "patients visits cycles adverse_events"
    for table in (all_tables if empty == "all" else empty).split():
        file = folder / f"{table}.csv"
        file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    study = read_study(folder)
    assert len(study.adverse_events) == 0
    assert study.adverse_events["ctcae_grade"].dtype == "Int64"
    assert len(study.patients) == (0 if empty == "all" else 2)


def test_changed_table_is_not_recorded(folder: Path) -> None:
    """A table that differs from its checksum is read all the same, but not as recorded."""
    study = read_study(folder)
    assert not study.is_recorded
    write_package(folder, n_patients=2)
    recorded = read_study(folder)
    assert recorded.is_recorded
    assert recorded.data_hash != study.data_hash


ONE_FAULT = [
    # table, what stands there, what comes instead, and the fault's row, column and value
    ("visits", "800", "-3", 4, "ck_u_l", "-3"),
    ("visits", "800", "200001", 4, "ck_u_l", "200001"),
    ("visits", "800", "8e99", 4, "ck_u_l", "8e99"),
    ("visits", "800", "n/a", 4, "ck_u_l", "n/a"),
    ("visits", "800", "NaN", 4, "ck_u_l", "NaN"),
    ("visits", "800", "-inf", 4, "ck_u_l", "-inf"),
    ("visits", "800", "1_000", 4, "ck_u_l", "1_000"),
    ("visits", "800", " 800", 4, "ck_u_l", " 800"),
    ("visits", "800", "٨٠٠", 4, "ck_u_l", "٨٠٠"),
    ("visits", "800", '"1,200"', 4, "ck_u_l", "1,200"),
    ("visits", "800", '"1.200,5"', 4, "ck_u_l", "1.200,5"),
    ("visits", "800", "1.200.500", 4, "ck_u_l", "1.200.500"),
    ("visits", "2,46", "2,46.5", 4, "mrc_sum_score", "46.5"),
    ("visits", "2,46", "2,61", 4, "mrc_sum_score", "61"),
    ("visits", "2,46", "2," + "9" * 40, 4, "mrc_sum_score", "9" * 40),
    ("visits", "35,2", "36,2", 4, "visit_day", "36"),
    ("visits", "35,2", "0,2", 4, "patient_id, visit_day", "A1, 0"),
    ("visits", "35,2", "-1,2", 4, "visit_day", "-1"),
    ("visits", "35,2", "35,4", 4, "cycle", "4"),
    ("visits", "-90,,", "-90,1,", 3, "cycle", "1"),
    ("visits", "B2,-3", "C3,-3", 5, "patient_id", "C3"),
    ("visits", "B2,-3", ",-3", 5, "patient_id", ""),
    ("patients", "PM", "pm", 2, "diagnosis", "pm"),
    ("patients", "true", "yes", 2, "biopsy_supportive", "yes"),
    ("patients", "true", "TRUE", 2, "biopsy_supportive", "TRUE"),
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
    ("adverse_events", "headache", "x" * 61, 2, "term", "x" * 61),
    ("adverse_events", "headache", "head\x07ache", 2, "term", "head\x07ache"),
    ("adverse_events", "headache", '"head\nache"', 2, "term", "head\nache"),
    ("adverse_events", "1,false,false", "1,false,0", 2, "led_to_discontinuation", "0"),
]


@pytest.mark.parametrize(("table", "old", "new", "row", "column", "value"), ONE_FAULT)
def test_one_fault_is_named(
    folder: Path, table: str, old: str, new: str, row: int, column: str | None, value: str | None
) -> None:
    """One thing wrong gives a fault at its file, row, column and value, and of that table alone."""
    replace(folder, table, old, new)
    found = [fault for fault in faults(folder) if fault.file == f"{table}.csv"]
    assert (found[0].row, found[0].column) == (row, column)
    assert value is None or found[0].value == value
    assert found[0].expected
    assert found[0].remedy


def test_row_numbers_are_lines_of_the_file(folder: Path) -> None:
    """After a cell that runs over two lines, rows are still counted as an editor counts lines."""
    replace(folder, "visits", "A1,-90,,45,900,", 'A1,-90,,45,900,"4\n2"')
    replace(folder, "visits", "800", "-3")
    assert places(folder) == [
        ("visits.csv", 2, "ldh_u_l", "4\n2"),
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
    assert [(f.row, f.column) for f in found] == [(1, "ck_u_l"), (1, "ck_ul"), (3, "ldh_u_l")]
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
    expected = [(1, "name"), (1, "patient_id"), (2, "diagnosis")]
    assert found == [("patients.csv", row, column) for row, column in expected]


def test_visits_of_nobody(folder: Path) -> None:
    """With no patient in patients.csv every row of the other tables names an unknown patient."""
    (folder / "patients.csv").write_text(PATIENTS.splitlines()[0] + "\n", encoding="utf-8")
    found = places(folder)
    assert len(found) == 9
    assert {column for _, _, column, _ in found} == {"patient_id"}


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"\xff\xfe", b'{"version": NaN', b"1"])
def test_unreadable_descriptor(folder: Path, content: bytes | None) -> None:
    """A missing or unreadable datapackage.json is one fault of that file."""
    file = folder / "datapackage.json"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    assert [(f.file, f.row) for f in faults(folder)] == [("datapackage.json", None)]


def test_no_such_folder(tmp_path: Path) -> None:
    """A folder that does not exist is a fault with a remedy."""
    assert "STUDY_DATA" in faults(tmp_path / "nowhere")[0].remedy


def _retype(descriptor: dict[str, Any], table: str, name: str, type_name: str) -> None:
    field(descriptor, table, name).update(type=type_name, constraints={"required": True})


BAD_DESCRIPTORS: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("version", lambda d: d.pop("version")),
    ("version", lambda d: d.update(version=1)),
    ("licenses", lambda d: d.update(licenses="CC0-1.0")),
    ("provenance.kind", lambda d: d.update(provenance="observed")),
    ("provenance.kind", lambda d: d["provenance"].update(kind=["observed"])),
    (
        "privacy.patient_characteristics",
        lambda d: d["privacy"].update(patient_characteristics=["age_years"]),
    ),
    (
        "privacy.patient_characteristics",
        lambda d: d["privacy"].update(patient_characteristics=[["sex"]]),
    ),
    ("privacy.age_band_years", lambda d: d["privacy"].update(age_band_years=True)),
    ("privacy.age_band_years", lambda d: d["privacy"].update(age_band_years=0)),
    ("resources", lambda d: d.pop("resources")),
    ("resources", lambda d: d["resources"].pop()),
    ("resources", lambda d: d["resources"].append({"name": "labs"})),
    ("resources", lambda d: d["resources"].append(d["resources"][0])),
    ("resources", lambda d: d["resources"].append("labs")),
    ("patients.path", lambda d: d["resources"][0].update(path="../patients.csv")),
    ("patients.path", lambda d: d["resources"][0].update(path="/etc/passwd")),
    ("patients.path", lambda d: d["resources"][0].update(path=["a.csv", "b.csv"])),
    ("patients.schema", lambda d: d["resources"][0].pop("schema")),
    ("patients.schema", lambda d: d["resources"][0].update(schema="https://example.org/s.json")),
    ("patients.schema", lambda d: d["resources"][0].update(schema={"fields": "all"})),
    ("patients.schema", lambda d: d["resources"][0]["schema"]["fields"].append(3)),
    ("patients.primaryKey", lambda d: d["resources"][0]["schema"].pop("primaryKey")),
    ("visits.foreignKeys", lambda d: d["resources"][1]["schema"].pop("foreignKeys")),
    ("visits.schema", lambda d: _retype(d, "visits", "ck_u_l", "wibble")),
    ("visits.ck_u_l", lambda d: field(d, "visits", "ck_u_l").update(type="integer")),
    ("visits.ck_u_l", lambda d: field(d, "visits", "ck_u_l").update(name="ck")),
    ("visits.visit_day", lambda d: _retype(d, "visits", "visit_day", "any")),
    ("visits.visit_day", lambda d: _retype(d, "visits", "visit_day", "list")),
    ("cycles.cycle", lambda d: _retype(d, "cycles", "cycle", "string")),
    ("cycles.patient_id", lambda d: _retype(d, "cycles", "patient_id", "integer")),
    ("visits.schema", lambda d: field(d, "visits", "ck_u_l")["constraints"].update(minimum="x")),
    (
        "patients.schema",
        lambda d: field(d, "patients", "patient_id")["constraints"].update(pattern="["),
    ),
    ("patients.sex", lambda d: field(d, "patients", "sex")["constraints"].pop("required")),
    ("time_origin", lambda d: d.update(time_origin="cycles.start_day")),
    ("time_origin.first", lambda d: d["time_origin"].update(first="patients.age_years")),
    ("time_origin.per", lambda d: d["time_origin"].pop("per")),
    ("time_origin.days", lambda d: d["time_origin"]["days"].append("visits.ck_u_l")),
    ("time_origin.days", lambda d: d["time_origin"].update(days="visits.visit_day")),
    ("time_origin.year", lambda d: d["time_origin"].update(year="patients.year")),
]


@pytest.mark.parametrize(("place", "change"), BAD_DESCRIPTORS)
def test_bad_descriptor(
    folder: Path, place: str, change: Callable[[dict[str, Any]], object]
) -> None:
    """What the study needs of datapackage.json and does not find there is named with its place."""
    change_descriptor(folder, change)
    found = [f.column for f in faults(folder) if f.file == "datapackage.json"]
    assert place in found


def test_descriptor_is_obeyed(folder: Path) -> None:
    """Allowed values, bounds, missing values and further fields are those of datapackage.json."""

    def widen(descriptor: dict[str, Any]) -> None:
        field(descriptor, "patients", "diagnosis")["constraints"]["enum"].append("ASyS")
        field(descriptor, "visits", "mrc_sum_score")["constraints"]["maximum"] = 80
        visits = descriptor["resources"][1]["schema"]
        visits["missingValues"] = ["", "NA"]
        visits["fields"].append({"name": "haq_di", "type": "number"})

    change_descriptor(folder, widen)
    replace(folder, "patients", "IBM", "ASyS")
    replace(folder, "visits", "2,46,800", "2,77,NA")
    text = (folder / "visits.csv").read_text(encoding="utf-8").splitlines()
    extended = [text[0] + ",haq_di", *(line + ",1.5" for line in text[1:])]
    (folder / "visits.csv").write_text("\n".join(extended), encoding="utf-8")
    study = read_study(folder)
    assert study.patients["diagnosis"].tolist() == ["PM", "ASyS"]
    assert study.visits["mrc_sum_score"].tolist() == [45, 42, 77, 40]
    assert study.visits["ck_u_l"].isna().tolist() == [False, False, True, False]
    assert study.visits["haq_di"].tolist() == [1.5] * 4


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_cell_is_read_or_refused(folder: Path, data: st.DataObject) -> None:
    """Whatever stands in a cell, the package is read or refused with a report; it never crashes."""
    texts = {"patients": PATIENTS, "visits": VISITS, "cycles": CYCLES, "adverse_events": EVENTS}
    table = data.draw(st.sampled_from(sorted(texts)))
    lines = [line.split(",") for line in texts[table].splitlines()]
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


def _paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside a JSON value."""
    if not isinstance(node, dict | list):
        return [path]
    children = node.items() if isinstance(node, dict) else enumerate(node)
    return [path, *(p for name, child in children for p in _paths(child, (*path, name)))]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_descriptor_is_obeyed_or_refused(folder: Path, data: st.DataObject) -> None:
    """Whatever one value of datapackage.json becomes, the package is read or refused."""
    file = folder / "datapackage.json"
    original = file.read_text(encoding="utf-8")
    descriptor = json.loads(original)
    path = data.draw(st.sampled_from(_paths(descriptor)[1:]))
    scalars = st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "x", "string"])
    lists = st.lists(scalars, max_size=2)
    new = data.draw(scalars | lists | st.dictionaries(st.sampled_from(["name", "x"]), scalars))
    target = descriptor
    for name in path[:-1]:
        target = target[name]
    target[path[-1]] = new
    file.write_text(json.dumps(descriptor), encoding="utf-8")
    try:
        read_or_refuse(folder)
    finally:
        file.write_text(original, encoding="utf-8")


def test_study_data_names_the_folder() -> None:
    """STUDY_DATA names the data folder; without it, or empty, it is the shipped one."""
    assert data_folder({"STUDY_DATA": "elsewhere"}) == Path("elsewhere")
    assert data_folder({}) == SHIPPED_DATA
    assert data_folder({"STUDY_DATA": ""}) == SHIPPED_DATA


def test_shipped_descriptor_is_valid() -> None:
    """The descriptor in data/ defines what the study needs."""
    assert list(descriptor_faults(load_package(SHIPPED_DATA).descriptor)) == []
