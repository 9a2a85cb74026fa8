"""Whole arrays of tickers, which are read at once where they are plain: never otherwise than one by one."""

import json
import random
from collections import Counter

import pytest

from pipeline.binance import stream_parse
from pipeline.binance.events import MiniTicker
from pipeline.binance.stream_parse import parse_frame
from tests.property.pipeline.binance.test_fuzz import check, mutate

NOW = 1_617_647_723_000


def row(**changes: object) -> dict[str, object]:
    plain = {"e": "24hrMiniTicker", "E": NOW, "s": "BTCUSDC", "c": "2.50", "o": "1.00", "h": "3.00", "l": "0.10"}
    return plain | {"v": "9.00", "q": "0.00"} | changes


def frame_of(*rows: object, combined: bool = True) -> bytes:
    message = {"stream": "!miniTicker@arr", "data": rows} if combined else rows
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()


def read(frame: bytes, *, at_once: bool) -> tuple[object, Counter[str]]:
    dropped: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        if not at_once:
            patch.setattr(stream_parse, "_plain_mini_tickers", lambda _data, _now: ())
        return parse_frame(frame, NOW, dropped), dropped


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ({"c": "0.00"}, "zero price"),
        ({"c": "NaN"}, "not a decimal"),
        ({"c": "1e5"}, "not a decimal"),
        ({"c": "-1.0"}, "not a decimal"),
        ({"c": ".5"}, "not a decimal"),
        ({"c": "5."}, "not a decimal"),
        ({"c": "1.2.3"}, "not a decimal"),
        ({"c": ""}, "not a decimal"),
        ({"c": "１.５"}, "not a decimal"),
        ({"c": "1\n2.0"}, "not a decimal"),
        ({"c": "1" * 19 + ".0"}, "not a decimal"),
        ({"h": "1." + "0" * 19}, "not a decimal"),
        ({"q": "x"}, "not a decimal"),
        ({"E": 0}, "time"),
        ({"E": NOW + 60_000}, "future time"),
        ({"s": ""}, "symbol"),
        ({"s": "A B"}, "symbol"),
        ({"s": "A" * 41}, "symbol"),
        ({"s": 7}, "malformed"),
    ],
)
def test_one_odd_ticker_among_plain_ones_is_dropped_alone(odd: dict[str, object], reason: str) -> None:
    events, dropped = read(frame_of(row(), row(**odd), row(s="币安人生USDC")), at_once=True)
    assert [event.symbol for event in events] == ["BTCUSDC", "币安人生USDC"]
    assert dropped == Counter({reason: 1})


def test_a_zero_is_found_at_the_very_beginning() -> None:
    events, dropped = read(frame_of(row(c="0.00"), row(s="ETHUSDC")), at_once=True)
    assert ([event.symbol for event in events], dropped) == (["ETHUSDC"], Counter({"zero price": 1}))


def test_plain_tickers_are_read_at_once_and_as_one_by_one() -> None:
    frame = frame_of(row(), row(s="1INCHUSDC", c="0.00000001"), row(s="币安人生USDC", q="123456789012.00000000"))
    events, dropped = read(frame, at_once=True)
    assert (events, dropped) == read(frame, at_once=False)
    assert not dropped
    assert stream_parse._plain_mini_tickers(frame_of(row(), combined=False), NOW) == (events[0],)


def test_a_day_that_is_not_known_is_empty() -> None:
    events, _ = read(frame_of(row(), row(o="0.00", l="0.00")), at_once=True)
    assert [(e.open, e.high, e.low) for e in events if isinstance(e, MiniTicker)] == [
        ("1.00", "3.00", "0.10"),
        ("", "3.00", ""),
    ]


def test_tens_of_thousands_of_mutated_arrays_are_read_as_one_by_one_and_each_loss_is_counted() -> None:
    rng = random.Random(17)  # noqa: S311 mutations, not secrets
    rows = [row(s=f"S{n}USDC", c=f"{rng.uniform(0.1, 9e4):.8f}", E=NOW - n) for n in range(4)]
    frames = [frame_of(*rows), frame_of(*rows, combined=False), frame_of(row(E=NOW))]
    lost = 0
    for _ in range(15_000):
        frame = mutate(rng.choice(frames), rng)
        events, dropped = read(frame, at_once=True)
        assert (events, dropped) == read(frame, at_once=False), frame
        check(events)
        assert events or dropped.total(), frame
        lost += dropped.total()
    assert lost > 5_000
