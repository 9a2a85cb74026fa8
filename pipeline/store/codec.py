"""Contents of the market store's keys, as pure functions over bytes.

current_prices           hash   symbol -> last price, decimal text
last_update              hash   symbol -> the time of that price, UTC ms of the source's clock, as text
quotes                   hash   symbol -> the whole tick: its ten values after the symbol, separated by spaces
price_history:{symbol}   string a ring of 16-byte points: time int64, price float64, little endian; time 0: unused
history_counts           hash   symbol -> points ever written to its ring, which gives the next position
market:info              JSON of MarketInfo
market:rules             JSON of the SymbolRules of every symbol
market:rules_version     digest of market:rules: readers load the rules again when it changes
market:quality           hash   role -> the counters of its checks, JSON of pipeline.quality.publisher.QualitySnapshot
market:traded            sorted set of the symbols with open orders, each scored with the second of its expiry
market:run               JSON of StoreRun: the run and market that wrote all this; another run empties the store first

The ring needs no header: its times rise except for one step down, which is its start.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from pipeline.market import LATEST_MS, MarketInfo, Quote, Symbol, Tick
from pipeline.rules import MAX_SCALE, MIN_QUOTE_SCALE, STATUS, SymbolRules

log = logging.getLogger(__name__)

CURRENT_PRICES = "current_prices"
LAST_UPDATE = "last_update"
QUOTES = "quotes"
HISTORY_COUNTS = "history_counts"
INFO = "market:info"
RULES = "market:rules"
RULES_VERSION = "market:rules_version"
RUN = "market:run"
TRADED = "market:traded"
HISTORY_PREFIX = "price_history:"

LAYOUT_VERSION = 1
POINT = np.dtype([("time", "<i8"), ("price", "<f8")])
"""One point of `price_history:{symbol}`."""

Points = NDArray[np.void]
"""An array of POINT, oldest first."""

_SPACES_A_LINE = 10
_REMEMBERED_QUOTES = 1024
_PLAIN_PRICE = re.compile(r"(?=[0-9.]*[1-9])[0-9]{1,32}(?:\.[0-9]{1,32})?", re.ASCII).fullmatch
"""A decimal text above zero, without anything that Lua and Python might read differently."""
_LAST_TIME = 2**53
_LONGEST_TIME = 20  # digits
_FASTEST = 100_000  # of `ReplaySettings`
_DIGITS = 19
"""Digits of a figure before and after its point: one more than an exchange states, for means. The product of two
figures fits `core.decimals.EXACT`.
"""
_LABEL = re.compile(r"(SIMULATION|replay|REPLAY( [0-9]{4}-[0-9]{2}-[0-9]{2})?)?", re.ASCII).fullmatch
_NAME = re.compile(r"[\w./:\-]{1,100}").fullmatch
_LONGEST_MARKET = 200  # of the archive
_LONGEST_LINE = 1000
_LONGEST_QUOTE = 2000  # bytes
_SHOWN = 40
_INFO_DECODER = msgspec.json.Decoder(MarketInfo)
_RULES_DECODER = msgspec.json.Decoder(list[SymbolRules])


class StoreRun(msgspec.Struct, frozen=True):
    """Properties that must be equal for a stored run to be continued; otherwise the store is emptied."""

    market: str
    quote_asset: str
    label: str
    history_points: int
    layout: int = LAYOUT_VERSION

    @classmethod
    def of(cls, info: MarketInfo, history_points: int) -> "StoreRun":
        """Returns the run that this market writes."""
        return cls(info.market, info.quote_asset, info.label, history_points)


def continues(old: bytes | None, old_info: bytes | None, run: StoreRun, info: MarketInfo) -> bool:
    """True if `run` continues the stored one: it is the same market, and its clock has not gone back."""
    if old != encode(run) or old_info is None:
        return False
    try:
        return decode_info(old_info).source_ms <= info.source_ms
    except (ValueError, msgspec.DecodeError):  # another program wrote it
        return False


def encode(value: StoreRun | MarketInfo) -> bytes:
    """Returns the value as JSON."""
    return msgspec.json.encode(value)


def decode_info(raw: bytes) -> MarketInfo:
    """Returns the info of a value of `market:info`.

    Raises msgspec.DecodeError, and ValueError for impossible figures and texts. Whether its clock is at a possible time
    now, `MarketInfo.runs` returns.
    """
    info = _INFO_DECODER.decode(raw)
    times = (info.source_ms, info.wall_ms, info.cadence_ms, info.stale_after_ms)
    if not (all(0 <= time <= LATEST_MS for time in times) and 0 <= info.speed <= _FASTEST):
        raise ValueError("a time or the speed is out of bounds")
    if not (_LABEL(info.label) and _NAME(info.quote_asset)):  # users read both
        raise ValueError("the label or the quote asset is not one")
    if len(info.market) > _LONGEST_MARKET or "\0" in info.market or len(info.why) > _LONGEST_LINE:
        raise ValueError("the identity or the reason is not one")
    return info


def decode_time(raw: bytes | str) -> int:
    """Parses the text of a time or a count. Raises ValueError."""
    if len(raw) > _LONGEST_TIME or not 0 <= (time := int(raw)) <= _LAST_TIME:
        raise ValueError("out of bounds")
    return time


def encode_rules(rules: Sequence[SymbolRules]) -> tuple[bytes, bytes]:
    """Returns the JSON and its version, independent of the order of the rules."""
    raw = msgspec.json.encode(sorted(rules, key=lambda r: r.symbol))
    return raw, blake2b(raw, digest_size=8).hexdigest().encode()


def decode_rules(raw: bytes) -> list[SymbolRules]:
    """Returns the rules of a value of `market:rules`, without symbols whose names are none. Raises msgspec.DecodeError,
    and ValueError for impossible figures.
    """
    rules = _RULES_DECODER.decode(raw)
    for rule in rules:
        lots = [each for lot in (rule.lot, rule.market_lot) if lot for each in (lot.minimum, lot.maximum, lot.step)]
        bounds = [rule.notional.minimum, rule.notional.maximum] if rule.notional else []
        bounds += [rule.price_bounds.minimum, rule.price_bounds.maximum] if rule.price_bounds else []
        if percent := rule.percent_price:
            bounds += [percent.bid_up, percent.bid_down, percent.ask_up, percent.ask_down]
        if not all(_is_figure(each) and each >= 0 for each in (*lots, *bounds)):
            raise ValueError(f"a figure of {rule.symbol[:_SHOWN]!r} is out of bounds")
        if not all(each is None or (_is_figure(each) and each > 0) for each in (rule.tick_size, rule.last_price)):
            raise ValueError(f"a price of {rule.symbol[:_SHOWN]!r} is out of bounds")
        if not (0 <= rule.base_scale <= MAX_SCALE and MIN_QUOTE_SCALE <= rule.quote_scale <= MAX_SCALE):
            raise ValueError(f"a scale of {rule.symbol[:_SHOWN]!r} is out of bounds")
        if not all(0 <= count <= _LAST_TIME for count in _counts(rule)):
            raise ValueError(f"a count of {rule.symbol[:_SHOWN]!r} is out of bounds")
        if not (0 <= rule.delisted_at <= LATEST_MS and STATUS(rule.status)):
            raise ValueError(f"a time or the status of {rule.symbol[:_SHOWN]!r} is out of bounds")
    return [rule for rule in rules if _NAME(rule.symbol) and _NAME(rule.base) and _NAME(rule.quote)]


def _counts(rule: SymbolRules) -> Iterator[int]:
    yield from (rule.max_open_orders or 0, rule.max_algo_orders or 0)
    if rule.percent_price is not None:
        yield rule.percent_price.average_minutes
    if (trailing := rule.trailing_delta) is not None:
        yield from (trailing.minimum_above, trailing.maximum_above, trailing.minimum_below, trailing.maximum_below)


class Call(NamedTuple):
    """Data that one call of the script writes: the newest tick of each symbol and, for symbols with several ticks, the
    points before it. `counts` lists these symbols and how many points each has ("symbol count" lines); `points` are the
    points.
    """

    newest: Sequence[Tick]
    counts: bytes = b""
    points: bytes = b""


def calls(ticks: Sequence[Tick], limit: int) -> Iterator[Call]:
    """Splits the ticks, in order, into calls of at most `limit` symbols. Ticks that must be written one after the other
    (a time that does not rise, a price that is not a plain number) go into a later call.
    """
    left = ticks
    while left:
        if len({tick.symbol for tick in left}) == len(left):
            groups, left = [[tick] for tick in left], ()
        else:
            groups, left = _grouped(left)
        for start in range(0, len(groups), limit):
            yield _call(groups[start : start + limit])


def _grouped(ticks: Sequence[Tick]) -> tuple[list[list[Tick]], list[Tick]]:
    """Returns the ticks of each symbol as far as one call can write them, and the rest."""
    groups: dict[Symbol, list[Tick]] = {}
    later: set[Symbol] = set()
    rest: list[Tick] = []
    for tick in ticks:
        symbol = tick.symbol
        group = groups.get(symbol)
        if group is None:
            groups[symbol] = [tick]
            if not _PLAIN_PRICE(tick.price):
                later.add(symbol)
        elif tick.time > group[-1].time and symbol not in later and _PLAIN_PRICE(tick.price):
            group.append(tick)
        else:
            later.add(symbol)
            rest.append(tick)
    for group in groups.values():
        while len(group) > 1 and not _is_whole(_line(group[-1])):
            group.pop()
    return list(groups.values()), rest


def _call(groups: Sequence[Sequence[Tick]]) -> Call:
    several = [group for group in groups if len(group) > 1]
    counts = "".join(f"{group[0].symbol} {len(group) - 1}\n" for group in several)
    earlier = [tick for group in several for tick in group[:-1]]
    points = encode_points([tick.time for tick in earlier], [float(tick.price) for tick in earlier])
    return Call([group[-1] for group in groups], counts.encode(), points)


def encode_ticks(ticks: Sequence[Tick]) -> bytes:
    """Returns one line a tick, values separated by single spaces; a tick that would break its line is left out."""
    lines = [_line(tick) for tick in ticks]
    text = "".join(lines)
    if text.count(" ") != _SPACES_A_LINE * len(lines) or text.count("\n") != len(lines):
        whole = [line for line in lines if _is_whole(line)]
        log.warning("%d ticks contained spaces or line breaks and were left out", len(lines) - len(whole))
        text = "".join(whole)
    return text.encode()


def can_be_stored(tick: Tick) -> bool:
    """True if the tick fits on a line of its own and its price is a plain decimal above zero."""
    return _is_whole(_line(tick)) and _PLAIN_PRICE(tick.price) is not None


def _is_whole(line: str) -> bool:
    return line.count(" ") == _SPACES_A_LINE and line.count("\n") == 1


def _line(t: Tick) -> str:
    return (
        f"{t.symbol} {t.time} {t.price} {t.bid} {t.bid_size} {t.ask} {t.ask_size} "
        f"{t.open_24h} {t.high_24h} {t.low_24h} {t.volume_24h}\n"
    )


def decode_quote(symbol: Symbol, raw: bytes | None, info: MarketInfo, wall_ms: int) -> Quote | None:
    """Returns the quote in a value of `quotes`. Returns None if there is none, if its price is not a positive number,
    or if it is later than now by more than the age limit: it would never become stale.

    Its age is measured by the source's clock, read at `wall_ms`, and is never below zero.
    """
    if raw is None:
        return None
    try:
        time, last, figures = _figures(raw)
        age = info.now(wall_ms) - time
        if last is None or -age > info.stale_after_ms:
            return None
        return Quote(symbol, time, max(0, age), info.stale_after_ms, last, *figures)
    except (ValueError, TypeError):
        log.warning("the stored quote of %s is damaged", symbol)
        return None


@lru_cache(_REMEMBERED_QUOTES)
def _figures(raw: bytes) -> tuple[int, Decimal | None, tuple[Any, ...]]:
    """Returns time, price and the other figures of a quote. Cached, because a quote is read repeatedly until the next
    frame replaces it.

    Raises ValueError where a part is missing or out of bounds.
    """
    if len(raw) > _LONGEST_QUOTE:
        raise ValueError("too long")
    time, price, *rest = raw.decode().split(" ")
    last = _positive(price)
    bid, bid_size, ask, ask_size, *day = [_positive(value) if value else None for value in rest]
    return decode_time(time), last, (bid or last, bid_size or Decimal(0), ask or last, ask_size or Decimal(0), *day)


def _positive(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if _is_figure(number) and number > 0 else None


def _is_figure(number: Decimal) -> bool:
    """Returns whether a price, an amount or a turnover may have these digits: sums and products stay numbers."""
    if not number.is_finite():
        return False
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_DIGITS and number.adjusted() < _DIGITS


def decode_history(raw: bytes | None) -> Points:
    """Returns the points in a value of `price_history:{symbol}`, oldest first."""
    if raw is not None and len(raw) % POINT.itemsize:
        log.warning("a stored history is damaged")
        raw = None
    ring = np.frombuffer(raw or b"", POINT)
    used = ring[ring["time"] > 0]
    if not used.size:
        return used
    start = int(used["time"].argmax()) + 1
    return np.concatenate((used[start:], used[:start])) if start < used.size else used


def encode_points(times: Sequence[int], prices: Sequence[float]) -> bytes:
    """Returns the bytes of points for a history, oldest first."""
    points = np.empty(len(times), POINT)
    points["time"] = times
    points["price"] = prices
    return points.tobytes()
