"""_quarto.yml and a document's front matter in, checked settings for each format out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from press.errors import refuse, run_all
from press.keys import (
    AFFILIATION,
    AUTHOR,
    DOCUMENT,
    EXECUTE,
    FIRST,
    FORMAT,
    LAST,
    NAME,
    PROJECT,
    TOP,
    WRITERS,
    check_keys,
    unknown,
)
from press.marked import Marked, Steps, as_list, merge, read_yaml
from press.root import find_root

_FILES = (
    "data-record",
    "bibliography",
    "csl",
    "template",
    "css",
    "reference-doc",
    "template-partials",
)


@dataclass(frozen=True)
class Project:
    """A folder with a _quarto.yml: what to render, into which formats, and where to."""

    root: Path
    settings: Marked
    output_folder: Path
    documents: tuple[str, ...]
    pre_render: tuple[str, ...]
    post_render: tuple[str, ...]
    data_record: str | None
    formats: tuple[str, ...]

    def options(self, name: str) -> dict[str, Any]:
        """What _quarto.yml says under a format; nothing where it says `default`."""
        found = self.settings.value["format"][name]
        return {} if found == "default" else dict(found)


def read_project(folder: Path) -> Project:
    """The project whose _quarto.yml lies in `folder` or in the nearest folder above it."""
    root = find_root(folder)
    marked = read_yaml((root / "_quarto.yml").read_text(encoding="utf-8"), file="_quarto.yml")
    check_keys(marked, (), TOP)
    _check_metadata(marked, ())
    if "project" in marked.value:
        check_keys(marked, ("project",), PROJECT)
    project = marked.value.get("project") or {}
    documents = tuple(as_list(project.get("render")))
    if not documents:
        raise refuse(marked.place(("project",)), "project needs render: [manuscript.qmd]")
    _check_stems(marked, documents)
    for key in ("render", "pre-render", "post-render"):
        _check_files(marked, ("project", key), project.get(key), root)
    for key in _FILES:
        _check_files(marked, (key,), marked.value.get(key), root)
    return Project(
        root=root,
        settings=marked,
        output_folder=root / str(project.get("output-dir", "_output")),
        documents=documents,
        pre_render=tuple(as_list(project.get("pre-render"))),
        post_render=tuple(as_list(project.get("post-render"))),
        data_record=marked.value.get("data-record"),
        formats=_read_formats(marked, root),
    )


def _check_stems(marked: Marked, documents: tuple[str, ...]) -> None:
    """Outputs of all documents lie in one folder, named after their document."""
    stems = [Path(name).stem for name in documents]
    for name, stem in zip(documents, stems, strict=True):
        if stems.count(stem) > 1:
            place = marked.place(("project", "render"))
            raise refuse(place, f"two documents would write {stem}; give {name} another name")


def _read_formats(marked: Marked, root: Path) -> tuple[str, ...]:
    if not marked.value.get("format"):
        raise refuse(marked.place(("format",)), f"declare a format: {', '.join(WRITERS)}")
    for name, options in marked.value["format"].items():
        path = ("format", name)
        if name == "pdf":
            raise refuse(marked.place(path), "format pdf needs TeX; write typst, which gives a PDF")
        if name not in FORMAT:
            raise unknown(marked.place(path), "format", name, FORMAT)
        if options == "default":
            continue
        check_keys(marked, path, FORMAT[name])
        _check_metadata(marked, path)
        for key in _FILES:
            _check_files(marked, (*path, key), options.get(key), root)
    _check_needs(marked)
    return tuple(marked.value["format"])


def _check_needs(marked: Marked) -> None:
    """What Quarto would fill in with a look of its own has to be named instead."""
    needs = {
        "html": ("minimal", "theme", "template", "embed-resources", "fig-format"),
        "typst": ("template-partials",),
    }
    for name, keys in needs.items():
        if name not in marked.value["format"]:
            continue
        options = marked.value["format"][name]
        missing = [key for key in keys if options == "default" or key not in options]
        if missing:
            place = marked.place(("format", name))
            raise refuse(place, f"format {name} needs {missing[0]}; Quarto's own is not supported")


def _check_files(marked: Marked, path: Steps, value: Any, root: Path) -> None:
    for name in as_list(value):
        if not (root / str(name)).is_file():
            raise refuse(marked.place(path), f"{path[-1]}: there is no file {name}")


def _check_metadata(marked: Marked, path: Steps) -> None:
    """Check the nested parts of document metadata: execute, filters, authors, affiliations."""
    value = marked.value
    for step in path:
        value = value[step]
    if "execute" in value:
        check_keys(marked, (*path, "execute"), EXECUTE, "execute key")
    for i, item in enumerate(as_list(value.get("filters"))):
        here: Steps = (*path, "filters", i)
        if (
            not isinstance(item, dict)
            or set(item) != {"at", "path"}
            or item["at"] not in (FIRST, LAST)
        ):
            wanted = f"a filter runs first or last: write - at: {FIRST} (or {LAST}), path: file.lua"
            raise refuse(marked.place(here), f"filter {item}: {wanted}")
    authors = enumerate(_listed(marked, path, "author"))
    places = enumerate(_listed(marked, path, "affiliations"))
    run_all([
        *(partial(_check_author, marked, (*path, "author", i), author) for i, author in authors),
        *(partial(check_keys, marked, (*path, "affiliations", i), AFFILIATION, "affiliation key")
          for i, item in places if isinstance(item, dict)),
    ])  # fmt: skip


def _listed(marked: Marked, path: Steps, key: str) -> list[Any]:
    value = marked.value
    for step in path:
        value = value[step]
    found = value.get(key)
    if isinstance(found, dict):
        place = marked.place((*path, key))
        raise refuse(place, f"{key} is a list: begin each with a dash")
    return as_list(found)


def _check_author(marked: Marked, path: Steps, author: Any) -> None:
    if not isinstance(author, dict):
        return
    check_keys(marked, path, AUTHOR, "author key")
    if "name" not in author:
        raise refuse(marked.place(path), "an author needs a name")
    if isinstance(author["name"], dict):
        check_keys(marked, (*path, "name"), NAME, "name key")
    for key in ("affiliations", "affiliation"):
        found = author.get(key)
        if isinstance(found, dict):
            check_keys(marked, (*path, key), AFFILIATION, "affiliation key")
        for i, item in enumerate(found if isinstance(found, list) else []):
            if isinstance(item, dict):
                check_keys(marked, (*path, key, i), AFFILIATION, "affiliation key")


def format_settings(project: Project, front: Marked) -> dict[str, dict[str, Any]]:
    """The settings of each format: the project's, then its format's, then the document's."""
    if "format" in (front.value or {}):
        raise refuse(front.place(("format",)), "formats are declared in _quarto.yml only")
    if front.value:
        run_all([partial(check_keys, front, (), DOCUMENT), partial(_check_metadata, front, ())])
        for key in _FILES:
            _check_files(front, (key,), front.value.get(key), project.root)
    general = {k: v for k, v in project.settings.value.items() if k in DOCUMENT}
    settings = {}
    for name in project.formats:
        merged = merge(general, project.options(name))
        settings[name] = merge(merged, front.value or {})
        _check_whole(project, front, settings[name])
    return settings


def _check_whole(project: Project, front: Marked, merged: dict[str, Any]) -> None:
    place = front.place(())
    if (merged.get("execute") or {}).get("echo") is not False:
        raise refuse(place, "execute: echo: false is needed; code is not shown")
    if not merged.get("title"):
        raise refuse(place, "the document needs a title")
    if merged.get("bibliography") and not (merged.get("citeproc") and merged.get("link-citations")):
        raise refuse(place, "a bibliography needs citeproc: true and link-citations: true")
    texts = [str(merged.get(key, "")) for key in ("title", "subtitle", "description")]
    if any(re.search(r"`\{python\}", text) for text in texts):
        raise refuse(place, "inline code in the front matter is not evaluated by Quarto")
    for item in as_list(merged.get("filters")):
        if not (project.root / item["path"]).is_file():
            raise refuse(place, f"filters: there is no file {item['path']}")
