"""The user's own account: portfolio, balance, history, reset."""

from collections.abc import Mapping
from dataclasses import replace

from bot.arguments.plain_words import Number
from bot.arguments.symbols import favourites, short_name
from bot.commands.dust import dust_button
from bot.context import Context
from bot.errors import ResetExpired
from bot.reply import Align, Block, Column, Fields, Picture, Reply, Table, Text, Tone
from bot.views.buttons import ROW, button, grid, rows
from bot.views.errors import sentence
from bot.views.prices import enter, price_text, source_note, status_notes, symbol_status
from bot.views.resting import orders_button
from bot.views.trades import receipt_buttons, trades_table
from core.errors import DeskError
from pipeline.rules import TRADING
from trading.orders.types import Balance, HistoryPage
from trading.portfolio.positions import Portfolio, Position
from trading.ports import Account

EQUITY_POINTS = 200
PAGE = 10


async def portfolio(ctx: Context) -> Reply:
    """Shows positions, equity and P&L, with a chart of the allocation, and one of the equity once there was a trade."""
    account, opened = await enter(ctx)
    held = await ctx.desk.portfolio(account)
    balances = {entry.asset: entry for entry in await ctx.desk.balances(account)}
    positions = [position for position in held.positions if position.quantity > 0]
    table: tuple[Block, ...] = (
        (_positions(positions, balances, ctx),) if positions else (Text(ctx.text("portfolio-empty")),)
    )
    live = [entry for entry in positions if symbol_status(entry.symbol, ctx) == TRADING]
    stale = (Text(ctx.text("portfolio-stale"), Tone.WARNING),) if any(entry.stale for entry in live) else ()
    stale = (*status_notes([entry.symbol for entry in positions], ctx), *stale)
    buttons = [
        button(ctx.text("button-refresh"), "portfolio"),
        button(ctx.text("button-history"), "history"),
        button(ctx.text("button-market"), "market"),
        orders_button(ctx) if any(entry.held for entry in balances.values()) else None,
        dust_button(positions, ctx),
    ]
    figures = (Text(ctx.text("portfolio-title"), Tone.TITLE), Fields(_portfolio_rows(held, balances, ctx)))
    pictures = await _pictures(ctx, account, held)
    return Reply((*opened, *figures, *table, *stale, *source_note(ctx), *pictures, *rows(buttons)))


def _portfolio_rows(held: Portfolio, balances: Mapping[str, Balance], ctx: Context) -> tuple[tuple[str, str], ...]:
    asset, write = held.quote_asset, ctx.format
    cash = balances.get(asset)
    on_hold = (
        ()
        if cash is None or not cash.held
        else (
            (ctx.text("label-cash-available"), write.money(cash.available, asset)),
            (ctx.text("label-cash-held"), write.money(cash.held, asset)),
        )
    )
    relative = write.percent(held.profit / held.granted if held.granted else None, signed=True)
    return (
        (ctx.text("label-equity"), write.money(held.equity, asset)),
        (ctx.text("label-cash"), write.money(held.cash, asset)),
        *on_hold,
        (ctx.text("label-profit"), f"{write.money(held.profit, asset, signed=True)} ({relative})"),
        (ctx.text("label-realised"), write.money(held.realised, asset, signed=True)),
        (ctx.text("label-unrealised"), write.money(held.unrealised, asset, signed=True)),
    )


def _positions(positions: list[Position], balances: Mapping[str, Balance], ctx: Context) -> Table:
    """Returns the positions; with the available and the held quantity if orders hold a part of any."""
    held = any(balances[entry.asset].held for entry in positions if entry.asset in balances)
    shares = ("available", "held") if held else ()
    labels = ("quantity", *shares, "average-cost", "price", "value", "unrealised")
    numbers = (Column(ctx.text(f"label-{label}"), Align.RIGHT) for label in labels)
    rows = (_position(entry, balances.get(entry.asset) if held else None, ctx) for entry in positions)
    return Table((Column(ctx.text("label-asset")), *numbers), tuple(rows))


def _position(entry: Position, balance: Balance | None, ctx: Context) -> tuple[str, ...]:
    write = ctx.format
    shares = () if balance is None else (write.amount(balance.available), write.amount(balance.held))
    return (
        entry.asset,
        write.amount(entry.quantity),
        *shares,
        write.price(entry.average_cost),
        price_text(entry.price, entry.symbol, ctx),
        write.money(entry.value),
        write.money(entry.unrealised, signed=True),
    )


async def _pictures(ctx: Context, account: Account, held: Portfolio) -> tuple[Block, ...]:
    """Returns the charts of the portfolio, or a sentence if they cannot be drawn: the figures are useful alone."""
    try:
        return await _drawn(ctx, account, held)
    except DeskError as error:
        return (Text(sentence(error, ctx), Tone.NOTE),)


