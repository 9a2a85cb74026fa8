"""The table of readers: per domain type, how a word becomes a value and what is suggested while it is typed.

Every platform hands over strings and the strings are read here, once. Readers are synchronous and touch memory only.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Generic, NewType, TypeVar

from bot.amounts import read_amount, read_size
from bot.context import Context
from bot.declaration import Command
from bot.errors import MissingArgument, NotAChoice, TooManyDigits, UnknownCommand, UnknownTimeZone
from bot.groups.settings import Admitted, GroupTopic, ruled
from bot.horizons import HORIZON_WORDS, WAYS, Chance, Horizon, read_chance
from bot.identity.codes import LinkCode, read_code
from bot.inbound import Suggestion
from bot.levels import DIRECTIONS, AlertLevel, AlertTimes, read_level
from bot.notices import CHOICES, TOPICS, Topic, read_choice
from bot.operations.errors import NotAPerson
from bot.operations.ports import PersonRef
from bot.operations.who import CONSOLE
from bot.ports import ChartOption, Language, Theme
from bot.rhythms import OFFERED, read_rhythm
from bot.zones import zone_names
from pipeline.errors import NotANumber, UnknownSymbol
from pipeline.market import Interval, Symbol
from pipeline.slots import Rhythm
from trading.orders import Side, Size

Value = TypeVar("Value")
Choice = TypeVar("Choice")

TimeZoneName = NewType("TimeZoneName", str)
OnOff = NewType("OnOff", bool)
CommandName = NewType("CommandName", str)
SearchText = NewType("SearchText", str)
WatchedName = NewType("WatchedName", Symbol)
"""A symbol on a watchlist, which this market may not have."""
Token = NewType("Token", str)
Number = NewType("Number", int)
"""An order number, a page's cursor, a round: whatever a button carries."""
LongText = NewType("LongText", str)
"""The rest of the line; how much of it is taken is the command's to say."""
SettingValue = NewType("SettingValue", str)
"""Read by the reader of the setting that stands before it."""
NoticeChoice = NewType("NoticeChoice", str)
"""Words that `bot.notices.read_choice` reads for the topic before them."""
ChatName = NewType("ChatName", str)
"""A platform, or one of its chats, in the platform's own words."""
GroupWord = NewType("GroupWord", str)
"""A word of a group's setting; /group reads them together."""

FAVOURITES = ("BTC", "ETH", "SOL", "BNB", "XRP")
TOKEN_LENGTH = 12
NEAREST = 3
COMPARED_LEAST = 2
_NUMBER_DIGITS = 18
_NAME_LENGTH = 64
_WHO_DIGITS = 20
_MOST_PERSONS = 2**63
_PLATFORMS = ("telegram", "discord", CONSOLE)


class MarketView(StrEnum):
    """What /market can show besides the overview."""

    MOVERS = "movers"
    SEARCH = "search"


class Period(StrEnum):
    """How far back a comparison looks."""

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    YEAR = "1y"


class Setting(StrEnum):
    """What a person can choose."""

    LANGUAGE = "language"
    TIMEZONE = "timezone"
    CONFIRM = "confirm"
    THEME = "theme"
    PUBLIC = "public"


_SETTINGS = {
    **{member.value: member for member in Setting},
    "언어": Setting.LANGUAGE,
    "시간대": Setting.TIMEZONE,
    "확인": Setting.CONFIRM,
    "테마": Setting.THEME,
    "공개": Setting.PUBLIC,
}


def _no_suggestions(prefix: str, ctx: Context) -> list[Suggestion]:  # noqa: ARG001 - the shape of every reader
    return []


def _one_word(words: tuple[str, ...], ctx: Context) -> int:  # noqa: ARG001
    return 1


def _all_words(words: tuple[str, ...], ctx: Context) -> int:  # noqa: ARG001
    return len(words)


@dataclass(frozen=True, slots=True)
class Reader(Generic[Value]):
    """`parse` raises a DeskError that explains itself; `span` says how many of the words that are left it reads."""

    parse: Callable[[str, Context], Value]
    suggest: Callable[[str, Context], list[Suggestion]] = _no_suggestions
    span: Callable[[tuple[str, ...], Context], int] = _one_word


def _choice(words: Mapping[str, Choice], shown: Mapping[str, str]) -> Reader[Choice]:
    """A closed set: `words` are all spellings in lower case, `shown` the canonical ones with the id of their label."""

    def parse(text: str, ctx: Context) -> Choice:  # noqa: ARG001
        if text.casefold() not in words:
            raise NotAChoice(text, tuple(shown))
        return words[text.casefold()]

    def suggest(prefix: str, ctx: Context) -> list[Suggestion]:
        typed = prefix.casefold()
        return [Suggestion(word, ctx.say(label)) for word, label in shown.items() if word.startswith(typed)]

    return Reader(parse, suggest)


