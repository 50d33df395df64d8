"""The receipts of two results.json in; the claims and verdicts that changed out, with wordings.

A claim is a receipt whose value is the answer of the data and whose text is the sentence approved
for that answer; a verdict says in the same form whether a published fact agrees with the data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from press.check import STATES
from press.compare.receipts import Changed, Flag, counts_of
from press.results import Receipt, Receipts

_STANDS = re.compile(r"(?:; )?without any one patient: ([^;]+)$")


@dataclass(frozen=True)
class Claims:
    """The claims and verdicts that differ; the value of each is its state, the text its wording.

    `turned` have another state, `reworded` another wording in the same state; `leaning` changed in
    whether they stand without any one patient, `grounds` in what they rest on: method, with the
    numbers in it, unit or n. Both may be among the others too. `flags` are those of an n.
    """

    turned: tuple[Changed, ...]
    reworded: tuple[Changed, ...]
    leaning: tuple[Changed, ...]
    grounds: tuple[Changed, ...]
    added: tuple[Receipt, ...]
    removed: tuple[Receipt, ...]
    flags: tuple[Flag, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything differs."""
        changed = self.turned, self.reworded, self.leaning, self.grounds
        return any((*changed, self.added, self.removed))


def split(receipts: Receipts) -> tuple[Receipts, Receipts]:
    """The numbers, then the claims and verdicts."""
    claims = {id: of for id, of in receipts.items() if any(re.fullmatch(p, id) for p in STATES)}
    return {id: of for id, of in receipts.items() if id not in claims}, claims


def compare_claims(old: Receipts, new: Receipts) -> Claims:
    """The claims and verdicts that differ, by id."""
    both = [Changed(old[id], new[id]) for id in sorted(old.keys() & new.keys(), key=_order)]
    return Claims(
        turned=tuple(change for change in both if change.is_moved),
        reworded=tuple(c for c in both if c.is_printed and not c.is_moved),
        leaning=tuple(c for c in both if stands(c.old) != stands(c.new)),
        grounds=tuple(c for c in map(_grounds, both) if _has_other_grounds(c)),
        added=tuple(new[id] for id in sorted(new.keys() - old.keys(), key=_order)),
        removed=tuple(old[id] for id in sorted(old.keys() - new.keys(), key=_order)),
        flags=tuple(flag for change in both for flag in counts_of(change)),
    )


def stands(claim: Receipt) -> str:
    """What its method says of it without any one patient; nothing where it says nothing."""
    found = _STANDS.search(claim.method)
    return found[1] if found else ""


def _grounds(change: Changed) -> Changed:
    """A claim without the part of its method that `stands` tells."""
    bare = (replace(of, method=_STANDS.sub("", of.method)) for of in (change.old, change.new))
    return Changed(*bare)


def _has_other_grounds(change: Changed) -> bool:
    old, new = ((of.method, of.unit, of.n, of.n_missing) for of in (change.old, change.new))
    return old != new


def _order(id: str) -> tuple[str, int]:
    """The second verdict before the tenth."""
    name = id.rstrip("0123456789")
    return name, int(id[len(name) :] or 0)
