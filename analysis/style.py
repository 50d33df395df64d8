"""Nothing in, the look of every figure out: type, sizes, colours, markers, and the empty sheet.

A `Sheet` is drawn in this style whoever saves it and whenever, so that a notebook's own settings
change nothing; it has the size at which it is printed, whether it is saved "tight" or not.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.transforms import Bbox

PRINT_WIDTH_IN = 170 / 25.4  # two columns of a journal
MARGIN_IN = 0.05
WIDTH_IN = PRINT_WIDTH_IN - 2 * MARGIN_IN  # what is drawn in
NOTEBOOK_MARGIN_IN = 0.1  # what a notebook's "tight" save puts around a figure
HEADER_IN = 0.24
MARKER_PT = 4.5
SMALL_PT = 8.0  # no text is set smaller

INK = "#1A1A1A"
GREY = "#595959"
HAIRLINE = "#9A9A9A"
SHADE = "#E6E6E6"

RC: Mapping[str, Any] = MappingProxyType(
    {
        "font.family": ["Libertinus Serif", "STIXGeneral"],  # the article's, and for other signs
        "font.size": 9.0,
        "text.color": INK,
        "axes.titlesize": 9.0,
        "axes.titlelocation": "left",
        "axes.titlepad": 5.0,
        "axes.titley": 1.0,
        "axes.labelsize": 9.0,
        "axes.labelcolor": INK,
        "axes.edgecolor": GREY,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.xmargin": 0.0,
        "axes.unicode_minus": True,
        "xtick.labelsize": SMALL_PT,
        "ytick.labelsize": SMALL_PT,
        "xtick.color": GREY,
        "ytick.color": GREY,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "legend.fontsize": SMALL_PT,
        "legend.frameon": False,
        "lines.linewidth": 1.1,
        "lines.markersize": MARKER_PT,
        "lines.markeredgewidth": 0.6,
        "lines.dashed_pattern": [4.5, 1.6],
        "lines.dashdot_pattern": [5.0, 1.4, 1.0, 1.4],
        "lines.dotted_pattern": [1.0, 1.2],
        "figure.facecolor": "white",
        "savefig.facecolor": "auto",
        "svg.fonttype": "path",
        "svg.hashsalt": "figure",
    }
)


@dataclass(frozen=True)
class Look:
    """Colour, marker and dash of a patient or a diagnosis: colour is never the only signal.

    `size` makes markers of different shapes look equally large.
    """

    colour: str
    marker: str
    dash: str
    size: float = 1.0

    @property
    def text_colour(self) -> str:
        """The colour darkened until it is legible as text (a contrast of at least 4.5:1)."""
        return "#" + "".join(f"{round(178 * share):02X}" for share in to_rgb(self.colour))


# Eight colours apart from each other for readers with any of the three colour vision
# deficiencies (Machado 2009), each with a contrast of at least 3:1 against white.
PATIENT_LOOKS = (
    Look("#005555", "o", "solid"),
    Look("#DD7700", "s", "dashed", 0.95),
    Look("#9900DD", "^", "dashdot", 1.1),
    Look("#553300", "D", "dotted", 0.88),
    Look("#5599DD", "P", "solid", 1.3),
    Look("#330077", "X", "dashed", 1.3),
    Look("#BB7799", "p", "dashdot"),
    Look("#777755", "*", "dotted", 1.5),
)
DIAGNOSIS_LOOKS = {
    "PM": Look("#005555", "o", "solid"),
    "DM": Look("#DD7700", "s", "solid"),
    "IBM": Look("#9900DD", "^", "solid"),
}
COMMON_LOOK = Look("#333333", "o", "solid")  # where the diagnosis is withheld
LOSS_MARKER = "v"
GRADE_MARKERS = {1: "o", 2: "^", 3: "s", 4: "D", 5: "*"}

for file in sorted((Path(__file__).parent / "fonts").glob("*.ttf")):
    fontManager.addfont(file)


class Sheet(Figure):
    """A white figure, 170 mm wide in print, with room for its parts measured in inches."""

    def __init__(self, height_in: float, *, header: str = "", note: str = "") -> None:
        """An empty sheet; `header` stands in its upper left, `note` in its upper right corner."""
        super().__init__(figsize=(PRINT_WIDTH_IN, height_in + 2 * MARGIN_IN), dpi=200)
        size: dict[str, Any] = {"fontsize": SMALL_PT, "va": "top"}
        if header:
            self.write(0, 0, header, **size)
        if note:
            self.write(WIDTH_IN, 0, note, ha="right", style="italic", color=GREY, **size)

    def at(self, left: float, top: float) -> tuple[float, float]:
        """The point `left` and `top` inches from the sheet's upper left corner, as fractions."""
        width, height = self.get_size_inches()
        return (MARGIN_IN + left) / width, 1 - (MARGIN_IN + top) / height

    @property
    def height_in(self) -> float:
        """The height of what is drawn in."""
        return float(self.get_size_inches()[1]) - 2 * MARGIN_IN

    def write(self, left: float, top: float, words: str, **look: Any) -> None:
        """Words at a point in inches from the upper left corner."""
        self.text(*self.at(left, top), words, **look)

    def panel(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes whose upper left corner is `left` and `top` inches from that of the sheet."""
        x, y = self.at(left, top + height)
        whole_width, whole_height = self.get_size_inches()
        return self.add_axes((x, y, width / whole_width, height / whole_height))

    def get_tightbbox(self, *_: Any, **__: Any) -> Bbox:
        """What a "tight" save keeps, in inches: with the margin that it adds, the whole sheet."""
        return Bbox.from_bounds(0, 0, *self.get_size_inches()).padded(-NOTEBOOK_MARGIN_IN)

    def draw(self, renderer: RendererBase) -> None:
        """Draw the figure in the study's style, whatever the settings of the moment."""
        with in_style():
            super().draw(renderer)


def in_style() -> AbstractContextManager[None]:
    """A context in which matplotlib uses the study's style."""
    settings: Any = dict(RC)
    return mpl.rc_context(settings)
