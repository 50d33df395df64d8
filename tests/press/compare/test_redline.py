"""The oracle reads a redline as a stream of letters, paragraph ends and rows, by ECMA-376 17.13.5:
what is deleted is not there when all is accepted, what is inserted not when all is rejected. It
shares nothing with the gate, which works on trees.
"""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pypandoc
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from lxml import etree

from press.compare import inline, redline
from press.compare.gate import compare
from press.compare.words import compare_words
from tests.press.compare.conftest import MakeWord

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TABLE = "| a | b |\n|:--|--:|\n| one | +8.0 (+4.6 to +11.4) |\n| two | 3 |\n\n: A caption\n"
LAST = "\n\nThe last paragraph."
PAIRS = {
    "a number": ("The change was +8.0 points.", "The change was +7.4 points."),
    "words": ("Some patients fail to respond.", "Many patients do not respond at all."),
    "a paragraph inserted": (f"One.{LAST}", f"One.\n\nTwo stands here.{LAST}"),
    "a paragraph deleted": (f"One.\n\nTwo stands here.{LAST}", f"One.{LAST}"),
    "the last one inserted": ("One.", "One.\n\nTwo.\n\n> Three."),
    "the last one deleted": ("One.\n\nTwo.\n\n> Three.", "One."),
    "a paragraph moved": (f"First here.\n\nThen that.{LAST}", f"Then that.\n\nFirst here.{LAST}"),
    "nothing alike": ("Alpha beta gamma.", "# Quite other\n\nWords here.\n\n- an item"),
    "a cell": (TABLE + LAST, TABLE.replace("+4.6", "+3.9") + LAST),
    "a row inserted": (TABLE + LAST, TABLE.replace("| two", "| new | 5 |\n| two") + LAST),
    "a row deleted": (TABLE + LAST, TABLE.replace("| two | 3 |\n", "") + LAST),
    "a column": (TABLE + LAST, "| a | b | c |\n|--|--|--|\n| one | 2 | 3 |\n\n: A caption" + LAST),
    "alignment": (TABLE + LAST, TABLE.replace("--:", ":--") + LAST),
    "a table inserted": ("One." + LAST, "One.\n\n" + TABLE + LAST),
    "a table deleted": ("One.\n\n" + TABLE + LAST, "One." + LAST),
    "formatting": ("One *two* three.", "One **two** *three*."),
    "a link": ("See [here](http://a.org).", "See [here](http://b.org), [too](http://a.org)."),
    "an anchor": ("# One {#a}\n\n# Two {#b}\n\n[x](#a)", "# One {#a}\n\n# Two {#b}\n\n[x](#b)"),
    "a target moved": ("# A {#a}\n\nX.\n\n[x](#a)", "X.\n\n# B\n\n# A {#a}\n\nY.\n\n[x](#a)"),
    "a note": ("One[^a].\n\n[^a]: The old words.", "One[^a].\n\n[^a]: The new words."),
    "a note inserted": ("One.", "One[^a].\n\n[^a]: New words."),
    "a note deleted": ("One[^a], two[^b].\n\n[^a]: A.\n\n[^b]: B.", "One, two[^b].\n\n[^b]: B."),
    "a list": ("1. one\n2. two\n\n- x\n- y", "1. one\n2. three\n3. two\n\nThen.\n\n- x"),
    "lists of other kinds": ("1. one\n2. two" + LAST, "- one\n- two" + LAST),
    "a picture": ("![Same](red.png)" + LAST, "![Same](blue.png)" + LAST),
    "a picture deleted": ("![Gone](red.png)" + LAST, "One." + LAST),
    "a formula": ("Of $x^2$ much.", "Of $x^3$ much."),
    "a term": ("term alpha\n:   defined beta", "term gamma\n:   defined delta"),
    "a term alone": ("term alpha\n:   defined", "term gamma\n:   defined"),
    "a definition": ("term\n:   One.\n\n    Alpha.\n", "term\n:   One.\n\n    Beta.\n"),
    "a line of a block": ("| line alpha\n| line two", "| line gamma\n| line two"),
    "a quotation": ("> Quoted alpha.", "> Quoted gamma."),
    "code": ("    one alpha", "    one gamma"),
    "marked code": ("``` python\nx = 1\n```", "``` python\nx = 2\n```"),
    "an item of an item": ("- one\n    - alpha\n", "- one\n    - gamma\n"),
    "an item of two": ("- one\n\n      alpha\n", "- one\n\n      gamma\n"),
    "a caption": (TABLE + LAST, TABLE.replace("A cap", "Another cap") + LAST),
    "a raised digit": ("Of 10^9^/L.", "Of 109/L."),
    "a lowered letter": ("The d~z~ here.", "The dz here."),
    "a digit of a formula": ("Of $10^{9}$ much.", "Of $10_{9}$ much."),
    "a fraction": (r"Of $\frac{1}{2}$ much.", r"Of $\frac{1}{3}$ much."),
    "a title": ("---\ntitle: One\n---\n\nText.", "---\ntitle: Two\n---\n\nText."),
    "a heading": ("# One\n\nText.", "## One\n\nText."),
    "text of a frame": ("::: a\nOne.\n:::", "::: a\nTwo.\n:::"),
    "blanks": ("One two\u00a0three.", "One\u00a0two three."),
}  # fmt: skip


