"""A document in; what its chunks and inline expressions gave out, executed once in a child."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.document import Document, Prose
from press.errors import PressError
from press.figures import RC

SOURCE_DATE_EPOCH = 1356998400
"""2013-01-01: the one date in every output, so that the same input gives the same bytes."""


@dataclass(frozen=True)
class Executed:
    """The events of each chunk by its number, and the markdown of inline code in order."""

    outputs: dict[int, list[dict[str, str]]]
    inlines: list[str]


def fixed_environment(**more: str) -> dict[str, str]:
    """The environment of every child: this one's, with nothing that varies by place or day."""
    fixed = {
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": str(SOURCE_DATE_EPOCH),
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    return {**os.environ, **fixed, **more}


def execute(
    document: Document,
    *,
    root: Path,
    staging: Path,
    pre_render: tuple[str, ...],
    svg: bool,
    dpis: list[int],
    environment: dict[str, str],
) -> Executed:
    """Run the pre-render scripts, the chunks and the inline code; raise what they raise."""
    figures = staging / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    items = _items(document)
    if not items and not pre_render:
        return Executed({}, [])
    (staging / "matplotlibrc").write_text(RC, encoding="utf-8")
    request = {
        "root": str(root),
        "file": document.file,
        "pre_render": pre_render,
        "items": items,
        "figures": str(figures),
        "svg": svg,
        "dpis": dpis,
    }
    environment = environment | {
        "MATPLOTLIBRC": str(staging / "matplotlibrc"),
        "MPLBACKEND": "agg",
        "IPYTHONDIR": str(staging / "ipython"),
        "PYTHONPATH": os.pathsep.join(
            [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
        ),
    }
    answer_file = staging / "answer.json"
    child = subprocess.run(
        [sys.executable, "-m", "press.kernel", str(answer_file)],
        cwd=root,
        env=environment,
        input=json.dumps(request),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    if not answer_file.is_file():
        missing = re.search(r"No module named '(\w+)", child.stdout)
        if missing:
            raise PressError(f"{missing[1]} is missing; get it with `pip install {missing[1]}`")
        raise PressError(f"{document.file}: the chunks could not be run\n{child.stdout.strip()}")
    sys.stderr.write(child.stdout)
    answer = json.loads(answer_file.read_text(encoding="utf-8"))
    if "error" in answer:
        raise PressError(answer["error"])
    outputs = {int(number): events for number, events in answer["outputs"].items()}
    return Executed(outputs, answer["inlines"])


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
