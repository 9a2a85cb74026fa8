"""Sizes against what an account has available."""

from decimal import Decimal

import pytest

from pipeline.market import Symbol
from pipeline.rules import LotSize, SymbolRules
from trading.errors import NothingToSell, NothingToSpend
from trading.matching.sizing import size_wanted
from trading.orders.types import Balance, BaseQuantity, Share, Side

D = Decimal
RULES = SymbolRules(Symbol("ETHUSDC"), "ETH", "USDC", lot=LotSize(D("0.0001"), D(9000), D("0.0001")))


def wanted(side: Side, share: str, base: str, quote: str) -> object:
    return size_wanted(
        side, Share(D(share)), RULES, Balance("ETH", D(base), D(0)), Balance("USDC", D(quote), D(0))
    ).size


def test_a_share_below_one_step_is_left_to_matching() -> None:
    assert wanted(Side.SELL, "0.5", "0.00015", "0") == BaseQuantity(D("0.000075"))


def test_a_share_of_at_least_one_step_is_rounded_down() -> None:
    assert wanted(Side.SELL, "0.5", "0.00025", "0") == BaseQuantity(D("0.0001"))


@pytest.mark.parametrize("share", ["0.01", "1"])
def test_a_share_of_nothing_is_no_amount(share: str) -> None:
    with pytest.raises(NothingToSpend):
        wanted(Side.BUY, share, "1", "0")
    with pytest.raises(NothingToSell):
        wanted(Side.SELL, share, "0", "1")
