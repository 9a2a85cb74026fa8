"""Reader of what /strategy does: `save dip when rsi(14) < 30 buy 25% on BTC 1h`, `dip`, `delete dip`, `share dip`.

The coin and the interval stand behind `on`, or before the rule: `save dip BTC 1h when rsi(14) < 30 buy 25%`. The rule
is read by `trading.rules`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.arguments.durations import duration_span, spelled
from bot.arguments.reader import Reader, all_words, begins
from bot.arguments.symbols import is_symbol, read_symbol, symbol_span
from bot.context import Context
from bot.errors import MissingArgument, NotAChoice, StrategyNameRefused, StrategyWithoutCoin, TooManyArguments
from bot.inbound import Suggestion
from pipeline.market import MINUTE_MS, Interval, Symbol
from trading.rules.lexicon import TAGS, Tag
from trading.rules.rule import Rule, parse_rule
from trading.rules.strategies import MAX_NAME_BYTES

_INTERVALS: Mapping[int, Interval] = MappingProxyType({interval.ms // MINUTE_MS: interval for interval in Interval})
_NAME = re.compile(r"[^\W_][\w-]*")
_SPAN = re.compile(r"[0-9]+ ?[a-z가-힣]+\Z", re.IGNORECASE)
_RULE_BEGINS = (Tag.WHEN, Tag.NOT, Tag.BUY, Tag.SELL)
_ON = frozenset(("on", "for"))


class StrategyAction(StrEnum):
    """Action of /strategy."""

    SAVE = "save"
    SHOW = "show"
    DELETE = "delete"
    SHARE = "share"
    UNSHARE = "unshare"
    SHARED = "shared"
    TAKE = "take"


_ACTIONS = MappingProxyType(
    {action.value: action for action in StrategyAction}
    | dict.fromkeys(("add", "new", "저장", "추가"), StrategyAction.SAVE)
    | dict.fromkeys(("보기",), StrategyAction.SHOW)
    | dict.fromkeys(("remove", "삭제", "제거"), StrategyAction.DELETE)
    | dict.fromkeys(("공유",), StrategyAction.SHARE)
    | dict.fromkeys(("공유중지", "공유해제"), StrategyAction.UNSHARE)
)


@dataclass(frozen=True, slots=True)
class StrategyRequest:
    """Request of /strategy. `name` is that of a strategy in small letters, or the code of a shared one.

    What is to be saved has a symbol, an interval and a rule.
    """

    action: StrategyAction
    name: str
    symbol: Symbol | None = None
    interval: Interval = Interval.H1
    rule: Rule | None = None


def _read(text: str, ctx: Context) -> StrategyRequest:
    """Raises MissingArgument, StrategyNameRefused, StrategyWithoutCoin, NotAChoice for an interval, RuleSyntaxError,
    and what `read_symbol` raises.
    """
    words = text.split()
    action = _ACTIONS.get(words[0].casefold())
    if action is None:
        action, words = StrategyAction.SHOW, ["show", *words]
    if len(words) == 1:
        raise MissingArgument("strategy", "request")
    typed, rest = words[1], words[2:]
    if action in (StrategyAction.SHARED, StrategyAction.TAKE):
        return StrategyRequest(action, typed)
    if action is not StrategyAction.SAVE:
        if rest:
            raise TooManyArguments("strategy", " ".join(rest))
        return StrategyRequest(action, typed.casefold())
    name = new_name(typed)
    coin, rule = _parted(rest, ctx)
    symbol, interval = _coin_and_interval(coin, ctx)
    return StrategyRequest(action, name, symbol, interval, parse_rule(" ".join(rule)))


def new_name(text: str) -> str:
    """Returns a name under which a strategy can be saved, in small letters. Raises StrategyNameRefused."""
    name = text.casefold()
    named = (
        _NAME.fullmatch(name)
        and "-" not in name
        and not (name in _ACTIONS or name in _ON or TAGS.get(name) in _RULE_BEGINS)
    )
    if not named or name.isdigit() or len(name.encode()) > MAX_NAME_BYTES:
        raise StrategyNameRefused(text)
    return name


def _parted(words: list[str], ctx: Context) -> tuple[list[str], list[str]]:
    """Returns the words of the coin and those of the rule. Raises StrategyWithoutCoin."""
    folded = [word.casefold() for word in words]
    if words and folded[0] not in _ON and is_symbol(words[0], ctx):
        span = _coin_span(words, ctx)
        return words[:span], words[span:]
    places = [at for at, word in enumerate(folded) if word in _ON and words[at + 1 :]]
    if not places:
        raise StrategyWithoutCoin(" ".join(words))
    at = places[-1]
    span = _coin_span(words[at + 1 :], ctx)
    return words[at + 1 : at + 1 + span], [*words[:at], *words[at + 1 + span :]]


def _coin_span(words: list[str], ctx: Context) -> int:
    name = symbol_span(tuple(words), ctx)
    after = words[name:]
    span = duration_span(tuple(after)) if after else 0
    interval = spelled(" ".join(after[:span]), _INTERVALS)
    return name + span if interval is not None or _SPAN.match(" ".join(after[:span])) else name


def _coin_and_interval(words: list[str], ctx: Context) -> tuple[Symbol, Interval]:
    name = symbol_span(tuple(words), ctx)
    symbol, typed = read_symbol(" ".join(words[:name]), ctx), " ".join(words[name:])
    interval = spelled(typed, _INTERVALS) if typed else Interval.H1
    if interval is None:
        raise NotAChoice(typed, tuple(Interval))
    return symbol, interval


def _suggest(prefix: str, ctx: Context) -> list[Suggestion]:
    offered = () if ctx.words else ("save", "show", "share", "delete")
    return [entry for word in offered if begins(entry := Suggestion(word, word), prefix)]


STRATEGY_REQUESTS = Reader(_read, _suggest, all_words, verbatim=True)
