"""Figures of an account for its checks, taken from its portfolio, risk, performance, orders and limits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean

import numpy as np

from pipeline.market import DAY_MS, Symbol
from trading.checkup.types import AccountFigures, CheckedCoin, Correlations, LimitFigures, TradingFigures
from trading.limits.ports import LimitsOverview
from trading.limits.types import LimitKind
from trading.orders.open_orders import OrderStatus
from trading.orders.records import OrderRecord
from trading.portfolio.positions import Portfolio
from trading.portfolio.risk_report import PortfolioRisk
from trading.reports.performance import PerformanceReport
from trading.risk.tables import MIN_DAYS

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class CoinKinds:
    """Symbols among the positions that stand for the quote asset's currency, that trade, and that are dust."""

    stable: Collection[Symbol] = ()
    tradable: Collection[Symbol] = ()
    dust: Collection[Symbol] = ()


def is_stop(order: OrderRecord) -> bool:
    """Tells whether the order sells coins that are held when the price falls: a stop or a trailing stop that waits."""
    return order.terms.stops_loss and not order.triggered and order.status is not OrderStatus.PENDING_NEW


def account_figures(
    portfolio: Portfolio,
    kinds: CoinKinds,
    orders: Sequence[OrderRecord],
    limits: LimitsOverview,
    *,
    risk: PortfolioRisk | None,
    sales: Mapping[Symbol, float],
    report: PerformanceReport | None,
) -> AccountFigures:
    """Returns the figures. `sales` are what positions would bring at once, without those of which that is unknown."""
    stopped: dict[Symbol, Decimal] = {}
    for order in orders:
        if is_stop(order):
            symbol = order.terms.symbol
            stopped[symbol] = stopped.get(symbol, ZERO) + order.quantity - order.filled
    shares = _risk_shares(risk)
    equity = float(portfolio.equity)
    coins: list[CheckedCoin] = []
    for position in portfolio.priced():
        symbol, value = position.symbol, float(position.value or ZERO)
        coins.append(
            CheckedCoin(
                symbol,
                value / equity,
                position.unrealised or ZERO,
                shares.get(symbol),
                float(min(stopped.get(symbol, ZERO) / position.quantity, Decimal(1))),
                max(1.0 - sales[symbol] / value, 0.0) if symbol in sales else None,
                stable=symbol in kinds.stable,
                tradable=symbol in kinds.tradable,
                dust=symbol in kinds.dust,
            )
        )
    return AccountFigures(
        tuple(coins),
        None if risk is None else _correlations(risk),
        None if report is None else trading_figures(report),
        limit_figures(limits, len(orders)),
    )


def _risk_shares(risk: PortfolioRisk | None) -> Mapping[Symbol, float]:
    if risk is None or not risk.enough:
        return {}
    return {coin.symbol: coin.share for coin in risk.coins if np.isfinite(coin.share)}


def _correlations(risk: PortfolioRisk) -> Correlations:
    values = {
        (one, other): float(risk.correlation[row, column])
        for row, one in enumerate(risk.order)
        for column, other in enumerate(risk.order)
        if row != column
    }
    return Correlations(risk.days, MIN_DAYS, values)


def trading_figures(report: PerformanceReport) -> TradingFigures:
    """Returns the figures of a report. The mean equity is that of its days."""
    known = [row.equity for row in report.days if row.equity is not None]
    mean = fmean(known) if known else 0.0
    return TradingFigures(
        days=(report.end - report.start) / DAY_MS,
        executions=report.executions,
        fees=float(report.money.fees) / mean if mean > 0 else None,
        turnover=report.turnover,
        sales=report.trades.count,
        wins=report.trades.wins,
        losses=report.trades.losses,
    )


def limit_figures(limits: LimitsOverview, open_orders: int) -> LimitFigures:
    """Returns the strictest limits in force."""
    every = [(limit.kind, limit.value) for limit in limits.own] + [(limit.kind, limit.value) for limit in limits.desk]
    values: dict[LimitKind, Decimal] = {}
    for kind, value in every:
        values[kind] = min(value, values.get(kind, value))
    coin, orders = values.get(LimitKind.COIN), values.get(LimitKind.ORDERS)
    return LimitFigures(
        coin=None if coin is None else float(coin),
        orders=None if orders is None else int(orders),
        open_orders=open_orders,
        any_set=bool(values),
        paused=None if limits.pause is None else limits.pause.kind,
    )
