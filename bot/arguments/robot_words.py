"""Reader of what /robot shows or runs: the number of a robot, or the name of a strategy."""

from typing import NewType

from bot.arguments.plain_words import NUMBERS
from bot.arguments.reader import Reader
from bot.context import Context

RobotName = NewType("RobotName", str)
"""Number of a robot in digits, or name of a strategy in small letters. No strategy has digits for a name."""


def _read(text: str, ctx: Context) -> RobotName:
    """Raises TooManyDigits."""
    if text.isascii() and text.isdigit():
        return RobotName(str(NUMBERS.parse(text, ctx)))
    return RobotName(text.casefold())


ROBOT_NAMES = Reader(_read)
