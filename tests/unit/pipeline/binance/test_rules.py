import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from pipeline.binance.exchange_info import read_exchange_info
from pipeline.binance.request_weight import WEIGHT, RateLimit
from pipeline.errors import ExchangeFilterViolation, MarketUnavailable
from pipeline.rules import LotSize, Notional, PercentPrice, PriceBounds, SymbolRules, TrailingDelta

BTC: dict[str, Any] = {
    "symbol": "BTCUSDC",
    "status": "TRADING",
    "baseAsset": "BTC",
    "quoteAsset": "USDC",
    "baseAssetPrecision": 8,
    "quoteAssetPrecision": 6,
    "filters": [],
}
LOT = {"filterType": "LOT_SIZE", "minQty": "0.00001", "maxQty": "9000", "stepSize": "0.00001"}
NOTIONAL = {
    "filterType": "NOTIONAL",
    "minNotional": "5",
    "applyMinToMarket": True,
    "maxNotional": "900",
    "applyMaxToMarket": False,
    "avgPriceMins": 5,
}


def rules_of(**changes: object) -> SymbolRules:
    info = read_exchange_info(json.dumps({"symbols": [BTC | changes]}), Counter())
    return info.rules[0]


def test_a_symbol_without_filters_has_no_bounds() -> None:
    assert rules_of() == SymbolRules(rules_of().symbol, "BTC", "USDC", quote_scale=6)


def test_filters_of_both_forms_are_read() -> None:
    older = {"filterType": "MIN_NOTIONAL", "minNotional": "10", "applyToMarket": False, "avgPriceMins": 5}
    tick = {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "0", "tickSize": "0.01"}
    rules = rules_of(filters=[tick, LOT, {**LOT, "filterType": "MARKET_LOT_SIZE", "stepSize": "0"}, older])
    assert rules.tick_size == Decimal("0.01")
    assert rules.lot == LotSize(Decimal("0.00001"), Decimal(9000), Decimal("0.00001"))
    assert rules.market_lot == LotSize(Decimal("0.00001"), Decimal(9000), Decimal(0))
    assert rules.notional == Notional(Decimal(10), Decimal(0), applies_to_market=False, name="MIN_NOTIONAL")
    assert rules_of(filters=[NOTIONAL, older]).notional == Notional(
        Decimal(5), Decimal(900), applies_to_market=True, max_applies_to_market=False
    )


def test_each_bound_of_notional_has_its_own_say_on_market_orders() -> None:
    rules = rules_of(filters=[NOTIONAL])
    rules.check_market_notional(Decimal(901))
    with pytest.raises(ExchangeFilterViolation):
        rules.check_market_notional(Decimal(4))
    rules = rules_of(filters=[NOTIONAL | {"applyMinToMarket": False, "applyMaxToMarket": True}])
    rules.check_market_notional(Decimal(4))
    with pytest.raises(ExchangeFilterViolation):
        rules.check_market_notional(Decimal(901))


