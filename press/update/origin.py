"""A package's `time_origin` and the dates of a workbook in, whole days out; the dates are dropped.

"time_origin": {
  "first": "infusions.start_day",   the earliest date here is a person's day 0
  "per": "person_id",               who a person is, in every table named here
  "days": ["infusions.start_day", "visits.visit_day"],   what may be given as dates
  "year": "persons.first_year"      filled with the year of day 0 (may be left out)
}
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from press.errors import PressError
from press.update.cells import FAULTY, Read


class Dated(Protocol):
    """What of a sheet is needed here."""

    rows: dict[int, dict[str, Read]]

    def fault(self, text: str, *, row: int = 0, name: str | None = None) -> None:
        """Note a fault of a cell."""


@dataclass(frozen=True)
class TimeOrigin:
    """Where a person's day 0 stands, and which fields count from it; each a (table, field)."""

    first: tuple[str, str]
    per: str
    days: tuple[tuple[str, str], ...]
    year: tuple[str, str] | None

    def days_of(self, table: str) -> tuple[str, ...]:
        """The fields of `table` that may be dates."""
        return tuple(name for of, name in self.days if of == table)

    def convert(self, sheets: Mapping[str, Dated]) -> None:
        """Put days in place of all dates, and the year where one is wanted."""
        start = sheets[self.first[0]]
        origins = self._origins(start)
        for table, name in self.days:
            sheet = sheets[table]
            dated = [number for number, row in sheet.rows.items() if row[name].date]
            if dated and not origins:
                text = f"dates, but no dates in {'.'.join(self.first)} to count them from"
                sheet.fault(f"{text}; write both as dates, or both as days", name=name)
        # A first date under a wrong or unread name leaves its own person without one. The rules of
        # the study tell the name; what follows from it is not told besides.
        is_sure = {row[self.per].text for row in start.rows.values()} <= self._listed(sheets)
        if is_sure:
            self._tell_missing(sheets, origins)
        for table, name in self.days:
            for row in sheets[table].rows.values():
                if row[name].date:
                    row[name] = self._day(row, name, origins)
        if self.year:
            self._fill_year(sheets[self.year[0]], self.year[1], origins, is_sure=is_sure)

    def _origins(self, sheet: Dated) -> dict[str, dt.date | None]:
        """The earliest date of each person in the column of the origin; None if one is unread."""
        given: dict[str, list[dt.date | None]] = {}
        for row in sheet.rows.values():
            person, first = row[self.per].text, row[self.first[1]]
            if person not in ("", FAULTY) and first.text == FAULTY:
                given.setdefault(person, []).append(first.date)
        return {
            person: None if None in dates else min(date for date in dates if date)
            for person, dates in given.items()
        }

    def _listed(self, sheets: Mapping[str, Dated]) -> set[str]:
        """The persons of the table with a row for each; without one, of the origin's table."""
        table = self.year[0] if self.year else self.first[0]
        return {row[self.per].text for row in sheets[table].rows.values()} - {"", FAULTY}

    def _tell_missing(
        self, sheets: Mapping[str, Dated], origins: Mapping[str, dt.date | None]
    ) -> None:
        """Tell each listed person with dates but no first one once, where the name stands.

        One who is not listed is told by the rules of the study.
        """
        untold = self._listed(sheets) - set(origins) if origins else set()
        for table, name in self.days:
            for number, row in sheets[table].rows.items():
                if row[name].date and row[self.per].text in untold:
                    untold.remove(row[self.per].text)
                    text = f"no date in {'.'.join(self.first)} to count this person's dates from"
                    remedy = f"add it, or correct the {self.per}"
                    sheets[table].fault(f"{text}; {remedy}", row=number, name=self.per)

    def _day(
        self, row: Mapping[str, Read], name: str, origins: Mapping[str, dt.date | None]
    ) -> Read:
        """The day number in place of a date; unread where there is nothing to count from."""
        origin, date = origins.get(row[self.per].text), row[name].date
        if origin is None or date is None:
            return Read(FAULTY)
        return Read(str((date - origin).days))

    def _fill_year(
        self, sheet: Dated, name: str, origins: Mapping[str, dt.date | None], *, is_sure: bool
    ) -> None:
        """The year of day 0 in every cell left empty; another one that is written is a fault."""
        for number, row in sheet.rows.items():
            origin = origins.get(row[self.per].text)
            if origin is None and origins and not is_sure and not row[name].text:
                row[name] = Read(FAULTY)
            if origin is None or row[name].fault:
                continue
            if not row[name].text:
                row[name] = Read(str(origin.year))
            elif is_sure and row[name].text != str(origin.year):
                text = f"another year than that of the first date in {'.'.join(self.first)}"
                sheet.fault(f"{text}; correct one of them", row=number, name=name)


def read_origin(
    descriptor: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]], file: str
) -> TimeOrigin | None:
    """The `time_origin` of a data package; None when it has none, so that dates are refused."""
    given = descriptor.get("time_origin")
    if given is None:
        return None
    try:
        year = _split(given["year"]) if "year" in given else None
        days = tuple(_split(name) for name in given["days"])
        origin = TimeOrigin(_split(given["first"]), str(given["per"]), days, year)
    except (LookupError, TypeError, ValueError, AttributeError):
        wanted = "first, per and days, with fields named table.field"
        raise PressError(f"{file}: time_origin needs {wanted}") from None
    for table, name in [origin.first, *days, *([year] if year else [])]:
        if not {name, origin.per} <= set(tables.get(table, ())):
            raise PressError(f"{file}: time_origin: {table} has no fields {name} and {origin.per}")
    return origin


def _split(name: str) -> tuple[str, str]:
    table, field = name.split(".")
    return table, field
