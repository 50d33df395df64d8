"""Child processes end when the process that started them is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MakeProject = Callable[..., Path]
SETTINGS = """\
project: {output-dir: out, render: [paper.qmd]}
execute: {echo: false}
format:
  docx: default
"""
BODY = """\
```{python}
import os, pathlib, time
parent = os.getppid()
pathlib.Path("first.txt").write_text(str(os.getpid()))
end = time.monotonic() + 20
while os.getppid() == parent and time.monotonic() < end:
    time.sleep(0.02)
```

```{python}
pathlib.Path("second.txt").write_text("went on")
```
"""
STARTER = """\
import os, sys
from pathlib import Path
from press.child import run_followed
run_followed(sys.executable, ["sleeper"], folder=Path.cwd(), env=dict(os.environ))
"""
SLEEPER = """\
import os, pathlib, time
pathlib.Path("first.txt").write_text(str(os.getpid()))
time.sleep(20)
"""
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


def kill_when_begun(command: list[str], folder: Path) -> int:
    """Start a command, kill it when the file `first.txt` holds a process; that process."""
    began = folder / "first.txt"
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=folder, env=env) as started:
        while not (began.is_file() and began.read_text()):
            assert started.poll() is None
            time.sleep(0.02)
        started.send_signal(signal.SIGKILL)
    return int(began.read_text())


def is_gone(process: int) -> bool:
    """Whether a process ends within five seconds; one that nobody waited for counts as ended."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        found = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True)
        if found.stdout.strip()[:1] in (b"", b"Z"):
            return True
        time.sleep(0.05)
    return False


@posix
def test_a_kernel_runs_no_further_chunk_for_a_render_that_was_killed(
    make_project: MakeProject,
) -> None:
    """The chunk in which it is goes to its end, the next one does not begin."""
    folder = make_project(BODY, settings=SETTINGS)
    kernel = kill_when_begun([sys.executable, "-m", "press.cli", "render"], folder)
    assert is_gone(kernel)
    assert not (folder / "second.txt").exists()


@posix
def test_a_followed_command_ends_with_the_process_that_runs_it(tmp_path: Path) -> None:
    """It would sleep for twenty seconds, and is gone at once."""
    (tmp_path / "sleeper.py").write_text(SLEEPER)
    assert is_gone(kill_when_begun([sys.executable, "-c", STARTER], tmp_path))
