"""A small repository, small Word files made by pandoc, two versions of the article rendered."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pypandoc
import pytest
from PIL import Image

from press.render import render
from tests.press.compare.pairs import copy_study
from tests.press.compare.repositories import commit, project, run_git

ROOT = Path(__file__).parents[3]
MakeWord = Callable[[str, str], Path]


class Version(NamedTuple):
    """The rendered article of one version of the data."""

    docx: Path
    html: Path


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


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory, git: str) -> Path:
    """The study as the one commit of a repository; workers share what is rendered of it."""
    assert git
    base = tmp_path_factory.getbasetemp()
    renders = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "renders"
    renders.mkdir(exist_ok=True)
    return copy_study(tmp_path_factory.mktemp("compare") / "study", renders)


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Version, Version]:
    """The article as it is, and with one score of one patient and one paragraph changed."""
    root = tmp_path_factory.mktemp("versions") / "project"
    left_out = shutil.ignore_patterns(".*", "_manuscript", "tests", "docs", "__pycache__")
    shutil.copytree(ROOT, root, ignore=left_out)
    rendered = []
    for name in ("old", "new"):
        output = root.parent / name
        render(root, formats=("html", "docx"), output=output)
        rendered.append(Version(output / "manuscript.docx", output / "manuscript.html"))
        _change(root / "data" / "visits.csv", "P01,173,6,48,", "P01,173,6,46,")
        _change(root / "manuscript.qmd", "Glucocorticoids and conventional immunosuppressants",
                "Glucocorticoids and other immunosuppressants")  # fmt: skip
    return rendered[0], rendered[1]


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) <= 1
    path.write_text(text.replace(old, new), encoding="utf-8")
