"""Phrases in, the article's tables out, as pipe tables of escaped cells.

A cell is markdown: a computed value is a span that names its receipt, any other text is escaped.
"""

from collections.abc import Sequence

from analysis.listed import DIAGNOSES
from analysis.markdown import Markdown, escape, pipe_table
from analysis.reported import CERTAINTIES
from analysis.results import Results
from analysis.wording import Say

CHARACTERISTICS = {"diagnosis": "Diagnosis", "sex": "Sex", "age_band": "Age, years"}


def cohort_table(say: Say) -> Markdown:
    """Characteristics of all treated patients, with the number in whom each is missing."""
    rows: list[list[object]] = [
        ["Female sex, n (%)", say.share("cohort.sex.female"), ""],
        ["Age in years, mean (SD)", _mean_sd(say, "cohort.age_years"), ""],
        ["Diagnosis, n (%)", "", ""],
        *([indented(d), say.share(f"cohort.diagnosis.{d.lower()}"), ""] for d in DIAGNOSES),
        ["Classification, n (%)", "", ""],
        *([indented(c), say.share(f"cohort.certainty.{c}"), ""] for c in CERTAINTIES),
        [
            "Disease duration in months, mean (SD)",
            _mean_sd(say, "cohort.disease_duration_months"),
            "",
        ],
        ["Supportive muscle biopsy, n of those known", *_known(say, "cohort.biopsy")],
        ["Myositis antibody, n of those tested", *_known(say, "cohort.antibody")],
        ["One or more failed immunosuppressants, n (%)", say.share("cohort.rescue"), ""],
        ["Two or more failed immunosuppressants, n (%)", say.share("cohort.two_drugs"), ""],
        [
            "MRC sum score, mean (SD)",
            _mean_sd(say, "cohort.strength"),
            say["cohort.strength.n_missing"],
        ],
        ["CK in U/L, median (IQR)", _median_iqr(say, "cohort.ck"), say["cohort.ck.n_missing"]],
        [
            "CK in multiples of the ULN, median (IQR)",
            _median_iqr(say, "cohort.ck_multiple"),
            say["cohort.ck_multiple.n_missing"],
        ],
        [
            "Prednisone in mg/day, mean (SD)",
            _mean_sd(say, "cohort.prednisone"),
            say["cohort.prednisone.n_missing"],
        ],
        ["Time observed in days, median (range)", _median_range(say, "cohort.observed_days"), ""],
    ]
    headers = ["Characteristic", f"All patients (n = {say['cohort.treated.n']})", "Missing, n"]
    return table(rows, headers)


def _mean_sd(say: Say, id: str) -> str:
    return _with(say, f"{id}.mean", f"({say[f'{id}.sd']})")


def _median_iqr(say: Say, id: str) -> str:
    return _with(say, f"{id}.median", f"({say[f'{id}.q1']} to {say[f'{id}.q3']})")


def _median_range(say: Say, id: str) -> str:
    return _with(say, f"{id}.median", f"({say[f'{id}.minimum']} to {say[f'{id}.maximum']})")


def _with(say: Say, id: str, spread: str) -> str:
    """A statistic and its spread, or, where there is none, that alone."""
    return f"{say[id]} {spread}" if say.receipts[id].value is not None else str(say[id])


def _known(say: Say, id: str) -> list[Markdown]:
    return [say.of(f"{id}.n", f"{id}.known.n"), say[f"{id}.missing.n"]]


def indented(label: str) -> str:
    """A row's label set in from the one above."""
    return f"&emsp;{label}"


def patients_table(results: Results, say: Say) -> Markdown:
    """A line a patient within the privacy policy, or a line a diagnosis in a large cohort."""
    if not results.cohort.is_listed:
        return _diagnosis_table(say)
    policy = results.cohort.study.privacy.patient_characteristics
    shown = [name for name in CHARACTERISTICS if name in policy]
    rows = []
    for patient in results.cohort.patients["patient"]:
        id = f"patient.{patient}"
        rows.append(
            [
                say[f"{id}.number"],
                *(say[f"{id}.{name}"] for name in shown),
                say[f"{id}.cycles"],
                *(arrow(say, f"{id}.{name}") for name in ("strength", "ck_multiple", "prednisone")),
                say[f"{id}.loss_cycle"],
            ]
        )
    headers = [
        "No.",
        *(CHARACTERISTICS[name] for name in shown),
        "Cycles",
        "MRC",
        "CK, × ULN",
        "Prednisone",
        "Loss",
    ]
    return table(rows, headers, n_left=1 + len(shown))


