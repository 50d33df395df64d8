"""The cohort's rules, on records written out by hand."""

import pandas as pd
import pytest

from analysis.cohort import Cohort, Rules, build_cohort
from analysis.study import Privacy, Study

PATIENT = {
    "diagnosis": "PM",
    "criteria_certainty": "definite",
    "sex": "female",
    "age_years": 54,
    "first_ivig_year": 2006,
    "disease_duration_months": 12,
    "biopsy_supportive": True,
    "myositis_antibody": "none",
    "failed_immunosuppressants": "methotrexate",
    "ck_upper_limit_u_l": 210.0,
    "ldh_upper_limit_u_l": 250.0,
}


def visit(patient: str, day: int, cycle: int | None, strength: int | None) -> dict[str, object]:
    """A row of visits.csv."""
    return {
        "patient_id": patient,
        "visit_day": day,
        "cycle": cycle,
        "mrc_sum_score": strength,
        "ck_u_l": 420.0,
        "ldh_u_l": None,
        "prednisone_mg_day": 20.0,
    }


def cohort_of(visits: list[dict[str, object]], rules: Rules | None = None) -> Cohort:
    """A cohort of the patients in `visits`, each with cycles on days 0, 160 and 200."""
    ids = sorted({str(row["patient_id"]) for row in visits})
    cycles = [
        {"patient_id": p, "cycle": k, "start_day": day, "infusion_days": 5, "dose_g_kg": 2.0}
        for p in ids
        for k, day in ((1, 0), (2, 160), (3, 200))
    ]
    columns = ["patient_id", "cycle", "onset_day", "term", "ctcae_grade", "serious"]
    study = Study(
        patients=pd.DataFrame([{"patient_id": p, **PATIENT} for p in [*ids, "untreated"]]),
        visits=pd.DataFrame(visits).astype({"cycle": "Int64", "mrc_sum_score": "Int64"}),
        cycles=pd.DataFrame(cycles),
        adverse_events=pd.DataFrame(columns=[*columns, "led_to_discontinuation"]),
        version="1",
        provenance="simulated",
        data_hash="",
        is_recorded=True,
        privacy=Privacy(("age_band",), 10),
        dictionary=(),
    )
    return build_cohort(study, rules)


@pytest.mark.parametrize(
    ("visits", "strength"),
    [
        (
            [(-90, None, 50), (-10, None, 40), (0, 1, 30)],
            30,
        ),  # the last one, at day 0 at the latest
        ([(-28, None, 40), (1, None, 50)], 40),  # day -28 is in, day 1 is after treatment
        ([(-29, None, 40)], None),  # too early
        ([(-20, None, 40), (-1, 1, None)], None),  # the last visit counts, not the last value
    ],
)
def test_baseline(visits: list[tuple[int, int | None, int | None]], strength: int | None) -> None:
    """Baseline is the last visit from day -28 to day 0."""
    value = cohort_of([visit("a", *row) for row in visits]).before("mrc_sum_score")[0]
    assert value == strength or (strength is None and value != value)


@pytest.mark.parametrize(
    ("visits", "strength"),
    [
        ([(160, 2, 40), (200, 3, 50)], 50),  # 17 days away against 23
        ([(183, None, 40), (200, 3, 50)], 50),  # only a pre-infusion visit counts
        ([(166, 2, 40), (200, 3, 50)], 40),  # equally near: the earlier
        ([(138, 2, 40)], 40),
        ([(137, 2, 40)], None),
        ([(228, 3, 40)], 40),
        ([(229, 3, 40)], None),
    ],
)
def test_follow_up(visits: list[tuple[int, int | None, int | None]], strength: int | None) -> None:
    """Follow-up is the pre-infusion visit nearest day 183, at most 45 days away."""
    value = cohort_of([visit("a", *row) for row in visits]).after("mrc_sum_score")[0]
    assert value == strength or (strength is None and value != value)


def test_flow() -> None:
    """Each patient who drops out is counted once, at the first reason."""
    visits = [
        *[visit("a", 0, 1, 30), visit("a", 183, 2, 40)],  # analysed
        *[visit("b", 0, 1, None), visit("b", 183, 2, 40)],  # no baseline strength
        *[visit("c", 0, 1, 30), visit("c", 20, 2, 40)],  # no visit in the window
        *[visit("d", 0, 1, 30), visit("d", 183, 2, None)],  # no strength there
    ]
    flow = cohort_of(visits).flow
    assert [(step.label, step.n, step.n_excluded) for step in flow] == [
        ("recorded", 5, 0),
        ("treated", 4, 1),
        ("baseline", 3, 1),
        ("follow_up", 2, 1),
        ("analysed", 1, 1),
    ]


def test_age_band() -> None:
    """Of a patient's age only the ten-year band is derived for showing."""
    assert cohort_of([visit("a", 0, 1, 30)]).patients["age_band"].tolist() == ["50–59"]


def test_identifiers_stay_behind() -> None:
    """The patient id of the records goes no further than the cohort."""
    cohort = cohort_of([visit("a", 0, 1, 30)])
    for table in (cohort.patients, cohort.visits, cohort.cycles, cohort.adverse_events):
        assert "patient_id" not in table.columns
