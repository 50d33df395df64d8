"""Eight pairs of versions of the study, one small edit each, and what the comparison says of it.

What is expected follows from the edit: a seventh patient, a cell in each row of one table.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from press.compare.comparison import Comparison, compare
from press.compare.documents import DocumentChange
from press.compare.report import deliver
from press.compare.words import INSERTED, MOVED, UNCHANGED, Block
from tests.press.compare import pairs
from tests.press.compare.browser import look_over

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Compared = Callable[[str], Comparison]
WITH_DATA = ("patient added", "follow-up extended", "everything")
pytestmark = pytest.mark.proof


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the pages and redlines, a folder a pair."""
    return tmp_path_factory.mktemp("outputs")


@pytest.fixture(scope="session")
def compared(study: Path, outputs: Path) -> Compared:
    """The comparison of a pair by its name, made once and delivered to a folder of that name."""

    @cache
    def make(name: str) -> Comparison:
        pairs.PAIRS[name](study)
        try:
            if name in WITH_DATA:
                pairs.record(study)
            return deliver(compare(study, "HEAD"), outputs / name)
        finally:
            pairs.restore(study)

    return make


def classes(found: Comparison) -> set[str]:
    """The classes in which something changed."""
    parts = {"data": found.data, "numbers": found.numbers, "claims": found.claims}
    changed = {name for name, part in parts.items() if part and part.is_changed}
    changed |= {of.name for of in found.documents if of.is_changed}
    return changed | ({"figures"} if found.figures else set())


def document(found: Comparison, name: str = "manuscript") -> DocumentChange:
    """What became of a document."""
    return next(change for change in found.documents if change.name == name)


def changed_blocks(change: DocumentChange) -> list[Block]:
    """The blocks that are not as they were."""
    assert change.words
    return [block for block in change.words.blocks if block.state != UNCHANGED]


def printed(found: Comparison) -> dict[str, tuple[str, str]]:
    """The numbers printed otherwise, by id, with their old and new text."""
    assert found.numbers
    return {change.id: (change.old.text, change.new.text) for change in found.numbers.moved}


def table_counts(found: Comparison) -> dict[str, tuple[int, int, int]]:
    """Rows added, removed and changed, by table."""
    assert found.data
    return {of.name: (of.added, of.removed, of.changed) for of in found.data.tables}


@pytest.mark.parametrize(
    ("pair", "changed"),
    [
        ("patient added", "data numbers claims figures manuscript supplement"),
        ("follow-up extended", "data numbers claims figures manuscript supplement"),
        ("prose only", "manuscript"),
        ("figure style only", "figures manuscript"),
        ("table column added", "manuscript"),
        ("references reordered", "manuscript"),
        ("paragraph moved", "manuscript"),
        ("everything", "data numbers claims figures manuscript supplement"),
    ],
)
def test_what_an_edit_touches_is_reported_and_nothing_else(
    compared: Compared, outputs: Path, pair: str, changed: str
) -> None:
    """Changes are status 1, nothing fails, and each Word file that changed has its redline."""
    found = compared(pair)
    assert classes(found) == set(changed.split())
    assert (found.status, found.faults, found.notes) == (1, {}, ())
    redlined = {"manuscript"} | ({"supplement"} & set(changed.split()))
    done = {of.name: of.redline for of in found.documents if of.redline}
    assert set(done) == redlined
    assert all(redline.passed and redline.insertions for redline in done.values())
    files = {path.name for path in (outputs / pair).iterdir()}
    assert files == {"comparison.html", *(f"{name}-redline.docx" for name in redlined)}


def test_a_patient_more_is_counted_everywhere(compared: Compared) -> None:
    """Rows in four tables; six patients become seven, three with dermatomyositis four."""
    found = compared("patient added")
    added = {name: (len(rows), 0, 0) for name, rows in pairs.PATIENT.items()}
    assert table_counts(found) == added
    texts = printed(found)
    assert texts["cohort.treated.n"] == texts["strength.pairs.n"] == ("6", "7")
    assert texts["cohort.diagnosis.dm.n"] == ("3", "4")
    assert texts["safety.events.n"] == ("10", "11")
    assert texts["treatment.cycles.n"] == ("71", "76")
    assert texts["strength.change.mean"] == ("+8.0", "+8.3")  # (6 * 8.0 + 54 - 44) / 7
    assert found.numbers
    assert {of.id.split(".")[1] for of in found.numbers.added if of.id.startswith("patient.")} == {
        "7"
    }
    assert not found.numbers.removed
    flags = {flag.id: flag.text for flag in found.numbers.flags if flag.kind == "n"}
    assert flags["strength.change.mean"] == "n 6 -> 7"
    assert "abstract" in document(found).counts
    patients = next(b for b in changed_blocks(document(found)) if b.number == "Table 2")
    states = [{cell.state for cell in row} for row in patients.rows]
    assert states == [{UNCHANGED}] * 7 + [{INSERTED}]


