"""Orders and changes whose price is far from the market, of 58,000, are shown to every user first."""

from decimal import Decimal

import pytest

from tests.fakes.transcript import press_of
from tests.unit.bot.commands.chat import Chat

D = Decimal


def placed(chat: Chat) -> list[int]:
    return list(chat.bot.orders.records)


@pytest.mark.parametrize("line", ["/limit BTC 57000 buy 0.1", "/limit BTC buy 57000 @ 0.1", "limit btc buy 57000 0.1"])
async def test_price_and_quantity_the_wrong_way_round_are_doubted_for_every_user(chat: Chat, line: str) -> None:
    await chat.type("/settings confirm off")
    text = await chat.type(line)
    assert "The price 0.10 is far from the market, which is at 58,000.00." in text
    assert not placed(chat)
    await chat.press("limit BTC buy 0.1 57000")
    assert [chat.bot.orders.records[number][1].limit_price for number in placed(chat)] == [D(57000)]


@pytest.mark.parametrize(
    "line",
    [
        "/limit BTC sell 0.1 5800",
        "/limit BTC sell 0.1 580000",
        "/stop BTC sell 0.1 5800 limit 5700",
        "/tp BTC sell 0.1 600000",
        "/oco BTC sell 0.1 tp 650000 sl 55000",
        "/bracket BTC buy 0.1 tp 650000 sl 55000",
    ],
)
async def test_a_price_with_a_digit_too_many_or_too_few_is_doubted(chat: Chat, line: str) -> None:
    await chat.type("/buy BTC 58000usdc")
    await chat.press("confirm")
    await chat.type("/settings confirm off")
    assert "is far from the market" in await chat.type(line)
    assert not placed(chat)


async def test_an_ordinary_price_is_not_doubted(chat: Chat) -> None:
    await chat.type("/settings confirm off")
    assert "far from the market" not in await chat.type("/limit BTC buy 0.1 6000")
    assert placed(chat) == [1]


@pytest.mark.parametrize(
    ("line", "swapped"),
    [
        ("/limit BTC buy 57000 0.1 ioc", "limit BTC buy 0.1 57000 ioc"),
        ("/limit BTC buy 57000 0.1 maker", "limit BTC buy 0.1 57000 maker"),
        ("/limit BTC buy 57000 0.1 for 1d", ""),
        ("/tp BTC sell 0.9 590000", ""),
        ("/limit BTC buy 2 100000", ""),
    ],
)
async def test_the_exchanged_order_keeps_the_other_terms(chat: Chat, line: str, swapped: str) -> None:
    await chat.type("/buy BTC 58000usdc")
    await chat.press("confirm")
    await chat.type("/settings confirm off")
    text = await chat.type(line)
    assert "is far from the market" in text
    assert not placed(chat)
    offered = text[text.rindex("[Cancel -> ") :].count("[")
    assert offered == (2 if swapped else 1)
    if swapped:
        assert "far from the market" not in await chat.press(swapped)
        assert len(placed(chat)) == 1


@pytest.mark.parametrize("line", ["/limit BTC buy 0.1 87000", "/limit BTC sell 0.1 29000", "/limit BTC buy 0.1 200000"])
async def test_a_price_much_worse_than_the_market_is_doubted(chat: Chat, line: str) -> None:
    await chat.type("/buy BTC 58000usdc")
    await chat.press("confirm")
    await chat.type("/settings confirm off")
    assert "is far from the market" in await chat.type(line)
    assert not placed(chat)


@pytest.mark.parametrize(
    "line",
    ["/limit BTC buy 0.1 86999", "/limit BTC sell 0.1 29001", "/limit BTC sell 0.1 200000", "/stop BTC sell 0.1 6000"],
)
async def test_a_price_on_the_usual_side_may_be_farther_away(chat: Chat, line: str) -> None:
    await chat.type("/buy BTC 58000usdc")
    await chat.press("confirm")
    await chat.type("/settings confirm off")
    assert "far from the market" not in await chat.type(line)
    assert len(placed(chat)) == 1


@pytest.mark.parametrize(
    ("change", "offered"),
    [
        ("1 570", ""),
        ("1 price 570000", ""),
        ("1 price 100000", ""),
        ("1 0.2", "amend 1 quantity 0.2"),
        ("1 price 0.2 quantity 56000", "amend 1 quantity 0.2 price 56000"),
    ],
)
async def test_a_far_price_of_a_change_is_shown_to_every_user_first(chat: Chat, change: str, offered: str) -> None:
    await chat.type("/settings confirm off")
    await chat.type("/limit BTC buy 0.1 57000")
    text = await chat.type(f"/amend {change}")
    assert "is far from the market" in text
    assert chat.bot.orders.records[1][-1].limit_price == D(57000)
    assert (offered in text) if offered else "amend 1 quantity" not in text
    if offered:
        await chat.press(offered)
        assert chat.bot.orders.records[1][-1].quantity == D("0.2")
        return
    await chat.press_text(press_of(chat.last, "confirm_order"))
    assert chat.bot.orders.records[1][-1].limit_price != D(57000)


@pytest.mark.parametrize("change", ["price 20000", "price -95%", "quantity 0.2", "price 86999"])
async def test_other_changes_are_made_at_once_without_confirmation(chat: Chat, change: str) -> None:
    await chat.type("/settings confirm off")
    await chat.type("/limit BTC buy 0.1 57000")
    assert "was changed" in await chat.type(f"/amend 1 {change}")
