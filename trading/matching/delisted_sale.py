"""Sale of a position whose symbol is no longer traded, at the last price, as the settings allow.

A symbol that is held is not sold: what its price is, an operator decides. Neither is one that was redenominated since
its last price.
"""

from dataclasses import replace

from core.decimals import EXACT
from pipeline.archive.units import Units, ratio_since
from pipeline.market import Level, Quote
from pipeline.rules import DELISTED, HELD, TRADING, SymbolRules
from trading.errors import PriceOfFormerUnit
from trading.matching.ladders import Ladder
from trading.orders.types import Side
from trading.settings import TradingSettings

HOUR_MS = 3_600_000
_PLENTY = 10**18


def closes_at_last_price(side: Side, rules: SymbolRules, quote: Quote, settings: TradingSettings) -> bool:
    """True if the order is a sale that fills at the last price by the operator's rule.

    A delisted symbol can be sold at once, a halted one when its last price is `close_halted_hours` old.
    """
    if side is not Side.SELL or rules.status in (TRADING, HELD):
        return False
    if rules.status == DELISTED:
        return settings.close_delisted
    return 0 < settings.close_halted_hours * HOUR_MS <= quote.age_ms


def closing_terms(rules: SymbolRules, quote: Quote, units: Units) -> tuple[SymbolRules, Ladder]:
    """Returns rules without the exchange's bounds, which no longer apply, and a ladder that takes any quantity at the
    last price. Raises PriceOfFormerUnit if the coins, which have been through `units`, count in another unit.
    """
    if ratio_since(quote.time, units.get(quote.symbol, ())) != 1:
        raise PriceOfFormerUnit
    price = rules.last_price or quote.price
    free = replace(rules, lot=None, market_lot=None, notional=None)
    levels = (Level(price, EXACT.create_decimal(_PLENTY)),)
    return free, Ladder(levels, price, quote.time, quote.age_ms, from_book=False)
