"""The witness: each published fact, met and not met, on cohorts changed by hand.

The facts are those of Sunzini et al., International Trends in Immunity 2013;1:40-43.
"""

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.witness import PUBLISHED, Finding, findings
from tests.analysis.cohorts import (
    COHORTS,
    Tables,
    article_of,
    cohort_of,
    null_effect,
    one_diagnosis,
    reversed_effect,
    without_events,
)


def witness_of(tables: Tables) -> dict[int, Finding]:
    """The findings of a cohort."""
    return dict(findings(article_of(tables).results))


def changed(table: str, column: str, row: int, value: object) -> Callable[[], Tables]:
    """The default cohort with one cell changed."""

    def tables() -> Tables:
        cohort = cohort_of(6)
        cohort[table].loc[row, column] = value
        return cohort

    return tables


def without_strength_before_treatment() -> Tables:
    """The default cohort without any strength score up to the first infusion."""
    cohort = cohort_of(6)
    visits = cohort["visits"]
    is_later = (visits["visit_day"] > 0).astype(bool)
    visits["mrc_sum_score"] = visits["mrc_sum_score"].where(is_later)
    return cohort


def one_without_follow_up_strength() -> Tables:
    """The default cohort without the later scores of its first patient."""
    cohort = cohort_of(6)
    visits = cohort["visits"]
    is_gone = (visits["visit_day"] > 0) & (visits["patient_id"] == visits["patient_id"].iloc[0])
    visits["mrc_sum_score"] = visits["mrc_sum_score"].where(~is_gone.astype(bool))
    return cohort


def prednisone_change(*changes: float) -> Callable[[], Tables]:
    """The default cohort on 30 mg/day at first, changed by so much a patient afterwards."""

    def tables() -> Tables:
        cohort = cohort_of(6)
        visits = cohort["visits"]
        change = visits["patient_id"].str[-1].astype(int).map(dict(enumerate(changes, start=1)))
        is_later = (visits["visit_day"] > 0).astype(bool)
        dose = 30 + change.where(is_later, 0.0)
        visits["prednisone_mg_day"] = dose.astype(visits["prednisone_mg_day"].dtype)
        return cohort

    return tables


def seven_patients() -> Tables:
    """The default cohort and its first patient a second time."""
    cohort = cohort_of(6)
    for name, table in cohort.items():
        copy = table[table["patient_id"] == cohort_of(6)["patients"]["patient_id"].iloc[0]].copy()
        copy["patient_id"] = "P99"
        cohort[name] = pd.concat([table, copy], ignore_index=True)
    return cohort


def with_one_cycle_each() -> Tables:
    """The default cohort with the first cycle alone, and its events."""
    cohort = cohort_of(6)
    for name in ("cycles", "adverse_events"):
        cohort[name] = cohort[name][cohort[name]["cycle"] == 1].reset_index(drop=True)
    visits = cohort["visits"]
    visits["cycle"] = visits["cycle"].where((visits["cycle"] == 1).fillna(False))
    return cohort


DIFFERS: dict[str, tuple[Callable[[], Tables], int, str]] = {
    "a late patient": (changed("patients", "first_ivig_year", 0, 2013), 1, "2013"),
    "seven patients": (seven_patients, 2, "7 patients"),
    "no DM": (one_diagnosis("PM"), 3, "PM 6, DM 0, IBM 0"),
    "no failed drug": (changed("patients", "failed_immunosuppressants", 0, pd.NA), 4, "5 of 6"),
    "a high dose": (changed("cycles", "dose_g_kg", 0, 2.1), 5, "more than one cycle in 6 of 6"),
    "a short cycle": (changed("cycles", "infusion_days", 0, 4), 5, "over 5 days"),
    "no repetition": (with_one_cycle_each, 5, "more than one cycle in 0 of 6"),
    "weaker": (reversed_effect, 6, "higher in 0 of 6"),
    "CK up": (reversed_effect, 7, "ratio"),
    "CK the same": (null_effect, 7, "ratio 1.00"),
    "a moderate event": (changed("adverse_events", "ctcae_grade", 0, 2), 8, "highest grade 2"),
    "a serious event": (changed("adverse_events", "serious", 0, True), 8, "1 serious"),
    "an event that ended it": (
        changed("adverse_events", "led_to_discontinuation", 0, True),
        8,
        "1 leading",
    ),
    "prednisone down in the mean alone": (
        prednisone_change(-30, 1, 1, 1, 1, 0),
        9,
        "lower in 1 of 6",
    ),
    "prednisone up": (reversed_effect, 9, "lower in 0 of 6"),
}


