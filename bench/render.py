"""The project in, what a cold render costs out: seconds and memory, beside those of a floor.

The render is `press render` of the four formats, with a fresh output folder and no cache. The floor
is one plain Python process that does the same analysis and draws the same figures once. Both work
on a copy of the project, run in turns, and are given as medians; peak memory is that of all
processes together and is taken in runs of its own, so that watching slows no timed run.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LIMIT = 1.5
ROOT = Path(__file__).resolve().parent.parent
NOT_COPIED = (".*", "__pycache__", "_manuscript", "_submission", "data-observed", "*.egg-info")
MADE_BY_A_RUN = (".cache", "_manuscript", "floor")
RENDER = "import sys; from press.cli import main; sys.exit(main(['render']))"


def floor_program() -> str:
    """The floor as Python source: the analysis, its receipts, and each figure saved once as SVG."""
    return """
from pathlib import Path

from analysis.article import open_article

folder = Path("floor")
folder.mkdir()
article = open_article()
(folder / "results.json").write_text(article.results_json, encoding="utf-8")
for name in sorted(name for name in dir(article) if name.startswith("figure_")):
    getattr(article, name).savefig(folder / f"{name}.svg")
"""


class BenchError(Exception):
    """A measured command failed."""


@dataclass(frozen=True)
class Cost:
    """What one command took: seconds of each run, and the peak memory of all its processes."""

    seconds: tuple[float, ...]
    peak_mib: float

    @property
    def median_s(self) -> float:
        """The median of the runs, in seconds."""
        return statistics.median(self.seconds)


def measure(programs: Mapping[str, str], *, folder: Path, runs: int) -> dict[str, Cost]:
    """Run each Python program in `folder`, `runs` times in turns, after one run to warm up.

    Every second round goes backwards, so that a machine that slows down slows all alike.
    """
    peaks = {name: run(source, folder=folder, watched=True)[1] for name, source in programs.items()}
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    for number in range(runs):
        for name in list(programs)[:: -1 if number % 2 else 1]:
            seconds[name].append(run(programs[name], folder=folder, watched=False)[0])
    return {name: Cost(tuple(seconds[name]), peaks[name]) for name in programs}


def run(source: str, *, folder: Path, watched: bool) -> tuple[float, float]:
    """Seconds and, if `watched`, peak memory in MiB of a Python program on a cleared folder."""
    for made in MADE_BY_A_RUN:
        shutil.rmtree(folder / made, ignore_errors=True)
    environment = {key: os.environ[key] for key in os.environ if not key.startswith("STUDY_")}
    environment["PYTHONPATH"] = str(folder)
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", source],
            cwd=folder,
            env=environment,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        peak_kib = watch(process) if watched else 0
        status = process.wait()
        seconds = time.perf_counter() - begun
        if status != 0:
            said.seek(0)
            raise BenchError(f"exit status {status} of:\n{source}\n{said.read().decode()[-2000:]}")
    return seconds, peak_kib / 1024


def watch(process: "subprocess.Popen[bytes]") -> int:
    """The peak memory in KiB of a process and all that it starts, looked at every 20 ms."""
    peak = 0
    while process.poll() is None:
        entries = Path("/proc").glob("[0-9]*")
        peak = max(peak, sum(memory_kib(entry, process.pid) for entry in entries))
        time.sleep(0.02)
    return peak


def memory_kib(entry: Path, session: int) -> int:
    """The memory in KiB of one process, shared pages in parts; 0 if it is of another session."""
    try:
        after_name = (entry / "stat").read_text().rpartition(")")[2].split()
        if int(after_name[3]) != session:
            return 0
        lines = (entry / "smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended meanwhile
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def table(costs: Mapping[str, Cost]) -> str:
    """The costs as lines, one a program."""
    lines = [f"{'':24}{'median s':>10}{'least':>8}{'most':>8}{'peak MiB':>10}"]
    for name, cost in costs.items():
        spread = f"{min(cost.seconds):>8.2f}{max(cost.seconds):>8.2f}"
        peak = f"{cost.peak_mib:.0f}" if cost.peak_mib else "unknown"
        lines.append(f"{name:24}{cost.median_s:>10.2f}{spread}{peak:>10}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the costs and their ratio; 1 if that is above the limit, 2 if a command failed."""
    parser = argparse.ArgumentParser(description="Time a cold render against the floor.")
    parser.add_argument("--runs", type=int, default=7, help="timed runs of each (default 7)")
    runs = parser.parse_args(arguments).runs
    programs = {"render, four formats": RENDER, "floor": floor_program()}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "project")
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))
        try:
            costs = measure(programs, folder=folder, runs=runs)
        except BenchError as error:
            print(f"bench: {error}", file=sys.stderr)
            return 2
    render, floor = costs.values()
    ratio = render.median_s / floor.median_s
    print(table(costs))
    print(f"ratio {ratio:.2f} in {runs} runs each, at most {LIMIT} is wanted")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
