"""`paperdesk serve` says what it is connected to."""

import asyncio
from pathlib import Path

from tests.e2e.desk_process import start_paperdesk
from tests.fakes.discord import TOKEN as DISCORD_TOKEN
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import FakeTelegram
from tests.patience import PATIENCE_SECONDS


async def test_serve_names_the_market_and_the_platforms(folder: Path) -> None:
    async with FakeTelegram() as telegram, FakeDiscord.open() as discord:
        desk = await start_paperdesk(
            folder,
            "serve",
            TELEGRAM__TOKEN=telegram.token,
            TELEGRAM__API_URL=telegram.url,
            TELEGRAM__FILE_URL=telegram.url,
            DISCORD__TOKEN=DISCORD_TOKEN,
            DISCORD__API_URL=discord.api_url,
            DISCORD__GATEWAY_URL=discord.gateway_url,
        )
        assert desk.stderr is not None
        wanted = ["Market: SIMULATION", "Telegram: connected as @", "Discord: connected as "]
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while wanted:
                    line = (await desk.stderr.readline()).decode()
                    assert line, wanted
                    wanted = [start for start in wanted if not line.startswith(start)]
        finally:
            desk.kill()
            await desk.communicate()
