"""What `press compare` cannot compare, or only in part: each one sentence, and no value told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from lxml import html

from press.cli import COMMANDS
from press.compare.comparison import compare, start
from press.errors import PressError
from tests.press.compare.repositories import (
    Run,
    commit,
    project,
    receipt,
    results,
    run_git,
    worktrees,
    write,
)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("v9",),
            "there is no revision v9 in this repository: git log --oneline and git tag list what "
            "there is; git fetch --tags gets more",
        ),
        (("v1", "v9"), "there is no revision v9 in this repository"),
        (
            ("v1..v2",),
            "there is no revision v1..v2 in this repository: two revisions are two arguments, "
            "press compare v1 v2\n",
        ),
        (("v1...",), "there is no revision v1... in this repository: two revisions are two arg"),
        (
            ("data",),
            "there is no revision data in this repository: for a data package write press ",
        ),
        ((), "name a revision to compare with, or two data packages with --data"),
        (("--data", "data", "none"), "--data none: there is no such folder"),
        (("--data", "data", "press"), "press has no datapackage.json, and so is no data package"),
        (("v1", "--data", "data", "data"), "compare two revisions or two data packages, not both"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    press: Run, arguments: tuple[str, ...], said: str
) -> None:
    """The status is 2 and nothing goes to stdout."""
    status, out, err = press(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"press: {said}")
    assert err.count("\n") == 1


def test_a_folder_without_git_has_no_revisions(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither has a computer without the program; both sentences name the other way."""
    copy = shutil.copytree(repository, tmp_path / "unpacked", ignore=lambda *_: {".git"})
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(PressError, match=r"is no working tree of a git repository.*--data OLD NEW"):
        start(copy, "v1")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PressError, match=r"git is not installed.*--data OLD NEW"):
        start(repository, "v1")


def test_a_shallow_clone_says_how_to_get_the_rest(repository: Path, tmp_path: Path) -> None:
    """What the clone has is compared all the same."""
    clone = tmp_path / "clone"
    run_git(tmp_path, "clone", "-q", "--depth=1", repository.as_uri(), str(clone))
    with pytest.raises(PressError) as raised:
        start(clone, "HEAD~1")
    assert str(raised.value) == (
        "there is no revision HEAD~1 in this repository: this clone is shallow and lacks the older "
        "ones; run git fetch --unshallow --tags"
    )
    assert compare(clone, "HEAD").status == 0


