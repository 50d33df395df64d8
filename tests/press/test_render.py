"""Whole renders of small papers: failures name their place and leave earlier outputs untouched."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from press.cli import main
from press.errors import PressError
from press.render import _replace, render

from .conftest import SETTINGS

MakeProject = Callable[..., Path]
FIGURE = """\
```{python}
#| label: fig-a
#| fig-cap: A line.
#| fig-alt: A line that rises.
from matplotlib.figure import Figure
figure = Figure(figsize=(2, 1))
figure.subplots().plot([0, 1]);
figure
```
"""
TABLE = "::: {#tbl-a}\n| a |\n|---|\n| 1 |\n\nCells.\n:::\n"
MARKDOWN = """\
class M:
    def __init__(self, text): self.text = text
    def _repr_markdown_(self): return self.text
"""


def chunk(code: str, *options: str) -> str:
    """A chunk with options; the first line of its code is two lines and the options below."""
    lines = "".join(f"#| {option}\n" for option in options)
    return f"```{{python}}\n{lines}{code}\n```\n"


def page(root: Path) -> str:
    """The rendered page's text without the title."""
    text = (root / "_manuscript/paper.html").read_text(encoding="utf-8")
    return text.partition("</h1>")[2].strip()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            chunk("a = {}\n\na['arm']", "label: tbl", "include: false"),
            "paper.qmd:9, chunk tbl: KeyError: 'arm'",
        ),
        (chunk("1\n2 +"), "paper.qmd:6, chunk number 1: SyntaxError: invalid syntax"),
        (chunk("\n\n1 / 0"), "paper.qmd:7, chunk number 1: ZeroDivisionError: division by zero"),
        ("Text.\n\n`{python} gone`", "paper.qmd:6, inline gone: NameError: name 'gone' is not"),
        ("`{python} ''`", "paper.qmd:4, inline '': the result is empty, where Quarto would print"),
        ("`{python} None`", "paper.qmd:4, inline None: a number or text is wanted, not None"),
        (
            chunk("import numpy as np") + "`{python} np.float64(1)`",
            "paper.qmd:7, inline np.float64(1): a number or text is wanted, not np.float64(1.0)",
        ),
        (
            chunk("import warnings; warnings.warn('old')"),
            "paper.qmd:4, chunk number 1: a warning would stand in the article:",
        ),
        (
            chunk("import pandas as pd; pd.DataFrame({'a': [1]})"),
            "paper.qmd:4, chunk number 1: 'a' has a form for HTML alone; show it as markdown",
        ),
        (
            chunk("1", "label: fig-a", "fig-cap: A"),
            "paper.qmd:4, chunk fig-a: one figure output is wanted, not result",
        ),
        (chunk("import nothing_here"), "paper.qmd:5, chunk number 1: ModuleNotFoundError: No modu"),
        (chunk("raise SystemExit(3)"), "paper.qmd:5, chunk number 1: SystemExit: 3"),
        ("See\n@fig-a.", "paper.qmd:5: @fig-a refers to nothing; no figure, table or section has"),
        ("A [@knwon].\n\n::: {#refs}\n:::", "paper.qmd:4: @knwon is not in the bibliography"),
        ("A [@known].", "paper.qmd: citations need a place for the list of references"),
        (
            f"See @tbl-a [@known].\n\n{TABLE}\n::: {{#refs}}\n:::",
            "paper.qmd:4: @tbl-a [@known] mix",
        ),
        (f"See [@tbl-a, left].\n\n{TABLE}", "paper.qmd:4: the words behind @tbl-a in the brackets"),
        ("# A {#sec-a}\n\nSee @sec-a.", "paper.qmd:6: @sec-a refers to a section, which needs num"),
        (f"{TABLE}\n{TABLE}", "paper.qmd:4: the id tbl-a is in use twice"),
        (
            "| a |\n|---|\n| 1 |\n\n: Cells.\n",
            "paper.qmd: the caption 'Cells.' needs an id that begin",
        ),
        ("![A](gone.png)", "paper.qmd: the caption 'A' needs an id that begins with fig-"),
        ("::: {#tbl-a}\n| a |\n|---|\n| 1 |\n:::", "paper.qmd:4: the float tbl-a has no caption"),
        (f"::: {{#fig-b}}\n{FIGURE}\nWords.\n:::", "paper.qmd: a float inside a float: fig-a"),
        (
            "![](gone.png)",
            "paper.qmd: pandoc could not write html: CouldNotFetchResource: gone.png",
        ),
    ],
)
def test_a_fault_names_its_place(make_project: MakeProject, body: str, message: str) -> None:
    """The message begins with file, line and, for a chunk, its label."""
    with pytest.raises(PressError) as failed:
        render(make_project(body))
    assert str(failed.value).startswith(message)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("a = 1\nb = (\n", "study.py:2: this is not Python: '(' was never closed"),
        ("a = 1\n\nif a:\na\n", "study.py:4: this is not Python: expected an indented block after"),
        (
            "import ast\nast.literal_eval('P07 (')\n",
            "paper.qmd:5, chunk number 1: SyntaxError: '(' was never closed (raised in study.py:2)",
        ),
    ],
)
def test_a_file_that_is_not_python_is_named(
    make_project: MakeProject, broken: str, message: str
) -> None:
    """What is to be put right is the file, not the chunk or script that imports it."""
    root = make_project(chunk("import study"))
    (root / "study.py").write_text(broken, encoding="utf-8")
    with pytest.raises(PressError) as failed:
        render(root)
    assert str(failed.value).startswith(message)
    if "not Python" in message:
        settings = SETTINGS.replace("  render:", "  pre-render: [before.py]\n  render:")
        make_project("Text.", settings=settings)
        (root / "before.py").write_text("import study\n", encoding="utf-8")
        with pytest.raises(PressError) as failed:
            render(root)
        assert str(failed.value).startswith(message)


