"""/checkup: every finding in every language, hard accounts, and buttons that lead somewhere."""

from decimal import Decimal

import pytest

from bot.commands import COMMANDS
from bot.context import Context
from bot.reply import Buttons
from bot.ui.format import Formatter
from bot.views.buttons import PRESS_LIMIT
from bot.views.checkup import checkup_blocks, mending_buttons
from people.person import Language, Person
from pipeline.market import Symbol
from pipeline.rules import DELISTED
from tests.fakes.bot import CATALOGS, FakeDeskBot, FakeMarket
from tests.fakes.transcript import transcript
from tests.unit.bot.commands.chat import Chat
from trading.checkup.types import (
    CheckKind,
    Checkup,
    CloseToLimit,
    Concentrated,
    Correlated,
    CostlySale,
    Finding,
    HighFees,
    KeepsLosers,
    ManyTrades,
    Missing,
    NoLimits,
    PausedPurchases,
    SmallBalances,
    Unmeasured,
    WithoutStop,
)
from trading.limits.types import LimitKind
from trading.ports import Account
from trading.reports.performance import PerformancePeriod, PerformanceReport, PerformanceTooLong

BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")
EVERY: tuple[Finding, ...] = (
    PausedPurchases(5.0, LimitKind.DRAWDOWN),
    CloseToLimit(1.0, LimitKind.COIN, 0.38, 0.4, BTC),
    CloseToLimit(1.0, LimitKind.ORDERS, 9, 10),
    NoLimits(),
    WithoutStop(2.0, (BTC, ETH), 0.6),
    Concentrated(2.0, BTC, 0.8, 0.9),
    Concentrated(2.0, BTC, 0.8, None),
    Correlated(1.2, (BTC, ETH), 0.72, 0.85),
    CostlySale(3.0, ETH, 0.031),
    HighFees(2.0, 0.021),
    ManyTrades(2.0, 640, 6.2),
    ManyTrades(2.0, 640, None),
    KeepsLosers(2.0, 0.91, 0.2, ETH),
    KeepsLosers(2.0, 0.91, 0.2, None),
    SmallBalances(3),
)


def context_of(bot: FakeDeskBot) -> Context:
    person = Person(1, bot.language, "Asia/Seoul")
    formatter = Formatter(bot.language, "Asia/Seoul")
    return Context(bot.inbound(""), "tok", person, CATALOGS[bot.language], CATALOGS, formatter, bot.services, COMMANDS)


@pytest.mark.parametrize("language", list(Language))
async def test_every_finding_is_told_in_every_language(language: Language) -> None:
    bot = FakeDeskBot(language)
    await bot.router.answer(bot.inbound("/start"))
    account = await bot.desk.account(bot.people.identities["fake", "7"])
    held = await bot.desk.portfolio(account)
    ctx = context_of(bot)
    unknown = tuple(Unmeasured(CheckKind.TRADES, missing, 3, 10) for missing in Missing)
    said = str(checkup_blocks(Checkup(EVERY, tuple(CheckKind), unknown), held, 30, ctx))
    for figure in ("38%", "40%", "60%", "72%", "3.1%", "2.1%", "640", "6.2", "91%", "20%", "0.85", "BTC, ETH"):
        assert figure in said
    assert "none" not in said.casefold().replace("tone.none", "")
    assert "{" not in said
    buttons = mending_buttons(Checkup(EVERY, (), ()), 30, ctx)
    assert len({each.press for each in buttons}) == len(buttons)
    assert all(len(each.press.encode()) <= PRESS_LIMIT for each in buttons)
    for each in buttons:
        answer = transcript(await bot.router.answer(bot.inbound(each.press, pressed=True)))
        assert "tok0" not in answer, "no incident"


async def test_the_buttons_mend_in_the_order_of_the_findings() -> None:
    chat = Chat()
    await chat.type("/settings confirm off")
    await chat.type("/buy BTC 500000usdc")
    said = await chat.type("/checkup")
    assert "Without a stop: BTC, 50% of your account" in said
    first = next(block for block in chat.last.blocks if isinstance(block, Buttons)).rows[0]
    assert [each.press for each in first] == ["stop BTC sell max", "rebalance", "limits drawdown"]
    await chat.type("/stop BTC sell max @ 50000")
    assert "Without a stop" not in await chat.type("/checkup")


async def test_a_history_too_long_is_said_and_the_rest_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def too_long(account: Account, period: PerformancePeriod) -> PerformanceReport:
        raise PerformanceTooLong(10)

    chat = Chat()
    monkeypatch.setattr(chat.bot.performance, "report", too_long)
    await chat.type("/settings confirm off")
    await chat.type("/buy BTC 500000usdc")
    said = await chat.type("/checkup")
    assert said.count("the history is too long for a report") == 3
    assert "BTC is 50% of your account" in said


async def test_a_delisted_coin_gets_no_stop() -> None:
    market = FakeMarket()
    chat = Chat(FakeDeskBot(market=market))
    await chat.type("/settings confirm off")
    await chat.type("/buy BTC 500000usdc")
    market.status[BTC] = DELISTED
    said = await chat.type("/checkup")
    assert "Without a stop" not in said
    assert "BTC is 50% of your account" in said


async def test_an_account_without_anything_has_nothing_to_check() -> None:
    chat = Chat()
    await chat.type("/start")
    account = await chat.bot.desk.account(chat.bot.people.identities["fake", "7"])
    chat.bot.desk.cash[account.account_id] = Decimal(0)
    assert "The account is empty" in await chat.type("/checkup")
