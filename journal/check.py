"""The last step of a render in both engines: the finished files are read back, 1 is a fault."""

import sys
from pathlib import Path

if __name__ == "__main__":  # run as a file, it finds the package beside it, installed or not
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from press.check import check_after_render

if __name__ == "__main__":
    sys.exit(check_after_render())
