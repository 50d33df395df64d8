"""YAML text in, plain values with the line of every key out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from press.errors import PressError, refuse

try:
    import yaml
except ImportError:
    raise PressError("PyYAML is missing; get it with `pip install pyyaml`") from None

Steps = tuple[str | int, ...]
"""The keys and positions that lead to a value."""
_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True)
class Marked:
    """A YAML value, the file it came from and the line of each path in it."""

    value: Any
    file: str
    lines: dict[Steps, int]

    def place(self, path: Steps) -> str:
        """`file:line` of a path, or of its nearest parent that has a line."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.file}:{self.lines.get(path, 1)}"


def read_yaml(text: str, *, file: str, first_line: int = 1) -> Marked:
    """The YAML of a text that begins at `first_line` of `file`; scalars as YAML 1.2 reads them."""
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        problem = getattr(error, "problem", None) or str(error)
        raise refuse(f"{file}:{line}", f"this is not YAML: {problem}") from None
    lines: dict[Steps, int] = {(): first_line}
    value = _value(node, (), lines, file, first_line) if node else None
    return Marked(value, file, lines)


def _value(node: Any, path: Steps, lines: dict[Steps, int], file: str, first: int) -> Any:
    lines.setdefault(path, first + node.start_mark.line)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, i), lines, file, first) for i, item in enumerate(node.value)]
    mapping: dict[str, Any] = {}
    for key_node, item in node.value:
        key = str(key_node.value)
        place = f"{file}:{first + key_node.start_mark.line}"
        if key in mapping:
            raise refuse(place, f"the key {key} stands here a second time; keep one")
        lines[(*path, key)] = first + key_node.start_mark.line
        mapping[key] = _value(item, (*path, key), lines, file, first)
    return mapping


def _scalar(node: yaml.ScalarNode) -> Any:
    text = str(node.value)
    if node.style:
        return text
    if text.lower() in _CONSTANTS:
        return _CONSTANTS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def merge(base: Any, over: Any) -> Any:
    """Two settings as Quarto merges them: maps key by key, lists joined, else the later wins."""
    if isinstance(base, dict) and isinstance(over, dict):
        joined = dict(base)
        for key, value in over.items():
            joined[key] = merge(base[key], value) if key in base else value
        return joined
    if isinstance(base, list) or isinstance(over, list):
        both = as_list(base) + as_list(over)
        return [item for i, item in enumerate(both) if item not in both[:i]]
    return over


def as_list(value: Any) -> list[Any]:
    """A value that may be absent, single or several, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
