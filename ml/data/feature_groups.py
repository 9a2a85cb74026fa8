"""Features by what they speak of: the words in which people are told what drives a forecast."""

from types import MappingProxyType

FAMILIES = ("momentum", "reversal", "volatility", "volume", "range", "market", "leader", "rank", "clock")
"""Keys of the catalogs (`driver-<family>`). `reversal` is what the last minutes did, one by one, and whether such moves
used to turn round; `rank` is how the symbol stands beside the others; `leader` is what BTC did."""

USUAL = "usual"
"""No family: what is expected whatever the features say, from what prices did while they were learnt."""

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
    }
)


def family_of(name: str) -> str:
    """Of a feature by its name in `ml/data/features.py`. Raises KeyError for one that no family was given to."""
    return _OF_WHOLE_NAME.get(name) or _OF_FIRST_WORD[name.partition("_")[0]]
