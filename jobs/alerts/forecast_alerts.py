"""Checks the forecast alerts of users, and notifies users whose alert was reached."""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from core.errors import DeskError
from ml.forecast import Forecast
from ml.ports import Forecasting
from pipeline.market import Symbol
from trading.alerts.forecast_alerts import (
    AlertVerdict,
    ForecastAlert,
    ForecastAlertStore,
    ForecastFiring,
    chance_of,
    verdict,
)
from trading.alerts.notices import ForecastFired

_MAX_SYMBOLS = 10_000

log = logging.getLogger(__name__)


async def watch_forecasts(
    store: ForecastAlertStore,
    forecasting: Forecasting,
    market: str,
    *,
    now: datetime,
    on_fired: Callable[[], None],
) -> int:
    """Checks all waiting alerts of a market once; returns how many fired.

    To be called every minute; two concurrent calls do no harm. A horizon without current forecasts is checked the next
    time, and forecasts without skill reach no alert. `on_fired` is called when notices entered the outbox. Raises
    DatabaseUnavailable.
    """
    waiting: dict[int, list[ForecastAlert]] = defaultdict(list)
    for alert in await store.armed(market):
        waiting[alert.horizon].append(alert)
    reached: list[ForecastAlert] = []
    back: list[ForecastAlert] = []
    for horizon, alerts in waiting.items():
        forecasts = await _forecasts(forecasting, horizon)
        for alert in alerts:
            found = _looked_at(alert, forecasts.get(alert.symbol), now)
            if found is AlertVerdict.FIRES:
                reached.append(alert)
            elif found is AlertVerdict.RETURNS:
                back.append(alert)
    if back:
        await store.returned(back)
    firings = await _firings(reached, forecasting, now)
    fired = await store.fire(firings, now) if firings else frozenset()
    if fired:
        on_fired()
    return len(fired)


async def _forecasts(forecasting: Forecasting, horizon: int) -> dict[Symbol, Forecast]:
    try:
        found = await forecasting.ranking(horizon, _MAX_SYMBOLS)
    except DeskError as error:
        log.info("forecast alerts over %d minutes wait: %s", horizon, error)
        return {}
    return {forecast.symbol: forecast for forecast in found}


def _looked_at(alert: ForecastAlert, forecast: Forecast | None, now: datetime) -> AlertVerdict:
    if forecast is None or not forecast.skilled:
        return AlertVerdict.NOTHING
    try:
        return verdict(alert, chance_of(alert.way, forecast.prob_up, forecast.prob_down), now)
    except Exception:  # a figure of one alert must not keep the others from firing
        log.exception("forecast alert %d cannot be checked", alert.alert_id)
        return AlertVerdict.NOTHING


async def _firings(reached: Sequence[ForecastAlert], forecasting: Forecasting, now: datetime) -> list[ForecastFiring]:
    """Returns the alerts that fire. Each forecast is requested again on its own, so that it is stored and scored as
    every other forecast that a user sees.
    """
    asked: dict[tuple[Symbol, int], Forecast | None] = {}
    firings: list[ForecastFiring] = []
    for alert in reached:
        key = (alert.symbol, alert.horizon)
        if key not in asked:
            asked[key] = await _forecast(forecasting, *key)
        forecast = asked[key]
        if forecast is not None and _looked_at(alert, forecast, now) is AlertVerdict.FIRES:
            firings.append(ForecastFiring(alert, _notice(alert, forecast)))
    return firings


async def _forecast(forecasting: Forecasting, symbol: Symbol, horizon: int) -> Forecast | None:
    try:
        return await forecasting.forecast(symbol, horizon)
    except DeskError as error:
        log.info("a forecast alert on %s over %d minutes waits: %s", symbol, horizon, error)
        return None


def _notice(alert: ForecastAlert, forecast: Forecast) -> ForecastFired:
    return ForecastFired(
        alert_id=alert.alert_id,
        market=alert.market,
        symbol=alert.symbol,
        horizon=alert.horizon,
        way=alert.way.value,
        chance=alert.chance,
        rising=forecast.prob_up,
        falling=forecast.prob_down,
        expected=forecast.expected,
        made_at=forecast.made_at,
        repeat=alert.repeat,
    )
