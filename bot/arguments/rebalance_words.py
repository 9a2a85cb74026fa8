"""Reader of targets: `BTC 50% ETH 30% band 3%`, `without cash`, `weekly mon 9:00`, `manual`, `off`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from bot.arguments.allocation_words import phrase, read_share_after, without_separators
from bot.arguments.reader import Reader, all_words, begins
from bot.arguments.recurrence import begins_rhythm, read_rhythm
from bot.arguments.symbols import read_symbol, suggest_symbols, symbol_span
from bot.context import Context
from bot.errors import NotAChoice, TooManyValues
from bot.inbound import Suggestion
from core.decimals import ROUNDING, down
from core.errors import NotANumber, NotPositive
from core.recurrence import Recurrence
from pipeline.market import Symbol
from trading.errors import ShareOutOfRange
from trading.order_groups.types import MAX_GROUP_ORDERS
from trading.rebalancing.errors import BandOutOfRange, WeightsAboveOne, WeightsBelowOne, WeightTwice
from trading.rebalancing.targets import MIN_BAND

_ZERO, _ONE = Decimal(0), Decimal(1)
_ROUNDED = Decimal("0.02")
"""Distance of a sum of weights from 1 that counts as rounding, such as three times 33.3 %."""

_PLACES = 6

_OFF = frozenset(("off", "none", "remove", "delete", "끄기", "해제", "삭제", "제거"))
_MANUAL = frozenset(("manual", "byhand", "noschedule", "scheduleoff", "수동", "예약해제", "예약끄기"))
_WITHOUT = frozenset(("withoutcash", "nocash", "현금제외", "현금없이"))
_WITH = frozenset(("withcash", "현금포함"))
_BAND = re.compile(r"(?:band|drift|밴드|허용폭|허용)[=:]?(.*)")
_GLUED = re.compile(r"(.+?)[=:](\d.*)")


class RebalanceAction(StrEnum):
    """Action of /rebalance apart from showing and setting a target."""

    REMOVE = "off"
    UNSCHEDULE = "manual"


@dataclass(frozen=True, slots=True)
class RebalanceRequest:
    """Wish for a target: its weights (none: those of before), whether cash counts, its band, its schedule."""

    weights: Mapping[Symbol, Decimal] = field(default_factory=dict)
    with_cash: bool | None = None
    band: Decimal | None = None
    rhythm: Recurrence | None = None
    action: RebalanceAction | None = None


def _read(text: str, ctx: Context) -> RebalanceRequest:
    """Raises WeightTwice, AmbiguousShare, WeightsAboveOne, WeightsBelowOne, BandOutOfRange, ShareOutOfRange,
    TooManyValues, and the errors of `read_symbol` and `read_rhythm`.
    """
    words = without_separators(text)
    whole = "".join(words).casefold()
    if whole in _OFF:
        return RebalanceRequest(action=RebalanceAction.REMOVE)
    if whole in _MANUAL:
        return RebalanceRequest(action=RebalanceAction.UNSCHEDULE)
    if words and begins_rhythm(words[0]):
        return RebalanceRequest(rhythm=read_rhythm(" ".join(words)))
    weights: dict[Symbol, Decimal] = {}
    with_cash: bool | None = None
    band: Decimal | None = None
    at = 0
    while at < len(words):
        rest = words[at:]
        if taken := phrase(rest, _WITHOUT):
            with_cash = False
        elif taken := phrase(rest, _WITH):
            with_cash = True
        elif found := _BAND.fullmatch(rest[0].casefold()):
            band, taken = _read_band(found[1], rest)
        else:
            symbol, weight, taken = _read_weight(rest, ctx)
            if symbol in weights:
                raise WeightTwice(symbol)
            weights[symbol] = weight
        at += taken
    return RebalanceRequest(_whole(weights, with_cash=with_cash), with_cash, band)


def _read_weight(words: tuple[str, ...], ctx: Context) -> tuple[Symbol, Decimal, int]:
    """Returns the weight of `BTC 50%`, `BTC 50` or `BTC=50%`, and the number of its words."""
    if glued := _GLUED.fullmatch(words[0]):
        share, taken = read_share_after(glued[2], words)
        return read_symbol(glued[1], ctx), share, taken
    span = symbol_span(words, ctx)
    symbol = read_symbol(" ".join(words[:span]), ctx)
    share, taken = read_share_after("", words[span - 1 :])
    return symbol, share, span - 1 + taken


def _read_band(glued: str, words: tuple[str, ...]) -> tuple[Decimal, int]:
    if not glued and len(words) == 1:  # the word alone
        raise NotAChoice(words[0], _BANDS)
    try:
        band, taken = read_share_after(glued, words)
    except (ShareOutOfRange, NotANumber, NotPositive):
        raise BandOutOfRange(glued or " ".join(words[1:2])) from None
    if band < MIN_BAND:
        raise BandOutOfRange(glued or " ".join(words[1:2]))
    return band, taken


def _whole(weights: Mapping[Symbol, Decimal], *, with_cash: bool | None) -> Mapping[Symbol, Decimal]:
    """Returns weights that sum to at most 1, without cash to 1."""
    if len(weights) > MAX_GROUP_ORDERS:
        raise TooManyValues("rebalance", MAX_GROUP_ORDERS, len(weights))
    total = sum(weights.values(), _ZERO)
    if total > _ONE + _ROUNDED:
        raise WeightsAboveOne(total)
    if weights and with_cash is False and total < _ONE - _ROUNDED:
        raise WeightsBelowOne(total)
    if total > _ONE or (weights and with_cash is False):
        return {symbol: down(ROUNDING.divide(weight, total), _PLACES) for symbol, weight in weights.items()}
    return weights


def _suggest(prefix: str, ctx: Context) -> list[Suggestion]:
    offered = [Suggestion(word, ctx.text("choice-off") if word == "off" else word) for word in _OFFERED]
    first = [each for each in offered if not ctx.words and begins(each, prefix)]
    return [*first, *suggest_symbols(prefix, ctx)]


_BANDS = ("band 3%", "band 5%", "band 10%")
_OFFERED = ("weekly mon 9:00", "monthly 1 9:00", "band 3%", "manual", "off")

REBALANCE_REQUESTS = Reader(_read, _suggest, span=all_words)
