"""The README's demonstration of `press compare`, run as it stands there, and the page it gives."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from press.compare.comparison import Comparison, compare
from press.compare.gate import judge
from press.compare.report import deliver
from tests.press.compare.browser import look_over
from tests.press.compare.pairs import ROOT, restore
from tests.press.compare.repositories import run_git
from tests.press.compare.test_redline import stream

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow


def commands() -> list[str]:
    """The lines of the README from `Try it` on, but for the last, which takes it all back."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("Try it: ")[2]
    block = re.search(r"\n\n((?:    .+\n)+)", text)
    assert block
    *lines, last = [line.strip() for line in block[1].splitlines()]
    assert last == "git checkout data results.json"
    return lines


@dataclass(frozen=True)
class Demonstration:
    """The folder in which the commands ran, what each ended with and the last one said."""

    folder: Path
    results: tuple[str, str]
    ended: tuple[int, ...]
    said: str
    before: str

    @property
    def output(self) -> Path:
        """The folder with page and redlines."""
        return self.folder / "_comparison"

    @property
    def page(self) -> Any:
        """The page, read."""
        text = (self.output / "comparison.html").read_text(encoding="utf-8")
        return html.document_fromstring(text)


@pytest.fixture(scope="session")
def shown(study: Path) -> Iterator[Demonstration]:
    """The study after the README's commands; restored afterwards."""
    (study / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    (study / ".git" / "info" / "exclude").write_text(".venv\n", encoding="utf-8")
    old = (study / "results.json").read_text(encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(study)}
    run = [
        subprocess.run(
            line, shell=True, cwd=study, env=environment, capture_output=True, encoding="utf-8"
        )
        for line in commands()
    ]
    new = (study / "results.json").read_text(encoding="utf-8")
    before = run_git(study, "status", "--porcelain")
    ended = tuple(done.returncode for done in run)
    yield Demonstration(study, (old, new), ended, run[-1].stdout, before)
    restore(study)


@pytest.fixture(scope="session")
def found(shown: Demonstration) -> Comparison:
    """The same comparison by the function, from the renders that the command left."""
    return compare(shown.folder, "HEAD")


def receipts(text: str) -> dict[str, dict[str, Any]]:
    """The lines of a results.json by id, but for its head."""
    return {line["id"]: line for line in map(json.loads, text.splitlines()[1:])}


def rows(table: Any) -> list[tuple[str, str, str]]:
    """The first three cells of each row: id, old and new, without what is said for the ear."""
    for hidden in table.find_class("visually-hidden"):
        hidden.drop_tree()
    found = [[cell.text_content().strip() for cell in row[:3]] for row in table.iter("tr")]
    return [(cells[0], cells[1], cells[2]) for cells in found[1:]]


def test_the_commands_end_as_they_should(shown: Demonstration) -> None:
    """Changes are status 1, and the report names the three parts that follow each other."""
    assert shown.ended == (0, 0, 0, 1)
    assert "  visits: rows by patient_id, visit_day: 0 added, 0 removed, 1 changed" in shown.said
    assert "claim.strength.all: supported -> weaker" in shown.said
    assert shown.said.rstrip().endswith("changes found")


def test_the_page_lists_every_number_that_moved(shown: Demonstration) -> None:
    """Read from the two files: another text or value, claims and verdicts aside."""
    old, new = map(receipts, shown.results)
    verdicts = re.compile(r"claim\.|witness\.p\d")
    wanted = {
        (id, old[id]["text"], line["text"])
        for id, line in new.items()
        if (line["text"], line["value"]) != (old[id]["text"], old[id]["value"])
        and not verdicts.match(id)
    }
    assert len(wanted) > 60
    assert ("strength.change.mean", "+8.0", "+7.5") in wanted  # three points in one of six
    captions = ("Numbers that readers", "Numbers of results.json", "Numbers that moved below")
    tables = [
        table
        for table in shown.page.iter("table")
        if table.findtext("caption", "").startswith(captions)
    ]
    listed = [row for table in tables for row in rows(table)]
    assert len(listed) == len(wanted)
    assert set(listed) == wanted


def test_the_summary_names_tables_and_figures(shown: Demonstration) -> None:
    """Which table of the data has changed rows, and which figures are drawn otherwise."""
    summary = {a: b for a, b, *_ in map(cells_of, next(shown.page.iter("table")).iter("tr"))}
    assert summary["Data"] == "visits: 1 row changed"
    assert summary["Figures"] == "Figure 1, Figure 2, Figure 3, Figure S1, Figure S2 changed"


def cells_of(row: Any) -> list[str]:
    """The texts of a row."""
    return [" ".join(cell.text_content().split()) for cell in row]


def test_the_page_shows_the_claim_that_weakened_first(shown: Demonstration) -> None:
    """Its states and both its wordings, which are those of claims.yml."""
    section = shown.page.get_element_by_id("claims")
    claim = section.find_class("claim")[0]
    state = claim.find_class("state")[0].text_content()
    assert " ".join(state.split()) == "claim.strength.all: supported → weaker"
    wordings = [claim.find(f".//{tag}").text_content() for tag in ("del", "ins")]
    assert wordings == [
        "[deleted] The score was higher at follow-up in all 6 patients.",
        "[inserted] The score was higher at follow-up in 5 of 6 patients, "
        "equal in 0 and lower in 1.",
    ]
    old, new = map(receipts, shown.results)
    moved = {id for id in new if id.startswith("claim.") and new[id]["text"] != old[id]["text"]}
    named = {code.text_content() for code in section.iter("code")}
    assert moved <= named


def test_both_redlines_pass_the_gate(shown: Demonstration, found: Comparison) -> None:
    """Judged once more, from the files that lie there; the page leads to them."""
    assert found.rendered
    old, new = (rendered.folder for rendered in found.rendered)
    assert old
    assert new
    links = {a.get("href") for a in shown.page.iter("a")}
    for name in ("manuscript", "supplement"):
        redline = shown.output / f"{name}-redline.docx"
        assert judge(redline, old / f"{name}.docx", new / f"{name}.docx") == ()
        assert stream(redline) == stream(new / f"{name}.docx")
        assert stream(redline, accepted=False) == stream(old / f"{name}.docx")
        assert redline.name in links


def test_readers_are_led_to_sentence_cell_and_alternative_text(found: Comparison) -> None:
    """The new mean stands in the text, in the table of outcomes and in two figures' words."""
    places = found.shown["strength.after.mean"]
    assert [(place.kind, place.target) for place in places] == [
        ("sentence", ""),
        ("cell", "tbl-outcomes"),
        ("alternative text", "fig-change"),
        ("alternative text", "fig-course"),
    ]
    assert places[1].where.endswith("column Follow-up")
    assert found.shown["claim.strength.all"]
    figures = {change.figure.target: change.parts for change in found.figures}
    assert figures["fig-change"] == ("drawing", "alternative text")


def test_no_alternative_text_is_said_to_show_what_it_does_not(found: Comparison) -> None:
    """It has the smallest mean without one patient; that of patient 3 is the same number."""
    alike = ("strength.left_out.minimum", "strength.left_out.patient_3.mean")
    for id in alike:
        place = found.shown[id][-1]
        assert (place.target, place.one_of, place.is_certain) == ("fig-sensitivity", alike, False)


def test_no_row_is_shown_unless_it_is_asked_for(
    shown: Demonstration, found: Comparison, tmp_path: Path
) -> None:
    """No key on the page, no cell of the changed row in its section on data; with --rows both."""
    name = shown.folder / "data" / "visits.csv"
    with name.open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.reader(file) if row[:2] == ["P05", "198"])
    hidden = shown.page
    assert "P05" not in hidden.text_content()
    assert "P05" not in shown.said
    words = set(re.findall(r"[\w.]+", hidden.get_element_by_id("data").text_content()))
    assert not words & {*row, "47"} - {"1"}  # one row changed
    deliver(compare(shown.folder, "HEAD", rows=True), tmp_path)
    page = html.fromstring((tmp_path / "comparison.html").read_text(encoding="utf-8"))
    said = page.get_element_by_id("data").text_content()
    assert re.search(r"P05, 198\s*mrc_sum_score\s*\[deleted\] 47\s*\[inserted\] 44", said)
    assert found.data
    assert not found.data.rows


