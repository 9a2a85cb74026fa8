"""Forecasts: of one symbol, of the symbols with the surest forecasts, and the model itself."""

import asyncio
from decimal import Decimal

from bot.arguments.horizons import Horizon
from bot.arguments.symbols import pair_of, short_name
from bot.context import Context
from bot.errors import TooManyArguments
from bot.reply import Align, Block, Button, Column, Fields, Reply, Table, Text, Tone
from bot.views.buttons import button, rows
from bot.views.errors import sentence
from bot.views.forecasts import (
    chance_text,
    costs_of,
    costs_text,
    drivers_texts,
    ends_of,
    forecast_picture,
    move_of,
    move_text,
    record_row,
    span_words,
)
from bot.views.prices import chart_button, source_note, stale_note, symbol_status
from core.errors import DeskError
from ml.errors import ShortHistory, StaleHistory
from ml.forecast import Forecast, ModelCard
from ml.ports import Forecasting
from pipeline.errors import SymbolHalted
from pipeline.market import Candle, Quote, Symbol
from pipeline.rules import TRADING

RANKED = 10
_WORTH_TELLING = 0.01
"""Probability of an unchanged price from which it is shown."""

DAYS = (7, 30)
"""Days that the records of past forecasts cover."""

_TOLD = ("skill", "hits", "coverage")
"""Metrics that have a label."""

_SIGNED = frozenset(("skill",))
"""Metrics that may be negative."""


async def forecast(ctx: Context, symbol: Symbol | Horizon | None = None, horizon: Horizon | None = None) -> Reply:
    """Shows the forecast of a symbol; without one, the symbols with the surest forecasts."""
    if isinstance(symbol, Horizon):
        if horizon is not None:
            raise TooManyArguments("forecast", horizon.value)
        return await _ranking(symbol, ctx)
    chosen = horizon or Horizon.H1
    return await _ranking(chosen, ctx) if symbol is None else await _of_symbol(symbol, chosen, ctx)


# -- one symbol --------------------------------------------------------------------------------


async def _of_symbol(symbol: Symbol, horizon: Horizon, ctx: Context) -> Reply:
    forecasting = ctx.forecasting
    found, quote, candles, records = await asyncio.gather(
        _forecast(symbol, horizon, ctx),
        ctx.market.quote(symbol),
        ctx.market.candles(symbol, *horizon.history),
        _records(forecasting, horizon, ctx),
    )
    span = span_words(horizon.minutes, ctx)
    title = Text(ctx.text("forecast-title", symbol=pair_of(symbol, ctx), horizon=span), Tone.TITLE)
    told = _figures(found, ctx) if found.skilled else _range_alone(found, span, ctx)
    return Reply(
        (
            title,
            *told,
            *await _picture(found, candles, quote, ctx),
            *_reasons(found, ctx),
            Fields(records),
            Text(ctx.text("forecast-advice"), Tone.NOTE),
            *stale_note([quote], ctx),
            *source_note(ctx),
            *rows(*_buttons(symbol, horizon, ctx)),
        )
    )


async def _forecast(symbol: Symbol, horizon: Horizon, ctx: Context) -> Forecast:
    """Returns the forecast. Raises SymbolHalted if candles are missing since the exchange does not trade the symbol."""
    try:
        return await ctx.forecasting.forecast(symbol, horizon.minutes)
    except (StaleHistory, ShortHistory):
        if (status := symbol_status(symbol, ctx)) != TRADING:
            raise SymbolHalted(symbol, status) from None
        raise


async def _records(forecasting: Forecasting, horizon: Horizon, ctx: Context) -> tuple[tuple[str, str], ...]:
    found = await asyncio.gather(*(forecasting.record(horizon.minutes, days) for days in DAYS))
    return tuple(record_row(days, record, ctx) for days, record in zip(DAYS, found, strict=True))


def _figures(found: Forecast, ctx: Context) -> tuple[Block, ...]:
    ends = ends_of(found, ctx)
    move = move_of(found)
    fields = (
        (ctx.text("label-rising"), chance_text(found.prob_up, ctx)),
        *_unchanged(found, ctx),
        (ctx.text("label-expected"), f"{move_text(move, ctx)} → {ends.expected}"),
        (ctx.text("label-range"), f"{ends.low} – {ends.high}"),
        (ctx.text("label-costs"), costs_text(ctx)),
        (ctx.text("label-made"), ctx.format.moment(found.made_at)),
    )
    beside = "above" if abs(move) > costs_of(ctx) else "below"
    return (Fields(fields), Text(ctx.text(f"forecast-{beside}-costs", costs=costs_text(ctx))))


def _unchanged(found: Forecast, ctx: Context) -> tuple[tuple[str, str], ...]:
    """Returns the probability of the same price where it matters: what is missing to 100 % is not all a fall."""
    if found.prob_unchanged < _WORTH_TELLING:
        return ()
    return ((ctx.text("label-unchanged"), chance_text(found.prob_unchanged, ctx)),)


def _range_alone(found: Forecast, span: str, ctx: Context) -> tuple[Block, ...]:
    """Returns the range of a forecast without skill; nothing more may be shown of it."""
    ends = ends_of(found, ctx)
    fields = (
        (ctx.text("label-range"), f"{ends.low} – {ends.high}"),
        (ctx.text("label-made"), ctx.format.moment(found.made_at)),
    )
    said = ctx.text("forecast-no-skill", symbol=pair_of(found.symbol, ctx), horizon=span)
    return (Fields(fields), Text(said, Tone.WARNING))


async def _picture(found: Forecast, candles: list[Candle], quote: Quote, ctx: Context) -> tuple[Block, ...]:
    """Returns the chart, or a sentence if it cannot be drawn: the figures are useful on their own."""
    try:
        return (await forecast_picture(found, candles, quote.price, ctx),)
    except DeskError as error:
        return (Text(sentence(error, ctx), Tone.NOTE),)


