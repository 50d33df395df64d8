"""Two DOCX in, one with tracked changes between them out, judged before it is delivered."""

from __future__ import annotations

import copy
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from press.compare.adopt import record
from press.compare.canonical import OLD, Canonical
from press.compare.gate import destinations, judge
from press.compare.heads import complete_heads, left_empty
from press.compare.merge import Merger
from press.compare.package import DOCUMENT, Element, Package, R, W, read_package
from press.compare.phrases import counted
from press.compare.tracked import resolve
from press.errors import PressError

BY_WORD, BY_BLOCK, NONE = "word by word", "whole blocks", "none"
_FORMATTING = [f"{W}{name}PrChange" for name in ("r", "p", "tbl", "tr", "tc", "sect")]
_FORMATTING.append(f"{W}tblPrExChange")
_AUTHORED = [f"{W}ins", f"{W}del", *_FORMATTING]
STYLES = "word/styles.xml"


@dataclass(frozen=True)
class Redline:
    """What became of a redline: `engine` made it, `differences` say why there is none.

    `untracked` names what differs between the versions and cannot be a tracked change in Word;
    `formatting` counts the changes of runs, paragraphs, tables and sections that are no words.
    """

    passed: bool
    engine: str
    differences: tuple[str, ...]
    insertions: int
    deletions: int
    untracked: tuple[str, ...] = ()
    formatting: int = 0

    @property
    def is_changed(self) -> bool:
        """Whether the Word files differ in what a reader may see; so they do where none passed."""
        counts = self.insertions, self.deletions, self.formatting
        return not self.passed or any(counts) or bool(self.untracked)

    @property
    def counted(self) -> str:
        """How many changes are tracked, in words."""
        counts = [(self.insertions, "insertion"), (self.deletions, "deletion")]
        counts += [(self.formatting, "change of formatting")] if self.formatting else []
        return ", ".join(counted(n, what) for n, what in counts)


def redline(old: Path, new: Path, target: Path, *, author: str) -> Redline:
    """Write the redline if all accepted is the new file and all rejected the old one.

    Words are marked; if that does not stand the test, whole paragraphs and rows; if that does not
    either, nothing is written and an older `target` is removed. The same files give the same bytes.
    """
    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "redline.docx"
        for engine in (BY_WORD, BY_BLOCK):
            try:
                package = merged(old, new, by_word=engine == BY_WORD, author=author)
                package.write(trial)
                faults = judge(trial, old, new)
            except PressError as error:
                faults = (str(error),)
            if not faults:
                target.write_bytes(trial.read_bytes())
                return _describe(package, engine, tuple(found), untracked(old, new))
            found += [f"{engine}: {fault}" for fault in faults]
    target.unlink(missing_ok=True)
    return Redline(False, NONE, tuple(found), 0, 0, untracked(old, new))


def _describe(
    package: Package, engine: str, found: tuple[str, ...], apart: tuple[str, ...]
) -> Redline:
    """Count the stretches that are inserted and deleted; rows and marks are not counted twice."""
    trees = [tree for name, tree in package.trees.items()
             if name.startswith("word/") and name.endswith(".xml")]  # fmt: skip
    inserted, deleted = (
        sum(len(change) > 0 for tree in trees for change in tree.iter(f"{W}{kind}"))
        for kind in ("ins", "del")
    )
    formatting = sum(1 for tree in trees for _ in tree.iter(*_FORMATTING))
    return Redline(True, engine, found, inserted, deleted, apart, formatting)


def merged(old: Path, new: Path, *, by_word: bool, author: str) -> Package:
    """The new package with the differences from the old one tracked."""
    renamed: set[str] = set()
    while True:
        ours, theirs = read_package(old), read_package(new)
        for package in (ours, theirs):
            _refuse_tracked(package)
        _rename(ours, renamed)
        _merge(ours, theirs, by_word=by_word)
        _number(theirs, author)
        misled = _misled(theirs, read_package(old)) - renamed
        if not misled:
            return theirs
        renamed |= misled


def _refuse_tracked(package: Package) -> None:
    """A version that has tracked changes of its own is not one text."""
    for tree in package.trees.values():
        for change in tree.iter(*_AUTHORED, f"{W}moveFrom", f"{W}moveTo"):
            name = etree.QName(change).localname
            raise PressError(f"{package.name}: it has tracked changes ({name}); accept them first")


def _misled(package: Package, old: Package) -> set[str]:
    """The bookmarks that, with all rejected, would not stand where the old version has them."""
    ours, theirs = destinations(resolve(package, accept=False)), destinations(old)
    return {name for name, text in theirs.items() if text is not None and ours.get(name) != text}


