"""Readers of words that are taken as they are, within bounds: values of buttons, free text, names of chats."""

import re
from enum import StrEnum
from typing import NewType

from bot.arguments.amounts import read_amount
from bot.arguments.reader import Reader, all_words, choice
from bot.context import Context
from bot.errors import NotAChoice, TooManyDigits
from core.errors import NotANumber

SearchText = NewType("SearchText", str)
Token = NewType("Token", str)
Number = NewType("Number", int)
"""An order number, a page's cursor or a round, as a button carries it."""
LongText = NewType("LongText", str)
"""The rest of the line; the command decides how much of it is used."""
MessageText = NewType("MessageText", str)
"""The rest of the line as it was written, line breaks included."""
ChatName = NewType("ChatName", str)
"""A platform, or one of its chats as the platform identifies it."""

TOKEN_LENGTH = 12
_NUMBER_DIGITS = 18
_EMPTY_LINES = re.compile(r"\n{3,}")


class MarketView(StrEnum):
    """View that /market can show apart from the overview."""

    MOVERS = "movers"
    SEARCH = "search"
    CORRELATIONS = "correlations"


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


def _read_message(text: str, ctx: Context) -> MessageText:
    r"""Returns the words `text` as they are in the line, with the line breaks between them. Where only one line can be
    typed, `\n` is a line break. At most one line in a row stays empty.
    """
    words, line = len(text.split()), ctx.inbound.text
    before = len(line.split()) - words
    written = line.split(None, before)[-1] if before > 0 else line
    if written.split() != text.split():
        written = text
    lines = (" ".join(each.split()) for each in written.replace("\\n", "\n").splitlines())
    return MessageText(_EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip("\n"))


def _read_chat_name(text: str, ctx: Context) -> ChatName:  # noqa: ARG001
    if not (text.isascii() and text.isprintable()):
        raise NotAChoice(text, ())
    return ChatName(text)


MARKET_VIEWS = choice(
    dict.fromkeys(("movers", "gainers", "losers", "top", "급등", "급락", "상승", "하락"), MarketView.MOVERS)
    | dict.fromkeys(("search", "find", "검색", "찾기"), MarketView.SEARCH)
    | dict.fromkeys(("correlations", "correlation", "상관관계", "상관"), MarketView.CORRELATIONS),
    {view.value: f"choice-{view}" for view in MarketView},
)
SEARCH_TEXTS = Reader(_read_text, span=all_words)
TOKENS = Reader(_read_token)
NUMBERS = Reader(_read_number)
LONG_TEXTS = Reader(lambda text, _: LongText(text), span=all_words, verbatim=True)
MESSAGES = Reader(_read_message, span=all_words, verbatim=True)
CHAT_NAMES = Reader(_read_chat_name, verbatim=True)
