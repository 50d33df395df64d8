"""The whole round of a submission, played once: rehearsed, new data, answers, rehearsed again.

The commands are those of the README, run in a repository of its own. Expected numbers are worked
out here from the tables by hand.
"""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pytest
from PIL import Image

from press.compare.versions import listed
from press.submit.texts import texts

ROOT = Path(__file__).resolve().parent.parent
PROFILE = "international-trends-in-immunity"
STAMP = "Rehearsal: not for submission"
pytestmark = pytest.mark.proof
TABLES = ("patients", "visits", "cycles", "adverse_events")
SEVENTH = {
    "patients": [["P07", "DM", "definite", "male", 61, 2010, 20, True, "none", "methotrexate",
                  280, 250]],
    "visits": [["P07", -5, 1, 40, 1200, 400, 30], ["P07", 60, 2, 44, 800, 300, 25],
               ["P07", 120, 3, 45, 500, 280, 20], ["P07", 180, 4, 46, 400, 260, 15]],
    "cycles": [["P07", cycle, day, 5, 2] for cycle, day in ((1, 0), (2, 61), (3, 121), (4, 181))],
    "adverse_events": [],
}  # fmt: skip
LONGER = {"visits": ["P02", 455, None, 43, 700, 300, 15]}
REVIEWS = """\
# Invented comments, for this test: nobody has reviewed this article.
round: 1
comments:
  - reviewer: editor
    number: 1
    text: |
      Please add the patient who was treated last.
  - reviewer: 1
    number: 1
    text: |
      Could the conclusion be plainer?
  - reviewer: 1
    number: 2
    text: |
      How was baseline defined?
"""
RESPONSE = """\
---
title: "Response to the reviewers"
---

These comments are invented, and so are the answers.

::: {.answer to="E.1"}
We did; the mean change in strength is now [strength.change.mean]{.number}.
:::

::: {.answer to="R1.1"}
It is now:

[conclusion]{.quote starts="A series without"}
:::

::: {.answer to="R1.2"}
As before:

[outcomes]{.quote .unchanged starts="Baseline is" ends="first infusion"}
:::
"""
OLD_WORDS = "Without a control group this series describes"
NEW_WORDS = "A series without a control group describes"


@dataclass(frozen=True)
class Round:
    """What the commands of the round said, and the folder of the last package."""

    root: Path
    said: dict[str, subprocess.CompletedProcess[str]]

    @property
    def package(self) -> Path:
        """The second rehearsal."""
        return self.root / "_submission" / f"{PROFILE}-rehearsal"


def _run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def _press(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return _run(root, sys.executable, "-m", "press.cli", *arguments)


def _commit(root: Path, git: str, message: str) -> None:
    assert _run(root, git, "add", "-A").returncode == 0
    assert _run(root, git, "commit", "-q", "-m", message).returncode == 0


def _repository(root: Path, git: str) -> None:
    """The files as they are now; the check after the render, which other tests hold, left out."""
    for name, path in listed(ROOT):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, root / name, follow_symlinks=False)
    settings = (root / "_quarto.yml").read_text(encoding="utf-8")
    (root / "_quarto.yml").write_text(settings.replace(", journal/check.py]", "]"))
    assert _run(root, git, "init", "-q").returncode == 0
    for key, value in (("user.name", "Somebody"), ("user.email", "somebody@example.org")):
        assert _run(root, git, "config", key, value).returncode == 0
    _commit(root, git, "First version")


