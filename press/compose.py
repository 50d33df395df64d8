"""A document and what its chunks gave in; one markdown text for pandoc out, for one format.

The divs around outputs are those that Quarto's Jupyter engine writes, so that a Lua filter sees the
same document in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from press.document import Chunk, Document, Prose
from press.errors import refuse
from press.execute import Executed

_ARTISTS = ("[<matplotlib", "<matplotlib")
_TEXT = "Text("


@dataclass(frozen=True)
class FigureFiles:
    """Where a format finds its figures: `<folder>/<name><ending>`."""

    folder: str
    ending: str


def compose(
    document: Document, executed: Executed, files: FigureFiles, *, warnings: bool = True
) -> str:
    """The document as markdown with every output in its place."""
    inlines = iter(executed.inlines)
    texts = []
    for part in document.parts:
        if isinstance(part, Prose):
            texts.append(_fill(part, inlines))
        else:
            events = executed.outputs.get(part.number, [])
            texts.append(_show(part, events, files, document.file, warnings))
    return "".join(texts)


def _fill(prose: Prose, results: Iterator[str]) -> str:
    text, pieces, end = prose.text, [], 0
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for line_number, match in prose.inlines():
        start = starts[line_number - prose.line]
        pieces.append(text[end : start + match.end("before")])
        pieces.append(next(results))
        end = start + match.end()
    return "".join((*pieces, text[end:]))


def _show(
    chunk: Chunk, events: list[dict[str, str]], files: FigureFiles, file: str, warnings: bool
) -> str:
    options = chunk.options
    if not options.get("include", True) or options.get("output", True) is False:
        return "\n"
    place = f"{file}:{chunk.line}, chunk {chunk.name}"
    asis = options.get("output") == "asis"
    shown = []
    has_figure = any(event["kind"] == "figure" for event in events)
    for event in events:
        _refuse_event(event, place, warnings=bool(options.get("warning", warnings)))
        if event["kind"] == "stderr" or _is_discarded(event, has_figure):
            continue
        shown.append(event)
    label = str(options.get("label") or "")
    if label.startswith(("fig-", "tbl-")):
        _check_single(label, shown, place)
    text = "".join(_output(chunk, event, files, asis=asis) for event in shown)
    if asis:
        return f"\n{text}\n"
    if not text:
        return "\n"
    attributes = ".cell"
    if label.startswith("tbl-"):
        caption = str(options["tbl-cap"]).strip().replace("\n", " ")
        attributes = f"#{label} .cell tbl-cap={_quoted(caption)}"
    return f"\n:::::: {{{attributes}}}\n{text}\n::::::\n\n"


def _refuse_event(event: dict[str, str], place: str, *, warnings: bool) -> None:
    first = event["text"].strip().split("\n")[0]
    if event["kind"] == "html":
        raise refuse(place, f"{first!r} has a form for HTML alone; show it as markdown")
    if event["kind"] == "image":
        raise refuse(place, f"{first!r} is an image; show a matplotlib Figure")
    if event["kind"] == "stderr" and warnings:
        fault = f"a warning would stand in the article: {first}"
        raise refuse(place, f"{fault}; mend its cause or set warning: false")


def _is_discarded(event: dict[str, str], has_figure: bool) -> bool:
    """A plot's return value, such as `Text(0.5, 1.0, …)`, is not shown beside the plot."""
    text = event["text"].strip()
    if event["kind"] != "result":
        return False
    bracketed = re.fullmatch(r"[<(\[].*[>)\]]", text) is not None
    return text.startswith(_ARTISTS) or (
        has_figure and (bracketed or text.startswith(_TEXT) or "<matplotlib." in text)
    )


def _check_single(label: str, shown: list[dict[str, str]], place: str) -> None:
    wanted = "figure" if label.startswith("fig-") else "markdown"
    kinds = [event["kind"] for event in shown]
    if kinds != [wanted]:
        raise refuse(place, f"one {wanted} output is wanted, not {', '.join(kinds) or 'nothing'}")


def _output(chunk: Chunk, event: dict[str, str], files: FigureFiles, *, asis: bool) -> str:
    kind, text = event["kind"], event["text"]
    if kind == "figure":
        body, classes = _image(chunk, text, files), ".cell-output-display"
    elif kind == "markdown":
        body, classes = text, ".cell-output-display .cell-output-markdown"
    else:
        body = text if asis and kind == "stdout" else _code(text)
        classes = ".cell-output-stdout" if kind == "stdout" else ".cell-output-display"
    if asis:
        return body if kind == "stdout" else f"{body}\n"
    return f"\n::::: {{.cell-output {classes}}}\n{body}\n:::::\n"


def _image(chunk: Chunk, name: str, files: FigureFiles) -> str:
    label = str(chunk.options.get("label") or "")
    caption = str(chunk.options.get("fig-cap", "")).strip().replace("\n", " ")
    attributes = [f"#{label}"] if label.startswith("fig-") else []
    if "fig-alt" in chunk.options:
        attributes.append(f"fig-alt={_quoted(str(chunk.options['fig-alt']))}")
    braces = f"{{{' '.join(attributes)}}}" if attributes else ""
    return f"![{caption}]({files.folder}/{name}{files.ending}){braces}"


def _code(text: str) -> str:
    ticks = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text) or [""]))
    return f"{ticks}\n{text.rstrip()}\n{ticks}"


def _quoted(text: str) -> str:
    escaped = text.strip().replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
