"""Performance reports in memory: one invented history, evaluated by the product's own functions."""

import math
import random
from dataclasses import dataclass, field
from decimal import Decimal

from pipeline.market import DAY_MS, Symbol
from trading.orders.types import Side
from trading.portfolio.positions import Mark
from trading.ports import Account
from trading.reports.account_history import AccountHistory, AssetMove, HistoryEntry, HistoryTrade, moments_of
from trading.reports.performance import PerformancePeriod, PerformanceReport
from trading.reports.performance_figures import compute_report
from trading.reports.valuation import grid_of, price_path, valued_moments

COINS = tuple(Symbol(each + "USDC") for each in ("BTC", "ETH", "SOL", "币安人生"))
START = 1_609_459_200_000
"""2021-01-01 UTC."""

D = Decimal
_FEE = D("0.001")


def sample_report(days: int, trades: int, *, seed: int = 3, coins: tuple[Symbol, ...] = COINS) -> PerformanceReport:
    """An account of a million that trades at random in a random market, and is reset once in the middle."""
    draw = random.Random(seed)  # noqa: S311 - invented prices
    prices: dict[tuple[Symbol, int], tuple[int, float]] = {}
    now = START + days * DAY_MS + DAY_MS // 2
    for place, coin in enumerate(coins):
        price = 100.0 * (place + 1)
        for at in range(START, now, DAY_MS):
            prices[coin, at] = (at, round(price, 2))
            price *= math.exp(draw.gauss(0.001, 0.03))
    entries = _entries(days, trades, prices, coins, draw)
    history = AccountHistory(1, "USDC", entries, {each.removesuffix("USDC"): each for each in coins})
    marks = {coin: Mark(D(str(prices[coin, now // DAY_MS * DAY_MS][1])), 8, stale=False) for coin in coins}
    moments = moments_of(history, entries[0].time, now)
    grid = grid_of(moments[0].time, now)
    for coin in coins:
        prices[coin, grid[0]] = prices[coin, START]
        for moment in moments:
            prices.setdefault((coin, moment.time), prices[coin, moment.time // DAY_MS * DAY_MS])
    paths = [price_path("BTC", coins[:1], grid, prices, marks), price_path("", coins, grid, prices, marks)]
    return compute_report(history, valued_moments(moments, prices, history, marks), paths, closed=False)


def _entries(
    days: int,
    trades: int,
    prices: dict[tuple[Symbol, int], tuple[int, float]],
    coins: tuple[Symbol, ...],
    draw: random.Random,
) -> list[HistoryEntry]:
    grant = D(1_000_000)
    entries = [HistoryEntry(1, START + 3_600_000, "grant", 1, (AssetMove("USDC", grant, grant),))]
    cash, held, cost = grant, dict.fromkeys(coins, D(0)), dict.fromkeys(coins, D(0))
    moments = sorted(START + DAY_MS // 12 + draw.randrange(days * DAY_MS) for _ in range(trades))
    reset = False
    for number, time in enumerate(moments, 2):
        if not reset and time > START + days * DAY_MS // 2:
            reset = True
            back = [AssetMove(coin.removesuffix("USDC"), -amount, -amount) for coin, amount in held.items() if amount]
            entries.append(
                HistoryEntry(number, time, "reset", 1, (*back, AssetMove("USDC", grant - cash, grant - cash)))
            )
            cash, held, cost = grant, dict.fromkeys(coins, D(0)), dict.fromkeys(coins, D(0))
            continue
        coin = draw.choice(coins)
        base, price = coin.removesuffix("USDC"), D(str(prices[coin, time // DAY_MS * DAY_MS][1]))
        kind, mid = draw.choice(("MARKET", "LIMIT", "STOP_LOSS")), price * D("0.9998")
        if held[coin] and draw.random() < 0.5:
            quantity = held[coin]
            amount = quantity * price
            received = amount - amount * _FEE
            realised, mid = received - cost[coin], price * D("1.0002")
            cash, held[coin], cost[coin] = cash + received, D(0), D(0)
            moves = (AssetMove(base, -quantity, D(0)), AssetMove("USDC", received, D(0)))
            side, fee = Side.SELL, amount * _FEE
        else:
            quantity = (cash / 20 / price).quantize(D("0.001"))
            amount, fee = quantity * price, quantity * _FEE
            received, realised = quantity - fee, D(0)
            cash, held[coin], cost[coin] = cash - amount, held[coin] + received, cost[coin] + amount
            moves = (AssetMove(base, received, D(0)), AssetMove("USDC", -amount, D(0)))
            side = Side.BUY
        trade = HistoryTrade(number, coin, base, side, quantity, price, amount, received, fee, mid, realised, kind)
        entries.append(HistoryEntry(number, time, "trade", 1, moves, trade))
    return entries


@dataclass
class MemoryPerformance:
    """`asked` are the periods that were asked for. Short ones have a report of few days."""

    asked: list[PerformancePeriod] = field(default_factory=list)

    async def report(self, account: Account, period: PerformancePeriod) -> PerformanceReport:
        self.asked.append(period)
        return sample_report(7, 8) if period.days == 7 else sample_report(60, 60)
