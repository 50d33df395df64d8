"""A data folder in, everything the manuscript shows out. The manuscript imports only this."""

import os
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from analysis import disclosure, tables, tables_listed, tables_sensitivity, tables_witness
from analysis.claimed import claim_receipts, judge
from analysis.cohort import build_cohort
from analysis.markdown import Markdown
from analysis.provenance import provenance
from analysis.receipts import results_json
from analysis.reported import report
from analysis.results import Results, compute
from analysis.validate import read_study
from analysis.witness import witness_receipts
from analysis.wording import Say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHIPPED_DATA = Path(__file__).resolve().parent.parent / "data"


def data_folder() -> Path:
    """The folder of the data package: that of the variable STUDY_DATA, else `data/`."""
    return Path(os.environ.get("STUDY_DATA") or SHIPPED_DATA).resolve()


@cache
def open_article() -> "Article":
    """The article of the data folder, computed once a process."""
    return Article(compute(build_cohort(read_study(data_folder()))))


def _figures() -> ModuleType:
    """The figures, loaded when one is drawn: matplotlib is half of what is loaded otherwise."""
    from analysis import figures

    return figures


@dataclass(frozen=True)
class Article:
    """What the manuscript's inline code and chunks show of `results`."""

    results: Results

    @cached_property
    def say(self) -> Say:
        """The phrases of the prose, the claims of claims.yml among them."""
        study = self.results.cohort.study
        receipts = {**report(self.results), **witness_receipts(self.results)}
        claims = judge(self.results, Say(study, receipts))
        sentences = {id: claim.shown for id, claim in claims.items()}
        return Say(study, {**receipts, **claim_receipts(claims)}, sentences)

    @property
    def results_json(self) -> str:
        """The text of results.json."""
        study = self.results.cohort.study
        receipts = self.say.receipts.values()
        return results_json(receipts, data_version=study.version, data_hash=study.data_hash)

    @property
    def notice(self) -> Markdown:
        """Notice and byline for the title block."""
        return Markdown(disclosure.title_block(self.results.cohort.study))

    @property
    def provenance(self) -> Markdown:
        """Where each number comes from, for the web page."""
        return provenance(self.say.receipts, self.results.cohort.study)

    @property
    def table_cohort(self) -> Markdown:
        """The cohort at baseline."""
        return tables.cohort_table(self.say)

    @property
    def table_patients(self) -> Markdown:
        """The patients, singly or by diagnosis."""
        return tables.patients_table(self.results, self.say)

    @property
    def table_outcomes(self) -> Markdown:
        """Outcomes at baseline and follow-up."""
        return tables.outcomes_table(self.say)

    @property
    def table_safety(self) -> Markdown:
        """Adverse events."""
        return tables.safety_table(self.results, self.say)

    @property
    def table_sensitivity(self) -> Markdown:
        """The main analyses by other rules, estimators and sets of patients."""
        return tables_sensitivity.sensitivity_table(self.results, self.say)

    @property
    def table_tests(self) -> Markdown:
        """P values by every test."""
        return tables_sensitivity.tests_table(self.say)

    @property
    def table_sizes(self) -> Markdown:
        """Standardised changes."""
        return tables_sensitivity.sizes_table(self.say)

    @property
    def table_false_losses(self) -> Markdown:
        """How often the definition finds a loss where there is none."""
        return tables_sensitivity.false_losses_table(self.say)

    @property
    def table_falls(self) -> Markdown:
        """Loss of response by the fall that counts as one."""
        return tables_sensitivity.falls_table(self.say)

    @property
    def table_safety_intervals(self) -> Markdown:
        """Adverse events by patient with intervals."""
        return tables_sensitivity.safety_intervals_table(self.results, self.say)

    @property
    def table_visits(self) -> Markdown:
        """The patients at both visits."""
        return tables_listed.visits_table(self.results, self.say)

    @property
    def table_cycles(self) -> Markdown:
        """The patients over the cycles."""
        return tables_listed.cycles_table(self.results, self.say)

    @property
    def table_dictionary(self) -> Markdown:
        """The fields of the raw tables."""
        return tables_listed.dictionary_table(self.results)

    @property
    def table_witness(self) -> Markdown:
        """The published abstract as a witness."""
        return tables_witness.witness_table(self.say)

    @property
    def figure_paired_change(self) -> "Figure":
        """Strength and CK at baseline and follow-up."""
        strength, ck = self.results.strength.change, self.results.ck.change
        return _figures().paired_change(self.results.cohort, strength=strength, ck=ck)

    @property
    def figure_time_courses(self) -> "Figure":
        """Strength and prednisone in time."""
        return _figures().time_courses(self.results.cohort)

    @property
    def figure_strength_by_cycle(self) -> "Figure":
        """Strength by cycle with the loss of response."""
        return _figures().strength_by_cycle(self.results.cohort, self.results.loss.cycles)

    @property
    def figure_timeline(self) -> "Figure":
        """Cycles and adverse events in time."""
        return _figures().timeline(self.results.cohort, self.results.loss.cycles)

    @property
    def figure_differences(self) -> "Figure":
        """The individual changes in strength and CK."""
        strength, ck = self.results.strength.change, self.results.ck.change
        return _figures().differences(self.results.cohort, strength, ck)

    @property
    def figure_sensitivity(self) -> "Figure":
        """The main analyses by other rules, estimators and sets of patients."""
        return _figures().sensitivity(self.results)

    @property
    def figure_treatment(self) -> "Figure":
        """Dose and interval by cycle."""
        return _figures().treatment_by_cycle(self.results.cohort, self.results.loss.cycles)
