"""Charts of the market: candles, a sparkline of one day, several symbols from a common start, the whole market as a
heat map.
"""

import asyncio
from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.arguments.chart_options import MIN_COMPARED, Period
from bot.arguments.symbols import pair_of, short_name, traded_symbols
from bot.command import OneOrMore
from bot.context import Context
from bot.errors import MissingArgument, SameSymbolTwice, TooManyValues
from bot.reply import Button, Picture, Reply, Text, Tone
from bot.ui.charts.ports import (
    NO_ANNOTATIONS,
    ChartAnnotations,
    ChartOption,
    HeatmapTile,
    OrderLine,
    RelativeSeries,
)
from bot.ui.charts.relative_performance import ways_of
from bot.views.buttons import button, rows
from bot.views.prices import buy_button, price_button, price_text, source_note, stale_note, tick_of
from bot.views.resting_terms import deciding_price, last_prices, line_kind
from core.errors import DeskError
from pipeline.errors import NoCandles
from pipeline.market import DAY_MS, Candle, Interval, Quote, Symbol
from trading.orders.records import OrderRecord

CANDLES = 120
MAX_COMPARED = 6
MAX_ORDER_LINES = 6
TILES = 40

_TOGGLES = tuple(option for option in ChartOption if option is not ChartOption.CLEAN)
_SPARK = (Interval.M15, 96)
_SPARK_SECONDS = 2.0
_LARGEST_LISTED = 3
_SPANS = {
    Period.DAY: (Interval.M15, 96),
    Period.WEEK: (Interval.H1, 168),
    Period.MONTH: (Interval.H4, 180),
    Period.QUARTER: (Interval.D1, 90),
    Period.YEAR: (Interval.D1, 365),
}


# -- candles -----------------------------------------------------------------------------------


async def chart(
    ctx: Context,
    symbol: Symbol,
    interval: Interval = Interval.H1,
    options: OneOrMore[ChartOption] = OneOrMore(),  # noqa: B008 - an empty tuple
) -> Reply:
    """Shows candles with volume and the requested indicators and, if only the user reads the chat, the user's own
    trades.
    """
    chosen = tuple(option for option in ChartOption if option in options)
    quote = await ctx.market.quote(symbol)
    warm_up = max((option.warm_up for option in chosen), default=0)
    candles = await ctx.market.candles(symbol, interval, CANDLES + warm_up)
    shown = candles[-CANDLES:]
    marks = NO_ANNOTATIONS if ChartOption.CLEAN in chosen else await own_marks(symbol, shown[0].open_time, ctx)
    png = await ctx.services.charts.candles(
        pair_of(symbol, ctx),
        interval,
        candles,
        last=quote.price,
        change_24h=quote.change_24h,
        label=ctx.market.info().label,
        style=ctx.style,
        tick=tick_of(symbol, ctx),
        shown=CANDLES,
        options=chosen,
        marks=marks,
    )
    alt = f"{_chart_words(quote, interval, shown, ctx)}{_marks_words(marks, symbol, ctx)}"
    notes = (*_few(shown, ctx), *stale_note([quote], ctx), *source_note(ctx))
    buttons = _chart_buttons(symbol, interval, chosen, ctx)
    return Reply((Picture(png, alt, f"{symbol}-{interval}"), *notes, *rows(*buttons)), private=marks != NO_ANNOTATIONS)


async def own_marks(symbol: Symbol, since: int, ctx: Context) -> ChartAnnotations:
    """Returns the user's trades since `since`, their average cost and the open orders. Returns none in a public chat,
    and none while the ledger is unavailable: the chart is useful without them.
    """
    if ctx.inbound.public:
        return NO_ANNOTATIONS
    try:
        stake = await ctx.desk.symbol_activity(ctx.person.person_id, symbol, since)
        account = await ctx.desk.account(ctx.person.person_id)
        waiting = await ctx.orders.open_orders(account, symbol)
    except DeskError:
        return NO_ANNOTATIONS
    return ChartAnnotations(stake.trades, stake.average_cost, orders=await _order_lines(waiting, symbol, ctx))


async def _order_lines(waiting: Sequence[OrderRecord], symbol: Symbol, ctx: Context) -> tuple[OrderLine, ...]:
    """Returns the prices for which the orders wait: of many orders, those that are nearest to the market."""
    last = (await last_prices({symbol}, ctx)).get(symbol)
    lines = [
        OrderLine(order.order_id, line_kind(order), price)
        for order in waiting
        if (price := deciding_price(order)) is not None
    ]
    lines.sort(key=lambda line: (Decimal(0) if last is None else abs(line.price - last), line.order_id))
    return tuple(sorted(lines[:MAX_ORDER_LINES], key=lambda line: (-line.price, line.order_id)))


