"""The parity fixture rendered by press against what a real Quarto 1.10.18 made of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree, html

from press.pandoc import find_pandoc
from press.render import render

EXPECTED = Path(__file__).parent / "parity" / "expected"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MADE = "_manuscript/manuscript"


def words(text: str) -> list[str]:
    """The words and numbers of a text, whatever white space stands between them."""
    return text.split()


def parse_html(path: Path) -> html.HtmlElement:
    """An HTML page as a tree."""
    return html.fromstring(path.read_text(encoding="utf-8"))


def parse_jats(path: Path) -> etree._ElementTree:
    """A JATS article as a tree."""
    return etree.parse(path)


def docx_texts(path: Path) -> list[str]:
    """The text of each paragraph of a Word file with its notes, in order of appearance."""
    with zipfile.ZipFile(path) as package:
        trees = [
            etree.fromstring(package.read(part))
            for part in ("word/document.xml", "word/footnotes.xml")
        ]
    paragraphs = [paragraph for tree in trees for paragraph in tree.iter(f"{WORD}p")]
    texts = ["".join(t.text or "" for t in p.iter(f"{WORD}t")).strip() for p in paragraphs]
    return [text for text in texts if text]


def test_html_has_quartos_words_in_quartos_order(parity: Path) -> None:
    """Every word and number of the page is Quarto's, in the same order."""
    ours, quartos = parse_html(parity / f"{MADE}.html"), parse_html(EXPECTED / "manuscript.html")
    assert words(ours.text_content()) == words(quartos.text_content())


@pytest.mark.parametrize(
    "path",
    [
        "//*[starts-with(@id, 'fig-') or starts-with(@id, 'tbl-')][not(self::figcaption)]/@id",
        "//h1/@id | //h2/@id",
        "//*[contains(@class, 'quarto-xref')]/@href",
        "//*[contains(@class, 'quarto-xref')]/text()",
        "//span[@class='value']/@data-key",
        "//span[@class='citation']/@data-cites",
        "//*[contains(@class, 'csl-entry')]/@id",
        "//figure/@class",
        "//figcaption/@class",
        "//img/@alt",
        "//th/@style | //td/@style",
        "//tr/@class",
    ],
)
def test_html_has_quartos_structure(parity: Path, path: str) -> None:
    """Ids, classes, keys, targets and alternative texts are Quarto's."""
    ours, quartos = parse_html(parity / f"{MADE}.html"), parse_html(EXPECTED / "manuscript.html")
    assert quartos.xpath(path)
    assert ours.xpath(path) == quartos.xpath(path)


def test_html_captions_stand_where_quartos_do(parity: Path) -> None:
    """A table's caption comes before the table, a figure's after the image."""
    page = parse_html(parity / f"{MADE}.html")
    for float_id, tag in (("fig-lines", "img"), ("tbl-cohort", "table")):
        figure = page.get_element_by_id(float_id).find("figure")
        order = [element.tag for element in figure.iter("figcaption", tag)]
        assert order == ([tag, "figcaption"] if tag == "img" else ["figcaption", tag])


def test_html_needs_no_other_file(parity: Path) -> None:
    """Style and figures are inside the page."""
    page = parse_html(parity / f"{MADE}.html")
    assert all(source.startswith("data:image/svg+xml") for source in page.xpath("//img/@src"))
    assert page.xpath("//style")
    assert not page.xpath("//link")


def test_jats_has_quartos_words_in_quartos_order(parity: Path) -> None:
    """Every word and number of the article is Quarto's, in the same order."""
    ours, quartos = parse_jats(parity / f"{MADE}.xml"), parse_jats(EXPECTED / "manuscript.xml")
    assert words("".join(ours.getroot().itertext())) == words("".join(quartos.getroot().itertext()))


@pytest.mark.parametrize(
    "path",
    [
        "//contrib/@corresp",
        "//contrib//*[not(self::role)]/text()",
        "//contrib/role/@vocab-term-identifier",
        "//aff/@id",
        "//aff//text()[normalize-space()]",
        "//corresp/@id",
        "//kwd/text()",
        "//xref/@rid",
        "//xref/@alt",
        "//named-content/@content-type",
        "//*[starts-with(@id, 'fig-') or starts-with(@id, 'tbl-')]/@id",
        "//sec/@id",
        "//graphic/@*",
        "//ref/@id",
        "//ref/element-citation/@publication-type",
        "//ref//pub-id/text()",
        "//fn/@id",
    ],
)
def test_jats_has_quartos_structure(parity: Path, path: str) -> None:
    """Contributors, affiliations, targets, figures and references are Quarto's."""
    ours, quartos = parse_jats(parity / f"{MADE}.xml"), parse_jats(EXPECTED / "manuscript.xml")

    def found(tree: etree._ElementTree) -> list[str]:
        return [" ".join(str(item).split()) for item in tree.xpath(path)]

    assert found(quartos)
    assert found(ours) == found(quartos)


