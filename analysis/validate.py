"""A data package's folder in, the validated `Study` out, or one report of every fault.

Fields, constraints and keys are checked by the frictionless library as `datapackage.json` defines
them. Here stand what it leaves open: the header, how a number is written, dates in texts, and the
rules that join several rows. A report shows measured numbers and pseudonyms; any other value may be
a date, a name or a hospital number, and its place is told alone.
"""

import difflib
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from frictionless import Package, Resource, Schema
from frictionless.errors import BlankRowError, CellError, ForeignKeyError, PrimaryKeyError

from analysis.checked import ID, PLAIN, Checked, Found
from analysis.dates import is_free, is_near_date, may_be_date, reads_as_date
from analysis.errors import DataError, Fault
from analysis.keys import Unknown, causes
from analysis.letters import oddity
from analysis.load import RawPackage, RawTable, load_package, resources_by_name
from analysis.rules import contradictions
from analysis.schema import descriptor_faults, expectation, read_schema
from analysis.study import KEYS, MAY_BE_EMPTY, TABLES, Entry, Privacy, Study, typed_table

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
NEAR_DATE = (
    "reword it without two numbers joined by a point, stroke, comma or dash, a month beside a "
    "number, and six digits in a row, since dates identify people"
)


def read_study(folder: Path) -> Study:
    """The study in `folder`; raises DataError with every fault of the package."""
    package = load_package(folder)
    found = Found()
    ill_defined = list(descriptor_faults(package.descriptor))
    for fault in (*package.faults, *ill_defined):
        found.add(fault)
    well_defined = set(TABLES) - {(fault.column or "").split(".")[0] for fault in ill_defined}
    tables = _with_known_columns(package, well_defined, found)
    for table in tables.values():
        _check_writing(table, found)
        _check_spelling(table, found)
    _check_schemas(tables, found)
    _check_rules(tables, found)
    if found.faults:
        raise DataError(str(folder), found.faults)
    return _study(package, tables)


def _study(package: RawPackage, tables: Mapping[str, Checked]) -> Study:
    descriptor = package.descriptor
    frames = {
        name: _typed(table, table.rows).sort_values(KEYS[name], ignore_index=True)
        for name, table in tables.items()
    }
    dictionary = tuple(
        Entry(
            table=name,
            field=field["name"],
            unit="" if field.get("unit", "1") == "1" else str(field["unit"]),
            meaning=". ".join(
                str(field[key]) for key in ("title", "description") if field.get(key)
            ),
        )
        for name in TABLES
        for field in tables[name].fields
    )
    privacy = descriptor["privacy"]
    return Study(
        **frames,
        version=descriptor["version"],
        provenance=descriptor["provenance"]["kind"],
        data_hash=package.data_hash,
        is_recorded=package.is_recorded,
        privacy=Privacy(tuple(privacy["patient_characteristics"]), privacy["age_band_years"]),
        dictionary=dictionary,
        about=str(descriptor["provenance"].get("description") or ""),
    )


def _with_known_columns(
    package: RawPackage, well_defined: set[str], found: Found
) -> dict[str, Checked]:
    """The readable, well defined tables cut to the columns of their schema, in its order."""
    resources = resources_by_name(package.descriptor)
    tables = {}
    for name in TABLES:
        raw = package.tables.get(name)
        schema, _ = read_schema(resources.get(name, {}))
        if raw is None or schema is None or name not in well_defined:
            continue
        fields = resources[name]["schema"]["fields"]
        for fault in _header_faults(raw, schema.field_names):
            found.add(fault)
        if not raw.rows and name not in MAY_BE_EMPTY and set(raw.header) & set(schema.field_names):
            expected, remedy = "at least one row below the header", "add the rows"
            found.add(Fault(raw.file, 1, None, None, expected, remedy))
        present = [field for field in fields if field["name"] in raw.header]
        for absent in set(schema.field_names) - set(raw.header):
            schema.remove_field(absent)
        if present:
            places = [raw.header.index(field["name"]) for field in present]
            rows = [[row[place] for place in places] for row in raw.rows]
            tables[name] = Checked(raw.file, present, schema, rows, raw.line_numbers)
    return tables


def _typed(table: Checked, rows: Sequence[Sequence[str | None]]) -> pd.DataFrame:
    return typed_table(rows, table.fields, table.schema.missing_values)


