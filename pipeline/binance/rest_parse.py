"""REST bodies of Binance spot market data -> typed values. Pure.

A body that is not the documented shape raises MarketUnavailable: the answer is unusable as a whole.
A single row that is malformed or impossible is dropped and counted by reason.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec import Raw, Struct, field

from pipeline.binance.events import BookTop, DepthSnapshot, Dropped, MiniTicker
from pipeline.binance.stream_parse import checked_book_top, checked_mini_ticker, parse_depth
from pipeline.binance.validation import MOST_ROWS, InvalidField, check_price, check_symbol, checked_candle
from pipeline.errors import MarketUnavailable
from pipeline.market import Candle, Interval, Symbol, Time

Row = TypeVar("Row")


class _Time(Struct):
    server_time: Time = field(name="serverTime")


class _Ticker(Struct):
    symbol: Symbol
    last_price: str = field(name="lastPrice")
    open_price: str = field(name="openPrice")
    high_price: str = field(name="highPrice")
    low_price: str = field(name="lowPrice")
    quote_volume: str = field(name="quoteVolume")
    close_time: int = field(name="closeTime")


class _BookTicker(Struct):
    symbol: Symbol
    bid_price: str = field(name="bidPrice")
    bid_quantity: str = field(name="bidQty")
    ask_price: str = field(name="askPrice")
    ask_quantity: str = field(name="askQty")


class _Price(Struct):
    symbol: Symbol
    price: str


_KlineRow = tuple[int, str, str, str, str, str, int, str, int, str, str, str]

_TIME = msgspec.json.Decoder(_Time)
_ROWS = msgspec.json.Decoder(list[Raw])
_TICKER = msgspec.json.Decoder(_Ticker)
_BOOK_TICKER = msgspec.json.Decoder(_BookTicker)
_PRICE = msgspec.json.Decoder(_Price)
_KLINE_ROW = msgspec.json.Decoder(_KlineRow)


def read_server_time(body: bytes) -> int:
    """`/api/v3/time` -> UTC ms; raises MarketUnavailable."""
    try:
        return _TIME.decode(body).server_time
    except (msgspec.DecodeError, ValueError) as error:
        raise MarketUnavailable from error


def read_tickers(body: bytes, now: int, dropped: Dropped) -> list[MiniTicker]:
    """`/api/v3/ticker/24hr` of many symbols, FULL or MINI, -> tickers; raises MarketUnavailable."""

    def read(raw: Raw) -> MiniTicker:
        row = _TICKER.decode(raw)
        mini = MiniTicker(
            row.symbol,
            row.close_time,
            row.last_price,
            row.open_price,
            row.high_price,
            row.low_price,
            row.quote_volume,
        )
        return checked_mini_ticker(mini, now)

    return _each(body, read, dropped)


def read_book_tickers(body: bytes, dropped: Dropped) -> list[BookTop]:
    """`/api/v3/ticker/bookTicker` of many symbols -> tops of books; raises MarketUnavailable."""

    def read(raw: Raw) -> BookTop:
        row = _BOOK_TICKER.decode(raw)
        return checked_book_top(BookTop(row.symbol, row.bid_price, row.bid_quantity, row.ask_price, row.ask_quantity))

    return _each(body, read, dropped)


def read_prices(body: bytes, dropped: Dropped) -> dict[Symbol, str]:
    """`/api/v3/ticker/price` of many symbols -> last prices as decimal text; raises MarketUnavailable."""

    def read(raw: Raw) -> tuple[Symbol, str]:
        row = _PRICE.decode(raw)
        check_price(row.price)
        return check_symbol(row.symbol), row.price

    return dict(_each(body, read, dropped))


def read_klines(
    body: bytes, symbol: Symbol, interval: Interval, now: int, dropped: Dropped, *, span: tuple[int, int]
) -> list[Candle]:
    """`/api/v3/klines` -> the candles of it that have closed by `now`, oldest first; raises MarketUnavailable.

    Candles that do not open within the span [start, end) that was asked for, or repeat another, are dropped.
    """
    seen: set[int] = set()

    def read(raw: Raw) -> Candle | None:
        row = _KLINE_ROW.decode(raw)
        if not span[0] <= row[0] < span[1] or row[0] % interval.ms:
            raise InvalidField("not asked for")
        if row[0] in seen:
            raise InvalidField("repeated")
        if row[0] + interval.ms > now:
            return None
        texts = (row[1], row[2], row[3], row[4], row[5], row[7])
        candle = checked_candle(symbol, row[0], interval.ms, now, texts=texts, trades=row[8], taker_volume=row[9])
        seen.add(candle.open_time)
        return candle

    return sorted((c for c in _each(body, read, dropped) if c is not None), key=lambda candle: candle.open_time)


def read_depth(body: bytes, symbol: Symbol) -> DepthSnapshot:
    """`/api/v3/depth` -> the book; raises MarketUnavailable, also for a book that cannot be true."""
    try:
        return parse_depth(body, symbol)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise MarketUnavailable from error


def _each(body: bytes, read: Callable[[Raw], Row], dropped: Dropped) -> list[Row]:
    try:
        raws = _ROWS.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise MarketUnavailable from error
    if len(raws) > MOST_ROWS:
        raise MarketUnavailable
    rows: list[Row] = []
    for raw in raws:
        try:
            rows.append(read(raw))
        except InvalidField as bad:
            dropped[str(bad)] += 1
        except (msgspec.DecodeError, ValueError, RecursionError):
            dropped["malformed"] += 1
    return rows
