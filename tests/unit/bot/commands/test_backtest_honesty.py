"""/backtest says what its result is worth: trials, random rules, grids, peeks, and the hold-out."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pytest

from bot.commands import backtests as command
from bot.reply import Fields, Picture, Reply, Table, Text
from bot.views.backtest_honesty import axis_name, values_of
from people.person import Language
from pipeline.candles import CandleColumns, Floats
from pipeline.market import Interval, Symbol
from tests.fakes.bot import FakeDeskBot, FakeMarket
from trading.backtest.trials import MAX_TRIALS, TrialCount
from trading.rules.grids import parse_grid
from trading.rules.rule import Rule
from trading.rules.signals import Signals

RULE = "when close crosses above sma(20) buy max when close crosses below sma(20) sell max"
LINE = f"/backtest BTC 1h {RULE} since 60d"
FITTED = "/backtest BTC 1h when rsi(5..8) < 35 buy max when rsi(5..9) > 55 sell max since 60d"
GRID = "/backtest BTC 1h when rsi(5..7) < 45 buy max when rsi(5..8) > 55 sell max since 60d"


class Noise(FakeMarket):
    """A market that goes nowhere: a random walk in which each open is the close before it."""

    async def history(self, symbol: Symbol, interval: Interval, start: int, end: int) -> CandleColumns:
        candles = await super().history(symbol, interval, start, end)
        steps = np.random.default_rng(1).normal(0, 0.01, len(candles))
        close = 50_000 * np.exp((steps - steps.mean()).cumsum())
        opened = np.concatenate([close[:1], close[:-1]])
        return CandleColumns(
            open_time=candles.open_time,
            open=opened,
            high=np.maximum(opened, close),
            low=np.minimum(opened, close),
            close=close,
            volume=np.full(len(close), 1e9),
            quote_volume=np.full(len(close), 1e13),
            trades=candles.trades,
        )


async def asked(bot: FakeDeskBot, line: str) -> Reply:
    return await bot.router.answer(bot.inbound(line))


def words(reply: Reply) -> str:
    return "\n".join(block.body for block in reply.blocks if isinstance(block, Text))


def figures(reply: Reply) -> dict[str, str]:
    return {label: value for block in reply.blocks if isinstance(block, Fields) for label, value in block.rows}


def peeking(_rule: Rule, candles: Mapping[str, Floats], _interval: Interval, **_options: Any) -> Signals:
    rises = np.diff(candles["close"], append=candles["close"][-1]) > 0
    return Signals(rises, ~rises)


async def test_every_rule_counts_once_by_coin() -> None:
    bot = FakeDeskBot()
    assert figures(await asked(bot, LINE))["Rules tried on BTC"] == "1"
    assert figures(await asked(bot, LINE))["Rules tried on BTC"] == "1"
    assert figures(await asked(bot, LINE.replace("20", "21")))["Rules tried on BTC"] == "2"
    assert figures(await asked(bot, GRID))["Rules tried on BTC"] == "14"
    assert figures(await asked(bot, LINE.replace("BTC", "ETH")))["Rules tried on ETH"] == "1"
    assert figures(await asked(bot, LINE.replace("since 60d", "since 30d")))["Rules tried on BTC"] == "15"


async def test_the_hold_out_is_apart() -> None:
    reply = await asked(FakeDeskBot(), LINE)
    periods = [dict(block.rows).get("Period") for block in reply.blocks if isinstance(block, Fields)]
    assert periods == ["Jan 31 – Mar 20, 2021, 1,152 candles", None, "Mar 20 – Apr 1, 2021"]
    assert "Hold-out: the last 20%" in words(reply)
    short = await asked(FakeDeskBot(), f"/backtest BTC 1h {RULE} since 4d")
    assert "too short to hold out" in words(short)


async def test_a_rule_that_peeks_is_told_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "signals", peeking)
    reply = await asked(FakeDeskBot(market=Noise()), LINE)
    assert words(reply).splitlines()[2].startswith("This rule peeks: what it decided at ")
    assert figures(reply)["Look-ahead"] == "found"


async def test_a_rule_fitted_to_noise_looks_like_luck() -> None:
    reply = await asked(FakeDeskBot(market=Noise()), FITTED)
    told = words(reply).splitlines()[2]
    assert told.startswith("This looks like luck: ")
    assert "of random rules with as many trades earned as much" in told
    assert "the best of 20 tries without skill would look much like it" in told
    assert "on other candles the best of the grid is not above the middle in 27.1% of the cases" in told
    assert figures(reply)["Overfitting (PBO)"] == "27.1%"
    korean = await asked(FakeDeskBot(Language.KOREAN, market=Noise()), FITTED)
    assert words(korean).splitlines()[2].startswith("운으로 보입니다. 같은 횟수로 거래한 무작위 규칙 중")


async def test_a_thousand_tries_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = FakeDeskBot(market=Noise())

    async def record(*_: Any) -> TrialCount:
        return TrialCount(MAX_TRIALS, 1.0)

    monkeypatch.setattr(bot.trials, "record", record)
    reply = await asked(bot, FITTED)
    assert "the best of 10,000 tries without skill would look much like it" in words(reply)
    assert figures(reply)["Rules tried on BTC"] == "10,000"
    assert "More than that are no longer counted." in words(reply)


async def test_a_grid_has_its_best_rules_and_a_picture() -> None:
    bot = FakeDeskBot()
    reply = await asked(bot, GRID)
    table = [block for block in reply.blocks if isinstance(block, Table)][1]
    assert [column.title for column in table.columns] == ["1", "2", "Net return", "Sharpe", "Trades"]
    assert len(table.rows) == 5
    best = table.rows[0]
    assert f"when rsi({best[0]}) < 45 buy max when rsi({best[1]}) > 55 sell max" in words(reply)
    card = next(dict(block.rows) for block in reply.blocks if isinstance(block, Fields))
    assert best[2:] == (card["Net return"], card["Sharpe ratio"].split()[0], card["Trades"])
    drawn = bot.charts.grids[0]
    assert (drawn.row_name, drawn.column_name) == ("rsi(5..7)", "rsi(5..8)")
    assert (drawn.rows, drawn.columns) == (("5", "6", "7"), ("5", "6", "7", "8"))
    assert (drawn.rows[drawn.best[0]], drawn.columns[drawn.best[1]]) == best[:2]
    highest = max(value for row in drawn.values for value in row if value is not None)
    assert drawn.values[drawn.best[0]][drawn.best[1]] == highest
    assert [block.name for block in reply.blocks if isinstance(block, Picture)] == ["backtest-grid", "backtest"]


async def test_one_parameter_has_bars_and_three_a_slice() -> None:
    bot = FakeDeskBot()
    await asked(bot, "/backtest BTC 1h when rsi(14) < 20..40 step 10 buy max when rsi(14) > 55 sell max since 60d")
    await asked(bot, "/backtest BTC 1h when rsi(5..6) < 44..45 buy max when rsi(5..7) > 55 sell max since 60d")
    one, three = bot.charts.grids
    assert (one.row_name, one.column_name, one.rows, one.columns) == (
        "",
        "rsi(14) < 20..40 step 10",
        ("",),
        ("20", "30", "40"),
    )
    assert (len(three.rows), len(three.columns)) == (2, 2)
    assert max(value for row in three.values for value in row if value) == three.values[three.best[0]][three.best[1]]


async def test_a_grid_that_takes_too_long_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "honest_test", partial(command.honest_test, seconds=-1.0))
    told = words(await asked(FakeDeskBot(), GRID))
    assert told == (
        "12 rules take too long: 0 of them were tested in -1 seconds."
        " Choose fewer values, a later since or a wider interval."
    )


def test_values_and_names_of_parameters() -> None:
    grid = parse_grid("when rsi(5..7) < 20..30 step 5 buy max when macd(12, 26..27).signal > 0 sell max")
    assert grid.shape == (3, 3, 2)
    for place, rule in enumerate(grid.rules):
        first, second, third = values_of(grid, place)
        assert f"rsi({first}) < {second} " in rule.text
        assert f"macd(12, {third}" in rule.text
    assert [axis_name(grid, number) for number in range(3)] == [
        "rsi(5..7)",
        "rsi(5..7) < 20..30 step 5",
        "macd(12, 26..27)",
    ]
