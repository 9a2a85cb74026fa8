"""Forecasts that are agreed on beforehand: `ml.ports.Forecasting` without a model behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import log, sqrt

from core.errors import DeskError
from core.outbox import Chat
from ml.errors import ShortHistory
from ml.forecast import MIN_MOMENTS, Driver, Estimate, Forecast, ModelCard, TrackRecord, moment_minutes
from pipeline.market import Symbol
from trading.alerts.errors import TooManyForecastAlerts, UnknownForecastAlert
from trading.alerts.forecast_alerts import MAX_FORECAST_ALERTS, ForecastAlert, ForecastFiring, NewForecastAlert
from trading.alerts.ports import AlertState

NOW = 1_617_300_000_000
MINUTE_MS = 60_000
DAY_MS = 86_400_000
DRIVERS = (Driver("reversal", 0.0009), Driver("momentum", 0.0004), Driver("volume", -0.0002), Driver("clock", 0.00001))
PER_MINUTE = 0.0006
"""Standard deviation of one minute's log return."""


@dataclass
class FakeForecasting:
    """Forecasts of `prices`, each in the expected `moves` (log returns; those of other symbols are 0.1 %).

    `unskilled` horizons say so; while `failure` is there every question raises it; `quiet` horizons have no record and
    no challenger. `records` (by horizon) and `metrics` replace the agreed ones. `asked` are the questions in order.
    """

    prices: dict[Symbol, float]
    moves: dict[Symbol, float] = field(default_factory=dict)
    rising: dict[Symbol, float] = field(default_factory=dict)
    unchanged: float = 0.0
    unskilled: set[int] = field(default_factory=set)
    quiet: set[int] = field(default_factory=set)
    failure: DeskError | None = None
    made_at: int = NOW
    skill: float = 0.0125
    records: dict[int, list[TrackRecord]] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    asked: list[tuple[object, ...]] = field(default_factory=list)

    async def forecast(self, symbol: Symbol, horizon: int) -> Forecast:
        self._ask("forecast", symbol, horizon)
        return replace(self._of(symbol, horizon), drivers=DRIVERS)

    async def ranking(self, horizon: int, count: int) -> Sequence[Forecast]:
        self._ask("ranking", horizon, count)
        found = [self._of(symbol, horizon) for symbol in self.prices]
        return sorted(found, key=lambda one: (-abs(one.prob_up - one.prob_down), one.symbol))[:count]

    async def record(self, horizon: int, days: int, symbol: Symbol | None = None) -> TrackRecord | None:
        self._ask("record", horizon, days, symbol)
        return self._record(horizon, days)

    async def card(self, horizon: int) -> ModelCard:
        self._ask("card", horizon)
        records = [self._record(horizon, days) for days in (7, 30)]
        skill = 0.0 if horizon in self.unskilled else self.skill
        return ModelCard(
            version=12,
            horizon=horizon,
            recipe="ensemble",
            trained_at=self.made_at - DAY_MS // 2,
            start=self.made_at - 30 * DAY_MS,
            end=self.made_at - DAY_MS // 2,
            symbols=len(self.prices),
            rows=1_234_567,
            features=52,
            skilled=horizon not in self.unskilled,
            metrics={
                "skill": skill,
                "skill_low": skill - 0.004,
                "skill_high": skill + 0.004,
                "hits": 0.531,
                "hits_low": 0.5224,
                "hits_high": 0.5396,
                "coverage": 0.803,
                "rmse": 1e-9,
                **self.metrics,
            },
            challenger=None if horizon in self.quiet else 13,
            records=tuple(record for record in records if record is not None),
        )

    def _ask(self, *question: object) -> None:
        self.asked.append(question)
        if self.failure is not None:
            raise self.failure

    def _of(self, symbol: Symbol, horizon: int) -> Forecast:
        if symbol not in self.prices:
            raise ShortHistory(symbol, 17, 240)
        expected = self.moves.get(symbol, log(1.001))
        reach = 1.28 * PER_MINUTE * sqrt(horizon)
        return Forecast(
            symbol=symbol,
            horizon=horizon,
            made_at=self.made_at,
            price=self.prices[symbol],
            expected=expected,
            low=expected - reach,
            high=expected + reach,
            prob_up=self.rising.get(symbol, 0.5 + 0.1 * (expected > 0) - 0.1 * (expected < 0)),
            skilled=horizon not in self.unskilled,
            version=12,
            prob_unchanged=self.unchanged,
        )

    def _record(self, horizon: int, days: int) -> TrackRecord | None:
        if horizon in self.records:
            return next((record for record in self.records[horizon] if record.days == days), None)
        if horizon in self.quiet:
            return None
        skill = -0.004 if horizon in self.unskilled else self.skill
        if days * DAY_MS < MIN_MOMENTS * moment_minutes(horizon) * MINUTE_MS:
            return TrackRecord(days, days)
        return TrackRecord(
            days,
            days * 24 * 60 // moment_minutes(horizon),
            covered=Estimate(0.803, 0.774, 0.829),
            skill=Estimate(skill, skill - 0.004, skill + 0.004),
            hits=Estimate(0.536, 0.507, 0.565),
            unchanged=0.08,
        )


