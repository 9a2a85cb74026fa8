"""A source of a fake Binance, and the frames it gave."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from core.clock import Clock, wall_clock
from pipeline.binance.backoff import Backoff
from pipeline.binance.source import BinanceSource, SourcePace
from pipeline.errors import MarketUnavailable
from pipeline.market import Candle, Frame, Symbol, Tick, Trade
from pipeline.settings import BinanceSettings
from tests.fakes.binance import FakeBinance
from tests.patience import PATIENCE_SECONDS

BTC, NEW = Symbol("BTCUSDC"), Symbol("NEWUSDC")
PACE = SourcePace(
    fallback_seconds=0.5,
    rules_seconds=0.3,
    hint_seconds=0.3,
    sweep_seconds=0.1,
    wanted_seconds=0.05,
    straggler_seconds=0.01,
    subscribe_gap=0.2,
    stream_backoff=Backoff(first_seconds=0.05, cap_seconds=0.1),
    rest_backoff=Backoff(first_seconds=0.01, cap_seconds=0.05, attempts=2),
)


class Wanted:
    """Symbols with open orders, as the test says them."""

    def __init__(self, *symbols: Symbol) -> None:
        self.symbols = frozenset(symbols)
        self.away = False

    async def wanted(self) -> frozenset[Symbol]:
        if self.away:
            raise MarketUnavailable
        return self.symbols


class Desk:
    """Reads the source's frames as the desk's producer does, and remembers them."""

    def __init__(self, source: BinanceSource) -> None:
        self.source = source
        self.frames: list[Frame] = []

    async def read(self) -> None:
        async for frame in self.source.frames():
            self.frames.append(frame)

    @property
    def ticks(self) -> list[Tick]:
        return [tick for frame in self.frames for tick in frame.ticks]

    def trades(self, symbol: Symbol = BTC) -> list[Trade]:
        return [trade for frame in self.frames for trade in frame.trades if trade.symbol == symbol]

    @property
    def candles(self) -> dict[Symbol, list[Candle]]:
        found: dict[Symbol, list[Candle]] = defaultdict(list)
        for frame in self.frames:
            for candle in frame.candles:
                found[candle.symbol].append(candle)
        return found

    def age_ms(self) -> int:
        """Age of the newest BTC tick on the source's clock."""
        return self.source.info().source_ms - max((tick.time for tick in self.ticks if tick.symbol == BTC), default=0)


@asynccontextmanager
async def desk_on(
    fake: FakeBinance,
    *,
    clock: Clock = wall_clock,
    pace: SourcePace = PACE,
    stall_seconds: float = 1.0,
    traded: Wanted | None = None,
) -> AsyncIterator[Desk]:
    settings = BinanceSettings(
        rest_url=fake.rest_url, ws_url=fake.ws_url, refresh_seconds=0.1, stall_seconds=stall_seconds
    )
    rng = random.Random(1)  # noqa: S311 jitter
    async with BinanceSource(settings, "USDC", clock, rng, pace, steady=clock, traded=traded) as source:
        desk = Desk(source)
        reading = asyncio.create_task(desk.read())
        try:
            yield desk
        finally:
            assert not reading.done() or reading.result()
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


async def until(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 the fake and the desk have no event for this
            await asyncio.sleep(0.01)


async def only_the_stream_speaks(fake: FakeBinance, desk: Desk) -> None:
    """Takes REST away and waits for prices that are newer than that."""
    fake.fail(503, times=10_000)
    since = fake.clock() + 500
    await until(lambda: any(tick.time > since for tick in desk.ticks))
