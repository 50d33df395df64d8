"""What several test files share: the system's programs that some tests want.

A test asks for a program by an argument of its name, gets the path, and is skipped with the reason
where there is none. It carries the marker of the same name: `pytest -m "not chromium"`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "libreoffice": ("soffice", "libreoffice"),
    "poppler": ("pdftotext",),
    "git": ("git",),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with the programs it asks for."""
    for item in items:
        for name in PROGRAMS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(name)


def _find(name: str) -> str:
    for program in PROGRAMS[name]:
        if path := shutil.which(program):
            return path
    pytest.skip(f"{PROGRAMS[name][0]} is not installed (.ci/run installs it on Debian)")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium."""
    return _find("chromium")


@pytest.fixture(scope="session")
def libreoffice() -> str:
    """The path of LibreOffice."""
    return _find("libreoffice")


@pytest.fixture(scope="session")
def poppler() -> str:
    """The path of pdftotext; pdftoppm and pdfinfo come with it."""
    return _find("poppler")


@pytest.fixture(scope="session")
def git() -> str:
    """The path of git."""
    return _find("git")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """The system's Chromium, started once a worker."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()
