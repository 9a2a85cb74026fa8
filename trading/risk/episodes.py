"""Returns of coins in crashes of the past, which stress tests replay.

Returns are of Binance's prices in USDT, from the first price of a window to its lowest and to its last, rounded to
hundredths. Bitcoin and Ethereum stand for themselves, and the median of all coins for those without a beta.
"""

from dataclasses import dataclass
from enum import StrEnum
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


KNOWN = MappingProxyType(
    {
        Episode.APRIL_2021: {"BTC": CoinReturn(-0.17, -0.08), "ETH": CoinReturn(-0.20, -0.08)},
        Episode.NOVEMBER_2022: {"BTC": CoinReturn(-0.07, -0.04), "ETH": CoinReturn(-0.14, -0.07)},
        Episode.OCTOBER_2025: {"BTC": CoinReturn(-0.16, -0.08), "ETH": CoinReturn(-0.21, -0.12)},
    }
)
"""Returns by base asset."""

MEDIAN = MappingProxyType(
    {
        Episode.APRIL_2021: CoinReturn(-0.24, -0.09),
        Episode.NOVEMBER_2022: CoinReturn(-0.11, -0.06),
        Episode.OCTOBER_2025: CoinReturn(-0.67, -0.23),
    }
)
"""Medians of the lowest and of the last returns, over all coins that were traded in the whole window."""


def stand_in(episode: Episode, beta: float | None) -> CoinReturn:
    """Returns the returns of a coin that is not `KNOWN`: its beta times those of Bitcoin, not below -1, or the median
    without a beta.
    """
    if beta is None or not np.isfinite(beta):
        return MEDIAN[episode]
    bitcoin = KNOWN[episode]["BTC"]
    low, end = (max(beta * value, -1.0) for value in (bitcoin.low, bitcoin.end))
    return CoinReturn(min(low, end), end)
