"""Results in, the receipts of every number the article can show out."""

from collections.abc import Mapping

import pandas as pd

from analysis import listed, response, rounding
from analysis.cohort import Cohort
from analysis.describe import summary
from analysis.ledger import Ledger
from analysis.listed import DIAGNOSES, LISTED_PATIENTS
from analysis.paired import PairedRatio, PairedT
from analysis.receipts import Receipt
from analysis.results import CONFIDENCE_LEVEL, Change, Outcome, Results
from analysis.safety import Burden

SEXES = ("female", "male")
CERTAINTIES = ("definite", "probable", "possible")


def report(results: Results) -> Mapping[str, Receipt]:
    """Every receipt of `results`, by id."""
    ledger = Ledger()
    _rules(ledger, results)
    _cohort(ledger, results.cohort)
    _treatment(ledger, results)
    _difference(ledger, "strength", results.strength, 1, "points")
    _ratio(ledger, "ck", results.ck, "U/L")
    for moment, of in (
        ("before", results.ck_multiple_before),
        ("after", results.ck_multiple_after),
    ):
        ledger.summary(f"ck.multiple.{moment}", of, 1, unit="upper limits of normal")
    _ratio(ledger, "ldh", results.ldh, "U/L")
    _difference(ledger, "prednisone", results.prednisone, 1, "mg/day")
    _response(ledger, results)
    _safety(ledger, results)
    if len(results.cohort.patients) <= LISTED_PATIENTS:
        listed.patients(ledger, results)
    else:
        listed.diagnosis_groups(ledger, results)
    return ledger.receipts


def _rules(ledger: Ledger, results: Results) -> None:
    rules, study = results.cohort.rules, results.cohort.study
    share = 1 / response.GAIN_DIVISOR
    level = rounding.level(CONFIDENCE_LEVEL)
    ledger.rule(
        "rules.baseline.earliest_day",
        rules.baseline_earliest_day,
        rounding.fixed(rules.baseline_earliest_day, 0),
        unit="days",
    )
    ledger.rule("rules.follow_up.day", rules.follow_up_day, str(rules.follow_up_day), unit="days")
    window = rules.follow_up_window_days
    ledger.rule("rules.follow_up.window_days", window, str(window), unit="days")
    ledger.rule("rules.confidence_level", 100 * CONFIDENCE_LEVEL, level, unit="%")
    ledger.rule("rules.loss.first_cycle", response.FIRST_CYCLE, str(response.FIRST_CYCLE), unit="1")
    points = response.MINIMUM_FALL_POINTS
    ledger.rule("rules.loss.points", points, rounding.fixed(points, 0), unit="points")
    ledger.rule("rules.loss.share", 100 * share, rounding.percent(share), unit="%")
    cycles = response.MINIMUM_CYCLES
    ledger.rule("rules.loss.minimum_cycles", cycles, str(cycles), unit="cycles")
    ledger.rule("rules.listed_patients", LISTED_PATIENTS, str(LISTED_PATIENTS), unit="patients")
    n = len(study.patients)
    ledger.enter("data.version", study.version, study.version, n=n, method="datapackage.json")


