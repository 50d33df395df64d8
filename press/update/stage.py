"""A data package and new data for it in; the new package, in a folder of its own, out."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from press.errors import PressError
from press.update.dates import reads_as_date
from press.update.provenance import TAKEN_OF_PROVENANCE, WORKBOOK, of_arrived, of_folder

DESCRIPTOR = "datapackage.json"
BESIDE = {DESCRIPTOR, "README.md"}
"""What may lie in a package's folder besides its tables."""
TAKEN = ("version", "title", "created")
"""The keys of a descriptor that a new package sets; its checksums are recorded anew."""
_NO_DATE = "a calendar date, which identifies people; write whole days instead, or take it out"
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_LAST_OF_VERSION = 999
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Package:
    """A data package's folder, its descriptor, and the file and fields of each table."""

    folder: Path
    descriptor: dict[str, Any]
    files: dict[str, str]
    fields: dict[str, dict[str, dict[str, Any]]]

    @property
    def version(self) -> str:
        """The version of the data."""
        return str(self.descriptor.get("version", ""))

    @property
    def kind(self) -> str:
        """Where its rows come from, in one word: `provenance.kind`."""
        return str(self.provenance.get("kind", ""))

    @property
    def provenance(self) -> dict[str, Any]:
        """What the package says of where its rows come from; nothing where it says nothing."""
        found = self.descriptor.get("provenance")
        return found if isinstance(found, dict) else {}

    @property
    def paths(self) -> list[str]:
        """The files that an update may write, the descriptor last."""
        return [*self.files.values(), "README.md", DESCRIPTOR]


def read_package(folder: Path) -> Package:
    """The package in a folder, its tables unread; raises PressError without a usable descriptor."""
    file = folder / DESCRIPTOR
    try:
        descriptor = json.loads(file.read_text(encoding="utf-8-sig"))
        resources = {str(item["name"]): item for item in descriptor["resources"]}
        files = {name: str(item["path"]) for name, item in resources.items()}
        fields = {
            name: {str(of["name"]): _field(of, item["schema"]) for of in item["schema"]["fields"]}
            for name, item in resources.items()
        }
    except OSError as error:
        text = f"{file}: {error.strerror}; a data package's folder has a {DESCRIPTOR}"
        raise PressError(text) from None
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        text = f"{file}: not the descriptor of a data package ({type(error).__name__}: {error})"
        raise PressError(text) from None
    for path in files.values():
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or "\\" in path:
            raise PressError(f"{file}: {path} is no file inside the package's folder")
    return Package(folder, descriptor, files, fields)


def _field(field: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """A field with what its cells may hold besides its values."""
    return {"type": "string", "missing": schema.get("missingValues", [""]), **field}


def copy_folder(new: Package, current: Package, target: Path) -> tuple[dict[str, Any], list[str]]:
    """Copy a package's tables into `target`; the descriptor for them, and what is a fault.

    Line ends become those of every table here, so that version control keeps the checksums true.
    A README is neither read nor copied: the package's is written anew from its descriptor.
    """
    allowed = BESIDE | set(new.files.values())
    found = {path.relative_to(new.folder).as_posix() for path in new.folder.rglob("*")}
    inside = {name for name in found if (new.folder / name).is_file()}
    remedy = "take the file out, or define it"
    faults = [
        f"{_undated(name, 'a file with a date in its name')}: no table of this package; {remedy}"
        for name in sorted(inside - allowed)
    ]
    faults += [*_version_faults(new, current), *_descriptor_faults(new, current)]
    faults += _taken_faults(new, current)
    for name, path in new.files.items():
        if (new.folder / path).is_file():
            content = (new.folder / path).read_bytes().removeprefix(_BOM).replace(b"\r\n", b"\n")
            copy = target / current.files.get(name, path)  # where the descriptor written has it
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(content)
            faults += _dated_cells(path, content, new.fields[name])
    return _with_taken(new, current), faults


def _with_taken(new: Package, current: Package) -> dict[str, Any]:
    """The current descriptor with what a new package may say of itself."""
    taken = {key: new.descriptor[key] for key in TAKEN if key in new.descriptor}
    told = {key: new.provenance[key] for key in TAKEN_OF_PROVENANCE if key in new.provenance}
    if told:
        taken["provenance"] = {**current.provenance, **told}
    return {**current.descriptor, **taken}


def renewed(package: Package, current: Package, given: Package | None) -> dict[str, Any]:
    """The descriptor of a package whose tables are others than the current ones.

    `given` is the folder they came in, None for a workbook. Its version is raised where it has none
    of its own; `created` of the current package is true of the current tables only.
    """
    descriptor = dict(package.descriptor)
    if given is None:
        provenance = of_arrived(current.provenance, WORKBOOK)
    else:
        found = contents(package)
        tables = [found[path] or b"" for path in package.files.values()]
        provenance = of_folder(given.provenance, current.provenance, tables)
    if descriptor.get("created") == current.descriptor.get("created"):
        descriptor.pop("created", None)
    if package.version == current.version:
        descriptor["version"] = raised(current.version)
    return {**descriptor, "provenance": provenance}


def _version_faults(new: Package, current: Package) -> Iterator[str]:
    """What is wrong with a new package's version; one that is equal is raised later."""
    if not (numbers := _numbers(new.version)):
        yield f"{DESCRIPTOR}, version: not of the form 1.0.0; correct it"
    elif new.version != current.version and _is_dated(new.version, numbers):
        yield f"{DESCRIPTOR}, version: a calendar date; count on from {current.version} instead"
    elif numbers < (_numbers(current.version) or ()):
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


def _undated(text: str, instead: str) -> str:
    """A text of somebody's package as a report may show it."""
    return instead if reads_as_date(text) else text


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
            key = _undated(name, "a key with a date in it")
            yield (
                f"{DESCRIPTOR}, {key}: not as in the current package in {current.folder}; keep it "
                "as it is there, or change it there by hand, in a commit of its own"
            )


def _differing(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """The keys that differ, with dots; tables and fields by their names, in any order."""
    old, new = _by_name(old), _by_name(new)
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _differing(old.get(key), new.get(key), f"{place}.{key}" if place else key)
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


def write_table(path: Path, rows: list[list[str]]) -> None:
    """Write a table as UTF-8 CSV, header first, missing values empty."""
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lines.getvalue().encode())


def write_descriptor(folder: Path, descriptor: Mapping[str, Any]) -> None:
    """Write `descriptor` as the folder's datapackage.json."""
    text = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    (folder / DESCRIPTOR).write_bytes(text.encode())


def has_other_tables(one: Package, other: Package) -> bool:
    """Whether the tables of two packages differ in their bytes."""
    ones, others = contents(one), contents(other)
    return any(ones[path] != others.get(path) for path in one.files.values())


def contents(package: Package) -> dict[str, bytes | None]:
    """What each file of a package holds; None where there is no file."""
    files = {path: package.folder / path for path in package.paths}
    return {path: file.read_bytes() if file.is_file() else None for path, file in files.items()}


def raised(version: str) -> str:
    """The version with its middle number one higher: 1.4.2 gives 1.5.0."""
    numbers = _numbers(version)
    if not numbers:
        raise PressError(
            f"{DESCRIPTOR}: version '{version}' is not of the form 1.0.0 and cannot be raised; "
            "correct it"
        )
    return f"{numbers[0]}.{numbers[1] + 1}.0"


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version of the form 1.0.0; none where it has another form."""
    found = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", version)
    return tuple(map(int, found.groups())) if found else ()
