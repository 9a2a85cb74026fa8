"""Plans of resting orders: prices, sizes, immediate fills, holds and effects."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pipeline.errors import ExchangeFilterViolation
from tests.support.planning import NOW, RULES, SYMBOL, situation
from trading.errors import InsufficientFunds, NothingToSell
from trading.matching.order_planning import plan
from trading.orders.effects import Activated, Expired, Filled
from trading.orders.errors import (
    CannotFillWhole,
    ExpiryInPast,
    PriceOffTick,
    PricesInWrongOrder,
    StopOnWrongSide,
    TrailingDeltaOutOfRange,
    WouldTakeLiquidity,
)
from trading.orders.open_orders import EndReason, ListKind, ListRole
from trading.orders.requests import BracketRequest, OcoRequest, OrderRequest
from trading.orders.terms import OrderType, RelativePrice, TimeInForce
from trading.orders.types import BaseQuantity, Fill, QuoteAmount, Share, Side

D = Decimal
BUY, SELL = Side.BUY, Side.SELL


def test_limit_below_market_rests() -> None:
    planned = plan(OrderRequest(SYMBOL, BUY, OrderType.LIMIT, BaseQuantity(D(2)), D(99)), situation(BUY))
    assert (planned.plan.immediate, planned.effects, planned.taken) == (None, (), 0)
    assert (planned.plan.hold_asset, planned.plan.hold_amount, planned.hold_amount) == ("USDC", 198, 198)
    assert planned.orders[0].queue_ahead is None
    _, funds = planned.plan.balances_after
    assert (funds.available, funds.held) == (9802, 198)


def test_limit_at_best_price_joins_the_queue() -> None:
    planned = plan(OrderRequest(SYMBOL, BUY, OrderType.LIMIT, BaseQuantity(D(2)), D(100)), situation(BUY))
    assert planned.orders[0].queue_ahead == 5


def test_marketable_limit_fills_up_to_its_limit() -> None:
    book = (("100.10", "1"), ("100.20", "1"), ("100.30", "9"))
    request = OrderRequest(SYMBOL, BUY, OrderType.LIMIT, BaseQuantity(D(3)), D("100.20"))
    planned = plan(request, situation(BUY, levels=book, used="0.5"))
    execution = planned.plan.immediate
    assert execution is not None
    assert execution.fills == (Fill(D("100.10"), D("0.5")), Fill(D("100.20"), D(1)))
    assert (execution.unfilled, execution.rule, planned.taken) == (D("1.5"), "book", D("1.5"))
    assert planned.hold_amount == D("300.60")
    assert planned.plan.hold_amount == D("150.30")
    assert planned.orders[0].queue_ahead == 0
    assert [type(each.effect) for each in planned.effects] == [Filled]


def test_what_fills_at_once_leaves_enough_for_the_rest() -> None:
    """Three parts of a third of a unit each: the first is rounded down, because all of them cost one unit more."""
    fine = D("100.0000000033")
    request = OrderRequest(SYMBOL, BUY, OrderType.LIMIT, BaseQuantity(D(3)), fine)
    loose = replace(situation(BUY, levels=((str(fine), "1"),)), rules=replace(RULES, tick_size=D("1e-10")))
    planned = plan(request, loose)
    assert planned.hold_amount == D("300.00000001")
    assert planned.plan.hold_amount == D("200.00000001")
    assert planned.plan.immediate is not None
    assert planned.plan.immediate.quote_amount == 100


def test_ioc_rest_expires() -> None:
    request = OrderRequest(
        SYMBOL, SELL, OrderType.LIMIT, BaseQuantity(D(9)), D("99.99"), time_in_force=TimeInForce.IOC
    )  # fmt: skip
    planned = plan(request, situation(SELL, levels=(("100", "4"),)))
    assert planned.effects[1].effect == Expired(0, NOW, EndReason.IMMEDIATE)
    assert (planned.hold_amount, planned.plan.hold_amount) == (4, 0)


def test_fok_needs_the_whole_quantity() -> None:
    request = OrderRequest(SYMBOL, SELL, OrderType.LIMIT, BaseQuantity(D(9)), D(99), time_in_force=TimeInForce.FOK)
    with pytest.raises(CannotFillWhole) as refusal:
        plan(request, situation(SELL, levels=(("100", "4"), ("99", "4"), ("98", "4"))))
    assert refusal.value.available == 8


def test_maker_must_not_take() -> None:
    request = OrderRequest(SYMBOL, BUY, OrderType.LIMIT_MAKER, BaseQuantity(D(1)), D("100.1"))
    with pytest.raises(WouldTakeLiquidity):
        plan(request, situation(BUY))


def test_amount_buys_whole_steps_at_the_limit() -> None:
    planned = plan(OrderRequest(SYMBOL, BUY, OrderType.LIMIT, QuoteAmount(D(100)), D(99)), situation(BUY))
    assert planned.plan.terms[0].quantity == D("1.010")


def test_stop_purchase_holds_for_the_protection() -> None:
    request = OrderRequest(SYMBOL, BUY, OrderType.STOP_LOSS, BaseQuantity(D(1)), stop_price=RelativePrice(D("0.1")))
    planned = plan(request, situation(BUY))
    assert planned.plan.terms[0].stop_price == 110
    assert (planned.orders[0].hold_price, planned.plan.hold_amount) == (D("115.5"), D("115.5"))


def test_share_of_everything_fits_the_balance() -> None:
    request = OrderRequest(SYMBOL, BUY, OrderType.STOP_LOSS, Share(D(1)), stop_price=D(110))
    assert plan(request, situation(BUY)).hold_amount <= 10_000


def test_pair_holds_once() -> None:
    planned = plan(OcoRequest(SYMBOL, SELL, Share(D(1)), D(110), D(95)), situation(SELL))
    assert [each.type for each in planned.plan.terms] == [OrderType.LIMIT_MAKER, OrderType.STOP_LOSS]
    assert (planned.list_kind, planned.plan.hold_asset, planned.plan.hold_amount) == (ListKind.OCO, "BTC", 10)


def test_pair_prices_must_enclose_the_market() -> None:
    with pytest.raises(PricesInWrongOrder):
        plan(OcoRequest(SYMBOL, SELL, Share(D(1)), D(99), D(95)), situation(SELL))


def test_bracket_at_market_goes_live_net_of_fees() -> None:
    request = BracketRequest(SYMBOL, BUY, BaseQuantity(D(1)), RelativePrice(D("0.1")), RelativePrice(D("-0.05")))
    planned = plan(request, situation(BUY))
    assert [each.role for each in planned.orders] == [ListRole.WORKING, ListRole.LIMIT, ListRole.STOP]
    assert planned.plan.terms[1].limit_price == D("110.11")
    assert planned.plan.terms[2].stop_price == D("95.09")
    assert [each.effect for each in planned.effects[1:]] == [
        Activated(1, NOW, D("0.999")),
        Activated(2, NOW, D("0.999")),
    ]
    assert (planned.hold_amount, planned.plan.hold_amount) == (D("100.10"), 0)
    base, funds = planned.plan.balances_after
    assert planned.plan.exit_hold == D("0.999")
    assert (base.available, base.held, funds.available) == (10, D("0.999"), D("9899.90"))


def test_bracket_with_entry_price_waits() -> None:
    request = BracketRequest(SYMBOL, BUY, BaseQuantity(D(1)), D(120), D(90), entry_price=D(99))
    planned = plan(request, situation(BUY))
    assert (planned.effects, planned.plan.hold_amount, planned.plan.exit_hold) == ((), 99, None)


def test_amount_of_bracket_is_spent_at_the_ladder() -> None:
    request = BracketRequest(SYMBOL, BUY, QuoteAmount(D(100)), D(120), D(90))
    planned = plan(request, situation(BUY))
    assert planned.plan.terms[0].quantity == D("0.999")


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (OrderRequest(SYMBOL, BUY, OrderType.LIMIT, BaseQuantity(D(1)), D("99.005")), PriceOffTick),
        (OrderRequest(SYMBOL, SELL, OrderType.STOP_LOSS, BaseQuantity(D(1)), stop_price=D(100)), StopOnWrongSide),
        (OrderRequest(SYMBOL, SELL, OrderType.TAKE_PROFIT, BaseQuantity(D(1)), stop_price=D(99)), StopOnWrongSide),
        (OrderRequest(SYMBOL, SELL, OrderType.STOP_LOSS, Share(D(1)), trailing_delta=5), TrailingDeltaOutOfRange),
        (
            OrderRequest(
                SYMBOL, BUY, OrderType.LIMIT, BaseQuantity(D(1)), D(99),
                time_in_force=TimeInForce.GTD, expires_in_ms=59_999,
            ),
            ExpiryInPast,
        ),
        (OrderRequest(SYMBOL, BUY, OrderType.LIMIT, BaseQuantity(D("0.01")), D(99)), ExchangeFilterViolation),
        (OrderRequest(SYMBOL, BUY, OrderType.LIMIT, BaseQuantity(D(102)), D(99)), InsufficientFunds),
    ],
)  # fmt: skip
def test_refusals(request_: OrderRequest, error: type[Exception]) -> None:
    with pytest.raises(error):
        plan(request_, situation(request_.side))


def test_sale_without_holding() -> None:
    with pytest.raises(NothingToSell):
        plan(
            OrderRequest(SYMBOL, SELL, OrderType.LIMIT, BaseQuantity(D(1)), D(101)), situation(SELL, base="0")
        )  # fmt: skip


@pytest.mark.parametrize(
    ("side", "activation", "kind"),
    [
        (SELL, "105", OrderType.TAKE_PROFIT),
        (SELL, "95", OrderType.STOP_LOSS),
        (BUY, "95", OrderType.TAKE_PROFIT),
        (BUY, "105", OrderType.STOP_LOSS),
    ],
)
def test_the_activation_price_decides_what_a_trailing_order_is(side: Side, activation: str, kind: OrderType) -> None:
    request = OrderRequest(SYMBOL, side, OrderType.STOP_LOSS, BaseQuantity(D(1)), None, D(activation), 300)
    (terms,) = plan(request, situation(side)).plan.terms
    assert (terms.type, terms.stop_price, terms.trailing_delta) == (kind, D(activation), 300)


def test_a_date_is_absolute_and_may_be_near() -> None:
    request = OrderRequest(SYMBOL, BUY, OrderType.LIMIT, BaseQuantity(D(1)), D(99), time_in_force=TimeInForce.GTD)
    assert plan(replace(request, expires_in_ms=60_000), situation(BUY)).plan.terms[0].expires_at == NOW + 60_000
    assert plan(replace(request, expires_at=NOW + 1), situation(BUY)).plan.terms[0].expires_at == NOW + 1
    with pytest.raises(ExpiryInPast):
        plan(replace(request, expires_at=NOW), situation(BUY))


def test_an_entry_is_named_where_its_exits_are_on_the_wrong_side() -> None:
    with pytest.raises(PricesInWrongOrder) as refused:
        plan(BracketRequest(SYMBOL, BUY, BaseQuantity(D(1)), D(98), D(90), entry_price=D(99)), situation(BUY))
    assert (refused.value.entry, refused.value.last_price) == (True, 99)
