"""`press compare` on small repositories: versions, renders, what is said, and the exit status."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from press.cli import COMMANDS
from press.compare.comparison import compare, start
from press.compare.versions import read_version
from press.errors import PressError
from tests.press.compare.conftest import MakeWord
from tests.press.compare.repositories import (
    Run,
    commit,
    project,
    receipt,
    results,
    run_git,
    write,
)


def worktrees(repository: Path) -> int:
    """How many worktrees git knows, the repository's own among them."""
    return len(run_git(repository, "worktree", "list").splitlines())


def test_two_revisions_differ_in_a_number(press: Run, repository: Path) -> None:
    """8.0 to 7.5 is -0.5 and -6.25%, shown in the sentence of the new version; the status is 1."""
    status, out, _ = press("v1", "v2")
    short = [run_git(repository, "rev-parse", "--short", tag).strip() for tag in ("v1", "v2")]
    lines = out.splitlines()
    assert (status, lines[0]) == (1, f"v1 ({short[0]}) -> v2 ({short[1]})")
    assert "  a.mean  +8.0 -> +7.5 points  -0.5, -6.2%" in lines
    assert "  paper, Results: “The change was +7.5 points.”" in lines
    assert "Data (row values are hidden; --rows shows them)" in lines
    assert lines[-1] == "changes found"


def test_what_is_the_same_is_status_0(press: Run) -> None:
    """A version and itself, and the working tree as it was committed."""
    assert press("v2", "v2")[0] == 0
    status, out, _ = press("v2")
    assert (status, out.splitlines()[-1]) == (0, "no change")


def test_uncommitted_changes_are_compared_and_said(press: Run, repository: Path) -> None:
    """Files that git does not know yet count as well."""
    assert "(as in " in press("v2")[1].splitlines()[0]
    write(repository, {"notes.txt": "new"})
    assert "with uncommitted changes" in press("v2")[1].splitlines()[0]
    write(repository, project(7.0, "+7.0"))
    status, out, _ = press("v2")
    assert status == 1
    assert "  a.mean  +7.5 -> +7.0 points  -0.5, -6.7%" in out.splitlines()


def test_a_comparison_touches_nothing(press: Run, repository: Path) -> None:
    """The files stay as they are, and git knows no worktree more than before."""
    write(repository, {"data/visits.csv": "id,score\nP01,5\n"})
    before = run_git(repository, "status", "--porcelain"), worktrees(repository)
    press("v1")
    assert (run_git(repository, "status", "--porcelain"), worktrees(repository)) == before


def test_json_has_the_classes(press: Run) -> None:
    """Keys that stay, for programs; null is what could not be compared."""
    status, out, _ = press("v1", "v2", "--json")
    found = json.loads(out)
    assert (found["status"], status) == (1, 1)
    assert list(found) == (
        "status old new notes faults data numbers flags claims words figures shown".split()
    )
    (moved,) = found["numbers"]["moved"]
    assert (moved["id"], moved["old"]["value"], moved["new"]["text"]) == ("a.mean", 8.0, "+7.5")
    assert (moved["absolute"], moved["relative"]) == (-0.5, -0.0625)
    assert found["shown"]["a.mean"][0]["section"] == ["Results"]
    assert found["data"]["rows_shown"] is False


def test_rows_are_shown_when_asked_for(press: Run, repository: Path) -> None:
    """Without --rows neither report has a key or a cell of a changed row."""
    write(repository, {"data/visits.csv": "id,score\nP01,5\nP77,6\n"})
    for arguments in (("v2",), ("v2", "--json")):
        assert "P77" not in press(*arguments)[1]
        assert "P77" in press(*arguments, "--rows")[1]


@pytest.mark.parametrize("again", [[], [["P01", "5"]]])
def test_rows_added_and_removed_are_shown_whole(
    press: Run, repository: Path, again: list[list[str]]
) -> None:
    """On the terminal and on the page, also where a key stands twice."""
    table = "id,score\nP01,5\nP<7,\n" + "".join(f"{','.join(row)}\n" for row in again)
    write(repository, {"data/visits.csv": table})
    lines = press("v2", "--rows")[1].splitlines()
    added = [*again, ["P<7", "(empty)"]]
    assert [line for line in lines if line.startswith("    ")][: len(added) + 1] == [
        *(f"    added: id {id}, score {score}" for id, score in added),
        "    removed: id P02, score 6",
    ]
    page = html.parse(repository / "_comparison" / "comparison.html")
    tables = {of.findtext("caption"): of for of in page.iter("table")}
    for caption, rows in (("added to", added), ("removed from", [["P02", "6"]])):
        shown = tables[f"Rows {caption} visits"].iter("tr")
        assert [[cell.text for cell in row] for row in shown] == [["id", "score"], *rows]


