"""Symbols that the exchange does not trade are neither counted nor offered."""

from decimal import Decimal

import pytest

from pipeline.market import Symbol
from tests.fakes.bot import FakeDeskBot, FakeMarket
from tests.fakes.transcript import buttons, transcript

TRADED = ("BTC", "BNB", "BCH", "BB", "BMT")
BROKEN = ("BTT", "BAT", "BCPT")


@pytest.fixture
def bot() -> FakeDeskBot:
    """Prices grow along the alphabet, and with them the turnover, but for BTC, which is far ahead."""
    market = FakeMarket()
    bases = (*TRADED, *BROKEN)
    market.prices = {Symbol(f"{base}USDC"): Decimal(place + 1) for place, base in enumerate(sorted(bases))}
    market.prices[Symbol("BTCUSDC")] = Decimal(1000)
    market.opens = {symbol: price / 2 for symbol, price in market.prices.items()}
    market.status = {Symbol(f"{base}USDC"): "BREAK" for base in BROKEN}
    return FakeDeskBot(market=market)


async def said(bot: FakeDeskBot, text: str) -> str:
    return transcript(await bot.router.answer(bot.inbound(text)))


@pytest.mark.parametrize("line", ["/buy", "/price", "/chart", "/market search", "/watch", "/forecast", "/compare"])
async def test_what_does_not_trade_is_not_suggested(bot: FakeDeskBot, line: str) -> None:
    found = [entry.text for entry in await bot.router.suggest(bot.inbound(f"{line} b"))]
    assert not set(BROKEN) & set(found)


@pytest.mark.parametrize(
    "line", ["/market", "/market movers", "/heatmap", "/market search b", "/price BAY", "/buy BTTT"]
)
async def test_what_does_not_trade_is_not_shown(bot: FakeDeskBot, line: str) -> None:
    reply = await bot.router.answer(bot.inbound(line))
    shown = transcript(reply) + " ".join(entry.press for entry in buttons(reply))
    assert not [base for base in BROKEN if f"{base}USDC" in shown or f"price {base}" in shown]
    assert not {tile.name for tiles in bot.charts.tiles for tile in tiles} & set(BROKEN)


async def test_only_what_trades_is_counted(bot: FakeDeskBot) -> None:
    assert f"of {len(TRADED)} symbols" in await said(bot, "/market")


async def test_suggestions_are_ordered_by_turnover(bot: FakeDeskBot) -> None:
    found = [entry.text for entry in await bot.router.suggest(bot.inbound("/buy b"))]
    assert found == ["BTC", "BNB", "BMT", "BCH", "BB"]
    assert (await bot.router.suggest(bot.inbound("/buy bb")))[0].text == "BB"


async def test_without_turnover_the_usual_order_holds(bot: FakeDeskBot) -> None:
    bot.market.silent = set(bot.market.prices)
    found = [entry.text for entry in await bot.router.suggest(bot.inbound("/buy b"))]
    assert found[:3] == ["BTC", "BNB", "BCH"]


async def test_what_does_not_trade_can_still_be_named(bot: FakeDeskBot) -> None:
    assert "BREAK" in await said(bot, "/price BTT")


async def test_the_turnover_is_read_once_a_minute(bot: FakeDeskBot) -> None:
    calls = 0
    quotes = bot.market.quotes

    async def counted(symbols: object = None) -> object:
        nonlocal calls
        calls += 1
        return await quotes(symbols)  # type: ignore[arg-type]

    bot.market.quotes = counted  # type: ignore[method-assign, assignment]
    for typed in ("b", "bt", "btc"):
        await bot.router.suggest(bot.inbound(f"/buy {typed}"))
    assert calls == 1


@pytest.mark.parametrize("status", ["BREAK", "HALT", "DELISTED"])
@pytest.mark.parametrize("line", ["/price BNB", "/chart BNB", "/price bnb/usdc", "bnb"])
async def test_what_does_not_trade_has_no_button_to_buy(bot: FakeDeskBot, line: str, status: str) -> None:
    presses = [entry.press for entry in buttons(await bot.router.answer(bot.inbound(line)))]
    assert "buy BNB" in presses
    bot.market.status[Symbol("BNBUSDC")] = status
    presses = [entry.press for entry in buttons(await bot.router.answer(bot.inbound(line)))]
    assert presses
    assert "buy BNB" not in presses


@pytest.mark.parametrize("line", ["/buy BNB", "/dca BNB", "buy bnb"])
async def test_nobody_is_asked_how_much_of_what_does_not_trade(bot: FakeDeskBot, line: str) -> None:
    bot.market.status[Symbol("BNBUSDC")] = "BREAK"
    reply = await bot.router.answer(bot.inbound(line))
    assert "BNB/USDC can't be traded right now (exchange status: BREAK)" in transcript(reply)
    assert reply.asks == ""


@pytest.mark.parametrize("line", ["/alert BNB", "/alert BNB 5", "/watch BNB", "/watch BTC BNB", "/dca BNB 5usdc daily"])
async def test_nothing_waits_for_a_delisted_symbol(bot: FakeDeskBot, line: str) -> None:
    bot.market.status[Symbol("BNBUSDC")] = "DELISTED"
    assert "BNB/USDC has been delisted" in await said(bot, line)
    assert "BTC/USDC" not in await said(bot, "/watch")


async def test_alerts_say_that_a_symbol_is_halted(bot: FakeDeskBot) -> None:
    await said(bot, "/alert BNB +5%")
    bot.market.status[Symbol("BNBUSDC")] = "HALT"
    assert "suspended trading in BNB/USDC (status: HALT)" in await said(bot, "/alerts")
