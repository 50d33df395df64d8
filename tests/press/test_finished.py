"""Finished files with one thing changed by hand: each is caught, in each format, and so said."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree, html

from press.config import read_project
from press.errors import PressError
from press.executed_tree import ExecutedTree, execute_documents
from press.expected import expect
from press.finished import READERS, check_finished
from press.jats_references import trace_references
from press.keys import WRITERS
from press.render import render
from press.trace import Traced, trace

SETTINGS = """\
project:
  output-dir: _manuscript
  render: [paper.qmd]
execute:
  echo: false
format:
  html:
    minimal: true
    theme: none
    template: page.html
    embed-resources: true
    fig-format: svg
"""
EXPECTED = Path(__file__).parent / "parity" / "expected"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FORMS = ("html", "typst", "docx", "jats")
MakeProject = Callable[..., Path]
Change = Callable[[list[str]], None]


# Hand edits of a finished file: its runs of text are changed as a list of strings. -------------


def edit_tree(source: Path, target: Path, change: Change) -> None:
    """Change the text nodes of an HTML or XML file."""
    is_html = source.suffix == ".html"
    tree = html.parse(source) if is_html else etree.parse(source)
    top = tree.getroot().find("body") if is_html else tree.getroot()
    places = [(e, name) for e in top.iter("*") for name in ("text", "tail") if getattr(e, name)]
    set_all(places, change)
    tree.write(target, method="html" if is_html else "xml", encoding="utf-8")


def set_all(places: list[tuple[Any, str]], change: Change) -> None:
    """Change texts that are attributes of elements."""
    texts = [getattr(element, name) or "" for element, name in places]
    change(texts)
    for (element, name), text in zip(places, texts, strict=True):
        setattr(element, name, text)


def edit_docx(source: Path, target: Path, change: Change) -> None:
    """Change the runs of a Word file, as an author in Word would."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                tree = etree.fromstring(data)
                set_all([(e, "text") for e in tree.iter(f"{WORD}t")], change)
                data = etree.tostring(tree)
            new.writestr(name, data)


def letters_of(font: Any) -> dict[int, str]:
    """The letter of each code in a font that typst embedded."""
    pairs = re.findall(r"<(\w{4})> <(\w+)>", font.ToUnicode.read_bytes().decode("latin-1"))
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


def codes_of(shown: Any) -> bytes:
    """The codes of letters, without the distances between them."""
    parts = [shown] if isinstance(shown, pikepdf.String) else list(shown)
    return b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))


def edit_pdf(source: Path, target: Path, change: Change) -> None:
    """Change what is shown in a PDF, letter by letter from the fonts it has."""
    with pikepdf.open(source) as pdf:
        pages, shown, texts = [], [], []
        for page in pdf.pages:
            pages.append((page, list(pikepdf.parse_content_stream(page))))
            letters: dict[int, str] = {}
            for number, one in enumerate(pages[-1][1]):
                if str(one.operator) == "Tf":
                    letters = letters_of(page.Resources.Font[str(one.operands[0])])
                elif str(one.operator) in ("Tj", "TJ"):
                    codes = codes_of(one.operands[0])
                    pairs = zip(codes[::2], codes[1::2], strict=True)
                    shown.append((pages[-1][1], number, letters))
                    texts.append("".join(letters[a * 256 + b] for a, b in pairs))
        before = list(texts)
        change(texts)
        for (stream, number, letters), old, text in zip(shown, before, texts, strict=True):
            if old != text:
                code_of = {letter: code for code, letter in letters.items()}
                data = b"".join(code_of[letter].to_bytes(2, "big") for letter in text)
                operator = pikepdf.Operator("Tj")
                stream[number] = pikepdf.ContentStreamInstruction([pikepdf.String(data)], operator)
        for page, stream in pages:
            page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(stream))
        pdf.save(target)


EDIT = {"html": edit_tree, "jats": edit_tree, "docx": edit_docx, "typst": edit_pdf}


def replace(old: str, new: str) -> Change:
    """An edit of the first run in which `old` stands."""

    def change(texts: list[str]) -> None:
        place = next(i for i, text in enumerate(texts) if old in text)
        texts[place] = texts[place].replace(old, new, 1)

    return change


def swap_cells(texts: list[str]) -> None:
    """Exchange two valid numbers of one table column."""
    one, other = texts.index("1.50"), texts.index("10.25")
    texts[one], texts[other] = texts[other], texts[one]