def _chart_buttons(
    symbol: Symbol, interval: Interval, chosen: Sequence[ChartOption], ctx: Context
) -> tuple[list[Button | None], ...]:
    base = short_name(symbol, ctx)
    widths = [button(other.value, "chart", base, other.value, *chosen) for other in Interval if other is not interval]
    toggles = [_toggle(option, (base, interval.value), chosen, ctx) for option in _TOGGLES]
    refresh = button(ctx.text("button-refresh"), "chart", base, interval.value, *chosen)
    return widths, toggles, [refresh, price_button(symbol, ctx), buy_button(symbol, ctx)]


def _toggle(option: ChartOption, words: tuple[str, ...], chosen: Sequence[ChartOption], ctx: Context) -> Button | None:
    label = ctx.text(f"button-option-{option}")
    if option in chosen:
        return button(ctx.text("button-option-on", option=label), "chart", *words, *(o for o in chosen if o != option))
    return button(label, "chart", *words, *(o for o in ChartOption if o in chosen or o is option))


def _chart_words(quote: Quote, interval: Interval, candles: Sequence[Candle], ctx: Context) -> str:
    # Candles are floats: the shortest decimal text of one is the price it was made of.
    low = Decimal(str(min(candle.low for candle in candles)))
    high = Decimal(str(max(candle.high for candle in candles)))
    return ctx.text(
        "chart-alt",
        symbol=pair_of(quote.symbol, ctx),
        interval=interval.value,
        count=len(candles),
        low=price_text(low, quote.symbol, ctx),
        high=price_text(high, quote.symbol, ctx),
        last=price_text(quote.price, quote.symbol, ctx),
        change=ctx.format.percent(quote.change_24h, signed=True),
    )


def _few(shown: Sequence[Candle], ctx: Context) -> tuple[Text, ...]:
    """Returns a note if the chart is shorter than usual because there are no older candles."""
    if len(shown) >= CANDLES:
        return ()
    since = ctx.format.brief_moment(shown[0].open_time, ctx.market.now())
    return (Text(ctx.text("chart-few", count=len(shown), since=since), Tone.NOTE),)


def _marks_words(marks: ChartAnnotations, symbol: Symbol, ctx: Context) -> str:
    if marks == NO_ANNOTATIONS:
        return ""
    told: list[str] = []
    if marks.trades or marks.average_cost is not None:
        cost = "none" if marks.average_cost is None else price_text(marks.average_cost, symbol, ctx)
        told.append(ctx.text("chart-marks-alt", trades=len(marks.trades), cost=cost))
    if marks.orders:
        orders = ", ".join(_order_words(line, symbol, ctx) for line in marks.orders)
        told.append(ctx.text("chart-orders-alt", orders=orders))
    return "".join(f" {words}" for words in told)


def _order_words(line: OrderLine, symbol: Symbol, ctx: Context) -> str:
    name = ctx.text(f"chart-order-{line.kind}", order_id=str(line.order_id))
    return ctx.text("chart-order-alt", name=name, price=price_text(line.price, symbol, ctx))


# -- a day in a line ---------------------------------------------------------------------------


async def sparkline(quote: Quote, ctx: Context) -> tuple[Picture, ...]:
    """Returns a chart of the last 24 hours; () if it takes too long or fails: the figures are useful without it."""
    if ctx.inbound.unpictured:
        return ()
    symbol = quote.symbol
    try:
        async with asyncio.timeout(_SPARK_SECONDS):
            png = await ctx.services.charts.sparkline(
                pair_of(symbol, ctx),
                lambda: ctx.market.candles(symbol, *_SPARK),
                change_24h=quote.change_24h,
                label=ctx.market.info().label,
                style=ctx.style,
                tick=tick_of(symbol, ctx),
            )
    except (DeskError, TimeoutError):
        return ()
    return (Picture(png, ctx.text("spark-alt", symbol=pair_of(symbol, ctx)), f"{symbol}-24h"),)


# -- several symbols ---------------------------------------------------------------------------


