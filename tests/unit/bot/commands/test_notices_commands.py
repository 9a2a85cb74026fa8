"""/notifications: what is told unasked, when and where, chosen by words and by buttons."""

from dataclasses import replace

import pytest

from bot.arguments.notification_words import CHOICES, read_choice
from bot.inbound import Inbound
from bot.reachable_chats import shows_answer
from bot.reply import Button, Buttons, Fields, Reply, Text, Tone
from core.outbox import Chat, NotificationTarget
from people.notices import Broadcast
from people.notifications.notices import Notice
from people.notifications.preferences import (
    KINDS,
    DigestCadence,
    DigestSchedule,
    NotificationPreferences,
    NotificationSetting,
)
from people.notifications.quiet_hours import DeliveryMode, QuietHours
from people.person import Language, Person
from pipeline.news.notices import HeadlinesFound
from tests.fakes.bot import FakeDeskBot
from trading.alerts.notices import AlertFired as Fired
from trading.alerts.notices import ConditionFired, ForecastFired, RangeFired
from trading.alerts.ports import AlertState
from trading.limits.notices import LimitPaused
from trading.orders.notices import OrderExpired, OrderFilled
from trading.portfolio.notices import Digest
from trading.rebalancing.notices import BandLeft
from trading.scan.notices import ScanTold

ME = 1
OWN = Chat("fake", "mine")
GROUP = Chat("fake", "-100", public=True)


def texts(reply: Reply) -> str:
    return "\n".join(block.body for block in reply.blocks if isinstance(block, Text))


def buttons(reply: Reply) -> list[Button]:
    return [b for block in reply.blocks if isinstance(block, Buttons) for row in block.rows for b in row]


async def ask(bot: FakeDeskBot, line: str, chat: Chat = OWN, *, pressed: bool = False) -> Reply:
    said = replace(bot.inbound(line, pressed=pressed), chat_id=chat.chat_id, public=chat.public)
    return await bot.router.answer(said)


async def chosen(bot: FakeDeskBot) -> NotificationPreferences:
    return await bot.notices.choices(ME)


# -- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "text", "choice"),
    [
        (NotificationSetting.ALERTS, "silent", DeliveryMode.SILENT),
        (NotificationSetting.NEWS, "끄기", DeliveryMode.OFF),
        (NotificationSetting.QUIET, "22:00 07:00", QuietHours(22 * 60, 7 * 60)),
        (NotificationSetting.QUIET, "22 7", QuietHours(22 * 60, 7 * 60)),
        (NotificationSetting.QUIET, "0:30-06:45", QuietHours(30, 6 * 60 + 45)),
        (NotificationSetting.QUIET, "off", DeliveryMode.OFF),
        (NotificationSetting.DIGEST, "daily", DigestSchedule(DigestCadence.DAILY, 9)),
        (NotificationSetting.DIGEST, "매주 20", DigestSchedule(DigestCadence.WEEKLY, 20)),
        (NotificationSetting.DIGEST, "daily 07:00", DigestSchedule(DigestCadence.DAILY, 7)),
        (NotificationSetting.DIGEST, "silent", DeliveryMode.SILENT),
        (NotificationSetting.HERE, "off", DeliveryMode.OFF),
    ],
)
def test_a_choice_is_read_however_it_is_written(topic: NotificationSetting, text: str, choice: object) -> None:
    assert read_choice(topic, text) == choice


@pytest.mark.parametrize("topic", list(NotificationSetting))
def test_every_choice_that_is_offered_can_be_read(topic: NotificationSetting) -> None:
    read = [read_choice(topic, text) for text in CHOICES[topic]]
    assert len(set(map(repr, read))) == len(CHOICES[topic]), "two choices mean the same"


def test_every_kind_of_notice_that_a_person_may_turn_off_is_offered() -> None:
    told: tuple[type[Notice], ...] = (
        Fired,
        RangeFired,
        ConditionFired,
        ForecastFired,
        OrderFilled,
        OrderExpired,
        LimitPaused,
        HeadlinesFound,
        BandLeft,
        Digest,
        ScanTold,
        Broadcast,
    )
    assert {str(kind.__struct_config__.tag) for kind in told} == set(KINDS.values())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/notifications quiet 22:00 22:00", "are ambiguous"),
        ("/notifications quiet 24:30 07:00", "not a time of day"),
        ("/notifications quiet 22:60 07:00", "not a time of day"),
        ("/notifications quiet soon later", "not a time of day"),
        ("/notifications quiet 22", "start at 22:00, but have no end"),
        ("/notifications quiet 22:00 07:00 08:00", "not an option"),
        ("/notifications quiet silent", "not a time of day"),
        ("/notifications alerts loud", "not an option"),
        ("/notifications alerts daily", "not an option"),
        ("/notifications digest hourly", "not an option"),
        ("/notifications digest daily 7:30", "so 7:30 can't be used"),
        ("/notifications digest daily 25", "not a time of day"),
        ("/notifications here silent", "not an option"),
        ("/notifications prices off", "not an option"),
        ("/notifications_here fake mine", "no command"),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_its_reason_and_changes_nothing(line: str, said: str) -> None:
    bot = FakeDeskBot()
    reply = await ask(bot, line)
    assert isinstance(reply.blocks[0], Text)
    assert reply.blocks[0].tone is Tone.WARNING
    assert said in texts(reply)
    assert line.removeprefix("/") not in [b.press for b in buttons(reply)], "the same again would say the same again"
    assert await chosen(bot) == NotificationPreferences()


