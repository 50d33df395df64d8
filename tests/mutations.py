"""A data package in, the same with its raw tables changed out: what `make mutate` tries.

Tables are text as in the files, so that a change touches nothing else. Every changed package stays
valid: what is tried is the article, not the validation.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

Tables = dict[str, pd.DataFrame]
Change = Callable[[Tables], None]
MEASURES = ("mrc_sum_score", "ck_u_l", "ldh_u_l", "prednisone_mg_day")
DIAGNOSES = ("PM", "DM", "IBM")
FOLLOW_UP_DAY = 183


@dataclass(frozen=True)
class Mutation:
    """A change of a package; `in_full` renders all four formats."""

    name: str
    change: Change
    in_full: bool = False

    def write(self, source: Path, target: Path) -> None:
        """Write the changed package of `source` into `target`."""
        shutil.copytree(source, target)
        paths = sorted(target.glob("*.csv"))
        tables = {p.stem: pd.read_csv(p, dtype=str, keep_default_na=False) for p in paths}
        self.change(tables)
        for path in paths:
            tables[path.stem].to_csv(path, index=False, lineterminator="\n")


# Where to change ------------------------------------------------------------------------------


def patient_of(tables: Tables, number: int) -> str:
    """The id of the patient that the article numbers so."""
    return str(sorted(set(tables["cycles"]["patient_id"]))[number - 1])


def days(table: pd.DataFrame, column: str) -> "pd.Series[float]":
    """A column of days as numbers."""
    return pd.to_numeric(table[column])


def is_base(visits: pd.DataFrame) -> "pd.Series[bool]":
    """Visits up to the first infusion."""
    return days(visits, "visit_day") <= 0


def row_at(tables: Tables, patient: str, day: int) -> Any:
    """The label of a patient's pre-infusion visit nearest to a day."""
    visits = tables["visits"]
    own = visits[(visits["patient_id"] == patient) & (visits["cycle"] != "")]
    return (days(own, "visit_day") - day).abs().idxmin()


def numbers(values: "pd.Series[str]") -> "pd.Series[float]":
    """Cells as numbers, NaN where empty."""
    return pd.to_numeric(values.replace("", np.nan))


def cells(values: "pd.Series[float]") -> "pd.Series[str]":
    """Numbers as cells."""
    return values.map(lambda value: "" if np.isnan(value) else f"{round(value, 3):g}")


# One cell -------------------------------------------------------------------------------------


def set_patient(tables: Tables, *, column: str, value: str, patient: int = 1) -> None:
    """One cell of the patients."""
    patients = tables["patients"]
    patients.loc[patients["patient_id"] == patient_of(tables, patient), column] = value


def set_visit(tables: Tables, *, column: str, value: str, day: int, patient: int = 1) -> None:
    """One cell of a patient's pre-infusion visit nearest to a day."""
    tables["visits"].loc[row_at(tables, patient_of(tables, patient), day), column] = value


def set_last_cycle(tables: Tables, *, column: str, value: str) -> None:
    """One cell of the first patient's last cycle."""
    cycles = tables["cycles"]
    last = cycles.index[cycles["patient_id"] == patient_of(tables, 1)][-1]
    later = str(int(cycles.loc[last, column]) + 10) if value == "later" else value
    cycles.loc[last, column] = later


def set_event(tables: Tables, *, column: str, value: str) -> None:
    """One cell of the last recorded event of grade 1."""
    events = tables["adverse_events"]
    events.loc[events.index[events["ctcae_grade"] == "1"][-1], column] = value


def rename_patient(tables: Tables) -> None:
    """The first patient gets an id that comes last, so that all numbers of patients move."""
    name = patient_of(tables, 1)
    for table in tables.values():
        table["patient_id"] = table["patient_id"].replace(name, "Z99")