def stream(path: Path, part: str = "document", *, accepted: bool = True) -> str:
    """The text of a version: letters, `¶` where a paragraph ends, `§` where a cell begins.

    A field is its instruction in brackets and what it shows.
    """
    with zipfile.ZipFile(path) as package:
        body = etree.fromstring(package.read(f"word/{part}.xml"))
    return "".join(_stream(body, f"{W}del" if accepted else f"{W}ins"))


def _stream(element: Any, gone: str) -> Iterator[str]:
    if element.tag == gone or element.find(f"{W}trPr/{gone}") is not None:
        return
    if element.tag in (f"{W}t", f"{W}delText"):
        yield element.text or ""
    code = element.get(f"{W}instr") or ""
    if element.tag in (f"{W}instrText", f"{W}delInstrText"):
        code = element.text or ""
    yield f"[{code.strip()}]" if code else ""
    yield {f"{W}tc": "§", f"{W}drawing": "□"}.get(element.tag, "")
    for child in element:
        yield from _stream(child, gone)
    if element.tag == f"{W}p" and element.find(f"{W}pPr/{W}rPr/{gone}") is None:
        yield "¶"


@pytest.mark.parametrize("pair", PAIRS)
def test_a_redline_holds_both_versions(pair: str, make_word: MakeWord, tmp_path: Path) -> None:
    """All accepted reads as the new version, all rejected as the old one, by an oracle."""
    old, new = make_word("old", PAIRS[pair][0]), make_word("new", PAIRS[pair][1])
    target = tmp_path / "redline.docx"
    result = redline.redline(old, new, target, author="Press")
    assert (result.passed, result.engine, result.differences) == (True, "word by word", ())
    assert stream(target) == stream(new)
    assert stream(target, accepted=False) == stream(old)
    docx.Document(str(target))


@pytest.mark.parametrize(("link", "kept"), [("[there](#gone)", ["gone"]), ("there", [])])
def test_only_a_bookmark_that_a_link_needs_is_kept(
    make_word: MakeWord, tmp_path: Path, link: str, kept: list[str]
) -> None:
    """Inside the deleted heading, since LibreOffice 7.4 ends where it stands before that."""
    old = make_word("old", f"{TABLE}\n# Quite gone {{#gone}}\n\nSee {link}.{LAST}")
    new = make_word("new", f"{TABLE}\nSee there.{LAST}")
    target = tmp_path / "redline.docx"
    assert redline.redline(old, new, target, author="Press").differences == ()
    with zipfile.ZipFile(target) as package:
        marks = list(etree.fromstring(package.read("word/document.xml")).iter(f"{W}bookmarkStart"))
    assert [mark.get(f"{W}name") for mark in marks] == kept
    for mark in marks:
        assert "".join(mark.getparent().itertext()) == "Quite gone"


@pytest.mark.parametrize("pair", PAIRS)
def test_a_tracked_word_is_a_change_of_the_page(
    pair: str, make_word: MakeWord, make_page: MakeWord, tmp_path: Path
) -> None:
    """Where the redline inserts or deletes text, the comparison of the pages has a block for it."""
    target = tmp_path / "redline.docx"
    files = [make_word(name, text) for name, text in zip("ab", PAIRS[pair], strict=True)]
    redline.redline(files[0], files[1], target, author="Press")
    pages = [make_page(name, text) for name, text in zip("ab", PAIRS[pair], strict=True)]
    states = {block.state for block in compare_words(*pages).blocks}
    assert states - {"unchanged"} or not tracked_text(target)


