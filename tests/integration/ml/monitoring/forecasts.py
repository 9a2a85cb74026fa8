"""Forecasts as a model serves them."""

from ml.forecast import Forecast
from ml.serving.forecast_log import LoggedForecast, Role
from pipeline.market import Symbol
from tests.fakes.forecast_house import HORIZON, MARKET

BTC = Symbol("BTCUSDT")
ROWS = 1850


def made(at: int, *, symbol: str = BTC, version: int = 1, expected: float = 0.001, horizon: int = HORIZON) -> Forecast:
    low, high = expected - 0.01, expected + 0.01
    return Forecast(Symbol(symbol), horizon, at, 100.0, expected, low, high, 0.55, skilled=True, version=version)


def served(*forecasts: Forecast, role: Role = Role.CHAMPION) -> list[LoggedForecast]:
    return [LoggedForecast(MARKET, role, one) for one in forecasts]
