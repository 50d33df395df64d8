"""A distribution of differences and a number of pairs in, what the reported procedures did out.

Each procedure is the article's own function, called once a simulated study. Differences have mean
0; before is 0 and after the difference.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import gammaincinv, ndtr
from scipy.stats import binom

from analysis.describe import Floats, proportion
from analysis.paired import paired_t, standardised_change
from analysis.permutation import sign_flip
from analysis.ranks import hodges_lehmann, signed_rank

LEVEL = 0.95
TRUE_D_Z = 1.0  # mean over SD of the differences at which the interval of d_z is judged
GRID = np.arange(1, 1000) / 1000  # proportions at which the exact interval is judged


@dataclass(frozen=True)
class Law:
    """A distribution of differences with mean 0; `draw` takes a generator and a number."""

    name: str
    wording: str
    draw: Callable[[np.random.Generator, int], Floats]
    sd: float
    pseudo_median: float
    is_symmetric: bool
    has_zeros: bool


@dataclass(frozen=True)
class Cell:
    """How many of `replicates` studies of `n` pairs did what; t and d_z intervals may be absent.

    An absent interval covers nothing, an absent test rejects nothing.
    """

    law: str
    n: int
    replicates: int
    t_intervals: int
    t_covers: int
    hl_covers: int
    hl_level: float
    d_z_covers: int
    t_rejects: int
    dropped_rejects: int
    ranked_rejects: int
    sign_flip_rejects: int

    def percent(self, count: str) -> float:
        """The field `count`, per hundred studies; t and d_z intervals per hundred that have one."""
        of = self.t_intervals if count in ("t_covers", "d_z_covers") else self.replicates
        return 100 * float(getattr(self, count)) / of


def laws() -> tuple[Law, ...]:
    """The five distributions: two symmetric, three skewed, two of them whole points."""
    whole = np.arange(-20, 21)
    chance = ndtr((whole + 0.5) / 2) - ndtr((whole - 0.5) / 2)
    return (
        Law("normal", "normal with SD 1", lambda g, n: g.standard_normal(n), 1.0, 0.0, True, False),
        Law(
            "exponential",
            "exponential with mean 1, less 1: skewness 2",
            lambda g, n: g.standard_exponential(n) - 1,
            1.0,
            float(gammaincinv(2, 0.5)) / 2 - 1,
            False,
            False,
        ),
        Law(
            "lognormal",
            "exp(Z) with Z standard normal, less its mean: skewness 6.2",
            lambda g, n: g.lognormal(0.0, 1.0, n) - math.exp(0.5),
            math.sqrt((math.e - 1) * math.e),
            _lognormal_pseudo_median() - math.exp(0.5),
            False,
            False,
        ),
        Law(
            "scores",
            "normal with SD 2 rounded to whole points: symmetric, ties and zeros",
            lambda g, n: np.rint(2 * g.standard_normal(n)),
            math.sqrt(float((chance * whole**2).sum())),
            0.0,
            True,
            True,
        ),
        Law(
            "skewed scores",
            "Poisson with mean 1, less 1: whole points, skewness 1, ties and zeros",
            lambda g, n: g.poisson(1, n).astype(np.float64) - 1,
            1.0,
            0.0,  # the median of Poisson(2) is 2
            False,
            True,
        ),
    )


def simulate(law_name: str, n: int, replicates: int) -> Cell:
    """The cell of this law and number of pairs; its random numbers are its own, always the same."""
    place, law = next((i, law) for i, law in enumerate(laws()) if law.name == law_name)
    rng = np.random.default_rng([2013, place, n])
    zeros = np.zeros(n)
    tally = np.zeros(8, dtype=int)
    for _ in range(replicates):
        tally += _study(zeros, law.draw(rng, n), law)
    level = hodges_lehmann(before=zeros, after=zeros, confidence_level=LEVEL).attained_level
    intervals, t_covers, hl_covers, d_z_covers, *rejects = map(int, tally)
    hl = (hl_covers, 0.0 if level is None else level)
    return Cell(law.name, n, replicates, intervals, t_covers, *hl, d_z_covers, *rejects)


def clopper_pearson_coverage(n: int) -> Floats:
    """The probability that the interval holds the true proportion, at each of `GRID`.

    Exact: the sum of the binomial probabilities of the numbers of events whose interval holds it.
    """
    covered: Floats = np.zeros(len(GRID))
    for events in range(n + 1):
        found = proportion(events=events, n=n, confidence_level=LEVEL)
        inside = (found.ci_low or 0.0) <= GRID
        inside &= (1.0 if found.ci_high is None else found.ci_high) >= GRID
        covered += inside * binom.pmf(events, n, GRID)
    return covered


def _study(zeros: Floats, differences: Floats, law: Law) -> list[bool]:
    """Of one study: interval there, t, Hodges-Lehmann and d_z cover, and the four tests reject."""
    t = paired_t(before=zeros, after=differences, confidence_level=LEVEL)
    location = hodges_lehmann(before=zeros, after=differences, confidence_level=LEVEL)
    moved = differences + TRUE_D_Z * law.sd
    size = standardised_change(before=zeros, after=moved, confidence_level=LEVEL)
    dropped = ranked = signed_rank(before=zeros, after=differences)
    if law.has_zeros:  # without a zero the two are one
        ranked = signed_rank(before=zeros, after=differences, zeros="ranked")
    flip = sign_flip(before=zeros, after=differences)
    return [
        t.ci_low is not None,
        _covers(t.ci_low, 0.0, t.ci_high),
        _covers(location.ci_low, law.pseudo_median, location.ci_high),
        _covers(size.ci_low, TRUE_D_Z, size.ci_high),
        *(_rejects(test.p_value) for test in (t, dropped, ranked, flip)),
    ]


def _covers(ci_low: float | None, true: float, ci_high: float | None) -> bool:
    return ci_low is not None and ci_high is not None and ci_low <= true <= ci_high


def _rejects(p_value: float | None) -> bool:
    return p_value is not None and p_value <= 1 - LEVEL


def _lognormal_pseudo_median() -> float:
    """The median of the mean of two independent exp(Z), by integration over one of them."""

    def chance_below(m: float) -> float:
        top = math.log(2 * m)
        area, _ = quad(
            lambda z: math.exp(-(z**2) / 2) * ndtr(math.log(2 * m - math.exp(z))),
            -12,
            top,
            epsabs=1e-12,
            limit=200,
        )
        return float(area) / math.sqrt(2 * math.pi)

    return float(brentq(lambda m: chance_below(m) - 0.5, 0.5, 3.0, xtol=1e-10))
