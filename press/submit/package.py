"""A project and the name of a profile in; the package for the journal out, or why there is none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from press.compare.versions import Version, read_version
from press.config import Project, find_root, read_project
from press.errors import Fault, PressError
from press.export import WIDTHS_MM, export_figures
from press.journal_check import PLACEHOLDER
from press.marked import as_list
from press.profiles import Profile, read_profile
from press.submit.archive import write_archive
from press.submit.contents import ANONYMOUS, README, readme
from press.submit.files import MANIFEST, files_in, manifest, zip_folder
from press.submit.gate import Inspection, inspect
from press.submit.letters import DECLARATIONS, LETTER, TITLE_PAGE, Writer
from press.submit.markup import mark_up
from press.submit.names import Name, names_of, search, self_references
from press.submit.tags import (
    REHEARSAL,
    SUBMISSION,
    Tag,
    check_git,
    delete_tag,
    git_faults,
    last_sent,
    read_tags,
    write_tag,
)
from press.submit.texts import texts
from press.submit.tree import adapt, blind, render
from press.submit.word import finish, read_authors

OUTPUT = "_submission"
ARCHIVE = "9-data-and-code.zip"
FIGURES = "4-figures"


@dataclass(frozen=True)
class Submission:
    """What came of it: every fault, what is to be known, the package and tag if there is one."""

    faults: tuple[Fault, ...]
    notes: tuple[str, ...] = ()
    folder: Path | None = None
    zip: Path | None = None
    tag: str = ""

    def show(self, say: Callable[[str], None] = print) -> int:
        """Say faults and notes, a line each, then where the package is; the exit status."""
        for line in (*map(str, self.faults), *(f"note: {note}" for note in self.notes)):
            say(line)
        count = len(self.faults)
        number = f"{count} {'fault' if count == 1 else 'faults'}" if count else "no fault"
        if self.folder is None:
            say(f"{number}; nothing was written")
            return 1
        say(f"{number}; wrote {self.folder} and {self.zip}")
        say(f"tagged {self.tag}" if self.tag else "not tagged")
        return 0


@dataclass
class Build:
    """A package in the making: the copies it is made from, its folder, what was found so far."""

    root: Path
    tree: Path
    work: Path
    profile: Profile
    data: Path | None
    is_rehearsal: bool
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the package, by which a rehearsal is known."""
        return f"{self.profile.id}-rehearsal" if self.is_rehearsal else self.profile.id

    @property
    def folder(self) -> Path:
        """Where the package is put together."""
        return self.work / self.name

    @property
    def is_review(self) -> bool:
        """Whether the journal wants numbered or double-spaced lines."""
        rules = self.profile.line_numbers, self.profile.double_spacing
        return any(rule is not None and rule.value for rule in rules)


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
    (root / ".cache").mkdir(exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="submit-", dir=root / ".cache"))
    try:
        with version.files() as tree:
            profile = read_profile(tree, name)
            build = Build(root, tree.resolve(), work, profile, data, is_rehearsal)
            build.faults += git_faults(root)
            return _build(build, version, say)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _build(build: Build, version: Version, say: Callable[[str], None]) -> Submission:
    build.folder.mkdir()
    write_archive(build.tree, build.folder / ARCHIVE, is_external=build.data is not None)
    adapt(build.tree, is_review=build.is_review, is_rehearsal=build.is_rehearsal)
    project = read_project(build.tree)
    say("executing the documents")
    inspection = inspect(project, build.profile, build.data)
    build.faults += inspection.faults
    if build.faults and not build.is_rehearsal:
        return _refused(build)
    say("rendering the full and the blinded copy")
    _render(build, project)
    tags = read_tags(build.root, build.profile.id)
    tag = last_sent(tags, str(version.commit), is_rehearsal=build.is_rehearsal)
    say(f"marking it up against {tag.name}" if tag else "nothing was sent before")
    marked = _mark_up(build, tag)
    say("writing title page, letter, declarations and checklists")
    writer = Writer(project, build.profile, inspection, build.is_rehearsal)
    _write_letters(build, writer, tag, marked)
    _check_blinded(build, inspection)
    _check_placeholders(build, inspection)
    if build.faults and not build.is_rehearsal:
        return _refused(build)
    return _deliver(build, inspection, tags, str(version.commit))


