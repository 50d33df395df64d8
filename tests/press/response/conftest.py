"""A paper of one page of text in two versions, and its review copy, all made by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import typst

from press.config import read_project
from press.errors import PressError
from press.response.build import Versions, build_response

PAGE = """\
<html><head><title>Six patients</title></head><body>
<p class="running-head">Invented data</p>
<p class="notice" role="note">These patients were invented.</p>
<main><section class="abstract"><h2 id="abstract">Abstract</h2><p>Strength rose.</p></section>
<h1 id="methods">Methods</h1>
<p>Strength is the main outcome. It was graded by one examiner.</p>
<p>Enzymes were measured twice. Doses were per 10<sup>3</sup> g.</p>
<h2 id="outcomes">Outcomes</h2>
<p>Strength rose by <span class="value" data-key="rise">8.0</span> points.</p>
<div id="fig-change" class="quarto-float"><figure><img src="a.png" alt="Lines."/>
<figcaption>Figure&nbsp;1: The change in strength.</figcaption></figure></div>
<h1 id="discussion">Discussion</h1><p>Strength rose. So it may.</p>
</main></body></html>
"""
PAPER = """\
#set document(title: "Six patients")
#set page(width: 100mm, height: 90mm, margin: 12mm)
#set text(hyphenate: false, size: 10pt)
#set par(leading: 1.65em)
#set par.line(numbering: n => text(7pt)[#n])
#show figure: set par.line(numbering: none)
= Abstract
Strength rose.
= Methods <methods>
Strength is the main outcome. \\
It was graded by one examiner.

Enzymes were measured twice. \\
Doses were per 10#super[3] g.
#pagebreak()
== Outcomes <outcomes>
Strength rose by \\ 8.0 points.
#figure(image("a.svg", alt: "Lines."), caption: [The change in strength.])
= Discussion <discussion>
Strength rose. So it may.
"""
"""Lines by hand: headings 1, 3, 8 and 11; abstract 2; methods 4 to 7; outcomes 9, 10; then 12."""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
REVIEWS = """\
round: 2
comments:
  - reviewer: 1
    number: 1
    text: |
      Who graded strength?
"""
RESULTS = """\
{"schema_version": 1}
{"id": "rise", "value": 8.0, "text": "+8.0", "unit": "points", "n": 6, "n_missing": 0, "method": ""}
"""
LETTER = '---\ntitle: Response\n---\n\n::: {.answer to="R1.1"}\n%s\n:::\n'
NO_FORMAT = "_quarto.yml: the letter needs one of the formats docx and typst"
Faults = Callable[..., str]


@pytest.fixture(scope="session")
def review_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The paper with numbered lines, as a tagged PDF."""
    folder = tmp_path_factory.mktemp("copy")
    (folder / "a.svg").write_text(PICTURE, encoding="utf-8")
    (folder / "paper.typ").write_text(PAPER, encoding="utf-8")
    (folder / "paper.pdf").write_bytes(
        typst.compile(str(folder / "paper.typ"), root=str(folder), pdf_standards=["ua-1"])
    )
    return folder / "paper.pdf"


@pytest.fixture
def faults(make_project: Callable[..., Path], review_copy: Path) -> Faults:
    """What is said of an answer to the one comment; nothing where there is no fault.

    The project is one of web pages alone, so that no letter is written.
    """

    def say(
        answer: str, *, letter: str = LETTER, reviews: str = REVIEWS, old: str = PAGE, tag: str = ""
    ) -> str:
        root = make_project("# Methods\n\n## Outcomes\n")
        for folder, page in (("old", old), ("new", PAGE)):
            (root / folder).mkdir(exist_ok=True)
            (root / folder / "paper.html").write_text(page, encoding="utf-8")
        text = letter % answer if "%s" in letter else letter
        (root / "response.qmd").write_text(text, encoding="utf-8")
        (root / "reviews.yml").write_text(reviews, encoding="utf-8")
        folders = root / "old", root / "new", review_copy.parent
        versions = Versions(RESULTS, RESULTS, *folders, tag=tag)
        with pytest.raises(PressError) as error:
            build_response(read_project(root), versions, root / "letter")
        assert not (root / "letter").exists()
        return str(error.value).removeprefix(NO_FORMAT)

    return say
