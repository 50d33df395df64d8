"""A committed project in; the archive of its data and code out, which rebuilds the article."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

from press.errors import PressError
from press.git import run_git, said_by
from press.response import LETTER_FILE, REVIEWS_FILE
from press.submit.files import write_zip

TOP = "data-and-code"
README = "ARCHIVE.txt"
PACKAGE = "datapackage.json"
SHIPPED = "data"
CONFIDENTIAL = (LETTER_FILE, REVIEWS_FILE)
"""What reviewers and authors wrote to each other, which is not published with the article."""
_DESCRIBES = (".json", ".md", ".txt")
"""Files of a data folder that say what the data are and hold none."""


def read_package(data: Path) -> dict[str, Any]:
    """The description of a data package; an empty one where there is none."""
    file = data / PACKAGE
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def kind_of(package: dict[str, Any]) -> str:
    """Where data come from: `observed`, `simulated`, or what else their package says."""
    return str(package.get("provenance", {}).get("kind", "not said"))


def write_archive(tree: Path, target: Path, *, is_external: bool) -> None:
    """Zip what git tracks at the commit of `tree`.

    Out stay the tables of observed data, and what reviewers and authors wrote to each other.

    `is_external` says that the article is computed from data outside of the repository.
    """
    kind = kind_of(read_package(tree / SHIPPED))
    entries, left_out = [], []
    for name, content, is_program in _tracked(tree):
        is_table = name.startswith(f"{SHIPPED}/") and not name.endswith(_DESCRIBES)
        if is_table and kind != "simulated":
            left_out.append(name)
        elif name not in CONFIDENTIAL:
            entries.append((f"{TOP}/{name}", content, is_program))
    text = _readme(sorted(entry[0] for entry in entries), kind, left_out, is_external=is_external)
    write_zip(target, [*entries, (f"{TOP}/{README}", text.encode(), False)])


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
        lines.append(f"The tables in data/ are {kind}: with them the article has other numbers.")
    elif not left_out:
        lines += ["", f"The data are {kind}; they are in data/."]
    return "\n".join([*lines, ""])
