"""Where a page shows a number: section, sentence, table cell, caption, alternative text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from press.compare.figures import compare_figures, drawings, in_alternative_texts
from press.compare.phrases import what_of
from press.compare.receipts import Changed
from press.compare.shown import Page, read_page, where_shown
from press.results import Receipt
from tests.press.compare.repositories import receipt

PAGE = """\
<html><body>
<h1 class="title">A paper of <span class="value" data-key="n">6</span></h1>
<main>
<h1>Results</h1>
<h2>Strength</h2>
<p>As Smith et al. say of <span class="value" data-key="s.n">4</span>, it rose.
<span class="value" data-key="r.n">5</span> rose.
<span class="claim" data-key="claim.rose">It rose by
<span class="value" data-key="a.mean">+8.0</span> points.</span> Nobody fell: <span
class="value" data-key="n">6</span> of <span class="value" data-key="n">6</span>.</p>
<div id="tbl-all"><figure><figcaption>Table 2: Of <span class="value" data-key="n">6</span>
patients.</figcaption>
<table><thead><tr><th>What</th><th colspan="2">Change</th><th>P</th></tr></thead><tbody>
<tr><td>Sex</td><td></td><td></td><td></td></tr>
<tr><td>\N{NO-BREAK SPACE}female</td><td>1</td><td>2</td>
<td><span class="value" data-key="f.p_value">0.02</span></td></tr>
<tr><td>\N{NO-BREAK SPACE}male</td><td>1</td>
<td><span class="value" data-key="m.mean">5</span> (3)</td><td>4</td></tr>
<tr><td>Both</td><td colspan="2">9</td><td><span class="value" data-key="b.n">7</span></td></tr>
</tbody></table></figure></div>
<h1>Discussion</h1>
<div id="fig-one"><p><img src="data:image/svg+xml;base64,PHN2Zy8+" alt="A rise of {rise}."></p>
<figcaption>Figure 1: A rise.</figcaption></div>
<p>It rose by <span class="value" data-key="a.mean">+8.0</span>.</p>
</main></body></html>
"""


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """The page above, read."""
    path = tmp_path / "paper.html"
    path.write_text(PAGE.format(rise="8.0"), encoding="utf-8")
    return read_page(path)


def places(page: Page, id: str) -> list[tuple[object, ...]]:
    """Everything of a place but the document and the line."""
    return [(p.section, p.kind, p.label, p.target, p.where, p.text) for p in page.shown.get(id, ())]


def test_a_number_in_prose_has_its_headings_and_its_sentence(page: Page) -> None:
    """An abbreviation ends no sentence; two mentions in one sentence are one place."""
    section = ("Results", "Strength")
    assert places(page, "a.mean") == [
        (section, "sentence", "", "", "", "It rose by +8.0 points."),
        (("Discussion",), "sentence", "", "", "", "It rose by +8.0."),
    ]
    assert [place[-1] for id in ("s.n", "r.n") for place in places(page, id)] == [
        "As Smith et al. say of 4, it rose.",
        "5 rose.",
    ]
    assert places(page, "claim.rose") == [places(page, "a.mean")[0]]
    assert places(page, "n") == [
        ((), "sentence", "", "", "", "A paper of 6"),
        (section, "sentence", "", "", "", "Nobody fell: 6 of 6."),
        (section, "caption", "Table 2", "tbl-all", "", "Table 2: Of 6 patients."),
    ]


def test_a_number_in_a_table_has_its_row_and_column(page: Page) -> None:
    """The row is named below its group, the column by the head over it, which may span two."""
    section = ("Results", "Strength")
    where = "row Sex > female, column P"
    assert places(page, "f.p_value") == [(section, "cell", "Table 2", "tbl-all", where, "0.02")]
    assert places(page, "b.n")[0][-2] == "row Both, column P"
    where = "row Sex > male, column Change"
    assert places(page, "m.mean") == [(section, "cell", "Table 2", "tbl-all", where, "5 (3)")]


def test_a_place_reads_as_a_line(page: Page) -> None:
    """Document, headings, label, row and column, and the words."""
    (place,) = page.shown["f.p_value"]
    assert str(place) == (
        "paper, Results > Strength, Table 2, row Sex > female, column P: shows “0.02”"
    )
    assert str(page.shown["n"][0]) == "paper, title block: “A paper of 6”"


def test_a_figure_has_its_words_and_its_drawing(page: Page) -> None:
    """The image is decoded from the page."""
    (figure,) = page.figures
    assert (figure.label, figure.target, figure.section) == ("Figure 1", "fig-one", ("Discussion",))
    assert (figure.caption, figure.alt) == ("Figure 1: A rise.", "A rise of 8.0.")
    assert (figure.media_type, figure.image) == ("image/svg+xml", b"<svg/>")


def test_an_alternative_text_is_traced_by_what_stands_opposite(page: Page, tmp_path: Path) -> None:
    """A number that moved like no other is in it; of two that moved alike one, and none is named.

    That one of them is shown beside the figure says nothing of the figure.
    """
    path = tmp_path / "new" / "paper.html"
    path.parent.mkdir()
    path.write_text(PAGE.format(rise="7.5"), encoding="utf-8")
    key = ("paper", "fig-one", 0)
    changes = compare_figures({key: page.figures[0]}, {key: read_page(path).figures[0]})
    assert [(of.figure.label, of.parts) for of in changes] == [("Figure 1", ("alternative text",))]
    moved = [
        Changed(Receipt(**receipt(id, 8.0, "8.0")), Receipt(**receipt(id, 7.5, "7.5")))
        for id in ("a.mean", "other")
    ]
    ((id, (place,)),) = in_alternative_texts(changes, moved[:1]).items()
    assert (id, place.text, place.one_of, place.is_certain) == (
        "a.mean",
        "A rise of 7.5.",
        (),
        True,
    )
    found = in_alternative_texts(changes, moved)
    assert {id: [place.one_of for place in places] for id, places in found.items()} == {
        "a.mean": [("a.mean", "other")],
        "other": [("a.mean", "other")],
    }
    (unsure,) = found["other"]
    assert not unsure.is_certain
    assert str(unsure) == (
        "paper, Discussion, Figure 1, alternative text, one of 2 numbers that moved alike: "
        "“A rise of 7.5.”"
    )


def test_what_only_the_old_page_shows_is_gone(page: Page) -> None:
    """Its place is that of the old page; without a new page nothing is known to be gone."""
    left = Page({"n": page.shown["n"]}, (), "")
    found = where_shown(["n", "a.mean", "none"], [page], [left])
    assert [place.is_gone for places in found.values() for place in places] == [False] * 3 + [
        True
    ] * 2
    assert list(found) == ["n", "a.mean"]
    assert str(found["a.mean"][1]) == "paper, Discussion, no longer shown: “It rose by +8.0.”"
    assert where_shown(["n"], [page], []) == {}
    assert [place.is_gone for place in where_shown(["n"], [], [page])["n"]] == [False] * 3


def test_a_cell_has_its_old_text_where_it_is_known(page: Page, tmp_path: Path) -> None:
    """Not where it is the same, nor where two rows of one name leave it open."""
    path = tmp_path / "new" / "paper.html"
    path.parent.mkdir()
    new = PAGE.replace('"m.mean">5<', '"m.mean">4<')
    path.write_text(new, encoding="utf-8")
    found = where_shown(["m.mean", "b.n"], [page], [read_page(path)])
    assert [place.before for places in found.values() for place in places] == ["5 (3)", ""]
    assert str(found["m.mean"][0]).endswith("column Change: shows “4 (3)”, before “5 (3)”")
    row = next(line for line in PAGE.splitlines() if line.startswith("<tr><td>Both"))
    path.write_text(new.replace(row, row.replace("7<", "8<") + "\n" + row), encoding="utf-8")
    (first, second) = where_shown(["b.n"], [page], [read_page(path)])["b.n"]
    assert (first.text, first.before, second.text, second.before) == ("8", "", "7", "")


def test_a_figure_may_be_new_or_gone(page: Page) -> None:
    """What is gone is named as it was."""
    key, figure = ("paper", "fig-one", 0), page.figures[0]
    (new,), (gone,) = compare_figures({}, {key: figure}), compare_figures({key: figure}, {})
    assert (new.old, new.figure, gone.new, gone.figure) == (None, figure, None, figure)
    assert compare_figures({key: figure}, {key: figure}) == ()


def test_a_figure_that_has_another_number_is_renumbered(page: Page) -> None:
    """Its caption begins with the number, and is the same."""
    key, figure = ("paper", "fig-one", 0), page.figures[0]
    old = replace(figure, label="Figure 2", caption="Figure 2: A rise.")
    (change,) = compare_figures({key: old}, {key: figure})
    assert (change.parts, what_of(change)) == (("label",), "renumbered: it was Figure 2")
    (change,) = compare_figures({key: replace(old, caption="Figure 2: A fall.")}, {key: figure})
    assert what_of(change) == "changed: label, caption"


def test_a_picture_without_a_label_is_compared(tmp_path: Path) -> None:
    """Of two pictures outside of figures the second is replaced, and another comes before both."""
    image = '<p><img alt="A biopsy" src="data:image/png;base64,{}"></p>'
    read = []
    for pictures in (("AAAA", "AAAB"), ("AAAD", "AAAA", "AAAC")):
        body = "".join(map(image.format, pictures))
        path = tmp_path / "paper.html"
        path.write_text(f"<html><body><img src='logo'><main>{body}</main></body></html>")
        read.append(drawings([read_page(path)]))
    assert [(of.figure.label, what_of(of)) for of in compare_figures(*read)] == [
        ("a picture without a label", "changed: drawing"),
        ("a picture without a label", "new"),
    ]
    assert compare_figures(read[0], read[0]) == ()


def test_each_drawing_of_a_figure_is_compared(tmp_path: Path) -> None:
    """Two in one figure, of which the first changed, and one in the cell of a table."""
    image = '<img alt="" src="data:image/svg+xml;base64,{}">'
    same, other = image.format("PHN2Zy8+"), image.format("PHN2Zz48L3N2Zz4=")
    read = []
    for first in (same, other):
        path = tmp_path / "paper.html"
        body = f'<div id="fig-a">{first}{same}</div><div id="tbl-a"><table><tr><td>{first}</td>'
        path.write_text(f"<html><body><main>{body}</tr></table></div></main></body></html>")
        read.append(drawings([read_page(path)]))
    assert [of.figure.target for of in compare_figures(*read)] == ["fig-a", "tbl-a"]
