"""Every figure of a report is what the exported files of the account come to."""

import asyncio
import itertools
import math
import random
import statistics
from datetime import UTC, date, datetime
from decimal import Decimal

import asyncpg
import pytest

from core.database import Database
from core.errors import Overloaded
from core.system.bounded_executor import PLACES
from people.operators.corrections import Corrections
from people.operators.ports import OperatorAction
from pipeline.archive.postgres import CandleArchive
from pipeline.market import DAY_MS, MINUTE_MS, Symbol
from tests.fakes.daily_market import DailyMarket
from tests.fakes.priced_market import BTC, ETH
from tests.integration.trading.export_figures import Figures, recompute
from tests.integration.trading.risk_figures import resampled
from trading.desk import Desk
from trading.ledger.performance import PostgresPerformance
from trading.ledger.postgres import PostgresLedger
from trading.ledger.trade_records import PostgresTradeRecords
from trading.orders.types import BaseQuantity, Side
from trading.ports import Account
from trading.reports.csv_export import ExportKind
from trading.reports.performance import BeforeHistory, PerformancePeriod, PerformanceReport, PerformanceTooLong
from trading.settings import TradingSettings

D = Decimal
ALL = PerformancePeriod()
YEAR = 365


@pytest.fixture
def daily(pool: "asyncpg.Pool[asyncpg.Record]") -> DailyMarket:
    return DailyMarket(CandleArchive(pool))


@pytest.fixture
def trader(pool: "asyncpg.Pool[asyncpg.Record]", daily: DailyMarket) -> Desk:
    return Desk(daily, PostgresLedger(pool), TradingSettings(), daily.wall)


@pytest.fixture
def reports(pool: "asyncpg.Pool[asyncpg.Record]", daily: DailyMarket) -> PostgresPerformance:
    return PostgresPerformance(pool, daily, daily.archive)


