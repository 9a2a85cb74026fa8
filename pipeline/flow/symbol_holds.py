"""Keeps the guard of trading gaps and the stored holds in step."""

import asyncio
import itertools
import logging
from collections.abc import Callable

from pipeline.errors import MarketUnavailable
from pipeline.flow.retry import wait_longer
from pipeline.market import MarketInfo
from pipeline.ports import MarketSource
from pipeline.quality.trading_gaps import HoldStore, TradingGapGuard

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0


async def load_guard(guard: TradingGapGuard, store: HoldStore, source: MarketSource) -> None:
    """Reads the holds and the last prices of the source's symbols. Waits until PostgreSQL and the source answer."""
    for attempt in itertools.count():
        try:
            market = source.info().market
            guard.set_held(await store.held(market))
            guard.seed(await store.last_prices(market, [rules.symbol for rules in await source.rules()]))
        except MarketUnavailable:
            log.warning("the held symbols cannot be read")
            await wait_longer(attempt)
        else:
            return


async def keep_holds(
    guard: TradingGapGuard, store: HoldStore, info: Callable[[], MarketInfo], seconds: float = POLL_SECONDS
) -> None:
    """Stores new holds and takes over the operators' decisions, until cancelled."""
    while True:
        try:
            market, new = info().market, guard.unwritten
            if new:
                await store.add(market, new)
            stored = await store.held(market)
            guard.written(new)
            guard.set_held(stored)
        except MarketUnavailable:
            log.warning("held symbols wait: PostgreSQL does not answer")
        await asyncio.sleep(seconds)
