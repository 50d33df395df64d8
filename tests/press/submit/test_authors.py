"""How documents name their authors: mistyped identifiers, and one document unlike the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from press.config import read_project
from press.document import read_document
from press.submit.authors import check_authors, is_orcid
from tests.press.submit.projects import AUTHORS, make_repository

HEAD = "---\ntitle: A\n{}---\n\nText.\n"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("0000-0002-1825-0097", True),  # Josiah Carberry, the example of orcid.org
        ("https://orcid.org/0000-0002-1825-0097", True),
        ("0000-0002-1694-233X", True),  # the example of orcid.org with an X
        ("0000-0002-1825-0098", False),
        ("0000-0002-1852-0097", False),
        ("0000-0002-1694-2330", False),
        ("0000-0002-1825-009", False),
        ("0000000218250097", False),
    ],
)
def test_the_last_sign_of_an_orcid_follows_from_the_others(text: str, is_one: bool) -> None:
    """The examples of orcid.org are ORCIDs; with a digit changed, swapped or lost they are none."""
    assert is_orcid(text) is is_one


@pytest.fixture(scope="module")
def folder(git: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project, for its settings."""
    assert git
    return make_repository(tmp_path_factory.mktemp("authors") / "study")


def faults(folder: Path, *authors: str) -> list[str]:
    """What is said of documents a.qmd, b.qmd with these lines in the front matter."""
    documents = tuple(read_document(HEAD.format(lines), file=f"{name}.qmd")
                      for name, lines in zip("ab", authors, strict=False))  # fmt: skip
    return [str(fault) for fault in check_authors(read_project(folder), documents)]


def test_a_mistyped_orcid_is_told_with_its_line(folder: Path) -> None:
    """In each document that has it, and one that waits for its digits is not told as such."""
    wrong = AUTHORS.replace("0097", "0098")
    said = faults(folder, wrong, wrong)
    assert [line.partition(";")[0] for line in said] == [
        f"{name}.qmd:5: 0000-0002-1825-0098 is no ORCID: its last sign is not the check digit of "
        "those before, or one is missing"
        for name in "ab"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Ben Quill", "Benno Quill", "Benno Quill"),
        ("0000-0002-1825-0097", "0000-0002-1694-233X", "ORCID 0000-0002-1694-233X"),
        ("ada@zimmerwald", "ada@else", "e-mail ada@else.example"),
        ("    corresponding: true\n", "", "Institute of Made Names Bern"),
        ("city: Bern", "city: Basel", "of Institute of Made Names Basel"),
        ("  - name: Ben Quill\n    affiliations:\n      - ref: one\n", "", "no such author"),
    ],
)
def test_documents_that_name_other_authors_are_refused(
    folder: Path, old: str, new: str, said: str
) -> None:
    """Name, ORCID, e-mail, who corresponds, place and number of authors are the same in both."""
    assert old in AUTHORS
    found = faults(folder, AUTHORS, AUTHORS.replace(old, new))
    assert found
    for line in found:
        assert line.startswith("a.qmd:")
        assert "; b.qmd:" in line
        assert line.endswith("; write the same in both")
    assert any(said in line.partition("; b.qmd:")[2] for line in found)


def test_authors_who_are_said_in_other_lines_are_the_same(folder: Path) -> None:
    """A name in parts and an affiliation that is listed apart read alike."""
    listed = """\
author:
  - name: {given: Ada, family: Zimmerwald}
    orcid: 0000-0002-1825-0097
    email: ada@zimmerwald.example
    corresponding: true
    degrees: [MD, PhD]
    affiliations:
      - ref: place
  - name: Ben Quill
    affiliations:
      - ref: place
affiliations:
  - {id: place, name: Institute of Made Names, city: Bern}
"""
    assert faults(folder, AUTHORS, listed) == []