def test_the_default_cohort_agrees() -> None:
    """The default seed was selected to meet P1 to P10; of P11 no cohort without controls tells."""
    verdicts = {i: one.verdict for i, one in witness_of(cohort_of(6)).items()}
    assert verdicts == {**dict.fromkeys(range(1, 11), "agrees"), 11: "cannot be told"}


@pytest.mark.parametrize("change", DIFFERS)
def test_a_fact_that_is_not_met(change: str) -> None:
    """One change of the data turns the fact it concerns to "differs" and its words to the data."""
    tables, fact, words = DIFFERS[change]
    found = witness_of(tables())[fact]
    assert found.verdict == "differs"
    assert words in found.found


def test_a_response_that_was_kept() -> None:
    """Of the forty varied patients some keep their response, so that P10 differs."""
    cohort = cohort_of(40, seed=40)
    found = witness_of(cohort)[10]
    assert found.verdict == "differs"


@pytest.mark.parametrize(
    ("tables", "fact"),
    [
        (without_events, 8),
        (without_strength_before_treatment, 6),
        (one_without_follow_up_strength, 6),
        (null_effect, 10),
    ],
)
def test_what_cannot_be_told(tables: Callable[[], Tables], fact: int) -> None:
    """Without events, pairs or a gain to lose, the fact is neither met nor contradicted."""
    assert witness_of(tables())[fact].verdict == "cannot be told"


def test_a_dose_lower_in_most() -> None:
    """A mean that fell, not clearly but in more patients than rose, agrees with P9."""
    tables = prednisone_change(-30, -2, -1, 5, 0, 0)
    assert witness_of(tables())[9].verdict == "agrees"


def test_nobody() -> None:
    """With no patient at all only their number is told."""
    verdicts = {i: one.verdict for i, one in witness_of(cohort_of(0)).items()}
    assert verdicts == {**dict.fromkeys(range(1, 12), "cannot be told"), 2: "differs"}


def test_a_year_that_may_be_outside() -> None:
    """Records that end in 2012 or 2013, by the unknown day of the first infusion, tell nothing."""
    cohort = cohort_of(6)
    cohort["patients"]["first_ivig_year"] = pd.array([2005] * 5 + [2012], dtype="Int64")
    visits, cycles = cohort["visits"], cohort["cycles"]
    last = cohort["patients"]["patient_id"].iloc[-1]
    for name, table, day in (("visits", visits, "visit_day"), ("cycles", cycles, "start_day")):
        is_kept = (table["patient_id"] != last) | (table[day] < 300).astype(bool)
        cohort[name] = table[is_kept].reset_index(drop=True)
    events = cohort["adverse_events"]
    cohort["adverse_events"] = events[events["patient_id"] != last].reset_index(drop=True)
    assert witness_of(cohort)[1].verdict == "cannot be told"


@pytest.mark.parametrize("cohort", COHORTS)
def test_receipts_of_the_witness(cohort: str) -> None:
    """Eleven receipts with the published fact as method; the three counts add up to eleven."""
    receipts = article_of(COHORTS[cohort]()).say.receipts
    for i, published in PUBLISHED.items():
        receipt = receipts[f"witness.p{i}"]
        assert receipt.method == f"published: {published}"
        assert receipt.value in ("agrees", "differs", "cannot be told")
        assert receipt.text.strip() == receipt.text != ""
    counts = [receipts[f"witness.{name}.n"].value for name in ("agrees", "differs", "untold")]
    assert sum(int(str(count)) for count in counts) == len(PUBLISHED) == 11


def test_the_table() -> None:
    """The table has a line a fact: number, published, what the data say, verdict."""
    article = article_of(seven_patients())
    lines = str(article.table_witness).splitlines()
    assert len(lines) == 2 + 11
    assert [cell.strip() for cell in lines[3].split("|")[1:-1]] == [
        "P2",
        "six patients",
        '[7 patients]{.value key="witness.p2"}',
        "differs",
    ]
