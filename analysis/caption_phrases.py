"""Receipts in, phrases of captions out: what a table or figure shows, by the size of the cohort."""

from analysis.markdown import NOTHING, Markdown
from analysis.numbers import Numbers


class CaptionPhrases(Numbers):
    """Phrases that differ where patients are listed one by one and where they are too many."""

    @property
    def _is_listed(self) -> bool:
        return not any(id.startswith("group.") for id in self.receipts)

    @property
    def lines(self) -> Markdown:
        """What the lines of a figure are; patients have numbers where they are listed."""
        numbered = ", numbered as in the table of the patients" if self._is_listed else ""
        return Markdown(f"a line for each patient{numbered}")

    @property
    def leaders(self) -> Markdown:
        """What the thin lines beside the last scores are, where patients have numbers."""
        if not self._is_listed:
            return Markdown(NOTHING)
        return Markdown("Thin grey lines lead from the last score to the patient's number.")

    @property
    def area_of_marks(self) -> Markdown:
        """What the size of a mark says, where one mark stands for several patients."""
        if self._is_listed:
            return Markdown(NOTHING)
        return Markdown("The area of a mark grows with the number of patients.")

    @property
    def range_of_left_out(self) -> Markdown:
        """How a figure shows the patients left out in turn, where it has no row for each."""
        if self._is_listed:
            return Markdown(NOTHING)
        return Markdown(", and the range of the estimates with each patient left out in turn")

    @property
    def caption_patients(self) -> Markdown:
        """The caption of the table of patients, or of diagnoses in a large cohort."""
        units = (
            "MRC, Medical Research Council sum score; CK, creatine kinase in multiples of the "
            "patient's upper limit of normal; prednisone in mg/day; arrows lead from baseline to "
            "follow-up. PM, polymyositis; DM, dermatomyositis; IBM, inclusion body myositis. Loss, "
            "the cycle at which the response was lost (not estimable: it cannot be judged)."
        )
        if self._is_listed:
            return Markdown(f"The patients. {units}")
        limit = self._number("rules.listed_patients")
        return Markdown(
            f"The patients by diagnosis; cohorts of more than {limit} are not listed singly. "
            f"Means, and medians for cycles and CK. {units} n, patients with both values. "
            "For groups, the patients who lost it of those in whom it can be judged."
        )
