"""The same rule over the same candles gives the same trades: back-test, robot, and a replay through the whole pipeline.

The next open is the first price after a candle that closed. In a recording of candles that is the close of the candle
before, so where a rule orders at the market these candles begin where the one before ended. Elsewhere they leap, also
beyond stops. The displayed size is what the last candle traded.
"""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import asyncpg
import pytest
from msgspec.structs import replace

from pipeline.market import MINUTE_MS, Candle
from pipeline.rules import SymbolRules
from pipeline.store.redis import open_store
from tests.fakes.priced_market import BTC as PRICED
from tests.fakes.priced_market import rules_for
from tests.support.replayed_robots import BEGINS, BTC, SETTINGS, Replay, record, walk
from tests.support.robot_house import RobotHouse
from tests.support.same_candles import back_tested, gapped, joined, recorded
from tests.support.trading_house import findings
from trading.backtest.account import BookedExecution, Cause
from trading.backtest.terms import BacktestTerms
from trading.orders.types import Side
from trading.rules.rule import parse_rule
from trading.strategies.robots import RobotTrade

SEED = 21
BUDGET = "2000"
"""More than the first level of the display, so that the size-impact rule counts, and a take profit fills in parts."""

APRIL = "klines_1m_spot_64sym_20210402_20210420.parquet"
CRASH = 1_618_714_800_000
"""2021-04-18 03:00 UTC: an hour of the flash crash, in which BTC fell from 58,985 to 50,931."""

LISTED = rules_for("BTC")
"""Rules of the symbol by which the candles are made."""


@dataclass(frozen=True)
class Case:
    """A rule, and what its orders come to in the candles of SEED, in the causes of executions."""

    rule: str
    causes: frozenset[Cause]


def case(rule: str, *causes: Cause) -> Case:
    return Case(rule, frozenset((Cause.ENTRY, *causes)))


CASES = {
    "averages": case("when sma(3) crosses above sma(8) buy 50% when sma(3) crosses below sma(8) sell max", Cause.EXIT),
    "parts": case("when rsi(5) < 40 buy 30% when rsi(5) > 60 sell 50%", Cause.EXIT),
    "coins": case("when rsi(5) < 45 buy 20 coins when rsi(5) > 60 sell max stop 1%", Cause.EXIT, Cause.STOP),
    "target": case("when rsi(5) < 40 buy max when rsi(5) > 70 sell max tp 0.5%", Cause.EXIT, Cause.TAKE_PROFIT),
    "pair": case("when rsi(5) < 50 buy max stop 0.8% tp 0.8%", Cause.STOP, Cause.TAKE_PROFIT),
    "trailing": case("when rsi(5) < 50 buy max trail 1%", Cause.TRAILING),
    "beside": case("when rsi(5) < 50 buy max stop 1% tp 0.6% trail 0.9%", Cause.TRAILING, Cause.EXIT),
}
Trade = tuple[int, int, Side, Decimal, Decimal]
"""Candle of the fill, time in it for orders that rested, side, quantity, price."""

Stores = tuple["asyncpg.Pool[asyncpg.Record]", str]


def terms_of(rules: SymbolRules) -> BacktestTerms:
    return BacktestTerms(rules, Decimal(BUDGET), Decimal("0.001"))


def candles_of(found: Case, rules: SymbolRules, candles: list[Candle]) -> list[Candle]:
    """The candles, without their gaps where the rule orders at the market."""
    rule, terms = parse_rule(found.rule), terms_of(rules)
    return joined(candles, lambda each: back_tested(rule, each, terms))


def of_test(done: list[BookedExecution]) -> list[Trade]:
    return [
        (*_placed(each.time, rested=each.cause not in {Cause.ENTRY, Cause.EXIT}), each.execution.side,
         each.execution.quantity, each.execution.average_price)
        for each in done
    ]  # fmt: skip


def of_robot(trades: list[RobotTrade], candles: list[Candle]) -> list[Trade]:
    """Trades of the robot in these candles: what the last close decides is filled after them."""
    last = candles[-1].open_time + MINUTE_MS
    return [
        (*_placed(each.time, rested=each.protective), each.side, each.quantity, each.price)
        for each in trades
        if each.protective or each.time < last
    ]


def _placed(time: int, *, rested: bool) -> tuple[int, int]:
    return time // MINUTE_MS, time % MINUTE_MS if rested else 0


async def replayed(
    rule: str, candles: list[Candle], stores: Stores, path: Path
) -> tuple[list[RobotTrade], SymbolRules]:
    pool, redis_url = stores
    async with open_store(redis_url, SETTINGS.history_points) as store:
        replay = Replay(pool, store, record(path, candles))
        async with replay.opened():
            robot = await replay.robot(rule, BUDGET)
            await replay.play()
            trades = await replay.robots.trades(robot.person_id, robot.robot_id, 1000)
            return list(reversed(trades)), replay.market.rules(robot.symbol)


def agree(found: Case, trades: list[RobotTrade], candles: list[Candle], rules: SymbolRules) -> None:
    """Asserts that the robot's trades are those of the back-test, and that these show something."""
    executions = back_tested(parse_rule(found.rule), candles, terms_of(rules))
    assert found.causes == {each.cause for each in executions}
    assert of_robot(trades, candles) == of_test(executions)


@pytest.mark.parametrize("name", CASES)
async def test_a_replay_gives_the_trades_of_the_back_test(
    name: str, pool: "asyncpg.Pool[asyncpg.Record]", redis_url: str, dsn: str, tmp_path: Path
) -> None:
    found = CASES[name]
    candles = candles_of(found, LISTED, gapped(walk(60, seed=SEED), SEED))
    trades, rules = await replayed(found.rule, candles, (pool, redis_url), tmp_path / "candles.parquet")
    agree(found, trades, candles, rules)
    assert await findings(dsn) == []


@pytest.mark.parametrize("name", ["pair", "trailing"])
async def test_a_replay_of_recorded_candles_gives_them_too(
    name: str, pool: "asyncpg.Pool[asyncpg.Record]", redis_url: str, shared_dir: Path, tmp_path: Path
) -> None:
    """An hour of a crash with a thousandth of its volume, so that orders are larger than what is displayed."""
    found = CASES[name]
    real = recorded(shared_dir / "data" / APRIL, BTC, CRASH, 60, share=0.001)
    candles = candles_of(found, LISTED, [replace(each, open_time=each.open_time + BEGINS - CRASH) for each in real])
    assert candles[1:] != real[1:]
    trades, rules = await replayed(found.rule, candles, (pool, redis_url), tmp_path / "candles.parquet")
    agree(found, trades, candles, rules)


@pytest.mark.parametrize("name", ["parts", "target", "pair", "trailing"])
async def test_a_robot_over_fakes_gives_the_trades_of_the_back_test(name: str, house: RobotHouse) -> None:
    house.market.time = BEGINS
    found, rules = CASES[name], house.market.listed[PRICED]
    candles = candles_of(found, rules, gapped(walk(60, seed=SEED, symbol=PRICED), SEED))
    robot, worker, matching = await house.robot(found.rule, BUDGET), house.worker(), house.matching()
    async with house.running(worker, matching):
        for candle in candles:
            await house.close(candle)
            await house.settled(worker)
            await house.matched(matching)
    agree(found, await house.trades(robot), candles, rules)
