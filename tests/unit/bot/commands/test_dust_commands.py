"""What the desk says of balances below the exchange's minimum, and how it sells them."""

from decimal import Decimal

import pytest

from people.person import Language
from pipeline.errors import StalePrice, SymbolHalted
from pipeline.market import Symbol
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons, transcript
from tests.unit.bot.commands.chat import Chat
from trading.dust import UnsellableDust
from trading.errors import PriceMoved

D = Decimal


@pytest.fixture
def chat() -> Chat:
    bot = FakeDeskBot()
    bot.market.minimum = D(5)
    return Chat(bot)


async def hold(chat: Chat, *lines: str) -> None:
    await chat.type("/settings confirm off")
    for line in lines:
        await chat.type(line)
    await chat.type("/settings confirm on")


def presses(chat: Chat) -> list[str]:
    return [entry.press for entry in buttons(chat.last)]


async def test_a_buy_that_ends_as_dust_says_so(chat: Chat) -> None:
    assert "only sell all of it at once" in await chat.type("/buy BTC 5usdc")
    assert "sell BTC max" in presses(chat)
    assert "only sell all of it at once" in await chat.press("confirm")
    assert "sell BTC max" in presses(chat)


async def test_a_buy_that_can_be_sold_says_nothing(chat: Chat) -> None:
    assert "only sell all of it at once" not in await chat.type("/buy BTC 50usdc")
    assert "only sell all of it at once" not in await chat.press("confirm")
    assert "sell BTC max" not in presses(chat)


async def test_a_sale_that_leaves_dust_offers_all(chat: Chat) -> None:
    await hold(chat, "/buy BTC 50usdc")
    assert "This leaves" in await chat.type("/sell BTC 95%")
    await chat.press("sell BTC max")
    assert "This leaves" not in await chat.press("confirm")
    assert chat.bot.desk.coins[101]["BTC"] == 0


async def test_an_order_without_confirmation_says_what_it_left(chat: Chat) -> None:
    await chat.type("/settings confirm off")
    assert "only sell all of it at once" in await chat.type("/buy BTC 5usdc")
    assert "sell BTC max" in presses(chat)


async def test_an_old_receipt_says_nothing_of_dust(chat: Chat) -> None:
    await hold(chat, "/buy BTC 5usdc")
    await chat.type("/history")
    assert "only sell all of it at once" not in await chat.press("receipt")


@pytest.mark.parametrize("size", ["50%", "0.00001", "1usdc"])
async def test_a_part_too_small_offers_all(chat: Chat, size: str) -> None:
    await hold(chat, "/buy BTC 5usdc")
    text = await chat.type(f"/sell BTC {size}")
    assert "the minimum is 0.00008621 BTC" in text
    assert presses(chat) == ["sell BTC max"]
    await chat.press("sell BTC max")
    assert "Sold" in await chat.press("confirm")


async def test_the_portfolio_leads_to_dust_where_there_is_some(chat: Chat) -> None:
    await hold(chat, "/buy BTC 50usdc")
    await chat.type("/portfolio")
    assert "dust" not in presses(chat)
    await hold(chat, "/buy ETH 5usdc")
    await chat.type("/portfolio")
    await chat.press("dust")
    assert "Sell 1 small balance" in transcript(chat.last)


async def test_one_confirmation_sells_all_dust(chat: Chat) -> None:
    await hold(chat, "/buy BTC 5usdc", "/buy ETH 5usdc", "/buy SOL 50usdc")
    text = await chat.type("/dust")
    assert "Sell 2 small balances for 9.98 USDC?" in text
    assert len(chat.bot.desk.receipts) == 3
    press = presses(chat)[0]
    assert "Sold 2 small balances for 9.98 USDC" in await chat.press_text(press)
    await chat.press_text(press)
    assert len(chat.bot.desk.receipts) == 5
    assert {asset: left for asset, left in chat.bot.desk.coins[101].items() if left}.keys() == {"SOL"}


async def test_dust_can_be_kept(chat: Chat) -> None:
    await hold(chat, "/buy BTC 5usdc")
    await chat.type("/dust")
    sell, cancel = presses(chat)
    assert "Nothing was ordered" in await chat.press_text(cancel)
    assert "preview has expired" in await chat.press_text(sell)
    assert presses(chat) == ["dust", "history"]
    assert len(chat.bot.desk.receipts) == 1


async def test_a_preview_of_dust_confirms_no_order(chat: Chat) -> None:
    await hold(chat, "/buy BTC 5usdc")
    await chat.type("/dust")
    token = presses(chat)[0].split()[1]
    assert "preview has expired" in await chat.press_text(f"confirm {token}")
    await chat.type("/buy BTC 50usdc")
    token = presses(chat)[0].split()[1]
    assert "preview has expired" in await chat.press_text(f"dust_sell {token}")


async def test_without_confirmation_the_line_sells_dust(chat: Chat) -> None:
    await hold(chat, "/buy BTC 5usdc")
    await chat.type("/settings confirm off")
    assert "Sold 1 small balance" in await chat.type("/dust")
    assert "no small balances" in await chat.type("/dust")


@pytest.mark.parametrize("language", Language)
async def test_dust_that_stays_is_named_with_its_reason(language: Language) -> None:
    chat = Chat(FakeDeskBot(language))
    chat.bot.market.minimum = D(5)
    reasons = (SymbolHalted("XUSDC", "BREAK"), StalePrice("YUSDC", 60, 15), PriceMoved("ZUSDC", D(2), D(1), D("0.005")))
    chat.bot.desk.dust_kept = tuple(UnsellableDust(asset, reason) for asset, reason in zip("XYZ", reasons, strict=True))
    text = await chat.type("/dust")
    named = [line for line in text.splitlines() if any(f"{asset} " in line for asset in "XYZ")]
    assert len(set(named)) == 3
    assert Symbol("XUSDC") not in text