def _cohort(ledger: Ledger, cohort: Cohort) -> None:
    patients, n = cohort.patients, len(cohort.patients)
    for step in cohort.flow:
        total = step.n + step.n_excluded
        ledger.enter(
            f"cohort.{step.label}.n",
            step.n,
            str(step.n),
            unit="patients",
            n=total,
            method="participant flow",
        )
        if step.reason:
            excluded = step.n_excluded
            ledger.enter(
                f"cohort.{step.label}.excluded.n",
                excluded,
                str(excluded),
                unit="patients",
                n=total,
                method=f"excluded: {step.reason}",
            )
    columns = {"diagnosis": DIAGNOSES, "sex": SEXES, "criteria_certainty": CERTAINTIES}
    for column, levels in columns.items():
        for value in levels:
            count = int((patients[column] == value).sum())
            word = {"criteria_certainty": "certainty"}.get(column, column)
            ledger.count(f"cohort.{word}.{value.lower()}", count, of=n, method=f"{column} {value}")
    _known_yes(ledger, "cohort.biopsy", patients["biopsy_supportive"], "supportive muscle biopsy")
    antibody = patients["myositis_antibody"]
    has_antibody = antibody.ne("none").astype("boolean").mask(antibody.isna())
    _known_yes(ledger, "cohort.antibody", has_antibody, "a myositis antibody")
    drugs = patients["failed_immunosuppressants"].fillna("").str.count("[^; ]+(?: [^; ]+)*")
    ledger.count("cohort.rescue", int((drugs > 0).sum()), of=n, method="a failed immunosuppressant")
    ledger.summary(
        "cohort.failed_drugs", summary(drugs), None, unit="drugs", only="median minimum maximum"
    )
    # No smallest or largest age: each would be one patient's age, of which only the band may show.
    ages = summary(patients["age_years"].to_numpy(float))
    ledger.summary("cohort.age_years", ages, 0, unit="years", only="mean sd median q1 q3")
    months = summary(patients["disease_duration_months"].to_numpy(float))
    ledger.summary("cohort.disease_duration_months", months, 0, unit="months", only="median q1 q3")
    years = summary(patients["first_ivig_year"].to_numpy(float))
    ledger.summary("cohort.first_ivig_year", years, 0, unit="year", only="minimum maximum")
    days = summary(patients["last_day"].to_numpy(float))
    ledger.summary("cohort.observed_days", days, 0, unit="days", only="median minimum maximum")
    ledger.summary("cohort.strength", summary(cohort.before("mrc_sum_score")), 1, unit="points")
    ledger.summary("cohort.ck", summary(cohort.before("ck_u_l")), 0, unit="U/L")
    multiple = cohort.before("ck_u_l") / patients["ck_upper_limit_u_l"].to_numpy(float)
    ledger.summary("cohort.ck_multiple", summary(multiple), 1, unit="upper limits of normal")
    ledger.summary(
        "cohort.prednisone", summary(cohort.before("prednisone_mg_day")), 1, unit="mg/day"
    )


def _known_yes(ledger: Ledger, id: str, answers: pd.Series, what: str) -> None:
    known = answers.dropna()
    n_yes, n_missing = int(known.sum()), int(answers.isna().sum())
    ledger.count(id, n_yes, of=len(known), method=f"{what}, among those in whom it is known")
    for name, value in (("known", len(known)), ("missing", n_missing)):
        ledger.enter(
            f"{id}.{name}.n", value, str(value), unit="patients", n=len(answers), method=what
        )


def _treatment(ledger: Ledger, results: Results) -> None:
    cycles, n = results.cohort.cycles, len(results.cohort.cycles)
    ledger.enter("treatment.cycles.n", n, str(n), unit="cycles", n=n, method="IVIg cycles given")
    only = "median minimum maximum"
    ledger.summary(
        "treatment.cycles_per_patient", results.cycles_per_patient, None, unit="cycles", only=only
    )
    ledger.summary(
        "treatment.dose_g_kg", results.dose_g_kg, 1, unit="g/kg", only=only, what="cycles"
    )
    ledger.summary(
        "treatment.interval_days", results.interval_days, 0, unit="days", only=only, what="cycles"
    )
    days = summary(cycles["infusion_days"].to_numpy(float))
    ledger.summary("treatment.infusion_days", days, None, unit="days", only=only, what="cycles")


def _outcome(ledger: Ledger, id: str, of: Outcome[Change], decimals: int, unit: str) -> None:
    n, n_missing = of.change.n, of.change.n_missing
    ledger.enter(
        f"{id}.pairs.n",
        n,
        str(n),
        unit="patients",
        n=n + n_missing,
        n_missing=n_missing,
        method="patients with both values",
    )
    ledger.summary(f"{id}.before", of.before, decimals, unit=unit)
    ledger.summary(f"{id}.after", of.after, decimals, unit=unit)
    directions = {"higher": "n_higher", "equal": "n_equal", "lower": "n_lower"}
    for word, field in directions.items():
        ledger.count(
            f"{id}.{word}", getattr(of.directions, field), of=n, method=f"{word} at follow-up"
        )
    ledger.ranks(f"{id}.rank", of.ranks)
    size = of.size
    ledger.enter(
        f"{id}.size.d_z",
        size.d_z,
        rounding.fixed(size.d_z, 2),
        n=n,
        n_missing=n_missing,
        method="mean difference over the SD of the differences",
    )