def drop_last_cycle(tables: Tables) -> None:
    """The first patient's last cycle is gone; its visit stays, its events move back by one."""
    name, cycles = patient_of(tables, 1), tables["cycles"]
    last = cycles.index[cycles["patient_id"] == name][-1]
    number = cycles.loc[last, "cycle"]
    tables["cycles"] = cycles.drop(last)
    for table, value in (("visits", ""), ("adverse_events", str(int(number) - 1))):
        rows = tables[table]
        rows.loc[(rows["patient_id"] == name) & (rows["cycle"] == number), "cycle"] = value


def give_event_away(tables: Tables) -> None:
    """The last event happened to the first patient, in the first cycle."""
    events = tables["adverse_events"]
    last = events.index[-1]
    events.loc[last, ["patient_id", "cycle"]] = [patient_of(tables, 1), "1"]


def one_cell() -> list[Mutation]:
    """Each column of each table once, and the outcomes once more as missing."""
    values = {
        "diagnosis": "IBM", "criteria_certainty": "probable", "sex": "male", "age_years": "81",
        "first_ivig_year": "2003", "disease_duration_months": "99", "biopsy_supportive": "false",
        "myositis_antibody": "anti-Jo-1", "failed_immunosuppressants": "",
        "ck_upper_limit_u_l": "333", "ldh_upper_limit_u_l": "333",
    }  # fmt: skip
    found = [
        Mutation(f"patients.{column} = {value or 'empty'}",
                 partial(set_patient, column=column, value=value))
        for column, value in values.items()
    ]  # fmt: skip
    found.append(Mutation("patients.patient_id = Z99", rename_patient))
    outcomes = {"mrc_sum_score": "3", "ck_u_l": "9999", "ldh_u_l": "1999",
                "prednisone_mg_day": "77.5"}  # fmt: skip
    for column, value in outcomes.items():
        for day, when in ((FOLLOW_UP_DAY, "follow-up"), (0, "baseline")):
            for cell in (value, "") if day else (value,):
                change = partial(set_visit, column=column, value=cell, day=day)
                found.append(Mutation(f"visits.{column} = {cell or 'empty'} at {when}", change))
    early = partial(set_visit, column="visit_day", value="-40", day=0)
    uncounted = partial(set_visit, column="cycle", value="", day=FOLLOW_UP_DAY)
    found += [
        Mutation("visits.visit_day = -40 at baseline", early),
        Mutation("visits.cycle = empty at follow-up", uncounted),
        Mutation("cycles.cycle: the last is gone", drop_last_cycle),
    ]
    found += [
        Mutation(f"cycles.{column} = {value}", partial(set_last_cycle, column=column, value=value))
        for column, value in {"start_day": "later", "infusion_days": "3",
                              "dose_g_kg": "0.7"}.items()
    ]  # fmt: skip
    found.append(Mutation("adverse_events.patient_id", give_event_away))
    events = {"cycle": "1", "onset_day": "1500", "term": "vertigo", "ctcae_grade": "2",
              "serious": "true", "led_to_discontinuation": "true"}  # fmt: skip
    return found + [
        Mutation(f"adverse_events.{column} = {value}",
                 partial(set_event, column=column, value=value))
        for column, value in events.items()
    ]  # fmt: skip


# Patients, effects, events --------------------------------------------------------------------


def keep(tables: Tables, *, wanted: Callable[[Tables], set[str]]) -> None:
    """Some patients only."""
    names = wanted(tables)
    for name, table in tables.items():
        tables[name] = table[table["patient_id"].isin(names)]


def all_but(tables: Tables, *, number: int) -> set[str]:
    """All patients but one."""
    return set(tables["patients"]["patient_id"]) - {patient_of(tables, number)}


def only(tables: Tables, *, number: int) -> set[str]:
    """One patient."""
    return {patient_of(tables, number)}


def with_diagnosis(tables: Tables, *, diagnosis: str) -> set[str]:
    """The patients with a diagnosis."""
    patients = tables["patients"]
    return set(patients.loc[patients["diagnosis"] == diagnosis, "patient_id"])


