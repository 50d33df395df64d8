"""Prose in; an error naming the first construct of Quarto's that the engine does not support."""

from __future__ import annotations

import re

from press.errors import refuse

_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_ATTRIBUTES = re.compile(r"(?:^\s*:{3,}\s*|[\])`]|\$\$\s*)\{([^{}]*)\}|^#+\s.*?\{([^{}]*)\}\s*$")
_BARE_DIV = re.compile(r"^\s*:{3,}\s*([A-Za-z][\w-]*)\s*:*\s*$")
_TOKENS = (
    (r"\.callout-\S+", "callouts"),
    (r"\.panel-\S+", "panels and tabsets"),
    (r"\.content-(?:visible|hidden)", "conditional content"),
    (r"\.(?:column-\S+|aside|margin-\S+)", "column and margin placement"),
    (r"\.(?:cell|cell-\S+|hidden|landscape)(?=\s|$)", "Quarto's reserved classes"),
    (r"layout(?:-[a-z-]+)?=", "layouts"),
    (r"#eq-\S+", "numbered equations"),
    (r"#lst-\S+", "numbered listings"),
    (r"#(?:thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg)-\S+", "theorems"),
    (r"(?:fig|tbl)-(?:cap|subcap|pos|env|scap|link|align|cap-location)=", "float attributes"),
)
_REFERENCE = re.compile(r"(?<![\w`])@(eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg)-[\w-]+")


def check_prose(text: str, *, file: str, first_line: int) -> None:
    """Refuse, with its line, anything in the prose that Quarto would treat in its own way."""
    fence = ""
    for offset, line in enumerate(text.split("\n")):
        place = f"{file}:{first_line + offset}"
        if "{{<" in line:
            raise refuse(place, f"shortcodes are not supported: {line.strip()}")
        ticks = re.match(r"\s*(`{3,}|~{3,})", line)
        if ticks and not fence:
            fence = ticks[1]
        elif ticks and ticks[1].startswith(fence):
            fence = ""
        if fence:
            continue
        _check_line(line, place)


def _check_line(line: str, place: str) -> None:
    if re.search(r"`\{python\}", _CODE.sub(_blank_unless_inline, line)):
        raise refuse(place, f"inline code stands on one line as `{{python}} name`: {line.strip()}")
    for other in re.finditer(r"`\{(r|julia|ojs)\}", line):
        raise refuse(place, f"inline code in {other[1]} is not supported")
    bare = _CODE.sub("", line)
    attributes = [first or second for first, second in _ATTRIBUTES.findall(_CODE.sub("`", line))]
    single = _BARE_DIV.match(line)
    attributes += [f".{single[1]}"] if single else []
    for attribute in attributes:
        for pattern, name in _TOKENS:
            found = re.search(rf"(?:^|\s){pattern}", attribute)
            if found:
                raise refuse(place, f"{name} are not supported: {found[0].strip()}")
    reference = _REFERENCE.search(bare)
    if reference:
        raise refuse(place, f"references to @{reference[1]}- are not supported: {reference[0]}")


def _blank_unless_inline(match: re.Match[str]) -> str:
    whole = re.fullmatch(r"\{python\}[ \t][^`]+", match[2])
    return "" if len(match[1]) > 1 or whole else match[0]