def _enum_choice(kind: type[StrEnum]) -> Reader[Any]:
    return _choice(
        {member.value: member for member in kind}, {member.value: f"choice-{member.value}" for member in kind}
    )


# -- symbols -----------------------------------------------------------------------------------


def _read_symbol(text: str, ctx: Context) -> Symbol:
    return ctx.market.resolve(text)


def short_name(symbol: Symbol, ctx: Context) -> str:
    """`BTC` for `BTCUSDC`, where `resolve` understands it so; a symbol of another market keeps its name."""
    try:
        base = ctx.market.rules(symbol).base
        return base if ctx.market.resolve(base) == symbol else symbol
    except UnknownSymbol:
        return symbol


def favourites(ctx: Context) -> list[Symbol]:
    """The best known symbols that this desk has; the first ones in the alphabet where it has none of them."""
    symbols = ctx.market.symbols()
    quote = ctx.quote_asset
    known = [Symbol(base + quote) for base in FAVOURITES if base + quote in symbols]
    return known or list(symbols[: len(FAVOURITES)])


def matching(text: str, ctx: Context) -> list[Symbol]:
    """Symbols whose base asset holds `text` or that begin with it, those that begin with it first, short ones first."""
    typed = text.upper()
    quote = ctx.quote_asset
    found = (name for name in ctx.market.symbols() if typed in name.removesuffix(quote) or name.startswith(typed))
    return sorted(found, key=lambda symbol: (not symbol.startswith(typed), len(symbol), symbol))


def _suggest_symbols(prefix: str, ctx: Context) -> list[Suggestion]:
    found = matching(prefix, ctx) if prefix else favourites(ctx)
    return [Suggestion(short_name(symbol, ctx), _pair(symbol, ctx)) for symbol in found]


def _read_compared(text: str, ctx: Context) -> Symbol | Period:
    found = next((period for period in Period if period == text.casefold()), None)
    return found if found is not None else _read_symbol(text, ctx)


def _suggest_compared(prefix: str, ctx: Context) -> list[Suggestion]:
    """Symbols that are not there yet; periods once there are two."""
    written = {word.casefold() for word in ctx.words}
    symbols = [found for found in _suggest_symbols(prefix, ctx) if found.text.casefold() not in written]
    if len(ctx.words) < COMPARED_LEAST or written & set(Period):
        return symbols
    periods = [period for period in Period if period.startswith(prefix.casefold())]
    return [*(Suggestion(period.value, ctx.say(f"choice-{period}")) for period in periods), *symbols]


_CHART_OPTIONS: dict[str, ChartOption] = {
    **{member.value: member for member in ChartOption},
    **dict.fromkeys(("sma", "이평", "이동평균"), ChartOption.MA),
    **dict.fromkeys(("bollinger", "볼린저"), ChartOption.BB),
    "지수이평": ChartOption.EMA,
    "깔끔히": ChartOption.CLEAN,
}


def _interval_span(words: tuple[str, ...], ctx: Context) -> int:  # noqa: ARG001
    """0, so left out, where an option stands in its place: `/chart BTC rsi`."""
    return 0 if words[0].casefold() in _CHART_OPTIONS else 1


def _pair(symbol: Symbol, ctx: Context) -> str:
    rules = ctx.market.rules(symbol)
    return f"{rules.base}/{rules.quote}"


# -- sizes -------------------------------------------------------------------------------------


def _read_size(text: str, ctx: Context) -> Size:
    return read_size(text.replace(" ", ""), ctx.quote_asset, _base_before(ctx))


def _size_span(words: tuple[str, ...], ctx: Context) -> int:
    """`100 usdc` is one size in two words."""
    _, *after = words
    units = (ctx.quote_asset, _base_before(ctx) or "%", "%")
    return 2 if after and after[0].casefold() in (unit.casefold() for unit in units) else 1


def _base_before(ctx: Context) -> str | None:
    try:
        return ctx.market.rules(ctx.market.resolve(ctx.words[-1])).base if ctx.words else None
    except UnknownSymbol:
        return None


