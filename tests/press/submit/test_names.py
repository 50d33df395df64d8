"""Where a file of any kind names an author, and where it only seems to."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pikepdf
import pytest
from PIL import Image, PngImagePlugin

from press.submit.names import Name, hits, search

ADA = Name("Ada Zimmerwald", "author")


def word(path: Path) -> None:
    """A Word file whose property of the last writer names the author."""
    document = docx.Document()
    document.core_properties.author, document.core_properties.last_modified_by = "", ADA.words
    document.save(str(path))


def custom(path: Path) -> None:
    """A Word file with a custom property."""
    docx.Document().save(str(path))
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("docProps/custom.xml", f"<a><b>{ADA.words}</b></a>")


def information(path: Path) -> None:
    """A PDF whose information names the author."""
    with pikepdf.new() as pdf:
        pdf.docinfo["/Author"] = ADA.words
        pdf.save(path)


def xmp(path: Path) -> None:
    """A PDF whose XMP metadata name the author."""
    with pikepdf.new() as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:creator"] = [ADA.words]
        pdf.save(path)


def png(path: Path) -> None:
    """A PNG with a line of text in it."""
    information = PngImagePlugin.PngInfo()
    information.add_itxt("Author", ADA.words, zip=True)
    Image.new("RGB", (2, 2)).save(path, pnginfo=information)


def tiff(path: Path) -> None:
    """A TIFF whose tag Artist names the author."""
    Image.new("RGB", (2, 2)).save(path, tiffinfo={315: ADA.words})


def nested(path: Path) -> None:
    """A Word file with such a PNG in it."""
    docx.Document().save(str(path))
    png(path.with_suffix(".png"))
    with zipfile.ZipFile(path, "a") as package:
        package.write(path.with_suffix(".png"), "word/media/a.png")


@pytest.mark.parametrize(
    ("make", "ending", "where"),
    [
        (word, "docx", "docProps/core.xml"),
        (custom, "docx", "docProps/custom.xml"),
        (information, "pdf", "properties and strings"),
        (xmp, "pdf", "properties and strings"),
        (png, "png", "metadata"),
        (tiff, "tif", "metadata"),
        (nested, "docx", "word/media/a.png"),
    ],
)
def test_hidden_names_are_found(make: object, ending: str, where: str, tmp_path: Path) -> None:
    """A name in a property, a tag or a picture of a file is told with its place."""
    path = tmp_path / f"a.{ending}"
    assert callable(make)
    make(path)
    faults, notes = search(tmp_path, [path], [ADA], cited=[])
    assert [str(fault).partition(";")[0] for fault in faults] == [
        f"a.{ending}: {where} has the author “Ada Zimmerwald”"
    ]
    assert notes == []


def test_file_names_are_searched(tmp_path: Path) -> None:
    """A file that is called after an author is told, whatever it holds."""
    path = tmp_path / "zimmerwald.txt"
    path.write_text("nothing")
    family = Name("Zimmerwald", "family name", is_family=True)
    faults, _ = search(tmp_path, [path], [family], cited=[])
    assert [str(fault).partition(";")[0] for fault in faults] == [
        "zimmerwald.txt: file name has the family name “Zimmerwald”"
    ]


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("Ada Zimmerwald", "by ADA\nZimmer-\nwald and others", 1),
        ("D’Amelio", "as D'Amelio and D’Amelio found", 2),
        ("Müller", "Muller et al.", 1),
        ("Li", "little by little, Lithium", 0),
        ("ada@zimmerwald.example", "write to ada@zimmerwald.example.", 1),
    ],
)
def test_signs_accents_and_lines_do_not_hide_a_name(name: str, text: str, count: int) -> None:
    """A name is found across a hyphenated line, with other quotes and without accents."""
    assert hits(name, text) == count


def test_a_family_name_is_no_common_word() -> None:
    """Rose is an author, "rose" is what strength did."""
    assert hits("Rose", "strength rose", fold=False) == 0
    assert hits("Rose", "as Rose found", fold=False) == 1
