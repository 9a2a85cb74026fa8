"""One person who floods the desk keeps nobody else waiting: in the order of what is answered, not in seconds."""

import asyncio
import random
from typing import TYPE_CHECKING

import asyncpg

from bot.middleware.rate_limit import Cooldown, Rate
from bot.notifications.courier import Delivered, Outcome
from bot.platforms.discord.user_queue import EACH, PerUserQueue
from bot.platforms.telegram.inbound.inbox import MAX_WAITING, ClaimedUpdate, Inbox, IncomingUpdate, UpdateState
from bot.platforms.telegram.inbound.workers import Workers
from bot.platforms.telegram.outbound.rate_limiter import RateLimiter
from bot.router import Router
from bot.settings import BotSettings
from core.database import Database
from tests.fakes.bot import CATALOGS, FakeDeskBot
from tests.patience import PATIENCE_SECONDS
from tests.support.push_house import running, until

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

FLOOD = 1000


async def test_on_telegram_another_chat_is_answered_beside_the_first_of_a_flood(pool: "Pool") -> None:
    inbox = Inbox(Database(pool, jitter=random.Random(1)))  # noqa: S311 - pauses, not secrets
    flood = [IncomingUpdate(number, f"message:1:{number}", "1", "flood") for number in range(FLOOD)]
    await inbox.write(flood)
    await inbox.write([IncomingUpdate(FLOOD, "message:2:1", "2", "other")])
    answered: list[str] = []

    async def handle(taken: ClaimedUpdate) -> Outcome | None:
        await asyncio.sleep(0)
        answered.append(taken.body)
        return Delivered("1")

    async with running(Workers(inbox, handle, handle, handle, handle, max_workers=2).run()):
        await until(lambda: "other" in answered)
    assert answered.index("other") <= 2, "a lane has one update under way, whatever waits behind it"


async def test_the_waiting_updates_of_one_person_are_bounded(pool: "Pool") -> None:
    inbox = Inbox(Database(pool, jitter=random.Random(1)))  # noqa: S311 - pauses, not secrets
    flood = [
        IncomingUpdate(number, f"message:{number}", str(number % 3), f"words {number}", "7") for number in range(FLOOD)
    ]
    for batch in range(0, FLOOD, 100):
        await inbox.write(flood[batch : batch + 100])
    await inbox.write([IncomingUpdate(FLOOD, "message:2:1", "0", "other", "8")])
    handled, refused = list[int](), list[int]()

    async def handle(taken: ClaimedUpdate) -> Outcome | None:
        handled.append(taken.update_id)
        return Delivered("1")

    async def refuse(taken: ClaimedUpdate) -> Outcome | None:
        refused.append(taken.update_id)
        return Delivered("1")

    rows = await pool.fetch("SELECT body, sender, lane FROM inbox WHERE finished_at IS NOT NULL")
    assert {tuple(row) for row in rows} == {("{}", "", "-")}
    assert len(rows) == FLOOD - MAX_WAITING - 1
    async with running(Workers(inbox, handle, handle, handle, refuse, max_workers=2).run()):
        await until(lambda: len(handled) + len(refused) == MAX_WAITING + 2)
    assert sorted(handled) == [*range(MAX_WAITING), FLOOD]
    assert refused == [MAX_WAITING]
    assert await inbox.write(flood) == 0, "what was refused is still known by its id"
    assert await inbox.write([IncomingUpdate(FLOOD + 1, "later", "0", "later", "7")]) == 1
    assert await pool.fetchval("SELECT reason FROM inbox WHERE update_id = $1", FLOOD + 1) == ""


async def test_a_person_has_one_refusal_at_a_time(pool: "Pool") -> None:
    inbox = Inbox(Database(pool, jitter=random.Random(1)))  # noqa: S311 - pauses, not secrets
    await inbox.write([IncomingUpdate(number, f"m:{number}", "1", "words", "7") for number in range(MAX_WAITING + 1)])
    for number in range(5):
        await inbox.finish(ClaimedUpdate(number, "1", "", attempts=0), UpdateState.DONE)
        await inbox.write([IncomingUpdate(1000 + number, f"m:{1000 + number}", "1", "words", "7")])
    crowded = "SELECT count(*) FROM inbox WHERE reason = 'crowded' AND finished_at IS NULL"
    assert await pool.fetchval(crowded) == 1
    for number in range(3):
        await inbox.write([IncomingUpdate(2000 + number, f"m:{2000 + number}", "1", "words", "7")])
    assert await pool.fetchval(crowded) == 1


async def test_on_telegram_the_waiting_answers_of_one_chat_are_not_in_the_way_of_another() -> None:
    pace, order = RateLimiter(), []

    async def answer(chat: int) -> None:
        async with pace.turn(chat, push=False):
            order.append(chat)

    flood = [asyncio.create_task(answer(1)) for _ in range(20)]
    await asyncio.sleep(0)
    await asyncio.wait_for(answer(2), PATIENCE_SECONDS)
    assert order.count(1) <= 3, "the burst of a private chat"
    for task in flood:
        task.cancel()
    await asyncio.gather(*flood, return_exceptions=True)


async def test_on_discord_a_flood_takes_one_place_and_a_bounded_queue() -> None:
    turns, order = PerUserQueue(at_once=2), []
    gate = asyncio.Event()

    async def command(user: int) -> None:
        async with turns.of(user):
            order.append(user)
            if user == 1:
                await gate.wait()
        turns.leave(user)

    taken = [turns.enter(1) for _ in range(FLOOD)]
    assert taken.count(True) == EACH, "the others are refused before anything is done for them"
    flood = [asyncio.create_task(command(1)) for _ in range(EACH)]
    await asyncio.sleep(0)
    assert turns.enter(2)
    await asyncio.wait_for(command(2), PATIENCE_SECONDS)
    assert order == [1, 2]
    gate.set()
    await asyncio.gather(*flood)


async def test_what_is_beyond_the_limit_asks_nobody_and_others_are_answered_between() -> None:
    bot, settings = FakeDeskBot(), BotSettings()
    person = Rate(settings.person_burst, settings.person_per_second)
    chat = Rate(settings.chat_burst, settings.chat_per_second)
    router = Router(bot.services, catalogs=CATALOGS, cooldown=Cooldown(person, chat))
    asked: list[str] = []
    find = bot.people.find

    async def counted(platform: str, external_id: str) -> object:
        asked.append(external_id)
        return await find(platform, external_id)

    bot.people.find = counted  # type: ignore[method-assign, assignment]
    lines = [bot.inbound("/price BTC", external_id="other" if n % 100 == 0 else "flood") for n in range(FLOOD)]
    replies = await asyncio.gather(*(router.answer(line) for line in lines))
    assert asked.count("flood") == settings.person_burst
    assert asked.count("other") == FLOOD // 100
    told = [reply for reply in replies if reply.repeated]
    assert len(told) == FLOOD - FLOOD // 100 - settings.person_burst - 1, "one refusal is said, the others repeat it"
