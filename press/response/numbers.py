"""Two texts of results.json in; a number with what it was before, in words, out."""

from __future__ import annotations

from press.response.passages import NotFoundError
from press.response.reviews import nearest
from press.results import Receipt, read_results

_ARROW = "\u2192"
_SPACE = "\u00a0"


class Receipts:
    """The receipts of two versions by id."""

    def __init__(self, old: str, new: str) -> None:
        """Read both files."""
        self.old = read_results(old.encode(), "the last version").receipts
        self.new = read_results(new.encode(), "the new version").receipts


def say_number(receipts: Receipts, id: str) -> str:
    """`+8.0 → +7.4 points`, or the value and that it is unchanged; NotFoundError for no receipt."""
    before, now = receipts.old.get(id), receipts.new.get(id)
    if now is None:
        if before is None:
            hint = nearest(id, receipts.new.keys())
            hint = hint if hint.startswith("did") else "see results.json"
            raise NotFoundError(f"no receipt has the id {id}; {hint}")
        return f"{_with_unit(before)} (no longer reported)"
    if before is None:
        return f"{_with_unit(now)} (not reported before)"
    if (before.text, before.unit) != (now.text, now.unit):
        first = before.text if before.unit == now.unit else _with_unit(before)
        return f"{first} {_ARROW} {_with_unit(now)}"
    is_same = before.value == now.value
    return f"{_with_unit(now)} ({'unchanged' if is_same else 'unchanged as reported'})"


def _with_unit(receipt: Receipt) -> str:
    """The text and its unit; a text that brings its unit, or needs none, stays as it is."""
    text, unit = receipt.text, receipt.unit
    if unit in ("1", "") or text.endswith(unit) or not any(map(str.isdigit, text)):
        return text
    is_one = text == "1" and unit.endswith("s")
    return f"{text}{_SPACE}{unit.removesuffix('s') if is_one else unit}"
