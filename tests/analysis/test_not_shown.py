"""Bad tables with what a report must not show: dates, names, hospital numbers."""

import re
from pathlib import Path

import pytest

from tests.analysis.packages import (
    VISITS,
    faults,
    replace,
)

SECRETS = [
    # table, what stands there, what comes instead; the fault's row and column
    ("adverse_events", "headache", "headache on 12 March 2006", 2, "term"),
    ("adverse_events", "headache", "3/12/2006", 2, "term"),
    ("adverse_events", "headache", "Rossi " * 12, 2, "term"),
    ("patients", "methotrexate; a", "seit 4. m\u00e4rz 2006; a", 2, "failed_immunosuppressants"),
    ("patients", "A1,PM", "Mario Rossi,PM", 2, "patient_id"),
    ("patients", "A1,PM", "2006-03-12,PM", 2, "patient_id"),
    ("patients", "A1,PM", "Rossi_Maria,PM", 2, "patient_id"),
    ("patients", "A1,PM", "JS12031955,PM", 2, "patient_id"),
    ("patients", "A1,PM", "MR550312,PM", 2, "patient_id"),
    ("patients", "A1,PM", "7561234567897,PM", 2, "patient_id"),
    ("patients", "A1,PM", "RSSMRA55C12F205X,PM", 2, "patient_id"),
    ("patients", ",52,", ",550312,", 2, "age_years"),
    ("visits", "800", "7561234567897", 4, "ck_u_l"),
    ("patients", "2006", "38777", 2, "first_ivig_year"),
    ("patients", "2006", "20060312", 2, "first_ivig_year"),
    ("visits", "A1,-90", "A1,38777", 2, "visit_day"),
    ("visits", "A1,-90", "A1,2006-03-12", 2, "visit_day"),
    ("visits", "A1,-90", "A1,12.3.06", 2, "visit_day"),
    ("visits", "2,46", "2,38777", 4, "mrc_sum_score"),
    ("visits", "800", "Rossi", 4, "ck_u_l"),
    ("patients", "true", "Rossi", 2, "biopsy_supportive"),
    ("patients", "definite", "Rossi", 2, "criteria_certainty"),
]


@pytest.mark.parametrize(("table", "old", "new", "row", "column"), SECRETS)
def test_no_report_shows_a_date_or_a_name(
    folder: Path, table: str, old: str, new: str, row: int, column: str
) -> None:
    """What may be a date, a name or a hospital number is told by its place and not shown."""
    replace(folder, table, old, new)
    (fault,) = faults(folder)
    assert (fault.file, fault.row, fault.column) == (f"{table}.csv", row, column)
    assert "found" not in str(fault)
    assert not re.search(
        "2006|38777|Rossi|March|m\u00e4rz|12.3.06|3/12|1955|5503|7561|RSSMRA", str(fault)
    )


def test_no_report_shows_a_header(folder: Path) -> None:
    """A table whose first line is a row, or with a column of a person's, is told without it."""
    text = VISITS.replace("cycle,", "Rossi 2006-03-12,", 1)
    (folder / "visits.csv").write_text(text, encoding="utf-8")
    (folder / "cycles.csv").write_text("Rossi,2006-03-12\n", encoding="utf-8")
    said = [str(fault) for fault in faults(folder)]
    assert [line.partition(":")[0] for line in said] == [
        "cycles.csv row 1",
        "visits.csv row 1, column 3",
        "visits.csv row 1, cycle",
    ]
    assert not re.search("2006|Rossi", "".join(said))


def test_a_number_of_a_date_says_what_it_may_be(folder: Path) -> None:
    """A day out of bounds that is one of Excel's numbers of dates has that in its remedy."""
    replace(folder, "visits", "A1,-90", "A1,38777")
    assert faults(folder)[0].remedy.startswith("this may be the number by which Excel holds a date")
