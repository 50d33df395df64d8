"""The rows that name nothing of another table in, a fault for each cause out.

One wrong id in `patients` leaves the visits, cycles and events of that participant without theirs,
and one wrong cycle those that name it: they follow from a fault that is told already.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.checked import Cells, Checked
from analysis.errors import Fault


@dataclass(frozen=True)
class Unknown:
    """A row (its index) of `table` whose cells in `columns` name no row of `target`."""

    table: Checked
    row: int
    columns: tuple[str, ...]
    target: Checked
    key: tuple[str, ...]

    @property
    def values(self) -> tuple[str, ...]:
        """What the row names."""
        return self.table.values(self.row, self.columns)

    @property
    def cells(self) -> Cells:
        """The places of the cells that name it."""
        line = self.table.line_numbers[self.row]
        return {(self.table.file, line, column) for column in self.columns}


def causes(unknown: Sequence[Unknown], faulty: Cells) -> Iterator[tuple[Fault, Cells]]:
    """A fault for each unknown thing, in its first row, and all cells that name it.

    `unknown` are rows that name things of one table; those with a faulty cell are passed over.
    Nothing is said where each unknown thing can be one whose own key is faulty or wanting.
    """
    rows = [one for one in unknown if not _is_faulty(one.table, one.row, one.columns, faulty)]
    named: dict[tuple[str, ...], list[Unknown]] = {}
    for one in rows:
        named.setdefault(one.values, []).append(one)
    if not rows or len(named) <= _n_faulty(rows[0].target, rows[0].key, faulty):
        return
    for same in named.values():
        cells = {cell for one in same for cell in one.cells}
        yield _fault(same), cells


def _n_faulty(target: Checked, key: Sequence[str], faulty: Cells) -> float:
    """How many rows of the table named have a faulty key; any number of one without rows."""
    if not target.rows:
        return float("inf")
    return sum(_is_faulty(target, row, key, faulty) for row in range(len(target.rows)))


def _is_faulty(table: Checked, row: int, columns: Sequence[str], faulty: Cells) -> bool:
    line = table.line_numbers[row]
    return any((table.file, line, name) in faulty for name in (None, *columns))


def _fault(same: Sequence[Unknown]) -> Fault:
    first, column = same[0], ", ".join(same[0].columns)
    others = Counter(one.table.file for one in same[1:])
    more = ", ".join(f"{n} in {file}" for file, n in others.items())
    target = first.target
    remedy = f"correct the row, or add what it names to {target.file}"
    if more:
        remedy += f" (rows that name the same besides: {more})"
    for row in range(len(target.rows)):
        if _plain(target.values(row, first.key)) == _plain(first.values):
            shown = target.shown(row, first.key)
            remedy += f"; did you mean {shown}?" if shown else ""
            break
    expected = f"{column} as in a row of {target.file}"
    return first.table.fault(first.row, column, expected, remedy)


def _plain(cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("".join(cell.split()).casefold() for cell in cells)
