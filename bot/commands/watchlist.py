"""Watchlist of a user."""

from collections.abc import Sequence

from bot.arguments.symbols import WatchedName, pair_of, short_name
from bot.command import OneOrMore
from bot.context import Context
from bot.reply import Align, Block, Button, Column, Reply, Table, Text, Tone
from bot.views.buttons import ROW, ROWS, button, rows
from bot.views.prices import price_text, refuse_delisted, source_note, stale_note
from people.identity.errors import NotWatched
from pipeline.market import Quote, Symbol

MAX_BUTTONS = ROW * (ROWS - 1)
"""Most buttons for single symbols; the last row is for the whole list."""

_NO_SYMBOLS: OneOrMore[Symbol] = OneOrMore()
_NO_NAMES: OneOrMore[WatchedName] = OneOrMore()


async def watch(ctx: Context, symbols: OneOrMore[Symbol] = _NO_SYMBOLS) -> Reply:
    """Adds the symbols to the list, if any, and shows it."""
    said: tuple[Text, ...] = ()
    for symbol in symbols:
        refuse_delisted(symbol, ctx)
    if symbols:
        fresh = await ctx.services.watchlists.watch(ctx.person.person_id, symbols)
        said = (Text(ctx.text("watch-added", symbols=_names(fresh or symbols, ctx), count=len(fresh))),)
    watched = await ctx.services.watchlists.watched(ctx.person.person_id)
    title = Text(ctx.text("watch-title"), Tone.TITLE)
    if not watched:
        return Reply((*said, title, Text(ctx.text("watch-empty"))))
    here = set(ctx.market.symbols())
    known = [symbol for symbol in watched if symbol in here]
    quotes = await ctx.market.quotes(known) if known else {}
    notes = (*stale_note(list(quotes.values()), ctx), *source_note(ctx))
    missing = (Text(ctx.text("watch-not-here"), Tone.NOTE),) if len(known) < len(watched) else ()
    charts = [button(short_name(symbol, ctx), "chart", short_name(symbol, ctx)) for symbol in known]
    below = [button(ctx.text("button-refresh"), "watch"), button(ctx.text("button-unwatch"), "unwatch")]
    return Reply((*said, title, _table(watched, here, quotes, ctx), *missing, *notes, *_buttons(charts, below)))


def _table(watched: Sequence[Symbol], here: set[Symbol], quotes: dict[Symbol, Quote], ctx: Context) -> Table:
    columns = (
        Column(ctx.text("label-symbol")),
        Column(ctx.text("label-price"), Align.RIGHT),
        Column(ctx.text("label-change"), Align.RIGHT),
    )
    return Table(columns, tuple(_row(symbol, symbol in here, quotes.get(symbol), ctx) for symbol in watched))


def _row(symbol: Symbol, here: bool, quote: Quote | None, ctx: Context) -> tuple[str, ...]:  # noqa: FBT001
    if not here:
        return (symbol, ctx.text("watch-absent"), "")
    price = None if quote is None else quote.price
    change = None if quote is None else quote.change_24h
    return (pair_of(symbol, ctx), price_text(price, symbol, ctx), ctx.format.percent(change, signed=True))


def _buttons(each: Sequence[Button | None], below: Sequence[Button | None]) -> tuple[Block, ...]:
    shown = each[:MAX_BUTTONS]
    return rows(*(shown[at : at + ROW] for at in range(0, len(shown), ROW)), below)


def _names(symbols: Sequence[Symbol], ctx: Context) -> str:
    return ", ".join(short_name(symbol, ctx) for symbol in symbols)


async def unwatch(ctx: Context, symbols: OneOrMore[WatchedName] = _NO_NAMES) -> Reply:
    """Removes symbols from the list; without any, offers those that are on it."""
    watchlists, person_id = ctx.services.watchlists, ctx.person.person_id
    back = button(ctx.text("button-watchlist"), "watch")
    if symbols:
        gone = await watchlists.unwatch(person_id, list(dict.fromkeys(symbols)))
        if not gone:
            raise NotWatched(symbols[0])
        return Reply((Text(ctx.text("watch-removed", symbols=_names(gone, ctx))), *rows([back])))
    watched = await watchlists.watched(person_id)
    if not watched:
        return Reply((Text(ctx.text("watch-empty")),))
    removals = [button(short_name(symbol, ctx), "unwatch", short_name(symbol, ctx)) for symbol in watched]
    return Reply((Text(ctx.text("watch-remove-which")), *_buttons(removals, [back])))
