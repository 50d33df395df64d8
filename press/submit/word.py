"""A template with values, or markdown itself, in; a Word file in the article's look out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from press.compare.rendered import environment
from press.config import Project
from press.convert import HERE
from press.errors import PressError
from press.executed_tree import Node
from press.journals.counts import text_of
from press.keys import FIRST
from press.marked import as_list
from press.pandoc import run_pandoc
from press.submit.tree import OURS

API = [1, 23, 1]
"""The version of pandoc's JSON in which the values are handed over."""


def fill(template: Path, values: dict[str, Any]) -> str:
    """A template's markdown with values in place of its variables, their signs as text."""
    document = {"pandoc-api-version": API, "meta": _to_meta(values)["c"], "blocks": []}
    arguments = ["--from=json", "--to=markdown", "--wrap=none", f"--template={template}"]
    place = f"journal/{template.name}"
    return run_pandoc(arguments, json.dumps(document), place=place, task="fill it").stdout


def _to_meta(value: Any) -> Node:
    if isinstance(value, dict):
        return {"t": "MetaMap", "c": {key: _to_meta(item) for key, item in value.items()}}
    if isinstance(value, list | tuple):
        return {"t": "MetaList", "c": [_to_meta(item) for item in value]}
    if isinstance(value, bool):
        return {"t": "MetaBool", "c": value}
    words = "" if value is None else str(value)
    return {"t": "MetaInlines", "c": [{"t": "Str", "c": words}] if words else []}


def from_meta(node: Node) -> Any:
    """Pandoc's metadata as plain values."""
    kind, content = node["t"], node.get("c")
    if kind == "MetaMap":
        return {key: from_meta(item) for key, item in dict(content or {}).items()}
    if kind == "MetaList":
        return [from_meta(item) for item in content or []]
    if kind in ("MetaBool", "MetaString"):
        return content
    return text_of(content).strip()


def read_authors(settings: dict[str, Any], place: str) -> dict[str, Any]:
    """The authors and affiliations of a document's settings, resolved as in the article."""
    kept = {key: settings[key] for key in ("author", "affiliations") if settings.get(key)}
    text = f"---\n{json.dumps(kept)}\n---\n"
    arguments = ["--from=markdown", "--to=json", f"--lua-filter={HERE / 'lua' / 'press.lua'}"]
    done = run_pandoc(arguments, text, place=place, task="read its authors")
    meta = json.loads(done.stdout)["meta"]
    found = {"by-author": "authors", "affiliations": "affiliations"}
    return {name: from_meta(meta[key]) if key in meta else [] for key, name in found.items()}


def reference_of(project: Project) -> Path | None:
    """The Word file that gives the project's Word files their look."""
    named = project.options("docx").get("reference-doc") if "docx" in project.formats else None
    return project.root / named if named else None


def write_docx(markdown: str, target: Path, *, project: Project, title: str, head: str) -> None:
    """Write a Word file with `head` as the running head of its pages."""
    reference = reference_of(project)
    meta = {"title": title, "lang": "en", **({"subject": head} if head else {})}
    text = f"---\n{json.dumps(meta)}\n---\n\n{markdown}"
    arguments = ["--from=markdown", "--to=docx", "--standalone", f"--output={target}"]
    arguments += [f"--reference-doc={reference}"] if reference else []
    filters = as_list(project.settings.value.get("filters"))
    arguments += [f"--lua-filter={item['path']}" for item in filters if item["at"] == FIRST]
    run_pandoc(arguments, text, place=target.name, task="write it", folder=project.root)


def finish(files: list[Path], project: Project) -> None:
    """Run the project's steps after a render on files that it did not render itself."""
    if not files:
        return
    own = {
        "QUARTO_PROJECT_OUTPUT_DIR": str(files[0].parent),
        "QUARTO_PROJECT_OUTPUT_FILES": "\n".join(map(str, files)),
    }
    for script in project.post_render:
        done = subprocess.run(
            [sys.executable, script],
            cwd=project.root,
            env=environment(project.root, OURS) | own | {"PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        if done.returncode:
            said = (done.stderr or done.stdout).replace(f"{project.root}{os.sep}", "").strip()
            raise PressError(f"{script}: the step after the render failed: {said}")
