"""Markdown in; what the article's Lua filter and templates make of it out, through pandoc."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import docx
import pypandoc
import pytest

JOURNAL = Path(__file__).parents[2] / "journal"

NOTICE = (
    '::: {.notice keyword="Simulated data" description="Nobody was treated."}\nNot real.\n:::\n'
)
BYLINE = "::: {#byline}\nA re-edition, on simulated data\n:::\n"
HEAD = "---\ntitle: T\nauthor: [Ada Example]\nkeywords: [myositis]\n---\n\n"
ABSTRACT = "# Abstract\n\n**Aim.** To test.\n\n# Methods\n\nWords.\n\n"
TABLE = "| a | b |\n|:--|" + "-" * 90 + ":|\n| x | 1 |\n"


def run_pandoc(text: str, *arguments: str) -> str:
    """What pandoc prints after the filter."""
    lua = f"--lua-filter={JOURNAL / 'article.lua'}"
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--from=markdown", lua, *arguments],
        input=text,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return done.stdout


def read_article(text: str) -> dict[str, Any]:
    """The filtered document as pandoc's JSON."""
    parsed: dict[str, Any] = json.loads(run_pandoc(text, "-t", "json"))
    return parsed


def render_body(text: str) -> str:
    """The body as HTML, one line a block."""
    return run_pandoc(text, "-t", "html", "--wrap=none")


def words(node: Any) -> str:
    """The plain text of one metadata value or any other part of pandoc's JSON."""
    if isinstance(node, list):
        return "".join(map(words, node))
    if not isinstance(node, dict):
        return ""
    if node["t"] == "Str":
        return str(node["c"])
    return " " if node["t"] in ("Space", "SoftBreak") else words(node.get("c"))


def test_abstract_becomes_metadata() -> None:
    """The section "# Abstract" alone leaves the body, and its heading names it."""
    article = read_article(ABSTRACT)
    assert words(article["meta"]["abstract"]) == "Aim. To test."
    assert words(article["meta"]["abstract-title"]) == "Abstract"
    assert [block["t"] for block in article["blocks"]] == ["Header", "Para"]


def test_notice_becomes_metadata() -> None:
    """A notice leaves the body for the metadata, with its keyword and description."""
    article = read_article(HEAD + "::: cell\n" + NOTICE + ":::\n\n" + ABSTRACT)
    meta = article["meta"]
    assert words(meta["notice"]) == "Not real."
    assert words(meta["notice-keyword"]) == "Simulated data"
    assert words(meta["description"]) == "Nobody was treated."
    assert [words(word) for word in meta["keywords"]["c"]] == ["myositis", "Simulated data"]
    assert [block["t"] for block in article["blocks"]] == ["Header", "Para"]


def test_byline_replaces_the_authors() -> None:
    """The byline is the only author, whichever of Quarto's two keys is read."""
    meta = read_article(HEAD + BYLINE)["meta"]
    assert [words(author) for author in meta["author"]["c"]] == ["A re-edition, on simulated data"]
    (author,) = meta["authors"]["c"]
    assert words(author["c"]["name"]["c"]["literal"]) == "A re-edition, on simulated data"


def test_nothing_remains_without_a_notice() -> None:
    """Chunks that give nothing leave authors, keywords and body as they were written."""
    article = read_article(HEAD + "::: cell\n[]{.data-notice}\n:::\n\n" + ABSTRACT)
    meta = article["meta"]
    assert set(meta) == {"title", "author", "keywords", "abstract", "abstract-title"}
    assert [words(author) for author in meta["author"]["c"]] == ["Ada Example"]
    assert [words(word) for word in meta["keywords"]["c"]] == ["myositis"]
    assert [block["t"] for block in article["blocks"]] == ["Header", "Para"]


def test_alternative_text_reaches_the_image() -> None:
    """An alt div becomes the image's attribute, and the caption is the float's last block."""
    figure = (
        "::: {#fig-x}\n::: cell\n![](x.svg)\n:::\n\nCaption.\n\n::: cell\n"
        "::: alt\n[6]{.value} lines, *all* rising.\n:::\n:::\n:::\n"
    )
    html = render_body(figure)
    assert 'data-fig-alt="6 lines, all rising."' in html
    assert html.count("rising") == 1
    assert html.rstrip().endswith("<p>Caption.</p>\n</div>")


