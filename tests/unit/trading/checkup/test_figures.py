"""The figures of an account, from what portfolio, orders, performance and limits say."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pipeline.market import Symbol
from tests.fakes.performance import sample_report
from trading.checkup.checks import check_up
from trading.checkup.figures import CoinKinds, account_figures, limit_figures, trading_figures
from trading.checkup.settings import CheckupSettings
from trading.limits.ports import LimitsOverview
from trading.limits.types import Limit, LimitKind, OwnLimit
from trading.orders.open_orders import OrderStatus
from trading.orders.records import OrderRecord
from trading.orders.terms import OrderTerms, OrderType
from trading.orders.types import Side
from trading.portfolio.positions import Holding, Mark, value_portfolio

A, GONE = Symbol("AUSDC"), Symbol("GONEUSDC")
NONE = LimitsOverview((), (), None)
D = Decimal


def order(terms: OrderTerms, status: OrderStatus = OrderStatus.NEW, *, triggered: bool = False) -> OrderRecord:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return OrderRecord(1, terms, status, "A", "USDC", terms.quantity, D(0), None, None, None, at, triggered=triggered)


def stop(quantity: str, **other: object) -> OrderTerms:
    return OrderTerms(A, Side.SELL, OrderType.STOP_LOSS, D(quantity), stop_price=D(50), **other)


HELD = value_portfolio(
    "USDC",
    D(500),
    D(1000),
    {(A, "A"): Holding(D(10), D(600)), (GONE, "GONE"): Holding(D(1), D(5))},
    {A: Mark(D(50), 2, stale=False)},
)


def figures(*orders: OrderRecord) -> float:
    (coin,) = account_figures(
        HELD, CoinKinds(tradable={A}), orders, NONE, risk=None, sales={A: 490.0}, report=None
    ).coins
    assert (coin.symbol, coin.share, coin.unrealised) == (A, 0.5, D(-100)), "a coin without a price is no part of it"
    assert coin.sale_cost == pytest.approx(0.02)
    assert coin.tradable
    return coin.stopped


def test_stops_cover_what_they_would_sell() -> None:
    assert figures() == 0
    assert figures(order(stop("4"))) == pytest.approx(0.4)
    assert figures(order(stop("8")), order(stop("9"))) == 1
    assert figures(order(OrderTerms(A, Side.SELL, OrderType.STOP_LOSS, D(5), trailing_delta=100))) == pytest.approx(0.5)


@pytest.mark.parametrize(
    "no_stop",
    [
        order(OrderTerms(A, Side.SELL, OrderType.TAKE_PROFIT, D(10), stop_price=D(60))),
        order(OrderTerms(A, Side.SELL, OrderType.LIMIT, D(10), limit_price=D(60))),
        order(OrderTerms(A, Side.BUY, OrderType.TAKE_PROFIT, D(10), stop_price=D(40))),
        order(stop("10"), OrderStatus.PENDING_NEW),
        order(stop("10"), triggered=True),
    ],
)
def test_other_orders_are_no_stops(no_stop: OrderRecord) -> None:
    assert figures(no_stop) == 0


def test_an_account_without_equity_has_no_coins_and_no_findings() -> None:
    empty = value_portfolio("USDC", D(0), D(1000), {(A, "A"): Holding(D(1), D(1000))}, {A: Mark(D(0), 2, stale=True)})
    made = account_figures(empty, CoinKinds(), (), NONE, risk=None, sales={}, report=sample_report(7, 1))
    assert made.coins == ()
    assert check_up(made, CheckupSettings()).findings == ()


def test_trades_are_those_of_the_report() -> None:
    report = sample_report(60, 60)
    made = trading_figures(report)
    known = [row.equity for row in report.days if row.equity is not None]
    assert made.fees == pytest.approx(float(report.money.fees) * len(known) / sum(known))
    assert (made.executions, made.turnover) == (report.executions, report.turnover)
    assert (made.sales, made.wins, made.losses) == (report.trades.count, report.trades.wins, report.trades.losses)
    assert made.days == pytest.approx(60, abs=1)


def test_the_stricter_limit_counts() -> None:
    own = [OwnLimit(LimitKind.COIN, D("0.5")), OwnLimit(LimitKind.ORDERS, D(9))]
    desk = [Limit(LimitKind.COIN, D("0.3"), 60, of_desk=True)]
    made = limit_figures(LimitsOverview(own, desk, None), 4)
    assert (made.coin, made.orders, made.open_orders, made.any_set) == (0.3, 9, 4, True)
    assert not limit_figures(NONE, 0).any_set
