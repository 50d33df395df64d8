"""Results in, the receipts of what the cycles say out: slopes, loss of response, false losses."""

from functools import partial

from analysis import response, rounding
from analysis.cycles import ERROR_SDS_POINTS, GAIN_POINTS, Loss
from analysis.ledger import Ledger
from analysis.results import Results, compute


def enter_all(ledger: Ledger, results: Results) -> None:
    """Enter the slope over patients, the losses of response and the rate of false ones."""
    _response(ledger, results)
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


def _false_losses(ledger: Ledger, of: Loss) -> None:
    gain = rounding.fixed(GAIN_POINTS, 0)
    rule = partial(ledger.rule, unit="points", function=response.false_loss_rate)
    rule("rules.false_loss.gain", GAIN_POINTS, gain)
    for sd in ERROR_SDS_POINTS:
        rule(f"rules.false_loss.sd_{sd}", sd, str(sd))
    for one in of.by_chance:
        percentage = None if one.share is None else 100 * one.share
        ledger.enter(
            f"loss.false.sd_{one.error_sd_points}",
            percentage,
            rounding.percent(one.share),
            unit="%",
            n=one.n,
            method="random draws of patients without a loss in whom the definition finds one",
            function=response.false_loss_rate,
        )
