"""Families of features, the terms in which the drivers of a forecast are shown to users."""

from types import MappingProxyType

FAMILIES = ("momentum", "reversal", "volatility", "volume", "range", "market", "leader", "rank", "clock", "flow")
"""Keys of the catalogs (`driver-<family>`). `reversal` covers the moves of the last minutes, one by one, and whether
such moves used to reverse. `rank` compares the symbol with the others. `leader` is the move of BTC. `flow` is
which side traded, how often, and how much at a time.
"""

USUAL = "usual"
"""Not a family: the part of the expectation that does not depend on the features, from the prices of the training data.
"""

_OF_WHOLE_NAME = MappingProxyType(
    {"autocorrelation": "reversal", "market_volatility": "volatility", "still": "volatility"}
)
_OF_FIRST_WORD = MappingProxyType(
    {
        "return": "reversal",
        "momentum": "momentum",
        "range": "range",
        "place": "range",
        "upper": "range",
        "lower": "range",
        "volume": "volume",
        "volatility": "volatility",
        "market": "market",
        "rank": "rank",
        "relative": "rank",
        "leader": "leader",
        "day": "clock",
        "minute": "clock",
        "taker": "flow",
        "trade": "flow",
    }
)


def family_of(name: str) -> str:
    """Returns the family of a feature of `ml/data/features.py`, by its name. Raises KeyError if it has none."""
    return _OF_WHOLE_NAME.get(name) or _OF_FIRST_WORD[name.partition("_")[0]]
