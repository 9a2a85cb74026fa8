"""docs/images/backtest.png: the picture of the worked example of docs/backtests.md, and the card that goes with it.

`python -m tests.pictures.backtest` draws it from a seeded random walk, so nothing of a market is in the example.
"""

import asyncio
import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from bot.reply import Fields, Table, Text
from bot.ui.charts.backtest_spec import backtest_spec
from bot.ui.charts.ports import ChartStyle
from bot.ui.charts.specs import Appearance
from bot.ui.charts.workers.draw import render
from bot.ui.texts import load_catalog
from people.person import Language
from pipeline.candles import CandleColumns
from pipeline.market import Interval, Symbol
from tests.fakes.bot import NOW, FakeDeskBot, FakeMarket
from tests.fakes.bot_charts import FakeCharts
from trading.backtest.report import BacktestReport

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "backtest.png"
LINE = (
    "/backtest BTC 1h when sma(50) crosses above sma(200) buy max "
    "when sma(50) crosses below sma(200) sell max stop 5% since 365d"
)
_HOURS = 24 * 400
_WIDTH = 700
_WORDS = ("backtest", "held", "buy", "sell", "underwater")


class WalkingMarket(FakeMarket):
    """A year and more of hours of a random walk."""

    async def history(self, symbol: Symbol, interval: Interval, start: int, end: int) -> CandleColumns:
        """Returns the walk in candles of the interval."""
        random = np.random.default_rng(11)
        times = (NOW // interval.ms - _HOURS + np.arange(_HOURS)) * interval.ms
        close = np.round(58_000 * np.exp(np.cumsum(random.normal(0.00003, 0.006, _HOURS)) - 0.2), 2)
        opened = np.concatenate([close[:1], close[:-1]])
        reach = np.abs(random.normal(0, 0.002, (2, _HOURS)))
        high = np.round(np.maximum(opened, close) * (1 + reach[0]), 2)
        low = np.round(np.minimum(opened, close) * (1 - reach[1]), 2)
        volume = random.uniform(50, 400, _HOURS)
        trades = np.ones(_HOURS, np.int64)
        return CandleColumns(times, opened, high, low, close, volume, volume * close, trades).between(start, end)


class DrawnCharts(FakeCharts):
    """Draws the picture of a back-test to PICTURE."""

    async def backtest(
        self, report: BacktestReport, pair: str, period: str, names: tuple[str, str], *, label: str, style: ChartStyle
    ) -> bytes:
        """Returns the picture as it is drawn."""
        catalog = load_catalog(Language.ENGLISH)
        words = {word: catalog.text(f"chart-{word}") for word in _WORDS}
        look = Appearance("dark", style.language.value, label, words)
        png = render(backtest_spec(report, pair, period, names, look))
        drawn = Image.open(io.BytesIO(png))
        size = (_WIDTH, round(_WIDTH * drawn.size[1] / drawn.size[0]))
        drawn.resize(size, Image.Resampling.LANCZOS).quantize(128).save(PICTURE, optimize=True)
        return png


async def _main() -> None:
    bot = FakeDeskBot(market=WalkingMarket())
    bot.charts.backtest = DrawnCharts().backtest  # type: ignore[method-assign]
    reply = await bot.router.answer(bot.inbound(LINE))
    for block in reply.blocks:
        if isinstance(block, Text):
            sys.stdout.write(f"{block.body}\n")
        elif isinstance(block, Fields | Table):
            sys.stdout.write("".join(f"{' | '.join(row)}\n" for row in block.rows))


if __name__ == "__main__":
    asyncio.run(_main())
