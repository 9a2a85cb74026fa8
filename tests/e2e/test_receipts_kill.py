"""Receipts of the whole desk, killed with `kill -9` while Telegram is slow to confirm them."""

import asyncio
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.desk_process import start_paperdesk
from tests.fakes.telegram import FakeTelegram, Json
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.long

KILLS = 3
PEOPLE = 16
NOTE = "Sending this answer was interrupted"


def words(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


async def serve(folder: Path, telegram: FakeTelegram) -> asyncio.subprocess.Process:
    return await start_paperdesk(
        folder, "serve", TELEGRAM__TOKEN=telegram.token, TELEGRAM__API_URL=telegram.url, TELEGRAM__FILE_URL=telegram.url
    )


async def test_no_receipt_comes_twice_and_none_is_missing_in_silence(folder: Path) -> None:
    async with FakeTelegram() as telegram:
        people = [telegram.person(f"Ann{number}") for number in range(PEOPLE)]
        for person in people:
            person.write("/settings confirm off")
        desk = await serve(folder, telegram)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not all(person.chat.sent for person in people):  # noqa: ASYNC110 - the fake has no event
                    await asyncio.sleep(0.05)
            asked: list[list[int]] = [[] for _ in people]
            for kill in range(KILLS):
                telegram.latency = 0.35
                sent = len([call for call in telegram.calls if call.method == "sendMessage"])
                for person, mine in zip(people, asked, strict=True):
                    mine.append(person.write(f"/buy BTC {20 + kill}usdc")["message_id"])
                await telegram.called("sendMessage", sent + 1 + 5 * kill, PATIENCE_SECONDS)
                desk.kill()
                await desk.communicate()
                desk = await serve(folder, telegram)
                telegram.latency = 0.0
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not all(len(person.chat.sent) > KILLS for person in people):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            await telegram.quiet(3.0)
        finally:
            desk.kill()
            await desk.communicate()
    orders: Counter[str] = Counter()
    notes = 0
    for person, mine in zip(people, asked, strict=True):
        texts = [words(message) for message in person.chat.sent]
        found = [number for text in texts for number in re.findall(r"Order:? (\d+)", text)]
        orders.update(found)
        doubtful = {message["reply_to_message"]["message_id"] for message in person.chat.sent if NOTE in words(message)}
        notes += len(doubtful)
        assert doubtful <= set(mine)
        assert len(found) + len(doubtful) >= KILLS, texts
    assert set(orders.values()) == {1}, orders
    assert notes, "no kill hit an answer on its way"
