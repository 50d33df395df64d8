"""P values of a family of tests in, P values adjusted for their number out."""

from collections.abc import Iterable, Sequence


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Holm's step-down adjusted P values, in the order given.

    The i-th smallest of m is multiplied by m - i + 1, is at least what the smaller ones became,
    and at most 1: below the significance level it is rejected with the probability of any false
    rejection held to that level, however the tests depend on each other. None (no test could be
    made) stays None and is not counted in m.

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


def smallest_holm(floors: Sequence[float]) -> float:
    """The smallest adjusted P that Holm's procedure can give tests with these smallest P values.

    Exact tests of few patients have a smallest attainable P (`p_value_floor`). The smallest of m
    is multiplied by m, so that nothing below m times the smallest floor can come out (1 at most):
    two exact signed-rank tests of six pairs give 0.0625 at best and can never reach 0.05.

    Raises ValueError for a floor outside 0 to 1, or without a test.

    References: Holm 1979, Scand J Stat 6:65-70; Tarone 1990, Biometrics 46:515-522 (discrete
    tests that cannot become significant).
    """
    _check(floors)
    if len(floors) == 0:
        raise ValueError("the smallest P of at least one test was wanted, none came; give it")
    return min(1.0, len(floors) * min(floors))


def _check(p_values: Iterable[float]) -> None:
    for p in p_values:
        if not 0 <= p <= 1:  # NaN is none of both
            raise ValueError(
                f"P values between 0 and 1 were wanted, {p} came; give None for a test not made"
            )
