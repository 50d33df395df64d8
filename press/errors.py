"""What stops a render: one exception whose text names place, fault and remedy."""


class PressError(Exception):
    """The render could not be carried out; the text is ready to be shown (exit status 2)."""


def refuse(place: str, fault: str) -> PressError:
    """The error for a fault at a place, such as `manuscript.qmd:88`."""
    return PressError(f"{place}: {fault}")