def _diagnosis_table(say: Say) -> Markdown:
    rows = []
    for diagnosis in DIAGNOSES:
        id = f"group.{diagnosis.lower()}"
        rows.append(
            [
                diagnosis,
                say[f"cohort.diagnosis.{diagnosis.lower()}.n"],
                say[f"{id}.cycles.median"],
                arrow(say, f"{id}.strength", ".mean"),
                say[f"{id}.strength.baseline.n"],
                arrow(say, f"{id}.ck_multiple", ".median"),
                say[f"{id}.ck_multiple.baseline.n"],
                arrow(say, f"{id}.prednisone", ".mean"),
                say[f"{id}.prednisone.baseline.n"],
                say.of(f"{id}.lost.n", f"{id}.judged.n"),
            ]
        )
    pairs = ["MRC", "n", "CK, × ULN", "n", "Prednisone", "n"]
    return table(rows, ["Diagnosis", "n", "Cycles", *pairs, "Loss"])


def arrow(say: Say, id: str, statistic: str = "") -> str:
    """ "42 → 54", from baseline to follow-up."""
    return f"{say[f'{id}.baseline{statistic}']} → {say[f'{id}.follow_up{statistic}']}"


def outcomes_table(say: Say) -> Markdown:
    """Each outcome at baseline and follow-up, its change and both P values."""
    rows = [
        _difference_row(say, "MRC sum score, points", "strength"),
        _ratio_row(say, "CK, U/L", "ck"),
        _ratio_row(say, "LDH, U/L", "ldh"),
        _difference_row(say, "Prednisone, mg/day", "prednisone"),
    ]
    headers = [
        "Outcome",
        "n",
        "Baseline",
        "Follow-up",
        f"Change ({say['rules.confidence_level']} CI)",
        "*P*, t-test",
        "*P*, signed-rank",
    ]
    return table(rows, headers)


def _difference_row(say: Say, label: str, id: str) -> list[object]:
    return [
        label,
        say[f"{id}.pairs.n"],
        say.mean_sd(f"{id}.before"),
        say.mean_sd(f"{id}.after"),
        change(say, f"{id}.change"),
        say[f"{id}.change.p_value"],
        say[f"{id}.rank.p_value"],
    ]


def _ratio_row(say: Say, label: str, id: str) -> list[object]:
    return [
        label,
        say[f"{id}.pairs.n"],
        say.median_iqr(f"{id}.before"),
        say.median_iqr(f"{id}.after"),
        f"× {change(say, f'{id}.ratio')}",
        say[f"{id}.ratio.p_value"],
        say[f"{id}.rank.p_value"],
    ]


def change(say: Say, id: str, estimate: str = "mean") -> str:
    """ "+8.0 (+4.6 to +11.4)", or the estimate alone where it has no interval."""
    shown = say[f"{id}.{estimate}"]
    if say.receipts[f"{id}.ci_low"].value is None:
        return str(shown)
    return f"{shown} ({say[f'{id}.ci_low']} to {say[f'{id}.ci_high']})"


def safety_table(results: Results, say: Say) -> Markdown:
    """Adverse events by term and by highest grade, on patients and on cycles."""
    rows: list[list[object]] = [
        ["Any adverse event", say["safety.events.n"], *burden(say, "safety")]
    ]
    for i, term in enumerate(results.safety.by_term, start=1):
        id = f"safety.term.{i}"
        rows.append([indented(escape(term.term)), say[f"{id}.n"], *burden(say, id)])
    for at in results.safety.by_maximum_grade:
        if at.burden.n_events:
            id = f"safety.grade.{at.ctcae_grade}"
            rows.append([f"Worst grade {say[f'{id}.grade']}", "", *burden(say, id)])
    rows += [
        ["Serious", say["safety.serious.n"], *burden(say, "safety.serious")],
        [
            "Led to discontinuation",
            say["safety.discontinued.n"],
            *burden(say, "safety.discontinued"),
        ],
    ]
    headers = [
        "Adverse event",
        "Events",
        f"Patients, n (%) of {say['cohort.treated.n']}",
        f"Cycles, n (%) of {say['treatment.cycles.n']}",
    ]
    return table(rows, headers)


def burden(say: Say, id: str) -> list[Markdown]:
    """Patients and cycles, each with its share."""
    return [say.share(f"{id}.patients"), say.share(f"{id}.cycles")]


def table(rows: Sequence[Sequence[object]], headers: list[str], n_left: int = 1) -> Markdown:
    """A pipe table of which the first `n_left` columns are words and the others numbers."""
    alignments = ["left"] * n_left + ["right"] * (len(headers) - n_left)
    cells = [[str(cell) for cell in row] for row in rows]
    return pipe_table(cells, headers=headers, alignments=alignments)
