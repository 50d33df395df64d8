"""Markdown and settings in; one written file for each format out, the formats side by side."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.child import SOURCE_DATE_EPOCH
from press.errors import PressError, refuse
from press.keys import FIRST, LAST, WRITERS
from press.marked import as_list
from press.pandoc import PandocError, run_pandoc

HERE = Path(__file__).parent
WRITER = {
    "html": "html",
    "typst": "typst-citations",
    "docx": "docx",
    "jats": "jats+element_citations",
}
LONGEST_FIRST = ("typst", "html", "docx", "jats")
OPTIONS = {
    *("execute", "filters", "template", "css", "embed-resources", "minimal", "theme"),
    *("fig-format", "fig-dpi", "reference-doc", "template-partials", "pdf-standard"),
    *("font-paths", "include-in-header", "toc", "toc-depth", "variables", "citeproc"),
}
"""Settings that steer the engine; every other one is metadata for filters and templates."""
TABLE_IN_FIGURE = re.compile(
    r'<fig id="(tbl-[^"]*)">(\s*<caption>.*?</caption>\s*)<table-wrap>(.*?</table>\s*)</table-wrap>'
    r"\s*(.*?)</fig>",
    re.DOTALL,
)
"""A table as pandoc's and Quarto's JATS have it: inside a figure, which holds its id."""
PARTIALS = ("typst-template.typ", "typst-show.typ", "definitions.typ")


@dataclass(frozen=True)
class Job:
    """One format of one document: its markdown and settings; `work` holds its figures.

    With `reader` json, the text is a document as pandoc's JSON instead.
    """

    format: str
    stem: str
    markdown: str
    settings: dict[str, Any]
    root: Path
    work: Path
    out: Path
    place_of: Callable[[str], str]
    reader: str = "markdown"

    @property
    def output(self) -> Path:
        """The file this job writes into the folder `out`."""
        return self.out / f"{self.stem}.{WRITERS[self.format]}"


def convert(jobs: list[Job]) -> None:
    """Write every job's file, as many at a time as there are cores, the longest first.

    The first failure is raised once all have ended.
    """
    ordered = sorted(jobs, key=lambda job: LONGEST_FIRST.index(job.format))
    with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 1)) as pool:
        for future in [pool.submit(_write, job) for job in ordered]:
            future.result()


def _write(job: Job) -> None:
    work = job.work
    written = work / f"{job.stem}.typ" if job.format == "typst" else job.output
    metadata = {key: value for key, value in job.settings.items() if key not in OPTIONS}
    if job.settings.get("number-sections"):
        metadata["section-numbering"] = "1.1.a"
    _write_json(work / "metadata.json", metadata)
    _convert(job, _arguments(job, work, written), work / "log.json")
    if job.format == "typst":
        _compile(job, written)
    if job.format == "jats":
        xml = mend_jats(written.read_text(encoding="utf-8"))
        written.write_text(xml, encoding="utf-8")
        _bring_images(xml, job)


def mend_jats(xml: str) -> str:
    """Pandoc's JATS with its numbered tables as tables, notes on a table in the table's foot.

    Names and labels end their line, so that the text alone does not run them together.
    """

    def free(match: re.Match[str]) -> str:
        name, caption, table, below = match.groups()
        foot = f"<table-wrap-foot>\n{below}</table-wrap-foot>\n" if below else ""
        return f'<table-wrap id="{name}">{caption}{table}{foot}</table-wrap>'

    return re.sub(r"(</(?:surname|label)>)(?=<)", r"\1\n", TABLE_IN_FIGURE.sub(free, xml))


def _bring_images(xml: str, job: Job) -> None:
    """Copy the images of the project's own that the XML names to where it finds them."""
    for name in re.findall(r'<(?:inline-)?graphic [^>]*xlink:href="([^":]+)"', xml):
        goal = job.out / name
        if not goal.is_file():
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(job.root / name, goal)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


