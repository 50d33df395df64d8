"""What two packages say of where their rows come from in; what is true of the new tables out.

A program's command, the story of its seed and `data_hash`, the digest of the tables that it made,
are true of these tables alone. Of simulated data all that the current package says goes with its
tables; where observed rows come from is kept, as a workbook or a folder is only how they arrive,
whose own name, which may be a person's, is not told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

SIMULATED = "simulated"
"""The kind of a package whose rows are of nobody."""
WORKBOOK = "a workbook, taken in by press update"
FOLDER = "a folder, taken in by press update"
TAKEN_OF_PROVENANCE = ("description", "source", "data_hash")
"""The keys of a descriptor's `provenance` that a new package sets."""
_OF_NOBODY = "Simulated, not observed: no row describes a person."


def of_arrived(current: Mapping[str, Any], way: str) -> dict[str, Any]:
    """The current provenance for other tables, which came in a workbook or a folder."""
    told = {key: of for key, of in current.items() if key != "data_hash"}
    source = "" if told.keys() != current.keys() else str(told.get("source") or "")
    if current.get("kind") == SIMULATED:
        source = ""
        told["description"] = f"{_OF_NOBODY} The tables are from {way}."
    told["source"] = source if way in source else "; ".join(filter(None, [source, way]))
    return told


def of_folder(
    given: Mapping[str, Any], current: Mapping[str, Any], tables: Iterable[bytes]
) -> dict[str, Any]:
    """The provenance of a folder's tables, which differ from the current ones.

    `given` is what the folder says. Texts copied from the current package are not its own, and a
    `data_hash` that is not that of `tables` says that its texts are of others.
    """
    told = {key: given[key] for key in TAKEN_OF_PROVENANCE if key in given}
    merged, digest = {**current, **told}, tables_digest(tables)
    if told.get("data_hash") == digest:
        return {**of_arrived(current, FOLDER), **told}
    is_of_these = merged.get("data_hash") == digest
    if is_of_these or (current.get("kind") != SIMULATED and "data_hash" not in merged):
        return merged
    own = {key: text for key, text in told.items() if text != current.get(key)}
    return {**of_arrived(merged, FOLDER), **({} if "data_hash" in told else own)}


def tables_digest(tables: Iterable[bytes]) -> str:
    """What `data_hash` records: the SHA-256 of the tables' SHA-256, in the descriptor's order."""
    digests = [hashlib.sha256(content).hexdigest() for content in tables]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()
