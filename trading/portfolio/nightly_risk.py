"""Forecast of the VaR of many portfolios for the day that begins, and judgement of the day that ended. Pure.

A portfolio is frozen at midnight (UTC): its quantities at the time of the forecast, at the closes of that midnight. It
is judged as if nothing had been traded, deposited or withdrawn since (the hypothetical profit and loss of the Basel
Committee), so that trades of the day say nothing about the forecast.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from pipeline.archive.units import NO_UNITS, Units, ratio_since
from pipeline.candles import Floats
from pipeline.market import DAY_MS, Symbol
from trading.portfolio.daily_closes import DailyCloses
from trading.risk.gaps import fill_gaps, simple_returns
from trading.risk.tables import MIN_DAYS, var_table

BENCHMARK_BASES = ("BTC", "ETH")
"""Coins whose returns stand for the market, the first that is known."""


@dataclass(frozen=True, slots=True)
class HeldPortfolio:
    """Holdings of an account: cash in the quote asset, and quantities by symbol."""

    account_id: int
    cash: Decimal
    quantities: Mapping[Symbol, Decimal]


@dataclass(frozen=True, slots=True)
class FrozenPosition:
    """Share of a coin in the equity at midnight, and its close then."""

    weight: float
    close: float


@dataclass(frozen=True, slots=True)
class RiskForecast:
    """VaR of an account for one day, (methods, confidences), NaN where unknown. `doubtful` counts positions without a
    close of that midnight, valued at an older one or left out.
    """

    account_id: int
    equity: float
    positions: Mapping[Symbol, FrozenPosition]
    doubtful: int
    figures: Floats


@dataclass(frozen=True, slots=True)
class JudgedNight:
    """Forecast of a day, (methods, confidences), and the return of the frozen portfolio; `doubtful` positions lacked a
    close at either end.
    """

    day: date
    figures: Floats
    realised: float | None
    doubtful: int


@dataclass(frozen=True, slots=True)
class MarketHistory:
    """Daily returns of coins without gaps, (days, coins), and their newest closes; `stale` ones are not of the last
    midnight.
    """

    symbols: tuple[Symbol, ...]
    returns: Floats
    closes: Floats
    stale: Floats

    @property
    def enough(self) -> bool:
        """True if there are days enough for a figure."""
        return len(self.returns) >= MIN_DAYS


def market_history(daily: DailyCloses, quote_asset: str) -> MarketHistory:
    """Returns the history from the first day on which any coin's return is known; gaps follow the market."""
    returns = simple_returns(daily.closes)
    known = np.flatnonzero(np.isfinite(returns).any(axis=1)) if returns.size else np.array([], dtype=np.intp)
    returns = returns[known[0] :] if len(known) else returns[:0]
    names = [Symbol(base + quote_asset) for base in BENCHMARK_BASES]
    market = next((daily.symbols.index(name) for name in names if name in daily.symbols), None)
    filled = fill_gaps(returns, market=market)
    return MarketHistory(daily.symbols, filled.returns, daily.last_known(), ~np.isfinite(daily.closes[-1]))


def portfolio_weights(history: MarketHistory, portfolios: Sequence[HeldPortfolio]) -> tuple[Floats, Floats]:
    """Returns the shares of the coins in the equity, (portfolios, coins), and the equities. A coin without any known
    close counts as nothing.
    """
    places = {symbol: place for place, symbol in enumerate(history.symbols)}
    values = np.zeros((len(portfolios), len(history.symbols)))
    for row, portfolio in enumerate(portfolios):
        for symbol, quantity in portfolio.quantities.items():
            if (place := places.get(symbol)) is not None:
                values[row, place] = float(quantity)
    values *= np.nan_to_num(history.closes)
    equities = values.sum(axis=1) + [float(portfolio.cash) for portfolio in portfolios]
    return np.divide(values, equities[:, None], out=np.zeros_like(values), where=equities[:, None] > 0), equities


def forecast_risk(history: MarketHistory, portfolios: Sequence[HeldPortfolio]) -> list[RiskForecast]:
    """Returns the forecasts of portfolios that hold a coin with a known close; none if the history is too short."""
    if not history.enough or not portfolios:
        return []
    weights, equities = portfolio_weights(history, portfolios)
    tables = var_table(weights @ history.returns.T)
    forecasts = []
    for row, portfolio in enumerate(portfolios):
        held = np.flatnonzero(weights[row])
        if not len(held):
            continue
        positions = {
            history.symbols[coin]: FrozenPosition(float(weights[row, coin]), float(history.closes[coin]))
            for coin in held
        }
        left_out = sum(1 for symbol, quantity in portfolio.quantities.items() if quantity and symbol not in positions)
        doubtful = int(history.stale[held].sum()) + left_out
        forecasts.append(RiskForecast(portfolio.account_id, float(equities[row]), positions, doubtful, tables[row]))
    return forecasts


def realised_return(
    positions: Mapping[Symbol, FrozenPosition], daily: DailyCloses, end: int, units: Units = NO_UNITS
) -> tuple[float | None, int]:
    """Returns the return of a frozen portfolio on the day until the midnight `end` (UTC ms), as a fraction of its
    equity, and the number of positions without a close of that midnight, which count as unchanged. None if no position
    has one.

    Closes of `daily` are in the present unit; the close of a frozen position is converted to it by the `units`.
    """
    if end not in daily.ends:
        return None, len(positions)
    row = daily.ends.index(end)
    total, missing = 0.0, 0
    for symbol, position in positions.items():
        close = daily.column(symbol)[row]
        if np.isfinite(close):
            ratio = float(ratio_since(end - DAY_MS, units.get(symbol, ())))
            total += position.weight * (close * ratio / position.close - 1.0)
        else:
            missing += 1
    return (total if missing < len(positions) else None), missing
