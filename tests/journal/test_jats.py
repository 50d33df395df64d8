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

from journal.jats import finished, first_sentence, label_captions, section_abstract
from tests.journal.rendered import render_article, render_fixture

Tree = Any

ROOT = Path(__file__).resolve().parents[2]
DTD_FILE = Path(__file__).parent / "jats" / "JATS-archivearticle1.dtd"
QUARTOS = ROOT / "tests" / "press" / "parity" / "expected" / "manuscript.xml"
HREF = "{http://www.w3.org/1999/xlink}href"
NAMES = ("manuscript", "supplement", "fixture")
REF_TYPES = {"fig": "fig", "tbl": "table", "ref": "bibr", "aff": "aff", "cor": "corresp"}
finish = runpy.run_path(str(ROOT / "journal" / "finish.py"))["finish"]


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
        assert wrap.findtext("label").startswith("Table\xa0")
        assert wrap.find("caption/title") is not None
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
    assert front[0].tag == "article-meta"  # no journal is chosen
    first, second = front.findall(".//contrib")
    assert first.findtext("contrib-id").endswith("0000-0002-1825-0097")
    assert first.findtext("name/surname") == "Example"
    assert {role.get("vocab") for role in first.findall("role")} == {"credit"}
    assert len(second.findall("xref[@ref-type='aff']")) == 2
    assert len(front.findall(".//aff")) == 2


def test_front_matter_says_what_each_contributor_did(articles: dict[str, Tree]) -> None:
    """Roles by their terms, affiliations by their letters, and whom to write to, as declared.

    References: CRediT, NISO Z39.104-2022; JATS4R recommendation for CRediT.
    """
    front = articles["fixture"].find("front")
    first, second = front.findall(".//contrib")
    credit = "https://credit.niso.org/contributor-roles"
    assert [role.get("vocab-term-identifier") for role in first.findall("role")] == [
        f"{credit}/conceptualization/",
        f"{credit}/writing-original-draft/",
    ]
    assert (first.get("corresp"), second.get("corresp")) == ("yes", None)
    note = front.find(".//author-notes/corresp")
    assert note.findtext("email") == "ada@example.org"
    assert first.find("xref[@ref-type='corresp']").get("rid") == note.get("id")
    letters = {aff.get("id"): aff.findtext("label") for aff in front.iter("aff")}
    named = {x.get("rid"): x.text for x in front.iterfind(".//xref[@ref-type='aff']")}
    assert named == letters
    assert sorted(letters.values()) == ["a", "b"]
    assert front.findtext(".//aff/country") == "Italy"


def test_nothing_is_said_that_nobody_declared(articles: dict[str, Tree]) -> None:
    """No journal, date, licence, funding or identifier without its source."""
    for name in NAMES:
        front = articles[name].find("front")
        for tag in ("journal-meta", "pub-date", "history", "funding-group", "article-id"):
            assert front.find(f".//{tag}") is None
    assert articles["fixture"].find(".//permissions") is None
    assert articles["manuscript"].getroot().get("article-type") == "other"  # under a notice


def test_the_licence_is_that_of_the_text(articles: dict[str, Tree]) -> None:
    """Address and holder are those of LICENSE-prose.md.

    References: JATS4R recommendation for permissions: `license_ref` holds the address alone.
    """
    stated = (ROOT / "LICENSE-prose.md").read_text(encoding="utf-8")
    for name in ("manuscript", "supplement"):
        permissions = articles[name].find(".//permissions")
        address = permissions.findtext("license/{http://www.niso.org/schemas/ali/1.0/}license_ref")
        assert address == "https://creativecommons.org/licenses/by/4.0/"
        assert f"<{address}legalcode>" in stated
        assert permissions.findtext("copyright-statement") in stated


def test_what_a_title_block_declares_is_valid(tmp_path: Path, dtd: etree.DTD) -> None:
    """Journal and date, once declared, are in the file, which stays valid."""
    declared = {
        "title": "T",
        "date": "2013-06-01",
        "citation": {"container-title": "J", "issn": "1234-5678", "publisher": "P"},
        "by-author": [{"name": {"literal": "Ada Example", "given": "Ada", "family": "Example"}}],
    }
    path = tmp_path / "declared.md"
    path.write_text(f"---\n{json.dumps(declared)}\n---\n\n# A\n\nWords.\n", encoding="utf-8")
    template = f"--template={ROOT / 'journal' / 'article.jats'}"
    command = [pypandoc.get_pandoc_path(), str(path), "--to=jats", "--standalone", template]
    done = subprocess.run(command, check=True, capture_output=True)
    article = etree.fromstring(done.stdout)
    assert dtd.validate(article), dtd.error_log
    assert article.get("article-type") == "research-article"
    assert article.findtext(".//journal-title") == "J"
    date = article.find(".//history/date")
    assert [part.text for part in date] == ["1", "6", "2013"]
    assert date.get("iso-8601-date") == "2013-06-01"


@each
def test_captions_have_label_and_title(name: str, articles: dict[str, Tree]) -> None:
    """The number of a figure or table is its label, the first sentence of its caption the title."""
    floats = articles[name].xpath("//fig | //table-wrap[@id]")
    assert floats
    for each_float in floats:
        assert each_float[0].tag == "label"
        assert each_float[0].text.split("\xa0")[0] in ("Figure", "Table")
        title = "".join(each_float.find("caption/title").itertext())
        assert title
        assert ". " not in title
    if name != "fixture":
        assert all(each.find("caption/p") is not None for each in floats)


def test_a_title_ends_where_a_sentence_does() -> None:
    """No sentence ends at a decimal point, before a small letter or within a span that goes on."""
    assert first_sentence("Of 1.5 g, i.e. two. Then <b>more</b>.") == (
        "Of 1.5 g, i.e. two.",
        "Then <b>more</b>.",
    )
    within = '<named-content content-type="claim">One. Two.</named-content> Three.'
    assert first_sentence(within) == (within, "")
    assert first_sentence("One. <b>Two.</b>") == ("One.", "<b>Two.</b>")
    plain = "<caption><p>A picture without a number.</p></caption>"
    assert label_captions(plain) == plain


def test_sections_say_what_they_are(articles: dict[str, Tree]) -> None:
    """The parts of the article and its declarations have types; declarations are back matter.

    References: JATS4R recommendations for data availability statements and conflicts of interest.
    """
    article = articles["manuscript"]
    assert article.xpath("/article/body/sec/@sec-type") == [
        "intro", "methods", "results", "discussion", "conclusions",
    ]  # fmt: skip
    assert len(article.findall("body/sec")) == 5
    declarations = article.find("back/sec")
    kinds = {sec.findtext("title"): sec.get("sec-type") for sec in declarations.findall("sec")}
    assert kinds["Data availability."] == "data-availability"
    assert kinds["Ethics approval and consent."] == "ethics-statement"
    assert kinds["Competing interests."] == "coi-statement"
    assert None not in kinds.values()
    assert [child.tag for child in article.find("back")] == ["sec", "ref-list"]


@each
def test_a_finished_file_stays(name: str, files: dict[str, Path]) -> None:
    """Finishing it once more changes nothing."""
    xml = files[name].read_text(encoding="utf-8")
    assert finished(xml) == xml


@each
def test_rows_of_tables_are_named(name: str, articles: dict[str, Tree]) -> None:
    """In the article the first cell of a row is its header, which the fixture's filter leaves."""
    rows = articles[name].findall(".//table-wrap[@id]/table/tbody/tr")
    wanted = ("td", None) if name == "fixture" else ("th", "row")
    assert {(row[0].tag, row[0].get("scope")) for row in rows} == {wanted}


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
