"""Permissions of commands in groups: one of the router's checks."""

from math import ceil

from bot.command import Audience, Command
from bot.context import Context
from bot.groups.errors import ManagersOnly, OtherChannel, SwitchedOff, TooFast
from bot.groups.ports import Group
from bot.groups.settings import UNRULED, Admitted, GroupSettings
from bot.inbound import Inbound
from bot.middleware.rate_limit import Buckets, Rate


class Admission:
    """`bot.router.Check` for groups and servers; in a private chat every command is allowed."""

    def __init__(self) -> None:
        self._buckets = Buckets()

    async def __call__(self, command: Command, ctx: Context) -> None:
        """Raises ManagersOnly, SwitchedOff, OtherChannel, TooFast, DatabaseUnavailable."""
        inbound = ctx.inbound
        if not inbound.group:
            return
        if command.audience is Audience.MANAGERS and not inbound.manager:
            raise ManagersOnly(command.name)
        settings = await ctx.services.groups.settings(Group(inbound.platform, inbound.group))
        self._admit(command, settings, inbound)
        self._wait(settings, inbound, ctx.services.clock() / 1000)

    def _admit(self, command: Command, settings: GroupSettings, inbound: Inbound) -> None:
        who = settings.who_may(command)
        if who is Admitted.OFF:
            raise SwitchedOff(command.name)
        if who is Admitted.MANAGERS and not inbound.manager:
            raise ManagersOnly(command.name)
        if command.name not in UNRULED and not settings.open_in(inbound.chat_id, inbound.parent_chat):
            raise OtherChannel(next(iter(settings.channels.values())))

    def _wait(self, settings: GroupSettings, inbound: Inbound, now: float) -> None:
        """Applies the cool-down to lines only: a press answers a message already on the screen. Raises TooFast."""
        if not settings.cooldown or inbound.pressed or inbound.manager:
            return
        rate = Rate(1, 1 / settings.cooldown)
        key = (inbound.platform, inbound.chat_id, inbound.external_id)
        if seconds := self._buckets.wait(key, rate, now):
            raise TooFast(ceil(seconds))
        self._buckets.take(key, rate, now)


async def asks_who_manages(command: Command, ctx: Context) -> bool:
    """Returns whether the permission of the command in this group depends on `Inbound.manager`. Raises
    DatabaseUnavailable.
    """
    if command.audience is Audience.MANAGERS:
        return True
    group = Group(ctx.inbound.platform, ctx.inbound.group)
    settings = await ctx.services.groups.settings(group)
    return settings.who_may(command) is Admitted.MANAGERS
