"""Two packages in; each with an empty header or footer for every one that only the other has, out.

No tracked change in Word adds a running head or takes one away: a head of one version is tracked
word by word beside an empty one, which reads as none.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from press.compare.package import DOCUMENT, Element, Package, R, W

_PAGES = {"default": "", "first": " of the first page", "even": " of even pages"}
Heads = dict[tuple[str, str], str]
"""The relationship of a head by its kind (`header`, `footer`) and type (`default`, `first`, …)."""


def complete_heads(package: Package, other: Package) -> None:
    """Give a package an empty head for each that only the other one has."""
    theirs = _heads(other)
    for kind, type in _missing(package, other):
        id = theirs[kind, type]
        tree = other.trees[other.target(DOCUMENT, id)]
        empty = etree.Element(tree.tag, tree.attrib, nsmap=tree.nsmap)
        etree.SubElement(empty, f"{W}p")
        reference = etree.Element(f"{W}{kind}Reference")
        reference.set(f"{W}type", type)
        reference.set(f"{R}id", package.add(DOCUMENT, other, id, empty))
        _sections(package)[0].insert(0, reference)


def left_empty(old: Package, new: Package) -> Iterator[str]:
    """A sentence for each head of one version alone: what Word keeps of it in the other."""
    for packages, word, done in (((old, new), "new", "rejected"), ((new, old), "old", "accepted")):
        for kind, type in _missing(*packages):
            yield (
                f"only the {word} version has a {kind}{_PAGES[type]}: its words are tracked, and "
                f"with all {done} Word keeps an empty one"
            )


def _missing(package: Package, other: Package) -> list[tuple[str, str]]:
    """The heads that only the other package has; a section after the first would inherit its."""
    if len(_sections(package)) != 1 or len(_sections(other)) != 1:
        return []
    return [head for head in _heads(other) if head not in _heads(package)]


def _sections(package: Package) -> list[Element]:
    return list(package.trees[DOCUMENT].iter(f"{W}sectPr"))


def _heads(package: Package) -> Heads:
    found = (
        (kind, reference)
        for kind in ("header", "footer")
        for reference in _sections(package)[-1].findall(f"{W}{kind}Reference")
    )
    return {(kind, of.get(f"{W}type")): of.get(f"{R}id") for kind, of in found}
