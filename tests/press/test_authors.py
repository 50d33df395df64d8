"""The author schema: what Quarto's templates get, seen through the JATS that press writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from press.errors import PressError
from press.render import render

MakeProject = Callable[..., Path]
SETTINGS = """\
project: {output-dir: out, render: [paper.qmd]}
execute: {echo: false}
format:
  jats: default
"""
FRONT = """\
---
title: A paper
author:
  - name: {given: Maria Rosa, family: Rossi}
    orcid: 0000-0002-1825-0097
    email: rossi@example.org
    corresponding: true
    equal-contributor: true
    degrees: [MD, PhD]
    roles:
      - conceptualization: lead
      - writing
      - cooking
    affiliations:
      - ref: clinic
  - name: Ludwig van Beethoven
    deceased: true
    affiliations:
      - ref: clinic
      - name: Second Institute
        department: Department of Music
        ror: https://ror.org/05a28rw58
  - name: Plato
    affiliation: Second Institute
affiliations:
  - id: clinic
    name: First Clinic
    city: Rome
    country: Italy
---
"""


@pytest.fixture
def article(make_project: MakeProject) -> etree._ElementTree:
    """The JATS of a paper with three authors of all kinds."""
    render(make_project("Text.\n", settings=SETTINGS, front=FRONT))
    return etree.parse(make_project("Text.\n", settings=SETTINGS, front=FRONT) / "out/paper.xml")


def texts(article: etree._ElementTree, path: str) -> list[str]:
    """The text of each element of a path, white space normalised."""
    return [" ".join("".join(element.itertext()).split()) for element in article.xpath(path)]


def test_names_are_taken_apart_as_bibtex_takes_them(article: etree._ElementTree) -> None:
    """Given names, particle and family name; one word is a family name (BibTeX's rules)."""
    assert texts(article, "//contrib/name/surname") == ["Rossi", "van Beethoven", "Plato"]
    assert texts(article, "//contrib/name/given-names") == ["Maria Rosa", "Ludwig"]
    assert texts(article, "//contrib/string-name") == [
        "Maria Rosa Rossi",
        "Ludwig van Beethoven",
        "Plato",
    ]


def test_affiliations_are_listed_once_and_pointed_to(article: etree._ElementTree) -> None:
    """A declared affiliation keeps its id, others are numbered; the same place counts once."""
    assert article.xpath("//aff/@id") == ["aff-1", "aff-2", "clinic"]
    assert texts(article, "//aff//institution") == [
        "Department of Music",
        "Second Institute",
        "Second Institute",
        "First Clinic",
    ]
    assert article.xpath("//contrib[1]/xref[@ref-type='aff']/@rid") == ["clinic"]
    assert article.xpath("//contrib[2]/xref[@ref-type='aff']/@rid") == ["clinic", "aff-1"]
    assert texts(article, "//institution-id[@institution-id-type='ROR']") == [
        "https://ror.org/05a28rw58"
    ]


def test_roles_carry_the_credit_vocabulary(article: etree._ElementTree) -> None:
    """Short names are spelt out (CRediT, credit.niso.org); an unknown role stays plain."""
    assert article.xpath("//role/@vocab-term") == ["conceptualization", "writing – original draft"]
    assert article.xpath("//role/@degree-contribution") == ["lead"]
    assert texts(article, "//role") == ["conceptualization", "writing", "cooking"]


def test_marks_of_an_author_become_notes(article: etree._ElementTree) -> None:
    """Corresponding, equal contribution and death are said of the right author."""
    assert article.xpath("//contrib/@corresp") == ["yes"]
    assert article.xpath("//contrib/@equal-contrib") == ["yes"]
    assert texts(article, "//author-notes/corresp") == ["rossi@example.org"]
    assert texts(article, "//author-notes/fn[@fn-type='deceased']") == ["Ludwig van Beethoven"]
    assert texts(article, "//degrees") == ["MD, PhD"]


def test_an_affiliation_nobody_declared_is_refused(make_project: MakeProject) -> None:
    """The message names the id and the author."""
    front = FRONT.replace("  - id: clinic\n", "  - id: clinci\n")
    with pytest.raises(PressError, match="no affiliation has the id clinic that Maria Rosa Rossi"):
        render(make_project("Text.\n", settings=SETTINGS, front=front))
