"""What the tests of paired values share: reference tables, pairs of given differences."""

import csv
from pathlib import Path
from typing import Any

from hypothesis import settings

REFERENCE = Path(__file__).parents[1] / "reference"
steady = settings(derandomize=True, deadline=None, max_examples=60)


def reference(name: str) -> list[dict[str, str]]:
    """The rows of a table that R wrote."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numbers(text: str) -> list[float]:
    """The numbers of one cell of a reference table."""
    return [float(word) for word in text.split()]


def known(value: float | None) -> float:
    """`value`, which must be estimable here."""
    assert value is not None
    return value


def change(differences: list[Any]) -> dict[str, Any]:
    """The keyword arguments whose differences, after minus before, are these."""
    return {"before": [0] * len(differences), "after": differences}
