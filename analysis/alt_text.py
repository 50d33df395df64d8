"""Receipts in, what a figure shows in words out, for readers who do not see it."""

from collections.abc import Mapping

from analysis import disclosure
from analysis.markdown import Markdown, span
from analysis.receipts import Receipt
from analysis.study import Study


class AltText:
    """The alternative texts of the four figures; the numbers are those of the receipts."""

    study: Study
    receipts: Mapping[str, Receipt]

    def _alt(self, text: str) -> Markdown:
        """An alternative text, which begins with the word that the data are simulated."""
        return Markdown(
            f"{disclosure.label(self.study)} {text}" if self.study.is_simulated else text
        )

    def _shown(self, id: str) -> str:
        return span(self.receipts[id].text, id)

    def _directions(self, id: str) -> str:
        higher, equal, lower = (
            self._shown(f"{id}.{word}.n") for word in ("higher", "equal", "lower")
        )
        return f"higher at follow-up in {higher}, equal in {equal} and lower in {lower}"

    @property
    def alt_paired_change(self) -> Markdown:
        """Strength and CK at baseline and follow-up."""
        return self._alt(
            "Two panels with a line for each patient from baseline to follow-up. "
            f"Left, the MRC sum score of {self._shown('strength.pairs.n')} patients: "
            f"{self._directions('strength')}; mean {self._shown('strength.before.mean')} and "
            f"{self._shown('strength.after.mean')} points. "
            f"Right, creatine kinase of {self._shown('ck.pairs.n')} patients as multiples of the "
            f"upper limit of normal: {self._directions('ck')}; median "
            f"{self._shown('ck.multiple.before.median')} and "
            f"{self._shown('ck.multiple.after.median')} times the limit."
        )

    @property
    def alt_time_courses(self) -> Markdown:
        """Strength and prednisone in time."""
        return self._alt(
            f"Strength and prednisone dose of {self._shown('cohort.treated.n')} patients over the "
            f"days since the first infusion. Prednisone was {self._directions('prednisone')}."
        )

    @property
    def alt_strength_by_cycle(self) -> Markdown:
        """Strength by cycle with the loss of response."""
        timing = ""
        if self.receipts["loss.cycle.median"].value is not None:
            timing = (
                f", between cycle {self._shown('loss.cycle.minimum')} and cycle "
                f"{self._shown('loss.cycle.maximum')}"
            )
        return self._alt(
            "Pre-infusion MRC sum score by cycle, a line for each patient. A loss of response is "
            f"marked in {self._shown('loss.lost.n')} of {self._shown('loss.judged.n')} patients"
            f"{timing}."
        )

    @property
    def alt_timeline(self) -> Markdown:
        """Cycles and adverse events in time."""
        return self._alt(
            f"A bar for each of {self._shown('cohort.treated.n')} patients from the first infusion "
            f"to the last record, with {self._shown('treatment.cycles.n')} cycles and "
            f"{self._shown('safety.events.n')} adverse events marked by grade."
        )
