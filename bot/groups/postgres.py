"""Groups in PostgreSQL: their settings, the log of changes, their price feeds. All queries of the package are made
here.
"""

import json
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from bot.command import FORMER_NAMES, current_name
from bot.groups.errors import TooManyFeeds
from bot.groups.ports import Change, Feed, FeedState, Group, SettingChange
from bot.groups.settings import GroupSettings, Permission
from core.database import Connection, Database, Pool
from core.sql import load_queries
from people.person import Language
from pipeline.market import Symbol

SQL = load_queries(__package__, "groups.sql")

TURN_SECONDS = 150.0
"""Longest time of a turn at a feed, the platform's rate limits included, before another desk takes it over."""

TURNS_OF_A_KEEPER = 2
"""Most turns at once at the feeds that one user manages; the other places stay free for those of others."""

_WORDS_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class FeedTurn:
    """Claimed turn at a feed that is due. `posts` counts the messages posted since one could last be edited, `edition`
    distinguishes them, and `turn` rejects updates of a process that returns late. `keeper` is the manager of the feed.
    """

    feed_id: int
    group: Group
    chat_id: str
    symbols: tuple[Symbol, ...]
    state: FeedState
    message_id: str
    posts: int
    edition: int
    turn: int
    keeper: str
    language: Language | None
    timezone: str

    @property
    def nonce(self) -> str:
        """Nonce that stays the same until a post is recorded, so that a platform that supports nonces posts it once."""
        return f"feed{self.feed_id}-{self.edition}"[:25]


class PostgresGroups:
    """`bot.groups.ports.Groups`, and the turns of the feeds. Every method raises DatabaseUnavailable."""

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom())

    async def settings(self, group: Group) -> GroupSettings:
        """Returns the current settings."""

        async def work(connection: Connection) -> GroupSettings:
            return _settings(await connection.fetchrow(SQL["settings"], group.platform, group.group_id))

        return await self._database.run(work)

    async def change(self, group: Group, changed: SettingChange, change: Change) -> GroupSettings:
        """Changes and logs in one transaction. Raises the errors of `change`."""

        async def work(connection: Connection) -> GroupSettings:
            async with connection.transaction():
                here = (group.platform, group.group_id)
                await connection.execute(SQL["make"], *here)
                before = _settings(await connection.fetchrow(SQL["lock"], *here))
                after = change(before)
                if not await _log(connection, group, changed):
                    return before
                await connection.execute(SQL["store"], *here, *_columns(after))
                return after

        return await self._database.run(work)

    async def feeds(self, group: Group) -> Sequence[Feed]:
        """Returns every feed, past or running, in the group's chats, in the order in which they began."""

        async def work(connection: Connection) -> Sequence[Feed]:
            rows = await connection.fetch(SQL["feeds"], group.platform, group.group_id)
            return [Feed(row["chat_id"], _symbols(row), FeedState(row["state"]), row["reason"] or "") for row in rows]

        return await self._database.run(work)

    async def start_feed(
        self, group: Group, changed: SettingChange, chat_id: str, symbols: Sequence[Symbol], max_feeds: int
    ) -> None:
        """Starts or changes the feed of a chat. Raises TooManyFeeds."""

        async def work(connection: Connection) -> None:
            async with connection.transaction():
                here = (group.platform, group.group_id)
                await connection.execute(SQL["make"], *here)
                await connection.fetchrow(SQL["lock"], *here)  # serialises the count
                if await connection.fetchval(SQL["other_feeds"], *here, chat_id) >= max_feeds:
                    raise TooManyFeeds(max_feeds)
                if await _log(connection, group, changed):
                    await connection.execute(SQL["start_feed"], *here, chat_id, list(symbols))

        await self._database.run(work)

    async def stop_feed(self, group: Group, changed: SettingChange, chat_id: str) -> bool:
        """Stops the feed of a chat; returns False if none runs."""

        async def work(connection: Connection) -> bool:
            async with connection.transaction():
                stopped = await connection.fetchrow(SQL["stop_feed"], group.platform, group.group_id, chat_id)
                if stopped is not None:
                    await _log(connection, group, changed)
                return stopped is not None

        return await self._database.run(work)

    # -- turns -------------------------------------------------------------------------------------

    async def claim(
        self, platform: str, limit: int, left_out: Collection[str] = (), keepers: Collection[str] = ()
    ) -> list[FeedTurn]:
        """Claims feeds that are due on a platform, for this process and for TURN_SECONDS: at most one of a group, and
        none of the groups that are `left_out`. The users who manage groups take turns. `keepers` are those of the turns
        under way, one for each; one of them has at most TURNS_OF_A_KEEPER at once.
        """
        bounds = (platform, limit, TURN_SECONDS, list(left_out), list(keepers), TURNS_OF_A_KEEPER)

        async def work(connection: Connection) -> list[FeedTurn]:
            rows = await connection.fetch(SQL["claim"], *bounds)
            return [_turn(platform, row) for row in rows]

        return await self._database.run(work)

    async def shown(self, turn: FeedTurn, message_id: str, posts: int, seconds: float) -> None:
        """Records that the message is posted; the next turn is due in `seconds`."""
        await self._execute("shown", turn.feed_id, turn.turn, message_id or None, posts, seconds)

    async def ended(self, turn: FeedTurn, reason: str) -> None:
        """Records that the feed is off; `reason` is '' if users ended it."""
        await self._execute("ended", turn.feed_id, turn.turn, reason or None)

    async def _execute(self, name: str, *values: object) -> None:
        async def work(connection: Connection) -> None:
            await connection.execute(SQL[name], *values)

        await self._database.run(work)


async def _log(connection: Connection, group: Group, changed: SettingChange) -> bool:
    """Logs the change; returns False if this very change is in the log already."""
    words = changed.words[:_WORDS_LIMIT]
    values = (changed.command_id, group.platform, group.group_id, changed.person_id, words)
    return await connection.fetchval(SQL["log"], *values) is not None


def _settings(row: "asyncpg.Record | None") -> GroupSettings:
    if row is None:
        return GroupSettings()
    channels: Mapping[str, str] = json.loads(row["channels"])
    rules = _rules(json.loads(row["rules"]))
    language = Language(row["language"]) if row["language"] else None
    return GroupSettings(language, row["timezone"] or "", channels, rules, row["cooldown"])


def _rules(stored: Mapping[str, str]) -> dict[str, Permission]:
    """Returns the rules by the current names of commands; a rule under a former name yields to one under the current
    name.
    """
    renamed = {current_name(name): Permission(who) for name, who in stored.items() if name in FORMER_NAMES}
    return renamed | {name: Permission(who) for name, who in stored.items() if name not in FORMER_NAMES}


def _columns(settings: GroupSettings) -> tuple[Any, ...]:
    language = settings.language.value if settings.language else None
    channels, rules = json.dumps(dict(settings.channels)), json.dumps(dict(settings.rules))
    return language, settings.timezone or None, channels, rules, settings.cooldown


def _symbols(row: "asyncpg.Record") -> tuple[Symbol, ...]:
    return tuple(Symbol(name) for name in row["symbols"])


def _turn(platform: str, row: "asyncpg.Record") -> FeedTurn:
    return FeedTurn(
        row["id"],
        Group(platform, row["group_id"]),
        row["chat_id"],
        _symbols(row),
        FeedState(row["state"]),
        row["message_id"] or "",
        row["posts"],
        row["edition"],
        row["turn"],
        row["keeper"],
        Language(row["language"]) if row["language"] else None,
        row["timezone"] or "",
    )
