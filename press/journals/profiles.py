"""A journal's profile, `journal/profiles/NAME.yml`, in; its rules out, each with its source."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

from press.errors import Fault, PressError
from press.keys import Check, is_bool, is_count, is_text, unknown
from press.marked import Marked, Steps, read_yaml

PROFILES = Path("journal") / "profiles"
UNKNOWN = "unknown"
CHECK = "check"
ANY = "any"
"""The value of `abstract_headings` where an abstract has headings and the journal names none."""
T = TypeVar("T")


@dataclass(frozen=True)
class Rule(Generic[T]):
    """What a journal asks, the document that says so and the day on which it was read there."""

    value: T
    source: str
    checked: str

    def __str__(self) -> str:
        return f"{self.source}, read {self.checked}"


def is_range(value: Any) -> str | None:
    """The fewest and the most of something."""
    is_pair = isinstance(value, list) and len(value) == 2 and not any(map(is_count, value))
    return None if is_pair and value[0] <= value[1] else "[fewest, most] is wanted, such as [3, 6]"


def is_words(value: Any) -> str | None:
    """A list of texts."""
    good = isinstance(value, list) and value and all(isinstance(item, str) for item in value)
    return None if good else "a list of texts is wanted"


def is_headings(value: Any) -> str | None:
    """A list of texts, or `any`."""
    return None if value == ANY or not is_words(value) else f"{ANY} or a list of texts is wanted"


def is_counts(value: Any) -> str | None:
    """A list of whole numbers."""
    good = isinstance(value, list) and value and not any(map(is_count, value))
    return None if good else "a list of whole numbers above 0 is wanted"


@dataclass(frozen=True)
class Profile:
    """What one journal asks of an article; None where nobody knows what it asks.

    A profile that is no journal's (`is_journal`), as of recommendations for any, has a name that no
    editor is addressed by.
    """

    id: str
    name: str
    is_journal: bool
    title_words: Rule[int] | None = field(metadata={CHECK: is_count})
    running_title_characters: Rule[int] | None = field(metadata={CHECK: is_count})
    abstract_words: Rule[int] | None = field(metadata={CHECK: is_count})
    abstract_headings: Rule[Any] | None = field(metadata={CHECK: is_headings})
    keywords: Rule[list[int]] | None = field(metadata={CHECK: is_range})
    text_words: Rule[int] | None = field(metadata={CHECK: is_count})
    display_items: Rule[int] | None = field(metadata={CHECK: is_count})
    references: Rule[int] | None = field(metadata={CHECK: is_count})
    statements: Rule[list[str]] | None = field(metadata={CHECK: is_words})
    figure_formats: Rule[list[str]] | None = field(metadata={CHECK: is_words})
    figure_widths_mm: Rule[list[int]] | None = field(metadata={CHECK: is_counts})
    line_numbers: Rule[bool] | None = field(metadata={CHECK: is_bool})
    double_spacing: Rule[bool] | None = field(metadata={CHECK: is_bool})
    is_blinded: Rule[bool] | None = field(metadata={CHECK: is_bool})
    csl: Rule[str] | None = field(metadata={CHECK: is_text})


RULES: Mapping[str, Check] = {
    item.name: item.metadata[CHECK] for item in fields(Profile) if CHECK in item.metadata
}
"""Each rule by its name, and what its value may be."""
_TOP = {"name": is_text, "is_journal": is_bool, "rules": None}
_RULE = {"value": None, "source": None, "checked": None}


def read_profile(root: Path, name: str) -> Profile:
    """The profile `name` of the project in `root`; every fault of its file is refused at once."""
    file = PROFILES / f"{name}.yml"
    known = sorted(path.stem for path in (root / PROFILES).glob("*.yml"))
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known) or 'none'}"
        raise PressError(f"--journal {name}: there is no {file.as_posix()}; {hint}")
    marked = read_yaml((root / file).read_text(encoding="utf-8"), file=file.as_posix())
    faults = sorted(_faults(marked))
    if faults:
        raise PressError("\n".join(map(str, faults)))
    rules = {key: _rule(value) for key, value in marked.value["rules"].items()}
    top = marked.value
    return Profile(id=name, name=str(top["name"]), is_journal=top["is_journal"], **rules)


def _rule(value: Any) -> Rule[Any] | None:
    return None if value == UNKNOWN else Rule(**{**value, "checked": str(value["checked"])})


def _faults(marked: Marked) -> Iterator[Fault]:
    """What is wrong with a profile's file, place by place."""
    top = marked.value if isinstance(marked.value, dict) else {}
    yield from _names(marked, (), top, _TOP, "key")
    wanted = is_bool(top.get("is_journal", True))
    if wanted:
        yield Fault(marked.place(("is_journal",)), f"is_journal: {wanted}, whether it is a journal")
    rules = top.get("rules")
    if not isinstance(rules, dict):
        yield Fault(marked.place(("rules",)), "rules: a mapping of rules is wanted")
        return
    yield from _names(marked, ("rules",), rules, RULES, "rule")
    for key in RULES.keys() & rules.keys():
        if rules[key] != UNKNOWN:
            yield from _rule_faults(marked, key, rules[key])


def _names(
    marked: Marked, path: Steps, found: dict[str, Any], known: Mapping[str, Any], kind: str
) -> Iterator[Fault]:
    """Names that are not known, and known ones that are missing."""
    for name in found:
        if name not in known:
            text = str(unknown("", f"{kind} of a profile", name, known)).removeprefix(": ")
            yield Fault(marked.place((*path, name)), text)
    for name in known:
        if name not in found:
            remedy = f"; write {name}: {UNKNOWN} where nothing is known" if kind == "rule" else ""
            yield Fault(marked.place(path), f"{kind} {name} is missing{remedy}")


def _rule_faults(marked: Marked, key: str, rule: Any) -> Iterator[Fault]:
    path = ("rules", key)
    if not isinstance(rule, dict):
        wanted = f"{{value: …, source: …, checked: …}} or {UNKNOWN} is wanted"
        yield Fault(marked.place(path), f"{key}: {rule}: {wanted}")
        return
    yield from _names(marked, path, rule, _RULE, "part")
    wanted_value = RULES[key](rule["value"]) if "value" in rule else None
    if wanted_value:
        yield Fault(marked.place((*path, "value")), f"{key}: {rule['value']}: {wanted_value}")
    if is_text(rule.get("source", "")) or not str(rule.get("source", "a text")).strip():
        yield Fault(marked.place((*path, "source")), f"{key}: source: say who asks this and where")
    if not _is_date(rule.get("checked", "2026-01-01")):
        text = f"{key}: {rule['checked']}: the day on which the source was read is wanted"
        yield Fault(marked.place((*path, "checked")), f"{text}, such as 2026-11-26")


def _is_date(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(str(value)))
    except ValueError:
        return False