def test_a_comparison_that_is_stopped_leaves_no_half_render(
    press: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C ends renders too; what is said is one line, and the status that of shells."""
    half = "import sys\nopen(sys.argv[sys.argv.index('--output') + 1] + '/paper.html', 'w')\n"
    commit(repository, {"press/cli.py": f"{half}sys.exit(130)\n"}, "v3")
    assert "does not render: the render was stopped" in press("v3")[1]
    assert not list((repository / ".cache" / "compare").iterdir())

    def stop(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(COMMANDS, "compare", stop)
    assert press("v1", "v2") == (130, "", "press: stopped before it was done\n")


def test_a_version_that_does_not_render_is_quoted(press: Run, repository: Path) -> None:
    """Its numbers and claims are compared, and its worktree is gone."""
    commit(repository, {"fault.txt": "press: paper.qmd:3: unknown key tocc"}, "v3")
    (repository / "fault.txt").unlink()
    commit(repository, {}, "v4")
    status, out, _ = press("v3", "v1")
    assert status == 1
    assert "  a.mean  +7.5 -> +8.0 points  +0.5, +6.7%" in out
    assert "does not render: paper.qmd:3: unknown key tocc" in out
    assert out.splitlines()[-1] == "changes found, and not all could be compared"
    status, out, _ = press("v3", "v4")
    assert (status, worktrees(repository)) == (2, 1)
    assert out.splitlines()[-1] == "not all could be compared; no change in the rest"


@pytest.mark.parametrize("page", ["", "<html><body><p>No article.</p></body></html>"])
def test_a_page_that_cannot_be_read_is_a_fault_of_the_words(
    press: Run, repository: Path, page: str
) -> None:
    """The numbers are compared all the same, and the sentence names the version and the page."""
    commit(repository, {**project(7.0, "+7.0"), "paper.html": page}, "v3")
    status, out, _ = press("v2", "v3", "--json")
    found = json.loads(out)
    assert (status, found["words"], found["figures"]) == (1, [], [])
    assert [change["id"] for change in found["numbers"]["moved"]] == ["a.mean"]
    assert list(found["faults"]) == ["words"]
    assert found["faults"]["words"].startswith(f"{found['new']['label']}: paper.html ")


def test_what_was_not_compared_is_said_on_the_page(press: Run, repository: Path) -> None:
    """The fault stands above the summary, and numbers are listed though no place was found."""
    commit(repository, {**project(7.0, "+7.0"), "paper.html": ""}, "v3")
    press("v2", "v3")
    page = html.parse(repository / "_comparison" / "comparison.html")
    assert "paper.html is no page that can be read" in page.findtext(".//pre")
    said = {
        row[0].text_content(): row[1].text_content() for row in page.iter("tr") if len(row) == 2
    }
    assert (said["Figures"], said["Words"]) == ("not compared", "not compared")
    links = {a.get("href").removeprefix("#") for a in page.iter("a")}
    assert links == {section.get("id") for section in page.iter("section")} - {None}
    assert "a.mean" in [code.text_content() for code in page.iter("code")]


def test_a_version_without_a_word_file_has_no_redline(press: Run) -> None:
    """Its words are compared all the same."""
    (words,) = json.loads(press("v1", "v2", "--json")[1])["words"]
    assert words["blocks"] == {"paragraph": {"changed": 1}}
    fault = "it takes a Word file of both versions, and one has none"
    assert (words["redline"]["passed"], words["redline"]["differences"]) == (False, [fault])


def test_an_error_about_a_row_keeps_its_values_hidden(press: Run, repository: Path) -> None:
    """Unless rows are asked for."""
    write(repository, {"fault.txt": 'visits.csv row 2, id: found "P77", expected another'})
    assert "visits.csv: 1 fault\n" in (said := press("v2")[1])
    assert "the error's text is hidden, since it may hold row values; --rows shows it" in said
    assert 'found "P77"' in press("v2", "--rows")[1]


def test_a_results_file_of_another_schema_is_said(press: Run, repository: Path) -> None:
    """The rest is compared."""
    commit(repository, {"results.json": results(schema_version=2)}, "v3")
    status, out, _ = press("v2", "v3")
    assert status == 2
    assert "has schema version 2 where this press reads 1" in out


def test_a_stale_results_file_is_said(press: Run, repository: Path) -> None:
    """Numbers are those of the committed file, the page those of the render."""
    fake = (repository / "press" / "cli.py").read_text(encoding="utf-8")
    other = results(receipt("a.mean", 1.0, "1.0"))
    stale = fake + f"\n(out / 'results.json').write_text({other!r})\n"
    commit(repository, {"press/cli.py": stale}, "v3")
    out = press("v2", "v3")[1]
    assert "note: results.json of v3 (" in out
    assert "is not what its own code and data give" in out
    assert "note: results.json of v2" not in out


def test_line_ends_and_a_byte_order_mark_make_no_results_file_stale(
    press: Run, repository: Path
) -> None:
    """What an editor of Windows makes of a file is the same receipts."""
    path = repository / "results.json"
    (repository / "fixed.json").write_bytes(path.read_bytes())
    fake = (repository / "press" / "cli.py").read_text(encoding="utf-8")
    fixed = fake.replace('data / "results.json", out', '"fixed.json", out / "results.json"')
    write(repository, {"press/cli.py": fixed})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    status, out, _ = press("v2")
    assert (status, "note:" in out, out.splitlines()[-1]) == (0, False, "no change")


def test_results_files_that_cannot_be_read_are_told_of_both_versions(
    press: Run, repository: Path
) -> None:
    """At once, each with its line and key; nothing else differs, so that the status is 2."""
    broken = results({**receipt("a.mean", 8.0, "+8.0"), "text": None})
    commit(repository, {"results.json": broken}, "v3")
    write(repository, {"results.json": broken + "[]\n"})
    status, out, err = press("v3")
    assert (status, "Traceback" in err) == (2, False)
    faults = [line for line in out.splitlines() if "results.json:" in line]
    assert [line.split(" of ")[0].strip() for line in faults] == [
        "results.json:2",
        "results.json:2",
        "results.json:3",
    ]
    assert faults[0].endswith(
        "text is null where a text is wanted; write the file with press render"
    )
    assert "note:" not in out


def test_a_number_whose_sentence_was_deleted_is_named_apart(press: Run, repository: Path) -> None:
    """Terminal, JSON and page say that it is no longer shown, and none that readers meet it."""
    page = (repository / "paper.html").read_text(encoding="utf-8")
    start, end = page.index("The change was"), page.index(" points.") + len(" points.")
    without = page[:start] + "See the figure." + page[end:]
    commit(repository, {**project(7.0, "+7.0"), "paper.html": without}, "v3")
    out = press("v2", "v3")[1].splitlines()
    assert "Where readers meet what changed" not in out
    assert out[out.index("Where readers met what is no longer shown") + 1 :][:2] == [
        "  paper, Results, no longer shown: “The change was +7.5 points.”",
        "    a.mean",
    ]
    (place,) = json.loads(press("v2", "v3", "--json")[1])["shown"]["a.mean"]
    assert place["is_gone"] is True
    document = html.parse(repository / "_comparison" / "comparison.html")
    tables = {table.findtext("caption"): table for table in document.iter("table")}
    assert "Numbers that readers see otherwise" not in tables
    gone = tables["Numbers that moved and are no longer shown"].text_content()
    assert "a.mean" in gone
    assert "1 place, no longer shown" in gone


def test_a_version_that_does_not_render_makes_no_number_gone(press: Run, repository: Path) -> None:
    """Nothing is known of where its readers meet what moved."""
    broken = {**project(7.0, "+7.0"), "fault.txt": "press: paper.qmd:3: unknown key tocc"}
    commit(repository, broken, "v3")
    assert json.loads(press("v2", "v3", "--json")[1])["shown"] == {}
    assert "no longer shown" not in press("v2", "v3")[1]


def test_a_claim_that_rests_on_another_n_is_a_change(press: Run, repository: Path) -> None:
    """Terminal, JSON and page say so, though its state and its wording stayed."""
    for n, tag in ((6, "v3"), (5, "v4")):
        claim = receipt("claim.a", "supported", "It rose.", n=n, method="rose: 1")
        commit(repository, {"results.json": results(claim)}, tag)
    status, out, _ = press("v3", "v4")
    lines = out.splitlines()
    assert status == 1
    assert "  resting on other numbers, n or method: claim.a: n 6 -> n 5" in lines
    flagged = lines.index("Flagged: the n or the number of missing values changed")
    assert lines[flagged + 1] == "  claim.a: n 6 -> 5"
    found = json.loads(press("v3", "v4", "--json")[1])
    assert [change["id"] for change in found["claims"]["grounds"]] == ["claim.a"]
    assert found["flags"] == [{"id": "claim.a", "kind": "n", "text": "n 6 -> 5"}]
    page = html.parse(repository / "_comparison" / "comparison.html").getroot()
    said = " ".join(page.get_element_by_id("claims").text_content().split())
    assert "claim.an 6n 5" in said
    assert "The n or the number of missing values changed n 6 → 5: claim.a" in said
