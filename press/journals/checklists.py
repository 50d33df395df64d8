"""A reporting checklist in, `journal/checklists/NAME.yml`; a row an item, with its page, out."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.errors import Fault, PressError
from press.keys import Check, is_text
from press.marked import Marked, Steps, read_yaml
from press.pdf_places import CAPTIONS, Region, read_regions

CHECKLISTS = Path("journal") / "checklists"
_TOP: dict[str, Check] = {"name": is_text, "items": lambda value: None}
_ITEM: dict[str, Check] = dict.fromkeys(("number", "words", "at", "phrase", "reason"), is_text)
_FLOAT = re.compile(r"(?:#|label: *)((?:fig|tbl)-[\w-]+)")


@dataclass(frozen=True)
class Item:
    """An item: what it asks, and the label and phrase that answer it, or why it does not apply."""

    number: str
    words: str
    place: str
    at: str = ""
    phrase: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Checklist:
    """A reporting checklist with where the article answers each of its items."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Row:
    """An item, where it is answered and the page; no page where it does not apply."""

    number: str
    words: str
    answer: str
    page: int | None


def read_checklist(root: Path, name: str) -> Checklist:
    """The checklist `name` of the project in `root`; every fault of its file is refused at once."""
    file = CHECKLISTS / f"{name}.yml"
    if not (root / file).is_file():
        known = sorted(path.stem for path in (root / CHECKLISTS).glob("*.yml"))
        raise PressError(f"there is no checklist {file.as_posix()}; known are {', '.join(known)}")
    marked = read_yaml((root / file).read_text(encoding="utf-8"), file=file.as_posix())
    faults = sorted(_faults(marked))
    if faults:
        raise PressError("\n".join(map(str, faults)))
    items = tuple(
        Item(**{key: str(value) for key, value in item.items()}, place=marked.place(("items", i)))
        for i, item in enumerate(marked.value["items"])
    )
    return Checklist(str(marked.value["name"]), items)


def _faults(marked: Marked) -> Iterator[Fault]:
    top = marked.value if isinstance(marked.value, dict) else {}
    yield from _keys(marked, (), top, _TOP)
    items = top.get("items")
    if not isinstance(items, list) or not items:
        yield Fault(marked.place(("items",)), "items: a list of items is wanted")
        return
    numbers: dict[str, int] = {}
    for i, item in enumerate(items):
        place = marked.place(("items", i))
        if not isinstance(item, dict):
            yield Fault(place, f"{item}: number, words and at with phrase, or reason, are wanted")
            continue
        yield from _keys(marked, ("items", i), item, _ITEM)
        number = str(item.get("number", "")) or "without a number"
        if number in numbers:
            yield Fault(place, f"item {number} stands here a second time; keep one")
        numbers[number] = i
        is_answered = {"number", "words", "at", "phrase"} == set(item)
        if not is_answered and {"number", "words", "reason"} != set(item):
            wanted = "number, words and either at with phrase, or the reason why it does not apply"
            yield Fault(place, f"item {number}: it has {', '.join(item)}; wanted are {wanted}")


def _keys(
    marked: Marked, path: Steps, found: dict[str, Any], known: dict[str, Check]
) -> Iterator[Fault]:
    for key, value in found.items():
        place = marked.place((*path, key))
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"supported are {', '.join(known)}"
            yield Fault(place, f"unknown key {key}; {hint}")
        elif wanted := known[key](value):
            yield Fault(place, f"{key}: {value}: {wanted}")


def find_answers(checklist: Checklist, pdf: Path, source: str) -> tuple[list[Row], list[Fault]]:
    """A row an item, with the page of its answer in the PDF, and what was not found there.

    `source` is the text of the document that the PDF was made from: it has the labels of figures
    and tables, which the PDF numbers.
    """
    if not pdf.is_file():
        raise PressError(f"there is no {pdf}; make it with press render")
    regions = read_regions(pdf)
    floats = _floats(source)
    rows, faults = [], []
    for item in checklist.items:
        if item.reason:
            rows.append(Row(item.number, item.words, f"Not applicable: {item.reason}", None))
            continue
        region = regions.get(floats.get(item.at, item.at))
        fault = _fault(item, region, [*regions, *floats], pdf.name)
        if fault or region is None:
            faults.append(Fault(item.place, fault))
        else:
            rows.append(Row(item.number, item.words, region.name, region.page_of(item.phrase)))
    return rows, faults


def _floats(source: str) -> dict[str, str]:
    """Each figure and table by its label, as the PDF names it; they are numbered as they come."""
    counts = dict.fromkeys(CAPTIONS, 0)
    names = {}
    for label in _FLOAT.findall(source):
        kind = label.partition("-")[0]
        counts[kind] += 1
        names[label] = f"{CAPTIONS[kind]} {counts[kind]}"
    return names


def _fault(item: Item, region: Region | None, labels: list[str], file: str) -> str:
    if region is None:
        near = difflib.get_close_matches(item.at, labels, n=1)
        hint = f"did you mean {near[0]}?" if near else "name the section where it stands now"
        return f"item {item.number}: {file} has no label {item.at}; {hint}"
    if region.page_of(item.phrase) is None:
        remedy = "give a phrase that stands there, or write the answer"
        return f"item {item.number}: “{item.phrase}” is not in {region.name} of {file}; {remedy}"
    return ""
