"""Workbooks made in the test, with one fault of every kind, and what is said of it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from press.errors import PressError
from press.update.cells import FAULTY, number_text, read_cell
from press.update.origin import read_origin
from press.update.sheet import Sheet, faults_of, unread
from press.update.stage import Package, read_package
from press.update.workbook import read_workbook
from tests.press.update.workbooks import (
    CSV,
    FIRST,
    descriptor,
    make_book,
    make_dated_book,
    write_package,
)

NUMBER = {"name": "dose_mg", "type": "number", "unit": "mg"}


@pytest.fixture
def package(tmp_path: Path) -> Package:
    """The package as it lies in its folder."""
    return read_package(write_package(tmp_path / "data"))


def read(book: Any, package: Package) -> list[Sheet]:
    """The sheets of a workbook after it was saved."""
    file = package.folder.parent / "new.xlsx"
    book.save(file)
    origin = read_origin(package.descriptor, package.fields, "datapackage.json")
    return read_workbook(file, package.fields, origin)


def faults(book: Any, package: Package) -> list[str]:
    """What is said of a workbook."""
    return [str(fault) for fault in faults_of(read(book, package))]


def text_of(sheet: Sheet) -> str:
    """A sheet's table as CSV."""
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(sheet.table())
    return lines.getvalue()


def put(place: str, value: Any) -> Callable[[Any], None]:
    """A change of one cell, named as Excel does."""

    def change(book: Any) -> None:
        sheet, cell = place.split("!")
        book[sheet][cell] = value

    return change


@pytest.mark.parametrize("make", [make_book, make_dated_book])
def test_a_workbook_gives_the_tables(make: Callable[[], Any], package: Package) -> None:
    """Numbers, booleans, texts, empty cells and days arrive as the tables of the package."""
    sheets = read(make(), package)
    assert faults_of(sheets) == []
    assert {sheet.name: text_of(sheet) for sheet in sheets} == CSV


def test_columns_may_stand_in_any_order(package: Package) -> None:
    """The header says which column is which; the table has the order of the package."""
    book = make_book()
    sheet = book["visits"]
    rows = [[row[i] for i in (4, 2, 0, 1, 3)] for row in sheet.iter_rows(values_only=True)]
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value
    sheets = {sheet.name: sheet for sheet in read(book, package)}
    assert text_of(sheets["visits"]) == CSV["visits"]


KINDS = [
    ("visits!D3", "<160", "'<160' is not a number but a comparison; write the measured number in"),
    ("visits!D3", "3,5", "'3,5' is text with a comma"),
    ("visits!D3", "1.250,5", "this is text with a comma"),
    ("visits!D3", "12 mg", "'12' with text after it, not a number alone; write a number in mg"),
    ("visits!D3", "12", "text that looks like a number"),
    ("visits!D3", "n/a", "text that is not a number; write a number in mg, without the unit, or"),
    ("visits!D3", "Rossi", "text that is not a number"),
    ("visits!D3", "12 Rossi", "'12' with text after it"),
    ("visits!D3", "~Rossi", "this is not a number but a comparison"),
    ("visits!D3", "=B3+1", "a formula; replace it with its value"),
    ("visits!D3", "#N/A", "the error value #N/A"),
    (
        "visits!D3",
        True,
        "Excel's TRUE where a number in mg, without the unit is wanted; format the",
    ),
    ("visits!D3", dt.date(2006, 3, 4), "a date or time where a number in mg"),
    ("visits!D3", dt.time(8, 30), "a date or time where a number in mg"),
    ("visits!D3", "4.3.2006", "a date stands here as text where a number in mg"),
    ("visits!D3", "  ", "holds spaces only; clear the cell"),
    ("visits!C3", 2.5, "2.5 is not a whole number; write a whole number in points"),
    ("visits!C3", 38777.5, "this number is not a whole number; write a whole number in points"),
    (
        "visits!E3",
        "yes",
        "text that is neither true nor false; write true or false (or Excel's TRUE",
    ),
    ("visits!E3", "TRUE", "TRUE or FALSE as text, not as Excel's own; format the cell as General"),
    ("visits!E3", 1, "a number where TRUE or FALSE is wanted; write TRUE or FALSE, or leave the"),
    ("visits!B3", "4.3.2006", "a date stands here as text; write it again as a date of Excel"),
    ("visits!B3", "4. März 2006", "a date stands here as text"),
    ("visits!B3", "38777", "text that looks like a number"),
    (
        "visits!B3",
        38777,
        "a number as large as that by which Excel holds a date; format the cell as",
    ),
    ("visits!B3", dt.date(2006, 3, 4), "a date in a column of day numbers"),
    ("persons!A2", 12345678, "a number where text is wanted; format the column as Text"),
    ("persons!C2", "methotrexate ", "a space before or after the text"),
    ("persons!C2", "anti\u00a0Jo", "a space before or after the text, or a non-breaking one"),
    ("persons!C2", "a\nb", "a line break or control character in the cell"),
    ("persons!C2", 7, "a number where text is wanted; format the column as Text"),
    (
        "persons!C2",
        True,
        "Excel's TRUE where text is wanted; format the cell as Text and write text",
    ),
    ("persons!C2", "from 4/3/2006 on", "a date stands here in the text; take it out, since dates"),
    (
        "persons!C2",
        "3/12/2006",
        "a date stands here in the text; take it out, since dates identify",
    ),
    ("persons!C2", dt.date(2006, 3, 4), "a date or time where text is wanted"),
    ("visits!B1", "Day of visit", "no column of this table; did you mean visit_day?"),
    ("visits!F1", "score", "a second column score; delete one of the two"),
    ("visits!F1", "Rossi", "no column of this table; delete it, or define the field"),
    ("visits!F1", "12 March 2006", "a date stands here as the name of a column; delete the column"),
    ("visits!F1", dt.date(2006, 3, 4), "a date stands here as the name of a column; delete the"),
    ("visits!G3", "x", "a value in a column without a name; move or delete it"),
]
SECRET = re.compile("Rossi|2006|2007|2008|38777|12345678|M[aä]r|Dec")


