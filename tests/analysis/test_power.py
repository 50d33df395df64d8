"""The detectable change against simulation-free quadrature, R's power.t.test and known values."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gammainc, stdtrit

from analysis.power import detectable_change
from tests.analysis.paired_cases import Found, Row, agree, known


def power_of(change: float, n: int, significance_level: float) -> float:
    """P(|T| > critical t), as the mean over |Z + noncentrality| of P(chi < what it allows)."""
    df, critical_t, centre = n - 1, stdtrit(n - 1, 1 - significance_level / 2), change * n**0.5

    def weighted(r: float) -> float:
        density = math.exp(-((r - centre) ** 2) / 2) + math.exp(-((r + centre) ** 2) / 2)
        return float(density * gammainc(df / 2, df * (r / critical_t) ** 2 / 2))

    low, high = max(0.0, centre - 10), centre + 10
    middle = [min(max(critical_t, low), high)]
    area, _ = quad(weighted, low, high, points=middle, limit=400, epsabs=1e-13, epsrel=1e-12)
    return area / math.sqrt(2 * math.pi)


def test_the_change_has_the_power() -> None:
    """For 2 to 200 pairs the change found is detected with the power asked for."""
    for n in [*range(2, 41), 75, 200]:
        for level in (0.1, 0.05, 0.01, 0.001):
            for power in (0.2, 0.5, 0.8, 0.9, 0.99):
                found = known(detectable_change(n, power=power, significance_level=level))
                assert power_of(found, n, level) == pytest.approx(power, abs=1e-10), (n, level)


def test_the_change_is_that_of_r() -> None:
    """For 2 to 1,000 pairs the change is that of power.t.test."""

    def procedure(row: Row) -> Found:
        demands = {key: float(row[key]) for key in ("power", "significance_level")}
        return {"change": detectable_change(int(row["n"]), **demands)}

    agree("detectable_change.csv", procedure)


def test_six_pairs_detect_a_large_change_only() -> None:
    """Six pairs find 1.43 SDs with 80% power.

    R: power.t.test(n = 6, power = 0.8, type = "paired", strict = TRUE, tol = 1e-12)$delta.
    """
    assert detectable_change(6) == pytest.approx(1.43454478204, abs=1e-10)


@pytest.mark.parametrize("n", [-1, 0, 1])
def test_no_spread_without_two_pairs(n: int) -> None:
    """One pair has no t-test and so detects nothing."""
    assert detectable_change(n) is None


def test_more_pairs_less_change() -> None:
    """The change falls with the number of pairs and rises with the power and the demands."""
    sizes = [known(detectable_change(n)) for n in range(2, 60)]
    assert sizes == sorted(sizes, reverse=True)
    powers = [known(detectable_change(6, power=p)) for p in np.linspace(0.06, 0.99, 40)]
    assert powers == sorted(powers)


@pytest.mark.parametrize(("power", "level"), [(0.05, 0.05), (80, 0.05), (0.8, 0), (1, 0.05)])
def test_impossible_demands_are_refused(power: float, level: float) -> None:
    """A power at or below the significance level, and percentages, are refused."""
    with pytest.raises(ValueError, match=r"give 80% as 0\.8"):
        detectable_change(6, power=power, significance_level=level)
