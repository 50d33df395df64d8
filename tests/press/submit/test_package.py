"""A package that was submitted twice: every file of it opened and read."""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pikepdf
import pytest
from PIL import Image

from press.journals.profiles import read_profile
from press.submit.contents import readme
from press.submit.deliver import Submission
from press.submit.markup import mark_up
from press.submit.package import submit
from press.submit.tags import read_tags
from press.submit.texts import texts
from tests.press.submit.conftest import Sent
from tests.press.submit.projects import git as run_git

AUTHORS = re.compile(r"zimmerwald|\bben\b|made names|0000-0002-1825-0097", re.IGNORECASE)
FILES = [
    "1-title-page.docx", "2-manuscript-blinded.docx", "2-manuscript-blinded.pdf",
    "2-manuscript.docx", "2-manuscript.pdf", "3-manuscript-blinded-marked-up.docx",
    "3-response-blinded.docx", "3-response-blinded.pdf", "4-figures/Figure-1.pdf",
    "4-figures/Figure-1.tif", "5-more-blinded-marked-up.docx", "5-more-blinded.docx",
    "5-more-blinded.pdf", "5-more.docx", "5-more.pdf", "6-items.docx", "7-cover-letter.docx",
    "8-declarations.docx", "9-data-and-code.zip", "MANIFEST.txt", "README.txt",
]  # fmt: skip


def paragraphs(path: Path) -> list[str]:
    """The paragraphs of a Word file and the cells of its tables, as lines."""
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def test_the_package_holds_every_file_once(sent: Sent) -> None:
    """Folder and zip hold the same files, with one date and no name that a form would refuse."""
    assert sent.second.faults == ()
    found = sorted(path.relative_to(sent.folder).as_posix() for path in sent.folder.rglob("*.*"))
    assert found == FILES
    with zipfile.ZipFile(sent.root / "_submission" / "tests.zip") as package:
        assert package.namelist() == [f"tests/{name}" for name in FILES]
        for entry in package.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.external_attr >> 16 == 0o100644
            assert package.read(entry) == (sent.root / "_submission" / entry.filename).read_bytes()


def test_the_manifest_and_the_tag_name_what_was_sent(sent: Sent) -> None:
    """Size and SHA-256 of every file stand in the manifest, and the manifest in the tag."""
    text = (sent.folder / "MANIFEST.txt").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines()]
    assert [name for name, _, _ in lines] == [name for name in FILES if name != "MANIFEST.txt"]
    for name, size, digest in lines:
        content = (sent.folder / name).read_bytes()
        assert (int(size), digest) == (len(content), hashlib.sha256(content).hexdigest())
    assert run_git(sent.root, "tag").split() == ["submission/tests/1", "submission/tests/2"]
    tag = run_git(sent.root, "for-each-ref", "--format=%(contents)", "refs/tags/submission/tests/2")
    assert text in tag


def test_blinded_files_name_no_author(sent: Sent) -> None:
    """Text, properties, pictures and file names of what reviewers get are without the authors.

    A reviewer's own words in the letter are the exception, which is told.
    """
    for name in FILES:
        if "-blinded" in name or name.startswith(("4-", "6-")):
            said = "\n".join(text.words for text in texts(sent.folder / name))
            said = re.sub(r"As\s+Ada\s+Zimmerwald\s+has\s+shown", "", said)
            assert said or name.startswith("4-")
            assert not AUTHORS.search(said), name
    letter = paragraphs(sent.folder / "3-response-blinded.docx")
    assert "Review round 1. Pages and lines are those of 2-manuscript-blinded.pdf." in letter
    told = "R1.1 has the author “Ada Zimmerwald”; the letter gives it"
    assert any(told in note for note in sent.second.notes)
    assert "Contact. Withheld for blinded review." in paragraphs(
        sent.folder / "2-manuscript-blinded.docx"
    )
    document = docx.Document(str(sent.folder / "2-manuscript-blinded.docx"))
    assert document.core_properties.author == ""
    with pikepdf.open(sent.folder / "2-manuscript-blinded.pdf") as pdf:
        assert "/Author" not in pdf.docinfo


def test_the_full_manuscript_names_its_authors(sent: Sent) -> None:
    """What the blinded copies leave out stands in the full ones, so that the search can find it."""
    for name in ("2-manuscript.docx", "2-manuscript.pdf"):
        assert AUTHORS.search("\n".join(text.words for text in texts(sent.folder / name)))


def test_self_references_are_noted(sent: Sent) -> None:
    """A cited work of an author is told with the line that cites it; the article stays as it is."""
    wanted = "paper.qmd:31: cites quill2001, of Quill: a reference to the authors' own work"
    assert any(note.startswith(wanted) for note in sent.second.notes)
    assert not any("other2002" in note for note in sent.second.notes)


