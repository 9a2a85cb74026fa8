"""Conversion of messages from plain data to the library's embeds, files and buttons."""

from io import BytesIO
from typing import Any

import discord

from bot.platforms.discord.outbound.messages import MENU_CHOICES, DiscordMessage, Embed, Menu


def embeds(message: DiscordMessage) -> list[discord.Embed]:
    """Returns the embeds."""
    return [_embed(card) for card in message.cards]


def files(message: DiscordMessage) -> list[discord.File]:
    """Returns pictures and documents, created again for every attempt because the library closes sent files."""
    return [
        discord.File(BytesIO(attached.data), filename=attached.file_name, description=attached.alt or None)
        for attached in message.files()
    ]


def view(message: DiscordMessage) -> discord.ui.View | None:
    """Returns the buttons as a stopped view. The library would keep an active view in memory for callbacks."""
    if not message.rows:
        return None
    made = discord.ui.View(timeout=None)
    for number, row in enumerate(message.rows):
        if isinstance(row, Menu):
            made.add_item(_menu(row, number))
            continue
        for push in row:
            style = discord.ButtonStyle(push.style.value)
            made.add_item(discord.ui.Button(label=push.label, custom_id=push.custom_id, style=style, row=number))
    made.stop()
    return made


def _menu(menu: Menu, number: int) -> "discord.ui.Select[discord.ui.View]":
    options = [discord.SelectOption(label=push.label, value=push.custom_id) for push in menu.choices[:MENU_CHOICES]]
    return discord.ui.Select(
        custom_id=menu.custom_id, placeholder=menu.placeholder or None, options=options, row=number
    )


def edited(message: DiscordMessage) -> dict[str, Any]:
    """Returns the arguments of an edit. Parts that the message lacks are removed."""
    return {
        "content": message.content or None,
        "embeds": embeds(message),
        "attachments": files(message),
        "view": view(message),
    }


def sent(message: DiscordMessage) -> dict[str, Any]:
    """Returns the arguments of a new message."""
    arguments: dict[str, Any] = {"embeds": embeds(message)}
    if message.content:
        arguments["content"] = message.content
    if message.files():
        arguments["files"] = files(message)
    if message.rows:
        arguments["view"] = view(message)
    return arguments


def _embed(card: Embed) -> discord.Embed:
    made = discord.Embed(title=card.title or None, description=card.description or None, colour=int(card.colour))
    for field in card.fields:
        made.add_field(name=field.name, value=field.value, inline=field.inline)
    if card.picture is not None:
        made.set_image(url=f"attachment://{card.picture.file_name}")
    if card.footer:
        made.set_footer(text=card.footer)
    return made
