"""Raw recordings of the public feed: text lines -> timed events. Pure.

Line forms:

    configuration: {...}                          the recorder's own settings
    <REST url> -> <unix time>: <JSON body>        one REST reply (exchangeInfo, depth)
    <wss url> <-> <unix time>                     a websocket was opened
    <unix time>: {"stream": ..., "data": ...}     one frame, as received
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from pipeline.binance.events import Dropped, Event, ServerShutdown, StreamReply
from pipeline.binance.exchange_info import read_exchange_info
from pipeline.binance.open_times import IMPOSSIBLE, number_to_milliseconds
from pipeline.binance.rest_parse import read_depth
from pipeline.binance.stream_parse import parse_frame
from pipeline.binance.validation import InvalidField, check_symbol
from pipeline.errors import MarketUnavailable
from pipeline.market import Symbol
from pipeline.quote_assets import bases_in, choose_quote
from pipeline.rules import SymbolRules


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """Event with the time at which it was received, UTC ms."""

    time: int
    event: Event


@dataclass(frozen=True, slots=True)
class Recording:
    """Recording in the order in which it was received. `rules` are those of the offered symbols, `left_out` the others.

    `quote_asset` is empty if it cannot be inferred from the names.
    """

    quote_asset: str
    rules: tuple[SymbolRules, ...]
    events: tuple[TimedEvent, ...]
    dropped: Counter[str]
    left_out: tuple[Symbol, ...] = ()


def read_lines(lines: Iterable[bytes], quote_asset: str = "") -> Recording:
    """Reads all lines of a recording. Keeps only the symbols of `quote_asset`, or of the most frequent one if empty."""
    dropped: Counter[str] = Counter()
    events: list[TimedEvent] = []
    listed: dict[Symbol, SymbolRules] = {}
    for line in lines:
        if line.startswith((b"configuration:", b"ws")):
            continue
        if not line.startswith(b"http"):
            events += _frame(line, dropped)
        elif b"/exchangeInfo" in line.partition(b" -> ")[0]:
            listed |= _listed(line, dropped)
        else:
            events += _depth(line, dropped)
    events.sort(key=lambda timed: timed.time)
    return _choose(events, listed, dropped, quote_asset)


def _frame(line: bytes, dropped: Dropped) -> list[TimedEvent]:
    stamp, _, frame = line.partition(b": ")
    time = _time(stamp, dropped)
    if time is None:
        return []
    return [
        TimedEvent(time, event)
        for event in parse_frame(frame, time, dropped)
        if not isinstance(event, StreamReply | ServerShutdown)
    ]


def _depth(line: bytes, dropped: Dropped) -> list[TimedEvent]:
    url, _, rest = line.partition(b" -> ")
    stamp, _, body = rest.partition(b": ")
    time = _time(stamp, dropped)
    asked = parse_qs(urlsplit(url.decode(errors="replace")).query).get("symbol", [""])[0]
    if time is None:
        return []
    try:
        return [TimedEvent(time, read_depth(body, check_symbol(asked)))]
    except (InvalidField, MarketUnavailable):
        dropped["malformed"] += 1
        return []


def _listed(line: bytes, dropped: Dropped) -> dict[Symbol, SymbolRules]:
    body = line.partition(b" -> ")[2].partition(b": ")[2]
    try:
        return {rules.symbol: rules for rules in read_exchange_info(body, dropped).rules}
    except MarketUnavailable:
        dropped["malformed"] += 1
        return {}


def _time(stamp: bytes, dropped: Dropped) -> int | None:
    try:
        time = number_to_milliseconds(float(stamp))
    except ValueError:
        time = IMPOSSIBLE
    if time == IMPOSSIBLE:
        dropped["malformed"] += 1
        return None
    return time


def _choose(
    events: list[TimedEvent], listed: dict[Symbol, SymbolRules], dropped: Counter[str], asked: str
) -> Recording:
    seen = sorted({_symbol(timed.event) for timed in events} - {Symbol("")})
    stated: dict[str, str] = {symbol: listed[symbol].quote for symbol in seen if symbol in listed}
    quote = asked or choose_quote(seen, stated) or ""
    bases = bases_in(seen, quote) if quote else {}
    rules = [
        listed[symbol] if symbol in listed else SymbolRules(symbol, bases[symbol], quote)
        for symbol in seen
        if (stated[symbol] == quote if symbol in stated else symbol in bases)
    ]
    names = {rule.symbol for rule in rules}
    return Recording(
        quote,
        tuple(rules),
        tuple(timed for timed in events if _symbol(timed.event) in names),
        dropped,
        tuple(symbol for symbol in seen if symbol not in names),
    )


def _symbol(event: Event) -> Symbol:
    if isinstance(event, StreamReply | ServerShutdown):
        return Symbol("")
    return event.symbol
