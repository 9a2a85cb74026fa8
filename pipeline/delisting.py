"""Symbols that left the exchange: kept with the last price, so that positions keep their value and can be closed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from pipeline.market import Symbol
from pipeline.rules import DELISTED, SymbolRules


def with_delisted(
    published: Iterable[SymbolRules],
    listed: Iterable[SymbolRules],
    quote_asset: str,
    prices: Mapping[Symbol, Decimal],
    now: int,
) -> list[SymbolRules]:
    """Returns the `listed` rules, and those `published` before that are no longer listed, marked DELISTED.

    Only symbols of the desk's `quote_asset` with a last price are kept: no other symbol can be held. `now` (UTC ms of
    the market's clock) is the delisting time of a symbol that is missing for the first time. A symbol that is listed
    again loses the mark.
    """
    current = list(listed)
    names = {rules.symbol for rules in current}
    gone = (rules for rules in published if rules.symbol not in names and rules.quote == quote_asset)
    return [*current, *(kept for rules in gone if (kept := _delisted(rules, prices, now)) is not None)]


def _delisted(rules: SymbolRules, prices: Mapping[Symbol, Decimal], now: int) -> SymbolRules | None:
    if rules.status == DELISTED:
        return rules
    price = prices.get(rules.symbol)
    return None if price is None else replace(rules, status=DELISTED, delisted_at=now, last_price=price)
