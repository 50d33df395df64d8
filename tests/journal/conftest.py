"""What the tests of the web pages share: the pages, rendered once a worker, and a browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from press.render import render

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
NOT_NEEDED = (".*", "_manuscript", "bench", "docs", "tests", "__pycache__", "*.egg-info")
OpenPage = Callable[..., "Page"]
LAYOUT_SHIFTS = """
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifts.push(entry.value);
  }).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="session")
def rendered_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with both documents rendered as web pages in `_manuscript`."""
    project = tmp_path_factory.mktemp("project") / "copy"
    shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(*NOT_NEEDED))
    settings = (project / "_quarto.yml").read_text(encoding="utf-8")
    settings = re.sub(r"^ *post-render:.*\n", "", settings, flags=re.MULTILINE)
    (project / "_quarto.yml").write_text(settings, encoding="utf-8")
    render(project, formats=("html",))
    return project


@pytest.fixture
def open_page(browser: Browser, rendered_project: Path) -> Iterator[OpenPage]:
    """Opens a document's page with a context's options; afterwards, nothing else was asked for."""
    contexts, wanted, asked, errors = [], [], [], []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        if route.request.url in wanted:
            route.continue_()
        else:
            route.abort()

    def opened(document: str = "manuscript", **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(5000)
        context.route("**/*", answer)
        if options.get("java_script_enabled", True):
            context.add_init_script(LAYOUT_SHIFTS)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        wanted.append((rendered_project / "_manuscript" / f"{document}.html").as_uri())
        page.goto(wanted[-1])
        return page

    yield opened
    for context in contexts:
        context.close()
    assert asked == wanted
    assert errors == []
