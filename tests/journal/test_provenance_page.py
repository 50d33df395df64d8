"""The web page in a real browser; what a reader who points at, taps or focuses a number is told."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from press.render import render

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

ROOT = Path(__file__).resolve().parents[2]
NOT_NEEDED = (".*", "_manuscript", "bench", "docs", "tests", "__pycache__", "*.egg-info")
CHUNK = "```{python}\n#| label: provenance\narticle.provenance\n```\n\n"
BUTTON = "Show where the numbers come from"
A_MEAN = "strength.change.mean"


@dataclass(frozen=True)
class Rendered:
    """The rendered page and the receipts beside it."""

    page: Path
    receipts: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The manuscript as a web page, rendered in a copy of the project."""
    project = tmp_path_factory.mktemp("project") / "copy"
    shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(*NOT_NEEDED))
    settings = (project / "_quarto.yml").read_text(encoding="utf-8")
    settings = re.sub(r"^ *post-render:.*\n", "", settings, flags=re.MULTILINE)
    (project / "_quarto.yml").write_text(settings, encoding="utf-8")
    text = (project / "manuscript.qmd").read_text(encoding="utf-8")
    if "article.provenance" not in text:
        text = text.replace("# Abstract\n", CHUNK + "# Abstract\n", 1)
        (project / "manuscript.qmd").write_text(text, encoding="utf-8")
    render(project, formats=("html",))
    lines = (project / "results.json").read_text(encoding="utf-8").splitlines()[1:]
    receipts = {line["id"]: line for line in map(json.loads, lines)}
    return Rendered(project / "_manuscript" / "manuscript.html", receipts)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """The system's Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


OpenPage = Callable[..., "Page"]
LAYOUT_SHIFTS = """
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifts.push(entry.value);
  }).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def open_page(browser: Browser, rendered: Rendered) -> Iterator[OpenPage]:
    """Opens the page with a context's options; afterwards, nothing else was asked for."""
    contexts, asked, errors = [], [], []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        if route.request.url == rendered.page.as_uri():
            route.continue_()
        else:
            route.abort()

    def opened(**options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(5000)
        context.route("**/*", answer)
        if options.get("java_script_enabled", True):
            context.add_init_script(LAYOUT_SHIFTS)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(rendered.page.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert asked == [rendered.page.as_uri()] * len(contexts)
    assert errors == []


PHONE = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}
NARROW = PHONE | {"viewport": {"width": 320, "height": 640}}


def number(page: Page, key: str = A_MEAN) -> Locator:
    """The first place where a number stands."""
    return page.locator(f'.value[data-key="{key}"]').first


def panel(page: Page) -> Locator:
    """The panel that says where a number comes from."""
    return page.locator("#provenance")


def rows(page: Page) -> dict[str, str]:
    """What the open panel says, by term."""
    panel(page).wait_for(state="visible")
    terms, texts = (page.locator(f"#provenance {tag}").all_inner_texts() for tag in ("dt", "dd"))
    return dict(zip(terms, texts, strict=True))


def test_the_mouse_is_told_what_the_receipt_says(open_page: OpenPage, rendered: Rendered) -> None:
    """A number under the mouse shows its receipt, all digits included, and the data's version."""
    page = open_page()
    number(page, "ck.ratio.mean").hover()
    receipt = rendered.receipts["ck.ratio.mean"]
    told = rows(page)
    assert float(told["Value"]) == receipt["value"]
    assert (told["Unit"], told["Method"]) == (receipt["unit"], receipt["method"])
    assert (told["n"], told["Missing"]) == (str(receipt["n"]), str(receipt["n_missing"]))
    assert told["Function"] == "analysis.paired.paired_ratio"
    assert told["Data"].endswith(", simulated")
    assert told["Receipt"] == "ck.ratio.mean"
    assert panel(page).locator("p").inner_text().startswith("Creatine kinase, ratio")


def test_every_number_on_the_page_can_be_asked(open_page: OpenPage, rendered: Rendered) -> None:
    """Each number has its record in the page, and its text is that of the record."""
    page = open_page()
    shown = page.eval_on_selector_all(
        ".value", "all => all.map((e) => [e.dataset.key, e.textContent])"
    )
    told = {
        each["id"]: each for each in json.loads(page.locator("#receipts").text_content() or "")[1:]
    }
    assert len(shown) > 300
    assert [told[key]["text"] for key, _ in shown] == [text for _, text in shown]
    assert all(told[key]["function"].startswith("analysis.") for key, _ in shown)
    keys = {
        key
        for (key,) in page.eval_on_selector_all("[data-key]", "a => a.map((e) => [e.dataset.key])")
    }
    assert told.keys() <= keys
    assert told.keys() <= rendered.receipts.keys()


def test_what_hovering_shows_can_be_reached_and_dismissed(open_page: OpenPage) -> None:
    """The panel stays while the mouse is on number or panel, goes with Escape or when it leaves.

    References: WCAG 2.2, success criterion 1.4.13.
    """
    page = open_page()
    number(page).hover()
    panel(page).wait_for(state="visible")
    panel(page).hover()
    page.wait_for_timeout(500)
    assert panel(page).is_visible()
    page.keyboard.press("Escape")
    assert panel(page).is_hidden()
    number(page).hover()
    panel(page).wait_for(state="visible")
    page.mouse.move(3, 3)
    panel(page).wait_for(state="hidden")


def test_a_click_pins_the_panel(open_page: OpenPage) -> None:
    """A clicked number keeps its panel until it or anything else is clicked."""
    page = open_page()
    number(page).click()
    page.mouse.move(3, 3)
    page.wait_for_timeout(500)
    assert panel(page).is_visible()
    number(page).click()
    assert panel(page).is_hidden()
    number(page).click()
    page.mouse.click(3, 3)
    assert panel(page).is_hidden()


def test_numbers_are_plain_text_until_asked_for(open_page: OpenPage) -> None:
    """At rest no number is a tab stop or more than text; switched off again, the page is as new."""
    page = open_page()
    body = "document.querySelector('main').innerHTML"
    before = page.evaluate(body)
    number(page).click()
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('#provenance').remove()")
    button = page.get_by_role("button")
    assert button.count() == 1
    for is_on in ("true", "false"):
        button.first.click()
        assert button.first.get_attribute("aria-pressed") == is_on
    after = page.evaluate(body).replace(' class="value asked"', ' class="value"')
    assert after == before
    assert not re.search(r"<span[^>]*(tabindex|role=|aria-)", before)


NOTE_WHAT_IS_SAID = """
  window.said = [];
  document.addEventListener("focusin", (event) => {
    if (!event.target.matches(".value")) return;
    const receipt = document.querySelector("#provenance:not([hidden]) dl").textContent;
    window.said.push(receipt.match(/Receipt (\\S+)/)[1]);
  });
"""


def test_the_keyboard_reaches_every_number(open_page: OpenPage) -> None:
    """Tab leads from the button to a number, arrows on to all others, one tab stop a block."""
    page = open_page()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == BUTTON
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    keys = page.eval_on_selector_all(".value", "all => all.map((e) => e.dataset.key)")
    page.evaluate(NOTE_WHAT_IS_SAID)
    for _ in range(60):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("window.said") == [*keys[1:61], keys[-1], keys[-2]]
    assert page.locator('.value[role="button"][tabindex]').count() == len(keys)
    assert number_in_focus(page).get_attribute("aria-describedby") == "provenance"
    page.keyboard.press("Home")
    assert rows(page)["Receipt"] == keys[0]
    page.keyboard.press("Escape")
    assert panel(page).is_hidden()
    assert number_in_focus(page).count() == 1
    page.keyboard.press("Enter")
    assert panel(page).is_visible()
    page.keyboard.press("Shift+Tab")
    assert panel(page).is_hidden()
    assert page.evaluate("document.activeElement.textContent") == BUTTON
    assert page.locator('.value[tabindex="0"]').count() < 50


def number_in_focus(page: Page) -> Locator:
    """The number that has the keyboard."""
    return page.locator('.value[role="button"]:focus')


@pytest.mark.parametrize("device", [PHONE, NARROW], ids=["390", "320"])
def test_a_finger_is_told_and_the_panel_fits(open_page: OpenPage, device: dict[str, Any]) -> None:
    """A tap opens the panel inside the screen's width, another tap closes it."""
    page = open_page(**device)
    width = device["viewport"]["width"]
    for key in (A_MEAN, "strength.change.p_value", "ck.location.ci_high", "patient.6.loss_cycle"):
        number(page, key).scroll_into_view_if_needed()
        number(page, key).tap()
        assert rows(page)["Receipt"] == key
        box = panel(page).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") == width
        number(page, key).tap()
        assert panel(page).is_hidden()
    number(page).tap()
    assert panel(page).is_visible()
    page.locator("h1").first.tap()
    assert panel(page).is_hidden()


def test_a_finger_finds_the_number(open_page: OpenPage) -> None:
    """Even a one-digit number takes a tap 24 pixels high, and moves no word for it.

    References: WCAG 2.2, success criterion 2.5.8 (it exempts targets in a sentence).
    """
    page = open_page(**PHONE)
    heights = page.eval_on_selector_all(
        ".value", "all => all.map((e) => e.getClientRects()[0].height)"
    )
    assert min(heights) >= 24
    tall = "document.querySelector('main').getBoundingClientRect().height"
    with_room = page.evaluate(tall)
    page.evaluate("document.documentElement.classList.remove('numbers-tell')")
    assert page.evaluate(tall) == with_room


def test_nothing_moves(open_page: OpenPage) -> None:
    """Neither loading, nor the marks, nor an open panel shifts the layout."""
    page = open_page()
    tall = "document.documentElement.scrollHeight"
    before = page.evaluate(tall)
    page.get_by_role("button", name=BUTTON).click()
    number(page).click()
    assert panel(page).is_visible()
    page.wait_for_timeout(500)
    assert page.evaluate(tall) == before
    assert page.evaluate("window.shifts") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page: OpenPage, scheme: str) -> None:
    """axe-core has nothing against the page at rest, with marks, with a panel."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    page = open_page(color_scheme=scheme)
    faults = [axe.Axe().run(page).response["violations"]] if scheme == "light" else []
    page.get_by_role("button", name=BUTTON).click()
    number(page, "ck.ratio.mean").focus()
    assert panel(page).is_visible()
    faults.append(axe.Axe().run(page).response["violations"])
    assert not any(faults), [
        (each["id"], each["nodes"][0]["html"]) for found in faults for each in found
    ]


def test_without_scripts_the_page_is_the_article_alone(open_page: OpenPage) -> None:
    """Without JavaScript there is no button and no hint, and numbers look like text."""
    page = open_page(java_script_enabled=False)
    assert page.get_by_role("button").count() == 0
    assert page.get_by_text("Point at a number").count() == 0
    assert panel(page).count() == 0
    assert number(page).evaluate("e => getComputedStyle(e).cursor") == "auto"


def test_paper_shows_nothing_of_it(open_page: OpenPage) -> None:
    """Printed with marks on and a panel open, neither they nor the button are there."""
    page = open_page()
    page.get_by_role("button", name=BUTTON).click()
    number(page).click()
    page.emulate_media(media="print")
    assert panel(page).is_hidden()
    assert page.locator(".provenance-bar").is_hidden()
    line = "e => getComputedStyle(e).textDecorationLine"
    assert number(page).evaluate(line) == "none"


def test_a_number_changed_in_the_page_is_named(open_page: OpenPage) -> None:
    """Where the page's number is no longer the receipt's, the panel says so first."""
    page = open_page()
    text = number(page).inner_text()
    number(page).evaluate("e => { e.textContent = '99'; }")
    number(page).hover()
    assert rows(page)["Caution"].endswith(text)
