"""Values of the same patients before and after in, the differences of complete pairs out.

`before` and `after` are in one unit, one value a patient, in the same order; every difference is
after minus before. A pair with a missing side (None or NaN) is left out and counted. Differences
that float noise alone tells apart (within 1e-12 of the largest value) count as equal: noise must
not break ties.
"""

import numpy as np

from analysis.describe import Floats, Values, as_floats

NOISE = 1e-12  # of the largest value: some 1,000 times the rounding error of a difference


def as_pairs(*, before: Values, after: Values) -> Floats:
    """A row a patient, its columns before and after, NaN where missing.

    Raises ValueError for unequal lengths.
    """
    first, second = as_floats(before), as_floats(after)
    if len(first) != len(second):
        raise ValueError(
            f"as many values before as after were wanted, {len(first)} and {len(second)} came; "
            "give None for a missing side"
        )
    return np.column_stack([first, second])


def complete_differences(*, before: Values, after: Values) -> tuple[Floats, float, int]:
    """Differences of the complete pairs, the size of their float noise, the incomplete pairs."""
    pairs = as_pairs(before=before, after=after)
    complete = pairs[~np.isnan(pairs).any(axis=1)]
    noise = NOISE * float(np.abs(complete).max(initial=0.0))
    return complete[:, 1] - complete[:, 0], noise, len(pairs) - len(complete)


def logs(values: Values) -> Floats:
    """Natural logarithms, NaN where missing. Raises ValueError for a value of 0 or below."""
    array = as_floats(values)
    if (array <= 0).any():
        raise ValueError(
            f"values above 0 were wanted for a ratio, {np.nanmin(array)} came; correct or blank it"
        )
    return np.log(array)
