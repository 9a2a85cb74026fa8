"""Bad days in Telegram: kills at any moment, floods, webhooks, pushes that fail in every way."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import asyncpg
import httpx
import pytest

from bot.notifications.courier import Delivered, OutcomeUnknown, PermanentFailure, RetryLater
from bot.platforms.telegram.errors import TelegramTokenRefused
from bot.platforms.telegram.inbound.inbox import KEPT_HOURS, Inbox, IncomingUpdate, PendingPrompt, TakenByAnother
from bot.platforms.telegram.inbound.webhook import SECRET_HEADER, webhook
from bot.platforms.telegram.outbound.rate_limiter import RateLimiter
from bot.reply import Button, Buttons, Picture, Reply, Text
from bot.request import Request
from core.database import Database, Pool
from core.errors import DatabaseUnavailable
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import said
from tests.fakes.telegram_desk import House, PicturedRouter, png, running
from tests.patience import PATIENCE_SECONDS

_HOLDERS = (
    "SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted"
    " AND application_name = 'paperdesk lease' AND datname = current_database()"
)
HELLO = Reply((Text("hello"), Buttons(((Button("ok", "help"),),))))
CHART = Reply((Picture(png(), "a chart", "btc"), Text("fired")))
FREE_TEXT = [
    "/price {}",
    "/help {}",
    "/market search {}",
    "/buy BTC {}",
    "/settings timezone {}",
    "{}",
    "/{}",
    "/start {}",
]
HOSTILE = [
    "@everyone",
    "@durov <b>x</b>",
    "*_`[](tg://user?id=1)",
    "\u202eevil\u2066",
    "z\u200be\u200br\u200bo",
    "🎉" * 300,
    "x" * 990,
    "{ $id } %s {0}",
    "'; DROP TABLE inbox; --",
    "\x00\x1f\x7f",
    "NaN",
    "٣٤",
]


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as opened:
        yield opened


@pytest.fixture
def house(pool: Pool, dsn: str, fake: FakeTelegram) -> House:
    return House(pool, dsn, fake)


@pytest.fixture
def inbox(pool: Pool) -> Inbox:
    return Inbox(Database(pool, jitter=random.Random(7)))  # noqa: S311


async def test_nothing_hostile_in_a_free_text_escapes(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group(privacy=False)
    async with running(house.service()):
        for line in FREE_TEXT:
            for text in HOSTILE:
                ann.write(line.format(text) if line != "/start {}" else f"/start {text}")
                ann.write(line.replace("{}", text), chat=group)
        states = await house.settled()
    assert set(states) == {"done"}
    assert len(ann.chat.sent) >= len(FREE_TEXT) * len(HOSTILE) - len(HOSTILE)


async def test_forged_presses_do_no_harm(house: House, fake: FakeTelegram) -> None:
    ann, eve = fake.person("Ann"), fake.person("Eve")
    async with running(house.service()):
        ann.write("/buy BTC 1000usdc")
        preview = await fake.message()
        confirm = preview["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        eve.write("/help")
        helped = await fake.message()
        for data in (confirm, "confirm x", "\x1f!", "", "reset_now 101 1", "receipt 1", "history_before -1", "x" * 64):
            eve.press(helped, data=data)
        assert set(await house.settled()) == {"done"}
        assert house.router.bot.desk.receipts == {}
        ann.press(preview, "Confirm")
        await house.settled()
    assert len(house.router.bot.desk.receipts) == 1


async def test_forged_presses_replace_no_message_of_others(house: House, fake: FakeTelegram) -> None:
    ann, eve, group = fake.person("Ann"), fake.person("Eve"), fake.group()
    async with running(house.service()):
        ann.write("/market", chat=group)
        asked = await fake.message()
        before, own = said(asked), f"\x1f!{base36(eve.user_id)}"
        for line in ("CALL-0900-EVIL.EXAMPLE", "price BTC"):
            eve.press(asked, data=line + own)
            assert set(await house.settled()) == {"done"}
            assert said(group.messages[asked["message_id"]]) == before
        assert not any("evil" in said(message).casefold() for message in group.sent), "unknown words are not repeated"
        rows, count = asked["reply_markup"]["inline_keyboard"], len(group.sent)
        here = next(key["callback_data"] for row in rows for key in row if "\x1f!" in key.get("callback_data", ""))
        ann.press(asked, data=here)
        await house.settled()
        assert len(group.sent) == count, "her own button is answered in place"


def base36(number: int) -> str:
    """Digits of a number as buttons bear them."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return (base36(number // 36) if number >= 36 else "") + digits[number % 36]


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


