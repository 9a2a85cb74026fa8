"""Check for link codes in public chats: they are revoked before any other check, regardless of the group's settings."""

from bot.arguments.parser import CommandLine
from bot.command import Command
from bot.context import Context
from people.identity.codes import HashedCode, read_code
from people.identity.errors import LinkCodeWrong
from people.identity.ports import Identity

_COMMAND = "link"


def holds_code(line: CommandLine | None) -> bool:
    """Returns whether the line contains a one-time code."""
    if line is None or line.name != _COMMAND:
        return False
    try:
        return bool(read_code(" ".join(line.words)))
    except LinkCodeWrong:
        return False


async def take_back(command: Command, ctx: Context) -> None:
    """`bot.router.Check`: revokes a code that others could read. Raises LinkCodePublic."""
    inbound = ctx.inbound
    if command.name != _COMMAND or not inbound.public:
        return
    try:
        code = read_code(" ".join(ctx.words))
    except LinkCodeWrong:
        return
    identity = Identity(inbound.platform, inbound.external_id)
    await ctx.services.identities.claim(identity, HashedCode.of(code), ctx.services.clock(), public=True)
