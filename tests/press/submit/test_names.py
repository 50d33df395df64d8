"""Where a file of any kind names an author, and where it only seems to."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import matplotlib
import pikepdf
import pytest
from matplotlib.figure import Figure
from PIL import Image, PngImagePlugin

from press.errors import Fault
from press.submit.abbreviations import defined
from press.submit.blinding import Comment, check_allowed, search
from press.submit.build import sources_of
from press.submit.declared import Allowed, Declaration, read_allowed, read_declared
from press.submit.names import FAMILY, GIVEN, INITIALS, PART, Name, names_of
from press.submit.sources import read_sources
from press.submit.spelling import hits, initial_hits
from press.submit.texts import read_look
from tests.press.submit.projects import ROOT

HOLM = Name("Holm", FAMILY, is_word=True)
ADA, LI = Name("Ada Zimmerwald", "author"), Name("Li Wu", "author")


def word(path: Path) -> None:
    """A Word file whose property of the last writer names the author."""
    document = docx.Document()
    document.core_properties.author, document.core_properties.last_modified_by = "", ADA.words
    document.save(str(path))


def custom(path: Path) -> None:
    """A Word file with a custom property."""
    docx.Document().save(str(path))
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("docProps/custom.xml", f"<a><b>{ADA.words}</b></a>")


def information(path: Path) -> None:
    """A PDF whose information names the author."""
    with pikepdf.new() as pdf:
        pdf.docinfo["/Author"] = ADA.words
        pdf.save(path)


def xmp(path: Path) -> None:
    """A PDF whose XMP metadata name the author."""
    with pikepdf.new() as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:creator"] = [ADA.words]
        pdf.save(path)


def png(path: Path) -> None:
    """A PNG with a line of text in it."""
    information = PngImagePlugin.PngInfo()
    information.add_itxt("Author", ADA.words, zip=True)
    Image.new("RGB", (2, 2)).save(path, pnginfo=information)


def tiff(path: Path) -> None:
    """A TIFF whose tag Artist names the author."""
    Image.new("RGB", (2, 2)).save(path, tiffinfo={315: ADA.words})


def nested(path: Path) -> None:
    """A Word file with such a PNG in it."""
    docx.Document().save(str(path))
    png(path.with_suffix(".png"))
    with zipfile.ZipFile(path, "a") as package:
        package.write(path.with_suffix(".png"), "word/media/a.png")


def app(path: Path) -> None:
    """A Word file whose company is the author's."""
    properties = f"<Properties><Company>{ADA.words}</Company></Properties>"
    add(path, "docProps/app.xml", properties)


def target(path: Path) -> None:
    """A Word file with a link to a page of the author's."""
    document = docx.Document()
    document.part.relate_to("https://x.example/ada-zimmerwald", "link", is_external=True)
    document.save(str(path))


def alternative(path: Path) -> None:
    """A Word file with a picture whose alternative text names the author."""
    Image.new("RGB", (2, 2)).save(path.with_suffix(".png"))
    document = docx.Document()
    shape = document.add_picture(str(path.with_suffix(".png")))
    shape._inline.docPr.set("descr", f"As drawn by {ADA.words}")
    document.save(str(path))


def commented(path: Path) -> None:
    """A Word file with a comment of the author's."""
    document = docx.Document()
    run = document.add_paragraph().add_run("Words")
    document.add_comment(run, text="Yes", author=ADA.words)
    document.save(str(path))


def broken(path: Path) -> None:
    """A Word file with a break within a short name."""
    document = docx.Document()
    document.add_paragraph().add_run("by Li").add_break()
    document.paragraphs[0].add_run("Wu")
    document.save(str(path))


def drawing(path: Path) -> None:
    """A Word file with a drawing that names the author, a word a line."""
    lines = "".join(f"<tspan>{word}</tspan>" for word in ADA.words.split())
    add(path, "word/media/a.svg", f"<svg><text>{lines}</text></svg>")


def named_part(path: Path) -> None:
    """A Word file with a picture that is called after the author."""
    add(path, "word/media/ada-zimmerwald.bin", "")


