"""Questions of the desk on Telegram: answered by typing, closed by whatever else the person does."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.database import Pool
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import Member, said
from tests.fakes.telegram_desk import House, running
from tests.patience import PATIENCE_SECONDS


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as opened:
        yield opened


@pytest.fixture
def house(pool: Pool, dsn: str, fake: FakeTelegram) -> House:
    return House(pool, dsn, fake)


async def unconfirmed(house: House, fake: FakeTelegram, ann: Member) -> None:
    """Orders are placed at once from now on."""
    ann.write("/settings confirm off")
    await fake.message()


def bought(house: House) -> int:
    return len(house.router.bot.desk.receipts)


async def test_a_question_names_what_it_asks_and_is_answered(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    async with running(house.service()):
        await unconfirmed(house, fake, ann)
        ann.write("/buy BTC")
        assert "How much BTC" in said(await fake.message())
        ann.write("100usdc")
        assert "Bought" in said(await fake.message())
    assert bought(house) == 1


@pytest.mark.parametrize("text", ["/heatmap", "/market search ETH", "/nosuch", "/cancel", "취소", "portfolio", "eth"])
async def test_another_command_closes_the_question(house: House, fake: FakeTelegram, text: str) -> None:
    ann = fake.person("Ann")
    async with running(house.service()):
        await unconfirmed(house, fake, ann)
        ann.write("/buy BTC")
        await fake.message()
        ann.write(text)
        await house.settled()
        ann.write("5")
        await house.settled()
    assert bought(house) == 0
    assert house.router.seen[-1].question == ""


async def test_a_press_closes_the_question(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    async with running(house.service()):
        await unconfirmed(house, fake, ann)
        ann.write("/market")
        overview = await fake.message()
        ann.write("/buy BTC")
        await fake.message()
        ann.press(overview, "Movers")
        await house.settled()
        ann.write("5")
        await house.settled()
    assert bought(house) == 0


async def test_a_command_in_a_group_closes_the_question_in_private(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group()
    async with running(house.service()):
        await unconfirmed(house, fake, ann)
        ann.write("/buy BTC")
        await fake.message()
        ann.write("/heatmap", chat=group)
        await house.settled()
        ann.write("5")
        await house.settled()
    assert bought(house) == 0


async def test_talk_in_a_group_neither_answers_nor_closes(house: House, fake: FakeTelegram) -> None:
    ann, bob, group = fake.person("Ann"), fake.person("Bob"), fake.group(privacy=False)
    async with running(house.service()):
        ann.write("/market search", chat=group)
        asked = await fake.message()
        ann.write("btc to the moon", chat=group)
        ann.write("portfolio", chat=group)
        bob.write("eth", chat=group, reply_to=asked)
        bob.write("/heatmap", chat=group)
        await house.settled()
        ann.write("eth", chat=group, reply_to=asked)
        await house.settled()
    assert [inbound.text for inbound in house.router.seen] == ["/market search", "/heatmap", "market search eth"]


async def test_a_reply_to_the_question_of_a_group_can_cancel_it(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group()
    async with running(house.service()):
        ann.write("/market search", chat=group)
        asked = await fake.message()
        ann.write("취소", chat=group, reply_to=asked)
        assert "no longer wait" in said(await fake.message())
        ann.write("eth", chat=group, reply_to=asked)
        await house.settled()
    assert len(house.router.seen) == 2


async def test_in_a_group_plain_words_need_the_name_of_the_bot(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group(privacy=False)
    async with running(house.service()):
        ann.write("bitcoin", chat=group)
        ann.write("@paperdesk_bot 비트코인", chat=group)
        assert said(await fake.message()).startswith("BTC/USDC")
        await house.settled()
    assert len(house.router.seen) == 1


async def test_a_closed_question_stays_closed_after_a_restart(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    async with running(house.service()):
        await unconfirmed(house, fake, ann)
        ann.write("/buy BTC")
        await fake.message()
        ann.write("/heatmap")
        await house.settled()
    async with running(house.service()):
        ann.write("5")
        await house.settled()
    assert bought(house) == 0


async def test_an_open_question_is_answered_after_a_restart(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    async with running(house.service()):
        ann.write("/market search")
        await fake.message()
        await house.settled()
    async with running(house.service()):
        ann.write("eth")
        assert "ETH/USDC" in said(await fake.message())


async def test_an_answer_cut_off_by_the_end_of_the_desk_is_still_an_answer(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    async with running(house.service()):
        ann.write("/market search")
        await fake.message()
        await house.settled()
        house.router.gate = asyncio.Event()
        ann.write("eth")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(house.router.seen) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    house.router.gate = None
    async with running(house.service()):
        assert "ETH/USDC" in said(await fake.message())
    assert {inbound.text for inbound in house.router.seen[1:]} == {"market search eth"}


async def test_korean_orders_and_questions(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann", language="ko")
    async with running(house.service()):
        ann.write("매수 비트코인")
        assert "BTC, 얼마나 매수할까요?" in said(await fake.message())
        ann.write("매도 ETH 100usdc")
        await house.settled()
    assert house.router.seen[-1].text == "sell ETH 100usdc"
