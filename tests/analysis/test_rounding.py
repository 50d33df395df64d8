"""Rounding: expected texts are worked by hand from the decimal digits."""

import pytest

from analysis import rounding


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (2.675, 2, "2.68"),  # binary 2.675 lies below; the printed digits decide
        (0.5, 0, "1"),
        (-0.5, 0, "−1"),
        (-0.04, 1, "0.0"),
        (1234.5, 0, "1235"),
        (1e-9, 3, "0.000"),
        (None, 2, "not estimable"),
    ],
)
def test_fixed(value: float | None, decimals: int, text: str) -> None:
    """Halves go away from zero, zero has no sign, nothing known says so."""
    assert rounding.fixed(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1.25, "+1.3"), (0.04, "0.0"), (-2.0, "−2.0"), (None, "not estimable")]
)
def test_signed(value: float | None, text: str) -> None:
    """Only a value that rounds to more than zero has a plus sign."""
    assert rounding.signed(value, 1) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.03125, "0.031"),
        (0.0004, "< 0.001"),
        (0.00099999, "< 0.001"),
        (0.001, "0.001"),
        (0.0496, "0.0496"),  # three decimals would print 0.050, which is not below 0.05
        (0.04999, "0.04999"),
        (0.0504, "0.050"),
        (0.05, "0.050"),
        (0.0097, "0.0097"),
        (0.0103, "0.010"),
        (0.0014, "0.001"),
        (0.2345, "0.235"),
        (0.9996, "> 0.999"),
        (1.0, "1.000"),
        (None, "not estimable"),
    ],
)
def test_p_value(value: float | None, text: str) -> None:
    """A P value below a threshold is never printed as the threshold."""
    assert rounding.p_value(value).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.04, "+0.04"), (-0.004, "−0.004"), (0.06, "+0.1"), (0.0, "0.0"), (1e-16, "0.0")],
)
def test_difference(value: float, text: str) -> None:
    """What lies on a side of no change is printed on it; float noise lies on none."""
    assert rounding.difference(value, 1) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.996, "0.996"),
        (1.0004, "1.0004"),
        (0.99, "0.99"),
        (1.0, "1.00"),
        (0.005, "0.01"),
        (0.0049, "< 0.01"),
        (1000.0, "1000.00"),
        (123456.7, "> 1000"),
        (None, "not estimable"),
    ],
)
def test_ratio(value: float | None, text: str) -> None:
    """A ratio is never printed as 0, nor on 1 where it lies beside it, nor with endless digits."""
    assert rounding.ratio(value, 2).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.96875, "96.875%"), (0.95, "95%"), (0.9375, "93.75%"), (None, "not estimable")],
)
def test_level(value: float | None, text: str) -> None:
    """A confidence level keeps the decimals it needs."""
    assert rounding.level(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5 / 6, "83%"),
        (0.125, "13%"),
        (0.0, "0%"),
        (1.0, "100%"),
        (0.004, "<\u00a01%"),
        (0.996, ">\u00a099%"),
    ],
)
def test_percent(value: float, text: str) -> None:
    """Percentages have no decimals; some is never printed as none, nor almost all as all."""
    assert rounding.percent(value) == text


@pytest.mark.parametrize(("value", "text"), [(7.0, "7"), (7.5, "7.5"), (None, "not estimable")])
def test_counted(value: float | None, text: str) -> None:
    """A median of whole numbers is whole or a half."""
    assert rounding.counted(value) == text
