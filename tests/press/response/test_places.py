"""Passages of a page, their page and lines in a review copy, and whether they changed."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from press.errors import PressError
from press.response.changes import Redline
from press.response.numbers import Receipts, say_number
from press.response.passages import Article, NotFoundError, read_article
from press.response.pdf_lines import ReviewCopy
from tests.press.response.conftest import PAGE


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The web page of the paper."""
    path = tmp_path_factory.mktemp("page") / "paper.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def article(page: Path) -> Article:
    """What the page holds."""
    return read_article(page)


@pytest.mark.parametrize(
    ("label", "starts", "ends", "text", "place"),
    [
        ("abstract", "", "", "Strength rose.", "page 1, line 2"),
        ("methods", "Strength is", "",
         "Strength is the main outcome. It was graded by one examiner.",
         "page 1, lines 4–5"),
        ("methods", "It was", "", "It was graded by one examiner.", "page 1, line 5"),
        ("methods", "strength IS", "outcome", "Strength is the main outcome.", "page 1, line 4"),
        ("methods", "Doses", "", "Doses were per 103 g.", "page 1, line 7"),
        ("outcomes", "", "", "Strength rose by 8.0 points.", "page 2, lines 9–10"),
        ("fig-change", "", "", "Figure\u00a01: The change in strength.", "page 2"),
        ("discussion", "", "rose", "Strength rose.", "page 2, line 12"),
    ],
)  # fmt: skip
def test_a_passage_is_found_with_page_and_lines(
    article: Article, review_copy: Path, label: str, starts: str, ends: str, text: str, place: str
) -> None:
    """Lines are those counted by hand in the paper; the same words elsewhere do not mislead."""
    quoted = article.find(label, starts, ends)
    assert quoted.text.chars == text
    assert ReviewCopy(review_copy).place_of(quoted) == place


def test_raised_digits_stay_raised(article: Article) -> None:
    """Ten to the third is no hundred and three in a quote."""
    assert ("sup", "3") in article.find("methods", "Doses", "").text.pieces()


def test_a_place_may_span_pages(article: Article, tmp_path: Path) -> None:
    """A passage that is broken between pages has both, and the lines from first to last."""
    source = """
        #set page(width: 90mm, height: 40mm, margin: 10mm)
        #set par.line(numbering: n => text(7pt)[#n])
        #set document(title: "A")
        = Methods <methods>
        Before.

        #set par(leading: 2em)
        Strength is the main \\ outcome. It was graded \\ by one examiner.
    """
    (tmp_path / "a.pdf").write_bytes(typst.compile(source.encode(), pdf_standards=["ua-1"]))
    quoted = article.find("methods", "Strength is", "")
    assert ReviewCopy(tmp_path / "a.pdf").place_of(quoted) == "pages 1–2, lines 3–5"


def test_a_pdf_without_numbered_lines_is_refused(tmp_path: Path) -> None:
    """A page and no line would be given silently."""
    source = b'#set document(title: "A")\n= Methods\n1 2 3'
    (tmp_path / "a.pdf").write_bytes(typst.compile(source, pdf_standards=["ua-1"]))
    with pytest.raises(PressError, match="render it with review-copy: true"):
        ReviewCopy(tmp_path / "a.pdf")


