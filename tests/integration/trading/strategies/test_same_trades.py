"""The same rule over the same candles gives the same trades: back-test, robot, and a replay through the whole pipeline.

The next open is the first price after a candle that closed. In a recording of candles that is the close of the candle
before, so these candles begin where the one before ended. The displayed size is what the last candle traded.
"""

from decimal import Decimal
from pathlib import Path

import asyncpg
import pytest

from pipeline.candles import CandleColumns
from pipeline.market import MINUTE_MS, Candle, Interval
from pipeline.rules import SymbolRules
from pipeline.store.redis import open_store
from tests.fakes.priced_market import BTC as PRICED
from tests.support.replayed_robots import BEGINS, SETTINGS, Replay, record, walk
from tests.support.robot_house import RobotHouse
from trading.backtest.account import BookedExecution
from trading.backtest.engine import backtest
from trading.backtest.history import as_mapping, history_of
from trading.backtest.terms import BacktestTerms
from trading.orders.types import Side
from trading.rules.rule import parse_rule
from trading.rules.signals import signals
from trading.strategies.robots import RobotTrade

AVERAGES = "when sma(3) crosses above sma(8) buy 50% when sma(3) crosses below sma(8) sell max"
PARTS = "when rsi(5) < 40 buy 30% when rsi(5) > 60 sell 50%"
TARGET = "when rsi(5) < 40 buy max tp 0.5%"
STOP = "when rsi(5) < 40 buy max when rsi(5) > 75 sell max stop 1%"
SEED = 21
BUDGET = "2000"
"""More than the first level of the display, so that the size-impact rule counts."""

SMALL = "20"
"""Less than what trades at each price of a candle, so that a take profit fills at once."""

Trade = tuple[int, Side, Decimal, Decimal]
"""Candle of the fill, side, quantity, price."""


def back_test(rule: str, candles: list[Candle], rules: SymbolRules, budget: str = BUDGET) -> list[BookedExecution]:
    """Executions of a back-test."""
    columns = CandleColumns.of(candles)
    history = history_of("BTC", columns, Interval.M1)
    read = parse_rule(rule)
    found = signals(read, as_mapping(columns), Interval.M1)
    terms = BacktestTerms(rules, Decimal(budget), Decimal("0.001"))
    return list(backtest(read, found.entry, found.exit, history, terms).executions)


def of_test(done: list[BookedExecution]) -> list[Trade]:
    return [
        (BEGINS + each.index * MINUTE_MS, each.execution.side, each.execution.quantity, each.execution.average_price)
        for each in done
    ]


def of_robot(trades: list[RobotTrade], candles: list[Candle]) -> list[Trade]:
    """Trades of the robot in these candles: what the last close decides is filled after them."""
    found = [(each.time // MINUTE_MS * MINUTE_MS, each.side, each.quantity, each.price) for each in trades]
    return [each for each in found if each[0] <= candles[-1].open_time]


async def replayed(
    rule: str, budget: str, candles: list[Candle], stores: tuple["asyncpg.Pool[asyncpg.Record]", str], path: Path
) -> tuple[list[RobotTrade], SymbolRules]:
    pool, redis_url = stores
    async with open_store(redis_url, SETTINGS.history_points) as store:
        replay = Replay(pool, store, record(path, candles))
        async with replay.opened():
            robot = await replay.robot(rule, budget)
            await replay.play()
            trades = await replay.robots.trades(robot.person_id, robot.robot_id, 1000)
            return list(reversed(trades)), replay.market.rules(robot.symbol)


@pytest.mark.parametrize(("rule", "budget"), [(AVERAGES, BUDGET), (PARTS, BUDGET), (TARGET, SMALL)])
async def test_a_replay_gives_the_trades_of_the_back_test(
    rule: str, budget: str, pool: "asyncpg.Pool[asyncpg.Record]", redis_url: str, tmp_path: Path
) -> None:
    candles = walk(60, seed=SEED)
    trades, rules = await replayed(rule, budget, candles, (pool, redis_url), tmp_path / "candles.parquet")
    expected = of_test(back_test(rule, candles, rules, budget))
    assert len(expected) > 3, "too little is traded to show anything"
    assert of_robot(trades, candles) == expected


async def test_a_stop_of_a_replay_sells_in_the_candle_of_the_back_test(
    pool: "asyncpg.Pool[asyncpg.Record]", redis_url: str, tmp_path: Path
) -> None:
    """A recording of candles has no quote inside of a candle: a stop that was reached fills at its close, and not at
    the price that reached it, so later trades may differ. The first position is the same but for that price."""
    candles = walk(40, seed=11)
    trades, rules = await replayed(STOP, BUDGET, candles, (pool, redis_url), tmp_path / "candles.parquet")
    (entry, stop), expected = of_robot(trades, candles)[:2], of_test(back_test(STOP, candles, rules))
    assert entry == expected[0]
    assert trades[1].protective
    assert stop[0] - MINUTE_MS == expected[1][0], "the end of the candle"
    assert stop[1:3] == expected[1][1:3]


@pytest.mark.parametrize("rule", [AVERAGES, PARTS])
async def test_a_robot_over_fakes_gives_the_trades_of_the_back_test(rule: str, house: RobotHouse) -> None:
    candles = walk(40, seed=SEED, symbol=PRICED)
    house.market.time = BEGINS
    robot, worker = await house.robot(rule, BUDGET), house.worker()
    async with house.running(worker):
        for candle in candles:
            await house.close(candle)
            await house.settled(worker)
    expected = of_test(back_test(rule, candles, house.market.listed[PRICED]))
    assert len(expected) > 3, "too little is traded to show anything"
    assert of_robot(await house.trades(robot), candles) == expected
