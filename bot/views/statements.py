"""Statement of an account at a moment, as blocks of a reply."""

from decimal import Decimal

from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.reply import Align, Block, Column, Fields, Table, Text, Tone
from bot.views.prices import price_text
from bot.views.resting_terms import trade_words
from trading.orders.types import Balance
from trading.portfolio.positions import Position
from trading.reports.statement import StatedOrder, Statement

_ORDERS_SHOWN = 20


def statement_blocks(found: Statement, ctx: Context) -> tuple[Block, ...]:
    """Returns the figures, the positions and the orders of a statement."""
    say, held = ctx.text, {each.asset: each for each in found.balances}
    title = Text(say("statement-title", at=ctx.format.moment(found.at)), Tone.TITLE)
    positions = found.portfolio.positions
    unpriced = [each for each in positions if each.price is None]
    return (
        title,
        Fields(_figures(found, held.get(found.account.quote_asset), ctx)),
        *((_positions(positions, held, ctx),) if positions else (Text(say("statement-no-positions")),)),
        *((Text(say("statement-unpriced", symbols=_names(unpriced, ctx)), Tone.NOTE),) if unpriced else ()),
        *_orders(found, ctx),
    )


def _figures(found: Statement, cash: Balance | None, ctx: Context) -> tuple[tuple[str, str], ...]:
    asset, write, say, portfolio = found.account.quote_asset, ctx.format, ctx.text, found.portfolio
    on_hold = ((say("label-cash-held"), write.money(cash.held, asset)),) if cash is not None and cash.held else ()
    return (
        (say("label-equity"), write.money(portfolio.equity, asset)),
        (say("label-cash"), write.money(portfolio.cash, asset)),
        *on_hold,
        (say("label-profit"), write.money(portfolio.profit, asset, signed=True)),
        (say("label-realised"), write.money(portfolio.realised, asset, signed=True)),
        (say("label-unrealised"), write.money(portfolio.unrealised, asset, signed=True)),
        (say("label-granted"), write.money(portfolio.granted, asset)),
    )


def _positions(positions: tuple[Position, ...], held: dict[str, Balance], ctx: Context) -> Table:
    labels = ("quantity", "held", "average-cost", "price", "value", "unrealised")
    columns = (Column(ctx.text("label-asset")), *(Column(ctx.text(f"label-{name}"), Align.RIGHT) for name in labels))
    return Table(columns, tuple(_position(each, held.get(each.asset), ctx) for each in positions))


def _position(position: Position, balance: Balance | None, ctx: Context) -> tuple[str, ...]:
    write = ctx.format
    return (
        position.asset,
        write.amount(position.quantity),
        write.amount(balance.held if balance else Decimal(0)),
        write.price(position.average_cost),
        price_text(position.price, position.symbol, ctx),
        write.money(position.value),
        write.money(position.unrealised, signed=True),
    )


def _orders(found: Statement, ctx: Context) -> tuple[Block, ...]:
    if not found.orders:
        return ()
    rows = tuple(_order(each, ctx) for each in found.orders[:_ORDERS_SHOWN])
    columns = (
        Column(ctx.text("label-order"), Align.RIGHT),
        Column(ctx.text("label-symbol")),
        Column(ctx.text("label-trade")),
        Column(ctx.text("label-price"), Align.RIGHT),
        Column(ctx.text("label-filled"), Align.RIGHT),
    )
    return (Text(ctx.text("statement-orders", count=len(found.orders)), Tone.TITLE), Table(columns, rows))


def _order(order: StatedOrder, ctx: Context) -> tuple[str, ...]:
    base = order.symbol.removesuffix(ctx.quote_asset)
    return (
        str(order.order_id),
        pair_of(order.symbol, ctx),
        trade_words(order.side, order.quantity, base, ctx),
        price_text(order.price, order.symbol, ctx),
        ctx.format.amount(order.filled),
    )


def _names(positions: list[Position], ctx: Context) -> str:
    return ", ".join(pair_of(each.symbol, ctx) for each in positions)
