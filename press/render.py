"""A project folder in, its articles in the output folder out: all of them or none."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from press.compose import FigureFiles, compose
from press.config import Project, format_settings, read_project
from press.convert import Job, convert
from press.document import read_document
from press.errors import PressError
from press.execute import execute, fixed_environment
from press.figures import STANDARD_DPI

DATA_FOLDER = "data"
RESULTS_FILE = "results.json"


def render(
    folder: Path,
    *,
    formats: tuple[str, ...] = (),
    data: Path | None = None,
    output: Path | None = None,
    staging: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> list[Path]:
    """Render the project of `folder` into `output` or where it says; the written files.

    The work is done in a folder inside the project, `staging` when given (which is then kept), and
    moved to the output folder when all of it has succeeded.
    """
    project = read_project(folder.resolve())
    wanted = formats or project.formats
    for name in wanted:
        if name not in project.formats:
            raise PressError(f"_quarto.yml declares no format {name}")
    target = (output or project.output_folder).resolve()
    work = staging or _new_staging(project.root)
    try:
        results = work / RESULTS_FILE
        environment = _environment(target, data, results)
        (work / "out").mkdir()
        for i, name in enumerate(project.documents):
            scripts = () if i else project.pre_render
            _render_document(project, name, wanted, work, scripts, environment, say)
        written = _deliver(work / "out", target)
        if results.is_file():
            written.append(_deliver_results(results, project.root, environment, target))
    finally:
        if staging is None:
            shutil.rmtree(work, ignore_errors=True)
    _run_post(project, written, environment)
    return written


def _new_staging(root: Path) -> Path:
    """An empty folder inside the project, so that pandoc and typst see relative paths."""
    (root / ".cache").mkdir(exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="press-", dir=root / ".cache"))


def _environment(target: Path, data: Path | None, results: Path) -> dict[str, str]:
    environment = fixed_environment(
        QUARTO_PROJECT_OUTPUT_DIR=str(target), STUDY_RESULTS=str(results)
    )
    if data is not None:
        environment["STUDY_DATA"] = str(data.resolve())
    elif environment.get("STUDY_DATA"):
        environment["STUDY_DATA"] = str(Path(environment["STUDY_DATA"]).resolve())
    return environment


def _render_document(
    project: Project,
    name: str,
    wanted: tuple[str, ...],
    staging: Path,
    scripts: tuple[str, ...],
    environment: dict[str, str],
    say: Callable[[str], None],
) -> None:
    text = (project.root / name).read_text(encoding="utf-8")
    document = read_document(text, file=name)
    settings = {k: v for k, v in format_settings(project, document.front).items() if k in wanted}
    images = {form: _image_form(form, options) for form, options in settings.items()}
    say(f"executing {name}")
    stem = Path(name).stem
    executed = execute(
        document,
        root=project.root,
        staging=staging / stem,
        pre_render=scripts,
        svg=any(ending == ".svg" for ending in images.values()),
        dpis=sorted({int(e[1:-4]) for e in images.values() if e != ".svg"}),
        environment=environment,
    )
    say(f"writing {', '.join(settings)}")
    jobs = []
    for form, options in settings.items():
        work = staging / stem / form
        home = staging / "out" if form == "jats" else work
        files = _place_figures(staging / stem, home, form, images[form])
        warnings = (options.get("execute") or {}).get("warning", True)
        markdown = compose(document, executed, files, warnings=warnings)
        jobs.append(
            Job(
                form,
                stem,
                markdown,
                options,
                project.root,
                work,
                staging / "out",
                lambda key: _place_of(key, text, name),
            )
        )
    convert(jobs)


def _image_form(form: str, options: dict[str, Any]) -> str:
    """The ending of a format's image files: `.svg`, or `-<dpi>.png`."""
    default = "svg" if form == "typst" else "png"
    dpi = options.get("fig-dpi", STANDARD_DPI)
    return ".svg" if options.get("fig-format", default) == "svg" else f"-{dpi}.png"


def _place_figures(folder: Path, home: Path, form: str, ending: str) -> FigureFiles:
    """Copy a document's figures to `home`, where its text names them as Quarto's would."""
    (folder / form).mkdir()
    named = f"{folder.name}_files/figure-{form}"
    plain = ending if ending == ".svg" else ".png"
    for path in (folder / "figures").glob(f"*{ending}"):
        (home / named).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, home / named / (path.name.removesuffix(ending) + plain))
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
        if done.returncode:
            raise PressError(f"{script}: the post-render script failed ({done.returncode})")