def test_a_review_copy_of_another_state_is_refused(page: Path, review_copy: Path) -> None:
    """What the page says and the review copy does not has no line."""
    other = page.with_name("other.html")
    other.write_text(PAGE.replace("8.0", "9.0"), encoding="utf-8")
    quoted = read_article(other).find("outcomes", "", "")
    with pytest.raises(NotFoundError, match="does not have this passage"):
        ReviewCopy(review_copy).place_of(quoted)


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("", "", ""),
        ("one examiner", "two examiners", "methods:It"),
        ("It was graded by one examiner.", "", "methods:It"),
        ("outcome. It", "outcome. Nobody was blinded. It", ""),
        ("main outcome", "first outcome", "methods:Strength"),
        (">8.0<", ">7.4<", "outcomes"),
        ("Figure&nbsp;1", "Figure&nbsp;2", ""),
        ("change in strength", "change", "fig-change"),
        ("a.png", "b.png", "fig-change"),
        ("<p>Strength rose.</p>", "<p>Strength rose more.</p>", "abstract"),
    ],
)
def test_a_passage_is_in_the_redline_or_not(
    page: Path, tmp_path: Path, old: str, new: str, changed: str
) -> None:
    """Of the passages here only the one that was touched is changed; a new number is none."""
    assert old in PAGE
    before = tmp_path / "paper.html"
    before.write_text(PAGE.replace(old, new) if old else PAGE, encoding="utf-8")
    redline, article = Redline(before, page), read_article(page)
    names = {
        "abstract": ("abstract", "", ""),
        "methods:Strength": ("methods", "Strength is", "outcome"),
        "methods:It": ("methods", "It was", ""),
        "methods:Enzymes": ("methods", "Enzymes", ""),
        "outcomes": ("outcomes", "", ""),
        "fig-change": ("fig-change", "", ""),
        "discussion": ("discussion", "", "rose"),
    }
    shown = [name for name, place in names.items() if redline.shows(article.find(*place))]
    assert ",".join(shown) == changed


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("a.png", "b.png", "figure"),
        ("Figure&nbsp;1", "Figure&nbsp;2", "caption"),
        ("change in strength", "change", "caption"),
        ('id="fig-change"', 'id="fig-other"', "caption"),
    ],
)
def test_what_changed_of_a_figure_is_said(
    page: Path, tmp_path: Path, old: str, new: str, kind: str
) -> None:
    """Of a figure that is drawn anew under the same caption the figure changed, not the caption."""
    before = tmp_path / "paper.html"
    before.write_text(PAGE.replace(old, new), encoding="utf-8")
    assert Redline(before, page).kind_of(read_article(page).find("fig-change", "", "")) == kind


def test_a_new_document_is_changed_throughout(page: Path, tmp_path: Path) -> None:
    """What was not submitted before has no unchanged passage."""
    redline = Redline(tmp_path / "none.html", page)
    assert redline.shows(read_article(page).find("abstract", "", ""))


OLD = """\
{"id": "a", "value": 8.0, "text": "+8.0", "unit": "points"}
{"id": "b", "value": 1, "text": "1", "unit": "patients"}
{"id": "c", "value": 0.501, "text": "50%", "unit": "%"}
{"id": "d", "value": 2, "text": "2", "unit": "days"}
{"id": "f", "value": 0.03, "text": "0.030", "unit": "1"}
"""
NEW = """\
{"id": "a", "value": 7.4, "text": "+7.4", "unit": "points"}
{"id": "b", "value": 1, "text": "1", "unit": "patients"}
{"id": "c", "value": 0.502, "text": "50%", "unit": "%"}
{"id": "e", "value": 3, "text": "3", "unit": "days"}
{"id": "f", "value": 0.02, "text": "0.020", "unit": "1"}
"""


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("a", "+8.0 → +7.4\u00a0points"),
        ("b", "1\u00a0patient (unchanged)"),
        ("c", "50% (unchanged as reported)"),
        ("d", "2\u00a0days (no longer reported)"),
        ("e", "3\u00a0days (not reported before)"),
        ("f", "0.030 → 0.020"),
    ],
)
def test_a_number_is_said_with_what_it_was(id: str, said: str) -> None:
    """Old, arrow, new and unit; or that it did not move, is new, or is gone."""
    header, rest = '{"schema_version": 1}\n', ', "n": 6, "n_missing": 0, "method": "mean"}\n'
    old, new = (header + text.replace("}\n", rest) for text in (OLD, NEW))
    assert say_number(Receipts(old, new), id) == said
