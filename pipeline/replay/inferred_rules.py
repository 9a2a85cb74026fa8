"""Exchange rules for a recording that holds candles only, inferred from the names and the prices."""

import math
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from pipeline.market import Symbol
from pipeline.rules import LotSize, Notional, SymbolRules

_DOLLARS = ("USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USDP", "DAI", "USD")
_DOLLAR_DIGITS = {"BTC": 5, "ETH": 3, "BNB": 3, "TRY": -1, "JPY": -2, "KRW": -3}
"""A dollar is about 10**-digits of these."""

_MIN_NOTIONAL = {**dict.fromkeys(_DOLLARS, "5"), "EUR": "5", "GBP": "5", "BTC": "0.0001", "ETH": "0.001", "BNB": "0.01"}
_MAX_DECIMALS = 12
_MAX_STEP_DECIMALS = 8
_CLOSE = 1e-9


def price_decimals(prices: NDArray[np.float64]) -> int:
    """Returns the fewest decimals (at most 12) that represent every price exactly. Prices are positive."""
    left = prices
    for decimals in range(_MAX_DECIMALS):
        scaled = left * 10.0**decimals
        whole = np.rint(scaled)
        left = left[whole / 10.0**decimals != left]
        if not left.size:
            return decimals
    return _MAX_DECIMALS


def step_decimals(price: float, quote: str) -> int:
    """Returns the decimals of the quantity step, whose value is between a tenth of a dollar and a dollar, as on
    Binance.

    BTC at 60,000 gets 5, ETH at 2,000 gets 4, ADA at 1.2 gets 1; assets below a dollar trade in whole units.
    """
    dollars = price * 10.0 ** _DOLLAR_DIGITS.get(quote, 0)
    return min(max(math.ceil(math.log10(dollars) - _CLOSE), 0), _MAX_STEP_DECIMALS)


def inferred_rules(symbol: Symbol, base: str, quote: str, closes: NDArray[np.float64]) -> SymbolRules:
    """Returns the rules of a recorded symbol: the tick size from the closes, the step from their median."""
    step = Decimal(1).scaleb(-step_decimals(float(np.median(closes)), quote))
    minimum = Decimal(_MIN_NOTIONAL.get(quote, 0))
    return SymbolRules(
        symbol=symbol,
        base=base,
        quote=quote,
        tick_size=Decimal(1).scaleb(-price_decimals(closes)),
        lot=LotSize(step, Decimal(0), step),
        notional=Notional(minimum, Decimal(0)) if minimum else None,
    )
