"""Message about a correction of the account by an operator, and its line in the history."""

from collections.abc import Mapping
from decimal import Decimal

from bot.context import Context
from bot.reply import Fields, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.resting_terms import trade_words
from core.text import clean
from trading.orders.types import HistoryLine
from trading.portfolio.notices import AccountCorrected

_REASON_SHOWN = 200


def corrected(notice: AccountCorrected, ctx: Context) -> Reply:
    """Returns the message: what was corrected, what it added to the account or took from it, and why."""
    say = ctx.text
    if notice.side is None or notice.quantity is None or notice.base is None:
        amount = ctx.format.money(notice.moved.get(notice.quote), notice.quote, signed=True)
        title = say("push-adjustment", amount=amount)
    else:
        trade = trade_words(notice.side, notice.quantity, notice.base, ctx)
        title = say("push-reversal", order_id=str(notice.order_id), trade=trade)
    fields = Fields(
        (
            (say("label-time"), ctx.format.moment(notice.time)),
            *_moved(notice.moved, ctx),
            (say("label-reason"), clean(notice.reason, _REASON_SHOWN)),
        )
    )
    ways = [button(say("button-history"), "history"), button(say("button-portfolio"), "portfolio")]
    return Reply((Text(title, Tone.TITLE), fields, Text(say("push-correction-operator"), Tone.NOTE), *rows(ways)))


def _moved(moved: Mapping[str, Decimal], ctx: Context) -> tuple[tuple[str, str], ...]:
    signed = (
        (asset, f"{'+' if amount > 0 else ''}{ctx.format.amount(amount, asset)}") for asset, amount in moved.items()
    )
    return tuple(signed)


def corrected_trade(line: HistoryLine, base: str, ctx: Context) -> str:
    """Returns the words of a line that an operator made, or that a later line reverses."""
    kind = ctx.text(f"kind-{line.kind}")
    words = kind if line.symbol is None else f"{kind} {ctx.format.amount(line.quantity, base)}"
    if line.reverses is not None:
        words = ctx.text("history-reversal", order_id=str(line.reverses))
    if line.reason:
        words = ctx.text("history-reason", trade=words, reason=clean(line.reason, _REASON_SHOWN))
    return ctx.text("history-undone", trade=words) if line.undone else words
