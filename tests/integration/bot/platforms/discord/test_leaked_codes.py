"""Link codes in a line that others on Discord can read: revoked when it arrives, whether or not it is answered."""

import asyncio

from bot.platforms.discord.user_queue import EACH
from people.identity.codes import code_from, spelled
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_desk import serving
from tests.integration.bot.platforms.discord.scripted_desk import Scripted
from tests.patience import PATIENCE_SECONDS

CODE = code_from("a" * 22)
OTHER = code_from("b" * 22)


async def until_revoked(router: Scripted) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not router.revoked:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_code_in_a_channel_is_revoked_and_one_in_private_is_not(fake: FakeDiscord) -> None:
    router = Scripted()
    async with serving(fake, router):
        anna = fake.person()
        await (await anna.slash("link", dm=True, code=spelled(OTHER))).answered()
        await (await anna.slash("price", symbols=f"BTC {spelled(CODE)}")).answered()
        await until_revoked(router)
    assert router.revoked == {CODE}


async def test_a_code_is_revoked_in_a_line_that_is_one_too_many(fake: FakeDiscord) -> None:
    router = Scripted(seconds=30)
    async with serving(fake, router):
        anna = fake.person()
        for _ in range(EACH):
            await anna.slash("price", symbols="BTC")
        assert not router.revoked
        await anna.slash("link", code=spelled(CODE))
        await until_revoked(router)
        assert not [inbound for inbound in router.seen if "link" in inbound.text]
    assert CODE in router.revoked
