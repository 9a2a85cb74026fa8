"""Prices and the market's overview."""

from decimal import Decimal

from bot.arguments.horizons import usual_horizon
from bot.arguments.plain_words import MarketView, SearchText
from bot.arguments.symbols import matching, short_name, traded_symbols
from bot.command import OneOrMore
from bot.commands.charts import sparkline
from bot.commands.market_maps import correlations, last_mood, market_buttons, regime_note
from bot.context import Context
from bot.errors import MissingArgument, NothingFound, TooManyArguments
from bot.reply import Block, Fields, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.forecasts import forecast_button
from bot.views.prices import (
    alert_button,
    buy_button,
    chart_button,
    price_button,
    price_text,
    quotes_table,
    sell_button,
    source_note,
    stale_note,
)
from pipeline.market import Quote, Symbol
from trading.mood.report import MoodReport

TOP = 10
MOVERS = 5


async def price(ctx: Context, symbols: OneOrMore[Symbol]) -> Reply:
    """Shows one symbol as a card, several as a table."""
    wanted = list(dict.fromkeys(symbols))
    if len(wanted) == 1:
        return await _card(await ctx.market.quote(wanted[0]), ctx)
    quotes = await ctx.market.quotes(wanted)
    again = button(ctx.text("button-refresh"), "price", *(short_name(symbol, ctx) for symbol in wanted))
    notes = (*stale_note(list(quotes.values()), ctx), *source_note(ctx))
    return Reply((quotes_table(wanted, quotes, ctx), *notes, *rows([again])))


async def _card(quote: Quote, ctx: Context) -> Reply:
    symbol, rules = quote.symbol, ctx.market.rules(quote.symbol)
    write = ctx.format
    fields = [
        (ctx.text("label-price"), f"{price_text(quote.price, symbol, ctx)} {rules.quote}"),
        (ctx.text("label-change"), write.percent(quote.change_24h, signed=True)),
        (ctx.text("label-high"), price_text(quote.high_24h, symbol, ctx)),
        (ctx.text("label-low"), price_text(quote.low_24h, symbol, ctx)),
        (ctx.text("label-volume"), write.compact(quote.volume_24h, rules.quote)),
        *_book_rows(quote, ctx),
        (ctx.text("label-price-age"), write.age(quote.age_ms)),
    ]
    base = short_name(symbol, ctx)
    trade = [chart_button(symbol, ctx), buy_button(symbol, ctx), sell_button(symbol, ctx)]
    ahead = None if ctx.services.forecasting is None else forecast_button(symbol, usual_horizon(ctx), ctx)
    other = [alert_button(symbol, ctx), ahead, button(ctx.text("button-refresh"), "price", base)]
    notes = (*stale_note([quote], ctx), *source_note(ctx))
    title, card = Text(f"{base}/{rules.quote}", Tone.TITLE), Fields(tuple(fields))
    return Reply((title, card, *await sparkline(quote, ctx), *notes, *rows(trade, other)))


def _book_rows(quote: Quote, ctx: Context) -> tuple[tuple[str, str], ...]:
    """Returns bid, ask and spread; () if the source has no book: bid and ask are then only the last price again."""
    if quote.bid_size == 0 and quote.ask_size == 0:
        return ()
    symbol, base = quote.symbol, ctx.market.rules(quote.symbol).base
    bid = f"{price_text(quote.bid, symbol, ctx)} × {ctx.format.amount(quote.bid_size, base)}"
    ask = f"{price_text(quote.ask, symbol, ctx)} × {ctx.format.amount(quote.ask_size, base)}"
    spread = quote.ask - quote.bid
    relative = ctx.format.percent(2 * spread / (quote.ask + quote.bid))
    return (
        (ctx.text("label-bid"), bid),
        (ctx.text("label-ask"), ask),
        (ctx.text("label-spread"), f"{price_text(spread, symbol, ctx)} ({relative})"),
    )


async def market(ctx: Context, view: MarketView | None = None, text: SearchText | None = None) -> Reply:
    """Shows the overview, the movers, or the result of a search for symbols."""
    if view is MarketView.SEARCH:
        if text is None:
            raise MissingArgument("market", "text")
        return await _search(ctx, text)
    if text is not None:
        raise TooManyArguments("market", text)
    if view is MarketView.CORRELATIONS:
        return await correlations(ctx)
    quotes = await ctx.market.quotes(traded_symbols(ctx))
    return _movers(ctx, quotes) if view is MarketView.MOVERS else _overview(ctx, quotes, await last_mood(ctx))


def _overview(ctx: Context, quotes: dict[Symbol, Quote], mood: MoodReport | None) -> Reply:
    largest = sorted(quotes, key=lambda symbol: quotes[symbol].volume_24h or Decimal(0), reverse=True)[:TOP]
    movers = button(ctx.text("button-movers"), "market", "movers")
    refresh = button(ctx.text("button-refresh"), "market")
    map_of_it = button(ctx.text("button-heatmap"), "heatmap")
    prices = [price_button(symbol, ctx) for symbol in largest[:MOVERS]]
    buttons = (prices, [movers, map_of_it, refresh], market_buttons(mood, ctx))
    title = Text(ctx.text("market-title", count=len(traded_symbols(ctx))), Tone.TITLE)
    return Reply((title, *_quotes(largest, quotes, ctx), *regime_note(mood, ctx), *rows(*buttons)))


def _movers(ctx: Context, quotes: dict[Symbol, Quote]) -> Reply:
    changes = {symbol: change for symbol, quote in quotes.items() if (change := quote.change_24h) is not None}
    ranked = sorted(changes, key=lambda symbol: (-changes[symbol], symbol))
    gainers = [symbol for symbol in ranked if changes[symbol] > 0][:MOVERS]
    losers = [symbol for symbol in reversed(ranked) if changes[symbol] < 0][:MOVERS]
    shown = [quotes[symbol] for symbol in (*gainers, *losers)]
    blocks: list[Block] = []
    for title, symbols in (("market-gainers", gainers), ("market-losers", losers)):
        blocks.append(Text(ctx.text(title), Tone.TITLE))
        blocks.append(quotes_table(symbols, quotes, ctx) if symbols else Text(ctx.text("market-nobody")))
    buttons = [button(ctx.text("button-market"), "market"), button(ctx.text("button-refresh"), "market", "movers")]
    return Reply((*blocks, *stale_note(shown, ctx), *source_note(ctx), *rows(buttons)))


async def _search(ctx: Context, text: SearchText) -> Reply:
    await ctx.services.turnover.refresh(ctx.market, ctx.services.clock())
    found = matching(text, ctx)
    if not found:
        raise NothingFound(text)
    shown = found[:TOP]
    quotes = await ctx.market.quotes(shown)
    more = (Text(ctx.text("market-more", count=len(found) - TOP), Tone.NOTE),) if len(found) > TOP else ()
    buttons = [price_button(symbol, ctx) for symbol in shown[:MOVERS]]
    return Reply((*_quotes(shown, quotes, ctx), *more, *rows(buttons)))


def _quotes(symbols: list[Symbol], quotes: dict[Symbol, Quote], ctx: Context) -> tuple[Block, ...]:
    shown = [quotes[symbol] for symbol in symbols if symbol in quotes]
    return (quotes_table(symbols, quotes, ctx), *stale_note(shown, ctx), *source_note(ctx))
