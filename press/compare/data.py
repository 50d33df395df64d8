"""Two data packages in; rows added, removed and changed, and changes of their schemas, out.

A package is a folder with a datapackage.json and the tables that it names. Cells are compared as
the text that stands in the files. Who asks without `rows` gets counts by table and field only:
keys are pseudonyms, and as much a row's value as any other cell.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from press.errors import PressError

DESCRIPTOR = "datapackage.json"
BEYOND = "(beyond the header)"
"""The name of what stands in a row behind its last field."""
Read = Callable[[str], bytes | None]
"""Gives a package's file by its name in the package; None where there is none."""
Key = tuple[str, ...]
Row = Mapping[str, str]


@dataclass(frozen=True)
class Cell:
    """One changed cell: only made when row values are to be shown."""

    key: Key
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class TableChange:
    """What differs in one table; `fields` counts the changed cells of each field.

    `added_keys`, `removed_keys` and `cells` stay empty when row values are hidden.
    """

    name: str
    key: Key
    added: int = 0
    removed: int = 0
    changed: int = 0
    fields: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    added_keys: tuple[Key, ...] = ()
    removed_keys: tuple[Key, ...] = ()
    cells: tuple[Cell, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether a row differs."""
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True)
class DataChange:
    """What differs between two packages; `rows` says whether row values are in it.

    `schema` are changes of tables, fields and keys, `package` those of everything else that the
    descriptors say (version, provenance, checksums), both as sentences; `notes` say what could not
    be compared.
    """

    rows: bool
    tables: tuple[TableChange, ...]
    schema: tuple[str, ...]
    package: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything differs."""
        return bool(self.schema or self.package or any(table.is_changed for table in self.tables))


@dataclass(frozen=True)
class Package:
    """A descriptor with the rows of its tables, and the sentences on those that are not there."""

    descriptor: Mapping[str, Any]
    schemas: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, tuple[Row, ...]]
    faults: tuple[str, ...]


def read_package(read: Read, place: str) -> Package:
    """A data package; raises PressError with its place where there is no readable descriptor."""
    content = read(DESCRIPTOR)
    if content is None:
        raise PressError(f"{place} has no {DESCRIPTOR}, and so is no data package")
    try:
        descriptor = json.loads(content.decode("utf-8-sig"))
        resources = {str(item["name"]): item for item in descriptor["resources"]}
    except (ValueError, KeyError, TypeError) as error:
        raise PressError(f"{DESCRIPTOR} of {place} describes no tables: {error!r}") from None
    tables, faults = {}, []
    for name, resource in resources.items():
        file = str(resource.get("path"))
        table = read(file)
        if table is None:
            faults.append(f"{place} has no {file}, so that {name} is not compared")
            continue
        try:
            tables[name] = _rows(table.decode("utf-8-sig"))
        except (UnicodeDecodeError, csv.Error) as error:
            faults.append(f"{file} of {place} is no table ({error}), so that it is not compared")
    schemas = {name: resource.get("schema") or {} for name, resource in resources.items()}
    return Package(descriptor, schemas, tables, tuple(faults))


def _rows(text: str) -> tuple[Row, ...]:
    """The rows of a comma-separated text, of as many cells as the header has, or more."""
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey=BEYOND, restval="", strict=True)
    return tuple(
        {name: " ".join(cell) if isinstance(cell, list) else cell for name, cell in row.items()}
        for row in reader
    )


def compare_packages(old: Package, new: Package, *, rows: bool = False) -> DataChange:
    """What differs; tables and fields that both have are compared, the others named."""
    names = [name for name in new.schemas if name in old.schemas]
    tables = [
        _compare_table(name, old, new, rows=rows)
        for name in names
        if name in old.tables and name in new.tables
    ]
    schema = tuple(_schema(old, new))
    notes = ("the schemas differ: tables and fields that both packages have are compared",)
    return DataChange(
        rows,
        tuple(table for table in tables if table.is_changed),
        schema,
        tuple(_package(old.descriptor, new.descriptor)),
        (notes if schema else ()) + old.faults + new.faults,
    )


# Rows -------------------------------------------------------------------------------------------


