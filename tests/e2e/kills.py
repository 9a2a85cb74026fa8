"""The whole desk under mixed load on both platforms, killed with `kill -9` at random moments.

Every order has a quantity of its own, so that the ledger says how often it took effect. `python -m tests.e2e.kills
--kills 200 --seed 1` runs it at length and prints what it counted; the suite runs a few.
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from app.startup import Addresses
from tests.e2e.desk_process import paperdesk, start_paperdesk
from tests.e2e.mixed_load import Count, Load, Wish
from tests.fakes.discord import TOKEN as DISCORD_TOKEN
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import FakeTelegram
from tests.patience import PATIENCE_SECONDS

_REFUSED = "\N{WARNING SIGN}"
LONGEST_LIFE = 2.5
ENOUGH_ORDERS = 25


async def run(folder: Path, kills: int, seed: int) -> Count:
    """Runs the desk `kills` times until it is killed, and once more until all is settled; then counts."""
    chance, count = random.Random(seed), Count()  # noqa: S311
    async with FakeTelegram() as telegram, FakeDiscord.open() as discord:
        load = Load(telegram, discord, chance, count)
        desk = await _serve(folder, telegram, discord)
        await _prepare(load)
        working = asyncio.create_task(load.run())
        load.going.set()
        for number in range(kills):
            # From the first moment of the start to well into the work.
            await asyncio.sleep(chance.uniform(0.0, LONGEST_LIFE) if number % 4 == 0 else 0.0)
            if number % 4:
                await _connected(folder, discord, desk)
                await asyncio.sleep(chance.uniform(0.0, LONGEST_LIFE / 2))
            desk.kill()
            await desk.communicate()
            discord.gateway.ready.clear()
            count.kills += 1
            desk = await _serve(folder, telegram, discord)
        await _connected(folder, discord, desk)
        await _traded(folder)
        load.going.clear()
        await asyncio.sleep(1.0)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        try:
            await _settle(folder, load, count)
        finally:
            desk.kill()
            await desk.communicate()
        count.faults += [f"violation: {entry}" for entry in (*telegram.violations, *discord.violations)]
    audited = await paperdesk(folder, ["audit"])
    if audited.code != 0:
        count.faults.append(f"the audit says: {audited.out[:300]}{audited.err[:300]}")
    return count


async def _serve(folder: Path, telegram: FakeTelegram, discord: FakeDiscord) -> asyncio.subprocess.Process:
    return await start_paperdesk(
        folder,
        "serve",
        TELEGRAM__TOKEN=telegram.token,
        TELEGRAM__API_URL=telegram.url,
        TELEGRAM__FILE_URL=telegram.url,
        DISCORD__TOKEN=DISCORD_TOKEN,
        DISCORD__API_URL=discord.api_url,
        DISCORD__GATEWAY_URL=discord.gateway_url,
    )


async def _connected(folder: Path, discord: FakeDiscord, desk: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (discord.gateway.ready.is_set() and discord.commands):
            if desk.returncode is not None:
                _, err = await desk.communicate()
                logs = _ends(folder)
                raise RuntimeError("\n".join((f"the desk ended by itself: {err.decode()[-2000:]}", *logs)))
            await asyncio.sleep(0.02)


def _ends(folder: Path) -> list[str]:
    """Of the logs that say why a desk ended."""
    return [path.read_text()[-10_000:] for path in (*folder.glob("valkey-*/valkey.log"), folder / "desk.log")]


async def _prepare(load: Load) -> None:
    """Everyone has an account and orders without a preview."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not load.discord.commands:  # noqa: ASYNC110 - the fake has no event
            await asyncio.sleep(0.05)
        await load.discord.gateway.ready.wait()
    for member in load.members:
        member.write("/settings confirm off")
    for person in load.persons:
        await (await person.slash("settings", setting="confirm", value="off")).answered(30)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not all(member.chat.sent for member in load.members):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _traded(folder: Path) -> None:
    """Waits until enough happened to show anything, however slow the machine is."""
    addresses = msgspec.json.decode((folder / "running.json").read_bytes(), type=Addresses)
    connection: Any = await asyncpg.connect(addresses.postgres_dsn)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await connection.fetchval("SELECT count(*) FROM orders") < ENOUGH_ORDERS:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    finally:
        await connection.close()


async def _settle(folder: Path, load: Load, count: Count) -> None:
    addresses = msgspec.json.decode((folder / "running.json").read_bytes(), type=Addresses)
    connection: Any = await asyncpg.connect(addresses.postgres_dsn)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await _everything_answered(connection, load)
            while not await _checked(connection, load, count):
                pass
    finally:
        await connection.close()


async def _checked(connection: Any, load: Load, count: Count) -> bool:
    """Checks one moment at which the outbox is empty; the desk and its alerts go on. False if an alert fired before."""
    await _outbox_empty(connection)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        if await connection.fetchval(_UNSENT):
            return False
        states = await connection.fetch("SELECT state, reason FROM inbox")
        count.inbox = Counter(": ".join(filter(None, (row["state"], row["reason"]))) for row in states)
        await _check_orders(connection, load, count)
        await _check_outbox(connection, load, count)
        return True


