"""Forecasts: of one symbol, of the symbols with the surest forecasts, and the model itself."""

import asyncio

from bot.arguments.horizons import Horizon, offered_horizons, usual_horizon
from bot.arguments.symbols import pair_of, short_name
from bot.context import Context
from bot.errors import TooManyArguments
from bot.reply import Align, Block, Button, Column, Fields, Reply, Table, Text, Tone
from bot.views.buttons import button, rows
from bot.views.errors import sentence
from bot.views.forecasts import (
    RECORD_DAYS,
    Verdict,
    chance_text,
    costs_of,
    costs_text,
    drivers_texts,
    ends_of,
    errors_text,
    forecast_picture,
    move_of,
    move_text,
    record_rows,
    share_text,
    span_words,
    too_few_text,
    verdict_of,
)
from bot.views.prices import chart_button, source_note, stale_note, symbol_status
from core.errors import DeskError
from ml.errors import ShortHistory, StaleHistory
from ml.forecast import MIN_BLOCKS, Estimate, Forecast, ModelCard, TrackRecord
from pipeline.errors import SymbolHalted
from pipeline.market import Candle, Quote, Symbol
from pipeline.rules import TRADING

RANKED = 10
_WORTH_TELLING = 0.01
"""Probability of an unchanged price from which it is shown."""


async def forecast(ctx: Context, symbol: Symbol | Horizon | None = None, horizon: Horizon | None = None) -> Reply:
    """Shows the forecast of a symbol; without one, the symbols with the surest forecasts."""
    if isinstance(symbol, Horizon):
        if horizon is not None:
            raise TooManyArguments("forecast", horizon.value)
        return await _ranking(symbol, ctx)
    chosen = horizon or usual_horizon(ctx)
    return await _ranking(chosen, ctx) if symbol is None else await _of_symbol(symbol, chosen, ctx)


# -- one symbol --------------------------------------------------------------------------------


async def _of_symbol(symbol: Symbol, horizon: Horizon, ctx: Context) -> Reply:
    (found, quote, picture), records = await asyncio.gather(_drawn(symbol, horizon, ctx), _records(horizon, ctx))
    span = span_words(horizon.minutes, ctx)
    title = Text(ctx.text("forecast-title", symbol=pair_of(symbol, ctx), horizon=span), Tone.TITLE)
    told = _figures(found, ctx) if found.skilled else _range_alone(found, span, ctx)
    return Reply(
        (
            title,
            *told,
            *picture,
            *_reasons(found, ctx),
            Fields(record_rows(horizon.minutes, records, ctx, skilled=found.skilled)),
            Text(ctx.text("forecast-advice"), Tone.NOTE),
            *stale_note([quote], ctx),
            *source_note(ctx),
            *rows(*_buttons(symbol, horizon, ctx)),
        )
    )


async def _drawn(symbol: Symbol, horizon: Horizon, ctx: Context) -> tuple[Forecast, Quote, tuple[Block, ...]]:
    """Returns the forecast, the current price and the chart of both."""
    found, quote, candles = await asyncio.gather(
        _forecast(symbol, horizon, ctx), ctx.market.quote(symbol), ctx.market.candles(symbol, *horizon.history)
    )
    return found, quote, await _picture(found, candles, quote, ctx)


async def _forecast(symbol: Symbol, horizon: Horizon, ctx: Context) -> Forecast:
    """Returns the forecast. Raises SymbolHalted if candles are missing since the exchange does not trade the symbol."""
    try:
        return await ctx.forecasting.forecast(symbol, horizon.minutes)
    except (StaleHistory, ShortHistory):
        if (status := symbol_status(symbol, ctx)) != TRADING:
            raise SymbolHalted(symbol, status) from None
        raise


async def _records(horizon: Horizon, ctx: Context) -> dict[int, TrackRecord | None]:
    found = await asyncio.gather(*(ctx.forecasting.record(horizon.minutes, days) for days in RECORD_DAYS))
    return dict(zip(RECORD_DAYS, found, strict=True))


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
    others = [
        button(other.value, "forecast", base, other.value) for other in offered_horizons(ctx) if other is not horizon
    ]
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
    others = [button(other.value, "forecast", other.value) for other in offered_horizons(ctx) if other is not horizon]
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


async def model(ctx: Context, horizon: Horizon | None = None) -> Reply:
    """Shows the model behind the forecasts over this horizon, and how good they were."""
    horizon = horizon or usual_horizon(ctx)
    card = await ctx.forecasting.card(horizon.minutes)
    span = span_words(horizon.minutes, ctx)
    title = Text(ctx.text("model-title", version=str(card.version), horizon=span), Tone.TITLE)
    records = record_rows(horizon.minutes, {record.days: record for record in card.records}, ctx, skilled=card.skilled)
    shadow = () if card.challenger is None else (_shadow(card.challenger, ctx),)
    others = [button(other.value, "model", other.value) for other in offered_horizons(ctx) if other is not horizon]
    ranking = button(ctx.text("button-ranking"), "forecast", horizon.value)
    refresh = button(ctx.text("button-refresh"), "model", horizon.value)
    fields = Fields((*_made_of(card, ctx), *records))
    estimated = _blocks(card) >= MIN_BLOCKS or any(record.covered for record in card.records)
    method = (Text(ctx.text("model-method"), Tone.NOTE),) if estimated else ()
    blocks: tuple[Block, ...] = (title, _skill(card, span, ctx), fields, *method, *shadow, *source_note(ctx))
    return Reply((*blocks, *rows(others, [ranking, refresh])))


def _skill(card: ModelCard, span: str, ctx: Context) -> Text:
    """Returns what the test of the model has shown, and whether its live record agrees."""
    if not card.skilled:
        return Text(ctx.text("model-unskilled", horizon=span))
    live = {verdict_of(record.skill) for record in card.records if record.skill is not None}
    worst = next((each for each in (Verdict.WORSE, Verdict.UNCLEAR, Verdict.BETTER) if each in live), "none")
    return Text(ctx.text("model-skilled", live=worst))


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
    """Returns the metrics of the model on data it was not trained on. Without a direction, there are no hits."""
    if (blocks := _blocks(card)) < MIN_BLOCKS:
        return [(ctx.text("metric-skill"), too_few_text(blocks, MIN_BLOCKS, ctx))]
    skill, hits, covered = (_estimate(name, card.metrics) for name in ("skill", "hits", "coverage"))
    said = [
        ("skill", None if skill is None or not card.opinionated else errors_text("metric-errors", skill, ctx)),
        ("hits", None if hits is None or not card.opinionated else share_text(hits, ctx)),
        ("coverage", None if covered is None else chance_text(covered.value, ctx)),
    ]
    return [(ctx.text(f"metric-{name}"), text) for name, text in said if text is not None]


def _blocks(card: ModelCard) -> int:
    """Returns the blocks of time in the test; enough for a model that does not state them."""
    return round(card.metrics.get("blocks", MIN_BLOCKS))


def _estimate(name: str, metrics: dict[str, float]) -> Estimate | None:
    """Returns the metric with its interval, as far as it is known."""
    if name not in metrics:
        return None
    value = metrics[name]
    return Estimate(value, metrics.get(f"{name}_low", value), metrics.get(f"{name}_high", value))
