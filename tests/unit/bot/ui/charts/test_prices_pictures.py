"""The commands that draw the market, over the fakes: what is drawn for whom, and what is left out when it must be."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.commands import charts
from bot.reply import Picture, Reply
from bot.ui.charts.errors import ChartsBusy
from bot.ui.charts.ports import NO_ANNOTATIONS, ChartOption
from bot.views.buttons import PRESS_LIMIT
from core.errors import DatabaseUnavailable
from people.person import Language
from pipeline.errors import MarketUnavailable, NoCandles
from pipeline.market import DAY_MS, Candle, Interval, Symbol
from tests.fakes.bot import NOW, FakeDeskBot
from tests.fakes.transcript import buttons, transcript
from trading.orders.types import Side

BTC = Symbol("BTCUSDC")


class Chat:
    """One person's lines, in private unless `public`."""

    def __init__(self, bot: FakeDeskBot | None = None) -> None:
        self.bot = bot or FakeDeskBot()
        self.last = Reply(())

    async def type(self, text: str, *, public: bool = False, pressed: bool = False) -> str:
        inbound = replace(self.bot.inbound(text, pressed=pressed), public=public)
        self.last = await self.bot.router.answer(inbound)
        return transcript(self.last)

    @property
    def pictures(self) -> list[Picture]:
        return [block for block in self.last.blocks if isinstance(block, Picture)]

    @property
    def presses(self) -> list[str]:
        return [entry.press for entry in buttons(self.last)]


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.fixture
async def holder(chat: Chat) -> Chat:
    """Bought twice what costs 58,000."""
    await chat.type("/settings confirm off")
    await chat.type("/buy BTC 1000usdc")
    await chat.type("/buy BTC 500usdc")
    return chat


# -- the person's own --------------------------------------------------------------------------


async def test_a_chart_in_private_shows_the_persons_trades_and_cost(holder: Chat) -> None:
    text = await holder.type("/chart BTC")
    (marks,) = holder.bot.charts.marks
    assert [trade.side for trade in marks.trades] == [Side.BUY, Side.BUY]
    assert marks.average_cost == Decimal("58000.00")
    assert marks.level is None
    assert "Your trades: 2, average cost 58,000.00." in text
    assert holder.last.private


@pytest.mark.parametrize("line", ["/chart BTC", "/chart BTC 1h ma", "/chart BTC 1d"])
async def test_a_group_never_sees_what_a_person_holds(line: str, holder: Chat) -> None:
    text = await holder.type(line, public=True)
    assert holder.bot.charts.marks == [NO_ANNOTATIONS]
    assert "Your trades" not in text
    assert not holder.last.private
    await holder.type(f"{line.removeprefix('/')}", public=True, pressed=True)
    assert holder.bot.charts.marks == [NO_ANNOTATIONS, NO_ANNOTATIONS]


async def test_who_has_no_account_or_traded_something_else_has_no_marks(chat: Chat, holder: Chat) -> None:
    await holder.type("/chart ETH")
    stranger = Chat()
    await stranger.type("/chart BTC")
    assert holder.bot.charts.marks == stranger.bot.charts.marks == [NO_ANNOTATIONS]
    assert not stranger.bot.desk.accounts, "a chart opens no account"
    assert not holder.last.private


