"""How symbols are written: by their base asset, `BTC`, or as a pair."""

from typing import NewType

from bot.arguments.reader import Reader
from bot.context import Context
from bot.inbound import Suggestion
from pipeline.errors import UnknownSymbol
from pipeline.market import Symbol

WatchedName = NewType("WatchedName", Symbol)
"""A symbol on a watchlist, which this market may not have."""

FAVOURITES = ("BTC", "ETH", "SOL", "BNB", "XRP")
_NAME_LENGTH = 64
_AROUND = "$#,;.!?'\""
"""What is written around a symbol: `$BTC`, `#BTC`, `BTC,`."""


def read_symbol(text: str, ctx: Context) -> Symbol:
    """The symbol that is meant. Raises UnknownSymbol."""
    return ctx.market.resolve(text.strip(_AROUND) or text)


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


def suggest_symbols(prefix: str, ctx: Context) -> list[Suggestion]:
    """Symbols that match what is typed; the favourites where nothing is."""
    found = matching(prefix, ctx) if prefix else favourites(ctx)
    return [Suggestion(short_name(symbol, ctx), _pair(symbol, ctx)) for symbol in found]


def _pair(symbol: Symbol, ctx: Context) -> str:
    rules = ctx.market.rules(symbol)
    return f"{rules.base}/{rules.quote}"


def _read_watched(text: str, ctx: Context) -> WatchedName:
    """A symbol that is no longer there keeps its name: it can still be taken off the list."""
    try:
        return WatchedName(read_symbol(text, ctx))
    except UnknownSymbol:
        if len(text) > _NAME_LENGTH:
            raise
        return WatchedName(Symbol(text.upper()))


SYMBOLS = Reader(read_symbol, suggest_symbols, listed=True)
WATCHED = Reader(_read_watched, suggest_symbols, listed=True)
