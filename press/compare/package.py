"""A DOCX file in, its parts and relationships out, and the other way round with the same bytes."""

from __future__ import annotations

import copy
import hashlib
import posixpath
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from press.errors import PressError

Element = Any
"""An element of lxml."""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
DOCUMENT = "word/document.xml"
NOTES = {"footnote": "word/footnotes.xml", "endnote": "word/endnotes.xml"}
_EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass
class Package:
    """The parts of a DOCX: `trees` those of XML under word/, `files` all others as bytes."""

    name: str
    trees: dict[str, Element]
    files: dict[str, bytes]
    _related: dict[str, dict[str, Element]] = field(default_factory=dict)

    def related(self, part: str) -> dict[str, Element]:
        """The relationships of a part by their ids."""
        if part not in self._related:
            tree = self.trees.get(_rels_name(part))
            self._related[part] = {} if tree is None else {item.get("Id"): item for item in tree}
        return self._related[part]

    def content(self, part: str, id: str) -> tuple[str, str, bytes | None]:
        """Kind and target of a relationship, with what is in the file that it names."""
        if id not in self.related(part):
            raise PressError(f"{self.name}: {part} names a relationship {id} that is not there")
        item = self.related(part)[id]
        kind = item.get("Type").rsplit("/", 1)[-1]
        if item.get("TargetMode") == "External":
            return kind, item.get("Target"), None
        target = self.target(part, id)
        return kind, target, self.files.get(target, b"")

    def target(self, part: str, id: str) -> str:
        """The name of the part that a relationship leads to."""
        target = self.related(part)[id].get("Target")
        return posixpath.normpath(posixpath.join(posixpath.dirname(part), target)).lstrip("/")

    def adopt(self, part: str, other: Package, other_part: str, id: str) -> str:
        """The id here of what a relationship of another package leads to, added if it is new."""
        kind, target, data = other.content(other_part, id)
        for here in self.related(part):
            if self.content(part, here)[0::2] == (kind, data) and (
                data is not None or self.content(part, here)[1] == target
            ):
                return here
        item = copy.deepcopy(other.related(other_part)[id])
        if data is not None:
            suffix = posixpath.splitext(target)[1]
            name = f"media/old-{hashlib.sha256(data).hexdigest()[:16]}{suffix}"
            item.set("Target", name)
            if posixpath.join("word", name) not in self.files:
                self.files[posixpath.join("word", name)] = data
                self._declare(posixpath.join("word", name), other, target)
        return self._relate(part, item)

    def add(self, part: str, other: Package, id: str, tree: Element) -> str:
        """The id here of a new part with text, of a kind that another document names."""
        like = other.target(DOCUMENT, id)
        stem, suffix = posixpath.splitext(like)
        name = next(name for n in range(1, len(self.trees) + 2)
                    if (name := f"{stem}-{n}{suffix}") not in self.trees)  # fmt: skip
        self.trees[name] = tree
        self._declare(name, other, like)
        item = copy.deepcopy(other.related(DOCUMENT)[id])
        item.set("Target", posixpath.relpath(name, posixpath.dirname(part)))
        return self._relate(part, item)

    def _relate(self, part: str, item: Element) -> str:
        """Add a relationship under an id of its own."""
        new = f"old{len(self.related(part)) + 1}"
        item.set("Id", new)
        self._rels(part).append(item)
        self.related(part)[new] = item
        return new

    def _rels(self, part: str) -> Element:
        name = _rels_name(part)
        if name not in self.trees:
            self.trees[name] = etree.Element(f"{_RELATIONSHIPS}Relationships")
        return self.trees[name]

    def _declare(self, name: str, other: Package, target: str) -> None:
        """Say of a file what it is, as the other package does of its own."""
        suffix = posixpath.splitext(target)[1].lstrip(".").lower()
        types = list(other.trees["[Content_Types].xml"])
        named = [item for item in types if item.get("PartName") == f"/{target}"]
        alike = [item for item in types if (item.get("Extension") or "").lower() == suffix]
        for item in (named + alike)[:1]:
            declared = etree.SubElement(self.trees["[Content_Types].xml"], f"{_TYPES}Override")
            declared.set("PartName", f"/{name}")
            declared.set("ContentType", item.get("ContentType"))

    def copy(self) -> Package:
        """Another package whose trees can be changed."""
        return Package(self.name, copy.deepcopy(self.trees), dict(self.files))

    def write(self, path: Path) -> None:
        """Write the file; the same package gives the same bytes."""
        parts = dict(self.files)
        for name, tree in self.trees.items():
            parts[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8",
                                         standalone=True)  # fmt: skip
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
                target.writestr(zipfile.ZipInfo(name, _EARLIEST), parts[name],
                                compress_type=zipfile.ZIP_DEFLATED)  # fmt: skip


def read_package(path: Path) -> Package:
    """Read a DOCX; a file that is none is refused."""
    try:
        with zipfile.ZipFile(path) as source:
            parts = {name: source.read(name) for name in source.namelist()}
        trees = {name: etree.fromstring(data) for name, data in parts.items() if _is_tree(name)}
    except (OSError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise PressError(f"{path}: not a Word file that can be read ({error})") from error
    if DOCUMENT not in trees:
        raise PressError(f"{path}: a Word file with {DOCUMENT} is wanted")
    files = {name: data for name, data in parts.items() if name not in trees}
    return Package(path.name, trees, files)


def _is_tree(name: str) -> bool:
    if name == "[Content_Types].xml":
        return True
    return name.startswith("word/") and name.endswith((".xml", ".rels"))


def _rels_name(part: str) -> str:
    folder, file = posixpath.split(part)
    return f"{folder}/_rels/{file}.rels"


def stories(package: Package) -> list[str]:
    """The parts with text, the document first."""
    kinds = ("footnotes", "endnotes", "header", "footer", "comments")
    names = [name for name in package.trees if name.startswith(tuple(f"word/{k}" for k in kinds))]
    return [DOCUMENT, *sorted(name for name in names if name.endswith(".xml"))]
