"""An Excel workbook in, the text of each table of a data package out, or every fault by its cell.

A sheet a table, named like the table; field names in the first row, in any order. What a package's
`time_origin` lists as days may be dates: they become whole days from the first date of the same
person in its origin column, and are then forgotten.
"""

from __future__ import annotations

import difflib
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException

from press.cells import FAULTY, Read, read_cell
from press.errors import PressError
from press.origin import TimeOrigin

Fields = Mapping[str, Mapping[str, Any]]


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
    is_dated: bool = False
    is_whole: bool = True
    """Whether every field has its column, so that the rows can be held against the rules."""

    def fault(self, text: str, *, row: int = 0, name: str | None = None, column: int = 0) -> None:
        """Note a fault of a cell, a row, a column, or of the sheet."""
        place, column = self.place(row, column if name is None else self.columns[name])
        self.faults.append(Found(self.number, row, column, place, text))

    def place(self, row: int, column: int) -> tuple[str, int]:
        """A place in Excel's words (visits!E14, visits row 14, visits column E) and its column."""
        sheet = quote_sheetname(self.name) if " " in self.name else self.name
        letter = get_column_letter(column) if column else ""
        if row and column:
            return f"{sheet}!{letter}{row}", column
        return sheet + (f" row {row}" if row else f" column {letter}" if column else ""), column

    def is_known(self, row: int, names: Sequence[str]) -> bool:
        """Whether a fault is known of the row or these cells; without names, of any cell."""
        here = {found.column for found in self.faults if found.row == row}
        columns = {self.columns[name] for name in names if name in self.columns}
        cells = self.rows.get(row, {})
        unread = any(cells[name].text == FAULTY for name in names if name in cells)
        return unread or (bool(here & {0, *columns}) if names else bool(here))

    def table(self) -> list[list[str]]:
        """Header and rows as text; a row without cells stays, so that rows keep their numbers."""
        last = max(self.rows, default=1)
        empty: dict[str, Read] = {}
        cells = [self.rows.get(number, empty) for number in range(2, last + 1)]
        return [
            [*self.fields],
            *([row[n].text for n in self.fields] if row else [] for row in cells),
        ]


def read_workbook(
    path: Path, tables: Mapping[str, Fields], origin: TimeOrigin | None
) -> list[Sheet]:
    """The sheets of `tables`, in their order, and a last one with what is wrong besides.

    Raises PressError when the file is no workbook.
    """
    book = _open(path)
    sheets = [Sheet(name, i, fields) for i, (name, fields) in enumerate(tables.items())]
    for sheet in sheets:
        if sheet.name not in book.sheetnames or book[sheet.name] in book.chartsheets:
            sheet.is_whole = False
            sheet.fault("there is no such sheet; add it, or correct its name")
        else:
            _read_sheet(book[sheet.name], sheet, origin.days_of(sheet.name) if origin else ())
    others = [
        Sheet(n, len(sheets) + i, {}) for i, n in enumerate(book.sheetnames) if n not in tables
    ]
    for other in others:
        _refuse(book[other.name], other, [sheet.name for sheet in sheets if not sheet.is_whole])
    if origin:
        origin.convert({sheet.name: sheet for sheet in sheets})
    return [*sheets, *others]


