"""Commands that show prices: cards, tables, charts, halts and searches, over a desk in memory."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.reply import Picture
from people.person import Theme
from pipeline.market import SourceKind, Symbol
from tests.fakes.bot import FakeDeskBot, FakeMarket
from tests.fakes.transcript import buttons
from tests.unit.bot.commands.chat import Chat
from trading.recurring.ports import PlanState


async def test_prices_need_no_account(chat: Chat) -> None:
    await chat.type("/price BTC")
    assert not chat.bot.desk.accounts


async def test_a_card_tells_everything_and_names_its_source(chat: Chat) -> None:
    text = await chat.type("/price BTC")
    for figure in ("58,000.00 USDC", "+1.75%", "57,999.99 × 1.5 BTC", "0.02 (0.000034%)", "SIMULATION"):
        assert figure in text
    assert [entry.press for entry in buttons(chat.last)] == [
        "chart BTC",
        "buy BTC",
        "sell BTC",
        "alert BTC",
        "forecast BTC 1h",
        "price BTC",
    ]


async def test_live_prices_need_no_source(chat: Chat) -> None:
    live = Chat(FakeDeskBot(market=FakeMarket(label="")))
    for line in ("/price BTC", "/market", "/chart BTC", "/portfolio"):
        assert "simulated" not in await live.type(line)
        assert "simulated" in await chat.type(line)


@pytest.mark.parametrize(
    "line",
    [
        "/price BTC",
        "/price BTC ETH",
        "/chart BTC",
        "/market",
        "/market movers",
        "/market search B",
        "/buy BTC 1",
        "/portfolio",
        "/reset",
    ],
)
async def test_a_replay_names_its_day_under_every_price(line: str) -> None:
    market = FakeMarket("USDT", "REPLAY 2021-04-02")
    market.source = SourceKind.REPLAY
    assert "REPLAY 2021-04-02: these prices are recorded" in await Chat(FakeDeskBot(market=market)).type(line)


async def test_several_symbols_are_a_table_in_which_a_silent_one_has_dashes(chat: Chat) -> None:
    chat.bot.market.silent.add(Symbol("ETHUSDC"))
    text = await chat.type("/price BTC eth BTC 币安人生")
    assert "| ETH/USDC | – | – | –" in text
    assert text.count("BTC/USDC") == 1


async def test_a_source_without_a_book_shows_no_bid_and_ask(chat: Chat) -> None:
    quote = chat.bot.market.quote

    async def flat(symbol: Symbol) -> object:
        return replace(await quote(symbol), bid_size=Decimal(0), ask_size=Decimal(0))

    chat.bot.market.quote = flat  # type: ignore[assignment, method-assign]
    assert "Spread" not in await chat.type("/price BTC")


async def test_an_old_price_is_shown_with_a_warning(chat: Chat) -> None:
    chat.bot.market.age_ms = 120_000
    assert "2 min old" in await chat.type("/price BTC")
    assert "2 min old" in await chat.type("/price BTC ETH")
    await chat.type("/settings confirm off")
    assert "120 seconds old" in await chat.type("/buy BTC 100usdc")
    assert not chat.bot.desk.receipts


async def test_a_halted_symbol_is_named_and_not_traded(chat: Chat) -> None:
    chat.bot.market.status[Symbol("BTCUSDC")] = "HALT"
    assert "HALT" in await chat.type("/price BTC")
    assert "HALT" in await chat.type("/buy BTC 100usdc")


@pytest.mark.parametrize("status", ["HALT", "BREAK"])
@pytest.mark.parametrize("line", ["/price BTC", "/price BTC ETH", "/chart BTC", "/compare BTC ETH", "/watch BTC"])
async def test_every_view_names_the_halted_symbol(chat: Chat, line: str, status: str) -> None:
    chat.bot.market.age_ms = 120_000
    chat.bot.market.status[Symbol("BTCUSDC")] = status
    told = await chat.type(line)
    assert status in told
    assert "BTC/USDC" in told


async def test_a_delisted_symbol_is_not_bought_again_and_again(chat: Chat) -> None:
    market, plans = chat.bot.market, chat.bot.plans
    await chat.type("/dca BTC 50usdc daily 9:00")
    await chat.press("dca_pause 1")
    market.status[Symbol("BTCUSDC")] = "DELISTED"
    assert "delisted" in await chat.type("/dca BTC 70usdc daily 9:00")
    assert "delisted" in await chat.press_text("dca_resume 1")
    assert [plan.state for plan in plans.plans.values()] == [PlanState.PAUSED]
    market.status[Symbol("BTCUSDC")] = "HALT"  # it may come back
    assert "delisted" not in await chat.press_text("dca_resume 1")
    assert [plan.state for plan in plans.plans.values()] == [PlanState.ACTIVE]


@pytest.mark.parametrize("line", ["/alert BTC > 60000", "/forecastalert BTC up 60"])
async def test_nothing_is_set_to_wait_for_a_delisted_symbol(chat: Chat, line: str) -> None:
    await chat.type("/alert BTC > 59000")
    chat.bot.market.status[Symbol("BTCUSDC")] = "DELISTED"  # the last price is still fresh
    assert "has been delisted" in await chat.type(line)
    assert "has been delisted" in await chat.press_text("alert_repeat 1")
    assert len(chat.bot.alerts.alerts) == 1
    assert not chat.bot.alerts.alerts[1].repeat


async def test_an_alert_on_a_halted_symbol_names_the_halt(chat: Chat) -> None:
    chat.bot.market.age_ms = 120_000
    chat.bot.market.status[Symbol("BTCUSDC")] = "HALT"
    assert "HALT" in await chat.type("/alert BTC > 60000")


async def test_a_silent_symbol_offers_to_try_again(chat: Chat) -> None:
    chat.bot.market.silent.add(Symbol("BTCUSDC"))
    assert "no price yet" in await chat.type("/price BTC")
    assert [entry.press for entry in buttons(chat.last)] == ["price BTC"]


async def test_a_chart_is_drawn_in_the_persons_theme_with_words_for_who_cannot_see_it(chat: Chat) -> None:
    await chat.type("/settings theme light")
    await chat.type("/chart BTC 15m")
    drawn, label, style = chat.bot.charts.drawn[-1]
    assert (drawn, label, style.theme) == ("candles BTC/USDC 15m 120", "SIMULATION", Theme.LIGHT)
    picture = next(block for block in chat.last.blocks if isinstance(block, Picture))
    assert "120 candles of 15m" in picture.alt
    assert "low 29,000.00, high 72,500.00" in picture.alt
    await chat.type("/chart BTC")
    assert chat.bot.charts.drawn[-1][0] == "candles BTC/USDC 1h 120"


async def test_movers_are_ranked_by_their_change(chat: Chat) -> None:
    text = await chat.type("/market movers")
    gains, losses = text.split("Top losers")
    assert gains.index("币安人生") < gains.index("SOL") < gains.index("BTC")
    assert "ETH" in losses
    assert "DOGE" not in text


async def test_search_finds_a_part_of_a_name(chat: Chat) -> None:
    assert "DOGE/USDC" in await chat.type("/market search oge")
    assert "币安人生/USDC" in await chat.type("/market search 人生")
    assert "No symbol contains" in await chat.type("/market search zzz")
    assert "TEXT" in await chat.type("/market search")
