"""A cell of a workbook in; what keeps its reader from seeing the value that it holds, out.

A value that is hidden, crossed out or shown as another one is not what the sender looked at, so a
number format, a font and a size are taken only when they are known to show the value.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles.colors import COLOR_INDEX

LEAST_WIDTH = 1.0
"""Of a column that can be read, in characters."""
LEAST_HEIGHT = 2.0
"""Of a row that can be read, in points."""
LEAST_SIZE = 4.0
"""Of letters that can be read, in points."""
LEAST_CONTRAST = 32
"""Of 255, between letters and cell, in one of red, green and blue."""

_PARTS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|;|.', re.DOTALL)
_AROUND = r"(?:_.|\\?\s|\*\s|\[\$-[^\]]+\]|\[(?:black|blue|green|magenta|red)\])*"  # shows no sign
# Shows a nought as one; a thousand's comma may be a blank.
_DIGITS = r"(?:General|@|(?:#(?:,|\\?[ \u00a0])##|#*)0+(?:\.[0#?]+)?(?:E[+-]0+)?)"
_UNSIGNED = re.compile(f"{_AROUND}{_DIGITS}{_AROUND}", re.IGNORECASE)
_WITHOUT_ZERO = re.compile(rf"{_AROUND}(?:#+|#(?:,|\\?[ \u00a0])###){_AROUND}")
_SIGNED = re.compile(
    rf"{_AROUND}(?:\\?-{_AROUND}{_DIGITS}|\\?\({_AROUND}{_DIGITS}{_AROUND}\\?\)){_AROUND}",
    re.IGNORECASE,
)
_TEXT = re.compile(f"{_AROUND}@{_AROUND}", re.IGNORECASE)
_NO_DATE_PART = re.compile(rf'"[^"]*"|\\.|{_AROUND}', re.IGNORECASE)


def is_low(sheet: Any, row: int) -> bool:
    """Whether a row is hidden or has next to no height."""
    height, is_hidden = sheet.sheet_format.defaultRowHeight, bool(sheet.sheet_format.zeroHeight)
    if row in sheet.row_dimensions:  # asking for one that is not there would make it
        known = sheet.row_dimensions[row]
        height = height if known.height is None else known.height
        is_hidden = known.hidden
    return is_hidden or height < LEAST_HEIGHT


def is_narrow(sheet: Any, column: int) -> bool:
    """Whether a column is hidden or has next to no width."""
    groups = [
        group
        for group in sheet.column_dimensions.values()
        if group.min and group.min <= column <= group.max
    ]
    default = sheet.sheet_format.defaultColWidth
    if not groups and default is not None:
        return default < LEAST_WIDTH
    return any(group.hidden or group.width < LEAST_WIDTH for group in groups)


def unseen(cell: Any, wanted: str) -> Iterator[str]:
    """What is wrong with the look of a filled cell that should hold `wanted`, with the remedy."""
    if not _is_shown(cell.value, str(cell.number_format)):
        yield _otherwise(cell.value, wanted)
    if cell.has_style and cell.alignment.horizontal == "fill":
        yield "repeated to fill its cell; set the horizontal alignment to General, and look"
    parts = cell.value if isinstance(cell.value, CellRichText) else []
    fonts = [part.font for part in parts if isinstance(part, TextBlock)]
    fonts += [cell.font] if cell.has_style else []
    if any(font.strike for font in fonts):
        remedy = "delete what does not count, and switch the strikethrough off"
        yield f"struck through, in whole or in part; {remedy}"
    if any(_is_faint(font, cell.fill) for font in fonts):
        yield "too faint or small to be seen; clear the font's colour and size, and look"


def hiding_rules(sheet: Any) -> Iterator[tuple[int, int, str]]:
    """Row, column and fault of each conditional format that can keep a value from being seen.

    Whether one does depends on the looks of every cell under it; scales, bars and icons beside a
    value let it be seen.
    """
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            parts = [of for of in (rule.dataBar, rule.iconSet) if of is not None]
            if rule.colorScale or (parts and all(of.showValue is not False for of in parts)):
                continue
            text = "a conditional format, which can hide or alter values; delete it, and look"
            yield *min((cells.min_row, cells.min_col) for cells in area.sqref.ranges), text


def hidden_by_sheet(sheet: Any) -> Iterator[str]:
    """What of the whole sheet can keep a value from being seen, with the remedy."""
    if any(view.showZeros is False for view in sheet.views.sheetView):
        where = "Options, Advanced, Show a zero in cells that have zero value"
        yield f"the sheet does not show zeros; switch that on ({where}), and look"
    if any(sheet._rels.find(SpreadsheetDrawing._rel_type)):
        yield "a drawing, text box, picture or chart on the sheet, which is not read; delete it"


def _is_shown(value: Any, number_format: str) -> bool:
    """Whether a number format shows the value as it is; formats are known by ECMA-376, 18.8.31."""
    sections = _sections(number_format)
    if isinstance(value, dt.date):
        # Of a date without its year Excel takes the year in which it was typed.
        rest = _NO_DATE_PART.sub("", sections[0]).lower()
        return {"d", "m", "y"} <= set(rest) and "[" not in rest
    has_text = len(sections) == 4 or "@" in sections[-1]
    if isinstance(value, bool) or not isinstance(value, int | float):
        is_time = isinstance(value, dt.time | dt.timedelta)  # refused by its kind
        return is_time or not has_text or _TEXT.fullmatch(sections[-1]) is not None
    numeric = sections[:-1] if has_text and len(sections) > 1 else sections
    if value < 0 and len(numeric) > 1:
        return _SIGNED.fullmatch(numeric[1]) is not None
    of_zero = numeric[2] if value == 0 and len(numeric) > 2 else numeric[0]
    is_shown = abs(value) >= 1 and _WITHOUT_ZERO.fullmatch(of_zero) is not None
    return is_shown or _UNSIGNED.fullmatch(of_zero) is not None


def _sections(number_format: str) -> list[str]:
    """The parts of a number format between semicolons: positive, negative, zero, text."""
    sections = [""]
    for part in _PARTS.findall(number_format):
        if part == ";":
            sections.append("")
        else:
            sections[-1] += part
    return sections


def _otherwise(value: Any, wanted: str) -> str:
    if isinstance(value, dt.date):
        remedy = "format the cell as a date with all three, and look at it"
        return f"a date that Excel shows without its day, month or year; {remedy}"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    kind, plain = ("number", "General") if is_number else ("value", "Text")
    remedy = f"set the number format to {plain}, and look whether it is {wanted}"
    return f"a {kind} that Excel shows with a sign or unit, as another one or not at all; {remedy}"


def _is_faint(font: Any, fill: Any) -> bool:
    """Whether letters of this font are too small, or too near the colour of their cell."""
    if font.sz is not None and font.sz < LEAST_SIZE:
        return True
    letters, cell = _colour(font.color, "000000"), "FFFFFF"
    if fill is not None and fill.fill_type is not None:
        cell = _colour(fill.fgColor, "") if fill.fill_type == "solid" else ""
    if not letters or not cell:  # colours of a theme, or a pattern
        return fill is not None and fill.fill_type == "solid" and font.color == fill.fgColor
    pairs = zip(bytes.fromhex(letters), bytes.fromhex(cell), strict=True)
    return all(abs(one - other) < LEAST_CONTRAST for one, other in pairs)


def _colour(color: Any, automatic: str) -> str:
    """Red, green and blue of a colour, in hex; nothing of a theme's but its white and black."""
    if color is None or color.type == "auto":
        return automatic
    if color.type == "rgb":
        return str(color.rgb)[-6:]
    if color.type == "indexed":
        known = color.indexed < len(COLOR_INDEX)
        return str(COLOR_INDEX[color.indexed])[-6:] if known else automatic
    if color.theme > 1:
        return ""
    grey = 255 * (1 + min(color.tint, 0)) if color.theme == 0 else 255 * max(color.tint, 0)
    return f"{round(grey):02X}" * 3
