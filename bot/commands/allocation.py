"""/optimize: weights by an objective, beside equal ones, with the test of both on days that they had not seen, and the
orders that lead to them.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial

from bot.arguments.allocation_words import AllocationRequest
from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Block, Button, Reply, Text, Tone
from bot.views.allocation import allocation_blocks
from bot.views.buttons import ROW, button, rows
from bot.views.errors import sentence
from bot.views.prices import enter, source_note
from bot.views.rebalancing import plan_blocks, plan_label, size_words
from core.errors import DeskError
from core.system.bounded_executor import BoundedExecutor
from trading.allocation.report import MAX_COINS, MAX_DAYS, AllocationReport, allocation_report
from trading.allocation.rules import Objective
from trading.errors import UnsupportedQuoteAsset
from trading.portfolio.daily_closes import load_daily_closes
from trading.portfolio.positions import Position
from trading.portfolio.rebalancing import rebalancing_plan

_EXECUTOR = BoundedExecutor("allocation")
"""For the allocations of all users."""

_ORDER_ROWS = 3
"""Rows of buttons of orders: those of other methods and commands follow."""


async def optimize(ctx: Context, allocation: AllocationRequest | None = None) -> Reply:
    """Shows an allocation of the named coins, or of those of the portfolio; the largest MAX_COINS of them."""
    request = allocation or AllocationRequest()
    account, opened = await enter(ctx)
    held = await ctx.desk.portfolio(account)
    values = {each.symbol: each.value for each in held.priced() if each.value is not None}
    symbols = request.symbols or tuple(values)[:MAX_COINS]
    daily = await load_daily_closes(ctx.market.candles, symbols, ctx.market.now(), MAX_DAYS)
    measure = partial(
        allocation_report,
        request.objective,
        symbols,
        daily.closes,
        cap=request.cap,
        fee_rate=ctx.services.fee_rate,
    )
    report = await _EXECUTOR.run(measure)
    objectives = [
        button(ctx.text(f"choice-optimize-{each}"), "optimize", *request.words(each, ctx))
        for each in Objective
        if each is not request.objective
    ]
    ways = [button(ctx.text("button-risk"), "risk"), button(ctx.text("button-portfolio"), "portfolio")]
    blocks = allocation_blocks(report, values, ctx)
    bound = {entry.asset: entry.held for entry in await ctx.desk.balances(account)}
    planned, orders = await _plan(report, held.priced(), bound, ctx)
    return Reply((*opened, *blocks, *planned, *source_note(ctx), *rows(*orders, objectives, ways)))


async def _plan(
    report: AllocationReport, positions: Sequence[Position], bound: Mapping[str, Decimal], ctx: Context
) -> tuple[tuple[Block, ...], list[list[Button | None]]]:
    """Returns the plan to the weights and rows of buttons of its orders; nothing if none of the coins is held, and the
    reason if a price or a rule is missing. `bound` are the quantities that open orders hold, by asset.
    """
    held = {each.symbol: each.quantity for each in positions}
    if not any(symbol in held for symbol in report.symbols):
        return (), []
    try:
        quotes = {symbol: await ctx.market.quote(symbol) for symbol in report.symbols}
        for quote in quotes.values():
            quote.check_tradable()
        rules = {symbol: ctx.market.rules(symbol) for symbol in report.symbols}
        for each in rules.values():
            each.check_trading()
            if each.quote != ctx.quote_asset:
                raise UnsupportedQuoteAsset(each.symbol, each.quote, ctx.quote_asset)
    except DeskError as error:
        return (Text(sentence(error, ctx), Tone.NOTE),), []
    weights = {symbol: Decimal(f"{weight:.6f}") for symbol, weight in zip(report.symbols, report.weights, strict=True)}
    on_hold = {each.symbol: bound.get(each.asset, Decimal(0)) for each in positions}
    plan = rebalancing_plan(weights, held, quotes, rules, ctx.services.fee_rate, on_hold=on_hold)
    orders = [
        button(plan_label(trade, ctx), trade.side.value, short_name(trade.symbol, ctx), size_words(trade, ctx))
        for trade in plan.trades[: ROW * _ORDER_ROWS]
    ]
    return plan_blocks(plan, ctx), [orders[at : at + ROW] for at in range(0, len(orders), ROW)]
