"""The table of coin names, and the coins that are found by it."""

import gzip
import json
from collections import Counter
from decimal import Decimal

import pytest

from bot.coins.names import coin_names, fold
from people.person import Language
from pipeline.market import Symbol
from tests.fakes.bot import FakeDeskBot, FakeMarket
from tests.fakes.transcript import buttons, transcript
from tests.paths import PROJECT

RECORDED = sorted((PROJECT.parent / "shared" / "data" / "raw").glob("binance_exchangeInfo_*.gz"))
RENAMED = [
    {"AGI", "AGIX"},
    {"BCHSV", "BSV"},
    {"BTT", "BTTC"},
    {"EGLD", "ERD"},
    {"LUNA", "LUNC"},
    {"MATIC", "POL"},
    {"NANO", "XNO"},
    {"NPXS", "PUNDIX"},
    {"RENDER", "RNDR"},
    {"STMX", "STORM"},
    {"STRAT", "STRAX"},
    {"VEN", "VET"},
]
"""One project under two tickers: they may share their names, and nobody else may."""


def recorded_assets() -> set[str]:
    assets: set[str] = set()
    for path in RECORDED:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                answer = line.partition(": ")[2]
                if '"symbols"' in answer:
                    assets |= {entry["baseAsset"] for entry in json.loads(answer)["symbols"]}
    return assets


def desk(*bases: str, quote: str = "USDC") -> FakeDeskBot:
    market = FakeMarket(quote)
    market.prices = {Symbol(base + quote): Decimal(10) for base in bases}
    market.opens = dict(market.prices)
    return FakeDeskBot(market=market)


async def said(bot: FakeDeskBot, text: str) -> str:
    return transcript(await bot.router.answer(bot.inbound(text)))


def test_the_table_has_the_most_traded_coins_once() -> None:
    assets = [coin.asset for coin in coin_names().coins]
    assert len(assets) >= 300
    assert [asset for asset, count in Counter(assets).items() if count > 1] == []
    assert assets[:2] == ["BTC", "ETH"]


def test_every_coin_has_a_name_in_both_languages() -> None:
    for coin in coin_names().coins:
        assert coin.names[Language.ENGLISH].isascii(), coin
        assert any("가" <= letter <= "힣" for letter in coin.names[Language.KOREAN]), coin
        assert all(name == name.strip() and name for name in coin.all_names), coin


def test_only_renamed_coins_share_a_name() -> None:
    shared = {name: set(coin_names().assets(name)) for name in coin_names().spellings()}
    assert {name: owners for name, owners in shared.items() if len(owners) > 1 and owners not in RENAMED} == {}


def test_no_name_is_the_ticker_of_another_coin() -> None:
    tickers = {fold(asset): asset for asset in {coin.asset for coin in coin_names().coins} | recorded_assets()}
    wrong = {
        name: (tickers[name], owners)
        for name in coin_names().spellings()
        if name in tickers and tickers[name] not in (owners := coin_names().assets(name))
    }
    assert wrong == {}


@pytest.mark.skipif(not RECORDED, reason="the recordings of exchangeInfo are not on this machine")
def test_most_assets_of_the_recordings_that_still_trade_have_a_name() -> None:
    known = {coin.asset for coin in coin_names().coins}
    assert len(known & recorded_assets()) >= 200


@pytest.mark.parametrize(
    ("name", "asset"),
    [
        ("bitcoin", "BTC"),
        ("Bitcoin", "BTC"),
        ("비트코인", "BTC"),
        ("이더리움", "ETH"),
        ("이더", "ETH"),
        ("리플", "XRP"),
        ("ripple", "XRP"),
        ("도지", "DOGE"),
        ("dogecoin", "DOGE"),
        ("bitcoin cash", "BCH"),
        ("비트코인 캐시", "BCH"),
        ("shiba inu", "SHIB"),
        ("wrapped bitcoin", "WBTC"),
        ("near-protocol", "NEAR"),
        ("$btc", "BTC"),
    ],
)
async def test_a_coin_is_found_by_its_name(name: str, asset: str) -> None:
    bot = desk("BTC", "ETH", "XRP", "DOGE", "BCH", "SHIB", "WBTC", "NEAR")
    for line in (f"/price {name}", name, f"/chart {name}", f"/forecast {name}"):
        assert f"{asset}/USDC" in await said(bot, line) or f"{asset}USDC" in await said(bot, line), line
    assert asset in await said(bot, f"/buy {name} 100usdc")
    assert "WARNING" not in await said(bot, f"/watch {name}")
    assert asset in await said(bot, f"/alert {name} +5%")


async def test_names_stand_among_other_symbols() -> None:
    reply = await said(desk("BTC", "ETH", "BCH"), "/price bitcoin cash eth 비트코인")
    assert "BCH/USDC" in reply
    assert "ETH/USDC" in reply
    assert "BTC/USDC" in reply


async def test_a_ticker_wins_over_a_name() -> None:
    assert "GAS/USDC" in await said(desk("GAS", "BTC"), "/price gas")


async def test_a_name_of_several_coins_asks_which() -> None:
    bot = desk("LUNA", "LUNC")
    reply = await bot.router.answer(bot.inbound("/buy 루나 100usdc"))
    assert "Which one do you mean?" in transcript(reply)
    assert [entry.press for entry in buttons(reply)] == ["buy LUNCUSDC 100usdc", "buy LUNAUSDC 100usdc"]
    assert "LUNA/USDC" in await said(desk("LUNA"), "/price 루나")


async def test_of_a_shared_name_the_coin_that_trades_is_meant() -> None:
    bot = desk("MATIC", "POL")
    bot.market.status[Symbol("MATICUSDC")] = "BREAK"
    assert "POL/USDC" in await said(bot, "/price polygon")


@pytest.mark.parametrize("name", ["bıtcoin", "ſolana", "bitcoi\N{CYRILLIC SMALL LETTER EN}"])
async def test_letters_that_only_look_alike_match_nothing(name: str) -> None:
    assert "WARNING" in await said(desk("BTC", "SOL"), f"/price {name}")


async def test_a_name_that_is_misspelt_offers_the_coin() -> None:
    bot = desk("BTC", "ETH")
    reply = await bot.router.answer(bot.inbound("/price bitcon"))
    assert [entry.press for entry in buttons(reply)][:1] == ["price BTCUSDC"]


@pytest.mark.parametrize("typed", ["bit", "비트", "Bitcoin"])
async def test_names_are_completed(typed: str) -> None:
    bot = desk("BTC", "BCH", "ETH")
    found = await bot.router.suggest(bot.inbound(f"/buy {typed}"))
    assert found[0].text == "BTC"
    assert "ETH" not in [entry.text for entry in found]


@pytest.mark.parametrize("text", ["bitcoin", "비트코인"])
async def test_the_search_finds_names(text: str) -> None:
    assert "BTC/USDC" in await said(desk("BTC", "ETH"), f"/market search {text}")
