"""A small project with scripts of its own that `press update` calls, and new data for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from press.update.stage import read_package
from press.update.update import update
from tests.press.update.workbooks import make_book, write_package

SETTINGS = """\
project:
  render: [paper.qmd]
  pre-render: [receipts.py]
data-record: record.py
format:
  docx: default
"""
RECORD = """\
import csv, hashlib, json, sys
from pathlib import Path
folder = Path(sys.argv[1])
package = json.loads((folder / "datapackage.json").read_text())
persons = {row["person_id"] for row in csv.DictReader((folder / "persons.csv").open())}
faults = []
for number, row in enumerate(csv.DictReader((folder / "visits.csv").open()), 2):
    place = f"visits.csv row {number}"
    if row["score"].isdecimal() and int(row["score"]) > 60:
        faults.append(f"{place}, score: found {row['score']}, expected 0 to 60")
    if row["person_id"] not in persons:
        faults.append(f"{place}, person_id, visit_day: expected a row of persons.csv")
    if "\\x1a" in "".join(row.values()):
        faults.append(f"{place}, dose_mg: found what could not be read")
if faults:
    sys.exit("\\n".join([f"{len(faults)} faults in the data package {folder}:", *faults]))
for resource in package["resources"]:
    resource["hash"] = hashlib.sha256((folder / resource["path"]).read_bytes()).hexdigest()
(folder / "datapackage.json").write_text(json.dumps(package, indent=2) + "\\n")
(folder / "README.md").write_text("Version " + package["version"] + "\\n")
"""
RECEIPTS = """\
import csv, json, os
from pathlib import Path
folder = Path(os.environ.get("STUDY_DATA") or "data")
rows = list(csv.DictReader((folder / "visits.csv").open()))
scores = [int(row["score"]) for row in rows if row["score"]]
if not scores:
    raise SystemExit("claims.yml has no wording for a study without scores")
version = json.loads((folder / "datapackage.json").read_text())["version"]
mean = sum(scores) / len(scores)
receipts = [{"id": "score.mean", "value": mean, "text": f"{mean:.1f}", "unit": "points"}]
receipts += [{"id": "claim.high", "value": mean > 45, "text": f"High: {mean > 45}.", "unit": "1"}]
lines = [{"schema_version": 1, "data_version": version, "data_hash": ""}]
lines += [{**receipt, "n": len(scores), "n_missing": 0, "method": "mean"} for receipt in receipts]
text = "".join(json.dumps(line) + "\\n" for line in lines)
Path(os.environ["STUDY_RESULTS"]).write_text(text)
"""


def write_project(root: Path) -> Path:
    """The project with a recorded package in data/ and its results.json, after two updates."""
    write_package(root / "data")
    files = {"_quarto.yml": SETTINGS, "record.py": RECORD, "receipts.py": RECEIPTS, "paper.qmd": ""}
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    for book in (changed_book("C2", 41), make_book()):
        assert accepted(root, saved(book, root.parent)) == 0
    assert read_package(root / "data").version == "1.2.0"
    return root


def saved(book: Any, folder: Path) -> Path:
    """A workbook as a file."""
    book.save(folder / "new.xlsx")
    return folder / "new.xlsx"


def accepted(root: Path, new: Path) -> int:
    """The status of an update that is taken in, its report left out."""
    return update(root, new, data=root / "data", accept=True, say=lambda line: None)


def state(root: Path) -> dict[str, bytes]:
    """Every file of the project."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.*"))
            if path.is_file()}  # fmt: skip


def changed_book(place: str = "C3", value: Any = 60) -> Any:
    """The workbook with one changed visit."""
    book = make_book()
    book["visits"][place] = value
    return book
