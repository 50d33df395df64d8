"""The receipts and R's values of the same ids in, a table of their differences out.

    python -m tests.recompute [--data FOLDER] [--results FILE]

R computes its values anew from the tables of the folder (tests/reference/article.R); without R the
committed ones (tests/reference/article.csv) are compared, if they are of the same tables. It ends
with 1 where a receipt differs or has no second route. Which receipts need none, and why, is said in
article.R.

To renew the committed values: `Rscript tests/reference/article.R`.
"""

import argparse
import csv
import hashlib
import json
import math
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "tests" / "reference" / "article.R"
REFERENCE = SCRIPT.with_suffix(".csv")
TABLES = ("patients", "visits", "cycles", "adverse_events")
CHECKSUMS = "data.md5"  # a line of article.csv that is no receipt
RELATIVE, ABSOLUTE = 1e-9, 1e-12

Value = float | str | None


@dataclass(frozen=True)
class Expected:
    """R's value of a receipt (None: missing, withheld or not estimable), and its n where known.

    `tolerance` is the largest absolute difference from a simulated value; None of a computed one.
    """

    value: Value
    n: int | None = None
    tolerance: float | None = None


@dataclass(frozen=True)
class Reference:
    """R's values by id, why receipts whose id matches a pattern have none, and of which tables."""

    values: Mapping[str, Expected]
    exempt: Mapping[str, str]
    checksums: str

    def pattern(self, id: str) -> str | None:
        """The pattern by which a receipt needs no second route."""
        return next((pattern for pattern in self.exempt if fnmatchcase(id, pattern)), None)


@dataclass(frozen=True)
class Comparison:
    """A receipt beside R's value; `problem` is empty where they agree."""

    id: str
    ours: Value
    reference: Value
    absolute: float | None = None
    relative: float | None = None
    is_simulated: bool = False
    problem: str = ""


def read_header(path: Path) -> dict[str, Any]:
    """The first line of results.json."""
    header: dict[str, Any] = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    return header


def read_receipts(path: Path) -> dict[str, dict[str, Any]]:
    """The receipts of results.json by id."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return {receipt["id"]: receipt for receipt in map(json.loads, lines)}


def read_reference(path: Path) -> Reference:
    """What R wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    read = rows.pop(CHECKSUMS)["value"]
    values = {id: _expected(row) for id, row in rows.items() if not row["exempt"]}
    return Reference(values, {id: row["exempt"] for id, row in rows.items() if row["exempt"]}, read)


def checksums(data: Path) -> str:
    """The MD5 of the four tables, by which R says what it read."""
    contents = [(data / f"{table}.csv").read_bytes() for table in TABLES]
    return " ".join(hashlib.md5(one, usedforsecurity=False).hexdigest() for one in contents)


def _expected(row: Mapping[str, str]) -> Expected:
    n = int(row["n"]) if row["n"] else None
    return Expected(_value(row["value"]), n, float(row["tolerance"]) if row["tolerance"] else None)


def _value(cell: str) -> Value:
    try:
        return float(cell)
    except ValueError:
        return cell or None


def compare(receipts: Mapping[str, Mapping[str, Any]], reference: Reference) -> list[Comparison]:
    """Every receipt that is not exempt, and every value of R, by id."""
    ids = {id for id in receipts if reference.pattern(id) is None} | set(reference.values)
    return [_compared(id, receipts.get(id), reference.values.get(id)) for id in sorted(ids)]