def test_jats_numbers_tables_as_tables(parity: Path) -> None:
    """A numbered table is a table-wrap and the reference to it says so (JATS 1.2, ref-type)."""
    article = parse_jats(parity / f"{MADE}.xml")
    assert article.xpath("//table-wrap/@id") == ["tbl-cohort", "tbl-option"]
    assert article.xpath("//xref[@rid='tbl-cohort']/@ref-type") == ["table"]
    assert article.xpath("//xref[@rid='fig-lines']/@ref-type") == ["fig"]


def test_jats_images_lie_where_the_xml_says(parity: Path) -> None:
    """Each image named in the article was delivered with it."""
    names = parse_jats(parity / f"{MADE}.xml").xpath("//graphic/@*[local-name()='href']")
    assert len(names) == 2
    assert all((parity / "_manuscript" / name).is_file() for name in names)


def test_docx_has_quartos_words_in_quartos_order(parity: Path) -> None:
    """Every paragraph, caption, cell and note of the Word file has Quarto's text, in its order."""
    ours, quartos = (
        docx_texts(path) for path in (parity / f"{MADE}.docx", EXPECTED / "manuscript.docx")
    )
    assert words(" ".join(ours)) == words(" ".join(quartos))


def test_docx_captions_are_paragraphs_with_a_caption_style(parity: Path) -> None:
    """Captions are outside any table, images carry their alternative text."""
    with zipfile.ZipFile(parity / f"{MADE}.docx") as package:
        body = etree.fromstring(package.read("word/document.xml"))[0]
    styled = {
        "".join(t.text or "" for t in paragraph.iter(f"{WORD}t")): style.get(f"{WORD}val")
        for paragraph in body.findall(f"{WORD}p")
        for style in paragraph.iter(f"{WORD}pStyle")
    }
    assert styled["Figure\u00a02: A caption without numbers."] == "ImageCaption"
    assert styled["Table\u00a02: A table by option."] == "TableCaption"
    assert [e.get("descr") for e in body.iter("{*}docPr")] == ["Two lines, one rising.", "A point."]


def test_docx_read_back_as_plain_text_has_quartos_words(parity: Path) -> None:
    """Pandoc's plain text of the Word file has the words it has for Quarto's."""
    command = [find_pandoc(), "--to=plain", str(parity / f"{MADE}.docx")]
    plain = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    quartos = (EXPECTED / "manuscript.docx.txt").read_text(encoding="utf-8")
    drawn = re.compile(r"[+|:=-]+|\[[^\[\]]*\](?=\s)")
    found, wanted = (sorted(words(drawn.sub(" ", text))) for text in (plain, quartos))
    assert found == wanted


def test_pdf_has_quartos_text(parity: Path, poppler: str) -> None:
    """Poppler's text of the PDF is the one of Quarto's, hyphens and line order included."""
    command = [poppler, "-layout", str(parity / f"{MADE}.pdf"), "-"]
    ours = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    quartos = (EXPECTED / "manuscript.pdf.txt").read_text(encoding="utf-8")
    assert ours.split() == quartos.split()


def test_typst_source_is_quartos(parity: Path) -> None:
    """What is handed to typst after the preamble is Quarto's source, white space aside."""
    source = (parity / "staging/manuscript/typst/manuscript.typ").read_text(encoding="utf-8")
    body = source[source.index("#show: doc => article(") :]
    quartos = (EXPECTED / "manuscript.body.typ").read_text(encoding="utf-8")
    assert re.sub(r"\s+", "", body) == re.sub(r"\s+", "", quartos)


def test_rendering_twice_gives_the_same_bytes(parity: Path, tmp_path: Path) -> None:
    """Nothing in an output depends on the time or the place of the render."""
    root = tmp_path / "elsewhere"
    shutil.copytree(Path(__file__).parent / "parity", root)
    again = render(root)
    assert [path.name for path in again] == [
        "manuscript.docx",
        "manuscript.html",
        "manuscript.pdf",
        "manuscript.xml",
    ]
    for path in again:
        assert path.read_bytes() == (parity / "_manuscript" / path.name).read_bytes(), path.name
