"""How a preview and a receipt read."""

from decimal import Decimal

from bot.commands.shared import price_text, source_note
from bot.context import Context
from bot.replies import Align, Block, Column, Fields, Table, Text, Tone
from pipeline.market import SourceKind
from trading.orders import Balance, Execution, Preview, Receipt, Side

LEVELS_SHOWN = 10


def preview_blocks(preview: Preview, ctx: Context) -> tuple[Block, ...]:
    """What would happen, figure by figure."""
    execution = preview.execution
    title = ctx.say(f"preview-title-{execution.side}", symbol=execution.symbol)
    after = preview.balances_after
    fields = (*_execution_rows(execution, after, ctx), *_balance_rows("label-balance-after", after, ctx))
    seconds = ctx.services.settings.preview_seconds
    return (
        Text(title, Tone.TITLE),
        Fields(fields),
        *_unfilled_note("preview-partial", execution, after[0].asset, ctx),
        *source_note(ctx),
        Text(ctx.say("preview-expires", seconds=seconds), Tone.NOTE),
    )


def receipt_blocks(receipt: Receipt, ctx: Context) -> tuple[Block, ...]:
    """What happened, with every figure that the price was made of."""
    execution = receipt.execution
    base, quote = receipt.balances
    quantity = ctx.format.amount(execution.quantity, base.asset)
    rows = [
        (ctx.say("label-order"), str(receipt.order_id)),
        (ctx.say("label-time"), ctx.format.moment(receipt.at)),
        *_execution_rows(execution, receipt.balances, ctx),
        (ctx.say("label-price-time"), ctx.format.moment(execution.price_time)),
        (ctx.say("label-mid-price"), _price(execution.mid_price, receipt, ctx)),
    ]
    if receipt.realised is not None:
        realised = ctx.format.money(receipt.realised, quote.asset, signed=True)
        rows.append((ctx.say("label-realised"), realised))
    return (
        Text(ctx.say(f"receipt-title-{execution.side}", quantity=quantity), Tone.TITLE),
        Fields((*rows, *_balance_rows("label-balance", receipt.balances, ctx))),
        *_unfilled_note("receipt-partial", execution, base.asset, ctx),
        Text(ctx.say("fills-from-book" if execution.from_book else "fills-from-rule")),
        *_fills(receipt, ctx),
        *_receipt_source(execution, ctx),
    )


def _execution_rows(
    execution: Execution, balances: tuple[Balance, Balance], ctx: Context
) -> tuple[tuple[str, str], ...]:
    base, quote = (balance.asset for balance in balances)
    received_in = base if execution.side is Side.BUY else quote
    side = execution.side.value
    average = f"{price_text(execution.average_price, execution.symbol, ctx)} {quote}"
    return (
        (ctx.say(f"label-quantity-{side}"), ctx.format.amount(execution.quantity, base)),
        (ctx.say("label-average-price"), average),
        (ctx.say(f"label-amount-{side}"), ctx.format.amount(execution.quote_amount, quote)),
        (ctx.say("label-fee"), ctx.format.amount(execution.fee, execution.fee_asset)),
        (ctx.say(f"label-received-{side}"), ctx.format.amount(execution.received, received_in)),
        (ctx.say("label-slippage"), ctx.format.percent(execution.slippage)),
        (ctx.say("label-price-age"), ctx.format.age(execution.price_age_ms)),
    )


def _balance_rows(label: str, balances: tuple[Balance, Balance], ctx: Context) -> tuple[tuple[str, str], ...]:
    return tuple((ctx.say(label, asset=entry.asset), ctx.format.amount(entry.total, entry.asset)) for entry in balances)


def _unfilled_note(text: str, execution: Execution, base: str, ctx: Context) -> tuple[Text, ...]:
    if execution.unfilled == 0:
        return ()
    filled = ctx.format.amount(execution.quantity, base)
    unfilled = ctx.format.amount(execution.unfilled, base)
    return (Text(ctx.say(text, filled=filled, unfilled=unfilled), Tone.WARNING),)


def _fills(receipt: Receipt, ctx: Context) -> tuple[Block, ...]:
    fills = receipt.execution.fills
    base, quote = receipt.balances
    columns = (
        Column(ctx.say("label-price-in", asset=quote.asset), Align.RIGHT),
        Column(ctx.say("label-quantity-in", asset=base.asset), Align.RIGHT),
    )
    rows = tuple(
        (price_text(fill.price, receipt.execution.symbol, ctx), ctx.format.amount(fill.quantity))
        for fill in fills[:LEVELS_SHOWN]
    )
    more = len(fills) - LEVELS_SHOWN
    rest = (Text(ctx.say("fills-more", count=more), Tone.NOTE),) if more > 0 else ()
    return (Table(columns, rows), *rest)


def _price(value: Decimal, receipt: Receipt, ctx: Context) -> str:
    return f"{price_text(value, receipt.execution.symbol, ctx)} {receipt.balances[1].asset}"


def _receipt_source(execution: Execution, ctx: Context) -> tuple[Text, ...]:
    """An old receipt may come from another source than the one running now: it keeps its own name."""
    if execution.source is ctx.market.info().source:
        return source_note(ctx)
    if execution.source is SourceKind.BINANCE:
        return ()
    return (Text(ctx.say("source-note", label=execution.source.upper(), source=execution.source.value), Tone.NOTE),)
