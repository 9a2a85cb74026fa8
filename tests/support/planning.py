"""Situations for plans of resting orders."""

from decimal import Decimal

from pipeline.market import Level, Quote, SourceKind, Symbol
from pipeline.rules import LotSize, Notional, SymbolRules
from trading.matching.ladders import ImpactLevels, Ladder
from trading.matching.situation import Situation
from trading.orders.types import Balance, Side

SYMBOL = Symbol("BTCUSDC")
RULES = SymbolRules(
    SYMBOL,
    "BTC",
    "USDC",
    tick_size=Decimal("0.01"),
    lot=LotSize(Decimal("0.001"), Decimal(9000), Decimal("0.001")),
    notional=Notional(Decimal(5), Decimal(0)),
)
NOW = 1_000_000


def situation(
    side: Side, base: str = "10", funds: str = "10000", levels: tuple[tuple[str, str], ...] = (), used: str = "0"
) -> Situation:
    """Returns a market of 100 / 100.1, last price 100, with 5 shown on both sides, or with the levels of a book."""
    quote = Quote(SYMBOL, NOW - 100, 100, 5_000, *(Decimal(each) for each in ("100", "100", "5", "100.1", "5")))
    touch = quote.ask if side is Side.BUY else quote.bid
    shown: tuple[Level, ...] | ImpactLevels = tuple(Level(Decimal(price), Decimal(size)) for price, size in levels)
    if not levels:
        shown = ImpactLevels(side, touch, Decimal(5), Decimal("0.01"))
    ladder = Ladder(shown, Decimal("100.05"), NOW - 100, 100, from_book=bool(levels))
    return Situation(
        RULES,
        quote,
        ladder,
        Decimal(used),
        NOW,
        Balance("BTC", Decimal(base), Decimal(0)),
        Balance("USDC", Decimal(funds), Decimal(0)),
        Decimal("0.001"),
        SourceKind.SIMULATOR,
    )
