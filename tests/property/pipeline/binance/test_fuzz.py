"""Recorded frames, broken in every way: the parser drops, it never raises, and no price leaves it that is none."""

import gzip
import json
import random
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from core.decimals import is_plain
from pipeline.binance.events import BookTop, DepthDiff, DepthSnapshot, Event, MiniTicker
from pipeline.binance.stream_parse import parse_frame
from pipeline.market import Candle, Trade

NOW = 1_617_647_723_000
SEEDS = [
    b'{"stream":"zilusdt@bookTicker","data":{"u":1,"s":"ZILUSDT","b":"0.21","B":"2800.0","a":"0.22","A":"1.0"}}',
    b'{"e":"aggTrade","E":1617647603484,"s":"ZILUSDT","a":1,"p":"0.2","q":"2.9","f":2,"l":2,"T":1617647603483}',
    b'[{"e":"24hrMiniTicker","E":1617647603484,"s":"A","c":"2","o":"1","h":"3","l":"1","v":"1","q":"18"}]',
    b'{"e":"kline","s":"A","k":{"t":60000,"i":"1m","o":"2","c":"3","h":"4","l":"1","v":"9","n":2,"x":true,"q":"20"}}',
    b'{"stream":"a@depth20","data":{"lastUpdateId":1,"bids":[["1","2"]],"asks":[["2","3"]]}}',
    b'{"e":"depthUpdate","E":1617647603484,"s":"A","U":1,"u":2,"b":[["1","2"]],"a":[["2","3"]]}',
]
POISON = [
    b"NaN",
    b'"NaN"',
    b"-",
    b"1e999",
    b'"1e9"',
    b"null",
    b"[]",
    b"{}",
    b"\xff",
    b"\x00",
    b'"\xef\xbc\x91"',
    b"0",
    b'""',
]


def check(events: Iterable[Event]) -> None:
    """Whatever comes out can be believed."""
    for event in events:
        match event:
            case BookTop():
                prices, amounts = [event.bid, event.ask], [event.bid_size, event.ask_size]
                assert not (event.bid and event.ask) or Decimal(event.bid) <= Decimal(event.ask)
            case MiniTicker():
                prices, amounts = [event.price, event.open, event.high, event.low], [event.volume]
                assert event.price
            case Trade():
                prices, amounts = [event.price, event.quantity], []
                assert event.price
            case DepthDiff() | DepthSnapshot():
                prices = [price for price, _ in (*event.bids, *event.asks)]
                amounts = [quantity for _, quantity in (*event.bids, *event.asks)]
            case Candle():
                assert (
                    0 < event.low <= min(event.open, event.close) <= max(event.open, event.close) <= event.high < 1e18
                )
                continue
            case _:
                continue
        assert all(is_plain(text) and Decimal(text) > 0 for text in prices if text)
        assert all(is_plain(text) for text in amounts if text)


def mutate(frame: bytes, rng: random.Random) -> bytes:
    mutated = bytearray(frame)
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(mutated) + 1)
        match rng.randrange(5):
            case 0:
                mutated[place : place + rng.randint(1, 8)] = b""
            case 1:
                mutated[place:place] = rng.choice(POISON)
            case 2:
                mutated[place : place + 1] = bytes([rng.randrange(256)])
            case 3:
                end = min(place + rng.randint(1, 20), len(mutated))
                mutated[place:place] = mutated[place:end]
            case _:
                quotes = [i for i, byte in enumerate(mutated) if byte == ord('"')] or [0]
                place = rng.choice(quotes) + 1
                mutated[place : place + rng.randint(0, 3)] = rng.choice(POISON)
    return bytes(mutated)


def test_eighty_thousand_mutated_recorded_frames_do_no_harm(shared_dir: Path) -> None:
    rng = random.Random(20210405)  # noqa: S311 mutations, not secrets
    lines = []
    for name in ("binance_ws_20210417.txt.gz", "binance_ws_20211012.txt.gz"):
        with gzip.open(shared_dir / "data" / "raw" / name) as file:
            lines += [line.partition(b": ")[2] for line in file if line[:1].isdigit()]
    dropped: Counter[str] = Counter()
    for _ in range(80_000):
        frame, before = mutate(rng.choice(lines), rng), dropped.total()
        events = parse_frame(frame, NOW + 10**12, dropped)
        check(events)
        assert events or dropped.total() > before or b'"x":false' in frame, frame  # an open candle is no event
    assert dropped["malformed"] > 10_000
    assert dropped["not a decimal"] > 1_000


def test_mutated_frames_of_every_kind_do_no_harm() -> None:
    rng = random.Random(7)  # noqa: S311 mutations, not secrets
    dropped: Counter[str] = Counter()
    believed = 0
    for _ in range(6_000):
        events = parse_frame(mutate(rng.choice(SEEDS), rng), NOW, dropped)
        check(events)
        believed += len(events)
    assert believed > 100
    assert len(dropped) >= 5


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*"esubBaAtTpqkEcohlv", "data", "stream", "id", "lastUpdateId"]), inner, max_size=6
        )
    ),
    max_leaves=20,
)


@settings(max_examples=150)
@given(JSON)
def test_any_json_does_no_harm(message: object) -> None:
    check(parse_frame(json.dumps(message), NOW, Counter()))


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_do_no_harm(frame: bytes) -> None:
    check(parse_frame(frame, NOW, Counter()))
