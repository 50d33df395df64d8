"""A data package read from its folder or written to one, and its descriptor for other tables."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from press.errors import PressError
from press.update.provenance import WORKBOOK, of_arrived, of_folder

DESCRIPTOR = "datapackage.json"


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
    for number, path in enumerate(files.values(), 1):
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or "\\" in path:
            text = f"{file}: the path of resource {number} is no file inside the package's folder"
            raise PressError(f"{text}; correct it")
    return Package(folder, descriptor, files, fields)


def _field(field: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """A field with what its cells may hold besides its values."""
    return {"type": "string", "missing": schema.get("missingValues", [""]), **field}


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


def keep(package: Package, files: Mapping[str, bytes | None]) -> Path:
    """Write what a package holds into a folder beside it that is named by its version.

    Raises PressError where that cannot be done, or another package lies there.
    """
    folder = package.folder.resolve()
    target = folder.with_name(f"{folder.name}-{package.version}")
    staging = target.with_name(f".{target.name}.new")
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        for path, content in files.items():
            if content is not None:
                (staging / path).parent.mkdir(parents=True, exist_ok=True)
                (staging / path).write_bytes(content)
        if not target.exists():
            staging.rename(target)
        elif contents(replace(package, folder=target)) != files:
            said = f"another package lies where version {package.version} is to be kept"
            raise PressError(f"{target}: {said}, and nothing is changed; move it away")
    except OSError as error:
        said = f"version {package.version} could not be kept there ({error.strerror})"
        raise PressError(f"{target}: {said}, and nothing is changed; put that right") from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return target


def raised(version: str) -> str:
    """The version with its middle number one higher: 1.4.2 gives 1.5.0."""
    numbers = version_numbers(version)
    if not numbers:
        raise PressError(
            f"{DESCRIPTOR}: version '{version}' is not of the form 1.0.0 and cannot be raised; "
            "correct it"
        )
    return f"{numbers[0]}.{numbers[1] + 1}.0"


def version_numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version of the form 1.0.0; none where it has another form."""
    found = re.fullmatch(r"([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})", version)
    return tuple(map(int, found.groups())) if found else ()
