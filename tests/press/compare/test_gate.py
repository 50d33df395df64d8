"""Expected texts are written out by hand from what ECMA-376 part 1, 17.13.5, says."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from press.compare import gate
from press.compare.package import read_package
from press.compare.tracked import resolve
from press.errors import PressError
from tests.press.compare.conftest import MakeWord

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BY = 'w:id="1" w:author="A"'


def run(text: str, *, deleted: bool = False) -> str:
    """A run of text."""
    return (
        f"<w:r><w:{'delText' if deleted else 't'}>{text}</w:{'delText' if deleted else 't'}></w:r>"
    )


def paragraph(content: str, mark: str = "") -> str:
    """A paragraph with what its mark says."""
    return f"<w:p><w:pPr><w:rPr>{mark}</w:rPr></w:pPr>{content}</w:p>"


def row(mark: str, text: str) -> str:
    """A row of one cell."""
    cell = f"<w:tc>{paragraph(run(text))}</w:tc>"
    return f"<w:tr><w:trPr>{mark}</w:trPr>{cell}</w:tr>"


def inside(name: str, text: str, *, deleted: bool = False) -> str:
    """A run in a tracked change."""
    return f"<w:{name} {BY}>{run(text, deleted=deleted)}</w:{name}>"


CASES = {
    "ins": (paragraph(run("a") + inside("ins", "b")), "ab", "a"),
    "del": (paragraph(run("a") + inside("del", "b", deleted=True)), "a", "ab"),
    "move": (
        paragraph(inside("moveFrom", "a") + run("b") + inside("moveTo", "a")), "ba", "ab",
    ),
    "mark inserted": (
        paragraph(run("a"), f"<w:ins {BY}/>") + paragraph(run("b")), "a|b", "ab",
    ),
    "mark deleted": (paragraph(run("a"), f"<w:del {BY}/>") + paragraph(run("b")), "ab", "a|b"),
    "row inserted": (
        f"<w:tbl>{row('', 'a')}{row(f'<w:ins {BY}/>', 'b')}</w:tbl>" + paragraph(""), "a|b|", "a|",
    ),
    "row deleted": (
        f"<w:tbl>{row('', 'a')}{row(f'<w:del {BY}/>', 'b')}</w:tbl>" + paragraph(""), "a|", "a|b|",
    ),
    "cell inserted": (
        f"<w:tbl><w:tr><w:tc>{paragraph(run('a'))}</w:tc><w:tc><w:tcPr><w:cellIns {BY}/></w:tcPr>"
        f"{paragraph(run('b'))}</w:tc></w:tr></w:tbl>" + paragraph(""), "a|b|", "a|",
    ),
    "whole table deleted": (
        paragraph(run("x")) + f"<w:tbl>{row(f'<w:del {BY}/>', 'a')}</w:tbl>" + paragraph(""),
        "x|", "x|a|",
    ),
}  # fmt: skip


@pytest.fixture
def put(make_word: MakeWord, tmp_path: Path) -> MakeWord:
    """A maker of Word files from a name and the XML of a body."""
    plain = make_word("plain", "Text.")

    def make(name: str, body: str) -> Path:
        path = tmp_path / f"{name}.docx"
        document = f"<w:document {NAMESPACE}><w:body>{body}<w:sectPr/></w:body></w:document>"
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
            for part in source.namelist():
                is_body = part == "word/document.xml"
                target.writestr(part, document if is_body else source.read(part))
        return path

    return make


@pytest.mark.parametrize("name", CASES)
def test_each_change_is_accepted_and_rejected(name: str, put: MakeWord) -> None:
    """Every element of a tracked change gives the text that the standard says."""
    body, accepted, rejected = CASES[name]
    package = read_package(put("tracked", body))
    for accept, text in ((True, accepted), (False, rejected)):
        lines = gate.lines(resolve(package, accept=accept))
        words = [line.text for line in lines if "paragraph" in line.place]
        assert "|".join(words) == text


def test_old_formatting_comes_back(put: MakeWord) -> None:
    """Rejected changes of formatting give that of the run, paragraph and cell before."""
    now = (
        f'<w:p><w:pPr><w:jc w:val="left"/><w:pPrChange {BY}><w:pPr><w:jc w:val="right"/></w:pPr>'
        f"</w:pPrChange></w:pPr><w:r><w:rPr><w:b/><w:rPrChange {BY}><w:rPr><w:i/></w:rPr>"
        "</w:rPrChange></w:rPr><w:t>a</w:t></w:r></w:p>"
    )
    before = (
        '<w:p><w:pPr><w:jc w:val="right"/></w:pPr>'
        "<w:r><w:rPr><w:i/></w:rPr><w:t>a</w:t></w:r></w:p>"
    )
    after = before.replace("right", "left").replace("w:i", "w:b")
    assert gate.judge(put("redline", now), put("old", before), put("new", after)) == ()


@pytest.mark.parametrize("name", ["cellMerge", "numberingChange", "customXmlInsRangeStart"])
def test_an_unknown_change_is_refused_by_name(name: str, put: MakeWord) -> None:
    """A tracked change that the gate does not know is never taken for text that stands."""
    package = read_package(put("tracked", paragraph(f"<w:{name} {BY}/>" + run("a"))))
    with pytest.raises(PressError, match=f"'{name}' is not known to the gate"):
        resolve(package, accept=True)


DIFFERENCES = {
    "a word": ("One two.", "One three.", "paragraph 1: 'One two.' instead of 'One three.'"),
    "formatting": ("One *two*.", "One two.", "paragraph 1: other formatting in 'One two.'"),
    "a cell": (
        "| a |\n|---|\n| 1 |\n\nEnd.",
        "| a |\n|---|\n| 2 |\n\nEnd.",
        "table 1, row 2, cell 1, paragraph 1: '1' instead of '2'",
    ),
    "a paragraph": ("One.", "One.\n\nTwo.", "'Two.' is missing"),
    "one too much": ("One.\n\nTwo.", "One.", "'Two.' is too much"),
    "a picture": ("One ![](red.png)", "One ![](blue.png)", "other formatting in 'One '"),
    "a link": ("[a](http://a.org)", "[a](http://b.org)", "other formatting in 'a'"),
    "a note": ("A[^n].\n\n[^n]: One.", "A[^n].\n\n[^n]: Two.", "other formatting in 'A.'"),
    "a list": ("1. one", "- one", "other formatting in 'one'"),
    "a target": (
        "# A {#a}\n\n# B\n\n[x](#a)",
        "# A\n\n# B {#a}\n\n[x](#a)",
        "links to a: they lead to 'A' instead of 'B'",
    ),
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_difference_is_named_with_its_place(name: str, make_word: MakeWord) -> None:
    """Text, formatting, tables, pictures, links, notes and lists that differ are all seen."""
    found, wanted, sentence = DIFFERENCES[name]
    said = gate.compare(make_word("found", found), make_word("wanted", wanted))
    assert any(sentence in text for text in said), said
    assert gate.compare(make_word("again", wanted), make_word("wanted", wanted)) == []


def test_what_is_no_word_file_is_refused(tmp_path: Path) -> None:
    """A file that is no DOCX is refused by its name."""
    path = tmp_path / "notes.docx"
    path.write_text("words", encoding="utf-8")
    with pytest.raises(PressError, match=r"notes\.docx: not a Word file"):
        read_package(path)
