"""Matplotlib figures in, image files out: each drawn for every form that is wanted.

On Linux a forked process draws, while the next chunk is already executed: the fork holds the figure
as it was when it was shown.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RC = """\
backend: agg
figure.figsize: 7, 5
figure.dpi: 96
savefig.dpi: figure
svg.hashsalt: press
"""
"""A matplotlibrc with the sizes that Quarto sets; it holds without importing matplotlib."""
STANDARD_DPI = 96
ENDINGS = {"pdf": ".pdf", "tiff": ".tif"}
"""The formats for a journal, and how their files end."""
TOLERANCE_MM = 0.05
MARGIN_IN = 0.2
"""The margin of a stamp, of a line in 8 points."""


@dataclass(frozen=True)
class Export:
    """Figures for a journal: file names by the stem of the chunk, and what the journal asks for."""

    names: dict[str, str]
    widths_mm: tuple[float, ...]
    formats: tuple[str, ...]
    dpi: int
    stamp: str = ""
    """What stands in a margin above each, as at the head of the pages."""


class FigureError(Exception):
    """A figure is not what is wanted; the text says what it is and what is."""


class FigureWriter:
    """Saves the figures a chunk shows as `<stem>-output-<n>.svg` and `…-<dpi>.png`."""

    def __init__(
        self, folder: Path, *, svg: bool, dpis: list[int], export: Export | None = None
    ) -> None:
        """Save into `folder`, as SVG when wanted, as PNG at each of `dpis`, and for a journal."""
        self._folder, self._svg, self._dpis, self._export = folder, svg, dpis, export
        self.is_wanted = svg or bool(dpis) or export is not None  # a check wants the words alone
        self._stem, self._count, self._hidden = "", 0, False
        self._children: list[int] = []

    def register(self, formatter: Any) -> None:
        """Make IPython show every Figure, made by pyplot or not, through this writer."""
        svg = formatter.formatters["image/svg+xml"]
        svg.for_type_by_name("matplotlib.figure", "Figure", self.save)

    def begin(self, stem: str, *, hidden: bool) -> None:
        """The next figures belong to the chunk `stem`; those of a hidden chunk are not saved."""
        self._stem, self._count, self._hidden = stem, 0, hidden

    def save(self, figure: Any) -> str | None:
        """Draw a figure in each form; its name, or None when there is nothing to see."""
        if self._hidden or not (figure.axes or figure.lines):
            return None
        self._count += 1
        name = f"{self._stem}-output-{self._count}"
        if not self.is_wanted:
            return name
        if sys.platform != "linux":
            self._try_to_draw(figure, name)
            return name
        _load_backends(svg=self._svg, png=bool(self._dpis), export=self._export is not None)
        child = os.fork()
        if child == 0:
            self._try_to_draw(figure, name)
            os._exit(0)
        self._children.append(child)
        return name

    def faults(self) -> dict[str, str]:
        """Wait for what is being drawn; the error of each figure that could not be drawn."""
        while self._children:
            os.waitpid(self._children.pop(), 0)
        found = self._folder.glob("*.error")
        return {path.stem: path.read_text(encoding="utf-8") for path in found}

    def _try_to_draw(self, figure: Any, name: str) -> None:
        try:
            if self._export and self._stem in self._export.names:
                self._write_export(figure, self._export)
            if self._svg or self._dpis:
                self._draw(figure, name)
        except Exception as error:
            text = f"the figure could not be drawn: {type(error).__name__}: {error}"
            if isinstance(error, FigureError):
                text = str(error)
            (self._folder / f"{name}.error").write_text(text, encoding="utf-8")

    def _write_export(self, figure: Any, export: Export) -> None:
        """The figure in the size that it has itself, which is one of the journal's."""
        name = export.names[self._stem]
        if self._count > 1:
            raise FigureError(f"{name} is shown twice; a number is one figure: join them in one")
        width_mm = figure.get_size_inches()[0] * 25.4
        if min(abs(width_mm - width) for width in export.widths_mm) > TOLERANCE_MM:
            wanted = " or ".join(f"{width:g}" for width in export.widths_mm)
            raise FigureError(
                f"{name} is {width_mm:.1f} mm wide; draw it {wanted} mm wide, by its figsize"
            )
        for form in export.formats:
            path = self._folder / f"{name}{ENDINGS[form]}"
            with _stamped(figure, export.stamp) as look:
                (_write_pdf if form == "pdf" else _write_tiff)(figure, path, export.dpi, look)

    def _draw(self, figure: Any, name: str) -> None:
        figure.draw_without_rendering()
        pad_inches = sys.modules["matplotlib"].rcParams["savefig.pad_inches"]
        look: dict[str, Any] = {
            "facecolor": figure.get_facecolor(),
            "edgecolor": figure.get_edgecolor(),
            # "tight", as a notebook saves its figures, but measured once for all forms.
            "bbox_inches": figure.get_tightbbox().padded(pad_inches),
        }
        if self._svg:
            path = self._folder / f"{name}.svg"
            figure.savefig(path, format="svg", metadata={"Date": None}, **look)
        for dpi in self._dpis:
            path = self._folder / f"{name}-{dpi}.png"
            wanted = dpi if figure.dpi == STANDARD_DPI else figure.dpi
            figure.savefig(path, format="png", dpi=wanted, metadata={"Software": None}, **look)

    def flush(self) -> list[str]:
        """Save and close the figures pyplot has open, as a notebook does after each chunk."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None:
            return []
        names = [self.save(pyplot.figure(number)) for number in pyplot.get_fignums()]
        pyplot.close("all")
        return [name for name in names if name]


@contextmanager
def _stamped(figure: Any, stamp: str) -> Iterator[dict[str, Any]]:
    """The figure with a line of text in a margin above it, and how to save it with that margin."""
    if not stamp:
        yield {}
        return
    width, height = figure.get_size_inches()
    box = importlib.import_module("matplotlib.transforms").Bbox.from_bounds
    middle = 1 + MARGIN_IN / 2 / height
    text = figure.text(0.5, middle, stamp, ha="center", va="center", size=8, color="black")
    try:
        yield {"bbox_inches": box(0, 0, width, height + MARGIN_IN)}
    finally:
        text.remove()


def _write_pdf(figure: Any, path: Path, dpi: int, look: dict[str, Any]) -> None:
    """Vectors, with the glyphs in use embedded as TrueType; `dpi` is for pictures inside."""
    with sys.modules["matplotlib"].rc_context({"pdf.fonttype": 42}):
        figure.savefig(path, format="pdf", dpi=dpi, metadata={"CreationDate": None}, **look)


def _write_tiff(figure: Any, path: Path, dpi: int, look: dict[str, Any]) -> None:
    """RGB without transparency, which journals' systems refuse."""
    image = importlib.import_module("PIL.Image")
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=dpi, pil_kwargs={"compress_level": 1}, **look)
    rgb = image.open(drawn).convert("RGB")
    rgb.save(path, format="TIFF", compression="tiff_lzw", dpi=(dpi, dpi))


def _load_backends(*, svg: bool, png: bool, export: bool) -> None:
    """Import, once and before the first fork, what every fork would import for itself."""
    for module, is_wanted in (
        ("matplotlib.backends.backend_svg", svg),
        ("PIL.PngImagePlugin", png or export),
        ("matplotlib.backends.backend_pdf", export),
        ("PIL.TiffImagePlugin", export),
    ):
        if is_wanted:
            importlib.import_module(module)
