"""Returns of coins in crashes of the past, which stress tests replay.

`episodes.csv` has, for each episode and base asset, the lowest price and the last price of the window relative to its
first one. Computed from candles of Binance: spot, one minute, for 2021 and 2022; for 2025 one hour, spot for the ten
largest coins and USD-M perpetuals for the others. Coins without trading in the whole window are left out.
"""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np


class Episode(StrEnum):
    """Crash, by its month: the fall after a power cut of miners, the failure of FTX, the liquidations of October."""

    APRIL_2021 = "2021-04"
    NOVEMBER_2022 = "2022-11"
    OCTOBER_2025 = "2025-10"


WINDOWS = MappingProxyType(
    {
        Episode.APRIL_2021: ("2021-04-17 00:00", "2021-04-19 00:00"),
        Episode.NOVEMBER_2022: ("2022-11-08 22:39", "2022-11-09 15:10"),
        Episode.OCTOBER_2025: ("2025-10-10 12:00", "2025-10-11 12:00"),
    }
)
"""Beginning and end of each window, UTC."""


@dataclass(frozen=True, slots=True)
class CoinReturn:
    """Returns since the beginning of a window: to the lowest price in it, and to the last."""

    low: float
    end: float


@cache
def episode_returns(episode: Episode) -> MappingProxyType[str, CoinReturn]:
    """Returns the returns by base asset."""
    text = files("trading.risk").joinpath("episodes.csv").read_text(encoding="utf-8")
    rows = (row for row in csv.DictReader(text.splitlines()) if row["episode"] == episode)
    return MappingProxyType({row["base"]: CoinReturn(float(row["low"]), float(row["end"])) for row in rows})


@cache
def median_return(episode: Episode) -> CoinReturn:
    """Returns the median over the coins of an episode."""
    known = episode_returns(episode).values()
    low, end = (float(np.median([getattr(each, name) for each in known])) for name in ("low", "end"))
    return CoinReturn(low, end)


def stand_in(episode: Episode, beta: float | None) -> CoinReturn:
    """Returns the returns of a coin that was not traded then: its beta times those of Bitcoin, not below -1, or the
    median of the coins without a beta.
    """
    if beta is None or not np.isfinite(beta):
        return median_return(episode)
    bitcoin = episode_returns(episode)["BTC"]
    low, end = (max(beta * value, -1.0) for value in (bitcoin.low, bitcoin.end))
    return CoinReturn(min(low, end), end)