def move_cell(texts: list[str]) -> None:
    """Put a number beside its left neighbour; every number stays, in the same order."""
    place = texts.index("10.25")
    left = next(i for i in range(place - 1, 0, -1) if texts[i] == "3")
    texts[left], texts[place] = "3 10.25", ""


CHANGES: dict[str, Change] = {
    "two cells swapped": swap_cells,
    "two numbers of a sentence swapped": replace("9.8 to 18.6", "18.6 to 9.8"),
    "a number changed": replace("10.25", "10.52"),
    "a digit added": replace("0.125", "0.1255"),
    "a number deleted": replace("10.25", ""),
    "a number added": replace("10.25", "10.25 2"),
    "a sign lost": replace("−0.75", "0.75"),
    "a cell moved": move_cell,
    "a number of a caption changed": replace("Cohort of 6", "Cohort of 5"),
    "a cross-reference changed": replace("Figure\u00a02", "Figure\u00a01"),
    "a citation changed": replace("2003, 320", "2003, 302"),
    "a word changed": replace("rose by", "sore by"),
}


@pytest.fixture(scope="module")
def executed(parity: Path) -> ExecutedTree:
    """The fixture document, executed anew."""
    staging = parity / "check"
    staging.mkdir()
    environment = {"STUDY_RESULTS": str(staging / "results.json")}
    (tree,) = execute_documents(
        read_project(parity), ["manuscript.qmd"], staging=staging, environment=environment
    )
    return tree


def traced(executed: ExecutedTree, form: str, path: Path) -> Traced:
    """The numerals of one file, traced."""
    finished = READERS[form](path)
    found = trace(expect(executed, form), finished, path.name)
    if form == "jats":
        trace_references(executed, finished.references, found)
    return found


def file_of(form: str, folder: Path) -> Path:
    """The file of a format in an output folder."""
    return folder / f"manuscript.{WRITERS[form]}"


@pytest.mark.parametrize("form", FORMS)
def test_every_numeral_of_presss_files_is_traced(
    form: str, executed: ExecutedTree, parity: Path
) -> None:
    """Nothing is untraced in a file as it was rendered, and no kind of source is left out."""
    found = traced(executed, form, file_of(form, parity / "_manuscript"))
    assert [str(fault) for fault in found.faults] == []
    assert found.untraced == 0
    assert {"receipt", "citation", "cross-reference", "reference", "number"} <= set(found.sources)


@pytest.mark.parametrize("form", ["html", "docx", "jats"])
def test_every_numeral_of_quartos_files_is_traced(form: str, executed: ExecutedTree) -> None:
    """The files that a real Quarto 1.10.18 wrote from the same document hold the same numerals.

    Without a filter for it Quarto's DOCX has no alternative texts, which is a fault of its own.
    """
    found = traced(executed, form, file_of(form, EXPECTED))
    lost = ["manuscript.docx: no figure has an alternative text"] if form == "docx" else []
    assert [str(fault) for fault in found.faults] == lost
    assert found.untraced == 0


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("form", FORMS)
def test_a_change_of_presss_file_is_caught(
    form: str, change: Change, executed: ExecutedTree, parity: Path, tmp_path: Path
) -> None:
    """One thing changed in one file is a fault in that file."""
    path = file_of(form, tmp_path)
    EDIT[form](file_of(form, parity / "_manuscript"), path, change)
    assert traced(executed, form, path).faults


def other_digit(digit: re.Match[str]) -> str:
    """2, or for 2 itself 3: digits that every font in the file has."""
    return "3" if digit[0] == "2" else "2"


@pytest.mark.parametrize("form", FORMS)
def test_no_numeral_of_a_file_can_change_unseen(
    form: str, executed: ExecutedTree, parity: Path, tmp_path: Path
) -> None:
    """Whichever run of text has a numeral: with another digit in it, and it alone, it is caught."""
    source, path = file_of(form, parity / "_manuscript"), file_of(form, tmp_path)
    runs: list[str] = []
    EDIT[form](source, path, runs.extend)
    places = [place for place, text in enumerate(runs) if re.search(r"[0-9]", text)]
    assert len(places) > 30
    for place in places:

        def change(texts: list[str], place: int = place) -> None:
            texts[place] = re.sub(r"[0-9]", other_digit, texts[place], count=1)

        EDIT[form](source, path, change)
        assert traced(executed, form, path).untraced, runs[place]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("form", ["html", "docx"])
def test_a_change_of_quartos_file_is_caught(
    form: str, change: Change, executed: ExecutedTree, tmp_path: Path
) -> None:
    """One thing changed in a file of Quarto's is a fault in that file."""
    path = file_of(form, tmp_path)
    EDIT[form](file_of(form, EXPECTED), path, change)
    assert traced(executed, form, path).faults


