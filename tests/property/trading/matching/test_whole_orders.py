"""Whatever is held for a purchase pays for all of it, in however many parts it fills."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pipeline.market import SourceKind, Symbol
from pipeline.rules import LotSize, SymbolRules
from tests.support.open_orders import opened
from trading.matching.executions import execution_of
from trading.matching.symbol_orders import SymbolOrders
from trading.orders.effects import Filled, MarketTrade
from trading.orders.holds import need_of
from trading.orders.open_orders import Hold
from trading.orders.terms import OrderType
from trading.orders.types import Side

D = Decimal
SYMBOL = Symbol("BTCUSDC")
STEP, TICK = D("0.1"), D("0.001")
RULES = SymbolRules(
    SYMBOL, "BTC", "USDC", base_scale=3, quote_scale=2, tick_size=TICK, lot=LotSize(STEP, D(1000), STEP)
)  # fmt: skip


@given(
    st.integers(150, 3000), st.integers(1, 60), st.lists(st.tuples(st.integers(1, 9), st.integers(0, 3)), max_size=70)
)
def test_a_purchase_in_parts_is_paid_by_its_hold(limit: int, steps: int, trades: list[tuple[int, int]]) -> None:
    """Tick x step is a hundredth of the unit of the quote asset. Some trades are at the limit, others below it."""
    price, quantity = limit * TICK, steps * STEP
    held = need_of(Side.BUY, quantity, price, RULES)
    order = opened(1, Side.BUY, OrderType.LIMIT, str(quantity), str(price), ahead="0")
    order = replace(order, hold=Hold(1, "USDC", held))
    book, paid, worth = SymbolOrders(SYMBOL, RULES), D(0), D(0)
    book.put(order)
    for time, (size, below) in enumerate([*trades, (steps, 1)], start=1):
        for effect in book.take(MarketTrade(time, price - below * TICK, size * STEP)):
            assert isinstance(effect, Filled), "nothing expires for lack of funds"
            execution = execution_of(order, effect, RULES, SourceKind.SIMULATOR, 0)
            exact = sum((fill.price * fill.quantity for fill in effect.fills), D(0))
            paid, worth = paid + execution.quote_amount, worth + exact
            assert abs(execution.quote_amount - exact) < D("0.01")
            assert execution.quote_amount > 0
    assert book.get(1) is None, "all of it is filled"
    assert worth <= paid <= held