def test_the_rules_of_resting_orders_are_read() -> None:
    sides = {"bidMultiplierUp": "1.2", "bidMultiplierDown": "0.2", "askMultiplierUp": "5", "askMultiplierDown": "0.8"}
    deltas = {"minTrailingAboveDelta": 10, "maxTrailingAboveDelta": 2000}
    filters = [
        {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000", "tickSize": "0.01"},
        {"filterType": "PERCENT_PRICE", "multiplierUp": "9", "multiplierDown": "0.1", "avgPriceMins": 5},
        {"filterType": "PERCENT_PRICE_BY_SIDE", **sides, "avgPriceMins": 1},
        {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 200},
        {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": 5},
        {"filterType": "TRAILING_DELTA", **deltas, "minTrailingBelowDelta": 20, "maxTrailingBelowDelta": 3000},
    ]
    rules = rules_of(filters=filters)
    assert rules.price_bounds == PriceBounds(Decimal("0.01"), Decimal(1_000_000))
    assert rules.percent_price == PercentPrice(Decimal("1.2"), Decimal("0.2"), Decimal(5), Decimal("0.8"), 1)
    assert (rules.max_open_orders, rules.max_algo_orders) == (200, 5)
    assert rules.trailing_delta == TrailingDelta(10, 2000, 20, 3000)
    older = rules_of(filters=filters[1:2]).percent_price
    assert older == PercentPrice(Decimal(9), Decimal("0.1"), Decimal(9), Decimal("0.1"), 5, "PERCENT_PRICE")


def test_zero_means_that_there_is_no_such_rule() -> None:
    price = {"filterType": "PRICE_FILTER", "minPrice": "0.00", "maxPrice": "0", "tickSize": "0.01"}
    orders = {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 0}
    rules = rules_of(filters=[price, orders, {"filterType": "MAX_NUM_ALGO_ORDERS"}])
    assert (rules.price_bounds, rules.max_open_orders, rules.max_algo_orders) == (None, None, None)
    assert rules.tick_size == Decimal("0.01")


@pytest.mark.parametrize("limit", [-1, 10**10, 10**400, 1.5, "200", None])
def test_a_limit_that_is_no_count_makes_the_symbol_unreadable(limit: object) -> None:
    orders = {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": limit}
    info = read_exchange_info(json.dumps({"symbols": [BTC | {"filters": [orders]}]}), Counter())
    assert (info.rules, info.unreadable) == ((), {"BTCUSDC"})


def test_the_quote_asset_is_what_the_exchange_says_not_how_the_symbol_ends() -> None:
    odd = BTC | {"symbol": "币安人生USDC", "baseAsset": "币安人生US", "quoteAsset": "DC"}
    info = read_exchange_info(json.dumps({"symbols": [odd]}), Counter())
    assert (info.rules[0].base, info.rules[0].quote) == ("币安人生US", "DC")


def test_one_unreadable_symbol_does_not_cost_the_others() -> None:
    dropped: Counter[str] = Counter()
    symbols = [
        BTC | {"filters": [LOT | {"minQty": "NaN"}]},
        BTC | {"status": 3},
        BTC | {"baseAssetPrecision": 99},
        BTC | {"quoteAssetPrecision": 1},
        BTC | {"symbol": "BTC\nUSDC"},
        BTC | {"status": "SEND COINS TO x.example"},
        BTC | {"symbol": "ETHUSDC", "status": "HALT"},
    ]
    info = read_exchange_info(json.dumps({"symbols": symbols}), dropped)
    assert [(rules.symbol, rules.status) for rules in info.rules] == [("ETHUSDC", "HALT")]
    assert dropped == Counter({"not a decimal": 1, "malformed": 1, "precision": 2, "symbol": 1, "status": 1})
    assert info.unreadable == {"BTCUSDC"}
    assert read_exchange_info(json.dumps({"symbols": [*symbols, BTC]}), Counter()).unreadable == set()


def test_the_request_limit_is_read_and_6000_where_it_is_not_told() -> None:
    limit = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 1200}
    other = {"rateLimitType": "ORDERS", "interval": "MINUTE", "intervalNum": 1, "limit": 3}
    assert read_exchange_info(json.dumps({"symbols": [], "rateLimits": [other, limit]}), Counter()).limits == (
        RateLimit(WEIGHT, "MINUTE", 1, 1200),
    )
    assert read_exchange_info(json.dumps({"symbols": []}), Counter()).limits == ()


@pytest.mark.parametrize("field", ["limit", "intervalNum"])
def test_limits_of_requests_beyond_reason_do_not_count(field: str) -> None:
    limit = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000}
    body = json.dumps({"symbols": [], "rateLimits": [limit | {field: 10**400}]})
    assert read_exchange_info(body, Counter()).limits == ()


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"code":-1}', b"[" * 100_000])
def test_a_body_that_is_no_exchange_info_means_the_market_is_down(body: bytes) -> None:
    with pytest.raises(MarketUnavailable):
        read_exchange_info(body, Counter())


def test_a_listing_of_more_symbols_than_an_exchange_has_means_the_market_is_down() -> None:
    body = b'{"symbols":[' + b",".join([json.dumps(BTC).encode()] * 20_001) + b"]}"
    with pytest.raises(MarketUnavailable):
        read_exchange_info(body, Counter())
