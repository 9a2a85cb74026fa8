"""/optimize: weights and tests of coins that move, the coins of the portfolio, and what it refuses."""

import asyncio
import threading
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from bot.reply import Reply, Table
from core.system.bounded_executor import BoundedExecutor
from people.person import Language
from pipeline.errors import NoCandles
from pipeline.market import DAY_MS, Candle, Interval, Symbol
from tests.fakes.bot import NOW, FakeDeskBot, FakeMarket
from tests.fakes.transcript import press_of
from trading.allocation.bounds import Bounds
from trading.allocation.report import AllocationReport, allocation_report
from trading.allocation.rules import Objective, rule_of
from trading.allocation.walk_forward import WINDOW
from trading.errors import PriceMoved

BTC, ETH, SOL = Symbol("BTCUSDC"), Symbol("ETHUSDC"), Symbol("SOLUSDC")
DAYS = 366


class MovingMarket(FakeMarket):
    """Daily candles of BTC and ETH; of SOL, those of the last `young` days."""

    def __init__(self, young: int = 1) -> None:
        super().__init__()
        random = np.random.default_rng(7)
        self.returns = random.normal(0.002, (0.02, 0.05, 0.03), (DAYS, 3))
        self.young = young
        self.known = DAYS

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        if interval is not Interval.D1 or symbol not in {BTC, ETH, SOL}:
            raise NoCandles(symbol)
        closes = 100 * np.cumprod(1 + self.returns[:, (BTC, ETH, SOL).index(symbol)])
        first = NOW // DAY_MS - DAYS
        made = [
            Candle(symbol, (first + day) * DAY_MS, close, close, close, close, 1.0)
            for day, close in enumerate(closes.tolist())
        ]
        return made[-self.young :] if symbol == SOL else made[-min(count, self.known) :]


async def asked(market: FakeMarket, *lines: str, language: Language = Language.ENGLISH) -> Reply:
    bot = FakeDeskBot(language, market=market)
    await bot.router.answer(bot.inbound("/settings confirm off"))
    replies = [await bot.router.answer(bot.inbound(line)) for line in lines]
    return replies[-1]


async def test_the_weights_are_those_of_the_rule() -> None:
    market = MovingMarket()
    reply = await asked(market, "/optimize minvar BTC ETH cap 60%")
    weights = rule_of(Objective.MINIMUM_VARIANCE)(market.returns[-WINDOW:, :2], Bounds.of(2, cap=0.6))
    assert weights == pytest.approx([0.6, 0.4], abs=1e-4)
    first, second, *_ = (block for block in reply.blocks if isinstance(block, Table))
    assert first.rows == (("BTC", "60%", "50%"), ("ETH", "40%", "50%"))
    assert [row[0] for row in second.rows][:2] == ["Equal weight", "Minimum variance"]
    assert len(second.rows) == 1 + len(Objective)


@pytest.mark.parametrize("language", list(Language))
async def test_the_coins_of_the_portfolio_and_what_was_left_out(language: Language) -> None:
    lines = ("/buy BTC 300000usdc", "/buy ETH 100000usdc", "/buy SOL 1000usdc", "/optimize parity")
    reply = await asked(MovingMarket(), *lines, language=language)
    first = next(block for block in reply.blocks if isinstance(block, Table))
    assert [row[0] for row in first.rows] == ["BTC", "ETH"]
    assert sum(Decimal(row[3].rstrip("%")) for row in first.rows) == 100, "of the money in these coins"
    assert {Language.ENGLISH: "none of the last day: SOL", Language.KOREAN: "제외한 종목: SOL"}[language] in str(reply)


async def test_equal_weight_is_told_to_be_as_good_or_better() -> None:
    market = MovingMarket()
    market.returns[:, 1] = market.returns[:, 0]
    assert "Equal weight did as well or better" in str(await asked(market, "/optimize parity BTC ETH"))
    market.returns[:, 1] = -0.001 + np.random.default_rng(1).normal(0, 0.04, DAYS)
    said = str(await asked(market, "/optimize minvar BTC ETH"))
    assert "Minimum variance did better than equal weight here" in said


async def test_a_short_history_has_weights_but_no_test() -> None:
    market = MovingMarket(young=40)
    said = str(await asked(market, "/optimize parity BTC SOL"))
    assert "from the last 90 daily returns" in said
    market.known = 60
    assert "There are no days to test on yet" in str(await asked(market, "/optimize parity BTC ETH"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/optimize", "at least 2 coins. Name them"),
        ("/optimize BTC SOL", "Too few are known of SOL/USDC"),
        ("/optimize BTC ETH cap 0%", "0"),
        ("/optimize BTC ETH cap", "cap 25%, cap 40%"),
        ("/optimize BTC ETH cap 30%", "2 coins can take only 60%"),
        ("/optimize hrp parity BTC ETH", "parity"),
    ],
)
async def test_refusals_say_what_to_do(line: str, said: str) -> None:
    reply = await asked(MovingMarket(), line)
    assert said in str(reply.blocks[0])
    assert "WARNING" in str(reply.blocks[0])


