"""Phrases in, the table of the published abstract as a witness out."""

from analysis.markdown import Markdown, escape, pipe_table
from analysis.witness import PUBLISHED
from analysis.wording import Say


def witness_table(say: Say) -> Markdown:
    """Each published fact, what these data say to it, and whether they agree."""
    rows = [
        [
            f"P{i}",
            escape(published),
            str(say[f"witness.p{i}"]),
            escape(str(say.receipts[f"witness.p{i}"].value)),
        ]
        for i, published in PUBLISHED.items()
    ]
    return pipe_table(
        rows, headers=["Fact", "Published", "These data", "Verdict"], alignments=["left"] * 4
    )
