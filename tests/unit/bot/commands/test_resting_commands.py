"""Commands that place resting orders: previews, confirmations and cards, over a desk in memory."""

from decimal import Decimal

import pytest

from core.errors import DatabaseUnavailable
from pipeline.market import Symbol
from tests.fakes.bot_market import NOW
from tests.fakes.transcript import buttons, press_of, transcript
from tests.unit.bot.commands.chat import Chat
from trading.errors import PriceMoved
from trading.orders.open_orders import OrderStatus
from trading.orders.requests import BracketRequest, OrderRequest
from trading.orders.terms import OrderType, TimeInForce
from trading.ports import Account

BTC = Symbol("BTCUSDC")
D = Decimal
LIMIT = "/limit BTC buy 0.1 @ 50000"


async def holding(chat: Chat) -> None:
    """The user has bought BTC."""
    await chat.type("/buy BTC 58000usdc")
    await chat.press("confirm")


def placed(chat: Chat) -> list[int]:
    return list(chat.bot.orders.records)


async def test_a_preview_shows_what_is_held_and_orders_nothing(chat: Chat) -> None:
    text = await chat.type(LIMIT)
    for figure in (
        "Limit order, BTC/USDC",
        "Buy 0.1 BTC",
        "50,000.00 (-13.79% from the market)",
        "Will be held: 5,000.00 USDC",
        "USDC available after: 995,000.00 USDC",
        "Confirm within 30 seconds",
    ):
        assert figure in text
    assert not placed(chat)
    assert chat.bot.desk.cash[101] == 1_000_000


async def test_one_preview_makes_one_order(chat: Chat) -> None:
    await chat.type(LIMIT)
    press = press_of(chat.last, "confirm_order")
    first = await chat.press_text(press)
    assert "Order 1: Limit order" in first
    assert "On hold: 5,000.00 USDC" in first
    assert await chat.press_text(press) == first
    assert placed(chat) == [1]
    assert chat.bot.desk.cash[101] == 995_000


async def test_what_was_shown_is_placed_even_if_the_market_moved(chat: Chat) -> None:
    await holding(chat)
    await chat.type("/limit BTC sell 50% +10%")
    shown = transcript(chat.last)
    assert "63,800.00" in shown
    chat.bot.market.prices[BTC] = D("60000.00")
    await chat.press("confirm_order")
    order = chat.bot.orders.records[placed(chat)[0]][1]
    assert order.limit_price == D("63800.00")
    assert order.quantity == D("0.4995")
    assert "Sell 0.4995 BTC" in shown


async def test_a_sale_of_everything_stays_one(chat: Chat) -> None:
    await holding(chat)
    await chat.type("/limit BTC sell max 70k")
    await chat.type("/limit BTC sell max 70k")
    chat.bot.desk.coins[101]["BTC"] = D(2)
    await chat.press("confirm_order")
    assert chat.bot.orders.records[placed(chat)[0]][1].quantity == 2


async def test_an_expired_preview_offers_the_same_line_again(chat: Chat) -> None:
    await chat.type(LIMIT)
    chat.bot.previews.expire()
    assert "has expired" in await chat.press("confirm_order")
    assert [entry.press for entry in buttons(chat.last)] == ["limit BTC buy 0.1 @ 50000", "history"]
    await chat.press("limit")
    assert "was placed" in await chat.press("confirm_order")


async def test_a_line_that_is_too_long_for_a_button_is_still_confirmed(chat: Chat) -> None:
    await holding(chat)
    await chat.type("/oco BTC sell 0.1 take profit 75000 stop loss 50000 limit 49900")
    assert press_of(chat.last, "confirm_order").count(" ") == 1
    assert "2 orders were placed" in await chat.press("confirm_order")


async def test_a_forged_line_is_not_offered_again(chat: Chat) -> None:
    await chat.type("/start")
    assert "has expired" in await chat.press_text("confirm_order tok000000009 reset_now 101 1")
    assert [entry.press for entry in buttons(chat.last)] == ["history"]


async def test_another_user_cannot_confirm(chat: Chat) -> None:
    await chat.type(LIMIT)
    press = press_of(chat.last, "confirm_order")
    assert "has expired" in await chat.press_text(press, external_id="8")
    assert not placed(chat)


async def test_the_button_of_one_kind_does_not_confirm_another(chat: Chat) -> None:
    await chat.type(LIMIT)
    token = press_of(chat.last, "cancel").split()[1]
    assert "has expired" in await chat.press_text(f"confirm {token}")
    assert "has expired" in await chat.press_text(f"dust_sell {token}")
    await chat.type("/buy BTC 100usdc")
    token = press_of(chat.last, "cancel").split()[1]
    assert "has expired" in await chat.press_text(f"confirm_order {token}")
    assert not placed(chat)


