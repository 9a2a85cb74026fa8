"""Notifications that a user receives: whether with sound, when, and in which chat."""

from bot.arguments.notification_choices import NoticeChoice
from bot.arguments.notification_words import CHOICES, read_choice
from bot.arguments.plain_words import ChatName
from bot.arguments.times import time_text
from bot.context import Context
from bot.reachable_chats import chat_of
from bot.reply import Button, Fields, Reply, Text, Tone
from bot.views.buttons import button, grid, rows
from core.outbox import Chat
from core.time_zones import zone_label
from people.notifications.preferences import KINDS, DigestSchedule, NotificationPreferences, NotificationSetting
from people.notifications.quiet_hours import DeliveryMode, QuietHours

_HOURS = (7, 9, 12, 18, 21)
"""Hours of the day that are offered for digests."""


async def notifications(
    ctx: Context, notice: NotificationSetting | None = None, choice: NoticeChoice | None = None
) -> Reply:
    """Shows the current choices, offers the choices of one topic, or sets one."""
    if notice is NotificationSetting.HERE and choice is None:
        return await _here(ctx)
    if notice is None or choice is None:
        choices = await ctx.services.notices.choices(ctx.person.person_id)
        return _overview(choices, ctx) if notice is None else _offer(notice, choices, ctx)
    await _choose(notice, choice, ctx)
    choices = await ctx.services.notices.choices(ctx.person.person_id)
    what = "ended" if notice is NotificationSetting.QUIET and choices.quiet_hours is None else "done"
    said = _say(what, notice, choices, ctx)
    return Reply((Text(said), *rows([button(ctx.text("button-notify"), "notifications")])))


async def _choose(topic: NotificationSetting, choice: str, ctx: Context) -> None:
    person, notices = ctx.person.person_id, ctx.services.notices
    match topic, read_choice(topic, choice):
        case NotificationSetting.HERE, _:
            await notices.set_home(person, None)
        case NotificationSetting.QUIET, QuietHours() as quiet:
            await notices.set_quiet_hours(person, quiet)
        case NotificationSetting.QUIET, _:
            await notices.set_quiet_hours(person, None)
        case NotificationSetting.DIGEST, DigestSchedule() as plan:
            await notices.set_digest(person, plan)
        case NotificationSetting.DIGEST, DeliveryMode.OFF:
            await notices.set_digest(person, None)
        case _, DeliveryMode() as mode:
            await notices.set_mode(person, KINDS[topic], mode)
            if topic is NotificationSetting.DIGEST:
                await _begin_digests(ctx)
        case _:
            raise AssertionError(topic)


async def _begin_digests(ctx: Context) -> None:
    """Sets the default digest if none is set, since a user who turns digests on expects to receive some."""
    notices = ctx.services.notices
    if (await notices.choices(ctx.person.person_id)).digest is None:
        await notices.set_digest(ctx.person.person_id, DigestSchedule())


# -- showing and offering ----------------------------------------------------------------------


def _overview(choices: NotificationPreferences, ctx: Context) -> Reply:
    shown = Fields(tuple((ctx.text(f"notice-{topic}"), _value(topic, choices, ctx)) for topic in NotificationSetting))
    title, about = Text(ctx.text("notify-title"), Tone.TITLE), Text(ctx.text("notify-about"), Tone.NOTE)
    return Reply(
        (
            title,
            shown,
            about,
            *grid(button(ctx.text(f"notice-{topic}"), "notifications", topic) for topic in NotificationSetting),
        )
    )


def _offer(topic: NotificationSetting, choices: NotificationPreferences, ctx: Context) -> Reply:
    said = _say("ask", topic, choices, ctx)
    zone = (
        (Text(ctx.text("notify-zone", timezone=zone_label(ctx.format.zone.key)), Tone.NOTE),) if _timed(topic) else ()
    )
    back = button(ctx.text("button-notify"), "notifications")
    if topic is NotificationSetting.QUIET:
        offered = [button(_quiet_label(text, ctx), "notifications", topic, *text.split()) for text in CHOICES[topic]]
    else:
        offered = [button(ctx.text(f"choice-{text}"), "notifications", topic, text) for text in CHOICES[topic]]
    return Reply((Text(said), *zone, *rows(offered, _hours(topic, choices), [back])), asks=f"notifications {topic}")


