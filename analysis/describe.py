"""Values or counts of a group of patients in, their description out: summaries, proportions.

What cannot be estimated is None. A missing value is None or NaN; it is counted, never filled in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

Floats: TypeAlias = npt.NDArray[np.float64]
Values: TypeAlias = Sequence[float | None] | npt.NDArray[Any]


@dataclass(frozen=True)
class Summary:
    """Description of `n` values, in their unit; `n_missing` more were missing."""

    n: int
    n_missing: int
    mean: float | None
    sd: float | None
    median: float | None
    q1: float | None
    q3: float | None
    minimum: float | None
    maximum: float | None


@dataclass(frozen=True)
class Proportion:
    """`events` of `n`, the proportion (0 to 1) and its exact interval."""

    events: int
    n: int
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    confidence_level: float


def as_floats(values: Values) -> Floats:
    """`values` as a one-dimensional array of floats, NaN where missing (None or NaN).

    Raises ValueError for an infinite value or more than one dimension.
    """
    array = np.asarray(values, dtype=float)
    if array.ndim != 1:
        raise ValueError(f"one row of values was wanted, {array.ndim} dimensions came; flatten")
    if np.isinf(array).any():
        raise ValueError("finite values were wanted, an infinite one came; correct or blank it")
    return array


def check_confidence_level(confidence_level: float) -> None:
    """Raises ValueError unless `confidence_level` lies between 0 and 1, both excluded."""
    if not 0 < confidence_level < 1:
        raise ValueError(
            f"a confidence level between 0 and 1 was wanted, {confidence_level} came; "
            "give 95% as 0.95"
        )


def summary(values: Values) -> Summary:
    """Mean, SD, median, quartiles and range of `values`, in their unit.

    The SD has divisor n - 1 and needs two values; everything else needs one. Quartiles
    interpolate linearly between the order statistics at 1 + (n - 1) p, which is R's type 7.
    Missing values (None, NaN) are left out and counted.

    References: Hyndman and Fan 1996, Am Stat 50:361-365, definition 7.
    """
    array = as_floats(values)
    present = array[~np.isnan(array)]
    n, n_missing = len(present), int(len(array) - len(present))
    if n == 0:
        return Summary(0, n_missing, None, None, None, None, None, None, None)
    minimum, q1, median, q3, maximum = (
        float(q) for q in np.quantile(present, [0, 0.25, 0.5, 0.75, 1], method="linear")
    )
    sd = float(present.std(ddof=1)) if n > 1 else None
    return Summary(n, n_missing, float(present.mean()), sd, median, q1, q3, minimum, maximum)


def proportion(*, events: int, n: int, confidence_level: float = 0.95) -> Proportion:
    """`events` of `n` with the exact two-sided interval of Clopper and Pearson.

    `n` counts the patients with a known answer; missing ones are the caller's to count. With
    `n` = 0 estimate and limits are None. The interval is central: with none (or all) of `n`
    the lower (upper) limit is 0 (1) and the other one has half of 1 - `confidence_level`
    beyond it.

    Raises ValueError unless 0 <= `events` <= `n`.

    References: Clopper and Pearson 1934, Biometrika 26:404-413; as beta quantiles in Brown,
    Cai and DasGupta 2001, Stat Sci 16:101-133, section 4.2.1.
    """
    check_confidence_level(confidence_level)
    if not 0 <= events <= n:
        raise ValueError(
            f"between 0 and n = {n} events were wanted, {events} came; count each patient once"
        )
    if n == 0:
        return Proportion(0, 0, None, None, None, confidence_level)
    tail = (1 - confidence_level) / 2
    ci_low = float(betaincinv(events, n - events + 1, tail)) if events > 0 else 0.0
    ci_high = float(betaincinv(events + 1, n - events, 1 - tail)) if events < n else 1.0
    return Proportion(int(events), int(n), events / n, ci_low, ci_high, confidence_level)