def tracked_text(path: Path) -> str:
    """All text in insertions and deletions, whatever the part."""
    with zipfile.ZipFile(path) as package:
        names = [name for name in package.namelist() if name.startswith("word/") and ".xml" in name]
        trees = [etree.fromstring(package.read(name)) for name in names]
    changes = [change for tree in trees for change in tree.iter(f"{W}ins", f"{W}del")]
    return "".join(
        text.text or "" for change in changes for text in change.iter(f"{W}t", f"{W}delText")
    )


def test_one_number_is_one_replacement(make_word: MakeWord, tmp_path: Path) -> None:
    """A sign and its decimals are replaced with their number; nothing else is touched."""
    old, new = make_word("old", PAIRS["a number"][0]), make_word("new", PAIRS["a number"][1])
    target = tmp_path / "redline.docx"
    result = redline.redline(old, new, target, author="A reviewer")
    with zipfile.ZipFile(target) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    deleted = ["".join(change.itertext()) for change in body.iter(f"{W}del")]
    inserted = ["".join(change.itertext()) for change in body.iter(f"{W}ins")]
    assert (deleted, inserted) == (["+8.0"], ["+7.4"])
    assert (result.insertions, result.deletions) == (1, 1)
    assert {change.get(f"{W}author") for change in body.iter(f"{W}ins")} == {"A reviewer"}


def run(text: str, code: str = "") -> str:
    """A run, in a simple field where there is a code for it."""
    plain = f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"
    return f"<w:fldSimple w:instr='{code}'>{plain}</w:fldSimple>" if code else plain


def with_heads(path: Path, header: str, footer: str, *, subject: str = "") -> Path:
    """The file with a header and a footer, each of one paragraph."""
    document = docx.Document(str(path))
    document.core_properties.subject = subject
    section = document.sections[0]
    for content, story in ((header, section.header), (footer, section.footer)):
        filled = parse_xml(f"<w:p {nsdecls('w')}>{content}</w:p>")
        story.paragraphs[0]._p.extend(list(filled))
    document.save(str(path))
    return path


PAGE = run("Page ") + run("1", "PAGE")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ((run("Simulated data", "SUBJECT"), PAGE), (run("", "SUBJECT"), PAGE)),
        (
            (run("", "SUBJECT"), PAGE),
            (run("A", "SUBJECT"), PAGE + run("of") + run("9", "NUMPAGES")),
        ),
        (
            (run("A head"), run("1", "PAGE")),
            (run("Another head"), run("1", "PAGE") + run(" there")),
        ),
    ],
)
@pytest.mark.parametrize("words", ["The change was +7.4 points.", "The change was +8.0 points."])
def test_running_heads_are_tracked_with_their_fields(
    make_word: MakeWord, tmp_path: Path, old: tuple[str, str], new: tuple[str, str], words: str
) -> None:
    """A field is inserted or deleted as runs, which alone CT_RunTrackChange lets stand there."""
    ours = with_heads(make_word("old", PAIRS["a number"][0]), *old)
    theirs = with_heads(make_word("new", words), *new)
    target = tmp_path / "redline.docx"
    result = redline.redline(ours, theirs, target, author="Press")
    assert (result.passed, result.engine, result.differences) == (True, "word by word", ())
    for part in ("document", "header1", "footer1"):
        assert stream(target, part) == stream(theirs, part)
        assert stream(target, part, accepted=False) == stream(ours, part)
        with zipfile.ZipFile(target) as package:
            tree = etree.fromstring(package.read(f"word/{part}.xml"))
        changes = list(tree.iter(f"{W}ins", f"{W}del"))
        assert {child.tag for change in changes for child in change} <= {f"{W}r"}


def test_the_subject_that_a_head_shows_is_not_tracked(make_word: MakeWord, tmp_path: Path) -> None:
    """Word computes the field from the file's properties, which no tracked change can hold."""
    text = PAIRS["a number"][0]
    ours = with_heads(make_word("old", text), run("Old", "SUBJECT"), PAGE, subject="Old")
    theirs = with_heads(make_word("new", text), run("New", "SUBJECT"), PAGE, subject="New")
    result = redline.redline(ours, theirs, tmp_path / "redline.docx", author="Press")
    (said,) = result.untracked
    assert "subject, which a running head may show, was 'Old' and is 'New'" in said


