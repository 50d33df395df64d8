"""`press compare` on small repositories: versions, renders, what is said, and the exit status."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html

from press.compare.comparison import compare
from press.compare.versions import read_version
from tests.press.compare.conftest import ROOT, MakeWord
from tests.press.compare.repositories import (
    Run,
    commit,
    project,
    receipt,
    results,
    run_git,
    worktrees,
    write,
)


def test_two_revisions_differ_in_a_number(press: Run, repository: Path) -> None:
    """8.0 to 7.5 is -0.5 and -6.25%, shown in the sentence of the new version; the status is 1."""
    status, out, _ = press("v1", "v2")
    short = [run_git(repository, "rev-parse", "--short", tag).strip() for tag in ("v1", "v2")]
    lines = out.splitlines()
    assert (status, lines[0]) == (1, f"v1 ({short[0]}) -> v2 ({short[1]})")
    assert "  a.mean  +8.0 -> +7.5 points  -0.5, -6.2%" in lines
    assert "  paper, Results: “The change was +7.5 points.”" in lines
    assert "Data (row values are hidden; --rows shows them)" in lines
    assert lines[-1] == "changes found"


def test_what_is_the_same_is_status_0(press: Run) -> None:
    """A version and itself, and the working tree as it was committed."""
    assert press("v2", "v2")[0] == 0
    status, out, _ = press("v2")
    assert (status, out.splitlines()[-1]) == (0, "no change")


def test_a_reader_that_stops_reading_stops_nothing(repository: Path) -> None:
    """With the pipe closed from the start the page is written and the status that of changes."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-P", "-m", "press.cli", "compare", "v1", "v2"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            command, cwd=repository, stdout=pipe, stderr=subprocess.PIPE, text=True, env=env
        )
    assert (done.returncode, done.stderr) == (1, "")
    assert (repository / "_comparison" / "comparison.html").is_file()


def test_uncommitted_changes_are_compared_and_said(press: Run, repository: Path) -> None:
    """Files that git does not know yet count as well."""
    assert "(as in " in press("v2")[1].splitlines()[0]
    write(repository, {"notes.txt": "new"})
    assert "with uncommitted changes" in press("v2")[1].splitlines()[0]
    write(repository, project(7.0, "+7.0"))
    status, out, _ = press("v2")
    assert status == 1
    assert "  a.mean  +7.5 -> +7.0 points  -0.5, -6.7%" in out.splitlines()


def test_other_settings_are_noted(press: Run, repository: Path) -> None:
    """They may be those of a PDF, which is not compared, so that no change is found."""
    more = "project:\n  render: [paper.qmd]\nformat:\n  typst:\n    body-columns: 2\n"
    write(repository, {"_quarto.yml": more})
    status, out, _ = press("v2")
    note = "note: _quarto.yml differs; HTML and Word files are compared, PDF and JATS files are not"
    assert (status, out.splitlines()[1], out.splitlines()[-1]) == (0, note, "no change")
    assert "_quarto.yml" not in press("v2", "v2")[1]


def test_a_comparison_touches_nothing(press: Run, repository: Path) -> None:
    """The files stay as they are, and git knows no worktree more than before."""
    write(repository, {"data/visits.csv": "id,score\nP01,5\n"})
    before = run_git(repository, "status", "--porcelain"), worktrees(repository)
    press("v1")
    assert (run_git(repository, "status", "--porcelain"), worktrees(repository)) == before


def test_json_has_the_classes(press: Run) -> None:
    """Keys that stay, for programs; null is what could not be compared."""
    status, out, _ = press("v1", "v2", "--json")
    found = json.loads(out)
    assert (found["status"], status) == (1, 1)
    assert list(found) == (
        "status old new notes faults data numbers flags claims words figures shown".split()
    )
    (moved,) = found["numbers"]["moved"]
    assert (moved["id"], moved["old"]["value"], moved["new"]["text"]) == ("a.mean", 8.0, "+7.5")
    assert (moved["absolute"], moved["relative"]) == (-0.5, -0.0625)
    assert found["shown"]["a.mean"][0]["section"] == ["Results"]
    assert found["data"]["rows_shown"] is False


def test_rows_are_shown_when_asked_for(press: Run, repository: Path) -> None:
    """Without --rows neither report has a key or a cell of a changed row."""
    write(repository, {"data/visits.csv": "id,score\nP01,5\nP77,6\n"})
    for arguments in (("v2",), ("v2", "--json")):
        assert "P77" not in press(*arguments)[1]
        assert "P77" in press(*arguments, "--rows")[1]


@pytest.mark.parametrize("again", [[], [["P01", "5"]]])
def test_rows_added_and_removed_are_shown_whole(
    press: Run, repository: Path, again: list[list[str]]
) -> None:
    """On the terminal and on the page, also where a key stands twice."""
    table = "id,score\nP01,5\nP<7,\n" + "".join(f"{','.join(row)}\n" for row in again)
    write(repository, {"data/visits.csv": table})
    lines = press("v2", "--rows")[1].splitlines()
    added = [*again, ["P<7", "(empty)"]]
    assert [line for line in lines if line.startswith("    ")][: len(added) + 1] == [
        *(f"    added: id {id}, score {score}" for id, score in added),
        "    removed: id P02, score 6",
    ]
    page = html.parse(repository / "_comparison" / "comparison.html")
    tables = {of.findtext("caption"): of for of in page.iter("table")}
    for caption, rows in (("added to", added), ("removed from", [["P02", "6"]])):
        shown = tables[f"Rows {caption} visits"].iter("tr")
        assert [[cell.text for cell in row] for row in shown] == [["id", "score"], *rows]


