"""A project folder in, its articles in the output folder out: all of them or none."""

from __future__ import annotations

import errno
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.child import Kernel, fixed_environment, start_kernel
from press.compose import FigureFiles, compose
from press.config import Project, format_settings, read_project
from press.convert import Job, convert
from press.document import Document, read_document
from press.errors import CheckFailedError, PressError
from press.execute import Executed, execute
from press.figures import STANDARD_DPI
from press.hold import STAGED, keep_staged

DATA_FOLDER = "data"
RESULTS_FILE = "results.json"
OUT = ".out"  # among the folders of the documents, which have their names


@dataclass(frozen=True)
class Run:
    """What every document of one render shares; `images` is the ending of each format's figures."""

    project: Project
    formats: tuple[str, ...]
    staging: Path
    environment: dict[str, str]
    images: dict[str, str]


@dataclass(frozen=True)
class Paper:
    """A document with its text and its settings for each format."""

    document: Document
    text: str
    settings: dict[str, dict[str, Any]]


def render(
    folder: Path,
    *,
    formats: tuple[str, ...] = (),
    data: Path | None = None,
    output: Path | None = None,
    staging: Path | None = None,
    kernel: Kernel | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> list[Path]:
    """Render the project of `folder` into `output` or where it says; the written files.

    The work is done in a folder inside the project, `staging` when given (which is then kept), and
    moved to the output folder when all of it has succeeded. A `kernel` may be started already.
    """
    project = read_project(folder.resolve())
    wanted = formats or project.formats
    for name in wanted:
        if name not in project.formats:
            raise PressError(f"_quarto.yml declares no format {name}")
    target = (output or project.output_folder).resolve()
    work = staging or new_staging(project.root)
    results = work / RESULTS_FILE
    images = {form: _image_form(form, project.options(form)) for form in wanted}
    run = Run(project, wanted, work, run_environment(target, data, results), images)
    try:
        (work / OUT).mkdir()
        _write_documents(run, kernel, say)
        written = _deliver(work / OUT, target)
        if results.is_file():
            written.append(_deliver_results(results, project.root, run.environment, target))
    finally:
        if staging is None:
            shutil.rmtree(work, ignore_errors=True)
    _run_post(project, written, run.environment)
    return written


def new_staging(root: Path) -> Path:
    """An empty folder inside the project, so that pandoc and typst see relative paths."""
    (root / ".cache").mkdir(exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=STAGED, dir=root / ".cache"))
    keep_staged(made)
    return made


def run_environment(target: Path, data: Path | None, results: Path) -> dict[str, str]:
    """The environment of scripts and chunks: where outputs, results and data are."""
    environment = fixed_environment(
        QUARTO_PROJECT_OUTPUT_DIR=str(target), STUDY_RESULTS=str(results)
    )
    if data is not None:
        environment["STUDY_DATA"] = str(data.resolve())
    elif environment.get("STUDY_DATA"):
        environment["STUDY_DATA"] = str(Path(environment["STUDY_DATA"]).resolve())
    return environment


def _write_documents(run: Run, kernel: Kernel | None, say: Callable[[str], None]) -> None:
    """Execute the documents and write their formats into the staging folder."""
    papers = [_read_paper(run.project, name) for name in run.project.documents]
    say(f"executing {', '.join(run.project.documents)}")
    executed = execute(
        [paper.document for paper in papers],
        root=run.project.root,
        staging=run.staging,
        pre_render=run.project.pre_render,
        svg=".svg" in run.images.values(),
        dpis=sorted({int(ending[1:-4]) for ending in run.images.values() if ending != ".svg"}),
        environment=run.environment,
        kernel=kernel or start_kernel(),
    )
    pairs = list(zip(papers, executed, strict=True))
    say(f"writing {', '.join(run.formats)}")
    convert([_job(run, form, paper, done) for paper, done in pairs for form in run.formats])


def _read_paper(project: Project, name: str) -> Paper:
    text = (project.root / name).read_text(encoding="utf-8")
    document = read_document(text, file=name)
    return Paper(document, text, format_settings(project, document.front))


def _job(run: Run, form: str, paper: Paper, executed: Executed) -> Job:
    document, settings = paper.document, paper.settings[form]
    files = _place_figures(run.staging, document.stem, form, run.images[form])
    warnings = (settings.get("execute") or {}).get("warning", True)
    return Job(
        format=form,
        stem=document.stem,
        markdown=compose(document, executed, files, warnings=warnings),
        settings=settings,
        root=run.project.root,
        work=run.staging / document.stem / form,
        out=run.staging / OUT,
        place_of=lambda key: _place_of(key, paper.text, document.file),
    )


def _image_form(form: str, options: dict[str, Any]) -> str:
    """The ending of a format's image files: `.svg`, or `-<dpi>.png`."""
    default = "svg" if form == "typst" else "png"
    dpi = options.get("fig-dpi", STANDARD_DPI)
    return ".svg" if options.get("fig-format", default) == "svg" else f"-{dpi}.png"


def _place_figures(staging: Path, stem: str, form: str, ending: str) -> FigureFiles:
    """Copy a document's figures to where its text names them, as Quarto's would."""
    work = staging / stem / form
    work.mkdir()
    named = f"{stem}_files/figure-{form}"
    folder = (staging / OUT if form == "jats" else work) / named
    plain = ending if ending == ".svg" else ".png"
    for path in (staging / stem / "figures").glob(f"*{ending}"):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / (path.name.removesuffix(ending) + plain))
    return FigureFiles(named, plain)


def _place_of(key: str, text: str, file: str) -> str:
    """`file:line` of the first line where a reference or an id stands, else the file."""
    pattern = re.escape(key) + r"(?![\w-])"
    for number, line in enumerate(text.split("\n"), start=1):
        if key and re.search(pattern, line):
            return f"{file}:{number}"
    return file


def _deliver(out: Path, target: Path) -> list[Path]:
    """Move what was rendered into the output folder, over what was there before."""
    for folder in out.glob("*_files/figure-*"):
        shutil.rmtree(target / folder.relative_to(out), ignore_errors=True)
    files = sorted(path for path in out.rglob("*") if path.is_file())
    for path in files:
        goal = target / path.relative_to(out)
        goal.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, goal)
    return [target / path.name for path in files if path.parent == out]


def _replace(path: Path, goal: Path) -> None:
    """Move a file over another; only one from another disk waits beside it."""
    try:
        path.replace(goal)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = goal.with_name(f".{goal.name}.new")
        shutil.move(path, beside)
        beside.replace(goal)


def _deliver_results(results: Path, root: Path, environment: dict[str, str], target: Path) -> Path:
    data = Path(environment.get("STUDY_DATA") or root / DATA_FOLDER)
    goal = (root if data.resolve() == (root / DATA_FOLDER).resolve() else target) / RESULTS_FILE
    _replace(results, goal)
    return goal


def _run_post(project: Project, written: list[Path], environment: dict[str, str]) -> None:
    files = "\n".join(str(path) for path in written)
    for script in project.post_render:
        done = subprocess.run(
            [sys.executable, script],
            cwd=project.root,
            env=environment | {"QUARTO_PROJECT_OUTPUT_FILES": files},
        )
        if done.returncode == 1:
            raise CheckFailedError(f"{script}: the check after the render found a fault")
        if done.returncode:
            raise PressError(f"{script}: the post-render script failed ({done.returncode})")
