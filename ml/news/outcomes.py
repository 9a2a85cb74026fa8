"""Store of what coins did after headlines, and of the model that was trained on it, in PostgreSQL."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from core.database import Database, Pool
from core.sql import load_queries
from ml.news.headline_model import HeadlineModel
from pipeline.market import MINUTE_MS
from pipeline.news.records import NewsEvent
from pipeline.news.store import milliseconds, moment

SQL = load_queries(__package__, "outcomes.sql")

HORIZON_MS = 240 * MINUTE_MS
"""Time over which the return after a headline is taken: 4 hours."""

LATEST_READING_MS = 120 * MINUTE_MS
"""Age at which a headline that is read is no news: it is not judged."""

MAX_EVENTS = 20_000


@dataclass(frozen=True, slots=True)
class OpenOutcome:
    """Coin of a headline whose return is not known yet; `seen` is UTC ms."""

    story_id: int
    asset: str
    seen: int


class HeadlineRecords(Protocol):
    """Read access to the outcomes and the model. Every method raises DatabaseUnavailable."""

    async def events(self, market: str) -> Sequence[NewsEvent]:
        """Returns the newest headlines of which it is known what the coin did afterwards, oldest first."""

    async def model(self, market: str) -> HeadlineModel | None:
        """Returns the newest model of the market; None if none was trained, or an older version stored it."""


class PostgresHeadlineOutcomes:
    """`HeadlineRecords`, and the writing side of it, on a pool whose role is paperdesk_app. Methods may be repeated
    without harm.
    """

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom())

    async def unjudged(
        self, market: str, assets: Sequence[str], after: int, until: int, limit: int
    ) -> Sequence[OpenOutcome]:
        """Returns coins of headlines that were seen in this span (UTC ms) and have no outcome, oldest first."""
        late = LATEST_READING_MS / 1000
        rows = await self._database.fetch(
            SQL["unjudged"], market, list(assets), moment(after), moment(until), late, limit
        )
        return [OpenOutcome(row["id"], row["asset"], milliseconds(row["seen_at"])) for row in rows]

    async def judge(self, market: str, at: int, judged: Sequence[tuple[OpenOutcome, float | None]]) -> int:
        """Stores returns, None for one that will never be known; returns the number of new outcomes."""
        if not judged:
            return 0
        columns = (
            [each.story_id for each, _ in judged],
            [each.asset for each, _ in judged],
            [returned for _, returned in judged],
        )
        return len(await self._database.fetch(SQL["judge"], market, moment(at), *columns))

    async def events(self, market: str) -> Sequence[NewsEvent]:
        """See `HeadlineRecords.events`."""
        rows = await self._database.fetch(SQL["events"], market, MAX_EVENTS)
        return [
            NewsEvent(row["id"], row["asset"], row["title"], row["tone"], milliseconds(row["seen_at"]), row["returned"])
            for row in rows
        ]

    async def save_model(self, market: str, at: int, model: HeadlineModel) -> None:
        """Stores the model in place of the last one."""
        await self._database.fetch(SQL["save_model"], market, moment(at), msgspec.json.encode(model).decode())

    async def model(self, market: str) -> HeadlineModel | None:
        """See `HeadlineRecords.model`."""
        rows = await self._database.fetch(SQL["model"], market)
        try:
            return msgspec.json.decode(rows[0]["body"], type=HeadlineModel) if rows else None
        except msgspec.MsgspecError:
            return None
