"""Commands that show and reset the past: receipts, history and equity, over a desk in memory."""

from decimal import Decimal

from pipeline.market import SourceKind, Symbol
from tests.fakes.transcript import buttons, press_of
from tests.unit.bot.commands.chat import Chat


async def test_a_receipt_opens_from_history_and_only_for_its_owner(chat: Chat) -> None:
    await chat.type("/start")
    await chat.type("/settings confirm off")
    await chat.type("/buy BTC 1000usdc")
    receipt = await chat.press("receipt 1")
    await chat.type("/history")
    assert await chat.press("receipt 1") == receipt
    assert "no order 1" in await chat.press_text("receipt 1", external_id="8")
    assert "no order 99" in await chat.press_text("receipt 99")


async def test_an_old_receipt_keeps_the_name_of_its_own_source(chat: Chat) -> None:
    await chat.type("/settings confirm off")
    await chat.type("/buy BTC 1000usdc")
    chat.bot.market.source, chat.bot.market.label = SourceKind.BINANCE, ""
    assert "SIMULATOR: these prices are simulated" in await chat.press_text("receipt 1")


async def test_a_receipt_outlives_its_symbol(chat: Chat) -> None:
    await chat.type("/settings confirm off")
    await chat.type("/buy SOL 1000usdc")
    del chat.bot.market.prices[Symbol("SOLUSDC")]
    assert "Bought" in await chat.press_text("receipt 1")
    assert "SOL" in await chat.type("/history")


async def test_the_equity_is_drawn_once_there_was_a_trade(chat: Chat) -> None:
    chat.bot.market.prices[Symbol("BTCUSDC")] = Decimal("58000.00")
    await chat.type("/portfolio")
    assert [drawn for drawn, *_ in chat.bot.charts.drawn] == ["allocation"]
    await chat.type("/settings confirm off")
    await chat.type("/buy BTC 1000usdc")
    text = await chat.type("/portfolio")
    assert [drawn for drawn, *_ in chat.bot.charts.drawn[1:]] == ["allocation", "equity"]
    assert "| BTC | 0.01722414 |" in text


async def test_history_has_pages(chat: Chat) -> None:
    await chat.type("/settings confirm off")
    for _ in range(12):
        await chat.type("/buy BTC 100usdc")
    assert "| 12 |" in await chat.type("/history")
    assert len([entry for entry in buttons(chat.last) if entry.press.startswith("receipt")]) == 10
    older = await chat.press("history_before")
    assert "| 2 |" in older
    assert "| 3 |" not in older
    assert "Grant" in older
    assert not [entry for entry in buttons(chat.last) if entry.press.startswith("history_before")]


async def test_reset_says_what_is_lost_and_one_press_resets_once(chat: Chat) -> None:
    await chat.type("/settings confirm off")
    await chat.type("/buy BTC 1000usdc")
    text = await chat.type("/reset")
    assert "one position" in text
    assert not chat.bot.desk.resets
    press = press_of(chat.last, "reset_now")
    assert "another account" in await chat.press_text(press, external_id="8")
    assert "start again" in await chat.press_text(press)
    assert "another account" in await chat.press_text(press)
    assert chat.bot.desk.resets == ["reset:101:1"]
