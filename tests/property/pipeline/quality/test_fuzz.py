"""Recorded frames broken in every way, through the parser and the inspector: nothing crashes, and whatever comes out
could be a market.

The suite tries some thousands; `FUZZ_FRAMES=100000 pytest tests/property/pipeline/quality` tries that many.
"""

import gzip
import itertools
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from core.decimals import is_plain
from pipeline.archive.gaps import sound
from pipeline.binance.events import BookTop, Event, MiniTicker
from pipeline.binance.stream_parse import parse_frame
from pipeline.bus.message import UnreadableMessage, decode, encode
from pipeline.market import Candle, Frame, Symbol, Tick, Trade
from pipeline.quality.inspector import FUTURE_MS, PAST_MS, Inspector
from pipeline.quality.reasons import DROPPED
from tests.fakes.mutations import mutations
from tests.fakes.quotes import SYMBOLS, calm_market

FRAMES = int(os.environ.get("FUZZ_FRAMES", "6000"))
NOW = 1_618_677_402_000
"""When the recording of 2021-04-17 ended."""

KINDS = (
    b'{"e":"24hrMiniTicker","E":1618677400000,"s":"BTCUSDT","c":"61000","o":"60000","h":"62000","l":"59000","q":"9"}',
    b'[{"e":"24hrMiniTicker","E":1618677401000,"s":"ETHUSDT","c":"2400","o":"2300","h":"2500","l":"2200","q":"18"}]',
    (
        b'{"e":"kline","s":"BTCUSDT","k":{"t":1618677300000,"i":"1m","o":"2","c":"3","h":"4","l":"1","v":"9","n":2,'
        b'"x":true,"q":"20"}}'
    ),
)


def recorded(shared_dir: Path) -> list[bytes]:
    lines: list[bytes] = list(KINDS) * 40
    for name in ("binance_ws_20210417.txt.gz", "binance_ws_20211012.txt.gz"):
        with gzip.open(shared_dir / "data" / "raw" / name) as file:
            lines += [line.partition(b": ")[2].rstrip() for line in file if line[:1].isdigit()]
    return lines


class Market:
    """Ticks and candles of whatever the parser believed."""

    def __init__(self) -> None:
        self.tops: dict[Symbol, BookTop] = {}

    def frame(self, events: tuple[Event, ...], now: int) -> Frame:
        ticks: list[Tick] = []
        for event in events:
            match event:
                case BookTop():
                    self.tops[event.symbol] = event
                    if event.bid:
                        ticks.append(Tick(event.symbol, now, event.bid, event.bid, event.bid_size, event.ask))
                case MiniTicker():
                    top = self.tops.get(event.symbol, BookTop(event.symbol, "", "", "", ""))
                    ticks.append(Tick(event.symbol, event.time, event.price, top.bid, top.bid_size, top.ask))
                case Trade():
                    ticks.append(Tick(event.symbol, event.time, event.price))
        return Frame(now, tuple(ticks), tuple(event for event in events if isinstance(event, Candle)))


class Believable:
    """Holds what comes out of an inspector to what a market can be."""

    def __init__(self) -> None:
        self.last: dict[Symbol, int] = {}
        self.passed = 0

    def check(self, frame: Frame, now: int) -> None:
        assert now - PAST_MS <= frame.time <= now + FUTURE_MS
        for tick in frame.ticks:
            numbers = (tick.price, tick.bid, tick.bid_size, tick.ask, tick.ask_size, *msgspec.structs.astuple(tick)[7:])
            assert all(is_plain(text) for text in numbers if text)
            assert all(Decimal(text) > 0 for text in (tick.price, tick.bid or "1", tick.ask or "1"))
            assert not (tick.bid and tick.ask) or Decimal(tick.bid) <= Decimal(tick.ask)
            assert self.last.get(tick.symbol, 0) < tick.time <= now + FUTURE_MS
            self.last[tick.symbol] = tick.time
            self.passed += 1
        assert all(map(sound, frame.candles))
        encode("binance", frame)


def test_mutated_recorded_frames_do_no_harm(shared_dir: Path) -> None:
    inspector, market, believable = Inspector(), Market(), Believable()
    dropped: Counter[str] = Counter()
    corpus = mutations(recorded(shared_dir), seed=20210417)
    for number, raw in enumerate(itertools.islice(corpus, FRAMES)):
        now = NOW + number * 50
        frame = market.frame(parse_frame(raw, now, dropped), now)
        believable.check(inspector.inspect(frame, now), now)
    assert believable.passed > FRAMES // 100
    assert len(dropped) >= 5, "the parser refused for several reasons"
    assert inspector.counts.total, "and the inspector some of what the parser believed"
    inspector.condition(NOW)


@pytest.mark.parametrize("known", [True, False])
def test_mutated_messages_do_no_harm(known: bool) -> None:  # noqa: FBT001
    """What has the shape of a frame, whatever its values: nothing before the inspector looks at those."""
    inspector, believable = Inspector(), Believable()
    if known:
        inspector.set_symbols(SYMBOLS)
    frames = list(calm_market(7, 130))
    corpus = mutations([encode("binance", frame) for frame in frames], seed=7)
    end, read = frames[-1].time, 0
    for raw in itertools.islice(corpus, FRAMES):
        try:
            frame = decode(raw).frame
        except UnreadableMessage:
            continue
        read += 1
        believable.check(inspector.inspect(frame, end), end)
    assert read > FRAMES // 10
    assert len(set(inspector.counts.total) & set(DROPPED)) >= 6
