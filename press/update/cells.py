"""One cell of a workbook in; the text that a table holds for it out, or what is wrong with it.

Nothing is guessed: a value is taken only when its kind is that of its field. A report shows a value
only when it is a measured number: dates, names and hospital numbers identify people.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl.cell.cell import ERROR_CODES, MergedCell

from press.update.dates import is_free, is_measurement, is_near_date, may_be_date, reads_as_date

FAULTY = "\x1a"
"""Stands in the staged table for a cell that could not be read, so that no rule relies on it."""
MOST_DIGITS = 15
"""As many as Excel keeps of a typed number; more are left by a calculation."""
EARLIEST = 1930
"""The first year of a date; small numbers that have the format of a date lie before it."""

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
_COMMA = re.compile(r"[-+]?\d[\d.]*,\d+")
_COMPARED = re.compile(r"\s*[<>≤≥=~≈±]")
_WITH_UNIT = re.compile(r"([-+]?\d+([.,]\d+)?)\s*([^\d\s.,].*)")
_NEAR_DATE = (
    "reword it without two numbers joined by a point, stroke, comma or dash, a month beside a "
    "number, and six digits in a row, since dates identify people"
)
_SPACES = re.compile(r"^\s|\s$|[\u00a0\u2007\u202f\u200b\ufeff]")
_BROKEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")

Field = Mapping[str, Any]


@dataclass(frozen=True)
class Read:
    """A cell as read: its text, or what is wrong and the remedy; a date waits for its origin."""

    text: str = ""
    fault: str = ""
    date: dt.date | None = None


def read_cell(cell: Any, field: Field, *, takes_dates: bool) -> Read:
    """The cell as `field` wants it; a date is taken where `takes_dates`."""
    value, kind = cell.value, cell.data_type
    if isinstance(cell, MergedCell):
        return Read(FAULTY)
    if value is None:
        return Read()
    if kind == "f":
        return Read(FAULTY, "a formula; replace it with its value (Paste Special, Values)")
    if kind == "e":
        shown = f" {value}" if value in ERROR_CODES else ""
        return Read(FAULTY, f"the error value{shown}; {_remedy(field)}")
    if kind == "d" or isinstance(value, dt.date | dt.time | dt.timedelta):
        return _read_date(value, field, takes_dates=takes_dates)
    if kind == "b":
        return _read_boolean(value, field)
    if isinstance(value, int | float):
        return _read_number(value, field, takes_dates=takes_dates)
    return _read_text(str(value), field, takes_dates=takes_dates)


def _remedy(field: Field) -> str:
    """What to do with a value that cannot be taken."""
    if (field.get("constraints") or {}).get("required"):
        return f"write {wanted(field)}"
    return f"write {wanted(field)}, or leave the cell empty if the value is not known"


def wanted(field: Field) -> str:
    """What a cell of the field holds: a number with its unit, a boolean, a listed text, a text."""
    allowed = (field.get("constraints") or {}).get("enum")
    if allowed and field["type"] == "string":
        return f"one of {', '.join(map(str, allowed))}"
    unit = field.get("unit", "1")
    of_unit = "" if unit == "1" else f" in {unit}, without the unit"
    kinds = {"integer": f"a whole number{of_unit}", "number": f"a number{of_unit}"}
    return kinds.get(field["type"], "TRUE or FALSE" if field["type"] == "boolean" else "text")


def _read_date(value: Any, field: Field, *, takes_dates: bool) -> Read:
    if not takes_dates:
        remedy = f"format the cell as Text or General and write {wanted(field)} again"
        return Read(FAULTY, f"a date or time where {wanted(field)} is wanted; {remedy}")
    remedy = "write the date alone"
    if type(value) is dt.date:
        value = dt.datetime.combine(value, dt.time())
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        if value.year >= EARLIEST:
            return Read(FAULTY, date=value.date())
        shown = "as a day number shows that has the format of a date"
        return Read(FAULTY, f"a date before {EARLIEST}, {shown}; set the format to General")
    if isinstance(value, dt.datetime):
        return Read(FAULTY, f"a date with a time of day; {remedy}")
    return Read(FAULTY, f"a time of day or a duration where a date is wanted; {remedy}")


def _read_boolean(value: bool, field: Field) -> Read:
    if field["type"] != "boolean":
        cell = "Text" if field["type"] == "string" else "General"
        remedy = f"format the cell as {cell} and {_remedy(field)}"
        return Read(
            FAULTY, f"Excel's {str(value).upper()} where {wanted(field)} is wanted; {remedy}"
        )
    names = field.get("trueValues", ["true"]) if value else field.get("falseValues", ["false"])
    return Read(str(names[0]))


def _read_number(value: float, field: Field, *, takes_dates: bool) -> Read:
    text = number_text(value)
    if field["type"] not in ("integer", "number"):
        remedy = "format the column as Text and write the value again"
        if field["type"] == "boolean":
            remedy = _remedy(field)
        return Read(FAULTY, f"a number where {wanted(field)} is wanted; {remedy}")
    if takes_dates and may_be_date(text) and not _is_within(value, field):
        fault = "a number as large as that by which Excel holds a date"
        return Read(FAULTY, f"{fault}; format the cell as a date, or write {wanted(field)}")
    bounds = field.get("constraints")
    shown = text if is_measurement(text, bounds) else "this number"
    if field["type"] == "integer" and not text.lstrip("-").isdecimal():
        return Read(FAULTY, f"{shown} is not a whole number; {_remedy(field)}")
    digits = re.sub(r"[eE].*|\D", "", text).strip("0")
    if len(digits) > MOST_DIGITS:
        fault = f"{shown} has {len(digits)} digits, which only a calculation leaves"
        return Read(text, f"{fault}; write the digits that were measured")
    return Read(text)


def _is_within(value: float, field: Field) -> bool:
    """Whether a number is one that the field's declared bound allows."""
    most = (field.get("constraints") or {}).get("maximum")
    return isinstance(most, int | float) and value <= most


