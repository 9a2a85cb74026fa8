"""Fills, receipts and exports, over a desk in memory."""

from dataclasses import replace

import pytest

from bot.reply import Document
from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons
from tests.unit.bot.commands.chat import Chat


async def bought(chat: Chat, *lines: str) -> None:
    await chat.type("/settings confirm off")
    for line in lines:
        await chat.type(line)


def file_of(chat: Chat) -> Document:
    (document,) = [block for block in chat.last.blocks if isinstance(block, Document)]
    return document


async def test_fills_have_pages_that_keep_their_filter(chat: Chat) -> None:
    await bought(chat, *["/buy BTC 100usdc", "/buy ETH 100usdc"] * 12)
    assert "| 24 |" in await chat.type("/fills")
    assert len([entry for entry in buttons(chat.last) if entry.press.startswith("receipt ")]) == 10
    newest = await chat.type("/fills BTC")
    assert "ETH" not in newest
    older = await chat.press("fills_before")
    assert "| 3 |" in older
    assert "| 1 |" in older
    assert "ETH" not in older
    assert not [entry for entry in buttons(chat.last) if entry.press.startswith("fills_before")]
    assert await chat.press("fills BTC") == newest


async def test_the_fills_of_an_order_lead_to_the_order(chat: Chat) -> None:
    await bought(chat, "/limit BTC buy 0.02 @ 59000")
    assert "order 1, taker" in await chat.type("/fills 1")
    assert "Order 1: Limit order" in await chat.press("order 1")
    await chat.type("/limit BTC buy 0.02 @ 50000")
    assert "Nothing of order 3 has been filled" in await chat.type("/fills 3")
    assert "no order 99" in await chat.type("/fills 99")


async def test_a_receipt_is_found_by_the_number_of_its_order(chat: Chat) -> None:
    await bought(chat, "/limit BTC buy 0.02 @ 59000")
    text = await chat.type("/receipt 1")
    assert "Fill number: 2" in text
    assert {"order 1", "fills 1"} <= {entry.press for entry in buttons(chat.last)}
    owner, stored = chat.bot.desk.receipts[2]
    chat.bot.desk.receipts[9] = (owner, replace(stored, order_id=9))
    assert "Fills of order 1" in await chat.type("/receipt 1")
    assert "no order 99" in await chat.type("/receipt 99")


async def test_only_the_owner_sees_a_receipt(chat: Chat) -> None:
    await bought(chat, "/buy BTC 100usdc")
    assert "Bought" in await chat.type("/receipt 1")
    assert "no order 1" in await chat.press_text("receipt 1", external_id="8")
    assert "no order 1" in await chat.press_text("fills 1", external_id="8")


async def test_an_export_is_a_private_file_even_for_who_shows_their_money(chat: Chat) -> None:
    await bought(chat, "/buy BTC 100usdc", "/settings public on")
    text = await chat.type("/export fills 30d")
    assert chat.last.private
    assert "Fills: one row, 1 kB of CSV" in text
    document = file_of(chat)
    assert document.name == "paperdesk-fills-2021-04-01.csv"
    assert document.data.startswith(b"\xef\xbb\xbfnumber,kind,time\r\n1,fills,2021-04-01T18:30:00.000Z")


async def test_an_export_that_is_cut_says_so(chat: Chat) -> None:
    chat.bot.records.max_rows = 2
    await bought(chat, *["/buy BTC 100usdc"] * 3)
    assert "the newest 2 rows" in await chat.type("/export orders")
    assert file_of(chat).data.count(b"\r\n") == 3


async def test_an_export_without_rows_sends_no_file(chat: Chat) -> None:
    await chat.type("/start")
    assert "nothing in this period" in await chat.type("/export ledger 7d")
    assert [entry.press for entry in buttons(chat.last)] == ["export ledger all"]
    assert not [block for block in chat.last.blocks if isinstance(block, Document)]


@pytest.mark.parametrize("line", ["/내보내기 체결 30일", "내보내기 체결내역", "/export fill 2w", "다운로드 체결"])
async def test_an_export_is_asked_for_in_words(line: str) -> None:
    chat = Chat(FakeDeskBot(Language.KOREAN))
    await bought(chat, "/buy BTC 100usdc")
    await chat.type(line)
    assert file_of(chat).name == "paperdesk-fills-2021-04-01.csv"


@pytest.mark.parametrize("line", ["체결 내역", "체결내역", "/체결내역", "my fills", "fills", "비트코인 체결"])
async def test_fills_are_asked_for_in_words(line: str) -> None:
    chat = Chat(FakeDeskBot(Language.KOREAN))
    await bought(chat, "/buy BTC 100usdc")
    assert "체결 내역" in (await chat.type(line)).splitlines()[1]


@pytest.mark.parametrize("period", ["0d", "99999y", "someday", "-3d"])
async def test_a_period_that_is_none_offers_some(chat: Chat, period: str) -> None:
    await bought(chat, "/buy BTC 100usdc")
    await chat.type(f"/export fills {period}")
    assert "export fills 30d" in {entry.press for entry in buttons(chat.last)}


@pytest.mark.parametrize(
    "line",
    [
        "주문 취소",
        "/주문 취소",
        "주문 취소해줘",
        "cancel order",
        "cancel my orders",
        "/cancel",
        "주문을 취소",
    ],
)
async def test_to_cancel_an_order_offers_the_open_ones(chat: Chat, line: str) -> None:
    await bought(chat, "/limit BTC buy 0.01 @ 50000", "/limit ETH buy 1 @ 1000")
    assert "Which order" in await chat.type(line)
    presses = [entry.press for entry in buttons(chat.last)]
    assert presses == ["cancel_order 2", "cancel_order 1", "cancel_orders"]
    assert "Order 1 was cancelled" in await chat.press("cancel_order 1")


@pytest.mark.parametrize(
    "line", ["주문 취소 1", "1번 주문 취소", "cancel order 1", "order cancel 1", "취소 1번", "/cancel #1"]
)
async def test_an_order_is_cancelled_in_words(chat: Chat, line: str) -> None:
    await bought(chat, "/limit BTC buy 0.01 @ 50000")
    assert "Order 1 was cancelled" in await chat.type(line)


@pytest.mark.parametrize(
    "line", ["전체 주문 취소", "주문 전부 취소", "주문 취소 전부", "BTC 주문 취소", "cancel all orders"]
)
async def test_several_orders_are_cancelled_in_words_after_a_question(chat: Chat, line: str) -> None:
    await bought(chat, "/limit BTC buy 0.01 @ 50000", "/limit BTC buy 0.01 @ 51000", "/settings confirm on")
    assert "Cancel all 2 orders?" in await chat.type(line)


async def test_a_press_to_cancel_a_known_symbol_is_no_token(chat: Chat) -> None:
    await bought(chat, "/limit BTC buy 0.01 @ 50000", "/settings confirm on")
    assert "Cancel this order?" in await chat.press_text("cancel BTC")
