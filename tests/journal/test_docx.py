"""The Word files of the article, of a review copy, and of Quarto after the finishing step."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import docx
import pytest

from tests.journal.rendered import part, render_article, render_fixture

Tree = Any

ROOT = Path(__file__).resolve().parents[2]
QUARTOS = ROOT / "tests" / "press" / "parity" / "expected" / "manuscript.docx"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
FILES = pytest.mark.parametrize("name", ["manuscript.docx", "supplement.docx"])
finish = runpy.run_path(str(ROOT / "journal" / "finish.py"))["finish"]


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the article's Word files."""
    return render_article("docx", tmp_path_factory.mktemp("article"))


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A review copy: the fixture with `review-copy: true`."""
    return render_fixture("docx", tmp_path_factory.mktemp("review")) / "manuscript.docx"


@pytest.fixture
def quartos(tmp_path: Path) -> Path:
    """What a real Quarto wrote of the fixture, finished."""
    path = tmp_path / "manuscript.docx"
    shutil.copy(QUARTOS, path)
    finish([path])
    return path


def text_of(element: Tree) -> str:
    """The words of a paragraph or of anything larger."""
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def style_of(element: Tree) -> str:
    """The style of a paragraph or table, empty for the default one."""
    for name in ("pPr/{}pStyle", "tblPr/{}tblStyle"):
        found = element.find(W + name.format(W))
        if found is not None:
            return str(found.get(f"{W}val"))
    return ""


def blocks(document: Tree) -> list[Tree]:
    """The paragraphs and tables of the body, in their order."""
    return [block for block in document[0] if block.tag in (f"{W}p", f"{W}tbl")]


def assert_captions_stand_at_their_floats(document: Tree) -> None:
    """Every table follows a caption, every figure is followed by one, and none is left over."""
    body = blocks(document)
    captions = [block for block in body if re.match(r"(Table|Figure)\xa0S?\d+:", text_of(block))]
    used = []
    for number, block in enumerate(body):
        if style_of(block) == "CaptionedFigure":
            assert style_of(body[number + 1]) == "ImageCaption"
            used.append(body[number + 1])
        if block.tag == f"{W}tbl" and style_of(body[number - 1]) == "TableCaption":
            used.append(body[number - 1])
    assert used == captions


@FILES
def test_captions_are_paragraphs_of_a_caption_style(article: Path, name: str) -> None:
    """Outside any table, in the order in which a journal expects them."""
    document = part(article / name, DOCUMENT)
    assert_captions_stand_at_their_floats(document)
    assert {style_of(block) for block in blocks(document)} >= {"TableCaption", "ImageCaption"}


@FILES
def test_tables_are_tables(article: Path, name: str) -> None:
    """Each has the article's style, a repeated header row and no row that may be split."""
    tables = list(part(article / name, DOCUMENT).iter(f"{W}tbl"))
    assert tables
    for table in tables:
        rows = table.findall(f"{W}tr")
        assert style_of(table) == "ArticleTable"
        assert table.getparent().tag == f"{W}body"
        assert len(rows) > 1
        assert len(rows[0].findall(f"{W}tc")) > 1
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}tblHeader") is None for row in rows[1:])
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


@FILES
def test_short_tables_stay_on_one_page(article: Path, name: str) -> None:
    """All rows but the last keep with the next, in tables that fit on a page."""
    for table in part(article / name, DOCUMENT).iter(f"{W}tbl"):
        rows = table.findall(f"{W}tr")
        for row in rows:
            kept = [p.find(f"{W}pPr/{W}keepNext") is not None for p in row.iter(f"{W}p")]
            assert set(kept) == {len(rows) <= 30 and row is not rows[-1]}


@FILES
def test_images_have_alternative_texts(article: Path, name: str) -> None:
    """No image is without words for those who cannot see it."""
    texts = [image.get("descr") for image in part(article / name, DOCUMENT).iter("{*}docPr")]
    assert texts
    assert all(text and "." in text for text in texts)


@FILES
def test_properties_name_the_document_and_nobody(article: Path, name: str) -> None:
    """Title, language and description are there; who edited the file is not."""
    properties = docx.Document(str(article / name)).core_properties
    assert "ntravenous immunoglobulin" in properties.title
    assert (properties.language, properties.subject) == ("en", "Simulated data")
    assert properties.comments.startswith("Simulated data:")
    assert properties.author == "A re-edition, on simulated data, of Sunzini et al.\xa0(2013)"
    assert properties.last_modified_by == ""