def _suggest_sizes(prefix: str, ctx: Context) -> list[Suggestion]:
    quote = ctx.quote_asset
    if prefix.isascii() and prefix.replace(".", "", 1).isdigit():
        unit = f"{prefix}{quote.lower()}"
        found = [Suggestion(unit, f"{prefix} {quote}")]
        base = _base_before(ctx)
        return [*found, Suggestion(prefix, f"{prefix} {base}")] if base else found
    sizes = [
        Suggestion(f"100{quote.lower()}", f"100 {quote}"),
        Suggestion(f"1000{quote.lower()}", f"{ctx.format.count(1000)} {quote}"),
        Suggestion("25%", "25%"),
        Suggestion("max", ctx.say("choice-max")),
    ]
    return [size for size in sizes if size.text.startswith(prefix.casefold())]


# -- levels of alerts --------------------------------------------------------------------------


def _read_level(text: str, ctx: Context) -> AlertLevel:
    return read_level(text.replace(" ", ""), ctx.quote_asset)


def _level_span(words: tuple[str, ...], ctx: Context) -> int:
    """`> 70000 usdc` is one level in three words."""
    sign = 1 if words[0].casefold() in DIRECTIONS else 0
    unit = words[sign + 1 : sign + 2]
    return min(len(words), sign + 1 + (1 if unit and unit[0].casefold() == ctx.quote_asset.casefold() else 0))


def _suggest_levels(prefix: str, ctx: Context) -> list[Suggestion]:  # noqa: ARG001
    return [Suggestion(word, word) for word in ("+1%", "+5%", "+10%", "-1%", "-5%", "-10%") if word.startswith(prefix)]


# -- forecasts ---------------------------------------------------------------------------------


_HORIZONS = _choice(HORIZON_WORDS, {horizon.value: f"choice-{horizon}" for horizon in Horizon})


def _read_forecast_of(text: str, ctx: Context) -> Symbol | Horizon:
    horizon = HORIZON_WORDS.get(text.casefold())
    return horizon if horizon is not None else _read_symbol(text, ctx)


def _suggest_forecast_of(prefix: str, ctx: Context) -> list[Suggestion]:
    return [*_suggest_symbols(prefix, ctx), *(_HORIZONS.suggest(prefix, ctx) if prefix else [])]


def _horizon_span(words: tuple[str, ...], ctx: Context) -> int:  # noqa: ARG001
    """0, so left out, where a direction stands in its place: `/foresee BTC up 60`."""
    return 0 if words[0].casefold().startswith(tuple(WAYS)) else 1


def _read_chance(text: str, ctx: Context) -> Chance:  # noqa: ARG001
    return read_chance(text)


def _chance_span(words: tuple[str, ...], ctx: Context) -> int:  # noqa: ARG001
    """`up 60 %` is one chance in three words."""
    number = 1 if words[0].casefold() in WAYS else 0
    unit = words[number + 1 : number + 2]
    return min(len(words), number + 1 + (1 if unit and unit[0] in _PERCENT else 0))


_PERCENT = ("%", "％")


def _suggest_chances(prefix: str, ctx: Context) -> list[Suggestion]:
    typed = prefix.casefold()
    offered = ((way, f"{least}%") for way in ("up", "down") for least in (55, 60))
    return [
        Suggestion(f"{way} {least}", ctx.say(f"choice-chance-{way}", chance=least))
        for way, least in offered
        if f"{way} {least}".startswith(typed)
    ]


# -- the rest ----------------------------------------------------------------------------------


def _read_zone(text: str, ctx: Context) -> TimeZoneName:  # noqa: ARG001
    zones = zone_names()
    wanted = text.casefold().replace(" ", "_")
    if wanted not in zones:
        near = get_close_matches(wanted, zones, NEAREST)
        raise UnknownTimeZone(text, tuple(dict.fromkeys(zones[name] for name in near)))
    return TimeZoneName(zones[wanted])


def _suggest_zones(prefix: str, ctx: Context) -> list[Suggestion]:  # noqa: ARG001
    if not prefix:
        usual = ("Asia/Seoul", "UTC", "Europe/London", "America/New_York", "America/Los_Angeles")
        return [Suggestion(name, name) for name in usual]
    names = sorted(name for name in set(zone_names().values()) if prefix.casefold() in name.casefold())
    return [Suggestion(name, name) for name in names]


def _read_command(text: str, ctx: Context) -> CommandName:
    name = text.removeprefix("/").casefold()
    if name not in (command.name for command in ctx.commands if not command.hidden):
        raise UnknownCommand(name, nearest_commands(name, ctx.commands))
    return CommandName(name)


