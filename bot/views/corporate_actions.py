"""Messages about symbols that are held, and about corporate actions."""

from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.reply import Fields, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.prices import price_text
from core.text import clean
from trading.portfolio.notices import CorporateActionTold, SymbolHeld

_REASON_SHOWN = 200


def symbol_held(notice: SymbolHeld, ctx: Context) -> Reply:
    """Returns the message that a symbol waits for an operator."""
    pair = pair_of(notice.symbol, ctx)
    price = price_text(notice.last_price, notice.symbol, ctx)
    known = "yes" if notice.last_price is not None else "no"
    return Reply(
        (
            Text(ctx.text("push-held-title", symbol=pair), Tone.TITLE),
            Text(ctx.text("push-held", symbol=pair, price=price, known=known)),
            *rows([button(ctx.text("button-portfolio"), "portfolio")]),
        )
    )


def action_told(notice: CorporateActionTold, ctx: Context) -> Reply:
    """Returns the message about what an action did to the account, or to the alerts of the user."""
    pair, write = pair_of(notice.symbol, ctx), ctx.format
    lines = [Text(ctx.text("push-action-title", symbol=pair, what=notice.what), Tone.TITLE)]
    if notice.quantity:
        given = write.amount(notice.quantity, notice.asset)
        became = write.amount(notice.became, notice.became_asset)
        lines.append(Text(ctx.text("push-action-became", given=given, became=became)))
    if notice.orders:
        lines.append(Text(ctx.text("push-action-orders", count=notice.orders, symbol=pair)))
    if notice.alerts:
        lines.append(Text(ctx.text("push-action-alerts", count=notice.alerts, symbol=pair)))
    reason = (Fields(((ctx.text("label-reason"), clean(notice.reason, _REASON_SHOWN)),)),) if notice.reason else ()
    ways = [button(ctx.text("button-portfolio"), "portfolio"), button(ctx.text("button-history"), "history")]
    return Reply((*lines, *reason, *rows(ways)))
