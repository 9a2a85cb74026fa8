"""Telegram's limits of one chat keep no other chat waiting, and what is no command costs a chat no turns."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.notifications.courier import Delivered, Outcome
from bot.platforms.telegram.inbound.inbox import (
    CHATS_WAITING,
    ClaimedUpdate,
    Inbox,
    IncomingUpdate,
    UpdateState,
)
from bot.platforms.telegram.inbound.turns import LANES_OF_A_SENDER
from bot.platforms.telegram.inbound.workers import Workers
from bot.platforms.telegram.outbound.rate_limiter import RateLimiter
from core.database import Database
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_desk import House
from tests.fakes.telegram_desk import running as desk_running
from tests.support.push_house import running, until

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

STICKER = {"file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1, "height": 1}
STILL = {"is_animated": False, "is_video": False}


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


def opened(pool: "Pool") -> Inbox:
    return Inbox(Database(pool, jitter=random.Random(1)))  # noqa: S311 - pauses, not secrets


class Paced:
    """A handler that sends one message to the chat of the lane, within its turn."""

    def __init__(self) -> None:
        self.pace = RateLimiter()
        self.answered: list[str] = []
        self.under_way: set[str] = set()
        self.most = 0

    async def handle(self, taken: ClaimedUpdate) -> Outcome | None:
        self.under_way.add(taken.lane)
        self.most = max(self.most, len(self.under_way))
        async with self.pace.turn(int(taken.lane), push=False):
            self.answered.append(taken.body)
        self.under_way.discard(taken.lane)
        return Delivered("1")


def workers(inbox: Inbox, desk: Paced, most: int) -> Workers:
    return Workers(inbox, desk.handle, desk.handle, desk.handle, desk.handle, max_workers=most, pace=desk.pace)


async def test_groups_that_wait_for_their_limit_hold_no_worker(pool: "Pool") -> None:
    inbox, desk = opened(pool), Paced()
    flood = [
        IncomingUpdate(20 * group + number, f"m:{group}:{number}", f"-{group}", f"{group}/{number}", str(group))
        for group in range(1, 9)
        for number in range(20)
    ]
    await inbox.write(flood)
    async with running(workers(inbox, desk, most=4).run()):
        await until(lambda: len(desk.answered) >= 8 * 3)
        assert not desk.under_way, "the groups wait in the inbox"
        await inbox.write([IncomingUpdate(999, "other", "-99", "other", "99")])
        await until(lambda: "other" in desk.answered)
        place = desk.answered.index("other")
    assert place <= 8 * 6, "another group is answered before the second turn of those that wait is over"
    for group in range(1, 9):
        numbers = [int(body.partition("/")[2]) for body in desk.answered if body.startswith(f"{group}/")]
        assert numbers == list(range(len(numbers))), "in order, each once"


async def test_a_lane_left_out_is_taken_although_notifications_use_every_turn(pool: "Pool") -> None:
    inbox, desk = opened(pool), Paced()

    async def notify() -> None:
        while True:
            async with desk.pace.turn(-1, push=True):
                pass

    async with running(notify()):
        await until(lambda: bool(desk.pace.ahead()))
        await inbox.write([IncomingUpdate(1, "m:1", "-1", "asked", "7")])
        async with running(workers(inbox, desk, most=2).run()):
            await until(lambda: desk.answered == ["asked"])


async def test_one_sender_has_few_lanes_and_groups_leave_workers_to_private_chats(pool: "Pool") -> None:
    inbox, gate = opened(pool), asyncio.Event()
    begun: list[str] = []

    async def handle(taken: ClaimedUpdate) -> Outcome | None:
        begun.append(taken.lane)
        await gate.wait()
        return Delivered("1")

    await inbox.write([IncomingUpdate(number, f"a:{number}", f"-{number + 1}", "{}", "7") for number in range(20)])
    async with running(Workers(inbox, handle, handle, handle, handle, max_workers=16).run()) as task:
        await until(lambda: len(begun) == LANES_OF_A_SENDER)
        await inbox.write(
            [IncomingUpdate(100 + n, f"b:{n}", f"-{100 + n}", "{}", f"s{n}") for n in range(20)], notify=False
        )
        await inbox.write([IncomingUpdate(200, "c", "5", "{}", "5")], notify=False)
        del task
        await until(lambda: "5" in begun)
        assert sum(lane.startswith("-") for lane in begun) <= 12
        assert sum(lane.startswith("-") and int(lane) > -100 for lane in begun) == LANES_OF_A_SENDER
        gate.set()
        await until(lambda: len(begun) == 41)


async def test_a_sender_with_many_groups_stops_no_member_of_them(pool: "Pool") -> None:
    inbox, gate = opened(pool), asyncio.Event()
    begun: list[str] = []

    async def handle(taken: ClaimedUpdate) -> Outcome | None:
        begun.append(taken.body)
        await gate.wait()
        return Delivered("1")

    last = f"-{LANES_OF_A_SENDER + 1}"
    await inbox.write(
        [
            IncomingUpdate(number, f"a:{number}", f"-{number + 1}", "words", "7")
            for number in range(LANES_OF_A_SENDER + 1)
        ]
        + [
            IncomingUpdate(97, "b", last, "of another", "8"),
            IncomingUpdate(98, "update:98", "-99", "removed", "7"),
            IncomingUpdate(99, "update:99", "-99", "added", "8"),
        ]
    )
    async with running(Workers(inbox, handle, handle, handle, handle, max_workers=16).run()):
        await until(lambda: len(begun) > LANES_OF_A_SENDER)
        assert begun[LANES_OF_A_SENDER:] == ["of another"]
        gate.set()
        await until(lambda: len(begun) == LANES_OF_A_SENDER + 4)
    assert begun.index("removed") < begun.index("added"), "changes of the membership keep their order"


async def test_all_anonymous_lines_together_have_few_lanes(pool: "Pool") -> None:
    inbox, gate = opened(pool), asyncio.Event()
    begun: list[str] = []

    async def handle(taken: ClaimedUpdate) -> Outcome | None:
        begun.append(taken.lane)
        await gate.wait()
        return Delivered("1")

    await inbox.write(
        [IncomingUpdate(number, f"a:{number}", f"-{number}", "{}", f"-{number}") for number in range(1, 41)]
    )
    async with running(Workers(inbox, handle, handle, handle, handle, max_workers=32).run()):
        await until(lambda: len(begun) == LANES_OF_A_SENDER)
        await inbox.write([IncomingUpdate(100, "b", "-100", "{}", "7")], notify=False)
        await until(lambda: "-100" in begun)
        assert len(begun) == LANES_OF_A_SENDER + 1
        gate.set()
        await until(lambda: len(begun) == 41)


async def test_members_of_a_group_take_turns(pool: "Pool") -> None:
    inbox, answered = opened(pool), list[str]()

    async def handle(taken: ClaimedUpdate) -> Outcome | None:
        if not answered:
            await inbox.write(
                [IncomingUpdate(100 + n, f"late:{n}", "-1", f"{n % 3}/{n}", f"8{n % 3}") for n in range(6)],
                notify=False,
            )
        answered.append(taken.body)
        return Delivered("1")

    await inbox.write([IncomingUpdate(n, f"flood:{n}", "-1", f"flood/{n}", "7") for n in range(30)])
    async with running(Workers(inbox, handle, handle, handle, handle, max_workers=4).run()):
        await until(lambda: len(answered) == 36)
    assert answered[:4] == ["flood/0", "0/0", "1/1", "2/2"], "each member has a turn before the flood goes on"
    assert answered[4:8] == ["flood/1", "0/3", "1/4", "2/5"]
    assert answered[8:] == [f"flood/{n}" for n in range(2, 30)], "in the order of their own"


async def test_channels_that_write_in_a_group_share_one_turn(pool: "Pool") -> None:
    inbox, answered = opened(pool), list[str]()

    async def handle(taken: ClaimedUpdate) -> Outcome | None:
        if not answered:
            names = [*(f"-{20 + n}" for n in range(8)), "-1", "7"]
            await inbox.write(
                [IncomingUpdate(2 + n, f"m:{n}", "-1", name, name) for n, name in enumerate(names)], notify=False
            )
        answered.append(taken.body)
        return Delivered("1")

    await inbox.write([IncomingUpdate(1, "first", "-1", "7", "7")])
    async with running(Workers(inbox, handle, handle, handle, handle, max_workers=4).run()):
        await until(lambda: len(answered) == 11)
    assert answered[:5] == ["7", "-20", "-1", "7", "-21"], "anonymous managers of the group have a turn of their own"


async def test_membership_changes_of_a_group_keep_their_order(pool: "Pool") -> None:
    inbox, answered = opened(pool), list[str]()

    async def handle(taken: ClaimedUpdate) -> Outcome | None:
        if not answered:
            await inbox.write(
                [
                    IncomingUpdate(2, "update:2", "-1", "removed by 7", "7"),
                    IncomingUpdate(3, "update:3", "-1", "added by 8", "8"),
                ],
                notify=False,
            )
        answered.append(taken.body)
        return Delivered("1")

    await inbox.write([IncomingUpdate(1, "message:1", "-1", "words of 7", "7")])
    async with running(Workers(inbox, handle, handle, handle, handle, max_workers=4).run()):
        await until(lambda: len(answered) == 3)
    assert answered == ["words of 7", "removed by 7", "added by 8"]


async def test_an_update_taken_again_is_not_finished_by_the_former_process(pool: "Pool") -> None:
    inbox = opened(pool)
    await inbox.write([IncomingUpdate(1, "message:1", "7", "words", "7")])
    (former,), (taken,) = await inbox.take([], 1), await inbox.take([], 1)
    await inbox.finish(former, UpdateState.DEAD, "failed")
    await inbox.mark_sending(taken)
    await inbox.finish(taken, UpdateState.DONE)
    assert await pool.fetchval("SELECT state FROM inbox") == "done"


async def test_few_lines_of_one_anonymous_group_wait(pool: "Pool") -> None:
    inbox, writable = opened(pool), CHATS_WAITING + 1
    await inbox.write([IncomingUpdate(number, f"a:{number}", "-1", "{}", "-1") for number in range(1, 41)])
    await inbox.write([IncomingUpdate(number, f"a:{number}", "-1", "{}", "7") for number in range(41, 81)])
    rows = await pool.fetch("SELECT sender, count(*) FROM inbox WHERE finished_at IS NULL GROUP BY sender")
    assert dict(rows) == {"-1": writable, "7": 40}, "the first one beyond is told so"


async def test_a_private_chat_is_answered_while_strangers_fill_their_groups(
    pool: "Pool", dsn: str, fake: FakeTelegram
) -> None:
    house, ann = House(pool, dsn, fake), fake.person("Ann")
    async with desk_running(house.service(workers=4, pace=RateLimiter())):
        for number in range(4):
            stranger, group = fake.person(f"Stranger {number}"), fake.group(f"Group {number}")
            for _ in range(25):
                stranger.write("/help", chat=group)
        await until(lambda: sum(call.method == "sendMessage" for call in fake.calls) >= 12)
        ann.write("/price BTC")
        await until(
            lambda: any(call.values.get("chat_id") == ann.user_id for call in fake.calls if "send" in call.method)
        )
        assert sum(call.method == "sendMessage" for call in fake.calls) < 100


async def test_a_group_is_asked_once_a_minute_to_open_the_private_chat(
    pool: "Pool", dsn: str, fake: FakeTelegram
) -> None:
    house, group = House(pool, dsn, fake), fake.group("Traders")
    stranger = fake.person("Mallory", opened=False)
    async with desk_running(house.service()):
        for _ in range(30):
            stranger.write("/portfolio", chat=group)
        await house.settled()
    assert sum(call.method == "sendMessage" for call in fake.calls) == 1
    assert sum(call.method == "sendChatAction" for call in fake.calls) <= 5
    assert not house.router.seen


async def test_stickers_get_one_answer_a_minute(pool: "Pool", dsn: str, fake: FakeTelegram) -> None:
    house, ann, bob = House(pool, dsn, fake), fake.person("Ann"), fake.person("Bob")
    async with desk_running(house.service()):
        for _ in range(30):
            ann.send({"sticker": STICKER | STILL})
        bob.send({"sticker": STICKER | STILL})
        await house.settled()
    told = [call.values["chat_id"] for call in fake.calls if call.method == "sendMessage"]
    assert sorted(map(int, told)) == sorted([ann.user_id, bob.user_id])
