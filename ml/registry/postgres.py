"""The registry of models on PostgreSQL: the only file that speaks to it for models."""

import json
import math
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg

from core.sql import load_queries
from ml.errors import (
    ModelNotSaved,
    ModelServes,
    ModelTooBig,
    ModelUnusable,
    NoModel,
    NoModelBefore,
    NotPromotable,
    UnknownModel,
)
from ml.models.artifact import MOST_BYTES, digest
from ml.registry.records import Facts, ModelEvent, ModelRow, ModelState
from pipeline.archive.postgres import translated
from pipeline.errors import MarketDown

ARTIFACTS_KEPT = 10
"""Of the newest versions of each market and horizon."""

_QUERIES = load_queries(__package__, "queries.sql")
_WAIT_SECONDS = 10.0
_BLOB_SECONDS = 60.0
_MOST_LISTED = 1000
_WHO_LENGTH, _REASON_LENGTH = 128, 300

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"


class Registry:
    """Of each market (`MarketInfo.market`) and horizon (minutes) one champion and at most one challenger.

    Every change is one transaction that waits for the one before it, and leaves its line in the history: `who` made it
    and why. Every method raises MarketDown when PostgreSQL does not answer, and may then be repeated without harm.
    """

    def __init__(self, pool: Pool, *, kept: int = ARTIFACTS_KEPT) -> None:
        self._pool = pool
        self._kept = kept

    # -- what is there -------------------------------------------------------------------------

    async def champion(self, market: str, horizon: int) -> ModelRow | None:
        """The one that serves."""
        return await self._in_state(market, horizon, ModelState.CHAMPION)

    async def challenger(self, market: str, horizon: int) -> ModelRow | None:
        """The one in the shadow."""
        return await self._in_state(market, horizon, ModelState.CHALLENGER)

    async def fallbacks(self, market: str, horizon: int) -> list[ModelRow]:
        """The usable champions before the one that serves, the last one first."""
        async with self._connection() as connection:
            champion = await _in_state(connection, market, horizon, ModelState.CHAMPION)
            return await _before(connection, market, horizon, champion)

    async def one(self, version: int) -> ModelRow:
        """Raises UnknownModel."""
        async with self._connection() as connection:
            return await _one(connection, version)

    async def list(self, market: str | None = None, horizon: int | None = None, *, newest: int = 20) -> list[ModelRow]:
        """The `newest` versions of each market and horizon, and those that serve or compete; newest first."""
        async with self._connection() as connection:
            count = min(newest, _MOST_LISTED)
            rows = await connection.fetch(_QUERIES["list"], market, horizon, count, timeout=_WAIT_SECONDS)
            return [_row(row) for row in rows]

    async def changes(
        self, version: int | None = None, *, market: str | None = None, newest: int = 100
    ) -> "tuple[ModelEvent, ...]":
        """The history, newest first."""
        async with self._connection() as connection:
            count = min(newest, _MOST_LISTED)
            rows = await connection.fetch(_QUERIES["changes"], version, market, count, timeout=_WAIT_SECONDS)
            return tuple(ModelEvent(**{**row, "state": ModelState(row["state"])}) for row in rows)

    async def blob(self, version: int) -> bytes:
        """The artifact as it was kept; `ml.models.artifact.unpack` says whether it is whole.

        Raises UnknownModel, and ModelUnusable: `gone` for a version too old to be kept, `damaged` for one that is
        larger than `MOST_BYTES`.
        """
        async with self._connection() as connection:
            row = await connection.fetchrow(_QUERIES["artifact"], version, MOST_BYTES, timeout=_BLOB_SECONDS)
        if row is None:
            raise UnknownModel(version)
        if row["artifact"] is None:
            raise ModelUnusable(version, "gone" if row["gone"] else "damaged")
        return bytes(row["artifact"])

    # -- what changes it -----------------------------------------------------------------------

    async def add(self, market: str, horizon: int, facts: Facts, blob: bytes, *, who: str = "training") -> int:
        """The version of a new model: the champion where there is none, else the challenger, whose forerunner retires.

        The same training again has the version that it had. Metrics that are no finite numbers are left out. Raises
        ModelTooBig and ModelNotSaved; nothing has changed then.
        """
        if len(blob) > MOST_BYTES:
            raise ModelTooBig(-(-len(blob) >> 20), MOST_BYTES >> 20)
        try:
            async with self._change(market, horizon) as change:
                return await change.add(facts, blob, who, self._kept)
        except MarketDown as error:
            full = isinstance(error.__cause__, asyncpg.DiskFullError)
            raise ModelNotSaved(horizon, "full" if full else "away") from error

    async def promote(self, version: int, *, who: str, reason: str, over: int | None = None) -> ModelRow:
        """Makes a version the champion; the one before it retires and may be returned to.

        With `over`, the champion that it was compared with, only while it is that one's challenger. Raises UnknownModel
        and NotPromotable; a version that is champion already stays it.
        """
        row = await self.one(version)
        async with self._change(row.market, row.horizon) as change:
            return await change.promote(version, who, reason, over)

    async def rollback(
        self, market: str, horizon: int, *, who: str, reason: str, version: int | None = None
    ) -> ModelRow:
        """The champion before serves again, and is returned; the present one retires for good.

        With `version` only if that one is champion still: two who take it back at once take back one. Raises NoModel
        and NoModelBefore.
        """
        async with self._change(market, horizon) as change:
            return await change.rollback(who, reason, version)

    async def fail(self, version: int, *, who: str, reason: str) -> ModelRow | None:
        """Bars a version that cannot be used. Where it was the champion, the newest usable champion before it serves,
        else the challenger. Returns the champion of its horizon, if any is left. Raises UnknownModel."""
        row = await self.one(version)
        async with self._change(row.market, row.horizon) as change:
            return await change.fail(version, who, reason)

    async def retire(self, version: int, *, who: str, reason: str) -> None:
        """Ends a challenger; one that has ended stays as it is. Raises UnknownModel, and ModelServes for a champion."""
        row = await self.one(version)
        async with self._change(row.market, row.horizon) as change:
            await change.retire(version, who, reason)

    # -- connections ---------------------------------------------------------------------------

    async def _in_state(self, market: str, horizon: int, state: ModelState) -> ModelRow | None:
        async with self._connection() as connection:
            return await _in_state(connection, market, horizon, state)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        with translated():
            async with self._pool.acquire(timeout=_WAIT_SECONDS) as connection:
                yield connection

    @asynccontextmanager
    async def _change(self, market: str, horizon: int) -> AsyncIterator["_Change"]:
        async with self._connection() as connection, connection.transaction():
            await connection.execute(_QUERIES["lock"], market, horizon, timeout=_WAIT_SECONDS)
            yield _Change(connection, market, horizon)