async def test_a_cancelled_preview_places_nothing(chat: Chat) -> None:
    await chat.type(LIMIT)
    confirm, cancel = press_of(chat.last, "confirm_order"), press_of(chat.last, "cancel")
    assert "Nothing was ordered" in await chat.press_text(cancel)
    assert "has expired" in await chat.press_text(confirm)
    assert not placed(chat)


async def test_a_confirmation_lost_in_the_ledger_may_be_pressed_again(chat: Chat) -> None:
    await chat.type(LIMIT)
    press, place = press_of(chat.last, "confirm_order"), chat.bot.orders.place

    async def lost(*arguments: object, **named: object) -> object:
        await place(*arguments, **named)  # type: ignore[arg-type]
        raise DatabaseUnavailable

    chat.bot.orders.place = lost  # type: ignore[assignment, method-assign]
    assert "ledger is unavailable" in await chat.press_text(press)
    chat.bot.orders.place = place  # type: ignore[method-assign]
    assert "was placed" in await chat.press("confirm_order")
    assert placed(chat) == [1]


async def test_a_refused_confirmation_ends_its_preview(chat: Chat) -> None:
    await chat.type(LIMIT)
    chat.bot.desk.cash[101] = D(0)
    assert "WARNING" in await chat.press("confirm_order")
    assert not chat.bot.previews.kept


async def test_without_confirmation_the_line_is_the_order(chat: Chat) -> None:
    await chat.type("/start")
    await chat.type("/settings confirm off")
    inbound = chat.bot.inbound(LIMIT)
    first = transcript(await chat.bot.router.answer(inbound))
    assert "was placed" in first
    assert transcript(await chat.bot.router.answer(inbound)) == first
    assert list(chat.bot.orders.done) == [f"fake:{inbound.command_id}"]


@pytest.mark.parametrize(
    ("line", "kind", "force"),
    [
        ("/limit BTC sell 0.1 @ 65000", OrderType.LIMIT, TimeInForce.GTC),
        ("/limit BTC sell 0.1 @ 65000 ioc", OrderType.LIMIT, TimeInForce.IOC),
        ("/limit BTC sell 0.1 @ 50000 fok", OrderType.LIMIT, TimeInForce.FOK),
        ("/limit BTC sell 0.1 @ 65000 maker 1d", OrderType.LIMIT_MAKER, TimeInForce.GTD),
        ("/stop BTC sell 0.1 @ 50000", OrderType.STOP_LOSS, TimeInForce.GTC),
        ("/stop BTC sell 0.1 @ 50000 limit 49900 1d", OrderType.STOP_LOSS_LIMIT, TimeInForce.GTD),
        ("/tp BTC sell 0.1 @ 75000", OrderType.TAKE_PROFIT, TimeInForce.GTC),
        ("/tp BTC sell 0.1 @ 75000 limit 74900", OrderType.TAKE_PROFIT_LIMIT, TimeInForce.GTC),
        ("/trail BTC sell 0.1 3%", OrderType.STOP_LOSS, TimeInForce.GTC),
    ],
)
async def test_each_command_asks_for_its_type(line: str, kind: OrderType, force: TimeInForce, chat: Chat) -> None:
    await holding(chat)
    await chat.type(line)
    await chat.press("confirm_order")
    terms = chat.bot.orders.records[placed(chat)[0]][1].terms
    assert (terms.type, terms.time_in_force) == (kind, force)
    assert (terms.trailing_delta == 300) == line.startswith("/trail")
    assert (terms.expires_at is not None) == (force is TimeInForce.GTD)


async def test_what_fills_at_once_comes_with_its_receipt(chat: Chat) -> None:
    text = await chat.type("/limit BTC buy 0.1 @ 59000")
    assert "Filled at once: 0.1 BTC at 58,000.00" in text
    assert "Will be held" not in text
    receipt = await chat.press("confirm_order")
    assert "Bought 0.1 BTC" in receipt
    assert "Order: 1" in receipt
    assert "Fill number: 2" in receipt
    assert "Execution: Taker, by the published size-impact rule" in receipt
    assert press_of(chat.last, "order") == "order 1"


async def test_an_order_that_ends_at_once_says_why(chat: Chat) -> None:
    text = await chat.type("/limit BTC buy 0.1 @ 50000 ioc")
    assert "would expire at once" in text
    answer = await chat.press("confirm_order")
    assert "Status: Expired: it could not be filled at once" in answer
    assert not [entry for entry in buttons(chat.last) if entry.press.startswith(("amend", "cancel"))]


async def test_a_pair_has_one_hold_and_names_its_orders(chat: Chat) -> None:
    await holding(chat)
    text = await chat.type("/oco BTC sell 0.1 tp 75000 sl 50000 limit 49900")
    assert "Take profit: Sell 0.1 BTC 75,000.00 (+29.31% from the market)" in text
    assert "Stop loss: Sell 0.1 BTC ≤ 50,000.00 (-13.79% from the market), then limit 49,900.00" in text
    assert "Will be held: 0.1 BTC" in text
    answer = await chat.press("confirm_order")
    assert "2 orders were placed" in answer
    assert "On hold: 0.1 BTC" in answer
    assert chat.bot.desk.held[101]["BTC"] == D("0.1")


