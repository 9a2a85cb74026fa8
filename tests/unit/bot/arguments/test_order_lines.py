"""Resting orders as traders type them, read into the values of a command."""

from datetime import datetime
from decimal import Decimal

import pytest

from bot.arguments.order_options import OrderOption
from bot.arguments.order_prices import AtPrice, NewPrice, NewQuantity, TrailingDistance, WithLimit
from bot.arguments.order_references import EveryOrder
from bot.context import Context
from bot.errors import (
    DecimalComma,
    ExponentNotation,
    ForeignDigits,
    MissingArgument,
    NotAChoice,
    NotADate,
    NotAnOrderNumber,
    NotAnOrderPrice,
    NotATrailingDistance,
    OtherCurrency,
    ThousandsSeparator,
    TooManyArguments,
    TrailingDistanceWithoutUnit,
)
from core.errors import DeskError, NotPositive
from pipeline.errors import UnknownSymbol
from pipeline.market import Symbol
from tests.unit.bot.arguments.typed import values
from trading.orders.terms import RelativePrice, TimeInForce
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side

D = Decimal
BTC = Symbol("BTCUSDC")
DAY_MS = 86_400_000


@pytest.mark.parametrize(
    "text",
    [
        "/limit BTC sell 0.1 @ 65000",
        "/limit BTC sell 0.1 65000",
        "/limit BTC sell 0.1 @65000",
        "/limit BTC sell 0.1@65000",
        "/limit BTC sell 0.1 at 65k",
        "/limit BTC sell 0.1 ＠ ６５０００",
        "/limit BTC sell 0.1 @ 65,000",
        "/limit BTC sell 0.1 @ 65 000",
        "/limit BTC sell 0.1 @ $65,000.00",
        "/limit BTC sell 0.1 @ 65000 usdc",
        "/limit BTC sell 0.1 btc @ 65000",
        "/limit sell BTC 0.1 @ 65000",
        "/limit sell 0.1 BTC @ 65000",
        "/limit sell 0.1btc @ 65000",
        "/limit BTC 0.1 sell 65000",
        "/limit BTC 0.1 @ 65000 sell",
        "/limit sell 0.1 @ 65000 BTC",
        "/limit @ 65000 BTC sell 0.1",
        "/limit sell 0.1 of BTC at 65000",
        "/limit BTC Sell 0.1 Price 65000",
        "/limit 비트코인 매도 0.1개 6만5천",
        "/limit 비트코인 0.1 매도 6만5천에",
        "/limit 매도 BTC 0.1 가격 65000",
        "/limit BTC sell 0.1 @ @ 65000",
    ],
)
def test_a_limit_order_is_read_as_traders_type_it(text: str, ctx: Context) -> None:
    assert values(text, ctx) == [BTC, Side.SELL, BaseQuantity(D("0.1")), AtPrice(D(65000)), ()]


@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ("1000usdc", QuoteAmount(D(1000))),
        ("$1000", QuoteAmount(D(1000))),
        ("1 000 usdc", QuoteAmount(D(1000))),
        ("50%", Share(D("0.5"))),
        ("50 %", Share(D("0.5"))),
        ("half", Share(D("0.5"))),
        ("max", Share(D(1))),
        ("all", Share(D(1))),
        ("전부", Share(D(1))),
        ("1 000", BaseQuantity(D(1000))),
    ],
)
def test_sizes_are_those_of_buy(typed: str, size: object, ctx: Context) -> None:
    for line in (f"/limit BTC buy {typed} @ 65 000", f"/limit buy {typed} BTC 65 000"):
        assert values(line, ctx)[2:4] == [size, AtPrice(D(65000))]


@pytest.mark.parametrize(
    ("typed", "fraction"),
    [("+5%", "0.05"), ("-2%", "-0.02"), ("- 2 %", "-0.02"), ("—2%", "-0.02"), ("+0.5퍼센트", "0.005")],
)
def test_a_price_may_be_relative(typed: str, fraction: str, ctx: Context) -> None:
    assert values(f"/limit BTC buy 0.1 @ {typed}", ctx)[3] == AtPrice(RelativePrice(D(fraction)))
    assert values(f"/limit BTC buy 0.1 {typed}", ctx)[3] == AtPrice(RelativePrice(D(fraction)))


