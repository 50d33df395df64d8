"""Numbers of pairs and replicates in, docs/coverage.md out: what intervals and tests keep.

Coverage of every interval and type I error of every test that the article reports, by simulation
with the article's own functions; `bench.coverage_runs` simulates, `bench.coverage_page` says it.
`python -m bench.coverage` writes the page (some ten minutes on two cores).
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.coverage_page import page
from bench.coverage_runs import Cell, laws, simulate

PAGE = Path(__file__).resolve().parent.parent / "docs" / "coverage.md"
PAIRS = range(3, 21)
REPLICATES = 15_000


def run(pairs: Iterable[int], replicates: int, *, processes: int = 2) -> list[Cell]:
    """A cell for each distribution and number of pairs, in that order."""
    jobs = [(law.name, n, replicates) for law in laws() for n in pairs]
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(simulate, *zip(*jobs, strict=True)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.coverage", description=__doc__)
    parser.add_argument("--replicates", type=int, default=REPLICATES, help="studies a cell")
    replicates = parser.parse_args(arguments).replicates
    PAGE.write_text(page(run(PAIRS, replicates)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
