"""Conversion of the library's interactions to the adapter's types, and their acknowledgement."""

import asyncio
import logging
from collections import OrderedDict
from typing import Any

import aiohttp
import discord

from bot.middleware.leaked_link_codes import leaked_codes
from bot.platforms.discord.errors import ALREADY_ACKNOWLEDGED, expired
from bot.platforms.discord.inbound.receive import Invocation
from bot.platforms.discord.interaction_store import PendingInteraction
from bot.platforms.discord.outbound.custom_id import ReplyTarget
from bot.platforms.discord.ports import DiscordRouter

Failures = (discord.HTTPException, aiohttp.ClientError, OSError, asyncio.TimeoutError)
_SEEN = 10_000
_log = logging.getLogger(__name__)


class SeenInteractions:
    """Interactions that were received lately."""

    def __init__(self) -> None:
        self._seen: OrderedDict[int, None] = OrderedDict()

    def first(self, interaction_id: int) -> bool:
        """False for an interaction that the gateway delivers again after a resume."""
        if interaction_id in self._seen:
            return False
        self._seen[interaction_id] = None
        while len(self._seen) > _SEEN:
            self._seen.popitem(last=False)
        return True


async def revoke_leaked(router: DiscordRouter, text: str) -> None:
    """Revokes the link codes of a public line, whether or not the line is answered; never raises."""
    try:
        if codes := leaked_codes(text):
            await router.revoke(codes)
    except Exception:  # noqa: BLE001 - logged; the line is answered all the same
        _log.exception("a link code was not revoked")


async def acknowledge(interaction: discord.Interaction, question: PendingInteraction) -> bool:
    """Acknowledges an interaction before any other work. False if that failed and nothing may be done."""
    thinking = question.place == ReplyTarget.NEW
    for attempt in range(2):
        try:
            await interaction.response.defer(thinking=thinking, ephemeral=thinking and question.ephemeral)
        except discord.HTTPException as error:
            if error.code == ALREADY_ACKNOWLEDGED:
                return True  # the first attempt succeeded, but its confirmation was lost
            reason = "expired" if expired(error) else repr(error)
            _log.warning("interaction %s could not be acknowledged: %s", interaction.id, reason)
            return False
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            _log.warning("interaction %s, attempt %d: %r", interaction.id, attempt + 1, error)
        else:
            return True
    return False


def asked_of(interaction: discord.Interaction) -> Invocation:
    """Returns the user and the place of an interaction."""
    private = interaction.guild_id is None and not interaction.context.private_channel
    may = interaction.permissions  # an owner has all permissions
    return Invocation(
        interaction.id,
        interaction.user.id,
        interaction.channel_id,
        interaction.locale.value,
        public=not private,
        guild_id=interaction.guild_id,
        manager=interaction.guild_id is not None and (may.manage_guild or may.administrator),
        mute=not private and not _may_write(interaction),
        channel_name=getattr(interaction.channel, "name", None) or "",
        parent_id=getattr(interaction.channel, "parent_id", None),
    )


def _may_write(interaction: discord.Interaction) -> bool:
    """True if the bot may write here without an interaction.

    A user can install the bot for themselves and use it in servers and chats that the bot is not a member of.
    """
    may = interaction.app_permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    sends = may.send_messages_in_threads if in_thread else may.send_messages
    return interaction.is_guild_integration() and (may.administrator or (may.view_channel and sends))


def data_of(interaction: discord.Interaction) -> dict[str, Any]:
    """Returns the interaction's data as sent by Discord."""
    return dict(interaction.data or {})