async def test_the_trades_of_the_window_are_asked_for(holder: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    stake = holder.bot.desk.symbol_activity

    async def watched(person_id: int, symbol: Symbol, since: int) -> object:
        asked.append(since)
        return await stake(person_id, symbol, since)

    monkeypatch.setattr(holder.bot.desk, "symbol_activity", watched)
    await holder.type("/chart BTC 5m ema")
    assert asked == [NOW - 120 * Interval.M5.ms], "the warm-up is not shown, and its trades neither"


async def test_a_silent_ledger_costs_the_marks_and_not_the_chart(holder: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(*_: object) -> object:
        raise DatabaseUnavailable

    monkeypatch.setattr(holder.bot.desk, "symbol_activity", silent)
    await holder.type("/chart BTC")
    assert holder.pictures
    assert holder.bot.charts.marks == [NO_ANNOTATIONS]


# -- options -----------------------------------------------------------------------------------


async def test_options_are_drawn_in_one_order_with_enough_candles_before_them(chat: Chat) -> None:
    await chat.type("/chart BTC 15m RSI bollinger 이평 rsi")
    assert chat.bot.charts.options == [(ChartOption.MA, ChartOption.BB, ChartOption.RSI)]
    assert chat.bot.charts.drawn[-1][0] == "candles BTC/USDC 15m 220"
    assert "120 candles of 15m" in chat.pictures[0].alt
    await chat.type("/chart BTC")
    assert chat.bot.charts.drawn[-1][0] == "candles BTC/USDC 1h 120", "the usual chart stays light"


async def test_the_interval_may_be_left_out_before_options(chat: Chat) -> None:
    """As on Discord, where each option stands alone."""
    await chat.type("/chart BTC rsi ma")
    assert chat.bot.charts.options == [(ChartOption.MA, ChartOption.RSI)]
    assert chat.bot.charts.drawn[-1][0].startswith("candles BTC/USDC 1h")


async def test_clean_is_without_marks(holder: Chat) -> None:
    await holder.type("/chart BTC 1h clean")
    assert holder.bot.charts.marks == [NO_ANNOTATIONS]
    assert holder.bot.charts.options == [(ChartOption.CLEAN,)]


async def test_an_unknown_option_is_refused_with_those_there_are(chat: Chat) -> None:
    text = await chat.type("/chart BTC 1h vwap")
    assert "vwap" in text
    assert "ma, ema, bb, rsi, macd, clean" in text
    assert "chart BTC 1h rsi" in chat.presses


async def test_buttons_toggle_options_and_keep_the_others(chat: Chat) -> None:
    await chat.type("/chart BTC 4h ma rsi")
    labels = {entry.label: entry.press for entry in buttons(chat.last)}
    assert labels["1h"] == "chart BTC 1h ma rsi"
    assert labels["✓ MA"] == "chart BTC 4h rsi"
    assert labels["✓ RSI"] == "chart BTC 4h ma"
    assert labels["BB"] == "chart BTC 4h ma bb rsi"
    assert labels["Refresh"] == "chart BTC 4h ma rsi"
    assert len(set(chat.presses)) == len(chat.presses)


@pytest.mark.parametrize("language", list(Language))
async def test_every_button_of_every_picture_works_and_fits(language: Language) -> None:
    chat = Chat(FakeDeskBot(language))
    for line in (
        "/price 币安人生",
        "/chart 币安人生 1h ma ema bb rsi macd",
        "/compare BTC ETH 币安人生 1y",
        "/heatmap",
    ):
        await chat.type(line)
        found = chat.presses
        assert found
        for press in found:
            assert len(press.encode()) <= PRESS_LIMIT
            reply = await chat.type(press, pressed=True)
            assert "incident" not in reply
            assert chat.last.blocks


async def test_options_are_suggested_after_the_interval(chat: Chat) -> None:
    found = await chat.bot.router.suggest(chat.bot.inbound("/chart BTC 1h ma "))
    assert [entry.text for entry in found] == ["ma", "ema", "bb", "rsi", "macd", "clean"]


# -- the card ----------------------------------------------------------------------------------


async def test_a_card_has_the_day_in_a_line_and_several_symbols_have_none(chat: Chat) -> None:
    await chat.type("/price BTC")
    assert chat.pictures[0].alt == "BTC/USDC over the last 24 hours."
    assert [drawn for drawn, *_ in chat.bot.charts.drawn] == ["sparkline BTC/USDC 96"]
    await chat.type("/price BTC ETH")
    assert not chat.pictures


@pytest.mark.parametrize("error", [ChartsBusy(), NoCandles(BTC), MarketUnavailable()])
async def test_without_a_picture_the_card_still_comes(error: Exception, chat: Chat) -> None:
    chat.bot.charts.down = error
    assert "58,000.00 USDC" in await chat.type("/price BTC")
    assert not chat.pictures
    assert "chart BTC" in chat.presses


async def test_portfolio_shows_its_figures_without_charts(chat: Chat) -> None:
    chat.bot.charts.down = ChartsBusy()
    said = await chat.type("/portfolio")
    assert "1,000,000.00 USDC" in said
    assert "Too many charts" in said
    assert not chat.pictures


async def test_a_slow_picture_is_not_waited_for(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stuck(*_: object) -> list[Candle]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(charts, "_SPARK_SECONDS", 0.02)
    chat.bot.market.candles = stuck  # type: ignore[method-assign]
    assert "58,000.00 USDC" in await chat.type("/price BTC")
    assert not chat.pictures


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


def keep_candles(chat: Chat, since: int) -> None:
    """Leaves candles from `since` (UTC ms) on alone."""
    whole = chat.bot.market.candles

    async def candles(symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        return [candle for candle in await whole(symbol, interval, count) if candle.open_time >= since]

    chat.bot.market.candles = candles  # type: ignore[method-assign]


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


async def test_a_chart_of_few_candles_says_so(chat: Chat) -> None:
    assert "no older candles" not in await chat.type("/chart BTC 1d")
    keep_candles(chat, NOW - 11 * DAY_MS)
    assert "Only 11 candles, since Mar 22, 03:00" in await chat.type("/chart BTC 1d")
    assert "no older candles" not in await chat.type("/chart BTC 1h")


@pytest.mark.parametrize("line", ["/chart BTC", "/price BTC"])
async def test_pictures_write_prices_at_the_tick(chat: Chat, line: str) -> None:
    await chat.type(line)
    assert chat.bot.charts.ticks == [chat.bot.market.rules(Symbol("BTCUSDC")).tick_size]


async def test_the_equity_picture_ends_as_its_caption_says(chat: Chat) -> None:
    await chat.type("/settings confirm off")
    await chat.type("/buy BTC 1000usdc")
    said = await chat.type("/portfolio")
    (drawn,) = chat.bot.charts.equities
    assert f"{drawn:,.2f} USDC" in said
