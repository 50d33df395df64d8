"""The cells of a coverage run in, the page that says them out; every number on it is the run's."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from analysis.describe import Floats
from bench.coverage_runs import (
    GRID,
    LEVEL,
    TRUE_D_Z,
    Cell,
    Law,
    clopper_pearson_coverage,
    laws,
)

STUDY_PAIRS = 6
Points: TypeAlias = Callable[[Cell], float]
COLUMNS = {
    "t interval": "t_covers",
    "Hodges-Lehmann": "hl_covers",
    "d_z": "d_z_covers",
    "t test": "t_rejects",
    "signed-rank": "dropped_rejects",
    "ranked": "ranked_rejects",
    "sign-flip": "sign_flip_rejects",
}
EXACT_TESTS = ("signed-rank", "ranked", "sign-flip")


def page(cells: Sequence[Cell]) -> str:
    """The page as markdown."""
    by_law = {law: [cell for cell in cells if cell.law == law.name] for law in laws()}
    proportions = {n: clopper_pearson_coverage(n) for n in _pairs(cells)}
    parts = [_opening(cells), "## What it shows", _overview_caption(cells), _overview(by_law)]
    parts += [_listed([*_reading(by_law), _proportion_line(proportions)]), "## By distribution"]
    for law, rows in by_law.items():
        parts += [f"{law.name.capitalize()} ({law.wording}), percent:", _law_table(law, rows)]
    parts += ["## Proportions", _proportion_table(proportions)]
    return "\n\n".join(parts) + "\n"


def _opening(cells: Sequence[Cell]) -> str:
    replicates, pairs = cells[0].replicates, _pairs(cells)
    errors = ", ".join(
        f"{100 * math.sqrt(share * (1 - share) / replicates):.2f} near {share:.0%}"
        for share in (0.05, 0.5, 0.95)
    )
    studies = (
        f"{replicates:,} studies for each number of pairs from {pairs[0]} to {pairs[-1]} and each "
        f"of {len(laws())} distributions of the differences, whose mean is 0. The procedures are "
        "the functions in `analysis` that the article calls. The seed is fixed. The Monte Carlo "
        f"standard error of a percentage is, in points, {errors}."
    )
    same = (
        "The geometric mean ratio (`paired_ratio`) is the t interval and test of log ratios and "
        "the mean slope (`slopes_summary`) that of one slope a patient: for them the columns of t "
        "hold, with the distribution that log ratios or slopes have."
    )
    kinds = _listed(f"{law.name}: {law.wording}" for law in laws())
    title = "# Coverage and type I error of the reported procedures"
    made = "Written by `python -m bench.coverage`. Every number is one of that run."
    columns = "The columns are the percentages of studies in which:"
    texts = [title, made, "## What was simulated", studies, kinds, columns, _listed(_columns())]
    return "\n\n".join([*texts, same])


def _columns() -> list[str]:
    level = f"{LEVEL:.0%}"
    return [
        f"t interval: the {level} interval of `paired_t` holds the mean",
        "Hodges-Lehmann: the interval of `hodges_lehmann` holds the pseudo-median, the median of "
        "the mean of two differences (with skewness not the mean); its level is what it states",
        f"d_z: the {level} interval of `standardised_change` holds the true d_z of {TRUE_D_Z:g}, "
        "the differences being moved there (that for a true d_z of 0 holds 0 where t's does)",
        "no spread: all differences are equal, so that there is no t, no d_z and no interval of "
        "theirs; the percentages of those intervals are of the other studies",
        "t test, signed-rank (zero differences dropped), ranked (zero differences ranked, after "
        f"Pratt), sign-flip: P is {1 - LEVEL:.2f} or less though the mean is 0; the last three "
        "test symmetry about 0, which skewed differences do not have, and are judged there as "
        "tests of the mean",
    ]


def _overview_caption(cells: Sequence[Cell]) -> str:
    pairs = _pairs(cells)
    return (
        f"Lowest and highest percentage over {pairs[0]} to {pairs[-1]} pairs, and at {STUDY_PAIRS} "
        "pairs in brackets; for Hodges-Lehmann the points above the level it states:"
    )


def _overview(by_law: dict[Law, list[Cell]]) -> str:
    rows = [
        [law.name, *(_extent(cells, _points(name)) for name in COLUMNS)]
        for law, cells in by_law.items()
    ]
    return _table(["distribution", *COLUMNS], rows)


def _points(column: str) -> Points:
    """What the overview shows of a cell: percent, or for Hodges-Lehmann points above its level."""
    field = COLUMNS[column]
    if column == "Hodges-Lehmann":
        return lambda cell: cell.percent(field) - 100 * cell.hl_level
    return lambda cell: cell.percent(field)


def _extent(cells: Sequence[Cell], points: Points) -> str:
    values = [points(cell) for cell in cells]
    here = [f" ({_tenths(points(cell))})" for cell in cells if cell.n == STUDY_PAIRS]
    return f"{_tenths(min(values))} to {_tenths(max(values))}{''.join(here)}"


def _reading(by_law: dict[Law, list[Cell]]) -> list[str]:
    cells = [cell for rows in by_law.values() for cell in rows]
    normal = [cell for cell in cells if cell.law == "normal"]
    symmetric = [cell for law, rows in by_law.items() if law.is_symmetric for cell in rows]
    few = [cell for cell in normal if cell.hl_level < LEVEL]
    levels = ", ".join(f"{100 * cell.hl_level:g}% with {cell.n}" for cell in few)
    deepest, far = _points("Hodges-Lehmann"), _points("t interval")
    off = max(normal, key=lambda cell: abs(far(cell) - 100 * LEVEL))
    return [
        f"t interval: lowest {_lowest(cells, far)}. With normal differences the furthest from "
        f"{LEVEL:.0%} is {_said(off, far)}.",
        f"t test: highest {_highest(cells, _points('t test'))}.",
        f"Hodges-Lehmann: its level is {levels} pairs, {LEVEL:.0%} or more with others. Coverage "
        f"less that level is lowest at {_lowest(cells, deepest, ' points')}, with symmetric "
        "distributions at "
        f"{_lowest(symmetric, deepest, ' points')}.",
        f"d_z: lowest {_lowest(cells, _points('d_z'))}; with normal differences "
        f"{_lowest(normal, _points('d_z'))}.",
        *(_exact_line(name, cells, symmetric) for name in EXACT_TESTS),
        _zeros_line(by_law),
    ]


def _exact_line(name: str, cells: Sequence[Cell], symmetric: Sequence[Cell]) -> str:
    points = _points(name)
    silent = sorted({cell.n for cell in cells} - {cell.n for cell in cells if points(cell) > 0})
    none = f"never with {', '.join(map(str, silent))} pairs; " if silent else ""
    return (
        f"{name}: {none}with symmetric distributions highest {_highest(symmetric, points)}; as a "
        f"test of the mean highest {_highest(cells, points)}."
    )


def _zeros_line(by_law: dict[Law, list[Cell]]) -> str:
    """How the rule for zeros moves the rate of rejection."""

    def more(cell: Cell) -> float:
        return cell.percent("ranked_rejects") - cell.percent("dropped_rejects")

    parts = [
        f"{_lowest(rows, more, ' points')} to {_highest(rows, more, ' points')}"
        for law, rows in by_law.items()
        if law.has_zeros
    ]
    return f"Ranked less dropped zeros, rate of P at most {1 - LEVEL:.2f}: {'; '.join(parts)}."


def _proportion_line(proportions: dict[int, Floats]) -> str:
    lowest = min(proportions, key=lambda n: float(proportions[n].min()))
    means = [100 * float(covered.mean()) for covered in proportions.values()]
    return (
        f"Proportions (Clopper-Pearson, by summation, not simulated): lowest "
        f"{100 * float(proportions[lowest].min()):.1f}% ({lowest} patients); mean over the true "
        f"proportions {min(means):.1f}% to {max(means):.1f}%."
    )


def _lowest(cells: Sequence[Cell], points: Points, unit: str = "%") -> str:
    return _said(min(cells, key=points), points, unit)


def _highest(cells: Sequence[Cell], points: Points, unit: str = "%") -> str:
    return _said(max(cells, key=points), points, unit)


def _said(cell: Cell, points: Points, unit: str = "%") -> str:
    return f"{_tenths(points(cell))}{unit} ({cell.law}, {cell.n} pairs)"


def _tenths(value: float) -> str:
    return f"{round(value, 1) + 0.0:.1f}"  # + 0.0: no minus before a zero


def _law_table(law: Law, cells: Sequence[Cell]) -> str:
    names = [name for name in COLUMNS if name != "ranked" or law.has_zeros]
    head = ["pairs", *names]
    head.insert(1 + 1 + names.index("Hodges-Lehmann"), "its level")
    rows = []
    for cell in cells:
        row = [str(cell.n), *(f"{cell.percent(COLUMNS[name]):.1f}" for name in names)]
        row.insert(head.index("its level"), f"{100 * cell.hl_level:.1f}")
        if law.has_zeros:
            row.append(f"{100 - 100 * cell.t_intervals / cell.replicates:.1f}")
        rows.append(row)
    return _table([*head, *(["no spread"] if law.has_zeros else [])], rows)


def _proportion_table(proportions: dict[int, Floats]) -> str:
    rows = [
        [
            str(n),
            f"{100 * float(covered.min()):.1f}",
            f"{float(GRID[covered.argmin()]):.3f}",
            f"{100 * float(covered.mean()):.1f}",
        ]
        for n, covered in proportions.items()
    ]
    caption = (
        f"Probability that the {LEVEL:.0%} interval of `proportion` holds the true proportion, "
        f"percent, over {len(GRID)} true proportions from {GRID[0]:g} to {GRID[-1]:g}:"
    )
    return caption + "\n\n" + _table(["patients", "lowest", "at the proportion", "mean"], rows)


def _pairs(cells: Iterable[Cell]) -> list[int]:
    return sorted({cell.n for cell in cells})


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, [":---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
