"""Stress tests, as blocks of a reply."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Align, Block, Buttons, Column, Fields, Table, Text, Tone
from bot.views.buttons import button, grid
from bot.views.prices import price_text
from bot.views.resting_terms import trade_words
from bot.views.risk import share_text
from pipeline.market import Symbol
from trading.orders.records import OrderRecord
from trading.risk.episodes import WINDOWS
from trading.risk.stress import EPISODES, Scenario, StressResult

POSITIONS_SHOWN = 20
STOPS_SHOWN = 10
_NAMES_SHOWN = 8
_WHOLE_FROM = 1000


@dataclass(frozen=True, slots=True)
class FiredStop:
    """Open stop that a scenario would fire: its trigger, and the lowest price of the scenario."""

    order: OrderRecord
    trigger: Decimal
    lowest: Decimal


def overview_blocks(results: Sequence[StressResult], ctx: Context) -> tuple[Block, ...]:
    """Returns what every scenario would leave."""
    columns = (
        Column(ctx.text("label-stress-scenario")),
        Column(ctx.text("label-stress-left"), Align.RIGHT),
        Column(ctx.text("label-stress-change"), Align.RIGHT),
    )
    rows = tuple(
        (_name(each.scenario, ctx), _money(each.left, ctx), share_text(each.change, ctx, signed=True))
        for each in results
    )
    return (
        Text(ctx.text("stress-title"), Tone.TITLE),
        Table(columns, rows),
        Text(ctx.text("stress-about"), Tone.NOTE),
    )


def scenario_buttons(ctx: Context) -> tuple[Buttons, ...]:
    """Returns a button for the details of each scenario."""
    return grid(button(_name(each, ctx), "stress", each.value) for each in Scenario)


def scenario_blocks(result: StressResult, stops: Sequence[FiredStop], ctx: Context) -> tuple[Block, ...]:
    """Returns what a scenario would leave, position by position, and the stops that it would fire."""
    asset, write = ctx.quote_asset, ctx.format
    left = f"{_money(result.left, ctx)} {asset} ({share_text(result.change, ctx, signed=True)})"
    figures = (
        (ctx.text("label-equity"), write.money(Decimal(f"{result.equity:.2f}"), asset)),
        (ctx.text("label-cash"), write.money(Decimal(f"{result.cash:.2f}"), asset)),
        (ctx.text("label-stress-left"), left),
    )
    positions = sorted(result.positions, key=lambda each: -each.value)
    at_once = all(each.low == each.end for each in positions)
    labels = ("now", "end") if at_once else ("now", "low", "end")
    columns = (
        Column(ctx.text("label-asset")),
        *(Column(ctx.text(f"label-stress-{name}"), Align.RIGHT) for name in labels),
    )
    rows = tuple(
        (
            short_name(each.symbol, ctx),
            *(_rounded(value, ctx) for value in (each.value, *(() if at_once else (each.low,)), each.end)),
        )
        for each in positions[:POSITIONS_SHOWN]
    )
    return (
        Text(_name(result.scenario, ctx), Tone.TITLE),
        Text(_about(result.scenario, ctx)),
        Fields(figures),
        Table(columns, rows),
        *_estimated([each.symbol for each in positions if each.estimated], result.scenario, ctx),
        *(() if result.scenario is Scenario.LIQUIDITY else _stops(stops, ctx)),
    )


def _estimated(symbols: Sequence[Symbol], scenario: Scenario, ctx: Context) -> tuple[Text, ...]:
    if not symbols:
        return ()
    named = ", ".join(short_name(symbol, ctx) for symbol in symbols[:_NAMES_SHOWN])
    named = f"{named}, ..." if len(symbols) > _NAMES_SHOWN else named
    kind = "replay" if scenario in EPISODES else scenario.value
    return (Text(ctx.text(f"stress-estimated-{kind}", coins=named), Tone.NOTE),)


def _stops(stops: Sequence[FiredStop], ctx: Context) -> tuple[Block, ...]:
    if not stops:
        return (Text(ctx.text("stress-no-stops"), Tone.NOTE),)
    labels = ("trigger", "lowest")
    columns = (
        Column(ctx.text("label-order"), Align.RIGHT),
        Column(ctx.text("label-trade")),
        *(Column(ctx.text(f"label-stress-{name}"), Align.RIGHT) for name in labels),
    )
    rows = tuple(
        (
            str(stop.order.order_id),
            trade_words(stop.order.terms.side, stop.order.quantity - stop.order.filled, stop.order.base, ctx),
            *(price_text(price, stop.order.terms.symbol, ctx) for price in (stop.trigger, stop.lowest)),
        )
        for stop in stops[:STOPS_SHOWN]
    )
    title = Text(ctx.text("stress-stops", count=len(stops)), Tone.TITLE)
    return (title, Table(columns, rows), Text(ctx.text("stress-stops-about"), Tone.NOTE))


def _name(scenario: Scenario, ctx: Context) -> str:
    return ctx.text(f"choice-stress-{scenario.value}")


def _about(scenario: Scenario, ctx: Context) -> str:
    if scenario in EPISODES:
        begins, ends = WINDOWS[EPISODES[scenario]]
        return ctx.text("stress-about-replay", begins=begins, ends=ends)
    return ctx.text(f"stress-about-{scenario.value}")


def _rounded(value: float, ctx: Context) -> str:
    """Returns money for a narrow table: without cents from a thousand on."""
    return ctx.format.count(round(value)) if abs(value) >= _WHOLE_FROM else _money(value, ctx)


def _money(value: float, ctx: Context) -> str:
    return ctx.format.money(Decimal(f"{value:.2f}"))
