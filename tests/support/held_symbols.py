"""Symbols that are held for an operator's decision, and actions on them."""

import random
from collections.abc import Callable

from core.database import Pool
from pipeline.market import Symbol
from tests.fakes.priced_market import BTC
from tests.support.resting_house import MARKET
from trading.ledger.corporate_actions import SQL, ActionKind, CorporateAction, CorporateActions

WALL = 1_700_000_000_000


async def hold(pool: Pool, *, market: str = MARKET, symbol: Symbol = BTC, since_ms: int = 0) -> None:
    """Holds a symbol for a minute already, because of a price at `since_ms` (the market's clock)."""
    await pool.execute(
        "INSERT INTO symbol_hold (market, symbol, market_time_ms, since)"
        " VALUES ($1, $2, $3, now() - interval '1 minute')"
        " ON CONFLICT (market, symbol) WHERE released_at IS NULL DO NOTHING",
        market,
        symbol,
        since_ms,
    )


def action(kind: ActionKind, name: str = "one", *, market: str = MARKET, **terms: object) -> CorporateAction:
    return CorporateAction(name, market, BTC, kind, "a test", **terms)  # type: ignore[arg-type]


class HeldActions(CorporateActions):
    """Actions on symbols that are held as soon as one is decided: traders trade before."""

    def __init__(self, pool: Pool, *, batch: int = 2, clock: Callable[[], int] = lambda: WALL) -> None:
        super().__init__(pool, clock, jitter=random.SystemRandom(), batch=batch)
        self.pool = pool

    async def apply(self, action: CorporateAction) -> int:
        await hold(self.pool, market=action.market, symbol=action.symbol)
        return await super().apply(action)

    async def first_batch(self, action: CorporateAction) -> list[int]:
        """Begins, applies one batch and is killed; returns the accounts that it reached."""
        await hold(self.pool, market=action.market, symbol=action.symbol)
        await self._begin(action)
        return [
            row["account_id"]
            for row in await self.pool.fetch(SQL["apply"], action.action_id, 0, self._batch, self._now(), self._clock())
        ]
