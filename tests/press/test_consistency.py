"""Receipts that contradict each other, one pair at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from press.consistency import check_receipts
from press.executed_tree import read_receipts

ROOT = Path(__file__).resolve().parents[2]


def receipt(value: Any, text: str = "", n: int = 6) -> dict[str, Any]:
    """A receipt of six patients."""
    return {"value": value, "text": text or "-", "unit": "1", "n": n, "n_missing": 0}


# The t-test of Student's sleep data (Biometrika 1908;6:1-25), as R's t.test(paired) gives it:
# mean 1.58, t = 4.0621, df = 9, p-value = 0.002833, interval 0.7001142 to 2.4598858.
SLEEP = {
    "x.n": receipt(10, "10", 10),
    "x.mean": receipt(1.58, "1.58", 10),
    "x.sd": receipt(1.229995483, "1.23", 10),
    "x.ci_low": receipt(0.7001142, "0.70", 10),
    "x.ci_high": receipt(2.4598858, "2.46", 10),
    "x.t": receipt(4.062127683, "4.06", 10),
    "x.df": receipt(9, "9", 10),
    "x.p_value": receipt(0.002832890, "0.003", 10),
}


def faults(receipts: dict[str, Any]) -> list[str]:
    """The texts of the faults."""
    return [fault.text for fault in check_receipts(receipts, "results.json")]


def test_the_receipts_of_the_article_agree() -> None:
    """The committed results.json has no fault."""
    receipts = read_receipts(ROOT / "results.json")
    assert len(receipts) > 400
    assert faults(receipts) == []


def test_a_published_t_test_agrees_with_itself() -> None:
    """Mean, SD, n, t, df, P and interval of Student's sleep data have no fault."""
    assert faults(SLEEP) == []


@pytest.mark.parametrize(
    ("key", "changed", "text"),
    [
        ("x.p_value", receipt(0.02832890, "0.028", 10), "x: P is 0.0283289; t = 4.06213 on 9"),
        ("x.df", receipt(8, "8", 10), "x: P is 0.00283289; t = 4.06213 on 8"),
        ("x.df", receipt(10, "10", 10), "x: 10 degrees of freedom do not come from n = 10"),
        ("x.n", receipt(9, "9", 9), "x: t is 4.06213; mean 1.58, SD 1.23 and n = 9"),
        ("x.n", receipt(9, "9", 9), "x: n is 9, but mean is said to be of 10"),
        ("x.ci_low", receipt(1.6, "1.60", 10), "x: ci_low 1.6 is above mean 1.58"),
        ("x.ci_high", receipt(1.5, "1.50", 10), "x: mean 1.58 is above ci_high 1.5"),
        ("x.mean", receipt(1.58, "1.59", 10), 'x.mean: the text "1.59" does not print the value'),
        ("x.p_value", receipt(0.00283289, "< 0.001", 10), 'x.p_value: the text "< 0.001" does'),
    ],
)
def test_a_test_that_contradicts_itself_is_caught(
    key: str, changed: dict[str, Any], text: str
) -> None:
    """One value changed alone no longer follows from the others."""
    assert any(fault.startswith(text) for fault in faults(SLEEP | {key: changed}))


def test_a_percentage_follows_from_its_count() -> None:
    """4 of 6 are 66.7% and not 60%."""
    right = {"x.n": receipt(4, "4"), "x.percent": receipt(200 / 3, "67%")}
    assert faults(right) == []
    wrong = right | {"x.percent": receipt(60.0, "60%")}
    assert faults(wrong) == ["x: 60% is not 4 of 6"]
    assert faults(right | {"x.n": receipt(7, "7")}) == ["x: n is 7 of 6"]


def test_counts_of_the_same_patients_add_up() -> None:
    """3 higher, 1 equal and 1 lower are not 6; nor are 2 women and 3 men."""
    directions = {f"y.{w}.n": receipt(n, str(n)) for w, n in (("higher", 3), ("equal", 1))}
    assert faults(directions | {"y.lower.n": receipt(2, "2")}) == []
    assert faults(directions | {"y.lower.n": receipt(1, "1")}) == [
        "y: higher 3, equal 1, lower 1 do not add up to 6"
    ]
    sexes = {
        "sex.female.n": receipt(2, "2"),
        "sex.female.percent": receipt(200 / 6, "33%"),
        "sex.male.n": receipt(3, "3"),
        "sex.male.percent": receipt(50.0, "50%"),
    }
    assert faults(sexes) == ["sex: female 2, male 3 do not add up to 6"]


def test_quartiles_rise() -> None:
    """A first quartile above the median is a fault."""
    summary = {"z.q1": receipt(5.0, "5"), "z.median": receipt(4.0, "4")}
    assert faults(summary) == ["z: q1 5 is above median 4"]
