"""The commands around range alerts."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.arguments.alert_levels import read_level
from bot.arguments.price_ranges import RangeLevel
from bot.notifications.composer import Composer
from bot.reply import Button, Buttons, Fields, Picture, Reply, Table, Text
from core.outbox import encode, kind_of
from people.notifications.notices import decode
from people.person import Language
from pipeline.market import MINUTE_MS, Candle, Interval, Symbol
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot
from tests.unit.bot.notifications.test_notices import parcel
from trading.alerts.notices import RangeFired
from trading.alerts.ports import AlertState

D = Decimal
BTC = Symbol("BTCUSDC")
FIRED = RangeFired(501, "simulator", BTC, D("0.03"), 60, D(56_000), D("57820.5"), D("57820.5"), NOW)


def texts(reply: Reply) -> str:
    return "\n".join(block.body for block in reply.blocks if isinstance(block, Text))


def presses(reply: Reply) -> list[str]:
    found: list[Button] = [b for block in reply.blocks if isinstance(block, Buttons) for row in block.rows for b in row]
    return [b.press for b in found]


async def ask(bot: FakeDeskBot, line: str, *, pressed: bool = False) -> Reply:
    return await bot.router.answer(bot.inbound(line, pressed=pressed))


def calm(bot: FakeDeskBot, minutes: int = 60) -> FakeDeskBot:
    """A market whose candles of so many minutes lie between 57,000 and 58,000."""

    async def candles(symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        assert interval is Interval.M1
        past = range(NOW // MINUTE_MS * MINUTE_MS - min(minutes, count) * MINUTE_MS, NOW, MINUTE_MS)
        return [Candle(symbol, time, 57_000.0, 58_000.0, 57_000.0, 57_500.0, 1.0) for time in past]

    bot.market.candles = candles  # type: ignore[method-assign]
    return bot


@pytest.mark.parametrize(
    ("text", "percent", "minutes"),
    [
        ("range 3% 1h", "3", 60),
        ("range 3% 1 hour", "3", 60),
        ("range 1h 3%", "3", 60),
        ("RANGE 0.5 % 5m", "0.5", 5),
        ("range 10% 1d", "10", 1440),
        ("range 10%", "10", 60),
        ("range 2.25 24h", "2.25", 1440),
        ("swing 3% 4h", "3", 240),
        ("변동폭 3% 1시간", "3", 60),
        ("진폭 3퍼센트 15분", "3", 15),
    ],
)
def test_a_range_is_read_in_every_spelling(text: str, percent: str, minutes: int) -> None:
    assert read_level(text, "USDC") == RangeLevel(D(percent) / 100, minutes)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/alert BTC range 3% 2h", "Choose one of: 5m, 15m, 1h, 4h, 1d"),
        ("/alert BTC range 1h", "range 3% 1h"),
        ("/alert BTC range wide", "range 3% 1h"),
        ("/alert BTC range", "range 3% 1h"),
        ("/alert BTC range 0.05% 1h", "Enter 0.1% to 500%"),
        ("/alert BTC range 501% 1d", "Enter 0.1% to 500%"),
        ("/alert BTC range 1.234% 1h", "at most two decimals"),
    ],
)
async def test_a_mistake_is_explained(line: str, said: str) -> None:
    bot = calm(FakeDeskBot())
    assert said in texts(await ask(bot, line))
    assert not bot.range_alerts.alerts


async def test_setting_one_says_the_range_of_now() -> None:
    bot = calm(FakeDeskBot())
    reply = await ask(bot, "/alert BTC range 3% 1h")
    assert "within 1 hour is 3% or more above the lowest" in texts(reply)
    assert "The range is 1.75% now: from 57,000.00 to 58,000.00" in texts(reply)
    assert "are known" not in texts(reply)
    (made,) = bot.range_alerts.alerts.values()
    assert (made.fraction, made.window, made.ready, made.repeat) == (D("0.03"), 60, True, False)


async def test_a_range_that_is_reached_waits() -> None:
    bot = calm(FakeDeskBot())
    reply = await ask(bot, "/alert BTC range 1.5% 1h every")
    assert "The alert starts once it has narrowed to 1.2%" in texts(reply)
    assert "at most once every 10 sec" in texts(reply)
    assert [one.ready for one in bot.range_alerts.alerts.values()] == [False]


async def test_a_short_history_is_told() -> None:
    assert "Only the prices of the last 20 min are known" in texts(
        await ask(calm(FakeDeskBot(), 20), "/alert BTC range 3% 1h")
    )


async def test_words_in_another_order_set_the_same() -> None:
    bot = calm(FakeDeskBot())
    for line in ("/alert range 3% 1h BTC", "/alert BTC every range 3% 1h", "alert BTC range 3 % 1 h every"):
        await ask(bot, line)
    assert {(one.symbol, one.fraction, one.window) for one in bot.range_alerts.alerts.values()} == {
        (BTC, D("0.03"), 60)
    }
    assert [one.repeat for one in bot.range_alerts.alerts.values()] == [False, True, True]


async def test_a_stale_or_delisted_symbol_is_refused() -> None:
    bot = calm(FakeDeskBot())
    bot.market.age_ms = 60_000
    assert "old" in texts(await ask(bot, "/alert BTC range 3% 1h"))
    assert not bot.range_alerts.alerts


async def test_one_number_cancels_an_alert_of_either_kind() -> None:
    bot = calm(FakeDeskBot())
    await ask(bot, "/alert BTC > 70000")
    await ask(bot, "/alert BTC range 3% 1h")
    assert "range ≥ 3% within 1 hour was cancelled" in texts(await ask(bot, "/alerts cancel 501"))
    assert "70,000.00 was cancelled" in texts(await ask(bot, "/alerts cancel 1"))
    assert "can't be changed" in texts(await ask(bot, "/alerts cancel 77"))


async def test_a_list_of_ranges_alone_does_not_say_none() -> None:
    bot = calm(FakeDeskBot())
    assert "You have no active alerts" in texts(await ask(bot, "/alerts"))
    await ask(bot, "/alert BTC range 3% 1h")
    listed = texts(await ask(bot, "/alerts"))
    assert "Your range alerts" in listed
    assert "no active alerts" not in listed


async def test_cancel_all_ends_those_that_were_shown() -> None:
    bot = calm(FakeDeskBot())
    for line in ("/alert BTC > 70000", "/alert BTC range 3% 1h", "/alert ETH range 5% 1d"):
        await ask(bot, line)
    preview = await ask(bot, "alerts_cancel", pressed=True)
    assert "3 active alerts" in texts(preview)
    await ask(bot, "/alert ETH range 9% 1d")
    yes = next(press for press in presses(preview) if press.startswith("alerts_cancel_now"))
    assert "3 alerts were cancelled" in texts(await ask(bot, yes, pressed=True))
    assert [one.fraction for one in await bot.range_alerts.waiting(1, "simulator")] == [D("0.09")]


async def test_a_range_is_no_new_price_of_an_alert() -> None:
    bot = calm(FakeDeskBot())
    await ask(bot, "/alert BTC > 70000")
    assert "neither a price nor a change" in texts(await ask(bot, "alert_edit 1 range 3% 1h", pressed=True))
    assert bot.alerts.alerts[1].level == 70_000


async def test_no_more_than_ten_wait() -> None:
    bot = calm(FakeDeskBot())
    for number in range(10):
        await ask(bot, f"/alert BTC range {number + 3}% 1h")
    assert "10 range alerts, the maximum" in texts(await ask(bot, "/alert BTC range 50% 1h"))
    listed = await ask(bot, "alerts_ranges", pressed=True)
    (table,) = [block for block in listed.blocks if isinstance(block, Table)]
    assert len(table.rows) == 10
    assert len([press for press in presses(listed) if press.startswith("alert_cancel ")]) == 10


async def test_repeat_arms_one_that_fired() -> None:
    bot = calm(FakeDeskBot())
    await ask(bot, "/alert BTC range 3% 1h")
    bot.range_alerts.alerts[501] = replace(bot.range_alerts.alerts[501], state=AlertState.FIRED, ready=False)
    assert "every time" in texts(await ask(bot, "alert_repeat 501", pressed=True))
    assert bot.range_alerts.alerts[501].state is AlertState.ARMED


# -- the notification --------------------------------------------------------------------------


async def told(*notices: RangeFired, language: Language = Language.ENGLISH) -> Reply:
    return await Composer(FakeDeskBot().services, CATALOGS).compose(parcel(*notices, language=language))


def test_it_survives_the_way_through_the_outbox() -> None:
    assert decode(encode(FIRED)) == FIRED
    assert kind_of(FIRED) == "range"


async def test_it_shows_the_prices_a_chart_and_buttons() -> None:
    reply = await told(FIRED)
    assert texts(reply).startswith("BTC/USDC moved across 3.25% within 1 hour")
    (fields,) = [block for block in reply.blocks if isinstance(block, Fields)]
    rows = dict(fields.rows)
    assert (rows["Lowest"], rows["Highest"], rows["Current price"]) == ("56,000.00", "57,820.50", "58,000.00")
    assert any(isinstance(block, Picture) for block in reply.blocks)
    assert presses(reply) == ["chart BTC", "buy BTC", "alert_repeat 501", "alerts_ranges", "alerts"]
    assert "SIMULATION" in texts(reply)


async def test_it_reads_korean() -> None:
    assert texts(await told(FIRED, language=Language.KOREAN)).startswith(
        "BTC/USDC 가격이 1시간 안에 3.25% 변동했습니다"
    )


async def test_several_are_one_table() -> None:
    reply = await told(FIRED, FIRED)
    assert "2 of your range alerts were triggered" in texts(reply)
    (table,) = [block for block in reply.blocks if isinstance(block, Table)]
    assert table.rows[0][:5] == ("BTC/USDC", "3.25%", "1 hour", "56,000.00", "57,820.50")


async def test_another_market_has_no_price_of_now() -> None:
    fields = {name: getattr(FIRED, name) for name in FIRED.__struct_fields__}
    reply = await told(RangeFired(**{**fields, "market": "binance"}))
    assert "Current price" not in str(reply.blocks)