def relabel(tables: Tables, *, diagnosis: str) -> None:
    """All patients with one diagnosis."""
    tables["patients"]["diagnosis"] = diagnosis


def baselines(visits: pd.DataFrame, measure: str) -> "pd.Series[float]":
    """For each visit the patient's last value up to the first infusion."""
    base = visits[is_base(visits)]
    last = numbers(base[measure]).groupby(base["patient_id"]).last()
    return visits["patient_id"].map(last).astype(float)


def bounded(values: "pd.Series[float]", measure: str) -> "pd.Series[float]":
    """Within what the dictionary allows."""
    if measure == "mrc_sum_score":
        return values.round().clip(0, 60)
    limits = {"ck_u_l": (1, 200000), "ldh_u_l": (1, 20000), "prednisone_mg_day": (0, 200)}
    return values.clip(*limits[measure])


def reverse(tables: Tables) -> None:
    """Every value after the first infusion mirrored at its baseline."""
    visits = tables["visits"]
    for measure in MEASURES:
        base, values = baselines(visits, measure), numbers(visits[measure])
        is_log = measure in ("ck_u_l", "ldh_u_l")
        mirrored = base**2 / values if is_log else 2 * base - values
        kept = values.where(is_base(visits), bounded(mirrored, measure))
        visits[measure] = cells(kept)


def make_null(tables: Tables, *, days_after: int = 0) -> None:
    """Every value after so many days is that of the baseline."""
    visits = tables["visits"]
    is_late = days(visits, "visit_day") > days_after
    for measure in MEASURES:
        values = numbers(visits[measure])
        visits[measure] = cells(values.where(~is_late, baselines(visits, measure)))


def stop_at_baseline(tables: Tables) -> None:
    """Nobody has a visit after the first infusion."""
    tables["visits"] = tables["visits"][is_base(tables["visits"])]


def blank_strength(tables: Tables) -> None:
    """Nobody has a strength score after the first infusion, though all came."""
    visits = tables["visits"]
    visits.loc[~is_base(visits), "mrc_sum_score"] = ""


def without_events(tables: Tables) -> None:
    """Nobody had an adverse event."""
    tables["adverse_events"] = tables["adverse_events"].iloc[:0]


def without_drugs(tables: Tables) -> None:
    """No drug had failed in anybody."""
    tables["patients"]["failed_immunosuppressants"] = ""


def with_event(tables: Tables, *, grade: str, serious: str, ended: str) -> None:
    """The first patient had one more adverse event."""
    row = [patient_of(tables, 1), "1", "9", "aseptic meningitis", grade, serious, ended]
    events = tables["adverse_events"]
    tables["adverse_events"] = pd.concat([events, pd.DataFrame([row], columns=events.columns)])


def swap_visits(tables: Tables, *, column: str) -> None:
    """Two patients' values at follow-up."""
    visits = tables["visits"]
    first, second = (row_at(tables, patient_of(tables, number), FOLLOW_UP_DAY) for number in (1, 4))
    values = visits.loc[[first, second], column].tolist()
    visits.loc[[first, second], column] = values[::-1]


def swap_patients(tables: Tables, *, column: str) -> None:
    """Two patients' characteristics."""
    patients = tables["patients"]
    rows = [patients.index[patients["patient_id"] == patient_of(tables, n)][0] for n in (1, 5)]
    patients.loc[rows, column] = patients.loc[rows, column].tolist()[::-1]


