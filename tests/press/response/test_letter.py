"""The example letter on the article itself: what an editor gets, in Word and as a PDF."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from press.config import read_project
from press.read_pdf import read_pdf
from press.render import render
from press.response.build import Versions, build_response, check_response
from press.submit.texts import texts
from press.tokens import show

ROOT = Path(__file__).parents[3]
EXAMPLE = Path(__file__).parent / "example"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
GAIN = r"Any gain counts as a response;.*?counts as a loss\. "
SIGNS = (
    """Figure 1: what are the lines... It's "raised"--or `raised`, p<0.05*, -3 to 3 [...]?""",
    r"# 1) TODO: \emph{XX} & $x_i$ ~ a^2^ #let @fig-change 'so' <b>b</b> | [to be completed] {x}",
    "see [@bland1994]: A&amp;B &lt; 5,  two  blanks and a\ttab",
    ": a definition, or",
    ":::  a fence",
    "[^1]: a note",
)
"""What pandoc, Typst or Word would make something else of."""
CAPTION = "(CK) at baseline and follow-up, "


class Built(NamedTuple):
    """The project, what the letter was built from, and the letter."""

    root: Path
    versions: Versions
    letter: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The letter on the article, the old version being without a sentence and a caption's words."""
    root = tmp_path_factory.mktemp("letter") / "project"
    away = shutil.ignore_patterns(".*", "_manuscript", "tests", "docs", "__pycache__")
    shutil.copytree(ROOT, root, ignore=away)
    for file in EXAMPLE.iterdir():
        shutil.copy(file, root)
    reviews = (root / "reviews.yml").read_text(encoding="utf-8")
    last = "Figure 1: please say what the lines stand for."
    reviews = reviews.replace(last, "\n      ".join(SIGNS))
    (root / "reviews.yml").write_text(reviews, encoding="utf-8")
    settings = (root / "_quarto.yml").read_text(encoding="utf-8")
    settings = re.sub(r" *post-render:.*\n", "", settings)
    settings = settings.replace("review-copy: false", "review-copy: true")
    (root / "_quarto.yml").write_text(settings, encoding="utf-8")
    render(root, formats=("html", "typst"))
    output, old = root / "_manuscript", root.parent / "old"
    old.mkdir()
    page = (output / "manuscript.html").read_text(encoding="utf-8")
    before = re.sub(GAIN, "", page, flags=re.DOTALL).replace(CAPTION, "(CK), ")
    (old / "manuscript.html").write_text(before, encoding="utf-8")
    results = (root / "results.json").read_text(encoding="utf-8")
    mean = '"value": 8.0, "text": "+8.0"'
    assert mean in results
    were = results.replace(mean, '"value": 7.4, "text": "+7.4"')
    names = {"manuscript": "2-manuscript.pdf"}
    versions = Versions(were, results, old, output, output, names)
    written = build_response(read_project(root), versions, root.parent / "letter")
    assert [path.name for path in written] == ["response.docx", "response.pdf"]
    return Built(root, versions, root.parent / "letter")


def paragraphs(path: Path) -> list[tuple[str, str]]:
    """The style and text of each paragraph of a Word file."""
    with zipfile.ZipFile(path) as package:
        tree = etree.fromstring(package.read("word/document.xml"))
    found = []
    for paragraph in tree.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        text = "".join(piece.text or "" for piece in paragraph.iter(f"{W}t"))
        found.append(("" if style is None else style.get(f"{W}val"), text.replace("\u00a0", " ")))
    return found


def test_comments_stand_word_for_word_in_their_style(built: Built) -> None:
    """Each comment is printed as it came, quotes straight as typed, in the comments' own style."""
    said = [text for style, text in paragraphs(built.letter / "response.docx")
            if style == "ReviewComment"]  # fmt: skip
    assert said == [
        "Please answer each comment and mark what you changed.",
        "The abstract gives the change in strength without its interval: "
        '"a change of 8 points" can mean much or little.',
        "Was the dose of prednisone (mg/day) stable?",
        "How was a response defined? With a ceiling of 60 points, "
        "a gain of 1 point in a patient who starts at 58 is hardly a response.",
        *SIGNS,
    ]


def test_comments_stand_letter_for_letter_in_the_pdf(built: Built) -> None:
    """Dots, hyphens and quotes are printed as they were typed, and no mark-up is obeyed."""
    text = next(text for text in texts(built.letter / "response.pdf") if text.where == "text")
    said = re.sub(r"\s", "", text.words)
    for comment in SIGNS:
        assert re.sub(r"\s", "", comment) in said


