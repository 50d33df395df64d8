"""The study itself: one score corrected, compared with the committed version before."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from press.compare.versions import listed
from tests.press.compare.repositories import run_git

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Compared:
    """A clone of the study, the report as JSON, and the exit status."""

    folder: Path
    report: dict[str, Any]
    status: int
    before: str


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory, git: str) -> Compared:
    """`press compare HEAD` after P02's score at follow-up was lowered by 6 points."""
    assert git
    folder = tmp_path_factory.mktemp("compare") / "study"
    for name, path in listed(ROOT):
        if not path.is_symlink():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)
    run_git(folder, "init", "-q")
    run_git(folder, "add", "-A")
    run_git(folder, "commit", "-q", "-m", "before")
    visits = folder / "data" / "visits.csv"
    text = visits.read_text(encoding="utf-8")
    assert text.count("P02,166,4,55,") == 1
    visits.write_text(text.replace("P02,166,4,55,", "P02,166,4,49,"), encoding="utf-8")
    for module in (["analysis.dictionary", "data"], ["analysis.write_receipts"]):
        subprocess.run([sys.executable, "-m", *module], cwd=folder, check=True, capture_output=True)
    before = run_git(folder, "status", "--porcelain")
    command = [sys.executable, "-m", "press.cli", "compare", "HEAD", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")
    return Compared(folder, json.loads(done.stdout), done.returncode, before)


@pytest.mark.slow
def test_the_change_is_traced_from_the_row_to_the_printed_means(compared: Compared) -> None:
    """Six points less in one of six patients lower the mean by one."""
    report = compared.report
    assert (compared.status, report["faults"], report["notes"]) == (1, {}, [])
    (table,) = report["data"]["tables"]
    assert (table["name"], table["changed"], table["fields"]) == ("visits", 1, {"mrc_sum_score": 1})
    moved = {change["id"]: change for change in report["numbers"]["moved"]}
    assert moved["strength.after.mean"]["absolute"] == pytest.approx(-1.0)
    assert moved["strength.change.mean"]["absolute"] == pytest.approx(-1.0)
    texts = [moved["strength.change.mean"][side]["text"] for side in ("old", "new")]
    assert texts == ["+8.0", "+7.0"]


@pytest.mark.slow
def test_readers_are_led_to_sentence_cell_and_alternative_text(compared: Compared) -> None:
    """The new mean stands in the claim, in the table of outcomes and in the figure's words."""
    places = compared.report["shown"]["strength.after.mean"]
    kinds = {place["kind"]: place for place in places}
    assert set(kinds) == {"sentence", "cell", "alternative text"}
    assert kinds["cell"]["target"] == "tbl-outcomes"
    assert kinds["cell"]["where"].endswith("column Follow-up")
    assert kinds["cell"]["text"].startswith("52.0")
    assert kinds["alternative text"]["target"] == "fig-change"
    claims = {change["id"] for change in compared.report["claims"]["reworded"]}
    assert "claim.strength.change" in claims
    assert compared.report["shown"]["claim.strength.change"]
    figures = {change["id"]: change for change in compared.report["figures"]}
    assert figures["fig-change"]["changed"] == ["drawing", "alternative text"]


@pytest.mark.slow
def test_the_tree_and_the_repository_stay_as_they_were(compared: Compared) -> None:
    """No output lies in the folder, and no worktree is left."""
    assert run_git(compared.folder, "status", "--porcelain") == compared.before
    assert not (compared.folder / "_manuscript").exists()
    assert len(run_git(compared.folder, "worktree", "list").splitlines()) == 1


@pytest.mark.slow
def test_both_renders_are_there_for_who_compares_pages(compared: Compared) -> None:
    """HTML and Word of both documents, with the results.json that each render wrote."""
    kept = sorted((compared.folder / ".cache" / "compare").iterdir())
    names = [f"{stem}.{end}" for stem in ("manuscript", "supplement") for end in ("docx", "html")]
    assert [sorted(path.name for path in folder.iterdir()) for folder in kept] == [
        [*names[:2], "results.json", *names[2:]]
    ] * 2
