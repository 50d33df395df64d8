"""Results in, the receipts of what the cycles say out: slopes, loss of response, false losses."""

from functools import partial

from analysis import response, rounding
from analysis.cycles import DRAWS, ERROR_SDS_POINTS, FALLS_POINTS, FEWEST_DRAWS, Loss, loss
from analysis.describe import summary
from analysis.ledger import Ledger
from analysis.results import Results, compute


def enter_all(ledger: Ledger, results: Results) -> None:
    """Enter the slope over patients, the losses of response and the rate of false ones."""
    _response(ledger, results)
    _course(ledger, results)
    _falls(ledger, results.loss)
    _false_losses(ledger, results.loss)


def _response(ledger: Ledger, results: Results) -> None:
    loss, slope = results.loss, results.slope
    method = "one least-squares slope a patient, then a one-sample t-test"
    ledger.paired(
        "slope.change",
        slope,
        2,
        unit="points per cycle",
        method=method,
        function=response.slopes_summary,
    )
    n = len(loss.by_patient)
    ledger.enter(
        "loss.judged.n",
        loss.lost.n,
        str(loss.lost.n),
        unit="patients",
        n=n,
        n_missing=n - loss.lost.n,
        method="patients in whom loss of response can be judged",
        function=compute,
    )
    method = "patients with a loss of response"
    ledger.proportion("loss.lost", loss.lost, method=method, function=compute)
    ledger.summary("loss.cycle", loss.cycle, None, unit="cycle", only="median minimum maximum")
    against = "cycle of loss minus the mean of earlier cycles, paired t-test"
    before = "cycle before the loss minus the mean of earlier cycles, paired t-test"
    ledger.paired("loss.dose_change", loss.dose_change_g_kg, 2, unit="g/kg", method=before)
    ledger.paired("loss.interval_change", loss.interval_change_days, 0, unit="days", method=against)
    prednisone = loss.prednisone_change_mg_day
    ledger.paired("loss.prednisone_change", prednisone, 1, unit="mg/day", method=against)


def name_of(points: float) -> str:
    """A number of points in an id: 1.5 is "1_5"."""
    return f"{points:g}".replace(".", "_")


def _course(ledger: Ledger, results: Results) -> None:
    of, n = results.loss, results.loss.lost.n
    ledger.paired(
        "slope.later",
        results.later_slope,
        2,
        unit="points per cycle",
        method="the same without cycle 1, before which nothing had been given",
        function=response.slopes_summary,
    )
    only = "median minimum maximum"
    ledger.summary("loss.day", of.day, 0, unit="days", only=only)
    below = summary([value for value in of.below_best.values() if value is not None])
    ledger.summary("loss.below_best", below, 0, unit="points", only=only)
    ledger.count(
        "loss.small_gain",
        of.n_small_gain,
        of=n,
        method="judged patients whose best gain is smaller than the fall that is a loss",
        function=loss,
    )


def _falls(ledger: Ledger, of: Loss) -> None:
    for points in FALLS_POINTS:
        text = rounding.counted(points)
        id = f"rules.loss.fall_{name_of(points)}"
        ledger.rule(id, points, text, unit="points", function=response.loss_of_response)
    for one in of.at_falls:
        id = f"loss.fall_{name_of(one.points)}"
        method = f"patients with a loss of response, were it a fall of {one.points:g} points"
        ledger.proportion(id, one.lost, method=method, function=loss)
        ledger.summary(f"{id}.cycle", one.cycle, None, unit="cycle", only="median minimum maximum")


def _false_losses(ledger: Ledger, of: Loss) -> None:
    rule = partial(ledger.rule, function=response.false_loss_rate)
    rule("rules.false_loss.draws", DRAWS, str(DRAWS), unit="courses")
    rule("rules.false_loss.fewest", FEWEST_DRAWS, str(FEWEST_DRAWS), unit="courses")
    for sd in ERROR_SDS_POINTS:
        rule(f"rules.false_loss.sd_{name_of(sd)}", sd, rounding.counted(sd), unit="points")
    for one in of.by_chance:
        percentage = None if one.share is None else 100 * one.share
        ledger.enter(
            f"loss.false.sd_{name_of(one.error_sd_points)}",
            percentage,
            rounding.percent(one.share),
            unit="%",
            n=one.n,
            method="random draws of courses without a loss in which the definition finds one",
            function=loss,
        )
