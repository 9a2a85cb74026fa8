"""Trades along the path of a candle."""

from decimal import Decimal

import pytest

from pipeline.market import MINUTE_MS, Symbol
from pipeline.replay.path_trades import path_trades

BTC = Symbol("BTCUSDT")
Prices = tuple[float, float, float, float]


def path(prices: Prices, volume: float = 8.0) -> list[tuple[int, str, str]]:
    trades = list(path_trades(BTC, 60_000, MINUTE_MS, prices, volume))
    assert [trade.trade_id for trade in trades] == [trade.time for trade in trades]
    return [(trade.time - 60_000, trade.price, trade.quantity) for trade in trades]


def test_a_candle_that_rose_was_at_its_low_first() -> None:
    assert path((100.0, 103.0, 99.5, 102.0)) == [
        (0, "100", "2"),
        (20_000, "99.5", "2"),
        (40_000, "103", "2"),
        (59_999, "102", "2"),
    ]


def test_a_candle_that_fell_was_at_its_low_first_too() -> None:
    assert [price for _, price, _ in path((102.0, 103.0, 99.5, 100.0))] == ["102", "99.5", "103", "100"]


def test_each_trade_says_where_its_price_came_from() -> None:
    trades = path_trades(BTC, 60_000, MINUTE_MS, (102.0, 103.0, 99.5, 100.0), 8.0)
    assert [trade.path_from for trade in trades] == ["102", "102", "99.5", "103"]


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        ((100.0, 100.0, 100.0, 100.0), [(0, "100", "2"), (20_000, "100", "6")]),
        ((100.0, 103.0, 100.0, 103.0), [(0, "100", "2"), (20_000, "100", "2"), (40_000, "103", "4")]),
        ((102.0, 102.0, 99.0, 102.0), [(0, "102", "2"), (20_000, "99", "2"), (40_000, "102", "4")]),
    ],
)
def test_neighbours_at_one_price_are_one_trade_behind_the_open(
    prices: Prices, expected: list[tuple[int, str, str]]
) -> None:
    assert path(prices) == expected


@pytest.mark.parametrize("volume", [187575.7, 0.1, 1e-8, 3.3333333333333335])
def test_the_volume_is_divided_among_them(volume: float) -> None:
    sizes = [Decimal(size) for _, _, size in path((0.21414, 0.21464, 0.21410, 0.21455), volume)]
    assert float(sum(sizes)) == pytest.approx(volume, rel=1e-15)


@pytest.mark.parametrize("volume", [0.0, 1e-19])
def test_what_has_no_volume_has_no_trades(volume: float) -> None:
    assert path((100.0, 103.0, 99.5, 102.0), volume) == []
