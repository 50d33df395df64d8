"""A committed project in; the archive of its data and code out, which rebuilds the article."""

from __future__ import annotations

import io
import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from press.errors import Fault, PressError
from press.git import run_git, said_by
from press.marked import as_list
from press.response import LETTER_FILE, REVIEWS_FILE
from press.submit.files import write_zip

TOP = "data-and-code"
README = "ARCHIVE.txt"
PACKAGE = "datapackage.json"
SHIPPED = "data"
CONFIDENTIAL = (LETTER_FILE, REVIEWS_FILE)
"""What reviewers and authors wrote to each other, which is not published with the article."""
_DESCRIBES = (f"{SHIPPED}/{PACKAGE}", f"{SHIPPED}/README.md")
"""Files of a data folder that say what the data are and hold none."""
_SHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".numbers",
           ".sav", ".dta", ".sas7bdat", ".rds", ".rdata", ".parquet", ".feather",
           ".sqlite", ".db", ".accdb", ".mdb")  # fmt: skip
"""Endings of tables that no check here can read, and that may hold dates and names."""
_TEXTS = (".csv", ".tsv", ".tab", ".txt", ".dat")
_OUT = (
    "it would go out in the archive of data and code: keep it in data-observed/, which git "
    "ignores, git rm --cached it here, and take it out of the history before that is shared"
)


def read_package(data: Path) -> dict[str, Any]:
    """The description of a data package; an empty one where there is none."""
    file = data / PACKAGE
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def kind_of(package: dict[str, Any]) -> str:
    """Where data come from: `observed`, `simulated`, or what else their package says."""
    return str(package.get("provenance", {}).get("kind", "not said"))


def write_archive(
    tree: Path, target: Path, *, is_external: bool, data: str | None = None, head: str = ""
) -> list[Fault]:
    """Zip what git tracks at the commit of `tree`; a fault for what it may not track.

    Out stay the tables of observed data, wherever they are tracked, and what reviewers and authors
    wrote to each other.

    `is_external` says that the article is computed from data outside of `data/`, and `data` in
    which folder of the project these are, if in one. `head` is the first line of ARCHIVE.txt.
    """
    kind = kind_of(read_package(tree / SHIPPED))
    files = {name: (content, is_program) for name, content, is_program in _tracked(tree)}
    is_kept = kind == "simulated"
    left_out = [n for n in files if _is_shipped(n) and n not in _DESCRIBES and not is_kept]
    rest = {n: content for n, (content, _) in files.items() if n not in (*left_out, *CONFIDENTIAL)}
    faults = dict(_tables(rest, data))
    entries = [(f"{TOP}/{n}", *files[n]) for n in rest if n not in faults]
    text = _readme(sorted(entry[0] for entry in entries), kind, left_out, is_external=is_external)
    text = f"{head}.\n\n{text}" if head else text
    write_zip(target, [*entries, (f"{TOP}/{README}", text.encode(), False)])
    return list(dict.fromkeys(faults.values()))


def _is_shipped(name: str) -> bool:
    return name.startswith(f"{SHIPPED}/")


def _tables(files: dict[str, bytes], data: str | None) -> Iterator[tuple[str, Fault]]:
    """The tracked files that may hold rows of patients, each with its fault; one for a folder."""
    packages = {
        name.removesuffix(PACKAGE): _read(content)
        for name, content in files.items()
        if name.rpartition("/")[2] == PACKAGE
    }
    packages |= {f"{data}/": packages.get(f"{data}/", {})} if data else {}
    observed = {folder for folder, package in packages.items()
                if kind_of(package) != "simulated" and folder != f"{SHIPPED}/"}  # fmt: skip
    simulated = tuple({*packages} - observed)
    keys = {key.casefold() for package in packages.values() for key in _keys(package)}
    for name, content in files.items():
        folder = next((of for of in sorted(observed) if _is_in(name, of, packages.get(of))), None)
        ending = Path(name).suffix.casefold()
        if folder is not None:
            place = folder or PACKAGE
            yield name, Fault(place, f"git tracks a package of data that are not simulated; {_OUT}")
        elif ending in _SHEETS:
            yield name, Fault(name, f"git tracks a table that nothing here has checked; {_OUT}")
        elif ending in _TEXTS and not name.startswith(simulated) and keys & _header(content):
            column = ", ".join(sorted(keys & _header(content)))
            yield name, Fault(name, f"git tracks a table with the column {column}; {_OUT}")


def _is_in(name: str, folder: str, package: dict[str, Any] | None) -> bool:
    """Whether a file is of a package; beside a project's own files only its tables are."""
    if folder:
        return name.startswith(folder)
    resources = (package or {}).get("resources", [])
    return name in (PACKAGE, *(str(of.get("path")) for of in resources))


def _read(content: bytes) -> dict[str, Any]:
    """A package's description; an empty one, which says no kind, where it cannot be read."""
    try:
        read = json.loads(content.decode("utf-8-sig"))
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _keys(package: dict[str, Any]) -> set[str]:
    """The columns that are in the key of every table of a package, as a patient's id is."""
    schemas = [of.get("schema", {}) for of in package.get("resources", [])]
    keys = [as_list(schema["primaryKey"]) for schema in schemas if schema.get("primaryKey")]
    return set.intersection(*map(set, keys)) if keys else set()


def _header(content: bytes) -> set[str]:
    """The names of the columns of a table of text."""
    first = content.decode("utf-8-sig", errors="replace").partition("\n")[0]
    return {cell.strip().strip("\"'").casefold() for cell in re.split(r"[,;\t|]", first)}


def _tracked(tree: Path) -> list[tuple[str, bytes, bool]]:
    """The files of the commit that is checked out, with their contents and which are programs."""
    done = run_git(tree, "archive", "--format=tar", "HEAD", ".")
    if done.returncode:
        raise PressError(f"git could not list the files of the commit: {said_by(done)}")
    found = []
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for entry in archive:
            content = archive.extractfile(entry) if entry.isfile() else None
            if content:
                found.append((entry.name, content.read(), bool(entry.mode & 0o100)))
    return found


def _readme(names: list[str], kind: str, left_out: list[str], *, is_external: bool) -> str:
    has = {name.removeprefix(f"{TOP}/") for name in names}
    licences = sorted(name for name in has if "/" not in name and name.startswith("LICENSE"))
    locks = sorted(name for name in has if "/" not in name and name.endswith(".lock"))
    lines = ["Data and code of the article", ""]
    if "Makefile" in has:
        lines += [
            "Once the tables of the data are in data/, in this folder,"
            if left_out
            else "In this folder,",
            "",
            "    make",
            "",
            "sets up what is needed from a Python package index, computes every number anew and",
            "writes the article into _manuscript/. Python 3.11 or newer and make are wanted.",
            "",
        ]
    if "README.md" in has:
        lines.append("README.md says what is where and how to change it.")
    if licences:
        lines.append(f"Licences: {', '.join(licences)}; that of the data is in data/{PACKAGE}.")
    if locks:
        lines.append(f"The versions of every library: {', '.join(locks)}.")
    if is_external or left_out:
        lines += [
            "",
            "The data that the article is computed from are not in this archive; its statement on",
            "the availability of data says who may have them.",
        ]
    if is_external:
        lines += [
            f"The tables in data/ are {kind}: with them the article has other numbers. With the",
            "folder of the article's own data, when you have it,",
            "",
            "    STUDY_DATA=FOLDER make",
            "",
            "writes the article itself.",
        ]
    elif not left_out:
        lines += ["", f"The data are {kind}; they are in data/."]
    return "\n".join([*lines, ""])