def nearest_commands(name: str, commands: Iterable[Command]) -> tuple[str, ...]:
    """Visible commands that look like `name`, with their slash, best first."""
    visible = [command.name for command in commands if not command.hidden]
    return tuple(f"/{found}" for found in get_close_matches(name, visible, NEAREST))


def suggest_commands(prefix: str, ctx: Context) -> list[Suggestion]:
    """Visible commands whose name begins with `prefix`, without slashes."""
    typed = prefix.removeprefix("/").casefold()
    found = [command.name for command in ctx.commands if not command.hidden and command.name.startswith(typed)]
    return [Suggestion(name, ctx.say(f"command-{name}")) for name in found]


def _read_link_code(text: str, ctx: Context) -> LinkCode:  # noqa: ARG001
    return read_code(text)


def _read_watched(text: str, ctx: Context) -> WatchedName:
    """A symbol that is no longer there keeps its name: it can still be taken off the list."""
    try:
        return WatchedName(ctx.market.resolve(text))
    except UnknownSymbol:
        if len(text) > _NAME_LENGTH:
            raise
        return WatchedName(Symbol(text.upper()))


def _read_text(text: str, ctx: Context) -> SearchText:  # noqa: ARG001
    return SearchText(text)


def _read_person(text: str, ctx: Context) -> PersonRef:  # noqa: ARG001
    platform, colon, name = text.casefold().rpartition(":")
    digits = name.isascii() and name.isdigit() and len(name) <= _WHO_DIGITS
    if colon and platform in _PLATFORMS and (digits or platform == CONSOLE):
        return PersonRef(platform, name)
    if colon or not digits or int(name) >= _MOST_PERSONS:
        raise NotAPerson(text)
    return PersonRef("", name)


def _read_token(text: str, ctx: Context) -> Token:  # noqa: ARG001
    if not (text.isascii() and len(text) <= 2 * TOKEN_LENGTH):
        raise NotAChoice(text, ())
    return Token(text)


def _read_number(text: str, ctx: Context) -> Number:  # noqa: ARG001
    if len(text) > _NUMBER_DIGITS:
        raise TooManyDigits(text, _NUMBER_DIGITS)
    if not text.isascii():
        read_amount(text)
    if not text.isdigit():
        raise NotANumber(text)
    return Number(int(text))


def _setting_before(ctx: Context) -> Reader[Any]:
    if not ctx.words or ctx.words[-1].casefold() not in tuple(Setting):
        raise MissingArgument("settings", "setting")
    return READERS[SETTING_KINDS[Setting(ctx.words[-1].casefold())]]


def _read_setting_value(text: str, ctx: Context) -> SettingValue:
    _setting_before(ctx).parse(text, ctx)
    return SettingValue(text)


def _suggest_setting_values(prefix: str, ctx: Context) -> list[Suggestion]:
    return _setting_before(ctx).suggest(prefix, ctx)


# -- notices -----------------------------------------------------------------------------------


def _topic_before(ctx: Context) -> Topic:
    try:
        return TOPICS[ctx.words[-1].casefold()]
    except LookupError:
        raise MissingArgument("notify", "notice") from None


def _read_notice_choice(text: str, ctx: Context) -> NoticeChoice:
    read_choice(_topic_before(ctx), text)
    return NoticeChoice(text)


def _suggest_notice_choices(prefix: str, ctx: Context) -> list[Suggestion]:
    typed = prefix.casefold()
    return [
        Suggestion(text, text if " " in text else ctx.say(f"choice-{text}"))
        for text in CHOICES[_topic_before(ctx)]
        if text.startswith(typed)
    ]


def _suggest_rhythms(prefix: str, ctx: Context) -> list[Suggestion]:  # noqa: ARG001 - the shape of every reader
    return [Suggestion(text, text) for text in OFFERED if text.startswith(prefix.casefold())]


def _read_chat_name(text: str, ctx: Context) -> ChatName:  # noqa: ARG001
    if not (text.isascii() and text.isprintable()):
        raise NotAChoice(text, ())
    return ChatName(text)


# -- groups ------------------------------------------------------------------------------------


_GROUP_WORDS: Mapping[tuple[str, int], tuple[str, ...]] = {
    (GroupTopic.CHANNEL, 0): ("add", "remove", "everywhere"),
    (GroupTopic.ALLOW, 1): tuple(Admitted),
    (GroupTopic.FEED, 0): ("off",),
}
"""By what is set and how many words of it stand there already."""


