"""Commands that buy and sell: previews, confirmations and receipts, over a desk in memory."""

from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec import structs

from core.errors import DatabaseUnavailable
from pipeline.market import Symbol
from tests.fakes.transcript import buttons, press_of, transcript
from tests.unit.bot.commands.chat import Chat


async def test_details_of_a_preview_are_exact_and_order_nothing(chat: Chat) -> None:
    brief = await chat.type("/buy BTC 1000usdc")
    assert "You pay: 1,000.00 USDC" in brief
    assert "You receive" not in brief
    details = await chat.press("preview_details")
    assert "You pay: 1,000.00004 USDC" in details
    assert "You receive: 0.01722414 BTC" in details
    assert not chat.bot.desk.receipts
    assert "Bought" in await chat.press("confirm")


async def test_details_of_an_expired_preview_offer_it_again(chat: Chat) -> None:
    await chat.type("/buy BTC 1000usdc")
    press = press_of(chat.last, "preview_details")
    chat.bot.previews.expire()
    assert "has expired" in await chat.press_text(press)
    assert press_of(chat.last, "buy") == "buy BTC 1000usdc"


async def test_a_price_is_never_shown_later_than_its_order(chat: Chat) -> None:
    await chat.type("/settings confirm off")
    await chat.type("/buy BTC 1000usdc")
    owner, stored = chat.bot.desk.receipts[1]
    ahead = replace(
        stored, execution=structs.replace(stored.execution, price_time=int(stored.at.timestamp() * 1000) + 1500)
    )
    chat.bot.desk.receipts[1] = (owner, ahead)
    details = await chat.press("receipt")
    shown = dict(line.strip().split(": ", 1) for line in details.splitlines() if ": " in line)
    assert shown["Price time"] == shown["Time"]


async def test_a_preview_orders_nothing_and_a_press_orders_once(chat: Chat) -> None:
    text = await chat.type("/buy BTC 1000usdc")
    assert "USDC balance after: 999,000.00 USDC" in text
    assert not chat.bot.desk.receipts
    press = press_of(chat.last, "confirm")
    first = await chat.press_text(press)
    assert "Bought 0.0172413 BTC" in first
    assert await chat.press_text(press) == first
    assert await chat.press_text(press) == first
    assert len(chat.bot.desk.receipts) == 1


@pytest.mark.parametrize("size", ["1000 usdc", "1000 USDC", "0.01 btc", "10 %"])
async def test_a_size_may_stand_apart_from_its_unit(size: str, chat: Chat) -> None:
    await chat.type("/start")
    apart = await chat.type(f"/buy BTC {size}")
    together = await chat.type(f"/buy BTC {size.replace(' ', '')}")
    assert "Confirm" in together
    assert together.replace("tok000000002", "tok000000001") == apart


async def test_a_receipt_shows_what_the_price_was_made_of(chat: Chat) -> None:
    await chat.type("/buy BTC 1000usdc")
    receipt = await chat.press("confirm")
    for figure in ("Order: 1", "Bought: 0.0172413 BTC", "Paid: 1,000.00 USDC", "Fee: 0.00001724 BTC", "0.04%"):
        assert figure in receipt
    for figure in ("Mid price", "Price age", "Filled according to", "You "):
        assert figure not in receipt
    text = await chat.press("receipt")
    for figure in (
        "Order: 1",
        "Bought: 0.01724138 BTC",
        "Paid: 1,000.00004 USDC",
        "Received: 0.01722414 BTC",
        "Mid price",
        "Slippage: 4 bps (0.04%)",
        "Fee: 0.00001724 BTC",
        "Latency: 1,200 ms",
        "Tick: simulator:BTCUSDC:",
        "Execution: Taker, by the published size-impact rule",
        "USDC balance",
    ):
        assert figure in text
    assert "Realised" not in text
    await chat.type("/sell BTC max")
    assert "Realised P&L: -1.25 USDC" in await chat.press("confirm")
    assert chat.bot.desk.coins[101]["BTC"] == 0


async def test_a_partial_fill_is_announced_and_told(chat: Chat) -> None:
    chat.bot.desk.unfilled = Decimal("0.5")
    assert "0.5 BTC would expire" in await chat.type("/buy BTC 1000usdc")
    assert "0.5 BTC expired" in await chat.press("confirm")


