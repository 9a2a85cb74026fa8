"""Readers of limits: their kinds, `drawdown`, and their values, `10%`, `5000usdc`, `3`, `off`."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.arguments.amounts import read_amount
from bot.arguments.reader import Reader, begins, choice, read_before
from bot.arguments.units import PERCENT, amount_span, priced
from bot.context import Context
from bot.inbound import Suggestion
from core.decimals import EXACT
from core.errors import NotANumber, NotPositive
from trading.limits.errors import LimitOutOfRange
from trading.limits.types import COUNTS, FRACTIONS, MAX_AMOUNT, MAX_COUNT, MIN_FRACTION, LimitKind

_HUNDRED = Decimal(100)
_OFF = frozenset(("off", "none", "remove", "no", "delete", "끄기", "해제", "삭제", "없음", "제거"))
_KEEP = frozenset(("keep", "유지"))
_OFFERED = {
    LimitKind.DAY: ("3%", "5%", "10%"),
    LimitKind.DRAWDOWN: ("10%", "20%", "30%"),
    LimitKind.COIN: ("25%", "40%", "60%"),
    LimitKind.ORDER: ("1000", "10000", "100000"),
    LimitKind.ORDERS: ("5", "10", "20"),
    LimitKind.STREAK: ("2", "3", "5"),
    LimitKind.LOSS: ("5%", "10%", "20%"),
}


class LimitAction(StrEnum):
    """Action of /limits apart from showing and setting limits."""

    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class LimitValue:
    """Value of a limit; None removes it. `keeps` drops a change that is to come and leaves the value as it is."""

    value: Decimal | None
    keeps: bool = False


LimitSubject = LimitKind | LimitAction
_KINDS = (
    {kind.value: kind for kind in LimitKind}
    | dict.fromkeys(("daily", "dailyloss", "하루", "일일", "일손실", "하루손실"), LimitKind.DAY)
    | dict.fromkeys(("dd", "peak", "낙폭", "최대낙폭"), LimitKind.DRAWDOWN)
    | dict.fromkeys(("share", "비중", "종목비중", "코인"), LimitKind.COIN)
    | dict.fromkeys(("amount", "주문", "주문금액", "매수금액"), LimitKind.ORDER)
    | dict.fromkeys(("open", "미체결", "미체결주문"), LimitKind.ORDERS)
    | dict.fromkeys(("losses", "연속손실", "연속"), LimitKind.STREAK)
    | dict.fromkeys(("손실", "매도손실"), LimitKind.LOSS)
)
_LABELS = {kind.value: f"limit-{kind}" for kind in LimitKind}

LIMIT_KINDS: Reader[LimitKind] = choice(_KINDS, _LABELS)
LIMIT_SUBJECTS: Reader[LimitSubject] = choice(
    {**_KINDS, **dict.fromkeys(("resume", "continue", "재개", "다시시작"), LimitAction.RESUME)},
    _LABELS | {"resume": "choice-limit-resume"},
)


def typed_value(kind: LimitKind, value: Decimal | None) -> str:
    """Returns a value as a user would type it, for buttons."""
    if value is None:
        return "off"
    if kind in FRACTIONS:
        return f"{EXACT.normalize(EXACT.multiply(value, _HUNDRED)):f}%"
    return f"{EXACT.normalize(value):f}"


def offered_values(kind: LimitKind) -> tuple[str, ...]:
    """Returns usual values of a kind, as a user would type them."""
    return _OFFERED[kind]


def read_limit_value(kind: LimitKind, text: str, quote: str) -> LimitValue:
    """Returns the value of a limit of this kind. A share is a percentage, with its sign or without. Raises
    LimitOutOfRange and the errors of `read_amount` and `priced`.
    """
    folded = " ".join(text.split()).casefold()
    if folded in _OFF:
        return LimitValue(None)
    if folded in _KEEP:
        return LimitValue(None, keeps=True)
    if kind in FRACTIONS:
        sign = next((sign for sign in PERCENT if folded.endswith(sign) and folded != sign), "")
        percent = _number(folded[: len(folded) - len(sign)].rstrip(), kind, text, Decimal(1))
        fraction = EXACT.divide(percent, _HUNDRED)
        if not MIN_FRACTION <= fraction <= 1:
            raise LimitOutOfRange(kind, text, Decimal(1))
        return LimitValue(fraction)
    if kind in COUNTS:
        most = Decimal(MAX_COUNT[kind])
        count = _number(folded, kind, text, most)
        if count != count.to_integral_value() or not 1 <= count <= most:
            raise LimitOutOfRange(kind, text, most)
        return LimitValue(count)
    amount = _number(priced(text, quote, None).number, kind, text, MAX_AMOUNT)
    if amount > MAX_AMOUNT:
        raise LimitOutOfRange(kind, text, MAX_AMOUNT)
    return LimitValue(amount)


def _number(number: str, kind: LimitKind, text: str, most: Decimal) -> Decimal:
    try:
        return read_amount(number, money=kind is LimitKind.ORDER)
    except (NotANumber, NotPositive):
        raise LimitOutOfRange(kind, text, most) from None


def _kind_before(ctx: Context) -> LimitKind | None:
    subject = read_before(LIMIT_SUBJECTS, ctx)
    return subject if isinstance(subject, LimitKind) else None


def _read_value(text: str, ctx: Context) -> LimitValue:
    return read_limit_value(_kind_before(ctx) or LimitKind.ORDER, text, ctx.quote_asset)


def _suggest_values(prefix: str, ctx: Context) -> list[Suggestion]:
    kind = _kind_before(ctx)
    words = () if kind is None else (*_OFFERED[kind], "off")
    offered = [Suggestion(word, ctx.text("choice-off") if word == "off" else word) for word in words]
    return [entry for entry in offered if begins(entry, prefix)]


def _value_span(words: tuple[str, ...], ctx: Context) -> int:
    return amount_span(words, ctx.quote_asset, None)


LIMIT_VALUES = Reader(_read_value, _suggest_values, _value_span)
