"""A YAML file of entries in, its keys, values and lines out; every fault of form is kept.

claims.yml and declarations.yml are read with it: files that clinicians edit, whose faults are
reported all at once with the lines they stand on.
"""

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from analysis.errors import WordingError

Faults = list[tuple[int, str]]


def read_entries(file: Path) -> yaml.Node | None:
    """The file as YAML nodes; WordingError where it is no YAML."""
    try:
        return yaml.compose(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise WordingError(f"{file.name}:1: cannot be read as UTF-8 text: {error}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        fault = getattr(error, "problem", None) or "a character that no text holds"
        raise WordingError(
            f"{file.name}:{mark.line + 1 if mark else 1}: this is not YAML: {fault}; "
            "put a sentence with colons or braces on a line of its own after `>-`"
        ) from None


def entries(
    node: yaml.Node | None, what: str, faults: Faults
) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """The keys and values of a mapping, each key once."""
    if not isinstance(node, yaml.MappingNode):
        faults.append((line(node), f"{what} must hold lines of the form `name: value`"))
        return
    seen = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            faults.append((line(key), f"{what} has a name that is no word"))
            continue
        if key.value in seen:
            faults.append((line(key), f'"{key.value}" stands twice in {what}'))
        seen.add(key.value)
        yield key, value


def text(node: yaml.Node, what: str, faults: Faults) -> str:
    """The words of a value on one line."""
    if isinstance(node, yaml.ScalarNode) and node.value.strip():
        return " ".join(node.value.split())
    faults.append((line(node), f"{what} must be a line of text"))
    return ""


def line(node: yaml.Node | None) -> int:
    """The line that a value stands on."""
    return 1 if node is None else int(node.start_mark.line) + 1


def unknown(what: str, name: str, known: Sequence[str]) -> str:
    """That a name is not known, with the nearest that is."""
    close = difflib.get_close_matches(name, known, n=1)
    remedy = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"
    return f'unknown {what} "{name}"; {remedy}'


def refuse(file: Path, faults: Faults) -> None:
    """Raise WordingError with every fault, a line a fault, if there is one."""
    if faults:
        raise WordingError("\n".join(f"{file.name}:{at}: {said}" for at, said in sorted(faults)))
