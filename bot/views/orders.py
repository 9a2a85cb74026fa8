"""Layout of previews and receipts."""

from decimal import Decimal

from bot.context import Context
from bot.reply import Align, Block, Column, Fields, Table, Text, Tone
from bot.views.prices import price_text, source_note
from core.decimals import ROUNDING
from pipeline.market import SourceKind
from trading.orders.effects import FillRule
from trading.orders.types import Balance, Execution, Preview, Receipt, Side

LEVELS_SHOWN = 10
_TENTH = Decimal("0.1")


def preview_blocks(preview: Preview, ctx: Context, remarks: tuple[Block, ...] = ()) -> tuple[Block, ...]:
    """Returns the expected result of the order, rounded for reading; `remarks` follow the figures."""
    execution, after = preview.execution, preview.balances_after
    seconds = ctx.services.settings.preview_seconds
    return (
        Text(ctx.text(f"preview-title-{execution.side}", symbol=_pair(after)), Tone.TITLE),
        Fields((*_brief_rows("label", execution, after, ctx), *_brief_balances("label-balance-after", after, ctx))),
        *_unfilled_note("preview", execution, after[0].asset, ctx),
        *remarks,
        *source_note(ctx),
        Text(ctx.text("preview-expires", seconds=seconds), Tone.NOTE),
    )


def preview_detail_blocks(preview: Preview, ctx: Context) -> tuple[Block, ...]:
    """Returns the expected result of the order, with every figure exact."""
    execution, after = preview.execution, preview.balances_after
    fields = (
        *_exact_rows("label", execution, after, ctx),
        (ctx.text("label-slippage"), ctx.format.percent(execution.slippage)),
        (ctx.text("label-price-age"), ctx.format.age(execution.price_age_ms)),
        *_exact_balances("label-balance-after", after, ctx),
    )
    return (
        Text(ctx.text(f"preview-title-{execution.side}", symbol=_pair(after)), Tone.TITLE),
        Fields(fields),
        *source_note(ctx),
    )


def receipt_blocks(receipt: Receipt, ctx: Context, *, brief: bool = False) -> tuple[Block, ...]:
    """Returns the result of the order, rounded for reading; without a note on the source if `brief`, since more
    follows.
    """
    execution, (base, quote) = receipt.execution, receipt.balances
    rows = [*_order_rows(receipt, ctx), *_brief_rows("label-done", execution, receipt.balances, ctx)]
    if receipt.realised is not None:
        rows.append((ctx.text("label-realised"), ctx.format.money(receipt.realised, quote.asset, signed=True)))
    return (
        _receipt_title(receipt, ctx),
        Fields((*rows, *_brief_balances("label-balance", receipt.balances, ctx))),
        *_unfilled_note("receipt", execution, base.asset, ctx),
        *(() if brief else _receipt_source(execution, ctx)),
    )


def receipt_detail_blocks(receipt: Receipt, ctx: Context) -> tuple[Block, ...]:
    """Returns the receipt in full: every figure exact, the levels that were used, and the tick that priced it."""
    execution, (base, quote) = receipt.execution, receipt.balances
    rows = [
        *_number_rows(receipt, ctx),
        (ctx.text("label-order-rule"), _rule_words(execution, ctx)),
        (ctx.text("label-time"), ctx.format.moment(receipt.at)),
        *_exact_rows("label-done", execution, receipt.balances, ctx),
        (ctx.text("label-mid-price"), _price(execution.mid_price, receipt, ctx)),
        (ctx.text("label-slippage"), _slippage(execution, ctx)),
        (ctx.text("label-price-time"), ctx.format.moment(_price_time(receipt))),
        (ctx.text("label-latency"), f"{ctx.format.count(execution.price_age_ms)} ms"),
        (ctx.text("label-tick"), execution.tick_id),
    ]
    if execution.latency_ms:
        rows.append((ctx.text("label-simulated-latency"), f"{ctx.format.count(execution.latency_ms)} ms"))
    if receipt.realised is not None:
        sign = "+" if receipt.realised > 0 else ""
        rows.append((ctx.text("label-realised"), f"{sign}{ctx.format.amount(receipt.realised, quote.asset)}"))
    return (
        _receipt_title(receipt, ctx),
        Fields((*rows, *_exact_balances("label-balance", receipt.balances, ctx))),
        *_unfilled_note("receipt", execution, base.asset, ctx),
        Text(ctx.text(_fills_from(execution))),
        *_fills(receipt, ctx),
        *_receipt_source(execution, ctx),
    )


