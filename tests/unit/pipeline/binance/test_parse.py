import json
from collections import Counter
from typing import Any

import pytest

from pipeline.binance.events import BookTop, DepthDiff, DepthSnapshot, Event, MiniTicker, ServerShutdown, StreamReply
from pipeline.binance.stream_parse import parse_frame
from pipeline.market import Candle, Symbol, Trade

NOW = 1_617_647_700_000
BOOK = {"u": 7, "s": "ZILUSDT", "b": "0.21437000", "B": "2800.0", "a": "0.21449000", "A": "11400.0"}
AGG_TRADE = {"e": "aggTrade", "E": NOW, "s": "ZILUSDT", "a": 5, "p": "0.21448", "q": "2062.9", "f": 1, "l": 2, "T": NOW}
MINI = {
    "e": "24hrMiniTicker", "E": NOW, "s": "币安人生USDC",
    "c": "0.2", "o": "0.1", "h": "0.3", "l": "0.1", "v": "10", "q": "18",
}  # fmt: skip
BAR = {
    "t": NOW - 60_000, "T": NOW - 1, "s": "ZILUSDT", "i": "1m", "f": 1, "L": 2,
    "o": "2", "c": "3", "h": "4", "l": "1", "v": "9.5", "n": 2, "x": True, "q": "20", "V": "3.25", "Q": "0", "B": "0",
}  # fmt: skip
KLINE = {"e": "kline", "E": NOW, "s": "ZILUSDT", "k": BAR}
DIFF = {"e": "depthUpdate", "E": NOW, "s": "ZILUSDT", "U": 4, "u": 6, "b": [["1.0", "0"]], "a": [["2.0", "3"]]}
PARTIAL = {"lastUpdateId": 6, "bids": [["2", "1"], ["1", "5"]], "asks": [["3", "1"]]}


def parse(data: object, stream: str = "", now: int = NOW) -> tuple[tuple[Event, ...], Counter[str]]:
    dropped: Counter[str] = Counter()
    message = {"stream": stream, "data": data} if stream else data
    return parse_frame(json.dumps(message, ensure_ascii=False).encode(), now, dropped), dropped


@pytest.mark.parametrize(
    ("stream", "data", "event"),
    [
        ("zilusdt@bookTicker", BOOK, BookTop(Symbol("ZILUSDT"), "0.21437000", "2800.0", "0.21449000", "11400.0", 7)),
        ("zilusdt@aggTrade", AGG_TRADE, Trade(Symbol("ZILUSDT"), NOW, "0.21448", "2062.9", 5)),
        (
            "zilusdt@trade",
            {**AGG_TRADE, "e": "trade", "t": 9, "a": 88},
            Trade(Symbol("ZILUSDT"), NOW, "0.21448", "2062.9", 9),
        ),
        ("zilusdt@kline_1m", KLINE, Candle(Symbol("ZILUSDT"), NOW - 60_000, 2.0, 4.0, 1.0, 3.0, 9.5, 20.0, 2, 3.25)),
        (
            "zilusdt@depth@100ms",
            DIFF,
            DepthDiff(Symbol("ZILUSDT"), NOW, 4, 6, (("1.0", "0"),), (("2.0", "3"),)),
        ),
        (
            "币安人生usdc@miniTicker",
            MINI,
            MiniTicker(Symbol("币安人生USDC"), NOW, "0.2", "0.1", "0.3", "0.1", "18"),
        ),
    ],
)
def test_an_event_reads_the_same_combined_and_bare(stream: str, data: dict[str, Any], event: Event) -> None:
    assert parse(data, stream) == ((event,), Counter())
    assert parse(data) == ((event,), Counter())


def test_partial_depth_takes_its_symbol_from_the_stream() -> None:
    expected = DepthSnapshot(Symbol("ZILUSDT"), 6, (("2", "1"), ("1", "5")), (("3", "1"),))
    assert parse(PARTIAL, "zilusdt@depth20") == ((expected,), Counter())


def test_partial_depth_without_a_stream_belongs_to_nobody() -> None:
    assert parse(PARTIAL) == ((), Counter({"symbol": 1}))


def test_an_array_of_tickers_loses_only_its_bad_rows() -> None:
    rows = [MINI, {**MINI, "c": "NaN"}, {**MINI, "s": "BTCUSDC"}, {"s": 3}]
    events, dropped = parse(rows, "!miniTicker@arr")
    assert [event.symbol for event in events if isinstance(event, MiniTicker)] == ["币安人生USDC", "BTCUSDC"]
    assert dropped == Counter({"not a decimal": 1, "malformed": 1})
    assert parse(rows)[0] == events


def test_a_frame_of_too_many_rows_is_dropped_whole() -> None:
    assert parse([MINI, *[0] * 20_000], "!miniTicker@arr") == ((), Counter({"too many rows": 1}))


def test_only_a_closed_kline_is_a_candle() -> None:
    assert parse({**KLINE, "k": {**BAR, "x": False}}) == ((), Counter())


@pytest.mark.parametrize(("stated", "known"), [({"V": "9.5"}, 9.5), ({"V": "0"}, 0.0), ({"V": "9.500001"}, None)])
def test_takers_bought_no_more_than_the_volume(stated: dict[str, str], known: float | None) -> None:
    (candle,), dropped = parse({**KLINE, "k": {**BAR, **stated}})
    assert isinstance(candle, Candle)
    assert (candle.taker_volume, candle.volume, dropped) == (known, 9.5, Counter())


