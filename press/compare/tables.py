"""A data package in; its descriptor, rows, and what in its files is not as described, out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from press.compare.schemas import fields_of
from press.errors import PressError

DESCRIPTOR = "datapackage.json"
BEYOND = "(beyond the header)"
"""The name of what stands in a row behind its last field."""
READ = "a table"
"""The state of a table whose rows could be read."""
_UNKNOWN = "columns that the descriptor does not name"
Read = Callable[[str], bytes | None]
"""Gives a package's file by its name in the package; None where there is none."""
Row = Mapping[str, str]
Found = tuple[str, ...] | int


@dataclass(frozen=True)
class Table:
    """The file of a table: its columns and rows, and what in it is not as the descriptor says.

    `form` has columns by name, or the number of rows, under what is wrong with them. Where no rows
    can be read `state` is why, and `content` all there is to compare.
    """

    file: str
    content: bytes | None
    state: str = READ
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    form: Mapping[str, Found] = field(default_factory=dict)


@dataclass(frozen=True)
class Package:
    """A descriptor with the files of its tables; `place` is what users call it."""

    place: str
    descriptor: Mapping[str, Any]
    schemas: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, Table]

    def names(self, table: str) -> Collection[str]:
        """The columns that the descriptor gives a table."""
        return fields_of(self.schemas[table])

    def faults(self, *, rows: bool) -> Iterator[str]:
        """Sentences on the files that are not as the descriptor says."""
        for name, table in self.tables.items():
            of = f"{table.file} of {self.place}"
            if table.state != READ:
                yield f"{of}: {table.state}, so that {name} is not compared"
            for what, found in table.form.items():
                yield f"{of}: {what}: {said_of(what, found, rows=rows)}"


def read_package(read: Read, place: str) -> Package:
    """A data package; raises PressError with its place where there is no readable descriptor."""
    content = read(DESCRIPTOR)
    if content is None:
        raise PressError(f"{place} has no {DESCRIPTOR}, and so is no data package")
    try:
        descriptor = json.loads(content.decode("utf-8-sig"))
        resources = {str(item["name"]): item for item in descriptor["resources"]}
        schemas = {name: item.get("schema") or {} for name, item in resources.items()}
        fields = {name: list(fields_of(schema)) for name, schema in schemas.items()}
    except UnicodeDecodeError:  # its text would have all of the file
        raise PressError(f"{DESCRIPTOR} of {place} is not text in UTF-8; save it as such") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PressError(f"{DESCRIPTOR} of {place} describes no tables: {error!r}") from None
    tables = {
        name: _read_table(str(item.get("path") or name), read, fields[name])
        for name, item in resources.items()
    }
    return Package(place, descriptor, schemas, tables)


def _read_table(file: str, read: Read, names: Sequence[str]) -> Table:
    content = read(file)
    if content is None:
        return Table(file, content, "there is no such file")
    try:
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        header, *records = list(csv.reader(text, strict=True)) or [[]]
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return Table(file, content, f"line {line} is not text in UTF-8")
    except csv.Error as error:
        return Table(file, content, f"it is no table ({error})")
    if not any(header):
        return Table(file, content, "there is no line with the names of the columns")
    columns = tuple(
        name if name not in header[:n] else f"{name} (column {n + 1})"
        for n, name in enumerate(header)
    )
    rows = tuple(_row(columns, cells) for cells in records if cells)
    return Table(file, content, READ, columns, rows, _form(header, records, names))


def _row(columns: Sequence[str], cells: Sequence[str]) -> Row:
    """A row by its columns: cells that are missing are empty, those behind the last are kept."""
    width = len(columns)
    filled = [*cells[:width], *[""] * (width - len(cells))]
    rest = {BEYOND: json.dumps(cells[width:], ensure_ascii=False)} if len(cells) > width else {}
    return dict(zip(columns, filled, strict=True)) | rest


def _form(
    header: Sequence[str], records: Sequence[Sequence[str]], names: Sequence[str]
) -> dict[str, Found]:
    """What is not as it should be; names that the descriptor does not have may be row values."""
    found: dict[str, Found] = {
        "columns that the descriptor names and the file does not have": tuple(
            name for name in names if name not in header
        ),
        _UNKNOWN: tuple(sorted(name for name in header if name not in names)),
        "columns that stand there twice": tuple(n for n in names if header.count(n) > 1),
        "rows with more cells than columns": sum(len(row) > len(header) for row in records),
        "rows with fewer cells than columns": sum(0 < len(row) < len(header) for row in records),
        "empty lines": sum(not row for row in records),
    }
    return {what: of for what, of in found.items() if of}


def said_of(what: str, found: Found | None, *, rows: bool) -> str:
    """Columns by name, those that the descriptor does not name only with `rows`; a number."""
    if not found:
        return "none"
    if isinstance(found, int):
        return str(found)
    if what != _UNKNOWN:
        return ", ".join(found)
    shown = f": {', '.join(json.dumps(name, ensure_ascii=False) for name in found)}"
    return f"{len(found)}{shown if rows else ''}"
