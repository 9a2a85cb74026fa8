"""What notices are made of, how they read, and when they are silent."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.ports import Language, Person
from bot.push.compose import Composer
from bot.push.outbox import Letter, Parcel
from bot.push.preferences import Loudness, Mode, Quiet
from bot.replies import Button, Buttons, Fields, Picture, Reply, Table, Text
from pipeline.market import Symbol
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot
from trading.alerts.notices import AlertFired, ChatGone, Notice, UnreadableNotice, decode, encode, kind_of
from trading.alerts.ports import Chat
from trading.triggers import Direction

BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")
FIRED = AlertFired(7, "simulator", BTC, Direction.ABOVE, Decimal("57500.50"), Decimal("57510.00"), NOW)


def parcel(*notices: Notice, language: Language = Language.ENGLISH) -> Parcel:
    at = datetime(2021, 4, 1, tzinfo=UTC)
    letters = tuple(Letter(n, kind_of(notice), encode(notice), 1, at) for n, notice in enumerate(notices, start=1))
    return Parcel(Chat("fake", "home"), Person(1, language, "Asia/Seoul"), letters, Loudness(), retired=False)


async def composed(bot: FakeDeskBot, *notices: Notice, language: Language = Language.ENGLISH) -> Reply:
    return await Composer(bot.services, CATALOGS).compose(parcel(*notices, language=language))


def presses(reply: Reply) -> list[str]:
    found: list[Button] = [b for block in reply.blocks if isinstance(block, Buttons) for row in block.rows for b in row]
    return [b.press for b in found]


@pytest.mark.parametrize("notice", [FIRED, ChatGone("telegram", "-100")])
def test_a_notice_survives_the_way_through_the_outbox(notice: Notice) -> None:
    assert decode(encode(notice)) == notice


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        '{"v":1,"notice":{"kind":"surprise"}}',
        encode(FIRED).replace('"v":1', '"v":2'),
        encode(FIRED).replace('"57500.50"', '"dear"'),
    ],
)
def test_what_this_desk_cannot_read_is_told_apart(body: str) -> None:
    with pytest.raises(UnreadableNotice):
        decode(body)


def test_levels_keep_every_digit() -> None:
    exact = Decimal("0.123456789012345678")
    notice = decode(encode(AlertFired(1, "m", BTC, Direction.BELOW, exact, exact, 1)))
    assert isinstance(notice, AlertFired)
    assert notice.level == exact


async def test_an_alert_is_told_with_the_price_of_now_a_chart_and_buttons() -> None:
    bot = FakeDeskBot()
    reply = await composed(bot, FIRED)
    title, fields, picture, *_ = reply.blocks
    assert title == Text("BTC/USDC rose to 57,500.50", title.tone)  # type: ignore[union-attr]
    assert isinstance(fields, Fields)
    assert dict(fields.rows)["Price then"] == "57,510.00"
    assert dict(fields.rows)["Price now"] == "58,000.00"
    assert isinstance(picture, Picture)
    assert presses(reply) == ["chart BTC", "buy BTC", "alert_repeat 7", "alerts"]
    assert "SIMULATION" in str(reply.blocks)


async def test_a_repeating_alert_offers_to_mute_it() -> None:
    assert "alert_mute 7" in presses(await composed(FakeDeskBot(), AlertFired(**{**_fields(FIRED), "repeat": True})))


def _fields(notice: AlertFired) -> dict[str, object]:
    return {name: getattr(notice, name) for name in notice.__struct_fields__}


async def test_in_korean_it_reads_korean() -> None:
    reply = await composed(FakeDeskBot(), FIRED, language=Language.KOREAN)
    assert isinstance(reply.blocks[0], Text)
    assert reply.blocks[0].body == "BTC/USDC 가격이 57,500.50 이상으로 올랐습니다"


async def test_without_a_price_or_in_another_market_the_news_goes_out_alone() -> None:
    bot = FakeDeskBot()
    bot.market.silent.add(BTC)
    assert not any(isinstance(block, Picture) for block in (await composed(bot, FIRED)).blocks)
    elsewhere = AlertFired(**{**_fields(FIRED), "market": "binance"})
    reply = await composed(FakeDeskBot(), elsewhere)
    assert "Price now" not in str(reply.blocks)
    unknown = AlertFired(**{**_fields(FIRED), "symbol": Symbol("GONEUSDC")})
    assert "GONEUSDC rose to 57,500.50" in str((await composed(FakeDeskBot(), unknown)).blocks[0])


async def test_several_alerts_are_one_digest() -> None:
    other = AlertFired(8, "simulator", ETH, Direction.BELOW, Decimal(2000), Decimal(1990), NOW)
    reply = await composed(FakeDeskBot(), FIRED, other)
    (table,) = [block for block in reply.blocks if isinstance(block, Table)]
    assert [row[:3] for row in table.rows] == [
        ("BTCUSDC", "≥ 57,500.50", "58,000.00"),
        ("ETHUSDC", "≤ 2,000.00", "1,950.50"),
    ]
    assert presses(reply) == ["chart BTCUSDC", "chart ETHUSDC", "alerts"]


async def test_a_chat_that_is_gone_is_told_of_by_its_platform() -> None:
    reply = await composed(FakeDeskBot(), ChatGone("telegram", "-100"))
    assert "on Telegram" in str(reply.blocks[0])


@pytest.mark.parametrize(
    ("starts", "ends", "minute", "quiet"),
    [
        (22 * 60, 7 * 60, 23 * 60, True),
        (22 * 60, 7 * 60, 6 * 60 + 59, True),
        (22 * 60, 7 * 60, 7 * 60, False),
        (22 * 60, 7 * 60, 12 * 60, False),
        (9 * 60, 10 * 60, 9 * 60, True),
        (9 * 60, 10 * 60, 10 * 60, False),
        (60, 60, 60, False),
    ],
)
def test_quiet_hours_may_pass_midnight(starts: int, ends: int, minute: int, quiet: bool) -> None:  # noqa: FBT001
    local = datetime(2021, 4, 5, minute // 60, minute % 60, tzinfo=UTC)
    loudness = Loudness(quiet=Quiet(starts, ends))
    assert loudness.silent(local) is quiet
    assert replace(loudness, mode=Mode.SILENT).silent(local)
