"""Pictures that compare symbols and map the market, over the fakes."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from pipeline.errors import NoCandles
from pipeline.market import DAY_MS, Candle, Interval, Symbol
from tests.fakes.bot import NOW
from tests.unit.bot.ui.charts.chart_chat import Chat, keep_candles

# -- comparison --------------------------------------------------------------------------------


async def test_symbols_are_compared_over_a_week_unless_told_otherwise(chat: Chat) -> None:
    text = await chat.type("/compare BTC eth BTC")
    assert [way.name for way in chat.bot.charts.ways[-1]] == ["BTC", "ETH"]
    assert [drawn for drawn, *_ in chat.bot.charts.drawn] == ["comparison 7 days"]
    assert "7 days: BTC 0.00%, ETH 0.00%." in text
    assert "SIMULATION" in text
    await chat.type("/compare BTC 30D ETH")
    assert chat.bot.charts.drawn[-1][0] == "comparison 30 days"
    assert "compare BTC ETH 1y" in chat.presses


async def test_one_symbol_is_not_enough_and_seven_are_too_many(chat: Chat) -> None:
    await chat.type("/compare BTC 7d")
    assert not chat.bot.charts.drawn
    await chat.type("/compare BTC")
    assert chat.last.asks == "compare BTC"
    assert "compare BTC ETH" in chat.presses
    assert "compare BTC BTC" not in chat.presses
    chat.bot.market.prices |= {Symbol(f"C{n}USDC"): Decimal(1) for n in range(3)}
    chat.bot.market.opens |= {Symbol(f"C{n}USDC"): Decimal(1) for n in range(3)}
    assert "up to 6" in await chat.type("/compare BTC ETH SOL DOGE C0 C1 C2")
    assert not chat.bot.charts.drawn


async def test_a_symbol_without_candles_is_named_and_left_out(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    candles = chat.bot.market.candles

    async def partly(symbol: Symbol, interval: Interval, count: int) -> Sequence[Candle]:
        if symbol == Symbol("ETHUSDC"):
            raise NoCandles(symbol)
        return (await candles(symbol, interval, count))[-20 if symbol == Symbol("SOLUSDC") else -count :]

    monkeypatch.setattr(chat.bot.market, "candles", partly)
    text = await chat.type("/compare BTC ETH SOL")
    ways = chat.bot.charts.ways[-1]
    assert [way.name for way in ways] == ["BTC", "SOL"]
    assert ways[0].times[0] == ways[1].times[0] == NOW - 20 * Interval.H1.ms
    assert "No candles are available for ETH" in text
    assert "no older candles for SOL" in text
    chat.bot.market.candles = _nothing  # type: ignore[method-assign]
    assert "no candles" in (await chat.type("/compare BTC ETH")).casefold()


async def _nothing(symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
    raise NoCandles(symbol)


async def test_periods_are_suggested_once_there_are_two_symbols(chat: Chat) -> None:
    one = await chat.bot.router.suggest(chat.bot.inbound("/compare BTC "))
    assert "BTC" not in [entry.text for entry in one]
    assert "7d" not in [entry.text for entry in one]
    two = await chat.bot.router.suggest(chat.bot.inbound("/compare BTC ETH "))
    assert [entry.text for entry in two][:5] == ["24h", "7d", "30d", "90d", "1y"]
    assert [entry.text for entry in await chat.bot.router.suggest(chat.bot.inbound("/compare BTC ETH 3"))][:1] == [
        "30d"
    ]


# -- the map -----------------------------------------------------------------------------------


async def test_the_map_shows_the_most_traded_first(chat: Chat) -> None:
    text = await chat.type("/heatmap")
    (tiles,) = chat.bot.charts.tiles
    assert [tile.name for tile in tiles] == ["BTC", "ETH", "SOL", "币安人生", "DOGE"]
    assert tiles[0].volume == Decimal(58_000_000_000)
    assert "The 5 most traded symbols in 24 hours. The largest: BTC +1.75%, ETH -2.48%, SOL +7.96%." in text


async def test_at_most_forty_are_on_the_map(chat: Chat) -> None:
    names = [Symbol(f"C{n}USDC") for n in range(60)]
    chat.bot.market.prices |= {name: Decimal(n + 1) for n, name in enumerate(names)}
    chat.bot.market.opens |= dict.fromkeys(names, Decimal(1))
    await chat.type("/heatmap")
    assert len(chat.bot.charts.tiles[-1]) == 40


async def test_a_market_without_volumes_has_no_map(chat: Chat) -> None:
    chat.bot.market.silent |= set(chat.bot.market.prices)
    assert "not available yet" in await chat.type("/heatmap")
    assert chat.presses == ["heatmap"]
    assert not chat.bot.charts.drawn


@pytest.mark.parametrize("period", ["30d", "90d", "1y"])
async def test_a_comparison_names_its_real_start(chat: Chat, period: str) -> None:
    keep_candles(chat, NOW - 11 * DAY_MS)
    text = await chat.type(f"/compare BTC ETH {period}")
    assert "Comparison since Mar 22, 03:00" in text
    assert "no older candles" in text
    assert " comparison" not in text
    assert [what for what, *_ in chat.bot.charts.drawn] == ["comparison Since Mar 22, 03:00"]


@pytest.mark.parametrize("period", ["24h", "7d"])
async def test_a_comparison_of_its_whole_period_says_nothing(chat: Chat, period: str) -> None:
    keep_candles(chat, NOW - 11 * DAY_MS)
    text = await chat.type(f"/compare BTC ETH {period}")
    assert "since" not in text.casefold()
    assert all("ince" not in what for what, *_ in chat.bot.charts.drawn)