def test_a_list_of_references_is_not_one_of_them(make_word: MakeWord, tmp_path: Path) -> None:
    """In another order one stays, and the other is deleted here and inserted there as a whole."""
    works = {"a": "Alpha of one thing and more.", "b": "Beta on two that differ."}
    old, new = (
        "\n".join(["::: {#refs}", *(f"::: {{#ref-{id}}}\nN{n} {works[id]}\n:::\n"
                                    for n, id in enumerate(order)), ":::", LAST])
        for order in ("ab", "ba")
    )  # fmt: skip
    target = tmp_path / "redline.docx"
    files = make_word("old", old), make_word("new", new)
    assert redline.redline(*files, target, author="Press").passed
    assert (
        tracked_text(target) == "N0 Alpha of one thing and more.10N1 Alpha of one thing and more."
    )


SIDES = {"new": ("", "A head"), "old": ("A head", "")}


@pytest.mark.parametrize("only", SIDES)
def test_a_head_of_one_version_is_tracked_beside_an_empty_one(
    make_word: MakeWord, tmp_path: Path, only: str
) -> None:
    """All its words are inserted or deleted, and the reader is told that an empty head is left."""
    paths = [make_word(name, PAIRS["a number"][n]) for n, name in enumerate(SIDES)]
    for path, head in zip(reversed(paths), SIDES[only], strict=True):
        if head:
            with_heads(path, run("A head ") + run("1", "PAGE"), PAGE)
    target = tmp_path / "redline.docx"
    result = redline.redline(paths[1], paths[0], target, author="Press")
    assert (result.passed, result.differences) == (True, ())
    done = "rejected" if only == "new" else "accepted"
    assert result.untracked == tuple(
        f"only the {only} version has a {kind}: its words are tracked, and with all {done} Word "
        "keeps an empty one"
        for kind in ("header", "footer")
    )
    (head,) = docx.Document(str(target)).sections[0].header.paragraphs
    part = Path(head.part.partname).stem
    texts = stream(target, part), stream(target, part, accepted=False)
    assert sorted(texts) == ["A head [PAGE]1¶", "¶"]
    assert (texts[0] == "¶") == (only == "old")


def test_libreoffice_shows_the_words_of_a_head_of_one_version(
    make_word: MakeWord, tmp_path: Path, libreoffice: str, poppler: str
) -> None:
    """The part that the redline adds for a head that is gone is one of the file on each page."""
    ours = with_heads(make_word("old", "One.\n\nTwo."), run("A head"), run("A foot"))
    target = tmp_path / "redline.docx"
    redline.redline(ours, make_word("new", "One."), target, author="Press")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [libreoffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(target)], check=True, capture_output=True)
    text = [poppler, str(tmp_path / "redline.pdf"), "-"]
    shown = subprocess.run(text, check=True, capture_output=True, text=True).stdout.split()
    assert shown == ["A", "head", "One.", "Two.", "A", "foot"]


def test_a_head_of_a_later_section_is_not_taken_for_none(make_word: MakeWord) -> None:
    """There a section without a head repeats the one before, which an empty head does not."""
    paths = [make_word(name, "One.") for name in SIDES]
    for n, path in enumerate(paths):
        document = docx.Document(str(path))
        document.sections[0].header.paragraphs[0].add_run("A head")
        section = document.add_section()
        section.header.is_linked_to_previous = n == 0
        document.save(str(path))
    assert any("section" in said for said in compare(*paths))


def test_a_table_of_contents_does_not_stop_the_rest(make_word: MakeWord, tmp_path: Path) -> None:
    """It is a frame that both versions have alike; where one alone has it this is said."""
    contents = tmp_path / "contents.docx"
    pandoc = [pypandoc.get_pandoc_path(), "--from=markdown", "--standalone", "--toc"]
    for name, text in (("old", "One two."), ("new", "One three.")):
        command = [*pandoc, f"--output={tmp_path / name}.docx"]
        subprocess.run(command, input=f"# Head\n\n{text}", text=True, check=True)
    ours, theirs = tmp_path / "old.docx", tmp_path / "new.docx"
    result = redline.redline(ours, theirs, contents, author="Press")
    assert (result.passed, result.insertions, result.deletions) == (True, 1, 1)
    assert stream(contents) == stream(theirs)
    plain = make_word("plain", "# Head\n\nOne two.")
    result = redline.redline(plain, ours, contents, author="Press")
    assert "'sdt' between paragraphs cannot be tracked where it changes" in result.differences[0]


