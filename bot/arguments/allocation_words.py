"""Reader of what /optimize allocates: `hrp`, `sharpe BTC ETH SOL`, `parity my portfolio cap 40%`."""

import re
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from bot.arguments.amounts import read_amount
from bot.arguments.reader import Reader, all_words, begins
from bot.arguments.symbols import read_symbol, short_name, suggest_symbols, symbol_span
from bot.arguments.units import PERCENT
from bot.context import Context
from bot.errors import NotAChoice, TooManyArguments, TooManyValues
from bot.inbound import Suggestion
from core.decimals import EXACT
from pipeline.market import Symbol
from trading.allocation.report import MAX_COINS
from trading.allocation.rules import Objective
from trading.errors import AmbiguousShare, ShareOutOfRange

_WHOLE = Decimal(1)
_HUNDRED = Decimal(100)
_LONGEST = 3
"""Most words of an objective or of `my portfolio`."""

_OBJECTIVES = MappingProxyType(
    {each.value: each for each in Objective}
    | dict.fromkeys(("minvariance", "minimumvariance", "variance", "최소분산", "분산"), Objective.MINIMUM_VARIANCE)
    | dict.fromkeys(("maxsharpe", "maximumsharpe", "샤프", "최대샤프"), Objective.MAXIMUM_SHARPE)
    | dict.fromkeys(("riskparity", "erc", "equalrisk", "리스크패리티", "위험균등"), Objective.EQUAL_RISK)
    | dict.fromkeys(("hierarchical", "hierarchicalriskparity", "계층", "계층적위험균등"), Objective.HIERARCHICAL)
    | dict.fromkeys(("mincvar", "minimumcvar", "es", "최소cvar"), Objective.MINIMUM_CVAR)
)
_HELD = frozenset(("portfolio", "myportfolio", "mycoins", "포트폴리오", "내포트폴리오", "내코인", "보유종목"))
_SEPARATOR = re.compile(r"\s+|,(?![0-9]+(?:%|,|\s|$))|(?<![0-9]),")
_CAPS = ("25%", "40%", "50%")
_CAP = re.compile(r"(?:cap|max|상한|최대)[=:]?(.*)")


@dataclass(frozen=True, slots=True)
class AllocationRequest:
    """Requested objective, coins (none: those of the portfolio), and the largest weight of one coin."""

    objective: Objective = Objective.MINIMUM_VARIANCE
    symbols: tuple[Symbol, ...] = ()
    cap: Decimal = _WHOLE

    def words(self, objective: Objective, ctx: Context) -> tuple[str, ...]:
        """Returns the same request with another objective, as buttons send it."""
        cap = EXACT.normalize(EXACT.multiply(self.cap, _HUNDRED))
        capped = ("cap", f"{cap:f}%") if self.cap < _WHOLE else ()
        return (objective.value, *(short_name(symbol, ctx) for symbol in self.symbols), *capped)


def _read(text: str, ctx: Context) -> AllocationRequest:
    """Raises TooManyArguments for a second objective, NotAChoice and ShareOutOfRange for a cap, TooManyValues, and what
    `read_symbol` raises.
    """
    words = without_separators(text)
    objective: Objective | None = None
    symbols: dict[Symbol, None] = {}
    cap, at = _WHOLE, 0
    while at < len(words):
        rest = words[at:]
        if taken := phrase(rest, _HELD):
            at += taken
        elif taken := phrase(rest, _OBJECTIVES):
            named = _OBJECTIVES[_joined(rest[:taken])]
            if objective not in (None, named):
                raise TooManyArguments("optimize", " ".join(rest[:taken]))
            objective, at = named, at + taken
        elif found := _CAP.fullmatch(rest[0].casefold()):
            if len(rest) == 1 and not found[1]:  # the word alone
                raise NotAChoice(rest[0], tuple(f"{rest[0]} {share}" for share in _CAPS))
            cap, taken = read_share_after(found[1], rest)
            at += taken
        else:
            taken = symbol_span(rest, ctx)
            symbols[read_symbol(" ".join(rest[:taken]), ctx)] = None
            at += taken
    if len(symbols) > MAX_COINS:
        raise TooManyValues("optimize", MAX_COINS, len(symbols))
    return AllocationRequest(objective or Objective.MINIMUM_VARIANCE, tuple(symbols), cap)


def without_separators(text: str) -> tuple[str, ...]:
    """Returns the words without the commas that separate them. One between two numbers stays, as in `50,5%`."""
    return tuple(entry for entry in _SEPARATOR.split(text) if entry)


def read_share_after(glued: str, words: tuple[str, ...]) -> tuple[Decimal, int]:
    """Returns the share of `cap40%`, `cap 40%`, `cap 40` or `cap 40 %`, and the number of its words. Raises
    ShareOutOfRange, AmbiguousShare for a number below 1 without its unit, and the errors of `read_amount`.
    """
    number, taken = (glued, 1) if glued else ("".join(words[1:2]).casefold(), min(2, len(words)))
    signed = taken < len(words) and words[taken].casefold() in PERCENT
    taken += signed
    sign = next((sign for sign in PERCENT if number.endswith(sign)), "")
    plain = number.removesuffix(sign)
    if not plain:
        raise ShareOutOfRange(" ".join(words[:taken]))
    amount = read_amount(plain)
    if amount < 1 and not sign and not signed:
        typed, shares = (
            words[0] if glued else number,
            (f"{EXACT.multiply(amount, _HUNDRED).normalize():f}%", f"{number}%"),
        )
        raise AmbiguousShare(typed, tuple(typed.removesuffix(number) + share for share in shares))
    share = EXACT.divide(amount, _HUNDRED)
    if share > _WHOLE:
        raise ShareOutOfRange(number)
    return share, taken


def phrase(words: tuple[str, ...], known: "frozenset[str] | MappingProxyType[str, Objective]") -> int:
    """Returns the number of leading words that are written together in `known`; 0 if none are."""
    return next((count for count in range(min(_LONGEST, len(words)), 0, -1) if _joined(words[:count]) in known), 0)


def _joined(words: tuple[str, ...]) -> str:
    return "".join(words).casefold().replace("-", "")


def _suggest(prefix: str, ctx: Context) -> list[Suggestion]:
    named = [Suggestion(each.value, ctx.text(f"choice-optimize-{each}")) for each in Objective]
    written = bool(_OBJECTIVES.keys() & {word.casefold() for word in ctx.words})
    return [*(each for each in named if not written and begins(each, prefix)), *suggest_symbols(prefix, ctx)]


ALLOCATION_REQUESTS = Reader(_read, _suggest, span=all_words)
