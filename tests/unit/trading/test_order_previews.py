"""Previews of resting orders and groups of orders as they wait in Redis."""

from decimal import Decimal

import pytest

from pipeline.market import Symbol
from trading.order_groups.types import GroupOrder, OrderGroup
from trading.order_previews import AmendmentWish
from trading.orders.requests import BracketRequest, OcoRequest, OrderRequest
from trading.orders.terms import OrderType, RelativePrice, TimeInForce
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side
from trading.preview_store import decode, encode
from trading.previews import Previewed

D = Decimal
BTC = Symbol("BTCUSDC")
UP = RelativePrice(D("0.05"))


@pytest.mark.parametrize(
    "request_",
    [
        OrderRequest(BTC, Side.BUY, OrderType.LIMIT, BaseQuantity(D("0.10")), D("65000.00")),
        OrderRequest(
            BTC, Side.SELL, OrderType.STOP_LOSS, Share(D("0.5")), stop_price=UP, trailing_delta=300,
            time_in_force=TimeInForce.GTD, expires_in_ms=86_400_000,
        ),
        OcoRequest(BTC, Side.SELL, QuoteAmount(D(1000)), UP, D(60000), D(59900)),
        OcoRequest(BTC, Side.SELL, QuoteAmount(D(1000)), D(75000), RelativePrice(D("-0.02"))),
        BracketRequest(BTC, Side.BUY, Share(D(1)), UP, D(60000)),
        BracketRequest(BTC, Side.BUY, Share(D(1)), UP, D(60000), D(64000), D(59900)),
        OrderGroup(
            3, 1, "USDC", (GroupOrder(Side.SELL, BTC, D("0.10"), D("60000.5"), whole_balance=True),), D("-5.25"),
            {BTC: D("0.5")}, with_cash=True,
        ),
        AmendmentWish(12, price=UP),
        AmendmentWish(12, quantity=D("0.05")),
    ],
)  # fmt: skip
def test_a_preview_is_read_back_as_it_was_written(request_: Previewed) -> None:
    assert decode(encode(request_)) == request_