async def test_the_loop_answers_others_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: set[str] = set()

    def measured(*args: Any, **named: Any) -> AllocationReport:
        threads.add(threading.current_thread().name)
        return allocation_report(*args, **named)

    monkeypatch.setattr("bot.commands.allocation.allocation_report", measured)
    await asyncio.gather(*(asked(MovingMarket(), "/optimize BTC ETH") for _ in range(3)))
    assert threads == {"allocation_0"}


@pytest.mark.parametrize(("language", "said"), [(Language.ENGLISH, "in a moment"), (Language.KOREAN, "잠시 후 다시")])
async def test_who_would_wait_too_long_is_told_to_come_again(
    monkeypatch: pytest.MonkeyPatch, language: Language, said: str
) -> None:
    gate = threading.Event()

    def measured(*args: Any, **named: Any) -> AllocationReport:
        gate.wait(20)
        return allocation_report(*args, **named)

    monkeypatch.setattr("bot.commands.allocation.allocation_report", measured)
    monkeypatch.setattr("bot.commands.allocation._EXECUTOR", BoundedExecutor("allocation", places=2))
    asking = [asyncio.create_task(asked(MovingMarket(), "/optimize BTC ETH", language=language)) for _ in range(5)]
    done, waiting = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
    while len(done) < 3:
        more, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        done |= more
    assert all(said in str(task.result().blocks[0]) for task in done)
    gate.set()
    assert not any(said in str(task.result().blocks[0]) for task in (await asyncio.wait(waiting))[0])


async def test_one_confirmation_places_the_orders_to_the_weights() -> None:
    bot = FakeDeskBot(market=MovingMarket())
    await bot.router.answer(bot.inbound("/settings confirm off"))
    await bot.router.answer(bot.inbound("/buy BTC 300000usdc"))
    reply = await bot.router.answer(bot.inbound("/optimize minvar BTC ETH cap 60%"))
    orders, weights = [block for block in reply.blocks if isinstance(block, Table)][2:]
    assert [row[0] for row in orders.rows] == ["Sell BTC", "Buy ETH"]
    assert [row[:2] for row in weights.rows] == [("BTC", "60%"), ("ETH", "40%")]
    assert [float(row[2].rstrip("%")) for row in weights.rows] == pytest.approx([60, 40], abs=0.1)
    assert len(bot.desk.receipts) == 1, "nothing is placed without a confirmation, even if they are turned off"
    press = press_of(reply, "place_orders")
    placed = await bot.router.answer(bot.inbound(press, pressed=True))
    assert "All 2 orders were placed" in str(placed)
    again = await bot.router.answer(bot.inbound(press, pressed=True))
    assert again.blocks == placed.blocks
    assert len(bot.desk.receipts) == 3


async def test_an_order_that_is_refused_is_named_and_an_expired_preview_places_nothing() -> None:
    bot = FakeDeskBot(market=MovingMarket())
    await bot.router.answer(bot.inbound("/settings confirm off"))
    await bot.router.answer(bot.inbound("/buy BTC 300000usdc"))
    reply = await bot.router.answer(bot.inbound("/optimize minvar BTC ETH cap 60%"))
    bot.order_groups.refused[ETH] = PriceMoved(ETH, Decimal(1950), Decimal(1990), Decimal("0.005"))
    said = str(await bot.router.answer(bot.inbound(press_of(reply, "place_orders"), pressed=True)))
    assert "1 of 2 orders were placed" in said
    assert "Buy ETH was not placed. " in said
    reply = await bot.router.answer(bot.inbound("/optimize minvar BTC ETH cap 50%"))
    bot.previews.expire()
    gone = await bot.router.answer(bot.inbound(press_of(reply, "place_orders"), pressed=True))
    assert "expired" in str(gone)
    assert len(bot.desk.receipts) == 2


async def test_without_a_fresh_price_there_is_a_reason_instead_of_orders() -> None:
    market = MovingMarket()
    bot = FakeDeskBot(market=market)
    await bot.router.answer(bot.inbound("/settings confirm off"))
    await bot.router.answer(bot.inbound("/buy BTC 300000usdc"))
    market.age_ms = 60_000
    said = str(await bot.router.answer(bot.inbound("/optimize minvar BTC ETH")))
    assert "Orders to these weights" not in said
    assert "Out of sample" in said
