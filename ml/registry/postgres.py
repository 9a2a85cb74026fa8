"""Registry of models on PostgreSQL, the only module that queries it for models."""

import json
import math
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg

from core.sql import load_queries
from ml.errors import (
    ModelInUse,
    ModelNotSaved,
    ModelTooBig,
    ModelUnusable,
    NoModel,
    NoModelBefore,
    NotPromotable,
    UnknownModel,
)
from ml.models.artifact import MAX_BYTES, digest
from ml.registry.records import ModelEvent, ModelMetadata, ModelRow, ModelState
from pipeline.archive.postgres import translated
from pipeline.errors import MarketUnavailable

ARTIFACTS_KEPT = 10
"""Number of newest versions of each market and horizon whose artifacts are kept."""

_QUERIES = load_queries(__package__, "queries.sql")
_WAIT_SECONDS = 10.0
_BLOB_SECONDS = 60.0
_MAX_LISTED = 1000
_WHO_LENGTH, _REASON_LENGTH = 128, 300

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"


class Registry:
    """Registry of models: one champion and at most one challenger for each market and horizon.

    The market is `MarketInfo.market`, the horizon is in minutes. Each change is one transaction that waits for the one
    before it, and adds a line to the history, with `who` made it and the reason. Every method raises MarketUnavailable
    if PostgreSQL does not answer, and can then be repeated safely.
    """

    def __init__(self, pool: Pool, *, max_artifacts: int = ARTIFACTS_KEPT) -> None:
        self._pool = pool
        self._max_artifacts = max_artifacts

    # -- reads ---------------------------------------------------------------------------------

    async def champion(self, market: str, horizon: int) -> ModelRow | None:
        """Returns the champion, None if there is none."""
        return await self._in_state(market, horizon, ModelState.CHAMPION)

    async def challenger(self, market: str, horizon: int) -> ModelRow | None:
        """Returns the challenger, None if there is none."""
        return await self._in_state(market, horizon, ModelState.CHALLENGER)

    async def fallbacks(self, market: str, horizon: int) -> list[ModelRow]:
        """Returns the usable former champions, the most recent one first."""
        async with self._connection() as connection:
            champion = await _in_state(connection, market, horizon, ModelState.CHAMPION)
            return await _before(connection, market, horizon, champion)

    async def one(self, version: int) -> ModelRow:
        """Returns a version. Raises UnknownModel."""
        async with self._connection() as connection:
            return await _one(connection, version)

    async def list(self, market: str | None = None, horizon: int | None = None, *, newest: int = 20) -> list[ModelRow]:
        """Returns the `newest` versions of each market and horizon, and all champions and challengers; newest first."""
        async with self._connection() as connection:
            count = min(newest, _MAX_LISTED)
            rows = await connection.fetch(_QUERIES["list"], market, horizon, count, timeout=_WAIT_SECONDS)
            return [_row(row) for row in rows]

    async def changes(
        self, version: int | None = None, *, market: str | None = None, newest: int = 100
    ) -> "tuple[ModelEvent, ...]":
        """Returns the history, newest first."""
        async with self._connection() as connection:
            count = min(newest, _MAX_LISTED)
            rows = await connection.fetch(_QUERIES["changes"], version, market, count, timeout=_WAIT_SECONDS)
            return tuple(ModelEvent(**{**row, "state": ModelState(row["state"])}) for row in rows)

    async def blob(self, version: int) -> bytes:
        """Returns the stored artifact; `ml.models.artifact.unpack` checks its integrity.

        Raises UnknownModel, and ModelUnusable: `gone` for a version whose artifact is no longer kept, `damaged` for one
        that is larger than `MAX_BYTES`.
        """
        async with self._connection() as connection:
            row = await connection.fetchrow(_QUERIES["artifact"], version, MAX_BYTES, timeout=_BLOB_SECONDS)
        if row is None:
            raise UnknownModel(version)
        if row["artifact"] is None:
            raise ModelUnusable(version, "gone" if row["gone"] else "damaged")
        return bytes(row["artifact"])

    # -- changes -------------------------------------------------------------------------------

    async def add(self, market: str, horizon: int, facts: ModelMetadata, blob: bytes, *, who: str = "training") -> int:
        """Adds a new model and returns its version.

        It becomes champion if there is none, else challenger, and the challenger before it retires. If the same
        training is added again, its existing version is returned. Metrics that are not finite numbers are left out.
        Raises ModelTooBig and ModelNotSaved; nothing has changed then.
        """
        if len(blob) > MAX_BYTES:
            raise ModelTooBig(-(-len(blob) >> 20), MAX_BYTES >> 20)
        try:
            async with self._change(market, horizon) as change:
                return await change.add(facts, blob, who, self._max_artifacts)
        except MarketUnavailable as error:
            full = isinstance(error.__cause__, asyncpg.DiskFullError)
            raise ModelNotSaved(horizon, "full" if full else "away") from error

    async def promote(self, version: int, *, who: str, reason: str, over: int | None = None) -> ModelRow:
        """Makes a version the champion; the one before it retires and can be returned to.

        With `over`, the version of the champion it was compared with, the version is promoted only while it is the
        challenger of that champion. Raises UnknownModel and NotPromotable. A version that is already champion stays
        champion.
        """
        row = await self.one(version)
        async with self._change(row.market, row.horizon) as change:
            return await change.promote(version, who, reason, over)

    async def rollback(
        self, market: str, horizon: int, *, who: str, reason: str, version: int | None = None
    ) -> ModelRow:
        """Makes the previous champion serve again and returns it; the current one retires permanently.

        With `version`, only if that version is still champion: two simultaneous rollbacks then take back one champion.
        Raises NoModel and NoModelBefore.
        """
        async with self._change(market, horizon) as change:
            return await change.rollback(who, reason, version)

    async def fail(self, version: int, *, who: str, reason: str) -> ModelRow | None:
        """Bars a version that cannot be used.

        If it was the champion, the newest usable champion before it takes its place, else the challenger. Returns the
        champion of its horizon, None if there is none left. Raises UnknownModel.
        """
        row = await self.one(version)
        async with self._change(row.market, row.horizon) as change:
            return await change.fail(version, who, reason)

    async def retire(self, version: int, *, who: str, reason: str) -> None:
        """Retires a challenger; a version in another state is unchanged.

        Raises UnknownModel, and ModelInUse for a champion.
        """
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
    """Changes in one transaction that holds the lock of its market and horizon."""

    def __init__(self, connection: Connection, market: str, horizon: int) -> None:
        self._connection = connection
        self._market = market
        self._horizon = horizon

    async def add(self, facts: ModelMetadata, blob: bytes, who: str, max_artifacts: int) -> int:
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
        await self._connection.execute(_QUERIES["forget"], *key, max_artifacts, spare, timeout=_WAIT_SECONDS)
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
            raise ModelInUse(version, self._horizon)
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
    """Returns the metrics without values that training cannot have written: the database accepts any JSON."""
    if not isinstance(metrics, dict):
        return {}
    return {
        name: float(value)
        for name, value in metrics.items()
        if type(value) in {int, float} and abs(value) <= sys.float_info.max
    }


def _finite(metrics: dict[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in metrics.items() if math.isfinite(value)}
