"""Matplotlib figures in, image files out: each drawn once for every form that is wanted.

On Linux a forked process draws, while the next chunk is already executed: the fork holds the figure
as it was when it was shown.
"""

from __future__ import annotations

import importlib
import os
import sys
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


class FigureWriter:
    """Saves the figures a chunk shows as `<stem>-output-<n>.svg` and `…-<dpi>.png`."""

    def __init__(self, folder: Path, *, svg: bool, dpis: list[int]) -> None:
        """Save into `folder`, as SVG when wanted and as PNG at each of `dpis`."""
        self._folder, self._svg, self._dpis = folder, svg, dpis
        self.is_wanted = svg or bool(dpis)  # a check wants the words alone
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
        _load_backends(png=bool(self._dpis))
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
            self._draw(figure, name)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            (self._folder / f"{name}.error").write_text(text, encoding="utf-8")

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


def _load_backends(*, png: bool) -> None:
    """Import, once and before the first fork, what every fork would import for itself."""
    importlib.import_module("matplotlib.backends.backend_svg")
    if png:
        importlib.import_module("PIL.PngImagePlugin")