def _compared(id: str, receipt: Mapping[str, Any] | None, expected: Expected | None) -> Comparison:
    if receipt is None or expected is None:
        problem = "not among the receipts" if receipt is None else "no second route"
        theirs = expected.value if expected else None
        return Comparison(id, receipt["value"] if receipt else None, theirs, problem=problem)
    ours, theirs, is_simulated = receipt["value"], expected.value, expected.tolerance is not None
    other_n = "" if expected.n in (None, receipt["n"]) else f"n is {receipt['n']}, R's {expected.n}"
    if not (isinstance(ours, int | float) and isinstance(theirs, float)):
        problem = other_n if ours == theirs else "differs"
        return Comparison(id, ours, theirs, is_simulated=is_simulated, problem=problem)
    absolute, size = abs(ours - theirs), max(abs(ours), abs(theirs))
    allowed = max(ABSOLUTE, RELATIVE * size if expected.tolerance is None else expected.tolerance)
    relative = absolute / size if size else 0.0
    problem = other_n if absolute <= allowed else "differs"
    return Comparison(id, ours, theirs, absolute, relative, is_simulated, problem)


def table(compared: Iterable[Comparison]) -> Iterator[str]:
    """A line a receipt: id, our value, R's, absolute and relative difference, what is wrong."""
    yield _line("id", ("ours", "R", "absolute", "relative"))
    for one in compared:
        cells = (_shown(one.ours), _shown(one.reference), _far(one.absolute), _far(one.relative))
        yield _line(one.id, (*cells, one.problem))


def _line(id: str, cells: Sequence[str]) -> str:
    return f"{id:42}{''.join(f'  {cell:>18}' for cell in cells)}".rstrip()


def _shown(value: Value) -> str:
    return "none" if value is None else value if isinstance(value, str) else f"{value:.12g}"


def _far(difference: float | None) -> str:
    return "" if difference is None else f"{difference:.1e}"


def summary(
    compared: Sequence[Comparison], receipts: Mapping[str, object], reference: Reference
) -> Iterator[str]:
    """How many were compared and why not the others, the largest differences, what disagrees."""
    matched = [reference.pattern(id) for id in receipts]
    exempt = {pattern: matched.count(pattern) for pattern in reference.exempt}
    yield f"{len(compared)} values compared, {sum(exempt.values())} receipts exempt:"
    yield from (f"  {n} {pattern}: {reference.exempt[pattern]}" for pattern, n in exempt.items())
    for is_simulated, kind in ((False, "computed"), (True, "simulated")):
        of_kind = [one for one in compared if one.is_simulated is is_simulated]
        yield f"Largest relative difference, {kind}: {_largest(of_kind, 'relative')}"
        yield f"Largest absolute difference, {kind}: {_largest(of_kind, 'absolute')}"
    wrong = [one for one in compared if one.problem]
    yield f"Disagreements: {len(wrong)}"
    for one in wrong:
        yield f"  {one.id}: {one.problem}; ours {_shown(one.ours)}, R {_shown(one.reference)}"


def _largest(compared: Sequence[Comparison], kind: str) -> str:
    far = [(getattr(one, kind), one.id) for one in compared if getattr(one, kind) is not None]
    difference, id = max(far, default=(math.nan, "no number"))
    return f"{difference:.1e} ({id})"


def recompute(data: Path, results: Path) -> int:
    """Print the comparison; 0 where all agree."""
    with tempfile.TemporaryDirectory() as folder:
        if program := shutil.which("Rscript"):
            path = Path(folder) / REFERENCE.name
            subprocess.run([program, str(SCRIPT), str(data), str(path)], check=True)
            print("R computed every value anew from the tables.\n")
        else:
            path = REFERENCE
            print("R is not installed; the values that it wrote earlier are compared.\n")
        reference = read_reference(path)
    if reference.checksums != checksums(data):
        print("These values are of other tables: install R to recompute from the present ones.")
        return 1
    receipts = read_receipts(results)
    compared = compare(receipts, reference)
    print("\n".join([*table(compared), "", *summary(compared, receipts, reference)]))
    return int(any(one.problem for one in compared))


def main() -> int:
    """Compare the receipts and the tables that the command names."""
    parser = argparse.ArgumentParser(prog="python -m tests.recompute")
    parser.add_argument("--data", type=Path, default=ROOT / "data")
    parser.add_argument("--results", type=Path, default=ROOT / "results.json")
    given = parser.parse_args()
    return recompute(given.data, given.results)


if __name__ == "__main__":
    sys.exit(main())
