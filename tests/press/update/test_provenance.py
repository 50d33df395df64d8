"""What a package says of where its rows come from, after other tables came in a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from press.update.provenance import FOLDER, of_folder, tables_digest
from press.update.stage import read_package
from tests.press.update.updates import accepted, changed_book, saved
from tests.press.update.workbooks import CSV

ROOT = Path(__file__).resolve().parents[3]
TABLES = [b"a,b\n1,2\n", b"c\n3\n"]
# By sha256sum: of each table, then of these two lines without the last line end.
HASH = "6e2a76c4b08b46da99d4a04182657c7c3845febb60967e3369bfabf94be20be9"
MADE = {
    "kind": "simulated", "description": "of seed 1", "source": "simulate 1", "data_hash": "0" * 64
}  # fmt: skip
ARRIVED = {
    "kind": "simulated",
    "description": "Simulated, not observed: no row describes a person. The tables are from "
    f"{FOLDER}.",
    "source": FOLDER,
}
CHARTS = {"kind": "observed", "description": "charts", "source": "the registry"}


@pytest.mark.parametrize(
    ("given", "current", "after"),
    [
        (MADE, MADE, ARRIVED),  # a copied descriptor
        ({}, MADE, ARRIVED),  # one that says nothing
        ({"source": "simulate 1"}, MADE, ARRIVED),
        ({"source": "by hand"}, MADE, ARRIVED | {"source": "by hand"}),
        (MADE | {"description": "mine"}, MADE, ARRIVED),  # its data_hash is of other tables
        (MADE | {"data_hash": HASH}, MADE, MADE | {"data_hash": HASH}),
        (
            {"data_hash": HASH, "source": "s 2"},
            MADE,
            ARRIVED | {"data_hash": HASH, "source": "s 2"},
        ),
        ({}, MADE | {"data_hash": HASH}, MADE | {"data_hash": HASH}),  # made again
        (CHARTS, CHARTS, CHARTS),
        ({}, CHARTS, CHARTS),
        ({}, MADE | {"kind": "observed"}, MADE | {"kind": "observed", "source": FOLDER}),
    ],
)
def test_provenance_after_a_folder(
    given: dict[str, str], current: dict[str, str], after: dict[str, str]
) -> None:
    """A program's command, seed and data_hash stay beside the tables that it made alone."""
    after = {key: of for key, of in after.items() if (key, of) != ("data_hash", "0" * 64)}
    assert of_folder(given, current, TABLES) == after


def test_the_digest_is_that_of_the_study() -> None:
    """The digest of the shipped tables is the data_hash that their simulator recorded."""
    package = read_package(ROOT / "data")
    tables = [(package.folder / path).read_bytes() for path in package.files.values()]
    assert tables_digest(tables) == package.provenance["data_hash"]


@pytest.mark.parametrize("way", ["workbook", "folder", "newer folder"])
def test_the_day_of_other_tables_goes_with_them(way: str, project: Path) -> None:
    """`created` of the current package is not told of other tables; a new one is."""
    file = project / "data/datapackage.json"
    descriptor = json.loads(file.read_bytes()) | {"created": "2026-01-05"}
    file.write_text(json.dumps(descriptor), encoding="utf-8")
    new = project.parent / "cut"
    new.mkdir()
    for name, text in CSV.items():
        text = text.replace("A,30,44", "A,30,60")
        (new / f"{name}.csv").write_text(text, encoding="utf-8")
    if way == "newer folder":
        descriptor["created"] = "2026-02-05"
    (new / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert accepted(project, saved(changed_book(), new.parent) if way == "workbook" else new) == 0
    after = json.loads(file.read_bytes())
    assert after.get("created") == ("2026-02-05" if way == "newer folder" else None)