def test_the_same_files_give_the_same_bytes(make_word: MakeWord, tmp_path: Path) -> None:
    """No clock and no order of a set is in a redline."""
    old, new = make_word("old", PAIRS["a list"][0]), make_word("new", PAIRS["a note"][1])
    paths = [tmp_path / "a.docx", tmp_path / "b.docx"]
    for path in paths:
        redline.redline(old, new, path, author="Press")
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_equal_files_have_no_change(make_word: MakeWord, tmp_path: Path) -> None:
    """Two files alike give a redline without a change."""
    old = make_word("old", PAIRS["a list"][0] + TABLE + LAST)
    result = redline.redline(old, old, tmp_path / "redline.docx", author="Press")
    assert (result.passed, result.insertions, result.deletions) == (True, 0, 0)
    assert not result.is_changed


@pytest.mark.parametrize(
    ("old", "new", "counted"),
    [
        ("One two.", "One **two**.", "0 insertions, 0 deletions, 1 change of formatting"),
        ("One two.", "One three.", "1 insertion, 1 deletion"),
        ("# One", "## One", "0 insertions, 0 deletions, 1 change of formatting"),
    ],
)
def test_formatting_alone_is_a_change(
    make_word: MakeWord, tmp_path: Path, old: str, new: str, counted: str
) -> None:
    """What is no word is counted apart, and one of a kind is named in the singular."""
    paths = make_word("old", old), make_word("new", new)
    result = redline.redline(*paths, tmp_path / "redline.docx", author="Press")
    assert (result.is_changed, result.counted) == (True, counted)


def test_blocks_are_replaced_where_words_fail(
    make_word: MakeWord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When marking words loses one, whole paragraphs are marked instead, and it is said why."""
    old, new = make_word("old", "One two three."), make_word("new", "One four three.")
    merge = inline.merge
    monkeypatch.setattr(inline, "merge", lambda a, b: merge(a, b)[:-1])
    target = tmp_path / "redline.docx"
    result = redline.redline(old, new, target, author="Press")
    assert (result.passed, result.engine) == (True, "whole blocks")
    assert result.differences[0].startswith("word by word: all accepted, paragraph 1: ")
    assert stream(target) == "One four three.¶"
    assert stream(target, accepted=False) == "One two three.¶"


def test_a_redline_that_fails_is_not_delivered(
    make_word: MakeWord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When words are lost either way nothing is delivered, and an older redline is removed."""
    old, new = make_word("old", "One two three."), make_word("new", "One four three.")
    write = inline.write
    monkeypatch.setattr(inline, "write", lambda placed: write(placed)[:-1])
    target = tmp_path / "redline.docx"
    target.write_bytes(b"an older one")
    result = redline.redline(old, new, target, author="Press")
    assert (result.passed, result.engine) == (False, "none")
    assert {text.split(":")[0] for text in result.differences} == {"word by word", "whole blocks"}
    assert not target.exists()


def test_a_version_with_tracked_changes_is_refused(make_word: MakeWord, tmp_path: Path) -> None:
    """A version that is a redline itself is not one text, and the report says so."""
    old, new = make_word("old", "One two."), make_word("new", "One three.")
    tracked = tmp_path / "tracked.docx"
    redline.redline(old, new, tracked, author="Press")
    result = redline.redline(tracked, new, tmp_path / "redline.docx", author="Press")
    assert not result.passed
    assert "tracked.docx: it has tracked changes (del); accept them first" in result.differences[0]


def test_deleted_text_keeps_a_style_that_is_gone(make_word: MakeWord, tmp_path: Path) -> None:
    """A style that only the old version defines is in the redline, too."""
    old = make_word("old", '::: {custom-style="Old Style"}\nGone.\n:::\n\nOne.')
    new = make_word("new", "One.")
    target = tmp_path / "redline.docx"
    assert redline.redline(old, new, target, author="Press").passed
    assert "Old Style" in {style.name for style in docx.Document(str(target)).styles}
