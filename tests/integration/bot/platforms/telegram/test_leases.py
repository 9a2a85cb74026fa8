"""Leases of Telegram's updates: of two desks one answers."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import httpx
import pytest

from bot.platforms.telegram.inbound.inbox import Inbox, IncomingUpdate, TakenByAnother
from bot.platforms.telegram.inbound.webhook import SECRET_HEADER
from core.database import Database, Pool
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import said
from tests.fakes.telegram_desk import House, running
from tests.patience import PATIENCE_SECONDS

_HOLDERS = (
    "SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted"
    " AND application_name = 'paperdesk lease' AND datname = current_database()"
)


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
