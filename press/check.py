"""A project in; one line a fault of its source, its claims and its finished files, and a summary.

The finished files are read back only where they are, so that the source can be checked alone.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from press.child import Kernel, end, start_kernel
from press.config import Project, read_project
from press.errors import Fault, PressError
from press.hold import hold
from press.keys import WRITERS
from press.response import LETTER_FILE

DATA_FOLDER = "data"
RESULTS_FILE = "results.json"
STATES = {
    r"claim\..+": ("supported", "weaker", "contrary", "not_estimable"),
    r"witness\.p(\d+)": ("agrees", "differs", "cannot be told"),
}
"""The receipts that are sentences, by their ids, and what each may say."""


@dataclass
class Report:
    """The faults found, and the lines that say what was looked at."""

    faults: list[Fault] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def __add__(self, other: Report) -> Report:
        return Report(self.faults + other.faults, self.lines + other.lines)

    def show(self, say: Callable[[str], None] = print) -> int:
        """Say every fault, then the lines, then the number of faults; the exit status."""
        for line in [*map(str, self.faults), *self.lines]:
            say(line)
        count = len(self.faults)
        say(f"{count} {'fault' if count == 1 else 'faults'}" if count else "no fault")
        return 1 if count else 0


def check(
    folder: Path,
    *,
    data: Path | None = None,
    output: Path | None = None,
    kernel: Kernel | None = None,
) -> Report:
    """Check source, claims and finished files of the project of `folder`.

    A `kernel` may be started already: most of the time goes by in it.
    """
    project = read_project(folder.resolve())
    data = data or _named_data()
    target = (output or project.output_folder).resolve()
    shipped = project.root / DATA_FOLDER
    is_shipped = data is None or data.resolve() == shipped.resolve()
    results = (project.root if is_shipped else target) / RESULTS_FILE
    with ThreadPoolExecutor(1) as pool:  # pandoc reads the source while the kernel is at work
        source = pool.submit(_check_source, project)
        finished = _check_finished(project, target, data, kernel=kernel)
        return source.result() + check_results(results) + finished


def check_after_render() -> int:
    """Check the files that a render has just finished; the exit status.

    Run in the project's folder as a step after the render, which names the output folder, the
    files written and the data package in the environment.
    """
    kernel = start_kernel()
    try:
        project = read_project(Path.cwd())
        named = os.environ.get("QUARTO_PROJECT_OUTPUT_DIR")
        target = (Path(named) if named else project.output_folder).resolve()
        written = os.environ.get("QUARTO_PROJECT_OUTPUT_FILES", "").splitlines()
        only = frozenset(Path(line).resolve() for line in written if line) or None
        with hold(project.root, alone=False, say=print):  # Quarto does not
            found = _check_finished(project, target, _named_data(), only=only, kernel=kernel)
        return found.show()
    except PressError as error:
        print(f"press: {error}", file=sys.stderr)
        return 2
    finally:
        end(kernel)


def _named_data() -> Path | None:
    named = os.environ.get("STUDY_DATA")
    return Path(named) if named else None


def _check_source(project: Project) -> Report:
    """The documents and, where there is one, the letter to the reviewers."""
    from press.source import check_project

    report = Report(check_project(project), [f"source: read {', '.join(project.documents)}"])
    if (project.root / LETTER_FILE).is_file():
        from press.response.build import check_response

        report += Report(check_response(project), [f"letter: read {LETTER_FILE}"])
    return report


def check_results(file: Path) -> Report:
    """The claims and the witness's lines; a state that no reader knows is a fault."""
    report = Report()
    if not file.is_file():
        return Report([Fault(str(file), "there is none; write it with press render")])
    shown: list[tuple[int, str]] = []
    for number, receipt in _receipts(file):
        name = str(receipt.get("id", ""))
        for pattern, states in STATES.items():
            kind = re.fullmatch(pattern, name)
            if not kind:
                continue
            state, order = str(receipt["value"]), int(kind[1]) if kind.groups() else 0
            shown.append((order, f"{name} {state}: {receipt['text']} ({receipt['method']})"))
            if state not in states:
                fault = f"{name} is {state!r}; wanted is one of {', '.join(states)}"
                report.faults.append(Fault(f"{file.name}:{number}", fault))
    report.lines += [line for _, line in sorted(shown, key=lambda item: item[0])]
    return report


def _receipts(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    lines = file.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines, start=1):
        if line:
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                raise PressError(f"{file.name}:{number}: this is not JSON: {error.msg}") from None


def _check_finished(
    project: Project,
    target: Path,
    data: Path | None,
    *,
    only: frozenset[Path] | None = None,
    kernel: Kernel | None = None,
) -> Report:
    stems = [Path(name).stem for name in project.documents]
    endings = [WRITERS[name] for name in project.formats]
    if not any((target / f"{stem}.{ending}").is_file() for stem in stems for ending in endings):
        return Report(lines=[f"finished files: none in {target}"])
    from press.finished import check_finished

    coverage = check_finished(project, output=target, data=data, only=only, kernel=kernel)
    return Report(coverage.faults, [*coverage.details, f"finished files: {coverage.summary}"])