def test_empty_spans_are_dropped() -> None:
    """A span that says nothing goes, alone or within words; one that is a link's target stays."""
    assert render_body("[]{.value}\n\na[]{.value key=x}b [c]{.value key=y}") == (
        '<p>ab <span class="value" data-key="y">c</span></p>\n'
    )
    assert 'id="here"' in render_body("[]{#here}")


def test_a_number_prefix_becomes_labels() -> None:
    """Figures and tables get a list of labels, one inline for each number, and only on request."""
    crossref = read_article("---\ntitle: T\nnumber-prefix: S\n---\n\nWords.\n")["meta"]["crossref"]
    assert set(crossref["c"]) == {"fig-labels", "tbl-labels"}
    for labels in crossref["c"].values():
        assert [word["c"] for word in labels["c"]] == [f"S{number}" for number in range(1, 100)]
    assert "crossref" not in read_article(HEAD)["meta"]


@pytest.mark.parametrize(("classes", "kept"), [("", False), (" .wide-columns", True)])
def test_widths_of_a_pipe_table(classes: str, kept: bool) -> None:
    """The widths of a pipe table's dashes stay only where the float asks for them."""
    html = render_body(f"::: {{#tbl-x{classes}}}\n{TABLE}\nCaption.\n:::\n")
    assert ("<colgroup>" in html) is kept


def test_printed_columns_share_the_page_by_their_words() -> None:
    """In typst the columns fill the line, each at least as wide as its longest word asks."""
    text = "| id | diagnosis |\n|:--|:--|\n| 1 | dermatomyositis |\n"
    typst = run_pandoc(text, "-t", "typst")
    shares = typst.split("columns: (")[1].split(")")[0].split(",")
    narrow, wide = (float(share.strip(" %")) for share in shares)
    assert narrow + wide == pytest.approx(100, abs=0.05)
    # 2 and 15 letters, and room for three more in each
    assert wide / narrow == pytest.approx(18 / 5, rel=0.01)


def test_wide_tables_are_reached_by_the_keyboard() -> None:
    """In HTML a table stands in a region that scrolls and has a tab stop."""
    assert '<div class="table-region" tabindex="0" role="group"' in render_body(TABLE)


def test_a_table_whose_first_cells_are_not_all_filled_names_no_row() -> None:
    """Row headers are those of tables in which each row has one."""
    rows = "| a | b |\n|:--|--:|\n| x | 1 |\n| {} | 2 |\n"
    assert render_body(rows.format("y")).count('scope="row"') == 2
    assert 'scope="row"' not in render_body(rows.format(" "))


def test_a_group_of_citations_stays_on_a_line() -> None:
    """In typst a group is a box, whose words are those of the group; a single one needs none."""
    last = f"--lua-filter={JOURNAL / 'last.lua'}"
    text = "---\nreferences:\n- {id: a, title: A}\n- {id: b, title: B}\n---\n\n"
    csl = [f"--csl={JOURNAL / 'vancouver.csl'}", "--citeproc", "--wrap=none"]
    typst = run_pandoc(text + "One [@a], two [@a; @b].", last, "-t", "typst-citations", *csl)
    assert ", two #box[" in typst
    assert typst.count("#box[") == 1


def test_the_web_page_has_one_heading_of_the_first_level() -> None:
    """Sections go down a level on the web page, and nowhere else."""
    last = f"--lua-filter={JOURNAL / 'last.lua'}"
    assert run_pandoc("# A\n\n## B\n", last, "-t", "html").count("<h1") == 0
    assert run_pandoc("# A\n\n## B\n", last, "-t", "typst").startswith("= A")


