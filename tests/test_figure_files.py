"""The article's figures as a journal gets them: as wide as its page, with text that can be read."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from press.export import export_figures

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The files of the article's and the supplement's figures."""
    return export_figures(ROOT, output=tmp_path_factory.mktemp("figures"))


def test_every_figure_is_as_wide_as_the_page(exported: list[Path]) -> None:
    """Four figures of the article and three of the supplement are 170 mm wide."""
    names = [f"Figure-{number}" for number in ("1", "2", "3", "4", "S1", "S2", "S3")]
    assert [path.name for path in exported] == [
        f"{name}{ending}" for name in names for ending in (".pdf", ".tif")
    ]
    for path in exported:
        if path.suffix == ".pdf":
            with pikepdf.open(path) as pdf:
                width_mm = float(pdf.pages[0].mediabox[2]) / 72 * 25.4
        else:
            with Image.open(path) as image:
                width_mm = image.width / float(image.info["dpi"][0]) * 25.4
        assert width_mm == pytest.approx(170, abs=0.1)


def test_text_can_be_read(exported: list[Path]) -> None:
    """Every text is text of at least 7 pt in the article's face, embedded."""
    for path in exported[::2]:
        with pikepdf.open(path) as pdf:
            page = pdf.pages[0]
            steps = pikepdf.parse_content_stream(page, "Tf")
            sizes = [float(str(step.operands[1])) for step in steps if str(step.operator) == "Tf"]
            assert min(sizes) >= 7
            for font in page.resources.Font.values():
                own = font.DescendantFonts[0] if "/DescendantFonts" in font else font
                assert "LibertinusSerif" in str(own.BaseFont)
                assert "/FontFile2" in own.FontDescriptor
