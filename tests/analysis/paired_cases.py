"""What the tests of the statistics share: reference tables, pairs of given differences."""

import csv
import math
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from hypothesis import settings

REFERENCE = Path(__file__).parents[1] / "reference"
CASES = 200  # that each number of a procedure has been compared on, at least
steady = settings(derandomize=True, deadline=None, max_examples=60)

Row: TypeAlias = dict[str, str]
Found: TypeAlias = Mapping[str, float | None]


def reference(name: str) -> list[Row]:
    """The rows of a table that R wrote."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numbers(text: str) -> list[Any]:
    """The numbers of one cell of a reference table, None where R has NA."""
    return [None if word == "NA" else float(word) for word in text.split()]


def are_close(found: Any, wanted: Any, *, noise: float = 0.0) -> bool:
    """Whether two numbers are equal to 1e-9 of the larger, or to `noise`; others must be the same.

    None and words are others.
    """
    if isinstance(found, float | int) and isinstance(wanted, float | int):
        return math.isclose(found, wanted, rel_tol=1e-9, abs_tol=noise)
    return bool(found == wanted)


def agree(
    name: str, procedure: Callable[[Row], Found], *, cases: int = CASES, noise: float = 0.0
) -> None:
    """Whatever `procedure` finds of a row is what the table has in the column of that name.

    To 1e-9 of the expected value, or to `noise` near 0; None is an empty cell. Each column must
    have at least `cases` numbers, so that no comparison is of nothing.
    """
    compared: Counter[str] = Counter()
    wrong = []
    for line, row in enumerate(reference(name), start=2):
        for column, found in procedure(row).items():
            wanted = float(row[column]) if row[column] else None
            compared[column] += wanted is not None
            if not are_close(found, wanted, noise=noise):
                wrong.append(f"{name}:{line} {column}: wanted {wanted}, found {found}")
    assert not wrong, "\n".join(wrong)
    assert min(compared.values()) >= cases, compared


def known(value: float | None) -> float:
    """`value`, which must be estimable here."""
    assert value is not None
    return value


def change(differences: list[Any]) -> dict[str, Any]:
    """The keyword arguments whose differences, after minus before, are these."""
    return {"before": [0] * len(differences), "after": differences}
