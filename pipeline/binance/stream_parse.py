"""Parser of Binance spot's websocket frames to typed events. Pure; never raises for any input.

Source of the forms: Binance spot "WebSocket Streams". Malformed, impossible and unknown data is dropped, and counted by
reason in the Counter passed in. Prices stay the exchange's decimal text.
"""

from collections.abc import Callable

import msgspec
from msgspec import Raw, Struct, field

from pipeline.binance.events import (
    BookTop,
    DepthDiff,
    DepthSnapshot,
    Dropped,
    Event,
    MiniTicker,
    ServerShutdown,
    StreamReply,
)
from pipeline.binance.ticker_fast_path import are_plain, are_words
from pipeline.binance.validation import (
    FUTURE_MS,
    MOST_ROWS,
    InvalidField,
    WireLevel,
    check_amount,
    check_book,
    check_levels,
    check_not_crossed,
    check_price,
    check_symbol,
    check_time,
    checked_candle,
    is_zero,
    known_price,
    known_side,
)
from pipeline.market import MINUTE_MS, Candle, Symbol, Trade


class _Envelope(Struct):
    stream: str = ""
    data: Raw = field(default_factory=Raw)
    result: Raw = field(default_factory=Raw)
    error: Raw = field(default_factory=Raw)
    id: int | str | None = None
    msg: str = ""


class _Kind(Struct):
    name: str = field(name="e", default="")
    update_id: int | None = field(name="u", default=None)
    last_id: int | None = field(name="lastUpdateId", default=None)


class _AggTrade(Struct):
    symbol: str = field(name="s")
    time: int = field(name="T")
    price: str = field(name="p")
    quantity: str = field(name="q")
    trade_id: int = field(name="a")


class _SingleTrade(Struct):
    symbol: str = field(name="s")
    time: int = field(name="T")
    price: str = field(name="p")
    quantity: str = field(name="q")
    trade_id: int = field(name="t")


class _Bar(Struct):
    open_time: int = field(name="t")
    interval: str = field(name="i")
    open: str = field(name="o")
    high: str = field(name="h")
    low: str = field(name="l")
    close: str = field(name="c")
    volume: str = field(name="v")
    quote_volume: str = field(name="q")
    trades: int = field(name="n")
    closed: bool = field(name="x")
    taker_volume: str = field(name="V", default="")


class _Kline(Struct):
    symbol: str = field(name="s")
    bar: _Bar = field(name="k")


class _Partial(Struct):
    last_id: int = field(name="lastUpdateId")
    bids: tuple[WireLevel, ...]
    asks: tuple[WireLevel, ...]


def parse_frame(frame: bytes | str, now: int, dropped: Dropped) -> tuple[Event, ...]:
    """Parses one text frame, combined or bare, to its events; `now` (UTC ms, the server's clock) bounds their times."""
    try:
        whole = frame.encode() if isinstance(frame, str) else frame
        if whole.startswith(_TICKERS) and whole.endswith(b"}"):
            minis = _plain_mini_tickers(whole[len(_TICKERS) - 1 : -1], now)
            if minis:
                return minis
        data: bytes | Raw = whole
        stream = ""
        if not _is_array(data):
            envelope = _ENVELOPE.decode(data)
            if envelope.data:
                data, stream = envelope.data, envelope.stream
            elif _is_reply(envelope):
                return (_reply(envelope),)
        if _is_array(data):
            return _mini_tickers(data, now, dropped)
        return _single(data, stream, now, dropped)
    except InvalidField as bad:
        dropped[str(bad)] += 1
    except (msgspec.DecodeError, ValueError, RecursionError):
        dropped["malformed"] += 1
    return ()


def checked_mini_ticker(mini: MiniTicker, now: int) -> MiniTicker:
    """Returns the ticker, with zeros in the day's fields replaced by "" (unknown). Raises InvalidField."""
    check_symbol(mini.symbol)
    check_time(mini.time, now)
    check_price(mini.price)
    check_amount(mini.volume)
    day = (mini.open, mini.high, mini.low)
    known = (known_price(mini.open), known_price(mini.high), known_price(mini.low))
    return mini if known == day else MiniTicker(mini.symbol, mini.time, mini.price, *known, volume=mini.volume)


def checked_book_top(top: BookTop) -> BookTop:
    """Returns the top of the book, with "" for empty sides. Raises InvalidField."""
    check_symbol(top.symbol)
    bid, bid_size = known_side(top.bid, top.bid_size)
    ask, ask_size = known_side(top.ask, top.ask_size)
    check_not_crossed(bid, ask)
    if bid and ask:
        return top
    return BookTop(top.symbol, bid, bid_size, ask, ask_size, top.update_id)


def _is_array(data: bytes | Raw) -> bool:
    return bytes(memoryview(data)[:16]).lstrip()[:1] == b"["


def _is_reply(envelope: _Envelope) -> bool:
    return envelope.id is not None or bool(envelope.msg or envelope.result or envelope.error)


def _reply(envelope: _Envelope) -> StreamReply:
    error = envelope.msg or bytes(envelope.error).decode(errors="replace")
    return StreamReply(envelope.id, error[:200])


