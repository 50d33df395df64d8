"""New data in, a folder or a workbook; what they would change out, and with `accept` it is changed.

The new package is made in a folder of its own, recorded and computed by the project's scripts
(`data-record` and `pre-render` of _quarto.yml), and compared with the current one. Only then, and
only when asked, it takes the place of the current one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from press.compare.claims import compare_claims, split
from press.compare.comparison import Comparison, Side
from press.compare.data import compare_packages
from press.compare.receipts import compare_numbers
from press.compare.summary import records
from press.compare.tables import read_package as read_rows
from press.compare.versions import Version
from press.config import Project, read_project
from press.errors import PressError
from press.render import DATA_FOLDER, RESULTS_FILE, new_staging, run_environment
from press.results import read_results
from press.update.folder import copy_folder
from press.update.origin import read_origin
from press.update.provenance import SIMULATED
from press.update.replace import replace_all
from press.update.sheet import Sheet, faults_of, unread
from press.update.stage import (
    Package,
    contents,
    has_other_tables,
    keep,
    read_package,
    renewed,
    write_descriptor,
    write_table,
)
from press.update.workbook import read_workbook

_HEADING = re.compile(r"\d+ faults? in the data package .*:")
_UNTRIED = "the values were not checked against the rules of the study: put this right first"
_ROW = re.compile(r"(?P<file>[^:]+?) row (?P<row>\d+)(?:, (?P<columns>[^:]+))?: (?P<text>.*)")


@dataclass(frozen=True)
class Staged:
    """The new package in a folder of its own, the sheets it came from, and faults known so far.

    `notes` is what to see to before it is accepted.
    """

    package: Package
    sheets: list[Sheet] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether all sheets and columns are there, so that the rules can be tried."""
        return all(sheet.is_whole for sheet in self.sheets)


def update(
    folder: Path,
    new: Path,
    *,
    data: Path | None = None,
    accept: bool = False,
    say: Callable[[str], None] = print,
) -> int:
    """Show what `new` would change; 0 when nothing or when accepted, 1 when not taken in.

    Raises PressError with every fault of `new`; nothing is changed then.
    """
    project = read_project(folder.resolve())
    current = read_package(data or Path(os.environ.get("STUDY_DATA") or project.root / DATA_FOLDER))
    if new.resolve() == current.folder.resolve():
        raise PressError(
            f"{new} is the current package itself; give the new data a place of their own"
        )
    _refuse_links(current)
    before = contents(current)
    work = new_staging(project.root)
    try:
        staged, problem = _prepare(project, current, new, work)
        changed = _changed(current, staged.package)
        if not changed:
            say("Nothing changes.")
            return 0
        say(f"{_place(current.folder)} {current.version} -> {new} {staged.package.version}")
        say(_summary(project, current, staged.package, work, problem))
        for note in staged.notes:
            say(note)
        if not accept:
            say("Nothing is changed yet; --accept takes the new data in.")
            return 1
        if contents(current) != before:
            raise PressError(
                f"{_place(current.folder)} was edited during this update, and nothing is changed; "
                "run it again"
            )
        kept = _kept(project, current, before)
        _accept(project, current, staged, changed, work)
        say(f"Accepted: {_place(current.folder)} is now version {staged.package.version}{kept}.")
        return 0
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _refuse_links(current: Package) -> None:
    """Refuse a package whose files lie elsewhere: each link would become a file, in this folder."""
    if links := [path for path in current.paths if (current.folder / path).is_symlink()]:
        raise PressError(
            f"{_place(current.folder)}: {', '.join(links)}: a link to a file elsewhere, which an "
            "update would not write; keep the files themselves in one folder, protected as "
            "needed, and name it with --data or STUDY_DATA"
        )


def _prepare(project: Project, current: Package, new: Path, work: Path) -> tuple[Staged, str]:
    """The new package, validated, with both results.json; why the current has none, if so."""
    with ThreadPoolExecutor() as pool:
        before = pool.submit(_compute, project, current.folder, work / "old")
        record = f"python {project.data_record} {new}"
        staged = _stage(new, current, work / "data", record)
        _validate(project, new, staged)
        if problem := _compute(project, staged.package.folder, work / "new"):
            raise PressError(_named(problem, staged.package.folder, new))
        return staged, before.result()


def _stage(new: Path, current: Package, target: Path, record: str) -> Staged:
    """Write the new package into `target`; `record` is the command that records its checksums."""
    target.mkdir()
    descriptor = current.descriptor
    given: Package | None = None
    sheets: list[Sheet] = []
    faults: list[str] = []
    unproven: list[str] = []
    if new.is_dir():
        given = read_package(new)
        descriptor, faults, unproven = copy_folder(given, current, target, record)
    elif new.is_file():
        origin = read_origin(current.descriptor, current.fields, str(current.folder))
        sheets = read_workbook(new, current.fields, origin)
        for sheet in sheets[: len(current.files)]:
            write_table(target / current.files[sheet.name], sheet.table())
    else:
        raise PressError(f"{new}: there is no such folder or workbook")
    write_descriptor(target, descriptor)
    package = read_package(target)
    notes: list[str] = []
    if has_other_tables(package, current):
        notes = _notes(current, unproven, record)
        write_descriptor(target, renewed(package, current, given))
    if current.kind == SIMULATED and any(sheet.is_dated for sheet in sheets):
        faults.append(
            f"the workbook has dates, as of people, and {_place(current.folder)} says that its "
            f"rows are {SIMULATED}; keep people's data as a package of its own, say so in its "
            "provenance.kind, and name its folder with --data or STUDY_DATA"
        )
    return Staged(read_package(target), sheets, faults, notes)


