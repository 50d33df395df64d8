"""What comes of an author's name in a file for reviewers: a fault with its lines, or let stand."""

from __future__ import annotations

from pathlib import Path

from press.errors import Fault
from press.submit.blinding import Comment, check_allowed, search
from press.submit.build import sources_of
from press.submit.declared import Allowed, Declaration, read_allowed, read_declared
from press.submit.names import FAMILY, INITIALS, Name, names_of
from press.submit.sources import read_sources

HOLM = Name("Holm", FAMILY, is_word=True)


ADA = Name("Ada Zimmerwald", "author")


def test_half_a_name_is_a_fault_unless_a_cited_work_has_it(tmp_path: Path) -> None:
    """As with a family name; the whole name is told once, and where it may stand its halves may."""
    path = tmp_path / "a.txt"
    names = names_of([{"name": {"literal": "Anna Garcia-Lorca", "family": "Garcia-Lorca",
                                "given": "Anna"}}], [], [])  # fmt: skip
    path.write_text("Lorca read it, Anna counted")
    said = "a.txt: text has the"
    faults, _ = search(tmp_path, [path], names, cited=[])
    assert [str(fault).partition(";")[0] for fault in faults] == [
        f"{said} given name “Anna”", f"{said} part of the family name “Lorca”",
    ]  # fmt: skip
    faults, notes = search(tmp_path, [path], names, cited=["Anna", "Lorca-Perez"])
    assert (faults, len(notes)) == ([], 2)
    path.write_text("as Garcia-Lorca found")
    faults, _ = search(tmp_path, [path], names, cited=[])
    assert [str(fault).partition(";")[0] for fault in faults] == [
        f"{said} family name “Garcia-Lorca”"
    ]
    entry = Allowed("Garcia-Lorca", "a sign of another", "declarations.yml:3")
    assert search(tmp_path, [path], names, cited=[], allowed=[entry])[0] == []
    path.write_text("as Garcia-Lorca found, Lorca read")
    faults, _ = search(tmp_path, [path], names, cited=[], allowed=[entry])
    assert [str(fault).partition(";")[0] for fault in faults] == [
        f"{said} part of the family name “Lorca”"
    ]


