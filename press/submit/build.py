"""A commit checked out in; its documents, figures and marked-up copy in a folder out."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from press.config import Project, read_project
from press.errors import CheckFailedError, Fault
from press.export import WIDTHS_MM, accepted_formats, export_figures
from press.figures import ENDINGS
from press.journals.profiles import Profile
from press.render import DATA_FOLDER, RESULTS_FILE
from press.response import LETTER_FILE
from press.response.build import Versions, build_response
from press.submit.archive import read_package
from press.submit.markup import MarkedUp, mark_up
from press.submit.tags import Tag
from press.submit.tree import blind, is_review, render

FIGURES = "4-figures"
MANUSCRIPT, MARKED_UP, RESPONSE = "2-manuscript", "3-manuscript", "3-response"
BLINDED = "-blinded"
MARKS = ("", BLINDED)
"""What the names of the two copies of a document end in."""


@dataclass
class Build:
    """A package in the making: the copies it is made from, its folder, what was found so far.

    `data` is a copy of the folder `given`, so that one state of it is checked, counted and printed.
    `changed` are files that are not as in the commit, which is therefore not what a fault is of.
    """

    root: Path
    tree: Path
    work: Path
    profile: Profile
    data: Path | None
    is_rehearsal: bool
    given: Path | None = None
    changed: frozenset[str] = frozenset()
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
    def has_response(self) -> bool:
        """Whether there is a letter that answers reviewers."""
        return (self.tree / LETTER_FILE).is_file()

    @property
    def is_review(self) -> bool:
        """Whether lines are numbered."""
        return is_review(self.tree, self.profile)

    @property
    def mark(self) -> str:
        """What the names of files for reviewers end in who are not to know the authors."""
        rule = self.profile.is_blinded
        return BLINDED if rule is not None and rule.value else ""

    @property
    def results(self) -> Path:
        """The results.json of what is sent; the committed file is of the shipped data."""
        return (self.copy(self.mark) if self.data else self.tree) / RESULTS_FILE

    @property
    def package(self) -> Path:
        """The folder of the data of which the article is computed."""
        return self.data or self.tree / DATA_FOLDER

    @property
    def data_version(self) -> str:
        """The version of the data; empty where their package has none."""
        return str(read_package(self.package).get("version") or "")

    @property
    def data_within(self) -> str | None:
        """The folder of the data in the project; None where they are elsewhere."""
        data, root = (self.given or self.root).resolve(), self.root.resolve()
        is_within = self.given is not None and data != root and data.is_relative_to(root)
        return data.relative_to(root).as_posix() if is_within else None

    def copy(self, mark: str) -> Path:
        """The folder of the files rendered with authors, or with the mark without."""
        return self.work / f"rendered{mark}"

    def named(self, text: str) -> str:
        """A text with the data folder as it was given, and not the copy of it."""
        return text.replace(str(self.data), str(self.given)) if self.data else text

    def within(self, path: Path) -> str:
        """A file's name in the package."""
        return path.relative_to(self.folder).as_posix()


def render_copies(build: Build, project: Project) -> None:
    """The documents with and without authors, and the figures, side by side."""
    hidden = build.tree.with_name(f"{build.tree.name}-blinded")
    outs = tuple(build.copy(mark) for mark in MARKS)
    rule = build.profile.figure_widths_mm
    widths = tuple(map(float, rule.value)) if rule else WIDTHS_MM
    blind(build.tree, hidden, project)
    try:
        with ThreadPoolExecutor() as pool:
            pairs = zip((build.tree, hidden), outs, strict=True)
            runs = [pool.submit(render, tree, out, formats="html,pdf,docx", data=build.data)
                    for tree, out in pairs]  # fmt: skip
            target = build.folder / FIGURES
            formats = accepted_formats(build.profile.figure_formats) or tuple(ENDINGS)
            export_figures(
                build.tree, data=build.data, output=target, widths_mm=widths, formats=formats
            )
            for run in runs:
                build.faults += [fault_of(line) for line in run.result()]
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
    stems = [Path(name).stem for name in project.documents]
    for ending in ("docx", "pdf"):
        for stem, name in zip(stems, _names(stems), strict=True):
            for out, mark in zip(outs, MARKS, strict=True):
                shutil.copyfile(out / f"{stem}.{ending}", build.folder / f"{name}{mark}.{ending}")


def fault_of(line: str) -> Fault:
    """A line of a check's report as the fault that it says."""
    place, _, text = line.partition(": ")
    return Fault(place, text)


def _names(stems: list[str]) -> list[str]:
    """The names in the package: the first document is the manuscript."""
    return [MANUSCRIPT, *(f"5-{stem}" for stem in stems[1:])]


def sources_of(documents: list[str]) -> dict[str, str]:
    """The document by the beginning of the name of each of its files."""
    names = _names([Path(name).stem for name in documents])
    return {MARKED_UP: documents[0]} | dict(zip(names, documents, strict=True))


def write_marked_up(build: Build, project: Project, tag: Tag | None) -> list[str]:
    """The names of the marked-up copies, of the blinded documents where the journal wants those.

    The letter to the reviewers, which quotes what is marked, is written with them.
    """
    if tag is None:
        build.notes.append("no marked-up copy: no version was sent before")
        if build.has_response:
            text = "no version was sent before, which reviewers could have read"
            build.faults.append(Fault(LETTER_FILE, f"{text}; take the letter out"))
        return []
    names = _names([Path(name).stem for name in project.documents])
    targets = {build.folder / f"{name}{build.mark}.docx":
               build.folder / f"{marked}{build.mark}-marked-up.docx"
               for name, marked in zip(names, [MARKED_UP, *names[1:]], strict=True)}  # fmt: skip
    marked = mark_up(
        build.root, tag, targets,
        profile=build.profile, is_blinded=bool(build.mark), data=build.data,
    )  # fmt: skip
    build.notes += marked.notes
    if build.has_response:
        _answer(build, marked, tag)
    return [path.name for path in marked.made]


def _answer(build: Build, marked: MarkedUp, tag: Tag) -> None:
    """Write the letter to the reviewers, from the files that they get."""
    old = marked.old
    if old is None or old.folder is None or old.results is None:
        text = f"the answers cannot be held against what was sent: {marked.missing}"
        build.faults.append(Fault(LETTER_FILE, text))
        return
    new = build.copy(build.mark)
    results = build.results.read_text(encoding="utf-8")
    project = read_project(build.tree)
    stems = [Path(name).stem for name in project.documents]
    names = dict(zip(stems, (f"{name}{build.mark}.pdf" for name in _names(stems)), strict=True))
    versions = Versions(old.results.decode(), results, old.folder, new, new, names, tag.name)
    try:
        written = build_response(project, versions, build.work / "letter")
    except CheckFailedError as error:
        build.faults += [fault_of(line) for line in str(error).splitlines()]
        return
    for path in written:
        shutil.move(path, build.folder / f"{RESPONSE}{build.mark}{path.suffix}")
