"""Both web pages in a real browser: contents, previews, links, narrow screens, paper, axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

OpenPage = Callable[..., "Page"]
DOCUMENTS = ["manuscript", "supplement"]
both = pytest.mark.parametrize("document", DOCUMENTS)
RULES = "wcag2a wcag2aa wcag21a wcag21aa wcag22aa best-practice".split()
TABLE = "a.quarto-xref[href='#tbl-patients']"
CITATION = "a[role=doc-biblioref]"
CURRENT = ".contents [aria-current]"


def preview(page: Page) -> Locator:
    """The panel that shows what a reference leads to."""
    return page.locator("#preview")


def words(text: str) -> str:
    """The words of a text, one space between them."""
    return " ".join(text.split())


def target_words(page: Page, link: Locator, inside: str = "") -> str:
    """The words of what a link leads to, or of a part inside it."""
    goal = page.locator(f"{link.get_attribute('href')} {inside}".strip())
    return words(goal.inner_text())


@both
def test_the_contents_follow_the_reader(open_page: OpenPage, document: str) -> None:
    """Nothing is marked above the first section; then the section on the screen is, alone."""
    page = open_page(document)
    assert page.locator(CURRENT).count() == 0
    links = page.locator(".contents a")
    names = links.evaluate_all("all => all.map((a) => a.hash)")
    assert len(names) > 10
    for name in (names[1], names[5], names[-1], names[3]):
        page.locator(name).evaluate("e => e.scrollIntoView()")
        page.wait_for_function(
            "name => document.querySelector('.contents [aria-current]')?.hash === name", arg=name
        )
        assert page.locator(CURRENT).count() == 1
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function("!document.querySelector('.contents [aria-current]')")


@both
def test_without_scripts_there_are_contents_and_links(open_page: OpenPage, document: str) -> None:
    """Without JavaScript contents and other formats are lists of links that are there to follow."""
    page = open_page(document, java_script_enabled=False)
    for link in page.locator(".contents a").all():
        assert page.locator(link.get_attribute("href") or "").count() == 1
    assert page.locator(".contents a").first.is_visible()
    assert page.locator(".links a").last.is_visible()
    assert preview(page).count() == 0


def test_a_mouse_on_a_reference_sees_where_it_leads(open_page: OpenPage) -> None:
    """The panel has the caption or the reference, stays under the mouse and goes with it.

    References: WCAG 2.2, success criterion 1.4.13.
    """
    page = open_page()
    table, citation = page.locator(TABLE).first, page.locator(CITATION).nth(3)
    table.hover()
    preview(page).wait_for(state="visible")
    assert words(preview(page).inner_text()) == target_words(page, table, "figcaption")
    preview(page).hover()
    page.wait_for_timeout(500)
    assert preview(page).is_visible()
    page.keyboard.press("Escape")
    assert preview(page).is_hidden()
    citation.hover()
    preview(page).wait_for(state="visible")
    assert words(preview(page).inner_text()) == target_words(page, citation)
    page.mouse.move(3, 3)
    preview(page).wait_for(state="hidden")


def test_the_keyboard_on_a_reference_sees_where_it_leads(open_page: OpenPage) -> None:
    """Focus opens the panel and describes the link; Escape, moving on and following close it."""
    page = open_page()
    citation = page.locator(CITATION).nth(3)
    page.locator(CITATION).nth(2).focus()
    page.keyboard.press("Tab")
    assert citation.evaluate("e => e === document.activeElement")
    assert words(preview(page).inner_text()) == target_words(page, citation)
    assert citation.get_attribute("aria-describedby") == "preview"
    page.wait_for_timeout(500)
    assert preview(page).is_visible()
    page.keyboard.press("Escape")
    assert preview(page).is_hidden()
    assert citation.evaluate("e => e === document.activeElement")
    page.keyboard.press("Tab")
    assert preview(page).is_visible()
    page.keyboard.press("Enter")
    assert preview(page).is_hidden()
    assert page.url.endswith(page.locator(CITATION).nth(4).get_attribute("href") or "?")


def test_a_preview_repeats_no_name_and_no_number(open_page: OpenPage) -> None:
    """A figure's preview has its image and words, without ids, links or numbers to point at."""
    page = open_page()
    page.locator("a.quarto-xref[href='#fig-course']").first.hover()
    preview(page).wait_for(state="visible")
    assert preview(page).locator("img[alt]").count() == 1
    assert preview(page).locator("[id], a, [data-key], [tabindex]").count() == 0
    box = preview(page).bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 720


def test_a_note_is_shown_without_its_way_back(open_page: OpenPage) -> None:
    """The mark of a footnote shows the note."""
    page = open_page()
    page.evaluate("""document.querySelector("main p").insertAdjacentHTML("beforeend", `
      <a href="#fn1" role="doc-noteref" id="fnref1"><sup>1</sup></a><section class="footnotes">
      <ol><li id="fn1"><p id="said">A note.<a class="footnote-back" href="#fnref1">back</a></p>
      </li></ol></section>`)""")
    page.locator("#fnref1").hover()
    preview(page).wait_for(state="visible")
    assert preview(page).inner_text().strip() == "A note."
    assert page.locator("#said").count() == 1


PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
}  # fmt: skip