def _mini_tickers(data: bytes | Raw, now: int, dropped: Dropped) -> tuple[Event, ...]:
    minis = _plain_mini_tickers(bytes(data), now)
    if minis:
        return minis
    rows = _ROWS.decode(data)
    if not rows:
        raise InvalidField("empty")
    if len(rows) > MOST_ROWS:
        raise InvalidField("too many rows")
    found: list[Event] = []
    for raw in rows:
        try:
            found.append(checked_mini_ticker(_MINI.decode(raw), now))
        except InvalidField as bad:
            dropped[str(bad)] += 1
        except (msgspec.DecodeError, ValueError):
            dropped["malformed"] += 1
    return tuple(found)


def _plain_mini_tickers(data: bytes, now: int) -> tuple[MiniTicker, ...]:
    """Returns all tickers if each is in plain form and valid, at a fifth of the cost of single checks; otherwise
    none.
    """
    try:
        minis = _MINIS.decode(data)
    except (msgspec.DecodeError, ValueError):
        return ()
    if not minis:
        return ()
    times = [mini.time for mini in minis]
    prices = [mini.price for mini in minis]
    prices += [mini.open for mini in minis]
    prices += [mini.high for mini in minis]
    prices += [mini.low for mini in minis]
    sound = (
        min(times) > 0
        and max(times) <= now + FUTURE_MS
        and are_words([mini.symbol for mini in minis])
        and are_plain(prices, above_zero=True)
        and are_plain([mini.volume for mini in minis])
    )
    return minis if sound else ()


def _single(data: bytes | Raw, stream: str, now: int, dropped: Dropped) -> tuple[Event, ...]:
    kind = _KIND.decode(data)
    name = kind.name
    if not name and kind.update_id is not None:
        name = "bookTicker"
    if not name and kind.last_id is not None:
        return (_partial(data, stream),)
    reader = _READERS.get(name)
    if reader is None:
        dropped["unknown event"] += 1
        return ()
    event = reader(data, now)
    return () if event is None else (event,)


def _mini_ticker(data: bytes | Raw, now: int) -> MiniTicker:
    return checked_mini_ticker(_MINI.decode(data), now)


def _book_top(data: bytes | Raw, _now: int) -> BookTop:
    return checked_book_top(_BOOK.decode(data))


def _agg_trade(data: bytes | Raw, now: int) -> Trade:
    return _checked_trade(_AGG_TRADE.decode(data), now)


def _trade(data: bytes | Raw, now: int) -> Trade:
    return _checked_trade(_TRADE.decode(data), now)


def _checked_trade(wire: _AggTrade | _SingleTrade, now: int) -> Trade:
    check_time(wire.time, now)
    check_price(wire.price)
    check_amount(wire.quantity)
    if is_zero(wire.quantity) or wire.trade_id < 0:
        raise InvalidField("trade")
    return Trade(check_symbol(wire.symbol), wire.time, wire.price, wire.quantity, wire.trade_id)


def _kline(data: bytes | Raw, now: int) -> Candle | None:
    wire = _KLINE.decode(data)
    bar = wire.bar
    if not bar.closed:
        return None
    if bar.interval != "1m":
        raise InvalidField("other interval")
    texts = (bar.open, bar.high, bar.low, bar.close, bar.volume, bar.quote_volume)
    symbol = check_symbol(wire.symbol)
    return checked_candle(
        symbol, bar.open_time, MINUTE_MS, now, texts=texts, trades=bar.trades, taker_volume=bar.taker_volume
    )


def _diff(data: bytes | Raw, now: int) -> DepthDiff:
    diff = _DIFF.decode(data)
    check_symbol(diff.symbol)
    check_time(diff.time, now)
    if not 0 < diff.first_id <= diff.last_id:
        raise InvalidField("update id")
    check_levels(diff.bids)
    check_levels(diff.asks)
    return diff


def _partial(data: bytes | Raw, stream: str) -> DepthSnapshot:
    symbol = check_symbol(stream.partition("@")[0].upper())
    return parse_depth(data, symbol)


def parse_depth(data: bytes | Raw, symbol: Symbol) -> DepthSnapshot:
    """Parses a partial-depth frame or a REST depth body. Raises InvalidField or msgspec.DecodeError."""
    wire = _PARTIAL.decode(data)
    check_book(wire.bids, wire.asks)
    return DepthSnapshot(symbol, wire.last_id, wire.bids, wire.asks)


def _shutdown(_data: bytes | Raw, _now: int) -> ServerShutdown:
    return ServerShutdown()


_TICKERS = b'{"stream":"!miniTicker@arr","data":['
"""Beginning of a frame of all mini tickers, which is the most expensive one."""

_ENVELOPE = msgspec.json.Decoder(_Envelope)
_KIND = msgspec.json.Decoder(_Kind)
_ROWS = msgspec.json.Decoder(list[Raw])
_MINI = msgspec.json.Decoder(MiniTicker)
_MINIS = msgspec.json.Decoder(tuple[MiniTicker, ...])
_BOOK = msgspec.json.Decoder(BookTop)
_AGG_TRADE = msgspec.json.Decoder(_AggTrade)
_TRADE = msgspec.json.Decoder(_SingleTrade)
_KLINE = msgspec.json.Decoder(_Kline)
_DIFF = msgspec.json.Decoder(DepthDiff)
_PARTIAL = msgspec.json.Decoder(_Partial)

_READERS: dict[str, Callable[[bytes | Raw, int], Event | None]] = {
    "24hrMiniTicker": _mini_ticker,
    "bookTicker": _book_top,
    "aggTrade": _agg_trade,
    "trade": _trade,
    "kline": _kline,
    "depthUpdate": _diff,
    "serverShutdown": _shutdown,
}
