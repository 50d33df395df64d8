"""The command `press check`: what it prints, its exit status, and the step after a render."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from press.cli import main
from press.config import read_project
from press.errors import Fault
from press.kernel import is_bare_expression
from press.source import check_project

from .conftest import TITLE

MakeProject = Callable[..., Path]
ROOT = Path(__file__).parents[2]
BODY = "Strength was `{python} say.strength` [@known].\n\n::: {#refs}\n:::\n"


def receipts(**values: str) -> str:
    """The text of a results.json with these ids (_ for a dot) and values."""
    lines = [
        {"id": id.replace("_", "."), "value": value, "text": f"text {id}", "method": "how"}
        for id, value in values.items()
    ]
    return "".join(f"{json.dumps(line)}\n" for line in [{"schema_version": 1}, *lines])


@pytest.fixture
def project(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without faults, in which the command runs."""
    root = make_project(BODY)
    text = receipts(claim_a="supported", witness_p10="agrees", witness_p2="differs", b="1")
    (root / "results.json").write_text(text, encoding="utf-8")
    monkeypatch.chdir(root)
    for name in ("STUDY_DATA", "QUARTO_PROJECT_OUTPUT_DIR"):
        monkeypatch.delenv(name, raising=False)
    return root


def stub_finished(monkeypatch: pytest.MonkeyPatch, *faults: Fault) -> list[tuple[object, ...]]:
    """Put a reader of finished files in the place of the real one; what it was asked."""
    asked: list[tuple[object, ...]] = []
    module = types.ModuleType("press.finished")

    def check_finished(
        _: object, *, output: object, data: object, only: object, **_kernel: object
    ) -> types.SimpleNamespace:
        asked.append((output, data) if only is None else (output, data, only))
        return types.SimpleNamespace(faults=list(faults), summary="1 of 1", details=["paper.html"])

    module.check_finished = check_finished  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "press.finished", module)
    return asked


