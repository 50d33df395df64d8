"""What stands beside a loss of response, and how often one is found by chance."""

import pytest

from analysis.cycles import ERROR_SDS_POINTS, loss, slopes
from tests.analysis.cohorts import article_of, cohort_of, without_loss


def test_beside_the_loss_stand_the_earlier_cycles() -> None:
    """Interval and prednisone are of the cycle of loss, the dose of the cycle before it."""
    cohort = article_of(cohort_of(6)).results.cohort
    found = loss(cohort)
    for patient, verdict in found.by_patient.items():
        assert verdict.cycle is not None
        own = cohort.cycles[cohort.cycles["patient"] == patient].set_index("cycle")
        k = verdict.cycle
        for beside, column, at in (
            (found.dose_g_kg, "dose_g_kg", k - 1),
            (found.interval_days, "interval_days", k),
            (found.prednisone_mg_day, "prednisone_mg_day", k),
        ):
            earlier = [own[column][i] for i in range(1, at) if own[column][i] == own[column][i]]
            assert beside[patient].earlier == pytest.approx(sum(earlier) / len(earlier))
            assert beside[patient].at_loss == pytest.approx(own[column][at])
    change = found.interval_change_days
    differences = [b.at_loss - b.earlier for b in found.interval_days.values()]  # type: ignore[operator]
    assert change.estimate == pytest.approx(sum(differences) / len(differences))


def test_without_a_loss_nothing_stands_beside_it() -> None:
    """Nobody has a cycle of loss, and no change beside one."""
    found = loss(article_of(without_loss()).results.cohort)
    assert found.lost.events == 0
    assert not found.dose_g_kg
    assert found.dose_change_g_kg.estimate is None


def test_false_losses_grow_with_the_error_and_are_the_same_each_time() -> None:
    """A larger error of measurement gives more false losses; the simulation is seeded."""
    cohort = article_of(cohort_of(6)).results.cohort
    once, again = loss(cohort).by_chance, loss(cohort).by_chance
    assert once == again
    assert [each.error_sd_points for each in once] == list(ERROR_SDS_POINTS)
    shares = [each.share for each in once]
    assert None not in shares
    assert shares == sorted(shares, key=float)  # type: ignore[arg-type]
    assert {each.n for each in once} == {6}


def test_nobody_has_no_rate() -> None:
    """Without a patient in whom a loss can be judged there is no rate and no slope."""
    cohort = article_of(cohort_of(0)).results.cohort
    assert [each.share for each in loss(cohort).by_chance] == [None] * len(ERROR_SDS_POINTS)
    assert slopes(cohort) == {}
