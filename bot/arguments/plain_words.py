"""Words that are taken as they are, within bounds: what a button carries, free text, the name of a chat."""

from enum import StrEnum
from typing import NewType

from bot.arguments.amounts import read_amount
from bot.arguments.reader import Reader, all_words
from bot.context import Context
from bot.errors import NotAChoice, TooManyDigits
from pipeline.errors import NotANumber

SearchText = NewType("SearchText", str)
Token = NewType("Token", str)
Number = NewType("Number", int)
"""An order number, a page's cursor, a round: whatever a button carries."""
LongText = NewType("LongText", str)
"""The rest of the line; how much of it is taken is the command's to say."""
ChatName = NewType("ChatName", str)
"""A platform, or one of its chats, in the platform's own words."""

TOKEN_LENGTH = 12
_NUMBER_DIGITS = 18


class MarketView(StrEnum):
    """What /market can show besides the overview."""

    MOVERS = "movers"
    SEARCH = "search"


def _read_text(text: str, ctx: Context) -> SearchText:  # noqa: ARG001
    return SearchText(text)


def _read_token(text: str, ctx: Context) -> Token:  # noqa: ARG001
    if not (text.isascii() and len(text) <= 2 * TOKEN_LENGTH):
        raise NotAChoice(text, ())
    return Token(text)


def _read_number(text: str, ctx: Context) -> Number:  # noqa: ARG001
    if len(text) > _NUMBER_DIGITS:
        raise TooManyDigits(text, _NUMBER_DIGITS)
    if not text.isascii():
        read_amount(text)
    if not text.isdigit():
        raise NotANumber(text)
    return Number(int(text))


def _read_chat_name(text: str, ctx: Context) -> ChatName:  # noqa: ARG001
    if not (text.isascii() and text.isprintable()):
        raise NotAChoice(text, ())
    return ChatName(text)


SEARCH_TEXTS = Reader(_read_text, span=all_words)
TOKENS = Reader(_read_token)
NUMBERS = Reader(_read_number)
LONG_TEXTS = Reader(lambda text, _: LongText(text), span=all_words, verbatim=True)
CHAT_NAMES = Reader(_read_chat_name, verbatim=True)