# -- choosing ----------------------------------------------------------------------------------


async def test_the_overview_shows_every_kind_and_leads_to_each_of_them() -> None:
    bot = FakeDeskBot()
    reply = await ask(bot, "/notifications")
    assert reply.private
    (fields,) = [block for block in reply.blocks if isinstance(block, Fields)]
    assert [value for _, value in fields.rows] == [*["On"] * 8, *["Off"] * 3, "On", "Off", "not chosen"]
    assert [b.press for b in buttons(reply)] == [f"notifications {topic}" for topic in NotificationSetting]


@pytest.mark.parametrize("language", list(Language))
async def test_every_button_of_every_kind_can_be_pressed_in_every_language(language: Language) -> None:
    bot = FakeDeskBot(language)
    for topic in NotificationSetting:
        if topic is NotificationSetting.HERE:
            continue
        for entry in buttons(await ask(bot, f"notifications {topic}", pressed=True)):
            reply = await ask(bot, entry.press, pressed=True)
            assert isinstance(reply.blocks[0], Text)
            assert reply.blocks[0].tone is not Tone.WARNING, entry.press


async def test_a_kind_is_silenced_and_turned_off_by_buttons() -> None:
    bot = FakeDeskBot()
    offered = await ask(bot, "notifications alerts", pressed=True)
    assert [b.press for b in buttons(offered)][:3] == [
        f"notifications alerts {mode}" for mode in ("on", "silent", "off")
    ]
    assert texts(await ask(bot, "notifications alerts silent", pressed=True)) == "Price alerts: Silent"
    await ask(bot, "/notifications fills off")
    assert (await chosen(bot)).modes == {"alert": DeliveryMode.SILENT, "fill": DeliveryMode.OFF}


async def test_quiet_hours_are_set_in_the_persons_own_time_and_ended() -> None:
    bot = FakeDeskBot()
    offered = await ask(bot, "/notifications quiet")
    assert "Asia/Seoul" in texts(offered)
    assert offered.asks == "notifications quiet"
    assert "22:00–07:00" in texts(await ask(bot, "/notifications quiet 22:00 07:00"))
    assert (await chosen(bot)).quiet_hours == QuietHours(22 * 60, 7 * 60)
    assert texts(await ask(bot, "/notifications quiet off")) == "Quiet hours: Off. Notifications now sound at any hour."
    assert (await chosen(bot)).quiet_hours is None


async def test_digests_are_off_until_they_are_chosen_and_their_hour_can_be_changed() -> None:
    bot = FakeDeskBot()
    assert "Off" in texts(await ask(bot, "/notifications digest"))
    assert "daily at 09:00" in texts(await ask(bot, "notifications digest daily", pressed=True))
    offered = await ask(bot, "/notifications digest")
    assert "notifications digest daily 21" in [b.press for b in buttons(offered)]
    assert "Mondays at 20:00" in texts(await ask(bot, "/notifications digest weekly 20"))
    assert "Silent" in texts(await ask(bot, "/notifications digest silent"))
    assert (await chosen(bot)).digest == DigestSchedule(DigestCadence.WEEKLY, 20)
    await ask(bot, "/notifications digest off")
    assert (await chosen(bot)).digest is None


async def test_who_turns_digests_on_gets_some() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/notifications digest on")
    assert (await chosen(bot)).digest == DigestSchedule()


# -- the chat of the notices -------------------------------------------------------------------


async def test_a_private_chat_is_chosen_where_it_is_asked_for() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/notifications here")
    assert (await chosen(bot)).home == OWN
    overview = await ask(bot, "/notifications")
    assert "this chat" in str(overview.blocks)
    assert "a private chat" in str((await ask(bot, "/notifications", Chat("fake", "other"))).blocks)
    await ask(bot, "/notifications here off")
    assert (await chosen(bot)).home is None


async def test_a_chat_where_others_read_is_explained_and_only_chosen_when_confirmed() -> None:
    bot = FakeDeskBot()
    asked = await ask(bot, "/notifications here", GROUP)
    assert "everyone would see what you buy" in texts(asked)
    assert (await chosen(bot)).home is None
    yes, no = buttons(asked)
    assert yes.press == "notifications_here fake -100"
    assert (no.label, no.press) == ("Keep as is", "notifications")
    assert (asked.private, asked.in_place) == (False, True), "the button is pressed there, where its rules are asked"
    await ask(bot, yes.press, GROUP, pressed=True)
    assert (await chosen(bot)).home == GROUP


