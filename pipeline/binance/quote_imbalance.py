"""Mean imbalance of the best quotes of each minute. Pure.

The quotes are sampled every SAMPLE_MS, from the ticks of a frame: the mean is one over time and not over updates, which
come in bursts, and the cost does not depend on the number of updates.
"""

from collections import defaultdict
from collections.abc import Iterable
from statistics import fmean

import msgspec

from pipeline.market import MINUTE_MS, Candle, Symbol, Tick

SAMPLE_MS = 5_000
MIN_SAMPLES = 8
"""Samples, of twelve, from which a minute has a mean. They span more than half of it."""

_MINUTES_KEPT = 5
"""Minutes whose candles may still arrive, by REST if the stream missed them."""


class QuoteImbalance:
    """Sampler of (bid size - ask size) / (bid size + ask size) at the best quotes."""

    def __init__(self) -> None:
        self._sampled = 0
        self._minutes: dict[int, defaultdict[Symbol, list[float]]] = {}

    def sample(self, ticks: Iterable[Tick], now: int) -> None:
        """Takes the ticks of a frame at `now` (UTC ms), if a sample is due. A tick without quotes is no sample."""
        if 0 <= now - self._sampled < SAMPLE_MS:  # a clock that was set back begins anew
            return
        self._sampled = now
        minute = self._minute(now - now % MINUTE_MS)
        for tick in ticks:
            bid, ask = float(tick.bid_size or 0), float(tick.ask_size or 0)
            displayed = bid + ask
            if displayed > 0:
                minute[tick.symbol].append((bid - ask) / displayed)

    def completed(self, candles: Iterable[Candle]) -> tuple[Candle, ...]:
        """Returns 1-minute candles with the means of their minutes, as far as these are known."""
        return tuple(map(self._complete, candles))

    def _complete(self, candle: Candle) -> Candle:
        minute = self._minutes.get(candle.open_time)
        samples = None if minute is None else minute.get(candle.symbol)
        if samples is None or len(samples) < MIN_SAMPLES:
            return candle
        return msgspec.structs.replace(candle, quote_imbalance=fmean(samples))

    def _minute(self, start: int) -> defaultdict[Symbol, list[float]]:
        if start not in self._minutes:
            self._minutes[start] = defaultdict(list)
            for old in sorted(self._minutes)[:-_MINUTES_KEPT]:
                del self._minutes[old]
        return self._minutes[start]