def _fills_from(execution: Execution) -> str:
    """Returns the text about how the fills came about."""
    if execution.rule in {FillRule.TRADE_THROUGH, FillRule.QUEUE, FillRule.QUOTE_THROUGH}:
        return f"fills-from-{execution.rule}"
    return "fills-from-book" if execution.from_book else "fills-from-rule"


def _receipt_title(receipt: Receipt, ctx: Context) -> Text:
    execution = receipt.execution
    quantity = ctx.format.quantity(execution.quantity, receipt.balances[0].asset)
    return Text(ctx.text(f"receipt-title-{execution.side}", quantity=quantity), Tone.TITLE)


def _order_rows(receipt: Receipt, ctx: Context) -> tuple[tuple[str, str], ...]:
    """Returns the numbers, of a resting order also the rule by which it was filled, and the time."""
    resting = receipt.parent_id is not None
    rule = ((ctx.text("label-order-rule"), _rule_words(receipt.execution, ctx)),) if resting else ()
    return (*_number_rows(receipt, ctx), *rule, (ctx.text("label-time"), ctx.format.moment(receipt.at)))


def _number_rows(receipt: Receipt, ctx: Context) -> tuple[tuple[str, str], ...]:
    """Returns the number of the order; for the fill of a resting order also its own."""
    if receipt.parent_id is None:
        return ((ctx.text("label-order"), str(receipt.order_id)),)
    return (
        (ctx.text("label-order"), str(receipt.parent_id)),
        (ctx.text("label-order-execution"), str(receipt.order_id)),
    )


def _rule_words(execution: Execution, ctx: Context) -> str:
    """Returns whether the fill was maker or taker, and by which rule it came about."""
    market = FillRule.BOOK if execution.from_book else FillRule.IMPACT
    rule = execution.rule if execution.rule in tuple(FillRule) else market
    return ctx.text("order-rule-maker" if execution.maker else "order-rule-taker", rule=ctx.text(f"order-rule-{rule}"))


def _slippage(execution: Execution, ctx: Context) -> str:
    """Returns the distance from the mid price in basis points and as a percentage."""
    points = ROUNDING.scaleb(execution.slippage, 4).quantize(_TENTH, context=ROUNDING)
    return ctx.text("receipt-slippage", bps=ctx.format.amount(points), percent=ctx.format.percent(execution.slippage))


def _price_time(receipt: Receipt) -> int:
    """Returns the time of the quote (UTC ms), at most the order's: the source's clock may be ahead of this
    machine's.
    """
    return min(receipt.execution.price_time, int(receipt.at.timestamp() * 1000))


def _pair(balances: tuple[Balance, Balance]) -> str:
    return "/".join(balance.asset for balance in balances)


def _brief_rows(
    label: str, execution: Execution, balances: tuple[Balance, Balance], ctx: Context
) -> tuple[tuple[str, str], ...]:
    """Returns the rows of figures; `label` is the stem of the labels, for an expected or for a completed order. A sale
    shows the amount received after the fee.
    """
    base, quote = (balance.asset for balance in balances)
    side = execution.side
    fee = ctx.format.money if execution.fee_asset == quote else ctx.format.quantity
    paid = (f"{label}-amount-buy", execution.quote_amount)
    got = (f"{label}-received-sell", execution.received)
    money_label, money = paid if side is Side.BUY else got
    return (
        (ctx.text(f"{label}-quantity-{side.value}"), ctx.format.quantity(execution.quantity, base)),
        (ctx.text("label-average-price"), f"{price_text(execution.average_price, execution.symbol, ctx)} {quote}"),
        (ctx.text(money_label), ctx.format.money(money, quote)),
        (ctx.text("label-fee"), fee(execution.fee, execution.fee_asset)),
        (ctx.text("label-slippage"), ctx.format.percent(execution.slippage)),
    )


