"""Commands about orders that rest already: list, card, change, cancellation; their figures elsewhere."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.router import Suggestion
from tests.fakes.transcript import buttons, press_of
from tests.unit.bot.commands.chat import Chat
from trading.orders.effects import FillRule
from trading.orders.open_orders import EndReason, OrderStatus

D = Decimal


async def with_orders(chat: Chat) -> None:
    """Order 1 buys BTC, 2 buys ETH, and the holding of BTC came by execution 3; 4 is a stop that sells BTC."""
    await chat.type("/start")
    await chat.type("/settings confirm off")
    await chat.type("/limit BTC buy 0.1 @ 50000")
    await chat.type("/limit ETH buy 1 @ 1900")
    await chat.type("/buy BTC 1 btc")
    await chat.type("/stop BTC sell 0.5 @ 50000 limit 49900")
    await chat.type("/settings confirm on")


async def test_the_list_shows_price_and_distance(chat: Chat) -> None:
    await with_orders(chat)
    text = await chat.type("/orders")
    assert "3 open orders" in text
    assert "| 4 | Sell 0.5 BTC | ≤50,000 | -13.8%" in text
    assert "| 2 | Buy 1 ETH | 1,900 | -2.6%" in text
    assert [entry.press for entry in buttons(chat.last)][:3] == ["order 4", "order 2", "order 1"]
    of_eth = await chat.type("/orders ETH")
    assert "One open order in ETH/USDC" in of_eth
    assert "BTC" not in of_eth


async def test_an_empty_list_says_how_to_order(chat: Chat) -> None:
    assert "/limit BTC buy" in await chat.type("/orders")
    assert "no open orders in BTC/USDC" in await chat.type("/orders BTC")


async def test_a_long_list_is_cut_and_says_so(chat: Chat) -> None:
    await chat.type("/settings confirm off")
    for _ in range(22):
        await chat.type("/limit BTC buy 0.001 @ 50000")
    assert "2 more orders are not shown" in await chat.type("/orders")


async def test_a_card_shows_what_is_left_and_what_happened(chat: Chat) -> None:
    await with_orders(chat)
    chat.bot.orders.fill(1, D("0.04"), rule=FillRule.QUEUE)
    card = await chat.type("/order 1")
    for figure in (
        "Order 1: Limit order",
        "Status: Partly filled",
        "Filled: 0.04 of 0.1 BTC; 0.06 BTC left",
        "Average price: 50,000.00 USDC",
        "On hold: 3,000.00 USDC",
        "In force: until cancelled",
        "| Filled | 0.04 | 50,000.00",
    ):
        assert figure in card
    assert [entry.press for entry in buttons(chat.last)] == [
        "amend 1",
        "cancel_order 1",
        "alert_order 1",
        "chart BTC",
        "orders",
        "receipt 5",
    ]
    receipt = await chat.press("receipt 5")
    assert "Execution: Maker, the market traded at the limit, after the quantity ahead" in receipt
    assert press_of(chat.last, "order") == "order 1"
    assert "after the quantity ahead was gone" in await chat.press_text("receipt_details 5")


async def test_an_ended_order_says_why(chat: Chat) -> None:
    await with_orders(chat)
    chat.bot.orders.end(1, OrderStatus.EXPIRED, EndReason.TIME)
    card = await chat.type("/order 1")
    assert "Status: Expired: its date passed" in card
    assert [entry.press for entry in buttons(chat.last)] == ["chart BTC", "orders"]
    assert "has already expired" in await chat.type("/amend 1 price 51000")
    assert "has already expired" in await chat.type("/cancel 1")


async def test_a_triggered_order_waits_at_its_limit(chat: Chat) -> None:
    await with_orders(chat)
    chat.bot.orders.trigger(4, D("49999"))
    assert "Status: Triggered" in await chat.type("/order 4")
    assert "| 4 | Sell 0.5 BTC | 49,900 | -14%" in await chat.type("/orders")


async def test_a_trailing_order_shows_what_it_follows(chat: Chat) -> None:
    await with_orders(chat)
    await chat.type("/trail BTC sell 0.1 10% from 60000")
    await chat.press("confirm_order")
    assert "waits for 60,000.00" in await chat.type("/order 5")
    assert "| 5 | Sell 0.1 BTC | trail 10% | –" in await chat.type("/orders")
    owner, order = chat.bot.orders.records[5]

    chat.bot.orders.records[5] = (owner, replace(order, extreme=D(60000)))
    assert "triggers at 54,000.00, 10% from the extreme 60,000.00" in await chat.type("/order 5")
    assert "| 5 | Sell 0.1 BTC | ≤54,000 | -6.9%" in await chat.type("/orders")


async def test_a_change_is_shown_and_then_confirmed_once(chat: Chat) -> None:
    await with_orders(chat)
    text = await chat.type("/amend 1 price 52000 quantity 0.05")
    assert "Limit price: 50,000.00 → 52,000.00 (-10.34% from the market)" in text
    assert "Quantity: 0.1 → 0.05 BTC" in text
    assert chat.bot.orders.records[1][1].limit_price == 50_000
    press = press_of(chat.last, "confirm_order")
    first = await chat.press_text(press)
    assert "Order 1 was changed" in first
    assert "On hold: 2,600.00 USDC" in first
    assert await chat.press_text(press) == first
    assert len(chat.bot.orders.records[1][1].events) == 2


async def test_a_card_asks_what_should_change(chat: Chat) -> None:
    await with_orders(chat)
    await chat.type("/order 1")
    assert "What should change?" in await chat.press("amend")
    assert chat.last.asks == "amend 1"
    assert "has no order 99" in await chat.type("/amend 99")


async def test_changes_that_change_nothing_are_refused(chat: Chat) -> None:
    await with_orders(chat)
    chat.bot.orders.fill(1, D("0.04"))
    await chat.type("/settings confirm off")
    assert "would change nothing" in await chat.type("/amend 1 price 50000")
    assert "0.04 BTC of order 1 are already filled" in await chat.type("/amend 1 quantity 0.04")
    assert "was changed" in await chat.type("/amend 1 quantity 0.05")


async def test_cancelling_returns_what_was_held(chat: Chat) -> None:
    await with_orders(chat)
    assert "Order 1 was cancelled" in await chat.type("/cancel 1")
    assert chat.bot.desk.held[101]["USDC"] == 1900
    assert "Order 4 was cancelled" in await chat.press_text("cancel_order 4")
    assert "is already cancelled" in await chat.press_text("cancel_order 4")
    assert "has no order 77" in await chat.type("/cancel 77")


async def test_cancelling_all_asks_first_and_happens_once(chat: Chat) -> None:
    await with_orders(chat)
    text = await chat.type("/cancel BTC")
    assert "Cancel all 2 orders?" in text
    assert "ETH" not in text
    press = press_of(chat.last, "cancel_orders_now")
    assert "2 orders were cancelled: 1, 4" in await chat.press_text(press)
    assert "2 orders were cancelled: 1, 4" in await chat.press_text(press)
    await chat.type("/limit BTC buy 0.1 @ 50000")
    await chat.press("confirm_order")
    assert "Cancel this order?" in await chat.press_text(press), "a later order was not meant"
    assert "2 open orders" in await chat.type("/orders")
    await chat.type("/settings confirm off")
    assert "2 orders were cancelled" in await chat.type("/cancel all")
    assert "no open order to cancel" in await chat.type("/cancel all")


async def test_orders_are_cancelled_in_words(chat: Chat) -> None:
    await with_orders(chat)
    assert "Order 1 was cancelled" in await chat.type("/orders cancel 1")
    assert "What should change?" in await chat.type("/orders amend 2")
    assert "2번" not in await chat.type("cancel 2")
    assert "One open order" in await chat.type("my orders")


async def test_another_users_orders_do_not_exist(chat: Chat) -> None:
    await with_orders(chat)
    for press in ("order 1", "cancel_order 1", "amend 1 price 1"):
        assert "has no order 1" in await chat.press_text(press, external_id="8")


async def test_balance_and_portfolio_show_what_is_held(chat: Chat) -> None:
    await with_orders(chat)
    balance = await chat.type("/balance")
    assert "| USDC | 935,100 | 6,900 | 942,000" in balance
    assert "| BTC | 0.499 | 0.5 | 0.999" in balance
    portfolio = await chat.type("/portfolio")
    assert "Cash: 942,000.00 USDC" in portfolio
    assert "Cash available: 935,100.00 USDC" in portfolio
    assert "Cash on hold: 6,900.00 USDC" in portfolio
    assert "| BTC | 0.999 | 0.499 | 0.5 |" in portfolio


async def test_history_names_the_order_and_the_rule(chat: Chat) -> None:
    await with_orders(chat)
    chat.bot.orders.fill(1, D("0.04"))
    text = await chat.type("/history")
    assert "Buy 0.04 BTC · order 1, maker" in text
    assert "| 3 | " in text
    assert "Buy 1 BTC |" in text


async def test_open_orders_are_suggested_while_typing(chat: Chat) -> None:
    await with_orders(chat)

    async def suggested(text: str) -> list[str]:
        return [entry.text for entry in await chat.bot.router.suggest(chat.bot.inbound(text))]

    assert await suggested("/cancel ") == ["4", "2", "1", "all"]
    assert await suggested("/amend 2") == ["2"]
    assert await suggested("/cancel et") == ["ETH"]
    found = await chat.bot.router.suggest(chat.bot.inbound("/amend 4"))
    assert found == [Suggestion("4", "Sell 0.5 BTC @ 49,900.00")]
    await chat.type("/cancel 4")
    assert await suggested("/amend ") == ["2", "1"], "what was cancelled is no longer suggested"


async def test_an_amended_stop_is_shown_where_it_is_now(chat: Chat) -> None:
    await chat.type("/settings confirm off")
    await chat.type("/buy BTC 58000usdc")
    await chat.type("/stop BTC sell 50% 50000")
    number = max(chat.bot.orders.records)
    await chat.type("/settings confirm on")
    text = await chat.type(f"/amend {number} price -10%")
    assert "Trigger price: 50,000.00 → 52,200.00 (-10.00% from the market)" in text
    assert "≤ 52,200.00" in await chat.press("confirm_order")
    for line in ("/orders", "/cancel BTC"):
        assert "≤52,200" in await chat.type(line)


async def test_a_price_far_from_the_market_is_doubted_when_an_order_is_changed(chat: Chat) -> None:
    await with_orders(chat)
    await chat.type("/settings confirm off")
    text = await chat.type("/amend 1 price 5")
    assert "The price 5.00 is far from the market, which is at 58,000.00." in text
    assert "50,000.00" in await chat.type("/order 1"), "and nothing was changed"
    assert "was changed" in await chat.type("/amend 1 price 51000")
    assert "has no order 99" in await chat.type("/amend 99 price 5")


@pytest.mark.parametrize("line", ["/amend @", "/amend tp tp", "/amend price", "/amend price 50000", "/amend 수량"])
async def test_a_change_without_an_order_asks_for_it(chat: Chat, line: str) -> None:
    await with_orders(chat)
    assert "went wrong" not in await chat.type(line)
