"""Coins that headlines name, and those that they only seem to name."""

import pytest

from bot.coins.names import coin_names
from pipeline.news.coins import MAX_ASSETS, CoinMatcher, NamedCoin, ambiguous_names

MATCHER = CoinMatcher([NamedCoin(coin.asset, coin.all_names) for coin in coin_names().coins], ["XYZ", "币安人生"])


@pytest.mark.parametrize(
    ("title", "assets"),
    [
        ("Bitcoin plunges as ether follows", ["BTC", "ETH"]),
        ("BTC and ETH slide, XRP up", ["BTC", "ETH", "XRP"]),
        ("$NEAR jumps 10% while $one lags", ["NEAR", "ONE"]),
        ("NEARUSDT breaks out", ["NEAR"]),
        ("LINK/USDT at a new high, GAS-USD follows", ["LINK", "GAS"]),
        ("NEAR Protocol ships an update", ["NEAR"]),
        ("NEAR token rallies", ["NEAR"]),
        ("OP token unlock ahead", ["OP"]),
        ("Sleepless AI raises funds", ["AI"]),
        ("Optimism (OP) upgrades", ["OP"]),
        ("Avalanche blockchain gets an ETF", ["AVAX"]),
        ("Bitcoin Cash forks again", ["BCH"]),
        ("Ethereum Classic miners leave", ["ETC"]),
        ("Chainlink partners with a bank", ["LINK"]),
        ("XYZ token unlock", ["XYZ"]),
        ("SEC and Ripple settle", ["XRP"]),
        ("비트코인이 급락했다", ["BTC"]),
        ("비트코인캐시 급등", ["BCH"]),
        ("비트코인현물ETF 승인", ["BTC"]),
        ("리플의 소송, 이더리움과 솔라나도 상승", ["XRP", "ETH", "SOL"]),
        ("업비트, 도지코인·시바이누 상장", ["DOGE", "SHIB"]),
        ("이더리움재단 매도", ["ETH"]),
        ("하이브 코인 급등", ["HIVE"]),
        ("온도(ONDO) 급등", ["ONDO"]),
        ("니어프로토콜이 올랐다", ["NEAR"]),
        ("BTC가 반등, ETH는 횡보", ["BTC", "ETH"]),
    ],
)
def test_coins_are_found(title: str, assets: list[str]) -> None:
    assert sorted(MATCHER.assets(title)) == sorted(assets)


@pytest.mark.parametrize(
    "title",
    [
        "Near record highs, traders see one link between stocks and super gas prices",
        "NEAR THE TOP OF THE RANGE",
        "One in four adults owns crypto",
        "LINK BETWEEN RATES AND RISK",
        "AI stocks lead as Nvidia jumps",
        "AI token sales are the new fashion",
        "Optimism returns to crypto markets",
        "Avalanche of liquidations hits traders",
        "The Sandbox for fintech startups opens",
        "Stellar results lift exchange shares",
        "Ripple effect of rate cuts",
        "Compound interest explained",
        "APT group hacks a bank",
        "The president Trump speaks",
        "USD and EUR fall",
        "$100 million for a startup",
        "Crypto.com hires",
        "하이브, 신인 그룹 데뷔",
        "규제 샌드박스 통과",
        "트럼프 대통령 발언",
        "가스 요금 인상",
        "체감 온도 영하",
        "거래소, 새 규정 발표",
        "@BTC follows you",
        "example.org/BTC",
    ],
)
def test_false_friends_are_not_coins(title: str) -> None:
    assert MATCHER.assets(title) == ()


def test_a_list_of_coins_is_about_no_coin() -> None:
    tickers = [coin.asset for coin in coin_names().coins][: MAX_ASSETS + 1]
    assert MATCHER.assets(" ".join(f"${ticker}" for ticker in tickers)) == ()
    assert len(MATCHER.assets(" ".join(f"${ticker}" for ticker in tickers[:-1]))) == MAX_ASSETS


def test_every_ambiguous_ticker_and_name_is_plain() -> None:
    found = ambiguous_names()
    assert found.hard <= found.tickers
    assert all(ticker == ticker.upper() for ticker in found.tickers | found.never)
    known = {name.casefold() for coin in coin_names().coins for name in coin.all_names}
    assert len(found.names & known) > 100


@pytest.mark.parametrize("title", ["$" * 200, "BTC" * 66, "비트코인" * 50, "(" * 200, "A" * 200], ids=range(5))
def test_hostile_titles_cost_little(title: str) -> None:
    MATCHER.assets(title)
