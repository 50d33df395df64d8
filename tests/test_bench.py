"""The benchmark on programs whose cost is known."""

from pathlib import Path

import pytest

from bench.render import BenchError, Cost, floor_program, measure, table

WAIT = "import time; time.sleep(0.4)"
FILL_100_MIB = "import time; filled = bytearray(b'x') * (100 * 2**20); time.sleep(0.2)"
FILL_100_MIB_IN_A_CHILD = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {FILL_100_MIB!r}], check=True)
"""


def test_seconds_are_those_of_the_program(tmp_path: Path) -> None:
    """A program that waits 0.4 s costs at least that, in each of its runs."""
    cost = measure({"wait": WAIT}, folder=tmp_path, runs=2)["wait"]
    assert len(cost.seconds) == 2
    assert min(cost.seconds) >= 0.4
    assert cost.median_s < 3


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="only Linux shows it")
def test_memory_is_that_of_all_processes(tmp_path: Path) -> None:
    """100 MiB that a child fills count, and an idle program stays far below them."""
    programs = {"idle": WAIT, "child": FILL_100_MIB_IN_A_CHILD}
    costs = measure(programs, folder=tmp_path, runs=1)
    assert 100 < costs["child"].peak_mib < 200
    assert 0 < costs["idle"].peak_mib < 50


def test_every_run_begins_without_what_the_last_one_made(tmp_path: Path) -> None:
    """A program that makes the cache fails where there is one, and does not fail here."""
    measure({"cold": "import os; os.mkdir('.cache')"}, folder=tmp_path, runs=2)


def test_a_failing_program_is_named(tmp_path: Path) -> None:
    """The error shows the program's own last words."""
    with pytest.raises(BenchError, match="no such table"):
        measure({"broken": "raise SystemExit('no such table')"}, folder=tmp_path, runs=1)


def test_the_floor_is_python() -> None:
    """The floor's source compiles."""
    compile(floor_program(), "floor", "exec")


def test_the_table_shows_median_and_extremes() -> None:
    """The median of 1, 2 and 9 seconds is 2."""
    last_line = table({"a": Cost((9.0, 1.0, 2.0), 64.2)}).splitlines()[-1]
    assert last_line.split() == ["a", "2.00", "1.00", "9.00", "64"]
