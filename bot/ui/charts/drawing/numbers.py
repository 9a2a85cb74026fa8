"""Numbers on charts: plain decimals at every size, without exponents, identical in every language."""

import math

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_SUFFIXES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))


def tick_step(span: float, max_ticks: int) -> float:
    """Returns the smallest round step that cuts `span` > 0 into at most `max_ticks` parts.

    A round step is 1, 2, 2.5 or 5 times a power of ten.
    """
    rough = span / max_ticks
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * (1 - 1e-9))


def ticks(low: float, high: float, max_ticks: int) -> tuple[list[float], int]:
    """Returns at most `max_ticks` + 1 round values between `low` < `high`, and the number of decimals they need."""
    step = tick_step(high - low, max_ticks)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)], decimals_of(step)


def decimals_of(step: float) -> int:
    """Returns the number of decimals that represent a round step exactly: 0.025 needs three."""
    exponent = math.floor(math.log10(step) + 1e-9)
    digits = 1 if abs(step / 10.0**exponent - 2.5) < 1e-6 else 0  # noqa: PLR2004
    return max(0, digits - exponent)


def fixed(value: float, decimals: int) -> str:
    """Formats a number with fixed decimals: `1,234.50`, with a true minus sign."""
    text = f"{abs(value):,.{decimals}f}"
    return f"−{text}" if value < 0 and text.strip("0,.") else text


def compact(value: float) -> str:
    """Formats a number with three significant digits and a suffix: `1.24M`."""
    rounded = float(f"{value:.3g}")
    if rounded == 0:
        return "0"
    size, suffix = next(((size, suffix) for size, suffix in _SUFFIXES if abs(rounded) >= size), (1.0, ""))
    scaled = rounded / size
    return fixed(scaled, min(8, max(0, 2 - math.floor(math.log10(abs(scaled)) + 1e-9)))) + suffix


def percent(share: float) -> str:
    """Formats a share without sign: `12.3%`, or `<0.1%` below a twentieth of a percent."""
    return "<0.1%" if 0 < share < 0.0005 else f"{share * 100:.1f}%"  # noqa: PLR2004


def change(fraction: float) -> tuple[str, int]:
    """Formats a change with arrow and sign, and returns its direction (-1, 0, 1): (`▲ +2.35%`, 1)."""
    shown = round(fraction * 100, 2)
    decimals = 2 if abs(shown) < 1000 else 0  # noqa: PLR2004
    if shown == 0:
        return "0.00%", 0
    arrow, sign = ("▲", "+") if shown > 0 else ("▼", "−")
    return f"{arrow} {sign}{abs(shown):,.{decimals}f}%", 1 if shown > 0 else -1


def short(value: float, figures: int = 4) -> str:
    """Formats a price to `figures` significant digits, in plain decimals: `0.001235`, `64,120`."""
    if value == 0:
        return "0"
    text = fixed(value, max(0, figures - 1 - math.floor(math.log10(abs(value)))))
    return text.rstrip("0").rstrip(".") if "." in text else text
