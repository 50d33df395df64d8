"""A page of a comparison, looked over in the system's Chromium."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

VIEWS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1200, "height": 900}},
    "phone": {"viewport": {"width": 360, "height": 700}, "has_touch": True},
    "dark": {"viewport": {"width": 1200, "height": 900}, "color_scheme": "dark"},
}
FOLD = "is_open => document.querySelectorAll('details').forEach(e => { e.open = is_open })"
WIDTH = "document.documentElement.scrollWidth"


def look_over(
    browser: Browser, path: Path, *, views: Iterable[str] = VIEWS, unfolded: bool = True
) -> None:
    """axe-core has nothing against it; it asks for nothing else; it is not wider, unfolded too."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    for name in views:
        view = VIEWS[name]
        page = browser.new_page(**view)
        asked = _listen(page)
        page.goto(path.as_uri())
        width = view["viewport"]["width"]
        for is_open in (True, unfolded):
            page.evaluate(FOLD, is_open)
            assert page.evaluate(WIDTH) == width, name
        found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response
        faults = [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
        assert faults == [], name
        assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        page.close()


def _listen(page: Page) -> list[str]:
    """The addresses that the page asks for, as they come."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked
