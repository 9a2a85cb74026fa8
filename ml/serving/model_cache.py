"""Cache of the models that serve: the registry is queried at intervals, and each version is unpacked once."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.clock import Clock
from ml.errors import ModelExpired, ModelUnusable, NoModel
from ml.forecast import HORIZONS
from ml.registry import ModelRow, Registry
from pipeline.errors import MarketUnavailable

if TYPE_CHECKING:
    from ml.models.forecast_model import ForecastModel

log = logging.getLogger(__name__)

POLL_SECONDS = 30.0
"""Longest time until a promotion is noticed."""

DAY_MS = 86_400_000
_HOUR_MS = 3_600_000
_AHEAD_MS = 10 * 60_000
_MAX_TRIES = 6

Unpack = Callable[[bytes, ModelRow], "ForecastModel"]
"""Function that unpacks an artifact, given its row. Called in a thread. Raises ModelUnusable."""


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """Model and its row in the registry."""

    row: ModelRow
    trained: "ForecastModel"

    @property
    def trained_symbols(self) -> frozenset[str]:
        """Symbols that the model may forecast."""
        return frozenset(name for name, seen in zip(self.trained.symbols, self.trained.seen, strict=True) if seen)


@dataclass(frozen=True, slots=True)
class ChampionSet:
    """Champions of a market by horizon, as read from the registry at `time` (seconds of the tick)."""

    market: str
    time: float
    champions: dict[int, LoadedModel]


def unpacked(blob: bytes, row: ModelRow) -> "ForecastModel":
    """Returns the model.

    Raises ModelUnusable if it is damaged, foreign, or made for other features than the present ones.
    """
    from ml.data.features import feature_names  # noqa: PLC0415
    from ml.models.artifact import unpack  # noqa: PLC0415 - heavy, and many processes never forecast
    from ml.models.forecast_model import ForecastModel  # noqa: PLC0415

    trained = ForecastModel.from_parts(unpack(blob, row.sha256, row.version), row.version)
    if trained.names not in (feature_names(), feature_names(flow=True)):
        raise ModelUnusable(row.version, "features")
    if (trained.horizon, trained.names, trained.symbols) != (row.horizon, row.features, row.symbols):
        raise ModelUnusable(row.version, "foreign")
    return trained


class Models:
    """Cache of the models of a registry.

    `wall` is the machine's clock; `tick` counts seconds and never goes back. A model makes no forecasts once
    `expiry_days` have passed since it was trained, or since the last candle of its training data.
    """

    def __init__(
        self,
        registry: Registry,
        wall: Clock,
        tick: Callable[[], float],
        *,
        expiry_days: float,
        horizons: Sequence[int] = HORIZONS,
        unpack: Unpack = unpacked,
    ) -> None:
        self._registry = registry
        self._wall = wall
        self._tick = tick
        self._expiry_ms = expiry_days * DAY_MS
        self._horizons = tuple(horizons)
        self._unpack = unpack
        self._lock = asyncio.Lock()
        self._ready: dict[int, LoadedModel] = {}
        self._standing: ChampionSet | None = None

    async def champion(self, market: str, horizon: int, now: int) -> LoadedModel:
        """Returns the champion; `now` is the market's clock (UTC ms). Raises NoModel, ModelExpired and
        MarketUnavailable.
        """
        found = (await self.champions(market)).get(horizon)
        if found is None:
            raise NoModel(horizon)
        self._check_age(found.row, now)
        return found

    async def usable(self, market: str, now: int) -> dict[int, LoadedModel]:
        """Returns the champions by horizon that `champion` would return. Raises MarketUnavailable."""
        champions = await self.champions(market)
        return {horizon: found for horizon, found in champions.items() if not self.too_old(found.row, now)}

    async def challengers(self, market: str, now: int) -> dict[int, LoadedModel]:
        """Returns the challengers by horizon, queried again at each call. Raises MarketUnavailable."""
        found: dict[int, LoadedModel] = {}
        async with self._lock:
            for horizon in self._horizons:
                row = await self._registry.challenger(market, horizon)
                loaded = None if row is None or self.too_old(row, now) else await self._load(row)
                if loaded is not None:
                    found[horizon] = loaded
        return found

    def invalidate(self) -> None:
        """Makes the next call query the registry, after a change to it."""
        self._standing = None

    def _check_age(self, row: ModelRow, now: int) -> None:
        if row.end > now + _AHEAD_MS:  # the clock was set back, and the training data is in the future
            raise NoModel(row.horizon)
        age = self._age(row, now)
        if age > self._expiry_ms:
            raise ModelExpired(row.horizon, age // _HOUR_MS)

    def too_old(self, row: ModelRow, now: int) -> bool:
        """Returns whether the model is too old for forecasts, or, on a clock that was set back, too new."""
        return row.end > now + _AHEAD_MS or self._age(row, now) > self._expiry_ms

    def _age(self, row: ModelRow, now: int) -> int:
        return max(self._wall() - row.trained_at, now - row.end)

    # -- from the registry -------------------------------------------------------------------------

    async def champions(self, market: str) -> dict[int, LoadedModel]:
        """Returns the champions by horizon, including those that are too old. Raises MarketUnavailable."""
        async with self._lock:
            known = self._standing
            if known is None or known.market != market or self._tick() - known.time >= POLL_SECONDS:
                try:
                    known = await self._poll(market)
                except MarketUnavailable:
                    if known is None or known.market != market:
                        raise
                    log.warning("the registry of models does not answer: the champions stay those that are known")
                    known = ChampionSet(market, self._tick(), known.champions)
                self._standing = known
            return known.champions

    async def _poll(self, market: str) -> ChampionSet:
        champions: dict[int, LoadedModel] = {}
        for horizon in self._horizons:
            found = await self._serving(market, horizon)
            if found is not None:
                champions[horizon] = found
        return ChampionSet(market, self._tick(), champions)

    async def _serving(self, market: str, horizon: int) -> LoadedModel | None:
        """Returns the champion; one that cannot be used fails for good, and the registry names the next."""
        row = await self._registry.champion(market, horizon)
        for _ in range(_MAX_TRIES):
            if row is None:
                return None
            loaded = await self._load(row)
            if loaded is not None:
                return loaded
            row = await self._registry.champion(market, horizon)
        return None

    async def _load(self, row: ModelRow) -> LoadedModel | None:
        """Returns the unpacked model. None if it cannot be used; the registry then bars it."""
        found = self._ready.get(row.version)
        if found is not None:
            return found
        try:
            blob = await self._registry.blob(row.version)
            found = LoadedModel(row, await asyncio.to_thread(self._unpack, blob, row))
        except ModelUnusable as error:
            log.error("model %d (%s, %d minutes) cannot be used: %s", row.version, row.market, row.horizon, error.why)  # noqa: TRY400 - the error contains the reason
            await self._registry.fail(row.version, who="serving", reason=error.why)
            return None
        self._ready[row.version] = found
        while len(self._ready) > 3 * len(self._horizons):
            del self._ready[next(iter(self._ready))]
        return found