async def compare(ctx: Context, symbols: OneOrMore[Symbol | Period]) -> Reply:
    """Compares two to six symbols from a common start, in percent."""
    wanted = list(dict.fromkeys(Symbol(word) for word in symbols if not isinstance(word, Period)))
    period = next((word for word in symbols if isinstance(word, Period)), Period.WEEK)
    if len(wanted) == 1 and sum(not isinstance(word, Period) for word in symbols) > 1:
        raise SameSymbolTwice(short_name(wanted[0], ctx))
    if len(wanted) < MIN_COMPARED:
        raise MissingArgument("compare", "symbols")
    if len(wanted) > MAX_COMPARED:
        raise TooManyValues("compare", MAX_COMPARED, len(wanted))
    names = [short_name(symbol, ctx) for symbol in wanted]
    found = await asyncio.gather(*(_candles_or_none(symbol, period, ctx) for symbol in wanted))
    candles = dict(zip(names, found, strict=True))
    quotes = await ctx.market.quotes(wanted)
    prices = {short_name(symbol, ctx): float(quote.price) for symbol, quote in quotes.items()}
    ways = ways_of(candles, prices, ctx.market.now())
    if not ways:
        raise NoCandles(wanted[0])
    say, label = ctx.text(f"choice-{period}"), ctx.market.info().label
    short = _begins_late(ways[0].times[0], *_SPANS[period], ctx)
    since = ctx.format.brief_moment(ways[0].times[0], ctx.market.now())
    told = ctx.text("compare-since", since=since) if short else say
    png = await ctx.services.charts.comparison(ways, told, label=label, style=ctx.style)
    changes = ", ".join(f"{way.name} {_percent(way.values[-1], ctx)}" for way in ways)
    picture = Picture(png, ctx.text("compare-alt", period=told, changes=changes), f"compare-{period}")
    notes = (*_comparison_notes(candles, ways, period, ctx, short=short), *stale_note(list(quotes.values()), ctx))
    others = [button(other.value, "compare", *names, other.value) for other in Period if other is not period]
    refresh = button(ctx.text("button-refresh"), "compare", *names, period.value)
    singles = [button(name, "chart", name) for name in names]
    title = Text(
        ctx.text("compare-title-short", since=since) if short else ctx.text("compare-title", period=say), Tone.TITLE
    )
    return Reply((title, picture, *notes, *source_note(ctx), *rows(others, singles[:5], [*singles[5:], refresh])))


def _begins_late(start: int, interval: Interval, count: int, ctx: Context) -> bool:
    """Returns whether candles that begin at `start` begin clearly later than `count` of them before now would."""
    return start - (ctx.market.now() - interval.ms * count) > interval.ms * (1 + count // 20)


async def _candles_or_none(symbol: Symbol, period: Period, ctx: Context) -> Sequence[Candle]:
    interval, count = _SPANS[period]
    try:
        return await ctx.market.candles(symbol, interval, count)
    except NoCandles:
        return ()


def _comparison_notes(
    candles: dict[str, Sequence[Candle]], ways: Sequence[RelativeSeries], period: Period, ctx: Context, *, short: bool
) -> Iterable[Text]:
    drawn = {way.name for way in ways}
    if missing := [name for name in candles if name not in drawn]:
        yield Text(ctx.text("compare-missing", symbols=", ".join(missing)), Tone.NOTE)
    interval, count = _SPANS[period]
    starts = {name: found[0].open_time for name, found in candles.items() if found}
    latest = max(starts, key=lambda name: starts[name])
    if starts[latest] - min(starts.values()) > interval.ms * count // 20:
        start = ctx.format.brief_moment(starts[latest], ctx.market.now())
        yield Text(ctx.text("compare-late", start=start, symbol=latest), Tone.NOTE)
    elif short:
        yield Text(ctx.text("compare-short", period=ctx.text(f"choice-{period}")), Tone.NOTE)


def _percent(fraction: float, ctx: Context) -> str:
    return ctx.format.percent(Decimal(str(fraction)), signed=True)


# -- the market --------------------------------------------------------------------------------


async def heatmap(ctx: Context) -> Reply:
    """Shows the most traded symbols: area by volume, colour by change."""
    quotes = await ctx.market.quotes(traded_symbols(ctx))
    fresh = {symbol: quote for symbol, quote in quotes.items() if quote.age_ms <= DAY_MS}
    traded = {symbol: volume for symbol, quote in fresh.items() if (volume := quote.volume_24h)}
    largest = sorted(traded, key=lambda symbol: (-traded[symbol], symbol))[:TILES]
    movers = [button(ctx.text("button-movers"), "market", "movers"), button(ctx.text("button-market"), "market")]
    refresh = button(ctx.text("button-refresh"), "heatmap")
    if not largest:
        return Reply((Text(ctx.text("heatmap-nothing"), Tone.NOTE), *rows([refresh])))
    tiles = [HeatmapTile(short_name(symbol, ctx), traded[symbol], quotes[symbol].change_24h) for symbol in largest]
    png = await ctx.services.charts.heatmap(tiles, label=ctx.market.info().label, style=ctx.style)
    told = ", ".join(f"{tile.name} {ctx.format.percent(tile.change, signed=True)}" for tile in tiles[:_LARGEST_LISTED])
    picture = Picture(png, ctx.text("heatmap-alt", count=len(tiles), largest=told), "heatmap")
    notes = (*stale_note([quotes[symbol] for symbol in largest], ctx), *source_note(ctx))
    charts = [button(tile.name, "price", tile.name) for tile in tiles[:5]]
    return Reply((picture, *notes, *rows(charts, [*movers, refresh])))
