import json
from collections import Counter
from pathlib import Path

import pytest

from pipeline.binance.events import BookTop, DepthSnapshot, MiniTicker
from pipeline.binance.rest_parse import (
    read_book_tickers,
    read_depth,
    read_klines,
    read_prices,
    read_server_time,
    read_tickers,
)
from pipeline.errors import MarketUnavailable
from pipeline.market import Candle, Interval, Symbol

BTC = Symbol("BTCUSDC")
NOW = 1_617_647_700_000
EVER = (0, NOW + 60_000)
TICKER = {
    "symbol": "BTCUSDC", "openPrice": "1", "highPrice": "3", "lowPrice": "1", "lastPrice": "2",
    "volume": "5", "quoteVolume": "9", "openTime": 0, "closeTime": NOW, "firstId": 1, "lastId": 2, "count": 2,
}  # fmt: skip
BOOK = {"symbol": "BTCUSDC", "bidPrice": "1", "bidQty": "2", "askPrice": "3", "askQty": "4"}


def row(open_time: int, close: str = "2") -> list[object]:
    return [open_time, "1", "3", "1", close, "5", open_time + 59_999, "9", 7, "1", "2", "0"]


def test_rest_tickers_are_the_stream_s_tickers() -> None:
    dropped: Counter[str] = Counter()
    body = json.dumps([TICKER, TICKER | {"lastPrice": "0.00"}, {"symbol": "X"}]).encode()
    assert read_tickers(body, NOW, dropped) == [MiniTicker(BTC, NOW, "2", "1", "3", "1", "9")]
    assert dropped == Counter({"zero price": 1, "malformed": 1})


def test_rest_book_tickers_drop_crossed_books() -> None:
    dropped: Counter[str] = Counter()
    body = json.dumps([BOOK, BOOK | {"bidPrice": "4"}]).encode()
    assert read_book_tickers(body, dropped) == [BookTop(BTC, "1", "2", "3", "4")]
    assert dropped == Counter({"crossed book": 1})


def test_prices_are_read_by_symbol() -> None:
    dropped: Counter[str] = Counter()
    body = json.dumps([{"symbol": "BTCUSDC", "price": "2.5"}, {"symbol": "ETHUSDC", "price": "-1"}]).encode()
    assert read_prices(body, dropped) == {"BTCUSDC": "2.5"}


def test_the_candle_under_way_is_not_given() -> None:
    minute = NOW - NOW % 60_000
    body = json.dumps([row(minute - 60_000), row(minute - 120_000), row(minute)]).encode()
    candles = read_klines(body, BTC, Interval.M1, minute + 59_999, Counter(), span=EVER)
    assert [candle.open_time for candle in candles] == [minute - 120_000, minute - 60_000]
    assert candles[0] == Candle(BTC, minute - 120_000, 1.0, 3.0, 1.0, 2.0, 5.0, 9.0, 7, 1.0)
    assert len(read_klines(body, BTC, Interval.M1, minute + 60_000, Counter(), span=EVER)) == 3


def test_the_example_of_the_official_specification_is_read(shared_dir: Path) -> None:
    lines = (shared_dir / "specs" / "binance_spot_api.yaml").read_text("utf-8").splitlines()
    begin = next(n for n in range(lines.index("  /api/v3/klines:"), len(lines)) if lines[n].strip() == "example:") + 1
    example = [json.loads(line.strip().removeprefix("- ")) for line in lines[begin : begin + 12]]
    example[0] = minute = NOW - NOW % 60_000 - 60_000
    (candle,) = read_klines(json.dumps([example]).encode(), BTC, Interval.M1, NOW, Counter(), span=EVER)
    assert candle == Candle(
        BTC, minute, 0.0163479, 0.8, 0.015758, 0.015771, 148976.11427815, 2434.19055334, 308, 1756.87402397
    )


def test_an_impossible_kline_is_dropped() -> None:
    dropped: Counter[str] = Counter()
    assert read_klines(json.dumps([row(60_000, close="4")]).encode(), BTC, Interval.M1, NOW, dropped, span=EVER) == []
    assert dropped == Counter({"candle": 1})


def test_klines_outside_of_the_span_that_was_asked_for_are_dropped() -> None:
    dropped: Counter[str] = Counter()
    start, end = 1_617_645_600_000, 1_617_645_720_000
    times = (60_000, start - 60_000, start, start + 60_000, start + 60_000, end, end + 60_000, 10**18)
    body = json.dumps([row(time) for time in times]).encode()
    candles = read_klines(body, BTC, Interval.M1, NOW, dropped, span=(start, end))
    assert [candle.open_time for candle in candles] == [start, start + 60_000]
    assert dropped == Counter({"not asked for": 5, "repeated": 1})


def test_a_kline_between_two_times_of_its_interval_is_dropped() -> None:
    dropped: Counter[str] = Counter()
    hour = 1_617_642_000_000
    body = json.dumps([row(hour - 3_600_000), row(hour - 60_000)]).encode()
    assert len(read_klines(body, BTC, Interval.H1, NOW, dropped, span=(0, NOW))) == 1
    assert dropped == Counter({"not asked for": 1})


def test_depth_is_a_snapshot() -> None:
    body = b'{"lastUpdateId":3,"bids":[["1","2"]],"asks":[["2","3"]]}'
    assert read_depth(body, BTC) == DepthSnapshot(BTC, 3, (("1", "2"),), (("2", "3"),))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"code":-1121,"msg":"Invalid symbol."}',
        b"[" * 100_000,
        pytest.param(b"[%s1]" % (b"1," * 20_000), id="too many rows"),
    ],
)
def test_an_unusable_body_means_the_market_is_down(body: bytes) -> None:
    for read in (
        lambda: read_tickers(body, NOW, Counter()),
        lambda: read_book_tickers(body, Counter()),
        lambda: read_klines(body, BTC, Interval.M1, NOW, Counter(), span=EVER),
        lambda: read_depth(body, BTC),
        lambda: read_server_time(body),
    ):
        with pytest.raises(MarketUnavailable):
            read()


@pytest.mark.parametrize("time", [-1, 253_402_300_800_000, 2**63, pytest.param(10**400, id="of 400 digits")])
def test_an_impossible_server_time_is_refused(time: int) -> None:
    with pytest.raises(MarketUnavailable):
        read_server_time(b'{"serverTime":%d}' % time)
