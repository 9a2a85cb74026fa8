"""Task that reads the earlier candles of condition alerts: after a start, a new alert or a gap."""

import asyncio
import logging
from collections.abc import Callable

from core.errors import DeskError
from pipeline.market import Interval, Symbol
from pipeline.ports import MarketReader
from trading.alerts.condition_figures import read_candles
from trading.triggers.condition_triggers import ConditionTriggers, SeriesRequest
from trading.triggers.conditions import ConditionHits

POLL_SECONDS = 0.25
AGAIN_MS = 5_000
"""Market time between two attempts at the same candles: a minute that was cut off is known once it is archived."""

log = logging.getLogger(__name__)


async def fill_series(
    triggers: ConditionTriggers,
    market: MarketReader,
    save: Callable[[ConditionHits], None],
    *,
    poll_seconds: float = POLL_SECONDS,
) -> None:
    """Fills series until cancelled, one after the other, and saves what their candles decide. A series without candles
    warms up by those that close from now on.
    """
    asked: dict[tuple[Symbol, Interval], tuple[SeriesRequest, int]] = {}
    while True:
        unfilled = {(request.symbol, request.interval): request for request in triggers.unfilled()}
        asked = {key: known for key, known in asked.items() if key in unfilled}
        now = market.now()
        for key, request in unfilled.items():
            before, at = asked.get(key, (None, 0))
            if request != before or not 0 <= now - at < AGAIN_MS:
                asked[key] = (request, now)
                hits = await _fill(triggers, market, request)
                if hits.firings or hits.rearmed:
                    save(hits)
        await asyncio.sleep(poll_seconds)


async def _fill(triggers: ConditionTriggers, market: MarketReader, request: SeriesRequest) -> ConditionHits:
    try:
        candles, minutes = await read_candles(market, request.symbol, request.interval, request.count)
    except DeskError as error:
        log.info("the %s candles of %s are not read: %s", request.interval, request.symbol, error)
        return ConditionHits()
    except Exception:  # an error that candles of one symbol raise must not end the alerts of all
        log.exception("the %s candles of %s cannot be read", request.interval, request.symbol)
        return ConditionHits()
    return triggers.fill(request, candles, minutes, market.now())
