"""The JATS files of the article and of a fixture against the DTD that they declare."""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pypandoc
import pytest
from lxml import etree

from tests.journal.rendered import render_article, render_fixture

Tree = Any

ROOT = Path(__file__).resolve().parents[2]
DTD_FILE = Path(__file__).parent / "jats" / "JATS-archivearticle1.dtd"
QUARTOS = ROOT / "tests" / "press" / "parity" / "expected" / "manuscript.xml"
HREF = "{http://www.w3.org/1999/xlink}href"
NAMES = ("manuscript", "supplement", "fixture")
REF_TYPES = {"fig": "fig", "tbl": "table", "ref": "bibr", "aff": "aff", "cor": "corresp"}
functions = runpy.run_path(str(ROOT / "journal" / "finish.py"))
finish, section_abstract = functions["finish"], functions["section_abstract"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The article, its supplement, and the fixture, which has authors, a note and a list."""
    article = render_article("jats", tmp_path_factory.mktemp("article"))
    fixture = render_fixture("jats", tmp_path_factory.mktemp("fixture"))
    made = {name: article / f"{name}.xml" for name in NAMES[:2]}
    return made | {"fixture": fixture / "manuscript.xml"}


@pytest.fixture(scope="module")
def articles(files: dict[str, Path]) -> dict[str, Tree]:
    """The files as trees."""
    return {name: etree.parse(path) for name, path in files.items()}


@pytest.fixture(scope="module")
def dtd() -> etree.DTD:
    """JATS Archiving and Interchange 1.2, as it was published."""
    return etree.DTD(str(DTD_FILE))


each = pytest.mark.parametrize("name", NAMES)


@each
def test_the_article_is_valid(name: str, articles: dict[str, Tree], dtd: etree.DTD) -> None:
    """No error against the DTD that the file declares."""
    article = articles[name]
    assert article.docinfo.system_url == DTD_FILE.name
    assert article.docinfo.public_id in DTD_FILE.read_text(encoding="utf-8")
    dtd.validate(article)
    assert [str(error) for error in dtd.error_log.filter_from_errors()] == []


def test_the_dtd_finds_faults(articles: dict[str, Tree], dtd: etree.DTD) -> None:
    """A caption outside a float and a link to nothing are errors."""
    article = etree.fromstring(etree.tostring(articles["supplement"]))
    etree.SubElement(article.find("body"), "caption")
    assert not dtd.validate(article)
    article.find("body").remove(article.find("body/caption"))
    assert dtd.validate(article)
    article.find(".//xref").set("rid", "nothing")
    assert not dtd.validate(article)


@each
def test_ids_are_unique_and_references_resolve(name: str, articles: dict[str, Tree]) -> None:
    """Each id names one element, and every reference leads to one and says what it is."""
    ids = Counter(articles[name].xpath("//@id"))
    assert ids
    assert max(ids.values()) == 1
    references = articles[name].xpath("//*[@rid]")
    assert references
    for reference in references:
        target = reference.get("rid")
        assert target in ids
        wanted = REF_TYPES.get(target.split("-")[0])
        assert wanted is None or reference.get("ref-type") == wanted


@each
def test_tables_are_tables(name: str, articles: dict[str, Tree]) -> None:
    """A numbered table is a table-wrap with its id, caption and head, and stands in no figure."""
    article = articles[name]
    numbered = article.xpath("//table-wrap[@id]")
    assert numbered
    for wrap in numbered:
        assert wrap.get("id").startswith("tbl-")
        assert wrap.findtext("caption/p").startswith("Table\xa0")
        assert wrap.findall("table/thead/tr")
        assert wrap.findall("table/tbody/tr")
    assert not article.xpath("//fig//table")


@each
def test_figures_have_alternative_texts_and_files(
    name: str, articles: dict[str, Tree], files: dict[str, Path]
) -> None:
    """Each graphic says what it shows, and lies where the file says."""
    graphics = articles[name].findall(".//fig//graphic")
    assert graphics
    for graphic in graphics:
        assert graphic.findtext("alt-text").endswith(".")
        assert (files[name].parent / graphic.get(HREF)).is_file()


def test_the_abstract_has_sections(articles: dict[str, Tree]) -> None:
    """A structured abstract is one: headed sections, each with its text."""
    abstract = articles["manuscript"].find(".//abstract")
    titles = [title.text for title in abstract.findall("sec/title")]
    assert titles == ["Objective.", "Methods.", "Results.", "Conclusion."]
    assert all(section.findall("p") for section in abstract.findall("sec"))
    assert abstract.findtext("title") == "Abstract"


def test_an_abstract_without_headings_stays(articles: dict[str, Tree]) -> None:
    """Where a paragraph holds two headings, or none, nothing is guessed."""
    for paragraphs in ("<p>A. <bold>B.</bold></p>", "<p><bold>A.</bold> a <bold>B.</bold> b</p>"):
        xml = f"<abstract>{paragraphs}</abstract>"
        assert section_abstract(xml) == xml
    assert not articles["fixture"].findall(".//abstract/sec")


@each
def test_references_stand_in_the_order_of_their_numbers(
    name: str, articles: dict[str, Tree]
) -> None:
    """The n-th reference has the label n, and is what the text cites as n."""
    entries = articles[name].findall(".//ref")
    assert [entry.findtext("label") for entry in entries] == [
        str(number) for number in range(1, len(entries) + 1)
    ]
    places = {entry.get("id"): entry.findtext("label") for entry in entries}
    cited = articles[name].xpath("//xref[@ref-type='bibr']")
    assert cited
    assert all(xref.text.split(",")[0] == places[xref.get("rid")] for xref in cited)


def test_references_are_fielded_and_have_their_dois(articles: dict[str, Tree]) -> None:
    """Each is an element-citation, with the DOI that the bibliography has for it."""
    command = [pypandoc.get_pandoc_path(), str(ROOT / "references.bib"), "--to=csljson"]
    done = subprocess.run(command, check=True, capture_output=True)
    dois = {f"ref-{item['id']}": item.get("DOI") for item in json.loads(done.stdout)}
    for name in ("manuscript", "supplement"):
        for entry in articles[name].findall(".//ref"):
            found = entry.findtext("element-citation/pub-id[@pub-id-type='doi']")
            assert found == dois[entry.get("id")]
            assert entry.findtext("element-citation/year")


def test_front_matter_names_contributors(articles: dict[str, Tree]) -> None:
    """Authors with ORCID, affiliations and roles of the CRediT taxonomy; the journal's place."""
    front = articles["fixture"].find("front")
    assert [child.tag for child in front][:2] == ["journal-meta", "article-meta"]
    first, second = front.findall(".//contrib")
    assert first.findtext("contrib-id").endswith("0000-0002-1825-0097")
    assert first.findtext("name/surname") == "Example"
    assert {role.get("vocab") for role in first.findall("role")} == {"credit"}
    assert len(second.findall("xref[@ref-type='aff']")) == 2
    assert len(front.findall(".//aff")) == 2


def test_quartos_file_is_finished_alike(tmp_path: Path) -> None:
    """Quarto's tables leave their figures, its references get their types, and no word changes."""
    path = tmp_path / "manuscript.xml"
    shutil.copy(QUARTOS, path)
    finish([path])
    before, after = etree.parse(QUARTOS), etree.parse(path)
    assert after.xpath("//table-wrap/@id") == ["tbl-cohort", "tbl-option"]
    assert not after.xpath("//fig//table")
    assert after.xpath("//xref[@rid='tbl-cohort']/@ref-type") == ["table"]
    assert after.xpath("//xref[@rid='fig-lines']/@ref-type") == ["fig"]
    said = ["".join(tree.getroot().itertext()).split() for tree in (before, after)]
    assert said[0] == said[1]