def _reasons(found: Forecast, ctx: Context) -> tuple[Text, ...]:
    if not found.skilled:
        return ()
    said = drivers_texts(found.drivers, ctx)
    return (Text("\n".join(said)),) if said else ()


def _buttons(symbol: Symbol, horizon: Horizon, ctx: Context) -> tuple[list[Button | None], ...]:
    base = short_name(symbol, ctx)
    others = [button(other.value, "forecast", base, other.value) for other in Horizon if other is not horizon]
    refresh = button(ctx.text("button-refresh"), "forecast", base, horizon.value)
    alert = button(ctx.text("button-alert"), "forecastalert", base, horizon.value)
    ranking = button(ctx.text("button-ranking"), "forecast", horizon.value)
    model_ = button(ctx.text("button-model"), "model", horizon.value)
    return others, [chart_button(symbol, ctx), refresh, alert], [ranking, model_]


# -- the surest --------------------------------------------------------------------------------


async def _ranking(horizon: Horizon, ctx: Context) -> Reply:
    found = await ctx.forecasting.ranking(horizon.minutes, RANKED)
    span = span_words(horizon.minutes, ctx)
    title = Text(ctx.text("ranking-title", horizon=span), Tone.TITLE)
    others = [button(other.value, "forecast", other.value) for other in Horizon if other is not horizon]
    refresh = button(ctx.text("button-refresh"), "forecast", horizon.value)
    ways = [refresh, button(ctx.text("button-model"), "model", horizon.value)]
    skilled = [one for one in found if one.skilled]
    if not skilled:
        said = Text(ctx.text("ranking-no-skill" if found else "ranking-none", horizon=span), Tone.WARNING)
        return Reply((title, said, *source_note(ctx), *rows(others, ways)))
    names = [short_name(one.symbol, ctx) for one in skilled]
    singles = [button(name, "forecast", name, horizon.value) for name in names]
    larger = sum(abs(move_of(one)) > costs_of(ctx) for one in skilled)
    notes = (
        Text(ctx.text("ranking-costs", costs=costs_text(ctx), count=larger)),
        Text(ctx.text("forecast-advice"), Tone.NOTE),
        *source_note(ctx),
    )
    return Reply((title, _ranked(skilled, ctx), *notes, *rows(singles[:5], singles[5:], others, ways)))


def _ranked(found: list[Forecast], ctx: Context) -> Table:
    columns = (
        Column(ctx.text("label-symbol")),
        Column(ctx.text("label-up"), Align.RIGHT),
        Column(ctx.text("label-move"), Align.RIGHT),
    )
    lines = ((pair_of(one.symbol, ctx), chance_text(one.prob_up, ctx), move_text(move_of(one), ctx)) for one in found)
    return Table(columns, tuple(lines))


# -- the model ---------------------------------------------------------------------------------


async def model(ctx: Context, horizon: Horizon = Horizon.H1) -> Reply:
    """Shows the model behind the forecasts over this horizon, and how good they were."""
    card = await ctx.forecasting.card(horizon.minutes)
    span = span_words(horizon.minutes, ctx)
    title = Text(ctx.text("model-title", version=str(card.version), horizon=span), Tone.TITLE)
    skill = Text(ctx.text(f"model-{'skilled' if card.skilled else 'unskilled'}", horizon=span))
    by_days = {record.days: record for record in card.records}
    records = tuple(record_row(days, by_days.get(days), ctx) for days in DAYS)
    shadow = () if card.challenger is None else (_shadow(card.challenger, ctx),)
    others = [button(other.value, "model", other.value) for other in Horizon if other is not horizon]
    ranking = button(ctx.text("button-ranking"), "forecast", horizon.value)
    refresh = button(ctx.text("button-refresh"), "model", horizon.value)
    blocks: tuple[Block, ...] = (title, skill, Fields((*_made_of(card, ctx), *records)), *shadow, *source_note(ctx))
    return Reply((*blocks, *rows(others, [ranking, refresh])))


def _shadow(challenger: int, ctx: Context) -> Text:
    return Text(ctx.text("model-challenger", version=str(challenger)), Tone.NOTE)


def _made_of(card: ModelCard, ctx: Context) -> tuple[tuple[str, str], ...]:
    known = f"recipe-{card.recipe}"
    now = ctx.market.now()
    start, end = (ctx.format.brief_moment(at, now) for at in (card.start, card.end))
    return (
        (ctx.text("label-recipe"), ctx.text(known) if ctx.catalog.has(known) else card.recipe),
        (ctx.text("label-trained"), ctx.format.moment(card.trained_at)),
        (ctx.text("label-learnt-from"), f"{start} – {end}"),
        (ctx.text("label-model-symbols"), ctx.format.count(card.symbols)),
        (ctx.text("label-model-rows"), ctx.format.count(card.rows)),
        (ctx.text("label-model-features"), ctx.format.count(card.features)),
        *_measured(card, ctx),
    )


def _measured(card: ModelCard, ctx: Context) -> list[tuple[str, str]]:
    """Returns the metrics of the model on data it was not trained on, with their 95 % intervals if known."""
    return [
        (ctx.text(f"metric-{name}"), _with_interval(name, card.metrics, ctx)) for name in _TOLD if name in card.metrics
    ]


def _with_interval(name: str, metrics: dict[str, float], ctx: Context) -> str:
    value, *ends = (
        ctx.format.percent(round(Decimal(str(metrics[each])), 4), signed=name in _SIGNED)
        for each in (name, f"{name}_low", f"{name}_high")
        if each in metrics
    )
    return f"{value} ({' – '.join(ends)})" if ends else value
