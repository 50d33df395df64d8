"""What stops a render, and what a check finds: texts that name place, fault and remedy."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass


class PressError(Exception):
    """The render could not be carried out; the text is ready to be shown (exit status 2)."""


class CheckFailedError(PressError):
    """Everything was carried out, and a check of it found a fault (exit status 1)."""


def refuse(place: str, fault: str) -> PressError:
    """The error for a fault at a place, such as `manuscript.qmd:88`."""
    return PressError(f"{place}: {fault}")


def run_all(checks: Iterable[Callable[[], object]]) -> None:
    """Run every check; raises one PressError with what each of them refused."""
    said = []
    for check in checks:
        try:
            check()
        except PressError as error:
            said.append(str(error))
    if said:
        raise PressError("\n".join(dict.fromkeys(said)))


@functools.total_ordering
@dataclass(frozen=True)
class Fault:
    """One line of a check's report; `place` is `file`, `file:line` or `file:line:column`."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"

    def __lt__(self, other: Fault) -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[str, tuple[int, ...], str]:
        """Line 9 comes before line 10, which as text it does not."""
        numbers = re.search(r"(?::\d+)+$", self.place)
        start = numbers.start() if numbers else len(self.place)
        lines = tuple(int(number) for number in self.place[start:].split(":") if number)
        return self.place[:start], lines, self.text
