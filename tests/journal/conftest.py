"""The article in one format, and the parity fixture in the article's look, each rendered once."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

from press.render import render

ROOT = Path(__file__).resolve().parents[2]
PARITY = ROOT / "tests" / "press" / "parity"
Rendering = Callable[[str], Path]
Part = Callable[[Path, str], Any]


@pytest.fixture(scope="session")
def render_article(tmp_path_factory: pytest.TempPathFactory) -> Rendering:
    """Renders the article and its supplement in one format; the folder they are in."""

    def make(form: str) -> Path:
        folder = tmp_path_factory.mktemp("article")
        shutil.copytree(ROOT / "data", folder / "data")
        render(ROOT, formats=(form,), data=folder / "data", output=folder / "out")
        return folder / "out"

    return make


@pytest.fixture(scope="session")
def render_fixture(tmp_path_factory: pytest.TempPathFactory) -> Rendering:
    """Renders the parity fixture with the article's look, as a review copy; the folder it is in."""

    def make(form: str) -> Path:
        root = tmp_path_factory.mktemp("fixture") / "project"
        shutil.copytree(PARITY, root, ignore=shutil.ignore_patterns("expected"))
        for name in ("finish.py", "last.lua", "article.jats", "reference.docx", "vancouver.csl"):
            shutil.copy(ROOT / "journal" / name, root / "journal" / name)
        settings = yaml.safe_load((root / "_quarto.yml").read_text(encoding="utf-8"))
        settings["review"] = True
        settings["csl"] = "journal/vancouver.csl"
        settings["project"]["post-render"] = ["journal/finish.py"]
        settings["filters"].append({"at": "post-finalize", "path": "journal/last.lua"})
        settings["format"]["docx"] = {"reference-doc": "journal/reference.docx"}
        settings["format"]["jats"] = {"template": "journal/article.jats"}
        (root / "_quarto.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        render(root, formats=(form,))
        return root / "_manuscript"

    return make


@pytest.fixture(scope="session")
def part() -> Part:
    """Reads one part of a Word file as a tree."""

    def read(path: Path, name: str) -> Any:
        with zipfile.ZipFile(path) as package:
            return etree.fromstring(package.read(name))

    return read
