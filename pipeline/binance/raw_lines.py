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

from pipeline.binance.bodies import read_depth
from pipeline.binance.checks import Bad, check_symbol
from pipeline.binance.exchange_info import read_exchange_info
from pipeline.binance.parse import Dropped, Event, Reply, ServerShutdown, parse_frame
from pipeline.errors import MarketDown
from pipeline.market import Symbol
from pipeline.rules import SymbolRules

QUOTE_ASSETS = (
    "USDT", "USDC", "BTC", "ETH", "BNB", "BUSD", "FDUSD", "TUSD", "USDP", "USDS", "PAX", "DAI", "VAI",
    "EUR", "GBP", "AUD", "BRL", "TRY", "RUB", "UAH", "NGN", "ZAR", "IDRT", "BIDR", "BKRW", "BVND", "GYEN",
    "ARS", "COP", "CZK", "JPY", "MXN", "PLN", "RON", "TRX", "XRP", "DOGE",
)  # fmt: skip
"""Assets that Binance has quoted symbols in; the order settles ties."""


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """An event and when it was received, UTC ms."""

    time: int
    event: Event


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording in the order it was received; `rules` are those of the symbols the desk offers."""

    quote_asset: str
    rules: tuple[SymbolRules, ...]
    events: tuple[TimedEvent, ...]
    dropped: Counter[str]


def read_lines(lines: Iterable[bytes]) -> Recording:
    """All lines of a recording; only the symbols of its most frequent quote asset are kept."""
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
    return _choose(events, listed, dropped)


def split_symbol(symbol: Symbol) -> tuple[str, str] | None:
    """(base, quote) by the known quote assets, none of which ends in another; None where none fits."""
    for quote in QUOTE_ASSETS:
        if symbol.endswith(quote) and symbol != quote:
            return symbol.removesuffix(quote), quote
    return None


def _frame(line: bytes, dropped: Dropped) -> list[TimedEvent]:
    stamp, _, frame = line.partition(b": ")
    time = _time(stamp, dropped)
    if time is None:
        return []
    return [
        TimedEvent(time, event)
        for event in parse_frame(frame, time, dropped)
        if not isinstance(event, Reply | ServerShutdown)
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
    except (Bad, MarketDown):
        dropped["malformed"] += 1
        return []


def _listed(line: bytes, dropped: Dropped) -> dict[Symbol, SymbolRules]:
    body = line.partition(b" -> ")[2].partition(b": ")[2]
    try:
        return {rules.symbol: rules for rules in read_exchange_info(body, dropped).rules}
    except MarketDown:
        dropped["malformed"] += 1
        return {}


def _time(stamp: bytes, dropped: Dropped) -> int | None:
    try:
        return int(float(stamp) * 1000)
    except (ValueError, OverflowError):
        dropped["malformed"] += 1
        return None


def _choose(events: list[TimedEvent], listed: dict[Symbol, SymbolRules], dropped: Counter[str]) -> Recording:
    seen = sorted({_symbol(timed.event) for timed in events})
    rules = [r for r in (listed.get(symbol) or _made_up_rules(symbol) for symbol in seen) if r is not None]
    counts = Counter(r.quote for r in rules)
    quote = min(counts, key=lambda asset: (-counts[asset], _rank(asset), asset), default="")
    offered = tuple(r for r in rules if r.quote == quote)
    names = {r.symbol for r in offered}
    return Recording(quote, offered, tuple(t for t in events if _symbol(t.event) in names), dropped)


def _rank(asset: str) -> int:
    return QUOTE_ASSETS.index(asset) if asset in QUOTE_ASSETS else len(QUOTE_ASSETS)


def _symbol(event: Event) -> Symbol:
    if isinstance(event, Reply | ServerShutdown):
        return Symbol("")
    return event.symbol


def _made_up_rules(symbol: Symbol) -> SymbolRules | None:
    parts = split_symbol(symbol)
    return None if parts is None else SymbolRules(symbol, *parts)