def test_a_failed_render_leaves_earlier_outputs_untouched(make_project: MakeProject) -> None:
    """Neither the outputs nor the results of an earlier render change, and no work is left."""
    write = "import os, pathlib; pathlib.Path(os.environ['STUDY_RESULTS']).write_text('{}')"
    root = make_project("Right.\n\n" + chunk(f"{write};", "include: false"))
    render(root)
    before = {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
    assert root / "results.json" in before
    (root / "paper.qmd").write_text("---\ntitle: A\n---\n" + chunk(f"{write}\n1 / 0"), "utf-8")
    with pytest.raises(PressError):
        render(root)
    del before[root / "paper.qmd"]
    assert before == {path: path.read_bytes() for path in before}
    assert list((root / ".cache").iterdir()) == []


def test_the_command_says_what_failed_and_exits_with_2(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Errors are one sentence on stderr; done is 0 and silent where there is no terminal."""
    monkeypatch.chdir(make_project("See @tbl-a."))
    assert main(["render"]) == 2
    assert capsys.readouterr().err.startswith("press: paper.qmd:4: @tbl-a refers to nothing")
    assert main(["render", "--to", "pdf"]) == 2
    assert "declares no format typst" in capsys.readouterr().err
    assert main(["render", "--to", "odt"]) == 2
    assert "--to odt: supported are html, pdf, docx, jats" in capsys.readouterr().err
    monkeypatch.chdir(make_project("Text."))
    assert main(["render"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_report_of_the_study_is_shown_whole(make_project: MakeProject) -> None:
    """What a pre-render script says as it exits is printed as it is, without place or type."""
    settings = SETTINGS.replace("  render:", "  pre-render: [before.py]\n  render:")
    root = make_project("Text.", settings=settings)
    report = "visits.csv row 3\nrow 4"
    (root / "before.py").write_text(f"import sys\nsys.exit({report!r})\n", encoding="utf-8")
    with pytest.raises(PressError) as failed:
        render(root)
    assert str(failed.value) == report


def test_a_failing_pre_render_script_names_its_line(make_project: MakeProject) -> None:
    """The script's own line, not that of a library."""
    settings = SETTINGS.replace("  render:", "  pre-render: [before.py]\n  render:")
    root = make_project("Text.", settings=settings)
    (root / "before.py").write_text("x = 1\n\nint('a')\n", encoding="utf-8")
    with pytest.raises(PressError, match=r"^before\.py:3: ValueError: invalid literal"):
        render(root)


def test_pre_render_runs_once_and_chunks_see_the_data_folder(make_project: MakeProject) -> None:
    """The script and the chunks get the data folder; results go beside that output."""
    settings = SETTINGS.replace("  render:", "  pre-render: [before.py]\n  render:")
    root = make_project("`{python} __import__('os').environ['STUDY_DATA']`", settings=settings)
    (root / "before.py").write_text(
        "import os, pathlib\nwith open(os.environ['STUDY_RESULTS'], 'a') as f: f.write('once')\n",
        encoding="utf-8",
    )
    (root / "other").mkdir()
    written = render(root, data=root / "other", output=root / "elsewhere")
    assert [path.name for path in written] == ["paper.html", "results.json"]
    assert (root / "elsewhere/results.json").read_text(encoding="utf-8") == "once"
    assert not (root / "results.json").exists()
    assert str(root / "other") in (root / "elsewhere/paper.html").read_text(encoding="utf-8")


def test_inline_results_read_as_quartos(make_project: MakeProject) -> None:
    """A plain string is escaped, an object with a markdown form is markdown."""
    shown = {
        "5": "5",
        "1 / 8": "0.125",
        "'a*b_c'": "a*b_c",
        "'5 * 3 < 20 & a'": "5 * 3 &lt; 20 &amp; a",
        "M('*a*')": "<em>a</em>",
    }
    lines = "".join(f"`{{python}} {code}`\n\n" for code in shown)
    root = make_project(chunk(MARKDOWN, "include: false") + lines)
    render(root)
    assert re.findall("<p>(.*)</p>", page(root)) == list(shown.values())


def test_chunk_outputs_read_as_quartos(make_project: MakeProject) -> None:
    """Printed text is code unless printed as it is; a closing semicolon shows nothing."""
    cases = [
        (("print('a')",), "<pre><code>a</code></pre>"),
        (("print('**a**')", "output: asis"), "<p><strong>a</strong></p>"),
        (("print('a'); M('*b*')", "output: false"), ""),
        (("1 / 0", "eval: false"), ""),
        (("M('*b*');",), ""),
        (("display(M('*b*'))",), "<p><em>b</em></p>"),
        (("print('*a*'); display(M('*b*'))", "output: asis"), "<p><em>a</em> <em>b</em></p>"),
        (("import warnings; warnings.warn('old')", "warning: false"), ""),
    ]
    chunks = "* * *\n".join(chunk(*arguments) for arguments, _ in cases)
    root = make_project(chunk(MARKDOWN, "include: false") + chunks)
    render(root)
    shown = [re.sub(r"</?div[^>]*>", " ", text) for text in page(root).split("<hr />")]
    assert [" ".join(text.split()) for text in shown] == [wanted for _, wanted in cases]


def test_a_figure_is_drawn_as_it_was_when_shown(make_project: MakeProject) -> None:
    """What a later chunk does to a figure does not change the picture."""
    later = chunk("figure.clear()", "include: false")
    root = make_project(FIGURE + "\n" + later)
    render(root)
    drawn = page(root)
    (root / "paper.qmd").write_text("---\ntitle: A\n---\n" + FIGURE, encoding="utf-8")
    render(root)
    assert page(root) == drawn
    assert 'alt="A line that rises."' in drawn


def test_a_figure_that_cannot_be_drawn_names_its_chunk(make_project: MakeProject) -> None:
    """The fault shows only when the figure is drawn, and is reported with the chunk."""
    broken = FIGURE.replace("figure.subplots()", "figure.suptitle('$x');figure.subplots()")
    broken = broken.replace("'$x'", "'$\\\\frac$'")
    with pytest.raises(PressError, match=r"^paper\.qmd:8, chunk fig-a: the figure could not be dr"):
        render(make_project(broken))


def test_references_take_the_forms_of_quarto(make_project: MakeProject) -> None:
    """Bare, grouped, without a prefix, with one of its own, at the start of a sentence."""
    table = TABLE.replace("Cells.", "Cells, see @fig-a.")
    body = f"@Fig-a; @fig-a; [@fig-a; @tbl-a]; [-@fig-a]; [Panel @fig-a].\n\n{FIGURE}\n{table}"
    root = make_project(body)
    render(root)
    text = re.sub(r"<[^>]*>", "", page(root))
    first = text.strip().splitlines()[0].replace("\u00a0", "~")
    assert first == "Figure~1; Figure~1; Figure~1, Table~1; 1; Panel~1."
    assert "Table\u00a01: Cells, see Figure\u00a01." in text


def test_numbered_sections_can_be_referred_to(make_project: MakeProject) -> None:
    """Numbers count by level and stand before the heading."""
    settings = f"number-sections: true\n{SETTINGS}"
    body = "# A {.unnumbered}\n\n# B\n\n## C {#sec-c}\n\nSee @sec-c.\n"
    root = make_project(body, settings=settings)
    render(root)
    text = " ".join(re.sub(r"<[^>]*>", "", page(root)).split())
    assert text == "A 1 B 1.1 C See Section 1.1."


def test_text_in_a_table_cell_is_what_pandoc_reads(make_project: MakeProject) -> None:
    """The engine hands markdown on untouched: escaping is the study's own work."""
    rows = "| a |\\n|---|\\n| x\\\\<script> |"
    root = make_project(chunk(MARKDOWN + f"M('{rows}')"))
    render(root)
    assert "x&lt;script&gt;" in page(root)


def test_a_rendered_file_waits_only_when_it_comes_from_another_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On one disk a file is moved over the old one, so that a kill leaves none beside it."""
    rename, waiting = Path.replace, []

    def crosses(path: Path, goal: Path) -> Path:
        if path.parent != goal.parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        waiting.append(path.name)
        return rename(path, goal)

    (tmp_path / "out").mkdir()
    for disk in ("same", "other"):
        if disk == "other":
            monkeypatch.setattr(Path, "replace", crosses)
        (tmp_path / "results.json").write_text(disk, encoding="utf-8")
        _replace(tmp_path / "results.json", tmp_path / "out" / "results.json")
        assert (tmp_path / "out" / "results.json").read_text(encoding="utf-8") == disk
        assert waiting == ([] if disk == "same" else [".results.json.new"])
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["results.json"]
