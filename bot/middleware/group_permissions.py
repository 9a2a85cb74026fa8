"""Permissions of commands in groups: one of the router's checks."""

from math import ceil

from bot.command import Audience, Command
from bot.context import Context
from bot.groups.errors import AdminsOnly, ChannelNotAllowed, CommandDisabled, RateLimited
from bot.groups.ports import Group
from bot.groups.settings import ALWAYS_ALLOWED, GroupSettings, Permission
from bot.inbound import Inbound
from bot.middleware.rate_limit import Buckets, Rate

_QUIET_SECONDS = 60.0
"""Time for which a group's cool-down is not explained to a user again: the answers would fill the chat instead."""


class GroupPermissions:
    """`bot.router.Check` for groups and servers; in a private chat every command is allowed."""

    def __init__(self) -> None:
        self._buckets = Buckets()

    async def __call__(self, command: Command, ctx: Context) -> None:
        """Raises AdminsOnly, CommandDisabled, ChannelNotAllowed, RateLimited, DatabaseUnavailable."""
        inbound = ctx.inbound
        if not inbound.group:
            return
        if command.audience is Audience.MANAGERS and not inbound.manager:
            raise AdminsOnly(command.name)
        settings = await ctx.services.groups.settings(Group(inbound.platform, inbound.group))
        self._admit(command, settings, inbound)
        self._wait(settings, inbound, ctx.services.clock() / 1000)

    def _admit(self, command: Command, settings: GroupSettings, inbound: Inbound) -> None:
        who = settings.who_may(command)
        if who is Permission.OFF:
            raise CommandDisabled(command.name)
        if who is Permission.MANAGERS and not inbound.manager:
            raise AdminsOnly(command.name)
        if command.name not in ALWAYS_ALLOWED and not settings.open_in(inbound.chat_id, inbound.parent_chat):
            raise ChannelNotAllowed(next(iter(settings.channels.values())))

    def _wait(self, settings: GroupSettings, inbound: Inbound, now: float) -> None:
        """Applies the cool-down to what was typed: a press answers a message already on the screen, if that message has
        the button. Raises RateLimited.
        """
        if not settings.cooldown or (inbound.pressed and inbound.offered) or inbound.manager:
            return
        rate = Rate(1, 1 / settings.cooldown)
        key = (inbound.platform, inbound.chat_id, inbound.external_id)
        if self._buckets.wait(key, rate, now):
            refusal = self._buckets.refuse(key, rate, now, _QUIET_SECONDS)
            raise RateLimited(ceil(refusal.seconds), refusal.repeated)
        self._buckets.take(key, rate, now)


async def asks_who_manages(command: Command, ctx: Context) -> bool:
    """Returns whether the permission of the command in this group depends on `Inbound.manager`. Raises
    DatabaseUnavailable.
    """
    if command.audience is Audience.MANAGERS:
        return True
    group = Group(ctx.inbound.platform, ctx.inbound.group)
    settings = await ctx.services.groups.settings(group)
    return settings.who_may(command) is Permission.MANAGERS
