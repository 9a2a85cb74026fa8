"""Check for link codes in public chats: they are revoked before any other check, whatever else the group allows."""

from bot.arguments.parser import read_line
from bot.command import Command
from bot.context import Context
from core.errors import DeskError
from people.identity.codes import HashedCode, read_code
from people.identity.errors import LinkCodeWrong
from people.identity.ports import Identity

_COMMAND = "link"


def holds_code(text: str) -> bool:
    """Returns whether the line contains a one-time code."""
    try:
        line = read_line(text)
        return line.name == _COMMAND and bool(read_code(" ".join(line.words)))
    except DeskError:
        return False


async def take_back(command: Command, ctx: Context) -> None:
    """`bot.router.Check`: revokes a code that others could read. Raises LinkCodePublic."""
    inbound = ctx.inbound
    if command.name != _COMMAND or not inbound.public:
        return
    try:
        code = read_code(" ".join(read_line(inbound.text).words))
    except LinkCodeWrong:
        return
    identity = Identity(inbound.platform, inbound.external_id)
    await ctx.services.identities.claim(identity, HashedCode.of(code), ctx.services.clock(), public=True)
