"""Groups of orders as blocks of a reply: preview, results, and the notification of those that nobody waited for."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Align, Block, Button, Column, Reply, Table, Text, Tone
from bot.views.buttons import button, rows
from bot.views.errors import obstacle_text, sentence
from bot.views.prices import TOKEN_BYTES
from pipeline.market import Symbol
from trading.order_groups.notices import GroupPlaced, OrderOutcome
from trading.order_groups.types import GroupPreview, fee_value
from trading.orders.types import Execution, Side
from trading.recurring.notices import Obstacle

_ZERO = Decimal(0)


def preview_blocks(shown: GroupPreview, ctx: Context, *, before: bool = True) -> tuple[Block, ...]:
    """Returns the orders with their cost, the weights that they reach beside the wished ones and,
    if `before`, the present ones, and what is not traded.
    """
    title = Text(ctx.text("order-group-title"), Tone.TITLE)
    left = tuple(
        Text(
            ctx.text("order-group-left", asset=short_name(each.symbol, ctx), reason=sentence(each.reason, ctx)),
            Tone.NOTE,
        )
        for each in shown.untraded
    )
    if not shown.executions:
        return (title, Text(ctx.text("order-group-none" if not left else "order-group-none-left")), *left)
    asset, cash = shown.group.quote_asset, "yes" if shown.group.with_cash else "no"
    cost = {"fees": ctx.format.money(shown.fees, asset), "slippage": ctx.format.money(round(shown.slippage, 2), asset)}
    unfilled = tuple(_unfilled_note(done.side, done.symbol, ctx) for done in shown.executions if done.unfilled)
    return (
        title,
        _orders(shown.executions, ctx),
        Text(ctx.text("order-group-cost", **cost)),
        _weights(shown, ctx, before=before),
        *unfilled,
        *left,
        Text(ctx.text("order-group-about", cash=cash, seconds=ctx.services.settings.preview_seconds), Tone.NOTE),
    )


def confirm_buttons(shown: GroupPreview, token: str, ctx: Context) -> list[Button | None]:
    """Returns the buttons that place the group kept under a token, or drop it; none without an order."""
    if not shown.executions:
        return []
    count = len(shown.executions)
    return [
        button(ctx.text("button-order-group", count=count), "place_orders", token),
        button(ctx.text("button-cancel"), "cancel", token),
    ]


async def save_group(shown: GroupPreview, ctx: Context) -> str:
    """Keeps the preview of a group and returns its token."""
    token = ctx.services.tokens.token_urlsafe(TOKEN_BYTES)
    await ctx.services.previews.save(ctx.person.person_id, token, shown.group)
    return token


def _orders(executions: Sequence[Execution], ctx: Context) -> Table:
    columns = (
        Column(ctx.text("label-order-group-order")),
        Column(ctx.text("label-value"), Align.RIGHT),
        Column(ctx.text("label-order-group-fee"), Align.RIGHT),
        Column(ctx.text("label-slippage"), Align.RIGHT),
    )
    lines = tuple(
        (
            _named(done.side, done.symbol, ctx),
            ctx.format.money(done.quote_amount),
            ctx.format.money(fee_value(done)),
            ctx.format.percent(round(done.slippage, 4)),
        )
        for done in executions
    )
    return Table(columns, lines)


def _weights(shown: GroupPreview, ctx: Context, *, before: bool) -> Table:
    labels = ["label-order-group-wished", "label-order-group-after", *(["label-order-group-before"] if before else [])]
    columns = (Column(ctx.text("label-asset")), *(Column(ctx.text(label), Align.RIGHT) for label in labels))
    wished = shown.group.weights
    lines = [
        (short_name(symbol, ctx), wished[symbol], shown.after.get(symbol), shown.before.get(symbol))
        for symbol in sorted(wished, key=lambda each: (-wished[each], each))
    ]
    if shown.group.with_cash:
        rest = 1 - sum(wished.values(), _ZERO)
        lines.append((shown.group.quote_asset, rest, shown.cash_after, shown.cash_before))
    kept = len(labels)
    return Table(columns, tuple((name, *(_percent(each, ctx) for each in figures[:kept])) for name, *figures in lines))


def result_blocks(
    orders: Sequence[OrderOutcome], untraded: Mapping[Symbol, Obstacle], ctx: Context, *, reduced: bool
) -> tuple[Block, ...]:
    """Returns the result of every order: what was executed, and the reason why one was not placed or not planned."""
    placed = [each for each in orders if each.order_id is not None]
    columns = (
        Column(ctx.text("label-order-group-order")),
        Column(ctx.text("label-price"), Align.RIGHT),
        Column(ctx.text("label-value"), Align.RIGHT),
    )
    lines = tuple(
        (_named(each.side, each.symbol, ctx), ctx.format.price(each.price), ctx.format.money(each.amount))
        for each in placed
    )
    refused = tuple(
        Text(
            ctx.text(
                "order-group-refused",
                order=_named(each.side, each.symbol, ctx),
                reason=obstacle_text(each.obstacle, ctx) if each.obstacle else "",
            ),
            Tone.WARNING,
        )
        for each in orders
        if each.order_id is None
    )
    unfilled = tuple(_unfilled_note(each.side, each.symbol, ctx) for each in placed if each.unfilled)
    left = tuple(
        Text(ctx.text("order-group-left", asset=short_name(symbol, ctx), reason=obstacle_text(reason, ctx)), Tone.NOTE)
        for symbol, reason in untraded.items()
    )
    scaled = (Text(ctx.text("order-group-reduced"), Tone.NOTE),) if reduced else ()
    how_many = "none" if not placed else "all" if len(placed) == len(orders) else "some"
    title = ctx.text("order-group-placed", placed=how_many, number=len(placed), count=len(orders))
    return (
        Text(title, Tone.TITLE),
        *((Table(columns, lines),) if lines else ()),
        *refused,
        *unfilled,
        *left,
        *scaled,
    )


def group_told(notice: GroupPlaced, ctx: Context) -> Reply:
    """Returns the message about a group that a schedule placed, or that was ended after an interruption."""
    why = Text(
        ctx.text("push-order-group-scheduled" if notice.scheduled else "push-order-group-interrupted"), Tone.NOTE
    )
    blocks = result_blocks(notice.orders, notice.untraded, ctx, reduced=notice.reduced)
    return Reply((*blocks, why, *rows(result_buttons(ctx))))


def result_buttons(ctx: Context) -> list[Button | None]:
    """Returns the buttons below the results of a group."""
    return [button(ctx.text("button-portfolio"), "portfolio"), button(ctx.text("button-history"), "history")]


def _unfilled_note(side: Side, symbol: Symbol, ctx: Context) -> Text:
    return Text(ctx.text("order-group-unfilled", order=_named(side, symbol, ctx)), Tone.NOTE)


def _named(side: Side, symbol: Symbol, ctx: Context) -> str:
    return ctx.text(f"order-group-order-{side}", asset=short_name(symbol, ctx))


def _percent(weight: Decimal | None, ctx: Context) -> str:
    return ctx.format.percent(None if weight is None else round(weight, 4))
