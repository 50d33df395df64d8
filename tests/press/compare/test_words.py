"""Expected changes are read off the two pages that each test writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from press.compare import likeness
from press.compare.fragment import to_html
from press.compare.words import Block, Words, compare_words
from press.errors import PressError

PLAIN = "<p>A paragraph that stays where it is.</p>"


def compare(old: str, new: str, folder: Path) -> Words:
    """The comparison of two articles given by what is in them."""
    paths = folder / "old.html", folder / "new.html"
    for path, body in zip(paths, (old, new), strict=True):
        path.write_text(f"<html><body><main>{body}</main></body></html>", encoding="utf-8")
    return compare_words(*paths)


def marked(block: Block) -> str:
    """A block's words, deleted ones in [-…-], inserted ones in {+…+}."""
    signs = {"": ("", ""), "del": ("[-", "-]"), "ins": ("{+", "+}")}
    return "".join(piece.text.join(signs[piece.kind]) for piece in block.pieces)


def table(*rows: str) -> str:
    """A table whose first row is its head; cells are parted by blanks."""
    head, *body = ["".join(f"<td>{cell}</td>" for cell in row.split()) for row in rows]
    lines = "".join(f"<tr>{line}</tr>" for line in body)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("+8.0 to \u22124.6", "+8.0| |to| |\u22124.6"),
        ("(54% to 100%)", "(|54%| |to| |100%|)"),
        ("10-20", "10|-|20"),
        ("naïve µmol/L", "naïve| |µmol|/|L"),
        ("P\u00a0<\u00a00.001;", "P|\u00a0|<|\u00a0|0.001|;"),
    ],
)
def test_a_number_is_one_word(text: str, words: str) -> None:
    """Sign, decimals and per cent belong to a number; a dash between two numbers to neither."""
    assert "|".join(likeness.words(text)) == words


def test_numbers_are_replaced_whole(tmp_path: Path) -> None:
    """Each number that moved is one replacement, and what stands between them is not touched."""
    words = compare("<p>It was <b>+8</b>.0 (95% CI +4.6 to +11.4).</p>",
                    "<p>It was +7.4 (95% CI +4.6 to +10.9).</p>", tmp_path)  # fmt: skip
    assert [block.state for block in words.blocks] == ["changed"]
    expected = "It was [-+8.0-]{++7.4+} (95% CI +4.6 to [-+11.4-]{++10.9+})."
    assert marked(words.blocks[0]) == expected


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("10<sup>9</sup>/L", "109/L", "<del>10<sup>9</sup></del> <ins>109</ins>/L"),
        (
            "10<sup>9</sup>/L",
            "10<sub>9</sub>/L",
            "10<del><sup>9</sup></del> <ins><sub>9</sub></ins>/L",
        ),
        ("d<sub>z</sub>", "d<sup>z</sup>", "d<del><sub>z</sub></del> <ins><sup>z</sup></ins>"),
        (
            'See <a href="http://a.org">it</a>.',
            'See <a href="http://b.org">it</a>.',
            "See <del>it (http://a.org)</del> <ins>it (http://b.org)</ins>.",
        ),
    ],
)
def test_what_is_raised_lowered_or_linked_is_another_word(
    tmp_path: Path, old: str, new: str, shown: str
) -> None:
    """Ten to the ninth is not one hundred and nine, and the page shows both as they are."""
    words = compare(f"<p>Here it was {old}</p>", f"<p>Here it was {new}</p>", tmp_path)
    assert [block.state for block in words.blocks] == ["changed"]
    page = html.fromstring(to_html(words))
    for hidden in page.find_class("visually-hidden"):
        hidden.drop_tree()
    (paragraph,) = (p for p in page.iter("p") if not p.get("class"))
    assert html.tostring(paragraph, encoding="unicode").strip() == f"<p>Here it was {shown}</p>"


@pytest.mark.parametrize(
    "text",
    [
        "<dl><dt>{}</dt><dd>defined</dd></dl>",
        "<dl><dt>term</dt><dd>{}<ul><li>one</li></ul></dd></dl>",
        "<pre><code>{}</code></pre>",
        '<div class="line-block">{}<br />two</div>',
        "<blockquote><p>{}</p></blockquote>",
        "<ul><li>{}<ul><li>one</li></ul></li></ul>",
        "<ul><li>one<ul><li>{}</li></ul></li></ul>",
        "<div>{}<p>A paragraph.</p></div>",
        "<div><em>{}</em><p>A paragraph.</p></div>",
        "<table><caption>{}</caption><tr><td>1</td></tr></table>",
        '<table><tr><td>1 <img src="a.png" alt="{}"></td></tr></table>',
    ],
)
def test_text_is_read_wherever_it_stands(tmp_path: Path, text: str) -> None:
    """Text of terms, code, items, captions, pictures in cells and more is compared by word."""
    words = compare(PLAIN + text.format("alpha words"), PLAIN + text.format("beta words"), tmp_path)
    (block,) = (block for block in words.blocks if block.state != "unchanged")
    assert "[-alpha-]{+beta+} words" in marked(block)


