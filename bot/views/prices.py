"""Parts of replies that several families of commands share."""

from decimal import Decimal

from bot.arguments.symbols import pair_of, short_name
from bot.context import Context
from bot.errors import PreviewExpired
from bot.reachable_chats import shows_answer
from bot.reply import Align, Block, Button, Column, Reply, Table, Text, Tone
from bot.views.buttons import button, rows
from bot.views.errors import sentence
from core.outbox import NotificationTarget
from pipeline.errors import StalePrice, SymbolHalted, UnknownSymbol
from pipeline.market import Quote, Symbol
from pipeline.rules import DELISTED, TRADING
from trading.errors import NoAccount
from trading.ports import Account

_MAX_NAMES = 5

TOKEN_BYTES = 9
"""Bytes of a preview's token: twelve characters, 72 bits."""


async def enter(ctx: Context) -> tuple[Account, tuple[Block, ...]]:
    """Returns the user's account. If it does not exist, opens it and also returns a note about that."""
    try:
        return await ctx.desk.account(ctx.person.person_id), ()
    except NoAccount:
        account = await ctx.desk.open(ctx.person.person_id, f"{ctx.request_id}:open")
        grant = ctx.format.money(account.granted, account.quote_asset)
        return account, (Text(ctx.text("account-opened", grant=grant), Tone.NOTE),)


async def notification_target(ctx: Context) -> NotificationTarget | None:
    """Returns the additional chat in which the result of an order is reported: the one chosen for it, unless the answer
    is shown there.
    """
    telling = await ctx.services.notices.notification_target(ctx.person.person_id)
    return None if telling is None or shows_answer(telling.chat, ctx.inbound, ctx.person) else telling


def preview_gone(ctx: Context, *again: Button | None) -> Reply:
    """Returns the message that a preview can no longer be confirmed; `again` leads to a new one."""
    history = button(ctx.text("button-history"), "history")
    return Reply((Text(sentence(PreviewExpired(), ctx), Tone.WARNING), *rows([*again, history])))


def source_note(ctx: Context) -> tuple[Text, ...]:
    """Returns the name of the source, for every price that is not the live exchange's."""
    info = ctx.market.info()
    return (Text(ctx.text("source-note", label=info.label, source=info.source.value), Tone.NOTE),) if info.label else ()


def stale_note(quotes: list[Quote], ctx: Context) -> tuple[Text, ...]:
    """Returns warnings about shown prices that cannot be traded on: the symbols that the exchange has halted or
    delisted, and of the others those with an old price, with the oldest age.
    """
    stale = [quote for quote in quotes if quote.stale and symbol_status(quote.symbol, ctx) == TRADING]
    halted = status_notes([quote.symbol for quote in quotes], ctx)
    if not stale:
        return halted
    age = ctx.format.age(max(quote.age_ms for quote in stale))
    names = _names([quote.symbol for quote in stale], ctx)
    return (*halted, Text(ctx.text("stale-note", age=age, symbols=names), Tone.WARNING))


def status_notes(symbols: list[Symbol], ctx: Context) -> tuple[Text, ...]:
    """Returns a warning for each status other than TRADING, with the symbols that have it."""
    found: dict[str, list[Symbol]] = {}
    for symbol in symbols:
        found.setdefault(symbol_status(symbol, ctx), []).append(symbol)
    found.pop(TRADING, None)
    return tuple(
        Text(ctx.text("halted-note", status=status, symbols=_names(named, ctx)), Tone.WARNING)
        for status, named in sorted(found.items())
    )


def refuse_delisted(symbol: Symbol, ctx: Context) -> None:
    """Raises SymbolHalted for a delisted symbol, since an alert or plan on it would wait forever; a halted one may come
    back.
    """
    if symbol_status(symbol, ctx) == DELISTED:
        raise SymbolHalted(symbol, DELISTED)


