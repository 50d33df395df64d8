"""A folder in; its manifest, and a zip with the same bytes wherever it is made, out."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from pathlib import Path

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first date that a zip can hold."""
MANIFEST = "MANIFEST.txt"


def files_in(folder: Path) -> list[Path]:
    """Every file of a folder, sorted by its name within."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def manifest(folder: Path) -> str:
    """A line a file: its name, its size in bytes and its SHA-256, apart by tabs."""
    lines = []
    for path in files_in(folder):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        lines.append(f"{path.relative_to(folder).as_posix()}\t{len(content)}\t{digest}\n")
    return "".join(lines)


def write_zip(target: Path, entries: Iterable[tuple[str, bytes, bool]]) -> None:
    """Write named contents, sorted, with one date; the third of each says that it is a program."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content, is_program in sorted(entries):
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.create_system = 3  # Unix, on which the modes are read
            entry.external_attr = (0o100755 if is_program else 0o100644) << 16
            package.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)


def zip_folder(folder: Path, target: Path, top: str) -> None:
    """Write a folder's files under one folder of a zip."""
    write_zip(
        target,
        ((f"{top}/{path.relative_to(folder).as_posix()}", path.read_bytes(), False)
         for path in files_in(folder)),
    )  # fmt: skip
