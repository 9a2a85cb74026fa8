"""Updates of Telegram over kills and repeats: nothing lost, nothing done twice."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence

import pytest

from bot.platforms.telegram.inbound.inbox import KEPT_HOURS, Inbox, IncomingUpdate, PendingPrompt
from bot.reply import Reply, Text
from bot.request import Request
from core.database import Pool
from core.errors import DatabaseUnavailable
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import said
from tests.fakes.telegram_desk import House, PicturedRouter, running


class Ledger(PicturedRouter):
    """Counts effects by their command id, as the ledger does, and takes a while."""

    def __init__(self, house: House, dice: random.Random) -> None:
        super().__init__(house.router.bot)
        self.effects: Counter[str] = Counter()
        self.dice = dice

    async def answer(self, received: Request) -> Reply:
        inbound = received.inbound
        await asyncio.sleep(self.dice.random() / 50)
        if not self.effects[inbound.command_id]:
            self.effects[inbound.command_id] += 1
        await asyncio.sleep(self.dice.random() / 50)
        return Reply((Text(f"did {inbound.text}"),))


async def test_ends_at_random_moments_lose_nothing_do_nothing_twice_and_keep_the_order(
    house: House, fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.telegram.inbound.workers.ATTEMPTS", 100)
    monkeypatch.setattr(
        "bot.platforms.telegram.inbound.workers._LINGER_SECONDS", 60.0
    )  # a slow machine leaves no answer in doubt
    dice = random.Random(11)  # noqa: S311
    house.router = ledger = Ledger(house, dice)
    people = [fake.person(str(number)) for number in range(4)]
    count = 0
    for _ in range(12):
        task = asyncio.create_task(house.service(late_seconds=86_400).run())
        for _ in range(6):
            count += 1
            people[count % 4].write(f"/do {count}")
        await asyncio.sleep(dice.random() / 4)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with running(house.service(late_seconds=86_400)):
        assert await house.settled() == {"done": count}
    assert sum(ledger.effects.values()) == count
    for number, ann in enumerate(people):
        told = list(dict.fromkeys(message["text"] for message in ann.chat.sent))
        assert told == [f"did /do {n}" for n in range(1, count + 1) if n % 4 == number]


async def test_an_update_that_could_not_be_written_is_not_confirmed(
    house: House, fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = fake.person("Ann")
    write, failed = Inbox.write, asyncio.Event()

    async def fail_once(inbox: Inbox, arrivals: Sequence[IncomingUpdate], *, notify: bool = True) -> int:
        if not failed.is_set():
            failed.set()
            raise DatabaseUnavailable
        return await write(inbox, arrivals, notify=notify)

    monkeypatch.setattr(Inbox, "write", fail_once)
    ann.write("/price BTC")
    async with running(house.service()):
        assert said(await fake.message()).startswith("BTC/USDC")
    assert failed.is_set()
    assert fake.redelivered == 1


async def test_an_update_that_comes_again_is_answered_once(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    ann.write("/price BTC")
    update = dict(fake._updates[0])
    async with running(house.service()):
        await fake.message()
        await house.settled()
    fake._updates.append(update)  # it was never confirmed
    async with running(house.service()):
        assert await house.settled() == {"done": 1}
        assert await fake.quiet(0.2) == []


async def test_what_is_old_is_forgotten_and_what_may_come_again_is_not(inbox: Inbox, pool: Pool) -> None:
    insert = (
        "INSERT INTO inbox (platform, update_id, origin, lane, body, state, finished_at)"
        " VALUES ('telegram', $1, $2, '7', '', 'done', now() - make_interval(hours => $3))"
    )
    await pool.execute(insert, 1, "a", KEPT_HOURS + 1)
    await pool.execute(insert, 2, "b", KEPT_HOURS - 1)
    await inbox.ask("7", "7", PendingPrompt(5, "buy"))
    await inbox.trim()
    assert await pool.fetchval("SELECT array_agg(update_id) FROM inbox") == [2]
    assert await inbox.close("7", "7", 1) == PendingPrompt(5, "buy")
    assert KEPT_HOURS > 24
