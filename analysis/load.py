"""A folder with a data package in, its descriptor and raw text tables out; nothing is interpreted.

This is the only place that reads the study's files. A table that cannot be read is absent from
`RawPackage.tables`, with the reason in `RawPackage.faults`.
"""

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from analysis.errors import DataError, Fault
from analysis.study import TABLES

DESCRIPTOR = "datapackage.json"
SHIPPED_DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True)
class RawTable:
    """The text of one table: rows as wide as the header, with their line numbers in the file."""

    file: str
    header: list[str]
    rows: list[list[str]]
    line_numbers: list[int]


@dataclass(frozen=True)
class RawPackage:
    """A data package as it lies in its folder, with what could not be read in `faults`."""

    folder: Path
    descriptor: dict[str, Any]
    tables: dict[str, RawTable]
    checksums: dict[str, tuple[str, int]]
    faults: tuple[Fault, ...]

    @property
    def data_hash(self) -> str:
        """SHA-256 of the tables' SHA-256, in the order of `TABLES`."""
        return _joint_hash([self.checksums[name][0] for name in TABLES])

    @property
    def is_recorded(self) -> bool:
        """Whether every table has the checksum and size that the descriptor records."""
        return all(
            (resource.get("hash"), resource.get("bytes"))
            == ("sha256:" + self.checksums[name][0], self.checksums[name][1])
            for name, resource in resources_by_name(self.descriptor).items()
            if name in TABLES
        )


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The data package to use: the folder named by STUDY_DATA, else the one shipped in data/."""
    named = environment.get("STUDY_DATA")
    return Path(named) if named else SHIPPED_DATA


def resources_by_name(descriptor: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The resources of a descriptor by name; entries that are not resources are left out."""
    resources = descriptor.get("resources")
    listed = resources if isinstance(resources, list) else []
    return {str(r["name"]): r for r in listed if isinstance(r, dict) and "name" in r}


def recorded_hash(descriptor: Mapping[str, Any]) -> str:
    """The data hash (see `RawPackage.data_hash`) by the checksums that a descriptor records."""
    resources = resources_by_name(descriptor)
    hashes = [str(resources.get(name, {}).get("hash")) for name in TABLES]
    return _joint_hash([recorded.removeprefix("sha256:") for recorded in hashes])


def _joint_hash(digests: list[str]) -> str:
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def load_package(folder: Path) -> RawPackage:
    """The data package in `folder`; raises DataError when its descriptor cannot be read."""
    descriptor = read_descriptor(folder)
    tables: dict[str, RawTable] = {}
    checksums: dict[str, tuple[str, int]] = {}
    faults: list[Fault] = []
    for name, resource in resources_by_name(descriptor).items():
        if name not in TABLES or not is_inside(resource.get("path")):
            continue
        file: str = resource["path"]
        try:
            content = (folder / file).read_bytes()
        except OSError as error:
            faults.append(_unreadable(file, error, "the table"))
            continue
        checksums[name] = (hashlib.sha256(content).hexdigest(), len(content))
        table, found = read_table(file, content)
        faults += found
        if table is not None:
            tables[name] = table
    return RawPackage(folder, descriptor, tables, checksums, tuple(faults))


def read_descriptor(folder: Path) -> dict[str, Any]:
    """The content of the folder's datapackage.json; raises DataError when there is none."""
    try:
        content = (folder / DESCRIPTOR).read_bytes()
    except OSError as error:
        raise DataError(str(folder), [_unreadable(DESCRIPTOR, error, "the descriptor")]) from error
    try:
        descriptor = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        problem = str(error)
    else:
        if isinstance(descriptor, dict):
            return descriptor
        problem = type(descriptor).__name__
    remedy = "correct the file, or take it from version control"
    fault = Fault(DESCRIPTOR, None, None, problem, "a JSON object in UTF-8", remedy)
    raise DataError(str(folder), [fault])


def read_table(file: str, content: bytes) -> tuple[RawTable | None, list[Fault]]:
    """The comma-separated UTF-8 table in `content` with its faults of form; None if unreadable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found = content[error.start : error.end].hex(" ")
        remedy = "save the file as CSV in UTF-8"
        return None, [Fault(file, line, None, f"byte {found}", "text in UTF-8", remedy)]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        remedy = "close the quotation mark, and double those inside a cell"
        return None, [Fault(file, line, None, str(error), "comma-separated cells", remedy)]
    if not records or not any(records[0][1]):
        remedy = "put the line with the column names first"
        return None, [Fault(file, 1, None, "", "a header line", remedy)]
    return _rectangular(file, records[0][1], records[1:])


def _rectangular(
    file: str, header: list[str], records: list[tuple[int, list[str]]]
) -> tuple[RawTable, list[Fault]]:
    """The records cut or filled to the header's width; each that needed it is a fault."""
    width = len(header)
    rows, lines, faults = [], [], []
    empty: list[int] = []
    for line, cells in records:
        if not any(cells):
            empty.append(line)
            continue
        if len(cells) != width:
            remedy = "remove or add a comma, or put a cell that holds a comma in quotation marks"
            found = f"{len(cells)} cells"
            faults.append(Fault(file, line, None, found, f"{width} cells as in the header", remedy))
        rows.append((cells + [""] * width)[:width])
        lines.append(line)
    return RawTable(file, header, rows, lines), [*faults, *_empty_lines(file, empty)]


def _empty_lines(file: str, lines: list[int]) -> Iterator[Fault]:
    """A fault for each run of lines without a value."""
    for first in (line for line in lines if line - 1 not in lines):
        last = next(line for line in lines if line >= first and line + 1 not in lines)
        what = "empty line" if last == first else f"empty lines {first} to {last}"
        yield Fault(file, first, None, "", "a row with values", f"delete the {what}")


def is_inside(path: object) -> bool:
    """Whether `path` names a file of the data folder or of a folder in it."""
    if not isinstance(path, str) or not path or "\\" in path or "\0" in path:
        return False
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts


def _unreadable(file: str, error: OSError, what: str) -> Fault:
    remedy = f"put {file} into the folder, or name another folder with STUDY_DATA"
    return Fault(file, None, None, error.strerror or str(error), f"{what} {file}", remedy)
