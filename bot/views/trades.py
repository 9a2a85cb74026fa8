"""Layout of lists of trades, in /history and /fills."""

from collections.abc import Sequence

from bot.context import Context
from bot.reply import Align, Button, Column, Table
from bot.views.buttons import button
from bot.views.corrections import corrected_trade
from trading.orders.types import HistoryLine


def trades_table(lines: Sequence[HistoryLine], ctx: Context) -> Table:
    """Returns a row for each line; with the realised profit if any line has one."""
    realised = any(line.realised is not None for line in lines)
    numbers = ("fill-price", "amount", "realised") if realised else ("fill-price", "amount")
    columns = (
        Column(ctx.text("label-order"), Align.RIGHT),
        *(Column(ctx.text(f"label-{name}")) for name in ("time", "trade")),
        *(Column(ctx.text(f"label-{name}"), Align.RIGHT) for name in numbers),
    )
    return Table(columns, tuple(_row(line, ctx)[: len(columns)] for line in lines))


def _row(line: HistoryLine, ctx: Context) -> tuple[str, ...]:
    write = ctx.format
    at = write.brief_moment(line.at, ctx.market.now())
    amount = write.money(line.quote_amount)
    base = "" if line.symbol is None else line.symbol.removesuffix(ctx.quote_asset)
    trade = corrected_trade(line, base, ctx)
    if line.order_id is None:
        realised = write.money(line.realised, signed=True) if line.realised else ""
        return ("", at, trade, "" if line.price is None else write.price(line.price), amount, realised)
    if line.parent_id is not None:
        rule = "maker" if line.maker else "taker"
        trade = ctx.text("history-of-order", trade=trade, order_id=str(line.parent_id), rule=rule)
    realised = "" if line.realised is None else write.money(line.realised, signed=True)
    return (str(line.order_id), at, trade, write.price(line.price), amount, realised)


def receipt_buttons(lines: Sequence[HistoryLine], ctx: Context) -> list[Button | None]:
    """Returns a button for the receipt of each execution."""
    numbers = [str(line.order_id) for line in lines if line.order_id is not None]
    return [button(ctx.text("button-receipt", order_id=number), "receipt", number) for number in numbers]


def fills_button(ctx: Context, *subject: str) -> Button | None:
    """Returns a button that lists the executions of an order or a symbol, or all of them."""
    return button(ctx.text("button-fills"), "fills", *subject)
