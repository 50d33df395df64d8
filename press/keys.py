"""The settings the engine supports: where each key may stand and what its value may be."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Mapping
from typing import Any

from press.errors import PressError, refuse, run_all
from press.marked import Marked, Steps

Check = Callable[[Any], str | None]
"""Says what was wanted when a value does not fit, None when it does."""

FIRST, LAST = "pre-ast", "post-finalize"
"""When a project's Lua filter runs: before anything else, or after everything else."""

WRITERS = {"html": "html", "typst": "pdf", "docx": "docx", "jats": "xml"}
"""Quarto's name of each supported format, and the extension of what it writes."""


def is_text(value: Any) -> str | None:
    """Any scalar can be written as text."""
    return None if isinstance(value, str | int | float) else "text is wanted"


def is_bool(value: Any) -> str | None:
    """True or false."""
    return None if isinstance(value, bool) else "true or false is wanted"


def is_count(value: Any) -> str | None:
    """A whole number above zero."""
    good = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return None if good else "a whole number above 0 is wanted"


def is_letters(value: Any) -> str | None:
    """Letters, and nothing that would run into a number."""
    return None if isinstance(value, str) and value.isalpha() else "letters are wanted"


def is_mapping(value: Any) -> str | None:
    """Any mapping, handed on as it is."""
    return None if isinstance(value, dict) else "a mapping of keys to values is wanted"


def only(*wanted: Any) -> Check:
    """One of the listed values and nothing else."""
    names = " or ".join(
        str(item).lower() if isinstance(item, bool) else str(item) for item in wanted
    )

    def check(value: Any) -> str | None:
        fits = any(value == item and type(value) is type(item) for item in wanted)
        return None if fits else f"only {names} is supported"

    return check


def several(check: Check) -> Check:
    """One value or a list of them."""

    def check_all(value: Any) -> str | None:
        found = [check(item) for item in (value if isinstance(value, list) else [value])]
        return next((wanted for wanted in found if wanted), None)

    return check_all


PROJECT: Mapping[str, Check] = {
    "type": only("default"),
    "output-dir": is_text,
    "render": several(is_text),
    "pre-render": several(is_text),
    "post-render": several(is_text),
}
EXECUTE: Mapping[str, Check] = {"echo": only(False), "warning": is_bool}
DOCUMENT: Mapping[str, Check] = {
    "title": is_text,
    "subtitle": is_text,
    "author": lambda value: None,
    "affiliations": lambda value: None,
    "keywords": several(is_text),
    "description": is_text,
    "subject": is_text,
    "abstract-title": is_text,
    "lang": only("en", "en-GB", "en-US"),
    "bibliography": several(is_text),
    "csl": is_text,
    "citeproc": only(True),
    "link-citations": only(True),
    "nocite": is_text,
    "number-sections": is_bool,
    "number-prefix": is_letters,
    "body-columns": only(1, 2),
    "review-copy": is_bool,
    "stamp": is_text,
    "toc": is_bool,
    "toc-depth": is_count,
    "toc-title": is_text,
    "variables": is_mapping,
    "filters": lambda value: None,
    "execute": is_mapping,
}
TOP: Mapping[str, Check] = {
    **DOCUMENT,
    "project": is_mapping,
    "data-record": is_text,
    "format": is_mapping,
    "quarto-required": is_text,
}
FORMAT: Mapping[str, Mapping[str, Check]] = {
    "html": {
        **DOCUMENT,
        "minimal": only(True),
        "theme": only("none"),
        "template": is_text,
        "css": several(is_text),
        "embed-resources": only(True),
        "include-in-header": several(is_text),
        "fig-format": only("svg", "png"),
        "fig-dpi": is_count,
    },
    "typst": {
        **DOCUMENT,
        "template-partials": several(is_text),
        "pdf-standard": several(is_text),
        "font-paths": several(is_text),
        "papersize": is_text,
        "page-numbering": is_text,
        "fig-format": only("svg", "png"),
        "fig-dpi": is_count,
    },
    "docx": {**DOCUMENT, "reference-doc": is_text, "fig-format": only("png"), "fig-dpi": is_count},
    "jats": {**DOCUMENT, "template": is_text, "fig-format": only("png"), "fig-dpi": is_count},
}
CHUNK: Mapping[str, Check] = {
    "label": is_text,
    "include": is_bool,
    "echo": only(False),
    "eval": is_bool,
    "output": only(True, False, "asis"),
    "warning": is_bool,
    "fig-cap": is_text,
    "fig-alt": is_text,
    "tbl-cap": is_text,
}
AFFILIATION: Mapping[str, Check] = dict.fromkeys(
    "id name ref department group address city region state country postal-code url isni ringgold "
    "ror".split(),
    is_text,
)
AUTHOR: Mapping[str, Check] = {
    **dict.fromkeys("id url email orcid fax phone acknowledgements note".split(), is_text),
    **dict.fromkeys("corresponding equal-contributor deceased".split(), is_bool),
    **dict.fromkeys("degrees".split(), several(is_text)),
    "name": lambda value: None,
    "roles": lambda value: None,
    "role": lambda value: None,
    "affiliations": lambda value: None,
    "affiliation": lambda value: None,
}
NAME: Mapping[str, Check] = dict.fromkeys(("given", "family", "literal"), is_text)


def check_keys(marked: Marked, path: Steps, keys: Mapping[str, Check], kind: str = "key") -> None:
    """Refuse, by name and line, unknown keys of the mapping at `path` and values unfit for one."""
    value = marked.value
    for step in path:
        value = value[step]
    if not isinstance(value, dict):
        place = marked.place(path)
        raise refuse(place, f"a mapping of keys to values is wanted, not {value!r}")
    run_all(
        functools.partial(_check_key, marked.place((*path, key)), key, item, keys, kind)
        for key, item in value.items()
    )


def _check_key(place: str, key: str, item: Any, keys: Mapping[str, Check], kind: str) -> None:
    if key not in keys:
        raise unknown(place, kind, key, keys)
    wanted = keys[key](item)
    if wanted:
        raise refuse(place, f"{key}: {_shown(item)}: {wanted}")


def unknown(place: str, kind: str, name: str, known: Mapping[str, Any]) -> PressError:
    """The error for a name nobody knows, with the nearest known one."""
    near = difflib.get_close_matches(name, list(known), n=1)
    hint = f"did you mean {near[0]}?" if near else f"supported are {', '.join(known)}"
    homes = [form for form, keys in FORMAT.items() if kind == "key" and name in keys]
    if homes:
        hint = f"it belongs under format: {' or '.join(homes)}"
    return refuse(place, f"unknown {kind} {name}; {hint}")


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
