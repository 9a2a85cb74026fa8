"""Names of figures: prices and all indicators of the registry, the short names that traders type, and Korean ones."""

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from trading.indicators.definitions import Indicator, Value
from trading.indicators.registry import INDICATORS

PRICES = ("open", "high", "low", "close", "volume")

_SHORT = {
    "price": "close",
    "vol": "volume",
    "ma": "sma",
    "rma": "smma",
    "bb": "bollinger",
    "boll": "bollinger",
    "bbands": "bollinger",
    "stoch": "stochastic",
    "stochrsi": "stochastic_rsi",
    "stoch_rsi": "stochastic_rsi",
    "kc": "keltner",
    "dc": "donchian",
    "psar": "parabolic_sar",
    "sar": "parabolic_sar",
    "wr": "williams_r",
    "williams": "williams_r",
    "willr": "williams_r",
    "momentum": "roc",
    "linreg": "linear_regression",
    "stdev": "standard_deviation",
    "stddev": "standard_deviation",
    "rv": "realised_volatility",
    "realized_volatility": "realised_volatility",
    "volatility": "realised_volatility",
    "rvol": "relative_volume",
    "ao": "awesome",
    "uo": "ultimate",
    "chop": "choppiness",
    "ha": "heikin_ashi",
    "tr": "true_range",
    "pivots": "pivot_points",
    "st": "supertrend",
    "crsi": "connors_rsi",
    "fi": "force_index",
    "ad": "adl",
}
_OUTPUTS = {
    "hist": "histogram",
    "mid": "middle",
    "basis": "middle",
    "top": "upper",
    "bottom": "lower",
    "up": "upper",
    "down": "lower",
    "macd": "line",
    "sig": "signal",
    "pdi": "plus",
    "mdi": "minus",
    "tenkan": "conversion",
    "kijun": "base",
    "pct": "percent",
    "상단": "upper",
    "하단": "lower",
    "중단": "middle",
}
_DEFAULT_OUTPUTS = {"momentum": "momentum"}


def _short_names() -> dict[str, str]:
    return {short: name for short, name in _SHORT.items() if short not in INDICATORS}


SHORT_NAMES = MappingProxyType(_short_names())
"""Name of the registry, or of a price, by a shorter one."""

ALL_NAMES = (*PRICES, *INDICATORS, *SHORT_NAMES)


def figure_name(word: str) -> str | None:
    """Returns the name of the price or indicator that the word means, or None."""
    name = SHORT_NAMES.get(word, word)
    return name if name in PRICES or name in INDICATORS else None


def output_names(indicator: Indicator, values: Mapping[str, Value]) -> tuple[str, ...]:
    """Returns the names of the outputs. They depend on words among the values, not on numbers."""
    return indicator.outputs(**{name: value for name, value in values.items() if isinstance(value, str)})


def output_name(indicator: Indicator, values: Mapping[str, Value], word: str, typed: str) -> str | None:
    """Returns the output that the word means, or None. Without a word: the one meant by the name that was typed."""
    names = output_names(indicator, values)
    if not word:
        return _DEFAULT_OUTPUTS.get(typed, names[0])
    if word in names:
        return word
    meant = _OUTPUTS.get(word)
    return meant if meant in names else None


def similar_names(word: str, names: tuple[str, ...] = ALL_NAMES) -> tuple[str, ...]:
    """Returns up to three names that look like the word."""
    return tuple(get_close_matches(word[:40], names, n=3, cutoff=0.5))
