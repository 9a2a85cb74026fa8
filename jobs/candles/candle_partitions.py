"""Monthly partitions of the candle archive: future ones are made ahead, and expired ones are dropped as a whole."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from core.clock import Clock
from core.database import Pool
from core.sql import load_queries
from pipeline.archive.partitions import expired, month_before
from pipeline.archive.postgres import CandleArchive, translated
from pipeline.errors import MarketUnavailable
from pipeline.market import MarketInfo

SQL = load_queries(__package__, "candle_partitions.sql")

EVERY_SECONDS = 6 * 3600
_WAIT_SECONDS = 10.0

log = logging.getLogger(__name__)

Need = Callable[[], Awaitable[Mapping[str, int]]]
"""Function that returns by market the oldest time (UTC ms) that is still needed."""


class CandleMonths:
    """Job that makes and drops months; `run` may be called by any number of desks at once. `months` is how many whole
    months are kept before the current one (0: all); months that one of `needs` still needs are not dropped, however old
    they are. `wall` is the machine's clock.
    """

    def __init__(
        self,
        archive: CandleArchive,
        info: Callable[[], MarketInfo],
        wall: Clock,
        *,
        months: int,
        needs: Sequence[Need] = (),
    ) -> None:
        self._archive = archive
        self._info = info
        self._wall = wall
        self._months = months
        self._needs = needs

    async def run(self) -> list[str]:
        """Makes this month and the next, of the machine's clock and of the market's; returns the names of the months it
        dropped, such as `2021-04`. Raises MarketUnavailable, in which case the rest is done by a later run.
        """
        for now in {self._wall(), self._market_time()}:
            await self._archive.make_months(now, month_before(now, -1))
        return await self._drop() if self._months else []

    def _market_time(self) -> int:
        try:
            return self._info().now(self._wall())
        except MarketUnavailable:  # no producer has announced one
            return self._wall()

    async def _drop(self) -> list[str]:
        needed: dict[str, int] = {}
        for need in self._needs:
            for market, oldest in (await need()).items():
                needed[market] = min(oldest, needed.get(market, oldest))
        dropped: list[str] = []
        for month in expired(await self._archive.months(), self._months, self._wall(), needed):
            if await self._archive.drop_month(month):
                log.info("dropped the candles of %s (%s)", month.name, ", ".join(month.markets) or "none")
                dropped.append(month.name)
            else:
                log.warning("the candles of %s are in use or gone; they are checked again later", month.name)
        return dropped


def open_alerts(pool: Pool) -> Need:
    """Returns the Need of armed alerts, which raises MarketUnavailable when called."""

    async def need() -> dict[str, int]:
        with translated():
            rows = await pool.fetch(SQL["open_alerts"], timeout=_WAIT_SECONDS)
        return {row["market"]: row["oldest"] for row in rows}

    return need