async def traded(
    days: int, trader: Desk, daily: DailyMarket, owner_pool: "asyncpg.Pool[asyncpg.Record]", seed: int = 1
) -> Account:
    """An account that trades on most days, is reset once, and is adjusted once."""
    draw = random.Random(seed)  # noqa: S311 - a test's draws
    corrections = Corrections(owner_pool, daily.wall, jitter=draw)
    bitcoin, ether = 100.0, 10.0
    account = await trader.open(1, "start")
    for day in range(days):
        daily.pass_time(3600_000 + draw.randrange(3600_000))
        for number in range(draw.randrange(3)):
            symbol, size = draw.choice(((BTC, D(draw.randint(10, 500))), (ETH, D(draw.randint(500, 4000)))))
            held = {each.asset: each.available for each in await trader.balances(account)}
            asset = symbol.removesuffix("USDC")
            owned = held.get(asset, D(0)).quantize(D(1), "ROUND_DOWN")
            side = Side.SELL if owned > 10 and draw.random() < 0.5 else Side.BUY
            await trader.place(
                account,
                f"t-{day}-{number}",
                side,
                symbol,
                BaseQuantity(min(size, owned) if side is Side.SELL else size),
            )
            daily.pass_time(MINUTE_MS)
        if day == days // 2:
            at = (daily.time // MINUTE_MS + 1) * MINUTE_MS
            await daily.close(at, BTCUSDC=round(bitcoin * 1.01, 2), ETHUSDC=round(ether * 1.02, 2))
            account = await trader.reset(account, "reset")
        if day == days // 3:
            at = (daily.time // MINUTE_MS + 1) * MINUTE_MS
            await daily.close(at, BTCUSDC=round(bitcoin * 0.99, 2), ETHUSDC=round(ether * 0.98, 2))
            use = OperatorAction("use-1", "console", "cli", 0, "paperdesk adjust")
            await corrections.adjust(use, account.account_id, D(50_000), "a test", use.command_id)
        bitcoin, ether = (round(price * math.exp(draw.gauss(0.001, 0.04)), 2) for price in (bitcoin, ether))
        await daily.close(daily.midnight(), BTCUSDC=bitcoin, ETHUSDC=ether)
    daily.pass_time(5 * 3600_000)
    return account


async def exported(account: Account, pool: "asyncpg.Pool[asyncpg.Record]", daily: DailyMarket) -> Figures:
    records = PostgresTradeRecords(*[Database(pool, jitter=random.Random(1))] * 2)  # noqa: S311
    ledger, fills = [(await records.export(account, kind, None)).data for kind in (ExportKind.LEDGER, ExportKind.FILLS)]
    now = {symbol: float(quote.price) for symbol, quote in (await daily.quotes([BTC, ETH])).items()}

    def price_at(coin: str, time: int) -> float:
        symbol = Symbol(coin + "USDC")
        if time == daily.time:
            return now[symbol]
        known = [at for name, at in daily.closes if name == symbol and at <= time]
        return daily.closes[symbol, max(known)]

    return recompute(ledger, fills, price_at, daily.time)


async def test_the_figures_of_60_days_are_those_of_the_exported_files(
    trader: Desk,
    daily: DailyMarket,
    reports: PostgresPerformance,
    pool: "asyncpg.Pool[asyncpg.Record]",
    owner_pool: "asyncpg.Pool[asyncpg.Record]",
) -> None:
    await daily.close(daily.time, BTCUSDC=100.0, ETHUSDC=10.0)
    account = await traded(60, trader, daily, owner_pool)
    found, files = await reports.report(account, ALL), await exported(account, pool, daily)
    assert files.daily
    close(found, files)
    against_bitcoin(found, files, daily)


def close(found: PerformanceReport, files: Figures) -> None:
    daily = files.daily
    mean, spread = statistics.fmean(daily), statistics.stdev(daily)
    below = math.sqrt(statistics.fmean([min(each, 0) ** 2 for each in daily]))
    wins, losses = [each for each in files.profits if each > 0], [each for each in files.profits if each < 0]
    wealth, peak, depths = 1.0, 1.0, []
    for each in daily:
        wealth *= 1 + each
        peak = max(peak, wealth)
        depths.append(wealth / peak - 1)
    yearly = wealth ** (YEAR / len(daily)) - 1
    index, top, deepest = 1.0, 1.0, 0.0
    for step in files.growth:
        index *= step
        top = max(top, index)
        deepest = min(deepest, index / top - 1)
    start, end = files.points[0][2], files.points[-1][1]
    flows = sum(amount for _, amount in files.flows)
    equities = [(value, time) for time, value, _ in files.points if time % DAY_MS == 0 or time == files.points[-1][0]]
    ratios, money, statistics_ = found.ratios, found.money, found.trades
    assert (ratios.count, found.executions > 20, found.resets) == (len(daily), True, 1)
    expected = {
        "time-weighted": (found.time_weighted, files.time_weighted),
        "start": (float(money.start), start),
        "end": (float(money.end), end),
        "flows": (float(money.flows), flows),
        "profit": (float(money.profit), end - start - flows),
        "realised": (float(money.realised), files.realised),
        "unrealised": (float(money.unrealised), end - start - flows - files.realised),
        "fees": (float(money.fees), files.fees),
        "slippage": (float(money.slippage), files.slippage),
        "bought": (float(money.bought), files.bought),
        "sold": (float(money.sold), files.sold),
        "volatility": (ratios.volatility, spread * math.sqrt(YEAR)),
        "sharpe": (ratios.sharpe, mean / spread * math.sqrt(YEAR)),
        "sortino": (ratios.sortino, mean / below * math.sqrt(YEAR)),
        "calmar": (ratios.calmar, yearly / -min(depths)),
        "omega": (ratios.omega, sum(max(each, 0) for each in daily) / -sum(min(each, 0) for each in daily)),
        "ulcer": (ratios.ulcer, math.sqrt(statistics.fmean([each**2 for each in depths]))),
        "deepest": (found.deepest.depth if found.deepest else 0, deepest),
        "win rate": (statistics_.win_rate, len(wins) / len(files.profits)),
        "payoff": (statistics_.payoff, statistics.fmean(wins) / -statistics.fmean(losses)),
        "profit factor": (statistics_.profit_factor, sum(wins) / -sum(losses)),
        "expectancy": (float(statistics_.expectancy or 0), statistics.fmean(files.profits)),
        "holding": (found.holding_ms, files.held_ms),
        "turnover": (
            found.turnover,
            min(files.bought, files.sold) / statistics.fmean([value for value, _ in equities]),
        ),
        **{
            f"profit of {each.symbol}": (each.profit, files.by_coin[each.symbol.removesuffix("USDC")])
            for each in found.coins
        },
        "contributions": (sum(each.contribution for each in found.coins), files.time_weighted),
        "exposure": (found.exposure, statistics.fmean(files.shares)),
        "best day": (ratios.best_day, max(daily)),
        "months": (math.prod(1 + (each.returned or 0) for each in found.months) - 1, files.time_weighted),
    }
    for name, (mine, theirs) in expected.items():
        assert mine == pytest.approx(theirs, rel=1e-6, abs=1e-6), name
    rate = found.money_weighted
    assert rate is not None
    span = files.points[-1][0] - files.points[0][0]
    value = start * (1 + rate) - end
    value += sum(amount * (1 + rate) ** ((files.points[-1][0] - time) / span) for time, amount in files.flows)
    assert abs(value) < 0.01, "the money-weighted return solves its equation"
    skew = statistics.fmean([(each - mean) ** 3 for each in daily]) / statistics.pstdev(daily) ** 3
    tails = statistics.fmean([(each - mean) ** 4 for each in daily]) / statistics.pstdev(daily) ** 4
    sharpe = mean / spread
    z = sharpe * math.sqrt(len(daily) - 1) / math.sqrt(1 - skew * sharpe + (tails - 1) / 4 * sharpe**2)
    assert found.uncertainty.probability == pytest.approx(statistics.NormalDist().cdf(z), rel=1e-9)
    variance = (1 - skew * sharpe + (tails - 1) / 4 * sharpe**2) / (len(daily) - 1)
    normal, euler = statistics.NormalDist(), 0.5772156649015329
    luck = math.sqrt(variance) * ((1 - euler) * normal.inv_cdf(1 / 2) + euler * normal.inv_cdf(1 - 1 / (2 * math.e)))
    assert found.uncertainty.trials == 2
    assert found.uncertainty.deflated == pytest.approx(normal.cdf((sharpe - luck) / math.sqrt(variance)), rel=1e-9)
    assert found.uncertainty.interval == pytest.approx(resampled(daily), rel=1e-9)


def against_bitcoin(found: PerformanceReport, files: Figures, market: DailyMarket) -> None:
    closes = [market.closes[BTC, time] for time, _, _ in files.points if time % DAY_MS == 0]
    other = [after / before - 1 for before, after in itertools.pairwise(closes)]
    (bitcoin, equal) = found.benchmarks
    beta = statistics.covariance(files.daily, other) / statistics.variance(other)
    apart = [mine - theirs for mine, theirs in zip(files.daily, other, strict=True)]
    yearly = [math.prod(1 + each for each in some) ** (YEAR / len(other)) - 1 for some in (files.daily, other)]
    rises = [at for at, each in enumerate(other) if each > 0]
    captured = [math.prod(1 + some[at] for at in rises) - 1 for some in (files.daily, other)]
    assert (bitcoin.name, equal.name) == ("BTC", "")
    for mine, theirs in (
        (bitcoin.beta, beta),
        (bitcoin.alpha, yearly[0] - beta * yearly[1]),
        (bitcoin.tracking_error, statistics.stdev(apart) * math.sqrt(YEAR)),
        (bitcoin.information_ratio, statistics.fmean(apart) / statistics.stdev(apart) * math.sqrt(YEAR)),
        (bitcoin.up_capture, captured[0] / captured[1]),
        (bitcoin.total, closes[-1] / 100 - 1),
    ):
        assert mine == pytest.approx(theirs, rel=2e-4), "the last price is quoted, not closed"
    for mine, theirs in ((bitcoin.beta, beta), (bitcoin.up_capture, captured[0] / captured[1])):
        assert mine == pytest.approx(theirs, rel=1e-9)


async def test_periods_are_utc_days_and_say_when_there_was_nothing(
    trader: Desk, daily: DailyMarket, reports: PostgresPerformance, owner_pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    await daily.close(daily.time, BTCUSDC=100.0, ETHUSDC=10.0)
    account = await traded(12, trader, daily, owner_pool)
    whole = await reports.report(account, ALL)
    today = await reports.report(account, PerformancePeriod(days=1))
    week = await reports.report(account, PerformancePeriod(days=7))
    reset = await reports.report(account, PerformancePeriod(since_reset=True))
    dated = await reports.report(account, PerformancePeriod(first=date(2021, 4, 7), last=date(2021, 4, 8)))
    assert [len(each.days) for each in (today, week, dated)] == [1, 7, 2]
    assert (today.days[0].returned, today.ratios.count, week.ratios.count, dated.ratios.count) == (None, 0, 6, 2)
    assert dated.end == datetime(2021, 4, 9, tzinfo=UTC).timestamp() * 1000
    joined = math.prod(1 + (row.returned or 0) for row in week.days) * (1 + (today.time_weighted or 0)) - 1
    assert week.time_weighted == pytest.approx(joined)
    portfolio = await trader.portfolio(account)
    assert (reset.money.start, reset.money.end) == (D(1_000_000), portfolio.equity)
    assert reset.money.profit == portfolio.profit
    assert reset.money.realised == portfolio.realised
    assert whole.resets == 1
    assert whole.ratios.sharpe is None
    with pytest.raises(BeforeHistory):
        await reports.report(account, PerformancePeriod(last=date(2021, 4, 1)))


async def test_a_day_without_a_price_is_a_gap_and_an_old_price_is_marked(
    trader: Desk, daily: DailyMarket, reports: PostgresPerformance
) -> None:
    account = await trader.open(1, "start")
    await trader.place(account, "buy", Side.BUY, BTC, BaseQuantity(D(500)))
    daily.pass_time(daily.midnight() - daily.time + 1)  # nothing is archived at the first midnight
    await daily.close(daily.midnight(), BTCUSDC=110.0)
    daily.pass_time(DAY_MS)  # nor at the third
    await daily.close(daily.midnight(), BTCUSDC=99.0)
    found = await reports.report(account, ALL)
    assert [row.equity is None for row in found.days] == [True, False, False, False, False][: len(found.days)]
    assert [row.stale for row in found.days][:4] == [True, False, True, False]
    assert found.gaps == 1
    assert [row.returned is None for row in found.days][:4] == [True, True, False, False]
    assert found.days[2].returned == 0
    first = await reports.report(account, PerformancePeriod(last=date(2021, 4, 5)))
    assert first.time_weighted is None, "an unknown end has no return"
    assert [each.total for each in first.benchmarks] == [None, None], "nor has a benchmark without a price"
    assert (first.days[0].bitcoin, first.days[0].equal_weight) == (None, None)


async def test_an_account_without_trades_has_no_figures_of_trades(
    trader: Desk, daily: DailyMarket, reports: PostgresPerformance
) -> None:
    account = await trader.open(1, "start")
    found = await reports.report(account, ALL)
    assert (found.time_weighted, found.money.profit, found.trades.count, found.coins) == (0, 0, 0, [])
    assert (found.exposure, found.turnover, found.holding_ms, found.deepest) == (0, 0, None, None)
    daily.pass_time(40 * DAY_MS)
    found = await reports.report(account, ALL)
    assert (found.ratios.count, found.ratios.sharpe, found.ratios.volatility) == (39, None, 0)


async def test_a_history_that_is_too_long_is_refused(
    trader: Desk, daily: DailyMarket, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    account = await trader.open(1, "start")
    await trader.place(account, "buy", Side.BUY, BTC, BaseQuantity(D(1)))
    with pytest.raises(PerformanceTooLong):
        await PostgresPerformance(pool, daily, daily.archive, max_entries=1).report(account, ALL)


async def test_what_operators_correct_is_in_the_return_and_what_they_grant_is_not(
    trader: Desk, daily: DailyMarket, reports: PostgresPerformance, owner_pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    await daily.close(daily.time, BTCUSDC=100.0, ETHUSDC=10.0)
    account = await trader.open(1, "start")
    bought = await trader.place(account, "buy", Side.BUY, BTC, BaseQuantity(D(100)))
    await daily.close(daily.midnight(), BTCUSDC=50.0, ETHUSDC=10.0)
    corrections = Corrections(owner_pool, daily.wall, jitter=random.Random(1))  # noqa: S311
    reverse = OperatorAction("use-1", "console", "cli", 0, "paperdesk reverse")
    await corrections.reverse(reverse, str(bought.order_id), "a wrong price")
    adjust = OperatorAction("use-2", "console", "cli", 0, "paperdesk adjust")
    await corrections.adjust(adjust, account.account_id, D(5000), "a gift", adjust.command_id)
    daily.pass_time(MINUTE_MS)
    found = await reports.report(account, ALL)
    portfolio = await trader.portfolio(account)
    assert (found.money.profit, found.money.flows) == (portfolio.profit, 5000)
    assert found.money.profit == 0
    assert found.time_weighted == pytest.approx(0, abs=1e-12), "the loss and its reversal are each other's opposite"
    assert (found.executions, found.money.fees, found.money.realised) == (0, 0, 0)
    assert found.days[0].index < 0.996


async def test_a_reset_at_midnight_with_coins_is_one_flow(
    trader: Desk, daily: DailyMarket, reports: PostgresPerformance
) -> None:
    await daily.close(daily.time, BTCUSDC=100.0)
    account = await trader.open(1, "start")
    await trader.place(account, "buy", Side.BUY, BTC, BaseQuantity(D(1000)))
    await daily.close(daily.midnight(), BTCUSDC=120.0)
    before = await trader.portfolio(account)
    account = await trader.reset(account, "reset")
    await daily.close(daily.midnight(), BTCUSDC=240.0)
    found = await reports.report(account, ALL)
    assert found.money.flows == pytest.approx(-(before.equity - 1_000_000), rel=1e-6)
    assert found.time_weighted == pytest.approx(float(before.equity) / 1_000_000 - 1, rel=1e-6)
    assert (found.days[1].returned, found.days[1].flow < 0) == (0, True), "the rise after the reset is nobody's"
    since = await reports.report(account, PerformancePeriod(since_reset=True))
    assert (since.money.start, since.time_weighted, since.money.flows) == (1_000_000, 0, 0)


async def test_who_would_wait_too_long_is_refused_at_once(trader: Desk, reports: PostgresPerformance) -> None:
    account = await trader.open(1, "start")
    told = await asyncio.gather(*(reports.report(account, ALL) for _ in range(PLACES + 2)), return_exceptions=True)
    assert [isinstance(each, Overloaded) for each in told] == [False] * PLACES + [True] * 2
    await reports.report(account, ALL)
