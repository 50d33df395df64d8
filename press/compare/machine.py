"""A comparison in; its classes as one JSON object, with keys that stay, out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from press.compare.claims import stands
from press.compare.comparison import Comparison, Side
from press.compare.data import DataChange
from press.compare.documents import DocumentChange
from press.compare.figures import FigureChange
from press.compare.receipts import Changed
from press.compare.rendered import Rendered
from press.compare.shown import Shown
from press.results import Receipt

Json = dict[str, Any]


def to_json(comparison: Comparison) -> str:
    """The comparison as JSON; what could not be compared is null and named in `faults`."""
    numbers, claims = comparison.numbers, comparison.claims
    rendered = comparison.rendered or (None, None)
    record = {
        "status": comparison.status,
        "old": _side(comparison.old, rendered[0]),
        "new": _side(comparison.new, rendered[1]),
        "notes": list(comparison.notes),
        "faults": dict(comparison.faults),
        "data": comparison.data and _data(comparison.data),
        "numbers": numbers
        and {
            "moved": _changes(numbers.moved),
            "unprinted": _changes(numbers.unprinted),
            "reworded": _changes(numbers.reworded),
            "added": _receipts(numbers.added),
            "removed": _receipts(numbers.removed),
        },
        "flags": numbers and claims and [asdict(of) for of in (*numbers.flags, *claims.flags)],
        "claims": claims
        and {
            "turned": _changes(claims.turned),
            "reworded": _changes(claims.reworded),
            "leaning": [
                {"id": of.id, "old": stands(of.old), "new": stands(of.new)} for of in claims.leaning
            ],
            "grounds": _changes(claims.grounds),
            "added": _receipts(claims.added),
            "removed": _receipts(claims.removed),
        },
        "words": [_document(change) for change in comparison.documents],
        "figures": [_figure(change) for change in comparison.figures],
        "shown": {id: _places(places) for id, places in comparison.shown.items()},
    }
    return json.dumps(record, ensure_ascii=False, indent=1)


def _side(side: Side, rendered: Rendered | None) -> Json:
    return {
        "label": side.label,
        "commit": None if side.package else side.version.commit,
        "uncommitted_changes": side.version.is_dirty,
        "is_rendered": rendered is not None and rendered.folder is not None,
    }


def _data(data: DataChange) -> Json:
    return {
        "rows_shown": data.rows,
        "tables": [asdict(table) for table in data.tables],
        "schema": list(data.schema),
        "package": list(data.package),
        "notes": list(data.notes),
    }


def _changes(changes: Iterable[Changed]) -> list[Json]:
    return [
        {
            "id": change.id,
            "old": _receipt(change.old),
            "new": _receipt(change.new),
            "absolute": change.absolute,
            "relative": change.relative,
        }
        for change in changes
    ]


def _receipts(receipts: Iterable[Receipt]) -> list[Json]:
    return [asdict(receipt) for receipt in receipts]


def _receipt(receipt: Receipt) -> Json:
    return {name: value for name, value in asdict(receipt).items() if name != "id"}


def _document(change: DocumentChange) -> Json:
    done = change.redline
    return {
        "document": change.name,
        "is_in_both": change.words is not None,
        "blocks": {
            kind: {state.replace(" ", "_"): count for state, count in states.items()}
            for kind, states in change.counts.items()
        },
        "renumbered": list(change.words.renumbered) if change.words else [],
        "redline": done and {**asdict(done), "file": change.target and change.target.name},
    }


def _figure(change: FigureChange) -> Json:
    figure = change.figure
    return {
        "document": figure.document,
        "id": figure.target,
        "label": figure.label,
        "is_new": change.old is None,
        "is_gone": change.new is None,
        "changed": list(change.parts),
    }


def _places(places: Iterable[Shown]) -> list[Json]:
    return [asdict(place) for place in places]