def test_a_moved_paragraph_is_one_block(tmp_path: Path) -> None:
    """A paragraph that moved is said once, with where it came from and that a word changed."""
    moving = "<p>The paragraph moves from one section to another section.</p>"
    old = f"<h1>First</h1>{moving}{PLAIN}<h1>Second</h1>{PLAIN.replace('stays', 'rests')}"
    new = f"<h1>First</h1>{PLAIN}<h1>Second</h1>{PLAIN.replace('stays', 'rests')}"
    new += moving.replace("another", "some other")
    words = compare(old, new, tmp_path)
    moved = [block for block in words.blocks if block.state != "unchanged"]
    assert [(b.state, b.path, b.came_from) for b in moved] == [
        ("moved and changed", ("Second",), ("First",))
    ]
    assert '<p class="state">Paragraph moved and changed here from First</p>' in to_html(words)
    assert "[-another-]{+some other+}" in marked(moved[0])


def test_a_heading_on_another_level_is_changed(tmp_path: Path) -> None:
    """The page says from which level below the title to which; the words are the same."""
    words = compare(f"<h3>Treatment</h3>{PLAIN}", f"<h4>Treatment</h4>{PLAIN}", tmp_path)
    assert [(b.state, b.levels) for b in words.blocks] == [("changed", (2, 3)), ("unchanged", None)]
    assert '<p class="state">Heading changed: level 2 \u2192 3</p>' in to_html(words)


@pytest.mark.parametrize(
    ("new", "states"),
    [
        ("<h2>Treatment</h2>{0}<h2>Patients</h2>", ["changed: [-Setting-]{+Treatment+}"]),
        (
            "{0}<h2>Treatment</h2><h2>Patients</h2>",
            ["deleted: [-Setting-]", "inserted: {+Treatment+}"],
        ),
        ("<h2>Setting</h2>{0}<h2>Treatment</h2>", ["changed: [-Patients-]{+Treatment+}"]),
    ],
)
def test_a_heading_in_the_place_of_another_is_that_one_changed(
    tmp_path: Path, new: str, states: list[str]
) -> None:
    """Between the same neighbours, also where the two share no word; elsewhere it is another."""
    old = f"<p>Before it.</p><h2>Setting</h2>{PLAIN}<h2>Patients</h2>"
    words = compare(old, f"<p>Before it.</p>{new.format(PLAIN)}", tmp_path)
    changed = [block for block in words.blocks if block.state != "unchanged"]
    assert [f"{block.state}: {marked(block)}" for block in changed] == states


def test_renumbered_references_are_said_once(tmp_path: Path) -> None:
    """Citations of the same works are equal whatever their numbers; the new ones are said once."""
    cite = '<p>Shown <span class="citation" data-cites="{}">[{}]</span>.</p>'
    numbers = '<a href="#ref-{}">1</a>,<a href="#ref-{}">2</a>'
    entry = ('<div class="csl-entry" id="ref-{0}"><div class="csl-left-margin">{1}. </div>'
             '<div class="csl-right-inline">The work of {0}.</div></div>')  # fmt: skip
    old = cite.format("a b", numbers.format("a", "b")) + entry.format("a", 1) + entry.format("b", 2)
    new = cite.format("b a", numbers.format("b", "a")) + entry.format("b", 1) + entry.format("a", 2)
    words = compare(old, new, tmp_path)
    assert {block.state for block in words.blocks} == {"unchanged"}
    assert words.renumbered == ("References renumbered: 2 is now 1; 1 is now 2.",)


