"""Typed tables in, the rows that contradict other rows out: what a table schema cannot say.

In every table the index is the row's position and a cell that is itself at fault is missing; a rule
passes over what is missing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

NEEDED = {
    "cycles": ["patient_id", "cycle", "start_day"],
    "visits": ["patient_id", "visit_day", "cycle"],
    "adverse_events": ["patient_id", "cycle", "onset_day"],
}


@dataclass(frozen=True)
class Contradiction:
    """A row (its position) of a table whose `column` does not go with the other rows."""

    table: str
    row: int
    column: str
    expected: str
    remedy: str


def contradictions(tables: Mapping[str, pd.DataFrame]) -> Iterator[Contradiction]:
    """Every contradiction between the rows of the given tables; what is absent is not compared."""
    named = {
        name: table.loc[table["patient_id"].notna(), columns]
        for name, columns in NEEDED.items()
        if (table := tables.get(name)) is not None and set(columns) <= set(table)
    }
    if "cycles" not in named or tables["cycles"].empty:
        return
    doubtful = _doubtful(tables["cycles"])
    cycles = named["cycles"].dropna(subset="cycle").drop_duplicates(["patient_id", "cycle"])
    cycles = cycles.sort_values(["patient_id", "cycle"])
    previous = cycles.groupby("patient_id").shift()
    cycles = cycles.assign(
        previous_cycle=previous["cycle"].fillna(0), previous_start=previous["start_day"]
    )
    yield from _cycle_order(cycles, doubtful)
    if "visits" in named:
        yield from _pre_infusion_visits(named["visits"].dropna(subset="cycle"), cycles, doubtful)
    if "adverse_events" in named:
        yield from _onsets(named["adverse_events"], cycles)


def _doubtful(cycles: pd.DataFrame) -> set[str]:
    """The participants of whom a cycle may be missing only because its row is at fault."""
    unread = cycles["patient_id"].isna()
    return set(cycles["patient_id"].dropna()[unread.any() | cycles["cycle"].isna()])


def _cycle_order(cycles: pd.DataFrame, doubtful: set[str]) -> Iterator[Contradiction]:
    """Cycles are numbered 1, 2, 3 ...; the first starts on day 0, each later one after the last."""
    remedy = "correct the number, or add the missing cycle"
    is_sure = ~cycles["patient_id"].isin(doubtful)
    for row in _where(cycles, is_sure & (cycles["cycle"] != cycles["previous_cycle"] + 1)):
        expected = f"cycle {row.previous_cycle + 1} of {row.patient_id} (no number is left out)"
        yield Contradiction("cycles", row.Index, "cycle", expected, remedy)
    remedy = "correct the day, or count all days of this participant from the first infusion"
    for row in _where(cycles, (cycles["cycle"] == 1) & (cycles["start_day"] != 0)):
        yield Contradiction("cycles", row.Index, "start_day", "day 0 for cycle 1", remedy)
    for row in _where(cycles, cycles["start_day"] <= cycles["previous_start"]):
        expected = f"a day after {row.previous_start}, when cycle {row.previous_cycle} started"
        yield Contradiction("cycles", row.Index, "start_day", expected, "correct the day")


def _pre_infusion_visits(
    visits: pd.DataFrame, cycles: pd.DataFrame, doubtful: set[str]
) -> Iterator[Contradiction]:
    """A pre-infusion visit is the only one of its cycle, between the last start and this one."""
    visits = _with_cycles(visits, cycles)
    remedy = "correct the cycle, leave it empty, or add the cycle to the cycles table"
    is_sure = ~visits["patient_id"].isin(doubtful)
    for row in _where(visits, is_sure & visits["is_unknown"]):
        expected = f"a recorded cycle of {row.patient_id}"
        yield Contradiction("visits", row.Index, "cycle", expected, remedy)
    remedy = "correct the day or the cycle, or leave the cycle empty"
    for row in _where(visits, visits["visit_day"] > visits["start_day"]):
        expected = f"day {row.start_day} or before, when cycle {row.cycle} started"
        yield Contradiction("visits", row.Index, "visit_day", expected, remedy)
    for row in _where(visits, visits["visit_day"] <= visits["previous_start"]):
        expected = f"a day after {row.previous_start}, when cycle {row.previous_cycle} started"
        yield Contradiction("visits", row.Index, "visit_day", expected, remedy)
    remedy = "leave the cycle of all but one of them empty"
    for row in _where(visits, visits.duplicated(["patient_id", "cycle"])):
        expected = f"one pre-infusion visit for cycle {row.cycle} of {row.patient_id}"
        yield Contradiction("visits", row.Index, "cycle", expected, remedy)


def _onsets(events: pd.DataFrame, cycles: pd.DataFrame) -> Iterator[Contradiction]:
    """An adverse event sets in on or after the first day of the cycle that it names."""
    events = _with_cycles(events, cycles)
    for row in _where(events, events["onset_day"] < events["start_day"]):
        expected = f"day {row.start_day} or later, when cycle {row.cycle} started"
        remedy = "correct the day or the cycle"
        yield Contradiction("adverse_events", row.Index, "onset_day", expected, remedy)


def _with_cycles(rows: pd.DataFrame, cycles: pd.DataFrame) -> pd.DataFrame:
    """The rows, in their order and with their index, beside the cycle that they name."""
    joined = rows.merge(cycles, on=["patient_id", "cycle"], how="left", indicator="source")
    joined["is_unknown"] = joined["source"] == "left_only"
    return joined.set_index(rows.index)


def _where(table: pd.DataFrame, is_wrong: "pd.Series[bool]") -> Iterator[Any]:
    """The rows for which the comparison holds; one with a missing value does not hold."""
    return iter(table[is_wrong.fillna(False)].itertuples())
