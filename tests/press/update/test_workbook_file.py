"""Files that are no workbook, made in the test, and what is said of each."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from press.cli import main
from press.errors import PressError
from press.update.sheet import faults_of
from press.update.stage import read_package
from press.update.workbook import read_workbook
from press.update.workbook_file import MOST_BYTES, open_workbook
from tests.press.update.workbooks import make_book, write_package

OPEN_FILES = Path("/proc/self/fd")
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def saved() -> bytes:
    """A workbook that can be read."""
    content = io.BytesIO()
    make_book().save(content)
    return content.getvalue()


def changed(change: Callable[[bytes], bytes], part: str = "xl/worksheets/sheet3.xml") -> bytes:
    """The workbook with one part of it changed, as by a damage."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved())) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return content.getvalue()


def archive(**parts: bytes) -> bytes:
    """A zip archive of parts, whose names have a stroke for two underscores."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for name, text in parts.items():
            new.writestr(name.replace("__", "/").replace("_", "."), text)
    return content.getvalue()


def word() -> bytes:
    """A document of Word."""
    content = io.BytesIO()
    docx.Document().save(content)
    return content.getvalue()


def with_rule_of_2010(kind: bytes) -> bytes:
    """The workbook with a conditional format as Excel 2010 writes those that name other sheets."""
    rule = (
        b'<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" xmlns:x14="http://schemas.'
        b'microsoft.com/office/spreadsheetml/2009/9/main"><x14:conditionalFormattings>'
        b'<x14:conditionalFormatting><x14:cfRule type="' + kind + b'" priority="1" id="{0}"/>'
        b"</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst></worksheet>"
    )
    return changed(lambda xml: xml.replace(b"</worksheet>", rule))


STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
TRANSITIONAL = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
DAMAGED = "the workbook is damaged"
FILES: list[tuple[str, bytes, str]] = [
    ("empty", b"", "the file is empty"),
    ("text", b"person_id,visit_day\nA,38777\n", "text or another file, no workbook"),
    ("old", OLE, "an old workbook (.xls)"),
    ("locked", OLE + "EncryptedPackage".encode("utf-16-le"), "protected with a password; remove"),
    ("word", word(), "a Word document, not a workbook"),
    ("ods", archive(mimetype=ODS, content_xml=b"<a/>"), "a file of LibreOffice or OpenOffice"),
    ("macros", archive(xl__workbook_xml=b"", xl__vbaProject_bin=b""), "one with macros"),
    ("binary", archive(xl__workbook_bin=b""), "a binary workbook"),
    ("zip", archive(notes_txt=b"Rossi"), "an archive without a workbook in it"),
    ("large", archive(xl__workbook_xml=b" " * (MOST_BYTES + 1)), "more than 20 MB when unpacked"),
    (
        "strict",
        changed(lambda xml: xml.replace(TRANSITIONAL, STRICT), "xl/workbook.xml"),
        "a Strict Open XML Spreadsheet; save it anew from the spreadsheet program (Save As, "
        "Excel Workbook, .xlsx), not Strict",
    ),
    ("half", saved()[:2000], DAMAGED),
    ("sheet", changed(lambda xml: xml[: len(xml) // 2]), DAMAGED),
    ("styles", changed(lambda xml: b"Rossi", "xl/styles.xml"), DAMAGED),
    ("book", changed(lambda xml: xml[:200], "xl/workbook.xml"), DAMAGED),
]


@pytest.mark.parametrize(("name", "content", "said"), FILES)
def test_what_is_no_workbook(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    """Each kind is told in one sentence with the file's name, what it is and the remedy."""
    file = tmp_path / f"{name}.xlsx"
    file.write_bytes(content)
    with pytest.raises(PressError) as error:
        open_workbook(file)
    text = str(error.value)
    assert text.startswith(f"{file}: ")
    assert said in text
    assert re.search(r"Save As, Excel Workbook, \.xlsx|save it anew", text)
    assert "\n" not in text
    assert not re.search("Rossi|38777", text)


def test_a_rule_that_the_library_drops(tmp_path: Path) -> None:
    """A conditional format of Excel 2010 that can hide a value is refused; a data bar is not."""
    file = tmp_path / "new.xlsx"
    file.write_bytes(with_rule_of_2010(b"dataBar"))
    assert open_workbook(file).sheetnames == make_book().sheetnames
    file.write_bytes(with_rule_of_2010(b"expression"))
    with pytest.raises(PressError, match="conditional formats of a kind that is not read"):
        open_workbook(file)


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="wants Linux's list of open files")
def test_a_damaged_workbook_is_not_left_open(tmp_path: Path) -> None:
    """While its refusal is still held, a damaged workbook is no open file."""
    file = tmp_path / "half.xlsx"
    file.write_bytes(changed(lambda xml: xml[: len(xml) // 2]))
    with pytest.raises(PressError, match=DAMAGED) as error:
        open_workbook(file)
    assert error.value
    assert file.resolve() not in [link.resolve() for link in OPEN_FILES.iterdir()]


@pytest.mark.parametrize("name", ["old.xls", "macros.xlsm", "table.csv", "sheet.ods"])
def test_another_ending(name: str, tmp_path: Path) -> None:
    """A file without the ending of a workbook is refused by it."""
    (tmp_path / name).write_bytes(saved())
    with pytest.raises(PressError, match=r"this is no \.xlsx file; .*Save As, Excel Workbook"):
        open_workbook(tmp_path / name)


def test_the_command_refuses_a_damaged_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ends with status 2 and one line, and leaves every file as it was."""
    package = write_package(tmp_path / "data")
    (tmp_path / "_quarto.yml").write_text(
        "project:\n  render: [a.qmd]\ndata-record: r.py\n", encoding="utf-8"
    )
    (tmp_path / "new.xlsx").write_bytes(changed(lambda xml: xml[: len(xml) // 2]))
    before = {path: path.read_bytes() for path in package.iterdir()}
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STUDY_DATA", raising=False)
    assert main(["update", "new.xlsx", "--accept"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert {path: path.read_bytes() for path in package.iterdir()} == before


def test_formatting_far_below_costs_nothing(tmp_path: Path) -> None:
    """A sheet that says it has Excel's most rows and columns is read as fast as its cells."""
    last = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    size = b'<dimension ref="A1:XFD1048576"'
    content = changed(
        lambda xml: re.sub(rb'<dimension ref="[^"]*"', size, xml).replace(b"</sheetData>", last)
    )
    (tmp_path / "far.xlsx").write_bytes(content)
    package = read_package(write_package(tmp_path / "data"))
    start = time.perf_counter()
    assert faults_of(read_workbook(tmp_path / "far.xlsx", package.fields, None)) == []
    assert time.perf_counter() - start < 5
