"""Quarto's last step: the finished files are read back and every fault is printed.

Quarto has written them by then and cannot take them back, so the step itself does not fail: the
gate is `press check`. After `press render` (which sets STUDY_RESULTS) that is the next command.
"""

import os
import sys
from pathlib import Path

if __name__ == "__main__" and "STUDY_RESULTS" not in os.environ:
    # Run as a file, it finds the package beside it, installed or not.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from press.check import check_after_render

    check_after_render()
