"""A project and its output folder in; every numeral of its finished files traced, or a fault, out.

The documents are executed anew and each finished file (HTML, PDF, Word, JATS) is read back as its
readers get it and aligned with what the execution gave. Whether press or Quarto wrote the file
makes no difference.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from press.child import Kernel
from press.config import Project
from press.consistency import check_receipts
from press.errors import Fault, PressError
from press.executed_tree import ExecutedTree, execute_documents
from press.expected import Expected, expect
from press.jats_references import trace_references
from press.keys import WRITERS
from press.read_back import Finished, read_docx, read_html, read_jats
from press.render import DATA_FOLDER, RESULTS_FILE, new_staging, run_environment
from press.results import read_results
from press.tokens import tokenise
from press.trace import Traced, trace

NAMES = {
    "receipt": "from receipts",
    "citation": "citations",
    "reference": "in references",
    "cross-reference": "cross-references",
    "number": "numbers of figures, tables and notes",
    "literal:": "declared literals",
    "text": "in the text as written",
    "furniture": "in metadata and running heads",
    "page": "page numbers",
    "line": "line numbers",
}


def _read_pdf(path: Path) -> Finished:
    from press.read_pdf import read_pdf

    return read_pdf(path)


READERS: dict[str, Callable[[Path], Finished]] = {
    "html": read_html,
    "typst": _read_pdf,
    "docx": read_docx,
    "jats": read_jats,
}


Read = dict[str, tuple[str, Finished]]
"""A document's finished files by format, each with its place."""


@dataclass(frozen=True)
class Receipts:
    """The receipts of a results.json by their ids, where it lies, and its own faults."""

    by_id: dict[str, Any]
    place: str
    faults: list[Fault]


@dataclass(frozen=True)
class Coverage:
    """What the check of the finished files found."""

    files: tuple[Traced, ...]
    faults: list[Fault]

    @property
    def summary(self) -> str:
        """Such as `412 of 412 numerals traced, 4 formats`; several documents count files."""
        total = sum(traced.total for traced in self.files)
        done = total - sum(traced.untraced for traced in self.files)
        if not self.files:
            return "no finished file to check"
        documents = len({Path(traced.place).stem for traced in self.files})
        unit = "format" if documents == 1 else "file"
        plural = "" if len(self.files) == 1 else "s"
        of = f" of {documents} documents" if documents > 1 else ""
        return f"{done} of {total} numerals traced, {len(self.files)} {unit}{plural}{of}"

    @property
    def details(self) -> list[str]:
        """A line a file: its numerals by where they come from."""
        lines = []
        for traced in self.files:
            counts = [f"{n} {NAMES.get(kind, kind)}" for kind, n in traced.sources.most_common()]
            done = traced.total - traced.untraced
            lines.append(f"{traced.place}: {done} of {traced.total}: {', '.join(counts)}")
        return lines


def check_finished(
    project: Project,
    *,
    output: Path | None = None,
    data: Path | None = None,
    only: frozenset[Path] | None = None,
    kernel: Kernel | None = None,
) -> Coverage:
    """Check the outputs that lie in the output folder; the data are those they were made from.

    `only` names the files that a render has just written: others may be older. A `kernel` may be
    started already.
    """
    target = (output or project.output_folder).resolve()
    files = {name: _present(project, name, target, only) for name in project.documents}
    files = {name: present for name, present in files.items() if present}
    if not files:
        return Coverage((), [])
    staging = new_staging(project.root)
    environment = run_environment(target, data, staging / RESULTS_FILE)
    results = _results_file(project.root, environment, target)
    run = partial(execute_documents, staging=staging, environment=environment, kernel=kernel)
    traced: list[Traced] = []
    faults: list[Fault] = []
    try:
        with ThreadPoolExecutor(1) as pool:  # reads while a child process executes
            reading = pool.submit(_read_all, files, project.root)
            receipts = pool.submit(_read_results, results, project.root)
            for name, tree in zip(files, run(project, list(files)), strict=True):
                done, others = _check_document(tree, reading.result()[name], receipts.result())
                traced += done
                faults += others + [fault for file in done for fault in file.faults]
            faults += receipts.result().faults
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Coverage(tuple(traced), sorted(set(faults)))