@pytest.mark.parametrize(("name", "word"), [("3-manuscript", "muscle"), ("5-more", "Much")])
def test_changes_are_marked_against_the_last_version(sent: Sent, name: str, word: str) -> None:
    """The first version has none; in the second each document has its new word as an insertion."""
    assert "no marked-up copy: no version was sent before" in sent.first.notes
    with zipfile.ZipFile(sent.folder / f"{name}-blinded-marked-up.docx") as package:
        text = package.read("word/document.xml").decode()
    changes = re.findall(r"<w:ins [^>]*w:author=\"([^\"]*)\".*?</w:ins>", text, re.DOTALL)
    assert changes == ["Authors"]
    inserted = re.search(r"<w:ins .*?</w:ins>", text, re.DOTALL)
    assert inserted is not None
    assert word in inserted[0]


def test_a_document_that_the_version_before_had_not_is_told(sent: Sent, tmp_path: Path) -> None:
    """It has no marked-up copy; the others have theirs, from files that were kept."""
    (tag,) = [tag for tag in read_tags(sent.root, "tests") if tag.number == 1]
    names = ["2-manuscript-blinded.docx", "5-more-blinded.docx"]
    shutil.copy(sent.folder / names[1], tmp_path / "5-new-blinded.docx")
    targets = {sent.folder / name: tmp_path / name for name in names}
    targets[tmp_path / "5-new-blinded.docx"] = tmp_path / "none.docx"
    profile = read_profile(sent.root, "tests")
    marked = mark_up(sent.root, tag, targets, profile=profile, is_blinded=True, data=None)
    assert marked.made == tuple(tmp_path / name for name in names)
    assert marked.notes[1] == (
        "no marked-up copy of 5-new-blinded.docx: submission/tests/1 has no such file"
    )
    assert marked.old is not None
    assert marked.old.folder == sent.root / "_submission" / "sent" / "submission" / "tests" / "1"


def test_review_copies_have_numbered_lines(sent: Sent) -> None:
    """The profile asks for numbered lines, and every manuscript has them."""
    for mark in ("", "-blinded"):
        with zipfile.ZipFile(sent.folder / f"2-manuscript{mark}.docx") as package:
            assert b"w:lnNumType" in package.read("word/document.xml")


def test_title_page_and_letter_say_what_is_declared(sent: Sent) -> None:
    """Authors with place and ORCID, counts and declarations, whose signs stay as they are."""
    title = "\n".join(paragraphs(sent.folder / "1-title-page.docx"))
    known = "ORCID 0000-0002-1825-0097; ada@zimmerwald.example"
    assert f"Ada Zimmerwald, MD, PhDa (corresponding author); {known}" in title
    assert "Ben Quilla" in title
    assert "a Institute of Made Names, Bern" in title
    assert "Figures: 1. Tables: 0. References: 2." in title
    assert "The canton paid, with a_b * c of https://fund.example/9." in title
    letter = "\n".join(paragraphs(sent.folder / "7-cover-letter.docx"))
    assert "To the Editor, Journal of Tests" in letter
    assert "We submit the revised version of our article" in letter
    files = "3-manuscript-blinded-marked-up.docx and 5-more-blinded-marked-up.docx"
    since = "The changes since the version that we submitted before are marked in"
    assert f"{since} {files}." in letter
    answers = "3-response-blinded.docx and 3-response-blinded.pdf"
    assert f"Our answers to the reviewers are in {answers}." in letter
    counts = r"and 5 in the abstract \(figures: 1, tables: 0, references: 2\)\."
    assert re.search(rf"The article has \d+ words in the text {counts}", letter)
    assert "submission/tests" not in letter
    assert "None of it has been published or submitted elsewhere." in letter
    declared = paragraphs(sent.folder / "8-declarations.docx")
    assert declared[declared.index("Funding") :][:2] == ["Funding", "Who paid?"]


def test_the_checklist_has_the_page_of_each_item(sent: Sent) -> None:
    """Title and figure are told with their page, what does not apply with its reason."""
    table = docx.Document(str(sent.folder / "6-items.docx")).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0][:4] == ["Item", "What it asks", "Where it is answered", "Page"]
    with pikepdf.open(sent.folder / "2-manuscript.pdf") as pdf:
        last = len(pdf.pages)
    assert rows[1][:4] == ["1", "The title", "Title", "1"]
    assert rows[2][2] == "Figure 1"
    assert 1 <= int(rows[2][3]) <= last
    assert rows[3][2:4] == ["Not applicable: nobody paid", "–"]


def test_a_checklists_heads_are_not_broken_within_a_word(sent: Sent) -> None:
    """Each column is at least as wide as its head's longest word, at nine points a letter."""
    table = docx.Document(str(sent.folder / "6-items.docx")).tables[0]
    share = 450 / sum(int(column.width) for column in table.columns)  # the text is 450 points wide
    for column in table.columns:
        longest = max(map(len, column.cells[0].text.split()))
        assert int(column.width) * share >= 9 * longest, column.cells[0].text


def test_figures_are_files_of_their_own(sent: Sent) -> None:
    """The figure is 85 mm wide, its TIFF has 600 dpi."""
    with Image.open(sent.folder / "4-figures" / "Figure-1.tif") as image:
        assert image.info["dpi"] == (600, 600)
        assert image.width == pytest.approx(85 / 25.4 * 600, abs=2)


