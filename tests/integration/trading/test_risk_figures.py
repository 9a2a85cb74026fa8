"""Every figure of /risk and /stress is what the exported files of an account and the candles come to.

Not among them: the nightly record, whose forecasts the desk stores and no export of the ledger has, and the prices of
the crashes that are replayed, which are constants.
"""

import math
import random
from decimal import Decimal

import asyncpg
import numpy as np
import pytest

from bot.commands.risk import stressed_coins
from pipeline.archive.postgres import CandleArchive
from pipeline.market import DAY_MS, Symbol
from pipeline.market import Candle as DailyCandle
from tests.fakes.daily_market import DailyMarket
from tests.fakes.priced_market import BTC, ETH, levels
from tests.integration.trading import risk_figures as own
from tests.integration.trading.test_performance import exported, traded
from trading.desk import Desk
from trading.ledger.postgres import PostgresLedger
from trading.portfolio.daily_closes import load_daily_closes
from trading.portfolio.liquidation import sale_proceeds
from trading.portfolio.risk_report import PortfolioRisk, portfolio_risk
from trading.risk.stress import Scenario, StressResult, sold_out, stress
from trading.risk.tables import CONFIDENCES, WINDOW_DAYS
from trading.settings import TradingSettings

CRASHES = {
    Scenario.APRIL_2021: {"BTC": (-0.17, -0.08), "ETH": (-0.20, -0.08)},
    Scenario.NOVEMBER_2022: {"BTC": (-0.07, -0.04), "ETH": (-0.14, -0.07)},
    Scenario.OCTOBER_2025: {"BTC": (-0.16, -0.08), "ETH": (-0.21, -0.12)},
}


def candles(symbol: Symbol, last_open: int, close: float, seed: int) -> list[DailyCandle]:
    """A year of daily candles that ends at a close, with days that move together and one that falls."""
    draw, common, found = random.Random(seed), random.Random(5), []  # noqa: S311
    for day in range(WINDOW_DAYS + 1):
        opened = close * math.exp(-0.7 * common.gauss(0.001, 0.03) - draw.gauss(0, 0.02) + (0.2 if day == 40 else 0))
        high, low = (extreme(opened, close) * move for extreme, move in ((max, 1.01), (min, 0.985)))
        found.append(DailyCandle(symbol, last_open - day * DAY_MS, opened, high, low, close, 1.0))
        close = opened
    return found[::-1]


@pytest.fixture
async def daily(pool: "asyncpg.Pool[asyncpg.Record]") -> DailyMarket:
    return DailyMarket(CandleArchive(pool))