async def fresh_quote(symbol: Symbol, ctx: Context) -> Quote:
    """Returns a quote that is not stale. Raises StalePrice and SymbolHalted."""
    refuse_delisted(symbol, ctx)
    quote = await ctx.market.quote(symbol)
    if quote.stale:
        ctx.market.rules(symbol).check_trading()
        raise StalePrice(symbol, quote.age_ms // 1000, quote.stale_after_ms // 1000)
    return quote


def symbol_status(symbol: Symbol, ctx: Context) -> str:
    """Returns the exchange's status of the symbol; TRADING for one that the running market does not know."""
    try:
        return ctx.market.rules(symbol).status
    except UnknownSymbol:
        return TRADING


def _names(symbols: list[Symbol], ctx: Context) -> str:
    named = ", ".join(pair_of(symbol, ctx) for symbol in symbols[:_MAX_NAMES])
    return f"{named}, ..." if len(symbols) > _MAX_NAMES else named


def price_text(value: Decimal | None, symbol: Symbol, ctx: Context) -> str:
    """Returns a price at the symbol's tick size."""
    return ctx.format.price(value, tick_of(symbol, ctx))


def level_text(level: Decimal, symbol: Symbol, ctx: Context) -> str:
    """Returns a price that a user chose, with every digit of it: it may lie between two ticks."""
    tick = tick_of(symbol, ctx)
    if tick is None or not level.is_finite():
        return ctx.format.price(level, tick)
    exponent = level.normalize().as_tuple().exponent
    return ctx.format.price(level, min(tick, Decimal(1).scaleb(exponent)) if isinstance(exponent, int) else tick)


def tick_of(symbol: Symbol, ctx: Context) -> Decimal | None:
    """Returns the symbol's tick size; None if the running market does not know it, as with an old order's symbol."""
    try:
        return ctx.market.rules(symbol).tick_size
    except UnknownSymbol:
        return None


def quotes_table(symbols: list[Symbol], quotes: dict[Symbol, Quote], ctx: Context) -> Table:
    """Returns a table with one row for each symbol; unknown figures are dashes."""
    columns = (
        Column(ctx.text("label-symbol")),
        Column(ctx.text("label-price"), Align.RIGHT),
        Column(ctx.text("label-change"), Align.RIGHT),
        Column(ctx.text("label-volume"), Align.RIGHT),
    )
    return Table(columns, tuple(_quote_row(symbol, quotes.get(symbol), ctx) for symbol in symbols))


def _quote_row(symbol: Symbol, quote: Quote | None, ctx: Context) -> tuple[str, ...]:
    say = ctx.format
    if quote is None:
        return (pair_of(symbol, ctx), say.price(None), say.percent(None), say.compact(None))
    change = say.percent(quote.change_24h, signed=True)
    return (pair_of(symbol, ctx), price_text(quote.price, symbol, ctx), change, say.compact(quote.volume_24h))


def price_button(symbol: Symbol, ctx: Context) -> Button | None:
    """Returns a button that shows the symbol's card."""
    return button(pair_of(symbol, ctx), "price", short_name(symbol, ctx))


def buy_button(symbol: Symbol, ctx: Context) -> Button | None:
    """Returns a button that asks how much to buy; None if the exchange does not trade the symbol."""
    if symbol_status(symbol, ctx) != TRADING:
        return None
    base = short_name(symbol, ctx)
    return button(ctx.text("button-buy", asset=base), "buy", base)


def sell_button(symbol: Symbol, ctx: Context) -> Button | None:
    """Returns a button that asks how much to sell."""
    base = short_name(symbol, ctx)
    return button(ctx.text("button-sell", asset=base), "sell", base)


def alert_button(symbol: Symbol, ctx: Context) -> Button | None:
    """Returns a button that asks for the price of an alert."""
    return button(ctx.text("button-alert"), "alert", short_name(symbol, ctx))


def chart_button(symbol: Symbol, ctx: Context) -> Button | None:
    """Returns a button that draws the symbol's candles."""
    return button(ctx.text("button-chart"), "chart", short_name(symbol, ctx))
