"""A document in; what its chunks and inline expressions gave out, executed once in a child."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.child import end
from press.document import Document, Prose
from press.errors import PressError
from press.figures import RC


@dataclass(frozen=True)
class Executed:
    """The events of each chunk by its number, and the markdown of inline code in order."""

    outputs: dict[int, list[dict[str, str]]]
    inlines: list[str]


def execute(
    document: Document,
    *,
    root: Path,
    staging: Path,
    pre_render: tuple[str, ...],
    svg: bool,
    dpis: list[int],
    environment: dict[str, str],
    kernel: subprocess.Popen[str],
) -> Executed:
    """Run the pre-render scripts, the chunks and the inline code in a new kernel.

    Raises what they raise, with file and line.
    """
    (staging / "figures").mkdir(parents=True)
    (staging / "matplotlibrc").write_text(RC, encoding="utf-8")
    request = {
        "answer": str(staging / "answer.json"),
        "root": str(root),
        "environment": environment
        | {"MATPLOTLIBRC": str(staging / "matplotlibrc"), "IPYTHONDIR": str(staging / "ipython")},
        "file": document.file,
        "pre_render": pre_render,
        "items": _items(document),
        "figures": str(staging / "figures"),
        "svg": svg,
        "dpis": dpis,
    }
    if not request["items"] and not pre_render:
        end(kernel)
        return Executed({}, [])
    answer = _ask(kernel, request)
    outputs = {int(number): events for number, events in answer["outputs"].items()}
    return Executed(outputs, answer["inlines"])


def _ask(kernel: subprocess.Popen[str], request: dict[str, Any]) -> dict[str, Any]:
    """The kernel's answer; what else it printed goes to stderr."""
    said, _ = kernel.communicate(json.dumps(request))
    answer_file = Path(request["answer"])
    if not answer_file.is_file():
        missing = re.search(r"No module named '(\w+)", said)
        if missing:
            raise PressError(f"{missing[1]} is missing; get it with `pip install {missing[1]}`")
        raise PressError(f"{request['file']}: the chunks could not be run\n{said.strip()}")
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