async def test_the_figures_after_60_days_are_those_of_the_exported_files(
    daily: DailyMarket, pool: "asyncpg.Pool[asyncpg.Record]", owner_pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    desk = Desk(daily, PostgresLedger(pool), TradingSettings(), daily.wall)
    await daily.close(daily.time, BTCUSDC=100.0, ETHUSDC=10.0)
    account = await traded(60, desk, daily, owner_pool, seed=4)
    files = await exported(account, pool, daily)
    held, prices = await desk.portfolio(account), await daily.quotes([BTC, ETH])
    values = {each: files.holdings[each.removesuffix("USDC")] * float(prices[each].price) for each in (BTC, ETH)}
    equity = files.holdings["USDC"] + sum(values.values())
    assert float(held.equity) == pytest.approx(equity, abs=0.05)
    last = (daily.midnight() // DAY_MS - 2) * DAY_MS
    daily.history = {each: candles(each, last, float(prices[each].price), n) for n, each in enumerate((BTC, ETH))}
    coins = {
        each: own.Coin(values[each] / equity, [(one.open, one.high, one.low, one.close) for one in daily.history[each]])
        for each in (BTC, ETH)
    }
    weights = {each.symbol: float((each.value or Decimal(0)) / held.equity) for each in held.priced()}
    closes = await load_daily_closes(daily.candles, [BTC, ETH], daily.now(), WINDOW_DAYS)
    found = portfolio_risk(weights, closes, "USDC")
    risk(found, coins)
    result = {
        scenario: stress(scenario, float(held.cash), stressed_coins(held.priced(), found, "USDC"))
        for scenario in Scenario
        if scenario is not Scenario.LIQUIDITY
    }
    stressed(result, coins, values, files.holdings["USDC"])
    book = [(Decimal(f"{float(prices[BTC].bid) - step:.2f}"), Decimal(10 + step)) for step in range(40)]
    daily.show_book(
        BTC, levels(*((str(price), str(there)) for price, there in book)), levels((str(prices[BTC].ask), "1"))
    )
    quantity = next(each.quantity for each in held.positions if each.symbol == BTC)
    shown = await daily.order_book(BTC)
    proceeds = float(sale_proceeds(quantity, prices[BTC], shown, daily.rules(BTC)))
    mine = own.sold(files.holdings["BTC"], [(float(price), float(there)) for price, there in book])
    assert proceeds == pytest.approx(mine, rel=1e-9)
    liquid = sold_out(float(held.cash), stressed_coins(held.priced(), found, "USDC"), {BTC: proceeds})
    assert liquid.left == pytest.approx(files.holdings["USDC"] + mine + values[ETH], rel=1e-6)


def risk(found: PortfolioRisk, coins: dict[Symbol, own.Coin]) -> None:
    both, whole = list(coins.values()), own.portfolio(list(coins.values()))
    assert found.days == len(whole) == WINDOW_DAYS
    for days in (1, 10):
        for row, method in enumerate(own.METHODS):
            for column, confidence in enumerate(CONFIDENCES):
                theirs = found.var[days][row, column], found.shortfall[days][row, column]
                mine = method(whole, confidence, days)
                assert theirs == pytest.approx(mine, rel=1e-6, nan_ok=True), (method.__name__, confidence, days)
    assert np.isfinite(found.var[10]).all(), "the expansion is valid over ten days"
    correlation, shrinkage = own.shrunk_correlations(both)
    assert found.correlation == pytest.approx(np.array(correlation), rel=1e-9)
    assert found.shrinkage == pytest.approx(shrinkage, rel=1e-9)
    assert found.volatility == pytest.approx(own.yearly_volatility(whole), rel=1e-6)
    assert found.effective == pytest.approx(own.effective(both), rel=1e-6)
    parts = dict(zip(coins, own.shares(both), strict=True))
    for coin in found.coins:
        mine = coins[coin.symbol]
        assert coin.weight == pytest.approx(mine.weight, rel=1e-6)
        assert coin.share == pytest.approx(parts[coin.symbol], rel=1e-6)
        assert coin.volatility == pytest.approx(own.yearly_volatility(mine.returns), rel=1e-9)
        assert coin.range_volatility == pytest.approx(own.range_volatility(mine.candles), rel=1e-9)
        assert coin.beta == pytest.approx(own.beta(mine.returns, coins[BTC].returns), rel=1e-9)
        assert coin.filled == 0


def stressed(
    result: dict[Scenario, StressResult], coins: dict[Symbol, own.Coin], values: dict[Symbol, float], cash: float
) -> None:
    z = own.NORMAL.inv_cdf(0.01)
    for scenario, found in result.items():
        left = cash
        for position in found.positions:
            if scenario in CRASHES:
                low, end = CRASHES[scenario][position.symbol.removesuffix("USDC")]
            elif scenario is Scenario.TOGETHER:
                low = end = z * math.sqrt(own.variances(coins[position.symbol].returns)[-1])
            else:
                low = end = -int(scenario.value) / 100
            assert position.low == pytest.approx(values[position.symbol] * (1 + low), rel=1e-6), scenario
            assert position.end == pytest.approx(values[position.symbol] * (1 + end), rel=1e-6), scenario
            left += values[position.symbol] * (1 + end)
        assert found.left == pytest.approx(left, rel=1e-6), scenario