def test_the_letter_has_tags_numbers_quotes_and_places(built: Built) -> None:
    """Headings are reviewers and tags; numbers are old and new; quotes are the article's words."""
    said = paragraphs(built.letter / "response.docx")
    heads = [text for style, text in said if style in ("Heading1", "Heading2")]
    assert heads == [
        "Editor", "E.1", "Reviewer 1", "R1.1", "Reviewer 2", "R2.1", "R2.2",
        "References of this letter",
    ]  # fmt: skip
    assert "Bland JM, Altman DG." in said[-1][1]
    texts = [text for _, text in said]
    assert texts[0] == "Simulated data: Response to the reviewers"
    assert "Review round 1. Pages and lines are those of 2-manuscript.pdf." in texts
    assert any("+7.4 → +8.0 points, its interval" in text for text in texts)
    assert "Figure 1 has a new caption." in texts
    assert any(text.endswith("See also the answer to R1.1.") for text in texts)
    places = [text for style, text in said if style == "QuotePlace"]
    assert [place.partition(", page")[0] for place in places] == [
        "Unchanged text, Prednisone", "Changed text, Limitations", "Changed caption, Figure 1",
    ]  # fmt: skip
    quotes = [text for style, text in said if style == "BlockText"]
    assert quotes[1].startswith("Any gain counts as a response; in 1 of 6 patients")
    assert quotes[1].endswith("smaller than the fall that counts as a loss.")


def test_the_notice_is_on_the_letter(built: Built) -> None:
    """While the data are simulated the letter says so, in Word and PDF."""
    notice = "the patients in this article do not exist"
    docx = paragraphs(built.letter / "response.docx")
    assert any(style == "Notice" and notice in text for style, text in docx)
    pdf = read_pdf(built.letter / "response.pdf")
    assert any(notice in show(block.tokens) for block in pdf.text)


def test_pdf_and_word_say_the_same(built: Built) -> None:
    """Every paragraph of the Word file stands in the PDF."""
    blocks = [show(block.tokens) for block in read_pdf(built.letter / "response.pdf").text]
    pdf = re.sub(r"\W", "", " ".join(blocks))
    for _, text in paragraphs(built.letter / "response.docx"):
        assert re.sub(r"\W", "", text) in pdf


def test_page_and_lines_are_those_that_poppler_reads(built: Built, poppler: str) -> None:
    """On the page named the quote begins and ends on the lines named, by another reader."""
    place = next(text for style, text in paragraphs(built.letter / "response.docx")
                 if style == "QuotePlace" and "Limitations" in text)  # fmt: skip
    page, first, last = re.search(r"page (\d+), lines (\d+)–(\d+):", place).groups()  # type: ignore[union-attr]
    command = [
        poppler,
        "-layout",
        "-f",
        page,
        "-l",
        page,
        str(built.versions.review / "manuscript.pdf"),
        "-",
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = dict(re.findall(r"^ *(\d+) {2,}(.*)$", text, re.MULTILINE))
    assert "Any gain counts" in lines[first]
    assert "counts as a loss." in lines[last]
    assert "Any gain" not in lines[str(int(first) + 1)]


def test_the_example_passes_the_check(built: Built) -> None:
    """`press check` finds no fault of form in the example letter."""
    assert check_response(read_project(built.root)) == []


def test_a_sign_that_the_pdf_cannot_print_is_told_with_its_comment(
    built: Built,
) -> None:
    """Typst's own fonts have accents, arrows and a ligature; they have no Japanese and no emoji."""
    file = built.root / "reviews.yml"
    text = file.read_text(encoding="utf-8")
    try:
        said = text.replace(SIGNS[0], "é ≥ → ﬁ").replace(SIGNS[1], "日本 😀")
        file.write_text(said, encoding="utf-8")
        faults = check_response(read_project(built.root))
    finally:
        file.write_text(text, encoding="utf-8")
    (fault,) = faults
    assert fault.place.startswith("reviews.yml:")
    assert fault.text.startswith("R2.2 has “日”, “本”, “😀”, which no font of the PDF has; name a")


def test_the_same_letter_has_the_same_bytes(built: Built) -> None:
    """A second build gives the same files."""
    again = built.root.parent / "again"
    for path in build_response(read_project(built.root), built.versions, again):
        assert path.read_bytes() == (built.letter / path.name).read_bytes()