class _Change:
    """In one transaction, with the lock of its market and horizon."""

    def __init__(self, connection: Connection, market: str, horizon: int) -> None:
        self._connection = connection
        self._market = market
        self._horizon = horizon

    async def add(self, facts: Facts, blob: bytes, who: str, kept: int) -> int:
        key, sha = (self._market, self._horizon), digest(blob)
        same = await self._connection.fetchval(_QUERIES["same"], *key, facts.trained_at, sha, timeout=_WAIT_SECONDS)
        if same is not None:
            return int(same)
        champion, challenger = await self._in_state(ModelState.CHAMPION), await self._in_state(ModelState.CHALLENGER)
        if challenger:
            await self._move(challenger, ModelState.RETIRED, "replaced", who, "a newer challenger came")
        state = ModelState.CHALLENGER if champion else ModelState.CHAMPION
        values = (facts.recipe, state, facts.trained_at, facts.start, facts.end, facts.symbols, facts.rows)
        described = (facts.features, _json(facts.parameters), facts.code_version, _json(_finite(facts.metrics)))
        version = int(
            await self._connection.fetchval(
                _QUERIES["insert"], *key, *values, *described, sha, blob, timeout=_BLOB_SECONDS
            )
        )
        await self._note(version, "added", state, who, "" if champion else "the first of its market and horizon")
        before = await _before(self._connection, *key, champion)
        spare = before[0].version if before else None
        await self._connection.execute(_QUERIES["forget"], *key, kept, spare, timeout=_WAIT_SECONDS)
        return version

    async def promote(self, version: int, who: str, reason: str, over: int | None) -> ModelRow:
        row, champion = await _one(self._connection, version), await self._in_state(ModelState.CHAMPION)
        if row.state is ModelState.CHAMPION:
            return row
        if row.barred:
            raise NotPromotable(version, "failed" if row.state is ModelState.FAILED else "rolled-back")
        if not row.kept:
            raise NotPromotable(version, "gone")
        if over is not None and (
            row.state is not ModelState.CHALLENGER or champion is None or champion.version != over
        ):
            raise NotPromotable(version, "outrun")
        if champion:
            await self._move(champion, ModelState.RETIRED, "replaced", who, f"by model {version}: {reason}")
        await self._move(row, ModelState.CHAMPION, "promoted", who, reason)
        return await _one(self._connection, version)

    async def rollback(self, who: str, reason: str, version: int | None) -> ModelRow:
        champion = await self._in_state(ModelState.CHAMPION)
        if champion is None:
            raise NoModel(self._horizon)
        if version not in {None, champion.version}:
            return champion
        before = await _before(self._connection, self._market, self._horizon, champion)
        if not before:
            raise NoModelBefore(champion.version, self._horizon)
        await self._move(champion, ModelState.RETIRED, "rolled-back", who, reason, barred=True)
        await self._move(before[0], ModelState.CHAMPION, "returned", who, f"for model {champion.version}: {reason}")
        return await _one(self._connection, before[0].version)

    async def fail(self, version: int, who: str, reason: str) -> ModelRow | None:
        row = await _one(self._connection, version)
        if row.state is not ModelState.FAILED:
            await self._move(row, ModelState.FAILED, "failed", who, reason, barred=True)
        if row.state is ModelState.CHAMPION:
            before = await _before(self._connection, self._market, self._horizon, row)
            challenger = await self._in_state(ModelState.CHALLENGER)
            if next_one := before[0] if before else challenger:
                await self._move(
                    next_one,
                    ModelState.CHAMPION,
                    "returned" if before else "promoted",
                    who,
                    f"for model {version}: {reason}",
                )
        return await self._in_state(ModelState.CHAMPION)

    async def retire(self, version: int, who: str, reason: str) -> None:
        row = await _one(self._connection, version)
        if row.state is ModelState.CHAMPION:
            raise ModelServes(version, self._horizon)
        if row.state is ModelState.CHALLENGER:
            await self._move(row, ModelState.RETIRED, "retired", who, reason)

    async def _in_state(self, state: ModelState) -> ModelRow | None:
        return await _in_state(self._connection, self._market, self._horizon, state)

    async def _move(
        self, row: ModelRow, state: ModelState, change: str, who: str, reason: str, *, barred: bool = False
    ) -> None:
        await self._connection.execute(_QUERIES["move"], row.version, state, barred, timeout=_WAIT_SECONDS)
        await self._note(row.version, change, state, who, reason)

    async def _note(self, version: int, change: str, state: ModelState, who: str, reason: str) -> None:
        words = (who[:_WHO_LENGTH], reason[:_REASON_LENGTH])
        await self._connection.execute(_QUERIES["note"], version, change, state, *words, timeout=_WAIT_SECONDS)


