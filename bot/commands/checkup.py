"""/checkup: checks of the user's own account, and what mends what they find."""

from bot.arguments.units import is_stable
from bot.commands.dust import is_dust_position
from bot.commands.risk import measured_risk, sales_at_once
from bot.context import Context
from bot.reply import Button, Reply
from bot.views.buttons import ROW, button, rows
from bot.views.checkup import checkup_blocks, mending_buttons
from bot.views.prices import enter, source_note, symbol_status
from pipeline.rules import TRADING
from trading.checkup.checks import check_up
from trading.checkup.figures import CoinKinds, account_figures
from trading.portfolio.positions import Position
from trading.ports import Account
from trading.reports.performance import PerformancePeriod, PerformanceReport, PerformanceTooLong


async def checkup(ctx: Context) -> Reply:
    """Shows what stands out in the account, the most serious first, each with a button that mends it."""
    account, opened = await enter(ctx)
    settings = ctx.services.checkup
    held = await ctx.desk.portfolio(account)
    priced = held.priced()
    figures = account_figures(
        held,
        _kinds(priced, ctx),
        await ctx.orders.open_orders(account),
        await ctx.services.limits.overview(account),
        risk=await measured_risk(priced, held, ctx) if priced else None,
        sales=await sales_at_once(priced, ctx),
        report=await _report(account, settings.days, ctx),
    )
    found = check_up(figures, settings)
    blocks = checkup_blocks(found, held, settings.days, ctx)
    mends = mending_buttons(found, settings.days, ctx)
    lines = [mends[at : at + ROW] for at in range(0, len(mends), ROW)]
    return Reply((*opened, *blocks, *source_note(ctx), *rows(*lines, _ways(ctx))))


async def _report(account: Account, days: int, ctx: Context) -> PerformanceReport | None:
    try:
        return await ctx.services.performance.report(account, PerformancePeriod(days=days))
    except PerformanceTooLong:
        return None


def _kinds(priced: list[Position], ctx: Context) -> CoinKinds:
    quote = ctx.quote_asset
    return CoinKinds(
        stable=frozenset(each.symbol for each in priced if is_stable(each.asset, quote)),
        tradable=frozenset(each.symbol for each in priced if symbol_status(each.symbol, ctx) == TRADING),
        dust=frozenset(each.symbol for each in priced if is_dust_position(each, ctx)),
    )


def _ways(ctx: Context) -> list[Button | None]:
    return [
        button(ctx.text("button-refresh"), "checkup"),
        button(ctx.text("button-risk"), "risk"),
        button(ctx.text("button-portfolio"), "portfolio"),
    ]
