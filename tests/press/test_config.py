"""Settings: unknown keys, values and formats are refused with their line and a suggestion."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from press.config import format_settings, read_project
from press.document import read_document
from press.errors import PressError

from .conftest import SETTINGS

MakeProject = Callable[..., Path]


def settings_of(root: Path) -> dict[str, object]:
    """The settings of the formats of a project's document."""
    project = read_project(root)
    text = (root / "paper.qmd").read_text(encoding="utf-8")
    return dict(format_settings(project, read_document(text, file="paper.qmd").front))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "citeproc: true",
            "toc-depht: 2",
            "_quarto.yml:7: unknown key toc-depht; did you mean toc-",
        ),
        ("citeproc: true", "citeproc: false", "_quarto.yml:7: citeproc: false: only true is supp"),
        ("citeproc: true", "citeproc: 'true'", "_quarto.yml:7: citeproc: true: only true is supp"),
        ("citeproc: true", "css: a.css", "_quarto.yml:7: unknown key css; it belongs under format"),
        ("citeproc: true", "freeze: auto", "_quarto.yml:7: unknown key freeze"),
        (
            "citeproc: true",
            "lang: fr",
            "_quarto.yml:7: lang: fr: only en or en-GB or en-US is supp",
        ),
        ("citeproc: true", "csl: gone.csl", "_quarto.yml:7: csl: there is no file gone.csl"),
        (
            "citeproc: true",
            "filters: [a.lua]",
            "_quarto.yml:7: filter a.lua: a filter runs first or last",
        ),
        ("citeproc: true", "citeproc: [", "_quarto.yml:9: this is not YAML"),
        ("citeproc: true", "bibliography: b", "_quarto.yml:7: the key bibliography stands here a"),
        ("  echo: false", "  ehco: false", "_quarto.yml:5: unknown execute key ehco; did you mean"),
        ("  echo: false", "  echo: true", "_quarto.yml:5: echo: true: only false is supported"),
        (
            "  html:",
            "  revealjs:",
            "_quarto.yml:10: unknown format revealjs; supported are html, ty",
        ),
        ("  html:", "  pdf:", "_quarto.yml:10: format pdf needs TeX; write typst"),
        (
            "minimal: true",
            "minimal: false",
            "_quarto.yml:11: minimal: false: only true is supported",
        ),
        ("    theme: none\n", "", "_quarto.yml:10: format html needs theme"),
        ("theme: none", "theme: cosmo", "_quarto.yml:12: theme: cosmo: only none is supported"),
        (
            "fig-format: svg",
            "fig-format: retina",
            "_quarto.yml:15: fig-format: retina: only svg or",
        ),
        (
            "output-dir",
            "output-dri",
            "_quarto.yml:2: unknown key output-dri; did you mean output-d",
        ),
        ("render: [paper.qmd]", "render: [x.qmd]", "_quarto.yml:3: render: there is no file x.qmd"),
    ],
)
def test_settings_are_refused_by_name(
    make_project: MakeProject, old: str, new: str, message: str
) -> None:
    """The message begins with the file and the line of the setting."""
    assert SETTINGS.count(old) == 1
    with pytest.raises(PressError) as refused:
        settings_of(make_project("Text.\n", settings=SETTINGS.replace(old, new)))
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("title: A\ndate: today", "paper.qmd:3: unknown key date"),
        ("title: A\nformat: html", "paper.qmd:3: formats are declared in _quarto.yml only"),
        ("keywords: [a]", "paper.qmd:2: the document needs a title"),
        ("title: '`{python} n`'", "paper.qmd:2: inline code in the front matter is not evaluated"),
        ("title: A\nnumber-prefix: 7", "paper.qmd:3: number-prefix: 7: letters are wanted"),
        ("title: A\nnumber-prefix: S1", "paper.qmd:3: number-prefix: S1: letters are wanted"),
        (
            "title: A\nreview-copy: yes please",
            "paper.qmd:3: review-copy: yes please: true or false is wanted",
        ),
        ("title: A\ncrossref:\n  fig-labels: S", "paper.qmd:3: unknown key crossref"),
        (
            "title: A\nauthor:\n  - name: B\n    orcd: 1",
            "paper.qmd:5: unknown author key orcd; did",
        ),
        ("title: A\nauthor:\n  - orcid: 1", "paper.qmd:4: an author needs a name"),
        ("title: A\nauthor:\n  name: B", "paper.qmd:3: author is a list: begin each with a dash"),
        (
            "title: A\nauthor:\n  - name: B\n    affiliations:\n      - nmae: C",
            "paper.qmd:6: unknown affiliation key nmae; did you mean name?",
        ),
    ],
)
def test_front_matter_is_refused_by_name(
    make_project: MakeProject, front: str, message: str
) -> None:
    """The message begins with the file and the line of the key."""
    with pytest.raises(PressError) as refused:
        settings_of(make_project("Text.\n", front=f"---\n{front}\n---\n"))
    assert str(refused.value).startswith(message)


def test_the_document_wins_over_the_format_over_the_project(make_project: MakeProject) -> None:
    """Single values replace each other, lists are joined, as Quarto merges them."""
    settings = SETTINGS.replace("citeproc: true", "citeproc: true\ntoc: false\nkeywords: [a]")
    settings = settings.replace("minimal: true", "minimal: true\n    toc: true\n    keywords: [b]")
    front = "---\ntitle: A\nkeywords: [c]\n---\n"
    merged = settings_of(make_project("Text.\n", settings=settings, front=front))["html"]
    assert isinstance(merged, dict)
    assert (merged["toc"], merged["keywords"]) == (True, ["a", "b", "c"])


def test_documents_of_one_name_are_refused(make_project: MakeProject) -> None:
    """Both would write paper.html into the output folder."""
    settings = SETTINGS.replace("[paper.qmd]", "[paper.qmd, more/paper.qmd]")
    with pytest.raises(PressError) as refused:
        read_project(make_project("Text.\n", settings=settings))
    message = "_quarto.yml:3: two documents would write paper; give paper.qmd another name"
    assert str(refused.value) == message


def test_a_folder_without_settings_is_refused(tmp_path: Path) -> None:
    """The remedy is to go to the article's folder."""
    with pytest.raises(
        PressError, match=r"no _quarto\.yml in .*; run press in the article's folder"
    ):
        read_project(tmp_path)
