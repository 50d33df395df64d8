"""What is shown of a failed render's text: that on sources whole, of any other its places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from press.compare.failure import HIDDEN, failure
from press.compare.rendered import Rendered
from press.compare.tables import read_package
from tests.press.compare.repositories import TABLE

DATA = {
    "datapackage.json": json.dumps({"resources": [TABLE]}).encode(),
    "visits.csv": b"id,score,P88\nP07,3333,1\nP08,12,first visit\n",
}
PACKAGE = read_package(DATA.get, "new")
SOURCES = {"paper.qmd": b"The trial NCT3333 gave 3333 units.\n"}


def said(text: str, *, rows: bool = False) -> str:
    """What is shown of the text of a version that did not render."""
    return failure(Rendered(None, text, is_quoted=True), PACKAGE, SOURCES.get, rows=rows)


@pytest.mark.parametrize(
    "text",
    [
        "paper.qmd:12: @smith2020 is not in the bibliography",
        "_quarto.yml:3: unknown key toc-depht; did you mean toc-depth?",
        "_quarto.yml:5: bibliography: there is no file references.bib",
        "claims.yml:1: this is not YAML: mapping values are not allowed here; put a sentence on",
        "paper.qmd:88: label tbl-cohort is already in use on line 12",
        "claims.yml:3: unknown key wordng\nclaims.yml:9: the key id is missing",
        "paper.qmd:2: 3333 is computed by nothing",  # the source itself has the number
        "analysis/claims.py:12: this is not Python: '(' was never closed",
    ],
)
def test_an_error_in_a_source_is_quoted_whole(text: str) -> None:
    """Sources of the article hold no rows, and the text says what to put right."""
    assert said(text) == f"does not render: {text}"


TRACEBACK = """\
Traceback (most recent call last):
  File "press/render.py", line 14, in run
    float(cell)
  File "/usr/lib/python3/site-packages/pandas/core.py", line 7, in wanted
ValueError: could not convert string to float: '3333'
"""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "paper.qmd:88, chunk tbl-cohort: KeyError: 'P07' (raised in analysis/tables.py:40)",
            "paper.qmd:88, chunk tbl-cohort: KeyError (raised in analysis/tables.py:40)",
        ),
        (
            "analysis/write_receipts.py:41: ValueError: could not convert string to float: '3333'",
            "analysis/write_receipts.py:41: ValueError",
        ),
        (
            "paper.qmd:9, inline say.of('P07'): pandas.errors.ParserError: row P07\n3333  12",
            "paper.qmd:9, inline: pandas.errors.ParserError",
        ),
        (TRACEBACK, "press/render.py:14: ValueError"),
        ("paper.qmd:9, chunk a: a warning would stand in the article: P07", "paper.qmd:9, chunk a"),
        ("paper.qmd:9: ValueError: the day 2013-04-01", "paper.qmd:9: ValueError"),
        ("paper.qmd:9: P07 has no visit", "paper.qmd:9"),
        ("claims.yml:9: 12 points came", "claims.yml:9"),
        ("claims.yml:9: unknown key P88", "claims.yml:9"),
        ("analysis/a.py:9: this is not Python: name 'P07' is global", "analysis/a.py:9"),
        ("analysis/a.py:9: SyntaxError: invalid syntax", "analysis/a.py:9: SyntaxError"),
        ("analysis/a.py:9: the visit of April", "analysis/a.py:9"),
        ("P07 3333\npress: paper.qmd:3: unknown key a", "paper.qmd:3"),
        (
            "3 faults in the data package data:\n"
            'visits.csv row 2, id: found "P07"\nvisits.csv row 3, score: found "3333"\n'
            "datapackage.json: found 12",
            "visits.csv: 2 faults\ndatapackage.json: 1 fault",
        ),
        (
            'the claim "all" has no wording for "weaker" (5 of 6); word it in claims.yml:9, '
            "or take the claim out",
            "claims.yml:9",
        ),
        (
            "paper.qmd:4, inline say.all: WordingError: P07 is new; word it in claims.yml:9",
            "paper.qmd:4, inline: WordingError\nclaims.yml:9",
        ),
        ("P07.csv row 3: 3333", ""),
        ("the patient P07 has a score of 3333", ""),
    ],
)
def test_of_any_other_error_the_place_is_left(text: str, left: str) -> None:
    """Neither a cell nor anything made of one; --rows shows the text."""
    begin = f"does not render: {left}" if left else "does not render"
    assert said(text) == f"{begin}\n{HIDDEN}"
    assert said(text, rows=True) == f"does not render: {text}"


FIELDS = [
    {"name": "id", "constraints": {"enum": ["P07", "P08"]}, "example": "P07"},
    {"name": "score", "constraints": {"maximum": 3333}},
]
LISTED = TABLE | {"schema": {"fields": FIELDS, "primaryKey": "id"}}
SOURCE = b"label: fig-P07\nThe score is at most 3333; first visit.\n"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("paper.qmd:2: P07 is computed by nothing", "paper.qmd:2"),
        ("paper.qmd:2, chunk fig-P07: KeyError", ""),
        ("claims.yml:2: unknown key P08", "claims.yml:2"),
    ],
)
def test_a_patient_is_told_by_no_text(text: str, left: str) -> None:
    """Not where the descriptor lists the keys, nor where a source has one; a bound may be told."""
    content = json.dumps({"resources": [LISTED]}).encode()
    package = read_package((DATA | {"datapackage.json": content}).get, "new")
    read = {"paper.qmd": SOURCE}.get
    for said_of, shown in (
        (text, f"does not render: {left}\n{HIDDEN}" if left else f"does not render\n{HIDDEN}"),
        ("claims.yml:2: at most 3333", "does not render: claims.yml:2: at most 3333"),
        ("claims.yml:2: 12 came", f"does not render: claims.yml:2\n{HIDDEN}"),
    ):
        rendered = Rendered(None, said_of, is_quoted=True)
        assert failure(rendered, package, read, rows=False) == shown


def test_what_cannot_be_held_against_the_tables_is_not_quoted() -> None:
    """A version whose descriptor cannot be read has rows all the same."""
    rendered = Rendered(Path(), "paper.qmd:3: unknown key a", is_quoted=True)
    found = failure(rendered, None, SOURCES.get, rows=False)
    assert found == f"renders, with a fault: paper.qmd:3\n{HIDDEN}"


def test_a_sentence_of_our_own_is_shown() -> None:
    """It is made before anything of the version is run."""
    found = failure(Rendered(None, "it has no press/cli.py"), PACKAGE, SOURCES.get, rows=False)
    assert found == "does not render: it has no press/cli.py"
