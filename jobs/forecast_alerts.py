"""Looks at the forecasts that people wait for, and tells those whose alert they reach."""

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
    verdict,
)
from trading.alerts.notices import ForecastFired

_MOST_SYMBOLS = 10_000

log = logging.getLogger(__name__)


async def watch_forecasts(
    store: ForecastAlertStore,
    forecasting: Forecasting,
    market: str,
    *,
    now: datetime,
    on_fired: Callable[[], None],
) -> int:
    """One look at everything that waits in a market; how many alerts fired.

    To be called every minute; two at once do no harm. A horizon without forecasts now is looked at the next time, and
    forecasts without skill reach nothing. `on_fired` is called when notices entered the outbox.
    Raises DatabaseUnavailable.
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
        found = await forecasting.ranking(horizon, _MOST_SYMBOLS)
    except DeskError as error:
        log.info("forecast alerts over %d minutes wait: %s", horizon, error)
        return {}
    return {forecast.symbol: forecast for forecast in found}


def _looked_at(alert: ForecastAlert, forecast: Forecast | None, now: datetime) -> AlertVerdict:
    if forecast is None or not forecast.skilled:
        return AlertVerdict.NOTHING
    return verdict(alert, forecast.rising, now)


async def _firings(reached: Sequence[ForecastAlert], forecasting: Forecasting, now: datetime) -> list[ForecastFiring]:
    """What somebody is told of is asked for by itself, so that it is kept and judged as every other forecast."""
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
        rising=forecast.rising,
        expected=forecast.expected,
        made_at=forecast.made_at,
        repeat=alert.repeat,
    )