def _arguments(job: Job, work: Path, written: Path) -> list[str]:
    settings = job.settings
    arguments = [
        f"--to={WRITER[job.format]}",
        f"--output={written}",
        f"--from={job.reader}",
        "--standalone",
        "--wrap=none",
        f"--metadata-file={work / 'metadata.json'}",
        f"--log={work / 'log.json'}",
        f"--resource-path=.:{_relative(job.work, job.root)}",
    ]
    filters = as_list(settings.get("filters"))
    arguments += [f"--lua-filter={item['path']}" for item in filters if item["at"] == FIRST]
    arguments.append(f"--lua-filter={HERE / 'lua' / 'press.lua'}")
    arguments += [f"--lua-filter={item['path']}" for item in filters if item["at"] == LAST]
    arguments += ["--citeproc"] if settings.get("bibliography") else []
    arguments += [f"--css={name}" for name in as_list(settings.get("css"))]
    arguments += ["--embed-resources"] if job.format == "html" else []
    arguments += ["--syntax-highlighting=monochrome"] if job.format == "typst" else []
    arguments += ["--toc"] if settings.get("toc") else []
    arguments += [f"--toc-depth={settings['toc-depth']}"] if settings.get("toc-depth") else []
    for name in as_list(settings.get("include-in-header")):
        arguments.append(f"--include-in-header={name}")
    for key, value in (settings.get("variables") or {}).items():
        arguments.append(f"--variable={key}={value}")
    if settings.get("reference-doc"):
        arguments.append(f"--reference-doc={settings['reference-doc']}")
    is_markdown = job.reader == "markdown"
    if is_markdown and job.format == "typst" and not re.search(r"^# ", job.markdown, re.MULTILINE):
        arguments.append("--shift-heading-level-by=-1")
    template = _template(job, work)
    return arguments + ([f"--template={template}"] if template else [])


def _template(job: Job, work: Path) -> str | None:
    if job.format == "docx":
        return None
    if job.format == "jats" and "template" not in job.settings:
        return str(HERE / "templates" / "jats.xml")
    if job.format != "typst":
        return str(job.settings["template"])
    for name in ("template.typ", "definitions.typ"):
        shutil.copyfile(HERE / "templates" / name, work / name)
    for name in as_list(job.settings["template-partials"]):
        if Path(name).name not in PARTIALS:
            raise PressError(f"template-partials: {name} is not one of {', '.join(PARTIALS)}")
        shutil.copyfile(job.root / name, work / Path(name).name)
    for name in PARTIALS:
        if not (work / name).is_file():
            raise PressError(f"format typst needs {name} among its template-partials")
    return str(work / "template.typ")


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _convert(job: Job, arguments: list[str], log: Path) -> None:
    """Run pandoc; of an error our own filters raised, only the sentence and its line."""
    place, task = job.place_of(""), f"write {job.format}"
    try:
        done = run_pandoc(arguments, job.markdown, place=place, task=task, folder=job.root)
        for entry in json.loads(log.read_text(encoding="utf-8") or "[]"):
            if entry.get("verbosity") == "WARNING":
                raise PandocError(_warning(entry, done.stderr), place=place, task=task)
    except PandocError as error:
        ours = re.search(r"PRESS (.*?)(?: \[\[(.+?)\]\])?$", error.said, re.MULTILINE)
        raise (refuse(job.place_of(ours[2] or ""), ours[1]) if ours else error) from None


def _warning(entry: dict[str, Any], stderr: str) -> str:
    message = str(entry.get("message") or entry.get("path") or "")
    missing = re.search(r"citation (\S+) not found", message)
    if missing:
        return f"PRESS @{missing[1]} is not in the bibliography [[@{missing[1]}]]"
    return f"{entry.get('type', 'warning')}: {message}\n{stderr.strip()}"


def _compile(job: Job, source: Path) -> None:
    try:
        import typst
    except ImportError:
        raise PressError("typst is missing; get it with `pip install typst`") from None
    try:
        typst.compile(
            str(source),
            output=str(job.output),
            root=str(job.root),
            font_paths=[str(job.root / name) for name in as_list(job.settings.get("font-paths"))],
            ignore_system_fonts=True,
            pdf_standards=as_list(job.settings.get("pdf-standard")),
            timestamp=SOURCE_DATE_EPOCH,
        )
    except RuntimeError as error:
        hint = " (an image without fig-alt, or mathematics)" if "alt text" in str(error) else ""
        fault = f"typst could not make the PDF: {error}{hint}"
        raise PressError(f"{job.place_of('')}: {fault}") from None
