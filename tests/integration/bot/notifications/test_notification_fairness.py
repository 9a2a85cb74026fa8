"""One person's groups, topics and feeds keep no other person's notifications waiting."""

import asyncio
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.groups.ports import Group, SettingChange
from bot.groups.postgres import TURNS_OF_A_KEEPER, PostgresGroups
from bot.notifications.composer import Composer
from bot.notifications.courier import Outcome
from bot.notifications.dispatcher import IN_FLIGHT, Dispatcher
from bot.notifications.price_feed import AT_ONCE, FeedRunner, FeedWriter
from bot.platforms.telegram.outbound.rate_limiter import Postponed, RateLimiter
from bot.platforms.telegram.outbound.send import read_place
from bot.reply import Reply
from bot.settings import BotSettings
from core.database import Database
from core.outbox import Chat
from people.notifications.outbox import CHATS_OF_A_PERSON, Delivery, Outbox
from people.person import Language
from people.postgres import PostgresPeople
from pipeline.market import Symbol
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot
from tests.patience import PATIENCE_SECONDS
from tests.support.push_house import CALM, FakeCourier, outbox_of, running, settled, somebody, told, until

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

BTC = Symbol("BTCUSDC")
FORUM = -100


class PacedCourier(FakeCourier):
    """Delivers within the limits of Telegram, which all topics of a group share."""

    def __init__(self) -> None:
        super().__init__()
        self.pace = RateLimiter()

    async def deliver(self, chat_id: str, reply: Reply, *, nonce: str, silent: bool) -> Outcome:
        async with self.pace.turn(read_place(chat_id).chat_id, push=True):
            return await super().deliver(chat_id, reply, nonce=nonce, silent=silent)


