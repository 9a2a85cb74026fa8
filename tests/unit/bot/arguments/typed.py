"""Typed lines read into the values of a command."""

from typing import Any

from bot.arguments.parser import bind, find_command, read_line
from bot.commands import COMMANDS
from bot.context import Context


def values(text: str, ctx: Context) -> list[Any]:
    line = read_line(text)
    return bind(find_command(line, COMMANDS, pressed=False), line.words, ctx)
