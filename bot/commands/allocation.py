"""/optimize: weights by an objective, beside equal ones, with the test of both on days that they had not seen."""

import asyncio

from bot.arguments.allocation_words import AllocationRequest
from bot.context import Context
from bot.reply import Reply
from bot.views.allocation import allocation_blocks
from bot.views.buttons import button, rows
from bot.views.prices import enter, source_note
from trading.allocation.report import MAX_COINS, MAX_DAYS, allocation_report
from trading.allocation.rules import Objective
from trading.portfolio.daily_closes import load_daily_closes


async def optimize(ctx: Context, allocation: AllocationRequest | None = None) -> Reply:
    """Shows an allocation of the named coins, or of those of the portfolio; the largest MAX_COINS of them."""
    request = allocation or AllocationRequest()
    account, opened = await enter(ctx)
    held = await ctx.desk.portfolio(account)
    values = {each.symbol: each.value for each in held.priced() if each.value is not None}
    symbols = request.symbols or tuple(values)[:MAX_COINS]
    daily = await load_daily_closes(ctx.market.candles, symbols, ctx.market.now(), MAX_DAYS)
    report = await asyncio.to_thread(
        allocation_report,
        request.objective,
        symbols,
        daily.closes,
        cap=request.cap,
        fee_rate=ctx.services.fee_rate,
    )
    objectives = [
        button(ctx.text(f"choice-optimize-{each}"), "optimize", *request.words(each, ctx))
        for each in Objective
        if each is not request.objective
    ]
    ways = [button(ctx.text("button-risk"), "risk"), button(ctx.text("button-portfolio"), "portfolio")]
    blocks = allocation_blocks(report, values, ctx)
    return Reply((*opened, *blocks, *source_note(ctx), *rows(objectives, ways)))
