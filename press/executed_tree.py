"""A project's documents in; what each format of them must say out, each token with its source.

The chunks are executed, pandoc reads each document with the author's and press's own filters and
citeproc, and its parsed form is read here: nothing of a format's writer or template is in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.child import Kernel, start_kernel
from press.compose import FigureFiles, compose
from press.config import Project, format_settings
from press.convert import HERE, OPTIONS
from press.document import Document, read_document
from press.execute import Executed, execute
from press.keys import FIRST
from press.marked import as_list
from press.pandoc import run_pandoc

Node = dict[str, Any]


@dataclass(frozen=True)
class ExecutedTree:
    """A document after execution: pandoc's tree of it, and its receipts (None: it has none)."""

    tree: Node
    receipts: dict[str, Any] | None

    @property
    def references(self) -> list[dict[str, Any]]:
        """The references as CSL data, in the order of the list."""
        found = self.tree["meta"].get("press-references")
        return list(json.loads(found["c"])) if found else []


def execute_documents(
    project: Project,
    names: Sequence[str],
    *,
    staging: Path,
    environment: dict[str, str],
    kernel: Kernel | None = None,
) -> Iterator[ExecutedTree]:
    """Run the documents' code anew, without drawing a figure, and read what comes of each.

    Pandoc reads a document while the next one is executed.
    """
    texts = [(project.root / name).read_text(encoding="utf-8") for name in names]
    documents = [read_document(text, file=name) for name, text in zip(names, texts, strict=True)]
    done = execute(
        documents,
        root=project.root,
        staging=staging,
        pre_render=project.pre_render,
        svg=False,
        dpis=[],
        environment=environment,
        kernel=kernel or start_kernel(),
    )
    with ThreadPoolExecutor() as pool:
        trees = [
            pool.submit(_read, project, document, executed, staging / document.stem)
            for document, executed in zip(documents, done, strict=True)
        ]
        results = Path(environment["STUDY_RESULTS"])
        receipts = read_receipts(results) if results.is_file() else None
        for tree in trees:
            yield ExecutedTree(tree.result(), receipts)


def _read(project: Project, document: Document, executed: Executed, folder: Path) -> Node:
    """Pandoc's tree of a document, as it is before a format is written."""
    settings = next(iter(format_settings(project, document.front).values()))
    warnings = (settings.get("execute") or {}).get("warning", True)
    markdown = compose(document, executed, FigureFiles("figures", ".svg"), warnings=warnings)
    metadata = folder / "metadata.json"
    kept = {key: value for key, value in settings.items() if key not in OPTIONS}
    metadata.write_text(json.dumps(kept), encoding="utf-8")
    every = as_list(settings.get("filters"))
    filters = [item["path"] for item in every if item["at"] == FIRST]
    arguments = ["--from=markdown", "--to=json", f"--metadata-file={metadata}"]
    filters = [HERE / "lua" / "marks.lua", *filters, HERE / "lua" / "press.lua"]
    arguments += [f"--lua-filter={path}" for path in filters]
    arguments += ["--citeproc"] if settings.get("bibliography") else []
    task = "read what came of its code"
    done = run_pandoc(arguments, markdown, place=document.file, task=task, folder=project.root)
    return dict(json.loads(done.stdout))


def read_receipts(path: Path) -> dict[str, Any]:
    """The receipts of a results.json by their ids."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {record["id"]: record for record in map(json.loads, lines) if "id" in record}


def plain(node: Any) -> str:
    """The text of a piece of metadata, marks of sources included."""
    if isinstance(node, str):
        return node
    if isinstance(node, list):
        return "".join(plain(item) for item in node)
    kind, content = node.get("t"), node.get("c")
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind in ("Str", "MetaString"):
        return str(content)
    if kind in ("Para", "Plain"):
        return plain(content) + "\n"
    if kind == "Quoted":
        return f"“{plain(content[1])}”"
    if kind in ("Span", "Link", "Cite", "Code", "Math", "Div", "Image"):
        return plain(content[1])
    return plain(content) if isinstance(content, list) else ""


def leaves(meta: Node) -> Iterator[tuple[str, str]]:
    """Every text in the metadata with the key it stands under."""
    for key, value in meta.items():
        if value.get("t") == "MetaMap":
            yield from leaves(value["c"])
        elif value.get("t") == "MetaList":
            for item in value["c"]:
                yield from leaves(item["c"] if item.get("t") == "MetaMap" else {key: item})
        elif value.get("t") in ("MetaInlines", "MetaBlocks", "MetaString"):
            yield key, unmarked(plain(value))


def unmarked(text: str) -> str:
    """A text without the marks of sources in it."""
    return re.sub("[\ue000][^\ue001]*\ue001|\ue002", "", text)