def _suggest_group_words(prefix: str, ctx: Context) -> list[Suggestion]:
    typed = prefix.casefold()
    topic, at = (ctx.words[0].casefold(), len(ctx.words) - 1) if ctx.words else ("", 0)
    labelled = (word for word in _GROUP_WORDS.get((topic, at), ()) if word.startswith(typed))
    found = [Suggestion(str(word), ctx.say(f"choice-{word}")) for word in labelled]
    match topic, at:
        case GroupTopic.FEED, _:
            found += _suggest_symbols(prefix, ctx)
        case GroupTopic.LANGUAGE, 0:
            found += READERS[Language].suggest(prefix, ctx)
        case GroupTopic.TIMEZONE, 0:
            found += _suggest_zones(prefix, ctx)
        case GroupTopic.ALLOW, 0:
            found += [Suggestion(name, name) for name in ruled(ctx.commands) if name.startswith(typed)]
        case GroupTopic.COOLDOWN, 0:
            found += [Suggestion(text, text) for text in ("0", "5", "10", "30", "60") if text.startswith(typed)]
        case _:
            pass
    return found


SETTING_KINDS: dict[Setting, Any] = {
    Setting.LANGUAGE: Language,
    Setting.TIMEZONE: TimeZoneName,
    Setting.CONFIRM: OnOff,
    Setting.THEME: Theme,
    Setting.PUBLIC: OnOff,
}

READERS: dict[Any, Reader[Any]] = {
    Symbol: Reader(_read_symbol, _suggest_symbols),
    Symbol | Period: Reader(_read_compared, _suggest_compared),
    Interval: replace(_enum_choice(Interval), span=_interval_span),
    ChartOption: _choice(_CHART_OPTIONS, {member.value: f"choice-{member}" for member in ChartOption}),
    Side: _enum_choice(Side),
    Size: Reader(_read_size, _suggest_sizes, _size_span),
    Language: _choice(
        {"en": Language.ENGLISH, "english": Language.ENGLISH, "영어": Language.ENGLISH}
        | {"ko": Language.KOREAN, "korean": Language.KOREAN, "한국어": Language.KOREAN},
        {"en": "choice-en", "ko": "choice-ko"},
    ),
    TimeZoneName: Reader(_read_zone, _suggest_zones),
    OnOff: _choice(
        dict.fromkeys(("on", "yes", "true", "켜기", "켬"), OnOff(True))  # noqa: FBT003
        | dict.fromkeys(("off", "no", "false", "끄기", "끔"), OnOff(False)),  # noqa: FBT003
        {"on": "choice-on", "off": "choice-off"},
    ),
    Theme: _choice(
        {"dark": Theme.DARK, "어둡게": Theme.DARK, "light": Theme.LIGHT, "밝게": Theme.LIGHT},
        {"dark": "choice-dark", "light": "choice-light"},
    ),
    CommandName: Reader(_read_command, suggest_commands),
    MarketView: _enum_choice(MarketView),
    SearchText: Reader(_read_text, span=_all_words),
    LinkCode: Reader(_read_link_code, span=_all_words),
    WatchedName: Reader(_read_watched, _suggest_symbols),
    Setting: _choice(_SETTINGS, {member.value: f"choice-{member.value}" for member in Setting}),
    SettingValue: Reader(_read_setting_value, _suggest_setting_values, span=_all_words),
    AlertLevel: Reader(_read_level, _suggest_levels, _level_span),
    Horizon: replace(_HORIZONS, span=_horizon_span),
    Symbol | Horizon: Reader(_read_forecast_of, _suggest_forecast_of),
    Chance: Reader(_read_chance, _suggest_chances, _chance_span),
    AlertTimes: _choice(
        dict.fromkeys(("once", "한번"), AlertTimes.ONCE)
        | dict.fromkeys(("every", "always", "repeat", "매번", "반복"), AlertTimes.EVERY),
        {"once": "choice-once", "every": "choice-every"},
    ),
    Topic: _choice(TOPICS, {topic.value: f"notice-{topic}" for topic in Topic}),
    NoticeChoice: Reader(_read_notice_choice, _suggest_notice_choices, span=_all_words),
    ChatName: Reader(_read_chat_name),
    Rhythm: Reader(lambda text, _: read_rhythm(text), _suggest_rhythms, span=_all_words),
    GroupTopic: _enum_choice(GroupTopic),
    GroupWord: Reader(lambda text, _: GroupWord(text), _suggest_group_words),
    LongText: Reader(lambda text, _: LongText(text), span=_all_words),
    PersonRef: Reader(_read_person),
    Token: Reader(_read_token),
    Number: Reader(_read_number),
}
