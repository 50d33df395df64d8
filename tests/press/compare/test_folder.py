"""The folder that a comparison writes into: its own files are replaced, others are left."""

from __future__ import annotations

from pathlib import Path

from tests.press.compare.conftest import MakeWord
from tests.press.compare.repositories import Run, commit, write

OTHERS = {"smith-redline.docx": "mine", "paper-redline.docx": "mine too", "notes.txt": "a"}


def contents(folder: Path) -> dict[str, str]:
    """The files of others with what is in them."""
    return {name: (folder / name).read_text() for name in OTHERS if (folder / name).is_file()}


def test_redlines_of_others_are_left(press: Run, tmp_path: Path) -> None:
    """Nothing changed, and so no Word file is written, nor one of the same name removed."""
    folder = write(tmp_path / "out", OTHERS)
    assert press("v2", "--output", str(folder))[0] == 0
    assert press("v1", "--output", str(folder))[0] == 1
    assert contents(folder) == OTHERS


def test_the_redline_of_the_last_comparison_is_gone_with_its_page(
    press: Run, repository: Path, make_word: MakeWord
) -> None:
    """One that no page tells of any more would be taken for that of the versions compared now."""
    make_word("old", "The change was +7.5 points.").replace(repository / "paper.docx")
    commit(repository, {}, "v3")
    make_word("new", "The change was +7.0 points.").replace(repository / "paper.docx")
    press("v3")
    assert (repository / "_comparison" / "paper-redline.docx").is_file()
    write(repository / "_comparison", {"smith-redline.docx": "mine"})
    write(repository, {"fault.txt": "paper.qmd:3: unknown key tocc"})
    assert press("v3")[0] == 2
    assert {path.name for path in (repository / "_comparison").iterdir()} == {
        "comparison.html",
        "smith-redline.docx",
    }


def test_a_page_of_another_make_is_not_replaced(press: Run, tmp_path: Path) -> None:
    """It is told before the work, with the remedy."""
    folder = write(tmp_path / "out", {"comparison.html": "<title>My comparison</title>"})
    status, out, err = press("v1", "v2", "--output", str(folder))
    assert (status, out) == (2, "")
    assert err == (
        f"press: {folder / 'comparison.html'} was not written by press compare, which would "
        "replace it; move it, or name another folder with --output DIR\n"
    )
    assert (folder / "comparison.html").read_text() == "<title>My comparison</title>"