def _compare_table(name: str, old: Package, new: Package, *, rows: bool) -> TableChange:
    keys = [tuple(_as_list(of.schemas[name].get("primaryKey"))) for of in (old, new)]
    before, after = old.tables[name], new.tables[name]
    key = keys[0] if keys[0] == keys[1] else ()
    why = "" if key else "it has no key" if keys[0] == keys[1] else "its key changed"
    for table in (before, after):
        if key and any(count > 1 for count in Counter(_keys(table, key)).values()):
            key, why = (), "a key stands there twice"
    if not key:
        return _compare_whole(name, before, after, f"{why}: rows are compared as wholes")
    return _compare_by_key(name, key, before, after, rows=rows)


def _keys(table: tuple[Row, ...], key: Key) -> list[Key]:
    return [tuple(row.get(name, "") for name in key) for row in table]


def _compare_by_key(
    table: str, key: Key, before: tuple[Row, ...], after: tuple[Row, ...], *, rows: bool
) -> TableChange:
    old = dict(zip(_keys(before, key), before, strict=True))
    new = dict(zip(_keys(after, key), after, strict=True))
    cells = [
        Cell(at, name, old[at][name], cell)
        for at, row in new.items()
        if at in old
        for name, cell in row.items()
        if name in old[at] and old[at][name] != cell
    ]
    added, removed = [at for at in new if at not in old], [at for at in old if at not in new]
    return TableChange(
        table,
        key,
        len(added),
        len(removed),
        len({cell.key for cell in cells}),
        dict(Counter(cell.field for cell in cells)),
        added_keys=tuple(added) if rows else (),
        removed_keys=tuple(removed) if rows else (),
        cells=tuple(cells) if rows else (),
    )


def _compare_whole(
    name: str, before: tuple[Row, ...], after: tuple[Row, ...], note: str
) -> TableChange:
    """Without a key a changed row is one removed and one added."""
    common = sorted(set(before[0]) & set(after[0])) if before and after else []
    old, new = (
        Counter(tuple(row.get(field_name, "") for field_name in common) for row in table)
        for table in (before, after)
    )
    added, removed = (new - old).total(), (old - new).total()
    return TableChange(name, (), added, removed, notes=(note,))


# Schemas ----------------------------------------------------------------------------------------


def _schema(old: Package, new: Package) -> Iterator[str]:
    for name in [*old.schemas, *(name for name in new.schemas if name not in old.schemas)]:
        if name not in new.schemas:
            yield f"table {name} is gone"
        elif name not in old.schemas:
            yield f"table {name} is new"
        else:
            yield from _table_schema(name, old.schemas[name], new.schemas[name])


def _table_schema(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, after = (
        {str(item.get("name")): item for item in schema.get("fields") or []}
        for schema in (old, new)
    )
    for field_name in [*before, *(field_name for field_name in after if field_name not in before)]:
        place = f"{name}.{field_name}"
        if field_name not in after:
            yield f"field {place} is gone"
        elif field_name not in before:
            yield f"field {place} is new ({after[field_name].get('type')})"
        else:
            yield from _differences(place, before[field_name], after[field_name])
    rest = [{k: v for k, v in schema.items() if k != "fields"} for schema in (old, new)]
    yield from _differences(name, *rest)


def _package(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Version, provenance, checksums: everything but the schemas."""
    plain = [{k: v for k, v in of.items() if k != "resources"} for of in (old, new)]
    yield from _differences("", *plain)
    before, after = (
        {str(item["name"]): {k: v for k, v in item.items() if k != "schema"}
         for item in of["resources"]}
        for of in (old, new)
    )  # fmt: skip
    for name in before:
        if name in after:
            yield from _differences(name, before[name], after[name])


def _differences(place: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each key of two mappings whose value differs, those inside included."""
    for key in [*old, *(key for key in new if key not in old)]:
        before, after = old.get(key), new.get(key)
        name = f"{place}.{key}" if place else str(key)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _differences(name, before, after)
        elif before != after:
            yield f"{name}: {_shown(before)} -> {_shown(after)}"


def _shown(value: Any) -> str:
    if value is None:
        return "(nothing)"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if text else '""'


def _as_list(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
