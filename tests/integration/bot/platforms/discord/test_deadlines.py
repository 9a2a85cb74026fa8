"""Interactions that are slow, late, repeated or too many, on a fake Discord."""

import asyncio
from dataclasses import replace

import pytest

from bot.platforms.discord.interaction_store import PendingInteraction
from bot.reply import Reply, Text
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_desk import NOW, DictMemory, serving
from tests.integration.bot.platforms.discord.scripted_desk import Scripted, asked, settle
from tests.patience import PATIENCE_SECONDS


async def test_the_deadline_is_kept_however_slow_the_desk_is(fake: FakeDiscord) -> None:
    async with serving(fake, Scripted(seconds=0.7)):
        anna, minsu = fake.person(), fake.person("ko")
        exchanges = [await anna.slash("price", symbols="BTC"), await minsu.slash("portfolio")]
        exchanges += [await anna.slash("balance"), await anna.slash("history")]
        for exchange in exchanges:
            await exchange.answered()
            assert 0 <= exchange.acknowledged_in < 0.5
        assert await anna.type("price", "symbols", symbols="") != []


async def test_no_suggestions_rather_than_late_ones(fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.discord.handler.SUGGEST_SECONDS", 0.1)
    async with serving(fake, Scripted(seconds=5)):
        assert await fake.person().type("price", "symbols", symbols="") == []


async def test_what_expired_before_it_was_acknowledged_is_not_done(fake: FakeDiscord) -> None:
    router, memory = Scripted(), DictMemory()
    async with serving(fake, router, memory):
        fake.deadline = 0.0
        await fake.person().slash("portfolio")
        await asyncio.sleep(0.2)
        assert router.seen == []


async def test_an_interaction_that_is_delivered_again_is_answered_once(fake: FakeDiscord) -> None:
    router, memory = Scripted(), DictMemory()
    async with serving(fake, router, memory):
        exchange = await asked(await fake.person().slash("portfolio"))
        event = fake.gateway.session.events[-1]
        await fake.gateway.session.dispatch("INTERACTION_CREATE", event["d"])
        await settle(memory)
        assert len(router.seen) == 1
        assert len(exchange.messages) == 1


async def test_too_many_commands_at_once_are_refused_cheaply_and_nobody_else_waits(fake: FakeDiscord) -> None:
    router = Scripted(seconds=0.1)
    async with serving(fake, router):
        anna, minsu = fake.person(), fake.person()
        flood = [await anna.slash("portfolio") for _ in range(40)]
        other = await minsu.slash("portfolio")
        await other.answered()
        for exchange in flood:
            await exchange.answered()
        refused = [exchange for exchange in flood if "was not run" in exchange.answer.text]
        assert len(refused) >= 20
        assert len(router.seen) == 41 - len(refused)


async def test_a_crash_between_the_question_and_its_answer_loses_nothing(fake: FakeDiscord) -> None:
    memory = DictMemory()
    async with serving(fake, Scripted(seconds=60), memory):
        anna = fake.person()
        exchange = await anna.slash("portfolio")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not memory.pending:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert exchange.original is not None
    assert exchange.original.loading
    router = Scripted(Text("so it is sent here"))
    async with serving(fake, router, memory):
        await exchange.answered()
        await settle(memory)
    assert exchange.answer.text == "so it is sent here"
    assert exchange.answer.ephemeral
    assert router.seen[0].command_id == f"interaction:{exchange.interaction_id}"
    assert memory.pending == {}


async def test_nothing_is_acknowledged_before_it_is_stored(fake: FakeDiscord) -> None:
    storing, stored = asyncio.Event(), asyncio.Event()

    class Slow(DictMemory):
        async def ask(self, question: PendingInteraction) -> bool:
            storing.set()
            await stored.wait()
            return await super().ask(question)

    async with serving(fake, Scripted(Text("so it is sent here")), Slow()):
        exchange = await fake.person().slash("portfolio")
        await storing.wait()
        await asyncio.sleep(0.1)  # an acknowledgement beside it would be there by now
        assert exchange.response is None
        stored.set()
        await exchange.answered()


async def test_an_answer_that_comes_too_late_goes_to_the_person_when_it_is_about_money(fake: FakeDiscord) -> None:
    router, memory = Scripted(Text("Bought"), seconds=0.2, private=True), DictMemory()
    async with serving(fake, router, memory):
        anna = fake.person()
        exchange = await anna.slash("buy", symbol="BTC", size="1")
        await asyncio.sleep(0.1)
        exchange.token_valid = False
        await settle(memory)
        told = [message for message in fake.messages.values() if message.channel_id == anna.dm_channel]
        assert "Bought" in told[0].text
        assert "/buy" in told[0].text
        router.reply = Reply((Text("a price"),))
        exchange = await anna.slash("price", symbols="BTC")
        await asyncio.sleep(0.1)
        exchange.token_valid = False
        await settle(memory)
        assert len([message for message in fake.messages.values() if message.channel_id == anna.dm_channel]) == 1


@pytest.mark.parametrize(("age_ms", "acknowledged"), [(1000, False), (15 * 60_000, True)])
async def test_what_nobody_waits_for_any_more_is_not_done(fake: FakeDiscord, age_ms: int, acknowledged: bool) -> None:  # noqa: FBT001
    memory, router = DictMemory(), Scripted(seconds=60)
    async with serving(fake, router, memory):
        exchange = await fake.person().slash("portfolio")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not memory.pending:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    if not acknowledged:
        exchange.response, exchange.original = None, None
    memory.pending = {key: replace(kept, asked_at=NOW - age_ms) for key, kept in memory.pending.items()}
    router = Scripted()
    async with serving(fake, router, memory):
        await settle(memory)
    assert router.seen == []


async def test_an_interaction_that_two_processes_were_handed_is_answered_by_one(fake: FakeDiscord) -> None:
    memory, routers = DictMemory(), (Scripted(seconds=0.2), Scripted(seconds=0.2))
    async with serving(fake, routers[0], memory), serving(fake, routers[1], memory):
        anna = fake.person()
        exchange = await anna.slash("price", symbols="BTC")
        await fake.gateway.sessions[0].dispatch("INTERACTION_CREATE", fake.gateway.session.events[-1]["d"])
        await exchange.answered()
        await settle(memory)
    assert sum(len(router.seen) for router in routers) == 1
    assert len(exchange.messages) == 1
