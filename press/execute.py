"""Documents in; what their chunks and inline expressions gave out, executed once in one child."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from press.child import ANSWERED, Kernel, end
from press.document import Document, Prose
from press.errors import PressError
from press.figures import RC, Export


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
    exports: Mapping[str, Export] = MappingProxyType({}),
) -> Iterator[Executed]:
    """Run the pre-render scripts, then the documents, none of which knows another's names.

    Each document is given out as soon as it has run, its figures in `<stem>/figures` of `staging`
    when all are. `exports` says, by the file of a document, which of them a journal is to get.
    Raises what the code raises, with file and line.
    """
    (staging / "matplotlibrc").write_text(RC, encoding="utf-8")
    request: dict[str, Any] = {
        "answer": str(staging / "answer.json"),
        "root": str(root),
        "environment": environment
        | {"MATPLOTLIBRC": str(staging / "matplotlibrc"), "IPYTHONDIR": str(staging / "ipython")},
        "pre_render": pre_render,
        "documents": [
            _wanted(document, staging / document.stem, exports.get(document.file))
            for document in documents
        ],
        "svg": svg,
        "dpis": dpis,
    }
    if pre_render or any(document["items"] for document in request["documents"]):
        yield from _ask(kernel, request)
    else:
        end(kernel)
        yield from (Executed({}, []) for _ in documents)


def _wanted(document: Document, folder: Path, export: Export | None) -> dict[str, Any]:
    """A document's part of the request; its figures are wanted in a folder that is made here."""
    (folder / "figures").mkdir(parents=True)
    return {
        "answer": str(folder / "answer.json"),
        "file": document.file,
        "items": _items(document),
        "figures": str(folder / "figures"),
        "export": asdict(export) if export else None,
    }


def _ask(kernel: Kernel, request: dict[str, Any]) -> Iterator[Executed]:
    """The kernel's answers as they come; what else it printed goes to stderr."""
    waiting, said = iter(request["documents"]), ""
    with kernel:
        _send(kernel, request)
        for line in kernel.stdout or ():
            text, mark, _ = line.partition(ANSWERED)
            said += text
            if mark:
                answer = _read(next(waiting)["answer"])
                outputs = {int(number): events for number, events in answer["outputs"].items()}
                yield Executed(outputs, answer["inlines"])
    if not Path(request["answer"]).is_file():
        missing = re.search(r"No module named '(\w+)", said)
        if missing:
            raise PressError(f"{missing[1]} is missing; get it with `pip install {missing[1]}`")
        files = ", ".join(document["file"] for document in request["documents"])
        raise PressError(f"{files}: the chunks could not be run\n{said.strip()}")
    sys.stderr.write(said)
    error = _read(request["answer"])
    if error:
        raise PressError(error)


def _send(kernel: Kernel, request: dict[str, Any]) -> None:
    """Hand the request over; a kernel that could not start reads none, and says why."""
    if kernel.stdin:
        with suppress(BrokenPipeError), kernel.stdin:
            kernel.stdin.write(json.dumps(request))


def _read(answer: str) -> Any:
    return json.loads(Path(answer).read_text(encoding="utf-8"))


def _items(document: Document) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    before = ""
    for part in document.parts:
        if isinstance(part, Prose):
            before = part.text
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
                "is_figure": _FIGURE.search(before) is not None,
            }
        )
        before = ""
    return items


def numbered_stems(document: Document) -> dict[str, int]:
    """The number in the document of each figure that a chunk shows, by the stem of the chunk."""
    numbers: dict[str, int] = {}
    count, before = 0, ""
    for part in document.parts:
        if isinstance(part, Prose):
            before = part.text
            count += len(_FIGURES.findall(before))
            continue
        label = part.options.get("label")
        is_labelled = str(label or "").startswith("fig-")
        count += is_labelled
        if is_labelled or _FIGURE.search(before):
            numbers[figure_stem(label, part.number)] = count
        before = ""
    return numbers


_FIGURES = re.compile(r"^:{3,} *\{#fig-", re.MULTILINE)
_FIGURE = re.compile(r"^:{3,} *\{#fig-[^}\n]*\}\s*\Z", re.MULTILINE)
"""The end of prose that opens the div of a figure: the chunk behind it shows the figure."""


def figure_stem(label: Any, number: int) -> str:
    """The beginning of a chunk's figure files, as Quarto names them."""
    plain = re.sub(r"[^\w.-]", "", str(label)).lower() if label else ""
    return plain or f"cell-{number + 1}"
