"""A table that came in a folder and its resource there in; whether it arrived whole out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_ALGORITHMS = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
"""By the number of hexadecimal digits; a `hash` may name its own, as in "sha256:1a…"."""


@dataclass(frozen=True)
class Arrival:
    """A table as it came and as it is taken in, and its resource there and in the current package.

    A copy of the current descriptor beside an edited table is how tables are often edited; like
    one that records nothing, it says nothing of the table.
    """

    path: str
    came: bytes
    taken: bytes
    given: Mapping[str, Any]
    current: Mapping[str, Any]

    @property
    def is_proven(self) -> bool:
        """Whether the folder records size or checksum of the table, and they fit it."""
        return bool(self._recorded) and any(map(self._fits, (self.came, self.taken)))

    def faults(self, record: str) -> Iterator[str]:
        """What shows that the table is not as it was sent; `record` is the command that records."""
        if self.is_proven:
            return
        if any(of != self.current.get(key) for key, of in self._recorded.items()):
            yield (
                f"{self.path}, checksum: not the table whose size and checksum are in the folder's "
                f"datapackage.json; send it again, or where it was edited record it: {record}"
            )
        elif not self.came.endswith(b"\n"):
            yield (
                f"{self.path}, last line: without a line end, as in a file that was cut off; send "
                f"it again, or where it is whole record it: {record}"
            )

    @property
    def _recorded(self) -> dict[str, Any]:
        return {key: self.given[key] for key in ("bytes", "hash") if key in self.given}

    def _fits(self, content: bytes) -> bool:
        """Whether all that is recorded is that of the content; of an unknown hash it is not."""
        wanted = str(self.given.get("hash", "")).rpartition(":")[2].lower()
        algorithm = _ALGORITHMS.get(len(wanted))
        found = hashlib.new(algorithm, content).hexdigest() if algorithm else ""
        return self.given.get("bytes", len(content)) == len(content) and wanted == found
