"""The commands around price alerts."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest

from bot.arguments.alert_levels import AbsoluteLevel, RelativeLevel, level_from, read_level
from bot.inbound import Inbound
from bot.platforms.telegram.deep_links import deep_link, link_to
from bot.reply import Button, Buttons, Reply, Table, Text, Tone
from core.outbox import Chat
from people.person import Language
from pipeline.market import Symbol
from tests.fakes.bot import NOW, FakeDeskBot
from trading.alerts.ports import AlertState
from trading.triggers.price_levels import Direction

D = Decimal
ABOVE, BELOW = Direction.ABOVE, Direction.BELOW


def texts(reply: Reply) -> str:
    return "\n".join(block.body for block in reply.blocks if isinstance(block, Text))


def buttons(reply: Reply) -> list[Button]:
    return [b for block in reply.blocks if isinstance(block, Buttons) for row in block.rows for b in row]


async def ask(bot: FakeDeskBot, line: str, *, pressed: bool = False) -> Reply:
    return await bot.router.answer(bot.inbound(line, pressed=pressed))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("70000", AbsoluteLevel(None, D(70000))),
        (">70000", AbsoluteLevel(ABOVE, D(70000))),
        (">=0.5", AbsoluteLevel(ABOVE, D("0.5"))),
        ("≥70000", AbsoluteLevel(ABOVE, D(70000))),
        ("<2000", AbsoluteLevel(BELOW, D(2000))),
        ("below2000", AbsoluteLevel(BELOW, D(2000))),
        ("이상70000", AbsoluteLevel(ABOVE, D(70000))),
        (">$70000", AbsoluteLevel(ABOVE, D(70000))),
        ("70000usdc", AbsoluteLevel(None, D(70000))),
        ("+5%", RelativeLevel(D("0.05"))),
        ("-0.5%", RelativeLevel(D("-0.005"))),
    ],
)
def test_a_level_is_read_however_it_is_written(text: str, level: AbsoluteLevel | RelativeLevel) -> None:
    assert read_level(text, "USDC") == level


def test_a_level_from_the_price_lies_on_a_tick_and_away_from_the_price() -> None:
    tick = D("0.01")
    assert level_from(D("0.10"), D("0.01"), tick) == D("0.11")
    assert level_from(D("0.10"), D("-0.01"), tick) == D("0.09")
    assert level_from(D(100), D("0.05"), None) == D(105)


async def test_an_alert_is_set_for_the_chat_it_was_asked_in_and_for_ticks_from_now_on() -> None:
    bot = FakeDeskBot()
    asked = Inbound("fake", "7", "u1", "/alert BTC > 70000", chat_id="-100", public=True)
    reply = await bot.router.answer(asked)
    (made,) = bot.alerts.alerts.values()
    assert (made.symbol, made.direction, made.level) == ("BTCUSDC", ABOVE, D(70000))
    assert (made.repeat, made.ready, made.market_time, made.market) == (False, True, NOW, "simulator")
    assert bot.alerts.chats[made.alert_id] == Chat("fake", "-100", public=True)
    assert "You will be notified here when BTC/USDC rises to 70,000.00." in texts(reply)
    assert "58,000.00" in texts(reply)
    assert [b.press for b in buttons(reply)] == ["chart BTC", "alert_edit 1", "alert_cancel 1", "alerts"]
    await bot.router.answer(asked)
    assert len(bot.alerts.alerts) == 1, "delivered twice, it is one alert"


@pytest.mark.parametrize(
    ("line", "direction", "level", "repeat"),
    [
        ("/alert BTC 70000", ABOVE, "70000", False),
        ("/alert BTC 50000", BELOW, "50000", False),
        ("/alert BTC > 70000 usdc every", ABOVE, "70000", True),
        ("/alert BTC below 50000 once", BELOW, "50000", False),
        ("/alert BTC +5%", ABOVE, "60900.00", False),
        ("/alert BTC -5% 매번", BELOW, "55100.00", True),
        ("/alert 币安人生 < 0.1", BELOW, "0.1", False),
    ],
)
async def test_what_was_wished_is_what_waits(line: str, direction: Direction, level: str, repeat: bool) -> None:  # noqa: FBT001
    bot = FakeDeskBot()
    await ask(bot, line)
    (made,) = bot.alerts.alerts.values()
    assert (made.direction, made.level, made.repeat) == (direction, D(level), repeat)


async def test_a_level_that_is_passed_already_waits_for_the_price_to_come_back_and_says_so() -> None:
    bot = FakeDeskBot()
    reply = await ask(bot, "/alert BTC > 50000")
    (made,) = bot.alerts.alerts.values()
    assert not made.ready
    assert "once the price has fallen below 50,000.00" in texts(reply)


@pytest.mark.parametrize("line", ["/alert BTC", "/alert BTC >"])
async def test_a_level_that_is_missing_is_asked_for_and_not_complained_of(line: str) -> None:
    reply = await ask(FakeDeskBot(), line)
    assert reply.blocks[0] == Text("At which BTC price would you like an alert?")
    assert reply.asks


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/alert BTC > 579", "too far from the current price"),
        ("/alert BTC 5800001", "too far from the current price"),
        ("/alert BTC -100%", "too far from the current price"),
        ("/alert BTC 58000", "at exactly 58,000.00"),
        ("/alert BTC > 70,000", "separators"),
        ("/alert BTC > -5", "not greater than zero"),
        ("/alert BTC > 1e5", "exponent"),
        ("/alert BTC up 20", "+20%, > 20"),
        ("/alert BTC falls 20", "-20%, < 20"),
        ("/alert BTC abc", "neither a price nor a change"),
        ("/alert BTC 90apples", "neither a price nor a change"),
        ("/alert BTC > soon", "neither a price nor a change"),
        ("/alert BTC 70000 often", "not an option"),
        ("/alert BTTC 70000", "Unknown symbol"),
        ("/alert BTC > 70000 every now", "Choose one of: cooldown 1h, 4h, for 7d, note"),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_its_reason(line: str, said: str) -> None:
    bot = FakeDeskBot()
    reply = await ask(bot, line)
    assert isinstance(reply.blocks[0], Text)
    assert reply.blocks[0].tone is Tone.WARNING
    assert said in texts(reply)
    assert bot.alerts.alerts == {}


async def test_a_level_left_out_is_asked_for_with_moves_as_buttons() -> None:
    bot = FakeDeskBot()
    reply = await ask(bot, "/alert BTC")
    assert [b.press for b in buttons(reply)][:2] == ["alert BTC +1%", "alert BTC +5%"]
    unsigned = await ask(bot, "/alert BTC 2.5%")
    assert [b.press for b in buttons(unsigned)] == ["alert BTC +2.5%", "alert BTC -2.5%"]
    await ask(bot, "alert BTC +5%", pressed=True)
    assert len(bot.alerts.alerts) == 1


async def test_no_alert_is_set_on_a_stale_price() -> None:
    bot = FakeDeskBot()
    bot.market.age_ms = 60_000
    assert "60 seconds old" in texts(await ask(bot, "/alert BTC > 70000"))
    assert bot.alerts.alerts == {}


async def test_the_list_shows_what_waits_page_by_page_with_buttons_that_cancel() -> None:
    bot = FakeDeskBot()
    assert "You have no active alerts" in texts(await ask(bot, "/alerts"))
    for number in range(12):
        await ask(bot, f"/alert BTC {70_000 + number}")
    reply = await ask(bot, "/alerts")
    (table,) = [block for block in reply.blocks if isinstance(block, Table)]
    assert [row[0] for row in table.rows] == [str(number) for number in range(12, 2, -1)]
    assert table.rows[0][1:] == ("BTC/USDC", "≥ 70,011.00", "58,000.00", "Once")
    assert reply.private
    older = next(b for b in buttons(reply) if b.label == "Older")
    rest = await ask(bot, older.press, pressed=True)
    (table,) = [block for block in rest.blocks if isinstance(block, Table)]
    assert [row[0] for row in table.rows] == ["2", "1"]
    cancel = next(b for b in buttons(rest) if b.label == "Cancel 2")
    assert "cancelled" in texts(await ask(bot, cancel.press, pressed=True))
    assert bot.alerts.alerts[2].state is AlertState.CANCELLED


async def test_muted_alerts_stay_in_the_list_and_can_be_woken() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/alert BTC > 70000")
    assert "muted" in texts(await ask(bot, "alert_mute 1", pressed=True))
    reply = await ask(bot, "/alerts")
    assert "alert_repeat 1" in [b.press for b in buttons(reply)]
    woken = await ask(bot, "alert_repeat 1", pressed=True)
    assert "every time BTC/USDC rises" in texts(woken)
    assert bot.alerts.alerts[1].state is AlertState.ARMED


async def test_an_alert_that_repeats_from_beyond_its_level_or_without_a_price_waits_for_its_return() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/alert BTC > 70000")
    bot.market.prices[Symbol("BTCUSDC")] = D("71000.00")
    await ask(bot, "alert_repeat 1", pressed=True)
    assert not bot.alerts.alerts[1].ready
    bot.market.prices[Symbol("BTCUSDC")] = D("69000.00")
    await ask(bot, "alert_repeat 1", pressed=True)
    assert bot.alerts.alerts[1].ready
    bot.market.silent.add(Symbol("BTCUSDC"))
    await ask(bot, "alert_repeat 1", pressed=True)
    assert not bot.alerts.alerts[1].ready


@pytest.mark.parametrize("press", ["alert_cancel 1", "alert_mute 1", "alert_repeat 1", "alert_cancel 999"])
async def test_buttons_of_somebody_elses_alert_do_nothing(press: str) -> None:
    bot = FakeDeskBot()
    await ask(bot, "/alert BTC > 70000")
    reply = await bot.router.answer(bot.inbound(press, pressed=True, external_id="stranger"))
    assert "can't be changed" in texts(reply)
    assert bot.alerts.alerts[1].state is AlertState.ARMED


async def test_hidden_commands_are_not_typed() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/alert BTC > 70000")
    assert "no command" in texts(await ask(bot, "/alert_cancel 1"))


async def test_too_many_alerts_are_refused_in_both_languages() -> None:
    for language, said in ((Language.ENGLISH, "the maximum"), (Language.KOREAN, "최대 1개")):
        bot = FakeDeskBot(language)
        bot.alerts.most = 1
        await ask(bot, "/alert BTC > 70000")
        assert said in texts(await ask(bot, "/alert BTC > 80000"))


async def test_an_alert_is_shared_by_a_link_that_sets_the_same_one_and_only_where_there_are_links() -> None:
    bot = FakeDeskBot()
    linked = partial(link_to, "desk_bot")
    for line in ("/alert BTC > 70000", "/alert DOGE < 0.05", "/alert 币安人生 < 0.1"):
        await bot.router.answer(replace(bot.inbound(line), link=linked))
    shared = [
        await bot.router.answer(replace(bot.inbound(f"alert_share {n}", pressed=True), link=linked)) for n in (1, 2)
    ]
    links = [reply.blocks[1].body for reply in shared if isinstance(reply.blocks[1], Text)]
    assert links == [
        "https://t.me/desk_bot?start=alert_BTC_above_70000",
        "https://t.me/desk_bot?start=alert_DOGE_below_0-05",
    ]
    for link in links:
        await ask(bot, deep_link(f"/start {link.rpartition('=')[2]}"))
    made = list(bot.alerts.alerts.values())
    assert [(alert.symbol, alert.direction, alert.level) for alert in made[3:]] == [
        (alert.symbol, alert.direction, alert.level) for alert in made[:2]
    ]
    assert "alert_share" not in str(await ask(bot, "/alert BTC > 71000"))
    assert "alert_share" not in str(
        await bot.router.answer(replace(bot.inbound("/alert 币安人生 < 0.09"), link=linked))
    )


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "payload",
    [
        "BTC_70000_every",
        "EVERY_BTC_70000",
        "BTC_repeat_70000",
        "BTC_70000_everytime",
        "BTC_70000_EveryTime",
        "BTC_70000_every_time",
        "BTC_70000_every-time",
        "everytime_BTC_70000",
        "BTC_range_3_1h_everytime",
        "BTC_range_3_1h_always",
        "BTC_range_3_1h_Every-",
    ],
)
async def test_a_link_sets_no_repeating_alert_in_any_words(language: Language, payload: str) -> None:
    bot = FakeDeskBot(language)
    inbound = replace(bot.inbound(deep_link(f"/start alert_{payload}")), linked=True)
    reply = await bot.router.answer(inbound)
    made = [*bot.alerts.alerts.values(), *bot.range_alerts.alerts.values()]
    assert not [alert for alert in made if alert.repeat]
    assert made or "WARNING" in repr(reply).upper()


@pytest.mark.parametrize(
    "payload",
    [
        "BTC_70000_note_Account_locked_open_evil-com_or_lose_it",
        "BTC_24h_up_5_percent_note_Wallet_locked_see_evil-com",
        "BTC_rsi_above_51_1m_NOTE_Your_prize_evil-com",
        "BTC_range_3_1h_for_7d_memo_evil-com",
        "every_BTC_70000_note_evil-com",
    ],
)
async def test_a_link_puts_no_words_into_the_mouth_of_the_bot(payload: str) -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(replace(bot.inbound(deep_link(f"/start alert_{payload}")), linked=True))
    made = [
        *bot.alerts.alerts.values(),
        *bot.range_alerts.alerts.values(),
        *bot.condition_alerts.alerts.values(),
    ]
    assert len(made) == 1
    assert not made[0].note
    assert "evil" not in repr(reply)


async def test_a_refused_link_offers_no_repeating_alert_on_a_button() -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(replace(bot.inbound("/alert BTTC 70000 everytime"), linked=True))
    assert buttons(reply)
    for offered in buttons(reply):
        await ask(bot, offered.press, pressed=True)
    assert bot.alerts.alerts
    assert not [alert for alert in bot.alerts.alerts.values() if alert.repeat]


@pytest.mark.parametrize(("typed", "shown"), [("60000.005", "60,000.005"), ("60000.50", "60,000.50")])
async def test_an_alert_shows_every_digit_of_its_price(typed: str, shown: str) -> None:
    bot = FakeDeskBot()
    assert f"rises to {shown}." in texts(await ask(bot, f"/alert BTC > {typed}"))
    [table] = [block for block in (await ask(bot, "/alerts")).blocks if isinstance(block, Table)]
    assert f"≥ {shown}" in table.rows[0]


async def test_a_list_of_alerts_shows_every_digit_of_the_price_to_cross_back() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/alert BTC > 60000.005 every")
    [table] = [block for block in (await ask(bot, "/alerts")).blocks if isinstance(block, Table)]
    assert table.rows[0][-1] == "Every time (again below 59,699.995)"
