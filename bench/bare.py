"""Bare handlers of python-telegram-bot and discord.py, in a process of their own as the desk is: what the libraries and
the servers of a bench allow.

`python -m bench.bare TELEGRAM_URL DISCORD_HOST` runs until it is told to end. Every command is answered with one card,
as the libraries' documentation shows it; nothing is looked up, drawn or written down.
"""

import asyncio
import sys

import discord
import uvloop
from discord import app_commands
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, Update
from telegram.ext import Application, CommandHandler, ContextTypes

from bot.platforms.discord.endpoints import point_library_at

TELEGRAM_TOKEN, DISCORD_TOKEN = "2:bare", "bare-token"
COMMANDS = ("price", "balance", "buy", "market", "history", "chart", "portfolio")
TITLE, ROWS = "BTC/USDC", (("Price", "70,000.00"), ("24 h", "+1.25%"), ("Volume", "1.2B"), ("Time", "12:00:00"))
LABELS = ("Refresh", "Chart", "Buy BTC")


async def telegram_bot(url: str) -> None:
    """Polls and answers."""
    words = "\n".join([TITLE, *(f"{label}: {value}" for label, value in ROWS)])
    bold = [TITLE, *(f"{label}:" for label, _ in ROWS)]
    keys = InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label) for label in LABELS]])

    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:  # noqa: ARG001 - the library's signature
        entities = [MessageEntity("bold", words.index(part), len(part)) for part in bold]
        assert update.message is not None
        await update.message.reply_text(words, entities=entities, reply_markup=keys)

    application = Application.builder().token(TELEGRAM_TOKEN).base_url(f"{url}/bot").build()
    application.add_handler(CommandHandler(COMMANDS, answer))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        await asyncio.Event().wait()


async def discord_bot(host: str) -> None:
    """Logs in and answers."""
    point_library_at(f"http://{host}/api/v10", f"ws://{host}/gateway")
    client = discord.AutoShardedClient(intents=discord.Intents.none())
    tree = app_commands.CommandTree(client)

    async def answer(
        interaction: discord.Interaction,
        symbols: str | None,  # noqa: ARG001
        symbol: str | None,  # noqa: ARG001
        size: str | None,  # noqa: ARG001
        interval: str | None,  # noqa: ARG001
    ) -> None:
        await interaction.response.defer()
        embed = discord.Embed(title=TITLE)
        for name, value in ROWS:
            embed.add_field(name=name, value=value)
        view = discord.ui.View()
        for label in LABELS:
            view.add_item(discord.ui.Button(label=label, custom_id=label))
        view.stop()
        await interaction.edit_original_response(embed=embed, view=view)

    for name in COMMANDS:
        tree.add_command(app_commands.Command(name=name, description=name, callback=answer))
    async with client:
        await client.login(DISCORD_TOKEN)
        await client.connect()


async def main(telegram_url: str, discord_host: str) -> None:
    """Both, until the end."""
    async with asyncio.TaskGroup() as group:
        group.create_task(telegram_bot(telegram_url))
        group.create_task(discord_bot(discord_host))


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
