"""What reads as a date, and what does not, as people write both."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.update.dates import is_measurement, is_near_date, may_be_date, reads_as_date

ROOT = Path(__file__).resolve().parent.parent
DATES = """\
2006-03-12|2006/03/12|2006.3.12|2006-03-12T08:15:00|12.3.2006|12. 3. 2006
3/12/2006|12.3.06|12/03/06|12-3-06|06-03-12|99-12-31|12_03_2006|12 03 2006
12\u20133\u20132006|20060312|12032006|03122006|2006-03|03/2006|12.III.2006
12 March 2006|March 12, 2006|12th March 2006|12 mar 06|Mar-06|March 2006
Sept '06|Sept. 2006|12-Mar-2006|12Mar2006|5 May 06|12 March|March 5|Dec 24
2006 March|12. M\u00e4rz 2006|12. Ma\u0308rz 2006|24. Dez. 2007
1. J\u00e4nner 2007|Mai 2006|1er mars 2006|le 3 f\u00e9vrier 2006
14 ao\u00fbt 2006|1\u00ba maggio 2006|il 12 marzo|3 gen 2006|12 de marzo de 2006
3 ene. 2006|\uff12\uff10\uff10\uff16-\uff10\uff13-\uff11\uff12
12\u00a0March\u00a02006|headache since 4/3/2006, mild|seit 3.4.06"""
NO_DATES = """\
5|12|1-3|P01|P01-2|P01-02-03|A1|1.5|12,5|1.250,5|<160|2006|2000 mg|2000.5|38777
1/2|5/5|1:1280|v1.2.3|0.5-1.5 mg|10-20 mg|2-3|grade 2|anti-Jo-1|anti-Mi-2
anti-SRP|anti-TIF1-gamma|anti-MAG 12|methotrexate; azathioprine
human immunoglobulin 10%|may|march|dec|sept|headache|CD20|IL-6|Oct-4|H1N1
COVID-19|12 sets|5 days ago|infusion 3 of 5|cycle 12|mycophenolate mofetil 2000
2000-3000|1 2 3"""


@pytest.mark.parametrize("text", [text for line in DATES.splitlines() for text in line.split("|")])
def test_a_date(text: str) -> None:
    """A date is known in digits and in the words of five languages, alone and in a sentence."""
    assert reads_as_date(text)
    assert may_be_date(text)
    assert not is_measurement(text)


@pytest.mark.parametrize(
    "text", [text for line in NO_DATES.splitlines() for text in line.split("|")]
)
def test_no_date(text: str) -> None:
    """Measurements, codes, doses, antibodies and drugs are no dates."""
    assert not reads_as_date(text)


NEAR_DATES = """\
rash on 5 May|rash Sep 5|rash am 12.03.|May 5|5th of May|rash 5. Mai|Oct 3rd|rash 12/3|12. 3.
12-3-6|03/06|geb.120355|a12032006|12 3 6|grade 3/4|12\u20443|3 gen"""
FREE_TEXTS = "headache|grade 3 headache|infusion 3 of 5|COVID-19|anti-Jo-1|IL-6|CD20|1:1280|may be"


def test_a_part_of_a_date_in_a_free_text() -> None:
    """Joined numbers, months beside a number and six digits may be of a date; codes are not."""
    near = [text for line in NEAR_DATES.splitlines() for text in line.split("|")]
    assert [text for text in near if not is_near_date(text)] == []
    assert [text for text in FREE_TEXTS.split("|") if is_near_date(text)] == []


FORMS = "%Y-%m-%d %d.%m.%Y %m/%d/%Y %d/%m/%y %Y%m%d %d-%b-%Y %d-%b-%y %b-%y".split()
WORDS = ["%d %B %Y", "%B %d, %Y", "%b %d, %Y", "%A, %d %B %Y", "%B %Y"]


@given(
    st.dates(min_value=dt.date(1920, 1, 1), max_value=dt.date(2090, 1, 1)),
    st.sampled_from(FORMS + WORDS),
)
def test_any_day_is_known_in_any_form(day: dt.date, form: str) -> None:
    """Every day of a life is known in the forms of spreadsheets and letters."""
    assert reads_as_date(day.strftime(form))


@pytest.mark.parametrize(("text", "is_serial"), [
    ("18263", False), ("18264", True), ("38777.5", True), ("38777,5", True), ("55152", True),
    ("55153", False),
])  # fmt: skip
def test_excels_numbers_of_days(text: str, is_serial: bool) -> None:
    """Excel counts 1 January 1950 as 18264 and 31 December 2050 as 55152 (its own display)."""
    assert may_be_date(text) == is_serial
    assert is_measurement(text) != is_serial


def test_measurements() -> None:
    """One number may be shown, compared or with a comma; a name or a number with words may not."""
    shown = ["<160", "-3", "200001", "8e99", "3,5", "\u22645"]
    hidden = ["Rossi", "12 mg", "n/a", "NaN", "1.250,5", "9" * 16, "", "12345 678"]
    hidden += ["7561234567897", "123456789", "041791234567", "1.23456789"]
    assert all(map(is_measurement, shown))
    assert not any(map(is_measurement, hidden))


def test_a_number_far_beyond_its_bounds_is_not_shown() -> None:
    """Of more than ten times its bounds a number is no measurement, whatever its sign."""
    bounds = {"minimum": -50, "maximum": 110}
    assert is_measurement("1100", bounds)
    assert is_measurement("-1100", bounds)
    assert not is_measurement("1101", bounds)
    assert not is_measurement("-550312", bounds)


def test_both_packages_know_the_same_dates() -> None:
    """`press` and `analysis` have one text of this module each, since neither imports the other."""
    texts = [(ROOT / package / "dates.py").read_bytes() for package in ("press/update", "analysis")]
    assert texts[0] == texts[1]


def test_no_shipped_cell_is_taken_for_a_date() -> None:
    """Of the shipped tables no cell, and no header, reads as a date."""
    for table in sorted((ROOT / "data").glob("*.csv")):
        for line in table.read_text(encoding="utf-8").splitlines():
            assert not any(map(reads_as_date, line.split(","))), line
