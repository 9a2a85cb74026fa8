"""/backtest: the card, its buttons, and the periods and markets that it refuses."""

import asyncio
import threading
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from bot.commands import backtests as command
from bot.reply import Document, Fields, Picture, Reply, Table, Text
from bot.ui.charts.errors import ChartsBusy
from people.person import Language
from pipeline.candles import CandleColumns
from pipeline.market import DAY_MS, Interval, Symbol
from tests.fakes.bot import NOW, FakeDeskBot, FakeMarket
from tests.fakes.transcript import buttons
from trading.backtest.history import as_mapping
from trading.backtest.hold_out import RuleTester
from trading.backtest.honesty import HonestTest, honest_test
from trading.indicators.operators import ComputationStopped

BTC = Symbol("BTCUSDC")
LINE = "/backtest BTC 1h when close crosses above sma(20) buy max when close crosses below sma(20) sell max"


async def asked(market: FakeMarket, *lines: str, language: Language = Language.ENGLISH) -> Reply:
    bot = FakeDeskBot(language, market=market)
    return [await bot.router.answer(bot.inbound(line)) for line in lines][-1]


def words(reply: Reply) -> str:
    return "\n".join(block.body for block in reply.blocks if isinstance(block, Text))


class OwnHistory(FakeMarket):
    """The history of the fake market, changed by `change`."""

    def __init__(self, change: Any) -> None:
        super().__init__()
        self.change = change
        self.wanted: list[tuple[Interval, int, int]] = []

    async def history(self, symbol: Symbol, interval: Interval, start: int, end: int) -> CandleColumns:
        self.wanted.append((interval, start, end))
        found: CandleColumns = self.change(await super().history(symbol, interval, start, end))
        return found


async def test_the_card_has_the_figures_of_the_report() -> None:
    market = OwnHistory(lambda candles: candles)
    reply = await asked(market, f"{LINE} since 90d")
    interval, start, end = market.wanted[0]
    assert (interval, end) == (Interval.H1, NOW // 60_000 * 60_000)
    assert start == (NOW - 90 * DAY_MS) // interval.ms * interval.ms - 20 * interval.ms  # 20 candles to warm up
    fields = dict(next(block for block in reply.blocks if isinstance(block, Fields)).rows)
    assert fields["Period"].startswith("Jan 1 – Mar 14, 2021, 1,728")
    assert {"Net return", "Buy and hold", "Sharpe ratio", "Deepest drawdown", "Trades", "Win rate"} <= fields.keys()
    assert {"Profit factor", "Time in the market", "Fees paid", "Slippage paid", "Break-even cost"} <= fields.keys()
    costs = next(block for block in reply.blocks if isinstance(block, Table)).rows
    assert [row[0] for row in costs] == ["none", "as now", "twice"]
    assert costs[1][1] == fields["Net return"]
    assert any(isinstance(block, Picture) for block in reply.blocks)


async def test_buttons_run_the_same_rule_again() -> None:
    market = FakeMarket()
    bot = FakeDeskBot(market=market)
    first = await bot.router.answer(bot.inbound(f"{LINE} since 90d"))
    presses = {each.label: each.press for each in buttons(first)}
    again = await bot.router.answer(bot.inbound("/" + presses["4h"]))
    typed = await asked(market, f"{LINE.replace('1h', '4h')} since 90d")
    assert again.blocks[:5] == typed.blocks[:5]
    csv = await bot.router.answer(bot.inbound("/" + presses["Trades (CSV)"]))
    document = next(block for block in csv.blocks if isinstance(block, Document))
    lines = document.data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("entry_time,entry_price")
    fields = dict(next(block for block in first.blocks if isinstance(block, Fields)).rows)
    assert len(lines) - 1 == int(fields["Trades"])
    stranger = await asked(market, "/" + presses["4h"])
    assert words(stranger) == "I no longer remember this back-test. Please send the line again."


async def test_a_history_that_begins_later_says_so() -> None:
    late = OwnHistory(lambda candles: candles.rows(1000, len(candles)))
    assert "are known only since" in words(await asked(late, f"{LINE} since 90d"))
    short = OwnHistory(lambda candles: candles.rows(len(candles) - 5, len(candles)))
    assert "Only 5 candles of BTC/USDC in 1h" in words(await asked(short, f"{LINE} since 90d"))
    none = OwnHistory(lambda candles: candles.rows(0, 0))
    assert "No candles of BTC/USDC in 1h" in words(await asked(none, f"{LINE} since 90d"))


async def test_what_happened_to_the_market_is_told() -> None:
    def worn(candles: CandleColumns) -> CandleColumns:
        volume = candles.volume.copy()
        volume[100:110] = 0
        kept = np.delete(np.arange(len(candles) - 100), slice(300, 305))
        return replace(candles, volume=volume).take(kept)

    told = words(await asked(OwnHistory(worn), f"{LINE} since 90d"))
    assert "In 10 candles nothing was traded" in told
    assert "5 candles are missing" in told
    assert "after that the coin was not traded here" in told


async def test_a_jump_like_a_split_stops_the_test() -> None:
    def split(candles: CandleColumns) -> CandleColumns:
        ratio = np.where(np.arange(len(candles)) < 500, 1.0, 0.1)
        sides = {name: getattr(candles, name) * ratio for name in ("open", "high", "low", "close")}
        sides["open"][500] = sides["close"][500]
        sides["high"][500], sides["low"][500] = sides["close"][500], sides["close"][500]
        return replace(candles, **sides)

    told = words(await asked(OwnHistory(split), f"{LINE} since 90d"))
    assert "jumped from" in told
    assert "To begin after it, add since with Jan" in told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (LINE.replace("1h", "1m") + " since 2y", "A test has at most 600,000"),
        ("/backtest again nothing 4h", "no longer remember"),
        ("/backtest BTC 1h when close > 0 buy 1 quote since 90d", "orders were refused|order was refused"),
        ("/backtest BTC 1h when close < 0 buy since 90d", "never traded"),
        ("/backtest BTC 1h when close > 0 buy since 3d", "Ratios such as Sharpe need 30 whole days"),
    ],
)
async def test_sentences(line: str, told: str) -> None:
    market = FakeMarket()
    market.minimum = None if "quote" not in line else Decimal(5)
    said = words(await asked(market, line))
    assert any(each in said for each in told.split("|")), said