async def _one(connection: Connection, version: int) -> ModelRow:
    row = await connection.fetchrow(_QUERIES["one"], version, timeout=_WAIT_SECONDS)
    if row is None:
        raise UnknownModel(version)
    return _row(row)


async def _in_state(connection: Connection, market: str, horizon: int, state: ModelState) -> ModelRow | None:
    row = await connection.fetchrow(_QUERIES["in_state"], market, horizon, state, timeout=_WAIT_SECONDS)
    return _row(row) if row else None


async def _before(connection: Connection, market: str, horizon: int, champion: ModelRow | None) -> list[ModelRow]:
    present = champion.version if champion else 0
    rows = await connection.fetch(_QUERIES["before"], market, horizon, present, timeout=_WAIT_SECONDS)
    return [_row(row) for row in rows]


def _row(row: Any) -> ModelRow:
    values = dict(row)
    values |= {"state": ModelState(row["state"]), "start": values.pop("start_ms"), "end": values.pop("end_ms")}
    values |= {name: tuple(row[name]) for name in ("symbols", "features")}
    parameters, metrics = json.loads(row["parameters"]), json.loads(row["metrics"])
    values |= {"parameters": parameters if isinstance(parameters, dict) else {}, "metrics": _numbers(metrics)}
    return ModelRow(**values)


def _json(value: object) -> str:
    return json.dumps(value, allow_nan=False)


def _numbers(metrics: Any) -> dict[str, float]:
    """Leaves out what training cannot have written: the database holds any JSON."""
    if not isinstance(metrics, dict):
        return {}
    return {
        name: float(value)
        for name, value in metrics.items()
        if type(value) in {int, float} and abs(value) <= sys.float_info.max
    }


def _finite(metrics: dict[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in metrics.items() if math.isfinite(value)}