def test_citations_in_another_style_are_said_once(tmp_path: Path) -> None:
    """Author and year for numbers, round brackets for square ones; no number is now nothing."""
    cite = (
        '<p>Shown <span class="citation" data-cites="{0}">{2}<a href="#ref-{0}">{1}</a>{3}</span>'
    )
    entry = (
        '<div class="csl-entry" id="ref-a">{}<div class="csl-right-inline">The work.</div></div>'
    )
    margin = '<div class="csl-left-margin">{}. </div>'
    old = cite.format("a", 1, "[", "]") * 2 + entry.format(margin.format(1))
    named = cite.format("a", "Clopper 1934", "(", ")") * 2 + entry.format("")
    round_ = cite.format("a", 2, "(", ")") * 2 + entry.format(margin.format(2))
    said = "Citations are printed otherwise (2 places)."
    assert compare(old, named, tmp_path).renumbered == (said,)
    assert compare(old, round_, tmp_path).renumbered == (
        "References renumbered: 1 is now 2.",
        said,
    )


def test_another_work_cited_is_a_change(tmp_path: Path) -> None:
    """A citation of another work is a change even where the number is the same."""
    cite = '<p>It was shown <span class="citation" data-cites="{}">[1]</span>.</p>'
    words = compare(cite.format("a"), cite.format("b"), tmp_path)
    assert marked(words.blocks[0]) == "It was shown [-[1]-]{+[1]+}."


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("[as in @a]", "[unlike @a]", "[-[as in 7]-]{+[unlike 8]+}"),
        ("[@a]", "[@a, p. 404]", "[-[7]-]{+[8, p. 404]+}"),
        ("[Table #t]", "[Box #t]", "[-Table 7-]{+Box 8+}"),
        ("[@a]", "[@a]", "[8]"),
        ("[see @a]", "[see @a]", "[see 8]"),
        ("[Table #t]", "[Table #t]", "Table 8"),
    ],
)
def test_the_words_beside_a_cited_number_are_compared(
    tmp_path: Path, old: str, new: str, shown: str
) -> None:
    """A citation that says something else is a change, another number alone is none."""

    def page(said: str, number: int) -> str:
        if "#t" in said:
            named = said.strip("[]").replace("#t", str(number))
            return f'<p>Shown <a href="#tbl-t" class="quarto-xref">{named}</a>.</p>'
        named = said.replace("@a", f'<a href="#ref-a">{number}</a>')
        return f'<p>Shown <span class="citation" data-cites="a">{named}</span>.</p>'

    (block,) = compare(page(old, 7), page(new, 8), tmp_path).blocks
    assert marked(block) == f"Shown {shown}."
    assert (block.state == "unchanged") == (old == new)


def test_rows_and_columns_are_matched_by_their_heads(tmp_path: Path) -> None:
    """An added row and column leave the other cells what they were; one changed cell is marked."""
    old = table("Outcome Change P", "Strength 8.0 0.002", "CK 0.41 0.014")
    new = table("Outcome n Change P", "Strength 6 7.4 0.002", "LDH 6 0.7 0.1", "CK 6 0.41 0.014")
    block = compare(old, new, tmp_path).blocks[0]
    assert [" ".join(cell.state[:3] for cell in row) for row in block.rows] == [
        "unc ins unc unc",
        "unc ins cha unc",
        "ins ins ins ins",
        "unc ins unc unc",
    ]


def test_a_caption_is_compared_without_its_number(tmp_path: Path) -> None:
    """A figure that has another number is unchanged, and the new number is said once."""
    figure = (
        '<div id="fig-a"><figure><figcaption>Figure {}: The course.</figcaption></figure></div>'
    )
    words = compare(figure.format(1), figure.format(2), tmp_path)
    assert [(block.kind, block.state) for block in words.blocks] == [("caption", "unchanged")]
    assert words.renumbered == ("Tables and figures renumbered: Figure 1 is now Figure 2.",)


def test_the_fragment_says_changes_in_words_too(tmp_path: Path) -> None:
    """Insertions and deletions are elements with hidden words, and text is escaped."""
    page = to_html(compare(f"{PLAIN}<p>P was a.</p>", f"{PLAIN}<p>P was &lt; b.</p>", tmp_path))
    assert '<del><span class="visually-hidden">[deleted: </span>a' in page
    assert '<ins><span class="visually-hidden">[inserted: </span>&lt; b' in page
    assert "<summary>1 unchanged block</summary>" in page


def test_a_page_without_an_article_is_refused(tmp_path: Path) -> None:
    """A page of another make is refused with what is wanted."""
    (tmp_path / "a.html").write_text("<p>Words.</p>", encoding="utf-8")
    with pytest.raises(PressError, match="has no <main>"):
        compare_words(tmp_path / "a.html", tmp_path / "a.html")
