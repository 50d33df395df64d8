"""Child processes: the environment all of them get, and those that end when this one does.

The kernel is started before it has work.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SOURCE_DATE_EPOCH = 1356998400
"""2013-01-01: the one date in every output, so that the same input gives the same bytes."""
Kernel = subprocess.Popen[str]
ANSWERED = "\x1e"
"""What a kernel prints when the answer to a document lies in its file."""
_FOLLOWER = """\
import os, runpy, sys, threading

def follow():
    os.read(0, 1)  # nothing is ever written there: it returns when the parent is gone
    os._exit(1)

threading.Thread(target=follow, daemon=True).start()
sys.path[0] = os.getcwd()
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""
"""Runs a module as `python -m` does; it has nothing of ours, which may be of another version."""
_FIXED = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": str(SOURCE_DATE_EPOCH),
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "LANG": "C.UTF-8",
    "PYTHONUTF8": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
}


def fixed_environment(**more: str) -> dict[str, str]:
    """This process's environment, with nothing in it that varies by place or day."""
    return {**os.environ, **_FIXED, **more}


def start_kernel() -> Kernel:
    """A kernel that loads its libraries while the settings are read, and waits for its request."""
    found = [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-m", "press.kernel"],
        env=fixed_environment(PYTHONPATH=os.pathsep.join(found)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


def end(kernel: Kernel) -> None:
    """Stop a kernel that is not wanted any more; one that has ended already stays as it is."""
    if kernel.poll() is None:
        kernel.kill()
        kernel.communicate()


def run_followed(
    python: str, module: Sequence[str], *, folder: Path, env: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a module, its name first, in a folder; it ends when this process is killed.

    Its stdin is a pipe of which nobody but this process has the other end.
    """
    reader, writer = os.pipe()
    try:
        return subprocess.run(
            [python, "-c", _FOLLOWER, *module],
            cwd=folder,
            env=env,
            stdin=reader,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    finally:
        os.close(reader)
        os.close(writer)
