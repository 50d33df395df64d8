"""reviews.yml in; the comments of one round of review, word for word, out.

    round: 1
    comments:
      - reviewer: 2          # or editor
        number: 1
        text: |
          The comment as it came, a paragraph a line.

The tag of this comment is R2.1, that of the editor's first E.1.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.errors import Fault, PressError
from press.marked import Marked, read_yaml

EDITOR = "editor"
_TOP = ("round", "comments")
_COMMENT = ("reviewer", "number", "text")


@dataclass(frozen=True)
class Comment:
    """One comment: its tag, who made it, its paragraphs as they came, and its place."""

    tag: str
    who: str
    paragraphs: tuple[str, ...]
    place: str


@dataclass(frozen=True)
class Reviews:
    """The comments of one round, in the order of the file, each tag once."""

    round: int
    comments: tuple[Comment, ...]


def read_reviews(file: Path) -> tuple[Reviews, list[Fault]]:
    """The comments that are whole, and every fault of the file."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        remedy = "write the comments there: reviewer, number, text"
        return Reviews(0, ()), [Fault(file.name, f"there is none beside response.qmd; {remedy}")]
    except UnicodeDecodeError as error:
        return Reviews(0, ()), [Fault(file.name, f"this is not UTF-8 text: {error.reason}")]
    try:
        marked = read_yaml(text, file=file.name)
    except PressError as error:
        place, _, said = str(error).partition(": ")
        remedy = "put a text with colons on lines of its own below `text: |`"
        return Reviews(0, ()), [Fault(place, f"{said}; {remedy}")]
    faults: list[Fault] = []
    top = marked.value if isinstance(marked.value, dict) else {}
    faults += _unknown(marked, (), top, _TOP)
    number = int(top["round"]) if _counts(top.get("round")) else 0
    if not number:
        faults.append(Fault(marked.place(("round",)), "round: the round's number is wanted"))
    return Reviews(number, tuple(_comments(marked, top.get("comments"), faults))), faults


def _comments(marked: Marked, items: Any, faults: list[Fault]) -> Iterator[Comment]:
    if not isinstance(items, list) or not items:
        faults.append(Fault(marked.place(("comments",)), "comments: a list of comments is wanted"))
        return
    seen: dict[str, str] = {}
    for i, item in enumerate(items):
        place = marked.place(("comments", i))
        found = list(_faults(marked, i, item))
        faults += found
        if found:
            continue
        comment = _comment(item, place)
        if comment.tag in seen:
            remedy = f"it is on line {seen[comment.tag]} already; number them on"
            faults.append(Fault(place, f"{comment.tag} stands here a second time; {remedy}"))
            continue
        seen[comment.tag] = place.rpartition(":")[2]
        yield comment


def _comment(item: dict[str, Any], place: str) -> Comment:
    reviewer, number = item["reviewer"], item["number"]
    is_editor = reviewer == EDITOR
    lines = (line.rstrip() for line in item["text"].split("\n"))
    return Comment(
        tag=f"E.{number}" if is_editor else f"R{reviewer}.{number}",
        who="Editor" if is_editor else f"Reviewer {reviewer}",
        paragraphs=tuple(line for line in lines if line),
        place=place,
    )


def _faults(marked: Marked, i: int, item: Any) -> Iterator[Fault]:
    path = ("comments", i)
    if not isinstance(item, dict):
        yield Fault(marked.place(path), f"{item}: reviewer, number and text are wanted")
        return
    yield from _unknown(marked, path, item, _COMMENT)
    for key in _COMMENT:
        place = marked.place((*path, key))
        value = item.get(key)
        if key not in item:
            yield Fault(place, f"this comment has no {key}; wanted are {', '.join(_COMMENT)}")
        elif key == "text" and not (isinstance(value, str) and value.strip()):
            yield Fault(place, "text: the comment is wanted, word for word, below `text: |`")
        elif key == "number" and not _counts(value):
            yield Fault(place, f"number: {value}: a whole number from 1 is wanted")
        elif key == "reviewer" and not (_counts(value) or value == EDITOR):
            yield Fault(place, f"reviewer: {value}: the reviewer's number or {EDITOR} is wanted")


def _unknown(
    marked: Marked, path: tuple[str | int, ...], found: dict[str, Any], known: Collection[str]
) -> Iterator[Fault]:
    for key in found:
        if key not in known:
            yield Fault(marked.place((*path, key)), f"unknown key {key}; {nearest(key, known)}")


def _counts(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def nearest(name: str, known: Collection[str]) -> str:
    """What may have been meant, or what there is."""
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(known) or 'none'}"
