"""Wider candles from narrower ones."""

import msgspec

from pipeline.candles import CandleColumns, aggregate
from pipeline.market import MINUTE_MS, Candle, Interval, Symbol

ETH = Symbol("ETHUSDC")
HOUR = 3_600_000


def minute(index: int, price: float = 100.0) -> Candle:
    return Candle(ETH, index * MINUTE_MS, price, price + 2, price - 3, price + 1, 1.5, 150.0, 4)


def test_a_bucket_takes_the_first_open_the_last_close_the_extremes_and_the_sums() -> None:
    candles = [minute(5, 100), minute(6, 120), minute(7, 90)]
    assert aggregate(candles, Interval.M5, until=10 * MINUTE_MS) == [
        Candle(ETH, 5 * MINUTE_MS, 100, 122, 87, 91, 4.5, 450.0, 12),
    ]


def test_order_flow_of_a_bucket_is_known_if_that_of_each_minute_is() -> None:
    flow = [(0.5, 0.25), (1.0, -0.75), (0.0, None), (None, 0.5)]
    candles = [
        msgspec.structs.replace(minute(number), taker_volume=taken, quote_imbalance=imbalance)
        for number, (taken, imbalance) in zip((0, 1, 5, 10), flow, strict=True)
    ]
    found = aggregate(candles, Interval.M5, until=HOUR)
    assert [(each.taker_volume, each.quote_imbalance) for each in found] == [(1.5, -0.25), (0.0, None), (None, 0.5)]
    assert CandleColumns.of(candles).candles(ETH) == candles


def test_buckets_begin_at_multiples_of_the_interval_since_the_epoch() -> None:
    candles = [minute(i) for i in range(58, 123)]
    assert [c.open_time for c in aggregate(candles, Interval.H1, until=3 * HOUR)] == [0, HOUR, 2 * HOUR]


def test_a_bucket_that_has_not_closed_is_left_out() -> None:
    candles = [minute(i) for i in range(10)]
    assert len(aggregate(candles, Interval.M5, until=10 * MINUTE_MS)) == 2
    assert len(aggregate(candles, Interval.M5, until=10 * MINUTE_MS - 1)) == 1
    assert aggregate(candles, Interval.M5, until=5 * MINUTE_MS - 1) == []


def test_missing_minutes_leave_smaller_buckets_and_no_invented_ones() -> None:
    candles = [minute(0), minute(4), minute(16)]
    assert [(c.open_time, c.trades) for c in aggregate(candles, Interval.M5, until=HOUR)] == [
        (0, 8),
        (15 * MINUTE_MS, 4),
    ]


def test_the_same_interval_gives_the_same_candles() -> None:
    candles = [minute(i, 100 + i) for i in range(7)]
    assert aggregate(candles, Interval.M1, until=HOUR) == candles
    assert aggregate([], Interval.M1, until=HOUR) == []


def test_columns_are_cut_by_time() -> None:
    columns = CandleColumns.of([minute(i) for i in range(10)])
    assert columns.between(2 * MINUTE_MS, 5 * MINUTE_MS).open_time.tolist() == [2 * 60_000, 3 * 60_000, 4 * 60_000]
