"""A project and the name of a profile in; the package for the journal out, or why there is none."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from press.compare.versions import Version, read_version, walked
from press.config import read_project
from press.errors import Fault, PressError
from press.render import DATA_FOLDER, new_staging
from press.response.build import check_response
from press.root import find_root
from press.submit.archive import PACKAGE, write_archive
from press.submit.build import RESPONSE, Build, render_copies, write_marked_up
from press.submit.checks import check_blinded, check_placeholders
from press.submit.deliver import Submission, deliver
from press.submit.files import files_in
from press.submit.gate import committed_profile, inspect
from press.submit.letters import DECLARATIONS, LETTER, TITLE_PAGE, Writer, unknown_to_git
from press.submit.sent import check_cut, checksum
from press.submit.tags import (
    SUBMISSION,
    Tag,
    check_git,
    git_faults,
    last_sent,
    read_tags,
    tag_faults,
)
from press.submit.tree import STAMP, adapt
from press.submit.word import finish

ARCHIVE = "9-data-and-code.zip"
RENDERED = ("2-", "3-manuscript", "5-")
"""How the names of files begin that the render has finished."""


def submit(
    folder: Path,
    name: str,
    *,
    data: Path | None = None,
    is_rehearsal: bool = False,
    say: Callable[[str], None] = lambda line: None,
) -> Submission:
    """Build the package of the last commit for the profile `name`, move it into place and tag it.

    With any fault nothing is written, unless it is a rehearsal. Raises PressError where the
    package cannot be built at all.
    """
    root = find_root(folder.resolve())
    check_git(root)
    version = read_version(root, "HEAD")
    work = new_staging(root)
    try:
        with version.files() as tree:
            profile = committed_profile(root, tree, name)
            copy = _copied(data, work / ".data") if data else None
            of_git = git_faults(root)
            changed = frozenset(fault.place for fault in of_git)
            build = Build(root, tree.resolve(), work, profile, copy, is_rehearsal, data, changed)
            build.faults += [*of_git, *tag_faults(root, profile.id)]
            build.faults += unknown_to_git(root)
            try:
                return _build(build, version, say)
            except PressError as error:
                said = [*map(str, sorted(set(build.faults))), str(error)]
                raise type(error)(build.named("\n".join(said))) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _copied(data: Path, target: Path) -> Path:
    """A copy of a data folder, which may be edited while the package is built."""
    target.mkdir()
    for name, path in walked(data):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target / name)
    return target


def _build(build: Build, version: Version, say: Callable[[str], None]) -> Submission:
    build.folder.mkdir()
    build.faults += write_archive(
        build.tree, build.folder / ARCHIVE, is_external=build.data is not None,
        data=build.data_within, head=STAMP if build.is_rehearsal else "",
    )  # fmt: skip
    adapt(build.tree, is_review=build.is_review, is_rehearsal=build.is_rehearsal)
    project = read_project(build.tree)
    say("executing the documents")
    inspection = inspect(project, build.profile, build.data)
    found = [*inspection.faults, *check_response(project)]
    build.faults += [fault for fault in found if fault.place.partition(":")[0] not in build.changed]
    tags = read_tags(build.root, build.profile.id)
    build.faults += _older_data(build, tags)
    if build.faults and not build.is_rehearsal:
        return _refused(build)
    say("rendering the full and the blinded copy")
    render_copies(build, project)
    results = checksum(build.results)
    tag = last_sent(tags, str(version.commit), results, is_rehearsal=build.is_rehearsal)
    say(f"marking it up against {tag.name}" if tag else "nothing was sent before")
    marked = write_marked_up(build, project, tag)
    say("writing title page, letter, declarations and checklists")
    writer = Writer(project, build.profile, inspection, build.is_rehearsal)
    _write_letters(build, writer, tag, marked)
    check_blinded(build, inspection)
    check_placeholders(build, inspection)
    if build.faults and not build.is_rehearsal:
        return _refused(build)
    _name_data(build)
    return deliver(build, inspection, tags, str(version.commit))


def _older_data(build: Build, tags: list[Tag]) -> list[Fault]:
    """A fault where an older cut of the data is submitted than was last."""
    sent = [tag for tag in tags if tag.kind == SUBMISSION]
    place = str(build.package / PACKAGE) if build.data else f"{DATA_FOLDER}/{PACKAGE}"
    return check_cut(build.root, sent[-1] if sent else None, build.data_version, place)


def _name_data(build: Build) -> None:
    """Have faults and notes name the data folder that the user knows."""
    build.faults = [Fault(build.named(of.place), build.named(of.text)) for of in build.faults]
    build.notes = [build.named(note) for note in build.notes]


def _refused(build: Build) -> Submission:
    _name_data(build)
    return Submission(tuple(sorted(set(build.faults))), tuple(build.notes))


def _write_letters(build: Build, writer: Writer, tag: Tag | None, marked: list[str]) -> None:
    folder = build.folder
    if writer.inspection.declared:
        writer.write("declarations.md", folder / DECLARATIONS, "Declarations")
    writer.write("title-page.md", folder / TITLE_PAGE, "Title page")
    pdfs = folder / "2-manuscript.pdf", folder / "2-manuscript-blinded.pdf"
    build.faults += writer.write_checklists(folder, *pdfs)
    enclosed = sorted({path.relative_to(folder).parts[0] for path in files_in(folder)})
    writer.write(
        "cover-letter.md", folder / LETTER, "Cover letter",
        enclosed=enclosed, before=tag is not None, marked_up=marked,
        response=[name for name in enclosed if name.startswith(RESPONSE)],
    )  # fmt: skip
    own = [path for path in sorted(folder.glob("*.docx")) if not path.name.startswith(RENDERED)]
    finish(own, writer.project)
