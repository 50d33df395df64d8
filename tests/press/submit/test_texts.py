"""Where a file of any kind holds an author's name, and where it only seems to."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import matplotlib
import pikepdf
import pytest
from matplotlib.figure import Figure
from PIL import Image, PngImagePlugin

from press.submit.blinding import search
from press.submit.names import FAMILY, Name
from press.submit.texts import read_look
from tests.press.submit.projects import ROOT

HOLM = Name("Holm", FAMILY, is_word=True)


ADA, LI = Name("Ada Zimmerwald", "author"), Name("Li Wu", "author")


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


def app(path: Path) -> None:
    """A Word file whose company is the author's."""
    properties = f"<Properties><Company>{ADA.words}</Company></Properties>"
    add(path, "docProps/app.xml", properties)


def target(path: Path) -> None:
    """A Word file with a link to a page of the author's."""
    document = docx.Document()
    document.part.relate_to("https://x.example/ada-zimmerwald", "link", is_external=True)
    document.save(str(path))


def alternative(path: Path) -> None:
    """A Word file with a picture whose alternative text names the author."""
    Image.new("RGB", (2, 2)).save(path.with_suffix(".png"))
    document = docx.Document()
    shape = document.add_picture(str(path.with_suffix(".png")))
    shape._inline.docPr.set("descr", f"As drawn by {ADA.words}")
    document.save(str(path))


def commented(path: Path) -> None:
    """A Word file with a comment of the author's."""
    document = docx.Document()
    run = document.add_paragraph().add_run("Words")
    document.add_comment(run, text="Yes", author=ADA.words)
    document.save(str(path))


def broken(path: Path) -> None:
    """A Word file with a break within a short name."""
    document = docx.Document()
    document.add_paragraph().add_run("by Li").add_break()
    document.paragraphs[0].add_run("Wu")
    document.save(str(path))


def drawing(path: Path) -> None:
    """A Word file with a drawing that names the author, a word a line."""
    lines = "".join(f"<tspan>{word}</tspan>" for word in ADA.words.split())
    add(path, "word/media/a.svg", f"<svg><text>{lines}</text></svg>")


def named_part(path: Path) -> None:
    """A Word file with a picture that is called after the author."""
    add(path, "word/media/ada-zimmerwald.bin", "")


def add(path: Path, name: str, text: str) -> None:
    """A Word file with a part of this name and text, in place of its own."""
    docx.Document().save(str(path))
    with zipfile.ZipFile(path) as package:
        parts = {entry: package.read(entry) for entry in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for entry, content in {**parts, name: text.encode()}.items():
            package.writestr(entry, content)


def figure(path: Path, fonttype: int = 42) -> None:
    """A figure without structure tree, whose title is the author's name."""
    with matplotlib.rc_context({"pdf.fonttype": fonttype}):
        drawn = Figure()
        drawn.subplots().set_title(f"− {ADA.words}")
        drawn.savefig(path, format="pdf")


def bitmapped(path: Path) -> None:
    """The same with the other kind of fonts that matplotlib has."""
    figure(path, fonttype=3)


def plain_font(path: Path) -> None:
    """A page in a font that every reader has, whose codes are of one byte."""
    with pikepdf.new() as pdf:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1,
                                  BaseFont=pikepdf.Name.Helvetica)  # fmt: skip
        page = pdf.add_blank_page()
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(f"BT /F1 12 Tf (by {ADA.words}) Tj ET".encode())
        pdf.save(path)


def annotated(path: Path) -> None:
    """A PDF with a note on its page."""
    with pikepdf.new() as pdf:
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.Text, Contents=f"Seen by {ADA.words}")
        pdf.add_blank_page().Annots = pikepdf.Array([note])
        pdf.save(path)


def attached(path: Path) -> None:
    """A PDF with a file attached to it."""
    with pikepdf.new() as pdf:
        pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, ADA.words.encode())
        pdf.save(path)


