"""The whole desk serving Telegram and Discord at once, against fakes that check every call."""

import asyncio
import io
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.desk_process import paperdesk, start_paperdesk
from tests.fakes.discord import TOKEN as DISCORD_TOKEN
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_people import Person, Shown
from tests.fakes.telegram import FakeTelegram, Json, Member
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.long

ALONE = re.compile("BTC/USDC (rose|fell) to")
LOG_SHOWN = 5_000
"""Letters of the desk's log that are shown if a test fails."""


@asynccontextmanager
async def serving(
    folder: Path, telegram: FakeTelegram, discord: FakeDiscord
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The desk, served; it is killed at the end, as it may be at any moment."""
    desk = await start_paperdesk(
        folder,
        "serve",
        TELEGRAM__TOKEN=telegram.token,
        TELEGRAM__API_URL=telegram.url,
        TELEGRAM__FILE_URL=telegram.url,
        DISCORD__TOKEN=DISCORD_TOKEN,
        DISCORD__API_URL=discord.api_url,
        DISCORD__GATEWAY_URL=discord.gateway_url,
        LOG_LEVEL="DEBUG",
    )
    try:
        await connected(discord, len(discord.gateway.sessions))
        yield desk
    except BaseException:
        sys.stderr.write((folder / "desk.log").read_text()[-LOG_SHOWN:])  # the data folder goes with the test
        raise
    finally:
        if desk.returncode is None:
            desk.kill()
        await desk.communicate()


async def connected(discord: FakeDiscord, before: int) -> None:
    """Until the desk has a session of its own on the gateway, and its commands are known."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(discord.gateway.sessions) == before or not discord.commands:  # noqa: ASYNC110 - the fake has no event
            await asyncio.sleep(0.05)
        await discord.gateway.ready.wait()


async def until(fake: FakeTelegram, text: str) -> Json:
    """The next message of the bot that holds `text`."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            message = await fake.message(PATIENCE_SECONDS)
            if text in said(message):
                return message


async def alerted(telegram: FakeTelegram, member: Member) -> Json:
    """Sets alerts on both sides of the price until one is pushed alone, and returns that push. Two that are reached
    before the desk sends either come as one table.
    """
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            begin = len(member.chat.sent)
            for level in ("+0.01%", "-0.01%"):  # seconds away, whichever way the price goes
                member.write(f"/alert BTC {level}")
                await until(telegram, "You will be notified here when")
            pushed = await _pushed(member, begin)
            if ALONE.match(said(pushed)):
                return pushed


async def _pushed(member: Member, begin: int) -> Json:
    """Returns the first push of alerts, which may have come before the answer to another one was read."""
    while True:
        for message in member.chat.sent[begin:]:
            if ALONE.match(said(message)) or "price alerts were triggered" in said(message):
                return message
        await asyncio.sleep(0.05)


def said(message: Json) -> str:
    return str(message.get("text") or message.get("caption", ""))


async def ask(person: Person, name: str, **options: str) -> list[Shown]:
    return (await (await person.slash(name, **options)).answered(PATIENCE_SECONDS)).shown()


async def buy_in_telegram(fake: FakeTelegram, member: Member, confirm: str, bought: str) -> None:
    member.write("/buy BTC 1000usdc")
    preview = await fake.message(PATIENCE_SECONDS)
    while not preview.get("reply_markup"):
        preview = await fake.message(PATIENCE_SECONDS)
    member.press(preview, confirm)
    await until(fake, bought)


async def buy_on_discord(person: Person, confirm: str, bought: str) -> None:
    preview = (await ask(person, "buy", symbol="BTC", size="1000usdc"))[-1]
    receipt = await (await person.press(preview, preview.button(confirm))).answered(PATIENCE_SECONDS)
    assert bought in receipt.answer.text, receipt.answer.text
    assert receipt.answer.ephemeral


def check_picture(picture: bytes) -> None:
    with Image.open(io.BytesIO(picture)) as image:
        assert image.width >= 600
        assert len(image.getcolors(maxcolors=1 << 24) or ()) > 10


async def test_two_platforms_two_languages_one_desk(folder: Path) -> None:
    async with FakeTelegram() as telegram, FakeDiscord.open() as discord:
        ann, minsu = telegram.person("Ann", language="en"), discord.person("ko")
        async with serving(folder, telegram, discord):
            ann.write("/start")
            await until(telegram, "Welcome to Paperdesk")
            await buy_in_telegram(telegram, ann, "Confirm", "Bought")
            ann.write("/chart BTC 1h")
            charted = await until(telegram, "BTC/USDC")
            assert charted["photo"]

            await buy_on_discord(minsu, "확인", "매수")
            chart = (await ask(minsu, "chart", symbol="BTC"))[0]
            check_picture(next(iter(chart.files.values())))

            price = (await ask(minsu, "price", symbols="BTC"))[0]
            assert re.search(r"[\d,]+\.\d\d", price.text)
            assert (await alerted(telegram, ann))["photo"]
        assert discord.violations == []
        assert telegram.violations == []
    log = (folder / "desk.log").read_text()
    assert telegram.token not in log
    assert DISCORD_TOKEN not in log
    audited = await paperdesk(folder, ["audit"])
    assert (audited.code, audited.out.splitlines()[0]) == (0, "The ledger is clean (4 entries).")


async def test_kill_nine_between_presses_loses_nothing_and_does_nothing_twice(folder: Path) -> None:
    async with FakeTelegram() as telegram, FakeDiscord.open() as discord:
        ann, bob = telegram.person("Ann"), discord.person()
        async with serving(folder, telegram, discord):
            await buy_in_telegram(telegram, ann, "Confirm", "Bought")
            await buy_on_discord(bob, "Confirm", "Bought")
            for _ in range(5):
                ann.write("/buy ETH 100usdc")  # whatever of this the desk has taken in when it dies
        async with serving(folder, telegram, discord):
            asked = {message["message_id"] for message in ann.chat.sent}
            assert asked
            await buy_on_discord(bob, "Confirm", "Bought")
            ann.write("/history")
            await until(telegram, "Your history")
        previews = [message for message in ann.chat.sent if "buy ETH/USDC" in said(message)]
        assert len(previews) >= 5, [said(message)[:40] for message in ann.chat.sent]
        assert discord.violations == []
        assert telegram.violations == []
    audited = await paperdesk(folder, ["audit"])
    assert (audited.code, audited.out.splitlines()[0]) == (0, "The ledger is clean (5 entries).")


async def test_a_wrong_token_stops_only_its_platform(folder: Path) -> None:
    async with FakeTelegram() as telegram, FakeDiscord.open() as discord:
        ann = telegram.person("Ann")
        desk = await start_paperdesk(
            folder,
            "serve",
            TELEGRAM__TOKEN=telegram.token,
            TELEGRAM__API_URL=telegram.url,
            DISCORD__TOKEN="wrong.canary.token",
            DISCORD__API_URL=discord.api_url,
            DISCORD__GATEWAY_URL=discord.gateway_url,
        )
        try:
            assert desk.stderr is not None
            said = ""
            async with asyncio.timeout(PATIENCE_SECONDS):
                while "PAPERDESK_DISCORD__TOKEN" not in said:
                    said += (await desk.stderr.readline()).decode()
            ann.write("/price BTC")
            await until(telegram, "BTC/USDC")
            assert desk.returncode is None
        finally:
            desk.kill()
            await desk.communicate()