@pytest.mark.parametrize(("place", "value", "said"), KINDS)
def test_a_faulty_cell(place: str, value: Any, said: str, package: Package) -> None:
    """Each kind of faulty cell is named with its cell and the remedy, and with no date or name."""
    book = make_book()
    put(place, value)(book)
    found = faults(book, package)
    assert any(line.startswith(f"{place}: {said}") for line in found), found
    assert len(found) == (2 if place == "visits!B1" else 1)
    assert not SECRET.search("".join(found))


def layout(book: Any) -> None:
    """Everything that a sheet can have around its cells."""
    visits = book["visits"]
    visits.merge_cells("C3:C4")
    visits.row_dimensions[5].hidden = True
    visits.column_dimensions["D"].hidden = True
    visits["A2"].comment = Comment("dose halved", "somebody")
    book["infusions"].sheet_state = "hidden"
    book.create_sheet("Legend").sheet_state = "veryHidden"


def test_what_lies_around_the_cells(package: Package) -> None:
    """Merged and hidden cells, comments, hidden and other sheets, in the order of their places."""
    book = make_book()
    layout(book)
    starts = [line.partition(";")[0] for line in faults(book, package)]
    assert starts == [
        "infusions: a hidden sheet",
        "visits column D: hidden, or too narrow to be read",
        "visits!A2: a comment, which is not read",
        "visits!C3: merged with the cells to C4",
        "visits row 5: hidden, or too low to be read",
        "sheet 4 of the workbook: a hidden sheet that is no table",
    ]


def test_hidden_cells_without_values_are_no_fault(package: Package) -> None:
    """Empty rows and columns may be hidden."""
    book = make_book()
    book["visits"].row_dimensions[9].hidden = True
    book["visits"].column_dimensions.group("G", "Z", hidden=True)
    assert faults(book, package) == []


def test_missing_sheets_and_columns(package: Package) -> None:
    """A sheet or column that is not there is named, with the one that may be meant."""
    book = make_book()
    book["visits"].title = "Visit"
    book["persons"].delete_cols(2)
    sheets = read(book, package)
    assert [str(fault) for fault in faults_of(sheets)] == [
        "persons row 1: there is no column first_year; add it, or correct its name",
        "visits: there is no such sheet; add it, or correct its name",
        "sheet 3 of the workbook: a sheet that is no table; delete it; did you mean visits?",
    ]
    assert [sheet.is_whole for sheet in sheets] == [False, True, False, True]


def test_a_header_that_is_not_in_the_first_row(package: Package) -> None:
    """Title rows above the header are named once, not as a fault of every cell."""
    book = make_book()
    book["visits"].insert_rows(1, 2)
    book["visits"]["A1"] = "Visits of the study"
    (line,) = faults(book, package)
    assert line.startswith("visits row 1: row 1 is not the header person_id, visit_day")
    assert line.endswith("it is in row 3: delete the rows above")


