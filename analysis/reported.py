"""Results in, the receipts of every number the article can show out."""

from collections.abc import Mapping
from functools import partial
from importlib.metadata import version

import pandas as pd

from analysis import listed, permutation, ranks, reported_cycles, response, rounding
from analysis import reported_changes as changes
from analysis.cohort import LISTED_PATIENTS, Cohort, Rules, build_cohort, failed_drugs
from analysis.describe import summary
from analysis.ledger import Ledger
from analysis.listed import DIAGNOSES
from analysis.power import detectable_change
from analysis.receipts import Receipt
from analysis.response import MRC_RANGE
from analysis.results import CONFIDENCE_LEVEL, POWER, SIGNIFICANCE_LEVEL, Results, compute
from analysis.safety import Burden, safety
from analysis.sensitivity import NARROWER_WINDOW_DAYS, WIDER_WINDOW_DAYS, sensitivity
from analysis.validate import read_study

SEXES = ("female", "male")
CERTAINTIES = ("definite", "probable", "possible")
SOFTWARE = ("numpy", "pandas", "scipy", "matplotlib")
SMALLEST_GROUP = 5  # patients, for a mean of what may not be shown of one


def report(results: Results) -> Mapping[str, Receipt]:
    """Every receipt of `results`, by id."""
    ledger = Ledger()
    _rules(ledger, results)
    _cohort(ledger, results.cohort)
    _treatment(ledger, results)
    changes.enter_all(ledger, results)
    reported_cycles.enter_all(ledger, results)
    _safety(ledger, results)
    _software(ledger)
    if results.cohort.is_listed:
        listed.patients(ledger, results)
        listed.left_out(ledger, results)
    else:
        listed.diagnosis_groups(ledger, results)
    return ledger.receipts


def _rules(ledger: Ledger, results: Results) -> None:
    rules, study = results.cohort.rules, results.cohort.study
    visits = partial(ledger.rule, unit="days", function=Rules)
    losses = partial(ledger.rule, function=response.loss_of_response)
    share = 1 / response.GAIN_DIVISOR
    level = rounding.level(CONFIDENCE_LEVEL)
    earliest = rules.baseline_earliest_day
    visits("rules.baseline.earliest_day", earliest, rounding.fixed(earliest, 0))
    visits("rules.follow_up.day", rules.follow_up_day, str(rules.follow_up_day))
    window = rules.follow_up_window_days
    visits("rules.follow_up.window_days", window, str(window))
    percentage = 100 * CONFIDENCE_LEVEL
    ledger.rule("rules.confidence_level", percentage, level, unit="%", function=compute)
    losses("rules.loss.first_cycle", response.FIRST_CYCLE, str(response.FIRST_CYCLE), unit="1")
    points = response.MINIMUM_FALL_POINTS
    losses("rules.loss.points", points, rounding.fixed(points, 0), unit="points")
    losses("rules.loss.share", 100 * share, rounding.percent(share), unit="%")
    cycles = response.MINIMUM_CYCLES
    losses("rules.loss.minimum_cycles", cycles, str(cycles), unit="cycles")
    for name, days in (("narrower", NARROWER_WINDOW_DAYS), ("wider", WIDER_WINDOW_DAYS)):
        ledger.rule(f"rules.window.{name}_days", days, str(days), unit="days", function=sensitivity)
    power = partial(ledger.rule, unit="%", function=detectable_change)
    power("rules.power", 100 * POWER, rounding.percent(POWER))
    power(
        "rules.significance_level", 100 * SIGNIFICANCE_LEVEL, rounding.percent(SIGNIFICANCE_LEVEL)
    )
    for name, score in zip(("lowest", "highest"), MRC_RANGE, strict=True):
        ledger.rule(f"rules.score.{name}", score, str(score), unit="points", function=compute)
    for name, pairs in (("rank", ranks.EXACT_LIMIT), ("flip", permutation.EXACT_LIMIT)):
        function = ranks.signed_rank if name == "rank" else permutation.sign_flip
        ledger.rule(f"rules.exact_limit.{name}", pairs, str(pairs), unit="pairs", function=function)
    limit = LISTED_PATIENTS
    ledger.rule("rules.listed_patients", limit, str(limit), unit="patients", function=report)
    ledger.enter(
        "data.version",
        study.version,
        study.version,
        n=len(study.patients),
        method="datapackage.json",
        function=read_study,
    )


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
            function=build_cohort,
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
                function=build_cohort,
            )
    count = partial(ledger.count, of=n, function=_cohort)
    columns = {"diagnosis": DIAGNOSES, "sex": SEXES, "criteria_certainty": CERTAINTIES}
    shown = cohort.study.privacy.patient_characteristics
    for column, levels in columns.items():
        is_shown = column in shown or n >= SMALLEST_GROUP
        for value in levels:
            found = int((patients[column] == value).sum())
            word = {"criteria_certainty": "certainty"}.get(column, column)
            id, method = f"cohort.{word}.{value.lower()}", f"{column} {value}"
            if is_shown:
                count(id, found, method=method)
            else:
                _withheld(ledger, f"{id}.n", f"{id}.percent", n=n, method=method)
    _known_yes(ledger, "cohort.biopsy", patients["biopsy_supportive"], "supportive muscle biopsy")
    antibody = patients["myositis_antibody"]
    has_antibody = antibody.ne("none").astype("boolean").mask(antibody.isna())
    _known_yes(ledger, "cohort.antibody", has_antibody, "a myositis antibody")
    drugs = failed_drugs(patients)
    count("cohort.rescue", int((drugs > 0).sum()), method="a failed immunosuppressant")
    count("cohort.two_drugs", int((drugs > 1).sum()), method="two or more of them")
    _guarded(ledger, "cohort.age_years", patients["age_years"], "years")
    months = patients["disease_duration_months"]
    _guarded(ledger, "cohort.disease_duration_months", months, "months")
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