async def test_a_chat_where_others_read_is_not_chosen_from_another() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/notifications here", GROUP)
    for chat in (OWN, replace(GROUP, chat_id="-200")):
        assert "That chat is unknown" in texts(await ask(bot, "notifications_here fake -100", chat, pressed=True))
    assert (await chosen(bot)).home is None


async def test_a_chat_of_somebody_else_cannot_be_chosen_by_a_forged_press() -> None:
    bot = FakeDeskBot()
    assert "That chat is unknown" in texts(await ask(bot, "notifications_here fake stranger", pressed=True))
    assert (await chosen(bot)).home is None


async def test_an_order_is_told_of_elsewhere_only_where_that_was_chosen_and_its_answer_is_not_shown_there() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/settings confirm off")
    await ask(bot, "/buy BTC 100usdc", OWN)
    await ask(bot, "/notifications here", OWN)
    await ask(bot, "/buy BTC 100usdc", OWN)
    await ask(bot, "/buy BTC 100usdc", Chat("fake", "elsewhere"))
    await ask(bot, "/notifications expiries off")
    await ask(bot, "/sell BTC 50%", GROUP)
    await ask(bot, "/notifications fills off")
    await ask(bot, "/sell BTC max", GROUP)
    assert bot.desk.tellings == [None, None, NotificationTarget(OWN), NotificationTarget(OWN, expiries=False), None]


async def test_a_confirmed_order_is_told_of_like_one_that_goes_at_once() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/notifications here", OWN)
    preview = await ask(bot, "/buy BTC 100usdc", GROUP)
    await ask(bot, buttons(preview)[0].press, GROUP, pressed=True)
    assert bot.desk.tellings == [NotificationTarget(OWN)]


def test_an_answer_given_privately_is_shown_in_the_private_chat() -> None:
    asked = Inbound("telegram", "7", "u1", "/buy BTC 1", chat_id="-100", public=True)
    own, other = Chat("telegram", "7"), Chat("discord", "7")
    assert shows_answer(own, asked, Person(1))
    assert not shows_answer(own, asked, Person(1, public=True))
    assert not shows_answer(other, asked, Person(1))
    assert shows_answer(Chat("telegram", "-100"), asked, Person(1))


# -- alerts ------------------------------------------------------------------------------------


async def test_all_alerts_are_cancelled_after_a_preview_and_later_ones_stay() -> None:
    bot = FakeDeskBot()
    for number in range(12):
        await ask(bot, f"/alert BTC {70_000 + number}")
    await ask(bot, "alert_mute 3", pressed=True)
    listed = await ask(bot, "/alerts")
    assert "alerts_cancel" in [b.press for b in buttons(listed)]
    preview = await ask(bot, "alerts_cancel", pressed=True)
    assert "12 active alerts, 1 of them muted" in texts(preview)
    assert "And 2 more" in texts(preview)
    assert all(alert.state is not AlertState.CANCELLED for alert in bot.alerts.alerts.values())
    await ask(bot, "/alert BTC 90000")
    assert ("Keep as is", "alerts") in [(b.label, b.press) for b in buttons(preview)]
    yes = buttons(preview)[0].press
    assert "12 alerts were cancelled" in texts(await ask(bot, yes, pressed=True))
    assert [number for number, alert in bot.alerts.alerts.items() if alert.state is AlertState.ARMED] == [13]
    assert "None of those alerts is active" in texts(await ask(bot, yes, pressed=True))


async def test_the_price_of_an_alert_is_asked_for_and_changed() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/alert BTC > 70000")
    asked = await ask(bot, "alert_edit 1", pressed=True)
    assert "the alert BTC/USDC ≥ 70,000.00" in texts(asked)
    assert asked.asks == "alert_edit 1"
    assert "alert_edit 1 +5%" in [b.press for b in buttons(asked)]
    changed = await ask(bot, "alert_edit 1 < 50000", pressed=True)
    assert "falls to 50,000.00" in texts(changed)
    alert = bot.alerts.alerts[1]
    assert (str(alert.direction), str(alert.level), alert.ready) == ("below", "50000", True)


async def test_a_new_price_is_checked_like_the_first_and_somebody_elses_alert_is_nobodys() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/alert BTC > 70000")
    assert "too far from the current price" in texts(await ask(bot, "alert_edit 1 > 1", pressed=True))
    stranger = bot.inbound("alert_edit 1 > 71000", pressed=True, external_id="stranger")
    assert "can't be changed" in texts(await bot.router.answer(stranger))
    await ask(bot, "alert_cancel 1", pressed=True)
    assert "can't be changed" in texts(await ask(bot, "alert_edit 1", pressed=True))
    assert str(bot.alerts.alerts[1].level) == "70000"


async def test_a_muted_alert_stays_muted_when_its_price_changes_and_says_so() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/alert BTC > 70000")
    await ask(bot, "alert_mute 1", pressed=True)
    assert "muted" in texts(await ask(bot, "alert_edit 1 > 71000", pressed=True))
    assert bot.alerts.alerts[1].state is AlertState.MUTED
