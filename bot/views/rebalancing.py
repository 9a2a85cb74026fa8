"""Plan of orders to given weights, as blocks of a reply."""

from bot.arguments.sizes import typed_size
from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Align, Block, Column, Table, Text, Tone
from trading.orders.types import Side
from trading.portfolio.rebalancing import RebalancingPlan, RebalancingTrade


def plan_blocks(plan: RebalancingPlan, ctx: Context) -> tuple[Block, ...]:
    """Returns the orders as lines that can be typed, their values, and the weights that come out of them."""
    left = (("optimize-plan-held", plan.on_hold), ("optimize-plan-small", plan.too_small))
    named = [(text, ", ".join(short_name(symbol, ctx) for symbol in symbols)) for text, symbols in left]
    notes = [ctx.text(text, coins=coins) for text, coins in named if coins]
    title = Text(ctx.text("optimize-plan-title"), Tone.TITLE)
    if not plan.trades:
        there = () if plan.on_hold else (Text(ctx.text("optimize-plan-none")),)
        return (title, *there, *(Text(note, Tone.NOTE) for note in notes))
    fees = ctx.format.money(plan.fees, ctx.quote_asset)
    notes.insert(0, ctx.text("optimize-plan-about", fees=fees))
    columns = (
        Column(ctx.text("label-optimize-order")),
        Column(ctx.text("label-value"), Align.RIGHT),
        Column(ctx.text("label-optimize-after"), Align.RIGHT),
    )
    lines = tuple(
        (
            f"/{trade.side.value} {short_name(trade.symbol, ctx)} {size_words(trade, ctx)}",
            ctx.format.money(trade.value),
            ctx.format.percent(round(plan.realised[trade.symbol], 4)),
        )
        for trade in plan.trades
    )
    return (title, Table(columns, lines), *(Text(note, Tone.NOTE) for note in notes))


def plan_label(trade: RebalancingTrade, ctx: Context) -> str:
    """Returns the label of the button of an order."""
    return ctx.text("button-sell" if trade.side is Side.SELL else "button-buy", asset=short_name(trade.symbol, ctx))


def size_words(trade: RebalancingTrade, ctx: Context) -> str:
    """Returns the size of an order as a user would type it."""
    return typed_size(trade.size, ctx.quote_asset)
