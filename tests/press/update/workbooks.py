"""A small data package of two tables, and workbooks that hold it, made as a person would."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from openpyxl import Workbook

ORIGIN = {
    "first": "infusions.start_day",
    "per": "person_id",
    "days": ["infusions.start_day", "visits.visit_day"],
    "year": "persons.first_year",
}


def field(name: str, kind: str, unit: str = "1", *, required: bool = False) -> dict[str, Any]:
    """A field of a table."""
    constraints = {"required": True} if required else {}
    return {"name": name, "type": kind, "unit": unit, "constraints": constraints}


PERSON = field("person_id", "string", required=True)
TABLES: dict[str, list[dict[str, Any]]] = {
    "persons": [PERSON, field("first_year", "integer", "calendar year"), field("drug", "string")],
    "infusions": [PERSON, field("start_day", "integer", "days", required=True)],
    "visits": [
        PERSON,
        {**field("visit_day", "integer", "days", required=True), "title": "Day of visit"},
        field("score", "integer", "points"),
        field("dose_mg", "number", "mg"),
        field("well", "boolean"),
    ],
}
ROWS: dict[str, list[list[Any]]] = {
    "persons": [["A", 2006, "methotrexate"], ["B", 2007, None]],
    "infusions": [["A", 0], ["A", 28], ["B", 0]],
    "visits": [
        ["A", -7, 40, 12.5, True],
        ["A", 30, 44, None, False],
        ["B", 0, None, 10, None],
        ["B", 14, 50, 7.5, True],
    ],
}
CSV = {
    "persons": "person_id,first_year,drug\nA,2006,methotrexate\nB,2007,\n",
    "infusions": "person_id,start_day\nA,0\nA,28\nB,0\n",
    "visits": "person_id,visit_day,score,dose_mg,well\n"
    "A,-7,40,12.5,true\nA,30,44,,false\nB,0,,10,\nB,14,50,7.5,true\n",
}
FIRST = {"A": dt.date(2006, 3, 1), "B": dt.date(2007, 12, 24)}


def descriptor() -> dict[str, Any]:
    """The datapackage.json of the package."""
    return {
        "version": "1.0.0",
        "provenance": {"kind": "observed"},
        "time_origin": ORIGIN,
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "schema": {"fields": fields, "primaryKey": [f["name"] for f in fields[:2]]},
            }
            for name, fields in TABLES.items()
        ],
    }


def write_package(folder: Path) -> Path:
    """The package in a folder."""
    folder.mkdir(parents=True)
    for name, text in CSV.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="\n")
    text = json.dumps(descriptor(), indent=2, ensure_ascii=False) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8", newline="\n")
    return folder


def make_book() -> Any:
    """A workbook of the package: days as numbers."""
    book = Workbook()
    book.remove(book.active)
    for name, fields in TABLES.items():
        sheet = book.create_sheet(name)
        sheet.append([f["name"] for f in fields])
        for row in ROWS[name]:
            sheet.append(row)
    return book


def make_dated_book() -> Any:
    """The same workbook with dates in place of days, and no year."""
    book = make_book()
    for name in ("infusions", "visits"):
        for row in book[name].iter_rows(min_row=2):
            row[1].value = FIRST[row[0].value] + dt.timedelta(days=row[1].value)
    for row in book["persons"].iter_rows(min_row=2):
        row[1].value = None
    return book
