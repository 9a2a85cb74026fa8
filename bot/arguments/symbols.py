"""Reader of symbols: by their base asset, `BTC`, as a pair, or by the coin's name, `bitcoin` or `비트코인`."""

from decimal import Decimal
from difflib import get_close_matches
from types import MappingProxyType
from typing import NewType

from bot.arguments.reader import Reader
from bot.coins.example_coins import FAVOURITES
from bot.coins.names import LONGEST, coin_names, fold
from bot.context import Context
from bot.errors import AmbiguousCoin
from bot.inbound import Suggestion
from pipeline.errors import UnknownSymbol
from pipeline.market import Symbol
from pipeline.rules import TRADING

WatchedName = NewType("WatchedName", Symbol)
"""A symbol on a watchlist, which this market may not have."""

_NAME_LENGTH = 64
_LONGEST_TYPED = 128
"""Most characters of a text that is searched for: symbols have 64, names fewer, decomposed Korean twice as many."""
_AROUND = "$#,;.!?'\"()[]"
"""Characters that may surround a symbol: `$BTC`, `#BTC`, `BTC,`, `(BTC)`."""
_SIGNS = MappingProxyType({"₿": "BTC", "Ξ": "ETH", "Ł": "LTC"})
_NEAREST = 3
_ALIKE = 0.75
"""Least similarity (0 to 1) of a mistyped name to the name it may mean."""


def read_symbol(text: str, ctx: Context) -> Symbol:
    """Returns the symbol in `text`; a ticker takes precedence over a name. Raises UnknownSymbol, AmbiguousCoin.

    An unknown text is compared with all names, which costs milliseconds: `find_symbol` is for words that are tried.
    """
    found = find_symbol(text, ctx)
    if found is not None:
        return found
    written = _inner(text)
    try:
        return ctx.market.resolve(written)
    except UnknownSymbol as unknown:
        raise UnknownSymbol(unknown.text, _nearest(written, unknown.nearest, ctx)) from None


def find_symbol(text: str, ctx: Context) -> Symbol | None:
    """Returns the symbol in `text`, or None. Raises AmbiguousCoin."""
    written = _inner(text)
    found = ctx.market.find(written)
    if found is not None:
        return found
    named = _named(written, ctx)
    if len(named) > 1:
        raise AmbiguousCoin(text, tuple(named))
    return named[0] if named else None


def is_symbol(text: str, ctx: Context) -> bool:
    """Returns whether the text names a symbol, or several that share a name."""
    try:
        return find_symbol(text, ctx) is not None
    except AmbiguousCoin:
        return True


def _inner(text: str) -> str:
    inner = text.strip(_AROUND) or text
    return _SIGNS.get(inner, inner)


def _named(text: str, ctx: Context) -> list[Symbol]:
    """Returns the symbols of coins with this name; only those that trade, if any do."""
    symbols = [found for asset in coin_names().assets(text) if (found := ctx.market.find(asset)) is not None]
    return [symbol for symbol in symbols if trades(symbol, ctx)] or symbols


