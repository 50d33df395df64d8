"""The article's own package, rehearsed once: what an editor would get today, and what is open."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest

from press.compare.versions import listed
from press.submit.declared import read_declared
from press.submit.deliver import Submission
from press.submit.package import submit
from press.submit.texts import texts

ROOT = Path(__file__).resolve().parent.parent
STAMP = "Rehearsal: not for submission"


@pytest.fixture(scope="module")
def rehearsed(git: str, tmp_path_factory: pytest.TempPathFactory) -> Submission:
    """The package of a repository that holds the files as they are now.

    The check after the render, which other tests hold, is left out.
    """
    root = tmp_path_factory.mktemp("article") / "copy"
    for name, path in listed(ROOT):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, root / name, follow_symlinks=False)
    settings = (root / "_quarto.yml").read_text(encoding="utf-8")
    (root / "_quarto.yml").write_text(settings.replace(", journal/check.py]", "]"))
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
    for command in (("init", "-q"), ("add", "-A"), (*who, "commit", "-q", "-m", "All of it")):
        subprocess.run([git, *command], cwd=root, check=True, capture_output=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_COMMITTER_NAME", "Somebody")
        patch.setenv("GIT_COMMITTER_EMAIL", "somebody@example.org")
        return submit(root, "international-trends-in-immunity", is_rehearsal=True)


@pytest.mark.slow
def test_only_what_is_declared_open_is_refused(rehearsed: Submission) -> None:
    """Simulated data, open declarations and the authors: nothing else keeps it from an editor."""
    open_ones = [entry for entry in read_declared(ROOT) if entry.text is None]
    places = [fault.place.split(":")[0] for fault in rehearsed.faults]
    assert places.count("data/datapackage.json") == 1
    assert places.count("declarations.yml") == len(open_ones)
    others = [fault for fault in rehearsed.faults
              if fault.place.split(":")[0] not in ("data/datapackage.json", "declarations.yml")
              and "the authors are to be completed" not in fault.text]  # fmt: skip
    assert others == []


@pytest.mark.slow
def test_every_document_says_that_it_is_a_rehearsal_on_simulated_data(
    rehearsed: Submission,
) -> None:
    """Word files and PDFs say both at the head of their pages."""
    assert rehearsed.folder is not None
    files = sorted(path for path in rehearsed.folder.iterdir() if path.suffix in (".docx", ".pdf"))
    assert len(files) == 13
    for path in files:
        said = "\n".join(text.words for text in texts(path))
        assert f"Simulated data. {STAMP}".casefold() in said.casefold(), path.name


@pytest.mark.slow
def test_the_checklists_have_a_page_for_every_item(rehearsed: Submission) -> None:
    """Each item has its page in the PDF, or the reason why it does not apply."""
    assert rehearsed.folder is not None
    for name in ("strobe", "care"):
        table = docx.Document(str(rehearsed.folder / f"6-{name}.docx")).tables[0]
        for row in table.rows[1:]:
            answer, page = row.cells[2].text, row.cells[3].text
            assert re.fullmatch(r"\d+", page) or answer.startswith("Not applicable: "), answer


@pytest.mark.slow
def test_the_archive_holds_simulated_data_licences_and_lock_files(rehearsed: Submission) -> None:
    """All that the one command needs is in it, and what git ignores is not."""
    assert rehearsed.folder is not None
    with zipfile.ZipFile(rehearsed.folder / "9-data-and-code.zip") as archive:
        names = {name.removeprefix("data-and-code/") for name in archive.namelist()}
        readme = archive.read("data-and-code/ARCHIVE.txt").decode()
    wanted = {"Makefile", "README.md", "LICENSE", "LICENSE-prose.md", "requirements.lock",
              "requirements-test.lock", "data/patients.csv", "manuscript.qmd"}  # fmt: skip
    assert wanted <= names
    assert not any(name.startswith((".cache", "_manuscript", ".venv")) for name in names)
    assert "The data are simulated; they are in data/." in readme
