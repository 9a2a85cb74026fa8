"""The charts of `bot.ports.Charts`: domain objects become specs here, and pictures in the worker."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Protocol

from bot.charts.specs import AllocationSpec, CandlesSpec, EquitySpec, Look, Share, Spec
from bot.format import Formatter
from bot.ports import ChartStyle, Language
from bot.texts import Catalog
from pipeline.errors import NoCandles
from pipeline.market import Candle, Interval, Symbol
from trading.portfolio import Portfolio, Position
from trading.ports import EquityPoint

MOST_CANDLES = 1000
MOST_ROWS = 10

_WORDS = ("volume", "day", "allocation", "equity", "grant", "high", "low")


class Drawer(Protocol):
    """Draws a spec without blocking the event loop (`ChartWorkers`)."""

    async def draw(self, spec: Spec) -> bytes:
        """The PNG; raises ChartsBusy and ChartsDown."""


class ChartRenderer:
    """Implements `bot.ports.Charts`; every method raises what the drawer raises."""

    def __init__(self, drawer: Drawer, catalogs: Mapping[Language, Catalog]) -> None:
        self._drawer = drawer
        self._catalogs = catalogs
        self._formats = {language: Formatter(language, "UTC") for language in catalogs}

    async def candles(
        self,
        symbol: Symbol,
        interval: Interval,
        candles: Sequence[Candle],
        *,
        last: Decimal,
        change_24h: Decimal | None,
        label: str,
        style: ChartStyle,
    ) -> bytes:
        """The last 1000 candles at most; raises NoCandles when there is none."""
        if not candles:
            raise NoCandles(symbol)
        shown = candles[-MOST_CANDLES:]
        times = tuple(candle.open_time for candle in shown)
        spec = CandlesSpec(
            look=self._look(label, style),
            symbol=symbol,
            interval=interval.value,
            interval_ms=interval.ms,
            zone=zone_name(style.timezone, times[-1]),
            times=times,
            offsets=offsets(times, style.timezone),
            open=tuple(candle.open for candle in shown),
            high=tuple(candle.high for candle in shown),
            low=tuple(candle.low for candle in shown),
            close=tuple(candle.close for candle in shown),
            volume=tuple(candle.volume for candle in shown),
            last=float(last),
            last_text=self._formats[style.language].price(last),
            change=None if change_24h is None else float(change_24h),
        )
        return await self._drawer.draw(spec)

    async def allocation(self, portfolio: Portfolio, *, label: str, style: ChartStyle) -> bytes:
        """Cash and positions by value, the smallest gathered as others."""
        rows = self._shares(portfolio, style.language)
        total = self._formats[style.language].money(portfolio.equity, portfolio.quote_asset)
        return await self._drawer.draw(AllocationSpec(self._look(label, style), rows, total))

    async def equity(
        self, points: Sequence[EquityPoint], *, granted: Decimal, quote_asset: str, label: str, style: ChartStyle
    ) -> bytes:
        """Equity over time; without points the grant alone."""
        last = points[-1].equity if points else granted
        times = tuple(point.time for point in points)
        money = self._formats[style.language].money
        spec = EquitySpec(
            look=self._look(label, style),
            zone=zone_name(style.timezone, times[-1]) if times else "",
            times=times,
            offsets=offsets(times, style.timezone),
            values=tuple(float(point.equity) for point in points),
            granted=float(granted),
            last=money(last),
            asset=quote_asset,
            change=float(last / granted - 1) if granted else None,
        )
        return await self._drawer.draw(spec)

    def _look(self, label: str, style: ChartStyle) -> Look:
        catalog = self._catalogs[style.language]
        words = {word: catalog.say(f"chart-{word}") for word in _WORDS}
        return Look(style.theme.value, style.language.value, label, words)

    def _shares(self, portfolio: Portfolio, language: Language) -> tuple[Share, ...]:
        catalog, write = self._catalogs[language], self._formats[language]
        whole = portfolio.equity
        priced = [
            (position.asset, position.value, False) for position in portfolio.positions if position.value is not None
        ]
        holdings = [(f"{catalog.say('chart-cash')} {portfolio.quote_asset}", portfolio.cash, True), *priced]
        holdings.sort(key=lambda holding: holding[1], reverse=True)
        unpriced = [position for position in portfolio.positions if position.value is None]
        room = MOST_ROWS - len(unpriced[:2])
        rows = [Share(name, write.money(value), share_of(value, whole), cash) for name, value, cash in holdings[:room]]
        rest = holdings[room:]
        if rest:
            value = sum((value for _, value, _ in rest), Decimal(0))
            rows.append(Share(catalog.say("chart-others", count=len(rest)), write.money(value), share_of(value, whole)))
        return (*rows, *(_unpriced(position, write) for position in unpriced[:2]))


def share_of(value: Decimal, whole: Decimal) -> float:
    """The fraction of the whole; 0 where there is no whole."""
    return float(value / whole) if whole > 0 else 0.0


def offsets(times: Sequence[int], zone: tzinfo) -> tuple[int, ...]:
    """What the zone's wall clock is ahead of UTC at each time, ms; daylight saving included."""
    return tuple(_offset(time, zone) for time in times)


def zone_name(zone: tzinfo, time: int) -> str:
    """`KST`, or `UTC+3` where the zone has no letters of its own."""
    name = datetime.fromtimestamp(time / 1000, zone).tzname() or ""
    return f"UTC{name.replace('-', '−')}" if name[:1] in ("+", "-") else name


def _offset(time: int, zone: tzinfo) -> int:
    ahead = datetime.fromtimestamp(time / 1000, zone).utcoffset()
    return 0 if ahead is None else round(ahead.total_seconds() * 1000)


def _unpriced(position: Position, write: Formatter) -> Share:
    return Share(position.asset, write.amount(position.quantity, position.asset), None)