async def test_figures_stay_if_the_picture_fails() -> None:
    bot = FakeDeskBot()
    bot.charts.down = ChartsBusy()
    reply = await bot.router.answer(bot.inbound(f"{LINE} since 30d"))
    assert not any(isinstance(block, Picture) for block in reply.blocks)
    assert any(isinstance(block, Fields) for block in reply.blocks)


async def test_one_back_test_a_user_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow(*args: Any, **options: Any) -> HonestTest:
        begun.set()
        go.wait(30)
        return honest_test(*args, **options)

    monkeypatch.setattr(command, "honest_test", slow)
    bot = FakeDeskBot()
    first = asyncio.create_task(bot.router.answer(bot.inbound(f"{LINE} since 30d")))
    assert await asyncio.to_thread(begun.wait, 30)
    second = await bot.router.answer(bot.inbound(f"{LINE} since 31d"))
    assert words(second) == "Your last back-test is still running. Please wait for its answer."
    go.set()
    assert any(isinstance(block, Fields) for block in (await first).blocks)
    monkeypatch.undo()
    assert any(
        isinstance(block, Fields) for block in (await bot.router.answer(bot.inbound(f"{LINE} since 31d"))).blocks
    )


async def test_a_rule_is_saved_and_tested_by_its_name() -> None:
    bot = FakeDeskBot()
    shown = await bot.router.answer(bot.inbound(f"{LINE} since 90d"))
    save = next(each.press for each in buttons(shown) if each.label == "Save")
    asks = await bot.router.answer(bot.inbound("/" + save))
    assert asks.asks == save
    saved = await bot.router.answer(bot.inbound(f"/{asks.asks} Cross"))
    assert "cross" in words(saved)
    again = await bot.router.answer(bot.inbound("/backtest cross since 90d"))
    assert again.blocks[:5] == shown.blocks[:5]
    unknown = await bot.router.answer(bot.inbound("/backtest crass since 90d"))
    assert "cross" in words(unknown) + str(buttons(unknown))


async def test_a_cut_test_ends_its_thread_and_only_then_the_next_may_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go, ended = threading.Event(), threading.Event(), list[str]()

    def endless(rules: Any, tester: RuleTester, **_options: Any) -> HonestTest:
        begun.set()
        go.wait(30)
        try:
            while True:
                tester.signals_of(rules[0], as_mapping(tester.history.candles), tester.interval)
        except ComputationStopped as error:
            ended.append(type(error).__name__)
            raise

    monkeypatch.setattr(command, "honest_test", endless)
    bot = FakeDeskBot()
    first = asyncio.create_task(bot.router.answer(bot.inbound(f"{LINE} since 30d")))
    assert await asyncio.to_thread(begun.wait, 30)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    second = await bot.router.answer(bot.inbound(f"{LINE} since 31d"))
    assert words(second) == "Your last back-test is still running. Please wait for its answer."
    go.set()
    await command._EXECUTOR.compute(lambda: None)
    assert ended == ["ComputationStopped"]
    assert not command._RUNNING


async def test_a_dear_test_is_refused_before_a_candle_is_read() -> None:
    market = OwnHistory(lambda candles: candles)
    pairs = " or ".join(f"kama({999 - 2 * at})<kama({998 - 2 * at})" for at in range(7))
    for language, told in ((Language.ENGLISH, "% of the work that one test may cause"), (Language.KOREAN, "계산량")):
        line = f"/backtest BTC 1m when {pairs} buy max when close<0 sell max since 400d"
        assert told in words(await asked(market, line, language=language))
    assert not market.wanted
    assert not command._RUNNING