async def test_a_bracket_waits_for_its_entry(chat: Chat) -> None:
    text = await chat.type("/bracket BTC buy 1000usdc @ 50000 tp +5% sl -2%")
    assert "Take profit: Sell 0.02 BTC 52,500.00" in text
    assert "Stop loss: Sell 0.02 BTC ≤ 49,000.00" in text
    answer = await chat.press("confirm_order")
    assert answer.count("Waits for its entry") == 2
    entry, above, below = placed(chat)
    chat.bot.orders.fill(entry, D("0.02"))
    assert chat.bot.orders.records[above][1].status is OrderStatus.NEW
    text = await chat.type(f"/order {below}")
    assert "List: bracket: Take profit" in text
    assert "Went live" in text


async def test_a_bracket_at_the_market_keeps_its_percentages(chat: Chat) -> None:
    text = await chat.type("/bracket BTC buy 1000usdc tp +5% sl -2%")
    assert "at the market, now about 58,000.00" in text
    chat.bot.market.prices[BTC] = D("50000.00")
    await chat.press("confirm_order")
    assert chat.bot.orders.records[placed(chat)[1]][1].limit_price == D("52500.00")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/limit BTC buy 0.1 @ 65000 maker ioc", "exclude each other"),
        ("/limit BTC buy 0.1 @ 65000 gtc fok", "exclude each other"),
        ("/stop BTC sell 0.1 @ 50000 fok", "gtc, 1d, 1w"),
        ("/stop BTC sell 0.1 @ 50000 maker", "gtc, 1d, 1w"),
        ("/limit BTC buy 0.1 @ 50000.001", "Choose 50,000 or 50,000.01"),
        ("/stop BTC sell 0.1 @ 70000", "Choose a price below it"),
        ("/stop BTC buy 0.1 @ 50000", "Choose a price above it"),
        ("/limit BTC buy 0.1 @ 60000 maker", "would fill at once"),
        ("/limit BTC buy 0.1 @ 50000 fok", "Nothing can be filled at once"),
        ("/limit BTC buy 0.1 @ 50000 2020-01-01", "between one minute and 90 days"),
        ("/oco BTC sell 0.1 tp 50000 sl 70000", "the stop loss must be below the last price of 58,000.00"),
        ("/oco BTC buy 0.1 tp 70000 sl 50000", "the take profit must be below the last price of 58,000.00"),
        ("/limit BTC buy 100 @ 50000", "short by 4,058,000.00 USDC"),
        ("/limit ETH sell 1 @ 5000", "hold any ETH"),
    ],
)
async def test_a_refusal_says_what_to_do(line: str, said: str, chat: Chat) -> None:
    await holding(chat)
    assert said in await chat.type(line)
    assert not placed(chat)


async def test_questions_lead_to_the_whole_order(chat: Chat) -> None:
    assert "Buy or sell?" in await chat.type("/limit BTC")
    assert "How much?" in await chat.press("limit BTC buy")
    assert "At which price?" in await chat.press("limit BTC buy 1000usdc")
    assert press_of(chat.last, "limit").endswith("-1%"), "the side of the market where a purchase waits comes first"
    assert "Buy 0.01741553 BTC" in await chat.press("limit")


async def test_a_bracket_is_shown_again_if_the_price_has_moved(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    await chat.type("/bracket BTC buy 0.1 tp +5% sl -2%")
    place, asked = chat.bot.orders.place, []

    async def moved(account: Account, command_id: str, request: BracketRequest, **more: object) -> object:
        asked.append(request.previewed_price)
        raise PriceMoved(BTC, D(58_000), D(59_000), D("0.005"))

    monkeypatch.setattr(chat.bot.orders, "place", moved)
    text = await chat.press("confirm_order")
    assert asked == [D(58_000)]
    assert "59,000.00" in text
    assert "Confirm within 30 seconds" in text
    assert not placed(chat)
    monkeypatch.setattr(chat.bot.orders, "place", place)
    assert "3 orders were placed" in await chat.press("confirm_order")


async def test_a_preview_keeps_the_date_that_it_showed(chat: Chat) -> None:
    await chat.type("/limit BTC buy 0.1 @ 50000 1d")
    await chat.press("confirm_order")
    ((request, _),) = chat.bot.orders.done.values()
    assert isinstance(request, OrderRequest)
    assert (request.expires_in_ms, request.expires_at) == (None, NOW + 86_400_000)


async def test_help_says_how_orders_fill(chat: Chat) -> None:
    text = await chat.type("/help fills")
    assert "at most 5% above the trigger price" in text
    assert "체결 규칙" not in text
