"""A fault or a refusal in, an exception with one readable sentence a fault out.

StudyError          anything that keeps the study from being computed
├── DataError       the data package has faults: all of them, ordered by file, row and column
└── WordingError    claims.yml or declarations.yml has faults, or no wording for what the data say
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_SHOWN = 80


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a data package: where, what came, what was wanted, what to do.

    `row` is the line number in the file (the header is line 1). `row`, `column` and `value` are
    None where the fault is of the whole file, the whole row, or of something absent.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    expected: str
    remedy: str

    def __str__(self) -> str:
        row = "" if self.row is None else f" row {self.row}"
        column = "" if self.column is None else f", {self.column}"
        found = "" if self.value is None else f"found {_shown(self.value)}, "
        return f"{self.file}{row}{column}: {found}expected {self.expected}; {self.remedy}"

    @property
    def order(self) -> tuple[str, int, str, str]:
        """The place of this fault in a report."""
        return (self.file, self.row or 0, self.column or "", self.expected)


def _shown(value: str) -> str:
    shortened = value if len(value) <= LONGEST_SHOWN else value[: LONGEST_SHOWN - 1] + "…"
    return json.dumps(shortened, ensure_ascii=not shortened.isprintable())


class StudyError(Exception):
    """The study cannot be computed; the message says why and what to do."""


class DataError(StudyError):
    """A data package with faults; its text is the whole report, one line a fault."""

    def __init__(self, folder: str, faults: Iterable[Fault]) -> None:
        self.folder = folder
        self.faults = tuple(sorted(faults, key=lambda fault: fault.order))
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        lines = [f"{count} in the data package {folder}:", *map(str, self.faults)]
        super().__init__("\n".join(lines))


class WordingError(StudyError):
    """claims.yml or declarations.yml cannot be used, or words no sentence for what the data say."""