def _rename(package: Package, names: set[str]) -> None:
    """Give bookmarks of the old version names of their own, for they stand elsewhere in the new."""
    for element in package.trees[DOCUMENT].iter(f"{W}bookmarkStart", f"{W}hyperlink"):
        key = f"{W}anchor" if element.tag == f"{W}hyperlink" else f"{W}name"
        if element.get(key) in names:
            element.set(key, f"{element.get(key)}{OLD}")


def _merge(old: Package, new: Package, *, by_word: bool) -> None:
    _add_styles(old, new)
    complete_heads(old, new)
    complete_heads(new, old)
    bodies = [package.trees[DOCUMENT].find(f"{W}body") for package in (old, new)]
    Merger(old, new, by_word=by_word, parts=(DOCUMENT, DOCUMENT)).merge_containers(*bodies)
    sections = [body.find(f"{W}sectPr") for body in bodies]
    if None in sections:
        return
    for kind in ("header", "footer"):
        for reference in sections[1].findall(f"{W}{kind}Reference"):
            type = reference.get(f"{W}type")
            before = sections[0].find(f"{W}{kind}Reference[@{W}type='{type}']")
            if before is not None:
                ids = before.get(f"{R}id"), reference.get(f"{R}id")
                parts = old.target(DOCUMENT, ids[0]), new.target(DOCUMENT, ids[1])
                _merge_parts(old, new, parts, by_word=by_word)
    plain = [_plain_section(section) for section in sections]
    if Canonical(old, DOCUMENT).of(plain[0]) != Canonical(new, DOCUMENT).of(plain[1]):
        record(sections[1], sections[0])


def _add_styles(old: Package, new: Package) -> None:
    """Deleted text keeps its style though the new version has none of that name."""
    if STYLES in old.trees and STYLES in new.trees:
        names = {style.get(f"{W}styleId") for style in new.trees[STYLES].iter(f"{W}style")}
        for style in old.trees[STYLES].iter(f"{W}style"):
            if style.get(f"{W}styleId") not in names:
                new.trees[STYLES].append(copy.deepcopy(style))


def _merge_parts(old: Package, new: Package, parts: tuple[str, str], *, by_word: bool) -> None:
    trees = old.trees[parts[0]], new.trees[parts[1]]
    if Canonical(old, parts[0]).of(trees[0]) != Canonical(new, parts[1]).of(trees[1]):
        Merger(old, new, by_word=by_word, parts=parts).merge_containers(*trees)


def _plain_section(section: Element) -> Element:
    plain = etree.Element(section.tag)
    plain.extend(etree.fromstring(etree.tostring(child)) for child in section
                 if not child.tag.endswith("Reference"))  # fmt: skip
    return plain


def _number(package: Package, author: str) -> None:
    """Give every change its author and every change, bookmark and drawing a number of its own.

    A change has no date: the clock of whoever renders is no part of the document.
    """
    count = 0
    marks: dict[str, str] = {}
    for name in sorted(package.trees):
        if not name.startswith("word/") or not name.endswith(".xml"):
            continue
        for element in package.trees[name].iter("*"):
            count += 1
            if element.tag in _AUTHORED:
                element.set(f"{W}id", str(count))
                element.set(f"{W}author", author)
            elif element.tag == f"{W}tblGridChange":
                element.set(f"{W}id", str(count))
            elif element.tag == f"{W}bookmarkStart":
                marks[element.get(f"{W}id")] = str(count)
                element.set(f"{W}id", str(count))
            elif element.tag == f"{W}bookmarkEnd":
                element.set(f"{W}id", marks.get(element.get(f"{W}id"), str(count)))
            elif element.tag.endswith("}docPr"):
                element.set("id", str(count))


def untracked(old: Path, new: Path) -> tuple[str, ...]:
    """What the two versions have otherwise and Word tracks not: styles, subject, a running head.

    A running head may be a field that shows the subject, which Word then takes from this file.
    """
    packages = read_package(old), read_package(new)
    ours, theirs = map(_styles, packages)
    names = sorted(name for name in ours.keys() & theirs if ours[name] != theirs[name])
    said = [f"styles defined otherwise in the new version: {', '.join(names)}"] if names else []
    said += left_empty(*packages)
    before, after = map(_subject, packages)
    if before != after:
        said.append(f"the file's subject, which a running head may show, was {before!r} and is "
                    f"{after!r}; with all rejected Word shows the new one")  # fmt: skip
    return tuple(said)


def _subject(package: Package) -> str:
    core = package.files.get("docProps/core.xml")
    return "" if core is None else etree.fromstring(core).findtext("{*}subject", "")


def _styles(package: Package) -> dict[str, str]:
    tree = package.trees.get(STYLES)
    canonical = Canonical(package, STYLES)
    styles = () if tree is None else tree.iter(f"{W}style")
    return {style.get(f"{W}styleId"): canonical.of(style) for style in styles}
