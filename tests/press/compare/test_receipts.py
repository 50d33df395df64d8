"""Numbers and claims: what moved between two results.json, and what is said of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from press.compare.claims import compare_claims, split
from press.compare.phrases import absolute_of, counted, how_of, relative_of
from press.compare.receipts import Numbers, compare_numbers, thresholds
from press.errors import PressError
from press.results import Receipt, read_results
from tests.press.compare.repositories import receipt, results


def numbers(old: list[Any], new: list[Any]) -> Numbers:
    """The comparison of two lists of receipts."""
    both = [{line["id"]: Receipt(**line) for line in lines} for lines in (old, new)]
    return compare_numbers(*both)


def flags(old: list[Any], new: list[Any], kind: str) -> list[tuple[str, str]]:
    """The flags of one kind, each as its id and text."""
    return [(flag.id, flag.text) for flag in numbers(old, new).flags if flag.kind == kind]


def interval(stem: str, low: float, high: float, unit: str = "points") -> list[Any]:
    """The receipts of an interval."""
    bounds = (("ci_low", low), ("ci_high", high))
    return [receipt(f"{stem}.{end}", value, f"{value:+.1f}", unit) for end, value in bounds]


def test_a_moved_number_has_its_absolute_and_relative_change() -> None:
    """From 8 to 6 is -2, and -25% of 8; from -4 to -5 is -1, and -25% of the size of -4."""
    found = numbers(
        [receipt("a", 8.0, "8.0"), receipt("b", -4, "-4"), receipt("c", 0, "0")],
        [receipt("a", 6.0, "6.0"), receipt("b", -5, "-5"), receipt("c", 2, "2")],
    )
    changes = [(of.id, of.absolute, of.relative) for of in found.moved]
    assert changes == [("a", -2.0, -0.25), ("b", -1.0, -0.25), ("c", 2.0, None)]


def test_a_number_in_another_unit_has_no_change() -> None:
    """Points cannot be taken from a ratio."""
    (change,) = numbers([receipt("a", 8, "8")], [receipt("a", 2, "2", "ratio")]).moved
    assert (change.absolute, change.relative) == (None, None)


def test_a_sign_that_turns_with_the_unit_is_flagged_as_both() -> None:
    """A gain in points that is a loss in percent; without the sign, the unit alone."""
    old = [receipt("a", 8, "8"), receipt("b", 8, "8")]
    new = [receipt("a", -8, "-8", "percent"), receipt("b", 8, "8", "percent")]
    assert flags(old, new, "sign") == [("a", "8 -> -8")]
    assert flags(old, new, "unit") == [(id, "points -> percent") for id in "ab"]


def test_what_is_not_printed_is_counted_apart() -> None:
    """A value that moved below the printed digits, a method, and a printed number are three."""
    old = [receipt("a", 1.01, "1.0"), receipt("b", 1, "1"), receipt("c", 1, "1")]
    new = [receipt("a", 1.02, "1.0"), receipt("b", 1, "1", method="median"), receipt("c", 2, "2")]
    found = numbers(old, new)
    lists = (found.unprinted, found.reworded, found.moved)
    assert [[of.id for of in changes] for changes in lists] == [["a"], ["b"], ["c"]]


def test_added_and_removed_numbers_are_named() -> None:
    """An id of one side only is no change of a number."""
    found = numbers([receipt("a", 1, "1")], [receipt("b", 1, "1")])
    assert ([of.id for of in found.added], [of.id for of in found.removed]) == (["b"], ["a"])
    assert not found.moved
    assert found.is_changed
    assert not numbers([receipt("a", 1, "1")], [receipt("a", 1, "1")]).is_changed


@pytest.mark.parametrize(
    ("old", "new", "unit", "is_flagged"),
    [
        (1.0, -1.0, "points", True),
        (-1.0, 1.0, "points", True),
        (1.0, 0.0, "points", False),
        (2.0, 0.5, "points", False),
        (2.0, 0.5, "ratio", True),
        (0.5, 0.9, "ratio", False),
    ],
)
def test_a_sign_flips_around_no_effect(
    old: float, new: float, unit: str, *, is_flagged: bool
) -> None:
    """No effect is 0 of a difference and 1 of a ratio; to reach it is not to cross it."""
    found = flags([receipt("a", old, "x", unit)], [receipt("a", new, "y", unit)], "sign")
    assert bool(found) is is_flagged


@pytest.mark.parametrize(
    ("old", "new", "unit", "said"),
    [
        ((1, 3), (-1, 3), "points", "now includes no effect"),
        ((1, 3), (0, 3), "points", "now includes no effect"),
        ((-1, 3), (1, 3), "points", "now excludes no effect"),
        ((1, 3), (-3, -1), "points", "now lies on the other side of no effect"),
        ((1, 3), (2, 3), "points", ""),
        ((0.2, 0.8), (0.2, 1.2), "ratio", "now includes no effect"),
        ((1.2, 3), (0.2, 0.5), "ratio", "now lies on the other side of no effect"),
    ],
)
def test_an_interval_is_flagged_when_it_turns(
    old: tuple[float, float], new: tuple[float, float], unit: str, said: str
) -> None:
    """An interval that begins or ends at no effect includes it."""
    found = flags(interval("a", *old, unit), interval("a", *new, unit), "interval")
    assert [text.rpartition(": ")[2] for _, text in found] == ([said] if said else [])


def test_the_interval_of_a_share_has_no_value_of_no_effect() -> None:
    """That 0% enters the interval of a percentage is no finding."""
    old = [*interval("a", 1, 50, "%"), receipt("a.percent", 20, "20%", "%")]
    new = [*interval("a", 0, 50, "%"), receipt("a.percent", 20, "20%", "%")]
    assert flags(old, new, "interval") == []


LEVEL = receipt("rules.significance_level", 5.0, "5%", "%")
LOWER = receipt("rules.significance_level", 1.0, "1%", "%")
CONFIDENCE = receipt("rules.confidence_level", 95.0, "95%", "%")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (0.04, 0.06, "P 0.04 -> 0.06: now not below 0.05"),
        (0.06, 0.04, "P 0.06 -> 0.04: now below 0.05"),
        (0.04, 0.05, "P 0.04 -> 0.05: now not below 0.05"),
        (0.04, 0.001, ""),
    ],
)
def test_p_is_flagged_when_it_crosses_the_declared_threshold(
    old: float, new: float, said: str
) -> None:
    """The threshold is that of the receipts, and P is below it or not."""
    before, after = ([receipt("a.p_value", p, f"{p:g}", "1"), LEVEL] for p in (old, new))
    assert flags(before, after, "threshold") == ([("a.p_value", said)] if said else [])


@pytest.mark.parametrize(
    ("old", "new", "p", "said"),
    [
        (LEVEL, LOWER, (0.014, 0.014), "now not below 0.01, where the threshold was 0.05"),
        (LOWER, LEVEL, (0.014, 0.014), "now below 0.05, where the threshold was 0.01"),
        (LEVEL, LOWER, (0.04, 0.004), ""),
        (LEVEL, LOWER, (0.2, 0.02), ""),
        (CONFIDENCE, LOWER, (0.04, 0.04), "now not below 0.01, where the threshold was 0.05"),
        (receipt("rules.alpha", 1, "1"), LOWER, (0.04, 0.004), "now below 0.01"),
    ],
)
def test_each_p_is_judged_by_the_threshold_of_its_version(
    old: Any, new: Any, p: tuple[float, float], said: str
) -> None:
    """A lowered threshold takes a P along that stayed; where none was declared, the new one is."""
    before, after = (receipt("a.p_value", each, f"{each:g}", "1") for each in p)
    found = flags([before, old], [after, new], "threshold")
    assert [text.partition(": ")[2] for _, text in found] == ([said] if said else [])


def test_a_p_at_the_threshold_is_not_below_it() -> None:
    """In binary 1 - 0.95 is a little more than 0.05, which no reader would say."""
    assert 1 - 95 / 100 > 0.05
    before, after = ([receipt("a.p_value", p, f"{p}", "1"), CONFIDENCE] for p in (0.06, 0.05))
    assert flags(before, after, "threshold") == []


def test_a_p_value_adjusted_by_holm_is_one() -> None:
    """Its receipt is named after the method."""
    old, new = ([receipt("a.holm.t_test", p, str(p), "1"), LEVEL] for p in (0.01, 0.2))
    assert [id for id, _ in flags(old, new, "threshold")] == ["a.holm.t_test"]


def test_without_a_declared_threshold_the_confidence_level_gives_it() -> None:
    """A level of 90% leaves 0.1; a declared level goes before it."""
    confidence = Receipt(**receipt("rules.confidence_level", 90.0, "90%", "%"))
    declared = Receipt(**LEVEL)
    assert thresholds({confidence.id: confidence}) == {confidence.id: 0.1}
    both = {confidence.id: confidence, declared.id: declared}
    assert thresholds(both) == {declared.id: 0.05}
    assert thresholds({}) == {}


def test_n_and_missing_values_are_flagged() -> None:
    """Also where the number itself stayed."""
    old, new = receipt("a", 1, "1"), receipt("a", 1, "1", n=5, n_missing=1)
    assert flags([old], [new], "n") == [("a", "n 6 -> 5, missing 0 -> 1")]


def test_a_number_that_cannot_be_estimated_any_more_is_flagged() -> None:
    """Neither is it a sign that turned."""
    found = numbers([receipt("a", 1, "1")], [receipt("a", None, "not estimable")])
    assert [(flag.kind, flag.text) for flag in found.flags] == [("estimable", "1 -> not estimable")]
    assert found.moved[0].absolute is None


def test_claims_change_in_state_in_wording_or_in_what_they_hang_on() -> None:
    """Both wordings are there, and the verdicts come in the order of their numbers."""
    stands, falls = ("x: 1; without any one patient: " + word for word in ("stands", "does not"))
    old = [
        receipt("claim.a", "supported", "It rose.", method=stands),
        receipt("claim.b", "supported", "It fell by 2.", method=stands),
        receipt("witness.p10", "agrees", "6 of 6"),
        receipt("witness.p2", "agrees", "6"),
        receipt("witness.agrees.n", 2, "2"),
    ]
    new = [
        receipt("claim.a", "weaker", "It did not clearly rise.", method=falls),
        receipt("claim.b", "supported", "It fell by 3.", method=stands),
        receipt("claim.c", "supported", "New."),
        receipt("witness.p10", "differs", "5 of 6"),
        receipt("witness.p2", "differs", "5"),
        receipt("witness.agrees.n", 0, "0"),
    ]
    before, after = ({line["id"]: Receipt(**line) for line in lines} for lines in (old, new))
    (old_numbers, old_claims), (_, new_claims) = split(before), split(after)
    assert list(old_numbers) == ["witness.agrees.n"]
    found = compare_claims(old_claims, new_claims)
    assert [of.id for of in found.turned] == ["claim.a", "witness.p2", "witness.p10"]
    assert (found.turned[0].old.text, found.turned[0].new.text) == (
        "It rose.",
        "It did not clearly rise.",
    )
    assert [of.id for of in found.reworded] == ["claim.b"]
    assert [of.id for of in found.leaning] == ["claim.a"]
    assert [of.id for of in found.added] == ["claim.c"]


@pytest.mark.parametrize(
    ("more", "said", "flagged"),
    [
        ({"n": 5}, ("n 6", "n 5"), ["n 6 -> 5"]),
        ({"n_missing": 1}, ("missing 0", "missing 1"), ["missing 0 -> 1"]),
        ({"method": "r: 1; without any one patient: stands"}, ("q: 1", "r: 1"), []),
        ({"method": "q: 1; without any one patient: falls"}, None, []),
        ({}, None, []),
    ],
)
def test_a_claim_may_rest_on_something_else(
    more: dict[str, Any], said: tuple[str, str] | None, flagged: list[str]
) -> None:
    """In the same state and wording by another method or n; an n is flagged as that of a number."""
    old = receipt("claim.a", "supported", "It.", method="q: 1; without any one patient: stands")
    before, after = ({"claim.a": Receipt(**line)} for line in (old, {**old, **more}))
    found = compare_claims(before, after)
    assert [how_of(change) for change in found.grounds] == ([said] if said else [])
    assert [flag.text for flag in found.flags] == flagged
    assert found.is_changed is bool(more)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "v1 has no results.json; press render writes it"),
        (
            results(schema_version=2).encode(),
            "results.json of v1 has schema version 2 where this press reads 1; compare with the "
            "press of that version, or render that version anew",
        ),
        (b"", "results.json of v1 has no schema version where this press reads 1; compare"),
        (
            results().encode() + b"{\n",
            "results.json:2 of v1: this is not JSON: Expecting property name enclosed in double "
            "quotes; write the file with press render",
        ),
        (results().encode() + b"[]\n", "results.json:2 of v1: an object is wanted, not a list;"),
        (results({"id": "a"}).encode(), "results.json:2 of v1: value is missing, text is missing"),
        ("µ".encode("latin-1"), "results.json of v1: UTF-8 is wanted and this is not; write the"),
    ],
)
def test_a_results_file_that_cannot_be_read_is_named(content: bytes | None, said: str) -> None:
    """The sentence has the version, the line and the remedy."""
    with pytest.raises(PressError) as raised:
        read_results(content, "v1")
    assert str(raised.value).startswith(said)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("text", None, "text is null where a text is wanted"),
        ("text", 8.0, "text is a number where a text is wanted"),
        ("id", ["a"], "id is a list where a text is wanted"),
        ("n", 6.5, "n is a number where a whole number is wanted"),
        ("n_missing", True, "n_missing is true or false where a whole number is wanted"),
        (
            "value",
            {"P77": 1},
            "value is an object where a text, a number, true, false or null is wanted",
        ),
        ("value", float("nan"), "value is no finite number where a text, a number, true,"),
    ],
)
def test_a_value_of_another_type_is_named_and_not_shown(key: str, value: Any, said: str) -> None:
    """The sentence has the line and the key; what stands there may be anything."""
    line = {**receipt("b", 8.0, "+8.0"), key: value}
    with pytest.raises(PressError) as raised:
        read_results(results(receipt("a", 1, "1"), line).encode(), "v1")
    assert str(raised.value).startswith(f"results.json:3 of v1: {said}")
    assert "P77" not in str(raised.value)


def test_an_id_that_stands_twice_is_refused_with_both_lines() -> None:
    """As a merge may leave it; all faults are told at once, and of very many the first."""
    twice = [receipt("a", 1, "1"), receipt("b", 1, "1"), receipt("a", 999, "999")]
    with pytest.raises(PressError) as raised:
        read_results((results(*twice) + "null\n").encode(), "v1")
    assert str(raised.value).splitlines() == [
        "results.json:4 of v1: an id is wanted once, and a is in line 2 already; write the file "
        "with press render",
        "results.json:5 of v1: an object is wanted, not null; write the file with press render",
    ]
    with pytest.raises(PressError, match=r"\nand 80 more$"):
        read_results((results() + "null\n" * 100).encode(), "v1")


def test_line_ends_a_byte_order_mark_and_separators_in_a_text_are_no_lines() -> None:
    """Editors of Windows write the first two; a text may hold a line separator of Unicode."""
    text = results({**receipt("a", 8.0, "+8.0"), "method": "one"})
    odd = text.replace("one", "one\u2028two")
    found = read_results(odd.replace("\n", "\r\n").encode("utf-8-sig"), "v1")
    assert found.receipts["a"].method == "one\u2028two"
    assert read_results(text.replace("\n", "\r\n").encode("utf-8-sig"), "v1") == read_results(
        text.encode(), "v1"
    )


def test_the_change_of_a_percentage_is_in_percentage_points() -> None:
    """From 100% to 83.3% it is 16.7 points and 16.7% of what it was, from 50% to 25% 25 and 50%."""
    old = [receipt("a", 100.0, "100%", "%"), receipt("b", 50.0, "50%", "%"), receipt("c", 2, "2")]
    new = [receipt("a", 83.3, "83%", "%"), receipt("b", 25.0, "25%", "%"), receipt("c", 1, "1")]
    moved = numbers(old, new).moved
    assert [(absolute_of(of), relative_of(of)) for of in moved] == [
        ("-16.7 percentage points", "-16.7%"),
        ("-25 percentage points", "-50.0%"),
        ("-1", "-50.0%"),
    ]


def test_the_same_value_with_other_digits_is_no_change_of_it() -> None:
    """+8.0 and +8.00 of the value 8 are printed otherwise, and the report says no more."""
    (change,) = numbers([receipt("a", 8.0, "+8.0")], [receipt("a", 8.0, "+8.00")]).moved
    assert (absolute_of(change), relative_of(change)) == ("same value", "")


def test_one_of_a_thing_is_no_plural() -> None:
    """The first word takes the s."""
    counts = [counted(count, "row changed") for count in (0, 1, 2)]
    assert counts == ["0 rows changed", "1 row changed", "2 rows changed"]


def test_receipts_are_read_as_they_were_written() -> None:
    """The header has the data's version."""
    line = receipt("a", 8.0, "+8.0")
    found = read_results(results(line).encode(), "v1")
    assert found.receipts == {"a": Receipt(**line)}
    assert found.data_version == "1"
    assert json.loads(results(line).splitlines()[1]) == line
