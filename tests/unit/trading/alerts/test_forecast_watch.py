"""When an alert on a forecast fires, when it may again, and that a look harms nobody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from core.outbox import Chat
from jobs.alerts.forecast_alerts import watch_forecasts
from ml.errors import NoModel
from pipeline.errors import MarketUnavailable
from pipeline.market import Symbol
from tests.fakes.forecasting import NOW, FakeForecasting, MemoryForecastAlerts
from trading.alerts.forecast_alerts import AlertVerdict, ForecastAlert, ForecastDirection, NewForecastAlert, verdict
from trading.alerts.ports import AlertState

BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")
MARKET = "simulator"
THEN = datetime(2021, 4, 1, 18, tzinfo=UTC)


def alert(way: ForecastDirection = ForecastDirection.UP, chance: str = "0.6", *, ready: bool = True) -> ForecastAlert:
    at = datetime(2021, 4, 1, tzinfo=UTC)
    return ForecastAlert(1, 1, MARKET, BTC, 60, way, Decimal(chance), False, AlertState.ARMED, ready, 0, at)  # noqa: FBT003


@pytest.mark.parametrize(
    ("way", "ready", "chance", "found"),
    [
        (ForecastDirection.UP, True, 0.6, AlertVerdict.FIRES),
        (ForecastDirection.UP, True, 0.5999, AlertVerdict.NOTHING),
        (ForecastDirection.UP, True, 0.3, AlertVerdict.NOTHING),
        (ForecastDirection.UP, False, 0.7, AlertVerdict.NOTHING),
        (ForecastDirection.UP, False, 0.59, AlertVerdict.NOTHING),
        (ForecastDirection.UP, False, 0.57, AlertVerdict.RETURNS),
        (ForecastDirection.DOWN, True, 0.61, AlertVerdict.FIRES),
        (ForecastDirection.DOWN, True, 0.4, AlertVerdict.NOTHING),
        (ForecastDirection.DOWN, False, 0.59, AlertVerdict.NOTHING),
        (ForecastDirection.DOWN, False, 0.57, AlertVerdict.RETURNS),
    ],
)
def test_it_fires_at_its_chance_and_comes_back_two_points_below(
    *,
    way: ForecastDirection,
    ready: bool,
    chance: float,
    found: AlertVerdict,
) -> None:
    assert verdict(alert(way, ready=ready), chance, THEN) is found


@pytest.mark.parametrize(("minutes", "found"), [(14, AlertVerdict.NOTHING), (15, AlertVerdict.FIRES)])
def test_it_rests_after_it_fired(minutes: int, found: AlertVerdict) -> None:
    rested = replace(alert(), firings=1, pause_minutes=15, fired_at=THEN)
    assert verdict(rested, 0.9, THEN + timedelta(minutes=minutes)) is found
    assert verdict(replace(rested, ready=False), 0.5, THEN) is AlertVerdict.RETURNS, "the way back counts meanwhile"


def test_it_comes_back_by_its_own_margin() -> None:
    wide = replace(alert(ready=False), margin=Decimal("0.1"))
    assert verdict(wide, 0.51, THEN) is AlertVerdict.NOTHING
    assert verdict(wide, 0.49, THEN) is AlertVerdict.RETURNS


class Watched:
    """A store, forecasts, and how often somebody was woken."""

    def __init__(self) -> None:
        self.store = MemoryForecastAlerts()
        self.forecasting = FakeForecasting({BTC: 58_000.0, ETH: 1_950.0})
        self.woken = 0
        self.now = THEN

    async def wish(self, symbol: Symbol = BTC, chance: str = "0.65", horizon: int = 60, **others: bool) -> int:
        number = len(self.store.alerts) + 1
        chat = Chat("fake", "home")
        repeat, ready = others.get("repeat", False), others.get("ready", True)
        new = NewForecastAlert(
            f"c{number}", 1, chat, MARKET, symbol, horizon, ForecastDirection.UP, Decimal(chance), repeat, ready
        )
        return (await self.store.create(new)).alert_id

    async def poll(self, rising: float) -> int:
        self.forecasting.rising[BTC] = rising
        return await watch_forecasts(self.store, self.forecasting, MARKET, now=self.now, on_fired=self._wake)

    def _wake(self) -> None:
        self.woken += 1


async def test_a_price_that_stays_has_not_fallen() -> None:
    """A rise of 38 % leaves 62 % for all else, of which 4 are that nothing changes."""
    watched = Watched()
    falls = NewForecastAlert(
        "c1", 1, Chat("fake", "home"), MARKET, BTC, 60, ForecastDirection.DOWN, Decimal("0.6"), repeat=False, ready=True
    )
    await watched.store.create(falls)
    watched.forecasting.unchanged = 0.04
    assert await watched.poll(0.38) == 0
    assert await watched.poll(0.36) == 1
    (told,) = watched.store.told
    assert (told.notice.rising, told.notice.falling) == (0.36, pytest.approx(0.6))


async def test_it_fires_once_and_says_what_was_forecast() -> None:
    watched = Watched()
    number = await watched.wish()
    assert [await watched.poll(rising) for rising in (0.6, 0.66, 0.7, 0.5, 0.7)] == [0, 1, 0, 0, 0]
    assert watched.woken == 1
    assert watched.store.alerts[number].state is AlertState.FIRED
    (told,) = watched.store.told
    notice = told.notice
    assert (notice.alert_id, notice.symbol, notice.horizon, notice.way) == (number, BTC, 60, "up")
    assert (notice.chance, notice.rising, notice.made_at, notice.market) == (Decimal("0.65"), 0.66, NOW, MARKET)


async def test_a_repeating_one_fires_again_only_after_the_chance_came_down() -> None:
    watched = Watched()
    await watched.wish(repeat=True)
    assert [await watched.poll(rising) for rising in (0.66, 0.7, 0.64, 0.66, 0.62, 0.66)] == [1, 0, 0, 0, 0, 1]


async def test_a_chance_that_leaps_every_minute_is_told_once_a_pause() -> None:
    watched = Watched()
    number = await watched.wish(repeat=True)
    watched.store.alerts[number] = replace(watched.store.alerts[number], pause_minutes=15)
    fired = 0
    for minute in range(60):
        watched.now = THEN + timedelta(minutes=minute)
        fired += await watched.poll(0.5 if minute % 2 else 0.7)
    assert fired == 4


async def test_one_that_was_reached_when_it_was_set_waits() -> None:
    watched = Watched()
    await watched.wish(ready=False)
    assert [await watched.poll(rising) for rising in (0.7, 0.6, 0.7)] == [0, 0, 1]


async def test_forecasts_without_skill_reach_nothing() -> None:
    watched = Watched()
    await watched.wish()
    watched.forecasting.unskilled = {60}
    assert await watched.poll(0.9) == 0
    watched.forecasting.unskilled = set()
    assert await watched.poll(0.9) == 1


async def test_a_horizon_without_a_model_keeps_no_other_from_firing() -> None:
    watched = Watched()
    await watched.wish(horizon=5)
    await watched.wish(horizon=60)
    whole = watched.forecasting.ranking

    async def ranking(horizon: int, count: int) -> object:
        if horizon == 5:
            raise NoModel(5)
        return await whole(horizon, count)

    watched.forecasting.ranking = ranking  # type: ignore[method-assign, assignment]
    assert await watched.poll(0.7) == 1
    assert watched.woken == 1


async def test_a_symbol_that_is_not_forecast_waits_and_a_horizon_is_asked_once() -> None:
    watched = Watched()
    await watched.wish(Symbol("GONEUSDC"))
    for _ in range(3):
        await watched.wish(ETH, "0.55")
    assert await watched.poll(0.4) == 3
    assert [question[:2] for question in watched.forecasting.asked] == [("ranking", 60), ("forecast", ETH)]


async def test_what_is_told_is_asked_for_by_itself_so_that_it_is_kept_and_where_it_cannot_be_it_waits() -> None:
    watched = Watched()
    await watched.wish()
    whole = watched.forecasting.forecast

    async def away(symbol: Symbol, horizon: int) -> object:
        raise MarketUnavailable

    watched.forecasting.forecast = away  # type: ignore[method-assign, assignment]
    assert await watched.poll(0.7) == 0
    assert watched.woken == 0

    async def calmer(symbol: Symbol, horizon: int) -> object:
        return replace(await whole(symbol, horizon), prob_up=0.6)

    watched.forecasting.forecast = calmer  # type: ignore[method-assign, assignment]
    assert await watched.poll(0.7) == 0
    watched.forecasting.forecast = whole  # type: ignore[method-assign]
    assert await watched.poll(0.7) == 1


async def test_nothing_is_asked_where_nothing_waits() -> None:
    watched = Watched()
    assert await watched.poll(0.9) == 0
    assert watched.forecasting.asked == []


async def test_two_looks_at_once_tell_it_once() -> None:
    watched = Watched()
    number = await watched.wish(repeat=True)
    stale = watched.store.alerts[number]
    assert await watched.poll(0.7) == 1
    watched.store.armed = _always([stale])  # type: ignore[method-assign, assignment]
    assert await watched.poll(0.7) == 0
    assert len(watched.store.told) == 1
    assert replace(stale, ready=False, firings=1, fired_at=THEN) == watched.store.alerts[number]


def _always(alerts: list[ForecastAlert]) -> object:
    async def armed(_: str) -> list[ForecastAlert]:
        return alerts

    return armed