def test_the_page_says_that_the_data_are_simulated(shown: Demonstration) -> None:
    """Above everything that is compared."""
    (notice,) = shown.page.find_class("notice")
    assert notice.text.startswith("Simulated data: the patients in this article do not exist.")


def test_the_same_comparison_gives_the_same_bytes(
    shown: Demonstration, found: Comparison, tmp_path: Path
) -> None:
    """Page and redlines, whoever makes them and when."""
    deliver(found, tmp_path)
    for path in shown.output.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_tree_and_the_repository_stay_as_they_were(shown: Demonstration) -> None:
    """Data, dictionary, descriptor and results are changed by the commands, and nothing else."""
    lines = {line[3:] for line in shown.before.splitlines()}
    assert lines == {"data/README.md", "data/datapackage.json", "data/visits.csv", "results.json"}
    assert not (shown.folder / "_manuscript").exists()
    assert len(run_git(shown.folder, "worktree", "list").splitlines()) == 1


def test_the_page_is_looked_over(shown: Demonstration, browser: Browser) -> None:
    """axe-core has nothing against it, it asks for nothing else, and fits a phone."""
    look_over(browser, shown.output / "comparison.html")


def test_paper_says_what_is_folded(shown: Demonstration, browser: Browser) -> None:
    """Each line that says how much is folded away on the screen is printed."""
    page = browser.new_page()
    page.goto((shown.output / "comparison.html").as_uri())
    page.emulate_media(media="print")
    lines = page.locator("main > section > details > summary").all()
    assert lines
    assert all(line.is_visible() for line in lines)
    page.close()
