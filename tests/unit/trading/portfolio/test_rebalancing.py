"""The plan sells before it buys, in lots and above minimums, and spends what the sales bring."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.decimals import is_multiple
from pipeline.market import Quote, Symbol
from pipeline.rules import SymbolRules
from tests.fakes.priced_market import rules_for
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side
from trading.portfolio.rebalancing import RebalancingPlan, rebalancing_plan

D = Decimal
FEE = D("0.001")
BTC, ETH, SOL = Symbol("BTCUSDC"), Symbol("ETHUSDC"), Symbol("SOLUSDC")
STEPS = {BTC: "0.00001", ETH: "0.0001", SOL: "0.001"}
PRICES = {BTC: ("59990", "60000"), ETH: ("1999", "2000"), SOL: ("20", "20.01")}


def plan(weights: dict[Symbol, Decimal], held: dict[Symbol, Decimal], least: str = "5") -> RebalancingPlan:
    return rebalancing_plan(weights, held, {each: quote(each) for each in weights}, rules(least), FEE)


def quote(symbol: Symbol) -> Quote:
    bid, ask = (D(each) for each in PRICES[symbol])
    return Quote(symbol, 0, 0, 15_000, bid, bid, D(1), ask, D(1))


def rules(least: str = "5") -> dict[Symbol, SymbolRules]:
    return {each: rules_for(each.removesuffix("USDC"), step, min_notional=least) for each, step in STEPS.items()}


def test_a_plan_by_hand() -> None:
    found = plan({BTC: D("0.5"), ETH: D("0.5")}, {BTC: D(1)})
    sale, purchase = found.trades
    assert (sale.side, sale.symbol, sale.size, sale.value) == (Side.SELL, BTC, BaseQuantity(D("0.5")), D(29_995))
    assert sale.fee == D("29.995")
    assert (purchase.side, purchase.symbol, purchase.size) == (Side.BUY, ETH, QuoteAmount(D("29965.00")))
    assert purchase.value == D("14.9825") * 2000
    ethers = D("14.9825") * (1 - FEE) * 1999
    assert found.realised[ETH] == pytest.approx(ethers / (ethers + 29_995))
    assert found.fees == D("29.995") + D("29.965")


def test_a_coin_without_weight_is_sold_whole_with_what_no_lot_holds() -> None:
    found = plan({BTC: D(1), ETH: D(0)}, {BTC: D(1), ETH: D("3.00005")})
    assert found.trades[0].size == Share(D(1))
    assert found.realised[ETH] == 0


def test_coins_on_hold_are_not_sold() -> None:
    weights, held = {BTC: D(0), ETH: D(1)}, {BTC: D(1)}
    quotes = {each: quote(each) for each in weights}
    found = rebalancing_plan(weights, held, quotes, rules(), FEE, on_hold={BTC: D("0.6")})
    assert (found.trades[0].size, found.trades[0].value) == (Share(D(1)), D("0.4") * 59_990)
    assert (found.on_hold, found.too_small) == ((BTC,), ())
    found = rebalancing_plan(weights, held, quotes, rules(), FEE, on_hold={BTC: D(1)})
    assert (found.trades, found.on_hold, found.too_small) == ((), (BTC,), ())
    assert found.unpaid == (ETH,)
    assert found.realised[BTC] == 1


def test_changes_below_the_minimum_are_left_out_and_named() -> None:
    found = plan({BTC: D("0.4999"), ETH: D("0.5001")}, {BTC: D("0.01"), ETH: D("0.3")})
    assert found.trades == ()
    assert found.too_small == (BTC, ETH)
    assert sum(found.realised.values()) == 1


def test_weights_that_are_there_need_no_trade() -> None:
    found = plan({SOL: D(1)}, {SOL: D(100)})
    assert (found.trades, found.too_small, found.realised) == ((), (), {SOL: 1})


amounts = st.decimals(D("0.0001"), D(500), places=4)


@given(st.tuples(*[st.integers(0, 100)] * 3).filter(any), st.tuples(amounts, amounts, amounts))
@settings(max_examples=60, deadline=None)
def test_what_holds_for_every_plan(parts: tuple[int, ...], quantities: tuple[Decimal, ...]) -> None:
    weights = {each: D(part) / sum(parts) for each, part in zip(STEPS, parts, strict=True)}
    held = dict(zip(STEPS, quantities, strict=True))
    found = plan(weights, held)
    sales = [trade for trade in found.trades if trade.side is Side.SELL]
    purchases = [trade for trade in found.trades if trade.side is Side.BUY]
    assert [*sales, *purchases] == list(found.trades)
    spent = sum(trade.size.amount for trade in purchases if isinstance(trade.size, QuoteAmount))
    assert spent <= sum(trade.value - trade.fee for trade in sales)
    for trade in found.trades:
        assert trade.value >= 5
        if isinstance(trade.size, BaseQuantity):
            assert is_multiple(trade.size.amount, D(STEPS[trade.symbol]))
            assert trade.size.amount < held[trade.symbol]
    assert float(sum(found.realised.values())) == pytest.approx(1)
    assert not {trade.symbol for trade in found.trades} & set(found.too_small)
