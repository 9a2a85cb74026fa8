"""Registry of all indicators by name: what charts, alerts, rules and scans compute with."""

from types import MappingProxyType

from trading.indicators import levels, moving_averages, oscillators, trend, volatility, volume
from trading.indicators.definitions import Indicator

_FAMILIES = (moving_averages, oscillators, trend, volatility, volume, levels)

INDICATORS: MappingProxyType[str, Indicator] = MappingProxyType(
    {each.name: each for family in _FAMILIES for each in vars(family).values() if isinstance(each, Indicator)}
)
"""Every indicator by its name, in families."""
