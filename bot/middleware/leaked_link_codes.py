"""Check for link codes in public chats: they are revoked before any other check, regardless of the group's settings and
of the user's rate limit.
"""

from collections.abc import Sequence
from contextlib import suppress

from bot.arguments.parser import CommandLine, readable_line
from bot.command import Command
from bot.context import Context, Services
from bot.inbound import Inbound
from core.errors import Refused
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
    if command.name == _COMMAND and ctx.inbound.public:
        await _revoke(ctx.words, ctx.inbound, ctx.services)


async def take_back_refused(inbound: Inbound, services: Services) -> None:
    """Revokes a code that others could read in a line that the rate limit refuses. Raises DatabaseUnavailable."""
    line = readable_line(inbound.text) if inbound.public else None
    if line is not None and holds_code(line):
        with suppress(Refused):  # the line is answered with the refusal of the rate limit
            await _revoke(line.words, inbound, services)


async def _revoke(words: Sequence[str], inbound: Inbound, services: Services) -> None:
    try:
        code = read_code(" ".join(words))
    except LinkCodeWrong:
        return
    identity = Identity(inbound.platform, inbound.external_id)
    await services.identities.claim(identity, HashedCode.of(code), services.clock(), public=True)
