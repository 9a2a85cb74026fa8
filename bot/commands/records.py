"""Records of trades: the list of executions, the receipt of one, and exports."""

from datetime import UTC, datetime, timedelta

from bot.arguments.order_references import ExecutionNumber, OrderNumber
from bot.arguments.plain_words import Number
from bot.arguments.record_periods import ExportPeriod
from bot.arguments.symbols import pair_of, short_name
from bot.context import Context
from bot.errors import UnknownOrder
from bot.reply import Button, Document, Reply, Text, Tone
from bot.views.buttons import ROW, button, rows
from bot.views.orders import receipt_detail_blocks
from bot.views.prices import chart_button, enter
from bot.views.trades import fills_button, receipt_buttons, trades_table
from pipeline.market import Symbol
from trading.orders.types import HistoryPage, Receipt
from trading.ports import Account
from trading.reports.csv_export import ExportKind

PAGE = 10

# -- the list ----------------------------------------------------------------------------------


async def fills(ctx: Context, scope: OrderNumber | Symbol | None = None) -> Reply:
    """Shows the newest page of executions: all, those of a symbol, or those of an order."""
    return await _fills(ctx, scope, None)


async def fills_before(ctx: Context, cursor: Number, scope: OrderNumber | Symbol | None = None) -> Reply:
    """Shows an older page."""
    return await _fills(ctx, scope, cursor)


async def _fills(ctx: Context, scope: OrderNumber | Symbol | None, before: int | None) -> Reply:
    account, opened = await enter(ctx)
    title = Text(_title(scope, ctx), Tone.TITLE)
    page = await _page(account, scope, before, ctx)
    if not page.lines:
        return Reply((*opened, title, Text(await _none(account, scope, ctx)), *rows([_orders(scope, ctx)])))
    receipts = receipt_buttons(page.lines, ctx)
    about = _press(scope, ctx)
    older = button(ctx.text("button-older"), "fills_before", str(page.older), *about) if page.older else None
    newest = None if before is None else button(ctx.text("button-newest"), "fills", *about)
    buttons = rows(receipts[:ROW], receipts[ROW:], [older, newest, _orders(scope, ctx)])
    return Reply((*opened, title, trades_table(page.lines, ctx), *buttons))


async def _page(account: Account, scope: str | int | None, before: int | None, ctx: Context) -> HistoryPage:
    if isinstance(scope, int):
        return await ctx.records.executions(account, PAGE, before, order_id=scope)
    symbol = None if scope is None else Symbol(scope)
    return await ctx.records.executions(account, PAGE, before, symbol=symbol)


def _title(scope: str | int | None, ctx: Context) -> str:
    if scope is None:
        return ctx.text("fills-title")
    if isinstance(scope, int):
        return ctx.text("fills-title-order", order_id=str(scope))
    return ctx.text("fills-title-symbol", symbol=pair_of(Symbol(scope), ctx))


async def _none(account: Account, scope: str | int | None, ctx: Context) -> str:
    """Returns why the list is empty. Raises UnknownOrder."""
    if scope is None:
        return ctx.text("fills-none", unit=ctx.quote_asset.lower())
    if isinstance(scope, int):
        if await ctx.orders.order(account, scope) is None:
            raise UnknownOrder(scope)
        return ctx.text("fills-none-order", order_id=str(scope))
    return ctx.text("fills-none-symbol", symbol=pair_of(Symbol(scope), ctx))


def _press(scope: str | int | None, ctx: Context) -> tuple[str, ...]:
    if scope is None:
        return ()
    return (str(scope),) if isinstance(scope, int) else (short_name(Symbol(scope), ctx),)


def _orders(scope: str | int | None, ctx: Context) -> Button | None:
    """Returns a button that leads from the executions of an order to the order, and from others to the history."""
    if isinstance(scope, int):
        return button(ctx.text("button-order", order_id=str(scope)), "order", str(scope))
    return button(ctx.text("button-history"), "history")


# -- one execution -----------------------------------------------------------------------------


async def receipt(ctx: Context, execution: ExecutionNumber | None = None) -> Reply:
    """Shows the receipt of an execution with every figure. For a resting order, shows the receipt of its only
    execution, or the list of its executions; without a number, the list of all.
    """
    if execution is None:
        return await fills(ctx)
    account, opened = await enter(ctx)
    stored = await ctx.desk.receipt(account, execution)
    if stored is not None:
        return Reply((*opened, *receipt_detail_blocks(stored, ctx), *rows(*_ways_on(stored, ctx))))
    page = await ctx.records.executions(account, PAGE, order_id=execution)
    only = [line.order_id for line in page.lines]
    if len(only) == 1 and only[0] is not None:
        return await receipt(ctx, ExecutionNumber(only[0]))
    return await fills(ctx, OrderNumber(execution))


def _ways_on(stored: Receipt, ctx: Context) -> tuple[list[Button | None], ...]:
    if stored.parent_id is None:
        more = [button(ctx.text("button-history"), "history")]
    else:
        parent = str(stored.parent_id)
        more = [button(ctx.text("button-order", order_id=parent), "order", parent), fills_button(ctx, parent)]
    return [button(ctx.text("button-portfolio"), "portfolio"), chart_button(stored.execution.symbol, ctx)], more


# -- files -------------------------------------------------------------------------------------


async def export(ctx: Context, kind: ExportKind, period: ExportPeriod | None = None) -> Reply:
    """Sends orders, fills or the ledger as a CSV file."""
    account, opened = await enter(ctx)
    now = datetime.fromtimestamp(ctx.services.clock() / 1000, UTC)
    since = None if period is None else period.since
    if period is not None and period.minutes is not None:
        since = now - timedelta(minutes=period.minutes)
    file = await ctx.records.export(account, kind, since)
    what = ctx.text(f"choice-{kind}")
    if not file.rows:
        every = None if since is None else button(ctx.text("button-export-all"), "export", kind, "all")
        return Reply((*opened, Text(ctx.text("export-none", what=what)), *rows([every])))
    kilobytes = ctx.format.count(max(1, len(file.data) // 1000))
    alt = ctx.text("export-file", what=what, rows=file.rows, kilobytes=kilobytes)
    cut = () if file.complete else (Text(ctx.text("export-cut", rows=file.rows, kind=kind), Tone.WARNING),)
    return Reply((*opened, Document(file.data, alt, f"paperdesk-{kind}-{now:%Y-%m-%d}.csv"), *cut))
