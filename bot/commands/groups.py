"""Settings of a group or server, for its managers."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar, assert_never

from bot.arguments.group_words import GroupWord, group_word
from bot.arguments.parser import listed
from bot.arguments.plain_words import Number
from bot.arguments.symbols import favourites, pair_of, short_name
from bot.arguments.table import READERS
from bot.arguments.time_zones import TimeZoneName
from bot.arguments.typography import plain
from bot.command import OneOrMore, current_name
from bot.context import Context
from bot.errors import MissingArgument, NotAChoice, TooManyArguments
from bot.groups.errors import CooldownTooLong, FeedTooLong, TooManyChannels, TooManyRules
from bot.groups.ports import Feed, FeedState, Group, SettingChange
from bot.groups.settings import (
    LONGEST_COOLDOWN,
    MAX_CHANNELS,
    MAX_RULES,
    CommandGroup,
    GroupSettings,
    GroupTopic,
    Permission,
    ruled,
)
from bot.reply import Block, Button, Fields, Reply, Text, Tone
from bot.views.buttons import button, grid, rows
from core.text import clean
from core.time_zones import zone_label
from people.person import Language
from pipeline.market import Symbol

MAX_FEEDS = 10
MAX_SYMBOLS = 10
NAME_LIMIT = 60

_ADD, _REMOVE, _EVERYWHERE, _OFF = "add", "remove", "everywhere", "off"
_PLACES = (_ADD, _REMOVE, _EVERYWHERE)
_CHOICES = 5
_COOLDOWN = 10
_NOTHING: OneOrMore[GroupWord] = OneOrMore()

Value = TypeVar("Value")


async def group(ctx: Context, topic: GroupTopic | None = None, values: OneOrMore[GroupWord] = _NOTHING) -> Reply:
    """Shows the settings of the group, offers the choices for one, or sets it."""
    if not ctx.inbound.group:
        return Reply((Text(ctx.text("group-private")), *rows([button(ctx.text("button-settings"), "settings")])))
    if topic is None:
        return Reply(await _page(ctx, await ctx.services.groups.settings(_here(ctx))))
    if not values:
        choices = [button(entry, "group", topic.value, *entry.split()) for entry in _choices(topic, ctx)[:_CHOICES]]
        back = button(ctx.text("button-group"), "group")
        return Reply((Text(ctx.text(f"group-ask-{topic}")), *grid([*choices, back])))
    if topic is GroupTopic.FEED:
        return await _feed(ctx, values)
    settings = await ctx.services.groups.change(_here(ctx), _changed(ctx, topic, values), _change(ctx, topic, values))
    return Reply((Text(ctx.text("group-saved")), *await _page(ctx, settings)))


def _here(ctx: Context) -> Group:
    return Group(ctx.inbound.platform, ctx.inbound.group)


def _changed(ctx: Context, topic: GroupTopic, values: tuple[str, ...]) -> SettingChange:
    place = f" in {ctx.inbound.chat_id}" if topic in (GroupTopic.CHANNEL, GroupTopic.FEED) else ""
    return SettingChange(ctx.request_id, ctx.person.person_id, clean(f"{topic} {' '.join(values)}{place}"))


# -- changing ----------------------------------------------------------------------------------


def _change(ctx: Context, topic: GroupTopic, values: tuple[GroupWord, ...]) -> Callable[[GroupSettings], GroupSettings]:
    """Returns the change of the settings that the words mean. Raises the errors of their readers."""
    match topic:
        case GroupTopic.LANGUAGE:
            language: Language = _read(Language, _only(values, topic), ctx)
            return lambda settings: replace(settings, language=language)
        case GroupTopic.TIMEZONE:
            zone: str = _read(TimeZoneName, " ".join(values), ctx)
            return lambda settings: replace(settings, timezone=zone)
        case GroupTopic.CHANNEL:
            return _channel(ctx, *values)
        case GroupTopic.ALLOW:
            return _rule(ctx, *values)
        case GroupTopic.COOLDOWN:
            seconds = int(_read(Number, _only(values, topic), ctx))
            if seconds > LONGEST_COOLDOWN:
                raise CooldownTooLong(LONGEST_COOLDOWN)
            return lambda settings: replace(settings, cooldown=seconds)
        case GroupTopic.FEED:
            return lambda settings: settings
        case _:
            assert_never(topic)


def _channel(ctx: Context, what: str, *name: str) -> Callable[[GroupSettings], GroupSettings]:
    """Returns a change of channels. Raises NotAChoice, TooManyArguments; the change itself raises TooManyChannels."""
    chat_id = ctx.inbound.chat_id
    what = group_word(what)
    if what not in _PLACES:
        raise NotAChoice(what, _PLACES)
    if name and what != _ADD:
        raise TooManyArguments("group", " ".join(name))
    called = clean(" ".join(name) or ctx.inbound.chat_name, NAME_LIMIT) or chat_id

    def change(settings: GroupSettings) -> GroupSettings:
        if what == _EVERYWHERE:
            return replace(settings, channels={})
        if what == _REMOVE:
            return settings.without_channel(chat_id)
        if chat_id not in settings.channels and len(settings.channels) >= MAX_CHANNELS:
            raise TooManyChannels(MAX_CHANNELS)
        return settings.with_channel(chat_id, called)

    return change


def _rule(ctx: Context, name: str, *who: str) -> Callable[[GroupSettings], GroupSettings]:
    """Returns a change of the rules. Raises NotAChoice, MissingArgument, TooManyArguments; the change itself raises
    TooManyRules.
    """
    named = current_name(group_word(name).removeprefix("/"))
    names = ruled(ctx.commands)
    if named not in names:
        raise NotAChoice(name, tuple(names))
    if not who:
        raise MissingArgument("group", "values")
    if len(who) > 1:
        raise TooManyArguments("group", " ".join(who[1:]))
    if group_word(who[0]) not in tuple(Permission):
        raise NotAChoice(who[0], tuple(Permission))
    chosen = Permission(group_word(who[0]))

    def change(settings: GroupSettings) -> GroupSettings:
        if named not in settings.rules and len(settings.rules) >= MAX_RULES:
            raise TooManyRules(MAX_RULES)
        return settings.with_rule(named, chosen)

    return change


def _only(values: tuple[str, ...], topic: GroupTopic) -> str:
    if len(values) > 1:
        raise TooManyArguments("group", " ".join(values[1:]))
    return values[0] if values else topic


def _read(kind: type[Value] | Callable[..., Value], word: str, ctx: Context) -> Value:
    value: Value = READERS[kind].parse(plain(word), ctx)
    return value


# -- the price feed ----------------------------------------------------------------------------


async def _feed(ctx: Context, values: tuple[GroupWord, ...]) -> Reply:
    groups, here, chat_id = ctx.services.groups, _here(ctx), ctx.inbound.chat_id
    changed = _changed(ctx, GroupTopic.FEED, values)
    back = rows([button(ctx.text("button-group"), "group")])
    if tuple(group_word(word) for word in values) == (_OFF,):
        stopped = await groups.stop_feed(here, changed, chat_id)
        return Reply((Text(ctx.text("group-feed-stopped" if stopped else "group-feed-none")), *back))
    symbols: list[Symbol] = list(dict.fromkeys(_read(Symbol, word, ctx) for word in listed(values)))
    if len(symbols) > MAX_SYMBOLS:
        raise FeedTooLong(MAX_SYMBOLS)
    await groups.start_feed(here, changed, chat_id, symbols, MAX_FEEDS)
    off = rows([button(ctx.text("button-feed-off"), "group", GroupTopic.FEED, _OFF)])
    return Reply((Text(ctx.text("group-feed-started")), *off))


# -- showing -----------------------------------------------------------------------------------


def _choices(topic: GroupTopic, ctx: Context) -> list[str]:
    """Returns complete values that a button can carry."""
    match topic:
        case GroupTopic.ALLOW:
            ends = (Permission.EVERYONE, Permission.OFF)
            return [f"{kind} {who}" for kind in (CommandGroup.TRADING, CommandGroup.ALERTS) for who in ends]
        case GroupTopic.FEED:
            return [" ".join(_favourites(ctx)), _OFF]
        case _:
            reader = READERS[GroupWord]
            return [entry.text for entry in reader.suggest("", replace(ctx, words=(topic.value,)))]


def _favourites(ctx: Context) -> list[str]:
    return [short_name(symbol, ctx) for symbol in favourites(ctx)[:2]]


async def _page(ctx: Context, settings: GroupSettings) -> tuple[Block, ...]:
    feeds = [feed for feed in await ctx.services.groups.feeds(_here(ctx)) if _worth_showing(feed)]
    language = ctx.text(f"choice-{settings.language}" if settings.language else "group-own-language")
    shown = Fields(
        (
            (ctx.text("choice-language"), language),
            (ctx.text("choice-timezone"), zone_label(settings.timezone or ctx.services.settings.timezone or "UTC")),
            (ctx.text("choice-channel"), ", ".join(settings.channels.values()) or ctx.text("group-open")),
            (ctx.text("choice-allow"), _rules(settings, ctx) or ctx.text("group-everyone")),
            (ctx.text("choice-cooldown"), _cooldown(settings, ctx)),
            (ctx.text("choice-feed"), _feeds(feeds, ctx)),
        )
    )
    return (Text(ctx.text("group-title"), Tone.TITLE), shown, *_buttons(settings, feeds, ctx))


def _worth_showing(feed: Feed) -> bool:
    """Returns whether the feed runs, or ended by itself."""
    return feed.state is FeedState.ON or bool(feed.reason)


def _rules(settings: GroupSettings, ctx: Context) -> str:
    return ", ".join(ctx.text("group-rule", name=name, who=who.value) for name, who in sorted(settings.rules.items()))


def _cooldown(settings: GroupSettings, ctx: Context) -> str:
    if not settings.cooldown:
        return ctx.text("group-no-cooldown")
    return ctx.text("group-cooldown", seconds=settings.cooldown)


def _feeds(feeds: list[Feed], ctx: Context) -> str:
    here = next((feed for feed in feeds if feed.chat_id == ctx.inbound.chat_id), None)
    others = sum(1 for feed in feeds if feed is not here and feed.state is FeedState.ON)
    elsewhere = [ctx.text("group-elsewhere", count=others)] if others else []
    return ", ".join([_one_feed(here, ctx), *elsewhere])


def _one_feed(feed: Feed | None, ctx: Context) -> str:
    if feed is None:
        return ctx.text("group-no-feed")
    if feed.state is not FeedState.ON:
        return ctx.text("group-feed-off", reason=feed.reason)
    return ", ".join(pair_of(symbol, ctx) for symbol in feed.symbols)


def _buttons(settings: GroupSettings, feeds: list[Feed], ctx: Context) -> tuple[Block, ...]:
    def press(label: str, *words: str) -> Button | None:
        return button(label, "group", *words)

    languages = [press(ctx.text(f"choice-{entry}"), GroupTopic.LANGUAGE, entry.value) for entry in Language]
    listed = _REMOVE if ctx.inbound.chat_id in settings.channels else _ADD
    places = [press(ctx.text(f"choice-{entry}"), GroupTopic.CHANNEL, entry) for entry in (listed, _EVERYWHERE)]
    off = settings.rules.get(CommandGroup.TRADING) is Permission.OFF
    trading = press(
        ctx.text("button-trading-on" if off else "button-trading-off"),
        GroupTopic.ALLOW,
        CommandGroup.TRADING,
        Permission.EVERYONE if off else Permission.OFF,
    )
    seconds = 0 if settings.cooldown else _COOLDOWN
    label = ctx.text("button-cooldown", seconds=seconds) if seconds else ctx.text("button-no-cooldown")
    slower = press(label, GroupTopic.COOLDOWN, str(seconds))
    runs = any(feed.chat_id == ctx.inbound.chat_id and feed.state is FeedState.ON for feed in feeds)
    names = _favourites(ctx)
    feed = (
        press(ctx.text("button-feed-off"), GroupTopic.FEED, _OFF)
        if runs
        else press(ctx.text("button-feed-start", symbols=" ".join(names)), GroupTopic.FEED, *names)
    )
    return rows(languages, places, [trading, slower], [feed])