class MemoryForecastAlerts:
    """`ForecastAlerts` and `ForecastAlertStore` in a dictionary; `told` are the notices."""

    def __init__(self) -> None:
        self.alerts: dict[int, ForecastAlert] = {}
        self.made: dict[str, int] = {}
        self.brought: list[tuple[int, int, Chat]] = []
        self.told: list[ForecastFiring] = []

    async def create(self, new: NewForecastAlert) -> ForecastAlert:
        if new.command_id not in self.made:
            self._check_room(new.person_id)
            number = len(self.alerts) + 1
            self.made[new.command_id] = number
            self.alerts[number] = ForecastAlert(
                number,
                new.person_id,
                new.market,
                new.symbol,
                new.horizon,
                new.way,
                new.chance,
                new.repeat,
                AlertState.ARMED,
                new.ready,
                0,
                datetime(2021, 4, 1, 18, tzinfo=UTC),
                new.margin,
                new.pause_minutes,
            )
        return self.alerts[self.made[new.command_id]]

    def _check_room(self, person_id: int) -> None:
        if sum(one.person_id == person_id and one.state is AlertState.ARMED for one in self.alerts.values()) >= 10:
            raise TooManyForecastAlerts(MAX_FORECAST_ALERTS)

    async def waiting(self, person_id: int, market: str) -> list[ForecastAlert]:
        return [one for one in reversed(await self.armed(market)) if one.person_id == person_id]

    async def cancel(self, person_id: int, alert_id: int) -> ForecastAlert:
        return self._become(person_id, alert_id, AlertState.CANCELLED, AlertState.FIRED)

    async def cancel_all(self, person_id: int, market: str, newest: int) -> int:
        gone = [one for one in await self.waiting(person_id, market) if one.alert_id <= newest]
        for one in gone:
            self.alerts[one.alert_id] = replace(one, state=AlertState.CANCELLED)
        return len(gone)

    async def bring(self, person_id: int, alert_id: int, chat: Chat) -> None:
        self.brought.append((person_id, alert_id, chat))

    async def repeat(self, person_id: int, alert_id: int) -> ForecastAlert:
        again = self._become(person_id, alert_id, AlertState.ARMED, AlertState.CANCELLED)
        self.alerts[alert_id] = replace(again, repeat=True)
        return self.alerts[alert_id]

    def _become(self, person_id: int, alert_id: int, state: AlertState, *over: AlertState) -> ForecastAlert:
        there = self.alerts.get(alert_id)
        if there is None or there.person_id != person_id or there.state in over:
            raise UnknownForecastAlert(alert_id)
        self.alerts[alert_id] = replace(there, state=state)
        return self.alerts[alert_id]

    async def armed(self, market: str) -> list[ForecastAlert]:
        return [one for one in self.alerts.values() if one.market == market and one.state is AlertState.ARMED]

    async def fire(self, firings: Sequence[ForecastFiring], now: datetime) -> frozenset[int]:
        fired = set()
        for firing in firings:
            there = self.alerts[firing.alert.alert_id]
            if there.state is AlertState.ARMED and there.ready and there.firings == firing.alert.firings:
                state = AlertState.ARMED if there.repeat else AlertState.FIRED
                count = there.firings + 1
                fired_now = replace(there, state=state, ready=False, firings=count, fired_at=now)
                self.alerts[there.alert_id] = fired_now
                self.told.append(firing)
                fired.add(there.alert_id)
        return frozenset(fired)

    async def returned(self, alerts: Sequence[ForecastAlert]) -> None:
        for one in alerts:
            self.alerts[one.alert_id] = replace(self.alerts[one.alert_id], ready=True)
