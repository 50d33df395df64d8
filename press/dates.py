"""A text of somebody's file in; whether a calendar date stands in it, out."""

from __future__ import annotations

from press.cells import _DATE


def reads_as_date(text: str) -> bool:
    """Whether a calendar date stands in `text`."""
    return _DATE.search(text) is not None
