"""A folder with a new data package in; its tables, the descriptor for them and its faults out."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from press.update.checksums import Arrival
from press.update.dates import reads_as_date
from press.update.provenance import TAKEN_OF_PROVENANCE
from press.update.stage import DESCRIPTOR, Package, contents, version_numbers

BESIDE = {DESCRIPTOR, "README.md"}
"""What may lie in a package's folder besides its tables."""
TAKEN = ("version", "title", "created")
"""The keys of a descriptor that a new package sets; its checksums are recorded anew."""
_NO_DATE = "a calendar date, which identifies people; write whole days instead, or take it out"
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_IDENTIFIER = re.compile("[a-z_]{1,30}")
_LAST_OF_VERSION = 999
_BOM = b"\xef\xbb\xbf"


def copy_folder(
    new: Package, current: Package, target: Path, record: str
) -> tuple[dict[str, Any], list[str], list[str]]:
    """Copy a package's tables into `target`; the descriptor for them, faults, and what is unproven.

    Line ends become those of every table here, so that version control keeps the checksums true.
    A README is neither read nor copied: the package's is written anew from its descriptor. Names
    of files and keys may be of people; those that the current package does not have are not told.
    `record` is the command that records the checksums of a folder.
    """
    faults = [*_stray_faults(new, current), *_version_faults(new, current)]
    faults += [*_descriptor_faults(new, current), *_taken_faults(new, current)]
    unproven: list[str] = []
    before = contents(current)
    given, known = (_by_name(side.descriptor["resources"]) for side in (new, current))
    for name, path in current.files.items():
        file = new.folder / new.files.get(name, path)
        if not file.is_file():
            faults.append(f"{path}: there is no such table in the folder; put it there")
            continue
        came = file.read_bytes()
        content = came.removeprefix(_BOM).replace(b"\r\n", b"\n")
        copy = target / path  # where the descriptor written has it
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)
        faults += _dated_cells(path, content, current.fields[name])
        arrival = Arrival(path, came, content, given.get(name, {}), known[name])
        faults += arrival.faults(record)
        if content != before[path] and not arrival.is_proven:
            unproven.append(path)
    return _with_taken(new, current), faults, unproven


def _stray_faults(new: Package, current: Package) -> Iterator[str]:
    """How many files lie in a package's folder that are none of its own."""
    allowed = BESIDE | set(current.files.values()) | set(new.files.values())
    files = {path for path in new.folder.rglob("*") if path.is_file()}
    stray = len({path.relative_to(new.folder).as_posix() for path in files} - allowed)
    if stray:
        known = ", ".join(sorted([*current.files.values(), *BESIDE]))
        yield (
            f"files in the folder: {stray} {'is' if stray == 1 else 'are'} no table of this "
            f"package, hidden ones counted; take out all but {known}, or define the table"
        )


def _with_taken(new: Package, current: Package) -> dict[str, Any]:
    """The current descriptor with what a new package may say of itself."""
    taken = {key: new.descriptor[key] for key in TAKEN if key in new.descriptor}
    told = {key: new.provenance[key] for key in TAKEN_OF_PROVENANCE if key in new.provenance}
    if told:
        taken["provenance"] = {**current.provenance, **told}
    return {**current.descriptor, **taken}


def _version_faults(new: Package, current: Package) -> Iterator[str]:
    """What is wrong with a new package's version; one that is equal is raised later."""
    if not (numbers := version_numbers(new.version)):
        yield (
            f"{DESCRIPTOR}, version: not of the form 1.0.0, each number of at most four digits; "
            "correct it"
        )
    elif new.version != current.version and _is_dated(new.version, numbers):
        yield f"{DESCRIPTOR}, version: a calendar date; count on from {current.version} instead"
    elif numbers < (version_numbers(current.version) or ()):
        yield (
            f"{DESCRIPTOR}, version: lower than {current.version} of the current package; "
            "if these data are newer raise it, if they are older keep the current ones"
        )