class StuckCourier(FakeCourier):
    """Delivers to no chat whose id begins with `prefix`, and never gets an answer there."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self.prefix = prefix
        self.stuck: dict[str, asyncio.Event] = {}

    async def deliver(self, chat_id: str, reply: Reply, *, nonce: str, silent: bool) -> Outcome:
        if chat_id.startswith(self.prefix):
            await self.stuck.setdefault(chat_id, asyncio.Event()).wait()
        return await super().deliver(chat_id, reply, nonce=nonce, silent=silent)


async def in_topics(pool: "Pool", person: int, count: int) -> None:
    for topic in range(1, count + 1):
        await told(pool, person, chat=Chat("fake", f"{FORUM}/{topic}"), name="topic")


async def test_topics_of_a_full_group_delay_nobody(pool: "Pool") -> None:
    mallory, ann = await somebody(pool, "mallory"), await somebody(pool, "ann")
    await in_topics(pool, mallory, 50)
    courier = PacedCourier()
    composer = Composer(FakeDeskBot().services, CATALOGS)
    held = Postponed(courier.pace)
    dispatcher = Dispatcher(outbox_of(pool), composer, courier, lambda: NOW, jitter=CALM, held=held)
    async with running(dispatcher.run()):
        await until(lambda: FORUM in courier.pace.ahead())
        before = len(courier.sent)
        await told(pool, ann, chat=Chat("fake", "7"))
        dispatcher.wake()
        await until(lambda: any(chat == "7" for chat, _, _ in courier.sent))
        place = [chat for chat, _, _ in courier.sent].index("7")
    assert place - before <= 3, "at most one burst of the group comes first"


async def test_topics_of_one_group_are_one_chat(pool: "Pool") -> None:
    mallory, ann = await somebody(pool, "mallory"), await somebody(pool, "ann")
    await in_topics(pool, mallory, 50)
    await told(pool, ann, chat=Chat("fake", "7"))
    outbox = outbox_of(pool)
    assert [parcel.chat.chat_id for parcel in await outbox.claim("fake", IN_FLIGHT)] == [f"{FORUM}/1", "7"]
    assert await outbox.claim("fake", IN_FLIGHT, left_out=[str(FORUM)]) == []


async def test_one_person_fills_few_places_of_the_outbox(pool: "Pool") -> None:
    mallory, ann = await somebody(pool, "mallory"), await somebody(pool, "ann")
    for number in range(50):
        await told(pool, mallory, chat=Chat("fake", f"-{number + 1}"))
    await told(pool, ann, chat=Chat("fake", "7"))
    outbox = outbox_of(pool)
    claimed = await outbox.claim("fake", IN_FLIGHT, people=[mallory])
    assert [parcel.person.person_id for parcel in claimed] == [mallory] * (CHATS_OF_A_PERSON - 1) + [ann]
    assert await outbox.claim("fake", IN_FLIGHT, people=[mallory] * CHATS_OF_A_PERSON) == []


class CountedOutbox(Outbox):
    claims = 0

    async def claim(self, *args: object, **bounds: object) -> list[Delivery]:
        self.claims += 1
        return await super().claim(*args, **bounds)  # type: ignore[arg-type]


@dataclass
class Loop:
    """Dispatcher whose passes are counted, while slow chats of three users occupy 12 places."""

    outbox: CountedOutbox
    courier: StuckCourier = field(default_factory=lambda: StuckCourier("slow"))
    passes: int = 0

    async def passed(self) -> None:
        self.passes += 1

    def dispatcher(self) -> Dispatcher:
        composer = Composer(FakeDeskBot().services, CATALOGS)
        return Dispatcher(self.outbox, composer, self.courier, lambda: NOW, jitter=CALM, ready=self.passed)


async def with_slow_chats(pool: "Pool") -> Loop:
    for name in ("one", "two", "three"):
        person = await somebody(pool, name)
        for number in range(CHATS_OF_A_PERSON):
            await told(pool, person, chat=Chat("fake", f"slow {name} {number}"))
    return Loop(CountedOutbox(pool, jitter=CALM))


async def test_slow_chats_of_three_users_stop_nobody(pool: "Pool") -> None:
    loop = await with_slow_chats(pool)
    dispatcher = loop.dispatcher()
    async with running(dispatcher.run()):
        await until(lambda: len(loop.courier.stuck) == 3 * CHATS_OF_A_PERSON)
        await told(pool, await somebody(pool, "ann"), chat=Chat("fake", "7"))
        before = loop.passes
        await until(lambda: loop.courier.sent or loop.passes > before + 10)
        assert [chat for chat, _, _ in loop.courier.sent] == ["7"]


async def test_few_free_places_are_claimed_for_rarely(pool: "Pool", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.notifications.dispatcher.POLL_SECONDS", 10 * PATIENCE_SECONDS)
    loop = await with_slow_chats(pool)
    dispatcher = loop.dispatcher()
    async with running(dispatcher.run()):
        await until(lambda: len(loop.courier.stuck) == 3 * CHATS_OF_A_PERSON)
        for number in range(5):
            dispatcher.wake()
            await until(lambda number=number: loop.passes > number + 1)  # type: ignore[misc]
        assert loop.outbox.claims == 1
        for chat, gate in loop.courier.stuck.items():
            if "one" in chat:
                gate.set()
        await until(lambda: loop.outbox.claims > 1)


async def test_all_topics_of_a_group_arrive_in_order(pool: "Pool") -> None:
    mallory = await somebody(pool, "mallory")
    for topic in (1, 2):
        await told(pool, mallory, 60, chat=Chat("fake", f"{FORUM}/{topic}"), name="topic")
    courier = FakeCourier()
    composer = Composer(FakeDeskBot().services, CATALOGS)
    dispatcher = Dispatcher(outbox_of(pool, together=10), composer, courier, lambda: NOW, jitter=CALM)
    async with running(dispatcher.run()):
        assert await settled(pool) == {"sent": 120}
    for topic in (1, 2):
        nonces = [int(nonce) for chat, nonce, _ in courier.sent if chat == f"{FORUM}/{topic}"]
        assert len(nonces) == 6
        assert nonces == sorted(set(nonces))
    assert courier.most_at_once == 1


async def test_a_group_waits_until_its_known_turn_once() -> None:
    now = 0.0
    pace = RateLimiter(clock=lambda: now)
    held = Postponed(pace)
    pace.hold(FORUM, 10)
    assert held.chats() == [str(FORUM)]
    assert held.seconds(99) == 10
    pace.hold(FORUM, 20)
    now = 11
    assert held.chats() == [], "others' turns move it back no further"
    held.taken(str(FORUM))
    assert held.chats() == [str(FORUM)]


# -- price feeds -----------------------------------------------------------------------------------


def groups_of(pool: "Pool") -> PostgresGroups:
    return PostgresGroups(pool, jitter=random.Random(1))  # noqa: S311 - pauses, not secrets


async def feed(pool: "Pool", person: int, group: str, chat: str) -> None:
    change = SettingChange(f"start:{chat}", person, "feed")
    await groups_of(pool).start_feed(Group("fake", group), change, chat, (BTC,), 99)


async def test_managers_of_feeds_take_turns(pool: "Pool") -> None:
    mallory, groups = await somebody(pool, "mallory"), groups_of(pool)
    for number in range(1, 11):
        for topic in range(1, 11):
            await feed(pool, mallory, f"-{number}", f"-{number}/{topic}")
    for number in range(1, 6):
        await feed(pool, await somebody(pool, f"honest {number}"), f"-20{number}", f"-20{number}")
    claimed = [turn.group.group_id for _ in range(2) for turn in await groups.claim("fake", AT_ONCE)]
    assert sum(group.startswith("-20") for group in claimed) == 5, "each has its turn before Mallory's second one"


async def test_anonymous_managers_take_one_turn(pool: "Pool") -> None:
    groups = groups_of(pool)
    for number in range(1, 11):
        anonymous = await somebody(pool, f"-{number}")
        await feed(pool, anonymous, f"-{number}", f"-{number}")
    await pool.execute("INSERT INTO chat_group (platform, group_id) VALUES ('fake', '-11')")
    await pool.execute(
        "INSERT INTO price_feed (platform, group_id, chat_id, symbols) VALUES ('fake', '-11', '-11', $1)", [BTC]
    )
    for number in range(1, 7):
        await feed(pool, await somebody(pool, f"honest {number}"), f"-20{number}", f"-20{number}")
    claimed = [turn.group.group_id for _ in range(2) for turn in await groups.claim("fake", AT_ONCE)]
    assert sum(group.startswith("-20") for group in claimed) == 6, "one anonymous group a claim, or less"


async def test_one_manager_has_few_turns_at_once(pool: "Pool") -> None:
    mallory, groups = await somebody(pool, "mallory"), groups_of(pool)
    for number in range(1, 11):
        await feed(pool, mallory, f"-{number}", f"-{number}")
    (first, second) = await groups.claim("fake", AT_ONCE)
    keepers = [first.keeper, second.keeper]
    assert keepers == [str(mallory)] * TURNS_OF_A_KEEPER
    await feed(pool, await somebody(pool, "ann"), "-20", "-20")
    assert [turn.chat_id for turn in await groups.claim("fake", AT_ONCE, keepers=keepers)] == ["-20"]
    assert len(await groups.claim("fake", AT_ONCE, keepers=keepers[:1])) == 1


async def test_slow_chats_of_one_manager_stop_no_feed(pool: "Pool") -> None:
    mallory, courier = await somebody(pool, "mallory"), StuckCourier("-")
    for number in range(1, 11):
        await feed(pool, mallory, f"-{number}", f"-{number}")
    writer, settings = FeedWriter(FakeDeskBot().services, CATALOGS), BotSettings()
    feeds = FeedRunner(groups_of(pool), writer, courier, settings, edits_a_second=200, poll_seconds=0.01)
    async with running(feeds.run()):
        await until(lambda: len(courier.stuck) >= TURNS_OF_A_KEEPER)
        await feed(pool, await somebody(pool, "ann"), "20", "20")
        await until(lambda: courier.sent or len(courier.stuck) == AT_ONCE)
        assert [chat for chat, _, _ in courier.sent] == ["20"]
        assert len(courier.stuck) == TURNS_OF_A_KEEPER


async def test_topics_of_a_group_take_turns(pool: "Pool") -> None:
    person, groups = await somebody(pool), groups_of(pool)
    for topic in range(1, 4):
        await feed(pool, person, "-1", f"-1/{topic}")
    await feed(pool, person, "-2", "-2")
    assert sorted(turn.group.group_id for turn in await groups.claim("fake", AT_ONCE)) == ["-1", "-2"]
    assert await groups.claim("fake", AT_ONCE, ["-1"]) == [], "a group at its limit waits"
    assert len(await groups.claim("fake", AT_ONCE)) == 1


async def test_a_banned_group_has_no_feed(pool: "Pool") -> None:
    people = PostgresPeople(Database(pool, jitter=CALM))
    group = await people.meet("fake", "-1", Language.ENGLISH, "UTC")  # its anonymous administrators
    await feed(pool, group.person_id, "-1", "-1")
    await feed(pool, await somebody(pool), "-2", "-2")
    await pool.execute("SELECT ban_person($1, 'spam', 'fake', '-1')", group.person_id)
    assert [turn.chat_id for turn in await groups_of(pool).claim("fake", AT_ONCE)] == ["-2"]
    await pool.execute("SELECT lift_ban($1)", group.person_id)
    assert [turn.chat_id for turn in await groups_of(pool).claim("fake", AT_ONCE)] == ["-1"]