def _difference(ledger: Ledger, id: str, of: Outcome[PairedT], decimals: int, unit: str) -> None:
    _outcome(ledger, id, of, decimals, unit)
    method = "paired t-test, follow-up minus baseline"
    ledger.paired(f"{id}.change", of.change, decimals, unit=unit, method=method)
    ledger.paired(
        f"{id}.without_ibm",
        of.without_ibm,
        decimals,
        unit=unit,
        method=f"{method}, without inclusion body myositis",
    )
    ledger.location(f"{id}.location", of.location, decimals, unit=unit)
    ledger.left_out(f"{id}.left_out", of.left_out, decimals, unit=unit)


def _ratio(ledger: Ledger, id: str, of: Outcome[PairedRatio], unit: str) -> None:
    _outcome(ledger, id, of, 0, unit)
    method = "paired t-test on logarithms, follow-up over baseline"
    ledger.paired(f"{id}.ratio", of.change, 2, unit="ratio", method=method)
    ledger.paired(
        f"{id}.without_ibm",
        of.without_ibm,
        2,
        unit="ratio",
        method=f"{method}, without inclusion body myositis",
    )
    ledger.location(f"{id}.location", of.location, 2, unit="ratio")
    ledger.left_out(f"{id}.left_out", of.left_out, 2, unit="ratio")


def _response(ledger: Ledger, results: Results) -> None:
    loss, slope = results.loss, results.slope
    method = "one least-squares slope a patient, then a one-sample t-test"
    ledger.paired("slope.change", slope, 2, unit="points per cycle", method=method)
    n = len(loss.by_patient)
    ledger.enter(
        "loss.judged.n",
        loss.lost.n,
        str(loss.lost.n),
        unit="patients",
        n=n,
        n_missing=n - loss.lost.n,
        method="patients in whom loss of response can be judged",
    )
    ledger.proportion("loss.lost", loss.lost, method="patients with a loss of response")
    ledger.summary("loss.cycle", loss.cycle, None, unit="cycle", only="median minimum maximum")
    against = "cycle of loss minus the mean of earlier cycles, paired t-test"
    ledger.paired("loss.dose_change", loss.dose_change_g_kg, 2, unit="g/kg", method=against)
    ledger.paired("loss.interval_change", loss.interval_change_days, 0, unit="days", method=against)


def _safety(ledger: Ledger, results: Results) -> None:
    found = results.safety
    _burden(ledger, "safety", found.any_event, "an adverse event")
    _burden(ledger, "safety.serious", found.serious, "a serious adverse event")
    _burden(ledger, "safety.discontinued", found.led_to_discontinuation, "discontinuation")
    worst, n = found.maximum_grade, found.any_event.n_events
    text = rounding.NOT_ESTIMABLE if worst is None else str(worst)
    ledger.enter(
        "safety.maximum_grade", worst, text, n=n, method="highest CTCAE grade of any event"
    )
    for at in found.by_maximum_grade:
        id, grade = f"safety.grade.{at.ctcae_grade}", at.ctcae_grade
        ledger.enter(f"{id}.grade", grade, str(grade), n=n, method="CTCAE grade")
        _burden(ledger, id, at.burden, f"highest grade {grade}")
    for i, term in enumerate(found.by_term, start=1):
        _burden(ledger, f"safety.term.{i}", term.burden, "this term")


def _burden(ledger: Ledger, id: str, of: Burden, what: str) -> None:
    name = f"{id}.events.n" if id == "safety" else f"{id}.n"
    ledger.enter(
        name, of.n_events, str(of.n_events), unit="events", n=of.n_events, method=f"events: {what}"
    )
    ledger.proportion(f"{id}.patients", of.patients, method=f"patients with {what}")
    ledger.count(
        f"{id}.cycles",
        of.cycles.events,
        of=of.cycles.n,
        unit="cycles",
        method=f"cycles with {what}",
    )
