"""Addresses of Discord. No other module changes the library's internals for them."""

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


def point_library_at(api_url: str, gateway_url: str) -> None:
    """Sends every request of the process to these addresses.

    The library keeps both as class attributes. Every REST route, webhooks included, starts with `Route.BASE`. The first
    gateway address comes from GET /gateway/bot, but an invalidated session reconnects to
    `DiscordWebSocket.DEFAULT_GATEWAY`. A process connects to only one Discord, so process-wide addresses suffice.
    """
    Route.BASE = api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


def allow_no_mentions() -> discord.AllowedMentions:
    """Returns a setting that disables mentions. The library's default would let a message ping everyone."""
    return discord.AllowedMentions.none()