def _brief_balances(label: str, balances: tuple[Balance, Balance], ctx: Context) -> tuple[tuple[str, str], ...]:
    base, quote = balances
    return (
        (ctx.text(label, asset=base.asset), ctx.format.quantity(base.total, base.asset)),
        (ctx.text(label, asset=quote.asset), ctx.format.money(quote.total, quote.asset)),
    )


def _exact_rows(
    label: str, execution: Execution, balances: tuple[Balance, Balance], ctx: Context
) -> tuple[tuple[str, str], ...]:
    base, quote = (balance.asset for balance in balances)
    received_in = base if execution.side is Side.BUY else quote
    side = execution.side.value
    average = f"{price_text(execution.average_price, execution.symbol, ctx)} {quote}"
    return (
        (ctx.text(f"{label}-quantity-{side}"), ctx.format.amount(execution.quantity, base)),
        (ctx.text("label-average-price"), average),
        (ctx.text(f"{label}-amount-{side}"), ctx.format.amount(execution.quote_amount, quote)),
        (ctx.text("label-fee"), ctx.format.amount(execution.fee, execution.fee_asset)),
        (ctx.text(f"{label}-received-{side}"), ctx.format.amount(execution.received, received_in)),
    )


def _exact_balances(label: str, balances: tuple[Balance, Balance], ctx: Context) -> tuple[tuple[str, str], ...]:
    return tuple(
        (ctx.text(label, asset=entry.asset), ctx.format.amount(entry.total, entry.asset)) for entry in balances
    )


def _unfilled_note(where: str, execution: Execution, base: str, ctx: Context) -> tuple[Text, ...]:
    if execution.unfilled == 0:
        return ()
    filled = ctx.format.amount(execution.quantity, base)
    unfilled = ctx.format.amount(execution.unfilled, base)
    text = f"{where}-protected" if execution.protected else f"{where}-partial"
    return (Text(ctx.text(text, filled=filled, unfilled=unfilled), Tone.WARNING),)


def _fills(receipt: Receipt, ctx: Context) -> tuple[Block, ...]:
    fills = receipt.execution.fills
    base, quote = receipt.balances
    columns = (
        Column(ctx.text("label-price-in", asset=quote.asset), Align.RIGHT),
        Column(ctx.text("label-quantity-in", asset=base.asset), Align.RIGHT),
    )
    rows = tuple(
        (price_text(fill.price, receipt.execution.symbol, ctx), ctx.format.amount(fill.quantity))
        for fill in fills[:LEVELS_SHOWN]
    )
    more = len(fills) - LEVELS_SHOWN
    rest = (Text(ctx.text("fills-more", count=more), Tone.NOTE),) if more > 0 else ()
    return (Table(columns, rows), *rest)


def _price(value: Decimal, receipt: Receipt, ctx: Context) -> str:
    return f"{price_text(value, receipt.execution.symbol, ctx)} {receipt.balances[1].asset}"


def _receipt_source(execution: Execution, ctx: Context) -> tuple[Text, ...]:
    """Returns the note on the source. An old receipt may come from another source than the running one, and keeps its
    name.
    """
    if execution.source is ctx.market.info().source:
        return source_note(ctx)
    if execution.source is SourceKind.BINANCE:
        return ()
    return (Text(ctx.text("source-note", label=execution.source.upper(), source=execution.source.value), Tone.NOTE),)
