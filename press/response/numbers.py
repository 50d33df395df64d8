"""Two texts of results.json in; a number with what it was before, in words, out."""

from __future__ import annotations

import json
from typing import Any

from press.response.passages import NotFoundError
from press.response.reviews import nearest

_ARROW = "\u2192"
_SPACE = "\u00a0"


class Receipts:
    """The receipts of two versions by id."""

    def __init__(self, old: str, new: str) -> None:
        """Read the lines of both files."""
        self.old, self.new = _read(old), _read(new)


def _read(text: str) -> dict[str, dict[str, Any]]:
    lines = [json.loads(line) for line in text.splitlines() if line.strip()]
    return {line["id"]: line for line in lines if "id" in line}


def say_number(receipts: Receipts, id: str) -> str:
    """`+8.0 → +7.4 points`, or the value and that it is unchanged; NotFoundError for no receipt."""
    before, now = receipts.old.get(id), receipts.new.get(id)
    if before is None and now is None:
        hint = nearest(id, receipts.new)
        if not hint.startswith("did"):
            hint = "see results.json"
        raise NotFoundError(f"no receipt has the id {id}; {hint}")
    if now is None:
        return f"{_with_unit(before or {})} (no longer reported)"
    if before is None:
        return f"{_with_unit(now)} (not reported before)"
    if before["text"] != now["text"] or before.get("unit") != now.get("unit"):
        same_unit = before.get("unit") == now.get("unit")
        first = before["text"] if same_unit else _with_unit(before)
        return f"{first} {_ARROW} {_with_unit(now)}"
    is_same = before["value"] == now["value"]
    return f"{_with_unit(now)} ({'unchanged' if is_same else 'unchanged as reported'})"


def _with_unit(receipt: dict[str, Any]) -> str:
    """The text and its unit; a text that brings its unit, or needs none, stays as it is."""
    text, unit = str(receipt["text"]), str(receipt.get("unit", "1"))
    if unit in ("1", "") or text.endswith(unit) or not any(map(str.isdigit, text)):
        return text
    is_one = text == "1" and unit.endswith("s")
    return f"{text}{_SPACE}{unit.removesuffix('s') if is_one else unit}"
