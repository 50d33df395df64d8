"""The words by which an author is known, and how they are found however they are spelt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from press.submit.abbreviations import defined
from press.submit.blinding import search
from press.submit.declared import Declaration
from press.submit.names import GIVEN, INITIALS, PART, names_of
from press.submit.spelling import hits, initial_hits


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("Ada Zimmerwald", "by ADA\nZimmer-\nwald and others", 1),
        ("D’Amelio", "as D'Amelio and D’Amelio found", 2),
        ("Müller", "Muller, MUELLER and Mu\u0308ller", 3),
        ("Mueller", "Müller et al.", 1),
        ("Sørlie", "Sorlie and SOERLIE", 2),
        ("Ångström", "Aangstroem or Angstrom", 2),
        ("Gæde", "Gaede", 1),
        ("Łuczak", "Luczak", 1),
        ("Groß", "Gross and GROSS", 2),
        ("Đorđević-Žižek", "Dordevic\u2010Zizek", 1),
        ("Holm", "Hol\u00adm and Hol\u200bm", 2),
        ("Li", "little by little, Lithium", 0),
        ("ada@zimmerwald.example", "write to ada@zimmerwald.example.", 1),
    ],
)
def test_signs_accents_and_lines_do_not_hide_a_name(name: str, text: str, count: int) -> None:
    """A name is found across a hyphenated line, with other quotes and without accents."""
    assert hits(name, text) == count


def test_a_family_name_is_no_common_word() -> None:
    """Rose is an author, "rose" is what strength did."""
    assert hits("Rose", "strength rose", fold=False) == 0
    assert hits("Rose", "as Rose found", fold=False) == 1


@pytest.mark.parametrize(
    ("letters", "text", "count"),
    [
        ("JDS", "J.D.S. and J. D. S. performed; JDS read", 3),
        ("JDS", "AJDS, JDSA, J.D.Smith, jds", 0),
        ("AZ", "A.Z. read", 1),
        ("AZ", "AZ, azathioprine, vitamin A; Z.", 0),
        ("AB", "read by AB and CD, then by both AB and CD", 2),
        ("CD", "read by AB and CD; AB, EFG, and CD; CD/AB; AB & CD", 4),
        ("AB", "Read by AB.", 1),
        ("AB", "AB & CD read", 1),
        ("AB", "CD and AB read", 1),
        ("AB", "two readers (AB, C. D.) and a third [AB]", 2),
        ("AB", "blood group AB was, AB0, (AB-positive by CAB)", 0),
    ],
)
def test_initials_are_found_where_they_are_no_other_word(
    letters: str, text: str, count: int
) -> None:
    """With stops always; without, two letters in brackets, after by and beside others."""
    assert initial_hits(letters, text) == count


def test_an_author_is_known_by_many_words() -> None:
    """Name, initials, city, short name of the hospital, domain of the e-mail; not the country."""
    author = {
        "name": {"literal": "Jane D. Smith", "family": "Smith", "given": "Jane D."},
        "email": "jane@ukc.example",
    }
    place = {"name": "University Clinic Celje (UKC)", "city": "Ljubljana", "country": "Slovenia"}
    names = names_of([author], [place], [])
    assert {(name.words, name.is_word) for name in names} >= {
        ("Jane D. Smith", False), ("Smith Jane D.", False), ("Smith", True), ("JDS", True),
        ("Smith JD", True), ("jane@ukc.example", False), ("ukc.example", False),
        ("University Clinic Celje", False), ("UKC", True), ("UCC", True), ("Ljubljana", True),
    }  # fmt: skip
    assert not any("Slovenia" in name.words for name in names)
    waiting = {"literal": "[Authors: to be completed]", "family": "to be completed]", "given": "A"}
    assert names_of([{"name": waiting}], [{"city": "[To be completed]"}], []) == ()


def test_given_names_and_halves_of_a_double_name_are_looked_for() -> None:
    """A particle, a short given name and a name of one word have none."""
    authors = [
        {"name": {"literal": "Ada van der Berg", "family": "Berg", "given": "Ada",
                  "non-dropping-particle": "van der"}},
        {"name": {"literal": "Anna M. Garcia-Lorca", "family": "Garcia-Lorca", "given": "Anna M."}},
    ]  # fmt: skip
    names = names_of(authors, [], [])
    said = {(name.words, name.what) for name in names if name.what in (PART, GIVEN, INITIALS)}
    assert said == {
        ("AVDB", INITIALS), ("AB", INITIALS), ("Garcia", PART), ("Lorca", PART), ("Anna", GIVEN),
        ("AMGL", INITIALS), ("AMG", INITIALS), ("AML", INITIALS), ("AGL", INITIALS),
        ("AG", INITIALS), ("AL", INITIALS),
    }  # fmt: skip


def test_an_abbreviation_of_the_article_is_nobody(tmp_path: Path) -> None:
    """Initials that the article explains are found with their stops alone, others as ever."""
    path = tmp_path / "a.txt"
    author = {"name": {"literal": "Paul Moser", "family": "Moser", "given": "Paul"}}
    path.write_text("polymyositis (PM)")
    assert len(search(tmp_path, [path], names_of([author], [], []), cited=[])[0]) == 1
    names = names_of([author], [], [], explained={"PM"})
    assert search(tmp_path, [path], names, cited=[]) == ([], [])
    path.write_text("read by P.M.")
    assert len(search(tmp_path, [path], names, cited=[])[0]) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("of creatine kinase (CK) and polymyositis (PM), by inclusion body\nmyositis (IBM).",
         {"CK", "PM", "IBM"}),
        ("intravenous immunoglobulin (IVIg); the upper limit of normal (ULN)", {"IVIg", "ULN"}),
        ("SD, standard deviation; PM, polymyositis; DM = dermatomyositis.", {"SD", "PM", "DM"}),
        ("two readers (AB, CD), a senior rheumatologist (SR), the second author (SA)", set()),
        ("read by AB, a blinded rater. It was so (PM).", set()),
    ],
)  # fmt: skip
def test_an_abbreviation_is_explained_by_its_words(text: str, found: set[str]) -> None:
    """In brackets behind them or before them in a legend; letters behind a person are initials."""
    assert defined(text) == found


ETHICS = (
    "Approved by the Ethics Committee of Ljubljana (no. KME 45/12/2019, [date]), as the "
    "Declaration of Helsinki wants, in May 2019. The Mount Everest Foundation of Nepal paid (grant "
    "310030_204285, for 2019-2021); ask Dr. Rosa Weiss at St. Gallen I, +41 31 632 21 11. "
    "COVID-19. Formal Analysis by A.Z."
)


def test_an_answer_that_identifies_is_searched_by_its_names_and_numbers() -> None:
    """Not what many declare, years, and the country of an affiliation."""
    entry = Declaration("ethics", "Which?", ETHICS, True, "declarations.yml:1")
    names = names_of([], [{"city": "Bern", "country": "Nepal"}], [entry])
    assert [name.words for name in names if name.what == "words of ethics"] == [
        "Ethics Committee of Ljubljana", "Ljubljana", "Mount Everest Foundation of Nepal",
        "Mount Everest Foundation", "Rosa Weiss", "St Gallen I", "St Gallen",
    ]  # fmt: skip
    assert [name.words for name in names if name.what == "number in ethics"] == [
        "KME 45/12/2019", "45/12/2019", "310030_204285", "+41 31 632 21 11",
    ]  # fmt: skip
    assert names_of([], [], [replace(entry, identifies=False)]) == ()


@pytest.mark.parametrize(
    ("text", "count"),
    [("of Ljubljana", 1), ("KME 45/12/\n2019", 1), ("kme-45/12/2019", 1), ("345/12/2019", 0),
     ("the Ethics Committee agreed, by the Declaration of Helsinki", 0)],
)  # fmt: skip
def test_a_detail_of_an_answer_is_a_fault(text: str, count: int, tmp_path: Path) -> None:
    """However a number is broken or hyphenated; a longer number is another one."""
    path = tmp_path / "a.txt"
    path.write_text(text)
    names = names_of([], [], [Declaration("ethics", "Which?", ETHICS, True, "declarations.yml:1")])
    assert len(search(tmp_path, [path], names, cited=[])[0]) == count


@pytest.mark.parametrize(("letters", "text"), [("SÅM", "SÅM examined"), ("ÉN", "É.N. read it")])
def test_initials_with_accents_are_found(letters: str, text: str) -> None:
    """Accents of the initials and of the text are taken off alike."""
    assert initial_hits(letters, text) == 1
