"""Documents in; what their chunks and inline expressions gave out, executed once in one child."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.child import Kernel, end
from press.document import Document, Prose
from press.errors import PressError
from press.figures import RC


@dataclass(frozen=True)
class Executed:
    """The events of each chunk by its number, and the markdown of inline code in order."""

    outputs: dict[int, list[dict[str, str]]]
    inlines: list[str]


def execute(
    documents: Sequence[Document],
    *,
    root: Path,
    staging: Path,
    pre_render: tuple[str, ...],
    svg: bool,
    dpis: list[int],
    environment: dict[str, str],
    kernel: Kernel,
) -> list[Executed]:
    """Run the pre-render scripts, then the documents, none of which knows another's names.

    Figures go to `<stem>/figures` in `staging`. Raises what the code raises, with file and line.
    """
    (staging / "matplotlibrc").write_text(RC, encoding="utf-8")
    request: dict[str, Any] = {
        "answer": str(staging / "answer.json"),
        "root": str(root),
        "environment": environment
        | {"MATPLOTLIBRC": str(staging / "matplotlibrc"), "IPYTHONDIR": str(staging / "ipython")},
        "pre_render": pre_render,
        "documents": [_wanted(document, staging / document.stem) for document in documents],
        "svg": svg,
        "dpis": dpis,
    }
    if not pre_render and not any(document["items"] for document in request["documents"]):
        end(kernel)
        return [Executed({}, []) for _ in documents]
    return [
        Executed({int(n): events for n, events in done["outputs"].items()}, done["inlines"])
        for done in _ask(kernel, request)["documents"]
    ]


def _wanted(document: Document, folder: Path) -> dict[str, Any]:
    """A document's part of the request; its figures are wanted in a folder that is made here."""
    (folder / "figures").mkdir(parents=True)
    items = _items(document)
    return {"file": document.file, "items": items, "figures": str(folder / "figures")}


def _ask(kernel: Kernel, request: dict[str, Any]) -> dict[str, Any]:
    """The kernel's answer; what else it printed goes to stderr."""
    said, _ = kernel.communicate(json.dumps(request))
    answer_file = Path(request["answer"])
    if not answer_file.is_file():
        missing = re.search(r"No module named '(\w+)", said)
        if missing:
            raise PressError(f"{missing[1]} is missing; get it with `pip install {missing[1]}`")
        files = ", ".join(document["file"] for document in request["documents"])
        raise PressError(f"{files}: the chunks could not be run\n{said.strip()}")
    sys.stderr.write(said)
    answer: dict[str, Any] = json.loads(answer_file.read_text(encoding="utf-8"))
    if "error" in answer:
        raise PressError(answer["error"])
    return answer


def _items(document: Document) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for part in document.parts:
        if isinstance(part, Prose):
            for line, match in part.inlines():
                items.append({"kind": "inline", "line": line, "code": match["code"].strip()})
            continue
        items.append(
            {
                "kind": "chunk",
                "number": part.number,
                "name": part.name,
                "stem": figure_stem(part.options.get("label"), part.number),
                "code": part.code,
                "code_line": part.code_line,
                "options": part.options,
            }
        )
    return items


def figure_stem(label: Any, number: int) -> str:
    """The beginning of a chunk's figure files, as Quarto names them."""
    plain = re.sub(r"[^\w.-]", "", str(label)).lower() if label else ""
    return plain or f"cell-{number + 1}"
