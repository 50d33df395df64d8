"""Figures for a journal: their size, fonts, names and bytes, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from press.cli import main
from press.errors import PressError
from press.export import export_figures

from .conftest import TITLE

MakeProject = Callable[..., Path]
PREFIXED = TITLE.replace("---\n", "---\nnumber-prefix: S\n", 1)


def figure(name: str, width_mm: float, code: str = "figure") -> str:
    """A figure's div with the chunk that shows it, `width_mm` wide and 40 mm high."""
    return f"""
::: {{#fig-{name}}}
```{{python}}
from matplotlib.figure import Figure
figure = Figure(figsize=({width_mm} / 25.4, 40 / 25.4))
figure.subplots().plot([0, 1]);
{code}
```

A line.
:::

"""


TWO = "@fig-a and @fig-b.\n" + figure("a", 85) + "```{python}\nfigure\n```\n\n" + figure("b", 170)


@pytest.fixture
def exported(make_project: MakeProject) -> Path:
    """The folder of the figures of a paper with two, and one between them without a number."""
    root = make_project(TWO)
    export_figures(root)
    return root / "_manuscript/figures"


def test_sizes(exported: Path) -> None:
    """Each file has exactly the size of its figure, to a tenth of a millimetre, TIFF at 600 dpi."""
    names = sorted(path.name for path in exported.iterdir())
    assert names == ["Figure-1.pdf", "Figure-1.tif", "Figure-2.pdf", "Figure-2.tif"]
    for number, width_mm in ((1, 85), (2, 170)):
        with pikepdf.open(exported / f"Figure-{number}.pdf") as pdf:
            box = [float(side) for side in pdf.pages[0].mediabox]
        assert [side / 72 * 25.4 for side in box] == pytest.approx([0, 0, width_mm, 40], abs=0.1)
        with Image.open(exported / f"Figure-{number}.tif") as image:
            assert image.mode == "RGB"
            assert image.info["compression"] == "tiff_lzw"
            assert image.info["dpi"] == (600, 600)
            size_mm = [side / 600 * 25.4 for side in image.size]
        assert size_mm == pytest.approx([width_mm, 40], abs=0.1)


def test_fonts_are_embedded(exported: Path) -> None:
    """Text stays text, in TrueType fonts that are embedded; a PDF has no date."""
    with pikepdf.open(exported / "Figure-1.pdf") as pdf:
        fonts = list(pdf.pages[0].resources.Font.values())
        assert "/CreationDate" not in pdf.docinfo
        for font in fonts:
            own = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            assert "/FontFile2" in own.FontDescriptor
    assert fonts


def test_same_bytes(exported: Path, make_project: MakeProject) -> None:
    """The same figures are the same bytes; those of an earlier export that are gone go."""
    first = {path.name: path.read_bytes() for path in exported.iterdir()}
    root = make_project(TWO.replace("@fig-b", "") + figure("c", 85))
    assert len(export_figures(root)) == 6
    make_project(TWO)
    written = export_figures(root)
    assert {path.name: path.read_bytes() for path in written} == first
    assert sorted(exported.iterdir()) == sorted(written)


def test_the_number_has_the_documents_prefix(make_project: MakeProject) -> None:
    """Figures are numbered as the document numbers them; formats not asked for are not written."""
    root = make_project(TWO, front=PREFIXED)
    written = export_figures(root, output=root / "out", formats=("pdf",))
    assert [path.name for path in written] == ["Figure-S1.pdf", "Figure-S2.pdf"]


def test_every_fault_is_reported(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Figures of other widths, shown twice or failing are all named, and nothing is written."""
    body = "@fig-a @fig-b @fig-c @fig-d\n"
    for name, width_mm, code in (
        ("a", 100, "figure"),
        ("b", 85, "display(figure)"),
        ("c", 85, "display(figure); figure"),
        ("d", 85, "figure.text(0, 0, '$\\\\frac$'); figure"),
    ):
        body += figure(name, width_mm, code)
    root = make_project(body)
    monkeypatch.chdir(root)
    assert main(["figures"]) == 2
    lines = capsys.readouterr().err.splitlines()
    said = [line for line in lines if line.startswith("paper.qmd")]
    assert [line.partition(", ")[0] for line in said] == [
        "paper.qmd:8", "paper.qmd:32", "paper.qmd:44",
    ]  # fmt: skip
    assert "Figure-1 is 100.0 mm wide; draw it 85 or 170 mm wide, by its figsize" in said[0]
    assert "Figure-3 is shown twice" in said[1]
    assert "the figure could not be drawn: ValueError" in said[2]
    assert not (root / "_manuscript").exists()


def test_what_shows_no_figure_is_named(make_project: MakeProject) -> None:
    """A numbered figure that is none of matplotlib's cannot be written, nor an unknown format."""
    root = make_project("@fig-a\n" + figure("a", 85, "'words'"))
    with pytest.raises(PressError, match="Figure-1 is no figure of matplotlib"):
        export_figures(root)
    with pytest.raises(PressError, match="figures as eps: supported are pdf, tiff"):
        export_figures(root, formats=("eps",))
