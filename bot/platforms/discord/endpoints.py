"""Where Discord is. The one place that reaches into the library for it."""

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


def point_library_at(api_url: str, gateway_url: str) -> None:
    """Sends every request of the process to these addresses.

    The library keeps both as attributes of classes: every REST route, webhooks included, begins with `Route.BASE`; the
    gateway's first address comes from GET /gateway/bot, but a session that was invalidated begins anew at
    `DiscordWebSocket.DEFAULT_GATEWAY`. A process speaks to one Discord, so that is no loss.
    """
    Route.BASE = api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


def allow_no_mentions() -> discord.AllowedMentions:
    """The library's default would let a message ping everyone."""
    return discord.AllowedMentions.none()
