"""Identities, links and watchlists in PostgreSQL. No other file of the package queries the database."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NoReturn, TypeVar

import asyncpg

from core.database import Connection, Database
from core.errors import DatabaseUnavailable
from core.outbox import encode, kind_of
from core.sql import load_queries
from people.identity.codes import HashedCode
from people.identity.errors import (
    AccountNoLongerYours,
    LinkBlocked,
    LinkCodeExpired,
    LinkCodePublic,
    LinkCodeRevoked,
    LinkCodeUsed,
    LinkCodeWrong,
    LinkedAlready,
    LinkedElsewhere,
    LinkedMeanwhile,
    LinkHostUnreachable,
    LinkRequestExpired,
    LinkUnconfirmed,
    MergeShort,
    OnlyIdentity,
    TooManyIdentities,
    WatchlistFull,
)
from people.identity.export import LIMIT_BYTES, SECTIONS, JsonExportWriter
from people.identity.ports import (
    CODE_MINUTES,
    MAX_IDENTITIES,
    MAX_WATCHED,
    AccountSummary,
    Identity,
    LinkMode,
    LinkRequest,
    LinkResult,
    PersonalDataSummary,
    RestoredCounts,
    UnlinkResult,
)
from people.notices import LinkAsked, LinkJoined, LinkUndone
from pipeline.market import Symbol

SQL = load_queries(__package__, "queries.sql")
EXPORT_SQL = load_queries(__package__, "export.sql")

EXPORT_SECONDS = 15.0
"""Seconds an export may read; a command is limited to 20 seconds."""

_RACES = 3
_ROWS_AT_ONCE = 200
T = TypeVar("T")


class PostgresIdentities:
    """`Identities` on a pool whose role is paperdesk_app."""

    def __init__(self, database: Database, patient: Database, *, export_bytes: int = LIMIT_BYTES) -> None:
        """`patient` is a database with a longer timeout, used by exports."""
        self._database = database
        self._patient = patient
        self._export_bytes = export_bytes

    async def save_code(self, person_id: int, code: HashedCode, now: int) -> None:
        """Stores the user's new code. An older code becomes invalid. Raises LinkedMeanwhile."""
        until = moment(now) + timedelta(minutes=CODE_MINUTES)

        async def work(connection: Connection) -> bool:
            await connection.execute(SQL["forget_guesses"], moment(now) - timedelta(minutes=CODE_MINUTES))
            return bool(await connection.fetchval(SQL["keep_code"], person_id, code.selector, code.hash, until))

        if not await self._database.run(work):
            raise LinkedMeanwhile

    async def claim(
        self, identity: Identity, code: HashedCode, now: int, *, public: bool, by_link: bool = False
    ) -> LinkRequest:
        """Enters a code."""
        who = (identity.platform, identity.external_id)
        row = await self._row("claim", code.selector, code.hash, *who, public, moment(now))
        if row["outcome"] == "blocked":
            raise LinkBlocked(-(-int((row["open_at"] - moment(now)).total_seconds()) // 60))
        if row["outcome"] != "claimed":
            _refuse(row["outcome"])
        await self._rows("came_by_link", row["code_id"], by_link)
        return LinkRequest(row["code_id"], row["host_id"])

    async def revoke(self, codes: Collection[HashedCode]) -> None:
        """Burns the open codes among these."""
        if codes:
            await self._rows("revoke", [code.selector for code in codes], [code.hash for code in codes])

    async def cancel(self, identity: Identity, code_id: int) -> None:
        """Burns a code that the identity entered. Raises LinkRequestExpired."""
        if not await self._rows("cancel", code_id, identity.platform, identity.external_id):
            raise LinkRequestExpired

    async def join(self, identity: Identity, code_id: int, how: LinkMode, now: int, market_time: int) -> LinkResult:
        """Moves the identity to the user who created the code, in one transaction."""
        arguments = (code_id, identity.platform, identity.external_id, how.value, moment(now), market_time)
        for _ in range(_RACES):
            try:
                row = await self._database.run(partial(_join, identity.platform, arguments))
            except asyncpg.UniqueViolationError:  # the other user opened an account of this kind at the same time
                continue
            if row["outcome"] in ("done", "replayed"):
                return LinkResult(row["host_id"], LinkMode(row["how_done"]), again=row["outcome"] == "replayed")
            if row["outcome"] == "short":
                raise MergeShort(row["missing"], row["missing_asset"])
            if row["outcome"] == "unconfirmed":
                raise LinkUnconfirmed
            _refuse(row["outcome"])
        raise DatabaseUnavailable

    async def ask_host(self, identity: Identity, code_id: int, how: LinkMode, now: int) -> LinkMode:
        """Asks the user who created the code for consent, by a notification."""
        notice = LinkAsked(code_id, identity.platform, how.value)
        until = moment(now) + timedelta(minutes=CODE_MINUTES)
        who = (identity.platform, identity.external_id)
        told = (encode(notice), kind_of(notice))
        rows = await self._rows("ask_host", code_id, *who, how.value, moment(now), until, *told)
        if not rows:
            raise LinkHostUnreachable
        return LinkMode(rows[0]["how"])

    async def allow(self, person_id: int, code_id: int, now: int) -> tuple[Identity, LinkMode]:
        """Records the consent of the user who created the code."""
        rows = await self._rows("allow", code_id, person_id, moment(now))
        if not rows:
            raise LinkRequestExpired
        return Identity(rows[0]["claimed_platform"], rows[0]["claimed_id"]), LinkMode(rows[0]["how"])

    async def refuse(self, person_id: int, code_id: int) -> None:
        """Records the refusal of the user who created the code, and burns the code."""
        if not await self._rows("refuse", code_id, person_id):
            raise LinkRequestExpired

    async def holdings(self, person_id: int) -> PersonalDataSummary:
        """Returns a summary of the data stored about a user."""

        async def work(connection: Connection) -> PersonalDataSummary:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                identities = await connection.fetch(SQL["identities"], person_id)
                accounts = await connection.fetch(SQL["accounts"], person_id)
                counts = await connection.fetchrow(SQL["counts"], person_id)
            return PersonalDataSummary(
                person_id,
                tuple(Identity(*row) for row in identities),
                tuple(_standing(row) for row in accounts),
                **dict(counts or {}),
            )

        return await self._database.run(work)

    async def part(self, person_id: int, identity: Identity) -> UnlinkResult:
        """Unlinks the identity from the user. A join less than a day old is undone."""
        notice = LinkUndone(identity.platform)

        async def work(connection: Connection) -> asyncpg.Record:
            async with connection.transaction():
                rows = await connection.fetch(SQL["part"], person_id, identity.platform, identity.external_id)
                if rows[0]["outcome"] == "undone":
                    await connection.execute(SQL["tell_undone"], person_id, encode(notice), kind_of(notice))
                return rows[0]

        row = await self._database.run(work)
        match row["outcome"]:
            case "done" | "undone":
                return UnlinkResult(row["outcome"] == "undone", row["ended"])
            case "only":
                raise OnlyIdentity
            case _:
                raise AccountNoLongerYours

    async def joined(self, person_id: int, former_id: int) -> Identity:
        """Returns the identity that joined this user less than a day ago."""
        rows = await self._rows("joined", person_id, former_id)
        if not rows:
            raise LinkRequestExpired
        return Identity(*rows[0])

    async def brought(self, identity: Identity) -> RestoredCounts | None:
        """Returns what `part` would give back to the identity."""
        rows = await self._rows("brought", identity.platform, identity.external_id)
        return RestoredCounts(**dict(rows[0])) if rows else None

    async def forget(self, person_id: int, now: int, market_time: int) -> bool:
        """Deletes a user's data. Returns False if there was no such user."""
        row = await self._row("forget", person_id, moment(now), market_time)
        return bool(row[0])

    async def export(self, person_id: int, now: int) -> bytes:
        """Returns all data stored about a user as JSON, read row by row from one snapshot."""

        async def work(connection: Connection) -> bytes:
            sheet = JsonExportWriter(moment(now), self._export_bytes)
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                for section in SECTIONS:
                    sheet.start(section)
                    async for row in connection.cursor(EXPORT_SQL[section], person_id, prefetch=_ROWS_AT_ONCE):
                        sheet.add(row["line"])
            return await asyncio.to_thread(sheet.end)

        return await self._patient.run(work)

    async def _row(self, name: str, *arguments: Any) -> asyncpg.Record:
        rows = await self._rows(name, *arguments)
        return rows[0]

    async def _rows(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        return await self._database.fetch(SQL[name], *arguments)


async def _join(platform: str, arguments: Sequence[Any], connection: Connection) -> asyncpg.Record:
    """Joins, and tells the user who made the code, unless that user has just agreed. The chat is chosen before the
    join, which brings the chats of the identity along.
    """
    async with connection.transaction():
        chat = await connection.fetchrow(SQL["host_chat"], arguments[0])
        (row,) = await connection.fetch(SQL["join"], *arguments)
        if chat is not None and row["outcome"] == "done":
            former = await connection.fetchval(SQL["former"], *arguments[1:3])
            notice = LinkJoined(former, platform)
            await connection.execute(SQL["tell_joined"], *arguments[:1], *chat, encode(notice), kind_of(notice))
        return row


class PostgresWatchlists:
    """`Watchlists` on a pool whose role is paperdesk_app."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def watched(self, person_id: int) -> Sequence[Symbol]:
        """Returns the watched symbols in the order in which they were added."""

        async def work(connection: Connection) -> Sequence[Symbol]:
            return _symbols(await connection.fetch(SQL["watched"], person_id))

        return await self._database.run(work)

    async def watch(self, person_id: int, symbols: Sequence[Symbol]) -> Sequence[Symbol]:
        """Appends symbols that are not on the list. Raises WatchlistFull and then adds none."""

        async def work(connection: Connection) -> Sequence[Symbol]:
            async with connection.transaction():
                await connection.execute(SQL["lock_person"], person_id)
                there = _symbols(await connection.fetch(SQL["watched"], person_id))
                fresh = [symbol for symbol in dict.fromkeys(symbols) if symbol not in there]
                if len(there) + len(fresh) > MAX_WATCHED:
                    raise WatchlistFull(MAX_WATCHED)
                await connection.execute(SQL["watch"], person_id, fresh)
                return fresh

        return await self._database.run(work)

    async def unwatch(self, person_id: int, symbols: Sequence[Symbol]) -> Sequence[Symbol]:
        """Removes symbols, and returns those that were on the list in the order of the call."""

        async def work(connection: Connection) -> Sequence[Symbol]:
            gone = _symbols(await connection.fetch(SQL["unwatch"], person_id, list(symbols)))
            return [symbol for symbol in symbols if symbol in gone]

        return await self._database.run(work)


def moment(ms: int) -> datetime:
    """Converts UTC ms to a datetime for PostgreSQL."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def _standing(row: asyncpg.Record) -> AccountSummary:
    return AccountSummary(
        account_id=row["id"],
        market=row["market"],
        quote_asset=row["quote_asset"],
        cash=row["cash"],
        granted=row["granted"],
        positions=row["positions"],
        trades=row["trades"],
    )


def _symbols(rows: Sequence[asyncpg.Record]) -> list[Symbol]:
    return [Symbol(row["symbol"]) for row in rows]


def _refuse(outcome: str) -> NoReturn:
    """Raises the error for an outcome returned by the database."""
    match outcome:
        case "wrong":
            raise LinkCodeWrong
        case "expired":
            raise LinkCodeExpired(CODE_MINUTES)
        case "used":
            raise LinkCodeUsed
        case "burned":
            raise LinkCodeRevoked
        case "public":
            raise LinkCodePublic
        case "same":
            raise LinkedAlready
        case "linked":
            raise LinkedElsewhere
        case "many":
            raise TooManyIdentities(MAX_IDENTITIES)
        case "gone":
            raise LinkRequestExpired
    raise LookupError(f"the database answered {outcome}")
