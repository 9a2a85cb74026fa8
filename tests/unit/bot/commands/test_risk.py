"""/risk and /stress: coins that move, coins without history, all cash, stops, and the record of the nights."""

from datetime import date, timedelta

import numpy as np
import pytest

from people.person import Language
from pipeline.errors import MarketUnavailable, NoCandles
from pipeline.market import DAY_MS, Candle, Interval, Symbol
from tests.fakes.bot import NOW, FakeDeskBot, FakeMarket
from trading.portfolio.nightly_risk import JudgedNight
from trading.portfolio.risk_report import MIN_NIGHTS
from trading.risk.tables import CONFIDENCES, METHODS
from trading.risk.value_at_risk import historical_var

BTC, ETH, SOL = Symbol("BTCUSDC"), Symbol("ETHUSDC"), Symbol("SOLUSDC")
DAYS = 366


class MovingMarket(FakeMarket):
    """Daily candles that move: ETH twice as far as BTC, SOL listed yesterday."""

    def __init__(self) -> None:
        super().__init__()
        self.returns = np.random.default_rng(2).standard_t(4, size=DAYS) / 60
        self.fault: Exception | None = None

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        if self.fault is not None:
            raise self.fault
        if interval is not Interval.D1 or symbol not in {BTC, ETH, SOL}:
            raise NoCandles(symbol)
        closes = 100 * np.cumprod(1 + self.returns * (2 if symbol == ETH else 1))
        first = NOW // DAY_MS - DAYS
        made = [
            Candle(symbol, (first + day) * DAY_MS, close, close * 1.01, close * 0.99, close, 1.0)
            for day, close in enumerate(closes.tolist())
        ]
        return made[-1:] if symbol == SOL else made[-count:]


@pytest.fixture
def market() -> MovingMarket:
    return MovingMarket()


async def told(bot: FakeDeskBot, *lines: str) -> str:
    said = ""
    for line in lines:
        said = str((await bot.router.answer(bot.inbound(line))).blocks)
    return said


async def holding(market: MovingMarket, *buys: str, language: Language = Language.ENGLISH) -> FakeDeskBot:
    bot = FakeDeskBot(language, market=market)
    await told(bot, "/settings confirm off", *(f"/buy {each}" for each in buys))
    return bot


async def test_the_figures_are_those_of_the_measures(market: MovingMarket) -> None:
    bot = await holding(market, "BTC 500000usdc")
    said = await told(bot, "/risk")
    held = await bot.desk.portfolio(await bot.desk.account(bot.people.identities["fake", "7"]))
    weight = float(held.positions[0].value / held.equity)
    var = float(historical_var(weight * market.returns[1:], 0.95))
    assert f"({100 * var:.2f}".rstrip("0") in said
    assert "BTC is 100% of your risk and 50% of your equity" in said
    assert "365 daily returns" in said
    assert bot.charts.drawn == [], "one coin has no correlations"


async def test_the_riskier_coin_leads_and_correlations_are_drawn(market: MovingMarket) -> None:
    bot = await holding(market, "BTC 300000usdc", "ETH 300000usdc")
    said = await told(bot, "/risk")
    assert "ETH is 67% of your risk and 30% of your equity" in said
    assert [what for what, _, _ in bot.charts.drawn] == ["correlation BTC ETH"] or "ETH BTC" in str(bot.charts.drawn)


async def test_a_coin_listed_yesterday_follows_the_market_and_is_named(market: MovingMarket) -> None:
    bot = await holding(market, "SOL 300000usdc", "BTC 100000usdc")
    said = await told(bot, "/risk")
    assert "follow the market by their beta: SOL" in said
    assert "365 daily returns" in said


async def test_without_history_there_is_a_sentence_instead_of_a_figure(market: MovingMarket) -> None:
    bot = await holding(market, "DOGE 1000usdc")
    said = await told(bot, "/risk")
    assert "No daily return of your coins is known yet" in said
    assert "VaR 95%" not in said
    assert "estimated by its beta to Bitcoin, or by the median coin" not in await told(bot, "/stress 2021-04")


async def test_all_cash_has_nothing_at_risk(market: MovingMarket) -> None:
    bot = await holding(market)
    assert "nothing at risk" in await told(bot, "/risk")
    assert "nothing at risk" in await told(bot, "/stress 50")


async def test_a_market_that_is_down_is_said(market: MovingMarket) -> None:
    bot = await holding(market, "BTC 1000usdc")
    market.fault = MarketUnavailable()
    assert "VaR" not in await told(bot, "/risk")


async def test_what_falls_at_once_has_no_lowest_price_and_what_is_sold_no_stops(market: MovingMarket) -> None:
    bot = await holding(market, "BTC 300000usdc")
    replay, shock, sold = [await told(bot, f"/stress {scenario}") for scenario in ("2025-10", "20", "liquidity")]
    assert ["Lowest" in said for said in (replay, shock, sold)] == [True, False, False]
    assert ["No stop" in said for said in (replay, shock, sold)] == [True, True, False]


@pytest.mark.parametrize("language", list(Language))
async def test_every_scenario_is_shown_in_every_language(market: MovingMarket, language: Language) -> None:
    bot = await holding(market, "BTC 300000usdc", "SOL 10000usdc", language=language)
    for scenario in ("2021-04", "2022-11", "2025-10", "20", "50", "together", "liquidity"):
        said = await told(bot, f"/stress {scenario}")
        assert "BTC" in said
        assert "SOL" in said
    assert (await told(bot, "/stress")).count("%") >= 7


async def test_a_fall_of_half_takes_half_of_the_coins_and_fires_the_stops_on_the_way(market: MovingMarket) -> None:
    bot = await holding(market, "BTC 500000usdc")
    await told(bot, "/stop BTC sell 1 @ 40000", "/stop BTC sell 1 @ 20000", "/limit BTC sell 1 @ 70000")
    said = await told(bot, "/stress 50")
    assert "1 stop would fire" in said
    assert "40,000.00" in said
    assert "29,000.00" in said, "the lowest price of the scenario"
    assert "20,000.00" not in said
    assert "No stop of yours would fire" in await told(bot, "/stress 20")


async def test_the_record_is_silent_below_the_least_nights_and_leaves_doubtful_ones_out(market: MovingMarket) -> None:
    bot = await holding(market, "BTC 1000usdc")
    figures = np.full((len(METHODS), len(CONFIDENCES)), 0.02)
    nights = [
        JudgedNight(date(2021, 1, 1) + timedelta(days=day), figures, -0.03 if day % 10 == 0 else 0.01, 0)
        for day in range(MIN_NIGHTS - 1)
    ]
    bot.risk_records.nights = nights
    said = await told(bot, "/risk")
    assert "29 nights are judged so far" in said
    assert "Kupiec p" not in said
    doubtful = JudgedNight(date(2022, 1, 1), figures, -0.5, 1)
    bot.risk_records.nights = [*nights, doubtful, JudgedNight(date(2022, 1, 2), figures, -0.01, 0)]
    said = await told(bot, "/risk")
    assert "3 of 30" in said
    assert "One night is left out" in said
    assert "Historical 95%" in said
