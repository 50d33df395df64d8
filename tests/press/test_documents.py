"""Two documents of one project: each with its own numbers and names, both traced by the check."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from lxml import etree, html

from press.config import read_project
from press.errors import PressError
from press.finished import check_finished
from press.keys import WRITERS
from press.render import render

from .conftest import SETTINGS
from .test_finished import EDIT, replace

MakeProject = Callable[..., Path]
HERE = Path(__file__).parent
JOURNAL = HERE.parents[1] / "journal"
EXPECTED = HERE / "supplement" / "expected"
FORMS = ("html", "typst", "docx", "jats")
TWO = """\
project:
  output-dir: _manuscript
  render: [paper.qmd, supplement.qmd]
  pre-render: [receipts.py]
lang: en
filters:
  - at: pre-ast
    path: journal/article.lua
execute:
  echo: false
format:
  html:
    minimal: true
    theme: none
    template: journal/article.html
    css: journal/article.css
    embed-resources: true
    fig-format: svg
  typst:
    template-partials: [journal/typst-template.typ, journal/typst-show.typ]
    pdf-standard: [ua-1]
  docx:
    reference-doc: journal/reference.docx
  jats:
    template: journal/article.jats
"""
RECEIPTS = """\
import os
form = '{"id": "%s", "value": %d, "text": "%d", "unit": "1", "n": 6, "n_missing": 0, "method": ""}'
lines = (form % (id, n, n) for id, n in (("dots.n", 12), ("a.n", 6)))
with open(os.environ["STUDY_RESULTS"], "a") as file:
    file.write("\\n".join(('{"schema_version": 1}', *lines)) + "\\n")
"""
PAPER = """\
---
title: A paper
---

# Abstract

Of [6]{.value key="a.n"} patients.

# Results

@fig-more and @tbl-one are the first of the paper.