def test_the_last_of_two_numbers_is_the_price(ctx: Context) -> None:
    assert values("/limit ETH buy 2 950", ctx)[2:4] == [BaseQuantity(D(2)), AtPrice(D(950))]
    assert values("/limit ETH buy 1 000 950", ctx)[2:4] == [BaseQuantity(D(1000)), AtPrice(D(950))]


@pytest.mark.parametrize(
    ("typed", "option"),
    [
        ("gtc", OrderOption("gtc", TimeInForce.GTC)),
        ("IOC", OrderOption("IOC", TimeInForce.IOC)),
        ("fok", OrderOption("fok", TimeInForce.FOK)),
        ("maker", OrderOption("maker", maker=True)),
        ("post-only", OrderOption("post-only", maker=True)),
        ("1d", OrderOption("1d", TimeInForce.GTD, lifetime_ms=DAY_MS)),
        ("2 days", OrderOption("2 days", TimeInForce.GTD, lifetime_ms=2 * DAY_MS)),
        ("12h", OrderOption("12h", TimeInForce.GTD, lifetime_ms=DAY_MS // 2)),
        ("3일", OrderOption("3일", TimeInForce.GTD, lifetime_ms=3 * DAY_MS)),
    ],
)
def test_options_follow_the_price(typed: str, option: OrderOption, ctx: Context) -> None:
    assert values(f"/limit BTC buy 0.1 @ 65000 {typed}", ctx)[4] == (option,)
    assert values(f"/limit BTC buy 0.1 65000 {typed}", ctx)[4] == (option,)
    if " " not in typed:
        assert values(f"/limit BTC buy {typed} 0.1 @ 65000", ctx)[4] == (option,)


def test_a_date_lasts_until_its_end_where_the_user_is(ctx: Context) -> None:
    (option,) = values("/limit BTC buy 0.1 @ 65000 2021-04-03", ctx)[4]
    midnight = datetime(2021, 4, 4, tzinfo=ctx.format.zone)
    assert option.time_in_force is TimeInForce.GTD
    assert option.expires_at == midnight.timestamp() * 1000
    assert values("/limit BTC buy 0.1 @ 65000 until 2021.4.3", ctx)[4][0].expires_at == option.expires_at
    assert values("/limit BTC buy 0.1 @ 65000 2021-04-03까지", ctx)[4][0].expires_at == option.expires_at


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("/stop BTC sell 0.1 60000 limit 59900", "/stop BTC sell 0.1 @ 60000 limit 59900"),
        ("/stop BTC sell 0.1 limit 59900 @ 60000", "/stop BTC sell 0.1 @ 60000 limit 59900"),
        ("/stop BTC sell 0.1 limit 59900 60000", "/stop BTC sell 0.1 @ 60000 limit 59900"),
        ("/stop BTC 매도 0.1 6만 지정가 59900", "/stop BTC sell 0.1 @ 60000 limit 59900"),
        ("/stop BTC sell 0.1 @ 60000 1d limit 59900", "/stop BTC sell 0.1 @ 60000 limit 59900 1d"),
        ("/tp sell 0.1 BTC +10% limit=+9%", "/tp BTC sell 0.1 @ +10% limit +9%"),
        ("/trail BTC sell 0.1 by 3% from 72k", "/trail BTC sell 0.1 3% from 72000"),
        ("/trail BTC sell 0.1 from 72k 3%", "/trail BTC sell 0.1 3% from 72000"),
        ("/trail BTC sell 0.1 300 bips", "/trail BTC sell 0.1 3%"),
        ("/trail BTC sell 0.1 300bp", "/trail BTC sell 0.1 3%"),
        ("/oco BTC sell 0.1 sl 60000 tp 75000", "/oco BTC sell 0.1 tp 75000 sl 60000"),
        ("/oco BTC sell 0.1 take profit 75000 stop loss 60000", "/oco BTC sell 0.1 tp 75000 sl 60000"),
        ("/oco BTC sell 0.1 tp75000 sl:60000", "/oco BTC sell 0.1 tp 75000 sl 60000"),
        ("/oco BTC sell 0.1 75000 60000", "/oco BTC sell 0.1 tp 75000 sl 60000"),
        ("/oco BTC 매도 0.1 익절 75000 손절 60000", "/oco BTC sell 0.1 tp 75000 sl 60000"),
        ("/oco BTC sell tp 75000 sl 60000 0.1", "/oco BTC sell 0.1 tp 75000 sl 60000"),
        ("/bracket BTC buy 1000usdc 64000 tp +5% sl -2%", "/bracket BTC buy 1000usdc @ 64000 tp +5% sl -2%"),
        ("/bracket buy BTC 1000 usdc tp +5% sl -2% @ 64k", "/bracket BTC buy 1000usdc @ 64000 tp +5% sl -2%"),
        ("/amend price 64000 12", "/amend 12 price 64000"),
        ("/amend #12 64000", "/amend 12 price 64000"),
        ("/amend 12 @ 64000", "/amend 12 price 64000"),
        ("/amend 12번 가격 64000", "/amend 12 price 64000"),
        ("/amend 12 수량 0.05", "/amend 12 quantity 0.05"),
        ("/amend 12 quantity 0.05 price 64000", "/amend 12 price 64000 quantity 0.05"),
    ],
)
def test_markers_may_stand_in_any_order(written: str, line: str, ctx: Context) -> None:
    assert values(written, ctx) == values(line, ctx)