def windows(path: Path) -> None:
    """A TIFF whose author, of a short name, is said in two bytes a letter, as Windows does."""
    Image.new("RGB", (2, 2)).save(path, tiffinfo={40093: LI.words.encode("utf-16-le")})


@pytest.mark.parametrize(
    ("make", "ending", "where"),
    [
        (word, "docx", "docProps/core.xml"),
        (custom, "docx", "docProps/custom.xml"),
        (information, "pdf", "properties and strings"),
        (xmp, "pdf", "properties and strings"),
        (png, "png", "metadata"),
        (tiff, "tif", "metadata"),
        (windows, "tif", "metadata"),
        (nested, "docx", "word/media/a.png"),
        (app, "docx", "docProps/app.xml"),
        (target, "docx", "word/_rels/document.xml.rels"),
        (alternative, "docx", "text"),
        (commented, "docx", "word/comments.xml"),
        (broken, "docx", "text"),
        (drawing, "docx", "word/media/a.svg"),
        (named_part, "docx", "names of parts"),
        (figure, "pdf", "text"),
        (bitmapped, "pdf", "text"),
        (plain_font, "pdf", "text"),
        (annotated, "pdf", "properties and strings"),
        (attached, "pdf", "a.txt"),
    ],
)
def test_hidden_names_are_found(make: object, ending: str, where: str, tmp_path: Path) -> None:
    """A name in a property, a tag, a picture, a note or a link of a file is told with its place."""
    path = tmp_path / f"a.{ending}"
    assert callable(make)
    make(path)
    faults, notes = search(tmp_path, [path], [ADA, LI], cited=[])
    name = LI if make in (broken, windows) else ADA
    assert [str(fault).partition(";")[0] for fault in faults] == [
        f"a.{ending}: {where} has the author “{name.words}”"
    ]
    assert notes == []


def test_file_names_are_searched(tmp_path: Path) -> None:
    """A file that is called after an author is told, whatever it holds."""
    path = tmp_path / "zimmerwald.txt"
    path.write_text("nothing")
    family = Name("Zimmerwald", "family name", is_word=True)
    faults, _ = search(tmp_path, [path], [family], cited=[])
    assert [str(fault).partition(";")[0] for fault in faults] == [
        "zimmerwald.txt: file name has the family name “Zimmerwald”"
    ]


def test_a_word_in_a_link_is_found_in_any_case(tmp_path: Path) -> None:
    """A family name or a city is small in an address."""
    path = tmp_path / "a.txt"
    path.write_text("the holm of a river; see https://holm.example/data")
    assert [fault.place for fault in search(tmp_path, [path], [HOLM], cited=[])[0]] == ["a.txt"]
    path.write_text("the holm of a river")
    assert search(tmp_path, [path], [HOLM], cited=[]) == ([], [])


@pytest.mark.parametrize("family", ["Title", "Normal", "Light", "Body", "Heading", "List"])
def test_names_of_styles_are_no_authors(family: str, tmp_path: Path) -> None:
    """What the reference document calls its styles is not told; an author's full name there is."""
    reference = ROOT / "journal" / "reference.docx"
    path = tmp_path / "a.docx"
    path.write_bytes(reference.read_bytes())
    look = read_look(reference)
    name = Name(family, FAMILY, is_word=True)
    document = docx.Document(str(path))
    for paragraph in list(document.paragraphs):
        paragraph._element.getparent().remove(paragraph._element)
    document.add_paragraph("Words", style="Title")
    document.save(str(path))
    assert search(tmp_path, [path], [name], cited=[], made=look) == ([], [])
    whole = Name("Body Text", "author")
    faults, _ = search(tmp_path, [path], [whole], cited=[], made=look)
    assert [str(fault).partition(" has")[0] for fault in faults] == ["a.docx: word/styles.xml"]
    document.styles.add_style(f"Of {family}", 1)
    document.save(str(path))
    faults, _ = search(tmp_path, [path], [name], cited=[], made=look)
    assert [str(fault).partition(" has")[0] for fault in faults] == ["a.docx: word/styles.xml"]
