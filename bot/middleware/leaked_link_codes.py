"""Link codes that others can read. Adapters revoke everything of the shape of a code in a public text when it arrives,
before they decide whether the text is answered; the check tells the user whose `/link` contained one.
"""

from collections.abc import Collection

from bot.arguments.parser import CommandLine, visible
from bot.command import Command
from bot.context import Context, Services
from people.identity.codes import HashedCode, LinkCode, codes_in, read_code
from people.identity.errors import LinkCodeWrong
from people.identity.ports import Identity

_COMMAND = "link"


def leaked_codes(text: str) -> frozenset[LinkCode]:
    """Returns the link codes in a text that others can read; other words of their shape are harmless to revoke."""
    shown = visible(text)
    return codes_in(shown) | codes_in(" ".join(shown.split()))  # /link reads its words with one blank between them


async def revoke(codes: Collection[LinkCode], services: Services) -> None:
    """Revokes link codes that others could read. Raises DatabaseUnavailable."""
    if codes:
        await services.identities.revoke([HashedCode.of(code) for code in codes])


def holds_code(line: CommandLine | None) -> bool:
    """Returns whether the line is `/link` with a code."""
    return line is not None and line.name == _COMMAND and _code_of(line.words) is not None


async def take_back(command: Command, ctx: Context) -> None:
    """`bot.router.Check`: revokes a code that others could read, in any spelling. Raises LinkCodePublic."""
    code = _code_of(ctx.words) if command.name == _COMMAND and ctx.inbound.public else None
    if code is not None:
        identity = Identity(ctx.inbound.platform, ctx.inbound.external_id)
        await ctx.services.identities.claim(identity, HashedCode.of(code), ctx.services.clock(), public=True)


def _code_of(words: tuple[str, ...]) -> LinkCode | None:
    try:
        return read_code(" ".join(words))
    except LinkCodeWrong:
        return None
