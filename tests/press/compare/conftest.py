"""Small Word files made by pandoc, and two versions of the article rendered once."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pypandoc
import pytest
from PIL import Image

from press.render import render

ROOT = Path(__file__).parents[3]
MakeWord = Callable[[str, str], Path]


class Version(NamedTuple):
    """The rendered article of one version of the data."""

    docx: Path
    html: Path


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
