"""Patients, the number of their infusion cycles and adverse events in, the safety counts out.

Patients come first: one patient is one observation. Counts over cycles have no interval by
intent: the cycles of a patient are alike, so that a binomial or Poisson one would be too narrow.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from analysis.describe import Proportion, check_confidence_level, proportion

Patient: TypeAlias = int | str
GRADES = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class CycleProportion:
    """`events` of `n` cycles and their proportion (0 to 1), without an interval."""

    events: int
    n: int
    estimate: float | None


@dataclass(frozen=True)
class Burden:
    """A set of adverse events: how many, and the patients and cycles with at least one."""

    n_events: int
    patients: Proportion
    cycles: CycleProportion


@dataclass(frozen=True)
class GradeBurden:
    """Patients, and cycles, whose worst event had this CTCAE grade; events of this grade."""

    ctcae_grade: int
    burden: Burden


@dataclass(frozen=True)
class TermBurden:
    """Events of this term, and the patients and cycles with at least one."""

    term: str
    burden: Burden


@dataclass(frozen=True)
class Safety:
    """Adverse events of the study on two denominators, patients and cycles.

    `by_maximum_grade` has the grades 1 to 5, each patient and each cycle once, at its worst;
    `maximum_grade` is the worst of all (None: no event). `by_term` goes from the term with most
    patients down, then by events, then by name.
    """

    any_event: Burden
    serious: Burden
    led_to_discontinuation: Burden
    maximum_grade: int | None
    by_maximum_grade: tuple[GradeBurden, ...]
    by_term: tuple[TermBurden, ...]


@dataclass(frozen=True)
class _Event:
    patient: Patient
    cycle: int
    term: str
    ctcae_grade: int
    serious: bool
    led_to_discontinuation: bool


def safety(
    *,
    patients: Sequence[Patient],
    cycles_per_patient: Sequence[int],
    events: Iterable[Mapping[str, Any]],
    confidence_level: float = 0.95,
) -> Safety:
    """The safety counts of `patients`, who had `cycles_per_patient` cycles, in the same order.

    Each event has the keys `patient`, `cycle` (in which it began), `term`, `ctcae_grade` (1 to
    5), `serious` and `led_to_discontinuation` (true or false); other keys are ignored, none may
    be missing. Every patient and every cycle counts in the denominators, with events or not.
    Proportions of patients have exact intervals (`describe.proportion`); of cycles, none.

    Raises ValueError for a patient that comes twice, unequal lengths, an event of an unknown
    patient, a grade outside 1 to 5, or more cycles with events than there were cycles.

    References: CTCAE 5.0, National Cancer Institute 2017 (grades); Clopper and Pearson 1934.
    """
    check_confidence_level(confidence_level)
    known = [_event(record) for record in events]
    _check(patients, cycles_per_patient, known)
    count = _Denominators(len(patients), int(sum(cycles_per_patient)), confidence_level)
    terms = [
        TermBurden(term, count.of(e for e in known if e.term == term))
        for term in sorted({e.term for e in known})
    ]
    terms.sort(key=lambda t: (-t.burden.patients.events, -t.burden.n_events))
    return Safety(
        any_event=count.of(known),
        serious=count.of(e for e in known if e.serious),
        led_to_discontinuation=count.of(e for e in known if e.led_to_discontinuation),
        maximum_grade=max((e.ctcae_grade for e in known), default=None),
        by_maximum_grade=tuple(count.at_grade(grade, known) for grade in GRADES),
        by_term=tuple(terms),
    )


@dataclass(frozen=True)
class _Denominators:
    n_patients: int
    n_cycles: int
    confidence_level: float

    def of(self, events: Iterable[_Event]) -> Burden:
        chosen = list(events)
        cycles = {(e.patient, e.cycle) for e in chosen}
        return self._burden(len(chosen), len({e.patient for e in chosen}), len(cycles))

    def at_grade(self, grade: int, events: list[_Event]) -> GradeBurden:
        of_patient: dict[Patient, int] = {}
        of_cycle: dict[tuple[Patient, int], int] = {}
        for e in events:
            cycle = (e.patient, e.cycle)
            of_patient[e.patient] = max(of_patient.get(e.patient, 0), e.ctcae_grade)
            of_cycle[cycle] = max(of_cycle.get(cycle, 0), e.ctcae_grade)
        n_events = sum(e.ctcae_grade == grade for e in events)
        n_patients, n_cycles = (
            list(worst.values()).count(grade) for worst in (of_patient, of_cycle)
        )
        return GradeBurden(grade, self._burden(n_events, n_patients, n_cycles))

    def _burden(self, n_events: int, n_patients: int, n_cycles: int) -> Burden:
        level = self.confidence_level
        patients = proportion(events=n_patients, n=self.n_patients, confidence_level=level)
        share = n_cycles / self.n_cycles if self.n_cycles else None
        return Burden(n_events, patients, CycleProportion(n_cycles, self.n_cycles, share))


def _event(record: Mapping[str, Any]) -> _Event:
    return _Event(
        patient=record["patient"],
        cycle=int(record["cycle"]),
        term=str(record["term"]),
        ctcae_grade=int(record["ctcae_grade"]),
        serious=bool(record["serious"]),
        led_to_discontinuation=bool(record["led_to_discontinuation"]),
    )


def _check(patients: Sequence[Patient], cycles: Sequence[int], events: list[_Event]) -> None:
    """Refuses records that would be counted wrongly; the first fault is named."""
    if len(set(patients)) < len(patients) or len(patients) != len(cycles):
        raise ValueError(
            "each patient once, with a number of cycles, was wanted, "
            f"{len(set(patients))} different of {len(patients)} patients and {len(cycles)} "
            "numbers came; give one row a patient"
        )
    of_patient = dict(zip(patients, cycles, strict=True))
    for e in events:
        if e.patient not in of_patient or e.ctcae_grade not in GRADES:
            raise ValueError(
                "an event of a treated patient with a CTCAE grade from 1 to 5 was wanted, "
                f"{e.term!r} of patient {e.patient} with grade {e.ctcae_grade} came; correct it"
            )
    with_events = Counter(patient for patient, _ in {(e.patient, e.cycle) for e in events})
    for patient, n in with_events.items():
        if n > of_patient[patient]:
            raise ValueError(
                f"at most {of_patient[patient]} cycles with events were wanted for patient "
                f"{patient}, {n} came; add the missing cycles or correct the events"
            )