def test_two_data_packages_are_rendered_with_the_code_that_is_here(
    press: Run, repository: Path, tmp_path: Path
) -> None:
    """Numbers come from what the renders write; the data that are shipped stay aside."""
    old = shutil.copytree(repository / "data", tmp_path / "old")
    new = shutil.copytree(repository / "data", tmp_path / "new")
    write(old, {"results.json": results(receipt("a.mean", 1.0, "1.0"))})
    write(new, {"results.json": results(receipt("a.mean", 3.0, "3.0"))})
    write(new, {"visits.csv": "id,score\nP01,5\n"})
    status, out, _ = press("--data", str(old), str(new))
    assert status == 1
    assert out.splitlines()[:2] == [
        f"{old} -> {new}",
        f"note: both are rendered with the code of the {read_version(repository, None).label}",
    ]
    assert "  visits: rows by id: 0 added, 1 removed, 0 changed" in out
    assert "  a.mean  1.0 -> 3.0 points  +2, +200.0%" in out


@pytest.mark.parametrize(
    ("table", "said", "hidden"),
    [
        (
            "id,P77\nP01,5\nP02,6\n",
            "visits.csv: columns that the descriptor names and the file does not have: none",
            "P77",
        ),
        ("id,score\nP01,5,P77\nP02,6\n", "visits.csv: rows with more cells than columns", "P77"),
        ("id,score\nP01,5\nP02\n", "visits.csv: rows with fewer cells than columns", "P02"),
        ("", "visits.csv: a table", "P01"),
    ],
)
def test_a_table_that_is_not_as_described_is_a_change_everywhere(
    press: Run, repository: Path, tmp_path: Path, table: str, said: str, hidden: str
) -> None:
    """Terminal, JSON and page say so, and none of them that nothing changed in the data."""
    old, new = (shutil.copytree(repository / "data", tmp_path / name) for name in ("old", "new"))
    write(new, {"visits.csv": table})
    for folder in (old, new):
        write(folder, {"results.json": results(receipt("a.mean", 1.0, "1.0"))})
    status, out, _ = press("--data", str(old), str(new))
    assert (status, out.splitlines()[-1]) == (1, "changes found, and not all could be compared")
    assert f"  schema: {said}" in out
    assert "  no change" not in out.splitlines()
    found = json.loads(press("--data", str(old), str(new), "--json")[1])
    assert any(line.startswith(said) for line in found["data"]["schema"])
    text = (repository / "_comparison" / "comparison.html").read_text(encoding="utf-8")
    data = html.fromstring(text).get_element_by_id("data").text_content()
    assert said in data
    assert "No change" not in data
    assert not [of for of in (out, json.dumps(found), text) if hidden in of]


def test_files_with_the_same_fault_are_not_called_the_same(
    press: Run, repository: Path, tmp_path: Path
) -> None:
    """What both lack could not be compared."""
    write(repository, {"data/visits.csv": "id\nP01\n"})
    write(repository / "data", {"results.json": results(receipt("a.mean", 1.0, "1.0"))})
    new = shutil.copytree(repository / "data", tmp_path / "new")
    status, out, _ = press("--data", "data", str(new))
    assert status == 2
    assert "  no change in what could be compared" in out.splitlines()
    assert out.splitlines()[-1] == "not all could be compared; no change in the rest"
    page = (repository / "_comparison" / "comparison.html").read_text(encoding="utf-8")
    assert "<p>No change in what could be compared.</p>" in page


def test_data_packages_need_no_git(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was unpacked from an archive compares them as well."""
    copy = shutil.copytree(repository, tmp_path / "unpacked", ignore=lambda *_: {".git"})
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    data = copy / "data"
    write(data, {"results.json": results(receipt("a.mean", 1.0, "1.0"))})
    other = shutil.copytree(data, tmp_path / "other")
    found = compare(copy, data=(data, other))
    assert (found.status, found.numbers and found.numbers.moved) == (0, ())
    assert "without git" in found.notes[0]


@pytest.mark.parametrize(
    ("old", "new", "status", "said"),
    [
        ("One two.", "One two.", 0, "no change"),
        (
            "One two.",
            "One **two**.",
            1,
            "no word changed, only formatting, pictures or running heads",
        ),
    ],
)
def test_formatting_alone_is_a_change(
    press: Run, repository: Path, make_word: MakeWord, old: str, new: str, status: int, said: str
) -> None:
    """The page is the same, the Word file is not: terminal, page, status and JSON say so."""
    fake = (repository / "press" / "cli.py").read_text(encoding="utf-8")
    write(repository, {"press/cli.py": f"{fake}\nshutil.copy('paper.docx', out)\n"})
    for tag, text in (("v3", old), ("v4", new)):
        shutil.copy(make_word(tag, text), repository / "paper.docx")
        commit(repository, {"notes.txt": tag}, tag)
    found, out, _ = press("v3", "v4")
    assert (found, f"  paper: {said}" in out.splitlines()) == (status, True)
    page = html.parse(repository / "_comparison" / "comparison.html")
    words = page.getroot().get_element_by_id("words-paper")
    assert words.findall("p")[-1].text == f"{said.capitalize()}."
    (words,) = json.loads(press("v3", "v4", "--json")[1])["words"]
    assert (words["blocks"], words["redline"]["formatting"] if status else 0) == ({}, status)
