"""What notices are made of, how they read, and when they are silent."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from bot.notifications.composer import Composer
from bot.reply import Button, Buttons, Fields, Picture, Reply, Table, Text, Tone
from core.outbox import Chat, encode, kind_of
from people.notices import ChatGone
from people.notifications.notices import Notice, UnreadableNotice, decode
from people.notifications.outbox import Delivery, OutboxMessage
from people.notifications.quiet_hours import DeliveryMode, QuietHours, SoundPolicy
from people.person import Language, Person
from pipeline.market import Symbol
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot
from trading.alerts.notices import AlertFired, WaitEnded
from trading.orders.notices import OrderExpired, OrderFilled
from trading.orders.types import Side
from trading.portfolio.notices import Digest, DigestPosition
from trading.recurring.notices import FORMER_CODES, BuyFailed, Obstacle
from trading.triggers.price_levels import Direction

BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")
FIRED = AlertFired(7, "simulator", BTC, Direction.ABOVE, Decimal("57500.50"), Decimal("57510.00"), NOW)


def parcel(*notices: Notice, language: Language = Language.ENGLISH) -> Delivery:
    at = datetime(2021, 4, 1, tzinfo=UTC)
    letters = tuple(
        OutboxMessage(n, kind_of(notice), encode(notice), 1, at) for n, notice in enumerate(notices, start=1)
    )
    return Delivery(Chat("fake", "home"), Person(1, language, "Asia/Seoul"), letters, SoundPolicy(), retired=False)


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
    assert dict(fields.rows)["Price reached"] == "57,510.00"
    assert dict(fields.rows)["Current price"] == "58,000.00"
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
    assert "Current price" not in str(reply.blocks)
    unknown = AlertFired(**{**_fields(FIRED), "symbol": Symbol("GONEUSDC")})
    assert "GONEUSDC rose to 57,500.50" in str((await composed(FakeDeskBot(), unknown)).blocks[0])


async def test_several_alerts_are_one_digest() -> None:
    other = AlertFired(8, "simulator", ETH, Direction.BELOW, Decimal(2000), Decimal(1990), NOW)
    reply = await composed(FakeDeskBot(), FIRED, other)
    (table,) = [block for block in reply.blocks if isinstance(block, Table)]
    assert [row[:3] for row in table.rows] == [
        ("BTC/USDC", "≥ 57,500.50", "58,000.00"),
        ("ETH/USDC", "≤ 2,000.00", "1,950.50"),
    ]
    assert presses(reply) == ["chart BTCUSDC", "chart ETHUSDC", "alerts"]


@pytest.mark.parametrize("language", Language)
async def test_what_ended_with_a_listing_is_told_line_by_line(language: Language) -> None:
    notices = [WaitEnded(what, 7, "simulator", BTC) for what in ("alert", "forecast", "repeat")]
    reply = await composed(FakeDeskBot(), *notices, language=language)
    told = [block.body for block in reply.blocks if isinstance(block, Text)]
    assert len(told) == 5
    assert all("BTC/USDC" in line for line in told[:4])
    assert presses(reply) == ["portfolio"]


async def test_a_chat_that_is_gone_is_told_of_by_its_platform() -> None:
    reply = await composed(FakeDeskBot(), ChatGone("telegram", "-100"))
    assert "your Telegram chats" in str(reply.blocks[0])


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
    loudness = SoundPolicy(quiet_hours=QuietHours(starts, ends))
    assert loudness.silent(local) is quiet
    assert replace(loudness, mode=DeliveryMode.SILENT).silent(local)


# -- money -------------------------------------------------------------------------------------

FILLED = OrderFilled(
    order_id=12,
    market="simulator",
    symbol=BTC,
    side=Side.BUY,
    base="BTC",
    quote="USDC",
    quantity=Decimal("0.01"),
    price=Decimal("58000.00"),
    quote_amount=Decimal("580.00"),
    fee=Decimal("0.00001"),
    fee_asset="BTC",
    received=Decimal("0.00999"),
    time=NOW,
)
SOLD = msgspec.structs.replace(FILLED, order_id=13, side=Side.SELL, fee_asset="USDC", realised=Decimal("-1.25"))
EXPIRED = OrderExpired(12, "simulator", BTC, Side.BUY, "BTC", Decimal("0.01"), Decimal("0.02"), NOW)
DAY = Digest(
    date="2021-04-05",
    every="daily",
    market="simulator",
    quote="USDC",
    equity=Decimal(1_010_000),
    granted=Decimal(1_000_000),
    cash=Decimal(900_000),
    positions=2,
    alerts=3,
    before=Decimal(1_000_000),
    since=NOW - 86_400_000,
    best=DigestPosition(BTC, Decimal(100_000), Decimal("12.50")),
    worst=DigestPosition(ETH, Decimal(10_000), Decimal("-3.25")),
)


@pytest.mark.parametrize("notice", [FILLED, SOLD, EXPIRED, DAY])
def test_a_notice_about_money_survives_the_way_through_the_outbox(notice: Notice) -> None:
    assert decode(encode(notice)) == notice


async def test_a_fill_is_told_with_its_figures_its_entry_in_the_chart_and_ways_on() -> None:
    bot = FakeDeskBot()
    reply = await composed(bot, FILLED)
    title, fields, picture, *_ = reply.blocks
    assert title == Text("Bought 0.01 BTC at 58,000.00 USDC", title.tone)  # type: ignore[union-attr]
    assert isinstance(fields, Fields)
    assert next(value for _, value in fields.rows) == "12"
    assert isinstance(picture, Picture)
    assert presses(reply) == ["chart BTC", "buy BTC", "receipt 12", "portfolio", "history"]
    (marks,) = bot.charts.marks
    assert [(trade.order_id, trade.price) for trade in marks.trades] == [(12, Decimal("58000.00"))]
    sold = await composed(bot, SOLD)
    assert "-1.25 USDC" in str(sold.blocks)
    assert "sell BTC" in presses(sold)


async def test_several_fills_are_one_table_and_none_is_left_out() -> None:
    reply = await composed(FakeDeskBot(), FILLED, SOLD)
    (table,) = [block for block in reply.blocks if isinstance(block, Table)]
    assert [row[0] for row in table.rows] == ["12", "13"]


async def test_what_expired_is_told_with_what_was_filled() -> None:
    reply = await composed(FakeDeskBot(), EXPIRED)
    assert "0.01 BTC bought" in str(reply.blocks)
    assert "0.02 BTC expired" in str(reply.blocks)
    several = await composed(FakeDeskBot(), EXPIRED, msgspec.structs.replace(EXPIRED, order_id=14))
    assert "Order 14" in str(several.blocks)


@pytest.mark.parametrize("language", list(Language))
async def test_a_digest_is_told_with_what_changed_and_its_chart(language: Language) -> None:
    bot = FakeDeskBot()
    await bot.desk.open(1, "start")
    reply = await composed(bot, msgspec.structs.replace(DAY, market=bot.desk.accounts[1].market), language=language)
    fields = next(block for block in reply.blocks if isinstance(block, Fields))
    assert [value for _, value in fields.rows] == [
        "1,010,000.00 USDC",
        "+10,000.00 USDC (+1.00%)",
        "+10,000.00 USDC (+1.00%)",
        "900,000.00 USDC",
        "2",
        "BTC/USDC +12.50 USDC",
        "ETH/USDC -3.25 USDC",
        "3",
    ]
    assert any(isinstance(block, Picture) for block in reply.blocks)
    assert presses(reply) == ["portfolio", "history", "alerts", "notifications digest"]


@pytest.mark.parametrize(
    ("language", "day", "week"),
    [
        (Language.ENGLISH, "Daily digest, Nov 28, 2026", "Weekly digest, Nov 23 – 29, 2026"),
        (Language.KOREAN, "일일 요약, 2026. 11. 28.", "주간 요약, 2026년 11월 23일~29일"),
    ],
)
async def test_a_digest_names_its_days_by_locale(language: Language, day: str, week: str) -> None:
    daily = msgspec.structs.replace(DAY, date="2026-11-28")
    weekly = msgspec.structs.replace(DAY, date="2026-11-29", every="weekly", days=7)
    titles = [(await composed(FakeDeskBot(), notice, language=language)).blocks[0] for notice in (daily, weekly)]
    assert [title.body for title in titles if isinstance(title, Text)] == [day, week]


@pytest.mark.parametrize(
    ("best", "worst", "told"),
    [
        ("-1", None, []),
        ("1", None, []),
        ("-1", "-2", ["Worst position"]),
        ("2", "1", ["Best position"]),
        ("2", "-1", ["Best position", "Worst position"]),
    ],
)
async def test_no_position_is_best_alone_or_losing(best: str, worst: str | None, told: list[str]) -> None:
    lower = None if worst is None else DigestPosition(ETH, Decimal(5), Decimal(worst))
    notice = msgspec.structs.replace(DAY, best=DigestPosition(BTC, Decimal(5), Decimal(best)), worst=lower)
    fields = next(block for block in (await composed(FakeDeskBot(), notice)).blocks if isinstance(block, Fields))
    assert [label for label, _ in fields.rows if "position" in label] == told


async def test_a_digest_of_an_older_version_is_readable() -> None:
    body = encode(DAY).replace(',"days":1', "")
    assert body != encode(DAY)
    letter = OutboxMessage(1, "digest", body, 1, datetime(2021, 4, 6, tzinfo=UTC))
    old = Delivery(
        Chat("fake", "home"), Person(1, Language.ENGLISH, "Asia/Seoul"), (letter,), SoundPolicy(), retired=False
    )
    reply = await Composer(FakeDeskBot().services, CATALOGS).compose(old)
    assert "Daily digest, Apr 5, 2021" in str(reply.blocks[0])


async def test_a_digest_of_another_market_has_no_chart_of_this_one() -> None:
    bot = FakeDeskBot()
    await bot.desk.open(1, "start")
    reply = await composed(
        bot, msgspec.structs.replace(DAY, market="elsewhere", before=None, since=None, best=None, worst=None)
    )
    assert not any(isinstance(block, Picture) for block in reply.blocks)


async def test_above_a_few_at_once_notices_go_without_charts() -> None:
    bot = FakeDeskBot()
    begun = asyncio.Event()
    draw = bot.charts.candles

    async def slow(*arguments: Any, **named: Any) -> bytes:
        await begun.wait()
        return await draw(*arguments, **named)

    bot.charts.candles = slow  # type: ignore[method-assign]
    composer = Composer(bot.services, CATALOGS)
    tasks = [asyncio.create_task(composer.compose(parcel(FIRED))) for _ in range(20)]
    await asyncio.sleep(0.05)
    done = [task for task in tasks if task.done()]
    begun.set()
    replies = await asyncio.gather(*tasks)
    pictured = [reply for reply in replies if any(isinstance(block, Picture) for block in reply.blocks)]
    assert (len(done), len(pictured)) == (14, 6)


@pytest.mark.parametrize("code", FORMER_CODES)
async def test_a_stored_reason_of_an_earlier_version_is_readable(code: str) -> None:
    amounts = dict.fromkeys(("needed", "available", "missing", "step", "value", "limit"), Decimal(1))
    words = {"asset": "USDC", "symbol": "BTCUSDC", "quote": "USDC", "rule": "LOT_SIZE", "what": "min", "unit": "BTC"}
    obstacle = Obstacle(code, amounts, words=words | {"command_id": "1"})
    notice = BuyFailed(1, "simulator", BTC, "quote", Decimal(10), "2021-04-01", obstacle, 1)
    reply = await composed(FakeDeskBot(), notice)
    assert any(isinstance(block, Text) and block.tone is Tone.WARNING for block in reply.blocks)