def _header_faults(raw: RawTable, names: list[str]) -> Iterator[Fault]:
    if not set(raw.header) & set(names):
        remedy = "put the line with the column names first, separated by commas"
        yield Fault(raw.file, 1, None, None, "the header " + ",".join(names), remedy)
        return
    for name in names:
        if name not in raw.header:
            expected, remedy = f"a column {name}", "add the column, or correct its name"
            yield Fault(raw.file, 1, name, None, expected, remedy)
        elif raw.header.count(name) > 1:
            yield Fault(raw.file, 1, name, name, "each column once", "remove all but one of them")
    for position, column in enumerate(raw.header, start=1):
        if column not in names:
            near = difflib.get_close_matches(column, names, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            remedy = f"remove the column, or define it in datapackage.json{meant}"
            place, expected = f"column {position}", "no column that is not defined"
            yield Fault(raw.file, 1, place, None, expected, remedy)


def _check_writing(table: Checked, found: Found) -> None:
    """Find control characters, dates, and numbers that a program could read but a person not."""
    for position, field in enumerate(table.fields):
        plain = PLAIN.get(field["type"])
        for row, cells in enumerate(table.rows):
            cell = cells[position]
            expected, remedy = expectation(field), _remedy(field)
            if cell in table.schema.missing_values or (plain and plain.fullmatch(cell)):
                continue
            if CONTROL.search(cell):
                expected = "text on one line, without control characters"
            elif reads_as_date(cell):
                expected = f"{expected}, and no date"
                remedy = "take the date out, since dates identify people"
            elif is_free(field) and is_near_date(cell):
                expected = f"{expected}, and nothing that may be a date or a part of one"
                remedy = NEAR_DATE
            elif not plain and (odd := oddity(cell)):
                expected, remedy = f"{expected}, without {odd}", "write the cell again by hand"
            elif not plain:
                continue
            found.add(table.fault(row, field["name"], expected, remedy))


def _check_spelling(table: Checked, found: Found) -> None:
    """Find free texts that differ from a more frequent one by the case of letters alone."""
    for position, field in enumerate(table.fields):
        if not is_free(field) or field["name"] == ID:
            continue
        rows: dict[str, dict[str, list[int]]] = {}
        for row, cells in enumerate(table.rows):
            text = cells[position]
            alike = rows.setdefault(unicodedata.normalize("NFKC", text).casefold(), {})
            alike.setdefault(text, []).append(row)
        for alike in rows.values():
            first, *others = sorted(alike.values(), key=len, reverse=True)
            expected = f"the spelling of row {table.line_numbers[first[0]]}, which is the same text"
            remedy = "write both alike, capitals too, or they count as two"
            for row in (row for same in others for row in same):
                found.add(table.fault(row, field["name"], expected, remedy))


def _remedy(field: Mapping[str, Any]) -> str:
    correct = f"write {expectation(field)}" if field["type"] == "boolean" else "correct the cell"
    if field.get("constraints", {}).get("required"):
        return correct
    return f"{correct}, or leave it empty if the value is not known"


def _check_schemas(tables: Mapping[str, Checked], found: Found) -> None:
    """Let the library find what breaks a type, a constraint or a key of the schemas."""
    if not tables:
        return
    for name, table in tables.items():
        _drop_absent_keys(name, table.schema, tables)
    resources = [
        Resource(name=name, data=[table.columns, *table.rows], schema=table.schema)
        for name, table in tables.items()
    ]
    tasks = Package(resources=resources).validate(limit_errors=sys.maxsize).tasks
    errors = [(tables[task.name], error) for task in tasks for error in task.errors]
    for table, error in errors:
        if isinstance(error, CellError):
            found.add(_of_cell(table, error))
        elif isinstance(error, BlankRowError):
            line, remedy = table.line_numbers[error.row_number - 2], "fill or delete the row"
            found.add(Fault(table.file, line, None, "", "a row with values", remedy))
    for table, error in errors:
        if isinstance(error, PrimaryKeyError):
            found.add(_duplicate(table, error))
    unknown: dict[str, list[Unknown]] = {name: [] for name in TABLES}
    for table, error in errors:
        if isinstance(error, ForeignKeyError):
            to = error.reference_name
            columns, key = tuple(error.field_names), tuple(error.reference_field_names)
            row = error.row_number - 2
            unknown[to].append(Unknown(table, row, columns, tables[to], key))
    for rows in unknown.values():
        for fault, cells in causes(rows, found.cells):
            found.add(fault)
            found.cells |= cells


def _of_cell(table: Checked, error: CellError) -> Fault:
    """A cell that breaks the type or a constraint of its field."""
    row, position = error.row_number - 2, error.field_number - 1
    field, cell = table.fields[position], table.rows[row][position]
    remedy = _remedy(field)
    if field["type"] in PLAIN and may_be_date(cell):
        remedy = f"this may be the number by which Excel holds a date; {remedy}"
    return table.fault(row, field["name"], expectation(field), remedy)


def _drop_absent_keys(name: str, schema: Schema, tables: Mapping[str, Checked]) -> None:
    """Leave those keys only whose columns and tables are there to be compared."""
    present = {name: table.schema.field_names for name, table in tables.items()}
    if not set(schema.primary_key) <= set(present[name]):
        schema.primary_key = []
    schema.foreign_keys = [
        key
        for key in schema.foreign_keys
        if set(key["fields"]) <= set(present[name])
        and set(key["reference"]["fields"]) <= set(present.get(key["reference"]["resource"], []))
    ]


def _duplicate(table: Checked, error: PrimaryKeyError) -> Fault:
    same = re.search(r"position (\d+)$", error.note)
    earlier = f" (row {table.line_numbers[int(same[1]) - 2]} has them)" if same else ""
    key, expected = ", ".join(table.schema.primary_key), f"values that no other row has{earlier}"
    remedy = "correct or delete one of the two rows"
    return table.fault(error.row_number - 2, key, expected, remedy)


def _check_rules(tables: Mapping[str, Checked], found: Found) -> None:
    """Find the rows that contradict each other, as far as their cells can be relied on."""
    frames = {name: _typed(table, _sound_rows(table, found)) for name, table in tables.items()}
    for clash in contradictions(frames):
        table = tables[clash.table]
        found.add(table.fault(clash.row, clash.column, clash.expected, clash.remedy))


def _sound_rows(table: Checked, found: Found) -> Sequence[Sequence[str | None]]:
    """The rows with None for every cell in which a fault was found."""
    faulty = {(row, column) for file, row, column in found.cells if file == table.file}
    return [
        [
            None if (line, None) in faulty or (line, column) in faulty else cell
            for column, cell in zip(table.columns, cells, strict=True)
        ]
        for line, cells in zip(table.line_numbers, table.rows, strict=True)
    ]