def test_a_longer_follow_up_leaves_the_outcomes_alone(compared: Compared) -> None:
    """A cycle and a visit more move no number of patients and no change at day 183."""
    found = compared("follow-up extended")
    assert table_counts(found) == {"visits": (1, 0, 0), "cycles": (1, 0, 0)}
    texts = printed(found)
    assert texts["treatment.cycles.n"] == ("71", "72")
    assert texts["patient.6.cycles"] == ("10", "11")
    outcomes = ("strength.change.", "strength.pairs.", "ck.ratio.", "cohort.treated.")
    assert not [id for id in texts if id.startswith(outcomes)]
    assert found.claims
    assert not found.claims.turned
    targets = {change.figure.target for change in found.figures}
    assert {"fig-cycles", "fig-course", "fig-timeline"} <= targets
    assert not {"fig-change", "fig-differences", "fig-sensitivity"} & targets


def test_a_word_of_prose_is_one_changed_paragraph(compared: Compared) -> None:
    """Its heading and the two words are named."""
    change = document(compared("prose only"))
    (block,) = changed_blocks(change)
    assert (block.kind, block.state, block.path) == ("paragraph", "changed", ("Introduction",))
    words = [(piece.kind, piece.text) for piece in block.pieces if piece.kind]
    assert words == [("del", "conventional"), ("ins", "other")]
    assert change.said == "1 paragraph changed"
    assert change.redline
    assert (change.redline.insertions, change.redline.deletions) == (1, 1)


def test_a_colour_is_a_changed_drawing(compared: Compared) -> None:
    """Bands are drawn in the time courses alone; the redline has the old picture and the new."""
    found = compared("figure style only")
    assert [(of.figure.target, of.parts) for of in found.figures] == [("fig-course", ("drawing",))]
    change = document(found)
    assert change.said == "no word changed, only formatting, pictures or running heads"
    assert change.redline
    assert (change.redline.insertions, change.redline.deletions) == (1, 1)


def test_a_column_is_a_cell_more_in_each_row(compared: Compared) -> None:
    """The other cells of the table are as they were."""
    (block,) = changed_blocks(document(compared("table column added")))
    assert (block.kind, block.number) == ("table", "Table 3")
    inserted = [[c.pieces[0].text for c in row if c.state == INSERTED] for row in block.rows]
    assert inserted == [["Measure"], ["difference"], ["ratio"], ["ratio"], ["difference"]]
    rest = [cell.state for row in block.rows for cell in row if cell.state != INSERTED]
    assert set(rest) == {UNCHANGED}


def test_references_in_another_order_are_said_once(compared: Compared) -> None:
    """No sentence and no reference is called changed."""
    change = document(compared("references reordered"))
    assert change.words
    assert change.words.renumbered == ("References renumbered: 2 is now 1; 1 is now 2.",)
    assert changed_blocks(change) == []
    assert change.said == "references renumbered"


def test_a_moved_paragraph_has_moved(compared: Compared) -> None:
    """It is neither deleted nor inserted."""
    (block,) = changed_blocks(document(compared("paragraph moved")))
    assert (block.kind, block.state) == ("paragraph", MOVED)
    assert block.path == block.came_from == ("Discussion", "Limitations")
    assert block.pieces[0].text.startswith(pairs.MOVED)


def test_everything_at_once_is_the_sum(compared: Compared) -> None:
    """Each edit is found among the others."""
    found, parts = compared("everything"), [compared(name) for name in pairs.EDITS]
    sums: dict[str, int] = {}
    for part in parts:
        for name, (added, *_) in table_counts(part).items():
            sums[name] = sums.get(name, 0) + added
    assert table_counts(found) == {name: (added, 0, 0) for name, added in sums.items()}
    assert printed(found)["treatment.cycles.n"] == ("71", "77")
    both = {of.figure.target for part in parts for of in part.figures}
    assert {of.figure.target for of in found.figures} == both
    change = document(found)
    assert change.words
    assert change.words.renumbered == ("References renumbered: 2 is now 1; 1 is now 2.",)
    assert change.words.count(MOVED) == 1
    texts = [piece.text for block in changed_blocks(change) for piece in block.pieces]
    assert {"conventional", "other"} <= set(texts)
    outcomes = next(b for b in changed_blocks(change) if b.number == "Table 3")
    assert [sum(cell.state == INSERTED for cell in row) for row in outcomes.rows] == [1] * 5


def test_the_page_of_everything_is_looked_over(
    compared: Compared, outputs: Path, browser: Browser
) -> None:
    """On a phone, where 453 numbers, all figures and both documents are the most to show."""
    compared("everything")
    page = outputs / "everything" / "comparison.html"
    look_over(browser, page, views=["phone"], unfolded=False)