def _refused(build: Build) -> Submission:
    return Submission(tuple(sorted(set(build.faults))), tuple(build.notes))


def _render(build: Build, project: Project) -> None:
    """The documents with and without authors, and the figures, side by side."""
    hidden = build.tree.with_name(f"{build.tree.name}-blinded")
    outs = build.work / "full", build.work / "blinded"
    rule = build.profile.figure_widths_mm
    widths = tuple(map(float, rule.value)) if rule else WIDTHS_MM
    blind(build.tree, hidden, project)
    try:
        with ThreadPoolExecutor() as pool:
            pairs = zip((build.tree, hidden), outs, strict=True)
            runs = [pool.submit(render, tree, out, data=build.data) for tree, out in pairs]
            target = build.folder / FIGURES
            export_figures(build.tree, data=build.data, output=target, widths_mm=widths)
            for run in runs:
                build.faults += [_fault(line) for line in run.result()]
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
    stems = [Path(name).stem for name in project.documents]
    for ending in ("docx", "pdf"):
        for stem, name in zip(stems, _names(stems), strict=True):
            for out, mark in zip(outs, ("", "-blinded"), strict=True):
                shutil.copyfile(out / f"{stem}.{ending}", build.folder / f"{name}{mark}.{ending}")


def _fault(line: str) -> Fault:
    place, _, text = line.partition(": ")
    return Fault(place, text)


def _names(stems: list[str]) -> list[str]:
    """The names in the package: the first document is the manuscript."""
    return ["2-manuscript", *(f"5-{stem}" for stem in stems[1:])]


def _mark_up(build: Build, tag: Tag | None) -> str:
    """The name of the marked-up copy, of the blinded manuscript where the journal wants that."""
    if tag is None:
        build.notes.append("no marked-up copy: no version was sent before")
        return ""
    is_blinded = bool(build.profile.is_blinded and build.profile.is_blinded.value)
    mark = "-blinded" if is_blinded else ""
    target = build.folder / f"3-manuscript{mark}-marked-up.docx"
    marked = mark_up(
        build.root, tag, build.folder / f"2-manuscript{mark}.docx", target,
        is_review=build.is_review, is_blinded=is_blinded, data=build.data,
    )  # fmt: skip
    build.notes += marked.notes
    return target.name if marked.is_made else ""


def _write_letters(build: Build, writer: Writer, tag: Tag | None, marked: str) -> None:
    folder = build.folder
    if writer.inspection.declared:
        writer.write("declarations.md", folder / DECLARATIONS, "Declarations")
    writer.write("title-page.md", folder / TITLE_PAGE, "Title page")
    pdfs = folder / "2-manuscript.pdf", folder / "2-manuscript-blinded.pdf"
    build.faults += writer.write_checklists(folder, *pdfs)
    enclosed = sorted({path.relative_to(folder).parts[0] for path in files_in(folder)})
    writer.write(
        "cover-letter.md", folder / LETTER, "Cover letter",
        enclosed=enclosed, revised=tag is not None, marked_up=marked,
    )  # fmt: skip
    own = [path for path in sorted(folder.glob("*.docx")) if path.name[0] in "1678"]
    finish(own, writer.project)


