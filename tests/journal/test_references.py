"""The list of references as it is printed, against the rules of Citing Medicine.

References: Patrias K, Wendling D. Citing Medicine, 2nd ed., chapter 1: sentence case, nothing
capitalised after a colon, particles kept with the family name.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pypandoc
import pytest

ROOT = Path(__file__).resolve().parents[2]
BIBLIOGRAPHY = ROOT / "references.bib"
WITHOUT_AN_ADDRESS = {"dalakas1993", "dalakas1997", "dalakas2001", "griggs1995", "jann1992"}
"""Articles of which no DOI was checked."""


def run_pandoc(*arguments: str, text: str = "") -> str:
    """What pandoc prints."""
    command = [pypandoc.get_pandoc_path(), *arguments]
    done = subprocess.run(command, input=text, check=True, capture_output=True, encoding="utf-8")
    return done.stdout


@pytest.fixture(scope="module")
def items() -> dict[str, Any]:
    """The data of each reference by its key."""
    read = json.loads(run_pandoc(str(BIBLIOGRAPHY), "--to=csljson"))
    return {item["id"]: item for item in read}


@pytest.fixture(scope="module")
def printed() -> str:
    """All references in the style of the article, as plain text."""
    style = [f"--bibliography={BIBLIOGRAPHY}", f"--csl={ROOT / 'journal' / 'vancouver.csl'}"]
    head = "---\nnocite: '@*'\n---\n"
    return run_pandoc("--citeproc", *style, "--to=plain", "--wrap=none", text=head)


def test_articles_are_complete(items: dict[str, Any]) -> None:
    """Each article has journal, year, volume or number, pages, and an address if one is known."""
    articles = {key: item for key, item in items.items() if item["type"] == "article-journal"}
    assert len(articles) > 30
    for item in articles.values():
        assert {"author", "title", "container-title", "issued", "page"} <= item.keys()
        assert item.keys() & {"volume", "issue"}
    assert {key for key, item in articles.items() if not item.keys() & {"DOI", "URL"}} == (
        WITHOUT_AN_ADDRESS
    )


def test_titles_are_in_sentence_case(printed: str) -> None:
    """No word is capitalised for standing behind a colon, and names keep their capitals."""
    behind = re.findall(r"(\w+)\)?: ([A-Za-z])", printed.replace("Available from: ", ""))
    assert len(behind) > 8
    assert [word for word, letter in behind if letter.isupper()] == ["London"]  # a publisher
    assert "9th Python in Science Conference" in printed
    assert "Guillain-Barré syndrome" in printed


@pytest.mark.parametrize(
    "name",
    ["van der Walt SJ", "van der Walt S, Millman J, editors", "van der Meché FGA", "van Doorn P",
     "van der Kooi AJ", "van der Pols JC", "de Visser M", "von Elm E", "Di Rosa R"],
)  # fmt: skip
def test_particles_stay_with_the_family_name(printed: str, name: str) -> None:
    """A particle stands before the family name, of an author as of an editor."""
    assert name in printed
    assert not re.search(r" [A-Z]+ (van|von|de|der)\b", printed)


def test_a_comma_stands_before_et_al(printed: str) -> None:
    """However many names stand before it."""
    assert printed.count(", et al.") == printed.count("et al") >= 10
