"""Coins that examples name: some that this desk has, the best known ones first."""

from collections.abc import Iterator
from contextlib import suppress

from core.errors import DeskError
from pipeline.ports import MarketReader
from pipeline.rules import TRADING

FAVOURITES = ("BTC", "ETH", "SOL", "BNB", "XRP")
_COUNT = 3
_LONGEST = 10
"""Longest name: descriptions on Discord have at most 100 characters."""


def example_coins(market: MarketReader) -> tuple[str, ...]:
    """Returns three coins that trade, fewer if there are no more; none while the market is not known."""
    found: dict[str, None] = {}
    with suppress(DeskError):
        for name in _names(market):
            symbol = market.find(name)
            if symbol is not None and market.rules(symbol).status == TRADING:
                found[name] = None
            if len(found) == _COUNT:
                break
    return tuple(found)


def _names(market: MarketReader) -> Iterator[str]:
    yield from FAVOURITES
    for symbol in market.symbols():
        base = market.rules(symbol).base
        if len(base) <= _LONGEST:
            yield base
