"""Risk of a portfolio as it is now, and the record of its nightly VaR. Pure, for a thread: it takes milliseconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from pipeline.candles import Floats
from pipeline.market import Symbol
from trading.portfolio.daily_closes import DailyCloses
from trading.portfolio.nightly_risk import BENCHMARK_BASES, JudgedNight
from trading.risk.concentration import effective_number
from trading.risk.contributions import historical_es_contributions, shares
from trading.risk.covariance import cluster_order, correlation_of, shrunk_covariance
from trading.risk.coverage_tests import (
    TrafficLight,
    conditional_coverage,
    kupiec_pof,
    traffic_light,
    transitions,
    violations,
)
from trading.risk.gaps import fill_gaps, market_returns, simple_returns
from trading.risk.tables import CONFIDENCES, METHODS, MIN_DAYS, RiskMethod, es_table, var_table
from trading.risk.volatility import annualised, ewma_volatility, garman_klass

MIN_NIGHTS = 30
"""Fewest judged nights of which a record is shown."""

SHOWN_HORIZONS = (1, 10)
SHARE_CONFIDENCE = 0.95
RANGE_DAYS = 30
"""Days of candles behind a volatility by range."""


class RiskRecords(Protocol):
    """Judged nights of accounts (`RiskForecastStore`)."""

    async def record(self, account_id: int) -> Sequence[JudgedNight]:
        """Returns the newest judged nights of an account, oldest first. Raises DatabaseUnavailable."""


@dataclass(frozen=True, slots=True)
class CoinRisk:
    """Risk of one coin: its share of the equity and of the expected shortfall (NaN if there is none), its yearly
    volatility by EWMA and by the range of its candles, its beta to the market, and the days that are not its own.
    """

    symbol: Symbol
    weight: float
    share: float
    volatility: float
    range_volatility: float
    beta: float
    filled: int


@dataclass(frozen=True, slots=True)
class PortfolioRisk:
    """Risk of a portfolio, as fractions of its equity; tables of VaR and shortfall by horizon, (methods, confidences).

    `days` is the number of daily returns; below MIN_DAYS the tables are NaN. `correlation` is that of the coins in
    `order`, with similar ones side by side; `shrinkage` is the weight of no correlation in it.
    """

    days: int
    var: Mapping[int, Floats]
    shortfall: Mapping[int, Floats]
    volatility: float
    effective: float
    coins: tuple[CoinRisk, ...]
    order: tuple[Symbol, ...]
    correlation: Floats
    shrinkage: float

    @property
    def enough(self) -> bool:
        """True if there are days enough for figures."""
        return self.days >= MIN_DAYS


def portfolio_risk(weights: Mapping[Symbol, float], daily: DailyCloses, quote_asset: str) -> PortfolioRisk:
    """Returns the risk of positions with these shares of the equity, the rest of which is cash. Days on which a coin is
    unknown follow the market by its beta; a coin that `daily` lacks follows it on all days.
    """
    symbols = tuple(sorted(weights, key=lambda symbol: (-weights[symbol], symbol)))
    shares_of_equity = np.array([weights[symbol] for symbol in symbols])
    raw = simple_returns(np.stack([daily.column(symbol) for symbol in symbols], axis=1))
    benchmark = _benchmark(daily, quote_asset)
    filled = fill_gaps(np.column_stack([raw, benchmark]), market=len(symbols))
    known = np.flatnonzero(np.isfinite(raw).any(axis=1))
    returns = filled.returns[known[0] if len(known) else len(raw) :, : len(symbols)]
    portfolio = returns @ shares_of_equity
    covariance, shrinkage = shrunk_covariance(returns)
    order = cluster_order(correlation_of(covariance)) if np.isfinite(covariance).all() else list(range(len(symbols)))
    parts = shares(historical_es_contributions(shares_of_equity, returns, SHARE_CONFIDENCE))
    coins = tuple(
        CoinRisk(
            symbol,
            weights[symbol],
            float(parts[coin]),
            annualised(float(ewma_volatility(returns[:, coin]))),
            annualised(_range_volatility(daily, symbol)),
            float(filled.betas[coin]),
            int((~np.isfinite(raw[len(raw) - len(returns) :, coin])).sum()),
        )
        for coin, symbol in enumerate(symbols)
    )
    return PortfolioRisk(
        len(returns),
        {horizon: var_table(portfolio, horizon) for horizon in SHOWN_HORIZONS},
        {horizon: es_table(portfolio, horizon) for horizon in SHOWN_HORIZONS},
        annualised(float(ewma_volatility(portfolio))),
        effective_number(shares_of_equity),
        coins,
        tuple(symbols[coin] for coin in order),
        correlation_of(covariance)[np.ix_(order, order)],
        shrinkage,
    )


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """Record of one method at one confidence: nights with a figure, violations, the number that was to be expected, and
    the p-values of Kupiec's and of Christoffersen's conditional test.
    """

    method: RiskMethod
    confidence: float
    nights: int
    violations: int
    expected: float
    kupiec: float
    christoffersen: float
    light: TrafficLight


@dataclass(frozen=True, slots=True)
class NightlyRecord:
    """Record of the nightly VaR: judged nights, those left out because a close was missing, and the rows, none below
    MIN_NIGHTS nights.
    """

    nights: int
    left_out: int
    rows: tuple[CoverageRow, ...]


def nightly_record(nights: Sequence[JudgedNight]) -> NightlyRecord:
    """Returns the record of the nights whose closes were known at both ends."""
    sound = [night for night in nights if night.realised is not None and not night.doubtful]
    rows: list[CoverageRow] = []
    if len(sound) >= MIN_NIGHTS:
        realised = np.array([night.realised for night in sound], dtype=np.float64)
        figures = np.stack([night.figures for night in sound])
        for method, name in enumerate(METHODS):
            for level, confidence in enumerate(CONFIDENCES):
                row = coverage_row(name, confidence, realised, figures[:, method, level])
                rows += [row] if row.nights >= MIN_NIGHTS else []
    return NightlyRecord(len(sound), len(nights) - len(sound), tuple(rows))


def coverage_row(method: RiskMethod, confidence: float, realised: Floats, forecasts: Floats) -> CoverageRow:
    """Judges forecasts of VaR by the returns that came; nights without a forecast are left out."""
    made = np.isfinite(forecasts)
    failed = violations(realised[made], forecasts[made])
    nights, failures = len(failed), int(failed.sum())
    return CoverageRow(
        method,
        confidence,
        nights,
        failures,
        nights * (1.0 - confidence),
        kupiec_pof(failures, nights, confidence).p_value,
        conditional_coverage(failures, nights, transitions(failed), confidence).p_value,
        traffic_light(failures, nights, confidence),
    )


def _benchmark(daily: DailyCloses, quote_asset: str) -> Floats:
    """Returns the returns of the market: of the first of BENCHMARK_BASES that was read, else of the median coin."""
    returns = simple_returns(daily.closes)
    names = [Symbol(base + quote_asset) for base in BENCHMARK_BASES]
    column = next((daily.symbols.index(name) for name in names if name in daily.symbols), None)
    return market_returns(returns, column)


def _range_volatility(daily: DailyCloses, symbol: Symbol) -> float:
    if symbol not in daily.symbols:
        return np.nan
    place = daily.symbols.index(symbol)
    return garman_klass(*(each[-RANGE_DAYS:, place] for each in (daily.opens, daily.highs, daily.lows, daily.closes)))