def test_without_a_fault_claims_and_witness_are_printed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 0; the witness's lines in the order of their numbers."""
    assert main(["check"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "source: read paper.qmd",
        "claim.a supported: text claim_a (how)",
        "witness.p2 differs: text witness_p2 (how)",
        "witness.p10 agrees: text witness_p10 (how)",
        f"finished files: none in {project / '_manuscript'}",
        "no fault",
    ]


def test_a_fault_is_a_line_before_the_summary(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 1; one fault is counted as one."""
    (project / "paper.qmd").write_text(f"{TITLE}In 6 of them.\n{BODY}", encoding="utf-8")
    assert main(["check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == 'paper.qmd:4:4: "6" is neither computed nor declared: In 6 of them.'
    assert lines[-1] == "1 fault"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            receipts(claim_a="supportd"),
            "results.json:2: claim.a is 'supportd'; wanted is one of supported, weaker, "
            "contrary, not_estimable",
        ),
        (
            receipts(b="1", witness_p1=""),
            "results.json:3: witness.p1 is ''; wanted is one of agrees, differs, cannot be told",
        ),
    ],
)
def test_a_state_that_does_not_exist_is_a_fault(
    project: Path, capsys: pytest.CaptureFixture[str], text: str, fault: str
) -> None:
    """A claim or a witness says one of the states that its readers know."""
    (project / "results.json").write_text(text, encoding="utf-8")
    assert main(["check"]) == 1
    assert capsys.readouterr().out.splitlines()[0] == fault


def test_missing_receipts_are_a_fault(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For other data they lie in the output folder."""
    (project / "more").mkdir()
    assert main(["check", "--data", "more", "--output", "out"]) == 1
    missing = project / "out" / "results.json"
    assert capsys.readouterr().out.startswith(f"{missing}: there is none; write it with press")


def test_finished_files_are_read_back_where_they_are(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the folder that is named; their faults count."""
    asked = stub_finished(monkeypatch, Fault("paper.html", "6 is nobody's"))
    (project / "out").mkdir()
    (project / "out" / "paper.html").write_text("<p>6</p>", encoding="utf-8")
    assert main(["check", "--output", "out"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "paper.html: 6 is nobody's"
    assert lines[-3:] == ["paper.html", "finished files: 1 of 1", "1 fault"]
    assert asked == [(project / "out", None)]


@pytest.mark.parametrize(
    ("body", "arguments", "message"),
    [
        (BODY, ["--data", "gone"], "press: --data gone: there is no such folder"),
        ("::: {.callout-note}\n:::\n", [], "press: paper.qmd:4: callouts are not supported"),
    ],
)
def test_what_cannot_be_checked_ends_with_2(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    body: str,
    arguments: list[str],
    message: str,
) -> None:
    """A sentence on stderr, as for a render."""
    (project / "paper.qmd").write_text(TITLE + body, encoding="utf-8")
    assert main(["check", *arguments]) == 2
    assert capsys.readouterr().err.startswith(message)


def test_the_step_after_a_render_checks_the_finished_files_only(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Output folder and data come from the environment, as Quarto and press set it."""
    from press.check import check_after_render

    asked = stub_finished(monkeypatch)
    (project / "paper.qmd").write_text(f"{TITLE}In 6 of them.\n", encoding="utf-8")
    (project / "out").mkdir()
    (project / "out" / "paper.html").write_text("<p>6</p>", encoding="utf-8")
    monkeypatch.setenv("QUARTO_PROJECT_OUTPUT_DIR", str(project / "out"))
    monkeypatch.setenv("QUARTO_PROJECT_OUTPUT_FILES", str(project / "out" / "paper.html"))
    monkeypatch.setenv("STUDY_DATA", "elsewhere")
    assert check_after_render() == 0
    assert capsys.readouterr().out.splitlines()[-2:] == ["finished files: 1 of 1", "no fault"]
    written = frozenset({project / "out" / "paper.html"})
    assert asked == [(project / "out", Path("elsewhere"), written)]


def test_the_step_runs_as_a_script_of_the_project(project: Path) -> None:
    """Both engines run the file with Python in the project's folder."""
    done = subprocess.run(
        [sys.executable, ROOT / "journal" / "check.py"],
        cwd=project,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"finished files: none in {project / '_manuscript'}\nno fault\n"


def test_the_articles_own_source_has_no_fault() -> None:
    """Every number, number word and verdict word of the article is computed, cited or declared."""
    assert [str(fault) for fault in check_project(read_project(ROOT))] == []


def test_the_order_of_faults_is_that_of_the_places() -> None:
    """Line 9 before line 10, column 9 before column 10, a file's faults together."""
    places = ["a:9", "a:9:9", "a:9:10", "a:10", "b", "b:1"]
    faults = [Fault(place, "text") for place in places]
    backwards = faults[::-1]
    assert sorted(backwards) == faults


def test_a_check_runs_no_figure_that_a_render_draws(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bare expression behind a figure's opening fence shows only a figure; the rest runs."""
    root = make_project(
        "```{python}\n#| include: false\nfrom pathlib import Path\n"
        "from matplotlib.figure import Figure\n\n\ndef draw():\n"
        "    Path('drawn').write_text('drawn')\n    figure = Figure()\n"
        "    figure.subplots().plot([0, 1])\n    return figure\n```\n\n"
        "In @fig-a, as known [@known].\n\n::: {#fig-a}\n\n```{python}\ndraw()\n```\n\n"
        "::: {.alt}\nA line.\n:::\n\nA line.\n:::\n\n::: {#refs}\n:::\n"
    )
    monkeypatch.chdir(root)
    assert main(["render"]) == 0
    (root / "drawn").unlink()
    main(["check"])
    assert not (root / "drawn").exists()
    assert "numerals traced" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "is_bare"),
    [
        ("draw()", True),
        ("article.figure\n", True),
        ("draw();", False),
        ("figure = draw()", False),
        ("(figure := draw())", False),
        ("import a\na.draw()", False),
        ("%matplotlib inline", False),
    ],
)
def test_what_a_check_may_leave_out_sets_no_name(code: str, is_bare: bool) -> None:
    """One expression whose value is shown, and nothing that later code could ask for."""
    assert is_bare_expression(code) is is_bare
