"""Readers of the prices of an order, each behind its word: `@ 65000`, `tp +5%`, `sl 60000`, `limit 59900`, `from
72000`; and of the distance of a trailing stop: `3%`, `150bips`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from bot.arguments.amounts import read_amount, read_quantity
from bot.arguments.reader import Reader
from bot.arguments.sides import side_of
from bot.arguments.symbols import symbol_among
from bot.arguments.units import PERCENT, amount_span, currency_of, priced
from bot.context import Context
from bot.errors import NotAChoice, NotAnOrderPrice, NotATrailingDistance, TrailingDistanceWithoutUnit, UnknownUnit
from bot.inbound import Suggestion
from core.decimals import EXACT
from core.errors import NotANumber
from trading.orders.terms import PriceWish, RelativePrice
from trading.orders.types import Side


@dataclass(frozen=True, slots=True)
class TypedPrice:
    """Price as typed."""

    wish: PriceWish


@dataclass(frozen=True, slots=True)
class AtPrice(TypedPrice):
    """Price at which an order fills, triggers or enters."""


@dataclass(frozen=True, slots=True)
class WithLimit(TypedPrice):
    """Limit price of an order after its trigger."""


@dataclass(frozen=True, slots=True)
class TakeProfit(TypedPrice):
    """Price of the take-profit order of a pair."""


@dataclass(frozen=True, slots=True)
class StopLoss(TypedPrice):
    """Price of the stop loss of a pair."""


@dataclass(frozen=True, slots=True)
class FromPrice(TypedPrice):
    """Price from which a trailing stop follows the market."""


@dataclass(frozen=True, slots=True)
class NewPrice(TypedPrice):
    """Price that an order gets."""


@dataclass(frozen=True, slots=True)
class NewQuantity:
    """Quantity of the base asset that an order gets, filled part included."""

    amount: Decimal


@dataclass(frozen=True, slots=True)
class TrailingDistance:
    """Distance of a trailing stop in basis points."""

    delta: int


AT = "@"
MARKERS: Mapping[type, tuple[str, ...]] = MappingProxyType(
    {
        AtPrice: (AT, "at", "price", "가격", "에"),
        WithLimit: ("limit", "lim", "지정가"),
        TakeProfit: ("tp", "take", "profit", "takeprofit", "take-profit", "target", "익절", "목표가"),
        StopLoss: ("sl", "stop", "loss", "stoploss", "stop-loss", "손절", "스탑"),
        FromPrice: ("from", "activation", "부터", "활성가"),
        TrailingDistance: ("by", "trail", "distance", "간격", "폭"),
        NewPrice: ("price", AT, "at", "to", "가격"),
        NewQuantity: ("quantity", "qty", "size", "amount", "수량"),
    }
)
"""Words before each kind of value, the usual one first."""

_SIGNS = ("+", "-")
_RELATIVE = re.compile(rf"([+\-]) ?(.*?[^ ]) ?(?:{'|'.join(PERCENT)})", re.DOTALL | re.IGNORECASE)
_UNSIGNED = re.compile(rf"([0-9]{{1,9}}(?:\.[0-9]{{1,9}})?) ?(?:{'|'.join(PERCENT)})", re.ASCII | re.IGNORECASE)
_BIPS = re.compile(r"([0-9]{1,6}) ?(?:bips?|bps?|베이시스포인트)", re.ASCII | re.IGNORECASE)
_WHOLE = 100
_BARE = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?", re.ASCII)
_BIPS_WORDS = ("bip", "bips", "bp", "bps")
_LARGEST_MOVE = Decimal(10)
_MONEY_DECIMALS = -2
_UP = ("+1%", "+2%", "+5%")
_DOWN = ("-1%", "-2%", "-5%")
_DISTANCES = ("1%", "2%", "3%", "5%", "10%")
_AT_ENDING = "에"

Value = TypeVar("Value", bound=TypedPrice)


def read_price(text: str, quote: str, tick: Decimal | None) -> PriceWish:
    """Returns the price in `text`, in `quote`. A price of a symbol whose `tick` has at most two decimals has none
    either, so `65,000` is read as a number in groups. Raises NotAnOrderPrice, NotAChoice and the errors of
    `read_amount`.
    """
    text = " ".join(text.split())
    if relative := _RELATIVE.fullmatch(text):
        return _relative(text, relative[1], relative[2])
    if share := _UNSIGNED.fullmatch(text):
        raise NotAChoice(text, (f"+{share[1]}%", f"-{share[1]}%"))
    number = text.removesuffix(_AT_ENDING).rstrip() or text
    coarse = tick is not None and isinstance(at := tick.normalize().as_tuple().exponent, int) and at >= _MONEY_DECIMALS
    try:
        return read_amount(priced(number, quote, None).number, money=coarse)
    except (NotANumber, UnknownUnit) as error:
        raise NotAnOrderPrice(text) from error


def _relative(text: str, sign: str, number: str) -> RelativePrice:
    fraction = EXACT.scaleb(read_amount(number), -2)
    if fraction > _LARGEST_MOVE or (sign == "-" and fraction >= 1):
        raise NotAnOrderPrice(text)
    return RelativePrice(fraction if sign == "+" else -fraction)


def looks_like_price(word: str) -> bool:
    """Returns whether the word begins a price or a distance: `65000`, `$65k`, `+5%`, `-`."""
    sign = word.rstrip("0123456789.,")
    return word[:1].isdigit() or word[:1] in _SIGNS or (sign != word and currency_of(sign) is not None)


def price_span(words: tuple[str, ...], ctx: Context) -> int:
    """Returns the number of words of one price without its marker: two for `70 000` and `- 5%`."""
    sign = 1 if words[:1] and words[0] in _SIGNS and len(words) > 1 else 0
    at = sign + amount_span(words[sign:], ctx.quote_asset, None) if words else 0
    return at + 1 if words[at : at + 1] and words[at].casefold() in (*_BIPS_WORDS, _AT_ENDING) else at


def _span(kind: type) -> Callable[[tuple[str, ...], Context], int]:
    """Returns the span of a value behind its marker, which may be left out; 0 if the words are of something else."""

    def span(words: tuple[str, ...], ctx: Context) -> int:
        front = 1 if words[0].casefold() in MARKERS[kind] else 0
        if front == len(words):
            return front
        return front + price_span(words[front:], ctx) if front or looks_like_price(words[0]) else 0

    return span


def _without_marker(text: str, kind: type) -> str:
    first, _, rest = text.partition(" ")
    return rest.strip() if first.casefold() in MARKERS[kind] else text


def _price_reader(kind: type[Value]) -> Reader[Value]:
    def parse(text: str, ctx: Context) -> Value:
        symbol = symbol_among(ctx)
        tick = None if symbol is None else ctx.market.rules(symbol).tick_size
        return kind(read_price(_without_marker(text, kind), ctx.quote_asset, tick))

    return Reader(parse, _moves_of(kind), _span(kind), markers=MARKERS[kind])


def _moves_of(kind: type) -> Callable[[str, Context], list[Suggestion]]:
    """Returns suggestions of distances, those on the usual side of the market first."""

    def suggest(prefix: str, ctx: Context) -> list[Suggestion]:
        selling = any(side_of(word) is Side.SELL for word in ctx.words)
        above = selling != (kind is StopLoss or (kind is AtPrice and ctx.command == "stop"))
        if ctx.command == "bracket" and kind is not AtPrice:
            above = not above
        moves = (*_UP, *_DOWN) if above else (*_DOWN, *_UP)
        return [Suggestion(move, move) for move in moves if move.startswith(prefix)]

    return suggest


def _read_quantity(text: str, ctx: Context) -> NewQuantity:
    number = _without_marker(text, NewQuantity)
    return NewQuantity(read_quantity(priced(number, ctx.quote_asset, None).number))


def _read_distance(text: str, ctx: Context) -> TrailingDistance:  # noqa: ARG001
    text = _without_marker(text, TrailingDistance).removeprefix("-").removeprefix("+").strip()
    if bips := _BIPS.fullmatch(text):
        return TrailingDistance(int(bips[1]))
    if _BARE.fullmatch(text) and (meant := _with_unit(text)):
        raise TrailingDistanceWithoutUnit(text, meant)
    share = _UNSIGNED.fullmatch(text)
    if share is None:
        raise NotATrailingDistance(text)
    delta = EXACT.scaleb(read_amount(share[1]), 2)
    if delta != int(delta) or delta >= EXACT.scaleb(Decimal(1), 4):
        raise NotATrailingDistance(text)
    return TrailingDistance(int(delta))


def _with_unit(number: str) -> tuple[str, ...]:
    """Returns the distances that a number without a unit may mean: `3%` and `3bips`."""
    value = read_amount(number)
    percent = (f"{number}%",) if 0 < value < _WHOLE and value == round(value, 2) else ()
    return (*percent, *((f"{number}bips",) if "." not in number and value > 0 else ()))


def _suggest_distances(prefix: str, ctx: Context) -> list[Suggestion]:  # noqa: ARG001
    return [Suggestion(distance, distance) for distance in _DISTANCES if distance.startswith(prefix)]


AT_PRICES = _price_reader(AtPrice)
LIMITS = _price_reader(WithLimit)
TAKE_PROFITS = _price_reader(TakeProfit)
STOP_LOSSES = _price_reader(StopLoss)
FROM_PRICES = _price_reader(FromPrice)
NEW_PRICES = _price_reader(NewPrice)
NEW_QUANTITIES = Reader(_read_quantity, span=_span(NewQuantity), markers=MARKERS[NewQuantity])
DISTANCES = Reader(_read_distance, _suggest_distances, _span(TrailingDistance), markers=MARKERS[TrailingDistance])
