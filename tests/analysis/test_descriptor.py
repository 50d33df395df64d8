"""Every kind of bad datapackage.json, and the report that it gets."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.load import SHIPPED_DATA, load_package
from analysis.schema import descriptor_faults, expectation
from analysis.validate import read_study
from tests.analysis.packages import change_descriptor, faults, field, read_or_refuse, replace


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"\xff\xfe", b'{"version": NaN', b"1"])
def test_unreadable_descriptor(folder: Path, content: bytes | None) -> None:
    """A missing or unreadable datapackage.json is one fault of that file."""
    file = folder / "datapackage.json"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    assert [(f.file, f.row) for f in faults(folder)] == [("datapackage.json", None)]


def _retype(descriptor: dict[str, Any], table: str, name: str, type_name: str) -> None:
    field(descriptor, table, name).update(type=type_name, constraints={"required": True})
    field(descriptor, table, name).pop("example", None)


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


def test_shipped_descriptor_is_valid() -> None:
    """The descriptor in data/ defines what the study needs."""
    assert list(descriptor_faults(load_package(SHIPPED_DATA).descriptor)) == []


def test_a_pattern_is_told_in_words() -> None:
    """What a cell with a pattern should hold is told by example and meaning, or by the pattern."""
    of = {"name": "x", "type": "string", "constraints": {"pattern": "^[a-z]$", "maxLength": 9}}
    limit = "text: at most 9 characters, "
    assert expectation(of) == f"{limit}matching the regular expression ^[a-z]$"
    meaning = {"description": "One letter"}
    assert expectation(of | meaning | {"example": "b"}) == (
        f'{limit}as "b" (in the dictionary: One letter)'
    )
    for table in load_package(SHIPPED_DATA).descriptor["resources"]:
        assert not [f for f in table["schema"]["fields"] if "regular" in expectation(f)]
