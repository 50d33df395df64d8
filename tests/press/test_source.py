"""The source check: what is typed and not declared is found, with its place and its sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from press.config import read_project
from press.source import check_project
from press.words import words_pattern

from .conftest import SETTINGS, TITLE

MakeProject = Callable[..., Path]
Faults = Callable[..., list[str]]
CLEAN = """\
```{python}
#| label: setup
from analysis import say
```

# Results {#res}

Strength changed by `{python} say.difference("strength.change")` [@known, pp. 33-35], see @tbl-a.
The score adds [six]{.literal reason="movements of the MRC sum score"} movements [from 0 to
5]{.literal reason="grades of the MRC scale"}.
Patients with [anti-Jo-1]{.literal reason="name of an antibody"} were *`{python} say.n`* of all[^1].

[^1]: Not [all]{.literal reason="not a count of patients"} of them; [the table](#tbl-a).

::: {#tbl-a}

| group   | patients        |
|---------|-----------------|
| treated | `{python} say.n` |

The cohort.

:::

::: {#refs}
A reference typed by hand, 2013;1:40-43.
:::
""".replace("of all[^1]", "of them[^1]")


@pytest.fixture
def faults(make_project: MakeProject) -> Faults:
    """A checker of one document's body, whose reference is cited; it gives the faults as lines."""

    def check(body: str, **texts: str) -> list[str]:
        root = make_project(body, **texts)
        (root / "claims.yml").write_text("a: as said [@known].\n", encoding="utf-8")
        return [str(fault) for fault in check_project(read_project(root))]

    return check


def words(faults: list[str]) -> list[str]:
    """The words that are neither computed nor declared."""
    found = (re.search(r'"(.*?)" is neither', fault) for fault in faults)
    return [match[1] for match in found if match]


def test_what_is_computed_cited_or_declared_is_no_fault(make_project: MakeProject) -> None:
    """Inline code, citations with their pages, literals with a reason, the reference list."""
    assert check_project(read_project(make_project(CLEAN))) == []


def test_an_undeclared_6_typed_into_the_prose_is_found(make_project: MakeProject) -> None:
    """The same document with one word more; this fails when the check is off."""
    root = make_project(CLEAN.replace("of them[^1]", "of 6 patients[^1]"))
    (fault,) = check_project(read_project(root))
    assert str(fault) == (
        'paper.qmd:14:93: "6" is neither computed nor declared: '
        "Patients with anti-Jo-1 were … of 6 patients."
    )


def test_a_6_behind_every_word_is_found_where_it_stands(faults: Faults) -> None:
    """Prose, heading, note, cells and caption; each fault's column points at its own 6."""
    body, number = CLEAN, 0
    for old in ("Results", "Strength changed", "adds", "Patients with", "Not", "group  ", "cohort"):
        assert old in body
        body = body.replace(old, old.rstrip() + " 6", 1)
        number += 1
    found = faults(body)
    lines = (TITLE + body).split("\n")
    for fault in found:
        line, column = map(int, fault.split(":")[1:3])
        assert lines[line - 1][column - 1] == "6"
    assert words(found) == ["6"] * number
    assert len({tuple(fault.split(":")[:3]) for fault in found}) == number


@pytest.mark.parametrize(
    ("body", "place", "word"),
    [
        ("# Results in six", "4:14", "six"),
        ("# Six {#six .six}\n\nText.", "4:3", "Six"),
        ("- one\n- **im**proved", "5:5", "improved"),
        ("> quoted\n> half", "5:3", "half"),
        ("Text^[note [a] and 7] and `{python} n`.", "4:20", "7"),
        ("Text[^1] and so on.\n\nMore.\n\n[^1]: So on, in a note, 7.", "8:25", "7"),
        ("Text[^1].\n\n[^1]: So on.\n\nOn and 7 on.", "8:8", "7"),
        ("Escaped \\* and \\[six\\] words", "4:18", "six"),
        ("About 6&nbsp;points", "4:7", "6"),
        ("An entity &#54; here", "4:11", "6"),
        ("[6]{.value key='a' reason='6'}", "4:2", "6"),
        ("[a]{.literal reason='six 6'} then six", "4:35", "six"),
        ("[link six](https://example.org/6 'title')", "4:7", "six"),
        ("[link](https://example.org/6 'title six')", "4:37", "six"),
        ("[six][a]\n\n[a]: https://example.org/six\n\nText and 6.", "8:10", "6"),
        ("![caption 6](page.html)", "4:11", "6"),
        ("![](page.html){fig-alt='all of them'}", "4:25", "all"),
        ("![](page.html){fig-alt='`{python} n` of 7'}", "4:41", "7"),
        ("::: {#a .alt}\nLines rose.\n:::", "5:7", "rose"),
        ("::: {.note title='six'}\nText.\n:::", "4:19", "six"),
        ("| a | b |\n|---|---|\n| n | 6 |\n\n: Caption.", "6:7", "6"),
        ("| a | b |\n|---|---|\n| n | m |\n\n: Caption of 6.", "8:14", "6"),
        ("Table: Of 6.\n\n| a | b |\n|---|---|\n| n | m |", "4:11", "6"),
        ("+---+-----+\n| a | b   |\n| c | six |\n+---+-----+", "6:7", "six"),
        ("| line\n| six", "5:3", "six"),
        ("Term\n:   six", "5:5", "six"),
        ("7. item", "4:1", "7"),
        ("`6` shown", "4:2", "6"),
        ("```\nshown 6\n```", "5:7", "6"),
        ("$p < 0.05$", "4:6", "0.05"),
        ("[see six @tbl-a]\n\n::: {#tbl-a}\n| a |\n|---|\n| b |\n\nText.\n:::", "4:6", "six"),
        ("`{python} n`0 points", "4:13", "0"),
        ("well\ntolerated", "4:1", "well tolerated"),
        ("the *no* difference", "4:6", "no difference"),
        ("[no]{.literal reason='a'} difference", "4:2", "no difference"),
        ("well-tolerated", "4:1", "well-tolerated"),
        ("two-sided", "4:1", "two"),
        ("anti-Jo-1, positive", "4:1", "anti-Jo-1"),
        ("(95%)", "4:2", "95%"),
        ("CD4⁺, ½ or Ⅳ", "4:1", "CD4⁺"),
        ("phase III", "4:7", "III"),
        ("s*ix*", "4:1", "six"),
        ("s\u00adi\u200bx", "4:1", "six"),
        ("SIGNIFICANTLY", "4:1", "SIGNIFICANTLY"),
    ],
)
def test_a_typed_word_is_found_where_it_stands(
    faults: Faults, body: str, place: str, word: str
) -> None:
    """Line 4 is the first of the body; columns are counted from 1."""
    found = [fault for fault in faults(body) if f'"{word}" is neither' in fault]
    assert [fault.split(": ")[0] for fault in found] == [f"paper.qmd:{place}"]


@pytest.mark.parametrize(
    "body",
    [
        "IVIg raised nothing here; the sense of risk, height, weight and tone.",
        "[@known, table 6] said so, and @known [p. 6].",
        "Of `{python}\tn6` and `{python} f(  'a.b'  )`.",
        "<https://example.org/6> and [https://example.org/6](https://example.org/6)",
        "A span with `{python} n`{.six} and [words]{#six .six data-n='6'}.",
        "Text.\n\n<!-- six, 6 -->",
        "1. item\n2. item",
        "#. item\n#. item",
        "::: {.fig-6 width='6'}\nText.\n:::",
    ],
)
def test_what_is_not_a_number_or_a_verdict_passes(faults: Faults, body: str) -> None:
    """Addresses, list numbers, comments and attributes that nobody reads."""
    assert faults(body) == []


@pytest.mark.parametrize(
    "word",
    "six all none half significant significantly improve improved improves improvement reduce "
    "reduced reduction increase increased decrease decreased rise rose fall fell higher lower "
    "better worse stronger weaker effective efficacy benefit well~tolerated tolerable safe safely "
    "mild no~difference differ differed successful successfully".split(),
)
def test_the_list_holds_the_words_that_state_a_result(word: str) -> None:
    """The words that the journal's reviewers would ask about; ~ is a blank here."""
    assert words_pattern().fullmatch(word.replace("~", " "))


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("[six]{.literal}", 'paper.qmd:4:1: the literal "six" has no reason; add reason="..."'),
        (
            "[six]{.literal reason=''}",
            'paper.qmd:4:1: the literal "six" has no reason; add reason="..."',
        ),
        (
            "A [rise of `{python} n`]{.literal reason='a'}",
            'paper.qmd:4:3: the literal "rise of …" holds inline code; declare the typed words '
            "alone",
        ),
        ("See @fig-no.", "paper.qmd:4:5: @fig-no refers to nothing; no label is fig-no"),
        ("So [@nobody].", "paper.qmd:4:4: @nobody is not in the bibliography"),
        ("So [x](#no).", "paper.qmd:4:8: the link to #no leads to nothing; no id is no"),
        (
            "# A {#sec-a}\n\nSee @sec-a [@known].",
            "paper.qmd:6:5: @known is swallowed by @sec-a; put words between them",
        ),
        (
            "# A {#sec-a}\n\nSee [@known; @sec-a].",
            "paper.qmd:6:5: @known stands in one bracket with a cross-reference; part them",
        ),
        (
            "# A {#sec-a}\n\nSee @sec-a [there].",
            "paper.qmd:6:5: the words behind @sec-a in the brackets are lost; put them outside",
        ),
        ("# A {#sec-a}", "paper.qmd:4:6: nothing refers to sec-a; write @sec-a in the text"),
        (
            "```{python}\n#| label: fig-a\n#| fig-cap: Words\nsay.a\n```",
            "paper.qmd:4: nothing refers to fig-a; write @fig-a in the text",
        ),
        ("<hr>", "paper.qmd:4:1: raw html is not checked; write it as markdown"),
        ("`<b>`{=html}", "paper.qmd:4:2: raw html is not checked; write it as markdown"),
        (
            "`{python} n + m`",
            "paper.qmd:4:1: inline code computes; the analysis does that: n + m",
        ),
        ("`{python} -n`", "paper.qmd:4:1: inline code computes; the analysis does that: -n"),
        ("A `{python} 6`", "paper.qmd:4:3: inline code is a typed value, not a name: 6"),
        ("`{python} f(6)`", "paper.qmd:4:1: inline code holds a typed number: f(6)"),
        ("`{python} f('six')`", "paper.qmd:4:1: inline code holds typed text: f('six')"),
        ("`{python} f('a b')`", "paper.qmd:4:1: inline code holds typed text: f('a b')"),
        (
            "`{python} a if b else c`",
            "paper.qmd:4:1: inline code is more than a name, an attribute, an item or a call: "
            "a if b else c",
        ),
        (
            "```{python}\n#| label: a\n\nx = n / m\n```",
            "paper.qmd:7:5: chunk a computes; the analysis does that: n / m",
        ),
        (
            "```{python}\nx += n\n```",
            "paper.qmd:5:1: chunk number 1 computes; the analysis does that: x += n",
        ),
        (
            "```{python}\nprint('six patients')\n```",
            "paper.qmd:5:7: chunk number 1 holds typed text: 'six patients'",
        ),
        (
            "```{python}\nf(0.05)\n```",
            "paper.qmd:5:3: chunk number 1 holds a typed number: 0.05",
        ),
        (
            "```{python}\na\nb\n\nc\nd\ne\nf\n```",
            "paper.qmd:4: chunk number 1 has 6 lines; 5 are the most, move the rest to the "
            "analysis",
        ),
        (
            "```{python}\n%matplotlib inline\n```",
            "paper.qmd:5: chunk number 1 is not plain Python: invalid syntax",
        ),
    ],
)
def test_each_fault_is_one_sentence_with_its_place(faults: Faults, body: str, fault: str) -> None:
    """And nothing else is reported of the same document."""
    assert faults(body) == [fault]


def test_references_that_no_document_cites_are_found(make_project: MakeProject) -> None:
    """In two documents, a citation in either counts; what inline code cites does, too."""
    settings = SETTINGS.replace("[paper.qmd]", "[paper.qmd, more.qmd]")
    root = make_project("Text.\n", settings=settings)
    (root / "more.qmd").write_text(TITLE + "So [@known].\n", encoding="utf-8")
    entries = "@misc{known, title={A}}\n@misc{gone,\n title={B}}\n@misc{computed, title={C}}\n"
    (root / "refs.bib").write_text(entries, encoding="utf-8")
    (root / "claims.yml").write_text("a: so it was [@computed].\n", encoding="utf-8")
    assert [str(fault) for fault in check_project(read_project(root))] == [
        "refs.bib:2: no document cites gone; cite it or take it out"
    ]


def test_a_cross_reference_counts_for_the_label(faults: Faults) -> None:
    """With a capital letter as well, which Quarto prints at the beginning of a sentence."""
    assert faults("# A {#sec-a}\n\n@Sec-a says so.\n\n# B {#sec-b}\n\n[there](#sec-b)\n") == []


def test_front_matter_settings_and_captions_are_read(faults: Faults) -> None:
    """Title, keywords, authors, _quarto.yml and chunk options; an ORCID identifies."""
    front = (
        '---\ntitle: "Six patients: a\n  better [four]{.literal reason="a"}"\nkeywords:\n'
        "  - phase 2\nauthor:\n  - name: A. Writer\n    orcid: 0000-0001-0000-0001\n"
        "    note: third\nlang: en\n---\n"
    )
    chunk = (
        "```{python}\n#| label: fig-a\n#| fig-cap: It rose\n#| fig-alt: 'all 6'"
        "\nsay.a\n```\n\n@fig-a\n"
    )
    settings = f"description: Half of it\n{SETTINGS}"
    found = faults(chunk, front=front.replace('reason="a"', "reason='a'"), settings=settings)
    assert [fault.split(" is neither")[0] for fault in found] == [
        '_quarto.yml:1:14: "Half"',
        'paper.qmd:2:9: "Six"',
        'paper.qmd:3:3: "better"',
        'paper.qmd:5:11: "2"',
        'paper.qmd:9:11: "third"',
        'paper.qmd:14:16: "rose"',
        'paper.qmd:15:14: "all"',
        'paper.qmd:15:18: "6"',
    ]


def test_faults_stand_in_the_order_of_their_places(faults: Faults) -> None:
    """Line 9 before line 10, of whatever kind."""
    found = faults("\n\n\n\n\nsix [@nobody] and 6\n\n`{python} 6`\n\nhalf [x](#no)\n")
    assert [fault.split(": ")[0] for fault in found] == [
        f"paper.qmd:{place}" for place in ("9:1", "9:5", "9:19", "11:1", "13:1", "13:10")
    ]


def test_a_second_block_of_metadata_is_refused(faults: Faults) -> None:
    """Pandoc would take its title and nobody would have read it."""
    with pytest.raises(Exception, match="a second block of metadata sets title; keep one"):
        faults("Text.\n\n---\ntitle: Six\n---\n\nText.\n")
