"""A listing that is damaged delists nothing."""

import json
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from pipeline.binance.exchange_info import read_exchange_info
from pipeline.binance.symbol_set import SymbolSet
from pipeline.delisting import GRACE_MS, LONG_GRACE_MS, MOST_SYMBOLS, with_delisted
from pipeline.market import Quote, Symbol
from pipeline.rules import DELISTED, HALTED, SymbolRules
from trading.matching.delisted_sale import closes_at_last_price
from trading.orders.types import Side
from trading.settings import TradingSettings

BTC = Symbol("BTCUSDC")
START = 1_000_000


def listed(base: str, step: str = "0.0001") -> dict[str, Any]:
    lot = {"filterType": "LOT_SIZE", "minQty": "0.0001", "maxQty": "9000", "stepSize": step}
    return {"symbol": base + "USDC", "status": "TRADING", "baseAsset": base, "quoteAsset": "USDC", "filters": [lot]}


def reading(listing: SymbolSet, *symbols: dict[str, Any]) -> Sequence[SymbolRules]:
    listing.take(read_exchange_info(json.dumps({"symbols": symbols}), Counter()), START)
    return tuple(listing.rules.values())


def published(before: Sequence[SymbolRules], now: Sequence[SymbolRules], time: int) -> dict[Symbol, SymbolRules]:
    prices = {rules.symbol: Decimal(97_000) for rules in before}
    return {rules.symbol: rules for rules in with_delisted(before, now, "USDC", prices, time)}


@pytest.mark.parametrize("restarted", [False, True])
def test_a_field_that_cannot_be_read_halts_the_symbol_and_never_delists_it(*, restarted: bool) -> None:
    listing = SymbolSet(frozenset(("USDC",)))
    good = reading(listing, listed("BTC"), listed("ETH"))
    if restarted:
        listing = SymbolSet(frozenset(("USDC",)))
    bad = reading(listing, listed("BTC", step="1E-5"), listed("ETH"))
    rules = published(good, bad, START)
    later = published(list(rules.values()), bad, START + 100 * GRACE_MS)[BTC]
    for found in (rules[BTC], later):
        assert (found.status, found.delisted_at, found.last_price) == (HALTED, 0, None)
        assert found.lot == good[0].lot
        price, one = Decimal(97_000), Decimal(1)
        quote = Quote(BTC, START, 5_000, 15_000, price, price, one, price, one)
        assert not closes_at_last_price(Side.SELL, found, quote, TradingSettings())
    again = reading(listing, listed("BTC"), listed("ETH"))
    assert published([later], again, START)[BTC].status == "TRADING"


def many(count: int) -> list[SymbolRules]:
    return [SymbolRules(Symbol(f"C{number}USDC"), f"C{number}", "USDC") for number in range(count)]


@pytest.mark.parametrize(("gone", "grace"), [(10, GRACE_MS), (60, LONG_GRACE_MS)])
def test_a_missing_symbol_is_halted_until_the_grace_is_over(gone: int, grace: int) -> None:
    before, left = many(100), many(100)[gone:]
    for time, status in ((START, HALTED), (START + grace - 1, HALTED), (START + grace, DELISTED)):
        now = published(before, left, time)
        lost = [rules for rules in now.values() if rules.status != "TRADING"]
        assert len(lost) == gone
        assert {(rules.status, rules.delisted_at, rules.last_price) for rules in lost} == {
            (status, START, Decimal(97_000))
        }
        before = list(now.values())
    assert all(rules.status == "TRADING" for rules in published(before, many(100), START + 2 * grace).values())


def test_delisted_symbols_are_bounded_and_the_oldest_stay() -> None:
    before = many(MOST_SYMBOLS)
    rules = list(published(before, [], START).values())
    other = [SymbolRules(Symbol(f"N{number}USDC"), f"N{number}", "USDC") for number in range(5)]
    later = list(published(rules, other, START + 1).values())
    assert len(later) == MOST_SYMBOLS
    last = published(later, [], START + 2)
    assert sum(found.delisted_at == START for found in last.values()) == MOST_SYMBOLS - len(other)
