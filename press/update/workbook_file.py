"""A path in, the open Excel workbook out, or in one sentence what the file is instead."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from press.errors import PressError

MOST_BYTES = 20_000_000
"""Of the XML in a workbook: some six seconds' reading. A study's tables have thousands."""

_STRICT = b"http://purl.oclc.org/ooxml/"
_LATER_RULES = re.compile(
    rb'conditionalFormattings\b.*?<(?:\w+:)?cfRule\b[^>]*?\btype="(?!dataBar)', re.DOTALL
)
"""Of Excel 2010 and later, which the library drops; each data bar has one beside its own."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REMEDY = "save it anew from the spreadsheet program (Save As, Excel Workbook, .xlsx)"
_ANY = f"give a data package's folder or an Excel workbook; {_REMEDY}"


def open_workbook(path: Path) -> Any:
    """The workbook in `path`; raises PressError, with the remedy, when it is none."""
    if path.suffix.lower() != ".xlsx":
        raise PressError(f"{path}: this is no .xlsx file; {_ANY}")
    content = _content(path)
    if fault := _other_kind(content):
        raise PressError(f"{path}: {fault}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Of the bytes: given a path, the library leaves the file open when it fails.
            return load_workbook(io.BytesIO(content), data_only=False, rich_text=True)
    except Exception as error:  # a damaged part makes the library raise what it happens to meet
        why = type(error).__name__  # its text may quote a date
        raise PressError(f"{path}: the workbook is damaged ({why}); {_REMEDY}") from None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        remedy = "correct its name or permissions"
        raise PressError(f"{path}: the file cannot be read ({error.strerror}); {remedy}") from None


def _other_kind(content: bytes) -> str:
    """What a file of this content is, with the remedy, when it is no workbook; else nothing."""
    if not content:
        return f"the file is empty; {_REMEDY}"
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return f"the workbook is protected with a password; remove it, then {_REMEDY}"
        return f"an old workbook (.xls) or another file of Office 97; {_REMEDY}"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _other_archive(archive)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError):
        is_archive = content.startswith(b"PK")
        kind = "the workbook is damaged" if is_archive else "text or another file, no workbook"
        return f"{kind}; {_REMEDY}"


def _other_archive(archive: zipfile.ZipFile) -> str:
    """What a zip archive is when it is no workbook without macros, of a size to be read."""
    sizes = {item.filename: item.file_size for item in archive.infolist()}
    if "word/document.xml" in sizes:
        return f"a Word document, not a workbook; {_ANY}"
    if "mimetype" in sizes and b"opendocument" in archive.read("mimetype")[:200]:
        return f"a file of LibreOffice or OpenOffice, not an Excel workbook; {_REMEDY}"
    if "xl/workbook.bin" in sizes or "xl/vbaProject.bin" in sizes:
        return f"a binary workbook or one with macros (.xlsb, .xlsm); {_REMEDY}"
    if "xl/workbook.xml" not in sizes:
        return f"an archive without a workbook in it; {_ANY}"
    if _STRICT in archive.read("xl/workbook.xml"):
        return f"a Strict Open XML Spreadsheet; {_REMEDY}, not Strict"
    sheets = [name for name in sizes if name.startswith("xl/worksheets/")]
    if sum(size for name, size in sizes.items() if name.endswith(".xml")) > MOST_BYTES:
        most = f"more than {MOST_BYTES // 1_000_000} MB when unpacked"
        remedy = "delete the rows and columns around the tables, then save it anew"
        return f"{most}, as with formatted rows far below a table; {remedy}"
    if any(_LATER_RULES.search(archive.read(name)) for name in sheets):
        remedy = "delete them (Home, Conditional Formatting, Clear Rules), and look"
        return f"conditional formats of a kind that is not read and can hide values; {remedy}"
    return ""