def add(path: Path, name: str, text: str) -> None:
    """A Word file with a part of this name and text, in place of its own."""
    docx.Document().save(str(path))
    with zipfile.ZipFile(path) as package:
        parts = {entry: package.read(entry) for entry in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for entry, content in {**parts, name: text.encode()}.items():
            package.writestr(entry, content)


def figure(path: Path, fonttype: int = 42) -> None:
    """A figure without structure tree, whose title is the author's name."""
    with matplotlib.rc_context({"pdf.fonttype": fonttype}):
        drawn = Figure()
        drawn.subplots().set_title(f"− {ADA.words}")
        drawn.savefig(path, format="pdf")


def bitmapped(path: Path) -> None:
    """The same with the other kind of fonts that matplotlib has."""
    figure(path, fonttype=3)


def plain_font(path: Path) -> None:
    """A page in a font that every reader has, whose codes are of one byte."""
    with pikepdf.new() as pdf:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1,
                                  BaseFont=pikepdf.Name.Helvetica)  # fmt: skip
        page = pdf.add_blank_page()
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(f"BT /F1 12 Tf (by {ADA.words}) Tj ET".encode())
        pdf.save(path)


def annotated(path: Path) -> None:
    """A PDF with a note on its page."""
    with pikepdf.new() as pdf:
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.Text, Contents=f"Seen by {ADA.words}")
        pdf.add_blank_page().Annots = pikepdf.Array([note])
        pdf.save(path)


def attached(path: Path) -> None:
    """A PDF with a file attached to it."""
    with pikepdf.new() as pdf:
        pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, ADA.words.encode())
        pdf.save(path)


def windows(path: Path) -> None:
    """A TIFF whose author, of a short name, is said in two bytes a letter, as Windows does."""
    Image.new("RGB", (2, 2)).save(path, tiffinfo={40093: LI.words.encode("utf-16-le")})


@pytest.mark.parametrize(
    ("make", "ending", "where"),
    [
        (word, "docx", "docProps/core.xml"),
        (custom, "docx", "docProps/custom.xml"),
        (information, "pdf", "properties and strings"),
        (xmp, "pdf", "properties and strings"),
        (png, "png", "metadata"),
        (tiff, "tif", "metadata"),
        (windows, "tif", "metadata"),
        (nested, "docx", "word/media/a.png"),
        (app, "docx", "docProps/app.xml"),
        (target, "docx", "word/_rels/document.xml.rels"),
        (alternative, "docx", "text"),
        (commented, "docx", "word/comments.xml"),
        (broken, "docx", "text"),
        (drawing, "docx", "word/media/a.svg"),
        (named_part, "docx", "names of parts"),
        (figure, "pdf", "text"),
        (bitmapped, "pdf", "text"),
        (plain_font, "pdf", "text"),
        (annotated, "pdf", "properties and strings"),
        (attached, "pdf", "a.txt"),
    ],
)
def test_hidden_names_are_found(make: object, ending: str, where: str, tmp_path: Path) -> None:
    """A name in a property, a tag, a picture, a note or a link of a file is told with its place."""
    path = tmp_path / f"a.{ending}"
    assert callable(make)
    make(path)
    faults, notes = search(tmp_path, [path], [ADA, LI], cited=[])
    name = LI if make in (broken, windows) else ADA
    assert [str(fault).partition(";")[0] for fault in faults] == [
        f"a.{ending}: {where} has the author “{name.words}”"
    ]
    assert notes == []


def test_file_names_are_searched(tmp_path: Path) -> None:
    """A file that is called after an author is told, whatever it holds."""
    path = tmp_path / "zimmerwald.txt"
    path.write_text("nothing")
    family = Name("Zimmerwald", "family name", is_word=True)
    faults, _ = search(tmp_path, [path], [family], cited=[])
    assert [str(fault).partition(";")[0] for fault in faults] == [
        "zimmerwald.txt: file name has the family name “Zimmerwald”"
    ]


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("Ada Zimmerwald", "by ADA\nZimmer-\nwald and others", 1),
        ("D’Amelio", "as D'Amelio and D’Amelio found", 2),
        ("Müller", "Muller, MUELLER and Mu\u0308ller", 3),
        ("Mueller", "Müller et al.", 1),
        ("Sørlie", "Sorlie and SOERLIE", 2),
        ("Ångström", "Aangstroem or Angstrom", 2),
        ("Gæde", "Gaede", 1),
        ("Łuczak", "Luczak", 1),
        ("Groß", "Gross and GROSS", 2),
        ("Đorđević-Žižek", "Dordevic\u2010Zizek", 1),
        ("Holm", "Hol\u00adm and Hol\u200bm", 2),
        ("Li", "little by little, Lithium", 0),
        ("ada@zimmerwald.example", "write to ada@zimmerwald.example.", 1),
    ],
)
def test_signs_accents_and_lines_do_not_hide_a_name(name: str, text: str, count: int) -> None:
    """A name is found across a hyphenated line, with other quotes and without accents."""
    assert hits(name, text) == count


