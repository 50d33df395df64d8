"""The content of a results.json in; its receipts by id, or all that is wrong with it, out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from press.errors import PressError

SCHEMA_VERSION = 1
_MOST = 20
"""So many faults are told; a merge can leave hundreds, and one render mends them all."""
_TEXT, _COUNT, _VALUE = "a text", "a whole number", "a text, a number, true, false or null"
_WANTED = {
    "id": _TEXT,
    "value": _VALUE,
    "text": _TEXT,
    "unit": _TEXT,
    "n": _COUNT,
    "n_missing": _COUNT,
    "method": _TEXT,
}
_NAMES = {dict: "an object", list: "a list", str: _TEXT, bool: "true or false", type(None): "null"}

Value = float | int | str | None


@dataclass(frozen=True)
class Receipt:
    """One reported number, claim or verdict, as its line of results.json has it."""

    id: str
    value: Value
    text: str
    unit: str
    n: int
    n_missing: int
    method: str

    @property
    def number(self) -> float | None:
        """The value where it is a number; None where it is a text or nothing could be estimated."""
        return float(self.value) if isinstance(self.value, int | float) else None


Receipts = Mapping[str, Receipt]


@dataclass(frozen=True)
class Results:
    """A results.json: its receipts by id, and the data they are of."""

    receipts: Receipts
    data_version: str
    data_hash: str


def read_results(content: bytes | None, place: str) -> Results:
    """The receipts of a results.json; raises PressError with the version (`place`) and remedy."""
    if content is None:
        raise PressError(f"{place} has no results.json; press render writes it")
    try:
        lines = enumerate(content.decode("utf-8-sig").split("\n"), 1)
    except UnicodeDecodeError:
        said = "UTF-8 is wanted and this is not; write the file with press render"
        raise PressError(f"results.json of {place}: {said}") from None
    numbered = [(number, line) for number, line in lines if line.strip()]
    header = _header(numbered[:1], place)
    receipts: dict[str, Receipt] = {}
    faults = list(_read(numbered[1:], receipts))
    if faults:
        raise _refusal(faults, place)
    return Results(receipts, str(header.get("data_version")), str(header.get("data_hash")))


def _header(first: list[tuple[int, str]], place: str) -> dict[str, Any]:
    """The first line; the version it names goes before anything that may be wrong below it."""
    header: dict[str, Any] = {}
    for number, line in first:
        try:
            header = _object(line)
        except ValueError as error:
            raise _refusal([(number, str(error))], place) from None
    version = header.get("schema_version")
    if version != SCHEMA_VERSION:
        said = f"schema version {version}" if isinstance(version, int) else "no schema version"
        raise PressError(
            f"results.json of {place} has {said} where this press reads {SCHEMA_VERSION}; compare "
            "with the press of that version, or render that version anew"
        )
    return header


def _read(
    numbered: list[tuple[int, str]], receipts: dict[str, Receipt]
) -> Iterator[tuple[int, str]]:
    """Fill in the receipts; the faults with their lines."""
    at: dict[str, int] = {}
    for number, line in numbered:
        try:
            receipt = _receipt(_object(line))
        except ValueError as error:
            yield number, str(error)
            continue
        first = at.setdefault(receipt.id, number)
        if first != number:
            yield number, f"an id is wanted once, and {receipt.id} is in line {first} already"
        receipts[receipt.id] = receipt


def _object(line: str) -> dict[str, Any]:
    """The object that a line is; raises ValueError with what it is instead, in no words of it."""
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"this is not JSON: {error.msg}") from None
    if not isinstance(record, dict):
        raise ValueError(f"an object is wanted, not {_name(record)}")
    return record


def _receipt(record: dict[str, Any]) -> Receipt:
    """The receipt that an object is; raises ValueError with every key that is not as it should."""
    missing = [f"{key} is missing" for key in _WANTED if key not in record]
    wrong = [
        f"{key} is {_name(record[key])} where {wanted} is wanted"
        for key, wanted in _WANTED.items()
        if key in record and not _is(record[key], wanted)
    ]
    if missing or wrong:
        raise ValueError(", ".join(missing + wrong))
    return Receipt(**{key: record[key] for key in _WANTED})


def _is(value: Any, wanted: str) -> bool:
    """Whether a value is what is wanted; a number that is none (NaN) or has no end is not."""
    if isinstance(value, str) or value is None:
        return wanted == _VALUE or (wanted == _TEXT and value is not None)
    if isinstance(value, bool):
        return wanted == _VALUE
    if not isinstance(value, int | float):
        return False
    if wanted == _COUNT:
        return isinstance(value, int)
    return wanted == _VALUE and abs(value) <= sys.float_info.max


def _name(value: Any) -> str:
    """What a value is, in words that do not show it."""
    is_odd = isinstance(value, float) and not abs(value) <= sys.float_info.max
    return _NAMES.get(type(value), "no finite number" if is_odd else "a number")


def _refusal(faults: list[tuple[int, str]], place: str) -> PressError:
    """One sentence a fault."""
    said = [
        f"results.json:{number} of {place}: {fault}; write the file with press render"
        for number, fault in faults[:_MOST]
    ]
    more = len(faults) - _MOST
    return PressError("\n".join([*said, *([f"and {more} more"] if more > 0 else [])]))
