"""What is refused: every reason with its place, and nothing is written."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from press.cli import main
from press.errors import Fault, PressError
from press.submit.gate import simulated_tables
from press.submit.package import submit
from press.submit.sent import check_cut
from press.submit.tags import SUBMISSION, Tag, git_faults, last_sent, read_tags, write_tag
from tests.press.submit.projects import AUTHORS, PAPER, commit, make_repository, project
from tests.press.submit.projects import git as run_git

ANSWER = "  text: A.Z. and B.Q. did all.\n"
OPEN_AUTHORS = 'author:\n  - name: "[Authors: to be completed by the study team]"\n'


@pytest.fixture
def root(git: str, tmp_path: Path) -> Path:
    """The project, committed."""
    assert git
    return make_repository(tmp_path / "study")


def test_every_reason_is_told_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open fields, simulated data, a stale number, what the journal asks, uncommitted changes."""
    files = project()
    paper = PAPER.format(authors=OPEN_AUTHORS, repository="[Address to be completed]")
    long = "**Objective.** " + "To describe strength. " * 20
    commit(root, {
        "paper.qmd": paper.replace("**Objective.** To describe strength.", long)
        .replace("Quill and a colleague", "TODO: Quill and a colleague"),
        "declarations.yml": files["declarations.yml"].replace(ANSWER, "")
        .replace("None of it has", "None of it [our poster apart] has"),
        "data/datapackage.json": json.dumps({"provenance": {"kind": "simulated"}}),
        "results.json": files["results.json"].replace("8.0", "7.0"),
    })  # fmt: skip
    (root / "LICENSE").write_text("None\n")
    done = submit(root, "tests")
    assert [str(fault).partition(";")[0] for fault in done.faults] == [
        "LICENSE: it has changes that are not committed",
        "data/datapackage.json: provenance.kind is simulated",
        "declarations.yml:4: contributions is open: Who did what? Write its text",
        "declarations.yml:11: originality is open at [our poster apart]: Was it published? Write "
        "its text",
        "paper.qmd:4: the authors are to be completed",
        "paper.qmd:14: abstract words: 61 of at most 50, 11 too many (a test, read 2026-11-26)",
        "paper.qmd:21: TODO waits for its text",
        "paper.qmd:43: [Address to be completed] waits for its text",
        "results.json: it is stale, the code computes other numbers",
    ]
    assert done.folder is None
    assert not (root / "_submission").exists()
    assert run_git(root, "tag") == ""
    monkeypatch.chdir(root)
    assert main(["submit", "--journal", "tests"]) == 1


def test_every_mistyped_key_is_told_at_once(root: Path) -> None:
    """Of each document, author and declaration, and that something is not committed."""
    files = project()
    declared = files["declarations.yml"]
    commit(root, {
        "paper.qmd": files["paper.qmd"].replace("    corresponding:", "    coresponding:")
        .replace("    affiliations:\n      - ref", "    affiliatons:\n      - ref"),
        "more.qmd": files["more.qmd"].replace("    degrees:", "    degres:"),
        "declarations.yml": declared.replace("identifies: true", "identifes: true", 1)
        .replace("identifies: true", "identifies: yes", 1),
    })  # fmt: skip
    (root / "declarations.yml").write_text(declared)
    with pytest.raises(PressError) as refused:
        submit(root, "tests")
    assert [line.partition(";")[0] for line in str(refused.value).split("\n")] == [
        "declarations.yml: it has changes that are not committed",
        "paper.qmd:7: unknown author key coresponding",
        "paper.qmd:14: unknown author key affiliatons",
        "more.qmd:8: unknown author key degres",
        "declarations.yml:7: unknown declaration key identifes",
        "declarations.yml:11: identifies: yes: true or false is wanted",
    ]


def test_a_file_with_changes_has_no_other_fault(root: Path) -> None:
    """Its lines in the last commit are not those that its author sees."""
    declared = project()["declarations.yml"]
    commit(root, {"declarations.yml": declared.replace(ANSWER, "")})
    (root / "declarations.yml").write_text(declared)
    said = "it has changes that are not committed; commit or undo them, since only what is "
    assert submit(root, "tests").faults == (
        Fault("declarations.yml", f"{said}committed is checked and sent"),
    )


def test_a_blinded_copy_with_a_name_is_refused(root: Path) -> None:
    """A name that the text spells out is found in the built files; what was there before stays."""
    kept = root / "_submission" / "tests" / "kept.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("of the last time")
    paper = PAPER.format(authors=AUTHORS, repository="Ask Ada Zimmerwald.")
    by_two = "It was read by BQ. Strength was described before [@quill2001; @other2002]."
    first = "Strength was described before [@quill2001; @other2002]."
    commit(root, {"paper.qmd": paper.replace(first, by_two)})
    done = submit(root, "tests")
    assert [str(fault).partition(" or,")[0] for fault in done.faults] == [
        f"2-manuscript-blinded.{ending}: text has the {said}"
        for ending in ("docx", "pdf")
        for said in (
            "author “Ada Zimmerwald”; take it out of paper.qmd:54",
            "initials “BQ”; take it out of paper.qmd:31",
        )
    ]
    assert kept.read_text() == "of the last time"
    assert run_git(root, "tag") == ""


