"""Nothing in, the look of every figure out: type, sizes, colours, markers, and the empty sheet.

A `Sheet` is drawn in this style whoever saves it and whenever, so that a notebook's own settings
change nothing; it is measured in inches and is saved with the margins it was drawn with.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

PRINT_WIDTH_IN = 6.7  # 170 mm, two columns of a journal
SAVED_MARGIN_IN = 0.1  # what a "tight" save puts around a figure
WIDTH_IN = PRINT_WIDTH_IN - 2 * SAVED_MARGIN_IN
HEADER_IN = 0.24
MARKER_PT = 4.5
SMALL_PT = 8.0  # STIX is a small face: no text is set smaller

INK = "#1A1A1A"
GREY = "#595959"
HAIRLINE = "#9A9A9A"
SHADE = "#E6E6E6"

RC: Mapping[str, Any] = MappingProxyType(
    {
        "font.family": ["STIXGeneral"],
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
        "savefig.pad_inches": SAVED_MARGIN_IN,
        "svg.fonttype": "path",
        "svg.hashsalt": "figure",
        "pdf.fonttype": 42,
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


class Sheet(Figure):
    """A white figure, 170 mm wide in print, with room for its parts measured in inches.

    Saved "tight" it keeps its width, so that its text has the same size in every figure.
    """

    def __init__(self, height_in: float, *, header: str = "", note: str = "") -> None:
        """An empty sheet; `header` stands in its upper left, `note` in its upper right corner."""
        super().__init__(figsize=(WIDTH_IN, height_in), dpi=200)
        size: dict[str, Any] = {"fontsize": SMALL_PT, "va": "top"}
        if header:
            self.text(0, 1, header, ha="left", **size)
        if note:
            self.text(1, 1, note, ha="right", style="italic", color=GREY, **size)

    def panel(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes whose upper left corner is `left` and `top` inches from that of the sheet."""
        whole_width, whole_height = self.get_size_inches()
        bottom = whole_height - top - height
        return self.add_axes(
            (left / whole_width, bottom / whole_height, width / whole_width, height / whole_height)
        )

    def get_tightbbox(self, *_: Any, **__: Any) -> Bbox:
        """The sheet in inches: what a "tight" save keeps."""
        return Bbox.from_bounds(0, 0, *self.get_size_inches())

    def draw(self, renderer: RendererBase) -> None:
        """Draw the figure in the study's style, whatever the settings of the moment."""
        with in_style():
            super().draw(renderer)


def in_style() -> AbstractContextManager[None]:
    """A context in which matplotlib uses the study's style."""
    settings: Any = dict(RC)
    return mpl.rc_context(settings)
