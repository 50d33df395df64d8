"""A data package and new data for it in; the new package, in a folder of its own, out."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from press.errors import PressError

DESCRIPTOR = "datapackage.json"
BESIDE = {DESCRIPTOR, "README.md"}
"""What may lie in a package's folder besides its tables."""
SIMULATED = "simulated"
"""The kind of a package whose rows are of nobody."""
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
        found = self.descriptor.get("provenance")
        return str(found.get("kind", "")) if isinstance(found, dict) else ""

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


def copy_folder(new: Package, current: Package, target: Path) -> list[str]:
    """Copy a package's descriptor and tables into `target`; what in its folder is a fault.

    Line ends become those of every table here, so that version control keeps the checksums true.
    """
    allowed = BESIDE | set(new.files.values())
    found = {path.relative_to(new.folder).as_posix() for path in new.folder.rglob("*")}
    inside = {name for name in found if (new.folder / name).is_file()}
    remedy = "take the file out, or define it"
    faults = [f"{name}: no table of this package; {remedy}" for name in sorted(inside - allowed)]
    for name, path in new.files.items():
        if current.files.get(name, path) != path:
            was = current.files[name]
            faults.append(f"{DESCRIPTOR}, {name}.path: {path}, where the current package has {was}")
    if new.kind != current.kind:
        faults.append(
            f"{DESCRIPTOR}, provenance.kind: '{new.kind}', where the current package in "
            f"{current.folder} is '{current.kind}'; keep each kind as a package of its own"
        )
    write_descriptor(target, new.descriptor)
    for path in new.files.values():
        if (new.folder / path).is_file():
            content = (new.folder / path).read_bytes().removeprefix(_BOM)
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(content.replace(b"\r\n", b"\n"))
    return faults


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
    """Whether the tables of two packages differ in their names or bytes."""
    return one.files != other.files or any(
        _content(one.folder / path) != _content(other.folder / path) for path in one.files.values()
    )


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def raised(version: str) -> str:
    """The version with its middle number one higher: 1.4.2 gives 1.5.0."""
    found = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", version)
    if not found:
        raise PressError(
            f"{DESCRIPTOR}: version '{version}' is not of the form 1.0.0 and cannot be raised; "
            "correct it"
        )
    return f"{found[1]}.{int(found[2]) + 1}.0"
