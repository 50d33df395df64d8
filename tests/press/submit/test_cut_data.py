"""Data that are kept elsewhere and are cut anew between two submissions, in the same folder."""

from __future__ import annotations

import json
import re
from pathlib import Path

import docx
import pytest

from press.compare.comparison import start
from press.errors import PressError
from press.submit.package import submit
from tests.press.submit.conftest import Sent
from tests.press.submit.projects import (
    RECEIPT,
    RESPONSE,
    REVIEWS,
    STUDY,
    WRITE_RESULTS,
    commit,
    make_repository,
    project,
)

READ = """\
import csv, os, pathlib

def mean():
    folder = pathlib.Path(os.environ.get("STUDY_DATA", "data"))
    with open(folder / "visits.csv") as file:
        scores = [float(row["score"]) for row in csv.DictReader(file)]
    return sum(scores) / len(scores)
"""
NUMBER = "It was [change.mean]{.number}.\n\n[results]{.quote}"


def cut(folder: Path, *scores: int, version: str = "1.10.0") -> Path:
    """Write a package of observed scores, over one that may lie there."""
    folder.mkdir(exist_ok=True)
    package = {"version": version, "provenance": {"kind": "observed"}}
    (folder / "datapackage.json").write_text(json.dumps(package))
    rows = "".join(f"P0{i},{score}\n" for i, score in enumerate(scores, start=1))
    (folder / "visits.csv").write_text(f"id,score\n{rows}")
    return folder


@pytest.fixture(scope="module")
def resubmitted(git: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, submitted with a mean of 6, and answered where new data give a mean of 7."""
    assert git
    place = tmp_path_factory.mktemp("cut")
    number = '{**RECEIPT, "value": mean(), "text": f"{mean():+.1f}"}'
    files = project() | {
        "scores.py": READ,
        "study.py": "from scores import mean\n"
        + STUDY.replace("Text('[+8.0]{", "Text(f'[{mean():+.1f}]{{").replace(
            "mean\"}')", "mean\"}}')"
        ),
        "write_results.py": "from scores import mean\n"
        + WRITE_RESULTS.replace("RECEIPT", number).replace("RECEIPT", repr(RECEIPT)),
    }
    root = make_repository(place / "study", files)
    first = submit(root, "tests", data=cut(place / "observed", 5, 7))
    assert first.faults == ()
    response = RESPONSE.replace('[abstract]{.quote starts="Objective" ends="strength"}', NUMBER)
    commit(root, {"response.qmd": response, "reviews.yml": REVIEWS})
    cut(place / "observed", 5, 9)
    return root


def words(path: Path) -> str:
    """The paragraphs of a Word file."""
    return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)


def test_the_letter_has_the_numbers_of_both_cuts(resubmitted: Path) -> None:
    """The mean was 6 and is 7; the committed results.json, of other data, has neither."""
    assert '"value": 8.0' in (resubmitted / "results.json").read_text()
    second = submit(resubmitted, "tests", data=resubmitted.parent / "observed")
    assert second.faults == ()
    folder = resubmitted / "_submission" / "tests"
    assert "+6.0 → +7.0\u00a0points" in words(folder / "3-response-blinded.docx")
    assert "+7.0" in words(folder / "2-manuscript-blinded.docx")
    marked = docx.Document(str(folder / "3-manuscript-blinded-marked-up.docx"))
    word = marked.element.nsmap["w"]
    for kind, number in (("del", "+6.0"), ("ins", "+7.0")):
        found = ["".join(e.itertext()) for e in marked.element.iter(f"{{{word}}}{kind}")]
        assert number in " ".join(found)


def test_a_tag_of_other_data_has_nothing_to_compare(resubmitted: Path, sent: Sent) -> None:
    """Its commit has other data than were sent; a tag of a commit's own data is compared."""
    found = start(resubmitted, "submission/tests/1")
    assert set(found.faults) == {"data", "numbers"}
    assert "submission/tests/1" in found.faults["numbers"]
    assert found.data is None
    assert found.numbers is None
    own = start(sent.root, "submission/tests/1")
    assert "numbers" not in own.faults
    assert own.numbers is not None


@pytest.mark.proof
def test_a_rehearsal_with_faults_of_the_letter_is_no_version(git: str, tmp_path: Path) -> None:
    """With a slip it is not tagged, so that its promises hold against the version before it."""
    assert git
    root = make_repository(tmp_path / "study")
    assert submit(root, "tests", is_rehearsal=True).tag == "rehearsal/tests/1"
    paper = project()["paper.qmd"].replace("To describe strength", "To describe muscle strength")
    slip = RESPONSE.replace("The abstract says so now", "The [abstrakt]{.quote} says so now")
    commit(root, {"paper.qmd": paper, "response.qmd": slip, "reviews.yml": REVIEWS})
    first = submit(root, "tests", is_rehearsal=True)
    assert {fault.place for fault in first.faults} == {"response.qmd:8:5"}
    assert first.tag == ""
    commit(root, {"response.qmd": RESPONSE})
    second = submit(root, "tests", is_rehearsal=True)
    assert second.faults == ()
    assert second.tag == "rehearsal/tests/2"


@pytest.mark.parametrize(
    "name",
    [*(pytest.param(name, marks=pytest.mark.proof) for name in ("paper.html", "results.json")),
     "paper.docx"],
)  # fmt: skip
def test_what_was_sent_is_not_taken_from_a_changed_file(resubmitted: Path, name: str) -> None:
    """A kept file with another byte is no record: the letter is refused, with what helps."""
    file = resubmitted / "_submission" / "sent" / "submission" / "tests" / "1" / name
    content = file.read_bytes()
    file.write_bytes(content + b"\n")
    try:
        found = submit(resubmitted, "tests", data=resubmitted.parent / "observed")
    finally:
        file.write_bytes(content)
    (fault,) = found.faults
    assert fault.place == "response.qmd"
    assert "take _submission/sent/submission/tests/1, unchanged" in fault.text


@pytest.mark.proof
def test_one_state_of_the_data_is_checked_and_printed(resubmitted: Path) -> None:
    """A cut that is replaced while a package is built is in none of it."""
    observed = resubmitted.parent / "replaced"

    def replace(line: str) -> None:
        if line.startswith("rendering"):
            cut(observed, 1, 1)

    built = submit(resubmitted, "tests", data=cut(observed, 5, 9), is_rehearsal=True, say=replace)
    assert built.folder is not None
    text = words(built.folder / "2-manuscript.docx")
    assert "the change was +7.0" in text
    assert "+1.0" not in text


def test_faults_name_the_data_folder_that_was_given(resubmitted: Path) -> None:
    """Not the copy from which the package would be built."""
    simulated = cut(resubmitted.parent / "simulated", 5, 9)
    package = '{"version": "1.9.0", "provenance": {"kind": "simulated"}}'
    (simulated / "datapackage.json").write_text(package)
    said = [str(fault) for fault in submit(resubmitted, "tests", data=simulated).faults]
    place = f"{simulated / 'datapackage.json'}: "
    assert f"{place}provenance.kind is simulated" in said[0]
    assert f"{place}version is 1.9.0, and submission/tests/" in said[1]
    (simulated / "visits.csv").unlink()
    with pytest.raises(PressError, match=re.escape(f"{simulated / 'visits.csv'}")):
        submit(resubmitted, "tests", data=simulated)
