"""A small repository, small Word files made by pandoc, and the study as a repository."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pypandoc
import pytest
from PIL import Image

from press.cli import main
from tests.press.compare.pairs import copy_study
from tests.press.compare.repositories import Run, commit, project, run_git

ROOT = Path(__file__).parents[3]
MakeWord = Callable[[str, str], Path]


@pytest.fixture
def repository(tmp_path: Path, git: str) -> Path:
    """A repository with two versions: `v1` reports +8.0 points, `v2` +7.5."""
    assert git
    folder = tmp_path / "study"
    folder.mkdir()
    run_git(folder, "init", "-q")
    commit(folder, {**project(8.0, "+8.0"), ".gitignore": ".cache/\n_comparison/\n"}, "v1")
    commit(folder, project(7.5, "+7.5"), "v2")
    return folder


@pytest.fixture
def press(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs press compare in the repository; exit status, stdout and stderr."""
    monkeypatch.chdir(repository)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["compare", *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def make_word(tmp_path: Path) -> MakeWord:
    """A maker of Word files from a name and markdown; red.png and blue.png are pictures."""
    for colour in ("red", "blue"):
        Image.new("RGB", (20, 20), colour).save(tmp_path / f"{colour}.png")

    def make(name: str, markdown: str) -> Path:
        path = tmp_path / f"{name}.docx"
        command = [pypandoc.get_pandoc_path(), "--from=markdown", f"--output={path}"]
        subprocess.run(command, input=markdown, text=True, check=True, cwd=tmp_path)
        return path

    return make


PAGE = """<html><body><header class="title-block">
$if(title)$<h1 class="title">$title$</h1>$endif$
</header><main>$body$</main></body></html>"""


@pytest.fixture
def make_page(tmp_path: Path) -> MakeWord:
    """A maker of pages from a name and markdown, with what a rendered article has around it."""
    template = tmp_path / "template.html"
    template.write_text(PAGE, encoding="utf-8")

    def make(name: str, markdown: str) -> Path:
        path = tmp_path / f"{name}.html"
        command = [pypandoc.get_pandoc_path(), "--from=markdown", f"--template={template}"]
        command += [f"--output={path}"]
        subprocess.run(command, input=markdown, text=True, check=True, capture_output=True)
        return path

    return make


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory, git: str) -> Path:
    """The study as the one commit of a repository; workers share what is rendered of it."""
    assert git
    base = tmp_path_factory.getbasetemp()
    renders = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "renders"
    renders.mkdir(exist_ok=True)
    return copy_study(tmp_path_factory.mktemp("compare") / "study", renders)