def test_optional_prices_may_be_left_out(ctx: Context) -> None:
    assert values("/stop BTC sell 0.1 @ 60000", ctx)[3:] == [AtPrice(D(60000)), None, ()]
    assert values("/stop BTC sell 0.1 @ 60000 limit 59900", ctx)[4] == WithLimit(D(59900))
    assert values("/trail BTC sell 0.1 2.55%", ctx)[3:] == [TrailingDistance(255), None, ()]
    assert values("/bracket BTC buy 0.1 tp +1% sl -2%", ctx)[5] is None
    assert values("/amend 12 quantity 0.05", ctx) == [12, None, NewQuantity(D("0.05"))]
    assert values("/amend 12 -1%", ctx)[1] == NewPrice(RelativePrice(D("-0.01")))


def test_cancel_takes_an_order_all_or_a_symbol(ctx: Context) -> None:
    assert values("/cancel 12", ctx) == [12, None]
    assert values("/cancel #12", ctx) == [12, None]
    assert values("/cancel ALL", ctx) == [EveryOrder(), None]
    assert values("/cancel 전체", ctx) == [EveryOrder(), None]
    assert values("/cancel bitcoin", ctx) == [EveryOrder(BTC), None]
    assert values("/cancel", ctx) == [None, None]


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("/limit", "symbol"),
        ("/limit 0.1 @ 65000", "symbol"),
        ("/limit buy 0.1 @ 65000", "symbol"),
        ("/limit BTC", "side"),
        ("/limit BTC 0.1 @ 65000", "side"),
        ("/limit BTC buy", "size"),
        ("/limit BTC buy @ 65000", "size"),
        ("/limit BTC buy 0.1", "price"),
        ("/limit BTC buy 0.1 gtc", "price"),
        ("/trail BTC sell 0.1", "distance"),
        ("/oco BTC sell 0.1", "take_profit"),
        ("/oco BTC sell 0.1 tp 75000", "stop_loss"),
        ("/amend", "order"),
        ("/amend price 64000", "order"),
        ("/order", "order"),
    ],
)
def test_what_is_missing_is_asked_for(line: str, missing: str, ctx: Context) -> None:
    with pytest.raises(MissingArgument) as refused:
        values(line, ctx)
    assert refused.value.parameter == missing


