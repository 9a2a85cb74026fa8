"""Everything a person can type or press in Telegram, in both languages, against a fake that checks every call."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.arguments.usage import examples
from bot.command import Audience
from bot.commands import COMMANDS
from bot.notifications.composer import Composer
from bot.reply import Reply
from core.database import Pool
from core.outbox import Chat, encode, kind_of
from people.notices import LinkAsked, LinkJoined
from people.notifications.notices import Notice
from people.notifications.outbox import Delivery, OutboxMessage
from people.notifications.quiet_hours import DeliveryMode, SoundPolicy
from people.person import Language, Person
from pipeline.market import Symbol
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot
from tests.fakes.telegram import FakeTelegram, Member
from tests.fakes.telegram_chats import keys_of, said
from tests.fakes.telegram_desk import House, running
from tests.fakes.telegram_walker import Walked, Walker
from tests.fakes.telegram_walker import kind_of as pressed_kind
from trading.alerts.notices import AlertFired, ForecastFired
from trading.triggers.price_levels import Direction

pytestmark = pytest.mark.long

TYPED = [entry for entry in COMMANDS if not entry.hidden]
CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){2,}[0-9A-Z]{4}\b")
MARKET = "simulation"
OPERATORS_ONLY = {entry.name for entry in COMMANDS if entry.audience is Audience.OPERATORS}


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as opened:
        yield opened


@pytest.fixture
def house(pool: Pool, dsn: str, fake: FakeTelegram) -> House:
    return House(pool, dsn, fake)


OF_RUNNING_ROBOTS = {
    *(
        "robot_show",
        "robot_log",
        "robot_pause",
        "robot_resume",
        "robot_stop",
        "robot_compare",
        "robot_sell",
        "robot_keep",
    ),
}
"""Buttons of robots that run, which a walk that only presses what was written before does not start."""


def a_long_history(language: Language) -> list[str]:
    """More orders and alerts than one page shows, and then everything that the catalog gives as an example."""
    resting = ["/limit BTC buy 100usdc @ -3%", "/limit BTC buy 100usdc @ -4%"]
    orders = ["/settings confirm off", *["/buy BTC 100usdc"] * 12, "/buy SOL 5usdc", *resting, "/settings confirm on"]
    alerts = [f"/alert BTC > {level}" for level in range(70_000, 70_012)] + ["/alert ETH < 1000 every"]
    rule = "when rsi(14) < 30 buy 25% when rsi(14) > 55 sell max"
    robots = [f"/strategy save dip {rule} on BTC 1h", "/robot dip 100usdc", "/robot", "/strategy delete dip"]
    shown = [line for entry in TYPED for line in examples(entry, CATALOGS[language], "usdc")]
    return [
        *orders,
        *alerts,
        *robots,
        *shown,
        f"/settings language {language.value}",
        *(f"/{entry.name}" for entry in TYPED),
    ]


async def link_with_another(house: House, member: Member) -> None:
    """Enters the code of somebody else, whose account might be joined with theirs."""
    fake = member.fake
    bob = fake.person("Bob")
    bob.write("/link")
    await house.settled()
    code = next(found[0] for message in bob.chat.sent if (found := CODE.search(said(message))))
    member.write(f"/link {code}")
    member.write(f"/start link_{code}")


async def joined_and_parted(house: House, member: Member) -> Walked:
    await link_with_another(house, member)
    await house.settled()
    member.press(member.chat.sent[0], data=keys_of(member.chat.sent[0])[0]["callback_data"])
    return await Walker(member.fake, member, most=10, settle=house.settled).walk(["/unlink"])


BTC = Symbol("BTCUSDC")


def fired(*, repeat: bool) -> tuple[Notice, ...]:
    return (
        AlertFired(1, MARKET, BTC, Direction.ABOVE, Decimal(70_000), Decimal(70_001), NOW, repeat),
        ForecastFired(1, MARKET, BTC, 60, "up", Decimal("0.6"), 0.61, 0.001, NOW, repeat),
        LinkAsked(1, "discord", "merge"),
        LinkJoined(1, "discord"),
    )


async def alert_reply(house: House, member: Member, notice: Notice) -> Reply:
    """An alert as the outbox sends it."""
    bot: FakeDeskBot = house.router.bot
    person = await bot.people.find("telegram", str(member.user_id)) or Person(1)
    letter = OutboxMessage(1, kind_of(notice), encode(notice), 1, datetime(2021, 4, 1, tzinfo=UTC))
    chat = Chat("telegram", str(member.user_id))
    parcel = Delivery(chat, person, (letter,), SoundPolicy(DeliveryMode.ON, None), retired=False)
    return house.router.drawn(await Composer(bot.services, CATALOGS).compose(parcel))


@pytest.mark.parametrize("language", list(Language))
async def test_everything_that_can_be_typed_or_pressed_keeps_to_the_rules(
    house: House, fake: FakeTelegram, language: Language
) -> None:
    ann, group = fake.person("Ann", language=language.value), fake.group()
    house.router.bot.market.minimum = Decimal(5)  # what 5 USDC buy is dust after the fee
    service = house.service()
    async with running(service):
        for line in a_long_history(language):
            ann.write(line)
        ann.write("/notifications here", chat=group)
        await link_with_another(house, ann)
        await house.settled()
        here = next(key for message in group.sent for key in keys_of(message))  # answered where it was asked
        ann.press(group.sent[-1], data=here["callback_data"])
        for repeat in (False, True):
            for notice in fired(repeat=repeat):
                reply = await alert_reply(house, ann, notice)
                await service.courier.deliver(str(ann.user_id), reply, nonce="1", silent=False)
        walked = await Walker(fake, ann, avoid=("settings language",), most=450, settle=house.settled).walk([])
        states = await house.settled()
        joined = await joined_and_parted(house, fake.person("Cat", language=language.value))
    offered = {
        entry.name for entry in COMMANDS if entry.hidden and entry.name not in OPERATORS_ONLY
    } - OF_RUNNING_ROBOTS
    assert set(states) == {"done"}
    assert walked.unanswered == []
    pressed = walked.names | joined.names | {pressed_kind(here).partition(" ")[0]}
    assert pressed >= offered, offered - pressed
    assert walked.names >= {"price", "chart", "buy", "sell", "portfolio", "alerts", "market"}
    assert walked.pictures > 5
    assert not fake.violations