_WAITING = "SELECT count(*) FROM inbox WHERE state IN ('pending', 'sending')"
_UNSENT = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')"


async def _everything_answered(connection: Any, load: Load) -> None:
    while load.telegram.unconfirmed or await connection.fetchval(_WAITING):  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    for wish in load.wishes:
        if wish.exchange is not None and wish.exchange.response is not None:
            await wish.exchange.answered(PATIENCE_SECONDS)


async def _outbox_empty(connection: Any) -> None:
    """What was being sent when the desk died becomes uncertain once its lease is over: here at once."""
    while await connection.fetchval(_UNSENT):
        await connection.execute("UPDATE outbox SET next_at = now() WHERE state = 'sending' AND next_at > now()")
        await asyncio.sleep(1.0)


async def _check_orders(connection: Any, load: Load, count: Count) -> None:
    """Each order once; or not at all, and then refused in words or never taken from the platform."""
    took = Counter({row["asked"]: row["times"] for row in await connection.fetch(_ORDERS)})
    refusals = Counter(_refusals(load))
    for wish in load.wishes:
        times = took.pop(wish.quantity, 0)
        if times > 1:
            count.faults.append(f"{wish.platform}: the order of {wish.quantity} took effect {times} times")
        elif times == 1:
            count.orders += 1
            _check_told(wish, count)
        elif wish.exchange is not None and wish.exchange.response is None:
            count.unheard += 1
        elif wish.exchange is not None:
            count.refused += 1
            if "Bought" in wish.exchange.answer.text or "Sold" in wish.exchange.answer.text:
                count.faults.append(f"discord: {wish.quantity} has a receipt and no order")
        elif wish.message is not None and refusals[wish.message["chat"]["id"]] > 0:
            refusals[wish.message["chat"]["id"]] -= 1
            count.refused += 1
        else:
            count.faults.append(f"telegram: the order of {wish.quantity} was lost; heard: {_heard(wish, load)}")
    count.faults += [f"an order of {quantity} that nobody sent" for quantity in took]


_ORDERS = """
SELECT quantity + unfilled AS asked, count(*) AS times FROM orders GROUP BY 1
"""


def _heard(wish: Wish, load: Load) -> list[str]:
    """What came after the order in its chat."""
    assert wish.message is not None
    chat, asked = wish.message["chat"]["id"], wish.message["message_id"]
    sent = [message for member in load.members if member.chat.chat_id == chat for message in member.chat.sent]
    return [str(message.get("text", ""))[:80] for message in sent if message["message_id"] > asked][:3]


def _refusals(load: Load) -> Iterator[int]:
    """The chats of Telegram, once for each answer that refuses an order."""
    for member in load.members:
        for message in member.chat.sent:
            text = str(message.get("text", ""))
            told = any(
                word in text
                for word in ("Bought", "Sold", "BTCUSDC", "portfolio", "You will be notified here", "bot restarted")
            )
            if (
                not told
                or text.startswith(_REFUSED)
                or any(word in text for word in ("The last price of", "no price yet"))
            ):
                yield member.chat.chat_id


def _check_told(wish: Wish, count: Count) -> None:
    """An order that took effect is told of: on Discord in the answer, where one was promised."""
    exchange = wish.exchange
    if exchange is None:
        return
    if exchange.response is None:
        count.faults.append(f"discord: {wish.quantity} took effect though it was never acknowledged")
    elif not any(word in exchange.answer.text for word in ("Bought", "Sold")):
        count.faults.append(f"discord: {wish.quantity} took effect, and the answer is {exchange.answer.text[:120]!r}")


async def _check_outbox(connection: Any, load: Load, count: Count) -> None:
    """Every firing has its notice; every notice that was sent has arrived, every other one says why not."""
    count.alerts_fired = await connection.fetchval("SELECT coalesce(sum(firings), 0) FROM alert")
    rows = await connection.fetch("SELECT state, reason, platform, message_id FROM outbox WHERE kind = 'alert'")
    count.outbox = Counter(row["state"] for row in rows)
    if len(rows) != count.alerts_fired:
        count.faults.append(f"{count.alerts_fired} firings and {len(rows)} notices")
    arrived = {str(number) for member in load.members for number in member.chat.messages} | set(load.discord.messages)
    for row in rows:
        if row["state"] == "sent" and row["message_id"] not in arrived:
            count.faults.append(f"{row['platform']}: a notice is marked sent and did not arrive")
        if row["state"] != "sent" and not row["reason"]:
            count.faults.append(f"{row['platform']}: a notice is {row['state']} without a reason")


def main() -> None:
    """Prints what was counted; exit code 1 with faults."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-kills-"))
    folder.chmod(0o755)
    sys.stdout.write(f"in {folder}, which stays when something is wrong\n")
    count = asyncio.run(run(folder, given.kills, given.seed))
    if not count.faults:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write("\n".join((*count.lines(), f"seconds: {time.monotonic() - began:.0f}", "")))
    raise SystemExit(1 if count.faults else 0)


if __name__ == "__main__":
    main()
