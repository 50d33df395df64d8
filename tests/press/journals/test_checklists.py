"""Reporting checklists: what is read, what is refused, and the page of each answer in a PDF."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from press.errors import PressError
from press.journals.checklists import Checklist, Item, Row, find_answers, read_checklist

ROOT = Path(__file__).parents[3]
STROBE = (
    "1a 1b 2 3 4 5 6a 6b 7 8 9 10 11 12a 12b 12c 12d 12e 13a 13b 13c 14a 14b 14c 15 16a 16b 16c "
    "17 18 19 20 21 22"
).split()
"""The numbers of the items for cohort studies: von Elm et al. 2007, Table."""

PAPER = """\
#set document(title: "Six patients")
#set page(width: 60mm, height: 110mm, margin: 8mm)
#set text(hyphenate: true)
#title()
= Abstract
A balanced summary.
= Methods <methods>
== Outcomes <outcomes>
Strength is the main outcome.
#pagebreak()
The characteristics of the participants were immunohistochemically and retrospectively described.
= Results <results>
== Outcomes <outcomes-1>
Strength rose.
#pagebreak()
#figure(table(columns: 2, table.header[Patient][Age], [1], [50]), caption: [Who they were.])
#figure(table(columns: 2, table.header[Visit][CK], [1], [900]), caption: [Enzymes.])
"""
"""Three pages, told apart by hand."""
SOURCE = "::: {#tbl-patients}\n:::\n\n```{python}\n#| label: tbl-enzymes\n```\n"


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The paper above as a tagged PDF."""
    path = tmp_path_factory.mktemp("pdf") / "paper.pdf"
    path.write_bytes(typst.compile(PAPER.encode(), pdf_standards=["ua-1"]))
    return path


@pytest.mark.parametrize(
    ("at", "phrase", "answer", "page"),
    [
        ("title", "six patients", "title", 1),
        ("abstract", "balanced", "Abstract", 1),
        ("outcomes", "main outcome", "Outcomes", 1),
        ("methods", "immunohistochemically and retrospectively", "Methods", 2),
        ("outcomes-1", "strength rose", "Outcomes", 2),
        ("tbl-patients", "who they were", "Table 1", 3),
        ("tbl-enzymes", "900", "Table 2", 3),
    ],
)
def test_an_answer_has_its_page(pdf: Path, at: str, phrase: str, answer: str, page: int) -> None:
    """By its label and a phrase, wherever the lines of the PDF are broken."""
    checklist = Checklist("Mine", (Item("1", "what", "mine.yml:3", at, phrase),))
    assert find_answers(checklist, pdf, SOURCE) == ([Row("1", "what", answer, page)], [])


def test_an_item_that_does_not_apply_has_no_page(pdf: Path) -> None:
    """It is a row with its reason."""
    checklist = Checklist("Mine", (Item("6b", "matching", "mine.yml:3", reason="no controls"),))
    rows, faults = find_answers(checklist, pdf, SOURCE)
    assert rows == [Row("6b", "matching", "Not applicable: no controls", None)]
    assert not faults


@pytest.mark.parametrize(
    ("at", "phrase", "fault"),
    [
        ("outcome", "main", "item 1: paper.pdf has no label outcome; did you mean outcomes?"),
        ("outcomes-1", "main outcome", "item 1: “main outcome” is not in Outcomes of paper.pdf; "),
        ("abstract", "main outcome", "item 1: “main outcome” is not in Abstract of paper.pdf; "),
        ("tbl-patients", "900", "item 1: “900” is not in Table 1 of paper.pdf; "),
    ],
)
def test_a_lost_answer_is_a_fault(pdf: Path, at: str, phrase: str, fault: str) -> None:
    """A label that is gone, and a phrase that stands elsewhere, by the line of the item."""
    checklist = Checklist("Mine", (Item("1", "what", "mine.yml:3", at, phrase),))
    rows, faults = find_answers(checklist, pdf, SOURCE)
    assert not rows
    assert [found.place for found in faults] == ["mine.yml:3"]
    assert faults[0].text.startswith(fault)


def test_without_the_pdf_the_remedy_is_named(tmp_path: Path) -> None:
    """Nothing can be found in a PDF that was not rendered."""
    with pytest.raises(PressError, match="make it with press render"):
        find_answers(Checklist("Mine", ()), tmp_path / "paper.pdf", SOURCE)


def test_the_checklists_of_the_project_are_whole() -> None:
    """Every item of STROBE for cohort studies and of CARE, in its order, is answered or owned."""
    assert [item.number for item in read_checklist(ROOT, "strobe").items] == STROBE
    care = [item.number for item in read_checklist(ROOT, "care").items]
    assert care == [str(number) for number in range(1, 14)]


def test_every_fault_of_a_checklist_is_refused_at_once(tmp_path: Path) -> None:
    """A key nobody knows, an item without an answer and one that stands twice, by their lines."""
    folder = tmp_path / "journal" / "checklists"
    folder.mkdir(parents=True)
    items = [
        "{number: 1, words: a, at: b, phrase: c}",
        "{number: 1, words: a, resaon: d}",
        "{number: 2, words: a, at: b}",
    ]
    text = "name: Mine\nitems:\n" + "".join(f"  - {item}\n" for item in items)
    (folder / "mine.yml").write_text(text, encoding="utf-8")
    with pytest.raises(PressError) as refused:
        read_checklist(tmp_path, "mine")
    said = str(refused.value).split("\n")
    assert [line.partition(": ")[0][-5:] for line in said] == ["yml:4", "yml:4", "yml:4", "yml:5"]
    assert "item 1 stands here a second time" in said[0]
    assert "item 1: it has number, words, resaon; wanted are" in said[1]
    assert "unknown key resaon; did you mean reason?" in said[2]
    assert "item 2: it has number, words, at; wanted are" in said[3]
    with pytest.raises(PressError, match=r"no checklist .*/ours\.yml; known are mine"):
        read_checklist(tmp_path, "ours")
