"""A text of somebody's file in; whether a date stands in it, and whether a report may show it, out.

`press` and `analysis` do not import each other and both keep dates out of reports and tables, so
each has this module; a test holds the two to one text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

SERIALS = range(18264, 55153)
"""The days from 1950 to 2050 as Excel counts them."""
MOST_SHOWN = 8
"""Digits of a number in a report: numbers of hospitals and states have more."""

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d\d"
_TWO_DAY, _TWO_MONTH = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"
_BETWEEN = r"\s*[./_-]\s*"
_ORDINAL = r"(?:st|nd|rd|th|er|\.|o)?"
_GAP = r"[\s.,'/_-]*(?:(?:of|de|del|di|den)\s+)?"

# Without accents, in English, German, French, Italian and Spanish.
_FULL = """january february march april june july august september october november december
    januar janner februar marz maerz juni juli oktober dezember
    janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre
    gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre dicembre
    enero febrero abril mayo junio julio septiembre setiembre octubre noviembre diciembre"""
_SHORT = "jan feb mar mrz apr jun jul aug sep sept oct okt nov dec dez fevr juil"
_AMBIGUOUS = "may mai mag ago gen ene giu lug set sett ott out dic abr avr janv fev"
"""Months that are other words too: they are a date beside a day and a year only."""


def _words(names: str) -> str:
    return rf"(?<![^\W\d_])(?:{'|'.join(names.split())})(?![^\W\d_])"


_ANY, _SURE = _words(f"{_FULL} {_SHORT} {_AMBIGUOUS}"), _words(f"{_FULL} {_SHORT}")
_IN_DIGITS = [
    rf"(?<!\d){_YEAR}{_BETWEEN}{_MONTH}{_BETWEEN}{_DAY}(?!\d)",
    rf"(?<!\d){_YEAR}\s*[/_-]\s*{_MONTH}(?!\d)",
    rf"(?<!\d){_YEAR}\s+{_MONTH}\s+{_DAY}(?!\d)",
    *(
        pattern
        for one, two in ((_DAY, _MONTH), (_MONTH, _DAY))
        for pattern in (
            rf"(?<!\d){one}{_BETWEEN}{two}{_BETWEEN}{_YEAR}(?!\d)",
            rf"(?<!\d){one}\s+{two}\s+{_YEAR}(?!\d)",
            rf"(?<![\w.,]){one}{_BETWEEN}{two}{_BETWEEN}'?\d\d(?![\w.,]\d|\w)",
        )
    ),
    rf"(?<![\w.,])\d\d[./_-]{_TWO_MONTH}[./_-]{_TWO_DAY}(?!\w)",
    rf"(?<![\d.,]){_MONTH}{_BETWEEN}{_YEAR}(?!\d)",
    rf"(?<!\w)(?:{_YEAR}{_TWO_MONTH}{_TWO_DAY}|{_TWO_DAY}{_TWO_MONTH}{_YEAR}"
    rf"|{_TWO_MONTH}{_TWO_DAY}{_YEAR})(?!\w)",
    rf"(?<!\d){_DAY}{_BETWEEN}(?:x|xi{{1,2}}|ix|iv|vi{{0,3}}|i{{1,3}}){_BETWEEN}(?:{_YEAR}|\d\d)(?!\d)",
]
_IN_WORDS = [
    rf"(?<!\d){_DAY}{_ORDINAL}{_GAP}{_SURE}",
    rf"{_SURE}{_GAP}(?:\d\d|{_YEAR})(?!\d)",
    rf"{_ANY}[/'-]\d\d(?!\w)",
    rf"{_words(_FULL)}{_GAP}{_DAY}{_ORDINAL}(?!\d)",
    rf"(?<!\d){_DAY}{_ORDINAL}{_GAP}{_ANY}{_GAP}(?:\d\d|{_YEAR})(?!\d)",
    rf"{_ANY}{_GAP}(?:{_DAY}{_ORDINAL}{_GAP})?{_YEAR}(?!\d)",
    rf"(?<!\d){_YEAR}{_GAP}{_ANY}",
]
_DATE = re.compile("|".join([*_IN_DIGITS, *_IN_WORDS]))
_NEAR_DATE = re.compile(
    "|".join(
        [
            r"\d\s*[./,_\u2044-]\s*\d",
            r"\d\s+\d+\s+\d",
            r"\d{6}",
            rf"\d{_ORDINAL}{_GAP}{_ANY}",
            rf"{_ANY}{_GAP}\d",
        ]
    )
)
_PLAIN = re.compile(r"[<>≤≥=~≈±]{0,2}\s*([-+]?\d{1,15}(?:[.,]\d{1,15})?(?:[eE][-+]?\d{1,2})?)")


def reads_as_date(text: str) -> bool:
    """Whether a calendar date, or a month of a year, stands in `text`, in digits or words."""
    return _DATE.search(_plain(text)) is not None


def is_near_date(text: str) -> bool:
    """Whether `text` may hold a date or a part of one, as a free text about a person must not.

    Such are two numbers joined by a point, stroke, comma or dash, six digits in a row, and a month
    beside a number.
    """
    plain = _plain(text)
    return _NEAR_DATE.search(plain) is not None or _DATE.search(plain) is not None


def is_free(field: Mapping[str, Any]) -> bool:
    """Whether a field holds texts that are not listed in its definition."""
    return field["type"] == "string" and not (field.get("constraints") or {}).get("enum")


def _plain(text: str) -> str:
    """A text in small letters without accents, its dashes and apostrophes those of a keyboard."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[\u2010-\u2015\u2212]", "-", plain).replace("\u2019", "'")


def may_be_date(text: str) -> bool:
    """Whether `text` reads as a date, or as the number by which Excel holds one."""
    found = _PLAIN.fullmatch(text.strip())
    is_serial = found is not None and int(float(found[1].replace(",", "."))) in SERIALS
    return is_serial or reads_as_date(text)


def is_measurement(text: str, bounds: Mapping[str, Any] | None = None) -> bool:
    """Whether `text` is one number, be it compared or with a comma, that identifies nobody.

    A report may show it; any other text can be a date, a name or a hospital's number, as can a
    number of many digits, or one more than ten times as large as `bounds` (the constraints of its
    field) allow.
    """
    found = _PLAIN.fullmatch(text)
    if found is None or may_be_date(text):
        return False
    digits = re.sub(r"[eE].*|\D", "", found[1])
    allowed = [(bounds or {}).get(name) for name in ("minimum", "maximum")]
    known = [abs(bound) for bound in allowed if isinstance(bound, int | float)]
    number = abs(float(found[1].replace(",", ".")))
    return len(digits) <= MOST_SHOWN and (not known or number <= 10 * max(known))