def test_two_data_packages_are_rendered_with_the_code_that_is_here(
    press: Run, repository: Path, tmp_path: Path
) -> None:
    """Numbers come from what the renders write; the data that are shipped stay aside."""
    old = shutil.copytree(repository / "data", tmp_path / "old")
    new = shutil.copytree(repository / "data", tmp_path / "new")
    write(old, {"results.json": results(receipt("a.mean", 1.0, "1.0"))})
    write(new, {"results.json": results(receipt("a.mean", 3.0, "3.0"))})
    write(new, {"visits.csv": "id,score\nP01,5\n"})
    status, out, _ = press("--data", str(old), str(new))
    assert status == 1
    assert out.splitlines()[:2] == [
        f"{old} -> {new}",
        f"note: both are rendered with the code of the {read_version(repository, None).label}",
    ]
    assert "  visits: rows by id: 0 added, 1 removed, 0 changed" in out
    assert "  a.mean  1.0 -> 3.0 points  +2, +200.0%" in out


@pytest.mark.parametrize(
    ("table", "said", "hidden"),
    [
        (
            "id,P77\nP01,5\nP02,6\n",
            "visits.csv: columns that the descriptor names and the file does not have: none",
            "P77",
        ),
        ("id,score\nP01,5,P77\nP02,6\n", "visits.csv: rows with more cells than columns", "P77"),
        ("id,score\nP01,5\nP02\n", "visits.csv: rows with fewer cells than columns", "P02"),
        ("", "visits.csv: a table", "P01"),
    ],
)
def test_a_table_that_is_not_as_described_is_a_change_everywhere(
    press: Run, repository: Path, tmp_path: Path, table: str, said: str, hidden: str
) -> None:
    """Terminal, JSON and page say so, and none of them that nothing changed in the data."""
    old, new = (shutil.copytree(repository / "data", tmp_path / name) for name in ("old", "new"))
    write(new, {"visits.csv": table})
    for folder in (old, new):
        write(folder, {"results.json": results(receipt("a.mean", 1.0, "1.0"))})
    status, out, _ = press("--data", str(old), str(new))
    assert (status, out.splitlines()[-1]) == (1, "changes found, and not all could be compared")
    assert f"  schema: {said}" in out
    assert "  no change" not in out.splitlines()
    found = json.loads(press("--data", str(old), str(new), "--json")[1])
    assert any(line.startswith(said) for line in found["data"]["schema"])
    text = (repository / "_comparison" / "comparison.html").read_text(encoding="utf-8")
    data = html.fromstring(text).get_element_by_id("data").text_content()
    assert said in data
    assert "No change" not in data
    assert not [of for of in (out, json.dumps(found), text) if hidden in of]


def test_files_with_the_same_fault_are_not_called_the_same(
    press: Run, repository: Path, tmp_path: Path
) -> None:
    """What both lack could not be compared."""
    write(repository, {"data/visits.csv": "id\nP01\n"})
    write(repository / "data", {"results.json": results(receipt("a.mean", 1.0, "1.0"))})
    new = shutil.copytree(repository / "data", tmp_path / "new")
    status, out, _ = press("--data", "data", str(new))
    assert status == 2
    assert "  no change in what could be compared" in out.splitlines()
    assert out.splitlines()[-1] == "not all could be compared; no change in the rest"
    page = (repository / "_comparison" / "comparison.html").read_text(encoding="utf-8")
    assert "<p>No change in what could be compared.</p>" in page


