"""Task that reads the earlier candles of condition alerts: after a start, a new alert or a gap."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

from core.errors import DeskError
from pipeline.market import Interval, Symbol
from pipeline.ports import MarketReader
from trading.alerts.condition_figures import read_candles
from trading.triggers.condition_triggers import ConditionTriggers
from trading.triggers.conditions import ConditionHits
from trading.triggers.dials import SeriesRequest, read_dials

POLL_SECONDS = 0.25
AGAIN_MS = 5_000
"""Market time between two attempts at the same candles: a minute that was cut off is known once it is archived."""

REFILL_SECONDS = 1.0
"""Time between two readings of the candles of one series."""

_Series = tuple[Symbol, Interval]

log = logging.getLogger(__name__)


async def fill_series(
    triggers: ConditionTriggers,
    market: MarketReader,
    save: Callable[[ConditionHits], None],
    *,
    poll_seconds: float = POLL_SECONDS,
    refill_seconds: float = REFILL_SECONDS,
) -> None:
    """Fills series until cancelled, one after the other, and saves what their candles decide. A series without candles
    warms up by those that close from now on.

    The candles of a series are read once in REFILL_SECONDS at most, however many alerts change. Its other dials go on
    meanwhile. The figures are computed in a thread, and dials are filled one by one.
    """
    asked: dict[_Series, tuple[SeriesRequest, int]] = {}
    read: dict[_Series, float] = {}
    loop = asyncio.get_running_loop()
    while True:
        unfilled = {(request.symbol, request.interval): request for request in triggers.unfilled()}
        asked = {key: known for key, known in asked.items() if key in unfilled}
        read = {key: at for key, at in read.items() if loop.time() - at < refill_seconds}
        for key, request in unfilled.items():
            before, at = asked.get(key, (None, 0))
            if key not in read and (request != before or not 0 <= market.now() - at < AGAIN_MS):
                asked[key] = (request, market.now())
                async for hits in _fill(triggers, market, request):
                    if hits.firings or hits.rearmed:
                        save(hits)
                read[key] = loop.time()
        await asyncio.sleep(poll_seconds)


async def _fill(
    triggers: ConditionTriggers, market: MarketReader, request: SeriesRequest
) -> AsyncIterator[ConditionHits]:
    try:
        readings = read_dials(request, *await read_candles(market, request.symbol, request.interval, request.count))
        while (reading := await asyncio.to_thread(next, readings, None)) is not None:
            yield triggers.fill(request, reading, market.now())
    except DeskError as error:
        log.info("the %s candles of %s are not read: %s", request.interval, request.symbol, error)
    except Exception:  # an error that candles of one symbol raise must not end the alerts of all
        log.exception("the %s candles of %s cannot be read", request.interval, request.symbol)