def test_a_second_header_and_blank_rows(package: Package) -> None:
    """A row of labels or units, and a blank row between others, are one fault each."""
    book = make_book()
    book["visits"].insert_rows(2)
    for column, label in enumerate(["Person", "Day", "Score", "Dose", "Well"], 1):
        book["visits"].cell(2, column).value = label
    book["visits"].insert_rows(5)
    assert faults(book, package) == [
        "visits row 2: looks like a second header; keep one, in row 1",
        "visits row 5: a blank row between others; delete it",
    ]


def test_formatted_rows_below_the_table_are_no_rows(package: Package) -> None:
    """A cell that was formatted and left empty holds nothing."""
    book = make_book()
    book["visits"]["A40"].number_format = "@"
    sheets = {sheet.name: sheet for sheet in read(book, package)}
    assert text_of(sheets["visits"]) == CSV["visits"]


def whole(book: Any) -> None:
    """A day number in a column of dates."""
    put("visits!B3", 30)(book)
    book["visits"]["B3"].number_format = "General"


def without_first(book: Any) -> None:
    """A person with dates of visits, and none of an infusion."""
    book["infusions"].delete_rows(4)


DATED = [
    (whole, ["visits!B3: a day number in a column of dates; write all alike"]),
    (put("visits!B3", 30), ["visits!B3: a date before 1930, as a day number shows that has the"]),
    (
        put("visits!B3", dt.datetime.fromisoformat("2006-03-31T08:15")),
        ["visits!B3: a date with a time of day; write the date alone"],
    ),
    (put("persons!B2", 2008), ["persons!B2: another year than that of the first date in"]),
    # One who is not listed is told by the rules of the study, and not what follows from it.
    (put("infusions!A4", "C"), []),
    (put("visits!A5", "C"), []),
    (put("persons!A3", "C"), []),
    (without_first, ["visits!A4: no date in infusions.start_day to count this person's dates"]),
    # Whose first date is unread has days that cannot be known: nothing more is said of them.
    (put("infusions!B4", "24.12.2007"), ["infusions!B4: a date stands here as text"]),
]


@pytest.mark.parametrize(("change", "starts"), DATED)
def test_faulty_dates(change: Callable[[Any], None], starts: list[str], package: Package) -> None:
    """Dates that cannot be counted are named by their cells, and no report shows a date."""
    book = make_dated_book()
    change(book)
    found = faults(book, package)
    assert len(found) == len(starts), found
    assert all(line.startswith(start) for line, start in zip(found, starts, strict=True)), found
    assert not SECRET.search("".join(found))


def test_dates_without_an_origin(package: Package) -> None:
    """Visits as dates need infusions as dates: one fault of the column."""
    book = make_dated_book()
    for number, day in enumerate([0, 28, 0], 2):
        book["infusions"].cell(number, 2).value = day
        book["infusions"].cell(number, 2).number_format = "General"
    assert faults(book, package) == [
        "visits column B: dates, but no dates in infusions.start_day to count them from; "
        "write both as dates, or both as days"
    ]


def test_dates_counted_from_1904(package: Package) -> None:
    """A workbook that counts dates from 1904 gives the same days as one that counts from 1900."""
    book = make_dated_book()
    book.epoch = CALENDAR_MAC_1904
    sheets = read(book, package)
    assert faults_of(sheets) == []
    assert {sheet.name: text_of(sheet) for sheet in sheets} == CSV


def test_dates_need_a_declaration(package: Package) -> None:
    """Without `time_origin` in the package, dates are refused cell by cell."""
    del package.descriptor["time_origin"]
    places = [line.partition(": a date or")[0] for line in faults(make_dated_book(), package)]
    assert places == ["infusions!B2:B4", "visits!B2:B5"]


def test_faults_alike_are_one_line(package: Package) -> None:
    """Numbers as text, comments and values beside the table are told once a column."""
    book = make_book()
    for row in range(2, 400):
        book["visits"].cell(row, 1).value = "A"
        book["visits"].cell(row, 2).value = str(row)
        book["visits"].cell(row, 3).comment = Comment("x", "y")
        book["visits"].cell(row, 7).value = "x"
    assert [line.partition(";")[0] for line in faults(book, package)] == [
        "visits!B2:B399: text that looks like a number",
        "visits!C2:C399: a comment, which is not read",
        "visits!G2:G399: a value in a column without a name",
    ]


def test_a_look_hides_no_fault_of_a_value(package: Package) -> None:
    """A hidden row, a comment or a font leaves the values of its cells to be checked."""
    book = make_book()
    book["visits"].row_dimensions[3].hidden = True
    book["visits"]["D4"].comment = Comment("x", "y")
    book["visits"]["D5"].font = Font(strike=True)
    (visits,) = [sheet for sheet in read(book, package) if sheet.name == "visits"]
    assert len(visits.faults) == 3
    assert not any(visits.is_known(row, ["dose_mg"]) for row in (3, 4, 5))