def test_two_swapped_numbers_are_named_with_their_places(
    executed: ExecutedTree, parity: Path, tmp_path: Path
) -> None:
    """Both are valid elsewhere; each fault says where, what stands there and what should."""
    path = tmp_path / "manuscript.html"
    edit_tree(parity / "_manuscript/manuscript.html", path, replace("9.8 to 18.6", "18.6 to 9.8"))
    found = traced(executed, "html", path)
    assert [fault.text for fault in found.faults] == [
        "between “14.2 (95% CI” and “to 9.8) (P”: “18.6” instead of “9.8” "
        "(receipt strength.change.mean)",
        "between “95% CI 18.6 to” and “) (P = 0.031”: “9.8” instead of “18.6” "
        "(receipt strength.change.mean)",
    ]
    assert (found.untraced, found.total) == (2, 70)


def test_a_cell_edited_by_hand_in_word_is_named(
    executed: ExecutedTree, parity: Path, tmp_path: Path
) -> None:
    """The fault says the section, the neighbouring cells, the typed and the computed number."""
    path = tmp_path / "manuscript.docx"
    edit_docx(parity / "_manuscript/manuscript.docx", path, replace("10.25", "11.25"))
    assert [str(fault) for fault in traced(executed, "docx", path).faults] == [
        "manuscript.docx: under 'Results', between “| DM | 3 |” and “/ | IBM | 1”: “11.25” "
        "instead of “10.25” (text)"
    ]


def test_a_missing_number_and_an_added_one_are_named(
    executed: ExecutedTree, parity: Path, tmp_path: Path
) -> None:
    """A numeral on one side only is a fault as well."""
    path = tmp_path / "manuscript.pdf"
    source = parity / "_manuscript/manuscript.pdf"
    edit_pdf(source, path, replace("analysed 6 patients", "analysed patients"))
    (lacking,) = traced(executed, "typst", path).faults
    edit_pdf(source, path, replace("analysed 6 patients", "analysed 6 6 patients"))
    (added,) = traced(executed, "typst", path).faults
    assert lacking.text == (
        "between “once Background. We analysed” and “patients. Results. Strength”: "
        "“6” (text) is missing"
    )
    assert added.text.endswith("“6” is not in the executed document")


def test_a_wrong_page_number_is_caught(
    executed: ExecutedTree, parity: Path, tmp_path: Path
) -> None:
    """What stands on a page outside its text may be the page's own number, and no other."""

    def change(texts: list[str]) -> None:
        last = max(i for i, text in enumerate(texts) if text == "2")
        texts[last] = "1"

    path = tmp_path / "manuscript.pdf"
    edit_pdf(parity / "_manuscript/manuscript.pdf", path, change)
    (fault,) = traced(executed, "typst", path).faults
    assert fault.text == 'page 2 of 2: "1" in "1" is not in the executed document'


def test_a_number_under_another_key_is_caught(
    executed: ExecutedTree, parity: Path, tmp_path: Path
) -> None:
    """The right text that claims the wrong receipt is a fault: a reader who asks is misled."""
    page = (parity / "_manuscript/manuscript.html").read_text(encoding="utf-8")
    path = tmp_path / "manuscript.html"
    page = page.replace('data-key="strength.change.p"', 'data-key="strength.rank.p"', 1)
    path.write_text(page, encoding="utf-8")
    (fault,) = traced(executed, "html", path).faults
    assert fault.text == (
        "\"0.031\" refers to 'receipt strength.rank.p' instead of 'receipt strength.change.p'"
    )


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("<volume>13", "<volume>31", 'ref-hara2003, volume: "31" instead of "13"'),
        ("<fpage>261", "<fpage>216", 'ref-virtanen2020, fpage: "216" instead of "261"'),
        ("<volume>17</volume>", "", 'ref-virtanen2020: the volume "17" is missing (volume)'),
    ],
)
def test_a_changed_reference_in_jats_is_caught(
    old: str, new: str, text: str, executed: ExecutedTree, parity: Path, tmp_path: Path
) -> None:
    """A field of a reference is traced to that field of that reference in the bibliography."""
    article = (parity / "_manuscript/manuscript.xml").read_text(encoding="utf-8")
    assert old in article
    path = tmp_path / "manuscript.xml"
    path.write_text(article.replace(old, new), encoding="utf-8")
    assert [fault.text for fault in traced(executed, "jats", path).faults] == [text]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('alt="Of 6 patients, 5 rose."', 'alt="Of 6 patients, 6 rose."'),
        ("<h1>A paper of 2 parts</h1>", "<h1>A paper of 3 parts</h1>"),
        ("<sup>1</sup>", "<sup>2</sup>"),
        ("A note of 1998.", "A note of 1999."),
        ("10<sup>3</sup>", "103"),
    ],
)
def test_what_is_not_prose_is_traced_too(old: str, new: str, make_project: MakeProject) -> None:
    """Alternative texts, the title, note numbers, notes and powers are read like the prose."""
    root = make_project(
        "In 1997[^n] there were 10^3^.\n\n![A figure](a.png){#fig-a fig-alt='Of 6 patients, 5 "
        "rose.'}\n\n[^n]: A note of 1998.\n\n@fig-a\n",
        front="---\ntitle: A paper of 2 parts\n---\n",
    )
    (root / "a.png").write_bytes(b"")
    render(root)
    project, page = read_project(root), root / "_manuscript" / "paper.html"
    coverage = check_finished(project)
    assert (coverage.faults, coverage.summary) == ([], "10 of 10 numerals traced, 1 format")
    text = page.read_text(encoding="utf-8")
    assert old in text
    page.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert check_finished(project).faults