@FILES
def test_every_style_in_use_is_defined(article: Path, name: str) -> None:
    """No paragraph, run or table falls back on the default for want of its style."""
    known = {style.get(f"{W}styleId") for style in part(article / name, STYLES).iter(f"{W}style")}
    for place in (DOCUMENT, "word/header1.xml", "word/footer1.xml"):
        document = part(article / name, place)
        tags = (f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")
        used = {style.get(f"{W}val") for style in document.iter(*tags)}
        assert used
        assert used <= known


@FILES
def test_notes_are_numbered_through(article: Path, name: str) -> None:
    """No section begins again with the first number, as pandoc's own reference document has it."""
    assert not list(part(article / name, DOCUMENT).iter(f"{W}numRestart"))


@FILES
def test_an_article_is_no_review_copy(article: Path, name: str) -> None:
    """Without the setting no line is numbered and nothing double spaced."""
    assert not list(part(article / name, DOCUMENT).iter(f"{W}lnNumType"))
    assert line_spacing(part(article / name, STYLES))["Normal"] < 300


def line_spacing(styles: Tree) -> dict[str, int]:
    """The line spacing of each style that sets one, in 240ths of a line."""
    found = {
        style.get(f"{W}styleId"): style.find(f"{W}pPr/{W}spacing") for style in styles.iter()
        if style.tag == f"{W}style" and style.find(f"{W}pPr/{W}spacing") is not None
    }  # fmt: skip
    return {
        name: int(spacing.get(f"{W}line"))
        for name, spacing in found.items()
        if spacing.get(f"{W}line")
    }


def test_a_review_copy_has_numbered_lines_and_double_spacing(review: Path) -> None:
    """One setting numbers the lines through and doubles their distance, tables and title aside."""
    (section,) = part(review, DOCUMENT).iter(f"{W}sectPr")
    tags = [child.tag.removeprefix(W) for child in section]
    assert tags[tags.index("pgMar") + 1] == "lnNumType"
    assert section.find(f"{W}lnNumType").get(f"{W}restart") == "continuous"
    spacing = line_spacing(part(review, STYLES))
    assert spacing["Normal"] == 480
    assert spacing["Compact"] == spacing["Title"] == spacing["Header"] == 240
    assert {spacing.get(name, 480) for name in ("BodyText", "Abstract", "Bibliography")} == {480}


def test_running_heads_and_figures_bear_no_line_number(review: Path) -> None:
    """LibreOffice would count them."""
    unnumbered = {
        style.get(f"{W}styleId")
        for style in part(review, STYLES).iter(f"{W}style")
        if style.find(f"{W}pPr/{W}suppressLineNumbers") is not None
    }
    assert unnumbered == {"Header", "Footer", "CaptionedFigure"}


def test_quartos_floats_are_freed(quartos: Path) -> None:
    """Quarto frames floats in tables of one cell; the step takes them out and keeps the words."""
    before, after = part(QUARTOS, DOCUMENT), part(quartos, DOCUMENT)
    assert_captions_stand_at_their_floats(after)
    assert [len(table.findall(f"{W}tr")) for table in after.iter(f"{W}tbl")] == [4, 4, 2]
    assert all(table.getparent().tag == f"{W}body" for table in after.iter(f"{W}tbl"))
    assert text_of(after) == text_of(before)
    for paragraph in after.iter(f"{W}p"):
        properties = paragraph.findall(f"{W}pPr")
        assert len(properties) <= 1
        assert all(len(each.findall(f"{W}jc")) <= 1 for each in properties)


@pytest.mark.parametrize("which", ["quartos", "review"])
def test_finishing_twice_changes_nothing(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """A finished file stays as it is, to the byte."""
    finished = request.getfixturevalue(which)
    again = tmp_path / "again.docx"
    shutil.copy(finished, again)
    finish([again])
    assert again.read_bytes() == finished.read_bytes()


def test_headers_of_tables_repeat_in_libreoffice(
    article: Path, libreoffice: str, poppler: str, tmp_path: Path
) -> None:
    """The supplement opens, and its longest table has its header on each of its pages."""
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [libreoffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(article / "supplement.docx")], check=True, capture_output=True)
    text = [poppler, "-layout", str(tmp_path / "supplement.pdf"), "-"]
    pages = subprocess.run(text, check=True, capture_output=True, text=True).stdout.split("\f")
    header = re.compile(r"^\s*Table\s+Field\s+Unit\s+Meaning\s*$", re.MULTILINE)
    rows = re.compile(r"^\s*(patients|visits|cycles|adverse_events)\s+\w+_\w+", re.MULTILINE)
    with_rows = [page for page in pages if rows.search(page)]
    assert len(with_rows) > 1
    assert all(header.search(page) for page in with_rows)
