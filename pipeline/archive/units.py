"""Units in which coins are priced: a redenomination changes them, and prices of before count in the former unit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType
from typing import Any

import msgspec

from core.decimals import ROUNDING, down
from pipeline.candles import aggregate
from pipeline.market import MINUTE_MS, Candle, Interval, Symbol

_SCALE = 18
"""Decimals of a price that was converted: as many as an amount has."""


@dataclass(frozen=True, slots=True)
class UnitChange:
    """Change of a coin's unit: one unit before `since` (UTC ms of the market's clock) is `ratio` units after it."""

    since: int
    ratio: Decimal


Units = Mapping[Symbol, Sequence[UnitChange]]
"""Changes of its unit that the holding of a symbol has been through, oldest first. Most have none."""
NO_UNITS: Units = MappingProxyType({})


def units_of(rows: Iterable[Any]) -> Units:
    """Returns what rows with a `symbol` say of its `units`, pairs of `since_ms` and `ratio`; NULL: nothing."""
    return {
        Symbol(row["symbol"]): tuple(UnitChange(int(since), ratio) for since, ratio in row["units"])
        for row in rows
        if row["units"]
    }


def ratio_since(time: int, changes: Iterable[UnitChange]) -> Decimal:
    """Returns how many present units one unit at `time` is: 1 if nothing changed since."""
    ratio = Decimal(1)
    for change in changes:
        if time < change.since:
            ratio = ROUNDING.multiply(ratio, change.ratio)
    return ratio


def present_price(price: Decimal, time: int, changes: Iterable[UnitChange]) -> Decimal:
    """Returns a price of `time` in the present unit, rounded down to 18 decimals."""
    ratio = ratio_since(time, changes)
    return price if ratio == 1 else down(ROUNDING.divide(price, ratio), _SCALE)


def present_candles(candles: Sequence[Candle], changes: Sequence[UnitChange]) -> list[Candle]:
    """Returns the candles in the present unit: their prices divided by the ratio, their volume multiplied by it."""
    return [_present(candle, float(ratio_since(candle.open_time, changes))) for candle in candles]


def with_rebuilt(
    candles: Sequence[Candle], minutes: Sequence[Candle], changes: Sequence[UnitChange], interval: Interval
) -> list[Candle]:
    """Returns wider candles in the present unit. Those in which the unit changed are built from their `minutes`, and
    left out without any.
    """
    mixed = straddling(candles, changes, interval)
    built = {
        time: aggregate(present_candles(list(group), changes), interval, time + interval.ms)
        for time, group in groupby(minutes, lambda minute: minute.open_time // interval.ms * interval.ms)
    }
    kept = present_candles([candle for candle in candles if candle.open_time not in mixed], changes)
    return sorted([*kept, *(each for time in mixed for each in built.get(time, []))], key=lambda each: each.open_time)


def straddling(candles: Sequence[Candle], changes: Sequence[UnitChange], interval: Interval) -> set[int]:
    """Returns the open times of the candles in which the unit changed. A minute is of one unit."""
    if interval.ms <= MINUTE_MS:
        return set()
    return {
        candle.open_time
        for candle in candles
        if any(candle.open_time < change.since < candle.open_time + interval.ms for change in changes)
    }


def _present(candle: Candle, ratio: float) -> Candle:
    if ratio == 1:
        return candle
    return msgspec.structs.replace(
        candle,
        open=candle.open / ratio,
        high=candle.high / ratio,
        low=candle.low / ratio,
        close=candle.close / ratio,
        volume=candle.volume * ratio,
        taker_volume=None if candle.taker_volume is None else candle.taker_volume * ratio,
    )