def test_a_family_name_is_no_common_word() -> None:
    """Rose is an author, "rose" is what strength did."""
    assert hits("Rose", "strength rose", fold=False) == 0
    assert hits("Rose", "as Rose found", fold=False) == 1


@pytest.mark.parametrize(
    ("letters", "text", "count"),
    [
        ("JDS", "J.D.S. and J. D. S. performed; JDS read", 3),
        ("JDS", "AJDS, JDSA, J.D.Smith, jds", 0),
        ("AZ", "A.Z. read", 1),
        ("AZ", "AZ, azathioprine, vitamin A; Z.", 0),
        ("AB", "read by AB and CD, then by both AB and CD", 2),
        ("CD", "read by AB and CD; AB, EFG, and CD; CD/AB; AB & CD", 4),
        ("AB", "Read by AB.", 1),
        ("AB", "AB & CD read", 1),
        ("AB", "CD and AB read", 1),
        ("AB", "two readers (AB, C. D.) and a third [AB]", 2),
        ("AB", "blood group AB was, AB0, (AB-positive by CAB)", 0),
    ],
)
def test_initials_are_found_where_they_are_no_other_word(
    letters: str, text: str, count: int
) -> None:
    """With stops always; without, two letters in brackets, after by and beside others."""
    assert initial_hits(letters, text) == count


def test_an_author_is_known_by_many_words() -> None:
    """Name, initials, city, short name of the hospital, domain of the e-mail; not the country."""
    author = {
        "name": {"literal": "Jane D. Smith", "family": "Smith", "given": "Jane D."},
        "email": "jane@ukc.example",
    }
    place = {"name": "University Clinic Celje (UKC)", "city": "Ljubljana", "country": "Slovenia"}
    names = names_of([author], [place], [])
    assert {(name.words, name.is_word) for name in names} >= {
        ("Jane D. Smith", False), ("Smith Jane D.", False), ("Smith", True), ("JDS", True),
        ("Smith JD", True), ("jane@ukc.example", False), ("ukc.example", False),
        ("University Clinic Celje", False), ("UKC", True), ("UCC", True), ("Ljubljana", True),
    }  # fmt: skip
    assert not any("Slovenia" in name.words for name in names)
    waiting = {"literal": "[Authors: to be completed]", "family": "to be completed]", "given": "A"}
    assert names_of([{"name": waiting}], [{"city": "[To be completed]"}], []) == ()


def test_given_names_and_halves_of_a_double_name_are_looked_for() -> None:
    """A particle, a short given name and a name of one word have none."""
    authors = [
        {"name": {"literal": "Ada van der Berg", "family": "Berg", "given": "Ada",
                  "non-dropping-particle": "van der"}},
        {"name": {"literal": "Anna M. Garcia-Lorca", "family": "Garcia-Lorca", "given": "Anna M."}},
    ]  # fmt: skip
    names = names_of(authors, [], [])
    said = {(name.words, name.what) for name in names if name.what in (PART, GIVEN, INITIALS)}
    assert said == {
        ("AVDB", INITIALS), ("AB", INITIALS), ("Garcia", PART), ("Lorca", PART), ("Anna", GIVEN),
        ("AMGL", INITIALS), ("AMG", INITIALS), ("AML", INITIALS), ("AGL", INITIALS),
        ("AG", INITIALS), ("AL", INITIALS),
    }  # fmt: skip


def test_half_a_name_is_a_fault_unless_a_cited_work_has_it(tmp_path: Path) -> None:
    """As with a family name; the whole name is told once, and where it may stand its halves may."""
    path = tmp_path / "a.txt"
    names = names_of([{"name": {"literal": "Anna Garcia-Lorca", "family": "Garcia-Lorca",
                                "given": "Anna"}}], [], [])  # fmt: skip
    path.write_text("Lorca read it, Anna counted")
    said = "a.txt: text has the"
    faults, _ = search(tmp_path, [path], names, cited=[])
    assert [str(fault).partition(";")[0] for fault in faults] == [
        f"{said} given name “Anna”", f"{said} part of the family name “Lorca”",
    ]  # fmt: skip
    faults, notes = search(tmp_path, [path], names, cited=["Anna", "Lorca-Perez"])
    assert (faults, len(notes)) == ([], 2)
    path.write_text("as Garcia-Lorca found")
    faults, _ = search(tmp_path, [path], names, cited=[])
    assert [str(fault).partition(";")[0] for fault in faults] == [
        f"{said} family name “Garcia-Lorca”"
    ]
    entry = Allowed("Garcia-Lorca", "a sign of another", "declarations.yml:3")
    assert search(tmp_path, [path], names, cited=[], allowed=[entry])[0] == []
    path.write_text("as Garcia-Lorca found, Lorca read")
    faults, _ = search(tmp_path, [path], names, cited=[], allowed=[entry])
    assert [str(fault).partition(";")[0] for fault in faults] == [
        f"{said} part of the family name “Lorca”"
    ]