def test_observed_tables_stay_out_of_the_archive(sent: Sent) -> None:
    """The archive is what git tracks without observed tables, and says so, and without letters."""
    with zipfile.ZipFile(sent.folder / "9-data-and-code.zip") as archive:
        names = {name.removeprefix("data-and-code/") for name in archive.namelist()}
        readme = archive.read("data-and-code/ARCHIVE.txt").decode()
    tracked = set(run_git(sent.root, "ls-files").split())
    out = {"data/visits.csv", "reviews.yml", "response.qmd"}
    assert out < tracked
    assert names == tracked - out | {"ARCHIVE.txt"}
    assert "are not in this archive" in readme


@pytest.fixture(scope="module")
def rehearsed(sent: Sent) -> Submission:
    """A rehearsal of the version that was submitted."""
    return submit(sent.root, "tests", is_rehearsal=True)


def test_a_rehearsal_says_so_on_every_page(sent: Sent, rehearsed: Submission) -> None:
    """Each PDF page and each Word file's running head has it, and so have README and zip."""
    done = rehearsed
    assert done.folder == sent.root / "_submission" / "tests-rehearsal"
    assert done.tag == "rehearsal/tests/1"
    assert sent.folder.is_dir()
    for path in sorted(done.folder.glob("*.docx")):
        section = docx.Document(str(path)).sections[0]
        with zipfile.ZipFile(path) as package:
            head = package.read("word/header1.xml").decode()
        assert section.header.paragraphs
        assert "Rehearsal: not for submission" in head, path.name
    for path in sorted(done.folder.rglob("*.pdf")):
        with pikepdf.open(path) as pdf:
            pages = len(pdf.pages)
        said = "\n".join(text.words for text in texts(path) if text.where == "text")
        assert said.count("Rehearsal: not for submission") == pages, path.name
    assert (done.folder / "README.txt").read_text().startswith("Rehearsal: not for submission.")
    assert (sent.root / "_submission" / "tests-rehearsal.zip").is_file()
    with zipfile.ZipFile(done.folder / "9-data-and-code.zip") as archive:
        assert archive.read("data-and-code/ARCHIVE.txt").startswith(b"Rehearsal: not for")


def test_a_rehearsal_says_so_above_its_figures(sent: Sent, rehearsed: Submission) -> None:
    """The picture is as wide, and has a margin with dark letters above the same drawing."""
    assert rehearsed.folder is not None
    name = "4-figures/Figure-1.tif"
    with Image.open(sent.folder / name) as plain, Image.open(rehearsed.folder / name) as stamped:
        margin = stamped.height - plain.height
        assert (stamped.width, margin) == (plain.width, 120)  # 0.2 inches of 600 dpi
        head = stamped.crop((0, 0, stamped.width, margin)).convert("L")
        assert head.histogram()[0] > 100  # black
        below = stamped.crop((0, margin, stamped.width, stamped.height))
        assert below.tobytes() == plain.tobytes()


def test_readme_says_what_a_pdf_has_that_word_has_not(sent: Sent) -> None:
    """The authors' places and addresses stand in the PDF of each document, in Word their names."""
    readme_lines = (sent.folder / "README.txt").read_text(encoding="utf-8").splitlines()
    for name in ("2-manuscript", "5-more"):
        (line,) = [line for line in readme_lines if line.startswith(f"{name}.pdf ")]
        assert line.endswith("the same as PDF, with the authors' affiliations, e-mail and ORCIDs")
        pdf = "\n".join(text.words for text in texts(sent.folder / f"{name}.pdf"))
        word = "\n".join(paragraphs(sent.folder / f"{name}.docx")[:3])
        for said in ("Institute of Made Names", "ada@zimmerwald.example", "0000-0002-1825-0097"):
            assert said in pdf
            assert said not in word


def test_readme_says_which_files_are_for_blinded_reviewers(sent: Sent) -> None:
    """Each file has a line that is true of it alone; who may get which is said for both kinds."""
    text = (sent.folder / "README.txt").read_text(encoding="utf-8")
    lines = dict(line.split("  ", 1) for line in text.splitlines() if re.match(r"[1-9]-", line))
    assert lines["3-manuscript-blinded-marked-up.docx"].strip() == (
        "manuscript without authors, with the changes since the last version tracked"
    )
    assert lines["5-more-blinded-marked-up.docx"].strip() == (
        "more without authors, with the changes since the last version tracked"
    )
    assert lines["3-response-blinded.docx"].strip() == "letter to the reviewers, without authors"
    assert "By its profile the journal wants a manuscript without authors." in text
    assert "- those with -blinded in their names\n- 4-figures\n- the checklists (6-...)\n" in text
    assert "\nfor Journal of Tests\n" in text
    none = replace(read_profile(sent.root, "tests"), name="Recommendations", is_journal=False)
    plain = readme(
        ["2-manuscript.docx", "2-manuscript-blinded.docx"], profile=none, title="T", commit="c",
        notes=[], is_blinded=False, is_rehearsal=False,
    )  # fmt: skip
    assert "By its profile the journal does not ask for a manuscript without authors." in plain
    assert "\nfor the profile Recommendations\n" in plain
    assert "4-figures" not in plain
    assert "6-" not in plain
