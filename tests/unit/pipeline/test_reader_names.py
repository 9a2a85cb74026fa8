"""From what people type to a symbol."""

import pytest

from pipeline.errors import UnknownSymbol
from pipeline.symbol_names import SymbolNames
from tests.fakes.scripted_market import BTC, COIN, rules_of

NAMES = SymbolNames.of(
    [*rules_of("BTC", "ETH", "BTCB", "币安人生", "IOTA", "1INCH"), *rules_of("BTC", quote="USDT")], "USDC"
)


@pytest.mark.parametrize("text", ["BTC", "btc", "bTc", "BTCUSDC", "btcusdc", "BTC/USDC", "btc-usdc", " BTC "])
def test_a_coin_has_many_spellings(text: str) -> None:
    assert NAMES.resolve(text) == BTC


def test_other_pairs_are_named_in_full_and_other_letters_exactly() -> None:
    assert NAMES.resolve("btc/usdt") == "BTCUSDT"
    assert NAMES.resolve("币安人生") == NAMES.resolve("币安人生/usdc") == COIN


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "BT", "ＢＴＣ", "btс",  # the last one ends in a Cyrillic letter
        "ıota", "BTC\u200b", "\u202eBTC", "B\u0000TC", "BTC\n", "\tBTC", "BTC\u3000", "BTC//USDC", "BTC / USDC",
        "BTC-", "x" * 10_000, "1" * 33, "BTC" + " " * 30, "１INCH",
    ],
)  # fmt: skip
def test_nothing_else_matches(text: str) -> None:
    with pytest.raises(UnknownSymbol) as refused:
        NAMES.resolve(text)
    assert len(refused.value.text) <= 32
    assert refused.value.text.isprintable()
    assert len(refused.value.nearest) <= 3


@pytest.mark.parametrize(("typo", "meant"), [("BTX", "BTCUSDC"), ("iotta", "IOTAUSDC"), ("ETHUSD", "ETHUSDC")])
def test_a_typo_is_answered_with_what_was_meant_first(typo: str, meant: str) -> None:
    with pytest.raises(UnknownSymbol) as refused:
        NAMES.resolve(typo)
    assert refused.value.nearest[0] == meant


def test_a_symbols_own_name_wins_over_a_base_of_that_name() -> None:
    names = SymbolNames.of([*rules_of("BTC"), *rules_of("BTCUSDC")], "USDC")
    assert names.resolve("BTCUSDC") == BTC
