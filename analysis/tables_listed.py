"""Results and phrases in, the supplement's listings out: patients, dictionary of the data."""

from analysis.markdown import Markdown, escape
from analysis.results import Results
from analysis.tables import arrow, table
from analysis.wording import Say

OWN = ("number", "cycles", "slope", "gain", "below_best", "loss_cycle")
TREATMENTS = {
    "dose_g_kg": "Dose, g/kg per cycle",
    "interval_days": "Interval, days",
    "prednisone_mg_day": "Prednisone, mg/day",
}


def visits_table(results: Results, say: Say) -> Markdown:
    """A line a patient: the days of both visits, LDH and the adverse events."""
    rows = [
        [
            say[f"patient.{p}.number"],
            say[f"patient.{p}.day.baseline"],
            say[f"patient.{p}.day.follow_up"],
            arrow(say, f"patient.{p}.ldh"),
            say[f"patient.{p}.events"],
        ]
        for p in _listed(results)
    ]
    headers = ["No.", "Baseline, day", "Follow-up, day", "LDH, U/L", "Adverse events"]
    return table(rows, headers)


def cycles_table(results: Results, say: Say) -> Markdown:
    """A line a patient: cycles, slope, best gain, loss, and the treatment beside the loss."""
    rows = []
    for p in _listed(results):
        id = f"patient.{p}"
        own = [say[f"{id}.{name}"] for name in OWN]
        rows.append([*own, *(_beside(say, f"{id}.{name}") for name in TREATMENTS)])
    headers = ["No.", "Cycles", "Slope", "Gain", "Below best", "Loss", *TREATMENTS.values()]
    return table(rows, headers)


def _listed(results: Results) -> list[int]:
    cohort = results.cohort
    return [int(p) for p in cohort.patients["patient"]] if cohort.is_listed else []


def _beside(say: Say, id: str) -> str:
    if f"{id}.earlier" not in say.receipts:
        return "—"
    return f"{say[f'{id}.earlier']} → {say[f'{id}.at_loss']}"


def dictionary_table(results: Results) -> Markdown:
    """Every field of the raw tables: its table, name, unit and meaning."""
    rows = [
        [escape(entry.table), escape(entry.field), escape(entry.unit), escape(entry.meaning)]
        for entry in results.cohort.study.dictionary
    ]
    return table(rows, ["Table", "Field", "Unit", "Meaning"], n_left=4)
