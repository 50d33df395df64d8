"""Checked rows in, the study as typed tables out: what every later step may rely on.

The fields are defined once, in `datapackage.json`; here stands only what the analysis needs of
them, so that a descriptor that takes it away is refused instead of failing later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

TABLES = ("patients", "visits", "cycles", "adverse_events")

KEYS = {
    "patients": ["patient_id"],
    "visits": ["patient_id", "visit_day"],
    "cycles": ["patient_id", "cycle"],
    "adverse_events": ["patient_id", "onset_day", "term"],
}

TYPES = {
    "patients": {
        "patient_id": "string",
        "diagnosis": "string",
        "criteria_certainty": "string",
        "sex": "string",
        "age_years": "integer",
        "first_ivig_year": "integer",
        "disease_duration_months": "integer",
        "biopsy_supportive": "boolean",
        "myositis_antibody": "string",
        "failed_immunosuppressants": "string",
        "ck_upper_limit_u_l": "number",
        "ldh_upper_limit_u_l": "number",
    },
    "visits": {
        "patient_id": "string",
        "visit_day": "integer",
        "cycle": "integer",
        "mrc_sum_score": "integer",
        "ck_u_l": "number",
        "ldh_u_l": "number",
        "prednisone_mg_day": "number",
    },
    "cycles": {
        "patient_id": "string",
        "cycle": "integer",
        "start_day": "integer",
        "infusion_days": "integer",
        "dose_g_kg": "number",
    },
    "adverse_events": {
        "patient_id": "string",
        "cycle": "integer",
        "onset_day": "integer",
        "term": "string",
        "ctcae_grade": "integer",
        "serious": "boolean",
        "led_to_discontinuation": "boolean",
    },
}

MAY_BE_MISSING = {
    "patients": {"biopsy_supportive", "myositis_antibody", "failed_immunosuppressants"},
    "visits": {"cycle", "mrc_sum_score", "ck_u_l", "ldh_u_l", "prednisone_mg_day"},
    "cycles": set[str](),
    "adverse_events": set[str](),
}

MAY_BE_EMPTY = {"adverse_events"}
"""The tables that may have no row: nobody had an event. The others say who was treated and seen."""

PROVENANCE_KINDS = ("simulated", "observed")
PATIENT_CHARACTERISTICS = ("age_band", "sex", "diagnosis")

DTYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}


@dataclass(frozen=True)
class Privacy:
    """What may appear about one patient besides outcomes and treatment; all outputs obey it."""

    patient_characteristics: tuple[str, ...]
    age_band_years: int


@dataclass(frozen=True)
class Entry:
    """A field of the data dictionary; `unit` is empty where there is none."""

    table: str
    field: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Study:
    """A validated data package: the rows as received, nothing dropped or repaired.

    Each table is sorted by its key and has the columns of `TYPES` (and any further columns of
    the descriptor), with dtypes Int64, Float64, boolean and string; a missing value is NA.
    `data_hash` is the SHA-256 of the four tables' SHA-256; `is_recorded` says that every
    table has the checksum and size recorded in `datapackage.json`. `dictionary` has an entry a
    field, in the order of the tables; `about` is what the package says of where its rows come
    from.
    """

    patients: pd.DataFrame
    visits: pd.DataFrame
    cycles: pd.DataFrame
    adverse_events: pd.DataFrame
    version: str
    provenance: str
    data_hash: str
    is_recorded: bool
    privacy: Privacy
    dictionary: tuple[Entry, ...]
    about: str = ""

    @property
    def is_simulated(self) -> bool:
        """Whether the rows came from a simulation, not from patients."""
        return self.provenance == "simulated"


def typed_table(
    rows: Sequence[Sequence[str | None]],
    fields: Sequence[Mapping[str, Any]],
    missing: Sequence[str],
) -> pd.DataFrame:
    """The rows of valid text cells (None: missing) as a table with a typed column a field."""
    columns = zip(*rows, strict=True) if rows else [()] * len(fields)
    typed = {
        field["name"]: _typed([None if cell in missing else cell for cell in cells], field)
        for field, cells in zip(fields, columns, strict=True)
    }
    return pd.DataFrame(typed)


def _typed(cells: list[str | None], field: Mapping[str, Any]) -> pd.Series:
    parse: Any = {
        "integer": int,
        "number": float,
        "boolean": lambda cell: cell in field.get("trueValues", ["true"]),
    }.get(field["type"], str)
    values = [None if cell is None else parse(cell) for cell in cells]
    return pd.Series(values, dtype=DTYPES.get(field["type"], "string"))