def _open(path: Path) -> Any:
    remedy = "give a data package's folder or an Excel workbook (Save As, Excel Workbook, .xlsx)"
    if path.suffix.lower() != ".xlsx":
        raise PressError(f"{path}: this is no .xlsx file; {remedy}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(path, data_only=False)
    except (InvalidFileException, BadZipFile, LookupError, ValueError, TypeError) as error:
        why = type(error).__name__  # its text may quote a date
        raise PressError(f"{path}: the workbook cannot be read ({why}); {remedy}") from None


def _refuse(found: Any, other: Sheet, missing: list[str]) -> None:
    """Note that a sheet belongs to no table."""
    near = difflib.get_close_matches(other.name.lower(), missing, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    hidden = "" if found.sheet_state == "visible" else "hidden "
    other.fault(f"a {hidden}sheet that is no table; delete it{hint}")


def _read_sheet(found: Any, sheet: Sheet, day_fields: Sequence[str]) -> None:
    if found.sheet_state != "visible":
        sheet.fault("a hidden sheet; show it and look at it, or delete it")
    _check_layout(found, sheet)
    if not _read_header(found, sheet):
        return
    for cells in _filled_rows(found, sheet):
        number = cells[0].row
        by_name = {name: cells[column - 1] for name, column in sheet.columns.items()}
        if _is_heading(by_name, sheet.fields):
            sheet.fault("looks like a second header; keep one, in row 1", row=number)
            continue
        sheet.rows[number] = {
            name: read_cell(by_name[name], of, takes_dates=name in day_fields)
            if name in by_name
            else Read()
            for name, of in sheet.fields.items()
        }
        for name in by_name:
            if text := sheet.rows[number][name].fault:
                sheet.fault(text, row=number, name=name)
    _check_dates(found, sheet, day_fields)


def _check_layout(found: Any, sheet: Sheet) -> None:
    """Note merged and hidden cells, and comments: what a table of values has no place for."""
    for merged in found.merged_cells.ranges:
        text = f"merged with the cells to {merged.coord.split(':')[1]}; unmerge and fill each"
        sheet.fault(text, row=merged.min_row, column=merged.min_col)
    filled = [cell for cells in found.iter_rows() for cell in cells if cell.value is not None]
    for row in sorted({cell.row for cell in filled}):
        if row in found.row_dimensions and found.row_dimensions[row].hidden:
            sheet.fault("a hidden row; show it (or clear the filter) and look at it", row=row)
    hidden = [group for group in found.column_dimensions.values() if group.hidden]
    for column in sorted({cell.column for cell in filled}):
        if any(group.min <= column <= group.max for group in hidden):
            sheet.fault("a hidden column; show it and look at it", column=column)
    for cell in (cell for cells in found.iter_rows() for cell in cells if cell.comment):
        text = "a comment, which is not read; write what it says into a cell, or delete it"
        sheet.fault(text, row=cell.row, column=cell.column)


def _read_header(found: Any, sheet: Sheet) -> bool:
    """Find each field's column in row 1; whether there is a header."""
    header = {cell.column: cell.value for cell in found[1] if cell.value is not None}
    if not set(sheet.fields) & {str(value) for value in header.values()}:
        later = _later_header(found, sheet.fields)
        where = f"it is in row {later}: delete the rows above" if later else "write it there"
        sheet.fault(f"row 1 is not the header {', '.join(sheet.fields)}; {where}", row=1)
        sheet.is_whole = False
        return False
    times = Counter(str(value) for value in header.values())
    for column, value in header.items():
        name = str(value)
        if name not in sheet.fields:
            sheet.fault(_unknown_column(name, sheet.fields, times), row=1, column=column)
        elif name in sheet.columns:
            sheet.fault(f"a second column {name}; delete one of the two", row=1, column=column)
        else:
            sheet.columns[name] = column
    absent = [name for name in sheet.fields if name not in sheet.columns]
    for name in absent:
        sheet.fault(f"there is no column {name}; add it, or correct its name", row=1)
    sheet.is_whole = not absent
    return True


def _later_header(found: Any, fields: Fields) -> int | None:
    for cells in found.iter_rows(min_row=2, max_row=20):
        if len(set(fields) & {str(cell.value) for cell in cells}) > 1:
            return int(cells[0].row)
    return None


def _unknown_column(name: str, fields: Fields, present: Mapping[str, int]) -> str:
    """A column that no field has; the field meant is named when name or title say it."""
    titles = {str(of.get("title", "")).lower(): n for n, of in fields.items() if n not in present}
    known = titles | {n: n for n in titles.values()}
    near = difflib.get_close_matches(name.strip().lower(), known, n=1)
    hint = f"; did you mean {known[near[0]]}?" if near else "; delete it, or define the field first"
    return f"'{name}' is no column of this table{hint}"


def _filled_rows(found: Any, sheet: Sheet) -> Iterator[tuple[Any, ...]]:
    """The rows with values below the header; blank ones between them are faults."""
    filled = [
        cells
        for cells in found.iter_rows(
            min_row=2, max_col=max(found.max_column, *sheet.columns.values())
        )
        if any(cell.value is not None for cell in cells)
    ]
    named = {cell.column for cell in found[1] if cell.value is not None}
    numbers = {cells[0].row for cells in filled}
    for number in set(range(2, max(numbers, default=1))) - numbers:
        sheet.fault("a blank row between others; delete it", row=number)
    for cells in filled:
        for cell in cells:
            if cell.value is not None and cell.column not in named:
                text = "a value in a column without a name; move or delete it"
                sheet.fault(text, row=cell.row, column=cell.column)
        yield cells


def _is_heading(cells: Mapping[str, Any], fields: Fields) -> bool:
    """Whether a row has words, without a digit, in all its cells that should be numbers."""
    numeric = [
        cells[name].value
        for name, of in fields.items()
        if name in cells and of["type"] in ("integer", "number") and cells[name].value is not None
    ]
    words = [
        isinstance(value, str) and not any(letter.isdigit() for letter in value)
        for value in numeric
    ]
    return len(words) > 1 and all(words)


def _check_dates(found: Any, sheet: Sheet, day_fields: Sequence[str]) -> None:
    """Note columns that mix dates and day numbers, and dates counted from 1904."""
    for name in (name for name in day_fields if name in sheet.columns):
        dated = [n for n, row in sheet.rows.items() if row[name].date]
        sheet.is_dated = sheet.is_dated or bool(dated)
        numbered = [n for n, row in sheet.rows.items() if row[name].text not in ("", FAULTY)]
        rarer = min(dated, numbered, key=len)
        for number in rarer if dated else ():
            kind, other = ("a date", "day numbers") if rarer is dated else ("a day number", "dates")
            sheet.fault(f"{kind} in a column of {other}; write all alike", row=number, name=name)
            sheet.rows[number][name] = Read(FAULTY)
        if dated and found.parent.epoch == CALENDAR_MAC_1904:
            text = (
                "dates counted from 1904; switch it off (Options, Advanced) and look at the dates"
            )
            sheet.fault(text, column=sheet.columns[name])


def faults_of(sheets: Sequence[Sheet]) -> list[Found]:
    """All faults, in the order of sheets, rows and columns."""
    return sorted(found for sheet in sheets for found in sheet.faults)
