"""The receipts of two results.json in; the claims and verdicts that changed out, with wordings.

A claim is a receipt whose value is the state of the data and whose text is the sentence approved
for it; a verdict says in the same way what a published fact is by these data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from press.check import STATES
from press.compare.receipts import Changed, Receipt, Receipts

_STANDS = re.compile(r"without any one patient: ([^;]+)$")


@dataclass(frozen=True)
class ClaimChange:
    """One claim in its old and its new state."""

    old: Receipt
    new: Receipt

    @property
    def id(self) -> str:
        """Their common id."""
        return self.new.id

    @property
    def is_turned(self) -> bool:
        """Whether the answer of the data is another one."""
        return self.old.value != self.new.value