def _hours(topic: NotificationSetting, choices: NotificationPreferences) -> list[Button | None]:
    if topic is not NotificationSetting.DIGEST or choices.digest is None:
        return []
    every = choices.digest.every.value
    return [button(time_text(hour * 60), "notifications", topic, every, str(hour)) for hour in _HOURS]


def _quiet_label(text: str, ctx: Context) -> str:
    return ctx.text("choice-off") if text == "off" else text.replace(" ", "–")


def _timed(topic: NotificationSetting) -> bool:
    return topic in (NotificationSetting.QUIET, NotificationSetting.DIGEST)


def _say(what: str, topic: NotificationSetting, choices: NotificationPreferences, ctx: Context) -> str:
    sentence = (
        topic.value
        if topic in (NotificationSetting.QUIET, NotificationSetting.DIGEST, NotificationSetting.HERE)
        else "kind"
    )
    value = _value(topic, choices, ctx)
    return ctx.text(f"notify-{what}-{sentence}", topic=ctx.text(f"notice-{topic}"), value=value)


def _value(topic: NotificationSetting, choices: NotificationPreferences, ctx: Context) -> str:
    """Returns the current choice, in a few words."""
    match topic:
        case NotificationSetting.QUIET:
            return _quiet_text(choices.quiet_hours, ctx)
        case NotificationSetting.DIGEST:
            return _digest_text(choices, ctx)
        case NotificationSetting.HERE:
            return _home_text(choices, ctx)
        case _:
            return ctx.text(f"choice-{choices.mode(topic)}")


def _quiet_text(quiet: QuietHours | None, ctx: Context) -> str:
    return ctx.text("choice-off") if quiet is None else f"{time_text(quiet.starts)}–{time_text(quiet.ends)}"


def _digest_text(choices: NotificationPreferences, ctx: Context) -> str:
    plan, mode = choices.digest, choices.mode(NotificationSetting.DIGEST)
    if plan is None or mode is DeliveryMode.OFF:
        return ctx.text("choice-off")
    when = ctx.text(f"notify-{plan.every}", time=time_text(plan.hour * 60))
    return when if mode is DeliveryMode.ON else f"{when}, {ctx.text('choice-silent')}"


def _home_text(choices: NotificationPreferences, ctx: Context) -> str:
    home = choices.home
    if home is None:
        return ctx.text("notify-home-none")
    if (home.platform, home.chat_id) == (ctx.inbound.platform, chat_of(ctx.inbound).chat_id):
        return ctx.text("notify-home-here")
    return ctx.text("notify-home-elsewhere", platform=home.platform, place="public" if home.public else "private")


# -- the chat of the notices -------------------------------------------------------------------


async def _here(ctx: Context) -> Reply:
    """Chooses this chat; if others read it, asks for confirmation first."""
    chat = chat_of(ctx.inbound)
    notices = ctx.services.notices
    await notices.reach(ctx.person.person_id, chat)
    if not chat.public:
        return await _settle(chat, ctx)
    yes = button(ctx.text("button-here-public"), "notifications_here", chat.platform, chat.chat_id)
    keep = button(ctx.text("button-as-it-is"), "notifications")
    return Reply((Text(ctx.text("notify-here-public"), Tone.WARNING), *rows([yes, keep])), in_place=True)


async def notifications_here(ctx: Context, platform: ChatName, chat: ChatName) -> Reply:
    """Chooses the chat of the question. A chat that others read is chosen only from there, where its rules were asked;
    one in which the user never wrote cannot be chosen.
    """
    here = chat_of(ctx.inbound)
    return await _settle(here if (here.platform, here.chat_id) == (platform, chat) else Chat(platform, chat), ctx)


async def _settle(chat: Chat, ctx: Context) -> Reply:
    await ctx.services.notices.set_home(ctx.person.person_id, chat)
    off = button(ctx.text("button-here-off"), "notifications", "here", "off")
    overview = button(ctx.text("button-notify"), "notifications")
    return Reply((Text(ctx.text("notify-here-done")), *rows([overview, off])))
