"""Receipts in, phrases on the methods out: what a test or interval can show with these pairs."""

from analysis.markdown import Markdown
from analysis.numbers import Numbers
from analysis.rounding import NO_BREAK


class MethodPhrases(Numbers):
    """The phrases that depend on how many pairs there are and on which form of a test was used."""

    def p(self, id: str) -> Markdown:
        """ "*P* = 0.004", "*P* < 0.001" or "*P* not estimable"."""
        text = self.receipts[f"{id}.p_value"].text
        sign = f"={NO_BREAK}" if text[0].isdigit() else ""
        return Markdown(f"*P*{NO_BREAK}{sign}{self._number(f'{id}.p_value')}")

    def _is_exact(self, id: str) -> bool:
        return self.receipts[id].method.startswith("exact")

    @property
    def rank_floor(self) -> Markdown:
        """The smallest P the signed-rank test can reach with the pairs at hand."""
        if not self._is_exact("strength.rank.p_value"):
            return Markdown(
                "With so many pairs the normal approximation of the signed-rank test is used."
            )
        if not self._is_known("strength.rank.floor"):
            return Markdown("With no difference to rank, the signed-rank test gives no *P* value.")
        is_one = self.receipts["strength.rank.ranked.n"].value == 1
        differences = "difference that is" if is_one else "differences that are"
        return Markdown(
            f"With {self._number('strength.rank.ranked.n')} strength {differences} not zero, the "
            "smallest two-sided *P* value that the signed-rank test can give is "
            f"{self._number('strength.rank.floor')}."
        )

    def rank_test(self, id: str) -> Markdown:
        """ "The exact signed-rank test gave P = 0.031", or that there is none."""
        if not self._is_known(f"{id}.p_value"):
            return Markdown("Without a difference to rank there is no signed-rank test")
        kind = "exact" if self._is_exact(f"{id}.p_value") else "approximate"
        return Markdown(f"The {kind} signed-rank test gave {self.p(id)}")

    def form(self, id: str) -> Markdown:
        """ "exact", "normal approximation" or "none", of a test's P value."""
        if not self._is_known(f"{id}.p_value"):
            return Markdown("none")
        return Markdown("exact" if self._is_exact(f"{id}.p_value") else "normal approximation")

    @property
    def location_level(self) -> Markdown:
        """The level of the Hodges-Lehmann interval of strength, and where 95% cannot be had."""
        level, wanted = "strength.location.level", self._number("rules.confidence_level")
        ends = [self.receipts[f"strength.location.{end}"].value for end in ("ci_low", "ci_high")]
        if self._is_known(level) and ends[0] == ends[1]:
            return Markdown("With differences all alike there is no Hodges-Lehmann interval.")
        if not self._is_known(level):
            return Markdown("With fewer pairs than it needs, there is no Hodges-Lehmann interval.")
        pairs = self._number("strength.pairs.n")
        if float(str(self.receipts[level].value)) < float(
            str(self.receipts["rules.confidence_level"].value)
        ):
            return Markdown(
                f"With {pairs} pairs no Hodges-Lehmann interval attains {wanted}; the widest, from "
                f"the smallest to the largest difference, has {self._number(level)} and is given."
            )
        return Markdown(
            f"With {pairs} pairs the Hodges-Lehmann interval has a level of {self._number(level)}, "
            f"the lowest that can be attained of those not below {wanted}."
        )

    @property
    def detectable(self) -> Markdown:
        """What true change so many pairs can show, whatever was found in them."""
        if not self._is_known("strength.detectable"):
            return Markdown("With so few pairs a t-test can show no change, however large.")
        power, level = self._number("rules.power"), self._number("rules.significance_level")
        return Markdown(
            f"With {self._number('strength.pairs.n')} pairs, a two-sided t-test at the {level} "
            f"level finds a true mean change with {power} power from "
            f"{self._number('strength.detectable')} times the standard deviation of the "
            "differences on; smaller changes would often be missed."
        )
