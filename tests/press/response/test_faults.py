"""Every fault of comments, letter and quotes: one line with its place and its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from press.config import read_project
from press.response.build import Versions, build_response, check_response
from press.response.reviews import read_reviews
from tests.press.response.conftest import LETTER, PAGE, REVIEWS, Faults

ONE_MORE = "\n::: {.answer to=%s}\nYes.\n:::\n"
OLD = PAGE.replace("by one examiner", "by two examiners")
QUOTED = '[methods]{.quote starts="It was graded"}'


def test_an_answer_without_a_fault_passes(faults: Faults) -> None:
    """Prose, a number, a changed passage, a tag, a figure's name and a literal are no faults."""
    prose = 'See R1.1 and @fig-change, [rise]{.number}, [six]{.literal reason="of us"}.\n\n'
    assert faults(prose + QUOTED, old=OLD) == ""


def test_nothing_happens_without_a_letter(tmp_path: Path) -> None:
    """Without response.qmd nothing is read, and nothing written."""
    (tmp_path / "_quarto.yml").write_text(
        "project: {render: [a.qmd]}\nformat: {docx: default}\n", encoding="utf-8"
    )
    (tmp_path / "a.qmd").write_text("", encoding="utf-8")
    (tmp_path / "reviews.yml").write_text("no: comments", encoding="utf-8")
    project, away = read_project(tmp_path), tmp_path / "away"
    assert build_response(project, Versions("", "", away, away, away), away) == []
    assert check_response(project) == []
    assert not away.exists()


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("", "response.qmd:5:1: the answer to R1.1 is empty; write it"),
        ("<!-- yes -->", "response.qmd:5:1: the answer to R1.1 is empty; write it"),
        ("It rose by 8 points.", 'response.qmd:6:12: "8" is typed: It rose by 8 points. (take'),
        ("Two doctors.", 'response.qmd:6:1: "Two" is typed: Two doctors. (take it from'),
        ("See R3.1.", 'response.qmd:6:5: "R3.1" is typed'),
        ("[Two]{.literal} of us.", 'response.qmd:6:1: the literal "Two" has no reason'),
        ("Yes [to be completed].", 'response.qmd:6:5: "[to be completed]" is left; write what'),
        ("Yes, TODO.", 'response.qmd:6:6: "TODO" is left'),
        ("[ries]{.number}", "response.qmd:6:1: no receipt has the id ries; did you mean rise?"),
        ("[rise]{.numbr} fell.", "response.qmd:6:8: class numbr: did you mean number?"),
        ("[rise]{.number start=a}", "response.qmd:6:1: start= of [rise]; there are none"),
        (
            "[abstract]{.quote .unchanged .old}",
            "class old of [abstract]; there are number, quote, changed",
        ),
        ("[metods]{.quote}", "6:1: nothing has the label metods; did you mean methods?"),
        ("Yes.\n\n[methods]{.quote}", "8:1: methods has 2 paragraphs; say which one, starts="),
        ('[methods]{.quote starts="Nobody"}', "“Nobody” is not in methods; give the words as"),
        ('[methods]{.quote starts="nzymes were"}', "“nzymes were” is not in methods; give"),
        ("Yes. <!-- 8 [nothing]{.number} TODO -->", ""),
        ('[methods]{.quote starts="Strength rose"}', "is not in methods; it is in abstract"),
        ('[methods]{.quote starts="were"}', "“were” is 2 times in methods; give more words"),
        ('[methods]{.quote starts="Enzymes" ends="never"}', "ends=“never” is not behind the"),
        ('[methods]{.quote in="suplement"}', "in=suplement: there are paper"),
        ('[fig-change]{.quote starts="The"}', "fig-change is quoted by its caption"),
        ("See @fig-chnge.", "6:5: the article has no @fig-chnge; did you mean fig-change?"),
        ("Yes<br>.", "response.qmd:6:4: raw html is not checked"),
        ("`{python} 1`", "response.qmd:6: nothing is run in the letter; take a number"),
    ],
)
def test_a_fault_of_an_answer_has_its_place_and_remedy(
    faults: Faults, answer: str, fault: str
) -> None:
    """Each is refused at its line and column with what to do, and nothing is written."""
    said = faults(answer)
    assert fault in said
    assert len(said.splitlines()) == bool(fault)


