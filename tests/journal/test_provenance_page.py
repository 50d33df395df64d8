"""The web page in a real browser; what a reader who points at, taps or focuses a number is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

OpenPage = Callable[..., "Page"]
BUTTON = "Show where the numbers come from"
A_MEAN = "strength.change.mean"
Receipts = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def receipts(rendered_project: Path) -> Receipts:
    """The receipts beside the page, by id."""
    lines = (rendered_project / "results.json").read_text(encoding="utf-8").splitlines()[1:]
    return {line["id"]: line for line in map(json.loads, lines)}


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


def test_the_mouse_is_told_what_the_receipt_says(open_page: OpenPage, receipts: Receipts) -> None:
    """A number under the mouse shows its receipt, all digits included, and the data's version."""
    page = open_page()
    number(page, "ck.ratio.mean").hover()
    receipt = receipts["ck.ratio.mean"]
    told = rows(page)
    assert float(told["Value"]) == receipt["value"]
    assert (told["Unit"], told["Method"]) == (receipt["unit"], receipt["method"])
    assert (told["n"], told["Missing"]) == (str(receipt["n"]), str(receipt["n_missing"]))
    assert told["Function"] == "analysis.paired.paired_ratio"
    assert told["Data"].endswith(", simulated")
    assert told["Receipt"] == "ck.ratio.mean"
    assert panel(page).locator("p").inner_text().startswith("Creatine kinase, ratio")


def test_every_number_on_the_page_can_be_asked(open_page: OpenPage, receipts: Receipts) -> None:
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
    assert told.keys() <= receipts.keys()


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
    page.keyboard.press("Enter")  # skips to the article
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