async def _drawn(ctx: Context, account: Account, held: Portfolio) -> tuple[Picture, ...]:
    charts, label = ctx.services.charts, ctx.market.info().label
    allocation = await charts.allocation(held, label=label, style=ctx.style)
    cash = ctx.format.percent(held.cash / held.equity if held.equity else None)
    drawn = Picture(allocation, ctx.text("allocation-alt", count=len(held.positions), cash=cash), "allocation")
    if not held.positions and held.profit == 0:
        return (drawn,)
    points = await ctx.desk.equity(account, EQUITY_POINTS)
    if not points:
        return (drawn,)
    shown = (*points[:-1], replace(points[-1], equity=held.equity))  # prices moved between the two readings
    png = await charts.equity(shown, granted=held.granted, quote_asset=held.quote_asset, label=label, style=ctx.style)
    equity = ctx.format.money(held.equity, held.quote_asset)
    alt = ctx.text("equity-alt", equity=equity, since=ctx.format.moment(points[0].time))
    return (drawn, Picture(png, alt, "equity"))


async def balance(ctx: Context) -> Reply:
    """Shows the balance of every asset in the account."""
    account, opened = await enter(ctx)
    balances = await ctx.desk.balances(account)
    held = any(entry.held for entry in balances)
    labels = ("available", "held", "total") if held else ("available",)
    columns = (Column(ctx.text("label-asset")), *(Column(ctx.text(f"label-{name}"), Align.RIGHT) for name in labels))
    table = Table(
        columns,
        tuple((entry.asset, *(ctx.format.amount(getattr(entry, name)) for name in labels)) for entry in balances),
    )
    buttons = [
        button(ctx.text("button-portfolio"), "portfolio"),
        button(ctx.text("button-history"), "history"),
        orders_button(ctx) if held else None,
    ]
    return Reply((*opened, Text(ctx.text("balance-title"), Tone.TITLE), table, *rows(buttons)))


# -- history -----------------------------------------------------------------------------------


async def history(ctx: Context) -> Reply:
    """Shows the newest page of orders, grants and resets."""
    account, opened = await enter(ctx)
    return _page(await ctx.desk.history(account, PAGE), opened, ctx, newest=True)


async def history_before(ctx: Context, cursor: Number) -> Reply:
    """Shows an older page."""
    account, opened = await enter(ctx)
    return _page(await ctx.desk.history(account, PAGE, cursor), opened, ctx, newest=False)


def _page(page: HistoryPage, opened: tuple[Block, ...], ctx: Context, *, newest: bool) -> Reply:
    title = Text(ctx.text("history-title"), Tone.TITLE)
    if not page.lines:
        return Reply((*opened, title, Text(ctx.text("history-empty"))))
    table = trades_table(page.lines, ctx)
    receipts = receipt_buttons(page.lines, ctx)
    older = button(ctx.text("button-older"), "history_before", str(page.older)) if page.older is not None else None
    back = None if newest else button(ctx.text("button-newest"), "history")
    return Reply((*opened, title, table, *rows(receipts[:ROW], receipts[ROW:], [older, back])))


# -- reset -------------------------------------------------------------------------------------


async def reset(ctx: Context) -> Reply:
    """Shows what a reset would lose, and asks for confirmation."""
    account, opened = await enter(ctx)
    held = await ctx.desk.portfolio(account)
    asset = account.quote_asset
    warning = ctx.text(
        "reset-warning",
        equity=ctx.format.money(held.equity, asset),
        positions=sum(1 for position in held.positions if position.quantity > 0),
        profit=ctx.format.money(held.profit, asset, signed=True),
        grant=ctx.format.money(account.granted, asset),
    )
    press = ("reset_now", str(account.account_id), str(account.round))
    buttons = [button(ctx.text("button-reset"), *press), button(ctx.text("button-keep"), "portfolio")]
    return Reply((*opened, Text(warning, Tone.WARNING), *source_note(ctx), *rows(buttons)))


async def reset_now(ctx: Context, account_id: Number, round_number: Number) -> Reply:
    """Resets the account in the round that the button was made for: a second press finds another round."""
    account, _ = await enter(ctx)
    if (account.account_id, account.round) != (account_id, round_number):
        raise ResetExpired
    anew = await ctx.desk.reset(account, f"reset:{account_id}:{round_number}")
    text = Text(ctx.text("reset-done", grant=ctx.format.money(anew.granted, anew.quote_asset)))
    first = [button(ctx.text("button-buy", asset=base), "buy", base) for base in _bases(ctx)]
    return Reply((text, *grid(first)))


def _bases(ctx: Context) -> list[str]:
    return [short_name(symbol, ctx) for symbol in favourites(ctx)[:3]]