def test_an_abbreviation_of_the_article_is_nobody(tmp_path: Path) -> None:
    """Initials that the article explains are found with their stops alone, others as ever."""
    path = tmp_path / "a.txt"
    author = {"name": {"literal": "Paul Moser", "family": "Moser", "given": "Paul"}}
    path.write_text("polymyositis (PM)")
    assert len(search(tmp_path, [path], names_of([author], [], []), cited=[])[0]) == 1
    names = names_of([author], [], [], explained={"PM"})
    assert search(tmp_path, [path], names, cited=[]) == ([], [])
    path.write_text("read by P.M.")
    assert len(search(tmp_path, [path], names, cited=[])[0]) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("of creatine kinase (CK) and polymyositis (PM), by inclusion body\nmyositis (IBM).",
         {"CK", "PM", "IBM"}),
        ("intravenous immunoglobulin (IVIg); the upper limit of normal (ULN)", {"IVIg", "ULN"}),
        ("SD, standard deviation; PM, polymyositis; DM = dermatomyositis.", {"SD", "PM", "DM"}),
        ("two readers (AB, CD), a senior rheumatologist (SR), the second author (SA)", set()),
        ("read by AB, a blinded rater. It was so (PM).", set()),
    ],
)  # fmt: skip
def test_an_abbreviation_is_explained_by_its_words(text: str, found: set[str]) -> None:
    """In brackets behind them or before them in a legend; letters behind a person are initials."""
    assert defined(text) == found


ETHICS = (
    "Approved by the Ethics Committee of Ljubljana (no. KME 45/12/2019, [date]), as the "
    "Declaration of Helsinki wants, in May 2019. The Mount Everest Foundation of Nepal paid (grant "
    "310030_204285, for 2019-2021); ask Dr. Rosa Weiss at St. Gallen I, +41 31 632 21 11. "
    "COVID-19. Formal Analysis by A.Z."
)


def test_an_answer_that_identifies_is_searched_by_its_names_and_numbers() -> None:
    """Not what many declare, years, and the country of an affiliation."""
    entry = Declaration("ethics", "Which?", ETHICS, True, "declarations.yml:1")
    names = names_of([], [{"city": "Bern", "country": "Nepal"}], [entry])
    assert [name.words for name in names if name.what == "words of ethics"] == [
        "Ethics Committee of Ljubljana", "Ljubljana", "Mount Everest Foundation of Nepal",
        "Mount Everest Foundation", "Rosa Weiss", "St Gallen I", "St Gallen",
    ]  # fmt: skip
    assert [name.words for name in names if name.what == "number in ethics"] == [
        "KME 45/12/2019", "45/12/2019", "310030_204285", "+41 31 632 21 11",
    ]  # fmt: skip
    assert names_of([], [], [replace(entry, identifies=False)]) == ()


@pytest.mark.parametrize(
    ("text", "count"),
    [("of Ljubljana", 1), ("KME 45/12/\n2019", 1), ("kme-45/12/2019", 1), ("345/12/2019", 0),
     ("the Ethics Committee agreed, by the Declaration of Helsinki", 0)],
)  # fmt: skip
def test_a_detail_of_an_answer_is_a_fault(text: str, count: int, tmp_path: Path) -> None:
    """However a number is broken or hyphenated; a longer number is another one."""
    path = tmp_path / "a.txt"
    path.write_text(text)
    names = names_of([], [], [Declaration("ethics", "Which?", ETHICS, True, "declarations.yml:1")])
    assert len(search(tmp_path, [path], names, cited=[])[0]) == count


