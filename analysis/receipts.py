"""Results in, receipts out: one record a reported number, with the text that prints it."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

SCHEMA_VERSION = 1
SIGNIFICANT_DIGITS = 12


@dataclass(frozen=True)
class Receipt:
    """One reported number.

    `id` is dotted lower-case words; `value` the unrounded number (None: not estimable) or, for
    what is not a number, its text; `text` what the article prints; `unit` "1" where there is
    none; `n` the patients (or what `method` names) that went in, `n_missing` those that could not.
    `function` is the dotted name of what computed it; results.json does without it, so that moving
    a function moves no result.
    """

    id: str
    value: float | int | str | None
    text: str
    unit: str
    n: int
    n_missing: int
    method: str
    function: str = ""

    def line(self) -> str:
        """The receipt as one line of JSON, its number to twelve significant digits."""
        value = self.value
        if isinstance(value, float):
            value = float(f"{value:.{SIGNIFICANT_DIGITS}g}")
        record = {**self.__dict__, "value": value}
        del record["function"]
        return json.dumps(record, ensure_ascii=False, allow_nan=False)


def dotted(function: Callable[..., object]) -> str:
    """The name under which Python finds a function or class: "analysis.paired.paired_t"."""
    return f"{function.__module__}.{function.__qualname__}"


def results_json(receipts: Iterable[Receipt], *, data_version: str, data_hash: str) -> str:
    """The text of results.json (JSON Lines): a header, then a line a receipt, sorted by id."""
    header = {
        "schema_version": SCHEMA_VERSION,
        "data_version": data_version,
        "data_hash": data_hash,
    }
    lines = [receipt.line() for receipt in sorted(receipts, key=lambda receipt: receipt.id)]
    return "\n".join([json.dumps(header), *lines, ""])