@pytest.mark.parametrize(
    "origin",
    [{}, {**descriptor()["time_origin"], "first": "start_day"},
     {**descriptor()["time_origin"], "days": ["visits.day"]},
     {**descriptor()["time_origin"], "per": "name"}],
)  # fmt: skip
def test_a_wrong_declaration(origin: dict[str, Any], package: Package) -> None:
    """A `time_origin` that names no fields of the package is refused."""
    with pytest.raises(PressError, match="time_origin"):
        read_origin({"time_origin": origin}, package.fields, "datapackage.json")


def test_a_sheet_is_not_named(package: Package) -> None:
    """A sheet that is no table is told by its place: its name may be a date or a person's."""
    book = make_book()
    for name in ("2006-03-12", "Rossi"):
        book.create_sheet(name)
    assert faults(book, package) == [
        "sheet 4 of the workbook: a date stands in the name of this sheet, which is no table; "
        "delete the sheet",
        "sheet 5 of the workbook: a sheet that is no table; delete it",
    ]


def test_what_a_workbook_holds_besides_is_not_read(package: Package) -> None:
    """Properties, defined names, links, headers and lists neither reach a table nor a report."""
    book = make_book()
    book.properties.creator = book.properties.title = book.properties.keywords = "Rossi 2006-03-12"
    book.defined_names["Rossi"] = DefinedName("Rossi", attr_text='"2006-03-12"')
    visits = book["visits"]
    visits.oddHeader.center.text = visits.oddFooter.left.text = "Rossi 12 March 2006"
    visits["A2"].hyperlink = "https://example.org/Rossi/2006-03-12"
    visits.add_data_validation(DataValidation(type="list", formula1='"Rossi,2006"', sqref="A2:A9"))
    sheets = read(book, package)
    assert faults_of(sheets) == []
    assert {sheet.name: text_of(sheet) for sheet in sheets} == CSV
    visits["A2"].comment = Comment("Rossi, seen 12 March 2006", "Dr Rossi")
    (line,) = faults(book, package)
    assert line.startswith("visits!A2: a comment, which is not read")
    assert not SECRET.search(line)


def test_a_stray_value_far_below_is_one_fault(package: Package) -> None:
    """The blank rows above a value in Excel's last row are told once, with their number."""
    book = make_book()
    put("visits!A1048576", "A")(book)
    assert faults(book, package) == [
        "visits row 6: 1048570 blank rows from here on, lying between others; delete them"
    ]


def test_an_unread_cell_is_never_passed(package: Package) -> None:
    """Cells left unread are told, even if no fault is: here the dates of one with no first date."""
    book = make_dated_book()
    put("infusions!A4", "C")(book)
    sheets = read(book, package)
    assert unread(sheets) == [
        "persons!B3: first_year is not read; write it again",
        "visits!B4: visit_day is not read; write it again",
        "visits!B5: visit_day is not read; write it again",
    ]
    assert unread(read(make_dated_book(), package)) == []


def test_a_number_of_a_calculation() -> None:
    """A number with more than the 15 digits that Excel keeps of a typed one was calculated."""
    cell = SimpleNamespace(value=0.1 + 0.2, data_type="n", number_format="General")
    assert "has 17 digits, which only a calculation leaves" in (
        read_cell(cell, NUMBER, takes_dates=False).fault
    )
    cell.value = 123456789.012345
    assert read_cell(cell, NUMBER, takes_dates=False).fault == ""


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**15), 10**15))
def test_a_number_keeps_its_value(number: float) -> None:
    """The text of a number is read as the same number."""
    assert float(number_text(number)) == number


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever text stands where a number is wanted, it is a fault; as text it stays or is one."""
    cell = SimpleNamespace(value=text, data_type="s", number_format="General")
    assert read_cell(cell, NUMBER, takes_dates=False).fault or not text
    found = read_cell(cell, {"name": "x", "type": "string"}, takes_dates=False)
    assert found.fault or found.text == text


def test_an_unread_date_is_not_written(package: Package) -> None:
    """No table that is written has a date in it, whatever is wrong with the workbook."""
    book = make_dated_book()
    del book["infusions"]
    sheets = {sheet.name: sheet for sheet in read(book, package)}
    assert not SECRET.search(json.dumps(sheets["visits"].table()))
    assert FAULTY in sheets["visits"].rows[2]["visit_day"].text
    assert FIRST["A"].year == 2006