def test_a_fault_says_where_the_words_are_written(tmp_path: Path) -> None:
    """Lines of document, letter, code and printed answers; not of authors and what is withheld."""
    for name, text in {
        "paper.qmd": "---\nauthor:\n- name: Ada Zimmerwald\n\n  city: Bern\ntitle: Of Bern\n---\n\n"
                     "In Bern.\n",
        "study.py": "# Bern\nlabel = 'Bern'\n", "tests/a.py": "'Bern'\n",
        "declarations.yml": "a:\n  text: Of Bern.\nb:\n  text: Of Bern.\n  identifies: true\n",
        "response.qmd": "We\nof Bern\n",
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    sources = read_sources(tmp_path, ["paper.qmd"], tmp_path / "data")
    path = tmp_path / "a.txt"
    path.write_text("Bern and Holm")
    names = [Name("Bern", "city", is_word=True), HOLM]
    faults, _ = search(tmp_path, [path], names, cited=[], sources=sources)
    where = "paper.qmd:6, paper.qmd:9, response.qmd:2, declarations.yml:1, study.py:2"
    way = "or, where it means something else, say so under blinding in declarations.yml"
    assert [str(fault) for fault in faults] == [
        f"a.txt: text has the city “Bern”; take it out of {where} {way}",
        f"a.txt: text has the family name “Holm”; take it out of what it is made from {way}",
    ]


def test_a_fault_names_the_document_of_its_file_first(tmp_path: Path) -> None:
    """Then what both are made from, the data's description too; of the other document nothing."""
    tree, data, package = tmp_path / "tree", tmp_path / "cut", tmp_path / "package"
    for file, text in {
        tree / "paper.qmd": "\nIn Bern.\n", tree / "more.qmd": "\n\nIn Bern.\n",
        tree / "response.qmd": "In Bern.\n", tree / "claims.yml": "Bern\n",
        data / "datapackage.json": '{"provenance": {\n"description": "Of Bern."}}\n',
        **dict.fromkeys((package / name for name in (
            "2-manuscript-blinded.txt", "3-manuscript-blinded-marked-up.txt",
            "3-response-blinded.txt", "5-more-blinded.txt")), "Bern"),
    }.items():  # fmt: skip
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    documents = ["paper.qmd", "more.qmd"]
    sources = read_sources(tree, documents, data)
    faults, _ = search(
        package, sorted(package.iterdir()), [Name("Bern", "city", is_word=True)], cited=[],
        sources=sources, documents=sources_of(documents),
    )  # fmt: skip
    both = f"claims.yml:1, {data / 'datapackage.json'}:2"
    assert [fault.text.partition("out of ")[2].partition(" or,")[0] for fault in faults] == [
        f"paper.qmd:2, {both}",
        f"paper.qmd:2, {both}",
        f"paper.qmd:2, more.qmd:3, response.qmd:1, {both}",
        f"more.qmd:3, {both}",
    ]


def test_a_word_in_a_link_is_found_in_any_case(tmp_path: Path) -> None:
    """A family name or a city is small in an address."""
    path = tmp_path / "a.txt"
    path.write_text("the holm of a river; see https://holm.example/data")
    assert [fault.place for fault in search(tmp_path, [path], [HOLM], cited=[])[0]] == ["a.txt"]
    path.write_text("the holm of a river")
    assert search(tmp_path, [path], [HOLM], cited=[]) == ([], [])


@pytest.mark.parametrize("family", ["Title", "Normal", "Light", "Body", "Heading", "List"])
def test_names_of_styles_are_no_authors(family: str, tmp_path: Path) -> None:
    """What the reference document calls its styles is not told; an author's full name there is."""
    reference = ROOT / "journal" / "reference.docx"
    path = tmp_path / "a.docx"
    path.write_bytes(reference.read_bytes())
    look = read_look(reference)
    name = Name(family, FAMILY, is_word=True)
    document = docx.Document(str(path))
    for paragraph in list(document.paragraphs):
        paragraph._element.getparent().remove(paragraph._element)
    document.add_paragraph("Words", style="Title")
    document.save(str(path))
    assert search(tmp_path, [path], [name], cited=[], made=look) == ([], [])
    whole = Name("Body Text", "author")
    faults, _ = search(tmp_path, [path], [whole], cited=[], made=look)
    assert [str(fault).partition(" has")[0] for fault in faults] == ["a.docx: word/styles.xml"]
    document.styles.add_style(f"Of {family}", 1)
    document.save(str(path))
    faults, _ = search(tmp_path, [path], [name], cited=[], made=look)
    assert [str(fault).partition(" has")[0] for fault in faults] == ["a.docx: word/styles.xml"]


def test_what_is_declared_may_stand_and_is_told(tmp_path: Path) -> None:
    """The method of another Holm stands, with its reason and every place in the notes."""
    path = tmp_path / "a.txt"
    path.write_text("by Holm's method")
    entry = Allowed("Holm", "the method of another Holm", "declarations.yml:3")
    faults, notes = search(tmp_path, [path], [HOLM, ADA], cited=[], allowed=[entry])
    assert faults == []
    assert notes == [
        "declarations.yml:3: “Holm” is let stand in what reviewers get, because: the method of "
        "another Holm; it stands in: a.txt (text)"
    ]
    longer = Allowed("Holm P", "the value of his test", "declarations.yml:5")
    both = [HOLM, Name("Holm P", "name with initials", is_word=True)]
    path.write_text("by Holm P, and as Holm says")
    faults, _ = search(tmp_path, [path], both, cited=[], allowed=[longer])
    assert [str(fault).partition(";")[0] for fault in faults] == [
        "a.txt: text has the family name “Holm”"
    ]
    path.write_text("by Holm's method, as Ada Zimmerwald says")
    faults, _ = search(tmp_path, [path], [HOLM, ADA], cited=[], allowed=[entry])
    assert [str(fault).partition(";")[0] for fault in faults] == [
        "a.txt: text has the author “Ada Zimmerwald”"
    ]


def test_full_names_and_addresses_have_no_exception() -> None:
    """Neither has what is no name of an author."""
    names = [ADA, HOLM, Name("ada@zimmerwald.example", "email"),
             Name("0000-0002-1825-0097", "orcid"), Name("ADZ", INITIALS, is_word=True)]  # fmt: skip
    words = ("Holm", "A.D.Z.", "Ada Zimmerwald", "ada zimmerwald", "ada@zimmerwald.example",
             "0000-0002-1825-0097", "holm", "Nobody")  # fmt: skip
    allowed = [Allowed(said, "why not", f"declarations.yml:{i}") for i, said in enumerate(words)]
    assert [fault.place for fault in check_allowed(allowed, names)] == [
        f"declarations.yml:{i}" for i in range(2, 8)
    ]


def test_exceptions_are_read_from_the_declarations(tmp_path: Path) -> None:
    """Each needs words and a reason; none of them is a declaration."""
    file = tmp_path / "declarations.yml"
    text = "funding:\n  about: Who?\nblinding:\n  allowed:\n    - words: Holm\n"
    file.write_text(f"{text}      because: it is\n        a method\n    - words: Page\n")
    allowed, faults = read_allowed(tmp_path)
    assert allowed == (Allowed("Holm", "it is a method", "declarations.yml:5"),)
    assert [fault.place for fault in faults] == ["declarations.yml:8"]
    assert read_declared(tmp_path) == (
        Declaration("funding", "Who?", None, False, "declarations.yml:1"),
    )
    file.write_text("blinding: [Holm]\n")
    assert [type(fault) for fault in read_allowed(tmp_path)[1]] == [Fault]


def test_reviewers_may_name_an_author_and_answers_not(tmp_path: Path) -> None:
    """A comment's own words are told and stay; the same name once more is a fault."""
    path = tmp_path / "3-response-blinded.txt"
    comment = Comment("reviews.yml:3", "R1.1", "As Ada Zimmerwald has published?")
    path.write_text(comment.words)
    faults, notes = search(tmp_path, [path], [ADA], cited=[], comments=[comment])
    assert faults == []
    assert notes == ["reviews.yml:3: R1.1 has the author “Ada Zimmerwald”; the letter gives it, as "
                     "the reviewer's own words"]  # fmt: skip
    path.write_text(f"{comment.words} Ada Zimmerwald has.")
    assert len(search(tmp_path, [path], [ADA], cited=[], comments=[comment])[0]) == 1
    other = path.rename(tmp_path / "2-manuscript-blinded.txt")
    assert len(search(tmp_path, [other], [ADA], cited=[], comments=[comment])[0]) == 1


@pytest.mark.parametrize(("letters", "text"), [("SÅM", "SÅM examined"), ("ÉN", "É.N. read it")])
def test_initials_with_accents_are_found(letters: str, text: str) -> None:
    """Accents of the initials and of the text are taken off alike."""
    assert initial_hits(letters, text) == 1