async def test_another_person_cannot_press_the_button(chat: Chat) -> None:
    await chat.type("/buy BTC 1000usdc")
    press = press_of(chat.last, "confirm")
    assert "has expired" in await chat.press_text(press, external_id="8")
    assert "has expired" in await chat.press_text(press.replace("confirm", "cancel").split(" buy")[0], external_id="8")
    assert "Bought" in await chat.press_text(press)


async def test_cancelling_says_so_only_when_it_is_true(chat: Chat) -> None:
    await chat.type("/buy BTC 1000usdc")
    confirm, cancel = press_of(chat.last, "confirm"), press_of(chat.last, "cancel")
    assert "Nothing was ordered" in await chat.press_text(cancel)
    assert "has expired" in await chat.press_text(confirm)
    assert not chat.bot.desk.receipts
    await chat.type("/buy BTC 1000usdc")
    cancel = press_of(chat.last, "cancel")
    await chat.press("confirm")
    assert "Nothing was ordered" not in await chat.press_text(cancel)
    assert len(chat.bot.desk.receipts) == 1


async def test_an_expired_preview_offers_the_same_order_again(chat: Chat) -> None:
    await chat.type("/sell BTC 25%")
    await chat.type("/buy BTC 1000usdc")
    chat.bot.previews.expire()
    assert "has expired" in await chat.press("confirm")
    assert [entry.press for entry in buttons(chat.last)] == ["buy BTC 1000usdc", "history"]
    await chat.press("buy")
    assert "Bought" in await chat.press("confirm")


async def test_a_price_that_moved_is_shown_with_a_fresh_preview(chat: Chat) -> None:
    await chat.type("/buy BTC 1000usdc")
    old = press_of(chat.last, "confirm")
    chat.bot.market.prices[Symbol("BTCUSDC")] = Decimal("59000.00")
    text = await chat.press_text(old)
    assert "from 58,000.00 to 59,000.00" in text
    assert "0.5%" in text
    assert not chat.bot.desk.receipts
    fresh = press_of(chat.last, "confirm")
    assert fresh != old
    assert "Bought" in await chat.press_text(fresh)
    assert "has expired" in await chat.press_text(old)
    assert len(chat.bot.desk.receipts) == 1


async def test_selling_all_stays_selling_all_when_the_price_moved(chat: Chat) -> None:
    await chat.type("/buy BTC 1000usdc")
    await chat.press("confirm")
    await chat.type("/sell BTC max")
    chat.bot.market.prices[Symbol("BTCUSDC")] = Decimal("50000.00")
    await chat.press("confirm")
    assert press_of(chat.last, "confirm").endswith("sell BTC max")
    await chat.press("confirm")
    assert chat.bot.desk.coins[101]["BTC"] == 0


async def test_a_confirmation_lost_in_the_ledger_may_be_pressed_again(chat: Chat) -> None:
    await chat.type("/buy BTC 1000usdc")
    press = press_of(chat.last, "confirm")
    confirm = chat.bot.desk.confirm

    async def lost(*arguments: object, **named: object) -> object:
        await confirm(*arguments, **named)  # type: ignore[arg-type]
        raise DatabaseUnavailable

    chat.bot.desk.confirm = lost  # type: ignore[assignment, method-assign]
    assert "ledger is unavailable" in await chat.press_text(press)
    chat.bot.desk.confirm = confirm  # type: ignore[method-assign]
    assert "Bought" in await chat.press("confirm")
    assert len(chat.bot.desk.receipts) == 1


async def test_a_refused_confirmation_ends_its_preview(chat: Chat) -> None:
    await chat.type("/buy BTC max")
    press = press_of(chat.last, "confirm")
    chat.bot.desk.cash[101] = Decimal(0)
    assert "WARNING" in await chat.press_text(press)
    assert not chat.bot.previews.kept


async def test_without_confirmation_the_line_itself_is_the_order(chat: Chat) -> None:
    await chat.type("/start")
    await chat.type("/settings confirm off")
    inbound = chat.bot.inbound("/buy BTC 1000usdc")
    first = transcript(await chat.bot.router.answer(inbound))
    assert "Bought" in first
    assert transcript(await chat.bot.router.answer(inbound)) == first
    assert list(chat.bot.desk.done) == [f"fake:{inbound.command_id}"]


async def test_what_is_missing_is_said(chat: Chat) -> None:
    assert "short by 4,800,000.00 USDC" in await chat.type("/buy BTC 100")
    assert "hold any BTC" in await chat.type("/sell BTC 1")