@pytest.mark.parametrize(
    ("line", "complete"),
    [
        ("/limit buy 0.1 @ 65000 BTC", "/limit BTC buy 0.1 @ 65000"),
        ("/limit BTC 0.1 @ 65000 buy", "/limit BTC buy 0.1 @ 65000"),
        ("/limit BTC buy @ 65000 0.1", "/limit BTC buy 0.1 @ 65000"),
        ("/limit BTC buy 0.1 gtc 65000", "/limit BTC buy 0.1 @ 65000 gtc"),
        ("/limit BTC buy @ 65000 1d 0.1", "/limit BTC buy 0.1 @ 65000 1d"),
        ("/oco BTC sell 0.1 tp 75000 60000", "/oco BTC sell 0.1 tp 75000 sl 60000"),
    ],
)
def test_the_answer_to_a_question_comes_last(line: str, complete: str, ctx: Context) -> None:
    assert values(line, ctx) == values(complete, ctx)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("/limit NOPE buy 0.1 @ 65000", UnknownSymbol),
        ("/limit BTC buy 0.1 foo", NotAnOrderPrice),
        ("/limit BTC buy 0.1 @ foo", NotAnOrderPrice),
        ("/limit BTC buy 0.1 @ NaN", NotAnOrderPrice),
        ("/limit BTC buy 0.1 @ +5", NotAnOrderPrice),
        ("/limit BTC buy 0.1 @ -100%", NotAnOrderPrice),
        ("/limit BTC buy 0.1 @ +1001%", NotAnOrderPrice),
        ("/limit BTC buy 0.1 @ 5%", NotAChoice),
        ("/limit BTC buy 0.1 @ -5", NotPositive),
        ("/limit BTC buy 0.1 @ 0", NotPositive),
        ("/limit BTC buy 0 @ 65000", NotPositive),
        ("/limit BTC buy 0.1 @ 1e9", ExponentNotation),
        ("/limit BTC buy 0.1 @ ٣٤", ForeignDigits),
        ("/limit BTC buy 0.1 @ 65,00", DecimalComma),
        ("/limit SOL buy 1 @ 1,950", ThousandsSeparator),
        ("/limit BTC buy 0.1 @ 65.000", NotAChoice),
        ("/limit BTC buy 0.1 @ 65000 eur", OtherCurrency),
        ("/limit BTC buy 0.1 @ 65000 xyz", TooManyArguments),
        ("/limit BTC buy 0.1 @ 65000 2021-02-31", NotADate),
        ("/limit BTC buy 0.1 @ 65000 0d", NotAChoice),
        ("/trail BTC sell 0.1 3", TrailingDistanceWithoutUnit),
        ("/trail BTC sell 0.1 0.001%", NotATrailingDistance),
        ("/trail BTC sell 0.1 100%", NotATrailingDistance),
        ("/trail BTC sell 0.1 abc", NotATrailingDistance),
        ("/oco BTC sell 0.1 tp 75000 sl 60000 tp 80000", TooManyArguments),
        ("/limit BTC buy sell 0.1 @ 65000", DeskError),
        ("/order abc", NotAnOrderNumber),
        ("/order 9999999999999999999", NotAnOrderNumber),
        ("/amend abc price 1", NotAnOrderNumber),
        ("/amend 12 price abc", DeskError),
        ("/cancel nope", UnknownSymbol),
        ("/cancel 12 13", NotAChoice),
    ],
)
def test_a_bad_line_is_refused_with_its_reason(line: str, error: type[DeskError], ctx: Context) -> None:
    with pytest.raises(error):
        values(line, ctx)


@pytest.mark.parametrize(
    ("line", "parameter"),
    [
        ("/limit BTC buy 0.1 @", "price"),
        ("/limit BTC buy 0.1 at", "price"),
        ("/stop BTC sell 0.1 50000 limit", "limit"),
        ("/trail BTC sell 0.1 3% from", "activation"),
        ("/trail BTC sell 0.1 by", "distance"),
        ("/bracket BTC buy 0.1 tp", "take_profit"),
        ("/bracket BTC buy 0.1 tp 70000 sl", "stop_loss"),
        ("/oco BTC sell 0.1 익절", "take_profit"),
        ("/bracket BTC buy 0.1 @ 57000 tp", "take_profit"),
        ("/bracket BTC buy 0.1 @ 57000 tp 60000 sl", "stop_loss"),
        ("/bracket BTC buy 0.1 @ 57000 tp sl 50000", "take_profit"),
        ("/oco BTC sell 0.1 tp sl", "take_profit"),
        ("/limit BTC buy 0.1 @ for 1d", "price"),
        ("/amend 12 price quantity 5", "price"),
        ("/amend 12 price", "price"),
        ("/amend 12 quantity", "quantity"),
        ("/amend 12 수량", "quantity"),
    ],
)
def test_a_word_without_its_price_asks_for_it(line: str, parameter: str, ctx: Context) -> None:
    with pytest.raises(MissingArgument) as missing:
        values(line, ctx)
    assert missing.value.parameter == parameter
