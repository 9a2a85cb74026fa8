"""Figures of performance and risk that /explain explains, and the reader of their names."""

from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType

from bot.arguments.reader import Reader, all_words, begins
from bot.context import Context
from bot.errors import UnknownFigure
from bot.inbound import Suggestion

_OFFERED = 3
_LIKENESS = 0.6


class Term(StrEnum):
    """A figure of a performance or risk report; the texts `term-NAME` name and explain it."""

    RETURN = "return"
    MONEY_WEIGHTED = "money-weighted"
    PROFIT = "profit"
    FLOWS = "flows"
    REALISED = "realised"
    UNREALISED = "unrealised"
    ANNUAL = "annual"
    VOLATILITY = "volatility"
    SHARPE = "sharpe"
    PSR = "psr"
    DSR = "dsr"
    MINTRL = "mintrl"
    SORTINO = "sortino"
    CALMAR = "calmar"
    OMEGA = "omega"
    ULCER = "ulcer"
    DRAWDOWN = "drawdown"
    WIN_RATE = "win-rate"
    PAYOFF = "payoff"
    PROFIT_FACTOR = "profit-factor"
    EXPECTANCY = "expectancy"
    HOLDING = "holding"
    TURNOVER = "turnover"
    EXPOSURE = "exposure"
    FEES = "fees"
    SLIPPAGE = "slippage"
    CONTRIBUTION = "contribution"
    EQUAL_WEIGHT = "equal-weight"
    BETA = "beta"
    ALPHA = "alpha"
    INFORMATION_RATIO = "information-ratio"
    TRACKING_ERROR = "tracking-error"
    CAPTURE = "capture"
    DOWNSIDE = "downside"
    SKEWNESS = "skewness"
    KURTOSIS = "kurtosis"
    MARTIN = "martin"
    PAIN = "pain"
    ADJUSTED_SHARPE = "adjusted-sharpe"
    VAR = "var"
    SHORTFALL = "shortfall"


_GROUP_ENDS = (
    (Term.ANNUAL, "performance-returns"),
    (Term.DRAWDOWN, "performance-risk"),
    (Term.SLIPPAGE, "performance-trades"),
    (Term.CAPTURE, "performance-against"),
    (Term.SHORTFALL, "performance-further"),
)


def _grouped() -> dict[str, tuple[Term, ...]]:
    terms, groups = tuple(Term), dict[str, tuple[Term, ...]]()
    begin = 0
    for last, label in _GROUP_ENDS:
        end = terms.index(last) + 1
        groups[label], begin = terms[begin:end], end
    return groups


TERM_GROUPS = MappingProxyType(_grouped())
"""All terms in groups, by the ids of the names of the groups."""


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _read(text: str, ctx: Context) -> Term:
    """Reads a term by its id, by its name in any language, or by another spelling. Raises UnknownFigure with the
    nearest ids.
    """
    typed, names = _folded(text), dict[str, Term]()
    for term in Term:
        for catalog in ctx.catalogs.values():
            known = (term.value, catalog.text(f"term-{term}"), *catalog.text(f"term-{term}.words").split(","))
            for name in known:
                names.setdefault(_folded(name), term)
    if typed in names:
        return names[typed]
    near = get_close_matches(typed, names, n=_OFFERED, cutoff=_LIKENESS)
    raise UnknownFigure(text, tuple(dict.fromkeys(names[name].value for name in near)))


def _suggest(prefix: str, ctx: Context) -> list[Suggestion]:
    offered = [Suggestion(term.value, ctx.text(f"term-{term}")) for term in Term]
    return [entry for entry in offered if begins(entry, prefix)]


TERMS = Reader(_read, _suggest, span=all_words)
