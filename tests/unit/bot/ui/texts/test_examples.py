"""Examples in texts: they name coins that the desk has and horizons that it forecasts."""

import re
from functools import partial

import pytest

from bot.arguments.horizons import Horizon
from bot.arguments.usage import examples, parameter_help, parameter_label
from bot.coins.example_coins import example_coins
from bot.commands import COMMANDS
from bot.ui.texts import load_catalog, load_catalogs
from bot.ui.texts.examples import COINS, HORIZONS, Examples, nearest_horizon
from core.errors import DatabaseUnavailable
from people.person import Language
from pipeline.market import Symbol
from tests.fakes.bot import FakeDeskBot
from tests.fakes.bot_market import FakeMarket
from tests.unit.bot.commands.forecast_replies import ask, buttons, texts

CATALOG = load_catalog(Language.ENGLISH)
_COIN = re.compile(r"(?<![A-Za-z])(BTC|ETH|SOL)(?![A-Za-z])")


def market_without(*bases: str) -> FakeMarket:
    market = FakeMarket()
    for base in bases:
        del market.prices[Symbol(f"{base}USDC")]
    return market


def test_the_horizons_of_texts_are_those_that_can_be_typed() -> None:
    assert tuple(Horizon) == HORIZONS


@pytest.mark.parametrize("language", Language)
def test_no_text_names_a_coin_itself(language: Language) -> None:
    for source in load_catalog(language)._sources.values():
        assert not _COIN.findall(source)


def test_examples_name_the_best_known_coins_that_trade() -> None:
    assert example_coins(FakeMarket()) == ("BTC", "ETH", "SOL")
    market = market_without("BTC")
    market.status[Symbol("ETHUSDC")] = "HALT"
    assert example_coins(market) == ("SOL", "DOGE", "币安人生")
    assert example_coins(market_without("BTC", "ETH", "SOL", "DOGE")) == ("币安人生",)


def test_examples_name_the_usual_coins_while_the_market_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(text: str) -> Symbol | None:
        raise DatabaseUnavailable

    market = FakeMarket()
    monkeypatch.setattr(market, "find", unknown)
    assert example_coins(market) == ()
    assert Examples(partial(example_coins, market)).functions()["COIN"](2) == COINS[1]


def test_the_coins_of_a_small_desk_repeat() -> None:
    coin = Examples(lambda: ("DOGE", "XRP")).functions()["COIN"]
    assert [coin(number) for number in (1, 2, 3)] == ["DOGE", "XRP", "DOGE"]


@pytest.mark.parametrize("language", Language)
async def test_a_desk_without_bitcoin_does_not_suggest_it(language: Language) -> None:
    market = market_without("BTC", "ETH")
    catalogs = load_catalogs(Examples(partial(example_coins, market)))
    bot = FakeDeskBot(language, market=market, catalogs=catalogs)
    bot.forecasting.unskilled = {60}
    for line in (
        "/forecast",
        "/help forecast",
        "/help buy",
        "/forecastalert",
        "/alerts",
        "xyzzy",
        "/forecastalert SOL",
    ):
        reply = await ask(bot, line)
        assert not _COIN.sub("", texts(reply)).count("BTC")
        assert "BTC" not in texts(reply) + "".join(button.press for button in buttons(reply))
    assert "SOL" in texts(await ask(bot, "/forecast"))


async def test_a_desk_offers_only_the_horizons_that_it_forecasts() -> None:
    catalogs = load_catalogs(Examples(horizons=("15m", "4h")))
    bot = FakeDeskBot(horizons=(15, 240), catalogs=catalogs)
    for line in (
        "/forecast",
        "/forecast BTC",
        "/forecast BTC 4h",
        "/model",
        "/forecastalert BTC",
        "/price BTC",
        "/help model",
    ):
        reply = await ask(bot, line)
        said = texts(reply) + " ".join(button.press for button in buttons(reply))
        assert not re.search(r"\b(5m|1h|1d)\b", said), said
    assert bot.forecasting.asked[0] == ("ranking", 15, 10)  # the nearest to an hour
    for line in ("/forecast BTC 1h", "/forecast 1h", "/model 1d", "/forecastalert BTC 5m up 60"):
        refused = await ask(bot, line)
        assert "Choose one of: 15m, 4h" in texts(refused)
        assert len(buttons(refused)) == 2
    assert [one.text for one in await bot.router.suggest(bot.inbound("/forecast BTC "), 25)] == ["15m", "4h"]


@pytest.mark.parametrize(
    ("wanted", "offered", "nearest"),
    [
        ("1h", ("5m", "1h", "1d"), "1h"),
        ("1h", ("15m", "4h"), "15m"),
        ("4h", ("5m", "15m"), "15m"),
        ("5m", ("1d",), "1d"),
    ],
)
def test_the_nearest_horizon_stands_in(wanted: str, offered: tuple[str, ...], nearest: str) -> None:
    assert nearest_horizon(wanted, offered) == nearest


@pytest.mark.parametrize("language", Language)
def test_descriptions_fit_discord_with_the_longest_coins(language: Language) -> None:
    catalog = load_catalog(language, Examples(lambda: ("1000000MOG", "1000WHALES", "1MBABYDOGE")))
    for command in COMMANDS:
        if not command.hidden:
            assert examples(command, catalog, "usdc")
            for entry in command.typed:
                assert parameter_label(entry.name, catalog)
                assert len(parameter_help(command, entry, catalog, "usdc")) <= 100
