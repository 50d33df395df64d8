"""Comments in; those with a sign that no font of the PDF has, as faults, out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from press.config import Project, format_settings
from press.errors import Fault
from press.marked import Marked, as_list
from press.response.reviews import Comment

_MISSING = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_REMEDY = "name a folder with a font that has it as font-paths under typst in _quarto.yml"


def glyph_faults(project: Project, front: Marked, comments: Sequence[Comment]) -> Iterator[Fault]:
    """A fault for each comment that the PDF could not print letter for letter."""
    settings = format_settings(project, front).get("typst")
    if settings is None:
        return
    fonts = [str(project.root / name) for name in as_list(settings.get("font-paths"))]
    for comment in comments:
        text = "".join(comment.paragraphs)
        missing = [] if text.isascii() and text.isprintable() else _missing(text, fonts)
        if missing:
            signs = ", ".join(f"“{sign}”" for sign in missing)
            fault = f"{comment.tag} has {signs}, which no font of the PDF has"
            yield Fault(comment.place, f"{fault}; {_REMEDY}, or say in words what stands there")


def _missing(text: str, fonts: list[str]) -> list[str]:
    """The signs that typst finds in no font, each once."""
    import typst  # takes long to load

    signs = "".join(sorted(set(text))).replace("\\", "").replace('"', "")
    source: Any = f'#set document(title: "signs")\n#"{signs}"'.encode()
    try:
        typst.compile(
            source,  # its type stubs want bytes here and there, or text here and there
            font_paths=fonts, ignore_system_fonts=True, pdf_standards=["ua-1"],
        )  # fmt: skip
    except typst.TypstError as error:
        return list(dict.fromkeys(_MISSING.findall(str(error.diagnostic))))
    return []
