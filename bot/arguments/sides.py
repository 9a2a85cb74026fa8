"""Reader of the side of an order: `buy`, `sell`, `매수`, `매도`."""

from bot.arguments.reader import choice
from trading.orders.types import Side

SIDE_WORDS = {
    **dict.fromkeys(("buy", "buying", "bid", "long", "매수", "구매", "사기"), Side.BUY),
    **dict.fromkeys(("sell", "selling", "ask", "short", "매도", "판매", "팔기"), Side.SELL),
}
"""Every spelling, in lower case."""

SIDES = choice(SIDE_WORDS, {side.value: f"choice-{side}" for side in Side})


def side_of(word: str) -> Side | None:
    """Returns the side that the word names; None if it names none."""
    return SIDE_WORDS.get(word.casefold())