def _check_blinded(build: Build, inspection: Inspection) -> None:
    """No file that reviewers get names an author; what cites the authors is noted."""
    article = inspection.article
    people = read_authors(article.settings, article.document.file)
    names = names_of(people["authors"], people["affiliations"], inspection.declared)
    cited = [author["family"] for run in inspection.trees for work in run.references
             for author in work.get("author", ()) if "family" in author]  # fmt: skip
    files = [path for path in files_in(build.folder) if ANONYMOUS.fullmatch(_within(build, path))]
    faults, notes = search(build.folder, files, names, cited=cited)
    build.faults += faults
    build.notes += [*notes, *_self_references(build, inspection, names)]


def _self_references(build: Build, inspection: Inspection, names: Iterable[Name]) -> Iterable[str]:
    for document, run in zip(inspection.documents, inspection.trees, strict=True):
        source = (build.tree / document.file).read_text(encoding="utf-8")
        yield from self_references(run.references, names, document.file, source)


def _within(build: Build, path: Path) -> str:
    return path.relative_to(build.folder).as_posix()


def _check_placeholders(build: Build, inspection: Inspection) -> None:
    """No file of a package waits for its text, beyond what the source is known to wait for."""
    waiting = [str(author) for document in inspection.documents
               for author in as_list((document.front.value or {}).get("author"))]  # fmt: skip
    waiting += [entry.shown for entry in inspection.declared]
    known = {_one_line(found) for text in waiting for found in PLACEHOLDER.findall(text)}
    for path in files_in(build.folder):
        found = [
            _one_line(said) for text in texts(path) for said in PLACEHOLDER.findall(text.words)
        ]
        for said in dict.fromkeys(found):
            if said not in known:
                fault = f"{said} waits for its text; write it where the file is made from"
                build.faults.append(Fault(_within(build, path), fault))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _deliver(build: Build, inspection: Inspection, tags: list[Tag], commit: str) -> Submission:
    """Write what describes the package, then move it into place and tag it: all or nothing."""
    names = [_within(build, path) for path in files_in(build.folder)]
    title = inspection.article.counts.title.text
    text = readme(
        names, journal=build.profile.name, title=title, commit=commit, notes=build.notes,
        is_rehearsal=build.is_rehearsal,
    )  # fmt: skip
    (build.folder / README).write_text(text, encoding="utf-8", newline="\n")
    listed = manifest(build.folder)
    (build.folder / MANIFEST).write_text(listed, encoding="utf-8", newline="\n")
    packed = build.work / f"{build.name}.zip"
    zip_folder(build.folder, packed, build.name)
    kind = REHEARSAL if build.is_rehearsal else SUBMISSION
    message = f"{build.profile.name}: the files of the package\n\n{listed}"
    new = Tag(kind, build.profile.id, 0, commit, message)
    before = {tag.name for tag in tags}
    name = _tagged(build, tags, new)
    try:
        folder, zipped = _move(build.folder, packed, build.root / OUTPUT)
    except OSError as error:
        if name and name not in before:
            delete_tag(build.root, name)
        raise PressError(f"the package could not be moved into place: {error}") from None
    faults = tuple(sorted(set(build.faults)))
    return Submission(faults, tuple(build.notes), folder, zipped, name)


def _tagged(build: Build, tags: list[Tag], new: Tag) -> str:
    """The tag's name; a rehearsal without anyone who could write it goes on without."""
    try:
        return write_tag(build.root, tags, new)
    except PressError:
        if build.is_rehearsal:
            return ""
        raise


def _move(folder: Path, packed: Path, output: Path) -> tuple[Path, Path]:
    """Move folder and zip to where they are looked for; what lay there stays if that fails."""
    output.mkdir(exist_ok=True)
    goal, old = output / folder.name, output / f".{folder.name}.old"
    shutil.rmtree(old, ignore_errors=True)
    if goal.exists():
        goal.rename(old)
    try:
        folder.rename(goal)
        packed.replace(output / packed.name)
    except OSError:
        shutil.rmtree(goal, ignore_errors=True)
        if old.exists():
            old.rename(goal)
        raise
    shutil.rmtree(old, ignore_errors=True)
    return goal, output / packed.name
