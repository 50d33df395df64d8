"""What waits for its text, and what only reads as if it did."""

from __future__ import annotations

from collections import Counter

import pytest

from press.document import read_document
from press.journals.check import PLACEHOLDER
from press.submit.declared import Declaration
from press.submit.gate import _lines, _open, bracketed, waiting


@pytest.mark.parametrize(
    "text",
    [
        "TODO", "TBD", "TBC", "FIXME", "XXX", "XXXX", "???",
        "[number to be confirmed]", "[To be added by the team.]", "[one [2] to be determined]",
        "[insert the dose]", "[Add a reference]", "[author]", "[Authors: all]", "[name of us]",
        "[address]", "[repository and DOI]",
    ],
)  # fmt: skip
def test_a_placeholder_is_found_whole(text: str) -> None:
    """Signs of work to be done anywhere, words that ask for others in brackets."""
    assert PLACEHOLDER.findall(f"It was so ({text}, see the table).") == [text]


@pytest.mark.parametrize(
    "text",
    [
        "The karyotype was 47,XXX or 47, XXX.", "todo o tbd", "MY_TODO = XXXL", "Is it so??",
        "What is to be added to the data will be added, and the trial is to be completed.",
        "the [name](https://a.example) and [address]{.smallcaps}", "[added by us]", "[1, 2]",
        "table[name] and f(x)[add]", "'myositis'[MeSH] AND \"Holm\"[Author]",
        "[author’s translation]", "[author names withheld for review]", "Tooth XX and chromosome X",
    ],
)  # fmt: skip
def test_what_is_final_is_no_placeholder(text: str) -> None:
    """Chromosomes, subscripts, links, fields of a search and remarks of an author stand."""
    assert PLACEHOLDER.findall(text) == []


def test_a_list_in_code_is_none_and_the_same_words_in_prose_are() -> None:
    """Code is spared wherever a line of it breaks; a TODO in it is told."""
    code = {"t": "CodeBlock", "c": [["", [], []], "a = [name for name in names]  # TODO"]}
    but = bracketed([{"t": "Div", "c": [["", [], []], [code]]}])
    assert but == Counter(["[namefornameinnames]"])
    assert waiting("a = [\nname for\nname in names]  # TODO", but=but) == ["TODO"]
    assert waiting("[name for name in names] and [name for\nname in names]", but=but) == [
        "[name for name in names]"
    ]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        (None, ""),
        ("Approved by [committee] under number 3.", " at [committee]"),
        ("Approved under TBD.", " at TBD"),
        ("To be confirmed.", " at To be confirmed."),
        ("Pending", " at Pending"),
    ],
)
def test_an_answer_with_a_gap_is_open(text: str | None, at: str) -> None:
    """In a declaration words in brackets wait for others, whatever they are."""
    entry = Declaration("ethics", "Which committee?", text, True, "declarations.yml:1")
    assert [str(fault) for fault in _open((entry,))] == [
        f"declarations.yml:1: ethics is open{at}: Which committee? Write its text"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "See [the register](https://a.example), [@holm1979; @rose2001] and [3].",
        "They wrote “recieved” [sic] and a [at] b [dot] example.",
        "Data are to be added to the register. It is pending in Bern.",
        "To be shared on request.",
    ],
)
def test_an_answer_with_links_and_citations_is_none(text: str) -> None:
    """A link, a citation and [sic] are no gaps."""
    entry = Declaration("ethics", "Which committee?", text, True, "declarations.yml:1")
    assert list(_open((entry,))) == []


def test_a_placeholder_is_told_on_each_of_its_lines() -> None:
    """Not on those of a comment or of code; words that no line has are told on the first one."""
    text = "---\ntitle: A\n---\n\n<!-- TODO\nTODO -->\nTODO: one.\n\n```{python}\n'TODO'\n```\n"
    document = read_document(text, file="paper.qmd")
    assert _lines(document, "TODO") == [7]
    assert _lines(document, "[author]") == [1]
