"""The .qmd reader: where chunks and inline code begin, and what is refused by name."""

from __future__ import annotations

import pytest

from press.document import Chunk, Document, Prose, read_document
from press.errors import PressError

TITLE = "---\ntitle: A paper\n---\n"
CHUNK = "```{python}\n#| label: one\nx = 1\n\ny = 2\n```\n"


def read(body: str) -> Document:
    """A document whose body begins on line 4."""
    return read_document(TITLE + body, file="paper.qmd")


def inline_codes(body: str) -> list[tuple[int, str]]:
    """Line and code of each inline expression of a body."""
    parts = (part for part in read(body).parts if isinstance(part, Prose))
    return [(line, match["code"]) for part in parts for line, match in part.inlines()]


def test_a_chunk_knows_its_lines_options_and_code() -> None:
    """The fence is on line 6, the first line of code after the option on line 8."""
    (chunk,) = read("Text.\n\n" + CHUNK).chunks
    assert chunk == Chunk(1, 6, 8, "x = 1\n\ny = 2", {"label": "one"})


def test_the_parts_hold_every_line_once() -> None:
    """Prose before, between and after chunks is kept to the letter."""
    parts = read("Before.\n" + CHUNK + "Between.\n" + CHUNK.replace("one", "two") + "After.").parts
    assert [p.text for p in parts if isinstance(p, Prose)] == ["Before.\n", "Between.\n", "After."]


def test_front_matter_keeps_the_line_of_each_key() -> None:
    """Line 1 holds the dashes."""
    document = read_document("---\ntitle: A\nkeywords:\n  - b\n---\n", file="paper.qmd")
    assert document.front.value == {"title": "A", "keywords": ["b"]}
    assert document.front.place(("keywords", 0)) == "paper.qmd:4"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("A `{python} n` and (`{python} f(1, 2)`).", [(4, "n"), (4, "f(1, 2)")]),
        ("`{python} n` at the margin", [(4, "n")]),
        ("first\n\nthird `{python}\tn`", [(6, "n")]),
        ("``{python} n`` is shown, not run", []),
        ("`{python}n` lacks its blank", None),
    ],
)
def test_inline_code_is_found_as_quarto_finds_it(
    body: str, found: list[tuple[int, str]] | None
) -> None:
    """Quarto's pattern: (^|[^`])`{python}[ \\t]([^`]+)`, in one line."""
    if found is None:
        with pytest.raises(PressError, match=r"paper.qmd:4: inline code stands on one line"):
            read(body)
    else:
        assert inline_codes(body) == found


def test_a_plain_code_block_is_not_executed() -> None:
    """Python to be shown carries a dot, or no language at all."""
    body = "```{.python}\nx = 1\n```\n\n````\n```{python}\nx\n```\n````\n"
    assert read(body).chunks == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("```{r}\n1\n```\n", "paper.qmd:4: chunks in r are not supported; write {python}"),
        ("```{python echo=false}\n1\n```\n", "paper.qmd:4: chunk options go on #| lines"),
        (
            "- a\n\n  ```{python}\n  1\n  ```\n",
            "paper.qmd:6: a chunk begins with ``` at the margin",
        ),
        ("```{python}\n1\n", "paper.qmd:4: this chunk is never closed"),
        (
            "```{python}\n#| lable: a\n1\n```",
            "paper.qmd:5: unknown chunk option lable; did you mean",
        ),
        ("```{python}\n#| echo: true\n1\n```", "paper.qmd:5: echo: true: only false is supported"),
        (
            "```{python}\n#| output: yes\n1\n```",
            "paper.qmd:5: output: yes: only true or false or asis",
        ),
        ("```{python}\n#| label: fig-a\n1\n```", "paper.qmd:4: a label that begins with fig-"),
        ("```{python}\n#| tbl-cap: A\n1\n```", "paper.qmd:4: a label that begins with tbl-"),
        (
            "```{python}\n#| label: fig-a\n#| fig-cap: '`{python} n`'\n1\n```",
            "paper.qmd:6: fig-cap: inline code in an option is not evaluated",
        ),
        (CHUNK + CHUNK, "paper.qmd:10: label one is already in use on line 4"),
        ("a\n{{< include b.md >}}", "paper.qmd:5: shortcodes are not supported: {{< include"),
        ("::: {.callout-note}\n:::", "paper.qmd:4: callouts are not supported: .callout-note"),
        ("::: callout-tip\n:::", "paper.qmd:4: callouts are not supported: .callout-tip"),
        ("::: {.panel-tabset}\n:::", "paper.qmd:4: panels and tabsets are not supported"),
        ("::: {#fig-a layout-ncol=2}\n:::", "paper.qmd:4: layouts are not supported: layout-ncol="),
        ("::: {.content-visible when-format='html'}\n:::", "paper.qmd:4: conditional content"),
        ("::: {.column-margin}\n:::", "paper.qmd:4: column and margin placement"),
        ("[a]{.aside}", "paper.qmd:4: column and margin placement are not supported: .aside"),
        ("$$a$$ {#eq-a}", "paper.qmd:4: numbered equations are not supported: #eq-a"),
        ("See @eq-a.", "paper.qmd:4: references to @eq- are not supported: @eq-a"),
        ("::: {#thm-a}\n:::", "paper.qmd:4: theorems are not supported: #thm-a"),
        ("![a](b.png){fig-align='left'}", "paper.qmd:4: float attributes are not supported"),
        ("`{r} 1`", "paper.qmd:4: inline code in r is not supported"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(body: str, message: str) -> None:
    """The message begins with the file and the line of the construct."""
    with pytest.raises(PressError) as refused:
        read(body)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    "body",
    [
        "Write `::: {.callout-note}` in code, and `@eq-a` too.",
        "```\n::: {.callout-note}\n@eq-a\n```",
        "# A heading {#sec-a .unnumbered}",
        "::: {#fig-a fig-alt='words'}\n![](a.png)\n\nCaption.\n:::",
        "[14.2]{.value key='a.b'} and a mail to someone@eq-uipment.org",
    ],
)
def test_plain_markdown_passes(body: str) -> None:
    """What pandoc reads alike in both engines is let through."""
    assert read(body).chunks == []
