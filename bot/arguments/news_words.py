"""Reader of what /news shows: the headlines of a coin, or the record of their tone."""

from enum import StrEnum

from bot.arguments.reader import Reader, begins, choice
from bot.arguments.symbols import read_symbol, suggest_symbols, symbol_span
from bot.context import Context
from bot.errors import NotAChoice
from bot.inbound import Suggestion
from pipeline.market import Symbol


class NewsView(StrEnum):
    """View of /news apart from the headlines."""

    RECORD = "record"


_VIEWS = choice(
    dict.fromkeys(("record", "score", "기록", "성과", "적중률"), NewsView.RECORD),
    {view.value: f"choice-news-{view}" for view in NewsView},
)


def _read(text: str, ctx: Context) -> Symbol | NewsView:
    try:
        return _VIEWS.parse(text, ctx)
    except NotAChoice:
        return read_symbol(text, ctx)


def _suggest(prefix: str, ctx: Context) -> list[Suggestion]:
    views = [entry for entry in _VIEWS.suggest(prefix, ctx) if begins(entry, prefix)]
    return [*views, *suggest_symbols(prefix, ctx)]


def _span(words: tuple[str, ...], ctx: Context) -> int:
    return max(_VIEWS.span(words, ctx), symbol_span(words, ctx))


NEWS_SUBJECTS: Reader[Symbol | NewsView] = Reader(_read, _suggest, _span)
