"""The fake exchange's market as a recording of the real one: its frames byte for byte, then again and again, later.

Each pass after the first is the recording moved by its own length, times and ids with it. Last prices, candles and tops
of books follow from what was recorded, so the streams, REST and whoever checks a desk against them agree.
"""

import gzip
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.market import MINUTE_MS
from tests.fakes.binance_market import DAY_MS, FakeMarket

RECORDING = "binance_ws_rest_20210405.txt.gz"
PASS_MS = 2 * MINUTE_MS
IDS_A_PASS = 1_000_000_000
KINDS = ("bookTicker", "aggTrade")


@dataclass(frozen=True)
class Received:
    """A frame as it was received, UTC ms."""

    time: int
    stream: str
    frame: bytes
    data: dict[str, Any]


class RecordedMarket(FakeMarket):
    """`first` is when the recording begins, UTC ms; symbols outside `unlisted` trade then."""

    def __init__(self, folder: Path, unlisted: Sequence[str] = ()) -> None:
        received = list(read_frames(folder / RECORDING))
        self.first = received[0].time
        symbols = sorted({frame.data["s"] for frame in received})
        super().__init__({symbol: "TRADING" for symbol in symbols if symbol not in unlisted})
        self._received = received
        self._times = [frame.time for frame in received]
        self._books: dict[str, list[Received]] = defaultdict(list)
        self._trades: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for frame in received:
            if frame.stream.endswith("@bookTicker"):
                self._books[frame.data["s"]].append(frame)
            else:
                self._trades[frame.data["s"]].append(frame.data)
        for trades in self._trades.values():
            trades.sort(key=lambda trade: (trade["T"], trade["a"]))
        self._traded = {symbol: [trade["T"] for trade in trades] for symbol, trades in self._trades.items()}
        self.odd = False
        self._away: dict[str, list[list[int]]] = {symbol: [[0, 1 << 60]] for symbol in unlisted}

    def set_status(self, symbol: str, status: str, now: int) -> None:
        """What happens while a symbol does not trade does not happen."""
        away = self._away.setdefault(symbol, [])
        if status == "TRADING" and away and away[-1][1] > now:
            away[-1][1] = now
        elif status != "TRADING":
            away.append([now, 1 << 60])
        self.statuses[symbol] = status

    def price(self, symbol: str, time: int) -> str:
        for trade in self._trades_back(symbol, time):
            if not self._is_away(symbol, trade["T"]):
                return str(trade["p"])
        trades = self._trades[symbol]
        return str(trades[0]["p"] if trades else self._books[symbol][0].data["b"])

    def top(self, symbol: str, time: int) -> tuple[str, str, str, str]:
        data = self._book_at(symbol, time)
        return data["b"], data["B"], data["a"], data["A"]

    def tops(self, symbol: str, start: int, end: int) -> set[tuple[str, str, str, str]]:
        """Every top of the book between the two times."""
        found = {self.top(symbol, start)}
        for frame in self._between(start, end):
            if frame.stream == f"{symbol.lower()}@bookTicker":
                found.add((frame.data["b"], frame.data["B"], frame.data["a"], frame.data["A"]))
        return found

    def prices(self, symbol: str, start: int, end: int) -> set[str]:
        """Every last price between the two times."""
        return {self.price(symbol, start), *(str(t["p"]) for t in self._trades_in(symbol, start, end))}

    def ticker(self, symbol: str, now: int, *, full: bool) -> dict[str, Any]:
        trades = self._trades_in(symbol, now - DAY_MS, now)
        prices = [trade["p"] for trade in trades] or [self.price(symbol, now)]
        row = super().ticker(symbol, now, full=full)
        row |= {
            "openPrice": prices[0],
            "highPrice": max(prices, key=Decimal),
            "lowPrice": min(prices, key=Decimal),
            "quoteVolume": f"{sum(Decimal(t['p']) * Decimal(t['q']) for t in trades):.8f}",
        }
        return row

    def kline(self, symbol: str, open_time: int, now: int) -> list[Any]:
        trades = self._trades_in(symbol, open_time - 1, min(now, open_time + MINUTE_MS - 1))
        prices = [trade["p"] for trade in trades] or [self.price(symbol, open_time)]
        volume = sum((Decimal(trade["q"]) for trade in trades), Decimal(0))
        quote = sum((Decimal(trade["p"]) * Decimal(trade["q"]) for trade in trades), Decimal(0))
        high, low = max(prices, key=Decimal), min(prices, key=Decimal)
        texts = [prices[0], high, low, prices[-1], f"{volume:.8f}"]
        return [open_time, *texts, open_time + MINUTE_MS - 1, f"{quote:.8f}", len(trades), "0.0", "0.0", "0"]

    def mini_event(self, symbol: str, now: int) -> dict[str, Any]:
        """While the market is odd, with fields that nobody has heard of."""
        return super().mini_event(symbol, now) | ({"zz": {"n": [1, None]}} if self.odd else {})

    def klines(self, params: dict[str, str], now: int) -> list[list[Any]]:
        symbol = params["symbol"]
        return [row for row in super().klines(params, now) if self.has_minute(symbol, row[0])]

    def has_minute(self, symbol: str, open_time: int) -> bool:
        """Whether the symbol traded at any time of the minute."""
        return not any(start <= open_time and open_time + MINUTE_MS <= end for start, end in self._away.get(symbol, ()))

    def events(self, since: int, now: int) -> list[tuple[str, Any]]:
        """Like the exchange's, the array has only those tickers that changed, and one that always does."""
        trading = {symbol for symbol, status in self.statuses.items() if status == "TRADING"}
        events: list[tuple[str, Any]] = [
            (frame.stream, frame.frame) for frame in self._between(since, now) if frame.data["s"] in trading
        ]
        for open_time in range(since - since % MINUTE_MS, now - MINUTE_MS + 1, MINUTE_MS):
            events += [(f"{s.lower()}@kline_1m", self.kline_event(s, open_time, now)) for s in sorted(trading)]
        changed = [s for s in sorted(trading) if s == "ZILUSDT" or self._trades_in(s, since, now)]
        return [*events, ("!miniTicker@arr", [self.mini_event(symbol, now) for symbol in changed])]

    # -- the recording, pass after pass ------------------------------------------------------------

    def _between(self, since: int, now: int) -> Iterator[Received]:
        """What was received after `since`, up to `now`."""
        for number in range(max(0, (since - self.first) // PASS_MS), max(0, (now - self.first) // PASS_MS) + 1):
            moved = number * PASS_MS
            start, end = (bisect_right(self._times, time - moved) for time in (since, now))
            for frame in self._received[start:end]:
                yield later(frame, number)

    def _book_at(self, symbol: str, time: int) -> dict[str, Any]:
        books = self._books[symbol]
        number = max(0, (time - self.first) // PASS_MS)
        before = [book for book in books if book.time + number * PASS_MS <= time]
        if before:
            return later(before[-1], number).data
        return later(books[-1], number - 1).data if number else books[0].data

    def _trades_in(self, symbol: str, since: int, now: int) -> list[dict[str, Any]]:
        """Trades after `since` up to `now`, oldest first, without those that did not happen."""
        passes = range(max(0, (since - self.first) // PASS_MS - 1), max(0, (now - self.first) // PASS_MS) + 2)
        happened = []
        for moved in (number * PASS_MS for number in passes):
            start, end = (bisect_right(self._traded.get(symbol, []), time - moved) for time in (since, now))
            happened += [
                (trade["T"] + moved, moved, n, trade) for n, trade in enumerate(self._trades[symbol][start:end])
            ]
        return [trade for time, _, _, trade in sorted(happened, key=lambda h: h[:3]) if not self._is_away(symbol, time)]

    def _trades_back(self, symbol: str, time: int) -> Iterator[dict[str, Any]]:
        """Trades up to `time`, newest first, whether they happened or not; `T` is when."""
        for number in range(max(0, (time - self.first) // PASS_MS) + 1, -1, -1):
            end = bisect_right(self._traded.get(symbol, []), time - number * PASS_MS)
            for trade in reversed(self._trades[symbol][:end]):
                yield trade | {"T": trade["T"] + number * PASS_MS}

    def _is_away(self, symbol: str, time: int) -> bool:
        return any(start <= time < end for start, end in self._away.get(symbol, ()))


def read_frames(path: Path) -> Iterator[Received]:
    """The frames of the kinds that a desk follows, in the order they were received."""
    with gzip.open(path) as lines:
        for line in lines:
            stamp, _, frame = line.rstrip().partition(b": ")
            if not line[:1].isdigit() or not any(f"@{kind}".encode() in frame[:60] for kind in KINDS):
                continue
            message = json.loads(frame)
            yield Received(int(float(stamp) * 1000), message["stream"], frame, message["data"])


def later(received: Received, number: int) -> Received:
    """The frame of that pass; of the first one as it was recorded."""
    if number == 0:
        return received
    data = dict(received.data)
    for name in data.keys() & {"E", "T"}:
        data[name] += number * PASS_MS
    for name in data.keys() & {"u", "a"}:
        if isinstance(data[name], int):  # the `a` of a book is a price
            data[name] += number * IDS_A_PASS
    frame = json.dumps({"stream": received.stream, "data": data}, separators=(",", ":")).encode()
    return Received(received.time + number * PASS_MS, received.stream, frame, data)