def test_a_finger_on_a_reference_sees_where_it_leads(open_page: OpenPage) -> None:
    """A tap shows the words and a link to follow; Escape and a tap elsewhere close them.

    References: ARIA Authoring Practices, dialog: focus goes in, and back to what opened it.
    """
    page = open_page(**PHONE)
    citation = page.locator(CITATION).nth(3)
    citation.tap()
    page.wait_for_timeout(500)
    assert target_words(page, citation) in words(preview(page).inner_text())
    assert "#" not in page.url
    way = preview(page).get_by_role("link", name=f"Go to reference {citation.inner_text()}")
    assert way.evaluate("e => e === document.activeElement")
    assert preview(page).get_attribute("role") == "dialog"
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert preview(page).is_hidden()
    assert citation.evaluate("e => e === document.activeElement")
    citation.tap()
    page.locator("h2").nth(1).tap()
    assert preview(page).is_hidden()
    page.locator(TABLE).first.tap()
    assert preview(page).is_visible()
    preview(page).get_by_role("link", name="Go to Table").tap()
    assert page.url.endswith("#tbl-patients")
    assert preview(page).is_hidden()


def test_a_second_tap_follows(open_page: OpenPage) -> None:
    """Tapping the same reference again goes where it leads."""
    page = open_page(**PHONE)
    citation = page.locator(CITATION).nth(3)
    citation.tap()
    citation.tap()
    assert page.url.endswith(citation.get_attribute("href") or "?")
    assert preview(page).is_hidden()


@pytest.mark.parametrize("width", [390, 320])
def test_figures_on_a_phone_keep_their_size(open_page: OpenPage, width: int) -> None:
    """A figure has at least 0.99 of its size, in a region that scrolls and has a tab stop."""
    page = open_page(viewport={"width": width, "height": 640})
    sizes = page.locator("figure img").evaluate_all("""all => all.map((e) =>
        [e.clientWidth / e.naturalWidth, e.closest("figure > div").tabIndex])""")
    assert sizes
    assert all(share >= 0.99 and tab == 0 for share, tab in sizes)


def test_a_group_of_citations_is_not_broken(open_page: OpenPage) -> None:
    """On no width of screen does a group of citations stand on two lines."""
    page = open_page()
    for width in range(320, 440, 8):
        page.set_viewport_size({"width": width, "height": 640})
        lines = page.locator(".citation").evaluate_all("""all => all.map((e) =>
            new Set([...e.getClientRects()].map((box) => Math.round(box.bottom))).size)""")
        assert len(lines) > 10
        assert set(lines) == {1}


NARROW: dict[str, dict[str, Any]] = {
    "320": {"viewport": {"width": 320, "height": 640}},
    "200%": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
}


@both
@pytest.mark.parametrize("screen", NARROW)
def test_only_regions_scroll_sideways(open_page: OpenPage, document: str, screen: str) -> None:
    """At 320 pixels and at twice the size the page fits; what does not takes the keyboard.

    References: WCAG 2.2, success criteria 1.4.4, 1.4.10 and 2.1.1.
    """
    page = open_page(document, **NARROW[screen])
    page.locator(f"main {CITATION}, main a.quarto-xref").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert preview(page).is_visible()
    width = NARROW[screen]["viewport"]["width"]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    tabs = page.evaluate("""[...document.querySelectorAll("main *")]
        .filter((e) => e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX === "auto")
        .map((e) => e.tabIndex)""")
    assert set(tabs) <= {0}
    assert tabs or screen != "320"


@both
def test_the_keyboard_reaches_all_and_is_seen(open_page: OpenPage, document: str) -> None:
    """Tab visits every link, button and region once, each with an outline, and ends."""
    page = open_page(document)
    wanted = page.locator("a[href], button, [tabindex='0']").count()
    seen = 0
    look = """() => {
      const e = document.activeElement;
      return e === document.body ? null : getComputedStyle(e).outlineStyle;
    }"""
    while seen <= wanted:
        page.keyboard.press("Tab")
        outline = page.evaluate(look)
        if outline is None:
            break
        assert outline != "none"
        seen += 1
    assert seen == wanted


@both
def test_paper_has_the_article_alone(open_page: OpenPage, document: str) -> None:
    """Printed, there is no panel, no contents and no link to click; links are not blue."""
    page = open_page(document)
    page.locator(f"main {CITATION}").first.hover()
    preview(page).wait_for(state="visible")
    page.emulate_media(media="print")
    for name in ("#preview", ".contents", ".links"):
        assert page.locator(name).is_hidden(), name
    styles = page.locator("main a").evaluate_all("""all => all.map((e) => getComputedStyle(e))
      .map((style) => style.color + " " + style.textDecorationLine)""")
    assert set(styles) == {"rgb(0, 0, 0) none"}
    breaks = page.locator("figure.quarto-float-fig").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).breakInside)"
    )
    assert set(breaks) == {"avoid"}


def faults(page: Page) -> list[Any]:
    """What axe-core has against the page as it stands, with an example each."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = axe.Axe().run(page, options=options).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


@pytest.mark.parametrize(
    ("document", "options"),
    [
        ("manuscript", {}),
        ("supplement", {"color_scheme": "dark"}),
        ("manuscript", NARROW["320"]),
        ("supplement", NARROW["320"]),
        ("manuscript", PHONE),
    ],
)
def test_axe_finds_nothing(open_page: OpenPage, document: str, options: dict[str, Any]) -> None:
    """axe-core has nothing against a page with marked numbers, a preview and a receipt open."""
    page = open_page(document, **options)
    page.get_by_role("button").click()
    page.locator("main .value").last.click()
    page.locator(f"main {CITATION}").first.hover()
    preview(page).wait_for(state="visible")
    assert page.locator("#provenance").is_visible()
    assert faults(page) == []


@both
def test_axe_finds_nothing_on_paper(open_page: OpenPage, document: str) -> None:
    """axe-core has nothing against a page as it is printed."""
    page = open_page(document)
    page.emulate_media(media="print")
    assert faults(page) == []