def test_a_taker_volume_that_is_no_number_is_an_invalid_field() -> None:
    for text in ("-1", "NaN", "1e3"):
        assert parse({**KLINE, "k": {**BAR, "V": text}}) == ((), Counter({"not a decimal": 1}))
    (candle,), _ = parse({**KLINE, "k": {name: value for name, value in BAR.items() if name != "V"}})
    assert isinstance(candle, Candle)
    assert candle.taker_volume is None


def test_replies_and_shutdown_notices_are_told_apart() -> None:
    assert parse({"result": None, "id": 3})[0] == (StreamReply(3, ""),)
    assert parse({"code": 2, "msg": "Invalid request", "id": 3})[0] == (StreamReply(3, "Invalid request"),)
    assert parse({"error": {"code": 3, "msg": "no"}, "id": 4})[0] == (StreamReply(4, '{"code": 3, "msg": "no"}'),)
    assert parse({"e": "serverShutdown", "E": NOW})[0] == (ServerShutdown(),)
    assert parse({"e": "serverShutdown", "E": NOW}, "!serverShutdown")[0] == (ServerShutdown(),)


def test_an_empty_side_of_a_book_is_not_known_rather_than_zero() -> None:
    empty = {**BOOK, "a": "0.00000000", "A": "0.00000000"}
    assert parse(empty)[0] == (BookTop(Symbol("ZILUSDT"), "0.21437000", "2800.0", "", "", 7),)


def test_prices_are_compared_as_numbers_not_as_text() -> None:
    wide = {**BOOK, "b": "9", "a": "10"}
    assert parse(wide)[0] == (BookTop(Symbol("ZILUSDT"), "9", "2800.0", "10", "11400.0", 7),)


def test_a_day_without_trades_has_no_range() -> None:
    quiet = {**MINI, "o": "0.000", "h": "0.000", "l": "0.000"}
    assert parse(quiet)[0] == (MiniTicker(Symbol("币安人生USDC"), NOW, "0.2", "", "", "", "18"),)


@pytest.mark.parametrize(
    "price", ["NaN", "Infinity", "-1", "+1", "1e3", "1_000", "１２", "", " 1", "1\n", "1.", ".5", "1" * 19]
)
@pytest.mark.parametrize(("data", "name"), [(BOOK, "b"), (AGG_TRADE, "p"), (MINI, "c")])
def test_a_price_that_is_no_plain_decimal_is_dropped(data: dict[str, Any], name: str, price: str) -> None:
    assert parse({**data, name: price}) == ((), Counter({"not a decimal": 1}))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({**AGG_TRADE, "p": "0.00"}, "zero price"),
        ({**MINI, "c": "0"}, "zero price"),
        ({**BOOK, "b": "0"}, "zero price"),
        ({**BOOK, "b": "0.3"}, "crossed book"),
        ({**BOOK, "b": "10", "a": "9"}, "crossed book"),
        ({**AGG_TRADE, "q": "0"}, "trade"),
        ({**AGG_TRADE, "a": -1}, "trade"),
        ({**AGG_TRADE, "T": NOW + 60_000}, "future time"),
        ({**AGG_TRADE, "T": -1}, "time"),
        ({**MINI, "E": NOW + 60_000}, "future time"),
        ({**KLINE, "k": {**BAR, "l": "3.5"}}, "candle"),
        ({**KLINE, "k": {**BAR, "h": "2.5"}}, "candle"),
        ({**KLINE, "k": {**BAR, "t": NOW - 30_000}}, "candle"),
        ({**KLINE, "k": {**BAR, "t": NOW}}, "future time"),
        ({**KLINE, "k": {**BAR, "i": "5m"}}, "other interval"),
        ({**KLINE, "k": {**BAR, "o": "inf"}}, "not a decimal"),
        ({**DIFF, "a": [["2", "-3"]]}, "not a decimal"),
        ({**DIFF, "a": [["0", "3"]]}, "zero price"),
        ({**DIFF, "U": 7}, "update id"),
        ({**BOOK, "s": "ZIL\u202eUSDT"}, "symbol"),
        ({**BOOK, "s": "ZIL USDT"}, "symbol"),
        ({**BOOK, "s": ""}, "symbol"),
        ({**BOOK, "b": 0.2}, "malformed"),
        ({"e": "avgPrice", "s": "ZILUSDT"}, "unknown event"),
        ({}, "unknown event"),
        ("text", "malformed"),
        (None, "malformed"),
    ],
)
def test_the_impossible_and_the_unknown_are_dropped_and_counted(data: object, reason: str) -> None:
    assert parse(data) == ((), Counter({reason: 1}))


@pytest.mark.parametrize(
    ("book", "reason"),
    [
        ({**PARTIAL, "asks": [["1.5", "1"]]}, "crossed book"),
        ({**PARTIAL, "bids": [["1", "5"], ["2", "1"]]}, "unsorted book"),
        ({**PARTIAL, "bids": [["1", "x"]]}, "not a decimal"),
        ({**PARTIAL, "bids": [["1"]]}, "malformed"),
    ],
)
def test_a_book_that_cannot_be_is_dropped(book: dict[str, Any], reason: str) -> None:
    assert parse(book, "zilusdt@depth20") == ((), Counter({reason: 1}))


@pytest.mark.parametrize("frame", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"data":' * 100_000, b"[1,", "\ud800"])
def test_bytes_that_are_no_json_are_dropped(frame: bytes | str) -> None:
    dropped: Counter[str] = Counter()
    assert parse_frame(frame, NOW, dropped) == ()
    assert dropped.total() == 1


def test_unknown_fields_do_no_harm() -> None:
    assert parse({**BOOK, "new": {"deep": [1]}}) == parse(BOOK)