def _nearest(text: str, near: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Returns at most three symbols that trade. A ticker of the same letters comes first, then symbols with a similar
    name, then those with a similar ticker.
    """
    found = [*similar(text, ctx), *(Symbol(name) for name in near)]
    traded = dict.fromkeys(symbol for symbol in found if trades(symbol, ctx))
    letters = sorted(text.upper())
    return tuple(sorted(traded, key=lambda symbol: sorted(short_name(symbol, ctx)) != letters))[:_NEAREST]


def similar(text: str, ctx: Context) -> list[Symbol]:
    """Returns symbols with a name similar to the text, best first."""
    alike = get_close_matches(fold(text), list(coin_names().spellings()), _NEAREST, _ALIKE)
    return list(dict.fromkeys(symbol for name in alike for symbol in _named(name, ctx)))


def trades(symbol: Symbol, ctx: Context) -> bool:
    """Returns whether the exchange trades the symbol now; False for a symbol that this market does not have."""
    try:
        return ctx.market.rules(symbol).status == TRADING
    except UnknownSymbol:
        return False


def traded_symbols(ctx: Context) -> list[Symbol]:
    """Returns the symbols that the exchange trades now, which are those that are counted and offered."""
    return [symbol for symbol in ctx.market.symbols() if trades(symbol, ctx)]


def symbol_span(words: tuple[str, ...], ctx: Context) -> int:
    """Returns the number of words of the first symbol: two for `bitcoin cash`."""
    count = coin_names().length(words)
    return count if count > 1 and _named(" ".join(words[:count]), ctx) else 1


def symbol_before(ctx: Context) -> Symbol | None:
    """Returns the symbol at the end of the words read so far; None if they end with something else."""
    for count in range(min(len(ctx.words), LONGEST), 0, -1):
        try:
            found = find_symbol(" ".join(ctx.words[-count:]), ctx)
        except AmbiguousCoin:
            continue
        if found is not None:
            return found
    return None


def symbol_among(ctx: Context) -> Symbol | None:
    """Returns the symbol at the beginning of the words read so far; None if they begin with something else."""
    count = symbol_span(ctx.words, ctx) if ctx.words else 0
    try:
        return find_symbol(" ".join(ctx.words[:count]), ctx) if count else None
    except AmbiguousCoin:
        return None


def short_name(symbol: Symbol, ctx: Context) -> str:
    """Returns `BTC` for `BTCUSDC`, if `resolve` reads it so; a symbol of another market keeps its name."""
    try:
        base = ctx.market.rules(symbol).base
        return base if ctx.market.find(base) == symbol else symbol
    except UnknownSymbol:
        return symbol


def pair_of(symbol: Symbol, ctx: Context) -> str:
    """Returns the symbol as users read it, `BTC/USDC`; a symbol that this market does not have keeps its name."""
    try:
        rules = ctx.market.rules(symbol)
    except UnknownSymbol:
        return symbol
    return f"{rules.base}/{rules.quote}"


def favourites(ctx: Context) -> list[Symbol]:
    """Returns the best known symbols that trade here; those with the most turnover if the market has none of them."""
    symbols = traded_symbols(ctx)
    quote = ctx.quote_asset
    known = [Symbol(base + quote) for base in FAVOURITES if base + quote in symbols]
    return known or sorted(symbols, key=lambda symbol: _order(symbol, ctx))[: len(FAVOURITES)]


def matching(text: str, ctx: Context) -> list[Symbol]:
    """Returns symbols that trade and whose ticker or name contains `text`: the ticker itself first, then those that
    begin with it, each group by turnover. None match a text that is longer than all of them.
    """
    if len(text) > _LONGEST_TYPED:
        return []
    ticker, name = _ticker(text), fold(text)
    ranked = [
        (rank, *_order(symbol, ctx))
        for symbol in traded_symbols(ctx)
        if (rank := _match(ticker, name, symbol, ctx)) is not None
    ]
    return [symbol for *_, symbol in sorted(ranked)]


def _match(ticker: str, name: str, symbol: Symbol, ctx: Context) -> int | None:
    """Returns 0 for the ticker itself, 1 for a beginning, 2 for a part; None if neither ticker nor name contains the
    text, which is given as it is compared with each.
    """
    base = ctx.market.rules(symbol).base
    names = coin_names().folded(base) if name else ()
    if ticker in (base, symbol):
        return 0
    if symbol.startswith(ticker) or any(entry.startswith(name) for entry in names):
        return 1
    if ticker in base or (len(name) > 1 and any(name in entry for entry in names)):
        return 2
    return None


def _order(symbol: Symbol, ctx: Context) -> tuple[Decimal, int, Symbol]:
    """Returns the sort key: by turnover, then by the place in the table of names, then by the alphabet."""
    place = coin_names().place(ctx.market.rules(symbol).base)
    return (-ctx.services.turnover.of(symbol), place, symbol)


def suggest_symbols(prefix: str, ctx: Context) -> list[Suggestion]:
    """Suggests symbols that match the typed text; the favourites if nothing is typed."""
    found = matching(prefix, ctx) if prefix else favourites(ctx)
    ticker = _ticker(prefix) if found else ""
    return [Suggestion(short_name(symbol, ctx), _label(symbol, ticker, ctx)) for symbol in found]


def _label(symbol: Symbol, ticker: str, ctx: Context) -> str:
    """Returns `BTC/USDC`, and `BTC/USDC Bitcoin` if it was found by its name."""
    pair = pair_of(symbol, ctx)
    if ticker in symbol:
        return pair
    return " ".join((pair, coin_names().name(ctx.market.rules(symbol).base, ctx.person.language))).strip()


def _ticker(text: str) -> str:
    """Returns `$btc/usdc` as `BTCUSDC`."""
    return text.upper().replace("/", "").replace("-", "").replace("_", "").removeprefix("$")


def _read_watched(text: str, ctx: Context) -> WatchedName:
    """Returns a watched symbol; one that the market no longer has keeps its name, so that it can be removed from the
    list.
    """
    found = find_symbol(text, ctx)
    if found is None and len(text) <= _NAME_LENGTH:
        return WatchedName(Symbol(text.upper()))
    return WatchedName(read_symbol(text, ctx) if found is None else found)


SYMBOLS = Reader(read_symbol, suggest_symbols, symbol_span, listed=True)
WATCHED = Reader(_read_watched, suggest_symbols, symbol_span, listed=True)