def _guarded(ledger: Ledger, id: str, values: pd.Series, unit: str) -> None:
    """Mean and SD of what may not be shown of one patient, as printed and from a group only.

    No quartiles or extremes: each can be one patient's value. No further digits: with them the
    values of a small group could be worked out.
    """
    of = summary(values.to_numpy(float))
    for name, value in (("mean", of.mean), ("sd", of.sd)):
        is_shown = value is not None and of.n >= SMALLEST_GROUP
        text = rounding.fixed(value, 0) if is_shown else "withheld"
        method = f"{name} over at least {SMALLEST_GROUP} patients, as printed"
        printed = float(text) if is_shown else None
        ledger.enter(
            f"{id}.{name}", printed, text, unit=unit, n=of.n, method=method, function=summary
        )


def _withheld(ledger: Ledger, *ids: str, n: int, method: str) -> None:
    """Of so few patients nothing is said that the privacy policy keeps back of one."""
    for id in ids:
        ledger.enter(id, None, "withheld", unit="patients", n=n, method=method, function=_withheld)


def _known_yes(ledger: Ledger, id: str, answers: pd.Series, what: str) -> None:
    known = answers.dropna()
    n_yes, n_missing = int(known.sum()), int(answers.isna().sum())
    method = f"{what}, among those in whom it is known"
    if len(answers) < SMALLEST_GROUP:
        names = ("n", "percent", "known.n", "missing.n")
        return _withheld(ledger, *(f"{id}.{x}" for x in names), n=len(answers), method=method)
    ledger.count(id, n_yes, of=len(known), method=method, function=_known_yes)
    enter = partial(ledger.enter, unit="patients", n=len(answers), function=_known_yes)
    for name, value in (("known", len(known)), ("missing", n_missing)):
        enter(f"{id}.{name}.n", value, str(value), method=what)
    return None


def _treatment(ledger: Ledger, results: Results) -> None:
    cycles, n = results.cohort.cycles, len(results.cohort.cycles)
    ledger.enter(
        "treatment.cycles.n",
        n,
        str(n),
        unit="cycles",
        n=n,
        method="IVIg cycles given",
        function=build_cohort,
    )
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


def _safety(ledger: Ledger, results: Results) -> None:
    found = results.safety
    _burden(ledger, "safety", found.any_event, "an adverse event")
    _burden(ledger, "safety.serious", found.serious, "a serious adverse event")
    _burden(ledger, "safety.discontinued", found.led_to_discontinuation, "discontinuation")
    worst, n = found.maximum_grade, found.any_event.n_events
    text = rounding.NOT_ESTIMABLE if worst is None else str(worst)
    enter = partial(ledger.enter, function=safety)
    enter("safety.maximum_grade", worst, text, n=n, method="highest CTCAE grade of any event")
    for at in found.by_maximum_grade:
        id, grade = f"safety.grade.{at.ctcae_grade}", at.ctcae_grade
        enter(f"{id}.grade", grade, str(grade), n=n, method="CTCAE grade")
        _burden(ledger, id, at.burden, f"highest grade {grade}")
    for i, term in enumerate(found.by_term, start=1):
        _burden(ledger, f"safety.term.{i}", term.burden, "this term")


def _burden(ledger: Ledger, id: str, of: Burden, what: str) -> None:
    name = f"{id}.events.n" if id == "safety" else f"{id}.n"
    n, method = of.n_events, f"events: {what}"
    ledger.enter(name, n, str(n), unit="events", n=n, method=method, function=safety)
    method = f"patients with {what}"
    ledger.proportion(f"{id}.patients", of.patients, method=method, function=safety)
    ledger.count(
        f"{id}.cycles",
        of.cycles.events,
        of=of.cycles.n,
        unit="cycles",
        method=f"cycles with {what}",
        function=safety,
    )


def _software(ledger: Ledger) -> None:
    for name in SOFTWARE:
        found = version(name)
        ledger.enter(
            f"software.{name}", found, found, n=0, method="version in use", function=_software
        )
