"""Receipts in, the words every phrase is made of out: the spans that print single receipts."""

from collections.abc import Mapping

from analysis.markdown import Markdown, span
from analysis.receipts import Receipt
from analysis.study import Study


class Numbers:
    """The receipts of a study; `numbers["a.b"]` is the printed text of the receipt `a.b`."""

    study: Study
    receipts: Mapping[str, Receipt]

    def __getitem__(self, id: str) -> Markdown:
        """The number of one receipt."""
        return Markdown(self._number(id))

    def _number(self, id: str) -> str:
        return span(self.receipts[id].text, id)

    def _is_known(self, *ids: str) -> bool:
        return all(self.receipts[id].value is not None for id in ids)
