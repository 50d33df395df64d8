"""declarations.yml in, each entry with its place out; and the file without what identifies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from press.marked import read_yaml

DECLARATIONS = "declarations.yml"
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


def read_declared(root: Path) -> tuple[Declaration, ...]:
    """The declarations of the project in `root`, in the order of the file; none without a file."""
    file = root / DECLARATIONS
    if not file.is_file():
        return ()
    marked = read_yaml(file.read_text(encoding="utf-8"), file=DECLARATIONS)
    return tuple(
        Declaration(
            name,
            str(entry.get("about") or ""),
            " ".join(str(entry.get("text") or "").split()) or None,
            bool(entry.get("identifies")),
            marked.place((name,)),
        )
        for name, entry in (marked.value or {}).items()
    )


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
