"""The simulator's output, made in a temporary folder, against the facts of the published abstract.

The facts P1-P11 are those of Sunzini et al., International Trends in Immunity 1:1 (2013) 40-43, as
far as a table can meet them. Baseline, follow-up and loss of response are computed here a second
time, in plain Python, from their definitions in the methods section. The default seed was selected
to pass the tests of the default cohort, which guard it and say nothing of other seeds; those that
name their seeds hold for any cohort.
"""

import csv
import math
import statistics
from collections import defaultdict
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from analysis.load import SHIPPED_DATA, load_package
from analysis.simulate import DEFAULT_SEED, csv_bytes, main, simulate, write_package
from analysis.study import TABLES
from analysis.validate import read_study

Rows = dict[str, list[dict[str, Any]]]


def read_rows(folder: Path) -> Rows:
    """The four tables of a folder."""
    return {table: parsed((folder / f"{table}.csv").read_bytes()) for table in TABLES}


@cache
def simulated_rows(n_patients: int, seed: int) -> Rows:
    """The four tables of a simulated cohort."""
    tables = simulate(n_patients=n_patients, seed=seed)
    return {name: parsed(csv_bytes(table)) for name, table in tables.items()}


def parsed(table: bytes) -> list[dict[str, Any]]:
    """The rows of a table, cells that look like numbers as numbers, empty ones None."""
    rows = csv.DictReader(table.decode().splitlines())
    return [{name: number(cell) for name, cell in row.items()} for row in rows]


def number(cell: str) -> float | str | None:
    """The number that a cell holds, else its text; None for an empty cell."""
    try:
        return float(cell) if cell else None
    except ValueError:
        return cell


