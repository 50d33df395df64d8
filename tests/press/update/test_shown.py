"""Cells that do not show what they hold: number formats, fonts, sizes, conditional formats."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, FormulaRule, IconSetRule
from openpyxl.styles import Alignment, Color, Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from press.update.sheet import faults_of
from press.update.shown import unseen
from press.update.stage import Package, read_package
from press.update.workbook import read_workbook
from tests.press.update.workbooks import make_book, write_package

VALUES = [1250, -1250, 0, "abc"]
FORMATS = [
    ("General", "1250", "-1250", "0", "abc"),
    ("0", "1250", "-1250", "0", "abc"),
    ("0.00", "1250.00", "-1250.00", "0.00", "abc"),
    ("#,##0", "1,250", "-1,250", "0", "abc"),
    ("#,##0.00", "1,250.00", "-1,250.00", "0.00", "abc"),
    ("00000", "01250", "-01250", "00000", "abc"),
    ("0.##", "1250.", "-1250.", "0.", "abc"),
    ("0.00E+00", "1.25E+03", "-1.25E+03", "0.00E+00", "abc"),
    ("@", "1250", "-1250", "0", "abc"),
    ("0;-0", "1250", "-1250", "0", "abc"),
    ("0;-0;0;@", "1250", "-1250", "0", "abc"),
    ("#,##0_);(#,##0)", "1,250", "(1,250)", "0", "abc"),
    ("0.0_);[Red](0.0)", "1250.0", "(1250.0)", "0.0", "abc"),
    ("#,##0.00;[Red]-#,##0.00", "1,250.00", "-1,250.00", "0.00", "abc"),
    ("0.0_ ;[Red]\\-0.0\\ ", "1250.0", "-1250.0", "0.0", "abc"),
    ('_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', "1,250", "-1,250", "-", "abc"),
    ("0;@", "1250", "-1250", "0", "abc"),
    (";;;", "", "", "", ""),
    ("0;;", "1250", "", "", "abc"),
    ("0;0", "1250", "1250", "0", "abc"),
    ("0;[Red]0", "1250", "1250", "0", "abc"),
    ("0;-0;", "1250", "-1250", "", "abc"),
    ("0;-0;;", "1250", "-1250", "", ""),
    ('0.0;-0.0;"nil"', "1250.0", "-1250.0", "nil", "abc"),
    ('0.0,"k"', "1.3k", "-1.2k", "0.0k", "abc"),
    ("0%", "125000%", "-125000%", "0%", "abc"),
    ('0.0 "g"', "1250.0 g", "-1250.0 g", "0.0 g", "abc"),
    ('"4"0', "41250", "-41250", "40", "abc"),
    ("0\\9", "12509", "-12509", "09", "abc"),
    ("00 00", "12 50", "-12 50", "00 00", "abc"),
    ("*90", "90", "90", "90", "abc"),
    ("[$€-410]0.0", "€1250.0", "-€1250.0", "€0.0", "abc"),
    ('"TRUE";"TRUE";"FALSE"', "TRUE", "TRUE", "FALSE", "abc"),
    (';;;"y"', "", "", "", "y"),
    ('0;-0;0;"x"@', "1250", "-1250", "0", "xabc"),
]
"""Formats, and what SheetJS SSF 0.11.2 shows by them of each of the values, without its spaces."""


@pytest.fixture
def package(tmp_path: Path) -> Package:
    """The package as it lies in its folder."""
    return read_package(write_package(tmp_path / "data"))


def faults(book: Any, package: Package) -> list[str]:
    """What is said of a workbook, by its days alone."""
    file = package.folder.parent / "new.xlsx"
    book.save(file)
    return [str(fault) for fault in faults_of(read_workbook(file, package.fields, None))]


def is_taken(value: Any, number_format: str) -> bool:
    """Whether a cell without a style of its own is taken as shown."""
    cell = SimpleNamespace(value=value, number_format=number_format, has_style=False, fill=None)
    return not list(unseen(cell, "a number"))


def read_back(shown: str) -> float | None:
    """The number that a person reads; of a negative one in brackets too."""
    digits = shown.replace(",", "")
    if digits.startswith("(") and digits.endswith(")"):
        digits = f"-{digits[1:-1]}"
    try:
        return float(digits)
    except ValueError:
        return None


@pytest.mark.parametrize(("number_format", "shown"), [(of[0], of[1:]) for of in FORMATS])
def test_a_format_is_taken_if_it_shows_the_value(
    number_format: str, shown: tuple[str, ...]
) -> None:
    """A cell passes when what its format shows reads as the value, and is a fault otherwise."""
    taken = [is_taken(value, number_format) for value in VALUES]
    reads = [read_back(text) == value for text, value in zip(shown[:3], VALUES[:3], strict=True)]
    assert taken == [*reads, shown[3] == VALUES[3]]


@pytest.mark.parametrize(
    ("number_format", "expected"),
    [
        ("[$-en-US]0.0", [True, True, True]),  # a language, and no sign
        ("#\\ ##0", [True, True, True]),  # 1 250
        ("# ##0", [True, True, True]),
        ("#,###", [True, True, False]),  # a digit that is not significant is not shown
        ("#", [True, True, False]),
    ],
)
def test_formats_of_excels_lists(number_format: str, expected: list[bool]) -> None:
    """Formats that Excel writes by itself pass where they show the value (ECMA-376, 18.8.31)."""
    assert [is_taken(value, number_format) for value in (1250, -1250, 0)] == expected
    assert is_taken(0.4, number_format) is expected[2]


@pytest.mark.parametrize("number_format", ["0.0,", "#,##0,", "[White]0", "General;@;0"])
def test_a_format_that_shows_another_number(number_format: str) -> None:
    """By a comma at its end 1250 reads as 1.3 or 1; a colour or section can hide it or its sign."""
    assert [is_taken(value, number_format) for value in (1250, -1250)] != [True, True]


@pytest.mark.parametrize(
    ("number_format", "expected"),
    [
        ("yyyy-mm-dd", True), ("mm-dd-yy", True), ("dd/mm/yyyy;@", True),
        ('d" de "mmmm" de "yyyy', True), (r"[$-F800]dddd\,\ mmmm\ dd\,\ yyyy", True),
        ("[$-en-US]d-mmm-yy;@", True), ("[$-x-sysdate]dddd, mmmm dd, yyyy", True),
        ("[$-de-DE]dd.mm.yyyy", True), ("d-mmm", False), ("mmm-yy", False),
        ("yyyy", False), ('"d-m-y" yyyy', False),
        ("[White]d/m/yyyy", False),
    ],
)  # fmt: skip
def test_a_date_shows_day_month_and_year(number_format: str, expected: bool) -> None:
    """A date whose year is not shown may have that of the day on which it was typed."""
    assert is_taken(dt.datetime.fromisoformat("2006-03-04"), number_format) is expected


def styled(place: str, **styles: Any) -> Callable[[Any], None]:
    """A look of one cell of the visits."""

    def change(book: Any) -> None:
        for name, value in styles.items():
            setattr(book["visits"][place], name, value)

    return change


def crossed_in_part(book: Any) -> None:
    """One word of a text is crossed out."""
    crossed = TextBlock(InlineFont(strike=True), "azathioprine")
    book["persons"]["C2"] = CellRichText("methotrexate ", crossed)


def ruled(rule: Any) -> Callable[[Any], None]:
    """A conditional format of the doses."""
    return lambda book: book["visits"].conditional_formatting.add("D2:D9", rule)


def solid(color: Any) -> PatternFill:
    """A cell of one colour."""
    return PatternFill("solid", fgColor=color)


def without_zeros(book: Any) -> None:
    """A sheet that does not show its zeros."""
    book["visits"].sheet_view.showZeros = False


def with_a_chart(book: Any) -> None:
    """A chart, which can lie over cells."""
    chart = BarChart()
    chart.add_data(Reference(book["visits"], min_col=3, min_row=1, max_row=5))
    book["visits"].add_chart(chart, "B2")


WHITE = Color(theme=0)
FAINT = "too faint or small to be seen"
RULE = "visits!D2: a conditional format, which can hide or alter values"
LOOKS: list[tuple[Callable[[Any], None], str]] = [
    (styled("D3", font=Font(strike=True)), ""),
    (styled("D2", font=Font(strike=True)), "visits!D2: struck through"),
    (styled("D1", font=Font(strike=True)), "visits!D1: struck through"),
    (crossed_in_part, "persons!C2: struck through, in whole or in part"),
    (styled("D2", font=Font(color="FFFFFF")), f"visits!D2: {FAINT}"),
    (styled("D2", font=Font(color=WHITE)), f"visits!D2: {FAINT}"),
    (styled("D2", font=Font(color=Color(indexed=9))), f"visits!D2: {FAINT}"),
    (styled("D2", font=Font(color=Color(theme=0, tint=-0.05))), f"visits!D2: {FAINT}"),
    (styled("D2", font=Font(color=Color(theme=0, tint=-0.5))), ""),
    (styled("D2", font=Font(size=1)), f"visits!D2: {FAINT}"),
    (styled("D2", fill=solid("FF000000")), f"visits!D2: {FAINT}"),
    (styled("D2", fill=solid("FF1F4E78"), font=Font(color="FFFFFF")), ""),
    (styled("D2", fill=solid(Color(theme=4)), font=Font(color=WHITE)), ""),
    (styled("D2", fill=solid(Color(theme=4)), font=Font(color=Color(theme=4))), FAINT),
    (styled("D2", font=Font(color="FF0000", bold=True)), ""),
    (ruled(CellIsRule("greaterThan", ["8"], font=Font(color="9C0006"))), RULE),
    (ruled(FormulaRule(["TRUE"], fill=PatternFill("solid", bgColor="FF000000"))), RULE),
    (ruled(ColorScaleRule("min", None, "FFFFFF", "max", None, "F8696B")), ""),
    (styled("D2", alignment=Alignment("fill")), "visits!D2: repeated to fill its cell"),
    (styled("D2", alignment=Alignment("center")), ""),
    (without_zeros, "visits: the sheet does not show zeros; switch that on"),
    (with_a_chart, "visits: a drawing, text box, picture or chart on the sheet"),
    (ruled(CellIsRule("greaterThan", ["8"], font=Font(color="FFFFFF"))), RULE),
    (ruled(CellIsRule("greaterThan", ["8"], font=Font(strike=True))), RULE),
    (ruled(IconSetRule("3Arrows", "percent", [0, 33, 67])), ""),
    (ruled(IconSetRule("3Arrows", "percent", [0, 33, 67], showValue=False)), RULE),
]


@pytest.mark.parametrize(("change", "said"), LOOKS)
def test_a_look(change: Callable[[Any], None], said: str, package: Package) -> None:
    """What is crossed out, or cannot be told from its cell, is a fault; a coloured value is not."""
    book = make_book()
    change(book)
    found = faults(book, package)
    assert len(found) == bool(said)
    assert said in "".join(found)


def test_a_conditional_number_format(package: Package) -> None:
    """A conditional format can hide a value by a number format."""
    book = make_book()
    rule = CellIsRule("greaterThan", ["8"])
    rule.dxf = DifferentialStyle(numFmt=NumberFormat(numFmtId=170, formatCode=";;;"))
    ruled(rule)(book)
    assert faults(book, package)[0].startswith(RULE)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('<row r="5">', '<row r="5" ht="0" customHeight="1">', "visits row 5: hidden, or too low"),
        ('<row r="5">', '<row r="5" ht="1.5" customHeight="1">', "visits row 5: hidden, or too"),
        ('<row r="5">', '<row r="5" ht="9" customHeight="1">', ""),
        ("<sheetData>", '<cols><col min="3" max="4" width="0" customWidth="1"/></cols><sheetData>',
         "visits column C: hidden, or too narrow|visits column D: hidden, or too narrow"),
        ("<sheetData>", '<cols><col min="4" max="4" width="0.5"/></cols><sheetData>',
         "visits column D: hidden, or too narrow"),
        ("<sheetData>", '<cols><col min="4" max="4" width="3"/></cols><sheetData>', ""),
        ('baseColWidth="8"', 'defaultColWidth="0"', "|".join(
            f"visits column {letter}: hidden, or too narrow" for letter in "ABCDE")),
        ('baseColWidth="8"', 'zeroHeight="1"', "visits rows 1 to 5: hidden, or too low"),
        ("<sheetData>", '<cols><col min="8" max="9" width="0"/></cols><sheetData>', ""),
    ],
)  # fmt: skip
def test_sizes(old: str, new: str, said: str, package: Package) -> None:
    """A row or column with values and next to no size is a fault; openpyxl writes no such one."""
    file, other = package.folder.parent / "new.xlsx", package.folder.parent / "other.xlsx"
    make_book().save(file)
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(other, "w") as after:
        for name in before.namelist():
            content = before.read(name).decode()
            is_visits = name == "xl/worksheets/sheet3.xml"
            assert not is_visits or content.count(old) == 1
            after.writestr(name, content.replace(old, new) if is_visits else content)
    found = [str(fault) for fault in faults_of(read_workbook(other, package.fields, None))]
    starts = said.split("|") if said else []
    assert len(found) == len(starts)
    assert all(line.startswith(start) for line, start in zip(found, starts, strict=True))


def test_cells_alike_are_one_fault(package: Package) -> None:
    """What is wrong in the same way in many cells of a column, or with many rows, is said once."""
    book = make_book()
    for row in range(6, 1000):
        book["visits"].append(["B", row, None, 10, None])
        book["visits"].row_dimensions[row].hidden = row != 500
    for row in (2, *range(4, 1000)):
        book["visits"][f"D{row}"].number_format = ";;;"
    lines = faults(book, package)
    assert [line.split(": ")[0] for line in lines] == [
        "visits!D2, D4:D999",
        "visits rows 6 to 499, 501 to 999",
    ]
    assert lines[0].endswith("look whether it is a number in mg, without the unit")
    for row in range(6, 1000, 2):
        book["visits"][f"D{row}"].number_format = "0"
    shown = "visits!D2, D4:D5, D7, D9, D11, D13, D15, D17 and 491 more places: a number that"
    assert faults(book, package)[0].startswith(shown)