def _is_dated(version: str, numbers: tuple[int, ...]) -> bool:
    """Whether a version is a calendar date; 1.2.10 is none."""
    return max(numbers) > _LAST_OF_VERSION and reads_as_date(version)


def _taken_faults(new: Package, current: Package) -> Iterator[str]:
    """What is taken from a new package and has a date in it, told by its key alone, or no text.

    What the current package says too passes.
    """
    texts = [("title", new.descriptor.get("title"), current.descriptor.get("title"))]
    texts += [
        (f"provenance.{key}", new.provenance.get(key), current.provenance.get(key))
        for key in ("description", "source")
    ]
    for place, text, known in texts:
        if text not in (known, None) and not isinstance(text, str):
            yield f"{DESCRIPTOR}, {place}: not a text; write one, in quotation marks"
        elif text != known and reads_as_date(text or ""):
            yield f"{DESCRIPTOR}, {place}: {_NO_DATE}"
    created = new.descriptor.get("created")
    if created is not None and not _is_point_in_time(created):
        yield f"{DESCRIPTOR}, created: not one date, as 2024-04-01; correct it"
    digest = new.provenance.get("data_hash")
    if digest is not None and not re.fullmatch("[0-9a-f]{64}", str(digest)):
        yield f"{DESCRIPTOR}, provenance.data_hash: not a SHA-256; take it out"


def _is_point_in_time(value: Any) -> bool:
    """Whether a value is a date, or a date and time, of ISO 8601."""
    try:
        return bool(dt.datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _descriptor_faults(new: Package, current: Package) -> Iterator[str]:
    """The keys that a new package has otherwise, and that no update changes."""
    taken = {*TAKEN, *(f"provenance.{key}" for key in TAKEN_OF_PROVENANCE)}
    recorded = {f"resources.{name}.{key}" for name in current.files for key in ("hash", "bytes")}
    for name in _differing(current.descriptor, new.descriptor):
        if name == "provenance.kind":
            yield (
                f"{DESCRIPTOR}, {name}: another kind than '{current.kind}' of the current package "
                f"in {current.folder}; keep each kind as a package of its own"
            )
        elif name not in taken | recorded:
            yield (
                f"{DESCRIPTOR}, {name}: not as in the current package in {current.folder}; keep it "
                "as it is there, or change it there by hand, in a commit of its own"
            )


def _differing(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """The keys that differ, with dots; tables and fields by their names, in any order.

    A new key that is no plain identifier is told by its number, since it may be anything.
    """
    old, new = _by_name(old), _by_name(new)
    if isinstance(old, dict) and isinstance(new, dict):
        added = {key: number for number, key in enumerate(new, 1) if key not in old}
        for key in [*old, *added]:
            is_plain = key in old or _IDENTIFIER.fullmatch(key)
            told = key if is_plain else f"key {added[key]}"
            yield from _differing(old.get(key), new.get(key), f"{place}.{told}" if place else told)
    elif old != new:
        yield place


def _by_name(value: Any) -> Any:
    """A list of things with names as these things by their names; anything else as it is."""
    if isinstance(value, list) and all(isinstance(of, dict) and "name" in of for of in value):
        return {str(of["name"]): of for of in value}
    return value


def _dated_cells(
    path: str, content: bytes, fields: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """The cells of a table in which a calendar date stands; the date itself is not told."""
    numeric = {name for name, of in fields.items() if of["type"] in ("integer", "number")}
    reader = csv.reader(io.StringIO(content.decode(errors="replace"), newline=""))
    header: list[str] = []
    row = 1
    with suppress(csv.Error):  # what is wrong with the form, the rules of the study tell
        for cells in reader:
            header = header or cells
            for number, cell in enumerate(cells):
                column = header[number] if number < len(header) else ""
                is_number = column in numeric and _PLAIN.fullmatch(cell)  # 3.2012 is no month
                if reads_as_date(cell) and not is_number:
                    place = column if column in fields else f"column {number + 1}"
                    yield f"{path} row {row}, {place}: {_NO_DATE}"
            row = reader.line_num + 1
