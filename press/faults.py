"""A fault that a check found: the place in a file and a sentence, in the order of the places."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass


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