def test_a_fault_says_where_the_words_are_written(tmp_path: Path) -> None:
    """Lines of document, letter, code and printed answers; not of authors and what is withheld."""
    for name, text in {
        "paper.qmd": "---\nauthor:\n- name: Ada Zimmerwald\n\n  city: Bern\ntitle: Of Bern\n---\n\n"
                     "In Bern.\n",
        "study.py": "# Bern\nlabel = 'Bern'\n", "tests/a.py": "'Bern'\n",
        "declarations.yml": "a:\n  text: Of Bern.\nb:\n  text: Of Bern.\n  identifies: true\n",
        "response.qmd": "We\nof Bern\n",
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    sources = read_sources(tmp_path, ["paper.qmd"], tmp_path / "data")
    path = tmp_path / "a.txt"
    path.write_text("Bern and Holm")
    names = [Name("Bern", "city", is_word=True), HOLM]
    faults, _ = search(tmp_path, [path], names, cited=[], sources=sources)
    where = "paper.qmd:6, paper.qmd:9, response.qmd:2, declarations.yml:1, study.py:2"
    way = "or, where it means something else, say so under blinding in declarations.yml"
    assert [str(fault) for fault in faults] == [
        f"a.txt: text has the city “Bern”; take it out of {where} {way}",
        f"a.txt: text has the family name “Holm”; take it out of what it is made from {way}",
    ]


def test_a_fault_names_the_document_of_its_file_first(tmp_path: Path) -> None:
    """Then what both are made from, the data's description too; of the other document nothing."""
    tree, data, package = tmp_path / "tree", tmp_path / "cut", tmp_path / "package"
    for file, text in {
        tree / "paper.qmd": "\nIn Bern.\n", tree / "more.qmd": "\n\nIn Bern.\n",
        tree / "response.qmd": "In Bern.\n", tree / "claims.yml": "Bern\n",
        data / "datapackage.json": '{"provenance": {\n"description": "Of Bern."}}\n',
        **dict.fromkeys((package / name for name in (
            "2-manuscript-blinded.txt", "3-manuscript-blinded-marked-up.txt",
            "3-response-blinded.txt", "5-more-blinded.txt")), "Bern"),
    }.items():  # fmt: skip
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    documents = ["paper.qmd", "more.qmd"]
    sources = read_sources(tree, documents, data)
    faults, _ = search(
        package, sorted(package.iterdir()), [Name("Bern", "city", is_word=True)], cited=[],
        sources=sources, documents=sources_of(documents),
    )  # fmt: skip
    both = f"claims.yml:1, {data / 'datapackage.json'}:2"
    assert [fault.text.partition("out of ")[2].partition(" or,")[0] for fault in faults] == [
        f"paper.qmd:2, {both}",
        f"paper.qmd:2, {both}",
        f"paper.qmd:2, more.qmd:3, response.qmd:1, {both}",
        f"more.qmd:3, {both}",
    ]


def test_what_is_declared_may_stand_and_is_told(tmp_path: Path) -> None:
    """The method of another Holm stands, with its reason and every place in the notes."""
    path = tmp_path / "a.txt"
    path.write_text("by Holm's method")
    entry = Allowed("Holm", "the method of another Holm", "declarations.yml:3")
    faults, notes = search(tmp_path, [path], [HOLM, ADA], cited=[], allowed=[entry])
    assert faults == []
    assert notes == [
        "declarations.yml:3: “Holm” is let stand in what reviewers get, because: the method of "
        "another Holm; it stands in: a.txt (text)"
    ]
    longer = Allowed("Holm P", "the value of his test", "declarations.yml:5")
    both = [HOLM, Name("Holm P", "name with initials", is_word=True)]
    path.write_text("by Holm P, and as Holm says")
    faults, _ = search(tmp_path, [path], both, cited=[], allowed=[longer])
    assert [str(fault).partition(";")[0] for fault in faults] == [
        "a.txt: text has the family name “Holm”"
    ]
    path.write_text("by Holm's method, as Ada Zimmerwald says")
    faults, _ = search(tmp_path, [path], [HOLM, ADA], cited=[], allowed=[entry])
    assert [str(fault).partition(";")[0] for fault in faults] == [
        "a.txt: text has the author “Ada Zimmerwald”"
    ]


def test_full_names_and_addresses_have_no_exception() -> None:
    """Neither has what is no name of an author."""
    names = [ADA, HOLM, Name("ada@zimmerwald.example", "email"),
             Name("0000-0002-1825-0097", "orcid"), Name("ADZ", INITIALS, is_word=True)]  # fmt: skip
    words = ("Holm", "A.D.Z.", "Ada Zimmerwald", "ada zimmerwald", "ada@zimmerwald.example",
             "0000-0002-1825-0097", "holm", "Nobody")  # fmt: skip
    allowed = [Allowed(said, "why not", f"declarations.yml:{i}") for i, said in enumerate(words)]
    assert [fault.place for fault in check_allowed(allowed, names)] == [
        f"declarations.yml:{i}" for i in range(2, 8)
    ]


def test_exceptions_are_read_from_the_declarations(tmp_path: Path) -> None:
    """Each needs words and a reason; none of them is a declaration."""
    file = tmp_path / "declarations.yml"
    text = "funding:\n  about: Who?\nblinding:\n  allowed:\n    - words: Holm\n"
    file.write_text(f"{text}      because: it is\n        a method\n    - words: Page\n")
    allowed, faults = read_allowed(tmp_path)
    assert allowed == (Allowed("Holm", "it is a method", "declarations.yml:5"),)
    assert [fault.place for fault in faults] == ["declarations.yml:8"]
    assert read_declared(tmp_path) == (
        Declaration("funding", "Who?", None, False, "declarations.yml:1"),
    )
    file.write_text("blinding: [Holm]\n")
    assert [type(fault) for fault in read_allowed(tmp_path)[1]] == [Fault]


def test_reviewers_may_name_an_author_and_answers_not(tmp_path: Path) -> None:
    """A comment's own words are told and stay; the same name once more is a fault."""
    path = tmp_path / "3-response-blinded.txt"
    comment = Comment("reviews.yml:3", "R1.1", "As Ada Zimmerwald has published?")
    path.write_text(comment.words)
    faults, notes = search(tmp_path, [path], [ADA], cited=[], comments=[comment])
    assert faults == []
    assert notes == ["reviews.yml:3: R1.1 has the author “Ada Zimmerwald”; the letter gives it, as "
                     "the reviewer's own words"]  # fmt: skip
    path.write_text(f"{comment.words} Ada Zimmerwald has.")
    assert len(search(tmp_path, [path], [ADA], cited=[], comments=[comment])[0]) == 1
    other = path.rename(tmp_path / "2-manuscript-blinded.txt")
    assert len(search(tmp_path, [other], [ADA], cited=[], comments=[comment])[0]) == 1
