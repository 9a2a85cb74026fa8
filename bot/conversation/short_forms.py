"""Short forms, without a word for the command: `btc 1h`, `btc > 70000`, `timezone KST`, `quiet 22:00 07:00`."""

from bot.arguments.chart_options import is_interval
from bot.arguments.group_words import GROUP_ONLY
from bot.arguments.own_topics import topic_line
from bot.arguments.parser import CommandLine, bind, find_command
from bot.arguments.symbols import is_symbol, symbol_span
from bot.context import Context
from core.errors import DeskError

ENDINGS = "?!~.,…"
"""Characters that end a sentence."""

_CHOOSING = ("settings", "notifications", "group")
"""Commands whose arguments are a thing and the choice of it."""
_SETTING = frozenset(("set", "change", "switch", "turn", "use"))
_TO = frozenset(("to", "as", "=", "is", "my", "the", "변경", "설정", "바꿔줘", "바꿔주세요", "변경해줘", "설정해줘"))
"""Words around a setting and its choice that name neither."""
_SWITCHED = frozenset(("on", "off"))
_LOOKS = frozenset(("mode", "theme", "테마", "모드"))
_PARTICLES = ("으로", "로", "을", "를", "은", "는", "이", "가")
_MOVED = frozenset(("급락", "급등", "상승", "하락", "↑", "↓"))
_COMPARED = "<>=≤≥≦≧"
_BEYOND = {"아래로": "아래", "밑으로": "밑", "이하로": "이하", "위로": "위", "이상으로": "이상"}
_GOES = frozenset(("내려가면", "떨어지면", "내리면", "하락하면", "빠지면", "가면", "되면")) | {
    *("올라가면", "올라오면", "오르면", "상승하면")
}
"""Korean verbs behind a word of _BEYOND, which add nothing to it."""
_STABLES = ("USDT", "USDC", "FDUSD", "BUSD", "USD", "KRW", "EUR")


def short_form(words: tuple[str, ...], ctx: Context) -> CommandLine | None:
    """Returns the command line that the words are a short form of; None for other words."""
    return _chosen_setting(words, ctx) or _about_coin(words, ctx)


def _chosen_setting(words: tuple[str, ...], ctx: Context) -> CommandLine | None:
    """Returns `timezone KST`, `set language to korean` and `quiet 22:00 07:00` as lines of the command that keeps such
    choices; None for other words.
    """
    begun = bare(words[0]) in _SETTING
    told = words[1:] if begun else words
    while told and bare(told[0]) in _TO:
        told = told[1:]
    told = tuple(word for at, word in enumerate(told) if at != 1 or bare(word) not in _TO)
    told = told[:-1] if len(told) > 1 and bare(told[-1]) in _TO else told
    told = (*told[1:], told[0]) if begun and told and bare(told[0]) in _SWITCHED else told  # `turn off confirm`
    for tried in (told, tuple(map(_without_particle, told))):
        if (found := _line_of(tried, ctx)) is not None:
            return found
        if (len(tried) < len(words) and len(tried) == 1) or (len(tried) == 2 and bare(tried[1]) in _LOOKS):  # noqa: PLR2004
            topics = ("theme",) if len(tried) > 1 else ("language", "theme")
            for topic in topics:  # `switch to korean`, `dark mode`
                if is_complete("settings", (topic, tried[0]), ctx):
                    return CommandLine("settings", (topic, tried[0]))
    return None


def _line_of(told: tuple[str, ...], ctx: Context) -> CommandLine | None:
    """Returns the line of the first command that accepts a thing and its choice; None if none does."""
    if len(told) < 2:  # noqa: PLR2004 - what is chosen, and the choice
        return None
    names = (name for name in _CHOOSING if name != "group" or bare(told[0]) in GROUP_ONLY)
    return next((CommandLine(name, told) for name in names if is_complete(name, told, ctx)), None)


def _without_particle(word: str) -> str:
    ending = next((each for each in _PARTICLES if word.endswith(each) and word != each), "")
    return word[: len(word) - len(ending)]


def topic_of(words: tuple[str, ...], ctx: Context) -> str:
    """Returns the line, with its slash, of the command that the first word is a topic of; '' for other words."""
    told = tuple(word for at, word in enumerate(words) if at > 1 or bare(word) not in _SETTING | _TO)
    line = topic_line(bare(told[0])) if told else ""
    whole = " ".join((line, *told[1:]))
    name, *rest = whole.split() or ("",)
    return whole if line and is_complete(name, tuple(rest), ctx) else line


def priced_in(word: str, ctx: Context) -> str:
    """Returns the coin of a pair that this market quotes in another asset: BTC for `BTCUSDT`; '' for other words."""
    upper = word.upper()
    quote = next((each for each in _STABLES if upper.endswith(each)), "")
    coin = upper.removesuffix(quote).rstrip("-/_")
    return coin if quote and coin and is_symbol(coin, ctx) else ""


def told_when(words: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Returns `비트코인이 5만 아래로 내려가면` as `비트코인 5만 아래`."""
    if not words:
        return words
    first = words[0] if is_symbol(words[0], ctx) else _without_particle(words[0])
    folded = (first, *(_BEYOND.get(word, word) for word in words[1:]))
    return tuple(word for at, word in enumerate(folded) if word not in _GOES or words[at - 1] not in _BEYOND)


def _about_coin(words: tuple[str, ...], ctx: Context) -> CommandLine | None:
    """Returns `btc 1h` as a chart, and `btc > 70000` and `솔라나 5% 급락` as alerts; None for other words."""
    length = symbol_span(words, ctx)
    coin, rest = words[:length], words[length:]
    if not rest or not is_symbols(coin, ctx):
        return None
    if is_interval(" ".join(rest)) and is_complete("chart", words, ctx):
        return CommandLine("chart", words)
    told = rest[0][0] in _COMPARED or (rest[0][0].isdigit() and rest[-1] in _MOVED)
    return CommandLine("alert", words) if told and is_complete("alert", words, ctx) else None


def is_symbols(words: tuple[str, ...], ctx: Context) -> bool:
    """Returns whether the words are names of symbols and nothing else; a name may have several words."""
    at = 0
    while at < len(words):
        length = symbol_span(words[at:], ctx)
        if not is_symbol(" ".join(words[at : at + length]), ctx):  # for an ambiguous name, the user is asked to choose
            return False
        at += length
    return True


def is_complete(name: str, words: tuple[str, ...], ctx: Context) -> bool:
    """Returns whether the command accepts these words."""
    line = CommandLine(name.removeprefix("/"), words)
    try:
        bind(find_command(line, ctx.commands, pressed=False), words, ctx)
    except DeskError:
        return False
    return True


def bare(word: str) -> str:
    """Returns the word in lower case, without the characters that end a sentence."""
    return word.strip(ENDINGS).casefold()
