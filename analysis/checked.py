"""A raw table and its schema in, faults by their places out, with no value that may be a person's.

A report shows measured numbers and pseudonyms. Any other value may be a date, a name or a hospital
number, and its place is told alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from frictionless import Schema

from analysis.dates import is_measurement, reads_as_date
from analysis.errors import Fault

PLAIN = {
    "integer": re.compile(r"-?[0-9]{1,15}"),
    "number": re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?"),
}
Cells = set[tuple[str, int | None, str | None]]
"""Places: a file, a line or none, a column or none."""
ID = "patient_id"


@dataclass(frozen=True)
class Checked:
    """The columns of one table that its schema knows; `fields` and `schema` describe just these."""

    file: str
    fields: list[dict[str, Any]]
    schema: Schema
    rows: list[list[str]]
    line_numbers: list[int]

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in the order of the cells."""
        return [field["name"] for field in self.fields]

    def values(self, row: int, columns: Sequence[str]) -> tuple[str, ...]:
        """The cells of the row with index `row` in some columns."""
        return tuple(self.rows[row][self.columns.index(column)] for column in columns)

    def fault(self, row: int, column: str, expected: str, remedy: str) -> Fault:
        """A fault of the row with index `row`; `column` may be a key, "patient_id, cycle"."""
        names = [column] if column in self.columns else column.split(", ")
        value = self.shown(row, names)
        return Fault(self.file, self.line_numbers[row], column, value, expected, remedy)

    def shown(self, row: int, columns: Sequence[str]) -> str | None:
        """What a report may show of some cells of the row with index `row`; None: nothing."""
        fields = [self.fields[self.columns.index(name)] for name in columns]
        cells = self.values(row, columns)
        return ", ".join(cells) if all(map(_may_be_shown, fields, cells)) else None


def _may_be_shown(field: Mapping[str, Any], cell: str) -> bool:
    """Whether a report may show the cell: a measured number, a pseudonym, or nothing."""
    if field["type"] in PLAIN:
        return cell == "" or is_measurement(cell, field.get("constraints"))
    pattern = field.get("constraints", {}).get("pattern")
    is_pseudonym = field["name"] == ID and pattern and re.fullmatch(pattern, cell)
    return cell == "" or (bool(is_pseudonym) and not reads_as_date(cell))


class Found:
    """The faults so far: at most one a cell, and none in the cells of a row that is faulty as such.

    One wrong cell thus gives one line of the report.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.cells: Cells = set()

    def add(self, fault: Fault) -> None:
        """Keep `fault` unless a part of its place is already known to be wrong."""
        names = (fault.column or "").split(", ")
        is_of_cell = fault.row is not None and fault.column is not None
        if is_of_cell and any((fault.file, fault.row, n) in self.cells for n in (None, *names)):
            return
        self.faults.append(fault)
        self.cells |= {(fault.file, fault.row, name or None) for name in (fault.column, *names)}
