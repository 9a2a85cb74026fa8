"""Questions to a desk in memory, and the texts of its replies."""

from dataclasses import replace

from bot.reply import Reply, Text
from tests.fakes.bot import FakeDeskBot
from tests.fakes.operations import OPERATOR
from tests.fakes.transcript import transcript


async def ask(
    bot: FakeDeskBot, line: str, *, pressed: bool = False, who: str = OPERATOR, public: bool = False
) -> Reply:
    inbound = bot.inbound(line, pressed=pressed, external_id=who)
    return await bot.router.answer(replace(inbound, public=public, group="9" if public else ""))


def said(reply: Reply) -> str:
    return transcript(reply)


def bodies(reply: Reply) -> list[str]:
    return [block.body for block in reply.blocks if isinstance(block, Text)]
