"""Log of served forecasts and their results on PostgreSQL, the only module that queries it for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import asyncpg

from core.sql import load_queries
from ml.forecast import Forecast, TrackRecord, moment_minutes
from ml.serving.track_record import MomentScores, track_record
from ml.serving.types import Drift, DriftKind, HourlyErrors, PairedLosses
from pipeline.archive.gaps import spans
from pipeline.archive.postgres import translated
from pipeline.market import MINUTE_MS, Symbol

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Key: TypeAlias = tuple[str, Symbol, int, int, int]

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
LIVE_DAYS = 35
"""Days for which the live record is kept; track records cover up to 30 days."""

ASKED_DAYS = 90
ROWS_A_CALL = 5_000
_SPAN_MS = 6 * HOUR_MS
_SECONDS = 10.0
_LONG_SECONDS = 60.0

_QUERIES = load_queries(__package__, "forecast_log.sql")


class Role(StrEnum):
    """Purpose of a forecast. The first two are the live record: every symbol, at the same times."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class LoggedForecast:
    """Forecast of a market, as it is stored."""

    market: str
    role: Role
    forecast: Forecast

    @property
    def key(self) -> Key:
        """Key of the forecast, the same if the same forecast is made again."""
        made = self.forecast
        return self.market, made.symbol, made.horizon, made.made_at, made.version


class ForecastLog:
    """Store of served forecasts.

    Every method raises MarketUnavailable if PostgreSQL does not answer, and can be repeated safely.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def append(self, served: Sequence[LoggedForecast]) -> None:
        """Stores forecasts, one row each, however often a forecast is passed."""
        rows = list({one.key: one for one in sorted(served, key=lambda one: one.role is not Role.ASKED)}.values())
        for market in {one.market for one in rows}:
            own = [one for one in rows if one.market == market]
            for start in range(0, len(own), ROWS_A_CALL):
                columns = _columns(own[start : start + ROWS_A_CALL])
                await self._execute("keep", market, *columns, seconds=_LONG_SECONDS)

    # -- outcomes ----------------------------------------------------------------------------------

    async def score(self, market: str, until: int) -> int:
        """Sets the outcome of each forecast that was due before `until` (UTC ms) and whose candle is archived.

        Returns their number.
        """
        first = await self._value("first_due", market)
        scored = 0
        if first is None:
            return 0
        for start, end in spans(int(first), until, _SPAN_MS):
            scored += int(await self._value("score", market, start, end, seconds=_LONG_SECONDS))
        return scored

    async def give_up(self, market: str, until: int) -> int:
        """Gives up the forecasts that were due before `until` (UTC ms) and have no outcome. Returns their number."""
        return _count(await self._execute("give_up", market, until, seconds=_LONG_SECONDS))

    async def record(
        self, market: str, horizon: int, days: int, now: int, symbol: Symbol | None = None
    ) -> TrackRecord | None:
        """Returns the results of the champions' part of the live record in the `days` before `now` (UTC ms).

        For all symbols together, whole hours count. None if nothing was judged.
        """
        since, span = now - days * DAY_MS, moment_minutes(horizon) * MINUTE_MS
        if symbol is None:
            rows = await self._fetch("record", market, horizon, since // HOUR_MS * HOUR_MS, now, span)
        else:
            rows = await self._fetch("record_of_symbol", market, horizon, since, now, span, symbol)
        return track_record(days, [MomentScores(**row) for row in rows])

    async def hours(self, market: str, horizon: int, version: int, since: int) -> list[HourlyErrors]:
        """Returns the live record of one model by hour, oldest first."""
        return [HourlyErrors(**row) for row in await self._fetch("hours", version, since, market, horizon)]

    async def last_made(self, version: int) -> int | None:
        """Returns the time of a model's newest forecast in the live record, UTC ms. None if there is none."""
        found: int | None = await self._value("last_made", version)
        return found

    async def losses(self, champion: int, challenger: int, since: int) -> list[PairedLosses]:
        """Returns the losses of both versions at the same times and symbols, oldest first, where both were judged."""
        rows = await self._fetch("losses", champion, challenger, since, seconds=_LONG_SECONDS)
        return [PairedLosses(**row) for row in rows]

    # -- features and drift ------------------------------------------------------------------------

    async def count_features(self, version: int, hour: int, counts: Sequence[int]) -> None:
        """Stores the counts of an hour's features by bins of the model; the first counts of an hour are kept."""
        await self._execute("count_features", version, hour, list(counts))

    async def feature_counts(self, version: int, since: int) -> list[tuple[int, Sequence[int]]]:
        """Returns hours and their counts, oldest first."""
        return [(row["hour"], row["counts"]) for row in await self._fetch("features", version, since)]

    async def drifted(self, found: Drift) -> bool:
        """Stores a drift. Returns False if it was already stored."""
        who, how = (found.version, found.kind.value), (found.what, found.amount, found.bound, found.since)
        return await self._value("drifted", *who, found.market, found.horizon, *how) is not None

    async def open_drifts(self) -> list[Drift]:
        """Returns the drifts of all markets that are not settled, oldest first."""
        return [Drift(**{**row, "kind": DriftKind(row["kind"])}) for row in await self._fetch("open_drifts")]

    async def settle_drifts(self, drifts: Sequence[Drift]) -> None:
        """Marks drifts as settled."""
        await self._execute("settle_drifts", [each.version for each in drifts], [each.kind.value for each in drifts])

    async def trim(self, market: str, now: int) -> int:
        """Removes forecasts and feature counts that were kept long enough. Returns the number of forecasts removed.

        At most 20,000 forecasts are removed at once. Feature counts are those of the market, and `now` is its clock.
        """
        await self._execute("trim_features", market, now - LIVE_DAYS * DAY_MS)
        return _count(await self._execute("trim", LIVE_DAYS, ASKED_DAYS, seconds=_LONG_SECONDS))

    # -- connections -------------------------------------------------------------------------------

    async def _fetch(self, name: str, *arguments: object, seconds: float = _SECONDS) -> list[Any]:
        with translated():
            return await self._pool.fetch(_QUERIES[name], *arguments, timeout=seconds)

    async def _value(self, name: str, *arguments: object, seconds: float = _SECONDS) -> Any:
        with translated():
            return await self._pool.fetchval(_QUERIES[name], *arguments, timeout=seconds)

    async def _execute(self, name: str, *arguments: object, seconds: float = _SECONDS) -> str:
        with translated():
            return await self._pool.execute(_QUERIES[name], *arguments, timeout=seconds)


def _columns(served: Sequence[LoggedForecast]) -> list[list[Any]]:
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
        [one.prob_up for one in made],
    ]


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])
