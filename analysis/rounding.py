"""Full-precision numbers in, printed texts out: the only rounding of the study."""

from decimal import ROUND_HALF_UP, Decimal

MINUS = "−"
NO_BREAK = "\u00a0"
NOT_ESTIMABLE = "not estimable"
NOT_APPLICABLE = "not applicable"
NOISE = 1e-9  # what is nearer to no effect than this lies on it
LARGEST_RATIO = 1000
P_THRESHOLDS = (Decimal("0.001"), Decimal("0.01"), Decimal("0.05"))


def fixed(value: float | None, decimals: int) -> str:
    """`value` with `decimals` decimals, halves away from zero, with a true minus sign.

    The decimal digits that Python prints are rounded, so `fixed(2.675, 2)` is "2.68".
    None gives "not estimable"; a value that rounds to zero has no sign.
    """
    if value is None:
        return NOT_ESTIMABLE
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{abs(rounded):f}"
    return MINUS + text if rounded < 0 else text


def counted(value: float | None) -> str:
    """A statistic of whole numbers with the decimals it needs, at most one: 7 or 7.5."""
    return fixed(value, 1).removesuffix(".0")


def signed(value: float | None, decimals: int) -> str:
    """As `fixed`, with a plus sign before a value that rounds to more than zero."""
    text = fixed(value, decimals)
    is_plain = value is None or text.startswith(MINUS) or not text.strip("0.")
    return text if is_plain else "+" + text


def difference(value: float | None, decimals: int) -> str:
    """As `signed`, with the further decimals that show on which side of no change it lies."""
    if value is None or abs(value) < NOISE:
        return signed(value, decimals)
    return signed(value, _decimals_beside(value, decimals, no_effect=0))


def ratio(value: float | None, decimals: int) -> str:
    """As `fixed`, with the further decimals that show on which side of 1 it lies.

    Beyond what `decimals` can show it is "< 0.01" (for 2), and "> 1000" above that.
    """
    if value is None or abs(value - 1) < NOISE:
        return fixed(value, decimals)
    smallest = Decimal(1).scaleb(-decimals)
    if Decimal(repr(float(value))) < smallest / 2:
        return f"<{NO_BREAK}{smallest:f}"
    if value > LARGEST_RATIO:
        return f">{NO_BREAK}{LARGEST_RATIO}"
    return fixed(value, _decimals_beside(value, decimals, no_effect=1))


def _decimals_beside(value: float, decimals: int, *, no_effect: int) -> int:
    """The fewest decimals, `decimals` or more, that do not round `value` onto `no_effect`."""
    exact = Decimal(repr(float(value)))
    while exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) == no_effect:
        decimals += 1
    return decimals


def percent(proportion: float | None) -> str:
    """`proportion` (0 to 1) as a whole percentage, halves away from zero: 0.8333 is "83%".

    Neither some nor not all is printed as none or all: 0.004 is "< 1%", 0.996 is "> 99%".
    """
    if proportion is None:
        return NOT_ESTIMABLE
    if 0 < proportion < 0.005:
        return f"<{NO_BREAK}1%"
    if 0.995 <= proportion < 1:
        return f">{NO_BREAK}99%"
    return fixed(float(Decimal(repr(float(proportion))) * 100), 0) + "%"


def level(proportion: float | None) -> str:
    """A confidence level with the decimals it needs, at most three: 0.96875 is "96.875%"."""
    if proportion is None:
        return NOT_ESTIMABLE
    text = fixed(float(Decimal(repr(float(proportion))) * 100), 3)
    return text.rstrip("0").rstrip(".") + "%"


def p_value(value: float | None) -> str:
    """A P value to three decimals, "< 0.001" below, "> 0.999" from there to 1, across no threshold.

    Where three decimals would print a value below a threshold (0.01, 0.05) as the threshold
    itself, it gets the further decimals that show it below.
    """
    if value is None:
        return NOT_ESTIMABLE
    exact = Decimal(repr(float(value)))
    if exact < P_THRESHOLDS[0]:
        return f"<{NO_BREAK}0.001"
    if Decimal("0.999") < exact < 1:
        return f">{NO_BREAK}0.999"
    for decimals in range(3, 18):
        shown = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        if all((exact < t) == (shown < t) for t in P_THRESHOLDS):
            break
    return f"{shown:f}"