def at_random(tables: Tables, *, seed: int) -> None:
    """Effects of any sign and size, some patients, cells and events gone, some drugs forgotten."""
    rng = np.random.default_rng(seed)
    names = list(tables["patients"]["patient_id"])
    kept = set(rng.choice(names, size=rng.integers(2, len(names) + 1), replace=False))
    keep(tables, wanted=lambda _: kept)
    visits = tables["visits"]
    for measure in MEASURES:
        size = 1.0 if measure in ("ck_u_l", "ldh_u_l") else 10.0
        mean, spread = rng.normal(0, size), rng.uniform(0, size)
        shift = visits["patient_id"].map({name: rng.normal(mean, spread) for name in sorted(kept)})
        base, noise = baselines(visits, measure), rng.normal(0, size / 5, len(visits))
        moved = base * np.exp(shift + noise) if size == 1 else base + shift + noise
        values = numbers(visits[measure])
        values = values.where(is_base(visits), bounded(moved, measure))
        visits[measure] = cells(values.mask(rng.random(len(visits)) < rng.choice([0, 0.1, 0.3])))
    events = tables["adverse_events"]
    events["ctcae_grade"] = rng.integers(1, rng.integers(2, 5), len(events)).astype(str)
    tables["adverse_events"] = events[rng.random(len(events)) < rng.uniform()]
    patients = tables["patients"]
    patients.loc[
        rng.random(len(patients)) < rng.choice([0, 0.5, 1]), "failed_immunosuppressants"
    ] = ""
    patients["diagnosis"] = rng.choice(DIAGNOSES[: rng.integers(1, 4)], len(patients))


def of_patients(n_patients: int) -> list[Mutation]:
    """Each patient gone, each alone, one diagnosis in two ways, two patients' values swapped."""
    found = [
        Mutation(f"without patient {number}",
                 partial(keep, wanted=partial(all_but, number=number)), in_full=number == 1)
        for number in range(1, n_patients + 1)
    ]  # fmt: skip
    found += [
        Mutation(f"patient {number} alone",
                 partial(keep, wanted=partial(only, number=number)), in_full=number == 1)
        for number in range(1, n_patients + 1)
    ]  # fmt: skip
    for diagnosis in DIAGNOSES:
        wanted = partial(with_diagnosis, diagnosis=diagnosis)
        found.append(Mutation(f"those with {diagnosis} alone", partial(keep, wanted=wanted)))
        found.append(Mutation(f"all have {diagnosis}", partial(relabel, diagnosis=diagnosis)))
    found += [
        Mutation(f"swapped {column}", partial(swap_visits, column=column), column == MEASURES[0])
        for column in MEASURES
    ]
    return found + [
        Mutation(f"swapped {column}", partial(swap_patients, column=column))
        for column in ("diagnosis", "sex", "failed_immunosuppressants")
    ]


def of_effects() -> list[Mutation]:
    """The effect reversed or null, nobody at follow-up, other adverse events."""
    event = partial(partial, with_event)  # called with a grade it gives a change
    return [
        Mutation("effect reversed", reverse, in_full=True),
        Mutation("no effect: all as at baseline", make_null, in_full=True),
        Mutation("no effect from day 120 on", partial(make_null, days_after=120)),
        Mutation("nobody at follow-up", stop_at_baseline, in_full=True),
        Mutation("no strength after baseline", blank_strength),
        Mutation("no adverse event", without_events, in_full=True),
        Mutation("an event of grade 2", event(grade="2", serious="false", ended="false")),
        Mutation("a serious event of grade 3", event(grade="3", serious="true", ended="false"),
                 in_full=True),
        Mutation("a fatal event", event(grade="5", serious="true", ended="true")),
        Mutation("an event of grade 1 that ended treatment",
                 event(grade="1", serious="false", ended="true")),
        Mutation("no failed drug in anybody", without_drugs),
    ]  # fmt: skip


def mutations(n_patients: int, n_random: int) -> list[Mutation]:
    """Every mutation of a package of so many patients, `n_random` of them at random."""
    random = [Mutation(f"at random, seed {i}", partial(at_random, seed=i)) for i in range(n_random)]
    return one_cell() + of_patients(n_patients) + of_effects() + random