def test_data_packages_need_no_git(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was unpacked from an archive compares them as well."""
    copy = shutil.copytree(repository, tmp_path / "unpacked", ignore=lambda *_: {".git"})
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    data = copy / "data"
    write(data, {"results.json": results(receipt("a.mean", 1.0, "1.0"))})
    other = shutil.copytree(data, tmp_path / "other")
    found = compare(copy, data=(data, other))
    assert (found.status, found.numbers and found.numbers.moved) == (0, ())
    assert "without git" in found.notes[0]


@pytest.mark.parametrize(
    ("old", "new", "status", "said"),
    [
        ("One two.", "One two.", 0, "no change"),
        (
            "One two.",
            "One **two**.",
            1,
            "no word changed, only formatting, pictures or running heads",
        ),
    ],
)
def test_formatting_alone_is_a_change(
    press: Run, repository: Path, make_word: MakeWord, old: str, new: str, status: int, said: str
) -> None:
    """The page is the same, the Word file is not: terminal, page, status and JSON say so."""
    fake = (repository / "press" / "cli.py").read_text(encoding="utf-8")
    write(repository, {"press/cli.py": f"{fake}\nshutil.copy('paper.docx', out)\n"})
    for tag, text in (("v3", old), ("v4", new)):
        shutil.copy(make_word(tag, text), repository / "paper.docx")
        commit(repository, {"notes.txt": tag}, tag)
    found, out, _ = press("v3", "v4")
    assert (found, f"  paper: {said}" in out.splitlines()) == (status, True)
    page = html.parse(repository / "_comparison" / "comparison.html")
    words = page.getroot().get_element_by_id("words-paper")
    assert words.findall("p")[-1].text == f"{said.capitalize()}."
    (words,) = json.loads(press("v3", "v4", "--json")[1])["words"]
    assert (words["blocks"], words["redline"]["formatting"] if status else 0) == ({}, status)


# What cannot be done ----------------------------------------------------------------------------


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


def test_a_version_is_rendered_in_its_own_environment(press: Run, repository: Path) -> None:
    """One is made from its lock file; what pip says of a lock that it cannot install is quoted."""
    commit(repository, {"requirements.lock": "no requirement\n"}, "v3")
    (repository / "requirements.lock").unlink()
    commit(repository, {}, "v4")
    status, out, _ = press("v3", "v4")
    assert status == 2
    assert "its environment could not be made from its requirements.lock" in out
    assert "Invalid requirement" in out
    write(repository, {"requirements.lock": ""})
    assert "it has no requirements.lock, which would say what it is" in press("v2", "v1")[1]


def test_a_version_without_a_press_is_said(press: Run, repository: Path) -> None:
    """There may have been none in the beginning."""
    run_git(repository, "rm", "-q", "-r", "press")
    commit(repository, {}, "v3")
    assert "it has no press/cli.py, so that nothing in it renders the article" in press("v3")[1]


def test_what_was_rendered_is_kept_by_its_content(press: Run, repository: Path) -> None:
    """A commit and a working tree with the same files are one render."""
    press("v2")
    kept = list((repository / ".cache" / "compare").iterdir())
    assert len(kept) == 1
    write(repository, {"notes.txt": "new"})
    for ignored in ("1", "2"):
        write(repository, {".cache/ignored.txt": ignored})
        press("v2")
    assert len(list((repository / ".cache" / "compare").iterdir())) == 2


def test_versions_are_rendered_with_their_own_data(
    press: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever package the environment names, which is said where it is another one."""
    monkeypatch.setenv("STUDY_DATA", "elsewhere")
    status, out, _ = press("v1", "v2")
    assert (status, "does not render" in out) == (1, False)
    note = "STUDY_DATA (elsewhere) counts for no revision: compared are the data in data/ of each"
    assert out.splitlines()[1].startswith(f"note: {note}; ")
    page = (repository / "_comparison" / "comparison.html").read_text(encoding="utf-8")
    assert (out.count(note), page.count(note)) == (1, 1)
    monkeypatch.setenv("STUDY_DATA", "data")
    assert "STUDY_DATA" not in press("v1", "v2")[1]


def test_a_project_may_lie_in_a_folder_of_its_repository(tmp_path: Path, git: str) -> None:
    """Revisions are then read and rendered there."""
    assert git
    run_git(tmp_path, "init", "-q")
    inside: dict[str, Any] = {f"study/{name}": text for name, text in project(8.0, "+8.0").items()}
    commit(tmp_path, inside, "v1")
    found = compare(write(tmp_path / "study", project(9.0, "+9.0")), "v1")
    assert found.numbers
    assert [of.id for of in found.numbers.moved] == ["a.mean"]
    assert found.shown["a.mean"][0].text == "The change was +9.0 points."
    assert not found.faults


def test_a_project_that_was_moved_is_told_as_such(repository: Path) -> None:
    """What git says of the folder would name no remedy."""
    (repository / "moved").mkdir()
    run_git(repository, "mv", "-k", "_quarto.yml", "press", "paper.html", "data", "moved")
    commit(repository, {}, "v3")
    short = run_git(repository, "rev-parse", "--short", "v1").strip()
    with pytest.raises(PressError) as raised:
        start(repository / "moved", "v1")
    assert str(raised.value) == (
        f"v1 ({short}) has no folder moved/, where the project lies now; check it out elsewhere "
        f"(git worktree add FOLDER {short}), and compare the data of both with "
        "press compare --data OLD NEW"
    )
