"""Reading Binance's frames: the array of all mini tickers, every value of it checked, and the smaller events.

Beside it, on the same bytes, the standard library's json, and orjson where it is installed, making dicts and checking
nothing.
"""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec

from bench.figure import Figure
from pipeline.binance.stream_parse import parse_frame

_NOW = 1_760_000_400_000
_SYMBOLS = 400
_BOOK = b'{"stream":"btcusdc@bookTicker","data":{"u":400900217,"s":"BTCUSDC","b":"25.35190000","B":"31.21000000",'
_BOOK += b'"a":"25.36520000","A":"40.66000000"}}'


@dataclass(frozen=True, slots=True)
class Size:
    """Rounds, of which the best counts, and how often the work is done in each."""

    rounds: int
    times: int


FULL = Size(rounds=7, times=50)
SMALL = Size(rounds=1, times=10)


def run(size: Size = FULL) -> list[Figure]:
    dropped: Counter[str] = Counter()
    per_second = partial(_per_second, size)
    frame = tickers(_SYMBOLS)
    odd = frame.replace(b'"S7USDC","c":"0', b'"S7USDC","c":"-')
    ours = per_second(lambda: parse_frame(frame, _NOW, dropped), _SYMBOLS)
    plain = per_second(lambda: json.loads(frame)["data"], _SYMBOLS)
    assert not dropped
    figures = [
        Figure("parse and check Binance's mini tickers, ticks/s a core", ours, "ticks/s", at_least=1_500_000),
        Figure("of it, against json to unchecked dicts", ours / plain, "x"),
        Figure(
            "one by one, with a bad one among them",
            per_second(lambda: parse_frame(odd, _NOW, dropped), 400),
            "ticks/s",
        ),
        Figure("parse and check best quotes, frames/s a core", per_second(_books, 100), "frames/s"),
    ]
    if find_spec("orjson"):
        loads = import_module("orjson").loads
        rival = per_second(lambda: loads(frame)["data"], _SYMBOLS)
        figures.append(Figure("mini tickers, against orjson to unchecked dicts", ours / rival, "x"))
    return figures


def tickers(count: int) -> bytes:
    """A frame as Binance writes it."""
    rows = [
        {
            "e": "24hrMiniTicker",
            "E": _NOW - n,
            "s": f"S{n}USDC",
            "c": f"{0.0024 * (n + 1):.8f}",
            "o": f"{0.0025 * (n + 1):.8f}",
            "h": f"{0.0026 * (n + 1):.8f}",
            "l": f"{0.0023 * (n + 1):.8f}",
            "v": f"{1_234.5 * (n + 1):.8f}",
            "q": f"{2_980.125 * (n + 1):.8f}",
        }
        for n in range(count)
    ]
    return json.dumps({"stream": "!miniTicker@arr", "data": rows}, separators=(",", ":")).encode()


def _books() -> None:
    dropped: Counter[str] = Counter()
    for _ in range(100):
        parse_frame(_BOOK, _NOW, dropped)


def _per_second(size: Size, work: Callable[[], object], rows: int) -> float:
    best = 0.0
    for _ in range(size.rounds):
        began = time.process_time()
        for _ in range(size.times):
            work()
        best = max(best, size.times * rows / (time.process_time() - began))
    return best
