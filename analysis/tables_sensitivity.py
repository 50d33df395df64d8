"""Phrases in, the supplement's tables of sensitivity analyses, tests and safety out."""

from analysis.cycles import ERROR_SDS_POINTS, FALLS_POINTS
from analysis.markdown import Markdown, escape
from analysis.reported_cycles import name_of
from analysis.results import Results
from analysis.tables import change, indented, table
from analysis.wording import Say

BOTH = ("strength", "ck")


def sensitivity_table(results: Results, say: Say) -> Markdown:
    """Strength and CK by the main analysis and by every other rule, estimator and set of patients.

    A row a patient left out where the patients are listed, else the smallest and the largest
    estimate.
    """
    window = f"days of day {say['rules.follow_up.day']}"
    rows = [
        _row(say, "Main analysis (paired t)", "strength.change", "ck.ratio"),
        _location_row(say),
        *(
            _variant(say, f"Follow-up within {say[f'rules.window.{name}_days']} {window}", id)
            for name, id in (("narrower", "window_narrower"), ("wider", "window_wider"))
        ),
        _variant(say, "Complete cases", "complete_cases"),
        *(
            [_variant(say, "Without inclusion body myositis", "without_ibm")]
            if results.cohort.may_single_out_ibm
            else []
        ),
        *_left_out(results, say),
        [
            "CK as a difference in U/L",
            "",
            "",
            say["ck.raw.n"],
            f"{change(say, 'ck.raw')} U/L",
        ],
    ]
    headers = ["Analysis", "n", "Strength, points (CI)", "n", "CK, ratio (CI)"]
    return table(rows, headers)


def _row(say: Say, label: str, strength: str, ck: str) -> list[object]:
    return [
        label,
        say[f"{strength}.n"],
        change(say, strength),
        say[f"{ck}.n"],
        change(say, ck),
    ]


def _variant(say: Say, label: str, id: str) -> list[object]:
    return _row(say, label, f"strength.{id}", f"ck.{id}")


def _location_row(say: Say) -> list[object]:
    cells: list[object] = ["Hodges-Lehmann estimate"]
    for id in BOTH:
        stem = f"{id}.location"
        shown = change(say, stem, "estimate")
        if say.has_no_width(stem):
            shown = str(say[f"{stem}.estimate"])
        else:
            shown += f", at {say[f'{stem}.level']}"
        cells += [say[f"{id}.pairs.n"], shown]
    return cells


def _left_out(results: Results, say: Say) -> list[list[object]]:
    if not results.cohort.is_listed:
        return [
            [
                f"Leaving out one patient, {name}",
                "",
                say[f"strength.left_out.{end}"],
                "",
                say[f"ck.left_out.{end}"],
            ]
            for name, end in (("smallest", "minimum"), ("largest", "maximum"))
        ]
    rows: list[list[object]] = []
    for patient in results.cohort.patients["patient"]:
        cells: list[object] = [f"Without patient {say[f'patient.{patient}.number']}"]
        for id in BOTH:
            stem = f"{id}.left_out.patient_{patient}"
            is_in = f"{stem}.n" in say.receipts
            cells += [say[f"{stem}.n"], change(say, stem)] if is_in else ["", "no complete pair"]
        rows.append(cells)
    return rows


def tests_table(say: Say) -> Markdown:
    """The P values of strength and CK by every test, and what they could have been at least."""
    rows = [
        ["Paired t-test", say["strength.change.p_value"], say["ck.ratio.p_value"]],
        _p_row(say, "Signed-rank test, zeros left out", "rank.p_value"),
        _p_row(say, "Signed-rank test, zeros ranked (Pratt)", "rank_pratt.p_value"),
        _p_row(say, "Sign-flip permutation test", "flip.p_value"),
        _p_row(say, "Smallest possible, signed-rank test", "rank.floor"),
        _p_row(say, "Smallest possible, sign-flip test", "flip.floor"),
        _p_row(say, "Paired t-test, adjusted by Holm", "holm.t_test"),
        _p_row(say, "Signed-rank test, adjusted by Holm", "holm.rank_test"),
    ]
    return table(rows, ["Test", "Strength, *P*", "CK, *P*"])


def _p_row(say: Say, label: str, name: str) -> list[object]:
    return [label, *(say[f"{id}.{name}"] for id in BOTH)]


def sizes_table(say: Say) -> Markdown:
    """The standardised changes of strength and of CK on its logarithm."""
    rows = [
        ["Mean difference over the SD of the differences, d~z~ (CI)", *_sizes(say, "d_z")],
        ["The same without its small-sample bias, g~z~", *_sizes(say, "g_z")],
        [f"Detectable with {say['rules.power']} power, in SDs of the differences",
         *(say[f"{id}.detectable"] for id in BOTH)],
    ]  # fmt: skip
    return table(rows, ["Standardised change", "Strength", "CK, logarithm"])


def _sizes(say: Say, name: str) -> list[object]:
    if name == "g_z":
        return [say[f"{id}.size.g_z"] for id in BOTH]
    return [change(say, f"{id}.size", name) for id in BOTH]


def false_losses_table(say: Say) -> Markdown:
    """How often the definition finds a loss in simulated patients who lost nothing."""
    names = [name_of(sd) for sd in ERROR_SDS_POINTS]
    rows = [[say[f"rules.false_loss.sd_{sd}"], say[f"loss.false.sd_{sd}"]] for sd in names]
    return table(rows, ["SD of the measurement error, points", "Chance of a false loss"])


def falls_table(say: Say) -> Markdown:
    """How many lost the response, and when, were another fall asked for."""
    rows = []
    for name in map(name_of, FALLS_POINTS):
        id = f"loss.fall_{name}"
        is_known = say.receipts[f"{id}.cycle.median"].value is not None
        cycle = say.median_range(f"{id}.cycle") if is_known else "none"
        rows.append([say[f"rules.loss.fall_{name}"], say.of(f"{id}.n", "loss.judged.n"), cycle])
    return table(rows, ["Fall, points", "Lost, n of those judged", "Cycle of loss, median (range)"])


def safety_intervals_table(results: Results, say: Say) -> Markdown:
    """Patients with an event, by kind, term and worst grade, with their intervals."""
    rows = [_interval_row(say, "Any adverse event", "safety")]
    for i, term in enumerate(results.safety.by_term, start=1):
        rows.append(_interval_row(say, indented(escape(term.term)), f"safety.term.{i}"))
    for at in results.safety.by_maximum_grade:
        id = f"safety.grade.{at.ctcae_grade}"
        rows.append(_interval_row(say, f"Worst grade {say[f'{id}.grade']}", id))
    rows.append(_interval_row(say, "Serious", "safety.serious"))
    rows.append(_interval_row(say, "Led to discontinuation", "safety.discontinued"))
    headers = [
        "Adverse event",
        f"Patients, n (%) of {say['cohort.treated.n']}",
        f"{say['rules.confidence_level']} CI",
    ]
    return table(rows, headers)


def _interval_row(say: Say, label: str, id: str) -> list[object]:
    low, high = (say[f"{id}.patients.{end}"] for end in ("ci_low", "ci_high"))
    is_known = say.receipts[f"{id}.patients.ci_low"].value is not None
    return [label, say.share(f"{id}.patients"), f"{low} to {high}" if is_known else low]
