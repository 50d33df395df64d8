"""The code of a document in; faults where it does more than show what the analysis gives."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from press.document import Chunk
from press.errors import Fault
from press.words import words_pattern

LONGEST_CHUNK = 5
_KEY = re.compile(r"[A-Za-z_][\w.-]*")
_PLAIN = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.keyword, ast.Load, ast.Constant)


def check_chunk(chunk: Chunk, *, file: str) -> Iterator[Fault]:
    """Arithmetic, typed numbers and words, and more than five lines of code."""
    lines = [line for line in chunk.code.split("\n") if line.strip()]
    if len(lines) > LONGEST_CHUNK:
        fault = f"chunk {chunk.name} has {len(lines)} lines; {LONGEST_CHUNK} are the most"
        yield Fault(f"{file}:{chunk.line}", f"{fault}, move the rest to the analysis")
    try:
        tree = ast.parse(chunk.code)
    except SyntaxError as error:
        line = chunk.code_line + (error.lineno or 1) - 1
        yield Fault(f"{file}:{line}", f"chunk {chunk.name} is not plain Python: {error.msg}")
        return
    for node in ast.walk(tree):
        fault = _fault(node)
        if fault:
            place = f"{file}:{chunk.code_line + node.lineno - 1}:{node.col_offset + 1}"  # type: ignore[attr-defined]
            yield Fault(place, f"chunk {chunk.name} {fault}: {ast.unparse(node)}")


def check_inline(code: str, *, place: str) -> Iterator[Fault]:
    """Anything but names, their attributes and items, and calls of them with keys."""
    try:
        tree = ast.parse(code, mode="eval").body
    except SyntaxError as error:
        yield Fault(place, f"inline code is not plain Python: {error.msg}: {code}")
        return
    if isinstance(tree, ast.Constant):
        yield Fault(place, f"inline code is a typed value, not a name: {code}")
        return
    for node in ast.walk(tree):
        fault = _fault(node)
        if fault or not isinstance(node, _PLAIN):
            fault = fault or "is more than a name, an attribute, an item or a call"
            yield Fault(place, f"inline code {fault}: {code}")
            return


def _fault(node: ast.AST) -> str:
    if isinstance(node, ast.BinOp | ast.AugAssign | ast.UnaryOp):
        return "computes; the analysis does that"
    if isinstance(node, ast.JoinedStr):
        return "holds typed text"
    if not isinstance(node, ast.Constant):
        return ""
    if isinstance(node.value, int | float | complex) and not isinstance(node.value, bool):
        return "holds a typed number"
    is_text = isinstance(node.value, str) and not _is_key(node.value)
    return "holds typed text" if is_text else ""


def _is_key(text: str) -> bool:
    """Whether a text names something (`strength.change`) and is not itself for the reader."""
    return bool(_KEY.fullmatch(text)) and not words_pattern().fullmatch(text)
