"""The study in a repository of its own, and eight small edits that each make another version."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from press.compare.versions import listed
from tests.press.compare.repositories import run_git

ROOT = Path(__file__).resolve().parents[3]
Edit = Callable[[Path], None]
PATIENT = {
    "patients": ["P07,DM,probable,male,48,2009,20,true,none,methotrexate,400,250"],
    "visits": [
        "P07,-4,1,44,1900,480,25",
        "P07,56,2,48,900,310,20",
        "P07,112,3,50,610,260,20",
        "P07,168,4,54,480,240,15",
        "P07,224,5,53,520,250,15",
    ],
    "cycles": [f"P07,{cycle},{56 * (cycle - 1)},5,2" for cycle in range(1, 6)],
    "adverse_events": ["P07,2,57,headache,1,false,false"],
}
VISIT = {"visits": ["P06,640,11,44,700,300,30"], "cycles": ["P06,11,641,5,2"]}
SENTENCE = "Glucocorticoids and conventional immunosuppressants fail in some patients."
OTHER_SENTENCE = "Glucocorticoids and other immunosuppressants fail in some patients."
MOVED = "Few patients with a rare disease in a single centre can be recognised;"


def copy_study(folder: Path, renders: Path) -> Path:
    """The files of this project as the one commit of a new repository; `renders` is its cache."""
    for name, path in listed(ROOT):
        if not path.is_symlink():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)
    (folder / ".cache").mkdir()
    (folder / ".cache" / "compare").symlink_to(renders, target_is_directory=True)
    run_git(folder, "init", "-q")
    run_git(folder, "add", "-A")
    run_git(folder, "commit", "-q", "-m", "before")
    return folder


def restore(folder: Path) -> None:
    """Every file as it was committed; what git ignores stays."""
    run_git(folder, "reset", "-q", "--hard")
    run_git(folder, "clean", "-q", "-f", "-d")


def record(folder: Path) -> None:
    """Record checksums and results of changed tables, as the README says."""
    for module in (["analysis.dictionary", "data"], ["analysis.write_receipts"]):
        subprocess.run([sys.executable, "-m", *module], cwd=folder, check=True, capture_output=True)


def replace(path: Path, old: str, new: str) -> None:
    """Put one text in the place of another that stands there once."""
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise ValueError(f"{path}: {old!r} stands there {text.count(old)} times")
    path.write_text(text.replace(old, new), encoding="utf-8")


def _append(folder: Path, rows: Mapping[str, list[str]]) -> None:
    for table, lines in rows.items():
        path = folder / "data" / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8") + "\n".join(lines) + "\n", "utf-8")


def add_patient(folder: Path) -> None:
    """A seventh patient, with rows in all four tables."""
    _append(folder, PATIENT)


def extend_follow_up(folder: Path) -> None:
    """One more cycle and the visit before it, of a patient who was seen to the tenth."""
    _append(folder, VISIT)


def edit_prose(folder: Path) -> None:
    """A word of one sentence."""
    replace(folder / "manuscript.qmd", SENTENCE, OTHER_SENTENCE)


def restyle_figures(folder: Path) -> None:
    """The shade of bands, and nothing that is printed as text."""
    replace(folder / "analysis" / "style.py", 'SHADE = "#E6E6E6"', 'SHADE = "#D6E4F0"')


def add_column(folder: Path) -> None:
    """A column of the table of outcomes that says what its change is."""
    path = folder / "analysis" / "tables.py"
    replace(path, '        "Outcome",\n', '        "Outcome",\n        "Measure",\n')
    for word in ("difference", "ratio"):
        head = f"def _{word}_row(say: Say, label: str, id: str) -> list[object]:\n    return [\n"
        replace(path, f"{head}        label,\n", f'{head}        label,\n        "{word}",\n')


def reorder_references(folder: Path) -> None:
    """The first two citations of the article in the other order, and so its first two numbers."""
    old, new = "[@bohan1975a; @griggs1995;", "[@griggs1995; @bohan1975a;"
    replace(folder / "manuscript.qmd", old, new)


def move_paragraph(folder: Path) -> None:
    """The last paragraph of the limitations is the first."""
    path = folder / "manuscript.qmd"
    text = path.read_text(encoding="utf-8")
    start = text.index(MOVED)
    paragraph = text[start : text.index("\n\n", start) + 2]
    replace(path, paragraph, "")
    replace(path, "## Limitations\n\n", f"## Limitations\n\n{paragraph}")


EDITS: dict[str, Edit] = {
    "patient added": add_patient,
    "follow-up extended": extend_follow_up,
    "prose only": edit_prose,
    "figure style only": restyle_figures,
    "table column added": add_column,
    "references reordered": reorder_references,
    "paragraph moved": move_paragraph,
}


def change_everything(folder: Path) -> None:
    """All of the above at once."""
    for edit in EDITS.values():
        edit(folder)


PAIRS: dict[str, Edit] = {**EDITS, "everything": change_everything}
