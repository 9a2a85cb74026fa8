"""Watches the targets of users: tells once when a weight leaves its band, after each daily close and hourly at most.

An old price never counts: the target is checked again at the next run.
"""

import logging
import random
from collections.abc import Callable
from datetime import UTC, datetime

from core.clock import Clock
from core.database import Pool
from core.errors import DatabaseUnavailable, DeskError
from pipeline.errors import MarketUnavailable
from pipeline.ports import MarketReader
from trading.ports import TradingDesk
from trading.rebalancing.notices import BandLeft, DriftLine
from trading.rebalancing.ports import TargetStore
from trading.rebalancing.postgres import PostgresTargets
from trading.rebalancing.targets import Target, WeightDrift, drifts, leaves_band

EVERY_SECONDS = 3600
OFFSET_SECONDS = 360
"""Minutes past the hour, so that the first check of a day follows its close."""

BATCH_SIZE = 200

log = logging.getLogger(__name__)


class DriftWatch:
    """Job for the targets of the running market; `run` may be called by any number of desks at once. Calls `on_told`
    when notices entered the outbox.
    """

    def __init__(
        self,
        pool: Pool,
        desk: TradingDesk,
        market: MarketReader,
        clock: Clock,
        *,
        jitter: random.Random,
        on_told: Callable[[], None],
    ) -> None:
        self._targets: TargetStore = PostgresTargets(pool, jitter=jitter)
        self._desk = desk
        self._market = market
        self._clock = clock
        self._on_told = on_told

    async def run(self) -> int:
        """Returns the number of users that it told. Raises DatabaseUnavailable and MarketUnavailable."""
        market, told, after = self._market.info().market, 0, 0
        while targets := await self._targets.watched(market, after, BATCH_SIZE):
            for target in targets:
                try:
                    told += await self._check(target)
                except (DatabaseUnavailable, MarketUnavailable):
                    raise
                except DeskError as error:
                    log.info("target %d is not checked: %s", target.target_id, error.code())
                except Exception:  # a defect that one target shows must not keep those behind it from their check
                    log.exception("target %d cannot be checked", target.target_id)
            after = targets[-1].target_id
        if told:
            self._on_told()
        return told

    async def _check(self, target: Target) -> bool:
        account = await self._desk.account(target.person_id)
        found = drifts(target, await self._desk.portfolio(account))
        if found is None:
            return False
        outside = any(leaves_band(each, target.band) for each in found)
        notice = self._notice(target, found, account.quote_asset) if outside else None
        return await self._targets.check(target, datetime.fromtimestamp(self._clock() / 1000, UTC), notice)

    def _notice(self, target: Target, found: tuple[WeightDrift, ...], quote: str) -> BandLeft:
        lines = tuple(DriftLine(each.symbol, each.wished, round(each.weight, 6)) for each in found)
        return BandLeft(target.market, quote, target.band, lines, self._market.now())
