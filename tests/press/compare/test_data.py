"""Two data packages: rows by key, schemas, and what is hidden."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pytest

from press.compare.data import Cell, DataChange, compare_packages
from press.compare.tables import Package, read_package
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
    assert table.added_rows == ({"id": "P04", "score": ""},)
    assert table.removed_rows == ({"id": "P03", "score": "7"},)


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
    """Of two rows with one key, neither is lost; with `rows` each is shown as often as it came."""
    new = package(OLD.replace("P03,7", "P03,8,x") + "P01,5\nP01,5\n")
    (table,) = compare_packages(package(), new).tables
    assert (table.added, table.removed) == (3, 1)
    assert table.notes == ("a key stands there twice: rows are compared as wholes",)
    assert (table.added_rows, table.removed_rows) == ((), ())
    (table,) = compare_packages(package(), new, rows=True).tables
    twice = {"id": "P01", "score": "5"}
    beyond = {"id": "P03", "score": "8", "(beyond the header)": '["x"]'}
    assert sorted(table.added_rows, key=str) == [twice, twice, beyond]
    assert table.removed_rows == ({"id": "P03", "score": "7"},)


def test_a_cell_beyond_the_header_is_a_change() -> None:
    """No text of a row is left out."""
    (table,) = compare_packages(
        package("id,score\nP01,5,6\n"), package("id,score\nP01,5,7\n")
    ).tables
    assert table.fields == {"(beyond the header)": 1}


def test_schema_changes_are_sentences_and_common_fields_are_compared() -> None:
    """Fields that came, went, or changed in type; and what that leaves to compare."""
    fields = [{"name": "id", "type": "integer"}, {"name": "grade", "type": "integer"}]
    new = package("id,grade\nP01,1\nP02,1\nP03,1\n", with_schema(fields=fields))
    found = compare_packages(package(), new)
    assert found.schema == (
        "visits.id.type: string -> integer",
        "field visits.score is gone",
        "field visits.grade is new (integer)",
    )
    assert found.tables == ()
    assert found.notes == (
        "the schemas or files differ: tables and fields that both packages have are compared",
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
    found = compare_packages(package(), missing)
    assert found.schema == ("visits.csv: a table -> there is no such file",)
    assert found.notes[1:] == (
        "visits.csv of new: there is no such file, so that visits is not compared",
    )
    found = compare_packages(package(), bad)
    assert found.schema == ("visits.csv: a table -> line 1 is not text in UTF-8",)
    assert compare_packages(bad, bad).is_changed is False
    assert compare_packages(bad, bad).is_whole is False


MISSING = "columns that the descriptor names and the file does not have"
UNKNOWN = "columns that the descriptor does not name"
MORE, FEWER = "rows with more cells than columns", "rows with fewer cells than columns"


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("id,grade\nP01,5\n", {MISSING: "score", UNKNOWN: "1"}),
        ("id\nP01\n", {MISSING: "score"}),
        ("score\n5\n", {MISSING: "id"}),
        ("id, score\nP01,5\n", {MISSING: "score", UNKNOWN: "1"}),
        ("id,score,score\nP01,5,7\n", {"columns that stand there twice": "score"}),
        ("id,score,note,note\nP01,5,7,7\n", {UNKNOWN: "2"}),
        ("P01,5\nP02,6\n", {MISSING: "id, score", UNKNOWN: "2"}),
        ("id,score\nP01,5,\nP02,6,7\n", {MORE: "2"}),
        ("id,score\nP01\n", {FEWER: "1"}),
        ("id,score\n\nP01,5\n", {"empty lines": "1"}),
    ],
)
def test_a_file_that_is_not_as_its_descriptor_says_is_changed(
    table: str, changes: Mapping[str, str]
) -> None:
    """The descriptors are the same; what the descriptor does not name is counted."""
    for old, new, arrow in (
        (package(), package(table), "none -> {}"),
        (package(table), package(), "{} -> none"),
    ):
        found = compare_packages(old, new)
        assert found.schema == tuple(
            f"visits.csv: {what}: {arrow.format(count)}" for what, count in changes.items()
        )
        notes = [f"visits.csv of old: {what}: {count}" for what, count in changes.items()]
        assert [note for note in found.notes if note in notes] == notes
        assert (found.is_changed, found.is_whole) == (True, False)
        assert not {"P01", "P02", "grade", "note", " score"} & words(found)


def words(found: DataChange) -> set[str]:
    """What stands in a comparison, as texts and as words of texts."""
    texts = strings(asdict(found))
    return {*texts, *(word for text in texts for word in text.replace(":", " ").split())}


def test_a_column_without_a_name_in_the_descriptor_is_named_only_with_rows() -> None:
    """Of a file that lost its first line that is a row; its cells are counted under no name."""
    old, new = package("id,score,P09\nP01,5,6\n"), package("id,score,P09\nP01,5,7\n")
    hidden, shown = (compare_packages(old, new, rows=rows) for rows in (False, True))
    assert hidden.tables[0].fields == {"(columns that the descriptor does not name)": 1}
    assert shown.tables[0].fields == {"P09": 1}
    assert shown.notes == (f'visits.csv of old: {UNKNOWN}: 1: "P09"',) * 2
    other = package("id,score,P08\nP01,5,6\n")
    assert compare_packages(old, other).schema == (f"visits.csv: {UNKNOWN}: 1 -> 1, others",)


def test_rows_are_compared_by_the_columns_that_both_files_have() -> None:
    """Without a column of the key as wholes; without any column not at all."""
    no_score = compare_packages(package(), package("id\nP01\nP02\nP04\n")).tables[0]
    assert (no_score.added, no_score.removed, no_score.changed) == (1, 1, 0)
    no_id = compare_packages(package(), package("score\n5\n6\n8\n")).tables[0]
    assert (no_id.added, no_id.removed) == (1, 1)
    assert no_id.notes == ("a column of its key is missing: rows are compared as wholes",)
    no_header = compare_packages(package(), package("P01,5\nP02,6\n"))
    assert no_header.tables == ()
    assert "visits.csv: the files have no column in common, so that no row is compared" in (
        no_header.notes
    )


def test_a_cell_that_only_one_row_has_beyond_the_header_is_a_change() -> None:
    """An empty one too, in a file without a key as well."""
    for more in ("7", ""):
        new = package(f"id,score\nP01,5,{more}\nP02,6\nP03,7\n")
        (table,) = compare_packages(package(), new).tables
        assert table.fields == {"(beyond the header)": 1}
    keyless = with_schema(primaryKey=None)
    old, new = package(OLD, keyless), package(OLD + "P04,5,6\n", keyless)
    assert compare_packages(old, new).tables[0].added == 1
    old = package(OLD + "P04,5,7\n", keyless)
    assert compare_packages(old, new).tables[0].removed == 1


def test_an_empty_file_is_no_table() -> None:
    """It has no columns that rows could be compared by."""
    for text in ("", "\n", "\ufeff"):
        found = compare_packages(package(), package(text))
        assert found.schema == (
            "visits.csv: a table -> there is no line with the names of the columns",
        )
        assert found.tables == ()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("score,id\n5,P01\n6,P02\n7,P03\n", "the columns stand in another order"),
        (
            "\ufeff" + OLD.replace("P01", '"P01"').replace("\n", "\r\n"),
            "the rows are the same; their order, line ends or quotation marks differ",
        ),
    ],
)
def test_how_a_file_is_written_is_said_and_no_change(table: str, said: str) -> None:
    """Order of columns, a byte order mark, quotation marks and line ends change no cell."""
    found = compare_packages(package(), package(table))
    assert (found.is_changed, found.is_whole) == (False, True)
    assert found.notes == (f"visits.csv: {said}",)
    fewer = compare_packages(package("id,score\nP01,\n"), package("id,score\nP01\n"))
    assert fewer.notes[1:] == (f"visits.csv of old: {FEWER}: 1",)


def test_row_values_in_a_descriptor_are_hidden() -> None:
    """Rows inline, examples of fields and the list of all keys; other lists are schema."""
    fields = [
        {"name": "id", "type": "string", "constraints": {"enum": ["P01", "P77"]}},
        {"name": "score", "type": "integer", "example": "3333", "constraints": {"enum": [4, 5]}},
    ]
    new = package(resource={**with_schema(fields=fields), "data": [["P78", 4444]]})
    hidden = compare_packages(package(), new)
    assert hidden.schema == (
        "visits.id.constraints changed (it may hold row values; --rows shows them)",
        "visits.score.example changed (it may hold row values; --rows shows them)",
        'visits.score.constraints: (nothing) -> {"enum": [4, 5]}',
    )
    assert hidden.package == ("visits.data changed (it may hold row values; --rows shows them)",)
    shown = compare_packages(package(), new, rows=True)
    assert all(value in str(shown) for value in ("P77", "3333", "P78", "4444"))


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("constraints", {"pattern": "^(P01|P02|Smith_J)$"}),
        ("constraints", {"enum": ["P01", "Smith_J"]}),
        ("constraints", {"maximum": "Smith_J"}),
        ("categories", ["P01", {"value": "Smith_J"}]),
        ("missingValues", ["Smith_J"]),
    ],
)
def test_no_property_of_a_key_tells_a_key(what: str, value: Any) -> None:
    """What its values may be is shown with `rows` alone, whether it is new, other or gone."""
    score = TABLE["schema"]["fields"][1]  # type: ignore[index]
    plain, some, other = (
        package(resource=with_schema(fields=[{"name": "id", "type": "string", **more}, score]))
        for more in ({}, {what: value}, {what: {"pattern": "^Smith_[A-Z]$"}})
    )
    for old, new in ((plain, some), (some, other), (some, plain)):
        said = f"visits.id.{what} changed (it may hold row values; --rows shows them)"
        assert compare_packages(old, new).schema == (said,)
        assert "Smith_" in compare_packages(old, new, rows=True).schema[0]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "new has no datapackage.json, and so is no data package"),
        ({"datapackage.json": b"{}"}, "datapackage.json of new describes no tables: "),
        ({"datapackage.json": b"{"}, "datapackage.json of new describes no tables: "),
        ({"datapackage.json": b"\xff"}, "datapackage.json of new is not text in UTF-8"),
        (
            {"datapackage.json": b'{"resources": [{"name": "a", "schema": "a.json"}]}'},
            "datapackage.json of new describes no tables: ",
        ),
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
