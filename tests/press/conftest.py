"""Small projects to render and to update, and the parity fixture rendered once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from press.render import render
from tests.press.update.updates import write_project

PARITY = Path(__file__).parent / "parity"
SETTINGS = """\
project:
  output-dir: _manuscript
  render: [paper.qmd]
execute:
  echo: false
bibliography: refs.bib
citeproc: true
link-citations: true
format:
  html:
    minimal: true
    theme: none
    template: page.html
    embed-resources: true
    fig-format: svg
"""
TITLE = "---\ntitle: A paper\n---\n"
MakeProject = Callable[..., Path]


@pytest.fixture(scope="session")
def parity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The parity fixture after `press render`, its staging folder kept as `staging`."""
    root = tmp_path_factory.mktemp("parity") / "project"
    shutil.copytree(PARITY, root)
    (root / "staging").mkdir()
    render(root, staging=root / "staging")
    return root


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """A maker of projects with one document, in HTML; the settings can be other ones."""

    def make(body: str, *, settings: str = SETTINGS, front: str = TITLE) -> Path:
        (tmp_path / "_quarto.yml").write_text(settings, encoding="utf-8")
        (tmp_path / "paper.qmd").write_text(front + body, encoding="utf-8")
        (tmp_path / "refs.bib").write_text("@misc{known, title={A title}}", encoding="utf-8")
        (tmp_path / "page.html").write_text("<h1>$title$</h1>\n$body$\n", encoding="utf-8")
        return tmp_path

    return make


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project to update, with its data recorded."""
    return write_project(tmp_path_factory.mktemp("recorded") / "project")


@pytest.fixture
def project(recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project to update; the working directory."""
    monkeypatch.delenv("STUDY_DATA", raising=False)
    shutil.copytree(recorded, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"
