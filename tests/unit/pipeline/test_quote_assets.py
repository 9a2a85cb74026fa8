"""The quote asset of a recording, inferred from its names."""

import pytest

from pipeline.quote_assets import bases_in, choose_quote

USD = ["BTCUSD", "BNBUSD", "DOTUSD", "FTTUSD", "BATUSD"]


@pytest.mark.parametrize(
    ("names", "quote"),
    [
        (USD, "USD"),
        (["BNBUSD"], "USD"),
        (["DOTUSD"], "USD"),
        (["BTCBUSD", "ETHBUSD", "BNBBUSD", "BTCUSD"], "BUSD"),
        (["AAABUSD"], "BUSD"),
        (["BTCFDUSD", "ETHFDUSD"], "FDUSD"),
        (["BTCUSDC", "ETHUSDC", "BTCUSDT"], "USDC"),
        (["BTCUSD", "BTCUSDC", "BTCUSDT"], "USDT"),
        (["BUSDUSDT", "BTCUSDT"], "USDT"),
        (["币安人生USDC"], "USDC"),
        (["BTCEUR", "ETHEUR"], "EUR"),
        (["BTCTRY"], "TRY"),
        (["ADABKRW", "BTCBKRW"], "BKRW"),
        (["XRPETH"], "ETH"),
        (["btcusdt"], "USDT"),
        (["BTC/USD", "ETH-USD"], "USD"),
        (["KRW-BTC", "KRW-ETH", "KRW-XRP"], "KRW"),
        (["KRW-BTC", "USDT-BTC", "USDT-ETH"], "USDT"),
        (["EUR-USDT", "BTC-USDT"], "USDT"),
    ],
)
def test_the_quote_asset_explains_most_names(names: list[str], quote: str) -> None:
    assert choose_quote(names) == quote


@pytest.mark.parametrize(
    ("names", "quote"),
    [
        (["BTCXYZ", "ADAXYZ", "LUNAXYZ"], "XYZ"),
        (["BTCXYZ"], "XYZ"),
        (["AAAXYZ", "BBBXYZ"], "XYZ"),
        (["BTCU", "ETHU", "BNBU"], "U"),
        (["BTCXYZ", "ETHXYZ", "BTCUSDT"], "XYZ"),
    ],
)
def test_an_unlisted_quote_asset_is_found(names: list[str], quote: str) -> None:
    assert choose_quote(names) == quote


@pytest.mark.parametrize("names", [[], ["ODD"], ["USDT"], ["WBTC"], ["BTC", "ETH"]])
def test_names_without_a_quote_asset_tell_none(names: list[str]) -> None:
    assert choose_quote(names) is None


def test_what_the_exchange_states_wins_over_the_ending() -> None:
    assert choose_quote(["AAAUSD", "BBBUSD"], {"AAAUSD": "SD", "BBBUSD": "SD"}) == "SD"


def test_every_name_of_the_quote_asset_has_its_base() -> None:
    assert bases_in(USD, "USD") == {name: name.removesuffix("USD") for name in USD}
    assert bases_in(["BTC/USD", "eth-usd"], "USD") == {"BTC/USD": "BTC", "eth-usd": "ETH"}


def test_money_before_a_coin_is_the_quote_asset() -> None:
    assert bases_in(["KRW-BTC", "krw-eth", "BTC-KRW", "KRW-USDT"], "KRW") == {
        "KRW-BTC": "BTC",
        "krw-eth": "ETH",
        "BTC-KRW": "BTC",
    }


def test_a_name_of_a_longer_quote_asset_is_left_out() -> None:
    assert bases_in(["BTCUSD", "BTCBUSD", "BTCUSDT"], "USD") == {"BTCUSD": "BTC"}
