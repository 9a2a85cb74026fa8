"""/optimize: weights by an objective, beside equal ones, with the test of both on days that they had not seen, and the
group of orders that leads to them.
"""

from decimal import Decimal
from functools import partial

from bot.arguments.allocation_words import AllocationRequest
from bot.context import Context
from bot.reply import Block, Button, Reply, Text, Tone
from bot.views.allocation import allocation_blocks
from bot.views.buttons import button, rows
from bot.views.errors import sentence
from bot.views.order_groups import confirm_buttons, preview_blocks, save_group
from bot.views.prices import enter, source_note
from core.errors import DeskError
from core.system.bounded_executor import BoundedExecutor
from trading.allocation.report import MAX_COINS, MAX_DAYS, AllocationReport, allocation_report
from trading.allocation.rules import Objective
from trading.portfolio.daily_closes import load_daily_closes
from trading.portfolio.positions import Portfolio
from trading.ports import Account

_EXECUTOR = BoundedExecutor("allocation")
"""For the allocations of all users."""


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
    planned, confirm, keep = await _plan(report, account, held, ctx)
    return Reply((*opened, *blocks, *planned, *source_note(ctx), *rows(confirm, objectives, [keep, *ways])))


async def _plan(
    report: AllocationReport, account: Account, held: Portfolio, ctx: Context
) -> tuple[tuple[Block, ...], list[Button | None], Button | None]:
    """Returns the preview of the orders to the weights, the buttons that place them, and the one that keeps the
    weights. No orders if none of the coins is held, and the reason if a coin cannot be priced.
    """
    weights = {symbol: Decimal(f"{weight:.6f}") for symbol, weight in zip(report.symbols, report.weights, strict=True)}
    owned = any(each.symbol in report.symbols for each in held.priced())
    try:
        shown = await ctx.services.order_groups.plan(account, weights, with_cash=not owned)
    except DeskError as error:
        return (Text(sentence(error, ctx), Tone.NOTE),) if owned else (), [], None
    token = await save_group(shown, ctx)
    keep = button(ctx.text("button-rebalance-keep"), "rebalance_keep", token)
    if not owned:
        return (), [], keep
    return preview_blocks(shown, ctx), confirm_buttons(shown, token, ctx), keep