def test_what_is_not_possible_exits_2(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No such profile, no commit, a rehearsal too; each in a sentence."""
    monkeypatch.chdir(root)
    assert main(["submit", "--journal", "test"]) == 2
    assert "did you mean tests?" in capsys.readouterr().err
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "_quarto.yml").write_text("project:\n  render: [a.qmd]\n")
    monkeypatch.chdir(bare)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert main(["submit", "--journal", "tests", "--rehearsal"]) == 2
    assert "has no commit of a git repository" in capsys.readouterr().err


def test_tags_count_up_and_name_the_last_version(root: Path) -> None:
    """The same package keeps its tag; a rehearsal is held against the last submission."""
    first = run_git(root, "rev-parse", "HEAD").strip()
    one = Tag(SUBMISSION, "tests", 0, first, "files\n\na.docx\t3\tabc\n")
    assert write_tag(root, [], one) == "submission/tests/1"
    assert write_tag(root, read_tags(root, "tests"), one) == "submission/tests/1"
    commit(root, {"LICENSE": "Other\n"})
    second = run_git(root, "rev-parse", "HEAD").strip()
    two = Tag("rehearsal", "tests", 0, second, "files\n")
    assert write_tag(root, read_tags(root, "tests"), two) == "rehearsal/tests/1"
    tags = read_tags(root, "tests")
    assert [tag.name for tag in tags] == ["submission/tests/1", "rehearsal/tests/1"]
    assert tags[0].checksums == {"a.docx": "abc"}
    assert last_sent(tags, first, "", is_rehearsal=False) is None
    for is_rehearsal in (False, True):
        found = last_sent(tags, second, "", is_rehearsal=is_rehearsal)
        assert found is not None
        assert found.name == "submission/tests/1"


def test_the_version_before_is_of_another_commit_or_of_other_data() -> None:
    """New data at the same commit are another package; the same ones built anew are not."""
    packages = [("one", "old"), ("one", "new"), ("two", "new")]
    tags = [Tag(SUBMISSION, "tests", number, commit, f"sent/results.json\t9\t{results}\n")
            for number, (commit, results) in enumerate(packages, start=1)]  # fmt: skip

    def before(count: int, commit: str, results: str) -> int | None:
        found = last_sent(tags[:count], commit, results, is_rehearsal=False)
        return found.number if found else None

    assert before(1, "one", "old") is None
    assert before(1, "one", "new") == 1
    assert before(2, "one", "new") == 1
    assert before(2, "two", "new") == 2
    assert before(3, "two", "new") == 2
    assert before(3, "two", "newer") == 3


@pytest.mark.parametrize(
    ("new", "old", "is_older"),
    [("1.0.0", "1.1.0", True), ("1.9.0", "1.10.0", True), ("1.10.0", "1.9.0", False),
     ("1.1.0", "1.1.0", False), ("", "1.1.0", False), ("1.0.0", "", False),
     ("spring", "1.1.0", False)],
)  # fmt: skip
def test_older_data_than_were_sent_are_a_fault(
    new: str, old: str, is_older: bool, tmp_path: Path
) -> None:
    """Versions go by their numbers, from the tag or from what was kept with it, unchanged."""
    kept = tmp_path / "_submission/sent/submission/tests/1/results.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(json.dumps({"schema_version": 1, "data_version": old}))
    digest = hashlib.sha256(kept.read_bytes()).hexdigest()
    told = Tag(SUBMISSION, "tests", 1, "a", f"files\n\ndata version {old}\n\n")
    kept_only = Tag(SUBMISSION, "tests", 1, "a", f"sent/results.json\t9\t{digest}\n")
    for tag in (told, kept_only):
        faults = check_cut(tmp_path, tag, new, "data/datapackage.json")
        assert bool(faults) is is_older
        for fault in faults:
            assert f"version is {new}, and submission/tests/1 was sent with {old};" in fault.text
    kept.write_text("{}")
    assert check_cut(tmp_path, kept_only, new, "data/datapackage.json") == []


def test_a_tag_that_git_made_is_told_before_the_build(root: Path) -> None:
    """A tag without a manifest would be in the way of the version's own; another is no fault."""
    run_git(root, "tag", "submission/tests/1")
    run_git(root, "tag", "submission/other/1")
    run_git(root, "tag", "-a", "-m", "Sent", "submission/tests/2")
    (fault,) = submit(root, "tests").faults
    said = "the tag submission/tests/1 holds no manifest: press submit did not write it; git tag -d"
    assert fault == Fault(".git", f"{said} submission/tests/1")


def test_a_file_that_is_not_committed_is_named_as_it_is_called(root: Path) -> None:
    """Git by itself writes an é as two numbers, and a file that got another name with both."""
    (root / "LICENSE").rename(root / "Licence é.md")
    run_git(root, "add", "-A")
    assert [fault.place for fault in git_faults(root)] == ["LICENSE", "Licence é.md"]


def test_a_letter_that_git_does_not_know_is_refused(root: Path) -> None:
    """It would not be sent; the remedy is named for it and for the comments."""
    for name in ("response.qmd", "reviews.yml"):
        (root / name).write_text("a\n", encoding="utf-8")
    said = [str(fault) for fault in submit(root, "tests").faults]
    assert said == [
        f"{name}: git does not know it, so that it is not sent; git add it"
        for name in ("response.qmd", "reviews.yml")
    ]


def test_a_profile_that_is_not_committed_is_told_as_such(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is there, and a package is built from a commit."""
    profiles = root / "journal" / "profiles"
    (profiles / "mine.yml").write_bytes((profiles / "tests.yml").read_bytes())
    monkeypatch.chdir(root)
    assert main(["submit", "--journal", "mine"]) == 2
    assert capsys.readouterr().err == (
        "press: --journal mine: journal/profiles/mine.yml is not committed, and a package is "
        "built from a commit; git add and git commit it\n"
    )


def test_templates_and_checklists_that_git_does_not_know_are_refused(root: Path) -> None:
    """The package would go without them."""
    names = ("journal/checklists/other.yml", "journal/letters/other.md")
    for name in names:
        (root / name).write_text("a\n", encoding="utf-8")
    assert [str(fault) for fault in submit(root, "tests").faults] == [
        f"{name}: git does not know it, so that it is not used; git add it" for name in names
    ]


@pytest.mark.proof
def test_a_name_that_means_something_else_is_declared(root: Path) -> None:
    """The city is refused, with the way out, until declarations.yml says why it may stand."""
    paper = PAPER.format(authors=AUTHORS, repository="By the method of Bern.")
    commit(root, {"paper.qmd": paper})
    way = "; take it out of paper.qmd:54 or, where it means something else, say so under "
    assert [str(fault) for fault in submit(root, "tests").faults] == [
        f"2-manuscript-blinded.{ending}: text has the city “Bern”{way}blinding in declarations.yml"
        for ending in ("docx", "pdf")
    ]
    exception = "blinding:\n  allowed:\n    - words: Bern\n      because: a method\n"
    wrong = "    - words: Ada Zimmerwald\n      because: no\n    - words: Quill\n"
    declared = project()["declarations.yml"]
    commit(root, {"declarations.yml": declared + exception + wrong})
    assert [str(fault).partition(";")[0] for fault in submit(root, "tests").faults] == [
        "declarations.yml:19: “Ada Zimmerwald” names an author and nothing else",
        "declarations.yml:21: an exception is `words:`, as the fault has them, and `because:`, "
        "the reason",
    ]
    commit(root, {"declarations.yml": declared + exception})
    done = submit(root, "tests")
    assert done.faults == ()
    assert done.folder is not None
    readme = (done.folder / "README.txt").read_text(encoding="utf-8")
    assert (
        "- declarations.yml:17: “Bern” is let stand in what reviewers get, because: a method; it "
        "stands in: 2-manuscript-blinded.docx (text), 2-manuscript-blinded.pdf (text)\n" in readme
    )


def test_observed_data_under_an_open_licence_are_refused(root: Path) -> None:
    """CC0, as the simulated data have it, gives patients' rows to anybody."""
    package = {"provenance": {"kind": "observed"}, "licenses": [{"name": "CC0-1.0"}]}
    commit(root, {"data/datapackage.json": json.dumps(package)})
    assert [str(fault).partition(",")[0] for fault in submit(root, "tests").faults] == [
        "data/datapackage.json: licenses has CC0-1.0"
    ]


def test_simulated_tables_are_no_patients(tmp_path: Path) -> None:
    """A table of the simulated package is a fault in observed data; one without rows is none."""
    tables = {"visits.csv": "id,score\nP01,5\n", "events.csv": "id,event\n"}
    shipped, observed = tmp_path / "data", tmp_path / "data-observed"
    for folder, kind in ((shipped, "simulated"), (observed, "observed")):
        folder.mkdir()
        resources = [{"path": name} for name in tables]
        package = {"provenance": {"kind": kind}, "resources": resources}
        (folder / "datapackage.json").write_text(json.dumps(package))
        for name, text in tables.items():
            (folder / name).write_text(text)
    said = (
        "it is the simulated data/visits.csv, byte for byte, in data that are said to be observed"
    )
    assert list(simulated_tables(observed, shipped)) == [
        Fault(str(observed / "visits.csv"), f"{said}; put the table of the patients there")
    ]
    (observed / "visits.csv").write_text("id,score\nP01,6\n")
    assert list(simulated_tables(observed, shipped)) == []
    assert list(simulated_tables(observed, observed)) == []
