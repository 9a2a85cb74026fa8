"""Scheduled job on forecasts: makes those of the live record, judges due ones, compares models and detects drift."""

import logging
from dataclasses import dataclass, field

import numpy as np

from ml.data.feature_reference import stored_counts
from ml.errors import NotPromotable
from ml.monitoring.drift import errors_drift, features_drift
from ml.registry import Registry
from ml.registry.promotion import Outcome, PromotionVerdict, judge, takes_over
from ml.serving.forecast_log import DAY_MS, HOUR_MS, LIVE_DAYS, ForecastLog
from ml.serving.forecaster import Forecaster, LiveForecasts
from ml.serving.model_cache import LoadedModel, Models
from ml.serving.types import Drift, DriftKind
from pipeline.market import MINUTE_MS
from pipeline.ports import MarketReader

log = logging.getLogger(__name__)

EVERY_SECONDS = 15 * 60
"""Interval of the job. Short horizons are compared in blocks of an hour, which need forecasts of three times."""

SETTLED_MS = 2 * MINUTE_MS
"""Time after the close of a candle during which it may still be corrected."""

MISSING_MS = 7 * DAY_MS
"""Time after which a missing candle is given up. A desk that was off for days fetches missing candles in its next
training.
"""

SHORT_MINUTES = 30
SHORT_APART_MS = 12 * MINUTE_MS
LONG_APART_MS = 55 * MINUTE_MS
"""Least times between forecasts of the live record, for short horizons and for longer ones, whose outcomes overlap."""

DRIFT_DAYS = 7
_WHO = "scoring"
_MAX_WORDS = 300


@dataclass(slots=True)
class Scored:
    """Results of one run: forecasts made, judged and given up, versions promoted, and new drifts."""

    made: int = 0
    judged: int = 0
    missing: int = 0
    promoted: list[int] = field(default_factory=list)
    drifts: list[Drift] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [f"{self.made} made", f"{self.judged} judged"]
        parts += [f"{self.missing} without a candle"] if self.missing else []
        parts += [f"promoted {version}" for version in self.promoted]
        parts += [f"drift: {drift}" for drift in self.drifts]
        return ", ".join(parts)


class Scoring:
    """Job that scores forecasts; any number of desks may call `run` at once and at any rate."""

    def __init__(
        self, market: MarketReader, registry: Registry, models: Models, served: ForecastLog, forecaster: Forecaster
    ) -> None:
        self._market = market
        self._registry = registry
        self._models = models
        self._served = served
        self._forecaster = forecaster

    async def run(self) -> Scored:
        """Runs the job once. Raises MarketUnavailable; work that was done until then is kept.

        Each drift is reported once: `drifts` are the new ones.
        """
        done = Scored()
        market, now = self._market.info().market, self._market.now()
        done.judged = await self._served.score(market, now - SETTLED_MS)
        done.missing = await self._served.give_up(market, now - MISSING_MS)
        if done.missing:
            log.warning("%d forecasts will never be judged: their candles are missing", done.missing)
        done.promoted = await self._compare(market, now)
        live = await self._forecaster.live()
        if live is not None:
            done.made = await self._save(live)
            done.drifts = await self._watch(live)
        await self._served.trim(market, now)
        return done

    # -- the live record -------------------------------------------------------------------------

    async def _save(self, live: LiveForecasts) -> int:
        due = {horizon for horizon, model in live.champions.items() if await self._is_due(model, live.made_at)}
        served = [one for one in live.served() if one.forecast.horizon in due]
        await self._served.append(served)
        return len(served)

    async def _is_due(self, champion: LoadedModel, made_at: int) -> bool:
        last = await self._served.last_made(champion.row.version)
        apart = SHORT_APART_MS if champion.row.horizon <= SHORT_MINUTES else LONG_APART_MS
        return last is None or made_at - last >= apart or made_at < last

    # -- champion and challenger -----------------------------------------------------------------

    async def _compare(self, market: str, now: int) -> list[int]:
        """Returns the versions that were promoted."""
        champions = await self._models.champions(market)
        challengers = await self._models.challengers(market, now)
        promoted = [
            challenger.row.version
            for horizon, challenger in challengers.items()
            if horizon in champions and await self._decide(champions[horizon], challenger, now)
        ]
        if promoted:
            self._models.invalidate()
        return promoted

    async def _decide(self, champion: LoadedModel, challenger: LoadedModel, now: int) -> bool:
        verdict = await self._verdict(champion, challenger, now)
        ours, reason = challenger.row.version, verdict.words()[:_MAX_WORDS]
        if takes_over(verdict, expired=self._models.too_old(champion.row, now)):
            try:
                await self._registry.promote(ours, who=_WHO, reason=reason, over=champion.row.version)
            except NotPromotable as error:  # the registry changed meanwhile
                log.info("model %d is not promoted: %s", ours, error.why)
                return False
            log.info("model %d is champion for %d minutes now: %s", ours, challenger.row.horizon, reason)
            return True
        if verdict.outcome in {Outcome.LOSES, Outcome.BROKEN}:
            await self._registry.retire(ours, who=_WHO, reason=reason)
        return False

    async def _verdict(self, champion: LoadedModel, challenger: LoadedModel, now: int) -> PromotionVerdict:
        found = await self._served.losses(champion.row.version, challenger.row.version, now - LIVE_DAYS * DAY_MS)
        times = np.array([each.made_at for each in found], np.int64)
        theirs, ours = (np.array([getattr(each, name) for each in found]) for name in ("champion", "challenger"))
        return judge(times, theirs, ours, champion.row.horizon)

    # -- drift -----------------------------------------------------------------------------------

    async def _watch(self, live: LiveForecasts) -> list[Drift]:
        """Returns the drifts that are new."""
        found: list[Drift] = []
        for model in live.champions.values():
            for drift in (await self._features(live, model), await self._errors(live, model)):
                if drift is not None and await self._served.drifted(drift):
                    log.warning("drift: %s", drift)
                    found.append(drift)
        return found

    async def _features(self, live: LiveForecasts, model: LoadedModel) -> Drift | None:
        reference, version = model.trained.reference, model.row.version
        if reference is None:
            return None
        hour = live.made_at // HOUR_MS * HOUR_MS
        counts = reference.count(live.moment.sights[version].features)
        await self._served.count_features(version, hour, counts.ravel().tolist())
        hours = await self._served.feature_counts(version, hour - DAY_MS + HOUR_MS)
        shaped = [(time, kept) for time, each in hours if (kept := stored_counts(each, counts.shape)) is not None]
        far = features_drift(reference, shaped)
        return None if far is None else Drift(live.market, model.row.horizon, version, DriftKind.FEATURES, *far)

    async def _errors(self, live: LiveForecasts, model: LoadedModel) -> Drift | None:
        row = model.row
        hours = await self._served.hours(live.market, row.horizon, row.version, live.made_at - DRIFT_DAYS * DAY_MS)
        return errors_drift(row, hours)
