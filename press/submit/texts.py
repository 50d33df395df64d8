"""A file of the package in; everything in it that reads as words out, with where it stands."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from lxml import etree
from PIL import Image

from press.pdf_places import read_regions
from press.read_pdf import _Reader

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
REFERENCES = "references"
PICTURES = (".png", ".tif", ".tiff", ".jpg", ".jpeg")


@dataclass(frozen=True)
class Text:
    """Words of a file and where they stand; `cited` are those of them in the list of references."""

    where: str
    words: str
    cited: str = ""


def texts(path: Path) -> Iterator[Text]:
    """Text, properties and other metadata of a Word file, PDF, picture or text file."""
    if path.suffix == ".docx":
        yield from _docx(path)
    elif path.suffix == ".pdf":
        yield from _pdf(path)
    elif path.suffix in PICTURES:
        yield from _picture("metadata", path.read_bytes())
    elif path.suffix == ".txt":
        yield Text("text", path.read_text(encoding="utf-8"))


def _docx(path: Path) -> Iterator[Text]:
    with zipfile.ZipFile(path) as package:
        for name in sorted(package.namelist()):
            content = package.read(name)
            if name.endswith((".xml", ".rels")):
                yield _part(name, etree.fromstring(content))
            elif Path(name).suffix in PICTURES:
                yield from _picture(name, content)


def _part(name: str, tree: Any) -> Text:
    """The words of a part of a Word file, a paragraph a line, and the values of its attributes."""
    lines, cited = [], []
    for element in tree.iter(etree.Element):
        lines += element.attrib.values()
        if element.tag == f"{W}p":
            line = "".join(element.itertext())
            lines.append(line)
            style = element.find(f"{W}pPr/{W}pStyle")
            if style is not None and style.get(f"{W}val") == "Bibliography":
                cited.append(line)
        elif element.text and not element.tag.startswith(W):
            lines.append(element.text)
    return Text("text" if name == "word/document.xml" else name, "\n".join(lines), "\n".join(cited))


def _pdf(path: Path) -> Iterator[Text]:
    with pikepdf.open(path) as pdf:
        yield Text("properties and strings", "\n".join(_strings(pdf)))
        is_tagged = "/StructTreeRoot" in pdf.Root
        pages = [_Reader(page).read() for page in pdf.pages] if is_tagged else []
    said = [run.text for page in pages for run in (*page.runs.values(), page.outside)]
    regions = read_regions(path).values() if is_tagged else ()
    cited = [piece.text for region in regions if region.name.casefold() == REFERENCES
             for piece in region.pieces]  # fmt: skip
    yield Text("text", "\n".join(said), "\n".join(cited))


def _strings(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Every string of a PDF's objects, and its XMP metadata."""
    for item in (*pdf.objects, pdf.trailer):
        yield from _inner(item, 0)
        if isinstance(item, pikepdf.Stream) and item.get("/Type") == "/Metadata":
            yield item.read_bytes().decode(errors="replace")


def _inner(item: Any, depth: int) -> Iterator[str]:
    if isinstance(item, pikepdf.String):
        yield str(item)
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream) and depth < 20:
        for key, value in item.items():
            if key not in ("/Parent", "/P", "/ID") and not getattr(value, "is_indirect", False):
                yield from _inner(value, depth + 1)
    elif isinstance(item, pikepdf.Array) and depth < 20:
        for value in item:
            if not getattr(value, "is_indirect", False):
                yield from _inner(value, depth + 1)


def _picture(where: str, content: bytes) -> Iterator[Text]:
    with Image.open(io.BytesIO(content)) as image:
        tags = dict(getattr(image, "tag_v2", {}))
        values = [*image.info.values(), *image.getexif().values(), *tags.values()]
    yield Text(where, "\n".join(_word(value) for value in values))


def _word(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
