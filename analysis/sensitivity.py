"""A cohort in, its main analyses under other rules out: the visit window, who is in, the scale."""

from dataclasses import dataclass, replace

import numpy as np

from analysis.cohort import MEASURES, Cohort, build_cohort
from analysis.paired import PairedRatio, PairedT, paired_ratio, paired_t

NARROWER_WINDOW_DAYS, WIDER_WINDOW_DAYS = 30, 60


@dataclass(frozen=True)
class MainChanges:
    """The change of strength (mean difference, points) and of CK (geometric mean ratio)."""

    strength: PairedT
    ck: PairedRatio


@dataclass(frozen=True)
class Sensitivity:
    """The main analyses with a narrower and a wider follow-up window, and of complete cases.

    Complete cases have every one of `MEASURES` at both visits. `ck_u_l` is the change in CK as a
    difference in U/L. `run_in` is the change of strength from the last visit before the baseline
    window to baseline, `from_earlier` that from the same visit to follow-up: how far patients were
    on their way down, and how far up from where they came; `prednisone_run_in` is the dose over the
    first of these times. `last` and `prednisone_last` lead from baseline to the last value that is
    recorded after the first infusion. `n_same_narrower` and `n_same_wider` are the patients whose
    follow-up visit is the same one, or is missing, with another window.
    """

    narrower: MainChanges
    wider: MainChanges
    complete_cases: MainChanges
    ck_u_l: PairedT
    run_in: PairedT
    from_earlier: PairedT
    prednisone_run_in: PairedT
    last: PairedT
    prednisone_last: PairedT
    n_same_narrower: int
    n_same_wider: int


def sensitivity(cohort: Cohort) -> Sensitivity:
    """The sensitivity analyses of `cohort` that need other visits, patients or scales."""
    windows = (
        replace(cohort.rules, follow_up_window_days=days)
        for days in (NARROWER_WINDOW_DAYS, WIDER_WINDOW_DAYS)
    )
    narrower, wider = (build_cohort(cohort.study, rules) for rules in windows)
    strength, prednisone = cohort.before("mrc_sum_score"), cohort.before("prednisone_mg_day")
    return Sensitivity(
        narrower=_changes(narrower),
        wider=_changes(wider),
        complete_cases=_changes(cohort, is_kept=_is_complete(cohort)),
        ck_u_l=paired_t(before=cohort.before("ck_u_l"), after=cohort.after("ck_u_l")),
        run_in=paired_t(before=_earlier(cohort, "mrc_sum_score"), after=strength),
        from_earlier=paired_t(
            before=_earlier(cohort, "mrc_sum_score"), after=cohort.after("mrc_sum_score")
        ),
        prednisone_run_in=paired_t(before=_earlier(cohort, "prednisone_mg_day"), after=prednisone),
        last=paired_t(before=strength, after=_last(cohort, "mrc_sum_score")),
        prednisone_last=paired_t(before=prednisone, after=_last(cohort, "prednisone_mg_day")),
        n_same_narrower=_n_same(cohort, narrower),
        n_same_wider=_n_same(cohort, wider),
    )


def raised_before_baseline(cohort: Cohort) -> int:
    """How many were on more prednisone at baseline than at the last visit before its window."""
    return int((cohort.before("prednisone_mg_day") > _earlier(cohort, "prednisone_mg_day")).sum())


def _earlier(cohort: Cohort, measure: str) -> np.ndarray:
    """`measure` at the last visit before the baseline window, NaN where there is none."""
    visits = cohort.visits
    before = visits[visits["visit_day"] < cohort.rules.baseline_earliest_day]
    last = before.groupby("patient").tail(1).set_index("patient")[measure]
    return cohort.patients["patient"].map(last).to_numpy(float)


def _last(cohort: Cohort, measure: str) -> np.ndarray:
    """The last known `measure` after the first infusion, NaN where there is none."""
    visits = cohort.visits
    known = visits[(visits["visit_day"] > 0) & visits[measure].notna()]
    last = known.groupby("patient").tail(1).set_index("patient")[measure]
    return cohort.patients["patient"].map(last).to_numpy(float)


def _n_same(cohort: Cohort, other: Cohort) -> int:
    days = [of.patients["follow_up_day"].to_numpy(float) for of in (cohort, other)]
    return int(np.isclose(days[0], days[1], equal_nan=True).sum())


def _is_complete(cohort: Cohort) -> np.ndarray:
    values = [moment(measure) for measure in MEASURES for moment in (cohort.before, cohort.after)]
    return ~np.isnan(np.column_stack(values)).any(axis=1)


def _changes(cohort: Cohort, is_kept: np.ndarray | None = None) -> MainChanges:
    kept = slice(None) if is_kept is None else is_kept
    return MainChanges(
        strength=paired_t(
            before=cohort.before("mrc_sum_score")[kept], after=cohort.after("mrc_sum_score")[kept]
        ),
        ck=paired_ratio(before=cohort.before("ck_u_l")[kept], after=cohort.after("ck_u_l")[kept]),
    )
