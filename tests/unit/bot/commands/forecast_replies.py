"""Questions about forecasts, and the parts of their replies."""

from bot.reply import Button, Buttons, Reply, Table, Text
from pipeline.market import Symbol
from tests.fakes.bot import FakeDeskBot

BTC, ETH, SOL = Symbol("BTCUSDC"), Symbol("ETHUSDC"), Symbol("SOLUSDC")


def texts(reply: Reply) -> str:
    return "\n".join(block.body for block in reply.blocks if isinstance(block, Text))


def buttons(reply: Reply) -> list[Button]:
    return [b for block in reply.blocks if isinstance(block, Buttons) for row in block.rows for b in row]


def table(reply: Reply) -> tuple[tuple[str, ...], ...]:
    (found,) = [block for block in reply.blocks if isinstance(block, Table)]
    return found.rows


async def ask(bot: FakeDeskBot, line: str, *, pressed: bool = False) -> Reply:
    return await bot.router.answer(bot.inbound(line, pressed=pressed))
