"""The cells of a sheet as read in; its table, and its faults by their places in Excel, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter, quote_sheetname

from press.update.cells import FAULTY, Read

Fields = Mapping[str, Mapping[str, Any]]
MOST_NAMED = 8
"""So many places of faults that are alike are named, runs of rows as one."""


@dataclass(frozen=True, order=True)
class Found:
    """A fault of a workbook, in the order of sheets, rows and columns (0: the whole of it)."""

    sheet: int
    row: int
    column: int
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass
class Sheet:
    """A table as its sheet has it: the column of each field, and the cells of each row."""

    name: str
    number: int
    fields: Fields
    columns: dict[str, int] = field(default_factory=dict)
    rows: dict[int, dict[str, Read]] = field(default_factory=dict)
    faults: list[Found] = field(default_factory=list)
    told: set[tuple[int, int]] = field(default_factory=set)
    """Row and column of each fault of a value (0: the whole of it), not of its looks."""
    blank: set[int] = field(default_factory=set)
    is_dated: bool = False
    is_whole: bool = True
    """Whether every field has its column, so that the rows can be held against the rules."""

    def fault(
        self,
        text: str,
        *,
        row: int = 0,
        name: str | None = None,
        column: int = 0,
        of_value: bool = True,
    ) -> None:
        """Note a fault of a cell, a row, a column, or of the sheet; see `fault_alike`."""
        place, column = self.place(row, column if name is None else self.columns[name])
        self.faults.append(Found(self.number, row, column, place, text))
        if of_value:
            self.told.add((row, column))

    def fault_alike(
        self, text: str, rows: Sequence[int], *, column: int = 0, of_value: bool = True
    ) -> None:
        """Note one fault of many rows, or of many cells of a column, in one line.

        What is not `of_value` leaves the values to be checked.
        """
        runs = _runs(rows)
        if column:
            letter = get_column_letter(column)
            cells = [":".join(f"{letter}{row}" for row in dict.fromkeys(run)) for run in runs]
            place = f"{self._quoted}!{_listed(cells)}"
        else:
            spans = [" to ".join(map(str, dict.fromkeys(run))) for run in runs]
            place = f"{self.name} row{'s' if len(rows) > 1 else ''} {_listed(spans)}"
        self.faults.append(Found(self.number, rows[0], column, place, text))
        if of_value:
            self.told |= {(row, column) for row in rows}

    def place(self, row: int, column: int) -> tuple[str, int]:
        """A place in Excel's words (visits!E14, visits row 14, visits column E) and its column."""
        letter = get_column_letter(column) if column else ""
        if row and column:
            return f"{self._quoted}!{letter}{row}", column
        of_sheet = f" row {row}" if row else f" column {letter}" if column else ""
        return self.name + of_sheet, column

    @property
    def _quoted(self) -> str:
        return quote_sheetname(self.name) if " " in self.name else self.name

    def is_known(self, row: int, names: Sequence[str]) -> bool:
        """Whether a fault is known of the row or these cells; without names, of any cell."""
        columns = [self.columns[name] for name in names if name in self.columns]
        cells = self.rows.get(row, {})
        unread = any(cells[name].text == FAULTY for name in names if name in cells)
        places = [0, *(columns if names else self.columns.values())]
        return unread or row in self.blank or any((row, place) in self.told for place in places)

    def table(self) -> list[list[str]]:
        """Header and rows as text; a row without cells stays, so that rows keep their numbers."""
        last = max(self.rows, default=1)
        empty: dict[str, Read] = {}
        cells = [self.rows.get(number, empty) for number in range(2, last + 1)]
        return [
            [*self.fields],
            *([row[n].text for n in self.fields] if row else [] for row in cells),
        ]


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """The first and the last of each run of rows that follow each other."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        is_next = bool(runs) and row == runs[-1][1] + 1
        runs = [*runs[:-1], (runs[-1][0], row)] if is_next else [*runs, (row, row)]
    return runs


def _listed(places: Sequence[str]) -> str:
    more = f" and {len(places) - MOST_NAMED} more places" if len(places) > MOST_NAMED else ""
    return ", ".join(places[:MOST_NAMED]) + more


def faults_of(sheets: Sequence[Sheet]) -> list[Found]:
    """All faults, in the order of sheets, rows and columns."""
    return sorted(found for sheet in sheets for found in sheet.faults)


def unread(sheets: Sequence[Sheet]) -> list[str]:
    """The cells that could not be read; none of them may pass, even if no fault is known of it."""
    return [
        f"{sheet.place(row, sheet.columns.get(name, 0))[0]}: {name} is not read; write it again"
        for sheet in sheets
        for row, cells in sheet.rows.items()
        for name, cell in cells.items()
        if cell.text == FAULTY
    ]
