"""Served forecasts and their records on PostgreSQL: the only file that speaks to it for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import Any, TypeAlias

import asyncpg

from core.sql import load_queries
from ml.forecast import Forecast, TrackRecord
from ml.serving.types import Drift, DriftKind, Hour, Losses
from pipeline.archive.gaps import spans
from pipeline.archive.postgres import translated
from pipeline.market import Symbol

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Key: TypeAlias = tuple[str, Symbol, int, int, int]

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
LIVE_DAYS = 35
"""The live record is kept for so long: records look back 30 days."""

ASKED_DAYS = 90
ROWS_A_CALL = 5_000
_SPAN_MS = 6 * HOUR_MS
_SECONDS = 10.0
_LONG_SECONDS = 60.0

_QUERIES = load_queries(__package__, "forecast_log.sql")


class Role(StrEnum):
    """Why a forecast was made. The first two are the live record: every symbol, at the same times."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Served:
    """A forecast of a market, as it is kept."""

    market: str
    role: Role
    forecast: Forecast

    @property
    def key(self) -> Key:
        """The same forecast again has the same."""
        made = self.forecast
        return self.market, made.symbol, made.horizon, made.made_at, made.version


class ServedForecasts:
    """Every method raises MarketDown when PostgreSQL does not answer; all of them may be repeated without harm."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def keep(self, served: Sequence[Served]) -> None:
        """One row a forecast, however often it comes."""
        rows = list({one.key: one for one in sorted(served, key=lambda one: one.role is not Role.ASKED)}.values())
        for market in {one.market for one in rows}:
            own = [one for one in rows if one.market == market]
            for start in range(0, len(own), ROWS_A_CALL):
                columns = _columns(own[start : start + ROWS_A_CALL])
                await self._execute("keep", market, *columns, seconds=_LONG_SECONDS)

    # -- what became of them -----------------------------------------------------------------------

    async def score(self, market: str, until: int) -> int:
        """Gives an outcome to each forecast that was due before `until` (UTC ms) and whose candle is archived; how
        many."""
        first = await self._value("first_due", market)
        scored = 0
        if first is None:
            return 0
        for start, end in spans(int(first), until, _SPAN_MS):
            scored += int(await self._value("score", market, start, end, seconds=_LONG_SECONDS))
        return scored

    async def give_up(self, market: str, until: int) -> int:
        """Of those due before `until` whose candle never came; how many."""
        return _count(await self._execute("give_up", market, until, seconds=_LONG_SECONDS))

    async def record(
        self, market: str, horizon: int, days: int, now: int, symbol: Symbol | None = None
    ) -> TrackRecord | None:
        """Of the champions' part of the live record in the `days` before `now` (UTC ms); None where nothing was judged.

        Of all symbols whole hours count.
        """
        since = now - days * DAY_MS
        if symbol is None:
            row = await self._row("record", market, horizon, since // HOUR_MS * HOUR_MS, now)
        else:
            row = await self._row("record_of_symbol", market, horizon, since, now, symbol)
        return None if row is None or not row["count"] else _record(days, row)

    async def hours(self, market: str, horizon: int, version: int, since: int) -> list[Hour]:
        """The live record of one model, oldest first."""
        return [Hour(**row) for row in await self._fetch("hours", version, since, market, horizon)]

    async def last_made(self, version: int) -> int | None:
        """When the newest of a model's part of the live record was made, UTC ms."""
        found: int | None = await self._value("last_made", version)
        return found

    async def losses(self, champion: int, challenger: int, since: int) -> list[Losses]:
        """Both versions at the same times and symbols, oldest first, where both were judged."""
        rows = await self._fetch("losses", champion, challenger, since, seconds=_LONG_SECONDS)
        return [Losses(**row) for row in rows]

    # -- features and drift ------------------------------------------------------------------------

    async def count_features(self, version: int, hour: int, counts: Sequence[int]) -> None:
        """How the features of an hour fell into the model's bins; the first count of an hour stays."""
        await self._execute("count_features", version, hour, list(counts))

    async def feature_counts(self, version: int, since: int) -> list[tuple[int, Sequence[int]]]:
        """Hours and their counts, oldest first."""
        return [(row["hour"], row["counts"]) for row in await self._fetch("features", version, since)]

    async def drifted(self, found: Drift) -> bool:
        """Writes a drift down; False where it was before."""
        who, how = (found.version, found.kind.value), (found.what, found.amount, found.bound, found.since)
        return await self._value("drifted", *who, found.market, found.horizon, *how) is not None

    async def open_drifts(self) -> list[Drift]:
        """Those that are not settled, of all markets, oldest first."""
        return [Drift(**{**row, "kind": DriftKind(row["kind"])}) for row in await self._fetch("open_drifts")]

    async def settle_drifts(self, drifts: Sequence[Drift]) -> None:
        """Nothing is left to be done about these."""
        await self._execute("settle_drifts", [each.version for each in drifts], [each.kind.value for each in drifts])

    async def trim(self, now: int) -> int:
        """Removes what was kept long enough, at most 20,000 forecasts at once; how many. `now` is the market's."""
        await self._execute("trim_features", now - LIVE_DAYS * DAY_MS)
        return _count(await self._execute("trim", LIVE_DAYS, ASKED_DAYS, seconds=_LONG_SECONDS))

    # -- connections -------------------------------------------------------------------------------

    async def _fetch(self, name: str, *arguments: object, seconds: float = _SECONDS) -> list[Any]:
        with translated():
            return await self._pool.fetch(_QUERIES[name], *arguments, timeout=seconds)

    async def _row(self, name: str, *arguments: object) -> Any:
        with translated():
            return await self._pool.fetchrow(_QUERIES[name], *arguments, timeout=_SECONDS)

    async def _value(self, name: str, *arguments: object, seconds: float = _SECONDS) -> Any:
        with translated():
            return await self._pool.fetchval(_QUERIES[name], *arguments, timeout=seconds)

    async def _execute(self, name: str, *arguments: object, seconds: float = _SECONDS) -> str:
        with translated():
            return await self._pool.execute(_QUERIES[name], *arguments, timeout=seconds)


def _columns(served: Sequence[Served]) -> list[list[Any]]:
    made = [one.forecast for one in served]
    return [
        [one.symbol for one in made],
        [one.horizon for one in made],
        [one.made_at for one in made],
        [one.version for one in made],
        [one.role.value for one in served],
        [one.price for one in made],
        [one.expected for one in made],
        [one.low for one in made],
        [one.high for one in made],
        [one.rising for one in made],
    ]


def _record(days: int, row: Any) -> TrackRecord:
    naive = float(row["naive"])
    skill = 1 - sqrt(float(row["squares"]) / naive) if naive > 0 else 0.0
    covered = int(row["covered"]) / int(row["count"])
    return TrackRecord(days, int(row["count"]), int(row["moves"]), int(row["hits"]), skill, covered)


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])