def _rows(root: Path, table: str) -> list[list[str]]:
    with (root / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _cell(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    try:
        return int(text) if re.fullmatch(r"-?\d+", text) else float(text)
    except ValueError:
        return text or None


def _workbook(root: Path) -> Path:
    """The tables with a seventh patient and one more visit of the second."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for table in TABLES:
        sheet = book.create_sheet(table)
        header, *rows = _rows(root, table)
        sheet.append(header)
        for row in rows:
            sheet.append([_cell(text) for text in row])
        for new in [*SEVENTH[table], *([LONGER[table]] if table in LONGER else [])]:
            sheet.append(new)
    path = root.parent / "cut.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def played(git: str, tmp_path_factory: pytest.TempPathFactory) -> Round:
    """All commands of the round, one after the other."""
    root = tmp_path_factory.mktemp("round") / "study"
    _repository(root, git)
    rehearse = ("submit", "--journal", PROFILE, "--rehearsal")
    said = {"refused": _press(root, *rehearse[:-1]), "first": _press(root, *rehearse)}
    workbook = str(_workbook(root))
    said["update"] = _press(root, "update", workbook)
    said["accept"] = _press(root, "update", workbook, "--accept")
    text = (root / "manuscript.qmd").read_text(encoding="utf-8")
    assert text.count(OLD_WORDS) == 1
    (root / "manuscript.qmd").write_text(text.replace(OLD_WORDS, NEW_WORDS), encoding="utf-8")
    (root / "reviews.yml").write_text(REVIEWS, encoding="utf-8")
    (root / "response.qmd").write_text(RESPONSE, encoding="utf-8")
    said["compare"] = _press(root, "compare", "HEAD")
    _commit(root, git, "New data and answers")
    said["second"] = _press(root, *rehearse)
    return Round(root, said)


def _mean_change(root: Path) -> float:
    """The mean change of strength from baseline to the pre-infusion visit nearest day 183."""
    scores: dict[str, dict[str, tuple[float, float]]] = {}
    for patient, day, cycle, score, *_ in _rows(root, "visits")[1:]:
        own = scores.setdefault(patient, {})
        if -28 <= int(day) <= 0:
            own["before"] = (int(day), float(score))
        away = abs(int(day) - 183)
        if cycle and away <= 45 and away < own.get("after", (99, 0))[0]:
            own["after"] = (away, float(score))
    changes = [own["after"][1] - own["before"][1] for own in scores.values()]
    return sum(changes) / len(changes)


def test_simulated_data_and_open_declarations_are_refused(played: Round) -> None:
    """Nothing else keeps the article from an editor; nothing is written."""
    assert played.said["refused"].returncode == 1
    lines = [line for line in played.said["refused"].stdout.splitlines() if ": " in line]
    named = ("data/datapackage.json", "declarations.yml", "authors are to be completed")
    assert sum("provenance.kind is simulated" in line for line in lines) == 1
    assert [line for line in lines if not any(name in line for name in named)] == []


def test_the_update_shows_what_the_workbook_changes(played: Round) -> None:
    """Rows by table, and the mean change of strength, old and new; then it is taken in."""
    shown = played.said["update"]
    assert shown.returncode == 1, shown.stderr
    assert "patients: rows by patient_id: 1 added, 0 removed, 0 changed" in shown.stdout
    assert "visits: rows by patient_id, visit_day: 5 added, 0 removed, 0 changed" in shown.stdout
    new = _mean_change(played.root)
    assert re.search(rf"strength\.change\.mean +\+8\.0 -> \+{new:.1f} points", shown.stdout)
    assert played.said["accept"].returncode == 0, played.said["accept"].stderr
    assert len(_rows(played.root, "patients")) == 1 + 7


def test_the_comparison_shows_data_numbers_and_words(played: Round) -> None:
    """It finds changes, and both redlines pass their gate."""
    done = played.said["compare"]
    assert done.returncode == 1, done.stderr
    assert done.stdout.count("it passed its gate") == 2
    page = (played.root / "_comparison" / "comparison.html").read_text(encoding="utf-8")
    assert "strength.change.mean" in page.replace("<wbr>", "")  # where a line may break
    assert "P07" not in page.split('id="data"')[1].split("</section>")[0]


def test_every_file_of_the_second_package_opens(played: Round) -> None:
    """Word, PDF, TIFF, zip and text, each by its own reader, and as the manifest says."""
    assert played.said["second"].returncode == 0, played.said["second"].stderr
    files = sorted(path for path in played.package.rglob("*") if path.is_file())
    for path in files:
        if path.suffix == ".docx":
            assert docx.Document(str(path)).paragraphs
        elif path.suffix == ".pdf":
            with pikepdf.open(path) as pdf:
                assert len(pdf.pages)
        elif path.suffix == ".tif":
            with Image.open(path) as image:
                assert round(image.info["dpi"][0]) == 600
        elif path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                assert archive.testzip() is None
        else:
            assert path.read_text(encoding="utf-8")
    manifest = (played.package / "MANIFEST.txt").read_text(encoding="utf-8")
    for path in files:
        if path.name != "MANIFEST.txt":
            assert sha256(path.read_bytes()).hexdigest() in manifest, path.name
    names = {path.name for path in files}
    assert {"3-response.docx", "3-response.pdf", "3-manuscript-marked-up.docx"} <= names


def test_every_page_says_that_it_is_a_rehearsal_on_simulated_data(played: Round) -> None:
    """Word files and PDFs say both at the head of their pages."""
    files = [p for p in sorted(played.package.iterdir()) if p.suffix in (".docx", ".pdf")]
    assert len(files) > 13
    for path in files:
        said = "\n".join(text.words for text in texts(path))
        assert f"Simulated data. {STAMP}".casefold() in said.casefold(), path.name


def test_the_new_numbers_stand_in_manuscript_and_letter(played: Round) -> None:
    """Seven patients and their mean change in the one, old and new side by side in the other."""
    new = f"+{_mean_change(played.root):.1f}"
    manuscript, letter = (
        " ".join(word for text in texts(played.package / name) for word in text.words.split())
        for name in ("2-manuscript.docx", "3-response.docx")
    )
    assert "of 7 patients" in manuscript
    assert f"the mean change was {new} points" in manuscript
    assert f"+8.0 → {new} points" in letter
    assert NEW_WORDS in letter
    assert re.search(r"page \d+, lines? \d+", letter)


def test_the_checklists_have_a_page_for_every_item(played: Round) -> None:
    """Each item has its page in the PDF, or the reason why it does not apply."""
    for name in ("strobe", "care"):
        table = docx.Document(str(played.package / f"6-{name}.docx")).tables[0]
        for row in table.rows[1:]:
            answer, page = row.cells[2].text, row.cells[3].text
            assert re.fullmatch(r"\d+", page) or answer.startswith("Not applicable: "), answer


def test_the_archive_holds_simulated_data_licences_and_lock_files(played: Round) -> None:
    """All that the one command needs is in it, and what git ignores is not."""
    with zipfile.ZipFile(played.package / "9-data-and-code.zip") as archive:
        names = {name.removeprefix("data-and-code/") for name in archive.namelist()}
        readme = archive.read("data-and-code/ARCHIVE.txt").decode()
    wanted = {"Makefile", "README.md", "LICENSE", "LICENSE-prose.md", "requirements.lock",
              "requirements-test.lock", "data/patients.csv", "manuscript.qmd"}  # fmt: skip
    assert wanted <= names
    assert not any(name.startswith((".cache", "_manuscript", ".venv")) for name in names)
    assert "The data are simulated; they are in data/." in readme
