"""An Excel workbook in, the text of each table of a data package out, or every fault by its cell.

A sheet a table, named like the table; field names in the first row, in any order. What a package's
`time_origin` lists as days may be dates: they become whole days from the first date of the same
person in its origin column, and are then forgotten.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText

from press.update.cells import FAULTY, Read, read_cell, wanted
from press.update.dates import reads_as_date
from press.update.origin import TimeOrigin
from press.update.sheet import Fields, Sheet
from press.update.shown import hidden_by_sheet, hiding_rules, is_low, is_narrow, unseen
from press.update.workbook_file import open_workbook


def read_workbook(
    path: Path, tables: Mapping[str, Fields], origin: TimeOrigin | None
) -> list[Sheet]:
    """The sheets of `tables`, in their order, and a last one with what is wrong besides.

    Raises PressError when the file is no workbook.
    """
    book = open_workbook(path)
    sheets = [Sheet(name, i, fields) for i, (name, fields) in enumerate(tables.items())]
    for sheet in sheets:
        if sheet.name not in book.sheetnames or book[sheet.name] in book.chartsheets:
            sheet.is_whole = False
            sheet.fault("there is no such sheet; add it, or correct its name")
        else:
            _read_sheet(book[sheet.name], sheet, origin.days_of(sheet.name) if origin else ())
    missing = [sheet.name for sheet in sheets if not sheet.is_whole]
    others = [
        _refused(book[name], position, len(sheets), missing)
        for position, name in enumerate(book.sheetnames, 1)
        if name not in tables
    ]
    if origin:
        origin.convert({sheet.name: sheet for sheet in sheets})
    return [*sheets, *others]


def _refused(found: Any, position: int, n_tables: int, missing: list[str]) -> Sheet:
    """The fault of a sheet that belongs to no table; its name, which can say a person's, is not."""
    other = Sheet(f"sheet {position} of the workbook", n_tables + position, {})
    if reads_as_date(found.title):
        other.fault("a date stands in the name of this sheet, which is no table; delete the sheet")
        return other
    near = difflib.get_close_matches(found.title.lower(), missing, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    hidden = "" if found.sheet_state == "visible" else "hidden "
    other.fault(f"a {hidden}sheet that is no table; delete it{hint}")
    return other


def _rows_of(found: Any) -> dict[int, list[Any]]:
    """The cells of each row that hold a value or a comment.

    They are taken from where the library keeps them: its own ways to go through a sheet make every
    cell up to the last one that was ever formatted.
    """
    rows: dict[int, list[Any]] = {}
    for (row, _), cell in sorted(found._cells.items()):
        if cell.value is not None or cell.comment:
            rows.setdefault(row, []).append(cell)
    return rows


def _read_sheet(found: Any, sheet: Sheet, day_fields: Sequence[str]) -> None:
    if found.sheet_state != "visible":
        sheet.fault("a hidden sheet; show it and look at it, or delete it")
    rows = _rows_of(found)
    _check_layout(found, sheet, rows)
    filled = {
        number: {cell.column: cell for cell in cells if cell.value is not None}
        for number, cells in rows.items()
    }
    if not _read_header(filled, sheet):
        return
    _check_around(filled, sheet)
    alike: dict[tuple[int, str], list[int]] = {}
    for number, cells in filled.items():
        by_name = {name: cells[at] for name, at in sheet.columns.items() if at in cells}
        if number == 1 or not cells:
            continue
        if _is_heading(by_name, sheet.fields):
            sheet.fault("looks like a second header; keep one, in row 1", row=number)
            continue
        sheet.rows[number] = {
            name: read_cell(by_name[name], of, takes_dates=name in day_fields)
            if name in by_name
            else Read(_merged(found, number, sheet.columns.get(name)))
            for name, of in sheet.fields.items()
        }
        for name in by_name:
            if text := sheet.rows[number][name].fault:
                alike.setdefault((sheet.columns[name], text), []).append(number)
    for (column, text), numbers in alike.items():
        sheet.fault_alike(text, numbers, column=column)
    _check_looks(filled, sheet, day_fields)
    _check_dates(sheet, day_fields)


def _merged(found: Any, row: int, column: int | None) -> str:
    """What an empty cell is read as: not known, if it is merged with another one."""
    return FAULTY if isinstance(found._cells.get((row, column)), MergedCell) else ""


def _check_layout(found: Any, sheet: Sheet, rows: Mapping[int, list[Any]]) -> None:
    """Note merged and hidden cells, and comments: what a table of values has no place for."""
    for merged in found.merged_cells.ranges:
        text = f"merged with the cells to {merged.coord.split(':')[1]}; unmerge and fill each"
        sheet.fault(text, row=merged.min_row, column=merged.min_col)
    filled = [cell for cells in rows.values() for cell in cells if cell.value is not None]
    if unseen := [row for row in sorted({cell.row for cell in filled}) if is_low(found, row)]:
        text = "hidden, or too low to be read; show all rows (or clear the filter) and look"
        sheet.fault_alike(text, unseen, of_value=False)
    for column in sorted({cell.column for cell in filled}):
        if is_narrow(found, column):
            sheet.fault("hidden, or too narrow to be read; show it and look", column=column)
    for text in hidden_by_sheet(found):
        sheet.fault(text)
    for row, column, text in hiding_rules(found):
        sheet.fault(text, row=row, column=column, of_value=False)
    commented: dict[int, list[int]] = {}
    for cell in (cell for cells in rows.values() for cell in cells if cell.comment):
        commented.setdefault(cell.column, []).append(cell.row)
    for column, numbers in commented.items():
        text = "a comment, which is not read; write what it says into a cell, or delete it"
        sheet.fault_alike(text, numbers, column=column, of_value=False)


def _check_looks(
    filled: Mapping[int, Mapping[int, Any]], sheet: Sheet, day_fields: Sequence[str]
) -> None:
    """Note the cells of the columns that do not show what they hold, those alike together."""
    alike: dict[tuple[int, str], list[int]] = {}
    for name, column in sheet.columns.items():
        for number, cells in filled.items():
            cell = cells.get(column)
            if cell is None or (isinstance(cell.value, dt.date) and name not in day_fields):
                continue  # a date that is refused as one is not told for its look besides
            means = wanted(sheet.fields[name]) if number > 1 else "the name of the field"
            for text in unseen(cell, means):
                alike.setdefault((column, text), []).append(number)
    for (column, text), numbers in alike.items():
        sheet.fault_alike(text, numbers, column=column, of_value=False)


def _read_header(filled: Mapping[int, Mapping[int, Any]], sheet: Sheet) -> bool:
    """Find each field's column in row 1; whether there is a header."""
    header = {column: cell.value for column, cell in filled.get(1, {}).items()}
    if not set(sheet.fields) & {str(value) for value in header.values()}:
        later = _later_header(filled, sheet.fields)
        where = f"it is in row {later}: delete the rows above" if later else "write it there"
        sheet.fault(f"row 1 is not the header {', '.join(sheet.fields)}; {where}", row=1)
        sheet.is_whole = False
        return False
    present = {str(value) for value in header.values()}
    for column, value in header.items():
        name = str(value)
        if name not in sheet.fields:
            sheet.fault(_unknown_column(name, sheet.fields, present), row=1, column=column)
        elif name in sheet.columns:
            sheet.fault(f"a second column {name}; delete one of the two", row=1, column=column)
        else:
            sheet.columns[name] = column
    absent = [name for name in sheet.fields if name not in sheet.columns]
    for name in absent:
        sheet.fault(f"there is no column {name}; add it, or correct its name", row=1)
    sheet.is_whole = not absent
    return True


def _later_header(filled: Mapping[int, Mapping[int, Any]], fields: Fields) -> int | None:
    for number, cells in filled.items():
        if 1 < number <= 20 and len(set(fields) & {str(c.value) for c in cells.values()}) > 1:
            return number
    return None


def _unknown_column(name: str, fields: Fields, present: set[str]) -> str:
    """A column that no field has; the field meant is named when name or title say it.

    What stands there is not shown: a header can hold a date or a person's name.
    """
    if reads_as_date(name):
        return "a date stands here as the name of a column; delete the column"
    titles = {str(of.get("title", "")).lower(): n for n, of in fields.items() if n not in present}
    known = titles | {n: n for n in titles.values()}
    near = difflib.get_close_matches(name.strip().lower(), known, n=1)
    hint = f"; did you mean {known[near[0]]}?" if near else "; delete it, or define the field first"
    return f"no column of this table{hint}"


def _check_around(filled: Mapping[int, Mapping[int, Any]], sheet: Sheet) -> None:
    """Note blank rows between others, a run of them once, and values beside the table."""
    previous = 1
    beside: dict[int, list[int]] = {}
    for number in (number for number, cells in filled.items() if cells):
        if number > previous + 1:
            sheet.blank |= set(range(previous + 1, number))
            n = number - previous - 1
            said = "a blank row" if n == 1 else f"{n} blank rows from here on, lying"
            sheet.fault(
                f"{said} between others; delete {'it' if n == 1 else 'them'}", row=previous + 1
            )
        previous = number
        for column in filled[number].keys() - filled[1].keys():
            beside.setdefault(column, []).append(number)
    for column, numbers in beside.items():
        text = "a value in a column without a name; move or delete it"
        sheet.fault_alike(text, numbers, column=column)


def _is_heading(cells: Mapping[str, Any], fields: Fields) -> bool:
    """Whether a row has words, without a digit, in all its cells that should be numbers."""
    numeric = [
        cells[name].value
        for name, of in fields.items()
        if name in cells and of["type"] in ("integer", "number") and cells[name].value is not None
    ]
    words = [
        isinstance(value, str | CellRichText) and not any(map(str.isdigit, str(value)))
        for value in numeric
    ]
    return len(words) > 1 and all(words)


def _check_dates(sheet: Sheet, day_fields: Sequence[str]) -> None:
    """Note columns that mix dates and day numbers."""
    for name in (name for name in day_fields if name in sheet.columns):
        dated = [n for n, row in sheet.rows.items() if row[name].date]
        sheet.is_dated = sheet.is_dated or bool(dated)
        numbered = [n for n, row in sheet.rows.items() if row[name].text not in ("", FAULTY)]
        rarer = min(dated, numbered, key=len)
        if not dated or not rarer:
            continue
        kind, other = ("a date", "day numbers") if rarer is dated else ("a day number", "dates")
        text = f"{kind} in a column of {other}; write all alike"
        sheet.fault_alike(text, rarer, column=sheet.columns[name])
        for number in rarer:
            sheet.rows[number][name] = Read(FAULTY)
