"""Texts in, markdown out: escaping, and objects that inline code and chunks hand on as markdown."""

import re
from collections.abc import Sequence

from tabulate import tabulate

NOTHING = "[]{.nothing}"  # an empty span: Quarto prints the code of a result that is empty
WHITE_SPACE = re.compile(r"[ \t\r\n\f\v]+")  # a no-break space stays
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


class Markdown:
    """Markdown that Jupyter and Quarto show as it is, not escaped."""

    def __init__(self, text: str) -> None:
        """Hold `text`, which is markdown already."""
        self.text = text

    def __str__(self) -> str:
        """The markdown itself."""
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text


def escape(text: str) -> str:
    """`text` as markdown that shows exactly these characters, runs of white space as one space."""
    return PUNCTUATION.sub(r"\\\1", WHITE_SPACE.sub(" ", str(text).strip()))


def span(text: str, key: str) -> str:
    """A computed value: `text` escaped, in a span of class `value` with the receipt's id."""
    return f'[{escape(text)}]{{.value key="{key}"}}'


def pipe_table(
    rows: Sequence[Sequence[str]],
    *,
    headers: Sequence[str],
    alignments: Sequence[str],
) -> Markdown:
    """A pipe table of cells that are markdown already; `alignments` are left, right or center."""
    return Markdown(
        tabulate(
            rows,
            headers=headers,
            tablefmt="pipe",
            colalign=alignments,
            disable_numparse=True,
        )
        if rows
        else tabulate([["—"] * len(headers)], headers=headers, tablefmt="pipe", colalign=alignments)
    )