def test_docx_shows_notice_and_keywords(tmp_path: Path) -> None:
    """Word prints notice and keywords beside the abstract and knows them as properties."""
    file = tmp_path / "article.docx"
    reference = f"--reference-doc={JOURNAL / 'reference.docx'}"
    run_pandoc(HEAD + NOTICE + BYLINE + ABSTRACT + TABLE, "-t", "docx", reference, "-o", str(file))
    document = docx.Document(str(file))
    assert [(line.style.name, line.text) for line in document.paragraphs if line.style][:6] == [
        ("Title", "Simulated data: T"),
        ("Author", "A re-edition, on simulated data"),
        ("Notice", "Not real."),
        ("Abstract Title", "Abstract"),
        ("Abstract", "Aim. To test."),
        ("Keywords", "Keywords: myositis, Simulated data"),
    ]
    properties = document.core_properties
    assert (properties.subject, properties.comments) == ("Simulated data", "Nobody was treated.")
    assert document.tables[0].style is not None
    assert document.tables[0].style.name == "ArticleTable"


def render_page(text: str) -> str:
    """The whole web page of an article by one named author."""
    author = json.dumps({"by-author": [{"name": {"literal": "Ada Example"}}]})
    return run_pandoc(f"---\n{author}\n---\n\n{text}", "-t", "html", *template("article.html"))


def template(name: str) -> list[str]:
    """Pandoc's arguments for one of the journal's templates."""
    return ["--standalone", f"--template={JOURNAL / name}"]


def test_citation_tags_are_withheld_under_a_notice() -> None:
    """Catalogues find citation tags in an article without a notice, and none under one."""
    assert '<meta name="citation_author" content="Ada Example">' in render_page(HEAD + ABSTRACT)
    page = render_page(HEAD + NOTICE + ABSTRACT)
    assert "citation_" not in page
    assert '<meta name="description" content="Nobody was treated.">' in page
    assert '<meta name="keywords" content="myositis, Simulated data">' in page


def test_other_sites_are_told_what_the_page_is() -> None:
    """Without a notice the page is an article to the sites that link to it, under one it is not."""
    described = HEAD.replace("title: T", "title: T\ndescription: What it is.")
    page = render_page(described + ABSTRACT)
    assert '<meta property="og:type" content="article">' in page
    assert '<meta property="og:description" content="What it is.">' in page
    page = render_page(described + NOTICE + ABSTRACT)
    assert '<meta property="og:type" content="website">' in page
    assert '<meta property="og:title" content="Simulated data: T">' in page
    assert '<meta name="twitter:description" content="Nobody was treated. What it is.">' in page


@pytest.mark.parametrize(("to", "file"), [("html", "article.html"), ("jats", "article.jats")])
def test_notice_is_said_once_in_the_title_block(to: str, file: str) -> None:
    """Web page and JATS say the notice once, before the body."""
    page = run_pandoc(HEAD + NOTICE + ABSTRACT, "-t", to, *template(file))
    assert page.count("Not real.") == 1
    assert page.index("Not real.") < page.index("Words.")


@pytest.mark.parametrize(
    ("stem", "files"),
    [
        ("one", ["one.pdf", "one.xml", "two-b.html"]),
        ("two-b", ["two-b.pdf", "two-b.xml", "one.html"]),
        ("three", []),
    ],
)
def test_links_are_those_of_the_settings(tmp_path: Path, stem: str, files: list[str]) -> None:
    """Other formats and documents that _quarto.yml declares; none where it has not this one."""
    settings = "project:\n  render: [one.qmd, two-b.qmd]\nformat:\n  html: default\n"
    settings += "  jats: default\n  typst:\n    papersize: a4\n"
    (tmp_path / "_quarto.yml").write_text(settings, encoding="utf-8")
    pandoc = [pypandoc.get_pandoc_path(), "--from=markdown", f"--output={stem}.html"]
    filters = [f"--lua-filter={JOURNAL / 'article.lua'}", *template("article.html")]
    subprocess.run([*pandoc, *filters], input=HEAD, cwd=tmp_path, check=True, encoding="utf-8")
    page = (tmp_path / f"{stem}.html").read_text(encoding="utf-8")
    assert re.findall(r'<li><a href="([^"]+)">', page) == files
