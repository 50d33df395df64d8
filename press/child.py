"""Child processes: the environment all of them get, and the kernel, started before it has work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SOURCE_DATE_EPOCH = 1356998400
"""2013-01-01: the one date in every output, so that the same input gives the same bytes."""
Kernel = subprocess.Popen[str]
ANSWERED = "\x1e"
"""What a kernel prints when the answer to a document lies in its file."""
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