def test_the_finished_files_of_a_project_are_checked_together(parity: Path) -> None:
    """The coverage counts all formats that are there; their faults are said one by one."""
    project = read_project(parity)
    coverage = check_finished(project)
    assert coverage.faults == []
    assert coverage.summary == "281 of 281 numerals traced, 4 formats"
    assert coverage.details[0].startswith("_manuscript/manuscript.html: 70 of 70: ")
    assert check_finished(project, output=parity / "nowhere").summary == "no finished file to check"


def test_a_file_of_another_state_of_the_document_is_caught(parity: Path, tmp_path: Path) -> None:
    """Outputs that were not rendered again after an edit of the document are stale."""
    root = tmp_path / "project"
    shutil.copytree(parity, root, ignore=shutil.ignore_patterns("staging", "check", ".cache"))
    text = (root / "manuscript.qmd").read_text(encoding="utf-8")
    (root / "manuscript.qmd").write_text(text.replace("n = 6\n", "n = 7\n"), encoding="utf-8")
    coverage = check_finished(read_project(root))
    assert coverage.summary == "265 of 281 numerals traced, 4 formats"
    assert len(coverage.faults) == 16


RECEIPTS = """\
import os
head = '{"schema_version": 1}'
record = '{"id": "a.n", "value": 6, "text": "6", "unit": "1", "n": 6, "n_missing": 0, "method": ""}'
open(os.environ["STUDY_RESULTS"], "w").write(f"{head}\\n{record}\\n")
"""
PAGE = """\
<h1>$title$</h1>
$body$
<script type="application/json" id="receipts">[{"id": "a.n", "text": "6", "n": 6}]</script>
"""


@pytest.mark.parametrize(
    ("name", "old", "new", "text"),
    [
        (
            "results.json",
            '"value": 6, "text": "6"',
            '"value": 7, "text": "7"',
            'results.json: the receipt a.n is "7", the text has "6" under this key',
        ),
        ("results.json", "a.n", "b.n", 'results.json: "6" in the text has no receipt a.n'),
        (
            "_manuscript/paper.html",
            '"text": "6"',
            '"text": "9"',
            '_manuscript/paper.html: the receipt a.n in the page has the text "9" instead of "6"',
        ),
    ],
)
def test_receipts_say_what_the_text_says(
    name: str, old: str, new: str, text: str, make_project: MakeProject
) -> None:
    """Text, results.json and the receipts of the page agree; a broken line of it is named."""
    settings = SETTINGS.replace("project:", "project:\n  pre-render: [receipts.py]")
    root = make_project('Of [6]{.value key="a.n"} patients.\n', settings=settings)
    (root / "receipts.py").write_text(RECEIPTS, encoding="utf-8")
    (root / "page.html").write_text(PAGE, encoding="utf-8")
    render(root)
    project, file = read_project(root), root / name
    assert check_finished(project).faults == []
    before = file.read_text(encoding="utf-8")
    assert old in before
    file.write_text(before.replace(old, new), encoding="utf-8")
    assert [str(fault) for fault in check_finished(project).faults] == [text]
    if name == "results.json":
        file.write_text(before + "<<<<<<< HEAD\n", encoding="utf-8")
        with pytest.raises(PressError, match=r"^results\.json:3 of .*: this is not JSON: "):
            check_finished(project)