def _present(
    project: Project, name: str, target: Path, only: frozenset[Path] | None
) -> dict[str, Path]:
    """The finished files of a document that are there to be checked, by format."""
    paths = {form: target / f"{Path(name).stem}.{WRITERS[form]}" for form in project.formats}
    return {
        form: path
        for form, path in paths.items()
        if path.is_file() and (only is None or path in only)
    }


def _read_all(files: dict[str, dict[str, Path]], root: Path) -> dict[str, Read]:
    """The files of each document, read back."""
    return {
        name: {form: (_short_path(path, root), _read(form, path)) for form, path in present.items()}
        for name, present in files.items()
    }


def _read(form: str, path: Path) -> Finished:
    try:
        return READERS[form](path)
    except ModuleNotFoundError as error:
        missing = f"{error.name} is missing; get it with `pip install {error.name}`"
        raise PressError(missing) from None
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise PressError(f"{path}: cannot be read; render it again ({reason})") from None


def _check_document(
    executed: ExecutedTree, read: Read, receipts: Receipts
) -> tuple[list[Traced], list[Fault]]:
    """The numerals of one document's files, and where its text and results.json do not agree."""
    expected = {form: expect(executed, form) for form in read}
    traced = [
        _check(executed, expected[form], finished, place)
        for form, (place, finished) in read.items()
    ]
    if executed.receipts is None:
        return traced, []
    spans = next(iter(expected.values())).spans
    return traced, _check_spans(spans, receipts.by_id, receipts.place)


def _check(executed: ExecutedTree, expected: Expected, finished: Finished, place: str) -> Traced:
    traced = trace(expected, finished, place)
    if expected.format == "jats":
        trace_references(executed, finished.references, traced)
    _check_embedded(finished.embedded, executed.receipts or {}, traced)
    return traced


def _short_path(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _check_embedded(text: str, receipts: dict[str, Any], traced: Traced) -> None:
    """The receipts that a page carries for its reader say what those of the execution say."""
    try:
        records = json.loads(text or "[]")
    except json.JSONDecodeError as error:
        traced.fault(f"the receipts in the page are not JSON: {error.msg}")
        return
    for record in records if isinstance(records, list) else []:
        receipt = receipts.get(record.get("id"), {})
        for name in ("text", "n", "n_missing", "unit", "method"):
            if name in record and name in receipt and str(record[name]) != str(receipt[name]):
                names = f'{name} "{record[name]}" instead of "{receipt[name]}"'
                traced.fault(f"the receipt {record['id']} in the page has the {names}")


def _results_file(root: Path, environment: dict[str, str], target: Path) -> Path:
    data = Path(environment.get("STUDY_DATA") or root / DATA_FOLDER).resolve()
    return (root if data == (root / DATA_FOLDER).resolve() else target) / RESULTS_FILE


def _read_results(results: Path, root: Path) -> Receipts:
    read = read_results(results.read_bytes(), str(results.parent)) if results.is_file() else None
    found = {id: vars(receipt) for id, receipt in read.receipts.items()} if read else {}
    place = _short_path(results, root)
    return Receipts(found, place, check_receipts(found, place))


def _check_spans(spans: list[tuple[str, str]], receipts: dict[str, Any], place: str) -> list[Fault]:
    """Every number in the text is the one that results.json has under its key."""
    if not receipts:
        return [Fault(place, "the receipts of the outputs are missing; render again")]
    faults = []
    for key, text in sorted(set(spans)):
        if key not in receipts:
            faults.append(Fault(place, f'"{text}" in the text has no receipt {key}'))
        elif _words(text) != _words(str(receipts[key]["text"])):
            wanted = f'the receipt {key} is "{receipts[key]["text"]}"'
            faults.append(Fault(place, f'{wanted}, the text has "{text}" under this key'))
    return faults


def _words(text: str) -> list[str]:
    return [token.text for token in tokenise([(text, "")])]
