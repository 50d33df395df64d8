"""The PDF of a small article: its title block, tables, columns and review copy, as read back."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree

from press.errors import PressError
from press.read_back import LINE_NUMBERS
from press.read_pdf import page_furniture, read_pdf
from press.render import render

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = """\
project: {output-dir: out, render: [paper.qmd]}
lang: en
filters: [{at: pre-ast, path: journal/article.lua}]
execute: {echo: false}
format:
  typst:
    template-partials: [journal/typst-template.typ, journal/typst-show.typ]
    pdf-standard: [ua-1]
"""
FRONT = """\
---
title: "A small article: of some length"
author:
  - name: Ada Example
    orcid: 0000-0002-1825-0097
    email: ada@example.org
    corresponding: true
    affiliations: [{ref: clinic}, {ref: school}]
  - name: Ben Sample
    orcid: 0000-0001-5109-3700
    equal-contributor: true
    affiliations: [{ref: clinic}]
  - name: Cleo Specimen
    affiliations: [{ref: school}]
affiliations:
  - {id: clinic, name: The Clinic, department: Rheumatology, city: Rome, country: Italy}
  - {id: school, name: The School, city: Leiden}
keywords: [muscle, strength]
---
"""
SENTENCE = "In this sentence words follow words so that a line of the page is filled with them. "
DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" width="480" height="200" viewBox="0 0 480 200">
<path d="M0 200L480 0" stroke="black"/></svg>
"""
VARIANTS = {"one": "", "two": "    body-columns: 2\n", "review": "    review-copy: true\n"}


def table(name: str, rows: int) -> str:
    """A table of numbered rows with its caption, as a cross-referenced float."""
    lines = "\n".join(f"| row{name}{i} | word | {i} |" for i in range(1, rows + 1))
    return (
        f"::: {{#tbl-{name}}}\n| top{name} | b | c |\n|:--|:--|--:|\n{lines}\n\nCaption.\n:::\n\n"
    )


NUMBERS = """\
::: {#tbl-numbers}
| name | estimate |
|:--|--:|
| a | 1.25 |
| b | 100 |
| c | 10.5 (9.0 to 12.125) |

The numbers.
:::

"""
BODY = (
    "# Abstract\n\n**Aim.** To test.\n\n# Methods\n\n"
    + (SENTENCE * 8 + "\n\n") * 5
    + "@tbl-numbers, @tbl-whole, @tbl-long and @fig-line.\n\n"
    + NUMBERS
    + table("whole", 24)
    + "## A part\n\n"
    + "::: {#fig-line}\n![](line.svg){fig-alt='A line.'}\n\nThe line.\n:::\n\n"
    + (SENTENCE * 8 + "\n\n") * 5
    + "@tbl-last.\n\n"
    + table("last", 30)
    + "# Results\n\n"
    + table("long", 70)
    + (SENTENCE * 8 + "\n\n") * 2
)