@pytest.mark.parametrize(
    ("letter", "fault"),
    [
        ("Thanks.\n", "reviews.yml:3: R1.1 has no answer; add"),
        (
            LETTER % "Yes." + ONE_MORE % '"R1.2"',
            "response.qmd:9:1: reviews.yml has no comment R1.2",
        ),
        (LETTER % "Yes." + ONE_MORE % '"R1.1"', "response.qmd:9:1: R1.1 is answered on line 5"),
        (LETTER % "Yes." + ONE_MORE % '""', "response.qmd:9:1: this answer says not to what"),
    ],
)
def test_answers_and_comments_find_each_other(faults: Faults, letter: str, fault: str) -> None:
    """A comment has one answer, and an answer its comment."""
    letter = letter if letter.startswith("---") else f"---\ntitle: Response\n---\n{letter}"
    said = faults("", letter=letter)
    assert said.startswith(fault)
    assert len(said.splitlines()) == 1


def test_text_between_answers_belongs_to_one(faults: Faults) -> None:
    """What stands between two answers would be printed under the wrong comment."""
    second = REVIEWS.partition("  - ")[2].replace("number: 1", "number: 2")
    letter = LETTER % "Yes." + "\nThanks.\n" + ONE_MORE % '"R1.2"'
    said = faults("", letter=letter, reviews=f"{REVIEWS}  - {second}")
    assert said.startswith("response.qmd:11:1: text before this answer belongs to no answer")


def test_a_promised_change_is_in_the_redline(faults: Faults) -> None:
    """A quote is a promise of a change unless it says that it is none, and then it must be none."""
    same = "response.qmd:6:1: [methods] is as it was submitted last, nothing of it is in the"
    assert same in faults(QUOTED)
    assert faults(QUOTED, old=OLD) == ""
    undo = "{.quote .unchanged}; if submission/x/1 was never uploaded, git tag -d submission/x/1"
    assert undo in faults(QUOTED, tag="submission/x/1")
    unchanged = QUOTED.replace(".quote", ".quote .unchanged")
    assert faults(unchanged) == ""
    assert "[methods] is in the redline; leave out .unchanged" in faults(unchanged, old=OLD)


def test_all_faults_are_said_at_once(faults: Faults) -> None:
    """Faults of the comments, of the form and of the quotes come in one report, in order."""
    said = faults("It rose by 8.\n\n[metods]{.quote}", reviews=REVIEWS.replace("2", "two"))
    assert [line.split(": ")[0] for line in said.splitlines()] == [
        "response.qmd:6:12", "response.qmd:8:1", "reviews.yml:1",
    ]  # fmt: skip


def test_check_needs_no_render(faults: Faults, tmp_path: Path) -> None:
    """The source alone shows comments without an answer, and labels that are gone."""
    faults("[metods]{.quote}\n\n[outcomes]{.quote} See @fig-nothing.")
    said = [str(fault) for fault in check_response(read_project(tmp_path))]
    assert said == [
        "response.qmd:6:1: paper has no label metods; did you mean methods?",
        "response.qmd:8:24: the article has no @fig-nothing; there are methods, outcomes",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("round: 1\ncomments: []\n", "reviews.yml:2: comments: a list of comments is wanted"),
        (REVIEWS.replace("round: 2\n", ""), "reviews.yml:1: round: the round's number is wanted"),
        (REVIEWS.replace("round", "rond"), "reviews.yml:1: unknown key rond; did you mean round?"),
        (REVIEWS.replace("text: |", "txet: |"), "reviews.yml:5: unknown key txet; did you mean"),
        (REVIEWS.replace("Who graded strength?", ""), "reviews.yml:5: text: the comment is wanted"),
        (REVIEWS.replace("number: 1", "number: 1b"), "reviews.yml:4: number: 1b: a whole number"),
        (REVIEWS.replace("er: 1", "er: Smith"), "reviews.yml:3: reviewer: Smith: the reviewer's"),
        (REVIEWS.replace("    number: 1\n", ""), "reviews.yml:3: this comment has no number"),
        (REVIEWS + REVIEWS.partition("comments:\n")[2], "reviews.yml:7: R1.1 stands here a second"),
        ("round: 1\ncomments:\n  - text: a: b\n", "reviews.yml:3: this is not YAML"),
    ],
)
def test_a_fault_of_the_comments_has_its_line(tmp_path: Path, text: str, fault: str) -> None:
    """Each fault of reviews.yml is said with the line it stands on."""
    (tmp_path / "reviews.yml").write_text(text, encoding="utf-8")
    _, faults = read_reviews(tmp_path / "reviews.yml")
    assert any(str(found).startswith(fault) for found in faults)
