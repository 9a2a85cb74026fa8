"""How the notification of a robot that was paused or has ended reads."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.notifications.composer import Composer
from core.outbox import Chat, encode, kind_of
from people.notifications.outbox import Delivery, OutboxMessage
from people.notifications.quiet_hours import SoundPolicy
from people.person import Language, Person
from pipeline.market import Interval, Symbol
from tests.fakes.bot import CATALOGS, FakeDeskBot
from tests.fakes.transcript import transcript
from trading.errors import LimitReached
from trading.recurring.notices import obstacle_of
from trading.strategies.notices import RobotHalted

REFUSED = obstacle_of(LimitReached("order", Decimal(100), Decimal(100), "USDC", of_desk=False))


def notice(state: str, reason: str, quantity: str = "0", *, refused: bool = False) -> RobotHalted:
    what = (3, "dips", "simulator", Symbol("BTCUSDC"), Interval.H1, state, reason, Decimal(quantity), Decimal("12.5"))
    return RobotHalted(*what, REFUSED if refused else None)


async def composed(halted: RobotHalted, language: Language) -> str:
    letter = OutboxMessage(1, kind_of(halted), encode(halted), 1, datetime(2021, 4, 1, tzinfo=UTC))
    parcel = Delivery(Chat("fake", "home"), Person(1, language, "Asia/Seoul"), (letter,), SoundPolicy(), retired=False)
    return transcript(await Composer(FakeDeskBot().services, CATALOGS).compose(parcel))


async def test_a_paused_robot_says_what_refused_its_order_and_offers_to_resume() -> None:
    said = await composed(notice("paused", "limit", "0.5", refused=True), Language.ENGLISH)
    assert "Robot 3 · dips · BTC 1h is paused" in said
    assert "Your own limit allows 100 USDC in one purchase at most" in said
    assert "It holds 0.5 BTC" in said
    assert "Realised so far: +12.50 USDC" in said
    assert "robot_resume 3" in said


@pytest.mark.parametrize("reason", ["delisted", "reset", "action", "corrected", "parted"])
@pytest.mark.parametrize("language", list(Language))
async def test_an_ended_robot_offers_nothing_that_it_cannot_do(reason: str, language: Language) -> None:
    said = await composed(notice("ended", reason), language)
    assert "robot_show 3" in said
    assert "robot_resume" not in said
