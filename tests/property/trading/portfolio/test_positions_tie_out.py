"""Positions by average cost against a model in fractions, and the sums that must tie out to the last digit."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pipeline.market import Symbol
from trading.portfolio.positions import Holding, Mark, after_buy, after_sale, value_portfolio

UNIT = Decimal("0.01")
GRANT = Decimal(1_000_000)
BTC = Symbol("BTCUSDC")

units = st.integers(1, 10**7)
trades = st.lists(st.tuples(st.sampled_from(["buy", "sell", "sell all"]), units, units), max_size=30)
marks = st.one_of(st.none(), st.decimals("0.0001", "99999", places=4))


@given(trades, marks)
def test_realised_and_unrealised_are_exactly_equity_less_the_grant(
    history: list[tuple[str, int, int]], price: Decimal | None
) -> None:
    holding, cash = Holding(), GRANT
    for kind, quantity, money in history:
        amount, quote = quantity * Decimal("0.001"), money * UNIT
        if kind == "buy":
            holding, cash = after_buy(holding, amount, quote), cash - quote
        elif holding.quantity:
            sold = holding.quantity if kind == "sell all" else min(amount, holding.quantity)
            holding, cash = after_sale(holding, sold, quote, UNIT), cash + quote
    prices = {} if price is None else {BTC: Mark(price, 2, stale=False)}
    portfolio = value_portfolio("USDC", cash, GRANT, {(BTC, "BTC"): holding}, prices)
    assert portfolio.realised + portfolio.unrealised == portfolio.equity - portfolio.granted == portfolio.profit
    assert bool(portfolio.positions) == bool(holding.quantity)
    if not holding.quantity:
        assert holding.cost == 0


@given(trades)
def test_released_cost_is_the_sold_share_of_the_whole_within_one_unit(history: list[tuple[str, int, int]]) -> None:
    holding = Holding()
    for kind, quantity, money in history:
        amount, quote = quantity * Decimal("0.001"), money * UNIT
        if kind == "buy":
            holding = after_buy(holding, amount, quote)
        elif holding.quantity:
            sold = holding.quantity if kind == "sell all" else min(amount, holding.quantity)
            exact = Fraction(holding.cost) * Fraction(sold) / Fraction(holding.quantity)
            after = after_sale(holding, sold, quote, UNIT)
            released = Fraction(holding.cost - after.cost)
            assert 0 <= exact - released < Fraction(UNIT)
            assert Fraction(after.realised - holding.realised) == Fraction(quote) - released
            holding = after
