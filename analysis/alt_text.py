"""Receipts in, what a figure shows in words out, for readers who do not see it."""

from analysis import disclosure
from analysis.markdown import Markdown
from analysis.numbers import Numbers


class AltText(Numbers):
    """The alternative texts of the figures; the numbers are those of the receipts."""

    def _alt(self, text: str) -> Markdown:
        """An alternative text, which begins with the word that the data are simulated."""
        return Markdown(
            f"{disclosure.label(self.study)} {text}" if self.study.is_simulated else text
        )

    def _patients(self, id: str) -> str:
        return f"{self._number(id)} {'patient' if self.receipts[id].value == 1 else 'patients'}"

    def _directions(self, id: str) -> str:
        higher, equal, lower = (
            self._number(f"{id}.{word}.n") for word in ("higher", "equal", "lower")
        )
        return f"higher at follow-up in {higher}, equal in {equal} and lower in {lower}"

    @property
    def alt_paired_change(self) -> Markdown:
        """Strength and CK at baseline and follow-up."""
        return self._alt(
            "Two panels with a line for each patient from baseline to follow-up. "
            f"Left, the MRC sum score of {self._patients('strength.pairs.n')}: "
            f"{self._directions('strength')}; mean {self._number('strength.before.mean')} and "
            f"{self._number('strength.after.mean')} points. "
            f"Right, creatine kinase of {self._patients('ck.pairs.n')} as multiples of the "
            f"upper limit of normal: {self._directions('ck')}; median "
            f"{self._number('ck.multiple.before.median')} and "
            f"{self._number('ck.multiple.after.median')} times the limit."
        )

    @property
    def alt_time_courses(self) -> Markdown:
        """Strength and prednisone in time."""
        return self._alt(
            f"Strength and prednisone dose of {self._patients('cohort.treated.n')} over the "
            f"days since the first infusion. Mean strength was "
            f"{self._number('strength.before.mean')} points at baseline and "
            f"{self._number('strength.after.mean')} at follow-up; the last score recorded differed "
            f"from baseline by {self._number('strength.last.mean')} points on average. Prednisone "
            f"was {self._directions('prednisone')}; the last dose differed from that at baseline "
            f"by {self._number('prednisone.last.mean')} mg/day on average."
        )

    @property
    def alt_strength_by_cycle(self) -> Markdown:
        """Strength by cycle with the loss of response."""
        timing = ""
        if self.receipts["loss.cycle.median"].value is not None:
            timing = (
                f", from cycle {self._number('loss.cycle.minimum')} to cycle "
                f"{self._number('loss.cycle.maximum')}"
            )
        return self._alt(
            "Pre-infusion MRC sum score by cycle, a line for each patient. A loss of response is "
            f"marked in {self._number('loss.lost.n')} of {self._patients('loss.judged.n')}"
            f"{timing}. The last score lies a median of "
            f"{self._number('loss.below_best.median')} points below the highest."
        )

    @property
    def alt_timeline(self) -> Markdown:
        """Cycles and adverse events in time."""
        return self._alt(
            f"A bar for each of {self._patients('cohort.treated.n')} from the first "
            f"infusion to the last record, with {self._number('treatment.cycles.n')} cycles and "
            f"{self._number('safety.events.n')} adverse events marked by grade."
        )

    @property
    def alt_differences(self) -> Markdown:
        """The distribution of the individual changes."""
        return self._alt(
            "Two panels with a mark for the change of each patient, and the mean change with its "
            f"interval. Left, strength of {self._patients('strength.pairs.n')}: mean "
            f"{self._number('strength.change.mean')} points. Right, CK of "
            f"{self._patients('ck.pairs.n')} as a ratio on a logarithmic axis: geometric "
            f"mean {self._number('ck.ratio.mean')}."
        )

    @property
    def alt_sensitivity(self) -> Markdown:
        """The forest plot of the sensitivity analyses."""
        return self._alt(
            "Two panels with a row for each analysis: its estimate and interval beside no change. "
            f"Left, strength: {self._number('strength.change.mean')} points in the main analysis, "
            f"from {self._number('strength.left_out.minimum')} to "
            f"{self._number('strength.left_out.maximum')} with each patient left out in turn. "
            f"Right, the CK ratio: {self._number('ck.ratio.mean')}, from "
            f"{self._number('ck.left_out.minimum')} to {self._number('ck.left_out.maximum')}."
        )

    @property
    def alt_treatment(self) -> Markdown:
        """Dose and interval by cycle."""
        return self._alt(
            "Dose of IVIg and interval since the previous cycle by cycle, a line for each of "
            f"{self._patients('cohort.treated.n')}. Dose: "
            f"{self._number('treatment.dose_g_kg.minimum')} to "
            f"{self._number('treatment.dose_g_kg.maximum')} g/kg; interval: "
            f"{self._number('treatment.interval_days.minimum')} to "
            f"{self._number('treatment.interval_days.maximum')} days. A loss of response is marked "
            f"in {self._patients('loss.lost.n')}."
        )
