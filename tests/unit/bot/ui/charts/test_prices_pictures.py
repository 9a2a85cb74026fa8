"""Charts, cards and portfolios over the fakes: their marks, options and captions."""

import asyncio
from decimal import Decimal

import pytest

from bot.commands import charts
from bot.ui.charts.errors import ChartsBusy
from bot.ui.charts.ports import NO_ANNOTATIONS, ChartOption, OrderLineKind
from bot.views.buttons import PRESS_LIMIT
from core.errors import DatabaseUnavailable
from people.person import Language
from pipeline.errors import MarketUnavailable, NoCandles
from pipeline.market import DAY_MS, Candle, Interval, Symbol
from tests.fakes.bot import NOW, FakeDeskBot
from tests.fakes.transcript import buttons
from tests.unit.bot.ui.charts.chart_chat import BTC, Chat, keep_candles
from trading.orders.types import Side


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


async def test_own_open_orders_of_the_symbol_are_drawn_where_they_wait(holder: Chat) -> None:
    await holder.type("/settings confirm off")
    for line in (
        "/limit BTC buy 0.1 @ 50000",
        "/stop BTC sell 10% 52000",
        "/limit ETH buy 1 @ 1500",
        "/trail BTC sell 10% 3%",
    ):
        await holder.type(line)
    await holder.type("/bracket BTC buy 0.1 @ 54000 tp 60000 sl 53000")
    text = await holder.type("/chart BTC")
    drawn = [(line.kind, line.price) for line in holder.bot.charts.marks[-1].orders]
    kinds = OrderLineKind
    assert drawn == [
        (kinds.PROFIT, 60_000), (kinds.BUY, 54_000), (kinds.STOP, 53_000), (kinds.STOP, 52_000), (kinds.BUY, 50_000),
    ]  # fmt: skip
    assert "Stop 4 at 52,000.00" in text
    assert holder.last.private
    text = await holder.type("/chart BTC", public=True)
    assert "52,000" not in text


async def test_of_many_orders_the_nearest_are_drawn_and_an_amended_stop_where_it_is_now(holder: Chat) -> None:
    await holder.type("/settings confirm off")
    for price in range(50_000, 57_000, 1000):
        await holder.type(f"/stop BTC sell 1% {price}")
    number = max(holder.bot.orders.records)
    await holder.type(f"/amend {number} price 57000")
    await holder.type("/chart BTC")
    assert [line.price for line in holder.bot.charts.marks[-1].orders] == [
        57_000,
        55_000,
        54_000,
        53_000,
        52_000,
        51_000,
    ]


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
