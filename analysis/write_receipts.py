"""Data folder in, results.json out: what both engines run before they render.

It is written to the file that STUDY_RESULTS names; else, for `data/`, to the repository's
results.json; else, for other data, beside the output (QUARTO_PROJECT_OUTPUT_DIR).
"""

import os
import sys
from pathlib import Path

if __name__ == "__main__":  # run as a file, it finds the package beside it, installed or not
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from analysis.article import SHIPPED_DATA, data_folder, open_article
from analysis.errors import StudyError


def results_file() -> Path:
    """Where results.json is to be written."""
    if named := os.environ.get("STUDY_RESULTS"):
        return Path(named)
    if data_folder() == SHIPPED_DATA:
        return SHIPPED_DATA.parent / "results.json"
    return Path(os.environ.get("QUARTO_PROJECT_OUTPUT_DIR", ".")) / "results.json"


def main() -> None:
    """Write results.json whole, or not at all."""
    text = open_article().results_json
    target = results_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(target)


if __name__ == "__main__":
    try:
        main()
    except StudyError as error:
        sys.exit(f"{error}")
