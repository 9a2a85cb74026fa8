"""Messages on their way out: plain data becomes the library's embeds, files and buttons."""

from io import BytesIO
from typing import Any

import discord

from bot.platforms.discord.outbound.messages import MENU_CHOICES, DiscordMessage, Embed, Menu


def embeds(message: DiscordMessage) -> list[discord.Embed]:
    """The cards."""
    return [_embed(card) for card in message.cards]


def files(message: DiscordMessage) -> list[discord.File]:
    """Pictures and documents, made anew for every attempt: the library closes what it has sent."""
    return [
        discord.File(BytesIO(attached.data), filename=attached.file_name, description=attached.alt or None)
        for attached in message.files()
    ]


def view(message: DiscordMessage) -> discord.ui.View | None:
    """The buttons. The library would keep a view in memory to call it back; a stopped one it lets go."""
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
    """Arguments of an edit: what is not said goes away."""
    return {
        "content": message.content or None,
        "embeds": embeds(message),
        "attachments": files(message),
        "view": view(message),
    }


def sent(message: DiscordMessage) -> dict[str, Any]:
    """Arguments of a new message."""
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
