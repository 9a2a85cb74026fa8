"""Task that fills the windows of range alerts with earlier candles: after a start, a new alert or a gap."""

import asyncio
import logging

from core.errors import DeskError
from pipeline.market import Interval, Symbol
from pipeline.ports import MarketReader
from trading.triggers.price_ranges import RangeTriggers

POLL_SECONDS = 0.25
AGAIN_MS = 30_000
"""Market time between two attempts at a symbol: a minute that was cut off is known once its candle has closed."""

log = logging.getLogger(__name__)


async def fill_windows(triggers: RangeTriggers, market: MarketReader, *, poll_seconds: float = POLL_SECONDS) -> None:
    """Fills windows until cancelled, one symbol after the other. A symbol without candles fills by its ticks alone."""
    asked: dict[Symbol, tuple[int, int]] = {}
    while True:
        unfilled = triggers.unfilled()
        asked = {symbol: known for symbol, known in asked.items() if symbol in unfilled}
        now = market.now()
        for symbol, minutes in unfilled.items():
            longest, at = asked.get(symbol, (0, 0))
            if minutes > longest or not 0 <= now - at < AGAIN_MS:
                asked[symbol] = (minutes, now)
                await _fill(triggers, market, symbol, minutes)
        await asyncio.sleep(poll_seconds)


async def _fill(triggers: RangeTriggers, market: MarketReader, symbol: Symbol, minutes: int) -> None:
    try:
        candles = await market.candles(symbol, Interval.M1, minutes)
    except DeskError as error:
        log.info("the window of %s fills by ticks: %s", symbol, error)
        return
    except Exception:  # an error that candles of one symbol raise must not end the alerts of all
        log.exception("the window of %s fills by ticks: its candles cannot be read", symbol)
        return
    triggers.fill(symbol, candles)
