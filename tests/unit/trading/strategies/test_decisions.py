"""Decisions of a rule: entries, exits, their sizes, and what protects a position."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from pipeline.market import Symbol
from pipeline.rules import LotSize, Notional, SymbolRules
from trading.orders.requests import OcoRequest, OrderRequest
from trading.orders.terms import OrderType
from trading.orders.types import BaseQuantity, QuoteAmount, Side
from trading.strategies.decisions import MarketRequest, StrategyState, decide, in_position, protection

D = Decimal
RULES = SymbolRules(
    Symbol("BTCUSDC"),
    "BTC",
    "USDC",
    tick_size=D("0.01"),
    lot=LotSize(D("0.001"), D(0), D("0.001")),
    notional=Notional(D(5), D(0)),
)


@dataclass(frozen=True)
class Size:
    kind: str
    amount: Decimal | None = None


@dataclass(frozen=True)
class Rule:
    entry_size: Size = Size("max")
    exit_size: Size = Size("max")
    stop: Decimal | None = None
    take_profit: Decimal | None = None
    trailing: Decimal | None = None


def state(
    quantity: str = "0", *, available: str = "1000", equity: str = "1000", entry: str | None = None
) -> StrategyState:
    return StrategyState(D(quantity), None if entry is None else D(entry), D(equity), D(available))


def bought(size: Size, given: StrategyState, price: str = "100") -> BaseQuantity | QuoteAmount | None:
    request = decide(Rule(entry_size=size), given, D(price), RULES, entry=True, exit_=False)
    assert request is None or request.side is Side.BUY
    return None if request is None else request.size


def sold(size: Size, quantity: str, price: str = "100") -> Decimal | None:
    given = state(quantity, available="0", entry="90")
    request = decide(Rule(exit_size=size), given, D(price), RULES, entry=False, exit_=True)
    assert request is None or (request.side is Side.SELL and isinstance(request.size, BaseQuantity))
    return None if request is None else request.size.amount


def test_an_entry_buys_once() -> None:
    assert bought(Size("max"), state()) == QuoteAmount(D(1000))
    assert decide(Rule(), state("1", entry="100"), D(100), RULES, entry=True, exit_=False) is None
    assert decide(Rule(), state(), D(100), RULES, entry=False, exit_=True) is None
    assert decide(Rule(), state(), D(100), RULES, entry=False, exit_=False) is None


@pytest.mark.parametrize(("quantity", "side"), [("0", Side.BUY), ("1", Side.SELL)])
def test_of_both_signals_the_one_that_can_trade_counts(quantity: str, side: Side) -> None:
    request = decide(Rule(), state(quantity, entry="90"), D(100), RULES, entry=True, exit_=True)
    assert request is not None
    assert request.side is side


@pytest.mark.parametrize(
    ("size", "available", "expected"),
    [
        (Size("share", D("0.25")), "1000", QuoteAmount(D(500))),  # of an equity of 2,000
        (Size("share", D("0.75")), "1000", QuoteAmount(D(1000))),  # cut to the cash
        (Size("quote", D(300)), "1000", QuoteAmount(D(300))),
        (Size("quote", D(3000)), "1000", QuoteAmount(D(1000))),
        (Size("base", D(2)), "1000", BaseQuantity(D(2))),
        (Size("base", D(20)), "1000", QuoteAmount(D(1000))),
        (Size("max"), "0", None),
        (Size("max"), "-1", None),
    ],
)
def test_sizes_of_purchases(size: Size, available: str, expected: BaseQuantity | QuoteAmount | None) -> None:
    assert bought(size, state(available=available, equity="2000")) == expected


@pytest.mark.parametrize(
    ("size", "quantity", "expected"),
    [
        (Size("max"), "1.2345678", "1.2345678"),  # with the rest below a step
        (Size("share", D("0.5")), "1.2345678", "0.617"),
        (Size("quote", D(50)), "1.2345678", "0.500"),
        (Size("base", D("0.3")), "1.2345678", "0.300"),
        (Size("base", D(7)), "1.2345678", "1.2345678"),
        (Size("share", D("0.01")), "1.2345678", "1.2345678"),  # worth 1.23: below the smallest order
        (Size("share", D("0.99")), "1.2345678", "1.2345678"),  # would leave too little to sell
    ],
)
def test_sizes_of_sales(size: Size, quantity: str, expected: str) -> None:
    assert sold(size, quantity) == D(expected)


def test_a_rest_below_the_smallest_order_is_no_position() -> None:
    assert not in_position(D("0.0009"), RULES)
    assert in_position(D("0.001"), RULES)
    assert bought(Size("max"), state("0.0009")) == QuoteAmount(D(1000))


def test_a_stop_and_a_take_profit_rest_as_a_pair() -> None:
    rule = Rule(stop=D("0.05"), take_profit=D("0.1"))
    found = protection(rule, D("1.2345678"), D("100.003"), D(100), RULES)
    size = BaseQuantity(D("1.234"))
    # away from the entry: the stop rounds down, the take profit up
    assert found == OcoRequest(RULES.symbol, Side.SELL, size, D("110.01"), D("95.00"))
    alone = protection(Rule(stop=D("0.05")), D(1), D(100), D(100), RULES)
    assert alone == OrderRequest(RULES.symbol, Side.SELL, OrderType.STOP_LOSS, BaseQuantity(D(1)), stop_price=D(95))
    alone = protection(Rule(take_profit=D("0.1")), D(1), D(100), D(100), RULES)
    assert alone == OrderRequest(RULES.symbol, Side.SELL, OrderType.LIMIT, BaseQuantity(D(1)), limit_price=D(110))
    assert protection(Rule(), D(1), D(100), D(100), RULES) is None
    assert protection(rule, D("0.0001"), D(100), D(100), RULES) is None


@pytest.mark.parametrize("last", ["95", "94", "110", "112"])
def test_a_market_beyond_the_protection_is_left_at_once(last: str) -> None:
    rule = Rule(stop=D("0.05"), take_profit=D("0.1"))
    found = protection(rule, D("1.0005"), D(100), D(last), RULES)
    assert found == MarketRequest(RULES.symbol, Side.SELL, BaseQuantity(D("1.0005")))


def test_beside_a_trailing_stop_the_others_are_compared_with_the_close() -> None:
    rule = Rule(stop=D("0.05"), take_profit=D("0.1"), trailing=D("0.025"))
    found = protection(rule, D(1), D(100), D(100), RULES)
    assert found == OrderRequest(RULES.symbol, Side.SELL, OrderType.STOP_LOSS, BaseQuantity(D(1)), trailing_delta=250)

    def leaves(price: str) -> bool:
        return decide(rule, state("1", entry="100"), D(price), RULES, entry=True, exit_=False) is not None

    assert [leaves(price) for price in ("94.99", "95", "95.01", "109.99", "110")] == [True, True, False, False, True]
    without = Rule(stop=D("0.05"))
    assert decide(without, state("1", entry="100"), D(90), RULES, entry=False, exit_=False) is None
