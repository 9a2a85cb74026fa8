"""Renders the notice that alerts and recurring buys ended with the listing of their symbol."""

from collections.abc import Sequence

from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.reply import Reply, Text, Tone
from bot.views.buttons import button, rows
from trading.alerts.notices import WaitEnded


def ended(notices: Sequence[WaitEnded], ctx: Context) -> Reply:
    """Returns the message with one line for each alert or recurring buy, and a button for the portfolio."""
    symbols = ", ".join(dict.fromkeys(pair_of(notice.symbol, ctx) for notice in notices))
    lines = [
        Text(ctx.text(f"push-delisted-{notice.what}", number=str(notice.number), symbol=pair_of(notice.symbol, ctx)))
        for notice in notices
    ]
    return Reply(
        (
            Text(ctx.text("push-delisted-title", symbols=symbols), Tone.TITLE),
            *lines,
            Text(ctx.text("push-delisted-close")),
            *rows([button(ctx.text("button-portfolio"), "portfolio")]),
        )
    )
