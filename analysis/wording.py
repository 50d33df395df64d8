"""Receipts in, the article's phrases out: every number a span that names its receipt.

A phrase is `Markdown` for inline code. Where a number cannot be estimated the phrase says so; a
phrase is never the empty string, since Quarto would print the code instead.
"""

import difflib
from collections.abc import Callable, Mapping

from analysis import disclosure
from analysis.alt_text import AltText
from analysis.caption_phrases import CaptionPhrases
from analysis.declarations import printed, read_declarations
from analysis.errors import WordingError
from analysis.markdown import NOTHING, Markdown
from analysis.method_phrases import MethodPhrases
from analysis.receipts import Receipt
from analysis.rounding import NO_BREAK
from analysis.study import Study


class Say(AltText, CaptionPhrases, MethodPhrases):
    """The phrases of the article. `say["a.b"]` is the printed text of the receipt `a.b`."""

    def __init__(
        self,
        study: Study,
        receipts: Mapping[str, Receipt],
        claims: Mapping[str, Callable[[], Markdown]] | None = None,
    ) -> None:
        """Phrase the `receipts` of `study`; `claims` are the guarded sentences, by id."""
        self.declarations = read_declarations()
        self.study = study
        self.receipts = receipts
        self.claims = claims or {}

    def claim(self, id: str) -> Markdown:
        """The sentence of claims.yml that the data support for the claim `id`."""
        if id not in self.claims:
            close = difflib.get_close_matches(id, self.claims, n=1)
            remedy = f'did you mean "{close[0]}"?' if close else "write it there"
            raise WordingError(f'claims.yml has no claim "{id}"; {remedy}')
        return self.claims[id]()

    def n(self, id: str) -> Markdown:
        """ "n = 3" of a count."""
        return Markdown(f"n{NO_BREAK}={NO_BREAK}{self._number(f'{id}.n')}")

    def of(self, part: str, whole: str) -> Markdown:
        """ "5 of 6"."""
        return Markdown(f"{self._number(part)} of {self._number(whole)}")

    def all_of(self, part: str, whole: str) -> Markdown:
        """ "all 6", "5 of 6" or "none of 6"; of one patient or none, "1 of 1" and "0 of 0"."""
        n, total = self.receipts[part].value, self.receipts[whole].value
        if total in (0, 1) or n not in (0, total):
            return self.of(part, whole)
        return Markdown(f"{'all' if n else 'none of'} {self._number(whole)}")

    def count(self, id: str, one: str, more: str) -> Markdown:
        """ "1 patient" or "6 patients"."""
        return Markdown(f"{self._number(id)} {one if self.receipts[id].value == 1 else more}")

    def direction(self, id: str) -> Markdown:
        """ "rose", "fell" or "did not clearly change", by the interval of a change."""
        receipt = self.receipts[f"{id}.mean"]
        no_effect = 1 if receipt.unit == "ratio" else 0
        low, high = (self.receipts[f"{id}.{end}"].value for end in ("ci_low", "ci_high"))
        if not isinstance(low, float) or not isinstance(high, float):
            return Markdown("could not be t-tested for a change")
        if low <= no_effect <= high:
            return Markdown("did not clearly change")
        return Markdown("rose" if low > no_effect else "fell")

    def share(self, id: str) -> Markdown:
        """ "5 (83%)" of a count."""
        return Markdown(f"{self._number(f'{id}.n')} ({self._number(f'{id}.percent')})")

    @property
    def years(self) -> Markdown:
        """ ", first treated with IVIg between 2004 and 2011", or "in 2007", or nothing."""
        first, last = "cohort.first_ivig_year.minimum", "cohort.first_ivig_year.maximum"
        if not self._is_known(first):
            return Markdown(NOTHING)
        treated = ", first treated with IVIg"
        if self.receipts[first].value == self.receipts[last].value:
            return Markdown(f"{treated} in {self._number(first)}")
        return Markdown(f"{treated} between {self._number(first)} and {self._number(last)}")

    def difference(self, id: str) -> Markdown:
        """ "+14.2 points (95% CI +9.8 to +18.6)"."""
        return Markdown(self._estimate(id, f" {self.receipts[f'{id}.mean'].unit}"))

    def ratio(self, id: str) -> Markdown:
        """ "0.35 (95% CI 0.25 to 0.49)"."""
        return Markdown(self._estimate(id, ""))

    def _estimate(self, id: str, unit: str) -> str:
        if not self._is_known(f"{id}.mean"):
            return self._number(f"{id}.mean")
        return f"{self._number(f'{id}.mean')}{unit} ({self._interval(id)})"

    def location(self, id: str) -> Markdown:
        """ "+8.0 points (96.875% CI +4.0 to +12.0)" of a Hodges-Lehmann estimate."""
        unit = self.receipts[f"{id}.estimate"].unit
        shown = self._number(f"{id}.estimate") + ("" if unit == "ratio" else f" {unit}")
        if not self._is_known(f"{id}.estimate"):
            return self[f"{id}.estimate"]
        if self.has_no_width(id):
            return Markdown(shown)
        limits = self._pair(f"{id}.ci_low", f"{id}.ci_high", "{0} to {1}")
        return Markdown(f"{shown} ({self._number(f'{id}.level')}{NO_BREAK}CI {limits})")

    def has_no_width(self, id: str) -> bool:
        """Whether an interval is missing or, between differences all alike, a single point."""
        low, high = (self.receipts[f"{id}.{end}"].value for end in ("ci_low", "ci_high"))
        return low is None or low == high

    def other_rules(self, id: str) -> Markdown:
        """The rules of the sensitivity analyses; leaving out IBM only where that leaves some."""
        rest, pairs = (self.receipts[f"{id}.{name}.n"].value for name in ("without_ibm", "pairs"))
        if isinstance(rest, int) and isinstance(pairs, int) and 0 < rest < pairs:
            return Markdown(
                "with another follow-up window, in complete cases and without inclusion body "
                "myositis"
            )
        return Markdown("with another follow-up window and in complete cases")

    def standing(self, id: str) -> Markdown:
        """Of a finding that is not known to stand without any one patient, why not."""
        if self.receipts[f"{id}.left_out.failing.n"].value:
            return Markdown("a finding that does not stand without every patient")
        return Markdown("a finding that cannot be tested without every patient")

    @property
    def loss_chance(self) -> Markdown:
        """How often error of measurement alone would meet the definition, after a semicolon."""
        if not self._is_known("loss.false.sd_1", "loss.false.sd_3"):
            return Markdown(NOTHING)
        return Markdown(
            f"; errors of measurement of {self._number('rules.false_loss.sd_1')} to "
            f"{self._number('rules.false_loss.sd_3')} points (standard deviation), a range assumed "
            f"and not known, would alone meet it in {self._number('loss.false.sd_1')} to "
            f"{self._number('loss.false.sd_3')} of such courses"
        )

    def interval(self, id: str) -> Markdown:
        """ "95% CI 54% to 100%"."""
        return Markdown(self._interval(id))

    def _interval(self, id: str) -> str:
        level = self._number("rules.confidence_level")
        if not self._is_known(f"{id}.ci_low", f"{id}.ci_high"):
            return f"{level}{NO_BREAK}CI {self._number(f'{id}.ci_low')}"
        return (
            f"{level}{NO_BREAK}CI {self._number(f'{id}.ci_low')} to {self._number(f'{id}.ci_high')}"
        )

    def mean_sd(self, id: str) -> Markdown:
        """ "34.2 (SD 8.1)", or that there is no mean."""
        if not self._is_known(f"{id}.mean"):
            return self[f"{id}.mean"]
        return Markdown(self._pair(f"{id}.mean", f"{id}.sd", "{0} (SD {1})"))

    def median_iqr(self, id: str) -> Markdown:
        """ "4.5 (IQR 3.0 to 6.1)", or that there is no median."""
        if not self._is_known(f"{id}.median"):
            return self[f"{id}.median"]
        quartiles = self._pair(f"{id}.q1", f"{id}.q3", "(IQR {0} to {1})")
        return Markdown(f"{self._number(f'{id}.median')} {quartiles}")

    def median_range(self, id: str) -> Markdown:
        """ "8 (range 6 to 12)", or "5" where smallest and largest are printed alike."""
        return Markdown(self._number(f"{id}.median") + self._extremes(id))

    def median_quantity(self, id: str) -> Markdown:
        """ "52 days (range 33 to 68)", the same with its unit."""
        if not self._is_known(f"{id}.median"):
            return self[f"{id}.median"]
        unit = self.receipts[f"{id}.median"].unit
        return Markdown(f"{self._number(f'{id}.median')}{NO_BREAK}{unit}{self._extremes(id)}")

    def _extremes(self, id: str) -> str:
        if self.receipts[f"{id}.minimum"].text == self.receipts[f"{id}.maximum"].text:
            return ""
        return " " + self._pair(f"{id}.minimum", f"{id}.maximum", "(range {0} to {1})")

    def range(self, id: str) -> Markdown:
        """ "4 to 6", or "5" where smallest and largest are printed alike."""
        low, high = f"{id}.minimum", f"{id}.maximum"
        if self.receipts[low].text == self.receipts[high].text:
            return Markdown(self._number(low))
        return Markdown(self._pair(low, high, "{0} to {1}"))

    def _pair(self, first: str, second: str, form: str) -> str:
        return form.format(self._number(first), self._number(second))

    @property
    def notice(self) -> Markdown:
        """That the data are simulated or unrecorded; nothing for a recorded, observed cut."""
        return Markdown(disclosure.sentence(self.study))

    @property
    def source(self) -> Markdown:
        """The same in a word or two, for captions."""
        return Markdown(disclosure.label(self.study))

    @property
    def about_the_data(self) -> Markdown:
        """Where the patients come from."""
        return Markdown(disclosure.origin(self.study))

    @property
    def assumptions(self) -> Markdown:
        """What the re-edition of a published abstract had to assume."""
        return Markdown(disclosure.assumptions(self.study))

    @property
    def in_these_patients(self) -> Markdown:
        """ "In this series", or of simulated patients that they are."""
        return Markdown(disclosure.in_these_patients(self.study))

    @property
    def construction(self) -> Markdown:
        """What agreement with the published abstract means."""
        return Markdown(disclosure.agreement(self.study))

    @property
    def provenance_note(self) -> Markdown:
        """What the data package says of where its rows come from, and what follows."""
        return Markdown(disclosure.provenance_note(self.study))

    @property
    def ethics(self) -> Markdown:
        """Ethics approval and consent."""
        return Markdown(disclosure.ethics(self.study, self.declarations))

    @property
    def data_availability(self) -> Markdown:
        """Where the data are, and which cut they are."""
        version = self._number("data.version")
        return Markdown(disclosure.availability(self.study, self.declarations, version))

    def declared(self, name: str) -> Markdown:
        """What declarations.yml says under `name`, or that it is to be completed."""
        return Markdown(printed(self.declarations[name]))

    @property
    def loss_timing(self) -> Markdown:
        """ ", at a median of cycle 8 (range 6 to 12)", ", at cycle 8", or nothing."""
        if not self._is_known("loss.cycle.median"):
            return Markdown(NOTHING)
        low, high = (self.receipts[f"loss.cycle.{end}"].text for end in ("minimum", "maximum"))
        timing = "at cycle" if low == high else "at a median of cycle"
        return Markdown(f", {timing} {self.median_range('loss.cycle')}")

    @property
    def loss_dose(self) -> Markdown:
        """What else changed at the loss, so that it cannot pass for the loss unseen."""
        if not self._is_known("loss.cycle.median"):
            return Markdown(
                "Without a loss of response there is no cycle at which to compare dose, interval "
                "and prednisone with earlier cycles."
            )
        return Markdown(
            f"The cycle of loss began {self._loss_day} day {self.median_range('loss.day')}. "
            "At that cycle, against the mean of each patient's earlier cycles, the "
            f"prednisone dose changed by {self._counted('loss.prednisone_change')}, and the "
            f"interval before it by {self._counted('loss.interval_change')}; the dose of IVIg "
            "before the loss, against the mean of the earlier ones, changed by "
            f"{self._counted('loss.dose_change')}."
        )

    @property
    def _loss_day(self) -> str:
        low, high = (self.receipts[f"loss.day.{end}"].text for end in ("minimum", "maximum"))
        return "on" if low == high else "at a median of"

    def _counted(self, id: str) -> str:
        return f"{self.difference(id)}, {self.n(id)}"
