"""The chart of a pushed alert: the level for everyone, what the person holds for themselves alone."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.notifications.composer import Composer
from bot.reply import Picture, Reply
from core.errors import DatabaseUnavailable
from core.outbox import Chat, encode, kind_of
from people.notifications.outbox import Delivery, OutboxMessage
from people.notifications.quiet_hours import SoundPolicy
from people.person import Language, Person
from pipeline.market import Symbol
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot
from trading.alerts.notices import AlertFired
from trading.orders.types import Side
from trading.triggers.price_levels import Direction

LEVEL = Decimal("57500.50")
FIRED = AlertFired(7, "simulator", Symbol("BTCUSDC"), Direction.ABOVE, LEVEL, Decimal("57510.00"), NOW)


@pytest.fixture
async def bot() -> FakeDeskBot:
    """Person 1 holds some BTC."""
    bot = FakeDeskBot()
    for line in ("/settings confirm off", "/buy BTC 1000usdc"):
        await bot.router.answer(bot.inbound(line))
    return bot


async def pushed(bot: FakeDeskBot, *, public: bool) -> Reply:
    letter = OutboxMessage(1, kind_of(FIRED), encode(FIRED), 1, datetime(2021, 4, 1, tzinfo=UTC))
    parcel = Delivery(
        replace(Chat("fake", "home"), public=public),
        Person(1, Language.ENGLISH, "Asia/Seoul"),
        (letter,),
        SoundPolicy(),
        retired=False,
    )
    return await Composer(bot.services, CATALOGS).compose(parcel)


async def test_in_private_the_level_and_the_persons_own_are_drawn(bot: FakeDeskBot) -> None:
    await pushed(bot, public=False)
    (marks,) = bot.charts.marks
    assert (marks.level, marks.average_cost) == (LEVEL, Decimal("58000.00"))
    assert [trade.side for trade in marks.trades] == [Side.BUY]


async def test_in_public_only_the_level_is_drawn(bot: FakeDeskBot) -> None:
    await pushed(bot, public=True)
    (marks,) = bot.charts.marks
    assert (marks.level, marks.average_cost, marks.trades) == (LEVEL, None, ())


async def test_a_silent_ledger_costs_the_own_marks_alone(bot: FakeDeskBot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(*_: object) -> object:
        raise DatabaseUnavailable

    monkeypatch.setattr(bot.desk, "symbol_activity", silent)
    reply = await pushed(bot, public=False)
    assert any(isinstance(block, Picture) for block in reply.blocks)
    assert bot.charts.marks[0].level == LEVEL
