"""Two data packages: rows by key, schemas, and what is hidden."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pytest

from press.compare.data import Cell, DataChange, Package, compare_packages, read_package
from press.errors import PressError
from tests.press.compare.repositories import TABLE

OLD = "id,score\nP01,5\nP02,6\nP03,7\n"
NEW = "id,score\nP01,5\nP02,9\nP04,\n"


def package(table: str = OLD, resource: Mapping[str, Any] = TABLE, **descriptor: Any) -> Package:
    """A package with one table, which lies in visits.csv."""
    described = {"version": "1", "resources": [resource], **descriptor}
    files = {"datapackage.json": json.dumps(described).encode(), "visits.csv": table.encode()}
    return read_package(files.get, "old")


def with_schema(**changes: Any) -> dict[str, Any]:
    """The table's resource with another schema."""
    resource = copy.deepcopy(TABLE)
    resource["schema"] = {**resource["schema"], **changes}  # type: ignore[dict-item]
    return resource


def test_rows_are_compared_by_their_key() -> None:
    """P04 is new, P03 gone, the score of P02 changed; where a row stands makes no difference."""
    (table,) = compare_packages(package(), package(NEW)).tables
    assert (table.name, table.key) == ("visits", ("id",))
    assert (table.added, table.removed, table.changed) == (1, 1, 1)
    assert table.fields == {"score": 1}
    other_order = "id,score\nP03,7\nP02,6\nP01,5\n"
    assert not compare_packages(package(), package(other_order)).is_changed


def test_row_values_and_keys_are_hidden_unless_asked_for() -> None:
    """Without `rows`, no cell and no key of the tables is anywhere in the result."""
    hidden = compare_packages(package(), package(NEW))
    assert not hidden.rows
    assert not {"P02", "P03", "P04", "9"} & set(strings(asdict(hidden)))
    (table,) = compare_packages(package(), package(NEW), rows=True).tables
    assert table.cells == (Cell(("P02",), "score", "6", "9"),)
    assert (table.added_keys, table.removed_keys) == ((("P04",),), (("P03",),))


def strings(value: Any) -> list[str]:
    """Every text in nested values."""
    if isinstance(value, Mapping):
        return [text for pair in value.items() for item in pair for text in strings(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        (with_schema(primaryKey=None), with_schema(primaryKey=None), "it has no key"),
        (TABLE, with_schema(primaryKey=["id", "score"]), "its key changed"),
    ],
)
def test_without_a_common_key_rows_are_compared_as_wholes(
    old: Mapping[str, Any], new: Mapping[str, Any], note: str
) -> None:
    """A changed row is then one removed and one added, which is said."""
    (table,) = compare_packages(package(OLD, old), package(NEW, new)).tables
    assert (table.added, table.removed, table.changed) == (2, 2, 0)
    assert table.notes == (f"{note}: rows are compared as wholes",)


def test_a_key_that_stands_there_twice_is_no_key() -> None:
    """Of two rows with one key, neither is lost."""
    (table,) = compare_packages(package(), package(OLD + "P01,5\n")).tables
    assert (table.added, table.removed) == (1, 0)
    assert table.notes == ("a key stands there twice: rows are compared as wholes",)


def test_a_cell_beyond_the_header_is_a_change() -> None:
    """No text of a row is left out."""
    (table,) = compare_packages(
        package("id,score\nP01,5,6\n"), package("id,score\nP01,5,7\n")
    ).tables
    assert table.fields == {"(beyond the header)": 1}


def test_schema_changes_are_sentences_and_common_fields_are_compared() -> None:
    """Fields that came, went, or changed in type or bounds; and what that leaves to compare."""
    fields = [
        {"name": "id", "type": "integer", "constraints": {"required": True}},
        {"name": "grade", "type": "integer"},
    ]
    new = package("id,grade\nP01,1\nP02,1\nP03,1\n", with_schema(fields=fields))
    found = compare_packages(package(), new)
    assert found.schema == (
        "visits.id.type: string -> integer",
        'visits.id.constraints: (nothing) -> {"required": true}',
        "field visits.score is gone",
        "field visits.grade is new (integer)",
    )
    assert found.tables == ()
    assert found.notes == (
        "the schemas differ: tables and fields that both packages have are compared",
    )


def test_tables_of_one_package_only_are_named() -> None:
    """They are no rows added or removed."""
    other = {**TABLE, "name": "cycles"}
    found = compare_packages(package(), package(resource=other))
    assert found.schema == ("table visits is gone", "table cycles is new")


def test_version_provenance_and_checksums_are_compared() -> None:
    """Whatever else the descriptor says, inside a mapping too."""
    old = package(provenance={"kind": "simulated", "seed": 1})
    hashed = {**TABLE, "hash": "sha256:0"}
    new = package(resource=hashed, version="2", provenance={"kind": "observed", "seed": 1})
    assert compare_packages(old, new).package == (
        "version: 1 -> 2",
        "provenance.kind: simulated -> observed",
        "visits.hash: (nothing) -> sha256:0",
    )


def test_a_table_that_is_missing_or_unreadable_is_named() -> None:
    """The others are compared."""
    described = json.dumps({"resources": [TABLE]}).encode()
    missing = read_package({"datapackage.json": described}.get, "new")
    bad = read_package({"datapackage.json": described, "visits.csv": b"\xff\n"}.get, "bad")
    assert compare_packages(package(), missing).notes == (
        "new has no visits.csv, so that visits is not compared",
    )
    (note,) = compare_packages(package(), bad).notes
    assert note.startswith("visits.csv of bad is no table (")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "new has no datapackage.json, and so is no data package"),
        ({"datapackage.json": b"{}"}, "datapackage.json of new describes no tables: "),
        ({"datapackage.json": b"{"}, "datapackage.json of new describes no tables: "),
    ],
)
def test_what_is_no_package_is_refused(files: Mapping[str, bytes], said: str) -> None:
    """The sentence has the package."""
    with pytest.raises(PressError) as raised:
        read_package(files.get, "new")
    assert str(raised.value).startswith(said)


def test_nothing_changed_is_no_change() -> None:
    """The same package on both sides."""
    found = compare_packages(package(), package())
    assert found == DataChange(rows=False, tables=(), schema=(), package=(), notes=())
    assert not found.is_changed