async def test_one_persons_flood_does_not_keep_another_waiting(house: House, fake: FakeTelegram) -> None:
    ann, bob = fake.person("Ann"), fake.person("Bob")
    before_bob: list[int] = []
    service = house.service()
    async with running(service):
        for _ in range(1000):
            ann.write("/price ETH")
        for _ in range(20):
            bob.write("/price BTC")
            others = 0
            while bob.chat.chat_id != (await fake.message())["chat"]["id"]:
                others += 1
            before_bob.append(others)
    assert sorted(before_bob)[18] < 50, before_bob


async def test_the_limits_of_telegram_are_never_broken(house: House, fake: FakeTelegram) -> None:
    fake.strict_rates = True
    people = [fake.person(str(number)) for number in range(45)]
    async with running(house.service(pace=RateLimiter())):
        for ann in people:
            ann.write("/price BTC")
        assert await house.settled() == {"done": 45}
    assert not [call for call in fake.calls if call.status == 429]


async def test_a_push_is_delivered_whole_and_silently(house: House, fake: FakeTelegram) -> None:
    ann, forum = fake.person("Ann"), fake.group(topics=True)
    service = house.service()
    async with running(service):
        await fake.called("getUpdates")
        outcome = await service.courier.deliver(str(ann.user_id), CHART, nonce="1", silent=True)
        message = await fake.message()
        assert outcome == Delivered(str(message["message_id"]))
        assert message["caption"] == "a chart\n\nfired"
        assert message["message_id"] in fake.silent
        await service.courier.deliver(f"{forum.chat_id}/5", HELLO, nonce="2", silent=False)
        assert (await fake.message())["message_thread_id"] == 5


async def test_every_end_of_a_push_is_told_apart(house: House, fake: FakeTelegram) -> None:
    ann, eve = fake.person("Ann"), fake.person("Eve")
    eve.block()
    service = house.service(request_seconds=0.5)

    async def push(chat_id: str = str(ann.user_id)) -> object:
        return await service.courier.deliver(chat_id, HELLO, nonce="1", silent=False)

    async with running(service):
        await fake.called("getUpdates")
        fake.fail("sendMessage", status=429, retry_after=1)
        assert await push() == RetryLater("too many requests", 1.0)
        fake.fail("sendMessage", status=502)
        assert isinstance(await push(), OutcomeUnknown)
        fake.lose("sendMessage", after=True)
        assert isinstance(await push(), OutcomeUnknown)
        fake.lose("sendMessage", after=False, hang_seconds=0.8)
        assert isinstance(await push(), OutcomeUnknown)
        for gone in (str(eve.user_id), "12345", "nowhere"):
            outcome = await push(gone)
            assert isinstance(outcome, PermanentFailure)
            assert outcome.chat_gone
        assert isinstance(await push(), Delivered)
    assert len(ann.chat.sent) == 2  # the one that was lost after it arrived, and the last


