"""Ends of robots that come by themselves: their coin was delisted, or they cannot be read or
computed.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from core.errors import DatabaseUnavailable, DeskError
from pipeline.delisting import GRACE_MS
from pipeline.errors import MarketUnavailable, UnknownSymbol
from pipeline.market import Symbol
from pipeline.ports import MarketReader
from pipeline.rules import DELISTED
from trading.strategies.robot_book import RobotBook
from trading.strategies.robots import RobotReason, RobotStore

DELISTED_SECONDS = 5.0

log = logging.getLogger(__name__)


class RobotEnds:
    """Ends or pauses robots of a book. `owns` tells whether this process acts for the robots of a symbol."""

    def __init__(
        self, store: RobotStore, book: RobotBook, market: MarketReader, owns: Callable[[Symbol], bool]
    ) -> None:
        self._store = store
        self._book = book
        self._market = market
        self._owns = owns

    async def give_up(self) -> None:
        """Pauses the robots that cannot be read, or whose rules cannot be computed; the store tells their users. Raises
        DatabaseUnavailable.
        """
        unreadable = [robot_id for robot_id, symbol in self._book.unreadable().items() if self._owns(symbol)]
        self._book.given_up(unreadable)
        for robot_id in unreadable:
            try:
                await self._store.give_up(robot_id)
            except DeskError:
                raise
            except Exception:
                log.exception("robot %d cannot be paused", robot_id)
        for robot in self._book.uncomputed():
            if self._owns(robot.symbol):
                await self._store.pause_by_desk(robot, RobotReason.UNCOMPUTED)

    async def watch_delistings(self) -> None:
        """Ends the robots of symbols that were delisted, until cancelled."""
        while True:
            await asyncio.sleep(DELISTED_SECONDS)
            with suppress(DatabaseUnavailable, MarketUnavailable):
                now = self._market.now()
                gone = [symbol for symbol in self._book.symbols() if self._is_gone(symbol, now)]
                if gone:
                    await self._store.end(self._market.info().market, gone, RobotReason.DELISTED)

    def _is_gone(self, symbol: Symbol, now: int) -> bool:
        with suppress(UnknownSymbol):
            rules = self._market.rules(symbol)
            return rules.status == DELISTED and now - rules.delisted_at >= GRACE_MS
        return False
