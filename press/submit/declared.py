"""declarations.yml in, each entry with its place out; and the file without what identifies.

Beside the declarations it has what may stand in a blinded copy though an author is called so:

    blinding:
      allowed:
        - words: Holm
          because: the method is called after its author, who is another Holm
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml

from press.errors import Fault, refuse, run_all
from press.keys import Check, check_keys, is_bool, is_text
from press.marked import Marked, read_yaml

DECLARATIONS = "declarations.yml"
BLINDING, ALLOWED = "blinding", "allowed"
KEYS: Mapping[str, Check] = {
    "about": is_text,
    "text": lambda value: None if value is None else is_text(value),
    "identifies": is_bool,
}
OPEN = "[To be completed by the study team.]"
WITHHELD = "Withheld for blinded review."


@dataclass(frozen=True)
class Declaration:
    """What the authors declare: the question, the answer (None: open), and where it stands."""

    name: str
    about: str
    text: str | None
    identifies: bool
    place: str

    @property
    def label(self) -> str:
        """Its name as a heading."""
        return self.name.replace("_", " ").capitalize()

    @property
    def shown(self) -> str:
        """The answer, or that it is to be completed."""
        return self.text or OPEN


@dataclass(frozen=True)
class Allowed:
    """Words that may stand in a blinded copy, the reason, and where it is given."""

    words: str
    because: str
    place: str


def _read(root: Path) -> Marked:
    """The file of the project in `root`; an empty one where there is none."""
    file = root / DECLARATIONS
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return read_yaml(text, file=DECLARATIONS)


def read_declared(root: Path) -> tuple[Declaration, ...]:
    """The declarations of the project in `root`, in the order of the file; none without a file."""
    marked = _read(root)
    return tuple(
        Declaration(
            name,
            str(entry.get("about") or ""),
            " ".join(str(entry.get("text") or "").split()) or None,
            bool(entry.get("identifies")),
            marked.place((name,)),
        )
        for name, entry in (marked.value or {}).items()
        if name != BLINDING
    )


def check_declared(root: Path) -> None:
    """Raise PressError with every key that no declaration has, such as `identifes`."""
    marked = _read(root)
    if marked.value is not None and not isinstance(marked.value, dict):
        raise refuse(marked.place(()), "declarations are wanted, each a name with lines below it")
    names = [name for name in marked.value or {} if name != BLINDING]
    run_all(partial(check_keys, marked, (name,), KEYS, "declaration key") for name in names)


def read_allowed(root: Path) -> tuple[tuple[Allowed, ...], list[Fault]]:
    """What the project lets stand in a blinded copy, and every fault of how it says so."""
    marked = _read(root)
    value = (marked.value or {}).get(BLINDING)
    if value is None:
        return (), []
    entries = value.get(ALLOWED) if isinstance(value, dict) and [*value] == [ALLOWED] else None
    if not isinstance(entries, list):
        fault = f"{BLINDING}: only `{ALLOWED}:` is wanted in it, a list of words and because"
        return (), [Fault(marked.place((BLINDING,)), fault)]
    faults: list[Fault] = []
    return tuple(_allowed(marked, entries, faults)), faults


def _allowed(marked: Marked, entries: list[object], faults: list[Fault]) -> Iterator[Allowed]:
    for i, entry in enumerate(entries):
        place = marked.place((BLINDING, ALLOWED, i))
        values = dict(entry) if isinstance(entry, dict) else {}
        said = {key: " ".join(str(value or "").split()) for key, value in values.items()}
        if sorted(said) == ["because", "words"] and all(said.values()):
            yield Allowed(said["words"], said["because"], place)
        else:
            fault = "an exception is `words:`, as the fault has them, and `because:`, the reason"
            faults.append(Fault(place, f"{fault}; write both and nothing else"))


def withhold(root: Path) -> None:
    """Replace the answers that identify by a sentence, in the file of a copy of the project."""
    file = root / DECLARATIONS
    if not file.is_file():
        return
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    for entry in entries.values():
        if entry.get("identifies"):
            entry["text"] = WITHHELD
    text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=1000)
    file.write_text(text, encoding="utf-8")
