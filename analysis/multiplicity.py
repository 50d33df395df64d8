"""P values of a family of tests in, P values adjusted for their number out."""

from collections.abc import Iterable, Sequence


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Holm's step-down adjusted P values, in the order given.

    The i-th smallest of m is multiplied by m - i + 1, is at least what the smaller ones became,
    and at most 1: below the significance level it is rejected with the probability of any false
    rejection held to that level, however the tests depend on each other. None (no test could be
    made) stays None and is not counted in m. Of the smallest P values that exact tests can give it
    tells what the family can never fall below: two signed-rank tests of six pairs, 0.0625.

    Raises ValueError for a P value outside 0 to 1.

    References: Holm 1979, Scand J Stat 6:65-70.
    """
    _check(p for p in p_values if p is not None)
    made = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, (p, i) in enumerate(made):
        largest = max(largest, min(1.0, (len(made) - rank) * p))
        adjusted[i] = largest
    return tuple(adjusted)


def _check(p_values: Iterable[float]) -> None:
    for p in p_values:
        if not 0 <= p <= 1:  # NaN is none of both
            raise ValueError(
                f"P values between 0 and 1 were wanted, {p} came; give None for a test not made"
            )