::: {#fig-more}
![](more.png){fig-alt="A dot."}

A figure of the paper.
:::

::: {#tbl-one}

| a |
|--:|
| 7 |

A table of the paper.
:::
"""


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of a paper and its supplement after `press render`, the work kept in `staging`."""
    root = tmp_path_factory.mktemp("pair") / "project"
    shutil.copytree(HERE / "supplement", root)
    shutil.copytree(JOURNAL, root / "journal")
    for name, text in (("_quarto.yml", TWO), ("paper.qmd", PAPER), ("receipts.py", RECEIPTS)):
        (root / name).write_text(text, encoding="utf-8")
    (root / "staging").mkdir()
    render(root, staging=root / "staging")
    return root


def file_of(root: Path, form: str, stem: str = "supplement") -> Path:
    """A finished file of the project."""
    return root / "_manuscript" / f"{stem}.{WRITERS[form]}"


def squeezed(text: str) -> str:
    """A text without its white space."""
    return re.sub(r"\s+", "", text)


def text_of(form: str, path: Path) -> str:
    """The words of a page's main part, of a JATS body or of a Word file, without white space."""
    if form == "docx":
        body = docx.Document(str(path)).element.body
        return squeezed("".join(text.text or "" for text in body.iter("{*}t")))
    if form == "jats":
        return squeezed("".join(etree.parse(path).getroot().find("body").itertext()))
    return squeezed(html.parse(path).getroot().get_element_by_id("content").text_content())


# Numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "name"), [("html", "html"), ("jats", "xml")])
def test_a_prefix_numbers_as_quarto_does(form: str, name: str, pair: Path) -> None:
    """Captions and references have the letter as Quarto's filters have it, word for word."""
    source = (EXPECTED / f"supplement.{name}").read_text(encoding="utf-8")
    wanted = squeezed(html.fromstring(f"<div>{source}</div>").text_content())
    assert "TableS3:Onecell." in wanted
    assert text_of(form, file_of(pair, form)) == wanted


def test_a_prefix_numbers_in_word_as_quarto_does(pair: Path) -> None:
    """The Word file has the text of Quarto's, in its order, with the author behind the title."""
    wanted = squeezed((EXPECTED / "supplement.docx.txt").read_text(encoding="utf-8"))
    found = text_of("docx", file_of(pair, "docx"))
    assert found.replace("AdaExample", "", 1) == wanted


def test_a_prefix_leaves_the_typst_source_to_the_template(pair: Path) -> None:
    """The body is that of Quarto's filters, white space aside; the letter is an argument."""
    source = (pair / "staging/supplement/typst/supplement.typ").read_text(encoding="utf-8")
    preamble, body = source[source.index("#show: doc => article(") :].split("  doc,\n)\n")
    assert "number-prefix: [S]," in preamble
    quartos = (EXPECTED / "supplement.typ").read_text(encoding="utf-8")
    assert squeezed(body.replace('"/more.png"', '"more.png"')) == squeezed(quartos)


@pytest.mark.parametrize("form", ["html", "docx", "jats"])
def test_without_a_prefix_numbers_are_numbers(form: str, pair: Path) -> None:
    """The paper beside the supplement counts from 1 and has no letter."""
    text = text_of(form, file_of(pair, form, "paper"))
    assert "Figure1andTable1arethefirstofthepaper." in text
    assert "Figure1:Afigureofthepaper." in text
    assert "Table1:Atableofthepaper." in text


def test_a_number_without_a_label_is_refused(make_project: MakeProject) -> None:
    """Where a filter gives fewer labels than there are floats, Quarto would use the first again."""
    settings = SETTINGS.replace("execute:", "filters:\n  - {at: pre-ast, path: a.lua}\nexecute:")
    tables = "".join(
        f"::: {{#tbl-{name}}}\n\n| a |\n|---|\n| b |\n\nCells.\n:::\n\n" for name in "xyz"
    )
    root = make_project(tables, settings=settings)
    labels = '{ ["tbl-labels"] = pandoc.Inlines({ pandoc.Str("A"), pandoc.Str("B") }) }'
    filter = f"function Meta(meta) meta.crossref = {labels} return meta end"
    (root / "a.lua").write_text(filter, encoding="utf-8")
    with pytest.raises(PressError) as failed:
        render(root)
    fault = "tbl-z has no number; there are labels for 2 of its kind"
    assert str(failed.value) == f"paper.qmd:22: {fault}"


def test_a_prefix_that_no_filter_reads_is_refused(make_project: MakeProject) -> None:
    """Ignored, it would leave a supplement with the paper's numbers."""
    root = make_project("Text.", front="---\ntitle: A\nnumber-prefix: S\n---\n")
    with pytest.raises(PressError, match=r"^paper\.qmd:3: number-prefix: no filter of the proje"):
        render(root)


# Names -------------------------------------------------------------------------------------


def two_documents(make_project: MakeProject, first: str, second: str) -> Path:
    """A project of two documents in HTML."""
    root = make_project(first, settings=SETTINGS.replace("[paper.qmd]", "[paper.qmd, next.qmd]"))
    (root / "next.qmd").write_text(f"---\ntitle: Next\n---\n{second}", encoding="utf-8")
    return root


def test_a_name_of_one_document_is_unknown_in_the_next(make_project: MakeProject) -> None:
    """As where each has a kernel of its own; the message names the document that asks for it."""
    first = "```{python}\nsecret = 6\n```\n\n`{python} secret` of them.\n"
    root = two_documents(make_project, first, "Of them\n`{python} secret`.\n")
    with pytest.raises(PressError) as failed:
        render(root)
    fault = "next.qmd:5, inline secret: NameError: name 'secret' is not defined"
    assert str(failed.value) == fault
    assert not (root / "_manuscript").exists()


def test_what_a_document_sets_is_as_before_in_the_next(make_project: MakeProject) -> None:
    """Folder, environment, search path, warnings and matplotlib's settings."""
    head = "import os, sys, warnings\nimport matplotlib\n"
    seen = (
        "`{python} os.path.basename(os.getcwd())`, `{python} os.environ.get('SET', 'unset')`, "
        "`{python} 'gone' in sys.path`, `{python} matplotlib.rcParams['font.size']`, "
        "`{python} len(warnings.filters) > 99`\n"
    )
    change = (
        "os.chdir('.cache')\nos.environ['SET'] = 'set'\nsys.path.append('gone')\n"
        "matplotlib.rcParams['font.size'] = 31.0\n"
        "for n in range(100): warnings.filterwarnings('ignore', message=str(n))\n"
    )
    first = f"```{{python}}\n#| output: false\n{head}{change}```\n\n{seen}"
    root = two_documents(make_project, first, f"```{{python}}\n{head}```\n\n{seen}")
    render(root)
    said = [
        html.parse(root / f"_manuscript/{name}.html").getroot().find(".//p").text_content()
        for name in ("paper", "next")
    ]
    assert said == [".cache, set, True, 31.0, True", f"{root.name}, unset, False, 10.0, False"]


def test_figures_of_one_name_are_each_documents_own(make_project: MakeProject) -> None:
    """Two chunks with one label in two documents draw two files."""
    chunk = (
        "```{python}\n#| label: fig-a\n#| fig-cap: A line.\n#| fig-alt: A line.\n"
        "from matplotlib.figure import Figure\nfigure = Figure(figsize=(SIZE, 1))\n"
        "figure.subplots().plot([0, 1]);\nfigure\n```\n"
    )
    first, second = chunk.replace("SIZE", "2"), chunk.replace("SIZE", "3")
    root = two_documents(make_project, first, second)
    render(root)
    pages = [(root / f"_manuscript/{n}.html").read_text("utf-8") for n in ("paper", "next")]
    images = [re.findall(r'src="(data:[^"]*)"', page) for page in pages]
    assert [len(found) for found in images] == [1, 1]
    assert images[0] != images[1]


def test_documents_share_scripts_and_receipts(pair: Path) -> None:
    """The pre-render script ran once, and one results.json has the receipts of both."""
    assert (pair / "results.json").read_text(encoding="utf-8").count("dots.n") == 1


# Finished files ----------------------------------------------------------------------------


def test_all_files_of_both_documents_are_traced(pair: Path) -> None:
    """Every numeral of the eight files, the letters before the numbers included."""
    coverage = check_finished(read_project(pair))
    assert coverage.faults == []
    assert coverage.summary == "106 of 106 numerals traced, 8 files of 2 documents"
    assert [detail.partition(":")[0] for detail in coverage.details] == [
        f"_manuscript/{stem}.{WRITERS[form]}" for stem in ("paper", "supplement") for form in FORMS
    ]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("old", "new"),
    [("12", "21"), ("S1: More", "S2: More"), ("S1: More", "1: More")],
)
def test_a_change_of_the_supplement_is_caught(
    form: str, old: str, new: str, pair: Path, tmp_path: Path
) -> None:
    """A number of a caption changed or without its letter, in one file and in that alone."""
    source, path = file_of(pair, form), tmp_path / "out" / file_of(pair, form).name
    shutil.copytree(pair / "_manuscript", tmp_path / "out")
    if form == "typst":  # there the number is a run of its own
        old, new = old.removesuffix(": More"), new.removesuffix(": More")
    EDIT[form](source, path, replace(old, new))
    faults = check_finished(read_project(pair), output=tmp_path / "out").faults
    assert faults
    assert {fault.place for fault in faults} == {str(path)}


def test_two_numbers_swapped_in_the_supplement_are_caught(pair: Path, tmp_path: Path) -> None:
    """Each fault names the file, what stands there and what should."""
    shutil.copytree(pair / "_manuscript", tmp_path / "out")
    page = tmp_path / "out/supplement.html"

    def swap(texts: list[str]) -> None:
        low, high = texts.index("3"), texts.index("4")
        texts[low], texts[high] = texts[high], texts[low]

    EDIT["html"](file_of(pair, "html"), page, swap)
    faults = check_finished(read_project(pair), output=tmp_path / "out").faults
    place = f"{page}: under 'Results', between"
    assert [str(fault) for fault in faults] == [
        f"{place} “4 / | high |” and “Table S2: Rules”: “3” instead of “4” (text)",
        f"{place} “n / | low |” and “/ | high | 3”: “4” instead of “3” (text)",
    ]


def test_a_number_of_the_supplement_needs_a_receipt(pair: Path, tmp_path: Path) -> None:
    """Each document's numbers are held against the one results.json."""
    root = tmp_path / "project"
    shutil.copytree(pair, root, ignore=shutil.ignore_patterns("staging", ".cache"))
    text = (root / "results.json").read_text(encoding="utf-8")
    (root / "results.json").write_text(text.replace('"dots.n"', '"dots.m"'), encoding="utf-8")
    faults = check_finished(read_project(root)).faults
    assert [str(fault) for fault in faults] == [
        'results.json: "12" in the text has no receipt dots.n'
    ]


def test_a_document_that_was_not_rendered_is_not_executed(pair: Path, tmp_path: Path) -> None:
    """Without files of one document the other is checked alone."""
    root = tmp_path / "project"
    shutil.copytree(pair, root, ignore=shutil.ignore_patterns("staging", ".cache", "paper.*"))
    (root / "paper.qmd").write_text("---\ntitle: A\n---\n`{python} 1 / 0`\n", encoding="utf-8")
    coverage = check_finished(read_project(root))
    assert coverage.faults == []
    assert coverage.summary.endswith("numerals traced, 4 formats")


# A document without an abstract ------------------------------------------------------------


def test_without_an_abstract_word_and_jats_are_whole(pair: Path) -> None:
    """The title is the property; in JATS ids are unique and every reference has its target."""
    properties = docx.Document(str(file_of(pair, "docx"))).core_properties
    assert (properties.title, properties.author) == ("Supplement to a paper", "Ada Example")
    article = etree.parse(file_of(pair, "jats"))
    assert article.xpath("string(//article-title)") == "Supplement to a paper"
    assert not article.xpath("//abstract")
    ids = article.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(article.xpath("//xref/@rid")) <= set(ids)
