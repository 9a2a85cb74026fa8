"""A desk of the adapter whose answers the test writes."""

import asyncio
from collections.abc import Collection

from bot.inbound import Inbound, Suggestion
from bot.reply import Reply, Text
from people.identity.codes import LinkCode
from tests.fakes.discord_desk import DictMemory
from tests.fakes.discord_people import Exchange
from tests.patience import PATIENCE_SECONDS


class Scripted:
    """A router that answers what the test says, after `seconds`."""

    def __init__(self, *blocks: object, seconds: float = 0.0, private: bool = False) -> None:
        self.reply = Reply(blocks or (Text("done"),), private)  # type: ignore[arg-type]
        self.seconds = seconds
        self.seen: list[Inbound] = []
        self.revoked: set[LinkCode] = set()

    async def answer(self, inbound: Inbound) -> Reply:
        self.seen.append(inbound)
        await asyncio.sleep(self.seconds)
        return self.reply

    async def revoke(self, codes: Collection[LinkCode]) -> None:
        self.revoked |= set(codes)

    async def suggest(self, inbound: Inbound, limit: int = 25) -> list[Suggestion]:
        await asyncio.sleep(self.seconds)
        return [Suggestion("BTC", "BTC/USDC")]


async def asked(coming: Exchange) -> Exchange:
    return await coming.answered()


async def settle(memory: DictMemory) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.sleep(0.05)
        while memory.pending:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
