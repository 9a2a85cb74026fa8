from decimal import Decimal

import pytest

from pipeline.market import Symbol
from trading.portfolio.positions import Holding, Mark, after_buy, after_sale, value_portfolio, value_position

D = Decimal
BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")
UNIT = D("0.01")


def test_average_cost_includes_the_fee_taken_from_what_was_bought() -> None:
    holding = after_buy(Holding(), D("0.999"), D(100))
    assert value_position(BTC, "BTC", holding, None).average_cost == D("100.100100100101")


def test_a_sale_realises_net_proceeds_less_the_average_cost_of_what_was_sold() -> None:
    holding = after_buy(after_buy(Holding(), D(1), D(100)), D(1), D(200))
    assert after_sale(holding, D("0.5"), D(90), UNIT) == Holding(D("1.5"), D(225), D(15))


def test_the_last_sale_releases_the_whole_cost() -> None:
    holding = after_buy(Holding(), D(3), D("0.01"))
    for _ in range(2):
        holding = after_sale(holding, D(1), D(0), UNIT)
    assert holding.cost == D("0.01")
    assert after_sale(holding, D(1), D(0), UNIT) == Holding(D(0), D(0), D("-0.01"))


def test_more_than_is_held_cannot_be_sold() -> None:
    with pytest.raises(ValueError, match="cannot sell 2 of 1"):
        after_sale(after_buy(Holding(), D(1), D(1)), D(2), D(1), UNIT)


def test_a_position_without_a_price_counts_as_nothing_and_says_so() -> None:
    holdings = {(BTC, "BTC"): after_buy(Holding(), D(1), D(100)), (ETH, "ETH"): after_buy(Holding(), D(2), D(30))}
    portfolio = value_portfolio("USDC", D(870), D(1000), holdings, {ETH: Mark(D("15.555"), 2, stale=True)})
    bitcoin, ether = portfolio.positions
    assert (bitcoin.price, bitcoin.value, bitcoin.unrealised, bitcoin.stale) == (None, None, None, False)
    assert (ether.price, ether.value, ether.unrealised, ether.stale) == (D("15.555"), D("31.11"), D("1.11"), True)
    assert portfolio.equity == D("901.11")
    assert portfolio.profit == portfolio.unrealised == D("-98.89")


def test_what_was_sold_out_still_counts_as_realised() -> None:
    sold_out = after_sale(after_buy(Holding(), D(1), D(100)), D(1), D(130), UNIT)
    portfolio = value_portfolio("USDC", D(1030), D(1000), {(BTC, "BTC"): sold_out}, {})
    assert portfolio.positions == ()
    assert (portfolio.realised, portfolio.unrealised, portfolio.profit) == (D(30), D(0), D(30))
