"""A project folder in, its numbered figures as a journal wants them out: all of them or none."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from press.child import Kernel, start_kernel
from press.config import Project, read_project
from press.document import Document, read_document
from press.errors import PressError
from press.execute import execute, numbered_stems
from press.figures import ENDINGS, Export
from press.journals.profiles import Rule
from press.render import RESULTS_FILE, new_staging, run_environment

FOLDER = "figures"
WIDTHS_MM = (85.0, 170.0)  # a column and a page
DPI = 600  # drawings that hold text and tones


def export_figures(
    folder: Path,
    *,
    data: Path | None = None,
    output: Path | None = None,
    widths_mm: tuple[float, ...] = WIDTHS_MM,
    formats: tuple[str, ...] = tuple(ENDINGS),
    dpi: int = DPI,
    kernel: Kernel | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> list[Path]:
    """Write `Figure-1.pdf`, `Figure-1.tif`, ... into `output`, or `figures` in the output folder.

    They are numbered as in the article, a document's `number-prefix` before the number. Each has
    its own size, whose width is one of `widths_mm`; `dpi` is that of the TIFF. Figures of an
    earlier export are removed. The project's `stamp` stands above each. Raises one report of every
    figure that has another width.
    """
    for form in formats:
        if form not in ENDINGS:
            raise PressError(f"figures as {form}: supported are {', '.join(ENDINGS)}")
    project = read_project(folder.resolve())
    target = (output or project.output_folder / FOLDER).resolve()
    documents = [_read(project, name) for name in project.documents]
    stamp = str(project.settings.value.get("stamp") or "")
    exports = {
        document.file: Export(_names(document), widths_mm, formats, dpi, stamp)
        for document in documents
    }
    staging = new_staging(project.root)
    try:
        say(f"executing {', '.join(project.documents)}")
        done = execute(
            documents,
            root=project.root,
            staging=staging,
            pre_render=project.pre_render,
            svg=False,
            dpis=[],
            environment=run_environment(target, data, staging / RESULTS_FILE),
            kernel=kernel or start_kernel(),
            exports=exports,
        )
        for _ in done:  # the files are what is wanted
            pass
        written = [
            staging / document.stem / "figures" / f"{name}{ENDINGS[form]}"
            for document in documents
            for name in exports[document.file].names.values()
            for form in formats
        ]
        return _deliver(written, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def accepted_formats(rule: Rule[list[str]] | None) -> tuple[str, ...]:
    """The formats of ours that a journal takes: all where it is not known what it takes."""
    if rule is None:
        return tuple(ENDINGS)
    taken = {name.casefold() for name in rule.value}
    return tuple(form for form in ENDINGS if form in taken)


def _read(project: Project, name: str) -> Document:
    return read_document((project.root / name).read_text(encoding="utf-8"), file=name)


def _names(document: Document) -> dict[str, str]:
    """The file name of each figure, without an ending, by the stem of its chunk."""
    prefix = (document.front.value or {}).get("number-prefix", "")
    return {stem: f"Figure-{prefix}{number}" for stem, number in numbered_stems(document).items()}


def _deliver(written: list[Path], target: Path) -> list[Path]:
    """Move the files into the folder, in which no figure of an earlier export stays."""
    missing = [path.stem for path in written if not path.is_file()]
    if missing:
        raise PressError(f"{missing[0]} is no figure of matplotlib: its chunk showed none")
    target.mkdir(parents=True, exist_ok=True)
    for ending in ENDINGS.values():
        for old in target.glob(f"Figure-*{ending}"):
            old.unlink()
    return [Path(shutil.move(path, target / path.name)) for path in written]
