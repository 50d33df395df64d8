"""Safety counts of small cohorts counted by hand, on patients and on cycles."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.safety import Burden, CycleProportion, Safety, safety


def event(patient: int, cycle: int, term: str, grade: int = 1, **flags: bool) -> dict[str, Any]:
    """A record as the table has it; `onset_day` is a column the counts do not use."""
    plain = {"serious": False, "led_to_discontinuation": False, "onset_day": 3}
    where = {"patient": patient, "cycle": cycle, "term": term, "ctcae_grade": grade}
    return where | plain | flags


def hand_counted() -> Safety:
    """Four patients, 3 + 5 + 2 + 4 cycles, six events in four cycles of two patients."""
    events = [
        event(1, 1, "headache"),
        event(1, 1, "headache"),
        event(1, 1, "fever", 2, serious=True),
        event(1, 3, "headache", 3, serious=True),
        event(2, 1, "nausea"),
        event(2, 4, "fever", led_to_discontinuation=True),
    ]
    return safety(patients=[1, 2, 3, 4], cycles_per_patient=[3, 5, 2, 4], events=events)


def counts(burden: Burden) -> tuple[int, int, int]:
    """Events, patients and cycles."""
    return burden.n_events, burden.patients.events, burden.cycles.events


def test_each_patient_and_cycle_counts_once() -> None:
    """Six events are two of four patients and four of fourteen cycles."""
    found = hand_counted().any_event
    assert counts(found) == (6, 2, 4)
    assert (found.patients.n, found.patients.estimate) == (4, 0.5)
    assert found.cycles == CycleProportion(4, 14, 4 / 14)


def test_serious_and_discontinuation() -> None:
    """Two serious events in one patient, and one discontinuation in another."""
    assert counts(hand_counted().serious) == (2, 1, 2)
    assert counts(hand_counted().led_to_discontinuation) == (1, 1, 1)


def test_patients_stand_at_their_worst_grade() -> None:
    """Patient 1 is at grade 3, patient 2 at grade 1; grade 2 keeps its event and its cycle."""
    found = hand_counted()
    assert found.maximum_grade == 3
    assert [(g.ctcae_grade, *counts(g.burden)) for g in found.by_maximum_grade] == [
        (1, 4, 1, 2),
        (2, 1, 0, 1),
        (3, 1, 1, 1),
        (4, 0, 0, 0),
        (5, 0, 0, 0),
    ]


def test_terms_come_by_patients_then_events_then_name() -> None:
    """Fever in two patients precedes three headaches in one; nausea is last."""
    found = [(t.term, *counts(t.burden)) for t in hand_counted().by_term]
    assert found == [("fever", 2, 2, 2), ("headache", 3, 1, 2), ("nausea", 1, 1, 1)]


def test_terms_that_tie_come_by_name() -> None:
    """Two terms with as many patients and events stand in alphabetical order."""
    events = [event(1, 1, "rash"), event(1, 1, "chills")]
    found = safety(patients=[1], cycles_per_patient=[1], events=events)
    assert [t.term for t in found.by_term] == ["chills", "rash"]


def test_no_event_in_six_patients_has_an_upper_limit() -> None:
    """0/6 patients: two-sided 95% upper limit 45.9% (Clopper and Pearson 1934)."""
    found = safety(patients=list("ABCDEF"), cycles_per_patient=[6] * 6, events=[])
    assert found.any_event.patients.ci_high == pytest.approx(1 - 0.025 ** (1 / 6))
    assert found.any_event.cycles == CycleProportion(0, 36, 0.0)
    assert (found.maximum_grade, found.by_term) == (None, ())
    assert [counts(g.burden) for g in found.by_maximum_grade] == [(0, 0, 0)] * 5


def test_no_patient_has_no_proportion() -> None:
    """Without patients and cycles the proportions are not estimable."""
    found = safety(patients=[], cycles_per_patient=[], events=[])
    assert found.any_event.patients.estimate is None
    assert found.any_event.cycles == CycleProportion(0, 0, None)


@pytest.mark.parametrize(
    ("patients", "cycles", "events", "message"),
    [
        ([1, 1], [2, 2], [], "1 different of 2 patients and 2 numbers came"),
        ([1, 2], [2], [], "2 different of 2 patients and 1 numbers came"),
        ([1], [2], [event(2, 1, "rash")], "'rash' of patient 2 with grade 1 came"),
        ([1], [2], [event(1, 1, "rash", 6)], "'rash' of patient 1 with grade 6 came"),
        ([1], [1], [event(1, 1, "rash"), event(1, 2, "rash")], "at most 1 cycles .* 2 came"),
    ],
)
def test_records_that_do_not_fit_are_refused(
    patients: list[int], cycles: list[int], events: list[Mapping[str, Any]], message: str
) -> None:
    """What would be counted wrongly is refused with what came."""
    with pytest.raises(ValueError, match=message):
        safety(patients=patients, cycles_per_patient=cycles, events=events)


def counted(events: list[dict[str, Any]]) -> tuple[int, int, int]:
    """Events, different patients and different cycles, one event after the other."""
    patients: list[Any] = []
    cycles: list[Any] = []
    for e in events:
        if e["patient"] not in patients:
            patients.append(e["patient"])
        if (e["patient"], e["cycle"]) not in cycles:
            cycles.append((e["patient"], e["cycle"]))
    return len(events), len(patients), len(cycles)


def worst(events: list[dict[str, Any]], grade: int, *keys: str) -> int:
    """How many patients, or cycles of patients, have an event of this grade and none above."""
    places = {tuple(e[key] for key in keys) for e in events}
    of_place = (
        [e["ctcae_grade"] for e in events if tuple(e[key] for key in keys) == place]
        for place in places
    )
    return sum(grade in grades and not any(g > grade for g in grades) for grades in of_place)


def generated_events(rng: np.random.Generator, cycles: list[int]) -> list[dict[str, Any]]:
    """Up to 30 events in the given numbers of cycles of patients 1, 2, ...; grades lean to 1."""
    treated = [i for i, n in enumerate(cycles, start=1) if n > 0]
    return [
        event(
            (patient := int(rng.choice(treated))),
            int(rng.integers(1, cycles[patient - 1] + 1)),
            str(rng.choice(["fever", "rash", "chills", "headache"])),
            int(min(rng.geometric(0.5), 5)),
            serious=bool(rng.random() < 0.2),
            led_to_discontinuation=bool(rng.random() < 0.1),
        )
        for _ in range(int(rng.integers(0, 31)) if treated else 0)
    ]


def test_generated_cohorts_are_counted_one_by_one() -> None:
    """For 250 generated cohorts every count is that of going through the events by hand."""
    rng = np.random.default_rng(2013)
    for _ in range(250):
        cycles = rng.integers(0, 9, int(rng.integers(1, 9))).tolist()
        events = generated_events(rng, cycles)
        found = safety(patients=range(1, len(cycles) + 1), cycles_per_patient=cycles, events=events)
        assert counts(found.any_event) == counted(events)
        for flag in ("serious", "led_to_discontinuation"):
            assert counts(getattr(found, flag)) == counted([e for e in events if e[flag]])
        for g in found.by_maximum_grade:
            grade = g.ctcae_grade
            here = sum(e["ctcae_grade"] == grade for e in events)
            of_patients = worst(events, grade, "patient")
            of_cycles = worst(events, grade, "patient", "cycle")
            assert counts(g.burden) == (here, of_patients, of_cycles)
        terms = {t.term: counts(t.burden) for t in found.by_term}
        names = {e["term"] for e in events}
        assert terms == {n: counted([e for e in events if e["term"] == n]) for n in names}
        assert list(terms) == sorted(terms, key=lambda n: (-terms[n][1], -terms[n][0], n))
        assert found.maximum_grade == max((e["ctcae_grade"] for e in events), default=None)
        assert (found.any_event.patients.n, found.any_event.cycles.n) == (len(cycles), sum(cycles))


records = st.builds(
    event,
    st.integers(1, 5),
    st.integers(1, 4),
    st.sampled_from(["fever", "rash", "chills"]),
    st.integers(1, 5),
    serious=st.booleans(),
)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(records, max_size=25), st.randoms(use_true_random=False))
def test_grades_part_patients_and_order_is_nothing(events: list[dict[str, Any]], rng: Any) -> None:
    """The grades part patients, cycles and events with an event; the order changes nothing."""
    people: dict[str, Any] = {"patients": range(1, 6), "cycles_per_patient": [4] * 5}
    found = safety(**people, events=events)
    by_grade = [counts(g.burden) for g in found.by_maximum_grade]
    assert tuple(map(sum, zip(*by_grade, strict=True))) == counts(found.any_event)
    assert sum(t.burden.n_events for t in found.by_term) == len(events)
    rng.shuffle(events)
    assert safety(**people, events=events) == found