def _notes(current: Package, unproven: list[str], record: str) -> list[str]:
    """What to see to before tables that differ from the current ones are accepted."""
    notes = []
    if unproven:
        notes.append(
            f"{', '.join(unproven)}: the folder records no checksum of what is there now, so that "
            f"rows lost on the way show only above; where tables are edited, record them: {record}"
        )
    if current.kind == SIMULATED:
        licences = [str(of.get("name")) for of in current.descriptor.get("licenses", [])]
        under = f", under {', '.join(licences)}" if licences else ""
        notes.append(
            f"ATTENTION: {_place(current.folder)} holds simulated data: what is taken in is "
            f"published as simulated{under}. Observed data go into a package of their own, named "
            "with --data or STUDY_DATA."
        )
    return notes


def _validate(project: Project, new: Path, staged: Staged) -> None:
    """Let the project validate and record the new package; raises PressError with all faults."""
    if project.data_record is None:
        wanted = "data-record: the script that validates a data package and records its checksums"
        raise PressError(f"_quarto.yml: update needs {wanted}")
    said, is_tried = "", staged.is_whole
    if is_tried:
        command = [project.data_record, str(staged.package.folder)]
        said = _run(project, command, run_environment(project.root, None, Path()))
    heading, *lines = said.splitlines() or [""]
    if said and not _HEADING.fullmatch(heading):
        if not staged.faults:
            raise PressError(_named(said, staged.package.folder, new))
        lines, is_tried = [], False
    places = {fault.partition(": ")[0] for fault in staged.faults}
    untold = [line for line in lines if line.partition(": ")[0] not in places]
    rest = [line for line in untold if not _is_placed(line, staged)]
    faults = [*map(str, faults_of(staged.sheets)), *staged.faults, *rest]
    faults = faults or [*lines, *unread(staged.sheets)]  # a fault seen as another's consequence
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        note = [] if is_tried else [f"({_UNTRIED})"]
        raise PressError("\n".join([f"{count} in {new}, nothing is changed:", *faults, *note]))


def _is_placed(line: str, staged: Staged) -> bool:
    """Give a fault of a table its cell in the workbook; whether it has one."""
    found = _ROW.fullmatch(line)
    names = {file: name for name, file in staged.package.files.items()}
    sheets = {sheet.name: sheet for sheet in staged.sheets}
    if not found or names.get(found["file"]) not in sheets:
        return False
    sheet, row = sheets[names[found["file"]]], int(found["row"])
    columns = [name for name in (found["columns"] or "").split(", ") if name in sheet.columns]
    if not sheet.is_known(row, columns):
        text = found["text"]
        for file, name in names.items():
            text = text.replace(file, name)
        label = f"{found['columns']}: " if len(columns) > 1 else ""
        sheet.fault(label + text, row=row, name=columns[0] if columns else None)
    return True


def _compute(project: Project, data: Path, target: Path) -> str:
    """Have the pre-render scripts write results.json into `target`; what went wrong."""
    target.mkdir()
    environment = run_environment(target, data, target / RESULTS_FILE)
    problems = (_run(project, [script], environment) for script in project.pre_render)
    return next((problem for problem in problems if problem), "")


def _run(project: Project, command: list[str], environment: dict[str, str]) -> str:
    """What a script of the project said when it failed; nothing when it did not."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=project.root,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return "" if done.returncode == 0 else done.stderr.strip() or f"{command[0]} failed"


def _place(folder: Path) -> str:
    """A folder as seen from the working directory, where it lies below it."""
    here = Path.cwd()
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)


def _named(text: str, folder: Path, new: Path) -> str:
    """A script's text with what the user named in place of the staged folder."""
    return text.replace(str(folder), str(new))


def _changed(current: Package, new: Package) -> list[str]:
    """The files of the package that differ, the descriptor last."""
    before, after = contents(current), contents(new)
    return [path for path in new.paths if after[path] != before.get(path)]


def _summary(project: Project, current: Package, new: Package, work: Path, problem: str) -> str:
    """What changes in data, numbers and claims; both sides are computed by the code of now."""
    sides = [
        Side(label, Version(label, project.root, None, ""), package.folder)
        for label, package in (("the current data", current), ("the new data", new))
    ]
    old, now = (read_rows(side.read_data, side.label) for side in sides)
    found = Comparison(project.root, sides[0], sides[1], data=compare_packages(old, now, rows=True))
    after = read_results((work / "new" / RESULTS_FILE).read_bytes(), sides[1].label)
    if problem:
        why = problem.splitlines()[0].removesuffix(":")
        said = f"There are no current numbers and claims to compare with ({why})."
        return f"{records(found)}\n{said}"
    before = read_results((work / "old" / RESULTS_FILE).read_bytes(), sides[0].label)
    pairs = list(zip(split(before.receipts), split(after.receipts), strict=True))
    numbers, claims = compare_numbers(*pairs[0]), compare_claims(*pairs[1])
    return records(replace(found, numbers=numbers, claims=claims))


def _kept(project: Project, current: Package, before: Mapping[str, bytes | None]) -> str:
    """Have a package outside of `data/`, which git may not have, copied first; where, in words."""
    is_ours = current.folder.resolve() == (project.root / DATA_FOLDER).resolve()
    if is_ours or not any(before[path] for path in current.files.values()):
        return ""
    return f"; version {current.version} is kept in {_place(keep(current, before))}"


def _accept(
    project: Project, current: Package, staged: Staged, changed: list[str], work: Path
) -> None:
    """Replace the changed files, and the project's results.json when its own data change."""
    target = current.folder.resolve()
    files = {target / path: staged.package.folder / path for path in changed}
    if target == (project.root / DATA_FOLDER).resolve():
        files[project.root / RESULTS_FILE] = work / "new" / RESULTS_FILE
    replace_all(files, project.root / ".cache")
