"""A file of the package in; everything in it that reads as words out, with where it stands."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from lxml import etree
from PIL import Image, ImageSequence

from press.pdf_places import read_regions
from press.read_pdf import _Reader

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
REFERENCES = "references"
PICTURES = (".png", ".tif", ".tiff", ".jpg", ".jpeg")
LOOK = ("[Content_Types].xml", "word/styles.xml", "word/settings.xml", "word/webSettings.xml",
        "word/numbering.xml", "word/fontTable.xml", "word/theme/theme1.xml")  # fmt: skip
"""The parts of a Word file that hold how it looks and none of its words."""
PROGRAM, NAMED = "docProps/app.xml", ("Application", "Template")
"""Where the program that wrote a Word file names itself."""
SCHEMAS = "http://schemas.openxmlformats.org/"
_FIELDS = (f"{W}instrText", f"{W}delInstrText")
_GAPS = (f"{W}tab", f"{W}br", f"{W}cr")
_DIRECTORIES = (0x8769, 0x8825)
"""Where the tags of a camera and of a place stand in a picture."""


@dataclass(frozen=True)
class Text:
    """Words of a file and where they stand; `cited` are those of them in the list of references.

    `made` is what the writer of the file put there, such as the names of its styles.
    """

    where: str
    words: str
    cited: str = ""
    made: str = ""


def texts(path: Path, made: Collection[str] = ()) -> Iterator[Text]:
    """Text, properties and other metadata of a Word file, PDF, picture or text file.

    `made` are the strings of the look, by which they are told from words (see `read_look`).
    """
    if path.suffix == ".docx":
        yield from _docx(path.read_bytes(), made)
    elif path.suffix == ".pdf":
        yield from _pdf(path)
    elif path.suffix in PICTURES:
        yield from _picture("metadata", path.read_bytes())
    elif path.suffix == ".txt":
        yield Text("text", path.read_text(encoding="utf-8"))


def read_look(reference: Path) -> frozenset[str]:
    """The strings that a Word file brings with the look of its reference document."""
    found: set[str] = set()
    with zipfile.ZipFile(reference) as package:
        found.update(package.namelist())
        for name in LOOK:
            if name in package.namelist():
                for element in etree.fromstring(package.read(name)).iter(etree.Element):
                    found.update(element.attrib.values())
        for name in package.namelist():
            if name.startswith(("word/header", "word/footer")):
                found.update(_fields(etree.fromstring(package.read(name))))
            elif name == PROGRAM:
                tree = etree.fromstring(package.read(name))
                found.update(node.text for node in tree.iter(*(f"{{*}}{n}" for n in NAMED)))
    return frozenset(found)


def _docx(content: bytes, made: Collection[str]) -> Iterator[Text]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = sorted(package.namelist())
        own = [name for name in names if name not in made]
        yield Text("names of parts", "\n".join(name.removeprefix("word/") for name in own))
        for name in names:
            yield from _inside(name, package.read(name), made)


def _inside(name: str, content: bytes, made: Collection[str] = ()) -> Iterator[Text]:
    """What a part of a Word file says, or a file that is attached to a PDF."""
    kind = Path(name).suffix.lower()
    if kind in PICTURES:
        yield from _picture(name, content)
    elif kind in (".xml", ".rels", ".svg"):
        yield _part(name, etree.fromstring(content), made)
    elif kind in (".docx", ".pdf"):
        inner = _docx(content, made) if kind == ".docx" else _pdf(io.BytesIO(content))
        for text in inner:
            yield Text(f"{name}, {text.where}", text.words, text.cited, text.made)
    else:
        yield Text(name, "", made=content.decode("utf-8", errors="replace").replace("\0", ""))


def _part(name: str, tree: Any, made: Collection[str]) -> Text:
    """The words of a part of a Word file, a paragraph a line, and the values of its attributes."""
    lines: list[str] = []
    cited: list[str] = []
    others = _fields(tree)
    for node in tree.iter():
        is_element = isinstance(node.tag, str)
        others += node.attrib.values() if is_element else []
        if node.tag == f"{W}p":
            line = _line(node)
            lines.append(line)
            style = node.find(f"{W}pPr/{W}pStyle")
            if style is not None and style.get(f"{W}val") == "Bibliography":
                cited.append(line)
        elif not (is_element and node.tag.startswith(W)):
            others += [said for said in (node.text, node.tail) if said]
    kept = [said for said in others if said in made or said.startswith(SCHEMAS)]
    lines += [said for said in others if said not in made and not said.startswith(SCHEMAS)]
    where = "text" if name == "word/document.xml" else name
    return Text(where, *map("\n".join, (lines, cited, kept)))


def _fields(tree: Any) -> list[str]:
    """What the fields of a part are, such as PAGE and the address of a link."""
    paragraphs = tree.iter(f"{W}p")
    return ["".join(node.text or "" for node in p.iter(*_FIELDS)) for p in paragraphs]


def _line(paragraph: Any) -> str:
    """The text of a paragraph; a blank where a tab or a break parts it."""
    nodes = [node for node in paragraph.iter(etree.Element) if node.tag not in _FIELDS]
    return "".join(" " if node.tag in _GAPS else node.text or "" for node in nodes)


def _pdf(source: Path | io.BytesIO) -> Iterator[Text]:
    with pikepdf.open(source) as pdf:
        yield Text("properties and strings", "\n".join(_strings(pdf)))
        for item in pdf.objects:
            yield from _files(item)
        is_tagged = "/StructTreeRoot" in pdf.Root
        pages = [_Reader(page).read() for page in pdf.pages]
    said = [run.text for page in pages for run in (*page.runs.values(), page.outside)]
    regions = read_regions(source).values() if is_tagged and isinstance(source, Path) else ()
    cited = [piece.text for region in regions if region.name.casefold() == REFERENCES
             for piece in region.pieces]  # fmt: skip
    yield Text("text", "\n".join(said), "\n".join(cited))


def _files(item: Any) -> Iterator[Text]:
    """What a photograph in a PDF, or a file that is attached to it, says."""
    if isinstance(item, pikepdf.Stream) and item.get("/Filter") == "/DCTDecode":
        yield from _picture("picture", item.read_raw_bytes())
    elif isinstance(item, pikepdf.Dictionary):
        attached = item.get("/FS", item)  # of a note on a page, or of the whole file
        if isinstance(attached, pikepdf.Dictionary) and "/EF" in attached:
            name = str(attached.get("/UF", attached.get("/F", "attached file")))
            yield from _inside(name, attached.EF.F.read_bytes())


def _strings(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Every string of a PDF's objects, and its XMP metadata."""
    for item in (*pdf.objects, pdf.trailer):
        yield from _inner(item, 0)
        if isinstance(item, pikepdf.Stream) and item.get("/Type") == "/Metadata":
            yield item.read_bytes().decode(errors="replace")


_NO_WORDS = ("/Parent", "/P", "/ID", "/CIDSystemInfo")


def _inner(item: Any, depth: int) -> Iterator[str]:
    if isinstance(item, pikepdf.String):
        yield str(item)
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream) and depth < 20:
        for key, value in item.items():
            if key not in _NO_WORDS and not getattr(value, "is_indirect", False):
                yield from _inner(value, depth + 1)
    elif isinstance(item, pikepdf.Array) and depth < 20:
        for value in item:
            if not getattr(value, "is_indirect", False):
                yield from _inner(value, depth + 1)


def _picture(where: str, content: bytes) -> Iterator[Text]:
    with Image.open(io.BytesIO(content)) as image:
        values = [*image.info.values(), *getattr(image, "text", {}).values()]
        tags = image.getexif()
        values += [*tags.values(), *(v for d in _DIRECTORIES for v in tags.get_ifd(d).values())]
        for frame in ImageSequence.Iterator(image):
            values += dict(getattr(frame, "tag_v2", {})).values()
    yield Text(where, "\n".join(_word(value) for value in values))


def _word(value: Any) -> str:
    """A tag as text; that of two bytes a letter has a zero beside each plain one."""
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return text.replace("\0", "")