def make_project(root: Path, extra: str) -> Path:
    """A project in `root` with the small article and more settings for its PDF."""
    shutil.copytree(ROOT / "journal", root / "journal")
    (root / "_quarto.yml").write_text(SETTINGS + extra, encoding="utf-8")
    (root / "paper.qmd").write_text(FRONT + BODY, encoding="utf-8")
    (root / "line.svg").write_text(DRAWING, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The PDF of the small article in each of the settings."""
    folder = tmp_path_factory.mktemp("pdf")
    return {name: render(make_project(folder / name, extra))[0] for name, extra in VARIANTS.items()}


@pytest.fixture(params=VARIANTS)
def paper(request: pytest.FixtureRequest, papers: dict[str, Path]) -> Path:
    """The small article in one setting after the other."""
    return papers[request.param]


@dataclass(frozen=True)
class Word:
    """A word and its place: page from 1, the rest in points from the page's upper left corner."""

    text: str
    page: int
    left: float
    right: float
    bottom: float


def words_of(path: Path, poppler: str) -> list[Word]:
    """Every word with its place."""
    command = [poppler, "-bbox", str(path), "-"]
    made = subprocess.run(command, capture_output=True, check=True).stdout
    pages = etree.fromstring(made).iter("{*}page")
    return [
        Word(word.text, number, *(float(word.get(key)) for key in ("xMin", "xMax", "yMax")))
        for number, page in enumerate(pages, start=1)
        for word in page.iter("{*}word")
    ]


def find(words: list[Word], text: str) -> list[Word]:
    """The places of a word."""
    return [word for word in words if word.text == text]


def text_of(path: Path, poppler: str) -> str:
    """The text as poppler reads it, line by line."""
    command = [poppler, "-layout", str(path), "-"]
    return subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout


def fonts_of(node: Any) -> Iterator[pikepdf.Dictionary]:
    """The descriptor of every font in a page or form."""
    resources = node.get("/Resources", {})
    for font in resources.get("/Font", {}).values():
        yield font.DescendantFonts[0].FontDescriptor
    for drawn in resources.get("/XObject", {}).values():
        yield from fonts_of(drawn)


def test_every_font_is_embedded(paper: Path) -> None:
    """A reader's or printer's machine needs no font of its own."""
    with pikepdf.open(paper) as pdf:
        found = [descriptor for page in pdf.pages for descriptor in fonts_of(page.obj)]
        assert found
        assert all("/FontFile2" in each or "/FontFile3" in each for each in found)


def test_the_file_says_what_it_is(paper: Path) -> None:
    """Language, title, authors, PDF/UA-1, tags and bookmarks are in the file."""
    with pikepdf.open(paper) as pdf:
        assert pdf.Root.Lang == "en"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        metadata = pdf.open_metadata()
        assert metadata["dc:title"] == "A small article: of some length"
        assert metadata["dc:creator"] == ["Ada Example, Ben Sample, Cleo Specimen"]
        assert metadata["pdfuaid:part"] == "1"
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Abstract", "Methods", "Results"]
            assert [item.title for item in outline.root[1].children] == ["A part"]


def test_settings_change_no_word(papers: dict[str, Path]) -> None:
    """The structure holds the same text in one column, in two and in a review copy."""
    texts = {name: read_pdf(path) for name, path in papers.items()}
    said = {
        name: [[token.text for token in block.tokens] for block in finished.text]
        for name, finished in texts.items()
    }
    assert said["one"]
    assert said["two"] == said["one"]
    assert said["review"] == said["one"]


def test_title_block_names_three_authors(paper: Path, poppler: str) -> None:
    """Names with their marks, affiliations, keywords, who answers letters and who is who."""
    lines = re.sub(r" +", " ", text_of(paper, poppler).split("Methods")[0])
    assert re.search(r"Ada Example ?a,b,\*, Ben Sample ?a, Cleo Specimen ?b", lines)
    assert re.search(r"a ?Rheumatology, The Clinic, Rome, Italy", lines)
    assert re.search(r"b ?The School, Leiden", lines)
    assert "Ben Sample contributed equally." in lines
    assert "Keywords: muscle, strength" in lines
    assert "* Correspondence: Ada Example, ada@example.org" in lines
    assert "ORCID: Ada Example 0000-0002-1825-0097; Ben Sample 0000-0001-5109-3700" in lines


def test_addresses_are_links(paper: Path) -> None:
    """E-mail address and ORCID of the title block can be followed."""
    with pikepdf.open(paper) as pdf:
        notes: Any = pdf.pages[0].obj.get("/Annots", [])
        targets = {str(note.A.URI) for note in notes if "/URI" in note.get("/A", {})}
    assert targets == {
        "mailto:ada@example.org",
        "https://orcid.org/0000-0002-1825-0097",
        "https://orcid.org/0000-0001-5109-3700",
    }


def test_a_table_that_fits_is_whole(paper: Path, poppler: str) -> None:
    """All rows stand on the page of the header."""
    words = words_of(paper, poppler)
    (top,) = find(words, "topwhole")
    assert {find(words, f"rowwhole{i}")[0].page for i in range(1, 25)} == {top.page}


def test_a_longer_table_repeats_its_header(paper: Path, poppler: str) -> None:
    """Each page with rows of it has its header, and no row is lost."""
    words = words_of(paper, poppler)
    pages = {word.page for i in range(1, 71) for word in find(words, f"rowlong{i}")}
    assert len(pages) > 1
    assert [top.page for top in find(words, "toplong")] == sorted(pages)


def test_floats_stay_in_their_section(paper: Path, poppler: str) -> None:
    """The last table of the Methods is through before the Results begin."""
    words = words_of(paper, poppler)
    (results,), (last,) = find(words, "Results"), find(words, "rowlast30")
    assert (last.page, last.bottom) < (results.page, results.bottom)


def test_numbers_stand_below_each_other(paper: Path, poppler: str) -> None:
    """The whole parts of a column of numbers end at one place, whatever follows them."""
    words = words_of(paper, poppler)
    (hundred,) = find(words, "100")
    digit = (hundred.right - hundred.left) / 3
    (small,), (middle,) = find(words, "1.25"), find(words, "10.5")
    assert small.left + digit == pytest.approx(hundred.right, abs=0.05)
    assert middle.left + 2 * digit == pytest.approx(hundred.right, abs=0.05)
    assert middle.right > hundred.right + 1


def lines_of_text(words: list[Word]) -> list[Word]:
    """The first word of each line that begins with the filling sentence's words, page 2 on."""
    lines: dict[tuple[int, float], Word] = {}
    for word in words:
        if word.text in SENTENCE.split():
            first = lines.setdefault((word.page, round(word.bottom, 1)), word)
            lines[word.page, round(word.bottom, 1)] = min(first, word, key=lambda w: w.left)
    return [lines[key] for key in sorted(lines)]


def steps(path: Path, poppler: str) -> float:
    """The usual distance of two lines of the text, in points."""
    lines = lines_of_text(words_of(path, poppler))
    found = sorted(b.bottom - a.bottom for a, b in pairwise(lines) if a.page == b.page)
    return found[len(found) // 2]


def test_a_review_copy_has_its_lines_numbered(papers: dict[str, Path], poppler: str) -> None:
    """The lines are numbered through the document in the left margin; otherwise none is."""
    margin = {
        name: [int(w.text) for w in words_of(path, poppler) if w.right < 68 and w.text.isdigit()]
        for name, path in papers.items()
    }
    assert margin["one"] == []
    assert len(margin["review"]) > 60
    assert sorted(margin["review"]) == list(range(1, len(margin["review"]) + 1))


def test_line_numbers_are_no_text(papers: dict[str, Path]) -> None:
    """Line numbers stand outside the structure, as page numbers do: nobody has them read aloud."""
    counted = {}
    for name, path in papers.items():
        blocks = [block for block in read_pdf(path).furniture if block.name == LINE_NUMBERS]
        counted[name] = [token.text for block in blocks for token in block.tokens]
    assert counted["one"] == counted["two"] == []
    assert counted["review"][:2] == ["1", "2"]
    assert counted["review"][-1] == str(len(counted["review"]))


def test_a_number_out_of_turn_is_no_line_number() -> None:
    """Numbers on a page are those of its lines only as far as they count on from the page before.

    A number that stands there without being the next one is left to be explained.
    """
    blocks = page_furniture(["Head\n1\n2\n7\nPage 1 of 2", "9\n3\nPage 2 of 2"])
    said = [(block.name, [token.text for token in block.tokens]) for block in blocks]
    assert said == [
        ("page 1 of 2", ["Head", "7", "Page", "1", "of", "2"]),
        (LINE_NUMBERS, ["1", "2"]),
        ("page 2 of 2", ["9", "Page", "2", "of", "2"]),
        (LINE_NUMBERS, ["3"]),
    ]


def test_a_review_copy_is_double_spaced(papers: dict[str, Path], poppler: str) -> None:
    """From line to line it is at least 1.8 times as far as in the article."""
    assert steps(papers["review"], poppler) > 1.8 * steps(papers["one"], poppler)


def test_two_columns_stand_beside_each_other(papers: dict[str, Path], poppler: str) -> None:
    """In two columns lines begin at two places, in one at one; a table spans both columns."""
    starts = {
        name: {round(w.left) for w in words_of(path, poppler) if w.text == "In"}
        for name, path in papers.items()
    }
    middle = 297.5
    assert any(start > middle for start in starts["two"])
    words = words_of(papers["two"], poppler)
    body = [w for w in words if w.text in SENTENCE.split()]
    left = max(w.right for w in body if w.left < middle)
    right = min(w.left for w in body if w.left > middle)
    assert right - left > 15


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ("    body-columns: 3\n", "body-columns: 3: only 1 or 2 is supported"),
        ("    review-copy: 'yes'\n", "review-copy: yes: true or false is wanted"),
        ("    review-kopy: true\n", "unknown key review-kopy; did you mean review-copy?"),
    ],
)
def test_other_values_are_refused(tmp_path: Path, extra: str, message: str) -> None:
    """A setting that means nothing is refused by name and line."""
    with pytest.raises(PressError, match=re.escape(f"_quarto.yml:9: {message}")):
        render(make_project(tmp_path / "project", extra))
