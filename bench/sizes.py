"""Numbers of patients in, what the analysis of so many costs out: seconds, memory, and ratios.

Each cohort is simulated, then computed and reported in a process of its own: cohort, results, and
the receipts of every number. The ratio is to the first number of patients.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZES = (6, 100, 1000, 10_000)
PROGRAM = """
import resource, sys, tempfile, time
from pathlib import Path

from analysis.article import Article
from analysis.cohort import build_cohort
from analysis.results import compute
from analysis.simulate import write_package
from analysis.validate import read_study

with tempfile.TemporaryDirectory() as folder:
    write_package(Path(folder) / "data", n_patients=int(sys.argv[1]), seed=1)
    study = read_study(Path(folder) / "data")
start = time.perf_counter()
text = Article(compute(build_cohort(study))).results_json
seconds = time.perf_counter() - start
peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(seconds, peak_mib, text.count(chr(10)) - 1)
"""


def cost(n_patients: int) -> tuple[float, float, int]:
    """Seconds, peak memory in MiB and receipts of a cohort of so many patients."""
    command = [sys.executable, "-c", PROGRAM, str(n_patients)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, peak_mib, receipts = done.stdout.split()
    return float(seconds), float(peak_mib), int(receipts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a number of patients."""
    parser = argparse.ArgumentParser(prog="python bench/sizes.py")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="PATIENTS")
    sizes = parser.parse_args(arguments).sizes
    print(f"{'patients':>10}{'seconds':>10}{'ratio':>10}{'peak MiB':>10}{'receipts':>10}")
    first = None
    for n in sizes:
        seconds, peak_mib, receipts = cost(n)
        first = first or seconds
        print(f"{n:10}{seconds:10.2f}{seconds / first:10.1f}{peak_mib:10.0f}{receipts:10}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
