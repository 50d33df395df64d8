"""The article in one format, and the parity fixture in the article's look, as a review copy."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import yaml
from lxml import etree

from press.render import render

ROOT = Path(__file__).resolve().parents[2]
PARITY = ROOT / "tests" / "press" / "parity"


def render_article(form: str, folder: Path) -> Path:
    """Render the article and its supplement in one format; the folder they are in."""
    shutil.copytree(ROOT / "data", folder / "data")
    render(ROOT, formats=(form,), data=folder / "data", output=folder / "out")
    return folder / "out"


def render_fixture(form: str, folder: Path) -> Path:
    """Render the parity fixture with the article's look, as a review copy; the folder it is in."""
    root = folder / "project"
    shutil.copytree(PARITY, root, ignore=shutil.ignore_patterns("expected"))
    names = ("finish.py", "jats.py", "last.lua", "article.jats", "reference.docx", "vancouver.csl")
    for name in names:
        shutil.copy(ROOT / "journal" / name, root / "journal" / name)
    settings = yaml.safe_load((root / "_quarto.yml").read_text(encoding="utf-8"))
    settings["review-copy"] = True
    settings["csl"] = "journal/vancouver.csl"
    settings["project"]["post-render"] = ["journal/finish.py"]
    settings["filters"].append({"at": "post-finalize", "path": "journal/last.lua"})
    settings["format"]["docx"] = {"reference-doc": "journal/reference.docx"}
    settings["format"]["jats"] = {"template": "journal/article.jats"}
    (root / "_quarto.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    render(root, formats=(form,))
    return root / "_manuscript"


def part(path: Path, name: str) -> Any:
    """One part of a Word file as a tree."""
    with zipfile.ZipFile(path) as package:
        return etree.fromstring(package.read(name))
