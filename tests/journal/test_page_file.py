"""The web pages as files: one file each, small, with contents and links that lead somewhere."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import html

from press.keys import WRITERS

ROOT = Path(__file__).resolve().parents[2]
JOURNAL = ROOT / "journal"
DOCUMENTS = ["manuscript", "supplement"]


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> str:
    """The stem of each document."""
    return str(request.param)


@pytest.fixture
def file(rendered_project: Path, document: str) -> Path:
    """The rendered page of a document."""
    return rendered_project / "_manuscript" / f"{document}.html"


@pytest.fixture
def page(file: Path) -> Any:
    """The page, parsed."""
    return html.parse(str(file)).getroot()


def test_a_page_is_one_small_file(file: Path, page: Any) -> None:
    """A page has at most 1 MB and names no file that a browser would fetch."""
    assert file.stat().st_size <= 1_000_000
    sources = page.xpath("//@src | //link/@href | //@srcset | //object/@data | //use/@href")
    assert [source[:40] for source in sources if not source.startswith("data:")] == []
    styles = " ".join(page.xpath("//style/text()"))
    assert not re.search(r"@import|url\((?!\s*[\"']?(?:data:|#))", styles)


def test_figures_are_svg(page: Any) -> None:
    """Every image is a vector drawing with an alternative text."""
    images = page.xpath("//img")
    assert len(images) >= 3
    for image in images:
        assert image.get("src").startswith("data:image/svg+xml")
        assert image.get("alt")


def test_the_contents_name_the_sections(page: Any) -> None:
    """The contents list the headings of two levels in their order, and lead to them."""
    headings = page.xpath("//main//*[self::h2 or self::h3]")
    wanted = [(f"#{each.get('id')}", each.text_content()) for each in headings]
    links = page.xpath("//nav[@class='contents']//a")
    assert [(each.get("href"), each.text_content()) for each in links] == wanted


def test_headings_form_an_outline(page: Any) -> None:
    """The title is the one heading of the first level, and no level is left out below it."""
    levels = [int(each.tag[1]) for each in page.xpath("//*[self::h1 or self::h2 or self::h3]")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert set(levels) == {1, 2, 3}
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert not page.xpath("//h4")


def test_rows_and_columns_of_tables_are_named(page: Any) -> None:
    """The first cell of each row is its header, and each cell of the head its column's."""
    tables = page.xpath("//table")
    assert len(tables) >= 4
    for table in tables:
        heads = table.xpath("thead/tr/*")
        assert [(cell.tag, cell.get("scope")) for cell in heads] == [("th", "col")] * len(heads)
        rows = table.xpath("tbody/tr")
        assert rows
        for first, *others in rows:
            assert (first.tag, first.get("scope")) == ("th", "row")
            assert {cell.tag for cell in others} == {"td"}


def test_a_link_to_the_page_says_that_data_are_simulated(page: Any) -> None:
    """What other sites show of a page names its notice first, and asks for no image."""
    told = {e.get("property") or e.get("name"): e.get("content") for e in page.xpath("//meta")}
    title = page.findtext(".//title")
    for said in ("og:title", "og:description", "twitter:title", "twitter:description"):
        assert told[said].startswith("Simulated data")
    assert (told["og:title"], told["og:type"]) == (title, "website")
    assert not any(":image" in (name or "") for name in told)


def test_links_lead_to_what_is_declared(page: Any, document: str) -> None:
    """A page links to each other format of _quarto.yml, and to the other documents' pages."""
    settings = yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))
    wanted = [f"{document}.{WRITERS[name]}" for name in settings["format"] if name != "html"]
    stems = [Path(name).stem for name in settings["project"]["render"]]
    wanted += [f"{stem}.html" for stem in stems if stem != document]
    assert sorted(page.xpath("//nav[@class='links']//a/@href")) == sorted(wanted)


def test_script_and_style_for_reading_are_small() -> None:
    """Contents and previews take at most 8 KB of script and style together."""
    assert sum((JOURNAL / f"reading.{end}").stat().st_size for end in ("js", "css")) < 8_000