def by_patient(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The rows of each patient, in their order."""
    grouped = defaultdict(list)
    for row in rows:
        grouped[row["patient_id"]].append(row)
    return grouped


def baseline_and_follow_up(visits: list[dict[str, Any]]) -> tuple[Any, Any]:
    """The last visit of days -28 to 0; the pre-infusion visit nearest day 183 within 45 days."""
    before = [visit for visit in visits if -28 <= visit["visit_day"] <= 0]
    near = [v for v in visits if v["cycle"] and abs(v["visit_day"] - 183) <= 45]
    after = min(near, key=lambda v: (abs(v["visit_day"] - 183), v["visit_day"]))
    return max(before, key=lambda v: v["visit_day"]), after


def every_pair(rows: Rows) -> dict[str, tuple[Any, Any]]:
    """Baseline and follow-up of each patient who has both visits."""
    found = {}
    for patient_id, visits in by_patient(rows["visits"]).items():
        with suppress(ValueError):
            found[patient_id] = baseline_and_follow_up(visits)
    return found


def strength_gains(rows: Rows, diagnosis: str) -> list[float]:
    """The change in strength of each patient of a diagnosis who has both scores."""
    those = {p["patient_id"] for p in rows["patients"] if p["diagnosis"] == diagnosis}
    scores = [
        (before["mrc_sum_score"], after["mrc_sum_score"])
        for patient_id, (before, after) in every_pair(rows).items()
        if patient_id in those
    ]
    return [after - before for before, after in scores if before and after]


def losses(rows: Rows) -> dict[str, tuple[int, float]]:
    """The cycle of loss of response and its first day, of each patient who has one."""
    starts = {(c["patient_id"], c["cycle"]): c["start_day"] for c in rows["cycles"]}
    visits = by_patient(rows["visits"])
    cycles = {
        patient_id: loss_of_response_cycle(visits[patient_id])
        for patient_id, (before, _) in every_pair(rows).items()
        if before["mrc_sum_score"]
    }
    return {i: (cycle, starts[i, cycle]) for i, cycle in cycles.items() if cycle}


def loss_of_response_cycle(visits: list[dict[str, Any]]) -> int | None:
    """The first cycle k >= 3 that lies far below the best so far, and k + 1 as well."""
    baseline, _ = baseline_and_follow_up(visits)
    start = baseline["mrc_sum_score"]
    strength = {v["cycle"]: v["mrc_sum_score"] for v in visits if v["cycle"] and v["mrc_sum_score"]}
    strength[1] = start
    for k in sorted(strength):
        best = max(value for cycle, value in strength.items() if cycle < k) if k > 1 else start
        limit = best - max(4, 0.2 * (best - start))
        is_low = strength[k] <= limit and strength.get(k + 1, 99) <= limit
        if k >= 3 and best > start and is_low:
            return int(k)
    return None


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """The default cohort as it is read back from its files."""
    folder = tmp_path_factory.mktemp("published")
    write_package(folder)
    return read_rows(folder)


@pytest.fixture(scope="module")
def pairs(cohort: Rows) -> list[tuple[Any, Any]]:
    """The baseline and the follow-up visit of each patient."""
    return [baseline_and_follow_up(visits) for visits in by_patient(cohort["visits"]).values()]


def test_years(cohort: Rows) -> None:
    """P1: the first visit and the last follow-up of every patient lie within 2004 to 2012."""
    for patient in cohort["patients"]:
        own = [v for v in cohort["visits"] if v["patient_id"] == patient["patient_id"]]
        first = min(visit["visit_day"] for visit in own)
        last = max(visit["visit_day"] for visit in own)
        assert patient["first_ivig_year"] - math.ceil(-first / 365) >= 2004
        assert patient["first_ivig_year"] + math.ceil(last / 365) <= 2012


def test_patients(cohort: Rows) -> None:
    """P2, P3, P4: six patients, all three diagnoses, each after a failed immunosuppressant."""
    assert len(cohort["patients"]) == 6
    assert {patient["diagnosis"] for patient in cohort["patients"]} == {"PM", "DM", "IBM"}
    assert all(patient["failed_immunosuppressants"] for patient in cohort["patients"])


def test_doses(cohort: Rows) -> None:
    """P5: 1 to 2 g/kg over 5 days, in repeated cycles 4 to 8 weeks apart."""
    assert all(1 <= cycle["dose_g_kg"] <= 2 for cycle in cohort["cycles"])
    assert all(cycle["infusion_days"] == 5 for cycle in cohort["cycles"])
    for cycles in by_patient(cohort["cycles"]).values():
        assert 6 <= len(cycles) <= 18
        starts = [cycle["start_day"] for cycle in cycles]
        gaps = sorted(later - start for start, later in pairwise(starts))
        assert 28 <= gaps[len(gaps) // 2] <= 59


def test_patients_differ(cohort: Rows, pairs: list[tuple[Any, Any]]) -> None:
    """Ages, strength and its gains spread as in patients; in IBM the gain is small."""
    assert len({patient["age_years"] // 10 for patient in cohort["patients"]}) >= 4
    assert 4 <= statistics.stdev(before["mrc_sum_score"] for before, _ in pairs) <= 8
    gains = [after["mrc_sum_score"] - before["mrc_sum_score"] for before, after in pairs]
    assert 3 <= statistics.stdev(gains) <= 6
    assert all(gain <= 4 for gain in strength_gains(cohort, "IBM"))


def test_strength(pairs: list[tuple[Any, Any]]) -> None:
    """P6: strength is higher at follow-up in all six, paired t below 0.01 without being near it."""
    before = [baseline["mrc_sum_score"] for baseline, _ in pairs]
    after = [follow_up["mrc_sum_score"] for _, follow_up in pairs]
    assert len(pairs) == 6
    assert all(high > low for low, high in zip(before, after, strict=True))
    assert stats.ttest_rel(after, before).pvalue < 0.01 / 2


def test_creatine_kinase(pairs: list[tuple[Any, Any]]) -> None:
    """P7: CK falls, paired t on its logarithm below 0.05 without being near it."""
    before = [math.log(baseline["ck_u_l"]) for baseline, _ in pairs]
    after = [math.log(follow_up["ck_u_l"]) for _, follow_up in pairs]
    test = stats.ttest_rel(after, before)
    assert test.statistic < 0
    assert test.pvalue < 0.05 / 2


def test_adverse_events(cohort: Rows) -> None:
    """P8: every adverse event is grade 1, none serious, none a reason to stop; some happened."""
    events = cohort["adverse_events"]
    assert {(e["ctcae_grade"], e["serious"], e["led_to_discontinuation"]) for e in events} == {
        (1.0, "false", "false")
    }
    assert 0.05 <= len(events) / len(cohort["cycles"]) <= 0.15
    assert len(by_patient(events)) in (2, 3)


def test_prednisone(cohort: Rows, pairs: list[tuple[Any, Any]]) -> None:
    """P9: prednisone is lower at follow-up in most patients; in some it rose before rescue."""
    lower = [after["prednisone_mg_day"] < before["prednisone_mg_day"] for before, after in pairs]
    assert sum(lower) >= 5
    early = {
        v["patient_id"]: v["prednisone_mg_day"] for v in cohort["visits"] if v["visit_day"] < -42
    }
    assert any(
        (early.get(before["patient_id"]) or 99) < before["prednisone_mg_day"] for before, _ in pairs
    )


def test_loss_of_response(cohort: Rows) -> None:
    """P10: every patient loses response, after numbers of cycles and days that differ widely."""
    lost = losses(cohort).values()
    assert len(lost) == 6
    assert len({cycle for cycle, _ in lost}) >= 4
    days = [day for _, day in lost]
    assert max(days) - min(days) >= 250


def test_blemishes(cohort: Rows) -> None:
    """As in real records something is missing or late: a visit, an LDH, a biopsy, an antibody."""
    assert any(patient["biopsy_supportive"] is None for patient in cohort["patients"])
    assert any(patient["myositis_antibody"] is None for patient in cohort["patients"])
    assert any(visit["ldh_u_l"] is None for visit in cohort["visits"])
    visited = {(v["patient_id"], v["cycle"]) for v in cohort["visits"]}
    assert any((c["patient_id"], c["cycle"]) not in visited for c in cohort["cycles"])
    assert any(-110 <= visit["visit_day"] <= -70 for visit in cohort["visits"])


@pytest.mark.parametrize("n_patients", [1, 2, 6, 40])
@pytest.mark.parametrize("seed", [1, DEFAULT_SEED])
def test_every_simulated_package_is_valid(tmp_path: Path, n_patients: int, seed: int) -> None:
    """A package of any size is valid, recorded, simulated, and holds the simulated tables."""
    write_package(tmp_path, n_patients=n_patients, seed=seed)
    study = read_study(tmp_path)
    assert len(study.patients) == n_patients
    assert study.is_recorded
    assert study.is_simulated
    for table, simulated in simulate(n_patients=n_patients, seed=seed).items():
        assert getattr(study, table).equals(simulated)


several_cohorts = pytest.mark.parametrize(
    ("n_patients", "seed"), [(6, 1), (6, 2), (40, 40), (300, 1), (300, 2), (300, 3)]
)
several_seeds = pytest.mark.parametrize("seed", [1, 2, 3])


@several_cohorts
def test_certainty_agrees_with_the_biopsy(n_patients: int, seed: int) -> None:
    """Definite PM and any IBM have a supportive biopsy; Griggs 1995 knows no probable IBM."""
    for patient in simulated_rows(n_patients, seed)["patients"]:
        diagnosis, certainty = patient["diagnosis"], patient["criteria_certainty"]
        if diagnosis == "IBM" or (diagnosis, certainty) == ("PM", "definite"):
            assert patient["biopsy_supportive"] == "true"
        assert (diagnosis, certainty) != ("IBM", "probable")


@several_cohorts
def test_grades_agree_with_the_events(n_patients: int, seed: int) -> None:
    """From grade 4 on an event is serious, and none of six that end at grade 3 in CTCAE 5.0."""
    up_to_3 = {"flushing", "rash", "headache", "nausea", "chills", "myalgia"}
    for event in simulated_rows(n_patients, seed)["adverse_events"]:
        if event["ctcae_grade"] >= 4:
            assert event["serious"] == "true"
            assert event["term"] not in up_to_3


@several_cohorts
def test_drugs_had_time_to_fail(n_patients: int, seed: int) -> None:
    """The disease has lasted at least six months for each immunosuppressant that failed."""
    for patient in simulated_rows(n_patients, seed)["patients"]:
        drugs = (patient["failed_immunosuppressants"] or "").split("; ")
        assert patient["disease_duration_months"] >= 6 * len(drugs)


@several_seeds
def test_inclusion_body_myositis_hardly_responds(seed: int) -> None:
    """Where not all must improve, IBM mostly has no effect (Dalakas 1997, 2001), PM mostly has."""
    rows = simulated_rows(300, seed)
    assert statistics.mean(strength_gains(rows, "IBM")) < 1
    assert statistics.median(strength_gains(rows, "PM")) > 4


@several_seeds
def test_loss_cycles_differ_beyond_the_interval(seed: int) -> None:
    """Loss of response is spread over years, and over cycles where the interval is the same."""
    lost = losses(simulated_rows(300, seed)).values()
    tenths = statistics.quantiles((day for _, day in lost), n=10)
    assert tenths[-1] - tenths[0] > 300
    four_weekly = [cycle for cycle, day in lost if 26 <= day / (cycle - 1) <= 31]
    sixths = statistics.quantiles(four_weekly, n=6)
    assert sixths[-1] - sixths[0] >= 4


@several_seeds
def test_loss_is_answered(seed: int) -> None:
    """After nearly every loss prednisone is raised, or IVIg ends within five cycles."""
    rows = simulated_rows(300, seed)
    visits, cycles, lost = by_patient(rows["visits"]), by_patient(rows["cycles"]), losses(rows)
    n_answered = 0
    for patient_id, (cycle, day) in lost.items():
        later = [v["prednisone_mg_day"] or 0 for v in visits[patient_id] if v["visit_day"] >= day]
        is_raised = later[-1] > min(later)
        n_answered += is_raised or len(cycles[patient_id]) - cycle <= 5
    assert n_answered > 0.95 * len(lost)


def test_a_larger_cohort_is_varied() -> None:
    """Other cohorts have severe events, patients lost early or on more prednisone, CK missing."""
    rows = simulated_rows(300, 3)
    assert any(event["ctcae_grade"] >= 3 for event in rows["adverse_events"])
    assert any(event["led_to_discontinuation"] == "true" for event in rows["adverse_events"])
    assert any(len(cycles) <= 3 for cycles in by_patient(rows["cycles"]).values())
    assert any(v["cycle"] == 1 and v["ck_u_l"] is None for v in rows["visits"])
    pairs = every_pair(rows).values()
    doses = [(b["prednisone_mg_day"] or 0, f["prednisone_mg_day"] or 0) for b, f in pairs]
    assert 0.01 < sum(0 < before < after for before, after in doses) / len(doses) < 0.25


def test_a_seed_gives_one_cohort() -> None:
    """The same seed gives the same tables, another seed others."""
    once, again, other = simulate(seed=5), simulate(seed=5), simulate(seed=6)
    assert all(once[table].equals(again[table]) for table in TABLES)
    assert not once["visits"].equals(other["visits"])


@pytest.mark.parametrize("number", ["-1", "0", "six"])
def test_the_command_refuses_a_study_without_patients(tmp_path: Path, number: str) -> None:
    """The number of patients is a whole number from 1; anything else ends with status 2."""
    with pytest.raises(SystemExit) as refusal:
        main([str(tmp_path), "--patients", number])
    assert refusal.value.code == 2


def test_shipped_tables_are_the_default_output() -> None:
    """As long as data/ is the recorded output of this simulator, it is that byte for byte."""
    package = load_package(SHIPPED_DATA)
    provenance = package.descriptor.get("provenance", {})
    if not package.is_recorded or provenance.get("data_hash") != package.data_hash:
        pytest.skip("data/ is not the shipped simulated cut with its recorded checksums")
    tables = simulate()
    for table in TABLES:
        assert (SHIPPED_DATA / f"{table}.csv").read_bytes() == csv_bytes(tables[table])