def number_text(value: float) -> str:
    """The number as a table holds it: the shortest text that is this number, no needless zeros."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**MOST_DIGITS:
        return str(int(value))
    return str(value)


def _read_text(value: str, field: Field, *, takes_dates: bool) -> Read:
    text = value.strip()
    if not text:
        return Read(fault="holds spaces only; clear the cell")
    if value in field.get("missing", ()):
        return Read(value)
    if _BROKEN.search(text):
        return Read(FAULTY, "a line break or control character in the cell; write one line of text")
    is_numeric = field["type"] in ("integer", "number")
    if reads_as_date(text) and not (is_numeric and _NUMBER.fullmatch(text)):
        return Read(FAULTY, _dated(field, takes_dates=takes_dates))
    if is_free(field) and is_near_date(text):
        return Read(FAULTY, f"text in which a date or a part of one may stand; {_NEAR_DATE}")
    if is_numeric:
        return _not_a_number(text, field)
    if field["type"] == "boolean" and text not in _names(field):
        return Read(FAULTY, _not_a_boolean(text, field))
    if _SPACES.search(value):
        fault = "a space before or after the text, or a non-breaking one in it"
        return Read(text, f"{fault}; write it again without")
    return Read(value)


def _dated(field: Field, *, takes_dates: bool) -> str:
    if takes_dates:
        remedy = "write it again as a date of Excel, or as a day number"
        return f"a date stands here as text; {remedy}"
    if field["type"] in ("integer", "number", "boolean"):
        return f"a date stands here as text where {wanted(field)} is wanted; {_remedy(field)}"
    return "a date stands here in the text; take it out, since dates identify people"


def _not_a_boolean(text: str, field: Field) -> str:
    """What to do with a text that is none of the field's names for true and false."""
    names = " or ".join(_names(field))
    if text.upper() in ("TRUE", "FALSE"):
        typed = "TRUE or FALSE as text, not as Excel's own"
        return f"{typed}; format the cell as General and write it again, or write {names}"
    remedy = f"write {names} (or Excel's TRUE or FALSE)"
    if not (field.get("constraints") or {}).get("required"):
        remedy += ", or leave the cell empty if the value is not known"
    return f"text that is neither {' nor '.join(_names(field))}; {remedy}"


def _names(field: Field) -> list[str]:
    return [*field.get("trueValues", ["true"]), *field.get("falseValues", ["false"])]


def _not_a_number(text: str, field: Field) -> Read:
    """What kind of text stands where a number is wanted; shown if it is but a number."""
    bounds = field.get("constraints")
    this = f"'{text}'" if is_measurement(text, bounds) else "this"
    if _NUMBER.fullmatch(text):
        remedy = "convert it (Excel: Convert to Number)"
        return Read(text, f"text that looks like a number; {remedy}")
    if _COMPARED.match(text):
        measured = _remedy(field).replace("write a", "write the measured", 1)
        return Read(FAULTY, f"{this} is not a number but a comparison; {measured}")
    if _COMMA.fullmatch(text):
        remedy = "write it as a number of Excel, which shows the comma of your language by itself"
        return Read(FAULTY, f"{this} is text with a comma, not a number; {remedy}")
    if found := _WITH_UNIT.fullmatch(text):
        number = f"'{found[1]}'" if is_measurement(found[1], bounds) else "a number"
        return Read(FAULTY, f"{number} with text after it, not a number alone; {_remedy(field)}")
    return Read(FAULTY, f"text that is not a number; {_remedy(field)}")
