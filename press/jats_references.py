"""The references of a JATS file in, field by field; each traced to the data that citeproc had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from press.executed_tree import ExecutedTree, plain
from press.read_back import Fields
from press.tokens import count_numerals, show, tokenise
from press.trace import Traced

_VARIABLES = {
    "volume": ("volume",),
    "issue": ("issue",),
    "edition": ("edition",),
    "article-title": ("title",),
    "chapter-title": ("title",),
    "source": ("container-title", "title"),
    "pub-id doi": ("doi", "DOI"),
    "pub-id pmid": ("pmid", "PMID"),
    "pub-id pmcid": ("pmcid", "PMCID"),
    "uri": ("url", "URL"),
    "label": ("number in the list",),
    **{kind: (kind,) for kind in ("year", "month", "day", "fpage", "lpage")},
}
"""Where a field's text has to come from; any other field may be any text of its reference."""
_NEEDED = {"year": "issued", "volume": "volume", "issue": "issue", "fpage": "page"}


def trace_references(
    executed: ExecutedTree, found: list[tuple[str, Fields]], traced: Traced
) -> None:
    """Trace every numeral of the list of references to its field of its reference."""
    data = {f"ref-{item['id']}": item for item in executed.references}
    wanted = list(_listed(executed.tree["blocks"]))
    names = [name for name, _ in found]
    for name in sorted(set(wanted) - set(names)):
        traced.fault(f"the reference {name} is missing", 1)
    for name in sorted({name for name in names if names.count(name) > wanted.count(name)}):
        traced.fault(f"the reference {name} is not in the executed document", 1)
    for name, fields in found:
        if name in data:
            known = dict(_variables(data[name]))
            if name in wanted:
                known["number in the list"] = [str(wanted.index(name) + 1)]
            _trace_one(name, known, fields, traced)


def _listed(blocks: list[Any]) -> Iterator[str]:
    """The ids of the reference list in its order."""
    for block in blocks:
        if block["t"] == "Div":
            (name, classes, _), content = block["c"]
            yield from [name] if "csl-entry" in classes else _listed(content)


def _trace_one(name: str, known: dict[str, list[str]], fields: Fields, traced: Traced) -> None:
    for kind, text in fields:
        tokens = tokenise([(text, "")])
        said = [token.text for token in tokens]
        variables = _VARIABLES.get(kind, known)
        if any(_agrees(said, variable, known.get(variable)) for variable in variables):
            traced.sources["reference"] += count_numerals(tokens)
            continue
        options = [" ".join(known[variable]) for variable in variables if variable in known]
        instead = f' instead of "{options[0]}"' if len(options) == 1 else ""
        traced.fault(f'{name}, {kind}: "{show(tokens)}"{instead}', max(1, count_numerals(tokens)))
    kinds = {kind for kind, _ in fields}
    for kind, variable in _NEEDED.items():
        if known.get(kind) and kind not in kinds:
            traced.fault(f'{name}: the {kind} "{" ".join(known[kind])}" is missing ({variable})', 1)


def _agrees(said: list[str], variable: str, known: list[str] | None) -> bool:
    """Whether a field is a text of the reference; a name may be any part of a person's."""
    if known is not None and variable.startswith("person"):
        return Counter(said) <= Counter(known)
    return said == known


def _variables(item: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Each text in a reference's data, as tokens, under the name JATS or CSL gives it."""
    for number, person in enumerate(item.get("author", []) + item.get("editor", [])):
        yield f"person {number}", [word for text in person.values() for word in _said(text)]
    for name, part in zip(("year", "month", "day"), _date(item), strict=False):
        yield name, [str(part)]
    pages = [_said(part) for part in plain(item.get("page", "")).replace("–", "-").split("-")]
    if pages[0]:
        yield "fpage", pages[0]
        yield "lpage", pages[-1]
    for variable, value in item.items():
        if isinstance(value, str | list) and variable not in ("author", "editor", "id", "type"):
            yield variable, _said(value)


def _said(value: Any) -> list[str]:
    parts = value if isinstance(value, list) else []
    if not all(isinstance(part, dict) and "t" in part for part in parts):
        return []
    return [token.text for token in tokenise([(plain(value), "")])]


def _date(item: dict[str, Any]) -> list[Any]:
    return list((item.get("issued", {}).get("date-parts") or [[]])[0])
