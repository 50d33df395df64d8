"""A page of a comparison, looked over in the system's Chromium."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

VIEWS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1200, "height": 900}},
    "phone": {"viewport": {"width": 360, "height": 700}, "has_touch": True},
    "dark": {"viewport": {"width": 1200, "height": 900}, "color_scheme": "dark"},
}
FOLD = "is_open => document.querySelectorAll('details').forEach(e => { e.open = is_open })"
WIDTH = "document.documentElement.scrollWidth"


def look_over(
    chromium: str, path: Path, *, views: Iterable[str] = VIEWS, unfolded: bool = True
) -> None:
    """axe-core has nothing against it; it asks for nothing else; it is not wider, unfolded too."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is missing")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in views:
            view = VIEWS[name]
            page = browser.new_page(**view)
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(path.as_uri())
            width = view["viewport"]["width"]
            for is_open in (True, unfolded):
                page.evaluate(FOLD, is_open)
                assert page.evaluate(WIDTH) == width, name
            found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response
            faults = [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
            assert faults == [], name
            assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        browser.close()