async def test_what_telegram_refuses_is_sent_in_a_plainer_form(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    fake.refuse("sendPhoto", "Bad Request: not enough rights to send photos to the chat")
    async with running(house.service()):
        ann.write("/chart BTC")
        assert "120 candles" in said(await fake.message())
        fake.refuse("sendPhoto", "Bad Request: can't parse entities: whatever")
        ann.write("/price BTC")
        plain = await fake.message()
        assert plain["caption"].startswith("BTC/USDC")
        assert not plain.get("caption_entities")


async def test_a_group_that_moved_is_answered_where_it_is_now(house: House, fake: FakeTelegram) -> None:
    ann, old, new = fake.person("Ann"), fake.group(), fake.group()
    old.moved_to = new.chat_id
    async with running(house.service()):
        ann.write("/price BTC", chat=old)
        assert (await fake.message())["chat"]["id"] == new.chat_id


async def test_a_wrong_token_ends_the_service_without_naming_it(house: House, fake: FakeTelegram) -> None:
    service = house.service(token="1:canary")
    with pytest.raises(TelegramTokenRefused) as caught:
        await service.run()
    assert "canary" not in repr(caught.value)
    assert caught.value.__cause__ is None


async def test_a_webhook_takes_only_what_has_the_secret_and_only_after_writing(
    house: House, fake: FakeTelegram, inbox: Inbox
) -> None:
    ann = fake.person("Ann")
    ann.write("/price BTC")
    update = json.dumps(fake._updates.popleft())
    async with webhook(inbox.write, "s3cret", "127.0.0.1", 0) as port, httpx.AsyncClient() as client:
        url = f"http://127.0.0.1:{port}/"

        async def post(body: str, **headers: str) -> int:
            return (await client.post(url, content=body, headers=headers)).status_code

        assert await post(update) == 403
        assert await post(update, **{SECRET_HEADER: "s3cre"}) == 403
        assert await post("{", **{SECRET_HEADER: "s3cret"}) == 400
        assert await post("[1]", **{SECRET_HEADER: "s3cret"}) == 400
        assert await house.states() == {}
        assert await post(update, **{SECRET_HEADER: "s3cret"}) == 200
        assert await post(update, **{SECRET_HEADER: "s3cret"}) == 200
        assert await house.states() == {"pending": 1}
        await house.pool.close()
        assert await post(update.replace("1", "2"), **{SECRET_HEADER: "s3cret"}) == 503


async def test_in_webhook_mode_updates_are_answered_all_the_same(
    house: House, fake: FakeTelegram, unused_tcp_port: int
) -> None:
    ann = fake.person("Ann")
    service = house.service(webhook_url="https://desk.example/", webhook_secret="s3cret", webhook_port=unused_tcp_port)
    async with running(service), httpx.AsyncClient() as client:
        await fake.called("setWebhook")
        ann.write("/price BTC")
        body = json.dumps(fake._updates.popleft())
        url = f"http://127.0.0.1:{unused_tcp_port}/"
        assert (await client.post(url, content=body, headers={SECRET_HEADER: "s3cret"})).status_code == 200
        assert said(await fake.message()).startswith("BTC/USDC")
    assert not [call for call in fake.calls if call.method == "getUpdates"]


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


@asynccontextmanager
async def watching(dsn: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A look at the database from outside."""
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


async def cut(owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Ends the connection that holds the lease; returns when another one does."""
    (holder,) = await owner.fetch(_HOLDERS)
    await owner.execute("SELECT pg_terminate_backend($1)", holder["pid"])
    async with asyncio.timeout(PATIENCE_SECONDS):
        while [row["pid"] for row in await owner.fetch(_HOLDERS)] in ([], [holder["pid"]]):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_lease_that_is_cut_is_taken_again_and_of_two_desks_one_answers(
    house: House, fake: FakeTelegram
) -> None:
    ann = fake.person("Ann")
    async with running(house.service()), running(house.service()), watching(house.dsn) as owner:
        await fake.called("getUpdates")
        for _ in range(3):
            await cut(owner)
            ann.write("/price BTC")
            sent = [said(await fake.message()), *map(said, await fake.quiet())]
            # The former leader may still be sending: then the answer is in doubt, but sent once.
            assert len([text for text in sent if text.startswith("BTC/USDC")]) == 1
            assert all(text.startswith(("BTC/USDC", "The bot restarted")) for text in sent)


async def test_an_update_taken_by_another_process_is_answered_by_that_one(inbox: Inbox, pool: Pool) -> None:
    other = Inbox(Database(pool, jitter=random.Random(7)))  # noqa: S311
    await inbox.write([IncomingUpdate(1, "a", "7", "{}", "7")])
    (mine,), (theirs,) = await inbox.take([], 1), await other.take([], 1)
    with pytest.raises(TakenByAnother):
        await inbox.mark_sending(mine)
    await other.mark_sending(theirs)
    await other.mark_sending(theirs)  # the answer of the database may have been lost
    assert await inbox.take([], 1) == []


async def test_an_interrupted_answer_is_not_resumed_by_a_former_leader(inbox: Inbox, pool: Pool) -> None:
    other = Inbox(Database(pool, jitter=random.Random(7)))  # noqa: S311
    await inbox.write([IncomingUpdate(1, "a", "7", "{}", "7")])
    (mine,) = await inbox.take([], 1)
    (theirs,) = await other.take([], 1)
    await other.mark_sending(theirs)
    await other.interrupt()
    (again,) = await other.take([], 1)
    assert again.interrupted
    for late in (mine, theirs):
        with pytest.raises(TakenByAnother):
            await inbox.mark_sending(late)


async def test_what_another_process_took_in_is_answered_at_once_also_by_a_lease_taken_anew(
    house: House, fake: FakeTelegram, unused_tcp_port_factory: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    # No look at the inbox without a notification.
    monkeypatch.setattr("bot.platforms.telegram.inbound.workers._IDLE_SECONDS", 2 * PATIENCE_SECONDS)
    ann = fake.person("Ann")
    ports = [unused_tcp_port_factory(), unused_tcp_port_factory()]
    hooked = [
        house.service(webhook_url="https://desk.example/", webhook_secret="s3cret", webhook_port=port) for port in ports
    ]
    patient = httpx.AsyncHTTPTransport(retries=4)  # the server opens meanwhile
    async with running(hooked[0]), httpx.AsyncClient(transport=patient) as client, watching(house.dsn) as owner:
        await fake.called("setWebhook")
        async with running(hooked[1]):
            for _ in range(2):
                ann.write("/price BTC")
                body = json.dumps(fake._updates.popleft())
                url = f"http://127.0.0.1:{ports[1]}/"
                assert (await client.post(url, content=body, headers={SECRET_HEADER: "s3cret"})).is_success
                assert said(await fake.message()).startswith("BTC/USDC")
                await cut(owner)


async def test_the_second_message_of_a_push_is_not_repeated(house: House, fake: FakeTelegram) -> None:
    ann, service = fake.person("Ann"), house.service()
    long = Reply(tuple(Text(letter * 3000) for letter in "ab"))
    async with running(service):
        await service.ready()
        fake.fail("sendMessage", status=500, skip=1)
        outcome = await service.courier.deliver(str(ann.user_id), long, nonce="1", silent=False)
    assert isinstance(outcome, OutcomeUnknown)
    assert len([call for call in fake.calls if call.method == "sendMessage"]) == 2


async def test_a_flood_of_one_person_is_refused_with_one_sentence(house: House, fake: FakeTelegram) -> None:
    ann, bob = fake.person("Ann"), fake.person("Bob")
    for number in range(30):
        ann.write(f"/price BTC {number}")
    bob.write("/help")
    async with running(house.service(max_waiting=5)):
        states = await house.settled()
    assert set(states) == {"done", "dead"}
    said = [message["text"] for message in ann.chat.sent]
    assert sum("Too many of your messages are waiting" in text for text in said) == 1
    assert len(said) == 6
    assert len(bob.chat.sent) == 1
