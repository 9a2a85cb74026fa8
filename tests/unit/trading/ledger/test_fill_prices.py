"""Which fill prices an archived minute excludes."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trading.ledger.fill_price_audit import PricedOrder, Shown, complaint
from trading.orders.types import Side

D = Decimal
NOON = 1_617_624_000_000
MARKET = Shown(D(100), D(101), 40)
HONEST = PricedOrder(
    market="binance",
    side=Side.BUY,
    lowest=D("100.5"),
    highest=D("100.6"),
    from_book=True,
    price_time=NOON,
    price_age_ms=300,
    market_time=NOON + 300,
    shown=MARKET,
)


def filled(side: Side, lowest: str, highest: str = "", *, from_book: bool = False, trades: int = 40) -> PricedOrder:
    shown = replace(MARKET, trades=trades)
    return replace(HONEST, side=side, lowest=D(lowest), highest=D(highest or lowest), from_book=from_book, shown=shown)


@pytest.mark.parametrize(
    "order",
    [
        HONEST,
        filled(Side.BUY, "98"),
        filled(Side.BUY, "121.2"),
        filled(Side.SELL, "80"),
        filled(Side.SELL, "103.02"),
        filled(Side.BUY, "101", "151.5", from_book=True),
        filled(Side.SELL, "50", "100", from_book=True),
        filled(Side.BUY, "80", trades=0),
        filled(Side.SELL, "121.2", trades=0),
        replace(HONEST, shown=None, lowest=D(1), highest=D(1)),
    ],
)
def test_plausible_prices_pass(order: PricedOrder) -> None:
    assert complaint(order) is None


@pytest.mark.parametrize(
    "order",
    [
        filled(Side.BUY, "1"),
        filled(Side.BUY, "97.99"),
        filled(Side.BUY, "1", "100"),
        filled(Side.BUY, "121.3"),
        filled(Side.SELL, "79.9"),
        filled(Side.SELL, "103.03"),
        filled(Side.SELL, "100", "1000000"),
        filled(Side.BUY, "122", "130", from_book=True),
        filled(Side.BUY, "100", "151.6", from_book=True),
        filled(Side.SELL, "49.9", "100", from_book=True),
        filled(Side.BUY, "79.9", trades=0),
        filled(Side.SELL, "121.3", trades=0),
    ],
)
def test_impossible_prices_are_named(order: PricedOrder) -> None:
    assert "while the market was between 100 and 101" in (complaint(order) or "")


@pytest.mark.parametrize(("price_time", "age"), [(NOON - 86_400_000, 0), (NOON + 3_600_000, 0), (NOON, 3_600_000)])
def test_a_price_of_another_time_is_named(price_time: int, age: int) -> None:
    order = replace(HONEST, price_time=price_time, price_age_ms=age, shown=None)
    assert "the command of" in (complaint(order) or "")
    assert complaint(replace(order, market="replay:day")) is None


def test_a_sale_at_a_last_price_is_compared_with_its_own_time() -> None:
    day = 86_400_000
    exit_ = replace(filled(Side.SELL, "100.4"), price_time=NOON - day, price_age_ms=day)
    assert complaint(exit_) is None
