"""Requests the minutes that the streams missed by REST; `pipeline.binance.candle_tracker` describes the rule."""

import asyncio
import logging
from collections.abc import Callable

from pipeline.binance.candle_tracker import CandleTracker
from pipeline.binance.request_weight import BACKGROUND_SHARE
from pipeline.binance.rest import MAX_ROWS, BinanceRest
from pipeline.errors import MarketUnavailable
from pipeline.market import Interval, Symbol

log = logging.getLogger(__name__)

_AT_ONCE = 4


class CandleService:
    """Backfill of overdue candles. `trades` returns whether a symbol trades now; other symbols have no missing
    candles.
    """

    def __init__(
        self, rest: BinanceRest, tails: CandleTracker, trades: Callable[[Symbol], bool], sweep_seconds: float
    ) -> None:
        self._rest = rest
        self._tails = tails
        self._trades = trades
        self._sweep_seconds = sweep_seconds

    async def run(self) -> None:
        """Runs until cancelled."""
        while True:
            await asyncio.sleep(self._sweep_seconds)
            overdue = [pair for pair in self._tails.missing(self._rest.now()) if self._trades(pair[0])]
            for start in range(0, len(overdue), _AT_ONCE):
                batch = overdue[start : start + _AT_ONCE]
                if not all(await asyncio.gather(*(self._fill(*pair) for pair in batch))):
                    log.info("%d symbols wait for candles that the streams missed", len(overdue) - start)
                    break

    async def _fill(self, symbol: Symbol, start: int) -> bool:
        now = self._rest.now()
        try:
            candles = await self._rest.klines(symbol, Interval.M1, start, now, share=BACKGROUND_SHARE)
        except MarketUnavailable:
            return False
        if len(candles) < MAX_ROWS:
            self._tails.note_asked(symbol, now)
        self._tails.take_history(candles)
        return True
