"""Judges headlines: finds the return of each coin that they name, from the next open over four hours.

Prices come from the archive. On a market whose clock is not the world's, such as a replay, nothing is judged.
"""

from collections.abc import Mapping

from core.clock import Clock
from ml.news.outcomes import HORIZON_MS, OpenOutcome, PostgresHeadlineOutcomes
from pipeline.archive.postgres import CandleArchive
from pipeline.archive.units import Units
from pipeline.market import DAY_MS, MINUTE_MS, Interval, Symbol
from pipeline.ports import MarketReader

EVERY_SECONDS = 900
BATCH_SIZE = 200
_SETTLE_MS = 10 * MINUTE_MS
"""Time after the horizon that the archive gets for late candles."""

_GIVEN_UP_MS = 2 * DAY_MS
"""Age at which a headline whose candles never came is closed without a return."""

_OLDEST_MS = 14 * DAY_MS
_GAP_MS = 5 * MINUTE_MS
"""Longest time without a candle around the open and the close."""

_SAME_CLOCK_MS = 5 * MINUTE_MS


class HeadlineJudge:
    """Job that judges headlines on the running market; `run` may be called by any number of desks at once."""

    def __init__(
        self, store: PostgresHeadlineOutcomes, archive: CandleArchive, market: MarketReader, clock: Clock
    ) -> None:
        self._store = store
        self._archive = archive
        self._market = market
        self._clock = clock

    async def run(self) -> int:
        """Returns the number of new outcomes. Raises DatabaseUnavailable and MarketUnavailable."""
        now = self._clock()
        if abs(self._market.now() - now) > _SAME_CLOCK_MS:
            return 0
        symbols = {self._market.rules(symbol).base: symbol for symbol in self._market.symbols()}
        market, units = self._market.info().market, await self._archive.units(self._market.info().market)
        judged, after = 0, now - _OLDEST_MS
        while found := await self._store.unjudged(
            market, list(symbols), after, now - HORIZON_MS - _SETTLE_MS, BATCH_SIZE
        ):
            outcomes = [await self._outcome(each, symbols, units, market) for each in found]
            done = [
                (each, returned)
                for each, returned in zip(found, outcomes, strict=True)
                if returned is not None or now - each.seen > _GIVEN_UP_MS
            ]
            judged += await self._store.judge(market, now, done)
            if len(found) < BATCH_SIZE or found[-1].seen <= after:
                break
            after = found[-1].seen - 1
        return judged

    async def _outcome(
        self,
        each: OpenOutcome,
        symbols: Mapping[str, Symbol],
        units: Units,
        market: str,
    ) -> float | None:
        """Returns the return from the open of the first candle after the headline; None without candles, or if the unit
        of the coin changed in between.
        """
        symbol = symbols[each.asset]
        start = -(-each.seen // MINUTE_MS) * MINUTE_MS
        end = start + HORIZON_MS
        if any(start < change.since <= end for change in units.get(symbol, ())):
            return None
        first = await self._archive.candles(market, symbol, Interval.M1, start, start + _GAP_MS)
        last = await self._archive.candles(market, symbol, Interval.M1, end - _GAP_MS, end)
        if not first or not last or first[0].candle.open <= 0:
            return None
        return last[-1].candle.close / first[0].candle.open - 1.0
