"""A served desk that is told to end, at any moment of its start."""

import asyncio
import signal
from pathlib import Path

from tests.e2e.desk_process import start_paperdesk
from tests.fakes.discord import TOKEN as DISCORD_TOKEN
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import FakeTelegram
from tests.patience import PATIENCE_SECONDS


async def test_told_to_end_it_ends(empty_folder: Path) -> None:
    async with FakeTelegram() as telegram, FakeDiscord.open() as discord:
        for seconds in (1.0, 1.6, 2.2, 3.0):
            desk = await start_paperdesk(
                empty_folder,
                "serve",
                TELEGRAM__TOKEN=telegram.token,
                TELEGRAM__API_URL=telegram.url,
                TELEGRAM__FILE_URL=telegram.url,
                DISCORD__TOKEN=DISCORD_TOKEN,
                DISCORD__API_URL=discord.api_url,
                DISCORD__GATEWAY_URL=discord.gateway_url,
            )
            try:
                await asyncio.sleep(seconds)
                desk.terminate()
                _, err = await asyncio.wait_for(desk.communicate(), PATIENCE_SECONDS)
            finally:
                if desk.returncode is None:
                    desk.kill()
                    await desk.communicate()
            # The latter before Python had begun.
            assert desk.returncode in (128 + signal.SIGTERM, -signal.SIGTERM), err.decode()
            assert "internal error" not in err.decode()
